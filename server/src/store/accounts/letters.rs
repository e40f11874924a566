//! Letters with a link that works once: to confirm an address, to accept an invitation.
//!
//! Invariant: of a link only the hash is stored. Its token is made when the letter is sent, so
//! that who reads the database or the screen of an admin cannot have it.

use std::collections::HashMap;

use app::model::ids::{UserId, WorkspaceId};
use app::model::language::Language;
use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};

use crate::store::sql::record::{Record, record};
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

/// How long a confirmation can be used.
const CONFIRMATION_LASTS: Duration = Duration::days(2);
/// Letters to one user within [`COUNTED`].
const CONFIRMATIONS: i64 = 5;
const COUNTED: Duration = Duration::days(1);
/// Between two letters to one user.
const PAUSE: Duration = Duration::minutes(1);

/// After these waits a mail is tried again; then it is given up.
const AGAIN_AFTER: [Duration; 6] = [
    Duration::minutes(1),
    Duration::minutes(5),
    Duration::minutes(30),
    Duration::hours(2),
    Duration::hours(6),
    Duration::hours(12),
];

/// Whom a letter is for.
pub(super) enum LetterFor {
    /// A user who is to confirm their address.
    Confirming(i64),
    /// Somebody who is invited.
    Invited {
        /// The invitation.
        invitation: i64,
        /// When it ends.
        until: DateTime<Utc>,
    },
}

/// What a letter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterKind {
    /// It asks whether the address is the user's.
    Confirmation,
    /// It invites.
    Invitation,
}

/// A letter that this process is to send now. Who else looks does not see it for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterToSend {
    /// Id.
    pub id: i64,
    /// What it is about.
    pub kind: LetterKind,
    /// Address.
    pub recipient: String,
    /// The language of the words.
    pub language: Language,
    /// How often it was tried, this time included.
    pub tries: i64,
    /// When its link stops working.
    pub expires_at: DateTime<Utc>,
}

/// What became of the wish for a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// It is on its way.
    Written,
    /// The address is confirmed already.
    NotNeeded,
    /// There were enough letters; seconds until the next one.
    TooMany(u64),
}

impl Store {
    /// Writes a letter by which a user confirms their address; a few a day.
    pub async fn ask_confirmation(
        &self,
        user: UserId,
        language: Language,
    ) -> StoreResult<Confirmation> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        // The row stays locked: who asks twice at once is counted twice.
        let lock = "UPDATE users SET email = email WHERE id = $1 AND confirmed_at IS NULL \
            RETURNING email";
        let email: Option<String> = rows::value(&tx, lock, [user.0.into()]).await?;
        let Some(email) = email else {
            return Ok(Confirmation::NotNeeded);
        };
        if let Some(seconds) = seconds_to_wait(&tx, user, now).await? {
            return Ok(Confirmation::TooMany(seconds));
        }
        write(&tx, LetterFor::Confirming(user.0), (&email, language), now).await?;
        tx.commit().await?;
        Ok(Confirmation::Written)
    }

    /// Whether a user has shown that their address is theirs.
    pub async fn is_confirmed(&self, user: UserId) -> StoreResult<bool> {
        let sql = "SELECT 1 FROM users WHERE id = $1 AND confirmed_at IS NOT NULL";
        Ok(rows::one(self.reader(), sql, [user.0.into()])
            .await?
            .is_some())
    }

    /// The address that a link confirms; `None`: it does not work.
    pub async fn address_to_confirm(&self, token_hash: &str) -> StoreResult<Option<String>> {
        let found = confirming(self.reader(), token_hash, self.clock().now()).await?;
        Ok(found.map(|(_, email)| email))
    }

    /// Confirms the address that a link is for; gives the user. `None`: it does not work.
    pub async fn confirm_address(&self, token_hash: &str) -> StoreResult<Option<UserId>> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let Some((user, _)) = confirming(&tx, token_hash, now).await? else {
            return Ok(None);
        };
        let values: [Value; 2] = [user.0.into(), now.into()];
        let sql = "UPDATE users SET confirmed_at = $2 WHERE id = $1 AND confirmed_at IS NULL";
        rows::execute(&tx, sql, values.clone()).await?;
        // The others say the same and have done their work.
        let sql = "UPDATE account_letters SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL";
        rows::execute(&tx, sql, values).await?;
        tx.commit().await?;
        Ok(Some(user))
    }

    /// Takes a letter that is to be sent, with a link by the token of this hash; it comes up
    /// again later, unless it is noted as sent.
    pub async fn claim_letter(&self, token_hash: &str) -> StoreResult<Option<LetterToSend>> {
        let now = self.clock().now();
        let due: Option<(i64, i64)> = rows::one_pair(self.reader(), DUE, [now.into()]).await?;
        let Some((id, tries)) = due else {
            return Ok(None);
        };
        let again = now + wait_after(tries).unwrap_or(Duration::hours(24));
        let tx = self.begin_write().await?;
        let sql = format!(
            "UPDATE account_letters SET tries = tries + 1, next_try_at = $2, token_hash = $5 \
             WHERE id = $1 AND state = 'waiting' AND next_try_at <= $3 AND tries = $4 \
             RETURNING {}",
            ClaimedLetter::columns()
        );
        let values: [Value; 5] = [
            id.into(),
            again.into(),
            now.into(),
            tries.into(),
            token_hash.into(),
        ];
        let claimed: Option<ClaimedLetter> = rows::read_one(&tx, sql, values).await?;
        let Some(claimed) = claimed else {
            return Ok(None);
        };
        tx.commit().await?;
        Ok(Some(LetterToSend {
            id,
            kind: claimed
                .invitation
                .map_or(LetterKind::Confirmation, |_| LetterKind::Invitation),
            recipient: claimed.recipient,
            language: claimed.language.parse().unwrap_or_default(),
            tries: tries + 1,
            expires_at: claimed.expires_at,
        }))
    }

    /// A letter is on its way.
    pub async fn letter_sent(&self, id: i64) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let sql = "UPDATE account_letters SET state = 'sent', sent_at = $2, last_error = NULL \
            WHERE id = $1";
        rows::execute(&tx, sql, [id.into(), self.clock().now().into()]).await?;
        Ok(tx.commit().await?)
    }

    /// A letter could not be sent. `for_good`: no later try would do better.
    pub async fn letter_failed(
        &self,
        letter: &LetterToSend,
        error: &str,
        for_good: bool,
    ) -> StoreResult<()> {
        let state = if for_good || wait_after(letter.tries).is_none() {
            "failed"
        } else {
            "waiting"
        };
        let tx = self.begin_write().await?;
        let sql = "UPDATE account_letters SET state = $2, last_error = $3 WHERE id = $1";
        let values: [Value; 3] = [letter.id.into(), state.into(), error.into()];
        rows::execute(&tx, sql, values).await?;
        Ok(tx.commit().await?)
    }

    /// When the invitations to a workspace went out by mail, by their ids.
    pub(super) async fn mailed_invitations(
        &self,
        workspace_id: WorkspaceId,
    ) -> StoreResult<HashMap<i64, DateTime<Utc>>> {
        let sql = "SELECT l.invitation_id, l.sent_at FROM account_letters l \
            JOIN invitations i ON i.id = l.invitation_id \
            WHERE i.workspace_id = $1 AND i.used_at IS NULL AND l.sent_at IS NOT NULL";
        let mailed = rows::pairs(self.reader(), sql, [workspace_id.0.into()]).await?;
        Ok(mailed.into_iter().collect())
    }
}

/// Letters whose link would not work are not sent: those that have ended, were taken back or are
/// used.
const DUE: &str = "SELECT l.id, l.tries FROM account_letters l \
    LEFT JOIN invitations i ON i.id = l.invitation_id \
    LEFT JOIN users u ON u.id = l.user_id \
    WHERE l.state = 'waiting' AND l.next_try_at <= $1 AND l.expires_at > $1 \
    AND (i.id IS NULL OR i.used_at IS NULL AND i.revoked_at IS NULL) \
    AND (u.id IS NULL OR u.confirmed_at IS NULL AND u.disabled_at IS NULL \
        AND u.email = l.recipient) \
    ORDER BY l.next_try_at, l.id LIMIT 1";

/// Whose address a link confirms.
async fn confirming(
    connection: &impl ConnectionTrait,
    token_hash: &str,
    now: DateTime<Utc>,
) -> StoreResult<Option<(UserId, String)>> {
    let sql = "SELECT u.id, u.email FROM account_letters l JOIN users u ON u.id = l.user_id \
        WHERE l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > $2 \
        AND u.email = l.recipient";
    rows::one_pair(connection, sql, [token_hash.into(), now.into()]).await
}

record! {
    /// A letter that this process is to send.
    struct ClaimedLetter {
        recipient: String = "recipient",
        language: String = "language",
        invitation: Option<i64> = "invitation_id",
        expires_at: DateTime<Utc> = "expires_at",
    }
}

record! {
    /// How many letters a user has, and when they were written.
    struct Written {
        count: i64 = "COUNT(*)",
        first: Option<DateTime<Utc>> = "MIN(created_at)",
        last: Option<DateTime<Utc>> = "MAX(created_at)",
    }
}

/// How long a user waits for the next letter; `None`: not at all.
async fn seconds_to_wait(
    tx: &DatabaseTransaction,
    user: UserId,
    now: DateTime<Utc>,
) -> StoreResult<Option<u64>> {
    let rest = "FROM account_letters \
        WHERE user_id = $1 AND created_at > $2";
    let values = [user.0.into(), (now - COUNTED).into()];
    let written: Written = rows::select_one(tx, rest, values)
        .await?
        .ok_or(StoreError::NotFound)?;
    let next = if written.count >= CONFIRMATIONS {
        written.first.map(|first| first + COUNTED)
    } else {
        written.last.map(|last| last + PAUSE)
    };
    Ok(next
        .filter(|next| *next > now)
        .map(|next| (next - now).num_seconds().max(1).unsigned_abs()))
}

/// Writes a letter that is due at once.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    letter: LetterFor,
    (recipient, language): (&str, Language),
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let (user, invitation, until) = match letter {
        LetterFor::Confirming(user) => (Some(user), None, now + CONFIRMATION_LASTS),
        LetterFor::Invited { invitation, until } => (None, Some(invitation), until),
    };
    let sql = "INSERT INTO account_letters (user_id, invitation_id, recipient, language, state, \
        tries, next_try_at, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, 'waiting', 0, $5, $5, $6)";
    let values: [Value; 6] = [
        user.into(),
        invitation.into(),
        recipient.into(),
        language.code().into(),
        now.into(),
        until.into(),
    ];
    rows::execute(tx, sql, values).await?;
    Ok(())
}

/// The invitation whose letter has this link.
pub(super) async fn invitation_of(
    connection: &impl ConnectionTrait,
    token_hash: &str,
) -> StoreResult<Option<i64>> {
    let sql = "SELECT invitation_id FROM account_letters \
        WHERE token_hash = $1 AND invitation_id IS NOT NULL";
    rows::value(connection, sql, [token_hash.into()]).await
}

/// How long to wait after so many tries; `None` after the last one.
pub(in crate::store) fn wait_after(tries: i64) -> Option<Duration> {
    AGAIN_AFTER
        .get(usize::try_from(tries).unwrap_or_default())
        .copied()
}
