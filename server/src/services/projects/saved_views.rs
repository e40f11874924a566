//! What pages show, saved under a name. Who may look may save for themselves; editors share.

use app::api::error::ApiError;
use app::api::views::ViewsPort;
use app::model::ids::{ProjectId, SavedViewId};
use app::model::views::{MOST_SAVED_VIEWS, SavedView, SavedViewChange, SavedViewDraft, ViewPlace};
use app::texts::errors;
use app::validate;
use async_trait::async_trait;

use crate::auth::Viewer;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::projects::{SavedViewError, ViewReader};

impl Services {
    /// Owners of the workspace and admins of the instance keep what is shared in order.
    fn view_reader(&self, by: Viewer) -> ViewReader {
        ViewReader {
            workspace: by.workspace(),
            user: by.user(),
            may_share: self.editor().is_ok(),
            may_manage: self.owner().is_ok() || self.admin().is_ok(),
        }
    }

    async fn save_view_of(&self, by: Viewer, draft: &SavedViewDraft) -> ServiceResult<SavedView> {
        let draft = validate::saved_view(self.language, draft)?;
        if draft.is_shared {
            self.editor()?;
        }
        let reader = self.view_reader(by);
        let saved = self.host.store.save_view(&reader, draft);
        saved.await.map_err(|error| self.view_refused(error))
    }

    async fn change_view_of(
        &self,
        by: Viewer,
        id: SavedViewId,
        change: &SavedViewChange,
    ) -> ServiceResult<SavedView> {
        let change = validate::saved_view_change(self.language, change)?;
        if change.is_shared == Some(true) {
            self.editor()?;
        }
        let reader = self.view_reader(by);
        let changed = self.host.store.change_view(&reader, id, change);
        changed.await.map_err(|error| self.view_refused(error))
    }

    fn view_refused(&self, error: SavedViewError) -> ServiceError {
        match error {
            SavedViewError::NameTaken => ServiceError::Field("name", errors::VIEW_NAME_TAKEN),
            SavedViewError::TooMany => ServiceError::ConflictMessage(
                errors::QUOTA_VIEWS.fill(self.language, &[("max", &MOST_SAVED_VIEWS)]),
            ),
            SavedViewError::NotYours => ServiceError::Forbidden,
            SavedViewError::Store(error) => error.into(),
        }
    }
}

#[async_trait]
impl ViewsPort for Services {
    async fn saved_views(
        &self,
        place: ViewPlace,
        project_id: Option<ProjectId>,
    ) -> Result<Vec<SavedView>, ApiError> {
        self.reply(
            async {
                let reader = self.view_reader(self.viewer()?);
                validate::viewed_page(self.language, place, project_id)?;
                let store = &self.host.store;
                Ok(store.saved_views(&reader, place, project_id).await?)
            }
            .await,
        )
    }

    async fn save_view(&self, draft: SavedViewDraft) -> Result<SavedView, ApiError> {
        self.reply(async { self.save_view_of(self.keeper()?, &draft).await }.await)
    }

    async fn change_view(
        &self,
        view_id: SavedViewId,
        change: SavedViewChange,
    ) -> Result<SavedView, ApiError> {
        self.reply(async { self.change_view_of(self.keeper()?, view_id, &change).await }.await)
    }

    async fn remove_view(&self, view_id: SavedViewId) -> Result<(), ApiError> {
        self.reply(
            async {
                let reader = self.view_reader(self.keeper()?);
                let removed = self.host.store.remove_view(&reader, view_id).await;
                removed.map_err(|error| self.view_refused(error))
            }
            .await,
        )
    }
}
