//! What people are told without having asked.

use app::api::error::ApiError;
use app::api::notices::NoticesPort;
use app::model::notices::NoticeView;
use async_trait::async_trait;

use super::Services;

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
