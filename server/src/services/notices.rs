//! What people are told without having asked.

use app::api::error::ApiError;
use app::api::notices::NoticesPort;
use app::model::ids::ProjectId;
use app::model::notices::{Notice, NoticeKind, NoticeMute, NoticeView};
use app::words::notices::{NoticeWords, words};
use async_trait::async_trait;
use chrono::Duration;

use super::{ServiceResult, Services};
use crate::auth::Caller;
use crate::calendar;
use crate::store::jobs::NoticeReader;

/// What does not work any more is said for so long.
const GRAVE_DAYS: i64 = 7;

/// The caller, as one who is shown notices.
fn reader(caller: &Caller) -> NoticeReader {
    NoticeReader {
        workspace: caller.workspace.id,
        user: caller.user.id,
        with_instance: caller.user.is_admin,
    }
}

impl Services {
    /// The ids of what does not work any more and of which nothing was done about it, the newest
    /// first, but for what the caller has muted. One small query: windows that are open ask for it again and again.
    pub(super) async fn needs(&self, caller: &Caller) -> ServiceResult<Vec<i64>> {
        let store = &self.host.store;
        let now = store.clock().now();
        let since = now - Duration::days(GRAVE_DAYS);
        let month = calendar::month_start(caller.time_zone(), now);
        let unsolved = store
            .unsolved_notices(&reader(caller), since, month)
            .await?;
        let is_grave = |notice: &Notice| words(self.language, notice, None).is_grave;
        let grave = unsolved.iter().filter(|(_, notice)| is_grave(notice));
        Ok(grave.map(|(id, _)| *id).collect())
    }

    /// The same in the words of the caller's language.
    pub(super) async fn needs_in_words(&self, caller: &Caller) -> ServiceResult<Vec<NoticeWords>> {
        let needs = self.needs(caller).await?;
        let store = &self.host.store;
        let grave = store.some_notices(&reader(caller), &needs).await?;
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
                self.viewer()?;
                let caller = self.caller()?;
                let needs = self.needs(caller).await?;
                Ok(self.host.store.notices(&reader(caller), &needs).await?)
            }
            .await,
        )
    }

    async fn notice_mutes(&self) -> Result<Vec<NoticeMute>, ApiError> {
        self.reply(
            async {
                let by = self.viewer()?;
                let store = &self.host.store;
                Ok(store.notice_mutes(by.workspace(), by.user()).await?)
            }
            .await,
        )
    }

    async fn mute_notices(
        &self,
        kind: NoticeKind,
        project_id: Option<ProjectId>,
        is_muted: bool,
    ) -> Result<Vec<NoticeMute>, ApiError> {
        self.reply(
            async {
                let by = self.keeper()?;
                let store = &self.host.store;
                store
                    .mute_notices(by.workspace(), by.user(), kind, project_id, is_muted)
                    .await?;
                Ok(store.notice_mutes(by.workspace(), by.user()).await?)
            }
            .await,
        )
    }
}
