//! Spend by day as a chart: numbers in, `ECharts` options out.

use charming::component::{Axis, Grid};
use charming::element::{AxisLabel, AxisTick, AxisType, Formatter, LineStyle, SplitLine};
use charming::series::Bar;
use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use crate::canvas::{Canvas, Theme, finish, to_value, tooltip};
use crate::model::language::Language;
use crate::model::money::Money;
use crate::texts::keys as texts;
use crate::words::dates::short_day;
use crate::words::numbers::dollars;

/// One bar a day. `None` where nothing was spent.
pub fn spend_by_day(
    language: Language,
    theme: Theme,
    days: &[(NaiveDate, Money)],
) -> Option<Value> {
    if days.iter().all(|(_, amount)| *amount == Money::ZERO) {
        return None;
    }
    let palette = theme.palette();
    let sign = match language {
        Language::English => "${value}",
        Language::Spanish => "{value} $",
    };
    let names: Vec<String> = days.iter().map(|(day, _)| day.day().to_string()).collect();
    let canvas = Canvas {
        tooltip: tooltip(palette),
        grid: Grid::new()
            .left(8)
            .right(8)
            .top(12)
            .bottom(8)
            .contain_label(true),
        x_axis: Axis::new()
            .type_(AxisType::Category)
            .data(names)
            .axis_tick(AxisTick::new().show(false))
            .axis_label(AxisLabel::new().color(palette.faint_ink).font_size(12)),
        y_axis: Axis::new()
            .type_(AxisType::Value)
            .axis_label(
                AxisLabel::new()
                    .color(palette.faint_ink)
                    .font_size(12)
                    .formatter(Formatter::String(sign.to_owned())),
            )
            .split_line(SplitLine::new().line_style(LineStyle::new().color(palette.rule))),
    };
    let mut column = to_value(&Bar::new().id("spend").name(texts::SPEND.get(language)));
    let bars = days.iter().map(|(day, amount)| {
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
    let mut option = finish(&canvas, vec![column], palette);
    option["yAxis"]["splitNumber"] = json!(3);
    option["xAxis"]["axisLine"] = json!({ "lineStyle": { "color": palette.base } });
    option["xAxis"]["axisLabel"]["hideOverlap"] = json!(true);
    Some(option)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: u32, cents: i64) -> (NaiveDate, Money) {
        let day = NaiveDate::from_ymd_opt(2026, 3, number).expect("a day");
        (day, Money::from_nanos(cents * 10_000_000))
    }

    #[test]
    fn one_bar_a_day_with_its_own_words() {
        let days = [day(1, 12), day(2, 0), day(3, 250)];
        let option = spend_by_day(Language::English, Theme::Light, &days).expect("spend");
        let data = option["series"][0]["data"].as_array().expect("bars");
        assert_eq!(data.len(), 3);
        assert_eq!(data[0]["name"], "1 Mar: $0.120");
        assert_eq!(data[2]["value"], 2.5);
        assert_eq!(option["xAxis"]["data"], json!(["1", "2", "3"]));
        let spanish = spend_by_day(Language::Spanish, Theme::Dark, &days).expect("spend");
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
