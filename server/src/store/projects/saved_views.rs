//! What pages show, saved under a name: each person's own, and those that others share.
//!
//! Invariant: a view of a deleted project is as if it were not there. Whoever does not see a view
//! is told the same as of one that nobody has.

use app::model::ids::{ProjectId, SavedViewId, UserId, WorkspaceId};
use app::model::views::{
    MOST_SAVED_VIEWS, SavedView, SavedViewChange, SavedViewDraft, ViewPlace, ViewSetting,
};
use sea_orm::{DatabaseTransaction, Value};

use crate::store::sql::encode::write_list;
use crate::store::sql::record::record;
use crate::store::sql::rows::{self, new_row};
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreError, StoreResult};

/// More than these of one page nobody looks through.
const MOST_SHOWN: i64 = 500;

/// Who reads and changes views.
#[derive(Clone, Copy, Debug)]
pub struct ViewReader {
    /// Where.
    pub workspace: WorkspaceId,
    /// Who.
    pub user: UserId,
    /// Whether they may change what all see.
    pub may_share: bool,
    /// Whether they may change what others share.
    pub may_manage: bool,
}

/// Why a view could not be saved, changed or removed.
#[derive(Debug, thiserror::Error)]
pub enum SavedViewError {
    /// Its owner has a view of this page with the name.
    #[error("the name is taken")]
    NameTaken,
    /// Its owner has as many as they may.
    #[error("there are as many views as somebody may have")]
    TooMany,
    /// The reader sees it and may not do this with it.
    #[error("it is another person's")]
    NotYours,
    /// The database's words.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for SavedViewError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

record! {
    struct ViewRow {
        id: SavedViewId = "v.id",
        owner: UserId = "v.user_id",
        place: ViewPlace = "v.place",
        project: Option<ProjectId> = "v.project_id",
        name: String = "v.name",
        address: String = "v.address",
        columns: Vec<String> = "v.columns",
        is_shared: bool = "v.is_shared",
        is_default: bool = "v.is_default",
    }
}

impl ViewRow {
    /// As somebody sees it. Where a page begins is for each person to say.
    fn into_view(self, by: &ViewReader) -> SavedView {
        let is_own = self.owner == by.user;
        SavedView {
            id: self.id,
            name: self.name,
            setting: ViewSetting {
                address: self.address,
                columns: self.columns,
            },
            is_own,
            may_change: is_own || by.may_manage,
            is_shared: self.is_shared,
            is_default: is_own && self.is_default,
        }
    }

    /// Its owner's views of the same page; `$1` to `$4`.
    fn siblings(&self, workspace: WorkspaceId) -> [Value; 4] {
        [
            self.owner.0.into(),
            workspace.0.into(),
            self.place.word().into(),
            place_of(self.project).into(),
        ]
    }
}

/// An owner's views of one page.
const SIBLINGS: &str = "user_id = $1 AND workspace_id = $2 AND place = $3 \
    AND COALESCE(project_id, 0) = $4";

/// No project has this id.
fn place_of(project: Option<ProjectId>) -> i64 {
    project.map_or(0, |project| project.0)
}

impl Store {
    /// Somebody's views of a page, then those that others share, each by the alphabet.
    pub async fn saved_views(
        &self,
        by: &ViewReader,
        place: ViewPlace,
        project: Option<ProjectId>,
    ) -> StoreResult<Vec<SavedView>> {
        if let Some(project) = project {
            project_exists(self.reader(), by.workspace, project).await?;
        }
        let rest = format!(
            "FROM saved_views v WHERE v.workspace_id = $1 AND v.place = $2 \
             AND COALESCE(v.project_id, 0) = $3 AND (v.user_id = $4 OR v.is_shared) \
             ORDER BY CASE WHEN v.user_id = $4 THEN 0 ELSE 1 END, v.id DESC LIMIT {MOST_SHOWN}"
        );
        let values = [
            by.workspace.0.into(),
            place.word().into(),
            place_of(project).into(),
            by.user.0.into(),
        ];
        let found: Vec<ViewRow> = rows::select(self.reader(), rest, values).await?;
        let views = found.into_iter().map(|row| row.into_view(by));
        let mut views: Vec<SavedView> = views.collect();
        views.sort_by_cached_key(|view| (!view.is_own, view.name.to_lowercase(), view.id));
        Ok(views)
    }

    /// Saves a view of somebody's own.
    pub async fn save_view(
        &self,
        by: &ViewReader,
        draft: SavedViewDraft,
    ) -> Result<SavedView, SavedViewError> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        if let Some(project) = draft.project_id {
            project_exists(&tx, by.workspace, project).await?;
        }
        hold_views_of(&tx, by.user).await?;
        // Nobody sees those of deleted projects, so nobody could make room among them.
        let count = "SELECT COUNT(*) FROM saved_views v WHERE v.user_id = $1 \
            AND v.workspace_id = $2 AND NOT EXISTS (SELECT 1 FROM llm_monitoring_projects p \
                WHERE p.id = v.project_id AND p.deleted_at IS NOT NULL)";
        let values = [by.user.0.into(), by.workspace.0.into()];
        let count: Option<i64> = rows::value(&tx, count, values).await?;
        if count.unwrap_or_default() >= MOST_SAVED_VIEWS {
            return Err(SavedViewError::TooMany);
        }
        let mut row = ViewRow {
            // No row has it: all others are siblings.
            id: SavedViewId(0),
            owner: by.user,
            place: draft.place,
            project: draft.project_id,
            name: draft.name,
            address: draft.setting.address,
            columns: draft.setting.columns,
            is_shared: draft.is_shared,
            is_default: draft.is_default,
        };
        make_room(&tx, by.workspace, &row).await?;
        let new = new_row! {
            workspace_id = by.workspace.0,
            user_id = row.owner.0,
            place = row.place.word(),
            project_id = row.project.map(|project| project.0),
            name = row.name.as_str(),
            address = row.address.as_str(),
            columns = write_list(&row.columns)?,
            is_shared = row.is_shared,
            is_default = row.is_default,
            created_at = now,
            updated_at = now,
        };
        let stored = rows::insert_rows(&tx, "saved_views", vec![new], "RETURNING id").await?;
        let stored = stored.first().ok_or(StoreError::NotFound)?;
        row.id = rows::only_cell(stored)?;
        tx.commit().await?;
        Ok(row.into_view(by))
    }

    /// Changes a view: one's own, or one that is shared where the reader may manage these. What all
    /// see is changed only by who may share. With which view a page begins, only its owner says.
    pub async fn change_view(
        &self,
        by: &ViewReader,
        id: SavedViewId,
        change: SavedViewChange,
    ) -> Result<SavedView, SavedViewError> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        let mut row = changeable(&tx, by, id).await?;
        if change.is_default.is_some() && row.owner != by.user {
            return Err(SavedViewError::NotYours);
        }
        let says_another = change.name.is_some() || change.setting.is_some();
        let stays_shared = row.is_shared && change.is_shared != Some(false);
        if says_another && stays_shared && !by.may_share && !by.may_manage {
            return Err(SavedViewError::NotYours);
        }
        row.name = change.name.unwrap_or(row.name);
        if let Some(setting) = change.setting {
            row.address = setting.address;
            row.columns = setting.columns;
        }
        row.is_shared = change.is_shared.unwrap_or(row.is_shared);
        row.is_default = change.is_default.unwrap_or(row.is_default);
        make_room(&tx, by.workspace, &row).await?;
        let sql = "UPDATE saved_views SET name = $2, address = $3, columns = $4, is_shared = $5, \
            is_default = $6, updated_at = $7 WHERE id = $1";
        let values: [Value; 7] = [
            id.0.into(),
            row.name.as_str().into(),
            row.address.as_str().into(),
            write_list(&row.columns)?.into(),
            row.is_shared.into(),
            row.is_default.into(),
            now.into(),
        ];
        rows::execute(&tx, sql, values).await?;
        tx.commit().await?;
        Ok(row.into_view(by))
    }

    /// Removes a view that the reader may change.
    pub async fn remove_view(
        &self,
        by: &ViewReader,
        id: SavedViewId,
    ) -> Result<(), SavedViewError> {
        let tx = self.begin_write().await?;
        changeable(&tx, by, id).await?;
        let sql = "DELETE FROM saved_views WHERE id = $1";
        rows::execute(&tx, sql, [id.0.into()]).await?;
        Ok(tx.commit().await?)
    }
}

/// Keeps other transactions from changing somebody's views, so that what is counted and looked for
/// among them holds. SQLite's write lock is held already.
async fn hold_views_of(tx: &DatabaseTransaction, owner: UserId) -> StoreResult<()> {
    let sql = format!(
        "SELECT u.id FROM users u WHERE u.id = $1{}",
        rows::for_update(tx, "u")
    );
    rows::one(tx, sql, [owner.0.into()]).await?;
    Ok(())
}

/// A view that somebody sees and may change, with its owner's views held.
async fn changeable(
    tx: &DatabaseTransaction,
    by: &ViewReader,
    id: SavedViewId,
) -> Result<ViewRow, SavedViewError> {
    let owner = seen(tx, by, id).await?.owner;
    hold_views_of(tx, owner).await?;
    // As it is now: it may have changed before it was held.
    let row = seen(tx, by, id).await?;
    if row.owner != by.user && !by.may_manage {
        return Err(SavedViewError::NotYours);
    }
    Ok(row)
}

/// A view that somebody sees.
async fn seen(tx: &DatabaseTransaction, by: &ViewReader, id: SavedViewId) -> StoreResult<ViewRow> {
    let rest = "FROM saved_views v WHERE v.id = $1 AND v.workspace_id = $2 \
        AND (v.user_id = $3 OR v.is_shared)";
    let values = [id.0.into(), by.workspace.0.into(), by.user.0.into()];
    let row: Option<ViewRow> = rows::select_one(tx, rest, values).await?;
    let row = row.ok_or(StoreError::NotFound)?;
    if let Some(project) = row.project {
        project_exists(tx, by.workspace, project).await?;
    }
    Ok(row)
}

/// Sees that no other of the owner's views of the page has the name, and that no other is the one
/// that the page begins with.
async fn make_room(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    row: &ViewRow,
) -> Result<(), SavedViewError> {
    let taken = format!("SELECT 1 FROM saved_views WHERE {SIBLINGS} AND name = $5 AND id <> $6");
    let mut values = row.siblings(workspace).to_vec();
    values.push(row.name.as_str().into());
    values.push(row.id.0.into());
    if rows::one(tx, taken, values).await?.is_some() {
        return Err(SavedViewError::NameTaken);
    }
    if row.is_default {
        let no_longer = format!(
            "UPDATE saved_views SET is_default = FALSE WHERE {SIBLINGS} AND is_default AND id <> $5"
        );
        let mut values = row.siblings(workspace).to_vec();
        values.push(row.id.0.into());
        rows::execute(tx, no_longer, values).await?;
    }
    Ok(())
}
