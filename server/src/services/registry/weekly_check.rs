//! When the providers' lists are checked: once a week, by one host, noted in the book of jobs; and
//! whenever somebody asks for it.

use std::sync::Arc;

use app::model::schedule::{JobKind, JobOutcome};
use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;

use super::list_check::{ModelCheck, ModelCheckReport, check_models};
use crate::calendar::Schedule;
use crate::services::{Host, ServiceResult};

/// When models are looked for: Sundays at midnight, UTC.
pub(in crate::services) const MODEL_CHECK: &str = "0 0 * * 0";
/// Since when the looks at models count: a new instance makes up for none.
const MODELS_SINCE: &str = "model_checks_since";

/// The next look at models after a moment.
pub(in crate::services) fn next_model_check(after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Schedule::read(MODEL_CHECK).ok()?.next(Tz::UTC, after)
}

/// The last look at models that was due by `until`, and not before `from`.
fn last_model_check(from: DateTime<Utc>, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Schedule::read(MODEL_CHECK).ok()?.last(Tz::UTC, from, until)
}

impl From<&Host> for ModelCheck {
    fn from(host: &Host) -> Self {
        Self {
            store: host.store.clone(),
            keys: host.keys.clone(),
            providers: Arc::clone(&host.providers),
        }
    }
}

impl ModelCheck {
    /// Looks at which models there are, where that is due and no other host is at it.
    ///
    /// # Errors
    /// The database's. What providers do wrong is noted in the book of jobs.
    pub async fn check_if_due(&self) -> ServiceResult<()> {
        let now = self.store.clock().now();
        let Some(since) = self.store.setting(MODELS_SINCE).await? else {
            let since = now.to_rfc3339();
            return Ok(self.store.save_setting(MODELS_SINCE, &since).await?);
        };
        let due = since
            .parse()
            .ok()
            .and_then(|since| last_model_check(since, now));
        if let Some(due) = due
            && !self
                .store
                .is_instance_job_done(JobKind::Models, due)
                .await?
        {
            self.check_slot(due).await?;
        }
        Ok(())
    }

    /// Looks at which models there are now, for schedules outside of Parallax and people; noted
    /// in the book of jobs.
    ///
    /// # Errors
    /// The database's. Those of providers stand in the report.
    pub async fn check_now(&self) -> ServiceResult<ModelCheckReport> {
        let now = self.store.clock().now();
        let of_week = last_model_check(now - Duration::days(8), now).unwrap_or(now);
        if let Some(report) = self.check_slot(of_week).await? {
            return Ok(report);
        }
        // The week's is done: this one is beside it.
        match self.check_slot(now).await? {
            Some(report) => Ok(report),
            None => check_models(self).await,
        }
    }

    /// The look of a slot; `None`: it is done, or another host is at it.
    async fn check_slot(&self, due: DateTime<Utc>) -> ServiceResult<Option<ModelCheckReport>> {
        let Some(job) = self.store.claim_instance_job(JobKind::Models, due).await? else {
            return Ok(None);
        };
        let checked = check_models(self).await;
        let (outcome, lines) = match &checked {
            Ok(report) => {
                let lines = report.to_string();
                let outcome = match (report.checked.is_empty(), report.failed.is_empty()) {
                    (true, true) => JobOutcome::NoKey,
                    (true, false) => JobOutcome::Failed,
                    (false, _) => JobOutcome::Done,
                };
                (outcome, lines.lines().map(str::to_owned).collect())
            }
            Err(error) => (JobOutcome::Failed, vec![error.to_string()]),
        };
        self.store.end_instance_job(job, outcome, &lines).await?;
        checked.map(Some)
    }
}
