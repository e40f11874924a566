//! Requests that carry a key of their own: the reply to each is kept for when it comes again.

use crate::services::{ServiceResult, Services};
pub use crate::store::accounts::{KnownRequest, StoredReply};

impl Services {
    /// Notes that a request of the caller's workspace begins, unless one with its key is known.
    /// `hash` stands for who asks for what.
    ///
    /// # Errors
    /// Nobody is signed in, or the database's.
    pub async fn begin_request(&self, key: &str, hash: &str) -> ServiceResult<KnownRequest> {
        let workspace = self.caller()?.workspace.id;
        let store = &self.host.store;
        Ok(store.begin_request(workspace, key, hash).await?)
    }

    /// Keeps the reply to a request that began.
    ///
    /// # Errors
    /// Nobody is signed in, or the database's.
    pub async fn keep_reply(&self, key: &str, reply: StoredReply) -> ServiceResult<()> {
        let workspace = self.caller()?.workspace.id;
        Ok(self.host.store.keep_reply(workspace, key, reply).await?)
    }

    /// Forgets a request that was not carried out, so that it may come again.
    ///
    /// # Errors
    /// Nobody is signed in, or the database's.
    pub async fn forget_request(&self, key: &str) -> ServiceResult<()> {
        let workspace = self.caller()?.workspace.id;
        Ok(self.host.store.forget_request(workspace, key).await?)
    }
}
