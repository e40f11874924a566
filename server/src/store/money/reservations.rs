//! Money set aside before asks are sent.
//!
//! Invariant: if two lanes want the last cents, one gets them. A reservation locks the workspace's
//! row until its transaction ends, so what it reads stays true. After each write `spent + reserved
//! <= budget` holds in each account (a budget, or a ceiling of shared keys). The one exception: all
//! that is reserved belongs to a single ask, and the account had the least that this ask costs.
//! Such an account gives nothing more until that ask is settled.

use app::model::money::Money;
use app::model::outcome::ErrorClass;
use chrono::{DateTime, Utc};
use engine::{Begin, LaneScope, Payer};
use sea_orm::DatabaseTransaction;

use super::shared_keys::spent_and_reserved_on_shared_keys;
use super::spend::spent_and_reserved;
use crate::calendar;
use crate::store::sql::leases::{self, Held};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

/// What an ask may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Wanted {
    /// What is set aside for it, and has to be there beside others.
    most: Money,
    /// What has to be there for it in an account of which nothing else is in flight.
    least: Money,
}

impl Wanted {
    /// An ask of which nobody doubts what it may cost.
    pub(in crate::store) const fn exactly(worst_case: Money) -> Self {
        Self {
            most: worst_case,
            least: worst_case,
        }
    }
}

impl From<&Begin> for Wanted {
    fn from(begin: &Begin) -> Self {
        Self {
            most: begin.most,
            least: begin.least,
        }
    }
}

/// A block of asks that wants money.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Asking<'a> {
    /// What they may cost.
    pub(in crate::store) wanted: &'a [Wanted],
    /// Only the first of them: in an account of which nothing else is in flight its least will do.
    pub(in crate::store) alone: bool,
    /// What this transaction has freed of the payer's own reservation, but not written yet.
    pub(in crate::store) released: Money,
}

impl<'a> Asking<'a> {
    /// Asks beside whatever else is in flight.
    pub(in crate::store) const fn with_others_in_flight(wanted: &'a [Wanted]) -> Self {
        Self {
            wanted,
            alone: false,
            released: Money::ZERO,
        }
    }

    /// What is set aside for the first `begun` of them. One that an account has only the least for
    /// takes its most there too: it is to stay alone, and in every other account it is one of many.
    pub(in crate::store) fn set_aside(&self, begun: usize) -> Money {
        self.wanted.iter().take(begun).map(|next| next.most).sum()
    }
}

/// What the budgets have for a block of asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Granted {
    /// Enough for so many of the first, perhaps for none just now: reservations that are open
    /// may leave something over.
    First(usize),
    /// Not enough for the next ask, whatever comes back.
    Over(Limit),
}

/// Whose limit it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Limit {
    /// A budget of the workspace or project, which its owner sets.
    Budget,
    /// What the workspace may spend on the operator's keys, which an admin sets.
    SharedKeys,
}

impl Limit {
    /// The reason that a lane or a judge pass ends with, where its budget does not say it all.
    pub(in crate::store) const fn reason(self) -> Option<ErrorClass> {
        match self {
            Self::Budget => None,
            Self::SharedKeys => Some(ErrorClass::SharedCeiling),
        }
    }
}

/// A budget and what has become of it this month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Account {
    limit: Limit,
    budget: Money,
    spent: Money,
    reserved: Money,
}

impl Account {
    /// How many of the first of these asks it has money for.
    fn grant(&self, wanted: &[Wanted], alone: bool) -> Granted {
        // A budget that is used up is over for free asks too.
        let is_used_up = self.spent >= self.budget;
        let never_fits = |next: &Wanted| self.spent + next.least > self.budget;
        if is_used_up || wanted.first().is_some_and(never_fits) {
            return Granted::Over(self.limit);
        }
        let mut left = self.budget - self.spent - self.reserved;
        if alone {
            // What others have in flight of a larger budget is no reason to wait for them; there
            // the most has to fit.
            let is_alone = self.reserved == Money::ZERO;
            let fits = |next: &Wanted| next.most <= left || is_alone && next.least <= left;
            return Granted::First(usize::from(wanted.first().is_some_and(fits)));
        }
        let fits = |next: &&Wanted| {
            left -= next.most;
            left >= Money::ZERO
        };
        Granted::First(wanted.iter().take_while(fits).count())
    }
}

impl Store {
    /// Sets more money aside for a lane, for one more attempt. Whether the budgets had it.
    ///
    /// Errors: [`StoreError::LaneLost`] where another claim followed.
    pub async fn reserve_for_lane(&self, scope: &LaneScope, amount: Money) -> StoreResult<bool> {
        if scope.payer().is_fiction {
            return Ok(true);
        }
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        // The lane's row first, as everywhere: two transactions never wait for each other.
        let change = ", reserved_nano_usd = reserved_nano_usd + $5";
        let held = Held::from(&scope.hold);
        leases::hold(&tx, &held, change, [amount.nanos().into()], now).await?;
        let has_it = fits(&tx, scope.payer(), now).await?;
        if has_it {
            tx.commit().await?;
        } else {
            tx.rollback().await?;
        }
        Ok(has_it)
    }
}

/// Whether what is spent and set aside by now, this transaction's own included, fits the
/// budgets. Nobody else reserves until the transaction ends.
pub(in crate::store) async fn fits(
    tx: &DatabaseTransaction,
    payer: Payer,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    if payer.is_fiction {
        return Ok(true);
    }
    Ok(all_fit(&hold_accounts(tx, payer, now).await?))
}

/// How many of the first of these asks the budgets have money for.
pub(in crate::store) async fn grant(
    tx: &DatabaseTransaction,
    payer: Payer,
    asking: Asking<'_>,
    now: DateTime<Utc>,
) -> StoreResult<Granted> {
    if payer.is_fiction {
        return Ok(Granted::First(asking.wanted.len()));
    }
    let accounts = hold_accounts(tx, payer, now).await?;
    Ok(granted_by_all(&accounts, asking))
}

/// How many of the first of these asks each of the accounts has money for.
fn granted_by_all(accounts: &[Account], asking: Asking<'_>) -> Granted {
    let mut granted = asking.wanted.len();
    for held in accounts {
        let account = Account {
            reserved: held.reserved - asking.released,
            ..*held
        };
        match account.grant(asking.wanted, asking.alone) {
            Granted::First(fit) => granted = granted.min(fit),
            over @ Granted::Over(_) => return over,
        }
    }
    Granted::First(granted)
}

/// Whether what is spent and set aside fits each of the accounts.
fn all_fit(accounts: &[Account]) -> bool {
    let fits = |account: &Account| account.spent + account.reserved <= account.budget;
    accounts.iter().all(fits)
}

record! {
    /// What a workspace may spend.
    struct WorkspaceLimits {
        budget: Money = "w.monthly_budget_nano_usd",
        shared_key_ceiling: Money = "w.shared_key_ceiling_nano_usd",
    }
}

/// Reads the accounts that are drawn from, and lets nobody else reserve until the transaction ends.
async fn hold_accounts(
    tx: &DatabaseTransaction,
    payer: Payer,
    now: DateTime<Utc>,
) -> StoreResult<Vec<Account>> {
    let rest = format!(
        "FROM workspaces w WHERE w.id = $1{}",
        rows::for_update(tx, "w")
    );
    let limits: WorkspaceLimits = rows::select_one(tx, rest, [payer.workspace.0.into()])
        .await?
        .ok_or(StoreError::NotFound)?;
    let month = calendar::month(payer.time_zone, now);
    let mut budgets = vec![(None, limits.budget)];
    if let Some(project) = payer.project {
        let sql = "SELECT monthly_budget_nano_usd FROM llm_monitoring_projects WHERE id = $1";
        let of_project: Option<Money> = rows::value(tx, sql, [project.0.into()])
            .await?
            .ok_or(StoreError::NotFound)?;
        budgets.extend(of_project.map(|budget| (Some(project), budget)));
    }
    let mut accounts = Vec::with_capacity(budgets.len());
    for (project, budget) in budgets {
        let (spent, reserved) = spent_and_reserved(tx, payer.workspace, project, month).await?;
        accounts.push(Account {
            limit: Limit::Budget,
            budget,
            spent,
            reserved,
        });
    }
    if payer.on_shared_key {
        let (spent, reserved) =
            spent_and_reserved_on_shared_keys(tx, payer.workspace, month).await?;
        accounts.push(Account {
            limit: Limit::SharedKeys,
            budget: limits.shared_key_ceiling,
            spent,
            reserved,
        });
    }
    Ok(accounts)
}

#[cfg(test)]
#[path = "reservations_tests.rs"]
mod tests;
