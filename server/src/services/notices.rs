//! What people are told without having asked.

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
        let needs = self.needs(caller).await?;
        let store = &self.host.store;
        let grave = store
            .some_notices(caller.workspace.id, caller.user.is_admin, &needs)
            .await?;
        let said = grave
            .iter()
            .map(|known| words(self.language, &known.notice, known.project.as_ref()));
        Ok(said.collect())
    }
}

#[async_trait]
impl NoticesPort for Services {
    async fn notices(&self) -> Result<Vec<NoticeView>, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                let caller = self.caller()?;
                let needs = self.needs(caller).await?;
                let store = &self.host.store;
                Ok(store
                    .notices(workspace, caller.user.is_admin, &needs)
                    .await?)
            }
            .await,
        )
    }
}
