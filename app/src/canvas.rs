//! What all charts are drawn on: colours and tooltip, and how options of `ECharts` are written.
//!
//! Invariant: no script in an option (the page's policy forbids `eval`), so tooltips are
//! templates and each point carries its own words.

pub(crate) mod json;
pub mod lines;

use self::json::Json;

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

/// Options of a chart with a tooltip, up to its grid, axes and series.
pub(crate) fn begin(palette: &Palette) -> Json {
    let mut option = Json::new();
    option
        .fixed(r#""backgroundColor":"transparent","animationDuration":300"#)
        .object("textStyle")
        .text("fontFamily", "system-ui, sans-serif")
        .text("color", palette.ink)
        .end()
        .object("tooltip")
        .fixed(r#""trigger":"item","formatter":"<b>{a}</b><br/>{b}","confine":true"#)
        .text("backgroundColor", palette.surface)
        .text("borderColor", palette.rule)
        .number("borderWidth", 1.0)
        .object("textStyle")
        .text("color", palette.ink)
        .number("fontSize", 13.0)
        .end()
        .end();
    option
}
