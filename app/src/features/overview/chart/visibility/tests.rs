//! Tests of what visibility over time is drawn with.

use super::super::tests::series;
use super::*;
use crate::model::dashboard::Figures;
use crate::model::metrics::{Intervals, SnapshotSums};
use crate::model::provider::Provider;

fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, number).expect("a day")
}

fn trace(id: &str, days: &[u32]) -> Trace {
    let points = days
        .iter()
        .map(|number| Point {
            day: day(*number),
            share: 0.5,
            interval: Interval {
                low: 0.4,
                high: 0.6,
            },
            n: 80,
        })
        .collect();
    Trace {
        id: id.to_owned(),
        name: id.to_uppercase(),
        points,
    }
}

fn draw(models: &[Trace], pooled: Option<&Trace>) -> Value {
    visibility_over_time(Language::English, Theme::Light, models, pooled, &[]).expect("a chart")
}

fn sums(mentions: i64, answers: i64) -> SnapshotSums {
    SnapshotSums {
        answers,
        mentions,
        ..SnapshotSums::default()
    }
}

fn model(id: i64, days: &[(&str, i64, i64)]) -> ModelSums {
    let days = days
        .iter()
        .map(|(day, mentions, answers)| DaySums {
            day: day.parse().expect("a day"),
            sums: sums(*mentions, *answers),
            intervals: Intervals::default(),
        })
        .collect();
    ModelSums {
        model_id: id.into(),
        provider: Provider::Simulator,
        model_name: format!("Model {id}"),
        total: Figures::default(),
        days,
    }
}

#[test]
fn days_are_points_and_those_without_answers_none() {
    let mut model = model(1, &[("2026-11-02", 1, 4), ("2026-11-03", 0, 0)]);
    let drawn = Interval {
        low: 0.1,
        high: 0.6,
    };
    model.days[0].intervals = [(Metric::Visibility, drawn)].into_iter().collect();
    let pooled = pooled_trace(Language::English, &model.days);
    assert_eq!(
        pooled.points,
        [Point {
            day: model.days[0].day,
            share: 0.25,
            interval: drawn,
            n: 4
        }]
    );
    assert_eq!(traces(&[model])[0].points, pooled.points);
}

#[test]
fn few_points_stand_alone_with_their_intervals() {
    let option = draw(&[trace("model-1", &[1, 9]), trace("model-2", &[9])], None);
    let points = series(&option, "model-1");
    assert_eq!(points["data"].as_array().map(Vec::len), Some(2));
    assert_eq!(points["lineStyle"]["width"], 0.0);
    assert_eq!(
        points["data"][0]["name"],
        "1 Nov 2026: 50.0% (95% interval 40–60%, n = 80)"
    );
    let whisker = series(&option, "interval-model-1");
    assert_eq!(whisker["data"][0][1], 40.0);
    assert_eq!(whisker["data"][1][1], 60.0);
    assert_eq!(whisker["data"][2][0], "-");
    // Two series on the same day have places of their own.
    assert_ne!(
        points["data"][1]["value"][0],
        series(&option, "model-2")["data"][0]["value"][0]
    );
}

#[test]
fn a_trend_has_true_distances_lines_and_a_band() {
    let models = [trace("model-1", &[1, 2, 3, 8]), trace("model-2", &[8])];
    let pooled = trace("all", &[1, 2, 3, 8]);
    let option = draw(&models, Some(&pooled));
    assert_eq!(option["xAxis"]["data"].as_array().map(Vec::len), Some(8));
    assert_eq!(series(&option, "model-1")["data"][3]["value"][0], 7);
    assert_eq!(series(&option, "model-1")["lineStyle"]["width"], 2.0);
    assert_eq!(series(&option, "model-2")["lineStyle"]["width"], 0.0);
    assert_eq!(series(&option, "interval-all-low")["data"][0][1], 40.0);
    assert_eq!(series(&option, "interval-all-high")["data"][0][1], 20.0);
    assert_eq!(option["yAxis"]["max"], 60.0);
    assert_eq!(option["yAxis"]["interval"], 15.0);
}

#[test]
fn series_differ_without_their_colours() {
    let models: Vec<Trace> = (1..=8)
        .map(|id| trace(&format!("model-{id}"), &[1, 2, 3, 4]))
        .collect();
    let option = draw(&models, Some(&trace("all", &[1, 2, 3, 4])));
    let mut looks = std::collections::HashSet::new();
    for series in option["series"].as_array().expect("series") {
        if !series["id"]
            .as_str()
            .expect("an id")
            .starts_with("interval-")
        {
            let look = (
                series["symbol"].to_string(),
                series["lineStyle"]["type"].to_string(),
            );
            assert!(looks.insert(look), "{series}");
        }
    }
    assert_eq!(looks.len(), 9);
}

#[test]
fn another_model_is_a_line_at_its_first_day() {
    let mark = |number| Mark {
        day: day(number),
        label: "gpt-6-mini".to_owned(),
        words: String::new(),
    };
    let draw = |days: &[u32], marks: &[Mark]| {
        let models = [trace("model-1", days), trace("model-2", days)];
        visibility_over_time(Language::English, Theme::Light, &models, None, marks)
            .expect("a chart")
    };
    let trend = draw(&[1, 2, 4, 8], &[mark(4), mark(20)]);
    let lines = &trend["series"][0]["markLine"]["data"];
    assert_eq!(*lines, json!([{ "xAxis": 3, "name": "gpt-6-mini" }]));
    // Of single days before all points of the day.
    let points = draw(&[1, 9], &[mark(9)]);
    let line = points["series"][0]["markLine"]["data"][0]["xAxis"].as_i64();
    let first = series(&points, "model-1")["data"][1]["value"][0].as_i64();
    assert!(line < first && line > Some(0), "{line:?} {first:?}");
    assert!(draw(&[1, 9], &[])["series"][0].get("markLine").is_none());
}

#[test]
fn what_turns_the_legends_pages_is_drawn_for_its_ground() {
    for theme in [Theme::Light, Theme::Dark] {
        let models = [trace("model-1", &[1])];
        let option =
            visibility_over_time(Language::English, theme, &models, None, &[]).expect("a chart");
        let palette = theme.palette();
        assert_eq!(option["legend"]["pageIconColor"], palette.ink);
        assert_eq!(option["legend"]["pageIconInactiveColor"], palette.other);
        assert_eq!(option["legend"]["pageTextStyle"]["color"], palette.ink);
    }
}

#[test]
fn nothing_to_draw_is_no_chart() {
    assert_eq!(
        visibility_over_time(
            Language::English,
            Theme::Dark,
            &[trace("model-1", &[])],
            None,
            &[]
        ),
        None
    );
}

#[test]
fn no_option_holds_code() {
    let option = draw(&[trace("model-1", &[1])], None).to_string();
    for word in ["function", "=>", "#*#"] {
        assert!(!option.contains(word), "{word}");
    }
}
