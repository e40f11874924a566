//! How often somebody may try to prove a password or make an account, and what the log says of
//! it.
//!
//! Invariant: an attempt is counted before a password is hashed for it. Accounts that do not
//! exist are counted like those that do.

use std::fmt::Write as _;

use app::model::account::UserView;
use app::validate;
use chrono::Duration;

use crate::auth::passwords::Comparison;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::accounts::{Admission, Attempt, AttemptRules, UserRow};

/// Characters of the longest address.
const EMAIL_CHARACTERS: usize = 254;
/// Tries of an account from an unknown address in a day that have turns of their own.
const FIRST_OF_PAIR: u64 = 3;
/// Failures of an account from all addresses before those from unknown ones get slower: of first
/// tries there, and of all others.
const FREE_FAILURES: u64 = 20;
/// Failures after which the pause doubles.
const DOUBLES_EVERY: u64 = 10;
const FIRST_PAUSE: Duration = Duration::milliseconds(500);
const LONGEST_PAUSE: Duration = Duration::seconds(15);

const RULES: AttemptRules = AttemptRules {
    window: Duration::minutes(15),
    of_pair: 10,
    of_address: 50,
    sign_ups_of_address: 30,
    account_window: Duration::hours(24),
    first_of_pair: FIRST_OF_PAIR,
    pause: pause_after,
    longest_wait: LONGEST_PAUSE,
    most_kept: 50_000,
};

/// How long an attempt from an address that is new to the user waits after the last one. It is a
/// delay, not a lock. First tries from an address and all later ones wait in two separate lines. So
/// somebody who goes on guessing does not keep out a user who comes from a new place: each of the
/// guesser's addresses is ahead of the user only three times a day.
fn pause_after(failures: u64) -> Duration {
    let Some(more) = failures.checked_sub(FREE_FAILURES) else {
        return Duration::zero();
    };
    let doublings = u32::try_from(more / DOUBLES_EVERY).unwrap_or(u32::MAX);
    let factor = 2_i32.checked_pow(doublings).unwrap_or(i32::MAX);
    FIRST_PAUSE
        .checked_mul(factor)
        .map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE))
}

/// What an account is looked up by and attempts are counted for. No account's address is longer
/// or holds control characters, which PostgreSQL would refuse to compare with.
pub(super) fn lookup_form(email: &str) -> String {
    let visible = |character: &char| !character.is_control();
    validate::normal_email(email)
        .chars()
        .filter(visible)
        .take(EMAIL_CHARACTERS)
        .collect()
}

/// An account as log lines name it: without blanks, quotes and control characters, so that no
/// address can look like the end of a line or like another one.
fn logged_account(email: &str) -> String {
    let mut logged = String::with_capacity(email.len());
    for byte in email.bytes() {
        if byte.is_ascii_alphanumeric() || b"@._+-".contains(&byte) {
            logged.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(logged, "%{byte:02X}");
        }
    }
    logged
}

/// What the log says of an attempt. Its form is fixed: programs such as fail2ban read it.
#[derive(Clone, Copy)]
enum Outcome {
    Failed,
    Locked,
    Succeeded,
    SignUpLocked,
}

fn log(outcome: Outcome, address: &str, email: &str) {
    let account = logged_account(email);
    match outcome {
        Outcome::Failed => {
            tracing::warn!(target: "parallax::sign_in", "sign-in failed address={address} account={account}");
        }
        Outcome::Locked => {
            tracing::warn!(target: "parallax::sign_in", "sign-in locked address={address} account={account}");
        }
        Outcome::Succeeded => {
            tracing::info!(target: "parallax::sign_in", "sign-in succeeded address={address} account={account}");
        }
        Outcome::SignUpLocked => {
            tracing::warn!(target: "parallax::sign_in", "sign-up locked address={address} account={account}");
        }
    }
}

fn too_many(wait: Duration) -> ServiceError {
    ServiceError::TooManySignIns(wait.num_seconds().max(1).unsigned_abs())
}

impl Services {
    /// Checks a password. The attempt counts as a failure until the password proves right. `None`
    /// if it is wrong or there is no such account.
    ///
    /// # Errors
    /// There were too many failures, or too many passwords are being hashed.
    pub(super) async fn verify_password(
        &self,
        email: &str,
        password: String,
    ) -> ServiceResult<Option<UserRow>> {
        let store = &self.host.store;
        let attempt = Attempt {
            email,
            address: &self.address,
        };
        let id = match store.count_sign_in(attempt, &RULES).await? {
            Admission::Counted { id, wait } => {
                tokio::time::sleep(wait.to_std().unwrap_or_default()).await;
                id
            }
            Admission::Refused { wait } => {
                log(Outcome::Locked, &self.whole_address, email);
                return Err(too_many(wait));
            }
        };
        let mut known = store.user_by_email(email).await?;
        let compared = self.compare(password, known.as_mut()).await;
        if compared.is_err() {
            store.take_back_attempt(id).await?;
        }
        let compared = compared?;
        if let (Comparison::Same | Comparison::SameButWeak, Some(row)) = (compared, known) {
            store.note_right_password(row.view.id, attempt).await?;
            // Whoever is kept out all the same does not come in by it.
            let outcome = if row.is_disabled {
                Outcome::Failed
            } else {
                Outcome::Succeeded
            };
            log(outcome, &self.whole_address, email);
            return Ok(Some(row));
        }
        log(Outcome::Failed, &self.whole_address, email);
        Ok(None)
    }

    /// Compares a password with the user's, and makes a weak hash anew, which then is the user's.
    async fn compare(
        &self,
        password: String,
        known: Option<&mut UserRow>,
    ) -> ServiceResult<Comparison> {
        // More than this no account has; hashing it would only cost time.
        let is_plausible = password.chars().count() <= validate::PASSWORD.1;
        let typed = if is_plausible {
            password
        } else {
            String::new()
        };
        let hash = known.as_ref().map(|row| row.password_hash.clone());
        let passwords = &self.host.passwords;
        let compared = passwords.compare(typed.clone(), hash).await?;
        if let (Comparison::SameButWeak, Some(row), true) = (compared, known, is_plausible) {
            let stronger = passwords.hash(typed).await?;
            let store = &self.host.store;
            let replacing = store.strengthen_password(row.view.id, &row.password_hash, &stronger);
            if replacing.await? {
                row.password_hash = stronger;
            }
        }
        Ok(if is_plausible {
            compared
        } else {
            Comparison::Differs
        })
    }

    /// Remembers where a user came in who was made just now.
    pub(super) async fn note_place(&self, user: &UserView) -> ServiceResult<()> {
        let attempt = Attempt {
            email: &user.email,
            address: &self.address,
        };
        let store = &self.host.store;
        Ok(store.note_right_password(user.id, attempt).await?)
    }

    /// Counts the making of an account, before a password is hashed for it.
    ///
    /// # Errors
    /// Too many accounts were made from this address.
    pub(super) async fn count_sign_up(&self, email: &str) -> ServiceResult<()> {
        let attempt = Attempt {
            email,
            address: &self.address,
        };
        match self.host.store.count_sign_up(attempt, &RULES).await? {
            Admission::Counted { .. } => Ok(()),
            Admission::Refused { wait } => {
                log(Outcome::SignUpLocked, &self.whole_address, email);
                Err(too_many(wait))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_end() {
        let pauses = [0, 19, 20, 29, 30, 40, 60, 80, 1_000, u64::MAX].map(pause_after);
        let milliseconds = pauses.map(|pause| pause.num_milliseconds());
        assert_eq!(
            milliseconds,
            [0, 0, 500, 500, 1_000, 2_000, 8_000, 15_000, 15_000, 15_000]
        );
    }

    #[test]
    fn an_account_cannot_forge_a_line() {
        for (email, logged) in [
            ("ana+x@example.com", "ana+x@example.com"),
            ("a b\"c", "a%20b%22c"),
            (
                "x\nsign-in failed address=192.0.2.1",
                "x%0Asign-in%20failed%20address%3D192.0.2.1",
            ),
            ("ñ@x.example", "%C3%B1@x.example"),
            ("", ""),
        ] {
            assert_eq!(logged_account(email), logged);
        }
    }

    #[test]
    fn accounts_are_looked_up_by_what_one_can_have() {
        assert_eq!(lookup_form(" ANA@Example.com\u{0} "), "ana@example.com");
        assert_eq!(lookup_form(&"x".repeat(10_000)).len(), EMAIL_CHARACTERS);
    }
}
