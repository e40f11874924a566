//! Signing in, and how often somebody may try.

use app::model::account::{SessionView, SignIn};
use app::model::validate;
use chrono::Duration;

use super::{ServiceError, ServiceResult, Services};

/// Failed sign-ins per address and account within the window.
const SIGN_IN_LIMIT: usize = 10;
const SIGN_IN_WINDOW: Duration = Duration::minutes(15);
/// Characters of the longest address.
const EMAIL_CHARACTERS: usize = 254;

impl Services {
    pub(super) async fn check_sign_in(&self, draft: SignIn) -> ServiceResult<SessionView> {
        let store = &self.host.store;
        let email = lookup_form(&draft.email);
        let since = store.clock().now() - SIGN_IN_WINDOW;
        let failures = store.sign_in_failures(&email, &self.address, since).await?;
        if let Some(first) = failures.first().filter(|_| failures.len() >= SIGN_IN_LIMIT) {
            let seconds = (*first - since).num_seconds().max(1).unsigned_abs();
            return Err(ServiceError::TooManySignIns(seconds));
        }
        let known = store.user_by_email(&email).await?;
        let hash = known.as_ref().map(|row| row.password_hash.clone());
        // More than this no account has; hashing it would only cost time.
        let is_plausible = draft.password.chars().count() <= validate::PASSWORD.1;
        let password = if is_plausible {
            draft.password
        } else {
            String::new()
        };
        let matches = self.host.passwords.matches(password, hash).await?;
        if let Some(row) = known.filter(|_| matches && is_plausible) {
            store.forget_sign_in_failures(&email, &self.address).await?;
            self.begin_session(row.view.id).await
        } else {
            store
                .note_sign_in_failure(&email, &self.address, since)
                .await?;
            Err(ServiceError::SignInFailed)
        }
    }
}

/// What an account is looked up by and failures are counted for. No account's address is longer
/// or holds control characters, which PostgreSQL would refuse to compare with.
fn lookup_form(email: &str) -> String {
    let visible = |character: &char| !character.is_control();
    validate::normal_email(email)
        .chars()
        .filter(visible)
        .take(EMAIL_CHARACTERS)
        .collect()
}
