//! Spend by day as a chart: numbers in, `ECharts` options out.

use charming::component::{Axis, Grid};
use charming::element::{AxisLabel, AxisTick, AxisType};
use charming::series::Bar;
use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use crate::canvas::{Canvas, Palette, Theme, finish, to_value, tooltip};
use crate::model::language::Language;
use crate::model::money::Money;
use crate::texts::keys as texts;
use crate::words::dates::short_day;
use crate::words::numbers::{dollars, price};

/// Lines above the lowest one, at most.
const MOST_LINES: i64 = 4;

/// One bar a day; days that are yet to come have their place. `None` where nothing was spent.
pub fn spend_by_day(
    language: Language,
    theme: Theme,
    days: &[(NaiveDate, Option<Money>)],
) -> Option<Value> {
    let most = days.iter().filter_map(|(_, amount)| *amount).max()?;
    if most <= Money::ZERO {
        return None;
    }
    let palette = theme.palette();
    let lines = lines(most);
    let labels: Vec<String> = lines.iter().map(|line| price(language, *line)).collect();
    let room = labels.iter().map(|label| label.chars().count()).max();
    let room = u32::try_from(room.unwrap_or_default()).unwrap_or_default();
    let names: Vec<String> = days.iter().map(|(day, _)| day.day().to_string()).collect();
    let canvas = Canvas {
        tooltip: tooltip(palette),
        grid: Grid::new().right(8).top(12).bottom(8).contain_label(true),
        x_axis: Axis::new()
            .type_(AxisType::Category)
            .data(names)
            .axis_tick(AxisTick::new().show(false))
            .axis_label(AxisLabel::new().color(palette.faint_ink).font_size(12)),
        y_axis: Axis::new().type_(AxisType::Value),
    };
    let mut column = to_value(&Bar::new().id("spend").name(texts::SPEND.get(language)));
    let bars = days.iter().map(|(day, amount)| {
        let Some(amount) = amount else {
            return json!("-");
        };
        let words = format!(
            "{}: {}",
            short_day(language, *day),
            dollars(language, *amount)
        );
        json!({ "name": words, "value": amount.to_usd_f64() })
    });
    column["data"] = Value::Array(bars.collect());
    column["barMaxWidth"] = json!(26);
    column["itemStyle"] = json!({ "color": palette.brand, "borderRadius": [3, 3, 0, 0] });
    column["markLine"] = amounts(palette, &lines, &labels);
    let mut option = finish(&canvas, vec![column], palette);
    option["grid"]["left"] = json!(12 + 7 * room);
    option["xAxis"]["axisLine"] = json!({ "lineStyle": { "color": palette.base } });
    option["xAxis"]["axisLabel"]["hideOverlap"] = json!(true);
    let highest = lines.last().copied().unwrap_or_default();
    option["yAxis"]["min"] = json!(0);
    option["yAxis"]["max"] = json!(highest.to_usd_f64());
    option["yAxis"]["axisLabel"] = json!({ "show": false });
    option["yAxis"]["splitLine"] = json!({ "show": false });
    Some(option)
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

/// The lines across, each with its amount as the reader writes it: an axis of the library knows
/// English numbers only.
fn amounts(palette: &Palette, lines: &[Money], labels: &[String]) -> Value {
    let data = lines
        .iter()
        .zip(labels)
        .map(|(line, label)| json!({ "yAxis": line.to_usd_f64(), "name": label }));
    json!({
        "symbol": "none",
        "silent": true,
        "animation": false,
        "z": 0,
        "lineStyle": { "color": palette.rule, "type": "solid", "width": 1 },
        "label": {
            "formatter": "{b}",
            "position": "start",
            "distance": 6,
            "fontSize": 12,
            "color": palette.faint_ink,
        },
        "data": data.collect::<Vec<Value>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(language: Language, theme: Theme, days: &[(NaiveDate, Option<Money>)]) -> Value {
        spend_by_day(language, theme, days).expect("spend")
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
