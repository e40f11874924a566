//! The options of the project's charts: numbers in, typed `ECharts` options out.
//!
//! Invariant: no script in an option (the page's policy forbids `eval`), so tooltips are
//! templates and each point carries its own words.

mod visibility;
mod voice;

use charming::component::{Axis, Grid, Legend};
use charming::datatype::{CompositeValue, DataPoint};
use charming::element::{
    AxisLabel, AxisType, Formatter, ItemStyle, LineStyle, LineStyleType, SplitLine, Symbol,
    Tooltip, Trigger,
};
use charming::series::Line;
use serde::Serialize;
use serde_json::{Value, json};

use super::format;
use crate::model::language::Language;

pub use visibility::{Mark, POINTS_OF_A_TREND, Point, Trace, visibility_over_time};
pub use voice::{BARS, Voice, share_of_voice};

/// The colours that a chart is drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on a light ground.
    Light,
    /// Light ink on a dark ground.
    Dark,
}

/// Each at least 3:1 against its ground.
pub(crate) struct Palette {
    pub(crate) ink: &'static str,
    pub(crate) faint_ink: &'static str,
    pub(crate) rule: &'static str,
    surface: &'static str,
    pub(crate) brand: &'static str,
    other: &'static str,
    lines: [&'static str; 8],
}

const LIGHT: Palette = Palette {
    ink: "#1b1c2a",
    faint_ink: "#55566a",
    rule: "#e3e3ee",
    surface: "#ffffff",
    brand: "#c96a12",
    other: "#8b8da3",
    lines: [
        "#3b4cca", "#c2410c", "#0f766e", "#a21caf", "#4d7c0f", "#b91c1c", "#0369a1", "#92400e",
    ],
};

const DARK: Palette = Palette {
    ink: "#ececf4",
    faint_ink: "#b3b4c6",
    rule: "#2d2f3c",
    surface: "#1c1d27",
    brand: "#ffb35c",
    other: "#74768c",
    lines: [
        "#8c9bff", "#fb923c", "#2dd4bf", "#e879f9", "#a3e635", "#f87171", "#38bdf8", "#fbbf24",
    ],
};

impl Theme {
    pub(crate) const fn palette(self) -> &'static Palette {
        match self {
            Self::Light => &LIGHT,
            Self::Dark => &DARK,
        }
    }
}

/// How one series looks, also to those who see no colours.
struct Look {
    color: &'static str,
    symbol: Symbol,
    line: LineStyleType,
    width: f64,
}

/// A line that breaks at each [`gap`], silent, with a cap at both ends of each part.
fn interval_line(id: &str, name: &str, look: &Look, data: Vec<DataPoint>, cap: Value) -> Value {
    let line = Line::new()
        .id(format!("interval-{id}"))
        .name(name)
        .symbol(Symbol::Rect)
        .silent(true)
        .item_style(ItemStyle::new().color(look.color))
        .line_style(
            LineStyle::new()
                .color(look.color)
                .width(1.5)
                .type_(LineStyleType::Solid),
        )
        .z(2)
        .data(data);
    let mut line = to_value(&line);
    line["symbolSize"] = cap;
    line["tooltip"] = json!({ "show": false });
    line
}

fn percent_axis(language: Language, palette: &Palette, top: f64) -> Axis {
    Axis::new()
        .type_(AxisType::Value)
        .min(0)
        .max(top)
        .interval(if top > 10.0 { top / 4.0 } else { top / 5.0 })
        .axis_label(
            AxisLabel::new()
                .color(palette.faint_ink)
                .font_size(12)
                .formatter(Formatter::String(format::with_percent_sign(
                    language, "{value}",
                ))),
        )
        .split_line(SplitLine::new().line_style(LineStyle::new().color(palette.rule)))
}

/// The end of a percent axis: a round number above all that is drawn, at most 100.
fn axis_top(shares: impl Iterator<Item = f64>) -> f64 {
    let highest = shares.fold(0.0, f64::max) * 100.0;
    [5.0, 10.0, 20.0, 40.0, 60.0, 80.0]
        .into_iter()
        .find(|top| highest <= *top)
        .unwrap_or(100.0)
}

pub(crate) fn tooltip(palette: &Palette) -> Tooltip {
    Tooltip::new()
        .trigger(Trigger::Item)
        .formatter(Formatter::String("<b>{a}</b><br/>{b}".to_owned()))
        .background_color(palette.surface)
        .border_color(palette.rule)
        .border_width(1)
}

/// What both charts are made of. charming's own `Chart` knows every component and series there
/// is, and all of them would be in the wasm.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Canvas {
    pub(crate) tooltip: Tooltip,
    pub(crate) grid: Grid,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) legend: Option<Legend>,
    pub(crate) x_axis: Axis,
    pub(crate) y_axis: Axis,
}

/// Puts the series in and sets what the typed options have no words for.
pub(crate) fn finish(canvas: &Canvas, series: Vec<Value>, palette: &Palette) -> Value {
    let mut option = to_value(canvas);
    option["backgroundColor"] = json!("transparent");
    option["animationDuration"] = json!(300);
    option["series"] = Value::Array(series);
    option["textStyle"] = json!({ "fontFamily": "system-ui, sans-serif", "color": palette.ink });
    option["tooltip"]["textStyle"] = json!({ "color": palette.ink, "fontSize": 13 });
    option["tooltip"]["confine"] = json!(true);
    option
}

pub(crate) fn to_value(part: &impl serde::Serialize) -> Value {
    serde_json::to_value(part).unwrap_or_default()
}

/// A share as a percentage, to two decimals.
fn hundredths(share: f64) -> CompositeValue {
    CompositeValue::from((share * 10_000.0).round() / 100.0)
}

/// A point that is none: the line breaks here.
fn gap() -> DataPoint {
    vec![CompositeValue::from("-"), CompositeValue::from("-")].into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The series with an id.
    pub(super) fn series<'a>(option: &'a Value, id: &str) -> &'a Value {
        option["series"]
            .as_array()
            .and_then(|all| all.iter().find(|series| series["id"] == id))
            .unwrap_or_else(|| panic!("no series {id} in {option}"))
    }

    #[test]
    fn the_axis_ends_above_everything() {
        assert!((axis_top([0.03].into_iter()) - 5.0).abs() < f64::EPSILON);
        assert!((axis_top([0.3, 0.81].into_iter()) - 100.0).abs() < f64::EPSILON);
        assert!((axis_top(std::iter::empty()) - 5.0).abs() < f64::EPSILON);
    }
}
