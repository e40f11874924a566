//! From the lines as they travel to a chart of lines, and the words of what is measured.
//!
//! Invariant: pure.

use chrono::Days;

use crate::canvas::lines::{ChartLine, ChartModel, ChartNote, ChartPoint, Kind};
use crate::model::language::Language;
use crate::model::metrics::Interval;
use crate::model::overview::{
    Bucket, ChartMetric, ChartSeries, LineKey, MOST_LINES, NoteKind, SeriesLine, SeriesPoint, Split,
};
use crate::order;
use crate::texts::{Text, chart as texts, dashboard};
use crate::words::dates::short_day;
use crate::words::rhythm;

/// What is measured, in a word or two.
pub const fn metric_name(metric: ChartMetric) -> Text {
    match metric {
        ChartMetric::Visibility => dashboard::VISIBILITY,
        ChartMetric::ShareOfVoice => dashboard::SHARE_OF_VOICE,
        ChartMetric::Position => texts::POSITION,
        ChartMetric::Sentiment => dashboard::TONE,
        ChartMetric::Citations => texts::CITATIONS,
    }
}

/// How it is counted.
pub const fn metric_definition(metric: ChartMetric) -> Text {
    match metric {
        ChartMetric::Visibility => dashboard::DEFINES_VISIBILITY,
        ChartMetric::ShareOfVoice => dashboard::DEFINES_SHARE_OF_VOICE,
        ChartMetric::Position => dashboard::DEFINES_AVERAGE_POSITION,
        ChartMetric::Sentiment => dashboard::DEFINES_TONE,
        ChartMetric::Citations => texts::DEFINES_CITATIONS,
    }
}

/// What each line is of.
pub const fn split_name(split: Split) -> Text {
    match split {
        Split::Brands => texts::BRANDS,
        Split::Models => texts::MODELS,
        Split::Topics => texts::TOPICS,
    }
}

/// What a place on the axis is. A mean of seven days is what a long period by day looks like.
pub const fn bucket_name(bucket: Bucket) -> Text {
    match bucket {
        Bucket::Day | Bucket::SevenDays => dashboard::DAY,
        Bucket::Week => texts::WEEK,
        Bucket::Month => texts::MONTH,
    }
}

const fn kind(metric: ChartMetric) -> Kind {
    match metric {
        ChartMetric::Visibility | ChartMetric::ShareOfVoice | ChartMetric::Citations => {
            Kind::Percent
        }
        ChartMetric::Position => Kind::Places,
        ChartMetric::Sentiment => Kind::Score,
    }
}

/// A line as a word: `entity-3`.
pub fn word_of(key: &LineKey) -> String {
    match key {
        LineKey::Entity(id) => format!("entity-{id}"),
        LineKey::Model(id) => format!("model-{id}"),
        LineKey::Topic(name) => format!("topic-{name}"),
    }
}

/// Whether a line is of what a chart is split by.
pub const fn is_of(key: &LineKey, split: Split) -> bool {
    matches!(
        (key, split),
        (LineKey::Entity(_), Split::Brands)
            | (LineKey::Model(_), Split::Models)
            | (LineKey::Topic(_), Split::Topics)
    )
}

/// The place of a line's colour, from 1: among brands the first one of the stored order is the
/// brand, which has a colour of its own.
const fn slot_of(key: &LineKey, slot: u8) -> u8 {
    match key {
        LineKey::Entity(_) => slot,
        LineKey::Model(_) | LineKey::Topic(_) => slot.saturating_add(1),
    }
}

/// The chart of some lines. Notes that are hidden keep their number.
pub fn model(
    language: Language,
    metric: ChartMetric,
    series: &ChartSeries,
    hidden: &[String],
) -> ChartModel {
    let days = u64::try_from(series.days - 1).unwrap_or_default();
    let first = series.buckets.first().copied().unwrap_or_default();
    let mut model = ChartModel {
        kind: kind(metric),
        bucket: series.bucket,
        buckets: series.buckets.clone(),
        until: first.checked_add_days(Days::new(days)).unwrap_or(first),
        answers: series.answers.clone(),
        lines: series.lines.iter().map(line).collect(),
        notes: Vec::new(),
        days_with_answers: series.days_with_answers,
        days: series.days,
    };
    for (index, note) in series.notes.iter().enumerate() {
        let Some(place) = model.place_of(note.day) else {
            continue;
        };
        if !hidden.contains(&note.id) {
            let day = short_day(language, note.day);
            model.notes.push(ChartNote {
                id: note.id.clone(),
                number: index + 1,
                place,
                day: note.day,
                text: format!("{day}: {}", note_words(language, &note.kind)),
                written: match note.kind {
                    NoteKind::Written { note_id, .. } => Some(note_id),
                    _ => None,
                },
            });
        }
    }
    model
}

fn line(line: &SeriesLine) -> ChartLine {
    ChartLine {
        id: word_of(&line.key),
        name: line.name.clone(),
        slot: slot_of(&line.key, line.slot),
        is_you: line.is_you,
        points: line
            .points
            .iter()
            .map(|point| point.as_ref().and_then(chart_point))
            .collect(),
    }
}

fn chart_point(point: &SeriesPoint) -> Option<ChartPoint> {
    let value = point.ratio().value()?;
    Some(ChartPoint {
        value,
        // Of what travels as a decimal the last digit may be another.
        interval: point.interval.map(|interval| Interval {
            low: interval.low.min(value),
            high: interval.high.max(value),
        }),
        n: point.denominator,
    })
}

fn note_words(language: Language, kind: &NoteKind) -> String {
    match kind {
        NoteKind::ModelNew { name } => texts::NOTE_MODEL_NEW.fill(language, &[("name", name)]),
        NoteKind::ModelChanged { name, served } => {
            texts::NOTE_MODEL_CHANGED.fill(language, &[("name", name), ("served", served)])
        }
        NoteKind::ReadAgain { added, removed } => {
            let mut parts = Vec::new();
            if !added.is_empty() {
                let names = added.join(", ");
                parts.push(texts::NOTE_ADDED.fill(language, &[("names", &names)]));
            }
            if !removed.is_empty() {
                let names = removed.join(", ");
                parts.push(texts::NOTE_REMOVED.fill(language, &[("names", &names)]));
            }
            parts.push(texts::NOTE_READ_AGAIN.get(language).to_owned());
            parts.join(", ")
        }
        NoteKind::JudgeChanged { old, new } => {
            let text = match (old.is_empty(), new.is_empty()) {
                (true, _) => texts::NOTE_JUDGE_ON,
                (false, true) => texts::NOTE_JUDGE_OFF,
                (false, false) => texts::NOTE_JUDGE_CHANGED,
            };
            text.fill(language, &[("old", old), ("new", new)])
        }
        NoteKind::ScheduleChanged { old, new } => {
            let said = |expression: &str| rhythm::said(language, expression);
            texts::NOTE_SCHEDULE_CHANGED.fill(language, &[("old", &said(old)), ("new", &said(new))])
        }
        NoteKind::Written { text, author, .. } => match author {
            Some(author) => format!("{text} ({author})"),
            None => text.clone(),
        },
    }
}

/// A line that may be shown or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it is of.
    pub key: LineKey,
    /// Its name.
    pub name: String,
    /// Its colour.
    pub slot: u8,
    /// Whether it is the brand's.
    pub is_you: bool,
    /// Whether it is shown.
    pub is_shown: bool,
}

/// All lines that there are, in the stored order.
pub fn choices(series: &ChartSeries) -> Vec<Choice> {
    let shown = series.lines.iter().map(|line| Choice {
        key: line.key.clone(),
        name: line.name.clone(),
        slot: slot_of(&line.key, line.slot),
        is_you: line.is_you,
        is_shown: true,
    });
    let left_out = series.left_out.iter().map(|line| Choice {
        key: line.key.clone(),
        name: line.name.clone(),
        slot: slot_of(&line.key, line.slot),
        is_you: line.is_you,
        is_shown: false,
    });
    let mut choices: Vec<Choice> = shown.chain(left_out).collect();
    order::sort_by_key(&mut choices, |choice| (!choice.is_you, choice.slot));
    choices
}

/// The lines to ask for after one was shown or hidden. The last one stays, and no more are shown
/// than a chart has room for.
pub fn toggled(choices: &[Choice], key: &LineKey) -> Vec<LineKey> {
    let shown_then = choices
        .iter()
        .filter(|choice| choice.is_shown != (choice.key == *key));
    let keys: Vec<LineKey> = shown_then.map(|choice| choice.key.clone()).collect();
    if keys.is_empty() || keys.len() > MOST_LINES {
        let shown = choices.iter().filter(|choice| choice.is_shown);
        return shown.map(|choice| choice.key.clone()).collect();
    }
    keys
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::model::overview::{LineName, Note};

    const EN: Language = Language::English;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).expect("a day")
    }

    fn point(numerator: i64, denominator: i64) -> SeriesPoint {
        SeriesPoint {
            numerator,
            denominator,
            interval: Some(Interval {
                low: 0.5,
                high: 0.75,
            }),
        }
    }

    fn series_line(id: i64, name: &str, slot: u8, points: Vec<Option<SeriesPoint>>) -> SeriesLine {
        SeriesLine {
            key: LineKey::Entity(id.into()),
            name: name.to_owned(),
            is_you: slot == 0,
            slot,
            points,
        }
    }

    fn series() -> ChartSeries {
        ChartSeries {
            bucket: Bucket::Week,
            buckets: vec![day(4), day(9)],
            answers: vec![40, 0],
            lines: vec![
                series_line(7, "Kornfeld", 0, vec![Some(point(30, 40)), None]),
                series_line(9, "Halden", 2, vec![Some(point(20, 40)), None]),
            ],
            left_out: vec![LineName {
                key: LineKey::Entity(8.into()),
                name: "Oakline".to_owned(),
                is_you: false,
                slot: 1,
            }],
            notes: vec![
                Note {
                    id: "new".to_owned(),
                    day: day(5),
                    kind: NoteKind::ModelNew {
                        name: "Sonar".to_owned(),
                    },
                },
                Note {
                    id: "again".to_owned(),
                    day: day(11),
                    kind: NoteKind::ReadAgain {
                        added: vec!["Oakline".to_owned(), "Halden".to_owned()],
                        removed: Vec::new(),
                    },
                },
            ],
            days_with_answers: 3,
            days: 9,
            last_day: Some(day(6)),
            is_judged: false,
        }
    }

    #[test]
    fn a_chart_has_what_travelled() {
        let model = model(EN, ChartMetric::Visibility, &series(), &[]);
        assert_eq!(model.until, day(12));
        assert_eq!(model.gaps(), [(1, 1)]);
        let yours = model.yours().expect("the brand's line");
        assert_eq!((yours.id.as_str(), yours.slot), ("entity-7", 0));
        let first = yours.points[0].expect("a value");
        assert!((first.value - 0.75).abs() < f64::EPSILON && first.n == 40);
        for line in &model.lines {
            for point in line.points.iter().flatten() {
                let interval = point.interval.expect("an interval");
                assert!(interval.holds(point.value));
            }
        }
    }

    #[test]
    fn notes_say_what_happened_and_keep_their_number() {
        let told = |hidden: &[String]| -> Vec<(usize, usize, String)> {
            let model = model(EN, ChartMetric::Position, &series(), hidden);
            let notes = model.notes.into_iter();
            notes
                .map(|note| (note.number, note.place, note.text))
                .collect()
        };
        let second = (
            2,
            1,
            "11 Nov: Oakline, Halden added, older answers read again".to_owned(),
        );
        assert_eq!(
            told(&[]),
            [(1, 0, "5 Nov: Sonar is new".to_owned()), second.clone()]
        );
        assert_eq!(told(&["new".to_owned()]), [second]);
    }

    #[test]
    fn kept_notes_say_who_wrote_them_and_what_a_setting_became() {
        let said = |kind: &NoteKind| note_words(EN, kind);
        let judge = |old: &str, new: &str| {
            said(&NoteKind::JudgeChanged {
                old: old.to_owned(),
                new: new.to_owned(),
            })
        };
        assert_eq!(judge("", "Sonar"), "Judge switched on: Sonar");
        assert_eq!(judge("Sonar", ""), "Judge switched off");
        assert_eq!(judge("Sonar", "Haiku"), "Judge changed: Sonar → Haiku");
        let schedule = NoteKind::ScheduleChanged {
            old: "0 4 * * *".to_owned(),
            new: String::new(),
        };
        assert_eq!(
            said(&schedule),
            "Schedule changed: Every day, 04:00 → Only by hand"
        );
        let written = |author: Option<&str>| NoteKind::Written {
            note_id: 1.into(),
            text: "New site".to_owned(),
            author: author.map(str::to_owned),
        };
        assert_eq!(said(&written(None)), "New site");
        let by_ana = written(Some("ana@example.com"));
        assert_eq!(said(&by_ana), "New site (ana@example.com)");
    }

    #[test]
    fn models_have_colours_from_the_first_on() {
        assert_eq!(slot_of(&LineKey::Model(1.into()), 0), 1);
        assert_eq!(slot_of(&LineKey::Entity(1.into()), 1), 1);
        assert!(is_of(&LineKey::Topic("price".to_owned()), Split::Topics));
        assert!(!is_of(&LineKey::Topic("price".to_owned()), Split::Models));
    }

    #[test]
    fn lines_are_shown_and_hidden() {
        let choices = choices(&series());
        let names: Vec<&str> = choices.iter().map(|choice| choice.name.as_str()).collect();
        assert_eq!(names, ["Kornfeld", "Oakline", "Halden"]);
        let entity = |id: i64| LineKey::Entity(id.into());
        assert_eq!(
            toggled(&choices, &entity(8)),
            [entity(7), entity(8), entity(9)]
        );
        assert_eq!(toggled(&choices, &entity(9)), [entity(7)]);
        let one: Vec<Choice> = choices.into_iter().take(1).collect();
        assert_eq!(toggled(&one, &entity(7)), [entity(7)]);
    }
}
