//! What all charts are drawn on: colours, grid, axes and tooltip, as typed `ECharts` options.
//!
//! Invariant: no script in an option (the page's policy forbids `eval`), so tooltips are
//! templates and each point carries its own words.

pub mod lines;
pub mod options;

use charming::component::{Axis, Grid};
use charming::element::{Formatter, Tooltip, Trigger};
use serde::Serialize;
use serde_json::{Value, json};

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
    /// The line that upright bars stand on.
    pub(crate) base: &'static str,
    pub(crate) surface: &'static str,
    pub(crate) brand: &'static str,
}

const LIGHT: Palette = Palette {
    ink: "#1b1c2a",
    faint_ink: "#55566a",
    rule: "#e3e3ee",
    base: "#6e7079",
    surface: "#ffffff",
    brand: "#c96a12",
};

const DARK: Palette = Palette {
    ink: "#ececf4",
    faint_ink: "#b3b4c6",
    rule: "#2d2f3c",
    base: "#6e7079",
    surface: "#1c1d27",
    brand: "#ffb35c",
};

impl Theme {
    pub(crate) const fn palette(self) -> &'static Palette {
        match self {
            Self::Light => &LIGHT,
            Self::Dark => &DARK,
        }
    }
}

pub(crate) fn tooltip(palette: &Palette) -> Tooltip {
    Tooltip::new()
        .trigger(Trigger::Item)
        .formatter(Formatter::String("<b>{a}</b><br/>{b}".to_owned()))
        .background_color(palette.surface)
        .border_color(palette.rule)
        .border_width(1)
}

/// What every chart is made of. charming's own `Chart` names every component and series, and all of
/// them would end up in the wasm.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Canvas {
    pub(crate) tooltip: Tooltip,
    pub(crate) grid: Grid,
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

pub(crate) fn to_value(part: &impl Serialize) -> Value {
    serde_json::to_value(part).unwrap_or_default()
}
