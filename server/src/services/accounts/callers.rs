//! Whose a token or a session is: looked up for each request, before anything else.

use app::texts::errors;

use super::sessions::SESSION_TERMS;
use crate::auth::{Caller, Via};
use crate::services::{Host, ServiceError, ServiceResult};
use crate::store::accounts::TokenOwner;

/// Who shows a token or a session.
#[derive(Clone)]
pub enum FoundCaller {
    /// Somebody, in the workspace that they act in.
    Caller(Caller),
    /// A session that is none, or has ended.
    Nobody,
    /// A token that is wrong, and why: it must not fall back to a cookie.
    BadToken(ServiceError),
}

impl Host {
    /// Whose token has this hash.
    ///
    /// # Errors
    /// The database's.
    pub async fn caller_of_token(&self, hash: &str) -> ServiceResult<FoundCaller> {
        Ok(match self.store.caller_of_token(hash).await? {
            TokenOwner::Caller { id, scope, row } => FoundCaller::Caller(Caller {
                user: row.user,
                workspace: row.workspace,
                via: Via::Token { id, scope },
            }),
            TokenOwner::Nobody => FoundCaller::BadToken(ServiceError::Unauthorized),
            TokenOwner::Revoked => {
                FoundCaller::BadToken(ServiceError::Token(errors::TOKEN_REVOKED))
            }
            TokenOwner::Expired => {
                FoundCaller::BadToken(ServiceError::Token(errors::TOKEN_EXPIRED))
            }
        })
    }

    /// Whose session has this hash.
    ///
    /// # Errors
    /// The database's.
    pub async fn caller_of_session(&self, hash: &str) -> ServiceResult<FoundCaller> {
        let found = self.store.caller_of_session(hash, &SESSION_TERMS).await?;
        Ok(found.map_or(FoundCaller::Nobody, |row| {
            FoundCaller::Caller(Caller {
                user: row.user,
                workspace: row.workspace,
                via: Via::Session(hash.to_owned()),
            })
        }))
    }
}
