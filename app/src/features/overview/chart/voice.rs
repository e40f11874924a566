//! Share of voice.

use charming::component::{Axis, Grid};
use charming::datatype::{CompositeValue, DataPoint, DataPointItem};
use charming::element::{
    AxisLabel, AxisLine, AxisTick, AxisType, ItemStyle, LineStyleType, Symbol,
};
use charming::series::Bar;
use serde_json::{Value, json};

use super::{Look, axis_top, gap, hundredths, interval_line, percent_axis};
use crate::canvas::{Canvas, Palette, Theme, finish, to_value, tooltip};
use crate::model::dashboard::{EntitySums, with_share_of_voice};
use crate::model::language::Language;
use crate::model::metrics::Interval;
use crate::texts::chart as texts;
use crate::words::numbers;

/// More bars than this are left to the table.
pub const BARS: usize = 12;

/// One entity's share of voice.
#[derive(Clone, Debug, PartialEq)]
pub struct Voice {
    /// Name.
    pub name: String,
    /// Whether it is the brand.
    pub is_brand: bool,
    /// Answers that name it.
    pub mentions: i64,
    /// Between 0 and 1.
    pub share: f64,
    /// Its interval.
    pub interval: Interval,
}

/// Each entity's part of all mentions, in the order given.
pub fn voices(entities: &[EntitySums]) -> Vec<Voice> {
    with_share_of_voice(entities)
        .filter_map(|(entity, share)| {
            let (share, interval) = share.value().zip(entity.share)?;
            Some(Voice {
                name: entity.name.clone(),
                is_brand: entity.is_brand,
                mentions: entity.plain_mentions,
                share,
                interval,
            })
        })
        .collect()
}

/// Share of voice: one bar an entity with its interval; the brand's bar is hatched and its
/// label says whose it is. `None` where nobody is named.
pub fn share_of_voice(language: Language, theme: Theme, voices: &[Voice]) -> Option<Value> {
    if voices.iter().all(|voice| voice.mentions == 0) {
        return None;
    }
    let palette = theme.palette();
    let voices = &voices[..voices.len().min(BARS)];
    let bars: Vec<Value> = voices
        .iter()
        .map(|voice| bar(language, palette, voice))
        .collect();
    let names: Vec<String> = voices
        .iter()
        .map(|voice| bar_name(language, voice))
        .collect();
    let highest = axis_top(voices.iter().map(|voice| voice.interval.high));
    let canvas = Canvas {
        tooltip: tooltip(palette),
        grid: Grid::new()
            .left(8)
            .right(24)
            .top(8)
            .bottom(8)
            .contain_label(true),
        legend: None,
        x_axis: percent_axis(language, palette, highest),
        y_axis: Axis::new()
            .type_(AxisType::Category)
            .inverse(true)
            .data(names)
            .axis_tick(AxisTick::new().show(false))
            .axis_line(AxisLine::new().show(false))
            .axis_label(AxisLabel::new().color(palette.ink).font_size(13)),
    };
    let mut column = to_value(
        &Bar::new()
            .id("share-of-voice")
            .name(texts::SHARE_OF_VOICE.get(language)),
    );
    column["data"] = Value::Array(bars);
    column["barMaxWidth"] = json!(26);
    let look = Look {
        color: palette.faint_ink,
        symbol: Symbol::Rect,
        line: LineStyleType::Solid,
        width: 1.5,
    };
    let name = texts::SHARE_OF_VOICE.get(language);
    let intervals = interval_line("share-of-voice", name, &look, ends(voices), json!([2, 9]));
    let mut option = finish(&canvas, vec![column, intervals], palette);
    option["xAxis"]["axisLabel"]["hideOverlap"] = json!(true);
    option["yAxis"]["axisLabel"]["width"] = json!(150);
    option["yAxis"]["axisLabel"]["lineHeight"] = json!(17);
    option["yAxis"]["axisLabel"]["overflow"] = json!("truncate");
    Some(option)
}

/// Both ends of each interval, as a line with gaps.
fn ends(voices: &[Voice]) -> Vec<DataPoint> {
    let mut ends: Vec<DataPoint> = Vec::new();
    for (place, voice) in (0_i64..).zip(voices) {
        let Interval { low, high } = voice.interval;
        ends.push(vec![hundredths(low), CompositeValue::from(place)].into());
        ends.push(vec![hundredths(high), CompositeValue::from(place)].into());
        ends.push(gap());
    }
    ends
}

/// The name of a bar and, on a second line, its value.
fn bar_name(language: Language, voice: &Voice) -> String {
    let name = if voice.is_brand {
        texts::BRAND_BAR.fill(language, &[("name", &voice.name)])
    } else {
        voice.name.clone()
    };
    format!("{name}\n{}", numbers::percent(language, voice.share))
}

fn bar(language: Language, palette: &Palette, voice: &Voice) -> Value {
    let color = if voice.is_brand {
        palette.brand
    } else {
        palette.other
    };
    let words = texts::VOICE.fill(
        language,
        &[
            ("name", &voice.name),
            ("value", &numbers::percent(language, voice.share)),
            (
                "interval",
                &numbers::percent_interval(language, voice.interval),
            ),
            ("n", &numbers::whole(language, voice.mentions)),
        ],
    );
    let item = DataPointItem::new(hundredths(voice.share))
        .name(words)
        .item_style(ItemStyle::new().color(color).border_radius(3));
    let mut item = to_value(&item);
    if voice.is_brand {
        item["itemStyle"]["decal"] = json!({
            "color": palette.surface,
            "dashArrayX": [1, 0],
            "dashArrayY": [2, 6],
            "rotation": -0.785,
        });
    }
    item
}

#[cfg(test)]
mod tests {
    use super::super::tests::series;
    use super::*;
    use crate::model::metrics::{MentionSums, Ratio};

    fn voice(name: &str, is_brand: bool) -> Voice {
        Voice {
            name: name.to_owned(),
            is_brand,
            mentions: 12,
            share: 0.25,
            interval: Interval {
                low: 0.15,
                high: 0.35,
            },
        }
    }

    #[test]
    fn the_brand_is_told_apart_by_hatching_and_words() {
        let option = share_of_voice(
            Language::Spanish,
            Theme::Dark,
            &[voice("Kipu", true), voice("Andes", false)],
        )
        .expect("a chart");
        let bars = series(&option, "share-of-voice");
        assert!(bars["data"][0]["itemStyle"]["decal"].is_object());
        assert!(bars["data"][1]["itemStyle"]["decal"].is_null());
        assert_eq!(option["yAxis"]["data"][0], "Kipu (tu marca)\n25,0\u{a0}%");
        assert_eq!(option["yAxis"]["data"][1], "Andes\n25,0\u{a0}%");
    }

    #[test]
    fn voices_share_all_mentions() {
        let entity = |name: &str, mentions: i64| EntitySums {
            entity_id: 1.into(),
            name: name.to_owned(),
            is_brand: name == "Kipu",
            sums: MentionSums::default(),
            plain_mentions: mentions,
            share: Ratio::new(mentions, 4).wilson(),
        };
        let entities = [entity("Kipu", 3), entity("Andes", 1), entity("Nobody", 0)];
        let shares: Vec<f64> = voices(&entities).iter().map(|voice| voice.share).collect();
        assert_eq!(shares, [0.75, 0.25, 0.0]);
        assert!(voices(&[entity("Kipu", 0)]).is_empty());
    }

    #[test]
    fn nobody_named_is_no_chart() {
        assert_eq!(share_of_voice(Language::English, Theme::Dark, &[]), None);
        let silent = Voice {
            mentions: 0,
            ..voice("Kipu", true)
        };
        assert_eq!(
            share_of_voice(Language::English, Theme::Dark, &[silent]),
            None
        );
    }
}
