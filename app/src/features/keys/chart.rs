//! Spend by day as a chart: numbers in, `ECharts` options out.

use chrono::{Datelike, NaiveDate};

use crate::canvas::json::Json;
use crate::canvas::{Palette, Theme, begin};
use crate::model::language::Language;
use crate::model::money::Money;
use crate::texts::keys as texts;
use crate::words::dates::short_day;
use crate::words::numbers::dollars;

/// One bar a day, as JSON. `None` where nothing was spent.
pub fn spend_by_day(
    language: Language,
    theme: Theme,
    days: &[(NaiveDate, Money)],
) -> Option<String> {
    if days.iter().all(|(_, amount)| *amount == Money::ZERO) {
        return None;
    }
    let palette = theme.palette();
    let mut option = begin(palette);
    option.fixed(r#""grid":{"left":8,"right":8,"top":12,"bottom":8,"containLabel":true}"#);
    axes(&mut option, language, palette, days);
    option
        .list("series")
        .item()
        .fixed(r#""type":"bar","id":"spend","barMaxWidth":26"#)
        .text("name", texts::SPEND.get(language))
        .object("itemStyle")
        .text("color", palette.brand)
        .fixed(r#""borderRadius":[3,3,0,0]"#)
        .end()
        .list("data");
    for (day, amount) in days {
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

fn axes(option: &mut Json, language: Language, palette: &Palette, days: &[(NaiveDate, Money)]) {
    let sign = match language {
        Language::English => "${value}",
        Language::Spanish => "{value} $",
    };
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
    option
        .end()
        .end()
        .object("yAxis")
        .fixed(r#""type":"value","splitNumber":3"#)
        .object("axisLabel")
        .text("color", palette.faint_ink)
        .fixed(r#""fontSize":12"#)
        .text("formatter", sign)
        .end()
        .object("splitLine")
        .object("lineStyle")
        .text("color", palette.rule)
        .end()
        .end()
        .end();
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn drawn(language: Language, theme: Theme, days: &[(NaiveDate, Money)]) -> Value {
        let option = spend_by_day(language, theme, days).expect("spend");
        serde_json::from_str(&option).expect("JSON")
    }

    fn day(number: u32, cents: i64) -> (NaiveDate, Money) {
        let day = NaiveDate::from_ymd_opt(2026, 3, number).expect("a day");
        (day, Money::from_nanos(cents * 10_000_000))
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
