//! What people are told without having asked.

use app::api::error::ApiError;
use app::api::notices::NoticesPort;
use app::model::ids::WorkspaceId;
use app::model::notices::NoticeView;
use app::words::notices::{NoticeWords, words};
use async_trait::async_trait;
use chrono::Duration;

use super::{ServiceResult, Services};

/// What does not work any more is said for so long.
const GRAVE_DAYS: i64 = 7;

impl Services {
    /// What does not work any more, in the words of the caller's language, the newest first.
    pub(super) async fn grave_notices(
        &self,
        workspace: WorkspaceId,
        is_admin: bool,
    ) -> ServiceResult<Vec<(i64, NoticeWords)>> {
        let store = &self.host.store;
        let since = store.clock().now() - Duration::days(GRAVE_DAYS);
        let notices = store.notices(workspace, is_admin).await?;
        let is_open = |known: &&NoticeView| known.raised_at >= since && !known.is_resolved;
        let recent = notices.iter().filter(is_open);
        let said = recent.map(|known| {
            let project = known.project.as_ref();
            (known.id, words(self.language, &known.notice, project))
        });
        Ok(said.filter(|(_, words)| words.is_grave).collect())
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
