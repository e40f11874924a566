//! Money set aside before asks are sent.
//!
//! Invariant: of two lanes that want the last cents, one gets them: whoever reserves holds the
//! workspace's row until its transaction ends, so what it reads stays true.

use app::model::money::Money;
use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use super::lanes::hold_values;
use super::spend::spent_and_reserved;
use super::{Store, StoreError, StoreResult, rows};
use crate::engine::{LaneScope, Payer, calendar};

/// What the budgets have for a block of asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Granted {
    /// Enough for so many of the first, perhaps for none just now: reservations that are open
    /// may leave something over.
    First(usize),
    /// Not enough for the next ask, whatever comes back.
    Over,
}

/// A budget and what has become of it this month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Account {
    budget: Money,
    spent: Money,
    reserved: Money,
}

impl Account {
    /// How many of the first of these asks it has money for.
    fn grant(&self, worst_cases: impl Iterator<Item = Money>) -> Granted {
        let mut left = self.budget - self.spent - self.reserved;
        let mut fit = 0;
        for worst_case in worst_cases {
            if worst_case > left {
                let never_fits = self.spent + worst_case > self.budget;
                if fit == 0 && never_fits {
                    return Granted::Over;
                }
                break;
            }
            left -= worst_case;
            fit += 1;
        }
        // A budget that is used up is over for free asks too.
        if self.spent >= self.budget {
            return Granted::Over;
        }
        Granted::First(fit)
    }
}

impl Store {
    /// Sets more money aside for a lane, for one more attempt. Whether the budgets had it.
    ///
    /// Errors: [`StoreError::LaneLost`] where another claim followed.
    pub async fn reserve_for_lane(&self, scope: &LaneScope, amount: Money) -> StoreResult<bool> {
        let txn = self.begin_write().await?;
        let now = self.clock().now();
        let sql = "UPDATE llm_monitoring_lanes SET reserved_nano_usd = reserved_nano_usd + $4 \
            WHERE id = $1 AND worker = $2 AND epoch = $3 AND status = 'running'";
        let values = hold_values(&scope.hold)
            .into_iter()
            .chain([amount.nanos().into()]);
        // The lane's row first, as everywhere: two transactions never wait for each other.
        if rows::execute(&txn, sql, values).await?.rows_affected() == 0 {
            txn.rollback().await?;
            return Err(StoreError::LaneLost);
        }
        let has_it = fits(&txn, scope.payer(), now).await?;
        if has_it {
            txn.commit().await?;
        } else {
            txn.rollback().await?;
        }
        Ok(has_it)
    }
}

/// Whether what is spent and set aside by now, this transaction's own included, fits the
/// budgets. Nobody else reserves until the transaction ends.
pub(super) async fn fits(
    txn: &DatabaseTransaction,
    payer: Payer,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let accounts = hold_accounts(txn, payer, now).await?;
    let fits = |account: &Account| account.spent + account.reserved <= account.budget;
    Ok(accounts.iter().all(fits))
}

/// How many of the first of these worst cases the budgets have money for. `released` is what
/// this transaction has freed of the payer's own reservation, but not written yet.
pub(super) async fn grant(
    txn: &DatabaseTransaction,
    payer: Payer,
    worst_cases: &[Money],
    released: Money,
    now: DateTime<Utc>,
) -> StoreResult<Granted> {
    let mut accounts = hold_accounts(txn, payer, now).await?;
    let mut granted = worst_cases.len();
    for account in &mut accounts {
        account.reserved -= released;
        match account.grant(worst_cases.iter().copied()) {
            Granted::First(fit) => granted = granted.min(fit),
            Granted::Over => return Ok(Granted::Over),
        }
    }
    Ok(Granted::First(granted))
}

/// Reads the accounts that are drawn from, and lets nobody else reserve until the transaction ends.
async fn hold_accounts(
    txn: &DatabaseTransaction,
    payer: Payer,
    now: DateTime<Utc>,
) -> StoreResult<Vec<Account>> {
    let sql = format!(
        "SELECT w.monthly_budget_nano_usd FROM workspaces w WHERE w.id = $1{}",
        rows::for_update(txn, "w")
    );
    let workspace = rows::one(txn, sql, [payer.workspace.0.into()])
        .await?
        .ok_or(StoreError::NotFound)?;
    let month = calendar::month(payer.time_zone, now);
    let mut budgets = vec![(None, workspace.try_get_by_index(0)?)];
    if let Some(project) = payer.project {
        let sql = "SELECT monthly_budget_nano_usd FROM llm_monitoring_projects WHERE id = $1";
        let row = rows::one(txn, sql, [project.0.into()])
            .await?
            .ok_or(StoreError::NotFound)?;
        let of_project: Option<i64> = row.try_get_by_index(0)?;
        budgets.extend(of_project.map(|budget| (Some(project), budget)));
    }
    let mut accounts = Vec::with_capacity(budgets.len());
    for (project, budget) in budgets {
        let (spent, reserved) = spent_and_reserved(txn, payer.workspace, project, month).await?;
        accounts.push(Account {
            budget: Money::from_nanos(budget),
            spent,
            reserved,
        });
    }
    Ok(accounts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(spent: i64, reserved: i64) -> Account {
        Account {
            budget: Money::from_nanos(100),
            spent: Money::from_nanos(spent),
            reserved: Money::from_nanos(reserved),
        }
    }

    fn grant(account: Account, worst_cases: &[i64]) -> Granted {
        account.grant(worst_cases.iter().copied().map(Money::from_nanos))
    }

    #[test]
    fn as_many_of_the_first_as_there_is_money_for() {
        assert_eq!(grant(account(0, 0), &[40, 40, 40]), Granted::First(2));
        assert_eq!(grant(account(0, 0), &[50, 50]), Granted::First(2));
        assert_eq!(grant(account(20, 30), &[40, 40]), Granted::First(1));
        assert_eq!(grant(account(0, 0), &[]), Granted::First(0));
    }

    #[test]
    fn what_others_have_set_aside_may_come_back() {
        assert_eq!(grant(account(20, 70), &[40]), Granted::First(0));
        assert_eq!(grant(account(60, 30), &[40]), Granted::First(0));
    }

    #[test]
    fn what_never_fits_is_over() {
        assert_eq!(grant(account(61, 0), &[40]), Granted::Over);
        assert_eq!(grant(account(61, 30), &[40]), Granted::Over);
        assert_eq!(grant(account(0, 0), &[101]), Granted::Over);
        assert_eq!(grant(account(100, 0), &[0]), Granted::Over);
    }
}
