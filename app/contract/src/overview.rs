//! What the overview says of a period: a sentence, what changed, small trends, and the lines of its
//! chart. It is asked for with a [`DashboardQuery`].
//!
//! Invariant: facts, no words. `app/src/words/sentence.rs` and `moved.rs` make the words.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::dashboard::{Dashboard, DashboardQuery};
use super::ids::{EntityId, ModelId, NoteId, ProjectId, PromptId};
use super::metrics::{Change, Interval, Metric, Ratio};
use super::project::ProjectFrame;
use super::provider::Provider;
use crate::words;

/// Answers below which nothing is said of a period but that it is too early.
pub const ENOUGH_ANSWERS: i64 = 30;
/// Lines of what changed at most.
pub const MOST_MOVES: usize = 3;
/// Points of a small trend at most.
pub const MOST_SPARKS: usize = 30;
/// Notes of a chart at most, beside those that people have written: the newest.
pub const MOST_NOTES: usize = 60;
/// Questions to work on at most.
pub const MOST_GAPS: usize = 3;
/// Projects that are shown side by side at once at most.
pub const MOST_HOME_ROWS: usize = 50;
/// Lines of a chart before anybody has chosen.
pub const FIRST_LINES: usize = 6;
/// Lines that can be asked for at once: all models of a project.
pub const MOST_LINES: usize = 24;
/// Places on the axis of a chart at most; a longer period is drawn by week.
pub const MOST_BUCKETS: i64 = 400;

/// All that the first screen of a project shows.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct Overview {
    /// The numbers of the period: cards, models, days of each.
    pub dashboard: Dashboard,
    /// The facts of the sentence.
    pub headline: Headline,
    /// What changed beyond noise, the largest first, at most [`MOST_MOVES`]; empty: nothing did, or
    /// there is no earlier period.
    pub moves: Vec<Move>,
    /// The trends of the cards. Those of models are in the days of [`Dashboard::models`].
    pub sparks: Vec<Spark>,
    /// Who is named, the brand and every competitor, most answers first.
    pub brands: Vec<BrandRow>,
    /// Questions whose answers name a competitor clearly more often than the brand, those where it
    /// is plainest first, at most [`MOST_GAPS`].
    pub to_work_on: Vec<Gap>,
    /// The chart that the page opens with: visibility by brand, the [`Bucket`] by the length of the
    /// period ([`Bucket::of_days`]), notes included. The same as `overview/series` replies to
    /// [`SeriesQuery::first`].
    pub chart: ChartSeries,
    /// What stands around it, where that was asked for too.
    pub frame: Option<ProjectFrame>,
}

/// The facts of the sentence on top.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct Headline {
    /// The brand's name.
    pub brand: String,
    /// Answers that name it out of all.
    pub visibility: Ratio,
    /// The 95 % interval of that, with prompts as clusters.
    pub interval: Option<Interval>,
    /// How visibility moved since the earlier period.
    pub trend: Trend,
    /// Where the brand stands among all brands.
    pub rank: RankClaim,
    /// Answers in the period.
    pub answers: i64,
    /// Questions that they answer.
    pub questions: i64,
    /// When the project runs next by itself.
    pub next_run: Option<DateTime<Utc>>,
    /// The newest day before or in the period that has answers; `None`: there never was one.
    pub last_day: Option<NaiveDate>,
    /// The earlier period that is compared with; `None`: with nothing, or it has no answers.
    pub earlier: Option<Span>,
}

impl Headline {
    /// Whether there are too few answers to say anything.
    pub const fn is_too_early(&self) -> bool {
        self.answers < ENOUGH_ANSWERS
    }
}

/// Two days and all between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Span {
    /// First day, in the workspace's time zone.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Span {
    /// Number of days, both ends included.
    pub fn days(self) -> i64 {
        (self.to - self.from).num_days() + 1
    }
}

/// What may be said of how a number moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    /// There is nothing to compare with: nothing is said.
    #[default]
    NoEarlier,
    /// Chance may have moved it.
    Unclear,
    /// It moved to the better, by so much in its own unit (0.09: nine points); always above 0.
    Improved(f64),
    /// It moved to the worse, by so much; always above 0.
    Worsened(f64),
}

/// What may be said of the brand's place among all brands, by visibility in answers to questions
/// that do not name the brand. A place is only said where the brand is apart from every other one
/// beyond noise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankClaim {
    /// Nothing: nobody to compare with, nobody is named, or too few answers.
    #[default]
    Nothing,
    /// It stands above each of the others.
    Leads {
        /// How many brands there are, with the brand.
        of: u32,
    },
    /// It is not apart from this one; of several, the one whose visibility is nearest.
    Level {
        /// The competitor.
        entity_id: EntityId,
        /// Its name.
        name: String,
    },
    /// It stands below `place - 1` others and above the rest.
    Place {
        /// 2 is the second.
        place: u32,
        /// How many brands there are, with the brand.
        of: u32,
    },
}

/// One line of what changed.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct Move {
    /// What it is about.
    pub subject: MoveSubject,
    /// How the share moved: visibility of the brand with a model or in a question, of a competitor
    /// in all answers, or the share of answers that cite a source. `None`: another kind of event.
    pub change: Option<Change>,
    /// The answers that show it.
    pub evidence: Evidence,
}

/// What a line of what changed is about. It travels as [`MoveWords`], as notes do as [`NoteWords`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "MoveWords", try_from = "MoveWords")]
pub enum MoveSubject {
    /// The brand in the answers of one model.
    Model {
        /// The model.
        model_id: ModelId,
        /// Its name.
        name: String,
        /// Its provider.
        provider: Provider,
    },
    /// The brand in the answers to one question.
    Question {
        /// The prompt.
        prompt_id: PromptId,
        /// The question.
        text: String,
    },
    /// A competitor in all answers.
    Brand {
        /// The competitor.
        entity_id: EntityId,
        /// Its name.
        name: String,
    },
    /// A domain that both periods cite.
    Source {
        /// The registrable domain.
        domain: String,
        /// Whether it is the brand's own.
        is_own: bool,
    },
    /// A domain that no answer before this period cited, and so many do now that chance does not
    /// explain it.
    NewSource {
        /// The registrable domain.
        domain: String,
        /// Whether it is the brand's own.
        is_own: bool,
        /// The first day that an answer cited it.
        first_seen: NaiveDate,
    },
    /// Another model began to answer under a model's name: its numbers are not compared.
    ModelChanged {
        /// The model that is asked.
        model_id: ModelId,
        /// Its name.
        name: String,
        /// The model that answers from then on, as the provider names it.
        served: String,
        /// The first day.
        day: NaiveDate,
    },
}

/// What a line is about on its way: its kind, an id, what it is called, one word more, whether it is
/// the brand's own, and a day.
type MoveWords = (String, i64, String, String, bool, Option<NaiveDate>);

impl From<MoveSubject> for MoveWords {
    fn from(subject: MoveSubject) -> Self {
        let nothing = String::new;
        let (kind, id, name, more, is_own, day) = match subject {
            MoveSubject::Model {
                model_id,
                name,
                provider,
            } => {
                let provider = provider.slug().to_owned();
                ("model", model_id.0, name, provider, false, None)
            }
            MoveSubject::Question { prompt_id, text } => {
                ("question", prompt_id.0, text, nothing(), false, None)
            }
            MoveSubject::Brand { entity_id, name } => {
                ("brand", entity_id.0, name, nothing(), false, None)
            }
            MoveSubject::Source { domain, is_own } => {
                ("source", 0, domain, nothing(), is_own, None)
            }
            MoveSubject::NewSource {
                domain,
                is_own,
                first_seen,
            } => ("new_source", 0, domain, nothing(), is_own, Some(first_seen)),
            MoveSubject::ModelChanged {
                model_id,
                name,
                served,
                day,
            } => ("model_changed", model_id.0, name, served, false, Some(day)),
        };
        (kind.to_owned(), id, name, more, is_own, day)
    }
}

impl TryFrom<MoveWords> for MoveSubject {
    type Error = &'static str;

    fn try_from((kind, id, name, more, is_own, day): MoveWords) -> Result<Self, Self::Error> {
        match kind.as_str() {
            "model" => Ok(Self::Model {
                model_id: ModelId(id),
                name,
                provider: more.parse().map_err(|_| "an unknown provider")?,
            }),
            "question" => Ok(Self::Question {
                prompt_id: PromptId(id),
                text: name,
            }),
            "brand" => Ok(Self::Brand {
                entity_id: EntityId(id),
                name,
            }),
            "source" => Ok(Self::Source {
                domain: name,
                is_own,
            }),
            "new_source" => Ok(Self::NewSource {
                domain: name,
                is_own,
                first_seen: day.ok_or("a new source without its day")?,
            }),
            "model_changed" => Ok(Self::ModelChanged {
                model_id: ModelId(id),
                name,
                served: more,
                day: day.ok_or("another model without its day")?,
            }),
            _ => Err("an unknown kind of change"),
        }
    }
}

/// Which answers show a line of what changed: filters of the page of answers. What is not set does
/// not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Evidence {
    /// First day; `None`: that of the page.
    pub from: Option<NaiveDate>,
    /// Only this model.
    pub model_id: Option<ModelId>,
    /// Only this question.
    pub prompt_id: Option<PromptId>,
    /// Only answers that name this entity.
    pub entity_id: Option<EntityId>,
    /// Only answers that name the brand (`true`: it was won), or that do not (`false`: lost).
    pub mentioned: Option<bool>,
    /// Only answers that cite this domain.
    pub domain: Option<String>,
}

/// The trend of one number over the period, at most [`MOST_SPARKS`] points of equal length in days
/// (the last may be shorter).
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct Spark {
    /// The number.
    pub metric: Metric,
    /// One a stretch of days, the first first; `None`: no data.
    pub points: Vec<Option<Ratio>>,
}

/// One brand of "who is named".
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct BrandRow {
    /// Entity.
    pub entity_id: EntityId,
    /// Name.
    pub name: String,
    /// Whether it is the brand.
    pub is_brand: bool,
    /// Its place in the stored order, which is its colour everywhere: 0 is the brand.
    pub slot: u8,
    /// Answers that name it out of all.
    pub visibility: Ratio,
    /// The 95 % interval of that, with prompts as clusters.
    pub interval: Option<Interval>,
    /// How it moved since the earlier period, judged together with all lines of what changed.
    pub change: Change,
    /// Its trend: as [`Spark::points`].
    pub points: Vec<Option<Ratio>>,
}

/// A question whose answers name a competitor clearly more often than the brand: the intervals of
/// both shares have nothing in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Gap {
    /// Prompt.
    pub prompt_id: PromptId,
    /// The question.
    pub text: String,
    /// The competitor that most of its answers name.
    pub entity_id: EntityId,
    /// Its name.
    pub name: String,
    /// Answers that name that competitor out of all.
    pub theirs: Ratio,
    /// Answers that name the brand out of all.
    pub yours: Ratio,
}

/// The numbers of one project in a list of projects, over all its models that are pooled.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct HomeRow {
    /// The project.
    pub project_id: ProjectId,
    /// Answers in the period.
    pub answers: i64,
    /// Answers that name the brand out of all.
    pub visibility: Ratio,
    /// The 95 % interval of that, with prompts as clusters.
    pub interval: Option<Interval>,
    /// How visibility moved since the days before.
    pub trend: Trend,
    /// Its trend: as [`Spark::points`].
    pub points: Vec<Option<Ratio>>,
    /// The brand's part of all mentions, in answers to questions that do not name it.
    pub share_of_voice: Ratio,
    /// How many answers that rests on.
    pub share_answers: i64,
    /// Mean place in real lists.
    pub position: Ratio,
    /// Praise less blame: by the judge where there are verdicts, else by rules.
    pub sentiment: Ratio,
    /// The largest change beyond noise.
    pub top_move: Option<Move>,
}

words! {
    /// What a chart measures.
    #[derive(Default)]
    ChartMetric {
        /// Answers that name the line's entity / answers.
        #[default]
        Visibility = "visibility",
        /// Its part of all mentions, in answers to questions that do not name the brand.
        ShareOfVoice = "share_of_voice",
        /// Mean place in real lists: 1 is the best.
        Position = "position",
        /// Praise less blame, -1 to 1: by the judge where there are verdicts, else by rules.
        Sentiment = "sentiment",
        /// Answers that link to the brand's domains / answers. By brand: of the brand alone.
        Citations = "citations",
    }
}

words! {
    /// What each line of a chart is of.
    #[derive(Default)]
    Split {
        /// The brand and its competitors.
        #[default]
        Brands = "brands",
        /// The brand with each model.
        Models = "models",
        /// The brand in the questions of each topic.
        Topics = "topics",
    }
}

words! {
    /// What a place on a chart's axis is.
    #[derive(Default)]
    Bucket {
        /// A day.
        #[default]
        Day = "day",
        /// A day, each with the six days before it: a mean of seven days.
        SevenDays = "seven_days",
        /// A week, from Monday.
        Week = "week",
        /// A month.
        Month = "month",
    }
}

impl Bucket {
    /// What a period of so many days opens with: above 45 days a mean of seven days, above
    /// [`MOST_BUCKETS`] weeks.
    pub const fn of_days(days: i64) -> Self {
        match days {
            ..=45 => Self::Day,
            46..=MOST_BUCKETS => Self::SevenDays,
            _ => Self::Week,
        }
    }

    /// What a period is drawn by where this was asked for: days of a period that is longer than
    /// [`MOST_BUCKETS`] are given by week.
    #[must_use]
    pub fn fitting(self, from: NaiveDate, to: NaiveDate) -> Self {
        let is_by_day = matches!(self, Self::Day | Self::SevenDays);
        if is_by_day && (Span { from, to }).days() > MOST_BUCKETS {
            Self::Week
        } else {
            self
        }
    }

    /// The buckets of a period: the first and the last day of each, cut to the period. Those of
    /// [`Bucket::SevenDays`] overlap and may begin before it. Those of what [`Self::fitting`] says.
    pub fn spans(self, from: NaiveDate, to: NaiveDate) -> Vec<Span> {
        let bucket = self.fitting(from, to);
        let mut spans = Vec::new();
        let mut first = from;
        while first <= to {
            let last = bucket.last_day(first).min(to);
            let begin = match bucket {
                Self::SevenDays => first.checked_sub_days(Days::new(6)).unwrap_or(first),
                _ => first,
            };
            spans.push(Span {
                from: begin,
                to: last,
            });
            let Some(next) = last.succ_opt() else { break };
            first = next;
        }
        spans
    }

    /// The last day of the bucket that holds a day.
    fn last_day(self, day: NaiveDate) -> NaiveDate {
        let left = match self {
            Self::Day | Self::SevenDays => Some(day),
            Self::Week => {
                let left = 6 - day.weekday().num_days_from_monday();
                day.checked_add_days(Days::new(u64::from(left)))
            }
            Self::Month => day
                .with_day(1)
                .and_then(|first| first.checked_add_months(Months::new(1)))
                .and_then(|next| next.pred_opt()),
        };
        left.unwrap_or(day)
    }
}

/// Which lines to draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesQuery {
    /// Over which answers.
    pub dashboard: DashboardQuery,
    /// What is measured.
    #[serde(default)]
    pub metric: ChartMetric,
    /// What each line is of.
    #[serde(default)]
    pub split: Split,
    /// What a place on the axis is.
    #[serde(default)]
    pub bucket: Bucket,
    /// Only these lines, at most [`MOST_LINES`]; empty: the brand and the most named, at most
    /// [`FIRST_LINES`] in all.
    #[serde(default)]
    pub keys: Vec<LineKey>,
}

impl SeriesQuery {
    /// The chart that a page opens with.
    pub fn first(dashboard: DashboardQuery) -> Self {
        let days = (dashboard.to - dashboard.from).num_days() + 1;
        Self {
            dashboard,
            metric: ChartMetric::Visibility,
            split: Split::Brands,
            bucket: Bucket::of_days(days),
            keys: Vec::new(),
        }
    }
}

/// What a line is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKey {
    /// The brand or a competitor.
    Entity(EntityId),
    /// A model.
    Model(ModelId),
    /// A topic, by its name.
    Topic(String),
}

/// The lines of a chart.
#[derive(Clone, Debug, Default, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct ChartSeries {
    /// What a place on the axis is: as asked for, or weeks where there were too many days.
    pub bucket: Bucket,
    /// The axis, the whole period: the day that each place stands for, which is its first one cut
    /// to the period (of [`Bucket::SevenDays`] the last one of the seven).
    pub buckets: Vec<NaiveDate>,
    /// Answers in each, of [`Bucket::SevenDays`] in all seven days; 0: none, of
    /// [`Bucket::SevenDays`] on the day itself, where lines have a gap.
    pub answers: Vec<i64>,
    /// The lines: that of the brand first, then by their last values, the best first.
    pub lines: Vec<SeriesLine>,
    /// The lines that are there too and were not asked for, in the stored order.
    pub left_out: Vec<LineName>,
    /// What happened in the period, the earliest first; numbered in this order.
    pub notes: Vec<Note>,
    /// Days of the period that have answers.
    pub days_with_answers: i64,
    /// Days of the period.
    pub days: i64,
    /// The last day with answers in the period.
    pub last_day: Option<NaiveDate>,
    /// Whether sentiment is a judge's.
    pub is_judged: bool,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct SeriesLine {
    /// What it is of.
    pub key: LineKey,
    /// Its name for people.
    pub name: String,
    /// Whether it is the brand's.
    pub is_you: bool,
    /// Its place in the stored order, which is its colour everywhere: of brands 0 is the brand.
    pub slot: u8,
    /// One a place on the axis; `None`: no data.
    pub points: Vec<Option<SeriesPoint>>,
}

/// A line by name, without its points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct LineName {
    /// What it is of.
    pub key: LineKey,
    /// Its name for people.
    pub name: String,
    /// Whether it is the brand's.
    pub is_you: bool,
    /// Its place in the stored order.
    pub slot: u8,
}

/// One point of a line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct SeriesPoint {
    /// What was counted.
    pub numerator: i64,
    /// Out of how many, above 0.
    pub denominator: i64,
    /// The 95 % interval of exactly this value, which lies in it, with prompts as clusters;
    /// `None`: too little to tell one.
    pub interval: Option<Interval>,
}

impl SeriesPoint {
    /// Both parts of the value.
    pub const fn ratio(&self) -> Ratio {
        Ratio::new(self.numerator, self.denominator)
    }
}

/// Something that happened, at its place on the axis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Note {
    /// The same for the same event in every period.
    pub id: String,
    /// Its day, in the workspace's time zone.
    pub day: NaiveDate,
    /// What happened.
    pub kind: NoteKind,
}

/// What a note tells. It travels as [`NoteWords`]: to read an enum with fields takes the browser some
/// 10 kB of code before its first chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "NoteWords", try_from = "NoteWords")]
pub enum NoteKind {
    /// A model answered for the first time.
    ModelNew {
        /// Its name.
        name: String,
    },
    /// Another model began to answer under a model's name: a seam.
    ModelChanged {
        /// The model's name.
        name: String,
        /// The model that answers from then on, as the provider names it.
        served: String,
    },
    /// All answers were read again, because names or competitors had changed.
    ReadAgain {
        /// The competitors that were added by it.
        added: Vec<String>,
        /// Those that were removed.
        removed: Vec<String>,
    },
    /// Another model judges, or none.
    JudgeChanged {
        /// The name of the one before; empty: nobody judged.
        old: String,
        /// The name of the one that judges from then on; empty: nobody.
        new: String,
    },
    /// The project runs by itself at other times, or not any more.
    ScheduleChanged {
        /// The cron expression before; empty: it did not run by itself.
        old: String,
        /// The cron expression from then on; empty: it does not run by itself.
        new: String,
    },
    /// Somebody has written it.
    Written {
        /// The note.
        note_id: NoteId,
        /// What it says.
        text: String,
        /// The address of whoever wrote it; `None`: nobody who is known any more.
        author: Option<String>,
    },
}

/// A note on its way: which kind it is, its first words, its second ones, and its id.
type NoteWords = (String, Vec<String>, Vec<String>, Option<NoteId>);

impl From<NoteKind> for NoteWords {
    fn from(note: NoteKind) -> Self {
        let (kind, first, second, id) = match note {
            NoteKind::ModelNew { name } => ("model_new", vec![name], Vec::new(), None),
            NoteKind::ModelChanged { name, served } => {
                ("model_changed", vec![name], vec![served], None)
            }
            NoteKind::ReadAgain { added, removed } => ("read_again", added, removed, None),
            NoteKind::JudgeChanged { old, new } => ("judge_changed", vec![old], vec![new], None),
            NoteKind::ScheduleChanged { old, new } => {
                ("schedule_changed", vec![old], vec![new], None)
            }
            NoteKind::Written {
                note_id,
                text,
                author,
            } => (
                "written",
                vec![text],
                author.into_iter().collect(),
                Some(note_id),
            ),
        };
        (kind.to_owned(), first, second, id)
    }
}

impl TryFrom<NoteWords> for NoteKind {
    type Error = &'static str;

    fn try_from((kind, first, second, id): NoteWords) -> Result<Self, Self::Error> {
        let one = |words: &[String]| words.first().cloned().unwrap_or_default();
        match kind.as_str() {
            "model_new" => Ok(Self::ModelNew { name: one(&first) }),
            "model_changed" => Ok(Self::ModelChanged {
                name: one(&first),
                served: one(&second),
            }),
            "read_again" => Ok(Self::ReadAgain {
                added: first,
                removed: second,
            }),
            "judge_changed" => Ok(Self::JudgeChanged {
                old: one(&first),
                new: one(&second),
            }),
            "schedule_changed" => Ok(Self::ScheduleChanged {
                old: one(&first),
                new: one(&second),
            }),
            "written" => Ok(Self::Written {
                note_id: id.ok_or("a note without its id")?,
                text: one(&first),
                author: second.into_iter().next(),
            }),
            _ => Err("an unknown kind of note"),
        }
    }
}

impl NoteKind {
    /// Whether somebody has written it.
    pub const fn is_written(&self) -> bool {
        matches!(self, Self::Written { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
    }

    fn spans(bucket: Bucket, from: NaiveDate, to: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
        let spans = bucket.spans(from, to);
        spans.into_iter().map(|span| (span.from, span.to)).collect()
    }

    #[test]
    fn what_changed_comes_as_it_was_sent() {
        let text = |word: &str| word.to_owned();
        for subject in [
            MoveSubject::Model {
                model_id: ModelId(7),
                name: text("Sonar"),
                provider: Provider::Perplexity,
            },
            MoveSubject::Question {
                prompt_id: PromptId(8),
                text: text("Which bakery?"),
            },
            MoveSubject::Brand {
                entity_id: EntityId(9),
                name: text("Acme"),
            },
            MoveSubject::Source {
                domain: text("acme.example"),
                is_own: true,
            },
            MoveSubject::NewSource {
                domain: text("news.example"),
                is_own: false,
                first_seen: day(11, 3),
            },
            MoveSubject::ModelChanged {
                model_id: ModelId(7),
                name: text("Sonar"),
                served: text("sonar-2"),
                day: day(11, 4),
            },
        ] {
            let sent = MoveWords::from(subject.clone());
            assert_eq!(MoveSubject::try_from(sent), Ok(subject));
        }
        for (kind, more) in [("else", ""), ("model", "nobody"), ("new_source", "")] {
            let wrong = (text(kind), 1, text("a"), text(more), false, None);
            assert!(MoveSubject::try_from(wrong).is_err(), "{kind}");
        }
    }

    #[test]
    fn notes_come_as_they_were_sent() {
        let text = |word: &str| word.to_owned();
        let written = |author: Option<String>| NoteKind::Written {
            note_id: NoteId::from(3),
            text: text("Relaunch"),
            author,
        };
        for note in [
            NoteKind::ModelNew { name: text("a") },
            NoteKind::ModelChanged {
                name: text("a"),
                served: text("b"),
            },
            NoteKind::ReadAgain {
                added: vec![text("a"), text("b")],
                removed: Vec::new(),
            },
            NoteKind::JudgeChanged {
                old: String::new(),
                new: text("b"),
            },
            NoteKind::ScheduleChanged {
                old: text("0 6 * * *"),
                new: String::new(),
            },
            written(None),
            written(Some(text("ana@kipu.example"))),
        ] {
            let sent = NoteWords::from(note.clone());
            assert_eq!(NoteKind::try_from(sent), Ok(note));
        }
        for (kind, id) in [("else", Some(NoteId::from(3))), ("written", None)] {
            let wrong = (text(kind), vec![text("a")], Vec::new(), id);
            assert!(NoteKind::try_from(wrong).is_err(), "{kind}");
        }
    }

    /// 2 November 2026 is a Monday.
    #[test]
    fn buckets_hold_every_day_once() {
        assert_eq!(
            spans(Bucket::Week, day(11, 4), day(11, 17)),
            [
                (day(11, 4), day(11, 8)),
                (day(11, 9), day(11, 15)),
                (day(11, 16), day(11, 17)),
            ]
        );
        assert_eq!(
            spans(Bucket::Month, day(10, 30), day(12, 1)),
            [
                (day(10, 30), day(10, 31)),
                (day(11, 1), day(11, 30)),
                (day(12, 1), day(12, 1)),
            ]
        );
        assert_eq!(
            spans(Bucket::Day, day(11, 4), day(11, 4)),
            [(day(11, 4), day(11, 4))]
        );
    }

    #[test]
    fn means_of_seven_days_begin_before_the_period() {
        let spans = spans(Bucket::SevenDays, day(11, 7), day(11, 8));
        assert_eq!(spans, [(day(11, 1), day(11, 7)), (day(11, 2), day(11, 8))]);
    }

    #[test]
    fn no_axis_has_too_many_places() {
        for days in [400, 401, 1_830] {
            let to = day(12, 31);
            let from = to - Days::new(days - 1);
            for bucket in Bucket::ALL {
                let places = bucket.spans(from, to);
                assert!(places.len() <= 400, "{bucket} of {days}: {}", places.len());
                assert_eq!(places.last().map(|span| span.to), Some(to));
            }
        }
    }
}
