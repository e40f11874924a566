//! What a chart of lines says in words: its box at a place, its text alternative, the line below
//! it, its table and its file.
//!
//! Invariant: values and intervals are written by `words::amount`, as everywhere else.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::axis::Axis;
use super::{ChartLine, ChartModel, ChartPoint, Kind};
use crate::model::language::Language;
use crate::model::metrics::Interval;
use crate::model::overview::Bucket;
use crate::texts::chart as texts;
use crate::words::amount::Amount;
use crate::words::dates::{long_day, month_and_year, short_day, week_day};
use crate::words::numbers::{decimal, signed, whole, with_percent_sign};

/// One line at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is of, as a word.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its colour.
    pub slot: u8,
    /// Whether it is the brand's.
    pub is_you: bool,
    /// Its value.
    pub value: String,
    /// Its interval, where one is drawn.
    pub interval: Option<String>,
    /// The number that its point stands at on the axis.
    pub number: f64,
}

/// What stands at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The bucket.
    pub title: String,
    /// How many answers it has.
    pub answers: String,
    /// All lines with a value there, the best first.
    pub rows: Vec<Row>,
}

impl Reading {
    /// What stands at a place of a chart; `None`: there is no such place.
    pub fn at(language: Language, model: &ChartModel, place: usize) -> Option<Self> {
        let count = *model.answers.get(place)?;
        let banded = model.with_band().map(|line| line.id.as_str());
        let rows = model.at(place).into_iter().map(|(line, point)| Row {
            id: line.id.clone(),
            name: line.name.clone(),
            slot: line.slot,
            is_you: line.is_you,
            value: value_words(language, model.kind, &point),
            interval: point
                .interval
                .filter(|_| banded == Some(line.id.as_str()))
                .map(|interval| interval_words(language, model.kind, &point, interval)),
            number: model.kind.drawn(point.value),
        });
        Some(Self {
            title: bucket_name(language, model, place)?,
            answers: answers(language, count),
            rows: rows.collect(),
        })
    }

    /// All of it in a line, for those who hear it.
    pub fn spoken(&self) -> String {
        let mut spoken = format!("{}, {}", self.title, self.answers);
        for row in &self.rows {
            let _ = write!(spoken, "; {} {}", row.name, row.value);
            if let Some(interval) = &row.interval {
                let _ = write!(spoken, " ({interval})");
            }
        }
        spoken
    }
}

/// How many answers, in the form for one or many.
pub fn answers(language: Language, count: i64) -> String {
    match count {
        0 => texts::NO_ANSWERS.get(language).to_owned(),
        1 => texts::ONE_ANSWER.get(language).to_owned(),
        _ => texts::ANSWERS.fill(language, &[("n", &whole(language, count))]),
    }
}

const fn amount(kind: Kind, value: f64) -> Amount {
    match kind {
        Kind::Percent => Amount::Share(value),
        Kind::Places => Amount::Place(value),
        Kind::Score => Amount::Balance(value),
    }
}

/// A value with its unit.
pub fn value_words(language: Language, kind: Kind, point: &ChartPoint) -> String {
    amount(kind, point.value).shown(language, point.interval)
}

/// The interval around a value, with its unit.
fn interval_words(
    language: Language,
    kind: Kind,
    point: &ChartPoint,
    interval: Interval,
) -> String {
    amount(kind, point.value).interval_words(language, interval)
}

/// A day with that of the week: `Sun 8 Nov`.
fn with_week_day(language: Language, day: NaiveDate) -> String {
    format!("{} {}", week_day(language, day), short_day(language, day))
}

/// Two days and all between them: `2 Nov – 8 Nov`.
fn days(language: Language, from: NaiveDate, to: NaiveDate) -> String {
    if from == to {
        return short_day(language, from);
    }
    format!(
        "{} – {}",
        short_day(language, from),
        short_day(language, to)
    )
}

/// What a bucket is called.
pub fn bucket_name(language: Language, model: &ChartModel, place: usize) -> Option<String> {
    let (from, to) = model.days_between(place, place)?;
    Some(match model.bucket {
        Bucket::Day => with_week_day(language, from),
        Bucket::SevenDays => {
            texts::SEVEN_DAYS_TO.fill(language, &[("day", &short_day(language, from))])
        }
        Bucket::Week => days(language, from, to),
        Bucket::Month => month_and_year(language, from),
    })
}

/// What stands below a bucket on the axis.
pub fn axis_name(language: Language, bucket: Bucket, day: NaiveDate) -> String {
    match bucket {
        Bucket::Month => month_and_year(language, day),
        Bucket::Day | Bucket::SevenDays | Bucket::Week => short_day(language, day),
    }
}

/// The whole chart in a few sentences: of the brand's line where it begins and ends, how much that
/// is, and its interval.
pub fn alternative(language: Language, measure: &str, model: &ChartModel) -> String {
    let banded = model.with_band();
    let Some((line, (first, last))) = banded.and_then(|line| Some((line, line.ends()?))) else {
        return texts::NOTHING_TO_DRAW.get(language).to_owned();
    };
    let value = |point| value_words(language, model.kind, point);
    let mut told = texts::ALTERNATIVE.fill(
        language,
        &[
            ("measure", &measure),
            ("name", &line.name),
            ("start", &value(&first)),
            ("end", &value(&last)),
            (
                "change",
                &difference(language, model.kind, last.value - first.value),
            ),
        ],
    );
    if let Some(interval) = last.interval {
        let interval = interval_words(language, model.kind, &last, interval);
        told.push(' ');
        told.push_str(&texts::ALTERNATIVE_INTERVAL.fill(language, &[("interval", &interval)]));
    }
    let others = model.lines.len() - 1;
    if others > 0 {
        told.push(' ');
        told.push_str(&match others {
            1 => texts::ALTERNATIVE_ONE_MORE.get(language).to_owned(),
            _ => texts::ALTERNATIVE_MORE.fill(language, &[("n", &others)]),
        });
    }
    told
}

/// How far the end is from the start: a fact about two values, no claim that anything changed.
fn difference(language: Language, kind: Kind, difference: f64) -> String {
    let (number, decimals, one, many) = match kind {
        Kind::Places => (
            (difference * 10.0).round() / 10.0,
            1,
            texts::ONE_PLACE,
            texts::PLACES,
        ),
        Kind::Percent | Kind::Score => (
            (difference * 100.0).round(),
            0,
            texts::ONE_POINT,
            texts::POINTS,
        ),
    };
    let is_one = (number.abs() - 1.0).abs() < 0.01;
    let form = if is_one { one } else { many };
    form.fill(language, &[("n", &signed(language, number, decimals))])
}

/// What has to be known to read the chart: which days it has, what a point is, where the axis
/// begins.
pub fn meta(language: Language, model: &ChartModel) -> String {
    let mut parts = Vec::new();
    if model.days_with_answers < model.days {
        parts.push(texts::DAYS_WITH_ANSWERS.fill(
            language,
            &[
                ("n", &whole(language, model.days_with_answers)),
                ("all", &whole(language, model.days)),
            ],
        ));
    }
    if model.bucket == Bucket::SevenDays {
        parts.push(texts::MEAN_OF_SEVEN.get(language).to_owned());
    }
    let axis = Axis::of(model);
    if axis.is_cut(model.kind) {
        let low = with_percent_sign(language, &decimal(language, axis.low, 0));
        parts.push(texts::AXIS_STARTS.fill(language, &[("low", &low)]));
    }
    if model.kind == Kind::Places {
        parts.push(texts::FIRST_ON_TOP.get(language).to_owned());
    }
    parts.join(" · ")
}

/// The days of a chart, and how many answers it is over.
pub fn period(language: Language, model: &ChartModel) -> String {
    let from = model.buckets.first().copied().unwrap_or(model.until);
    let words = format!(
        "{} – {}",
        long_day(language, from),
        long_day(language, model.until)
    );
    if model.bucket == Bucket::SevenDays {
        // Their answers overlap: they do not add up.
        return words;
    }
    let all = answers(language, model.answers.iter().sum());
    format!("{words} · {all}")
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// The bucket.
    pub bucket: String,
    /// The line's name.
    pub name: String,
    /// The value.
    pub value: String,
    /// Its interval; empty: none.
    pub interval: String,
    /// Out of how many.
    pub n: String,
}

/// Every value of the chart, the newest bucket first, within a bucket the best first.
pub fn table(language: Language, model: &ChartModel) -> Vec<TableRow> {
    let mut rows = Vec::new();
    for place in (0..model.buckets.len()).rev() {
        let bucket = bucket_name(language, model, place).unwrap_or_default();
        for (line, point) in model.at(place) {
            rows.push(TableRow {
                bucket: bucket.clone(),
                name: line.name.clone(),
                value: value_words(language, model.kind, &point),
                interval: point.interval.map_or_else(String::new, |interval| {
                    interval_words(language, model.kind, &point, interval)
                }),
                n: whole(language, point.n),
            });
        }
    }
    rows
}

/// Every value as comma-separated lines for programs: days as 2026-11-24, numbers with a point,
/// whichever language is spoken.
pub fn csv(model: &ChartModel) -> String {
    let mut file = "from,to,name,value,low,high,n\r\n".to_owned();
    for place in 0..model.buckets.len() {
        let Some((from, to)) = model.days_between(place, place) else {
            continue;
        };
        for ChartLine { name, points, .. } in &model.lines {
            let Some(point) = points.get(place).copied().flatten() else {
                continue;
            };
            let number = |value: f64| format!("{:.4}", model.kind.drawn(value));
            let (low, high) = point.interval.map_or_else(Default::default, |interval| {
                (number(interval.low), number(interval.high))
            });
            let value = number(point.value);
            let name = quoted(name);
            let _ = write!(file, "{from},{to},{name},{value},{low},{high},{}", point.n);
            file.push_str("\r\n");
        }
    }
    file
}

/// A text in quotes. One that a spreadsheet would take for a formula is no formula any more.
fn quoted(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{day, line, model, point};
    use super::*;

    const EN: Language = Language::English;
    const ES: Language = Language::Spanish;

    #[test]
    fn a_place_says_all_lines_by_value_and_your_interval() {
        let reading = Reading::at(EN, &model(), 2).expect("a place");
        assert_eq!(reading.title, "Tue 3 Nov");
        assert_eq!(reading.answers, "280 answers");
        let rows: Vec<(&str, &str, Option<&str>)> = reading
            .rows
            .iter()
            .map(|row| {
                (
                    row.name.as_str(),
                    row.value.as_str(),
                    row.interval.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                ("Name entity-2", "70%", None),
                ("Name entity-1", "64%", Some("58–69%")),
            ]
        );
        assert_eq!(
            reading.spoken(),
            "Tue 3 Nov, 280 answers; Name entity-2 70%; Name entity-1 64% (58–69%)"
        );
        let empty = Reading::at(ES, &model(), 3).expect("a place");
        assert_eq!(
            (empty.answers.as_str(), empty.rows.len()),
            ("sin respuestas", 0)
        );
        assert_eq!(Reading::at(EN, &model(), 6), None);
    }

    #[test]
    fn a_place_says_a_value_within_its_interval() {
        let mut model = model();
        model.lines = vec![line(
            "entity-1",
            0,
            vec![Some(point(0.999, 0.9967, 1.0)); 6],
        )];
        let reading = Reading::at(EN, &model, 0).expect("a place");
        assert_eq!(reading.rows[0].value, "99.9%");
        assert_eq!(reading.rows[0].interval.as_deref(), Some("99.7–100.0%"));
        model.kind = Kind::Score;
        let reading = Reading::at(ES, &model, 0).expect("a place");
        assert_eq!(reading.rows[0].value, "+99,9");
    }

    #[test]
    fn buckets_are_called_by_what_they_are() {
        let mut model = model();
        model.bucket = Bucket::SevenDays;
        assert_eq!(
            bucket_name(EN, &model, 5).as_deref(),
            Some("7 days to 6 Nov")
        );
        model.bucket = Bucket::Week;
        model.buckets = vec![day(11, 4), day(11, 9)];
        model.until = day(11, 12);
        assert_eq!(bucket_name(EN, &model, 0).as_deref(), Some("4 Nov – 8 Nov"));
        assert_eq!(
            bucket_name(EN, &model, 1).as_deref(),
            Some("9 Nov – 12 Nov")
        );
        model.bucket = Bucket::Month;
        assert_eq!(bucket_name(ES, &model, 0).as_deref(), Some("nov 2026"));
    }

    #[test]
    fn the_alternative_says_start_end_change_and_interval() {
        assert_eq!(
            alternative(EN, "Visibility", &model()),
            "Visibility of Name entity-1: 60% at the start, 68% at the end, +8 points. \
             95% interval at the end: 62–73%. 1 more line is in the table."
        );
        assert_eq!(
            alternative(ES, "Visibilidad", &model()),
            "Visibilidad de Name entity-1: 60\u{a0}% al principio, 68\u{a0}% al final, +8 puntos. \
             Intervalo del 95\u{a0}% al final: 62–73\u{a0}%. Hay 1 línea más en la tabla."
        );
        assert_eq!(
            alternative(EN, "Visibility", &ChartModel::default()),
            "No data in this period."
        );
    }

    #[test]
    fn a_difference_has_a_form_for_one() {
        assert_eq!(difference(EN, Kind::Percent, 0.01), "+1 point");
        assert_eq!(difference(EN, Kind::Percent, 0.0), "0 points");
        assert_eq!(difference(EN, Kind::Places, -1.0), "−1.0 place");
        assert_eq!(difference(ES, Kind::Places, 0.3), "+0,3 puestos");
    }

    #[test]
    fn the_line_below_says_what_is_not_seen() {
        assert_eq!(
            meta(EN, &model()),
            "5 of 6 days have answers · axis starts at 55%"
        );
        let mut model = model();
        model.days_with_answers = 6;
        model.kind = Kind::Places;
        model.bucket = Bucket::SevenDays;
        model.lines = vec![line("entity-1", 0, vec![Some(point(2.0, 1.8, 2.4)); 6])];
        assert_eq!(meta(EN, &model), "7-day averages · 1 is at the top");
    }

    #[test]
    fn the_table_has_every_value_once() {
        let rows = table(EN, &model());
        assert_eq!(rows.len(), 9);
        assert_eq!(rows[0].bucket, "Fri 6 Nov");
        assert_eq!(rows[1].name, "Name entity-1");
        assert_eq!(rows[1].interval, "57–68%");
        assert_eq!(rows[1].n, "280");
    }

    #[test]
    fn the_file_is_for_programs() {
        let mut model = model();
        model.lines[1].name = "=\"Halden\", Roasters".to_owned();
        let file = csv(&model);
        let lines: Vec<&str> = file.split("\r\n").collect();
        assert_eq!(lines.len(), 1 + 9 + 1);
        assert_eq!(lines[0], "from,to,name,value,low,high,n");
        assert_eq!(
            lines[1],
            "2026-11-01,2026-11-01,\"Name entity-1\",60.0000,55.0000,66.0000,280"
        );
        assert!(lines[2].contains("\"'=\"\"Halden\"\", Roasters\""));
    }

    #[test]
    fn a_period_says_its_days_and_answers() {
        assert_eq!(
            period(EN, &model()),
            "1 Nov 2026 – 6 Nov 2026 · 1,260 answers"
        );
    }
}
