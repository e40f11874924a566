//! Replies that are kept for requests which carry a key of their own, for when they come again.

use app::model::ids::WorkspaceId;
use chrono::{DateTime, Duration, Utc};
use sea_orm::DatabaseTransaction;

use crate::store::sql::cell::Bytes;
use crate::store::sql::encode::count;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::{Store, StoreResult};

/// How long a reply is kept.
const KEEP: Duration = Duration::hours(24);
/// Bytes of bodies that are kept of a workspace: thousands of ordinary replies, and no way around
/// what it may store. Of what would be more it is told that it happened.
const MOST_BYTES: i64 = if cfg!(test) { 100_000 } else { 32_000_000 };
/// A request that is worked on for longer died with its host.
const WORK: Duration = Duration::hours(1);

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

    /// Keeps the reply to a request that began; without its body, where there is no room for that.
    pub async fn keep_reply(
        &self,
        workspace_id: WorkspaceId,
        key: &str,
        reply: StoredReply,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let has_room = has_room(&tx, workspace_id, reply.body.len()).await?;
        let (content_type, body) = if has_room {
            (reply.content_type, reply.body)
        } else {
            (None, Vec::new())
        };
        let sql = "UPDATE rest_replies SET status = $3, content_type = $4, body = $5 \
            WHERE workspace_id = $1 AND request_key = $2";
        let values = [
            workspace_id.0.into(),
            key.into(),
            reply.status.into(),
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

/// Whether a body of so many bytes is kept beside those that a workspace has.
async fn has_room(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    bytes: usize,
) -> StoreResult<bool> {
    let sql = "SELECT CAST(COALESCE(SUM(OCTET_LENGTH(body)), 0) AS BIGINT) FROM rest_replies \
        WHERE workspace_id = $1 AND content_type IS NOT NULL";
    let kept: Option<i64> = rows::value(tx, sql, [workspace_id.0.into()]).await?;
    Ok(kept.unwrap_or_default().saturating_add(count(bytes)) <= MOST_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::accounts::{Entrance, NewUser};
    use crate::store::testing::{TestDatabase, on_both_databases};

    async fn workspace(store: &Store, email: &str) -> WorkspaceId {
        let new = NewUser {
            email: email.to_owned(),
            password_hash: String::new(),
            is_admin: false,
        };
        let made = store.create_user(new, Entrance::CommandLine).await;
        made.expect("an account").1
    }

    on_both_databases! {
        async fn replies_have_room_and_no_more(database: &TestDatabase) {
            let store = &database.store;
            let (one, other) = (workspace(store, "a@x.example").await, workspace(store, "b@x.example").await);
            let ask = async |workspace: WorkspaceId, key: &str, bytes: usize| {
                let begun = store.begin_request(workspace, key, "hash").await.expect("begun");
                if begun != KnownRequest::New {
                    return begun;
                }
                let reply = StoredReply {
                    status: 201,
                    content_type: Some("application/json".to_owned()),
                    body: vec![b'x'; bytes],
                };
                store.keep_reply(workspace, key, reply).await.expect("kept");
                store.begin_request(workspace, key, "hash").await.expect("known")
            };
            let kept = |known: KnownRequest| match known {
                KnownRequest::Done(reply) => (reply.content_type.is_some(), reply.body.len()),
                other => panic!("{other:?}"),
            };
            for key in ["a", "b"] {
                assert_eq!(kept(ask(one, key, 40_000).await), (true, 40_000));
            }
            // It happened, and nobody carries it out again.
            assert_eq!(kept(ask(one, "c", 40_000).await), (false, 0));
            assert_eq!(kept(ask(one, "c", 40_000).await), (false, 0));
            assert_eq!(kept(ask(one, "fits", 20_000).await), (true, 20_000));
            assert_eq!(kept(ask(one, "short", 1).await), (false, 0));
            assert_eq!(kept(ask(other, "a", 40_000).await), (true, 40_000));
            database.clock.advance(std::time::Duration::from_hours(25));
            assert_eq!(kept(ask(one, "c", 40_000).await), (true, 40_000));
        }
    }
}
