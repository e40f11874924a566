//! A chart of lines as options of `ECharts`.
//!
//! Invariant: all that is drawn is lines, areas and words, at places that are reckoned out here:
//! the picture of a file is the picture on the page, whichever renderer makes it. No script in an
//! option (the page's policy forbids `eval`).

use serde_json::Value;

use super::axis::{Axis, label_step};
use super::frame::Frame;
use super::labels::{DISTANCE, pushed_apart, short_names};
use super::said::{axis_name, value_words};
use super::{ChartLine, ChartModel, Kind, counted};
use crate::canvas::options::{options, value};
use crate::model::language::Language;

/// Dashes of lines by their place in the stored order, so that colour is never all that tells them
/// apart.
const DASHES: [&[u32]; 6] = [&[], &[5, 3], &[2, 3], &[8, 3, 2, 3], &[1, 3], &[10, 4]];
/// From stroke to stroke where there are no answers, in pixels.
const HATCH: f64 = 7.0;
/// What a day below the axis needs, in pixels.
const DAY_ROOM: f64 = 76.0;
/// Letters of names at the ends of lines, on wide and on narrow pictures.
const LETTERS: [usize; 2] = [13, 5];

/// The colours and letters that a chart is drawn with, as the page's tokens have them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Colors {
    /// Of words.
    pub text: String,
    /// Of words that matter less.
    pub text_2: String,
    /// Of the lines across the plot.
    pub line: String,
    /// Of the hatching.
    pub line_2: String,
    /// Of the ground.
    pub surface: String,
    /// Of the brand's line.
    pub star: String,
    /// Of words about the brand.
    pub star_text: String,
    /// Of the marks of notes.
    pub ink: String,
    /// Of the number in such a mark.
    pub on_ink: String,
    /// Of the others, by their place in the stored order.
    pub series: Vec<String>,
    /// The letters.
    pub font: String,
}

impl Colors {
    /// The colours by a function that gives the value of a token.
    pub fn read(is_dark: bool, value_of: impl Fn(&str) -> String) -> Self {
        let token = |name: &str| shade(&value_of(name), is_dark).to_owned();
        Self {
            text: token("--text"),
            text_2: token("--text-2"),
            line: token("--line"),
            line_2: token("--line-2"),
            surface: token("--surface"),
            star: token("--star"),
            star_text: token("--star-text"),
            ink: token("--ink-fill"),
            on_ink: token("--on-ink"),
            series: (1..=6)
                .map(|number| token(&format!("--series-{number}")))
                .collect(),
            // It stands in attributes of what is drawn in shapes, where the other quotes end them.
            font: value_of("--sans").trim().replace('"', "'"),
        }
    }

    fn of(&self, line: &ChartLine) -> &str {
        if line.is_you {
            return &self.star;
        }
        let count = self.series.len().max(1);
        let slot = usize::from(line.slot.saturating_sub(1)) % count;
        self.series.get(slot).map_or(&self.text_2, |color| color)
    }
}

/// Which colour of the tokens a line has: `star`, or `series-1` to `series-6`.
pub fn token_of(slot: u8, is_you: bool) -> String {
    if is_you {
        return "star".to_owned();
    }
    format!("series-{}", slot.saturating_sub(1) % 6 + 1)
}

/// The colour of a theme in `light-dark(#aaa, #bbb)`; what is no such pair stays as it is.
fn shade(token: &str, is_dark: bool) -> &str {
    let token = token.trim();
    let pair = token
        .strip_prefix("light-dark(")
        .and_then(|rest| rest.strip_suffix(')'))
        .and_then(|pair| pair.split_once(','));
    match pair {
        Some((_, dark)) if is_dark => dark.trim(),
        Some((light, _)) => light.trim(),
        None => token,
    }
}

/// A place of a chart: across and up, or a gap.
fn pair(across: impl Into<Value>, up: impl Into<Value>) -> Value {
    Value::Array(vec![across.into(), up.into()])
}

/// What is drawn, for whom and how large.
#[derive(Clone, Copy, Debug)]
pub struct Drawing<'a> {
    /// The chart.
    pub model: &'a ChartModel,
    /// Where on the picture the plot is.
    pub frame: Frame,
    /// The colours.
    pub colors: &'a Colors,
    /// The language.
    pub language: Language,
}

impl Drawing<'_> {
    /// The options of the chart. With a title and a line below it: those of a file.
    pub fn option(&self, title: Option<(&str, &str)>) -> Value {
        let axis = Axis::of(self.model);
        let mut series = self.hatching(&axis);
        if self.model.is_sparse() {
            series.extend(self.whiskers());
        } else {
            series.extend(self.band());
            series.extend(self.lines());
        }
        let mut ends = self.ends(&axis);
        ends["markLine"] = self.notes();
        series.push(ends);
        let Frame {
            left,
            right,
            top,
            bottom,
            ..
        } = self.frame;
        options!({
            "animation": false,
            "backgroundColor": "transparent",
            "textStyle": { "fontFamily": self.colors.font, "color": self.colors.text_2, "fontSize": 11.5 },
            // The library is not to make room for anything: places are reckoned out without it.
            "grid": {
                "left": left, "right": right, "top": top, "bottom": bottom,
                "outerBoundsMode": "none",
            },
            "xAxis": self.days(),
            "yAxis": self.numbers(&axis, title),
            "series": series,
        })
    }

    fn buckets(&self) -> usize {
        self.model.buckets.len()
    }

    /// Two axes over one another: one place a bucket, and one for what stands between places. The
    /// middle of bucket 3 is 3 on both.
    fn days(&self) -> Value {
        let names: Vec<String> = self
            .model
            .buckets
            .iter()
            .map(|day| axis_name(self.language, self.model.bucket, *day))
            .collect();
        let step = label_step(self.buckets(), self.frame.plot_width(), DAY_ROOM);
        let places = options!({
            "type": "category",
            "data": names,
            "boundaryGap": true,
            "axisLine": { "onZero": false, "lineStyle": { "color": self.colors.line } },
            "axisTick": { "show": false },
            "axisLabel": { "interval": step - 1, "color": self.colors.text_2, "fontSize": 11.5 },
        });
        let between = options!({
            "type": "value",
            "min": -0.5,
            "max": counted(self.buckets().max(1)) - 0.5,
            "show": false,
        });
        Value::Array(vec![places, between])
    }

    fn numbers(&self, axis: &Axis, title: Option<(&str, &str)>) -> Value {
        let unit = match (self.model.kind, self.language) {
            (Kind::Percent, Language::English) => "{value}%",
            (Kind::Percent, Language::Spanish) => "{value}\u{a0}%",
            (Kind::Places | Kind::Score, _) => "{value}",
        };
        let mut numbers = options!({
            "type": "value",
            "min": axis.low,
            "max": axis.high,
            "interval": axis.step,
            "inverse": axis.is_inverse,
            "axisLabel": { "color": self.colors.text_2, "fontSize": 11.5, "formatter": unit },
            "splitLine": { "lineStyle": { "color": self.colors.line } },
        });
        if let Some((title, below)) = title {
            // The name of the axis is the title of the picture: it needs no part of the library of
            // its own.
            numbers["name"] = format!("{{title|{title}}}\n{{below|{below}}}").into();
            let end = if axis.is_inverse { "start" } else { "end" };
            numbers["nameLocation"] = end.into();
            numbers["nameGap"] = 30.into();
            numbers["nameTextStyle"] = options!({
                "align": "left",
                "padding": [0.0, 0.0, 0.0, 12.0 - self.frame.left],
                "rich": {
                    "title": { "fontSize": 15, "lineHeight": 22, "fontWeight": 600, "color": self.colors.text },
                    "below": { "fontSize": 12.5, "lineHeight": 18, "color": self.colors.text_2 },
                },
            });
        }
        numbers
    }

    /// A value as it is drawn, to four decimals.
    fn number(&self, of: f64) -> Value {
        value(&((self.model.kind.drawn(of) * 1e4).round() / 1e4))
    }

    /// One line a line, broken where there is no data. The last point is a dot, and so is one
    /// without neighbours.
    fn lines(&self) -> Vec<Value> {
        let lines = self.model.lines.iter();
        let drawn = lines.map(|line| {
            let last = line.last_place();
            let points = line.points.iter().enumerate().map(|(place, point)| {
                let Some(point) = point else {
                    return Value::from("-");
                };
                let value = self.number(point.value);
                if last == Some(place) || line.stands_alone(place) {
                    let size = if line.is_you { 8 } else { 5 };
                    options!({ "value": value, "symbol": "circle", "symbolSize": size })
                } else {
                    value
                }
            });
            let slot = usize::from(line.slot.saturating_sub(1));
            let dashes = DASHES[slot % DASHES.len()];
            let dash = if line.is_you || dashes.is_empty() {
                Value::from("solid")
            } else {
                value(dashes)
            };
            options!({
                "id": line.id,
                "name": line.name,
                "type": "line",
                "data": points.collect::<Vec<_>>(),
                "symbol": "none",
                "showAllSymbol": true,
                "silent": true,
                "z": if line.is_you { 4 } else { 3 },
                "itemStyle": { "color": self.colors.of(line) },
                "lineStyle": {
                    "color": self.colors.of(line),
                    "width": if line.is_you { 2.75 } else { 1.5 },
                    "type": dash,
                },
            })
        });
        drawn.collect()
    }

    /// The interval around the one line that has it, and around that alone: an unseen line at its
    /// lower end and, stacked on that, the distance to its upper end.
    fn band(&self) -> Vec<Value> {
        let Some(line) = self.model.with_band() else {
            return Vec::new();
        };
        let color = self.colors.of(line);
        let part = |end: &str, opacity: f64, value: &dyn Fn(f64, f64) -> f64| {
            let points = line.points.iter().map(|point| {
                let interval = point.as_ref().and_then(|point| point.interval);
                interval.map_or_else(
                    || Value::from("-"),
                    |interval| self.number(value(interval.low, interval.high)),
                )
            });
            options!({
                "id": format!("band-{end}"),
                "name": line.name,
                "type": "line",
                "data": points.collect::<Vec<_>>(),
                "stack": "band",
                // Balances may lie on both sides of nothing.
                "stackStrategy": "all",
                "symbol": "none",
                "silent": true,
                "z": 1,
                "lineStyle": { "width": 0 },
                "areaStyle": { "color": color, "opacity": opacity },
            })
        };
        vec![
            part("low", 0.0, &|low, _| low),
            part("high", 0.13, &|low, high| high - low),
        ]
    }

    /// Where there are too few points for lines: dots with their intervals, beside one another.
    fn whiskers(&self) -> Vec<Value> {
        let lines = counted(self.model.lines.len().max(1));
        let mut series = Vec::new();
        for (rank, line) in self.model.lines.iter().enumerate() {
            let shift = ((counted(rank) + 0.5) / lines - 0.5) * 0.6;
            let color = self.colors.of(line);
            let mut dots = Vec::new();
            let mut ends = Vec::new();
            for (place, point) in line.points.iter().enumerate() {
                let Some(point) = point else { continue };
                let across = counted(place) + shift;
                dots.push(pair(across, self.number(point.value)));
                if let Some(interval) = point.interval {
                    ends.push(pair(across, self.number(interval.low)));
                    ends.push(pair(across, self.number(interval.high)));
                    ends.push(pair("-", "-"));
                }
            }
            series.push(options!({
                "id": format!("whisker-{}", line.id),
                "name": line.name,
                "type": "line",
                "xAxisIndex": 1,
                "data": ends,
                "symbol": "rect",
                "symbolSize": [8.0, 1.5],
                "silent": true,
                "z": 2,
                "itemStyle": { "color": color },
                "lineStyle": { "color": color, "width": 1.5, "type": "solid" },
            }));
            series.push(options!({
                "id": line.id,
                "name": line.name,
                "type": "line",
                "xAxisIndex": 1,
                "data": dots,
                "symbol": "circle",
                "symbolSize": if line.is_you { 9 } else { 7 },
                "silent": true,
                "z": 3,
                "itemStyle": { "color": color },
                "lineStyle": { "width": 0 },
            }));
        }
        series
    }

    /// Strokes over the buckets without answers. They are drawn as one line with gaps: a pattern is
    /// a picture, which has to be loaded, and a file would be made before it is there.
    fn hatching(&self, axis: &Axis) -> Vec<Value> {
        let frame = self.frame;
        let bucket_width = frame.plot_width() / counted(self.buckets().max(1));
        let height = frame.plot_height();
        let mut strokes = Vec::new();
        for (first, last) in self.model.gaps() {
            let begin = counted(first) * bucket_width;
            let width = (counted(last) + 1.0 - counted(first)) * bucket_width;
            let mut sum = HATCH / 2.0;
            while sum < width + height {
                // A stroke is where both distances, right and down, add up to this.
                for right in [(sum - height).max(0.0), sum.min(width)] {
                    let across = (begin + right) / bucket_width - 0.5;
                    let number = axis.number((sum - right) / height);
                    strokes.push(pair(across, (number * 1e4).round() / 1e4));
                }
                strokes.push(pair("-", "-"));
                sum += HATCH;
            }
        }
        vec![options!({
            "id": "hatch",
            "name": "",
            "type": "line",
            "xAxisIndex": 1,
            "data": strokes,
            "symbol": "none",
            "silent": true,
            "z": 0,
            "lineStyle": { "color": self.colors.line_2, "width": 1, "type": "solid" },
        })]
    }

    /// Names and last values at the right edge, in the order of their heights and none over
    /// another.
    fn ends(&self, axis: &Axis) -> Value {
        let frame = self.frame;
        let ended: Vec<_> = self
            .model
            .lines
            .iter()
            .filter_map(|line| Some((line, line.ends()?.1)))
            .collect();
        let wanted: Vec<f64> = ended
            .iter()
            .map(|(_, point)| frame.down(axis, self.model.kind.drawn(point.value)))
            .collect();
        let bottom = frame.height - frame.bottom;
        let heights = pushed_apart(&wanted, DISTANCE, frame.top, bottom);
        let names: Vec<&str> = ended.iter().map(|(line, _)| line.name.as_str()).collect();
        let names = short_names(&names, LETTERS[usize::from(frame.is_narrow())]);
        let name_width = if frame.is_narrow() {
            Value::Null
        } else {
            value(&(frame.right - 56.0))
        };
        let at_edge = self.buckets().saturating_sub(1);
        let to_edge = frame.left + frame.plot_width() - frame.across(at_edge, self.buckets());
        let labels: Vec<Value> = ended
            .iter()
            .zip(names)
            .zip(wanted.iter().zip(heights))
            .map(|(((line, point), name), (wanted, height))| {
                let value = value_words(self.language, self.model.kind, point);
                let color = if line.is_you {
                    self.colors.star_text.as_str()
                } else {
                    self.colors.of(line)
                };
                let words = if frame.is_narrow() {
                    format!("{{name|{name} {value}}}")
                } else {
                    format!("{{name|{name}}}{{value|{value}}}")
                };
                options!({
                    "value": pair(at_edge, self.number(point.value)),
                    "label": {
                        "formatter": words,
                        "color": color,
                        "offset": [to_edge, height - wanted],
                        "rich": {
                            "name": {
                                "width": name_width,
                                "fontWeight": if line.is_you { 650 } else { 560 },
                            },
                            "value": { "width": 38, "align": "right", "fontWeight": 620 },
                        },
                    },
                })
            })
            .collect();
        options!({
            "id": "ends",
            "name": "",
            "type": "line",
            "data": labels,
            "symbol": "circle",
            "symbolSize": 1,
            "showAllSymbol": true,
            "silent": true,
            "z": 5,
            "itemStyle": { "color": "transparent" },
            "lineStyle": { "width": 0, "opacity": 0 },
            "label": { "show": true, "position": "right", "distance": 8, "fontSize": 11.5, "opacity": 1 },
        })
    }

    /// An upright line a note, with its number on the upper edge.
    fn notes(&self) -> Value {
        let data: Vec<Value> = self
            .model
            .notes
            .iter()
            .map(|note| options!({ "xAxis": note.place, "name": note.number.to_string() }))
            .collect();
        options!({
            "symbol": "none",
            "silent": true,
            "animation": false,
            "lineStyle": { "color": self.colors.ink, "type": [2, 3], "width": 1 },
            "label": {
                "formatter": "{b}",
                "position": "end",
                "distance": 4,
                "color": self.colors.on_ink,
                "backgroundColor": self.colors.ink,
                "borderRadius": 9,
                "width": 18,
                "height": 18,
                "lineHeight": 18,
                "align": "center",
                "fontSize": 11,
                "fontWeight": 620,
            },
            "data": data,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{line, model, point};
    use super::*;

    fn colors() -> Colors {
        Colors::read(false, |name| match name {
            "--star" => "light-dark(#e0791b, #ffb35c)".to_owned(),
            "--series-1" => "light-dark(#2776ad, #6db8ea)".to_owned(),
            _ => "#123456".to_owned(),
        })
    }

    fn drawn(model: &ChartModel, frame: Frame) -> Value {
        let colors = colors();
        let drawing = Drawing {
            model,
            frame,
            colors: &colors,
            language: Language::English,
        };
        drawing.option(None)
    }

    fn series<'a>(option: &'a Value, id: &str) -> &'a Value {
        option["series"]
            .as_array()
            .and_then(|all| all.iter().find(|series| series["id"] == id))
            .unwrap_or_else(|| panic!("no series {id} in {option}"))
    }

    fn numbers(series: &Value) -> Vec<Option<f64>> {
        let data = series["data"].as_array().expect("data");
        let value = |point: &Value| point.as_f64().or_else(|| point["value"].as_f64());
        data.iter().map(value).collect()
    }

    /// Seven lines: no symbols on them, and what is a dot is centred on its value. Names stand at
    /// their ends, so there is no legend that could be the wrong colour.
    #[test]
    fn many_lines_have_centred_dots_and_no_legend() {
        let mut model = model();
        let points = vec![Some(point(1.0, 0.95, 1.0)); 6];
        model.lines = (0..7)
            .map(|slot| line(&format!("entity-{slot}"), slot, points.clone()))
            .collect();
        let option = drawn(&model, Frame::of_page(786.0, 340.0));
        assert_eq!(option.get("legend"), None);
        for slot in 0..7 {
            let series = series(&option, &format!("entity-{slot}"));
            assert_eq!(series["symbol"], "none");
            for of in [series]
                .into_iter()
                .chain(series["data"].as_array().expect("data"))
            {
                assert!(of.get("symbolOffset").is_none(), "{of}");
                let symbol = of.get("symbol").and_then(Value::as_str);
                assert!(matches!(symbol, None | Some("none" | "circle")), "{of}");
            }
            let values = numbers(series);
            assert!(
                values.iter().all(|value| *value == Some(100.0)),
                "{values:?}"
            );
        }
    }

    #[test]
    fn the_band_lies_around_exactly_your_line() {
        let model = model();
        let option = drawn(&model, Frame::of_page(786.0, 340.0));
        let values = numbers(series(&option, "entity-1"));
        let low = numbers(series(&option, "band-low"));
        let width = numbers(series(&option, "band-high"));
        assert_eq!(values.len(), low.len());
        assert_eq!(values.iter().flatten().count(), 5);
        for ((value, low), width) in values.into_iter().zip(low).zip(width) {
            assert_eq!(value.is_some(), low.is_some());
            if let (Some(value), Some(low), Some(width)) = (value, low, width) {
                assert!(
                    low <= value && value <= low + width,
                    "{low} {value} {width}"
                );
            }
        }
    }

    #[test]
    fn days_without_answers_break_the_line_and_are_hatched() {
        let mut model = model();
        let frame = Frame::of_page(786.0, 340.0);
        let option = drawn(&model, frame);
        assert_eq!(series(&option, "entity-1")["data"][3], "-");
        let axis = Axis::of(&model);
        let strokes = series(&option, "hatch")["data"]
            .as_array()
            .expect("strokes");
        assert!(!strokes.is_empty());
        for stroke in strokes.iter().filter(|stroke| stroke[0] != "-") {
            let across = stroke[0].as_f64().expect("a place");
            let number = stroke[1].as_f64().expect("a number");
            assert!((2.499..=3.501).contains(&across), "{across}");
            assert!(
                (axis.low - 0.01..=axis.high + 0.01).contains(&number),
                "{number}"
            );
        }
        model.answers = vec![1; 6];
        let whole = drawn(&model, frame);
        assert_eq!(series(&whole, "hatch")["data"], json!([]));
    }

    #[test]
    fn few_points_are_dots_with_whiskers() {
        let mut model = model();
        for line in &mut model.lines {
            line.points.truncate(2);
        }
        let option = drawn(&model, Frame::of_page(786.0, 340.0));
        assert_eq!(series(&option, "entity-1")["lineStyle"]["width"], 0);
        let whiskers = series(&option, "whisker-entity-2");
        assert_eq!(whiskers["data"].as_array().map(Vec::len), Some(6));
        let mut all = option["series"].as_array().expect("series").iter();
        assert!(!all.any(|series| series["id"] == "band-low"));
    }

    #[test]
    fn colours_and_dashes_follow_the_stored_order() {
        let mut model = model();
        let points = model.lines[1].points.clone();
        model.lines.push(line("entity-8", 8, points));
        let option = drawn(&model, Frame::of_page(786.0, 340.0));
        assert_eq!(series(&option, "entity-1")["lineStyle"]["color"], "#e0791b");
        assert_eq!(series(&option, "entity-1")["lineStyle"]["type"], "solid");
        assert_eq!(series(&option, "entity-2")["lineStyle"]["color"], "#2776ad");
        assert_eq!(series(&option, "entity-2")["lineStyle"]["type"], "solid");
        assert_eq!(
            series(&option, "entity-8")["lineStyle"]["type"],
            json!([5, 3])
        );
        assert_eq!(token_of(8, false), "series-2");
        assert_eq!(token_of(0, true), "star");
    }

    #[test]
    fn names_stand_in_the_order_of_their_values() {
        let mut model = model();
        let points = model.lines[0].points.clone();
        model.lines[1].points = points;
        let option = drawn(&model, Frame::of_page(786.0, 340.0));
        let labels = series(&option, "ends")["data"].as_array().expect("labels");
        assert_eq!(
            labels[0]["label"]["formatter"],
            "{name|Name entity-1}{value|68%}"
        );
        let down = |index: usize| {
            labels[index]["label"]["offset"][1]
                .as_f64()
                .expect("an offset")
        };
        assert!((down(1) - down(0) - DISTANCE).abs() < 1e-6);
        let narrow = drawn(&model, Frame::of_page(358.0, 230.0));
        let label = &series(&narrow, "ends")["data"][0]["label"];
        assert_eq!(label["formatter"], "{name|Na…-1 68%}");
    }

    #[test]
    fn notes_are_numbered_on_the_upper_edge() {
        let option = drawn(&model(), Frame::of_page(786.0, 340.0));
        let notes = &series(&option, "ends")["markLine"];
        assert_eq!(notes["data"], json!([{ "xAxis": 2, "name": "1" }]));
    }

    #[test]
    fn the_first_place_is_drawn_on_top() {
        let mut model = model();
        model.kind = Kind::Places;
        model.lines = vec![line("entity-1", 0, vec![Some(point(2.0, 1.5, 2.5)); 6])];
        let option = drawn(&model, Frame::of_page(786.0, 340.0));
        assert_eq!(option["yAxis"]["inverse"], true);
        assert_eq!(option["yAxis"]["min"], 1.0);
    }

    #[test]
    fn a_file_has_its_title() {
        let model = model();
        let colors = colors();
        let drawing = Drawing {
            model: &model,
            frame: Frame::of_file(1_100.0, 520.0),
            colors: &colors,
            language: Language::Spanish,
        };
        let option = drawing.option(Some(("Visibilidad", "1 nov – 6 nov")));
        assert_eq!(
            option["yAxis"]["name"],
            "{title|Visibilidad}\n{below|1 nov – 6 nov}"
        );
        assert_eq!(option["yAxis"]["axisLabel"]["formatter"], "{value}\u{a0}%");
    }

    #[test]
    fn a_token_has_a_colour_a_theme() {
        assert_eq!(shade(" light-dark(#fff, #000)", true), "#000");
        assert_eq!(shade("light-dark(#fff, #000)", false), "#fff");
        assert_eq!(shade("#e0791b", true), "#e0791b");
    }
}
