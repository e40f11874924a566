//! Calls that belong to no lane and no judge pass: money set aside before, costs booked after.
//!
//! Invariant: what is set aside for a call is taken back once, in the transaction that books
//! what the call came to; a call whose host died is booked at what was set aside for it.

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::money::Money;
use app::model::provider::Provider;
use app::model::run::{CostKind, SpendKind};
use chrono::{DateTime, TimeDelta, Utc};
use engine::cost::{self, Cost, Price};
use engine::other_models::{OtherModel, price_of_other};
use engine::{ModelToAsk, Payer, RouteLimits};
use providers::Answer;
use sea_orm::DatabaseTransaction;

use super::ledger::{Entry, write_ledger_entries};
use super::reservations::{Asking, Granted, Limit, Wanted, fits, grant};
use crate::calendar;
use crate::store::registry::offered::offered;
use crate::store::registry::pace::learnt_limits;
use crate::store::registry::to_ask::{model_to_ask, other_models};
use crate::store::sql::record::{Record, record};
use crate::store::sql::rows::{self, new_row};
use crate::store::sql::tenant::time_zone;
use crate::store::{Store, StoreError, StoreResult};

/// After so long the money that was set aside is booked, because the host that sent the call is
/// dead by then.
pub const LOST_AFTER: TimeDelta = TimeDelta::minutes(5);
/// Calls that a workspace may have under way at the same time.
pub const CALLS_AT_ONCE: i64 = 2;
/// Lost calls that are booked at a time.
const BATCH: i64 = 50;

/// Whom a call goes to, and who pays.
#[derive(Clone, Debug)]
pub struct CallScope {
    /// The model.
    pub model: ModelToAsk,
    /// Its name for people.
    pub model_name: String,
    /// Whether the registry still offers it.
    pub is_available: bool,
    /// Whether the workspace's owner lets models without a price run.
    pub allow_unpriced: bool,
    /// How many calls may be in flight, as far as that is known.
    pub limits: RouteLimits,
    /// The other models of its provider: one of them may answer in its place.
    pub others: Vec<OtherModel>,
    payer: Payer,
}

impl CallScope {
    /// The tenant who pays.
    pub const fn workspace(&self) -> WorkspaceId {
        self.payer.workspace
    }

    /// Notes whose key it is asked with: the operator's, with a ceiling for the workspace, or the
    /// workspace's own.
    pub fn pay_on_shared_key(&mut self, on_shared_key: bool) {
        self.payer.on_shared_key = on_shared_key;
    }

    /// The price of an answer to a request of this moment. If another model answered and its price
    /// is known, that price.
    pub fn price_of(&self, answer: &Answer, at: DateTime<Utc>) -> Option<Price> {
        let served = answer.model_served.as_deref();
        price_of_other(&self.others, &self.model.model_id, served, at)
            .or_else(|| cost::price_at(&self.model.prices, at))
    }
}

/// What a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// Questions are suggested.
    Suggest,
    /// A model is tried before it becomes current.
    Trial,
}

impl CallKind {
    /// What it is in the ledger.
    const fn spend(self) -> SpendKind {
        match self {
            Self::Suggest => SpendKind::Suggest,
            Self::Trial => SpendKind::Trial,
        }
    }
}

/// Money that is set aside for one call.
#[derive(Clone, Copy, Debug)]
pub struct SetAside {
    id: i64,
    payer: Payer,
}

/// Whether a call may be sent.
#[derive(Clone, Copy, Debug)]
pub enum MayCall {
    /// It is paid for.
    Yes(SetAside),
    /// The budget does not have its worst case, at least not now.
    OverBudget,
    /// What the workspace may spend on the operator's keys does not have it.
    OverCeiling,
    /// The workspace has [`CALLS_AT_ONCE`] under way.
    TooMany,
}

record! {
    /// What the workspace and the registry say of a call.
    struct CallSettings {
        time_zone: String = "w.time_zone",
        allow_unpriced: bool = "w.allow_unpriced",
        is_available: bool = offered("$3"),
        model_name: String = "m.model_display_name",
    }
}

record! {
    /// A call that nobody will tell of any more.
    struct LostCall {
        workspace: WorkspaceId = "workspace_id",
        project: Option<ProjectId> = "project_id",
        model: ModelId = "model_id",
        reserved: Money = "reserved_nano_usd",
        kind: SpendKind = "kind",
        on_shared_key: bool = "on_shared_key",
    }
}

impl Store {
    /// What a call to `model` needs to know, for a project of the workspace or one that is not
    /// saved yet.
    ///
    /// Errors: [`StoreError::NotFound`] where there is no such project there.
    pub async fn call_scope(
        &self,
        workspace_id: WorkspaceId,
        project: Option<ProjectId>,
        model: ModelId,
    ) -> StoreResult<CallScope> {
        let reader = self.reader();
        if let Some(project) = project {
            let sql = "SELECT id FROM llm_monitoring_projects \
                WHERE id = $1 AND workspace_id = $2 AND deleted_at IS NULL";
            rows::one(reader, sql, [project.0.into(), workspace_id.0.into()])
                .await?
                .ok_or(StoreError::NotFound)?;
        }
        let rest = "FROM workspaces w, llm_model_registry m WHERE w.id = $1 AND m.id = $2";
        let values = [
            workspace_id.0.into(),
            model.0.into(),
            self.clock().now().into(),
        ];
        let settings: CallSettings = rows::select_one(reader, rest, values)
            .await?
            .ok_or(StoreError::NotFound)?;
        let model = model_to_ask(reader, model.0).await?;
        let limits = learnt_limits(reader, workspace_id, model.id, model.provider.slug()).await?;
        Ok(CallScope {
            allow_unpriced: settings.allow_unpriced,
            is_available: settings.is_available,
            model_name: settings.model_name,
            limits,
            others: other_models(reader, &model).await?,
            payer: Payer {
                workspace: workspace_id,
                project,
                run: None,
                model: model.id,
                time_zone: calendar::time_zone(&settings.time_zone),
                is_fiction: model.provider == Provider::Simulator,
                on_shared_key: false,
            },
            model,
        })
    }

    /// Sets the worst case of a call aside, if the budgets have it.
    pub async fn begin_call(
        &self,
        scope: &CallScope,
        kind: CallKind,
        worst_case: Money,
    ) -> StoreResult<MayCall> {
        let payer = scope.payer;
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        let worst_case = if payer.is_fiction {
            Money::ZERO
        } else {
            worst_case
        };
        let wanted = [Wanted::exactly(worst_case)];
        let granted = grant(&tx, payer, Asking::with_others_in_flight(&wanted), now).await?;
        if !matches!(granted, Granted::First(1..)) {
            tx.rollback().await?;
            return Ok(match granted {
                Granted::Over(Limit::SharedKeys) => MayCall::OverCeiling,
                _ => MayCall::OverBudget,
            });
        }
        // Nobody else of the workspace begins a call until this transaction ends.
        let sql = "SELECT COUNT(*) FROM llm_spend_reservations WHERE workspace_id = $1";
        let under_way: i64 = rows::value(&tx, sql, [payer.workspace.0.into()])
            .await?
            .ok_or(StoreError::NotFound)?;
        if under_way >= CALLS_AT_ONCE {
            tx.rollback().await?;
            return Ok(MayCall::TooMany);
        }
        let row = new_row! {
            workspace_id = payer.workspace.0,
            project_id = payer.project.map(|project| project.0),
            model_id = payer.model.0,
            kind = kind.spend().word(),
            reserved_nano_usd = worst_case.nanos(),
            expires_at = now + LOST_AFTER,
            on_shared_key = payer.on_shared_key,
        };
        let table = "llm_spend_reservations";
        let stored = rows::insert_rows(&tx, table, vec![row], "RETURNING id").await?;
        let id = rows::only_cell(stored.first().ok_or(StoreError::NotFound)?)?;
        tx.commit().await?;
        Ok(MayCall::Yes(SetAside { id, payer }))
    }

    /// Sets money aside for another attempt at a call. Whether the budgets had it.
    pub async fn reserve_for_call(&self, call: SetAside, amount: Money) -> StoreResult<bool> {
        if call.payer.is_fiction {
            return Ok(true);
        }
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        let sql = "UPDATE llm_spend_reservations SET reserved_nano_usd = reserved_nano_usd + $3 \
            WHERE id = $1 AND workspace_id = $2";
        let values = [
            call.id.into(),
            call.payer.workspace.0.into(),
            amount.nanos().into(),
        ];
        let is_open = rows::execute(&tx, sql, values).await?.rows_affected() > 0;
        let has_it = is_open && fits(&tx, call.payer, now).await?;
        if has_it {
            tx.commit().await?;
        } else {
            tx.rollback().await?;
        }
        Ok(has_it)
    }

    /// Gives back what was set aside for a call, and books what it cost. One that was booked
    /// already, because it took so long that it counted as lost, changes nothing.
    pub async fn settle_call(&self, call: SetAside, costs: &[Cost]) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        let sql = "DELETE FROM llm_spend_reservations WHERE id = $1 AND workspace_id = $2 \
            RETURNING kind";
        let values = [call.id.into(), call.payer.workspace.0.into()];
        let kind: Option<SpendKind> = rows::value(&tx, sql, values).await?;
        let Some(kind) = kind else {
            return Ok(tx.rollback().await?);
        };
        write_call_to_ledger(&tx, call.payer, kind, costs, now).await?;
        Ok(tx.commit().await?)
    }

    /// Books calls at what was set aside for them that nobody will tell of any more. How many
    /// there were.
    pub async fn write_lost_calls_to_ledger(&self) -> StoreResult<usize> {
        let sql = "SELECT id FROM llm_spend_reservations WHERE expires_at <= $1 \
            ORDER BY id LIMIT $2";
        let values = [self.clock().now().into(), BATCH.into()];
        let mut booked = 0;
        for id in rows::column(self.reader(), sql, values).await? {
            booked += usize::from(self.write_lost_call_to_ledger(id).await?);
        }
        Ok(booked)
    }

    async fn write_lost_call_to_ledger(&self, id: i64) -> StoreResult<bool> {
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        let sql = format!(
            "DELETE FROM llm_spend_reservations WHERE id = $1 RETURNING {}",
            LostCall::columns()
        );
        let lost: Option<LostCall> = rows::read_one(&tx, sql, [id.into()]).await?;
        let Some(lost) = lost else {
            tx.rollback().await?;
            return Ok(false);
        };
        let payer = payer_of(&tx, &lost).await?;
        let cost = Cost {
            amount: lost.reserved,
            kind: CostKind::WorstCase,
            price: None,
        };
        write_call_to_ledger(&tx, payer, lost.kind, &[cost], now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

async fn write_call_to_ledger(
    tx: &DatabaseTransaction,
    payer: Payer,
    kind: SpendKind,
    costs: &[Cost],
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let entry = |&cost: &Cost| Entry {
        kind,
        cost,
        at: now,
        asked: None,
    };
    let entries: Vec<Entry> = costs.iter().map(entry).collect();
    write_ledger_entries(tx, payer, &entries).await
}

async fn payer_of(tx: &DatabaseTransaction, lost: &LostCall) -> StoreResult<Payer> {
    let workspace = lost.workspace;
    let model = model_to_ask(tx, lost.model.0).await?;
    Ok(Payer {
        workspace,
        project: lost.project,
        run: None,
        model: model.id,
        time_zone: time_zone(tx, workspace).await?,
        is_fiction: model.provider == Provider::Simulator,
        on_shared_key: lost.on_shared_key,
    })
}
