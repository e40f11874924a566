//! What was spent on what, and what past answers would cost: the numbers behind forecasts.

use std::collections::HashMap;
use std::iter;

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::keys::BudgetView;
use app::model::money::{Money, Spend};
use app::model::provider::Provider;
use app::model::run::SpendKind;
use app::model::spend::{Account, BudgetAlert, KindSpend, SpendPart};
use chrono::NaiveDate;
use providers::Usage;
use sea_orm::Value;

use super::spend::{days_of_month, spent_and_reserved};
use crate::calendar;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::time_zone;
use crate::store::sums::columns::{AT_LEAST, count_if, sum};
use crate::store::sums::pooled::Surface;
use crate::store::sums::snapshot_list::{SnapshotFilter, Surfaces};
use crate::store::{Store, StoreError, StoreResult};

/// Parts of a month's spend that are told apart; the rest of a longer list is small.
const PARTS: i64 = 100;

/// What a past answer used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastAnswer {
    /// Tokens and searches.
    pub usage: Usage,
    /// What the provider itself said that it cost.
    pub reported: Option<Money>,
    /// Bytes of its question.
    pub question_bytes: usize,
}

/// What was spent for a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectSpend {
    /// How much, and the project's name; no name for what was spent before a project was saved,
    /// and none for erased ones.
    pub part: SpendPart,
    /// This is what erased projects cost, all together: their names are gone.
    pub is_erased: bool,
}

/// Days from the first one on, up to but not including the second.
pub type DayRange = (NaiveDate, NaiveDate);

/// The kinds of what is paid for asks, as a list in SQL.
fn kinds_of_asks() -> String {
    let of_asks = SpendKind::ALL.iter().filter(|kind| kind.is_of_asks());
    let words: Vec<String> = of_asks.map(|kind| format!("'{}'", kind.word())).collect();
    words.join(", ")
}

impl Store {
    /// Spend by day within a range; days without any are left out.
    pub async fn spend_by_day(
        &self,
        workspace_id: WorkspaceId,
        range: DayRange,
    ) -> StoreResult<Vec<(NaiveDate, Spend)>> {
        let rest = "FROM llm_spend_days s \
            WHERE s.workspace_id = $1 AND s.day >= $2 AND s.day < $3 GROUP BY s.day ORDER BY s.day";
        let values = range_values(workspace_id, range);
        let found: Vec<PaidOnDay> = rows::select(self.reader(), rest, values).await?;
        Ok(found
            .into_iter()
            .map(|of| (of.day, of.paid.into()))
            .collect())
    }

    /// Spend by what it was paid for within a range: every kind, in the order of their list.
    pub async fn spend_by_kind(
        &self,
        workspace_id: WorkspaceId,
        range: DayRange,
    ) -> StoreResult<Vec<KindSpend>> {
        let rest = "FROM llm_spend_days s \
            WHERE s.workspace_id = $1 AND s.day >= $2 AND s.day < $3 GROUP BY s.kind";
        let values = range_values(workspace_id, range);
        let paid: Vec<PaidForKind> = rows::select(self.reader(), rest, values).await?;
        let found: HashMap<SpendKind, (Spend, i64)> = paid
            .into_iter()
            .map(|of| (of.kind, (of.paid.into(), of.entries)))
            .collect();
        let of_kind = |&kind: &SpendKind| {
            let (spend, entries) = found.get(&kind).copied().unwrap_or_default();
            KindSpend {
                kind,
                spend,
                entries,
            }
        };
        Ok(SpendKind::ALL.iter().map(of_kind).collect())
    }

    /// What was paid for a project and is not in the cost of these snapshots: everything but its
    /// asks, and asks of models whose snapshots are left out because real models answered. A judge
    /// may have been paid to read what the simulator made up while there was nothing else.
    pub async fn spend_beside_snapshots(
        &self,
        workspace_id: WorkspaceId,
        filter: &SnapshotFilter,
    ) -> StoreResult<Spend> {
        let days = (filter.from, filter.to);
        let (project, provider) = (filter.project_id, filter.provider);
        let beside_asks = self.spend_beside_asks(workspace_id, project, days, provider);
        let beside_asks = beside_asks.await?;
        let is_with_made_up = provider.is_none_or(|provider| provider == Provider::Simulator);
        if filter.surfaces != Surfaces::RealFirst || !is_with_made_up {
            return Ok(beside_asks);
        }
        match self.surface(workspace_id, project, false).await? {
            Some(Surface::Real) => {
                Ok(beside_asks + self.spend_on_made_up(workspace_id, project, days).await?)
            }
            Some(Surface::Simulated) | None => Ok(beside_asks),
        }
    }

    /// What was paid for asks of the simulator's models.
    async fn spend_on_made_up(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        (first, last): DayRange,
    ) -> StoreResult<Spend> {
        let rest = format!(
            "FROM llm_spend_ledger WHERE workspace_id = $1 AND project_id = $2 \
             AND day >= $3 AND day <= $4 AND kind IN ({}) AND asked_model_id IN \
                (SELECT id FROM llm_model_registry WHERE provider = $5)",
            kinds_of_asks()
        );
        let values = [
            workspace_id.0.into(),
            project.0.into(),
            first.into(),
            last.into(),
            Provider::Simulator.slug().into(),
        ];
        let paid: PaidEntries = rows::select_one(self.reader(), rest, values)
            .await?
            .ok_or(StoreError::NotFound)?;
        Ok(Spend::new(paid.amount, paid.unpriced))
    }

    /// What was paid for a project beside its asks, from the first day of a range to its last:
    /// suggestions, and corrections of past costs. Only to this provider; `None`: all.
    pub async fn spend_beside_asks(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        (first, last): (NaiveDate, NaiveDate),
        provider: Option<Provider>,
    ) -> StoreResult<Spend> {
        let rest = format!(
            "FROM llm_spend_days \
             WHERE workspace_id = $1 AND project_id = $2 AND day >= $3 AND day <= $4 \
             AND kind NOT IN ({}) AND ($5 = '' OR model_id IN \
                (SELECT id FROM llm_model_registry WHERE provider = $5))",
            kinds_of_asks()
        );
        let values = [
            workspace_id.0.into(),
            project.0.into(),
            first.into(),
            last.into(),
            provider.map_or("", Provider::slug).into(),
        ];
        let paid: PaidInAll = rows::select_one(self.reader(), rest, values)
            .await?
            .ok_or(StoreError::NotFound)?;
        Ok(paid.paid.into())
    }

    /// Spend by model within a range, the most expensive first.
    pub async fn spend_by_model(
        &self,
        workspace_id: WorkspaceId,
        range: DayRange,
    ) -> StoreResult<Vec<SpendPart>> {
        let rest = format!(
            "FROM llm_spend_days s JOIN llm_model_registry m ON m.id = s.model_id \
             WHERE s.workspace_id = $1 AND s.day >= $2 AND s.day < $3 \
             GROUP BY m.id, m.model_display_name, m.provider ORDER BY {} DESC, m.id LIMIT $4",
            sum("s.amount_nano_usd")
        );
        let values = range_values(workspace_id, range)
            .into_iter()
            .chain([PARTS.into()]);
        let found: Vec<PaidToModel> = rows::select(self.reader(), rest, values).await?;
        let part = |of: PaidToModel| SpendPart {
            name: of.name,
            provider: Some(of.provider),
            spend: of.paid.into(),
            entries: of.entries,
        };
        Ok(found.into_iter().map(part).collect())
    }

    /// Spend by project within a range, the most expensive first; of deleted ones too, by name as
    /// long as they have one, so that a month adds up to what was paid.
    pub async fn spend_by_project(
        &self,
        workspace_id: WorkspaceId,
        range: DayRange,
    ) -> StoreResult<Vec<ProjectSpend>> {
        let rest = format!(
            "FROM llm_spend_days s LEFT JOIN llm_monitoring_projects p ON p.id = s.project_id \
             WHERE s.workspace_id = $1 AND s.day >= $2 AND s.day < $3 \
             GROUP BY {WHOSE} ORDER BY {} DESC, {WHOSE} LIMIT $4",
            sum("s.amount_nano_usd")
        );
        let values = range_values(workspace_id, range)
            .into_iter()
            .chain([PARTS.into()]);
        let found: Vec<PaidForProject> = rows::select(self.reader(), rest, values).await?;
        let spend = |of: PaidForProject| ProjectSpend {
            part: SpendPart {
                name: of.name,
                provider: None,
                spend: of.paid.into(),
                entries: of.entries,
            },
            is_erased: of.whose < 0,
        };
        Ok(found.into_iter().map(spend).collect())
    }

    /// The first day on which anything was spent.
    pub async fn first_spend(&self, workspace_id: WorkspaceId) -> StoreResult<Option<NaiveDate>> {
        let sql = "SELECT day FROM llm_spend_days WHERE workspace_id = $1 ORDER BY day LIMIT 1";
        rows::value(self.reader(), sql, [workspace_id.0.into()]).await
    }

    /// The newest answers of a model in a project, at most `limit`.
    pub async fn past_answers(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        model: ModelId,
        limit: i64,
    ) -> StoreResult<Vec<PastAnswer>> {
        let rest = "FROM llm_monitoring_results r \
            JOIN llm_monitoring_queries q ON q.id = r.query_id \
            WHERE r.workspace_id = $1 AND r.project_id = $2 AND r.model_id = $3 \
            AND r.outcome IN ('answered', 'truncated', 'refused', 'empty') \
            ORDER BY r.analysis_day DESC LIMIT $4";
        let values = [
            workspace_id.0.into(),
            project.0.into(),
            model.0.into(),
            limit.into(),
        ];
        let found: Vec<PastUse> = rows::select(self.reader(), rest, values).await?;
        Ok(found.into_iter().map(PastAnswer::from).collect())
    }

    /// The projects of a workspace that asked a model last, the latest first, without one.
    pub async fn projects_that_asked(
        &self,
        workspace_id: WorkspaceId,
        model: ModelId,
        without: ProjectId,
        limit: i64,
    ) -> StoreResult<Vec<ProjectId>> {
        let sql = "SELECT project_id FROM llm_spend_days \
            WHERE workspace_id = $1 AND model_id = $2 AND project_id <> $3 \
            GROUP BY project_id ORDER BY MAX(day) DESC, project_id LIMIT $4";
        let values = [
            workspace_id.0.into(),
            model.0.into(),
            without.0.into(),
            limit.into(),
        ];
        rows::column(self.reader(), sql, values).await
    }

    /// A project's own budget of this month; `None`: it has none.
    pub async fn project_account(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Option<Account>> {
        let sql = "SELECT p.monthly_budget_nano_usd, w.time_zone \
            FROM llm_monitoring_projects p JOIN workspaces w ON w.id = p.workspace_id \
            WHERE p.workspace_id = $1 AND p.id = $2";
        let values = [workspace_id.0.into(), project.0.into()];
        let found: Option<(Option<Money>, String)> =
            rows::one_pair(self.reader(), sql, values).await?;
        let (budget, time_zone) = found.ok_or(StoreError::NotFound)?;
        let Some(monthly) = budget else {
            return Ok(None);
        };
        let month = calendar::month(calendar::time_zone(&time_zone), self.clock().now());
        let (spent, reserved) =
            spent_and_reserved(self.reader(), workspace_id, Some(project), month).await?;
        Ok(Some(Account {
            monthly,
            spent,
            reserved,
        }))
    }

    /// What is to be said of this month's budgets: the workspace's, and then its projects' own.
    pub(in crate::store) async fn alerts(
        &self,
        workspace_id: WorkspaceId,
        budget: &BudgetView,
    ) -> StoreResult<Vec<BudgetAlert>> {
        let own = self.accounts_of_projects(workspace_id).await?;
        let own = own
            .into_iter()
            .map(|(project, name, account)| (Some((project, name)), account));
        let alert = |(project, account): (_, Account)| {
            let kind = account.alert(budget.threshold_percent)?;
            Some(BudgetAlert { project, kind })
        };
        let accounts = iter::once((None, Account::from(budget))).chain(own);
        Ok(accounts.filter_map(alert).collect())
    }

    /// The projects with a budget of their own, and what they have spent of it this month. Reserved
    /// money is not included.
    pub(in crate::store) async fn accounts_of_projects(
        &self,
        workspace_id: WorkspaceId,
    ) -> StoreResult<Vec<(ProjectId, String, Account)>> {
        let zone = time_zone(self.reader(), workspace_id).await?;
        let month = calendar::month(zone, self.clock().now());
        let rest = "FROM llm_monitoring_projects p WHERE p.workspace_id = $1 \
            AND p.monthly_budget_nano_usd IS NOT NULL AND p.deleted_at IS NULL ORDER BY p.id";
        let (first, end) = days_of_month(month);
        let values = [workspace_id.0.into(), first.into(), end.into()];
        let found: Vec<ProjectAccount> = rows::select(self.reader(), rest, values).await?;
        let account = |of: ProjectAccount| {
            let account = Account {
                monthly: of.monthly,
                spent: of.spent,
                reserved: Money::ZERO,
            };
            (of.id, of.name, account)
        };
        Ok(found.into_iter().map(account).collect())
    }
}

fn range_values(workspace_id: WorkspaceId, range: DayRange) -> [Value; 3] {
    [workspace_id.0.into(), range.0.into(), range.1.into()]
}

record! {
    /// What was paid, as days have it.
    struct Paid {
        amount: Money = "amount_nano_usd",
        /// Entries that have a part of no known price.
        unpriced: i64 = "unpriced",
    }
}

impl From<Paid> for Spend {
    fn from(paid: Paid) -> Self {
        Self::new(paid.amount, paid.unpriced)
    }
}

record! {
    struct PaidInAll {
        paid: Paid as "" in sum,
    }
}

record! {
    /// What was paid, as the ledger has it.
    struct PaidEntries {
        amount: Money = sum("amount_nano_usd"),
        unpriced: i64 = count_if(&format!("cost_kind IN {AT_LEAST}")),
    }
}

record! {
    struct PaidOnDay {
        day: NaiveDate = "s.day",
        paid: Paid as "s." in sum,
    }
}

record! {
    struct PaidForKind {
        kind: SpendKind = "s.kind",
        paid: Paid as "s." in sum,
        entries: i64 = sum("s.entries"),
    }
}

record! {
    struct PaidToModel {
        name: String = "m.model_display_name",
        provider: Provider = "m.provider",
        paid: Paid as "s." in sum,
        entries: i64 = sum("s.entries"),
    }
}

/// The project that something was paid for: -1 for all that were erased, 0 for none.
const WHOSE: &str = "CASE WHEN p.erased_at IS NOT NULL THEN -1 ELSE COALESCE(p.id, 0) END";

record! {
    struct PaidForProject {
        name: String = "MAX(COALESCE(p.name, ''))",
        paid: Paid as "s." in sum,
        entries: i64 = sum("s.entries"),
        whose: i64 = WHOSE,
    }
}

record! {
    struct PastUse {
        input_tokens: Option<i64> = "r.input_tokens",
        output_tokens: Option<i64> = "r.output_tokens",
        cached_tokens: Option<i64> = "r.cached_tokens",
        searches: Option<i64> = "r.searches",
        reported: Option<Money> = "CASE WHEN r.cost_kind = 'reported' THEN r.cost_nano_usd END",
        question_bytes: i64 = "CAST(LENGTH(q.query_text) AS BIGINT)",
    }
}

impl From<PastUse> for PastAnswer {
    fn from(past: PastUse) -> Self {
        Self {
            usage: Usage {
                input_tokens: past.input_tokens,
                output_tokens: past.output_tokens,
                cached_tokens: past.cached_tokens,
                searches: past.searches,
                ..Usage::default()
            },
            reported: past.reported,
            question_bytes: usize::try_from(past.question_bytes).unwrap_or_default(),
        }
    }
}

record! {
    /// A project with a budget of its own: `$1` is the workspace, `$2` and `$3` the days.
    struct ProjectAccount {
        id: ProjectId = "p.id",
        name: String = "p.name",
        monthly: Money = "p.monthly_budget_nano_usd",
        spent: Money = "CAST(COALESCE((SELECT SUM(d.amount_nano_usd) FROM llm_spend_days d \
            WHERE d.workspace_id = $1 AND d.project_id = p.id AND d.day >= $2 AND d.day < $3), 0) \
            AS BIGINT)",
    }
}
