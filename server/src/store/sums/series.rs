//! Which sums: those of a project's answers under a revision, by one model on one day.

use app::model::ids::{ModelId, ProjectId, RevisionId};
use chrono::NaiveDate;
use sea_orm::Value;

/// Which sums.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Series {
    pub(in crate::store) project: ProjectId,
    pub(in crate::store) revision: RevisionId,
    pub(in crate::store) model: ModelId,
    pub(in crate::store) day: NaiveDate,
}

impl Series {
    /// Revision, project, model and day.
    pub(in crate::store) fn values(self) -> [Value; 4] {
        [
            self.revision.0.into(),
            self.project.0.into(),
            self.model.0.into(),
            self.day.into(),
        ]
    }

    /// Revision, model and day.
    pub(in crate::store) fn key(self) -> [Value; 3] {
        [self.revision.0.into(), self.model.0.into(), self.day.into()]
    }
}
