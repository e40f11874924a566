//! What pages show, saved under a name: an address and the columns of a table.

use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::{ProjectId, SavedViewId};
use crate::words;

/// How many views somebody may have in a workspace.
pub const MOST_SAVED_VIEWS: i64 = 50;

words! {
    /// The page that a view is of.
    ViewPlace {
        /// The list of projects.
        Home = "home",
        /// The answers of a project.
        Answers = "answers",
    }
}

impl ViewPlace {
    /// Whether each project has such a page of its own.
    pub const fn is_of_project(self) -> bool {
        match self {
            Self::Home => false,
            Self::Answers => true,
        }
    }
}

/// What a view sets a page to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewSetting {
    /// What stands behind the question mark of the page's address; empty: nothing.
    #[serde(default)]
    pub address: String,
    /// The columns in their order, a minus before each that is hidden; empty: as they are.
    #[serde(default)]
    pub columns: Vec<String>,
}

/// A view as its readers see it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about a view"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct SavedView {
    /// Id.
    pub id: SavedViewId,
    /// Name.
    pub name: String,
    /// What it sets the page to.
    pub setting: ViewSetting,
    /// Whether it is the reader's own.
    pub is_own: bool,
    /// Whether the reader may change and remove it.
    pub may_change: bool,
    /// Whether all members of the workspace see it.
    pub is_shared: bool,
    /// Whether the reader's page begins with it.
    pub is_default: bool,
}

/// A view to be saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedViewDraft {
    /// The page.
    pub place: ViewPlace,
    /// The project, where the page is a project's; nothing where it is none.
    pub project_id: Option<ProjectId>,
    /// Name.
    pub name: String,
    /// What it sets the page to.
    pub setting: ViewSetting,
    /// Whether all members of the workspace shall see it.
    #[serde(default)]
    pub is_shared: bool,
    /// Whether the page shall begin with it.
    #[serde(default)]
    pub is_default: bool,
}

/// What shall be another of a view; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedViewChange {
    /// Another name.
    pub name: Option<String>,
    /// Another address and other columns.
    pub setting: Option<ViewSetting>,
    /// Whether all members of the workspace shall see it.
    pub is_shared: Option<bool>,
    /// Whether the page shall begin with it.
    pub is_default: Option<bool>,
}
