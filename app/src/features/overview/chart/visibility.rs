//! Visibility over time.

use charming::component::{Axis, Grid, Legend, LegendType};
use charming::datatype::{CompositeValue, DataPoint, DataPointItem};
use charming::element::{
    AreaStyle, AxisLabel, AxisLine, AxisTick, AxisType, ItemStyle, LineStyle, LineStyleType,
    Symbol, TextStyle,
};
use charming::series::Line;
use chrono::NaiveDate;
use serde_json::{Value, json};

use super::places::{POINTS_OF_A_TREND, Places};
use super::{Look, axis_top, gap, hundredths, interval_line, percent_axis};
use crate::canvas::{Canvas, Palette, Theme, finish, to_value, tooltip};
use crate::model::dashboard::{DaySums, ModelSums};
use crate::model::language::Language;
use crate::model::metrics::{Interval, Metric};
use crate::texts::{chart as texts, dashboard};
use crate::words::{dates, numbers};

/// A share on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The day.
    pub day: NaiveDate,
    /// Between 0 and 1.
    pub share: f64,
    /// Its interval.
    pub interval: Interval,
    /// Answers behind it.
    pub n: i64,
}

/// The points of one model, or of all.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Id of the series: `model-3`, `all`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// By day, the first first.
    pub points: Vec<Point>,
}

/// A day on which something else began to be measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The day.
    pub day: NaiveDate,
    /// A word at the line.
    pub label: String,
    /// What happened, whole.
    pub words: String,
}

/// Visibility over time, one trace a model. The id of a trace is `model-` and the model's id.
pub fn traces(models: &[ModelSums]) -> Vec<Trace> {
    models
        .iter()
        .map(|model| Trace {
            id: format!("model-{}", model.model_id),
            name: model.model_name.clone(),
            points: visibility_points(&model.days),
        })
        .filter(|trace| !trace.points.is_empty())
        .collect()
}

/// Visibility over time over all models.
pub fn pooled_trace(language: Language, days: &[DaySums]) -> Trace {
    Trace {
        id: "all".to_owned(),
        name: dashboard::ALL_MODELS.get(language).to_owned(),
        points: visibility_points(days),
    }
}

fn visibility_points(days: &[DaySums]) -> Vec<Point> {
    days.iter()
        .filter_map(|day| {
            let ratio = day.sums.visibility();
            let interval = day.intervals.get(Metric::Visibility);
            let (share, interval) = ratio.value().zip(interval.or_else(|| ratio.wilson()))?;
            Some(Point {
                day: day.day,
                share,
                interval,
                n: ratio.denominator,
            })
        })
        .collect()
}

const SYMBOLS: [Symbol; 5] = [
    Symbol::Triangle,
    Symbol::Rect,
    Symbol::Diamond,
    Symbol::RoundRect,
    Symbol::Pin,
];
const LINES: [LineStyleType; 3] = [
    LineStyleType::Solid,
    LineStyleType::Dashed,
    LineStyleType::Dotted,
];

impl Look {
    fn of_model(palette: &Palette, index: usize) -> Self {
        Self {
            color: palette.lines[index % palette.lines.len()],
            symbol: SYMBOLS[index % SYMBOLS.len()].clone(),
            line: LINES[index / SYMBOLS.len() % LINES.len()],
            width: 2.0,
        }
    }

    const fn pooled(palette: &Palette) -> Self {
        Self {
            color: palette.ink,
            symbol: Symbol::Circle,
            line: LineStyleType::Solid,
            width: 3.0,
        }
    }
}

/// Visibility over time: one series a model and, where there are several, one over all.
/// Under four days points with their intervals; from there lines, the interval as a band
/// around the series over all. `None` where there is nothing to draw.
///
/// The series of a model has the id of its trace, what draws its interval begins with
/// `interval-`.
pub fn visibility_over_time(
    language: Language,
    theme: Theme,
    models: &[Trace],
    pooled: Option<&Trace>,
    marks: &[Mark],
) -> Option<Value> {
    let palette = theme.palette();
    let pooled = pooled.filter(|_| models.len() > 1);
    let traces: Vec<Trace> = pooled.into_iter().chain(models).cloned().collect();
    let days = traces.iter().flat_map(|trace| &trace.points);
    let places = Places::new(days.map(|point| point.day).collect(), traces.len())?;
    let mut series = Vec::new();
    for (index, trace) in traces.iter().enumerate() {
        let has_pooled = pooled.is_some();
        let is_pooled = has_pooled && index == 0;
        let look = if is_pooled {
            Look::pooled(palette)
        } else {
            Look::of_model(palette, index - usize::from(has_pooled))
        };
        // The legend takes its picture from the first series of a name.
        series.push(points(language, &places, index, trace, &look));
        if !places.is_trend {
            series.push(whiskers(&places, index, trace, &look));
        } else if is_pooled || traces.len() == 1 {
            series.extend(band(&places, trace, &look));
        }
    }
    let highest = axis_top(
        traces
            .iter()
            .flat_map(|trace| &trace.points)
            .map(|point| point.interval.high),
    );
    let canvas = Canvas {
        tooltip: tooltip(palette),
        grid: Grid::new()
            .left(8)
            .right(16)
            .top(44)
            .bottom(8)
            .contain_label(true),
        legend: Some(legend(&traces, palette)),
        x_axis: day_axis(language, &places, palette),
        y_axis: percent_axis(language, palette, highest),
    };
    let mut option = finish(&canvas, series, palette);
    // What turns the pages of a legend that is too long for one line.
    option["legend"]["pageIconColor"] = json!(palette.ink);
    option["legend"]["pageIconInactiveColor"] = json!(palette.other);
    option["legend"]["pageTextStyle"] = json!({ "color": palette.ink });
    option["xAxis"]["axisLine"] = json!({ "lineStyle": { "color": palette.rule } });
    option["xAxis"]["axisLabel"]["hideOverlap"] = json!(true);
    if !places.is_trend {
        option["xAxis"]["axisLabel"]["interval"] = json!(0);
    }
    let lines: Vec<Value> = marks
        .iter()
        .filter_map(|mark| Some(json!({ "xAxis": places.begin(mark.day)?, "name": mark.label })))
        .collect();
    if !lines.is_empty() {
        option["series"][0]["markLine"] = mark_lines(lines, palette);
    }
    Some(option)
}

/// Upright lines over the whole height, each with its name at the top.
fn mark_lines(lines: Vec<Value>, palette: &Palette) -> Value {
    json!({
        "symbol": "none",
        "silent": true,
        "animation": false,
        "lineStyle": { "color": palette.faint_ink, "type": "dashed", "width": 1.5 },
        "label": { "formatter": "{b}", "color": palette.ink, "fontSize": 12, "position": "insideEndTop" },
        "data": lines,
    })
}

fn legend(traces: &[Trace], palette: &Palette) -> Legend {
    let names: Vec<String> = traces.iter().map(|trace| trace.name.clone()).collect();
    Legend::new()
        .type_(LegendType::Scroll)
        .top(0)
        .left(0)
        .item_gap(12)
        .item_width(20)
        .text_style(TextStyle::new().color(palette.ink).font_size(12))
        .data(names)
}

fn day_axis(language: Language, places: &Places, palette: &Palette) -> Axis {
    Axis::new()
        .type_(AxisType::Category)
        .data(places.axis_names(language))
        .axis_tick(AxisTick::new().show(false))
        .axis_line(AxisLine::new().show(true))
        .axis_label(AxisLabel::new().color(palette.faint_ink).font_size(12))
}

/// The points of one trace, joined by a line where they make a trend.
fn points(language: Language, places: &Places, index: usize, trace: &Trace, look: &Look) -> Value {
    let is_line = places.is_trend && trace.points.len() >= POINTS_OF_A_TREND;
    let data: Vec<DataPoint> = trace
        .points
        .iter()
        .filter_map(|point| {
            let place = places.of(point.day, index)?;
            let item =
                DataPointItem::new(vec![CompositeValue::from(place), hundredths(point.share)]);
            Some(item.name(point_words(language, point)).into())
        })
        .collect();
    let line = Line::new()
        .id(trace.id.clone())
        .name(trace.name.clone())
        .symbol(look.symbol.clone())
        .symbol_size(if trace.points.len() > 40 { 5.0 } else { 9.0 })
        .show_symbol(true)
        .item_style(ItemStyle::new().color(look.color))
        .line_style(
            LineStyle::new()
                .color(look.color)
                .type_(look.line)
                .width(if is_line { look.width } else { 0.0 }),
        )
        .z(3)
        .data(data);
    to_value(&line)
}

fn point_words(language: Language, point: &Point) -> String {
    texts::POINT.fill(
        language,
        &[
            ("day", &dates::long_day(language, point.day)),
            ("value", &numbers::percent(language, point.share)),
            (
                "interval",
                &numbers::percent_interval(language, point.interval),
            ),
            ("n", &numbers::whole(language, point.n)),
        ],
    )
}

/// An upright bar with two caps at each point, as a line with gaps.
fn whiskers(places: &Places, index: usize, trace: &Trace, look: &Look) -> Value {
    let mut data: Vec<DataPoint> = Vec::new();
    for point in &trace.points {
        let Some(place) = places.of(point.day, index) else {
            continue;
        };
        let Interval { low, high } = point.interval;
        data.push(vec![CompositeValue::from(place), hundredths(low)].into());
        data.push(vec![CompositeValue::from(place), hundredths(high)].into());
        data.push(gap());
    }
    interval_line(&trace.id, &trace.name, look, data, json!([9, 2]))
}

/// The interval as a filled band: an unseen line at its lower end and, stacked on that, the
/// distance to its upper end.
fn band(places: &Places, trace: &Trace, look: &Look) -> Vec<Value> {
    if trace.points.len() < POINTS_OF_A_TREND {
        return Vec::new();
    }
    let stack = format!("interval-{}", trace.id);
    let part = |end: &str, opacity: f64, value: &dyn Fn(&Point) -> f64| {
        let data: Vec<DataPoint> = trace
            .points
            .iter()
            .filter_map(|point| {
                let place = places.of(point.day, 0)?;
                Some(vec![CompositeValue::from(place), hundredths(value(point))].into())
            })
            .collect();
        let line = Line::new()
            .id(format!("{stack}-{end}"))
            .name(trace.name.clone())
            .stack(stack.clone())
            .symbol(Symbol::None)
            .silent(true)
            .item_style(ItemStyle::new().color(look.color))
            .line_style(LineStyle::new().width(0.0))
            .area_style(AreaStyle::new().color(look.color).opacity(opacity))
            .z(1)
            .data(data);
        let mut line = to_value(&line);
        line["tooltip"] = json!({ "show": false });
        line
    };
    vec![
        part("low", 0.0, &|point| point.interval.low),
        part("high", 0.14, &|point| {
            point.interval.high - point.interval.low
        }),
    ]
}

#[cfg(test)]
mod tests;
