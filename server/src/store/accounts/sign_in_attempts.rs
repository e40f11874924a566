//! Attempts to sign in and to sign up: counted before they are tried, taken back where they turn
//! out right.
//!
//! Invariant: an attempt is judged and written in one transaction, one after the other. Attempts
//! at the same moment do not pass together.

use app::model::ids::UserId;
use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::store::entity::{sign_in_failure, sign_in_place, user};
use crate::store::{Store, StoreResult};

/// Any number will do, as long as all hosts use the same.
const ATTEMPT_LOCK: i64 = 7_152_639_815;
/// Addresses that are remembered of a user.
const MOST_PLACES: u64 = 20;
/// A place's last use is noted at most this often.
const NOTE_PLACE_EVERY: Duration = Duration::days(1);
/// From where the account's user never came: the first few tries there.
const FIRST_SIGN_IN: &str = "first_sign_in";
const SIGN_IN: &str = "sign_in";
/// Both.
const SIGN_INS: [&str; 2] = [FIRST_SIGN_IN, SIGN_IN];
const SIGN_UP: &str = "sign_up";

/// Who tries, and from where.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// Normal form of the account's address; there need be no such account.
    pub email: &'a str,
    /// What a network address is counted under.
    pub address: &'a str,
}

/// How many attempts may fail.
#[derive(Clone, Copy, Debug)]
pub struct AttemptRules {
    /// In which attempts of an address are counted.
    pub window: Duration,
    /// Of an account from an address.
    pub of_pair: u64,
    /// Of an address, to all accounts.
    pub of_address: u64,
    /// Accounts that an address may make.
    pub sign_ups_of_address: u64,
    /// In which attempts of an account are counted, from all addresses.
    pub account_window: Duration,
    /// So many tries of an account from an address, in that time, have turns of their own: those
    /// who go on guessing do not take them.
    pub first_of_pair: u64,
    /// Gives the pause after that many failures of an account, for each kind of turn.
    pub pause: fn(u64) -> Duration,
    /// Nobody waits for longer; they are told to come again.
    pub longest_wait: Duration,
    /// Attempts that are kept, however many addresses they come from: the oldest go first.
    pub most_kept: i64,
}

/// What comes of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It is counted, and may be tried after the wait.
    Counted {
        /// Its row.
        id: i64,
        /// Until its turn.
        wait: Duration,
    },
    /// It is too much; nothing was counted.
    Refused {
        /// Until another one may pass.
        wait: Duration,
    },
}

enum Verdict {
    /// Its turn.
    Passes(DateTime<Utc>),
    /// Until another one may pass.
    Waits(Duration),
}

fn later_than(since: DateTime<Utc>) -> Select<sign_in_failure::Entity> {
    sign_in_failure::Entity::find().filter(sign_in_failure::Column::FailedAt.gt(since))
}

/// The oldest of these rows, where there are as many as `most`.
async fn oldest_of_full(
    connection: &impl ConnectionTrait,
    rows: Select<sign_in_failure::Entity>,
    most: u64,
) -> StoreResult<Option<DateTime<Utc>>> {
    if rows.clone().count(connection).await? < most {
        return Ok(None);
    }
    let oldest = rows
        .order_by_asc(sign_in_failure::Column::FailedAt)
        .one(connection)
        .await?;
    Ok(oldest.map(|row| row.failed_at))
}

/// Whether the account's user signed in from this address before. Asks the same of an account
/// that does not exist.
async fn is_known_place(
    connection: &impl ConnectionTrait,
    attempt: Attempt<'_>,
) -> StoreResult<bool> {
    let user_id: Option<i64> = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Email.eq(attempt.email))
        .into_tuple()
        .one(connection)
        .await?;
    let place = (user_id.unwrap_or_default(), attempt.address.to_owned());
    let found = sign_in_place::Entity::find_by_id(place);
    Ok(found.one(connection).await?.is_some())
}

/// What kind of attempt it is, and whether it may be tried.
async fn judge_sign_in(
    connection: &impl ConnectionTrait,
    attempt: Attempt<'_>,
    rules: &AttemptRules,
    now: DateTime<Utc>,
) -> StoreResult<(&'static str, Verdict)> {
    // Accounts that are made have a count of their own.
    let of_address = later_than(now - rules.window)
        .filter(sign_in_failure::Column::Address.eq(attempt.address))
        .filter(sign_in_failure::Column::Purpose.is_in(SIGN_INS));
    let of_pair = of_address
        .clone()
        .filter(sign_in_failure::Column::Email.eq(attempt.email));
    for (rows, most) in [(of_pair, rules.of_pair), (of_address, rules.of_address)] {
        if let Some(oldest) = oldest_of_full(connection, rows, most).await? {
            return Ok((SIGN_IN, Verdict::Waits(oldest + rules.window - now)));
        }
    }
    if is_known_place(connection, attempt).await? {
        return Ok((SIGN_IN, Verdict::Passes(now)));
    }
    let of_account = later_than(now - rules.account_window)
        .filter(sign_in_failure::Column::Email.eq(attempt.email));
    let from_here = of_account
        .clone()
        .filter(sign_in_failure::Column::Address.eq(attempt.address))
        .filter(sign_in_failure::Column::Purpose.is_in(SIGN_INS));
    let is_first = from_here.count(connection).await? < rules.first_of_pair;
    let purpose = if is_first { FIRST_SIGN_IN } else { SIGN_IN };
    let before = of_account.filter(sign_in_failure::Column::Purpose.eq(purpose));
    let failures = before.clone().count(connection).await?;
    let last = before
        .order_by_desc(sign_in_failure::Column::FailedAt)
        .one(connection)
        .await?;
    let turn = last.map_or(now, |row| now.max(row.failed_at + (rules.pause)(failures)));
    let verdict = if turn - now > rules.longest_wait {
        Verdict::Waits(turn - now)
    } else {
        Verdict::Passes(turn)
    };
    Ok((purpose, verdict))
}

async fn judge_sign_up(
    connection: &impl ConnectionTrait,
    attempt: Attempt<'_>,
    rules: &AttemptRules,
    now: DateTime<Utc>,
) -> StoreResult<Verdict> {
    let of_address = later_than(now - rules.window)
        .filter(sign_in_failure::Column::Address.eq(attempt.address))
        .filter(sign_in_failure::Column::Purpose.eq(SIGN_UP));
    let oldest = oldest_of_full(connection, of_address, rules.sign_ups_of_address).await?;
    Ok(oldest.map_or(Verdict::Passes(now), |oldest| {
        Verdict::Waits(oldest + rules.window - now)
    }))
}

/// One after the other. SQLite's write lock is held already.
async fn lock_in_turn(tx: &DatabaseTransaction) -> StoreResult<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({ATTEMPT_LOCK})"))
            .await?;
    }
    Ok(())
}

/// Writes an attempt, and forgets what counts no more or is too much.
async fn write(
    tx: &DatabaseTransaction,
    attempt: Attempt<'_>,
    purpose: &str,
    turn: DateTime<Utc>,
    (rules, now): (&AttemptRules, DateTime<Utc>),
) -> StoreResult<i64> {
    let row = sign_in_failure::ActiveModel {
        email: Set(attempt.email.to_owned()),
        address: Set(attempt.address.to_owned()),
        failed_at: Set(turn),
        purpose: Set(purpose.to_owned()),
        ..Default::default()
    }
    .insert(tx)
    .await?;
    let forget_before = now - rules.account_window.max(rules.window);
    for old in [
        sign_in_failure::Column::FailedAt.lt(forget_before),
        sign_in_failure::Column::Id.lte(row.id - rules.most_kept),
    ] {
        sign_in_failure::Entity::delete_many()
            .filter(old)
            .exec(tx)
            .await?;
    }
    Ok(row.id)
}

impl Store {
    /// Counts an attempt to prove a password, unless it is too much.
    pub async fn count_sign_in(
        &self,
        attempt: Attempt<'_>,
        rules: &AttemptRules,
    ) -> StoreResult<Admission> {
        let now = self.clock().now();
        // Most of a flood ends here, without a lock.
        let (_, verdict) = judge_sign_in(self.reader(), attempt, rules, now).await?;
        if let Verdict::Waits(wait) = verdict {
            return Ok(Admission::Refused { wait });
        }
        let tx = self.begin_write().await?;
        lock_in_turn(&tx).await?;
        let judged = judge_sign_in(&tx, attempt, rules, now).await?;
        admit(tx, attempt, judged, (rules, now)).await
    }

    /// Counts an attempt to make an account, unless it is too much.
    pub async fn count_sign_up(
        &self,
        attempt: Attempt<'_>,
        rules: &AttemptRules,
    ) -> StoreResult<Admission> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        lock_in_turn(&tx).await?;
        let verdict = judge_sign_up(&tx, attempt, rules, now).await?;
        admit(tx, attempt, (SIGN_UP, verdict), (rules, now)).await
    }

    /// Takes back an attempt that was not tried after all.
    pub async fn take_back_attempt(&self, id: i64) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        sign_in_failure::Entity::delete_by_id(id).exec(&tx).await?;
        Ok(tx.commit().await?)
    }

    /// Takes back an attempt that was right, forgets those before it of the same account and
    /// address, and remembers the address as the user's.
    pub async fn note_right_password(
        &self,
        user_id: UserId,
        attempt: Attempt<'_>,
    ) -> StoreResult<()> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        sign_in_failure::Entity::delete_many()
            .filter(sign_in_failure::Column::Email.eq(attempt.email))
            .filter(sign_in_failure::Column::Address.eq(attempt.address))
            .filter(sign_in_failure::Column::Purpose.is_in(SIGN_INS))
            .exec(&tx)
            .await?;
        let place = (user_id.0, attempt.address.to_owned());
        let known = sign_in_place::Entity::find_by_id(place).one(&tx).await?;
        if known.is_none_or(|place| now - place.last_used_at > NOTE_PLACE_EVERY) {
            remember_place(&tx, user_id, attempt.address, now).await?;
        }
        Ok(tx.commit().await?)
    }
}

async fn admit(
    tx: DatabaseTransaction,
    attempt: Attempt<'_>,
    (purpose, verdict): (&str, Verdict),
    (rules, now): (&AttemptRules, DateTime<Utc>),
) -> StoreResult<Admission> {
    let turn = match verdict {
        Verdict::Passes(turn) => turn,
        Verdict::Waits(wait) => return Ok(Admission::Refused { wait }),
    };
    let id = write(&tx, attempt, purpose, turn, (rules, now)).await?;
    tx.commit().await?;
    let wait = turn - now;
    Ok(Admission::Counted { id, wait })
}

async fn remember_place(
    tx: &DatabaseTransaction,
    user_id: UserId,
    address: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let row = sign_in_place::ActiveModel {
        user_id: Set(user_id.0),
        address: Set(address.to_owned()),
        last_used_at: Set(now),
    };
    let again = OnConflict::columns([
        sign_in_place::Column::UserId,
        sign_in_place::Column::Address,
    ])
    .update_column(sign_in_place::Column::LastUsedAt)
    .to_owned();
    sign_in_place::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(tx)
        .await?;
    let too_many = sign_in_place::Entity::find()
        .filter(sign_in_place::Column::UserId.eq(user_id.0))
        .order_by_desc(sign_in_place::Column::LastUsedAt)
        .offset(MOST_PLACES)
        .limit(MOST_PLACES)
        .all(tx)
        .await?;
    let addresses = too_many.into_iter().map(|place| place.address);
    sign_in_place::Entity::delete_many()
        .filter(sign_in_place::Column::UserId.eq(user_id.0))
        .filter(sign_in_place::Column::Address.is_in(addresses))
        .exec(tx)
        .await?;
    Ok(())
}
