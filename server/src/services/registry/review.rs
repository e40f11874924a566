//! What admins say of new models, at the screen or by a link that works once.

use app::model::ids::{ModelId, UserId};
use app::model::registry::{ModelView, Review};
use chrono::TimeDelta;

use crate::auth::Admin;
use crate::auth::tokens::Tokens;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::registry::{RegistryError, ReviewLink};
use crate::store::{Store, StoreError, StoreResult};

/// Links are good until the check after next.
const LINKS_LAST: TimeDelta = TimeDelta::days(14);
const APPROVE_PATH: &str = "/api/llm-monitoring/models/approve?token=";
const REJECT_PATH: &str = "/api/llm-monitoring/models/reject?token=";

/// Two ways to decide on a model, as paths after the instance's address. Using one ends both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewPaths {
    /// Approves it.
    pub approve: String,
    /// Rejects it.
    pub reject: String,
}

/// Makes a pair of links for a model, for the mail to one admin. Only hashes are stored.
pub async fn review_paths(
    store: &Store,
    tokens: &Tokens,
    model: ModelId,
    admin: UserId,
) -> StoreResult<ReviewPaths> {
    let make = async |verdict, path: &str| -> StoreResult<String> {
        let fresh = tokens.fresh("");
        let link = ReviewLink {
            model,
            verdict,
            user: Some(admin),
        };
        let expires_at = store.clock().now() + LINKS_LAST;
        store.add_review_link(link, &fresh.hash, expires_at).await?;
        Ok(format!("{path}{}", fresh.token))
    };
    Ok(ReviewPaths {
        approve: make(Review::Approved, APPROVE_PATH).await?,
        reject: make(Review::Rejected, REJECT_PATH).await?,
    })
}

/// What a link stands for.
#[derive(Clone, Debug)]
pub struct LinkView {
    /// The model.
    pub model: ModelView,
    /// [`Review::Approved`] or [`Review::Rejected`].
    pub verdict: Review,
}

impl Services {
    pub(super) async fn review(
        &self,
        by: Admin,
        model: ModelId,
        verdict: Review,
    ) -> ServiceResult<ModelView> {
        let store = &self.host.store;
        store.review_model(model, verdict, by.user()).await?;
        tracing::info!(model.id = %model, user.id = %by.user(), verdict = verdict.word(), "model reviewed");
        self.usable_model(by.workspace(), model).await
    }

    /// What a link would do; `None`: it does not work, or not for that. Nobody has to be signed
    /// in: who holds the token was sent it.
    pub async fn look_at_link(
        &self,
        token: &str,
        verdict: Review,
    ) -> ServiceResult<Option<LinkView>> {
        let store = &self.host.store;
        let hash = self.host.tokens.hash(token);
        let Some(link) = store.review_link(&hash).await? else {
            return Ok(None);
        };
        if link.verdict != verdict {
            return Ok(None);
        }
        Ok(Some(LinkView {
            model: store.model(link.model).await?,
            verdict,
        }))
    }

    /// Does what a link says; `None`: it does not work.
    ///
    /// Errors: a conflict where the model has no price yet; the link works on.
    pub async fn follow_link(
        &self,
        token: &str,
        verdict: Review,
    ) -> ServiceResult<Option<LinkView>> {
        if self.look_at_link(token, verdict).await?.is_none() {
            return Ok(None);
        }
        let store = &self.host.store;
        let link = match store.use_review_link(&self.host.tokens.hash(token)).await {
            // Somebody else was faster.
            Err(RegistryError::Store(StoreError::NotFound)) => return Ok(None),
            other => other.map_err(ServiceError::from)?,
        };
        let user = link.user.map(|user| user.0);
        tracing::info!(model.id = %link.model, user.id = user, verdict = verdict.word(), "model reviewed by link");
        Ok(Some(LinkView {
            model: store.model(link.model).await?,
            verdict,
        }))
    }
}
