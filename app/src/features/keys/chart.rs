//! Spend by day as a chart: numbers in, `ECharts` options out.

use chrono::{Datelike, NaiveDate};

use crate::canvas::json::Json;
use crate::canvas::{Palette, Theme, begin};
use crate::model::language::Language;
use crate::model::money::Money;
use crate::texts::keys as texts;
use crate::words::dates::short_day;
use crate::words::numbers::{dollars, price};

/// Lines above the lowest one, at most.
const MOST_LINES: i64 = 4;

/// One bar a day, as JSON; days that are yet to come have their place. `None` where nothing was
/// spent.
pub fn spend_by_day(
    language: Language,
    theme: Theme,
    days: &[(NaiveDate, Option<Money>)],
) -> Option<String> {
    let most = days.iter().filter_map(|(_, amount)| *amount).max()?;
    if most <= Money::ZERO {
        return None;
    }
    let palette = theme.palette();
    let mut option = begin(palette);
    let lines = lines(most);
    let labels: Vec<String> = lines.iter().map(|line| price(language, *line)).collect();
    let room = labels.iter().map(|label| label.chars().count()).max();
    let room = u32::try_from(room.unwrap_or_default()).unwrap_or_default();
    option
        .object("grid")
        .number("left", 12.0 + 7.0 * f64::from(room))
        .fixed(r#""right":8,"top":12,"bottom":8,"containLabel":true"#)
        .end();
    axes(&mut option, palette, days, &lines);
    option
        .list("series")
        .item()
        .fixed(r#""type":"bar","id":"spend","barMaxWidth":26"#)
        .text("name", texts::SPEND.get(language))
        .object("itemStyle")
        .text("color", palette.brand)
        .fixed(r#""borderRadius":[3,3,0,0]"#)
        .end();
    amounts(&mut option, palette, &lines, &labels);
    option.list("data");
    for (day, amount) in days {
        let Some(amount) = amount else {
            option.words("-");
            continue;
        };
        let words = format!(
            "{}: {}",
            short_day(language, *day),
            dollars(language, *amount)
        );
        option
            .item()
            .text("name", &words)
            .number("value", amount.to_usd_f64())
            .end();
    }
    Some(option.finish())
}

/// The amounts that lines stand at: from nothing to the round amount above the most.
fn lines(most: Money) -> Vec<Money> {
    let mut power = 1_i64;
    let step = loop {
        let steps = [1, 2, 5].map(|factor| power.saturating_mul(factor));
        let fits = |step: &i64| step.saturating_mul(MOST_LINES) >= most.nanos();
        if let Some(step) = steps.into_iter().find(fits) {
            break step;
        }
        power = power.saturating_mul(10);
    };
    let line = |count: i64| Money::from_nanos(step.saturating_mul(count));
    let highest = (1..=MOST_LINES).find(|count| line(*count) >= most);
    (0..=highest.unwrap_or(MOST_LINES)).map(line).collect()
}

fn axes(
    option: &mut Json,
    palette: &Palette,
    days: &[(NaiveDate, Option<Money>)],
    lines: &[Money],
) {
    option
        .object("xAxis")
        .fixed(r#""type":"category","axisTick":{"show":false}"#)
        .object("axisLine")
        .object("lineStyle")
        .text("color", palette.base)
        .end()
        .end()
        .object("axisLabel")
        .text("color", palette.faint_ink)
        .fixed(r#""fontSize":12,"hideOverlap":true"#)
        .end()
        .list("data");
    for (day, _) in days {
        option.words(&day.day().to_string());
    }
    let highest = lines.last().copied().unwrap_or_default();
    option
        .end()
        .end()
        .object("yAxis")
        .fixed(r#""type":"value","min":0,"axisLabel":{"show":false},"splitLine":{"show":false}"#)
        .number("max", highest.to_usd_f64())
        .end();
}

/// The lines across, each with its amount as the reader writes it: an axis of the library knows
/// English numbers only.
fn amounts(option: &mut Json, palette: &Palette, lines: &[Money], labels: &[String]) {
    option
        .object("markLine")
        .fixed(r#""symbol":"none","silent":true,"animation":false,"z":0"#)
        .object("lineStyle")
        .text("color", palette.rule)
        .fixed(r#""type":"solid","width":1"#)
        .end()
        .object("label")
        .fixed(r#""formatter":"{b}","position":"start","distance":6,"fontSize":12"#)
        .text("color", palette.faint_ink)
        .end()
        .list("data");
    for (line, label) in lines.iter().zip(labels) {
        option
            .item()
            .number("yAxis", line.to_usd_f64())
            .text("name", label)
            .end();
    }
    option.end().end();
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn drawn(language: Language, theme: Theme, days: &[(NaiveDate, Option<Money>)]) -> Value {
        let option = spend_by_day(language, theme, days).expect("spend");
        serde_json::from_str(&option).expect("JSON")
    }

    fn day(number: u32, cents: i64) -> (NaiveDate, Option<Money>) {
        let day = NaiveDate::from_ymd_opt(2026, 3, number).expect("a day");
        (day, Some(Money::from_nanos(cents * 10_000_000)))
    }

    fn labels(option: &Value) -> Vec<&str> {
        let lines = option["series"][0]["markLine"]["data"].as_array();
        let lines = lines.expect("lines").iter();
        lines
            .map(|line| line["name"].as_str().expect("a label"))
            .collect()
    }

    #[test]
    fn the_axis_is_written_as_the_reader_writes_amounts() {
        let days = [day(1, 104)];
        let english = drawn(Language::English, Theme::Light, &days);
        assert_eq!(labels(&english), ["$0.00", "$0.50", "$1.00", "$1.50"]);
        assert_eq!(english["yAxis"]["max"], 1.5);
        let spanish = drawn(Language::Spanish, Theme::Light, &days);
        let shown = ["0,00\u{a0}$", "0,50\u{a0}$", "1,00\u{a0}$", "1,50\u{a0}$"];
        assert_eq!(labels(&spanish), shown);
        assert_eq!(spanish["yAxis"]["axisLabel"]["show"], false);
    }

    #[test]
    fn lines_hold_any_amount() {
        for nanos in [1, 7, 999, 10_000_000, 1_040_000_000, i64::MAX / 4] {
            let lines = lines(Money::from_nanos(nanos));
            assert!((2..=5).contains(&lines.len()), "{nanos}: {lines:?}");
            assert!(lines.last() >= Some(&Money::from_nanos(nanos)), "{nanos}");
        }
    }

    #[test]
    fn days_to_come_have_their_place() {
        let tomorrow = NaiveDate::from_ymd_opt(2026, 3, 2).expect("a day");
        let option = drawn(
            Language::English,
            Theme::Light,
            &[day(1, 12), (tomorrow, None)],
        );
        assert_eq!(option["xAxis"]["data"], json!(["1", "2"]));
        assert_eq!(option["series"][0]["data"][1], "-");
    }

    #[test]
    fn one_bar_a_day_with_its_own_words() {
        let days = [day(1, 12), day(2, 0), day(3, 250)];
        let option = drawn(Language::English, Theme::Light, &days);
        let data = option["series"][0]["data"].as_array().expect("bars");
        assert_eq!(data.len(), 3);
        assert_eq!(data[0]["name"], "1 Mar: $0.120");
        assert_eq!(data[2]["value"], 2.5);
        assert_eq!(option["xAxis"]["data"], json!(["1", "2", "3"]));
        let spanish = drawn(Language::Spanish, Theme::Dark, &days);
        assert_eq!(
            spanish["series"][0]["data"][2]["name"],
            "3 mar: 2,50\u{a0}$"
        );
    }

    #[test]
    fn nothing_spent_is_no_chart() {
        assert_eq!(
            spend_by_day(Language::English, Theme::Light, &[day(1, 0)]),
            None
        );
    }
}
