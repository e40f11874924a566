//! The options of the overview's charts: numbers in, typed `ECharts` options out.

mod places;
mod visibility;
mod voice;

use charming::component::Axis;
use charming::datatype::{CompositeValue, DataPoint};
use charming::element::{
    AxisLabel, AxisType, Formatter, ItemStyle, LineStyle, LineStyleType, SplitLine, Symbol,
};
use charming::series::Line;
use serde_json::{Value, json};

use crate::canvas::{Palette, to_value};
use crate::model::language::Language;
use crate::words::numbers::with_percent_sign;

pub use places::POINTS_OF_A_TREND;
pub use visibility::{Mark, Point, Trace, pooled_trace, traces, visibility_over_time};
pub use voice::{BARS, Voice, share_of_voice, voices};

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
                .formatter(Formatter::String(with_percent_sign(language, "{value}"))),
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

/// A share as a percentage, to two decimals.
fn hundredths(share: f64) -> CompositeValue {
    CompositeValue::from((share * 10_000.0).round() / 100.0)
}

/// A point without a value: the line breaks here.
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
