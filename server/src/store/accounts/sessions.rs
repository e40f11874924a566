//! How callers are known: session cookies and REST tokens, both by their hashes.

use app::model::account::{TokenScope, TokenView, UserView, WorkspaceView};
use app::model::ids::{UserId, WorkspaceId};
use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
};

use super::proof::{self, Proof};
use crate::store::entity::{api_token, session};
use crate::store::sql::decode::word;
use crate::store::{Store, StoreError, StoreResult};

/// A session's last use is noted at most this often: a write a request would be a waste.
const NOTE_USE_EVERY: Duration = Duration::minutes(10);

/// How long sessions last.
#[derive(Clone, Copy, Debug)]
pub struct SessionTerms {
    /// Without being used.
    pub unused: Duration,
    /// However much they are used.
    pub at_most: Duration,
    /// The same, of admins of the instance.
    pub at_most_of_admin: Duration,
}

/// A caller as a session or token names them.
#[derive(Clone, Debug)]
pub struct CallerRow {
    /// The user.
    pub user: UserView,
    /// The workspace, with the user's role there.
    pub workspace: WorkspaceView,
}

/// A REST token to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewToken<'a> {
    /// What it is for.
    pub name: &'a str,
    /// Its hash.
    pub hash: &'a str,
    /// What it may do.
    pub scope: TokenScope,
    /// When it ends; `None`: never.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What a REST token turns out to be.
#[derive(Clone, Debug)]
pub enum TokenOwner {
    /// It acts for somebody.
    Caller {
        /// Its id.
        id: i64,
        /// What it may do.
        scope: TokenScope,
        /// Who it acts for.
        row: CallerRow,
    },
    /// There is no such token, or its user is no member any more.
    Nobody,
    /// It was revoked.
    Revoked,
    /// It has ended.
    Expired,
}

impl Store {
    /// Begins a session in the user's oldest workspace.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]: they are in none; [`StoreError::Outdated`]: the proof no longer
    /// holds.
    pub async fn create_session(
        &self,
        user_id: UserId,
        proof: &Proof,
        token_hash: &str,
        terms: &SessionTerms,
    ) -> StoreResult<WorkspaceId> {
        let now = self.clock().now();
        let first = self
            .workspaces_of(user_id)
            .await?
            .into_iter()
            .next()
            .ok_or(StoreError::NotFound)?;
        let tx = self.begin_write().await?;
        proof::hold(&tx, user_id, proof, now).await?;
        proof::hold_membership(&tx, user_id, first.id).await?;
        session::Entity::delete_many()
            .filter(session::Column::ExpiresAt.lt(now))
            .exec(&tx)
            .await?;
        session::ActiveModel {
            token_hash: Set(token_hash.to_owned()),
            user_id: Set(user_id.0),
            workspace_id: Set(first.id.0),
            created_at: Set(now),
            last_used_at: Set(now),
            expires_at: Set(now + terms.unused),
            // Whoever begins a session has typed their password.
            proved_at: Set(Some(now)),
        }
        .insert(&tx)
        .await?;
        tx.commit().await?;
        Ok(first.id)
    }

    /// Who a session cookie belongs to. Using it makes it last for longer, up to an end that
    /// counts from its beginning.
    pub async fn caller_of_session(
        &self,
        token_hash: &str,
        terms: &SessionTerms,
    ) -> StoreResult<Option<CallerRow>> {
        let now = self.clock().now();
        let row = session::Entity::find_by_id(token_hash)
            .filter(session::Column::ExpiresAt.gt(now))
            .one(self.reader())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let caller = self
            .caller_row(row.user_id.into(), row.workspace_id.into())
            .await?;
        let Some(caller) = caller else {
            return Ok(None);
        };
        let at_most = if caller.user.is_admin {
            terms.at_most_of_admin
        } else {
            terms.at_most
        };
        let end = row.created_at + at_most;
        if end <= now {
            return Ok(None);
        }
        if now - row.last_used_at > NOTE_USE_EVERY {
            let tx = self.begin_write().await?;
            session::Entity::update_many()
                .col_expr(session::Column::LastUsedAt, Expr::value(now))
                .col_expr(
                    session::Column::ExpiresAt,
                    Expr::value(end.min(now + terms.unused)),
                )
                .filter(session::Column::TokenHash.eq(token_hash))
                .exec(&tx)
                .await?;
            tx.commit().await?;
        }
        Ok(Some(caller))
    }

    /// Whether the user typed their password in this session since a moment.
    pub async fn was_proved_since(
        &self,
        token_hash: &str,
        since: DateTime<Utc>,
    ) -> StoreResult<bool> {
        let row = session::Entity::find_by_id(token_hash)
            .one(self.reader())
            .await?;
        let proved_at = row.and_then(|row| row.proved_at);
        Ok(proved_at.is_some_and(|proved_at| proved_at > since))
    }

    /// Notes that the user has typed their password in this session.
    pub async fn note_proof(&self, token_hash: &str) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        session::Entity::update_many()
            .col_expr(session::Column::ProvedAt, Expr::value(self.clock().now()))
            .filter(session::Column::TokenHash.eq(token_hash))
            .exec(&tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Ends a session.
    pub async fn delete_session(&self, token_hash: &str) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        session::Entity::delete_by_id(token_hash).exec(&tx).await?;
        Ok(tx.commit().await?)
    }

    /// Moves a session to another workspace of its user.
    pub async fn choose_workspace(
        &self,
        token_hash: &str,
        user_id: UserId,
        workspace_id: WorkspaceId,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        proof::hold_membership(&tx, user_id, workspace_id).await?;
        session::Entity::update_many()
            .col_expr(session::Column::WorkspaceId, Expr::value(workspace_id.0))
            .filter(session::Column::TokenHash.eq(token_hash))
            .exec(&tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Makes a REST token that acts for the user in this workspace.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]: they are no member; [`StoreError::Outdated`]: the proof no longer
    /// holds.
    pub async fn create_token(
        &self,
        user_id: UserId,
        proof: &Proof,
        workspace_id: WorkspaceId,
        new: NewToken<'_>,
    ) -> StoreResult<TokenView> {
        let tx = self.begin_write().await?;
        proof::hold(&tx, user_id, proof, self.clock().now()).await?;
        proof::hold_membership(&tx, user_id, workspace_id).await?;
        let row = api_token::ActiveModel {
            user_id: Set(user_id.0),
            workspace_id: Set(workspace_id.0),
            name: Set(new.name.to_owned()),
            token_hash: Set(new.hash.to_owned()),
            created_at: Set(self.clock().now()),
            scope: Set(new.scope.word().to_owned()),
            expires_at: Set(new.expires_at),
            ..Default::default()
        }
        .insert(&tx)
        .await?;
        tx.commit().await?;
        token_view(row)
    }

    /// The user's tokens for this workspace that still work.
    pub async fn tokens_of(
        &self,
        user_id: UserId,
        workspace_id: WorkspaceId,
    ) -> StoreResult<Vec<TokenView>> {
        let rows = api_token::Entity::find()
            .filter(api_token::Column::UserId.eq(user_id.0))
            .filter(api_token::Column::WorkspaceId.eq(workspace_id.0))
            .filter(api_token::Column::RevokedAt.is_null())
            .order_by_desc(api_token::Column::Id)
            .all(self.reader())
            .await?;
        rows.into_iter().map(token_view).collect()
    }

    /// Ends a token of the user.
    pub async fn revoke_token(
        &self,
        user_id: UserId,
        workspace_id: WorkspaceId,
        token_id: i64,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let updated = api_token::Entity::update_many()
            .col_expr(
                api_token::Column::RevokedAt,
                Expr::value(self.clock().now()),
            )
            .filter(api_token::Column::Id.eq(token_id))
            .filter(api_token::Column::UserId.eq(user_id.0))
            .filter(api_token::Column::WorkspaceId.eq(workspace_id.0))
            .filter(api_token::Column::RevokedAt.is_null())
            .exec(&tx)
            .await?;
        tx.commit().await?;
        if updated.rows_affected == 0 {
            Err(StoreError::NotFound)
        } else {
            Ok(())
        }
    }

    /// What a REST token is, and who it acts for.
    pub async fn caller_of_token(&self, token_hash: &str) -> StoreResult<TokenOwner> {
        let row = api_token::Entity::find()
            .filter(api_token::Column::TokenHash.eq(token_hash))
            .one(self.reader())
            .await?;
        self.owner_of_token(row).await
    }

    /// The same of a token that is known by its id.
    pub async fn caller_of_token_id(&self, id: i64) -> StoreResult<TokenOwner> {
        let row = api_token::Entity::find_by_id(id).one(self.reader()).await?;
        self.owner_of_token(row).await
    }

    async fn owner_of_token(&self, row: Option<api_token::Model>) -> StoreResult<TokenOwner> {
        let now = self.clock().now();
        let Some(row) = row else {
            return Ok(TokenOwner::Nobody);
        };
        if row.revoked_at.is_some() {
            return Ok(TokenOwner::Revoked);
        }
        if row.expires_at.is_some_and(|end| end <= now) {
            return Ok(TokenOwner::Expired);
        }
        let scope: TokenScope = word("scope", &row.scope)?;
        if row
            .last_used_at
            .is_none_or(|last| now - last > NOTE_USE_EVERY)
        {
            let tx = self.begin_write().await?;
            api_token::Entity::update_many()
                .col_expr(api_token::Column::LastUsedAt, Expr::value(now))
                .filter(api_token::Column::Id.eq(row.id))
                .exec(&tx)
                .await?;
            tx.commit().await?;
        }
        let caller = self
            .caller_row(row.user_id.into(), row.workspace_id.into())
            .await?;
        Ok(
            caller.map_or(TokenOwner::Nobody, |caller| TokenOwner::Caller {
                id: row.id,
                scope,
                row: caller,
            }),
        )
    }

    /// `None` if the user is no member any more or may not sign in: they are disabled, or did not
    /// change in time a password that somebody else chose.
    async fn caller_row(
        &self,
        user_id: UserId,
        workspace_id: WorkspaceId,
    ) -> StoreResult<Option<CallerRow>> {
        let workspace = match self.workspace_of(user_id, workspace_id).await {
            Err(StoreError::NotFound) => return Ok(None),
            other => other?,
        };
        let row = self.user(user_id).await?;
        let now = self.clock().now();
        if row.is_disabled || row.password_ends_at.is_some_and(|end| end <= now) {
            return Ok(None);
        }
        let user = row.view;
        Ok(Some(CallerRow { user, workspace }))
    }
}

fn token_view(row: api_token::Model) -> StoreResult<TokenView> {
    Ok(TokenView {
        scope: word("scope", &row.scope)?,
        id: row.id,
        name: row.name,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        expires_at: row.expires_at,
    })
}
