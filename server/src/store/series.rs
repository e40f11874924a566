//! Which sums: those of a project's answers under a revision, by one model on one day.

use app::model::ids::{ModelId, ProjectId, RevisionId};
use chrono::NaiveDate;
use sea_orm::Value;

/// Which sums.
#[derive(Clone, Copy, Debug)]
pub(super) struct Series {
    pub(super) project: ProjectId,
    pub(super) revision: RevisionId,
    pub(super) model: ModelId,
    pub(super) day: NaiveDate,
}

impl Series {
    /// Revision, project, model and day.
    pub(super) fn values(self) -> [Value; 4] {
        [
            self.revision.0.into(),
            self.project.0.into(),
            self.model.0.into(),
            self.day.into(),
        ]
    }

    /// Revision, model and day.
    pub(super) fn key(self) -> [Value; 3] {
        [self.revision.0.into(), self.model.0.into(), self.day.into()]
    }
}
