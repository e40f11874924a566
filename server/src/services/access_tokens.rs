//! REST tokens: how people let programs act for them.

use app::api::error::ApiError;
use app::model::account::{TokenDraft, TokenView};
use app::model::validate;
use app::texts::errors;
use chrono::Duration;

use super::{ServiceResult, Services};
use crate::auth::SignedIn;
use crate::auth::tokens::TOKEN_PREFIX;
use crate::store::sessions;

const TOKEN_NAME: (usize, usize) = (1, 100);
/// Days that a token may last, if it ends at all.
const TOKEN_DAYS: (i64, i64) = (1, 3_650);

impl Services {
    async fn make_token(
        &self,
        by: SignedIn,
        draft: &TokenDraft,
    ) -> ServiceResult<(String, TokenView)> {
        let mut check = validate::Check::new(self.language);
        let name = check.line("name", &draft.name, TOKEN_NAME);
        let (min, max) = TOKEN_DAYS;
        if draft.days.is_some_and(|days| !(min..=max).contains(&days)) {
            check.wrong(
                "days",
                errors::NUMBER_RANGE,
                &[("min", &min), ("max", &max)],
            );
        }
        let name = check.done(name)?;
        let store = &self.host.store;
        let fresh = self.host.tokens.fresh(TOKEN_PREFIX);
        let new = sessions::NewToken {
            name: &name,
            hash: &fresh.hash,
            scope: draft.scope,
            expires_at: draft
                .days
                .map(|days| store.clock().now() + Duration::days(days)),
        };
        let view = store.create_token(by.user, by.workspace, new).await?;
        Ok((fresh.token, view))
    }

    /// Makes a REST token; gives it, the only time it is shown, and how lists show it.
    pub async fn create_scoped_token(
        &self,
        draft: TokenDraft,
    ) -> Result<(String, TokenView), ApiError> {
        self.reply(async { self.make_token(self.signed_in()?, &draft).await }.await)
    }
}
