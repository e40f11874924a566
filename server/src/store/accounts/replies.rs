//! Replies that are kept for requests which carry a key of their own, for when they come again.

use app::model::ids::WorkspaceId;
use chrono::{DateTime, Duration, Utc};
use sea_orm::DatabaseTransaction;

use crate::store::sql::cell::Bytes;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

/// How long a reply is kept.
const KEEP: Duration = Duration::hours(24);
/// A request that is worked on for longer died with its host.
const WORK: Duration = Duration::hours(1);
/// Bytes of bodies that are kept for a workspace: thousands of ordinary replies, and no way around
/// what it may store.
const MOST_BYTES: i64 = 32_000_000;

/// A reply as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredReply {
    /// HTTP status.
    pub status: i64,
    /// Of the body; `None`: the reply holds a secret, and its body was not kept.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// What is known of a request with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownRequest {
    /// Nothing until now: it is the caller's to carry out.
    New,
    /// It is being worked on.
    Running,
    /// Another request came with this key.
    Another,
    /// It was carried out.
    Done(StoredReply),
}

record! {
    /// What is kept of a request with a key; no status before it was answered.
    struct KeptReply {
        request_hash: String = "request_hash",
        status: Option<i64> = "status",
        content_type: Option<String> = "content_type",
        body: Option<Bytes> = "body",
    }
}

impl Store {
    /// Notes that a request begins, unless one with its key is known.
    pub async fn begin_request(
        &self,
        workspace_id: WorkspaceId,
        key: &str,
        hash: &str,
    ) -> StoreResult<KnownRequest> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let sql = "DELETE FROM rest_replies \
            WHERE created_at < $1 OR (created_at < $2 AND status IS NULL)";
        rows::execute(&tx, sql, [(now - KEEP).into(), (now - WORK).into()]).await?;
        let sql = "INSERT INTO rest_replies (workspace_id, request_key, request_hash, created_at) \
            VALUES ($1, $2, $3, $4) ON CONFLICT (workspace_id, request_key) DO NOTHING";
        let values = [workspace_id.0.into(), key.into(), hash.into(), now.into()];
        let is_new = rows::execute(&tx, sql, values).await?.rows_affected() > 0;
        tx.commit().await?;
        if is_new {
            return Ok(KnownRequest::New);
        }
        let rest = "FROM rest_replies \
            WHERE workspace_id = $1 AND request_key = $2";
        let values = [workspace_id.0.into(), key.into()];
        // Gone again: whoever had it failed just now.
        let kept: Option<KeptReply> = rows::select_one(self.reader(), rest, values).await?;
        let Some(kept) = kept else {
            return Ok(KnownRequest::Running);
        };
        if kept.request_hash != hash {
            return Ok(KnownRequest::Another);
        }
        let Some(status) = kept.status else {
            return Ok(KnownRequest::Running);
        };
        Ok(KnownRequest::Done(StoredReply {
            status,
            content_type: kept.content_type,
            body: kept.body.map(|body| body.0).unwrap_or_default(),
        }))
    }

    /// Keeps the reply to a request that began; where the workspace has no room for its body, only
    /// that it was given.
    pub async fn keep_reply(
        &self,
        workspace_id: WorkspaceId,
        key: &str,
        reply: StoredReply,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let StoredReply {
            status,
            content_type,
            body,
        } = within_room(&tx, workspace_id, reply).await?;
        let sql = "UPDATE rest_replies SET status = $3, content_type = $4, body = $5 \
            WHERE workspace_id = $1 AND request_key = $2";
        let values = [
            workspace_id.0.into(),
            key.into(),
            status.into(),
            content_type.into(),
            body.into(),
        ];
        rows::execute(&tx, sql, values).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets a request that was not carried out, so that it may come again.
    pub async fn forget_request(&self, workspace_id: WorkspaceId, key: &str) -> StoreResult<()> {
        let sql = "DELETE FROM rest_replies WHERE workspace_id = $1 AND request_key = $2";
        let tx = self.begin_write().await?;
        rows::execute(&tx, sql, [workspace_id.0.into(), key.into()]).await?;
        Ok(tx.commit().await?)
    }
}

/// The reply; without its body where there is no room for it beside what is kept.
async fn within_room(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    reply: StoredReply,
) -> StoreResult<StoredReply> {
    let sql = "SELECT CAST(COALESCE(SUM(OCTET_LENGTH(body)), 0) AS BIGINT) FROM rest_replies \
        WHERE workspace_id = $1 AND content_type IS NOT NULL";
    let kept: i64 = rows::value(tx, sql, [workspace_id.0.into()])
        .await?
        .ok_or(StoreError::NotFound)?;
    let more = i64::try_from(reply.body.len()).unwrap_or(i64::MAX);
    if kept.saturating_add(more) <= MOST_BYTES {
        return Ok(reply);
    }
    Ok(StoredReply {
        content_type: None,
        body: Vec::new(),
        ..reply
    })
}

/// Keeps of the replies of a workspace only that they were given. What is too old to be given
/// again is left to whoever deletes it, so that the two never wait for each other.
pub(in crate::store) async fn forget_bodies(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let sql = "UPDATE rest_replies SET content_type = NULL, body = NULL \
        WHERE workspace_id = $1 AND created_at >= $2 AND content_type IS NOT NULL";
    let values = [workspace_id.0.into(), (now - KEEP).into()];
    rows::execute(tx, sql, values).await?;
    Ok(())
}
