//! What admins say of models that the check has found, at the screen or by a link that works
//! once.

use app::model::ids::{ModelId, UserId};
use app::model::registry::{RegistryAction, Review};
use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use super::changelog::{Change, log};
use super::error::RegistryError;
use super::models::model_row;
use super::prices::price_at;
use crate::store::sql::record::record;
use crate::store::sql::rows::{self, new_row};
use crate::store::{Store, StoreError, StoreResult};

record! {
    /// What a link does.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct ReviewLink {
        /// The model.
        pub model: ModelId = "l.model_id",
        /// [`Review::Approved`] or [`Review::Rejected`].
        pub verdict: Review = "l.verdict",
        /// The admin whom it was sent to.
        pub user: Option<UserId> = "l.user_id",
    }
}

/// A link works until it is used, has expired, or is of somebody who is no admin any more or may
/// not come in.
const WORKS: &str = "l.used_at IS NULL AND l.expires_at > $2 AND (l.user_id IS NULL OR \
    EXISTS (SELECT 1 FROM users u WHERE u.id = l.user_id AND u.is_admin \
    AND u.disabled_at IS NULL))";

impl Store {
    /// Approves or rejects a model. What is approved becomes available, for which it needs a
    /// price; what is rejected is not available any more.
    pub async fn review_model(
        &self,
        model: ModelId,
        verdict: Review,
        by: UserId,
    ) -> Result<(), RegistryError> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        review(&tx, model, verdict, Some(by), now).await?;
        Ok(tx.commit().await?)
    }

    /// Keeps a link, known by the hash of its token.
    pub async fn add_review_link(
        &self,
        link: ReviewLink,
        token_hash: &str,
        expires_at: DateTime<Utc>,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let row = new_row! {
            token_hash = token_hash,
            model_id = link.model.0,
            verdict = link.verdict.word(),
            user_id = link.user.map(|user| user.0),
            created_at = self.clock().now(),
            expires_at = expires_at,
        };
        rows::insert_rows(&tx, "llm_model_review_links", vec![row], "").await?;
        Ok(tx.commit().await?)
    }

    /// What a link would do; `None`: it does not work.
    pub async fn review_link(&self, token_hash: &str) -> StoreResult<Option<ReviewLink>> {
        let rest = format!(
            "FROM llm_model_review_links l \
             WHERE l.token_hash = $1 AND {WORKS}"
        );
        let values = [token_hash.into(), self.clock().now().into()];
        rows::select_one(self.reader(), rest, values).await
    }

    /// Does what a link says, once. It still works where that fails.
    ///
    /// Errors: [`StoreError::NotFound`] where it does not work.
    pub async fn use_review_link(&self, token_hash: &str) -> Result<ReviewLink, RegistryError> {
        let link = self
            .review_link(token_hash)
            .await?
            .ok_or(StoreError::NotFound)?;
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let sql = "UPDATE llm_model_review_links SET used_at = $2 \
            WHERE token_hash = $1 AND used_at IS NULL";
        let used = rows::execute(&tx, sql, [token_hash.into(), now.into()]).await?;
        if used.rows_affected() == 0 {
            tx.rollback().await?;
            return Err(StoreError::NotFound.into());
        }
        review(&tx, link.model, link.verdict, link.user, now).await?;
        tx.commit().await?;
        Ok(link)
    }
}

/// Notes what was said, and ends all links of the model.
async fn review(
    tx: &DatabaseTransaction,
    model: ModelId,
    verdict: Review,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<(), RegistryError> {
    let row = model_row(tx, model).await?;
    let is_approved = verdict == Review::Approved;
    if is_approved && price_at(tx, model, now).await?.is_none() {
        return Err(RegistryError::ApprovalNeedsPrice);
    }
    if !is_approved && row.is_current {
        return Err(RegistryError::LastCurrent);
    }
    let mut changes = Vec::new();
    if row.review != verdict.word() {
        let action = if is_approved {
            RegistryAction::Approved
        } else {
            RegistryAction::Rejected
        };
        changes.push(Change::plain(model, action));
    }
    changes.extend(Change::of(
        model,
        RegistryAction::Available,
        &row.is_available,
        &is_approved,
    ));
    let sql = "UPDATE llm_model_registry SET review = $2, is_available = $3, updated_at = $4 \
        WHERE id = $1";
    let values = [
        model.0.into(),
        verdict.word().into(),
        is_approved.into(),
        now.into(),
    ];
    rows::execute(tx, sql, values).await?;
    let sql = "UPDATE llm_model_review_links SET used_at = $2 \
        WHERE model_id = $1 AND used_at IS NULL";
    rows::execute(tx, sql, [model.0.into(), now.into()]).await?;
    Ok(log(tx, by, changes, now).await?)
}
