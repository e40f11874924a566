//! Ids: whole numbers that cannot be mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }

        impl From<$name> for i64 {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

ids! {
    /// A person who signs in.
    UserId;
    /// A tenant.
    WorkspaceId;
    /// A brand under watch.
    ProjectId;
    /// The brand or one of its competitors.
    EntityId;
    /// A page that answers cite.
    PageId;
    /// A note on a chart.
    NoteId;
    /// A question.
    PromptId;
    /// A row of the registry.
    ModelId;
    /// A dated price of a model.
    PriceId;
    /// An API key of a workspace.
    CredentialId;
    /// One execution of a project.
    RunId;
    /// The asks of a run that go to one model.
    LaneId;
    /// Prompt x model x repeat.
    AskId;
    /// What came back for an ask.
    AnswerId;
    /// A REST token.
    TokenId;
    /// A link by which one person can make an account.
    InvitationId;
    /// What a page shows, saved under a name.
    SavedViewId;
    /// One reading of all answers of a project.
    RevisionId;
}
