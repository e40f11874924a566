//! REST tokens: how people let programs act for them.

use app::api::error::ApiError;
use app::model::account::{TokenDraft, TokenTerm, TokenView};
use app::texts::errors;
use app::validate;
use chrono::{DateTime, Duration, Utc};

use crate::auth::SignedIn;
use crate::auth::tokens::TOKEN_PREFIX;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::StoreError;
use crate::store::accounts::NewToken;

const TOKEN_NAME: (usize, usize) = (1, 100);
/// Tokens of a user for a workspace that are not revoked: each list of them has all.
const TOKENS: usize = 200;

/// When a token made now ends; `None`: never.
pub fn end_of_term(term: TokenTerm, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    term.days().map(|days| now + Duration::days(days))
}

impl Services {
    async fn make_token(
        &self,
        by: SignedIn,
        draft: TokenDraft,
    ) -> ServiceResult<(String, TokenView)> {
        let mut check = validate::Check::new(self.language);
        let name = check.line("name", &draft.name, TOKEN_NAME);
        let (min, max) = validate::TOKEN_DAYS;
        if draft
            .term
            .days()
            .is_some_and(|days| !(min..=max).contains(&days))
        {
            check.wrong(
                "days",
                errors::NUMBER_RANGE,
                &[("min", &min), ("max", &max)],
            );
        }
        let name = check.done(name)?;
        let has = self.host.store.tokens_of(by.user, by.workspace).await?;
        if has.len() >= TOKENS {
            let message = errors::TOO_MANY.fill(self.language, &[("max", &TOKENS)]);
            return Err(ServiceError::ConflictMessage(message));
        }
        let proof = self.prove_presence(&by, draft.password).await?;
        let store = &self.host.store;
        let fresh = self.host.tokens.fresh(TOKEN_PREFIX);
        let new = NewToken {
            name: &name,
            hash: &fresh.hash,
            scope: draft.scope,
            expires_at: end_of_term(draft.term, store.clock().now()),
        };
        let making = store.create_token(by.user, &proof, by.workspace, new);
        let view = making.await.map_err(|error| match error {
            StoreError::Outdated => ServiceError::Field("password", errors::PASSWORD_AGAIN),
            other => other.into(),
        })?;
        Ok((fresh.token, view))
    }

    /// Makes a REST token; gives it, the only time it is shown, and how lists show it.
    pub async fn create_scoped_token(
        &self,
        draft: TokenDraft,
    ) -> Result<(String, TokenView), ApiError> {
        self.reply(async { self.make_token(self.signed_in()?, draft).await }.await)
    }
}
