//! What there is to tell: budgets, runs, keys, days that cost much more than others; models
//! have a file of their own.
//!
//! Invariant: only reads. What was told before is found again and told apart by its subject.

use std::collections::{HashMap, HashSet};
use std::iter;

use app::model::ids::{ProjectId, RunId, WorkspaceId};
use app::model::money::Money;
use app::model::notices::Notice;
use app::model::outcome::ErrorClass;
use app::model::provider::Provider;
use app::model::run::{AskFailures, AskState};
use app::model::spend::{Account, AlertKind};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};

use super::notices::NewNotice;
use crate::calendar;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sums::columns::sum;
use crate::store::{Store, StoreResult};

/// Older runs and alerts give no notice: a host that was down for days does not report each of
/// them.
const OLDEST_NOTICE: Duration = Duration::hours(48);
/// Whether a workspace `w` has spent something since the day `$1`: the others have no news of
/// money, however many there are.
const SPENDS: &str = "EXISTS (SELECT 1 FROM llm_spend_days s \
    WHERE s.workspace_id = w.id AND s.day >= $1)";
/// Days whose mean a day is compared with.
const DAYS_BEFORE: u64 = 7;
/// Of those, so many must have cost something: two runs a week are no measure for a third.
const LEAST_DAYS: usize = 3;

/// Of each run the models, as people name them, of which asks failed, and why.
type FailuresByModel = HashMap<RunId, Vec<(String, Vec<AskFailures>)>>;

impl Store {
    /// All news of all workspaces.
    pub async fn find_notices(&self) -> StoreResult<Vec<NewNotice>> {
        let since = self.clock().now() - OLDEST_NOTICE;
        let mut news = self.budgets_reached(since).await?;
        news.extend(self.incomplete_runs(since).await?);
        news.extend(self.rejected_keys(since).await?);
        news.extend(self.costly_days().await?);
        news.extend(self.models_swapped(since).await?);
        news.extend(self.new_models().await?);
        news.extend(self.retirements().await?);
        news.extend(self.replacements().await?);
        Ok(news)
    }

    /// Budgets at their threshold, and at their end: nothing is left, or too little for a
    /// question that was to be sent.
    async fn budgets_reached(&self, since: DateTime<Utc>) -> StoreResult<Vec<NewNotice>> {
        let stopped = self.stopped_by_budget(since).await?;
        let mut news = Vec::new();
        let sql = format!("SELECT w.id FROM workspaces w WHERE {SPENDS} ORDER BY w.id");
        let spending: Vec<WorkspaceId> =
            rows::column(self.reader(), sql, [since.date_naive().into()]).await?;
        for workspace in spending {
            let budget = self.workspace_budget(workspace).await?;
            let own = self.accounts_of_projects(workspace).await?;
            let own = own.into_iter().map(|(id, _, account)| (Some(id), account));
            let month = budget.month_started_at.date_naive();
            for (project, account) in iter::once((None, Account::from(&budget))).chain(own) {
                let Some(alert) = account.alert(budget.threshold_percent) else {
                    continue;
                };
                let is_stopped = match project {
                    Some(project) => stopped.contains(&(workspace, project)),
                    None => stopped.iter().any(|(of, _)| *of == workspace),
                };
                let (spent, monthly) = (account.spent, account.monthly);
                let notice = if alert == AlertKind::End || is_stopped {
                    Notice::BudgetEnd { spent, monthly }
                } else {
                    Notice::BudgetThreshold { spent, monthly }
                };
                let of = project.map_or(0, |project: ProjectId| project.0);
                news.push(NewNotice {
                    workspace: Some(workspace),
                    project,
                    // One that was raised since is another one.
                    subject: format!("{month}/{of}/{}", monthly.nanos()),
                    notice,
                });
            }
        }
        Ok(news)
    }

    /// The projects that had questions which did not fit a budget any more.
    async fn stopped_by_budget(
        &self,
        since: DateTime<Utc>,
    ) -> StoreResult<HashSet<(WorkspaceId, ProjectId)>> {
        let sql = "SELECT DISTINCT workspace_id, project_id FROM llm_monitoring_analysis_runs \
            WHERE finished_at >= $1 AND status = 'over_budget'";
        let stopped = rows::pairs(self.reader(), sql, [since.into()]).await?;
        Ok(stopped.into_iter().collect())
    }

    async fn incomplete_runs(&self, since: DateTime<Utc>) -> StoreResult<Vec<NewNotice>> {
        let rest = "FROM llm_monitoring_analysis_runs r \
            JOIN llm_monitoring_lanes l ON l.run_id = r.id \
            WHERE r.finished_at >= $1 \
            AND r.status IN ('finished_with_failures', 'over_budget', 'failed') \
            GROUP BY r.workspace_id, r.project_id, r.id ORDER BY r.id";
        let without_text = self.models_without_text(since).await?;
        let mut failures = self.failures_by_model(since).await?;
        let found: Vec<IncompleteRun> = rows::select(self.reader(), rest, [since.into()]).await?;
        Ok(found
            .into_iter()
            .map(|of| NewNotice {
                workspace: Some(of.workspace),
                project: Some(of.project),
                subject: of.run.to_string(),
                notice: Notice::RunIncomplete {
                    run: of.run,
                    answered: of.answered,
                    total: of.total,
                    without_text: of.without_text,
                    models: without_text.get(&of.run.0).cloned().unwrap_or_default(),
                    failures: failures.remove(&of.run).unwrap_or_default(),
                },
            })
            .collect())
    }

    /// Of each run, the models that left more than a tenth of their asks without a text.
    async fn models_without_text(
        &self,
        since: DateTime<Utc>,
    ) -> StoreResult<HashMap<i64, Vec<String>>> {
        let sql = "SELECT r.id, m.model_display_name FROM llm_monitoring_analysis_runs r \
            JOIN llm_monitoring_lanes l ON l.run_id = r.id \
            JOIN llm_model_registry m ON m.id = l.model_id \
            WHERE r.finished_at >= $1 AND l.asks_without_text * 10 > l.asks_total \
            ORDER BY r.id, m.model_display_name";
        let mut models: HashMap<i64, Vec<String>> = HashMap::new();
        for (run, name) in rows::pairs(self.reader(), sql, [since.into()]).await? {
            models.entry(run).or_default().push(name);
        }
        Ok(models)
    }

    /// Of each run that is told of for the first time, why asks failed: by model, with the most
    /// frequent reason first. The others have their words already.
    async fn failures_by_model(&self, since: DateTime<Utc>) -> StoreResult<FailuresByModel> {
        let rest = format!(
            "FROM llm_monitoring_analysis_runs r \
             JOIN llm_monitoring_lanes l ON l.run_id = r.id \
             JOIN llm_model_registry m ON m.id = l.model_id \
             JOIN llm_monitoring_asks a ON a.lane_id = l.id \
             JOIN llm_monitoring_results f ON f.ask_id = a.id \
             WHERE r.finished_at >= $1 AND l.asks_failed > 0 \
             AND r.status IN ('finished_with_failures', 'over_budget', 'failed') \
             AND NOT EXISTS (SELECT 1 FROM llm_notices n WHERE n.workspace_id = r.workspace_id \
                 AND n.kind = 'run_incomplete' AND n.subject = CAST(r.id AS TEXT)) \
             AND a.state = '{}' AND f.error_class IS NOT NULL \
             GROUP BY l.run_id, l.id, m.model_display_name, f.error_class \
             ORDER BY l.run_id, l.id, COUNT(*) DESC, f.error_class",
            AskState::Failed,
        );
        let found: Vec<FailuresOfModel> = rows::select(self.reader(), rest, [since.into()]).await?;
        let mut failures = FailuresByModel::new();
        for of in found {
            let of_run = failures.entry(of.run).or_default();
            let failed = AskFailures {
                class: of.class,
                asks: of.asks,
            };
            match of_run.last_mut() {
                Some((model, reasons)) if *model == of.model => reasons.push(failed),
                _ => of_run.push((of.model, vec![failed])),
            }
        }
        Ok(failures)
    }

    /// Keys that a provider did not take: a lane ended for it, or its last asks failed of it.
    /// Told again only once another key is there.
    async fn rejected_keys(&self, since: DateTime<Utc>) -> StoreResult<Vec<NewNotice>> {
        let rest = "FROM llm_monitoring_analysis_runs r \
            JOIN llm_monitoring_lanes l ON l.run_id = r.id \
            LEFT JOIN llm_monitoring_results a ON a.run_id = l.run_id \
            AND a.model_id = l.model_id AND a.error_class IN ('bad_key', 'no_money') \
            LEFT JOIN user_llm_api_keys k \
            ON k.workspace_id = l.workspace_id AND k.provider = l.provider \
            WHERE r.finished_at >= $1 AND l.asks_failed > 0 \
            AND COALESCE(a.error_class, l.end_reason) IN ('bad_key', 'no_money') \
            AND (k.updated_at IS NULL OR k.updated_at <= l.finished_at) \
            GROUP BY l.workspace_id, l.provider, COALESCE(a.error_class, l.end_reason), \
            k.updated_at ORDER BY l.workspace_id, l.provider";
        let found: Vec<RejectedKey> = rows::select(self.reader(), rest, [since.into()]).await?;
        Ok(found.into_iter().map(rejected_key).collect())
    }

    /// Days of today that cost more than twice the mean of the seven before.
    async fn costly_days(&self) -> StoreResult<Vec<NewNotice>> {
        let now = self.clock().now();
        let since = (now - OLDEST_NOTICE).date_naive();
        let sql =
            format!("SELECT w.id, w.time_zone FROM workspaces w WHERE {SPENDS} ORDER BY w.id");
        let mut news = Vec::new();
        let spending: Vec<(WorkspaceId, String)> =
            rows::pairs(self.reader(), sql, [since.into()]).await?;
        for (workspace, zone) in spending {
            let zone = calendar::time_zone(&zone);
            let today = calendar::day(zone, now);
            let range = (today - Days::new(DAYS_BEFORE), today + Days::new(1));
            let days = self.spend_by_day(workspace, range).await?;
            let days: Vec<_> = days
                .iter()
                .map(|(day, spend)| (*day, spend.amount))
                .collect();
            if let Some((spent, mean)) = costly_day(today, &days) {
                news.push(NewNotice {
                    workspace: Some(workspace),
                    project: None,
                    subject: today.to_string(),
                    notice: Notice::CostSpike {
                        day: today,
                        spent,
                        mean,
                    },
                });
            }
        }
        Ok(news)
    }
}

record! {
    /// A run that is over, and has not all its answers.
    struct IncompleteRun {
        workspace: WorkspaceId = "r.workspace_id",
        project: ProjectId = "r.project_id",
        run: RunId = "r.id",
        answered: i64 = sum("l.asks_answered - l.asks_without_text"),
        total: i64 = sum("l.asks_total"),
        without_text: i64 = sum("l.asks_without_text"),
    }
}

record! {
    /// Asks of a model in a run that failed for one reason.
    struct FailuresOfModel {
        run: RunId = "l.run_id",
        model: String = "m.model_display_name",
        class: ErrorClass = "f.error_class",
        asks: i64 = "COUNT(*)",
    }
}

record! {
    /// A key that a provider did not take, and when it was changed last.
    struct RejectedKey {
        workspace: WorkspaceId = "l.workspace_id",
        provider: Provider = "l.provider",
        reason: ErrorClass = "COALESCE(a.error_class, l.end_reason)",
        changed_at: Option<DateTime<Utc>> = "k.updated_at",
    }
}

fn rejected_key(of: RejectedKey) -> NewNotice {
    let RejectedKey {
        provider, reason, ..
    } = of;
    let key = of.changed_at.map_or(0, |at| at.timestamp_micros());
    NewNotice {
        workspace: Some(of.workspace),
        project: None,
        subject: format!("{provider}/{reason}/{key}"),
        notice: Notice::KeyRejected {
            provider,
            no_credit: reason == ErrorClass::NoMoney,
        },
    }
}

/// What `today` has cost and what a day did before, where that is more than twice as much.
fn costly_day(today: NaiveDate, days: &[(NaiveDate, Money)]) -> Option<(Money, Money)> {
    let spent: Money = amounts(days, |day| day == today).sum();
    let before: Vec<Money> = amounts(days, |day| day < today)
        .filter(|amount| *amount > Money::ZERO)
        .collect();
    let sum: i64 = before.iter().map(|amount| amount.nanos()).sum();
    let mean = Money::from_nanos(sum / i64::try_from(DAYS_BEFORE).unwrap_or(1));
    (before.len() >= LEAST_DAYS && spent > mean.times(2)).then_some((spent, mean))
}

fn amounts(
    days: &[(NaiveDate, Money)],
    is_meant: impl Fn(NaiveDate) -> bool,
) -> impl Iterator<Item = Money> {
    days.iter()
        .filter(move |(day, _)| is_meant(*day))
        .map(|(_, amount)| *amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day") + Days::new(number)
    }

    fn week(amounts: [i64; 8]) -> Vec<(NaiveDate, Money)> {
        (0..)
            .zip(amounts)
            .map(|(n, usd)| (day(n), Money::from_usd(usd)))
            .collect()
    }

    #[test]
    fn a_day_is_dear_from_more_than_twice_the_mean_on() {
        let dear = |amounts| costly_day(day(7), &week(amounts));
        assert_eq!(dear([7, 7, 7, 7, 7, 7, 7, 14]), None);
        let (spent, mean) = dear([7, 7, 7, 7, 7, 7, 7, 15]).expect("dear");
        assert_eq!((spent, mean), (Money::from_usd(15), Money::from_usd(7)));
        // Days without a run are part of the mean.
        assert_eq!(dear([0, 7, 0, 7, 0, 7, 0, 6]), None);
        assert!(dear([0, 7, 0, 7, 0, 7, 0, 7]).is_some());
    }

    #[test]
    fn a_beginning_is_no_measure() {
        assert_eq!(costly_day(day(7), &week([0, 0, 0, 0, 0, 1, 1, 90])), None);
        assert_eq!(costly_day(day(7), &[]), None);
    }
}
