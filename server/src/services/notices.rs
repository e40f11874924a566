//! What people are told without having asked.

use std::collections::HashSet;

use app::api::error::ApiError;
use app::api::notices::NoticesPort;
use app::model::notices::{Notice, NoticeView};
use app::words::notices::{NoticeWords, words};
use async_trait::async_trait;
use chrono::Duration;

use super::{ServiceResult, Services};
use crate::auth::Caller;
use crate::calendar;

/// What does not work any more is said for so long.
const GRAVE_DAYS: i64 = 7;

impl Services {
    /// The ids of what does not work any more and of which nothing was done about it, the newest
    /// first. One small query: windows that are open ask for it again and again.
    pub(super) async fn needs(&self, caller: &Caller) -> ServiceResult<Vec<i64>> {
        let store = &self.host.store;
        let now = store.clock().now();
        let since = now - Duration::days(GRAVE_DAYS);
        let month = calendar::month_start(caller.time_zone(), now);
        let is_admin = caller.user.is_admin;
        let unsolved = store
            .unsolved_notices(caller.workspace.id, is_admin, since, month)
            .await?;
        let is_grave = |notice: &Notice| words(self.language, notice, None).is_grave;
        let grave = unsolved.iter().filter(|(_, notice)| is_grave(notice));
        Ok(grave.map(|(id, _)| *id).collect())
    }

    /// The same in the words of the caller's language.
    pub(super) async fn needs_in_words(&self, caller: &Caller) -> ServiceResult<Vec<NoticeWords>> {
        let needs: HashSet<i64> = self.needs(caller).await?.into_iter().collect();
        if needs.is_empty() {
            return Ok(Vec::new());
        }
        let store = &self.host.store;
        let notices = store
            .notices(caller.workspace.id, caller.user.is_admin)
            .await?;
        let grave = notices.iter().filter(|known| needs.contains(&known.id));
        let said = grave.map(|known| words(self.language, &known.notice, known.project.as_ref()));
        Ok(said.collect())
    }
}

#[async_trait]
impl NoticesPort for Services {
    async fn notices(&self) -> Result<Vec<NoticeView>, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                let is_admin = self.caller()?.user.is_admin;
                Ok(self.host.store.notices(workspace, is_admin).await?)
            }
            .await,
        )
    }
}
