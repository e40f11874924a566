//! When projects run by themselves, and what became of it.

use chrono::{DateTime, Utc};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::{ProjectId, RunId};
use super::run::RunStatus;
use crate::words;

/// Every day at four in the morning: when nobody waits for a run.
pub const DAILY: &str = "0 4 * * *";

/// A cron expression as people think of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// Never by itself.
    ByHand,
    /// Every day at an hour and minute.
    Daily(u8, u8),
    /// Every week on a day (0: Sunday) at an hour and minute.
    Weekly(u8, u8, u8),
    /// Anything else.
    Custom(String),
}

impl Rhythm {
    /// What an expression says; empty: by hand.
    pub fn of(expression: &str) -> Self {
        let fields: Vec<&str> = expression.split_whitespace().collect();
        let number = |text: &str, most: u8| text.parse::<u8>().ok().filter(|n| *n <= most);
        match fields.as_slice() {
            [] => Self::ByHand,
            [minute, hour, "*", "*", day] => match (number(minute, 59), number(hour, 23)) {
                (Some(minute), Some(hour)) if *day == "*" => Self::Daily(hour, minute),
                (Some(minute), Some(hour)) => match number(day, 6) {
                    Some(day) => Self::Weekly(day, hour, minute),
                    None => Self::Custom(fields.join(" ")),
                },
                _ => Self::Custom(fields.join(" ")),
            },
            _ => Self::Custom(fields.join(" ")),
        }
    }

    /// The expression that says it.
    pub fn expression(&self) -> String {
        match self {
            Self::ByHand => String::new(),
            Self::Daily(hour, minute) => format!("{minute} {hour} * * *"),
            Self::Weekly(day, hour, minute) => format!("{minute} {hour} * * {day}"),
            Self::Custom(expression) => expression.clone(),
        }
    }
}

words! {
    /// What a job is for.
    JobKind {
        /// A project's run.
        Run = "run",
        /// The weekly look at which models there are.
        Models = "models",
    }
}

words! {
    /// What became of a job.
    JobOutcome {
        /// It is at work.
        Running = "running",
        /// It did what it is for; of a run: it was started.
        Done = "done",
        /// It could not do it.
        Failed = "failed",
        /// No usable key.
        NoKey = "no_key",
        /// The budget of the month is used up.
        OverBudget = "over_budget",
        /// The project was being run already.
        AlreadyRunning = "already_running",
        /// The project has no question, or no model that is available.
        NothingToAsk = "nothing_to_ask",
    }
}

words! {
    /// Whether what the instance does by itself does what it is for.
    JobState {
        /// It does, in some process.
        Well = "well",
        /// It came to its end.
        Done = "done",
        /// It runs, and has done nothing of use for longer than it may.
        Late = "late",
        /// No process runs it.
        Stopped = "stopped",
    }
}

/// One time that a job fell due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct JobView {
    /// Id.
    pub id: i64,
    /// When it fell due, as the schedule says.
    pub due_at: DateTime<Utc>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// What became of it.
    pub outcome: JobOutcome,
    /// The run that it started, and how that is getting on.
    pub run: Option<(RunId, RunStatus)>,
    /// What it said: moment, whether it is a warning, words.
    pub lines: Vec<(DateTime<Utc>, bool, String)>,
}

/// A job and its times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct JobEntry {
    /// What it is for.
    pub kind: JobKind,
    /// The project; `None`: the job is the instance's.
    pub project: Option<(ProjectId, String)>,
    /// Cron expression; empty: only by hand.
    pub schedule: String,
    /// When it falls due next; `None`: never by itself.
    pub next_at: Option<DateTime<Utc>>,
    /// The last times it fell due, the newest first; of a list only the newest.
    pub last: Vec<JobView>,
    /// The newest run of the project, whoever started it: when it was planned, and how it is
    /// getting on; of a list only.
    pub newest_run: Option<(RunId, DateTime<Utc>, RunStatus)>,
}

/// The jobs that somebody may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct ScheduleView {
    /// IANA name of the workspace's time zone.
    pub time_zone: String,
    /// The time zones to choose from; empty for those who may not.
    pub time_zones: Vec<String>,
    /// The jobs: projects by name, then the instance's.
    pub jobs: Vec<JobEntry>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rhythms_say_what_expressions_say() {
        for (expression, rhythm) in [
            ("", Rhythm::ByHand),
            ("0 4 * * *", Rhythm::Daily(4, 0)),
            ("30 23 * * *", Rhythm::Daily(23, 30)),
            ("0 4 * * 1", Rhythm::Weekly(1, 4, 0)),
            ("0 4 * * 0", Rhythm::Weekly(0, 4, 0)),
            ("0 4 1 * *", Rhythm::Custom("0 4 1 * *".to_owned())),
            ("0 */6 * * *", Rhythm::Custom("0 */6 * * *".to_owned())),
            ("0 4 * * MON", Rhythm::Custom("0 4 * * MON".to_owned())),
        ] {
            assert_eq!(Rhythm::of(expression), rhythm);
            assert_eq!(rhythm.expression(), expression);
        }
        assert_eq!(Rhythm::of(" 0  4 * * * "), Rhythm::Daily(4, 0));
    }
}
