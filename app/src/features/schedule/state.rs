//! What the screens of schedules know: outcomes in words, which time was the last, and which zone
//! is meant.

use chrono::{DateTime, Utc};

use crate::model::run::RunStatus;
use crate::model::schedule::{JobEntry, JobOutcome, JobView};
use crate::texts::{Text, schedule};
use crate::words::runs::status_name;

/// What became of a job, in a word or two.
pub const fn outcome_text(outcome: JobOutcome) -> Text {
    match outcome {
        JobOutcome::Running => status_name(RunStatus::Running),
        JobOutcome::Done => status_name(RunStatus::Finished),
        JobOutcome::Failed => status_name(RunStatus::Failed),
        JobOutcome::NoKey => schedule::NO_KEY,
        JobOutcome::OverBudget => schedule::OVER_BUDGET,
        JobOutcome::AlreadyRunning => schedule::ALREADY_RUNNING,
        JobOutcome::NothingToAsk => schedule::NOTHING_TO_ASK,
    }
}

/// When something was done last, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastTime<'a> {
    /// The job fell due.
    Due(&'a JobView),
    /// Somebody started a run.
    Run(DateTime<Utc>, RunStatus),
}

/// The last time that a job fell due, or that its project was run otherwise since then; `None`:
/// neither has been yet.
pub fn last_time(job: &JobEntry) -> Option<LastTime<'_>> {
    let due = job.last.first();
    let run = job.newest_run.filter(|(id, at, _)| {
        due.is_none_or(|due| {
            let is_its_own = due.run.is_some_and(|(own, _)| own == *id);
            !is_its_own && *at > due.started_at
        })
    });
    match run {
        Some((_, at, status)) => Some(LastTime::Run(at, status)),
        None => due.map(LastTime::Due),
    }
}

/// A time zone as people read it.
pub fn zone_shown(zone: &str) -> String {
    zone.replace('_', " ")
}

/// Which of the zones is meant, whatever its capitals: by its name, or by its place where there is
/// only one of that name.
pub fn zone_meant<'a>(zones: &'a [String], typed: &str) -> Option<&'a str> {
    let typed = typed.trim().replace(' ', "_");
    let named = |name: &str| name.eq_ignore_ascii_case(&typed);
    let of_place = |zone: &&String| named(zone.rsplit('/').next().unwrap_or_default());
    let by_name = zones.iter().find(|zone| named(zone));
    let mut by_place = zones.iter().filter(of_place);
    let only = by_place.next().filter(|_| by_place.next().is_none());
    by_name.or(only).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::RunId;
    use crate::model::schedule::JobKind;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(minute * 60, 0).expect("a moment")
    }

    fn due(minute: i64, run: Option<i64>) -> JobView {
        JobView {
            id: 1,
            due_at: at(minute),
            started_at: at(minute),
            finished_at: None,
            outcome: JobOutcome::Done,
            run: run.map(|run| (RunId(run), RunStatus::Finished)),
            lines: Vec::new(),
        }
    }

    fn job(last: Option<JobView>, newest: Option<(i64, i64)>) -> JobEntry {
        JobEntry {
            kind: JobKind::Run,
            project: None,
            schedule: String::new(),
            next_at: None,
            last: last.into_iter().collect(),
            newest_run: newest.map(|(run, minute)| (RunId(run), at(minute), RunStatus::Running)),
        }
    }

    #[test]
    fn the_last_time_is_a_run_by_hand_where_that_is_newer() {
        let run = |minute: i64| Some(LastTime::Run(at(minute), RunStatus::Running));
        assert_eq!(last_time(&job(None, None)), None);
        assert_eq!(last_time(&job(None, Some((7, 5)))), run(5));
        let of_job = |last: JobView, newest: (i64, i64)| {
            let both = job(Some(last), Some(newest));
            match last_time(&both) {
                Some(LastTime::Due(due)) => due.started_at,
                Some(LastTime::Run(at, _)) => at,
                None => DateTime::UNIX_EPOCH,
            }
        };
        // Its own run begins a moment after it.
        assert_eq!(of_job(due(10, Some(7)), (7, 11)), at(10));
        assert_eq!(of_job(due(10, Some(7)), (8, 12)), at(12));
        // It fell due again and was left out.
        assert_eq!(of_job(due(20, None), (8, 12)), at(20));
    }

    #[test]
    fn zones_are_known_by_name_and_by_place() {
        let zones = ["America/Los_Angeles", "Europe/Madrid", "America/Louisville"]
            .into_iter()
            .chain(["America/Kentucky/Louisville", "UTC"])
            .map(str::to_owned)
            .collect::<Vec<String>>();
        for (typed, meant) in [
            ("Europe/Madrid", Some("Europe/Madrid")),
            (" europe/madrid ", Some("Europe/Madrid")),
            ("America/Los Angeles", Some("America/Los_Angeles")),
            ("los angeles", Some("America/Los_Angeles")),
            ("utc", Some("UTC")),
            // Two places, and none.
            ("Louisville", None),
            ("Europe", None),
            ("Mars", None),
            ("", None),
        ] {
            assert_eq!(zone_meant(&zones, typed), meant, "{typed}");
        }
        assert_eq!(zone_shown("America/Los_Angeles"), "America/Los Angeles");
        let all_are_found = |zone: &String| zone_meant(&zones, &zone_shown(zone)) == Some(&**zone);
        assert!(zones.iter().all(all_are_found));
    }
}
