//! Names in lists beside the brand that belong to no entity yet.

use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::AnswerId;

/// Answers that are read for them at most, the newest first.
pub const ANSWERS: u32 = 1_000;
/// Names that are shown at most.
pub const NAMES: usize = 50;

/// Who else stands in the lists that name the brand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct DiscoveryView {
    /// Those of most answers first, at most [`NAMES`].
    pub names: Vec<DiscoveredName>,
    /// Answers that were read: the newest ones whose lists name the brand, at most [`ANSWERS`].
    pub answers: u32,
    /// Names that were dismissed, by the alphabet.
    pub dismissed: Vec<String>,
}

/// A name that is nobody's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct DiscoveredName {
    /// As it is spelled most often.
    pub name: String,
    /// Answers in whose lists it stands beside the brand.
    pub answers: u32,
    /// Some of them, the newest first.
    pub examples: Vec<AnswerId>,
}
