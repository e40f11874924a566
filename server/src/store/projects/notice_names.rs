//! The names of projects in notices: put in as they are now where a notice is shown, and taken
//! out with their project.

use std::collections::{BTreeSet, HashMap, HashSet};

use app::model::ids::{ProjectId, WorkspaceId};
use app::model::notices::Notice;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use crate::store::sql::rows;
use crate::store::{StoreError, StoreResult};

/// The projects that are there, of those that notices are about beside their own.
#[derive(Default)]
pub(in crate::store) struct LiveProjects {
    by_id: HashMap<ProjectId, String>,
    /// What versions before kept: names, and not whose.
    names: HashSet<String>,
}

impl LiveProjects {
    /// The projects that are there of those that these notices name.
    pub(in crate::store) async fn of(
        connection: &impl ConnectionTrait,
        notices: &[&Notice],
    ) -> StoreResult<Self> {
        let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
        for notice in notices {
            if let Notice::ModelRetiring {
                project_ids,
                projects,
                ..
            } = notice
            {
                ids.extend(project_ids.iter().map(|id| id.0));
                names.extend(projects.iter().cloned());
            }
        }
        let mut live = Self::default();
        if !ids.is_empty() {
            let sql = format!(
                "SELECT id, name FROM llm_monitoring_projects \
                 WHERE deleted_at IS NULL AND id IN ({})",
                rows::id_list(ids)
            );
            let found = rows::pairs(connection, sql, []).await?;
            live.by_id = found.into_iter().collect();
        }
        for name in names {
            let sql = "SELECT 1 FROM llm_monitoring_projects \
                WHERE deleted_at IS NULL AND name = $1 LIMIT 1";
            let found = rows::one(connection, sql, [name.as_str().into()]).await?;
            if found.is_some() {
                live.names.insert(name);
            }
        }
        Ok(live)
    }

    /// Names the projects of a notice as they are called now, and leaves out those that are gone.
    pub(in crate::store) fn put_names(&self, notice: &mut Notice) {
        if let Notice::ModelRetiring {
            project_ids,
            projects,
            ..
        } = notice
        {
            projects.retain(|name| self.names.contains(name));
            let named = project_ids.drain(..);
            projects.extend(named.filter_map(|id| self.by_id.get(&id).cloned()));
        }
    }
}

/// Takes the names of projects that are gone out of what versions before kept of a workspace, and
/// of the instance.
pub(super) async fn forget_names(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
) -> StoreResult<()> {
    let sql = "SELECT id, facts FROM llm_notices \
        WHERE kind = 'model_retiring' AND workspace_id IN (0, $1) ORDER BY id";
    let kept: Vec<(i64, Notice)> = rows::pairs(tx, sql, [workspace_id.0.into()]).await?;
    for (id, mut notice) in kept {
        let live = LiveProjects::of(tx, &[&notice]).await?;
        let Notice::ModelRetiring { projects, .. } = &mut notice else {
            continue;
        };
        let before = projects.len();
        projects.retain(|name| live.names.contains(name));
        if projects.len() == before {
            continue;
        }
        let sql = "UPDATE llm_notices SET facts = $2 WHERE id = $1";
        rows::execute(tx, sql, [id.into(), as_facts(&notice)?.into()]).await?;
    }
    Ok(())
}

/// A notice as its row has it.
pub(in crate::store) fn as_facts(notice: &Notice) -> StoreResult<String> {
    serde_json::to_string(notice).map_err(|error| StoreError::Corrupt(error.to_string()))
}
