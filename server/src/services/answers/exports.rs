//! Everything about a project, page by page, for files.

use app::api::error::ApiError;
use app::model::answer::AnswerFilter;
use app::model::ids::ProjectId;
use app::validate;
use app::words::files::file_name;

use crate::services::sums::SnapshotFilter;
use crate::services::{ServiceError, Services};
pub use crate::store::answers::{
    AnswerCursor, AnswerExport, CitationExport, FindingExport, SnapshotExport, StoredTone,
};
pub use crate::store::money::{LedgerCursor, LedgerExport};

/// Snapshots a page.
const SNAPSHOTS: i64 = 2_000;

/// A page of a file, and where the next one begins; `None`: this is the last.
pub type Part<R, C> = (Vec<R>, Option<C>);

impl Services {
    /// What a file of a project is called, without its ending: by its name, what is in it, and
    /// today. Whether the caller may look at the project is found out before the file begins.
    pub async fn export_name(&self, project_id: ProjectId, of: &str) -> Result<String, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                let store = &self.host.store;
                let project = store.project_name(workspace, project_id).await?;
                Ok(file_name(&project, of, self.today()))
            }
            .await,
        )
    }

    /// The filter of a file of answers, if there can be one: before it begins.
    pub fn export_filter(&self, filter: AnswerFilter) -> Result<AnswerFilter, ApiError> {
        let checked = validate::answer_filter(self.language(), filter);
        self.reply(checked.map_err(ServiceError::from))
    }

    /// Answers, the newest first.
    pub async fn export_answers(
        &self,
        cursor: AnswerCursor,
    ) -> Result<Part<AnswerExport, AnswerCursor>, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                Ok(self.host.store.export_answers(workspace, cursor).await?)
            }
            .await,
        )
    }

    /// The findings of answers, the newest answer first. A page may be empty and not the last.
    pub async fn export_findings(
        &self,
        cursor: AnswerCursor,
    ) -> Result<Part<FindingExport, AnswerCursor>, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                Ok(self.host.store.export_findings(workspace, cursor).await?)
            }
            .await,
        )
    }

    /// The sources of answers, the newest first. A page may be empty and not the last.
    pub async fn export_citations(
        &self,
        cursor: AnswerCursor,
    ) -> Result<Part<CitationExport, AnswerCursor>, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                Ok(self.host.store.export_citations(workspace, cursor).await?)
            }
            .await,
        )
    }

    /// What was paid for a project, the newest day first. A page may be empty and not the last.
    pub async fn export_ledger(
        &self,
        project_id: ProjectId,
        cursor: LedgerCursor,
    ) -> Result<Part<LedgerExport, LedgerCursor>, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                let store = &self.host.store;
                Ok(store.export_ledger(workspace, project_id, cursor).await?)
            }
            .await,
        )
    }

    /// Snapshots behind so many, the newest day first.
    pub async fn export_snapshots(
        &self,
        filter: &SnapshotFilter,
        offset: i64,
    ) -> Result<Part<SnapshotExport, i64>, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                let store = &self.host.store;
                let page = store
                    .export_snapshots(workspace, filter, (offset, SNAPSHOTS))
                    .await?;
                let next = (!page.is_empty()).then_some(offset + SNAPSHOTS);
                Ok((page, next))
            }
            .await,
        )
    }
}
