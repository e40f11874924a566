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

use super::{Look, axis_top, gap, hundredths, interval_line, percent_axis};
use crate::canvas::{Canvas, Palette, Theme, finish, to_value, tooltip};
use crate::model::language::Language;
use crate::order;
use crate::texts::chart as texts;
use crate::words::{dates, numbers};

/// Fewer points than this are no trend and get no line.
pub const POINTS_OF_A_TREND: usize = 4;

/// A share on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The day.
    pub day: NaiveDate,
    /// Between 0 and 1.
    pub share: f64,
    /// Its interval.
    pub interval: (f64, f64),
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

/// Where a day and a series stand on the axis: one place a day for lines; where points alone
/// are drawn, one place a series and day, so that their intervals do not cover each other.
struct Places {
    days: Vec<NaiveDate>,
    step: usize,
    is_trend: bool,
}

impl Places {
    /// `None` where there is no point at all.
    fn new(traces: &[Trace]) -> Option<Self> {
        let mut days: Vec<NaiveDate> = traces
            .iter()
            .flat_map(|trace| &trace.points)
            .map(|point| point.day)
            .collect();
        order::sort(&mut days, Ord::cmp);
        days.dedup();
        let (first, last) = (*days.first()?, *days.last()?);
        let is_trend = days.len() >= POINTS_OF_A_TREND;
        if is_trend {
            // A line needs the true distances, so days without answers have a place as well.
            days = first.iter_days().take_while(|day| *day <= last).collect();
        }
        let step = if is_trend { 1 } else { traces.len() + 2 };
        Some(Self {
            days,
            step,
            is_trend,
        })
    }

    fn of(&self, day: NaiveDate, series: usize) -> Option<i64> {
        let day = self.days.binary_search(&day).ok()?;
        let offset = if self.is_trend { 0 } else { series + 1 };
        i64::try_from(day * self.step + offset).ok()
    }

    /// Where a day begins.
    fn begin(&self, day: NaiveDate) -> Option<i64> {
        let place = self.of(day, 0)?;
        Some(if self.is_trend { place } else { place - 1 })
    }

    fn axis_names(&self, language: Language) -> Vec<String> {
        let mut names = vec![String::new(); self.days.len() * self.step];
        for (index, day) in self.days.iter().enumerate() {
            names[index * self.step + self.step / 2] = dates::short_day(language, *day);
        }
        names
    }
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
    let places = Places::new(&traces)?;
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
            .map(|point| point.interval.1),
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
        let (low, high) = point.interval;
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
        part("low", 0.0, &|point| point.interval.0),
        part("high", 0.14, &|point| point.interval.1 - point.interval.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::tests::series;
    use super::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, number).expect("a day")
    }

    fn trace(id: &str, days: &[u32]) -> Trace {
        let points = days
            .iter()
            .map(|number| Point {
                day: day(*number),
                share: 0.5,
                interval: (0.4, 0.6),
                n: 80,
            })
            .collect();
        Trace {
            id: id.to_owned(),
            name: id.to_uppercase(),
            points,
        }
    }

    fn draw(models: &[Trace], pooled: Option<&Trace>) -> Value {
        visibility_over_time(Language::English, Theme::Light, models, pooled, &[]).expect("a chart")
    }

    #[test]
    fn few_points_stand_alone_with_their_intervals() {
        let option = draw(&[trace("model-1", &[1, 9]), trace("model-2", &[9])], None);
        let points = series(&option, "model-1");
        assert_eq!(points["data"].as_array().map(Vec::len), Some(2));
        assert_eq!(points["lineStyle"]["width"], 0.0);
        assert_eq!(
            points["data"][0]["name"],
            "1 Nov 2026: 50.0% (95% interval 40–60%, n = 80)"
        );
        let whisker = series(&option, "interval-model-1");
        assert_eq!(whisker["data"][0][1], 40.0);
        assert_eq!(whisker["data"][1][1], 60.0);
        assert_eq!(whisker["data"][2][0], "-");
        // Two series on the same day have places of their own.
        assert_ne!(
            points["data"][1]["value"][0],
            series(&option, "model-2")["data"][0]["value"][0]
        );
    }

    #[test]
    fn a_trend_has_true_distances_lines_and_a_band() {
        let models = [trace("model-1", &[1, 2, 3, 8]), trace("model-2", &[8])];
        let pooled = trace("all", &[1, 2, 3, 8]);
        let option = draw(&models, Some(&pooled));
        assert_eq!(option["xAxis"]["data"].as_array().map(Vec::len), Some(8));
        assert_eq!(series(&option, "model-1")["data"][3]["value"][0], 7);
        assert_eq!(series(&option, "model-1")["lineStyle"]["width"], 2.0);
        assert_eq!(series(&option, "model-2")["lineStyle"]["width"], 0.0);
        assert_eq!(series(&option, "interval-all-low")["data"][0][1], 40.0);
        assert_eq!(series(&option, "interval-all-high")["data"][0][1], 20.0);
        assert_eq!(option["yAxis"]["max"], 60.0);
        assert_eq!(option["yAxis"]["interval"], 15.0);
    }

    #[test]
    fn series_differ_without_their_colours() {
        let models: Vec<Trace> = (1..=8)
            .map(|id| trace(&format!("model-{id}"), &[1, 2, 3, 4]))
            .collect();
        let option = draw(&models, Some(&trace("all", &[1, 2, 3, 4])));
        let mut looks = std::collections::HashSet::new();
        for series in option["series"].as_array().expect("series") {
            if !series["id"]
                .as_str()
                .expect("an id")
                .starts_with("interval-")
            {
                let look = (
                    series["symbol"].to_string(),
                    series["lineStyle"]["type"].to_string(),
                );
                assert!(looks.insert(look), "{series}");
            }
        }
        assert_eq!(looks.len(), 9);
    }

    #[test]
    fn another_model_is_a_line_at_its_first_day() {
        let mark = |number| Mark {
            day: day(number),
            label: "gpt-6-mini".to_owned(),
            words: String::new(),
        };
        let draw = |days: &[u32], marks: &[Mark]| {
            let models = [trace("model-1", days), trace("model-2", days)];
            visibility_over_time(Language::English, Theme::Light, &models, None, marks)
                .expect("a chart")
        };
        let trend = draw(&[1, 2, 4, 8], &[mark(4), mark(20)]);
        let lines = &trend["series"][0]["markLine"]["data"];
        assert_eq!(*lines, json!([{ "xAxis": 3, "name": "gpt-6-mini" }]));
        // Of single days before all points of the day.
        let points = draw(&[1, 9], &[mark(9)]);
        let line = points["series"][0]["markLine"]["data"][0]["xAxis"].as_i64();
        let first = series(&points, "model-1")["data"][1]["value"][0].as_i64();
        assert!(line < first && line > Some(0), "{line:?} {first:?}");
        assert!(draw(&[1, 9], &[])["series"][0].get("markLine").is_none());
    }

    #[test]
    fn what_turns_the_legends_pages_is_drawn_for_its_ground() {
        for theme in [Theme::Light, Theme::Dark] {
            let models = [trace("model-1", &[1])];
            let option = visibility_over_time(Language::English, theme, &models, None, &[])
                .expect("a chart");
            let palette = theme.palette();
            assert_eq!(option["legend"]["pageIconColor"], palette.ink);
            assert_eq!(option["legend"]["pageIconInactiveColor"], palette.other);
            assert_eq!(option["legend"]["pageTextStyle"]["color"], palette.ink);
        }
    }

    #[test]
    fn nothing_to_draw_is_no_chart() {
        assert_eq!(
            visibility_over_time(
                Language::English,
                Theme::Dark,
                &[trace("model-1", &[])],
                None,
                &[]
            ),
            None
        );
    }

    #[test]
    fn no_option_holds_code() {
        let option = draw(&[trace("model-1", &[1])], None).to_string();
        for word in ["function", "=>", "#*#"] {
            assert!(!option.contains(word), "{word}");
        }
    }
}
