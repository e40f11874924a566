//! Changing a password, and proving that it is the user themselves who asks.

use app::model::account::ChangePassword;
use app::texts::errors;
use app::validate;
use chrono::Duration;

use crate::auth::SignedIn;
use crate::auth::strength::Weakness;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::StoreError;
use crate::store::accounts::{Ending, NewPassword, Proof};

/// For this long a session need not be asked for the password again.
const PROOF_LASTS: Duration = Duration::minutes(10);

impl Services {
    pub(super) async fn new_password(
        &self,
        by: SignedIn,
        draft: ChangePassword,
    ) -> ServiceResult<()> {
        validate::change_password(self.language, &draft)?;
        let user = self.host.store.user(by.user).await?.view;
        let is_the_same = draft.new == draft.current;
        let Some(proved) = self.verify_password(&user.email, draft.current).await? else {
            return Err(ServiceError::Field("current", errors::PASSWORD_WRONG));
        };
        // One that was printed for somebody would go on for ever.
        if is_the_same {
            return Err(ServiceError::Field("new", errors::PASSWORD_SAME));
        }
        self.refuse_weak("new", &draft.new, &user.email, user.is_admin)
            .await?;
        let new = NewPassword {
            hash: self.host.passwords.hash(draft.new).await?,
            ends_at: None,
        };
        let ending = Ending {
            keep_session: by.session.as_deref(),
            keep_tokens: draft.keep_tokens,
        };
        let proof = Proof::Password(proved.password_hash);
        let store = &self.host.store;
        let changing = store.change_password(by.user, &proof, new, ending);
        changing.await.map_err(|error| match error {
            StoreError::Outdated => ServiceError::Field("current", errors::PASSWORD_WRONG),
            other => other.into(),
        })
    }

    /// Refuses a new password that is too easy to guess.
    pub(super) async fn refuse_weak(
        &self,
        field: &'static str,
        password: &str,
        email: &str,
        is_admin: bool,
    ) -> ServiceResult<()> {
        let password = password.to_owned();
        let found = self
            .host
            .passwords
            .weakness(password, email.to_owned(), is_admin)
            .await?;
        let mut check = validate::Check::new(self.language);
        match found {
            None => {}
            Some(Weakness::Short(min)) => {
                check.wrong(field, errors::PASSWORD_SHORT, &[("min", &min)]);
            }
            Some(Weakness::Common) => check.wrong(field, errors::PASSWORD_COMMON, &[]),
            Some(Weakness::Own) => check.wrong(field, errors::PASSWORD_OWN, &[]),
        }
        Ok(check.done(())?)
    }

    /// Takes a proof that the user themselves are there: their password, or that they typed it
    /// in this session a moment ago. A stolen token or a browser left open is none.
    pub(super) async fn prove_presence(
        &self,
        by: &SignedIn,
        password: Option<String>,
    ) -> ServiceResult<Proof> {
        let store = &self.host.store;
        let Some(password) = password.filter(|password| !password.is_empty()) else {
            let since = store.clock().now() - PROOF_LASTS;
            let is_fresh = match &by.session {
                Some(session) => store.was_proved_since(session, since).await?,
                None => false,
            };
            let session = by.session.clone().filter(|_| is_fresh);
            return session
                .map(Proof::Session)
                .ok_or(ServiceError::Field("password", errors::PASSWORD_AGAIN));
        };
        let email = store.user(by.user).await?.view.email;
        let Some(proved) = self.verify_password(&email, password).await? else {
            return Err(ServiceError::Field("password", errors::PASSWORD_WRONG));
        };
        if let Some(session) = &by.session {
            store.note_proof(session).await?;
        }
        Ok(Proof::Password(proved.password_hash))
    }
}
