//! The project that was open last, as the browser keeps it: the switcher names it on every page,
//! without asking the host.
//!
//! Invariant: pure. Where it is kept is `chosen_project`'s business.

use crate::model::ids::ProjectId;

/// What the switcher says of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastProject {
    /// Id.
    pub id: ProjectId,
    /// Its questions that are asked.
    pub questions: usize,
    /// The models that it asks.
    pub models: usize,
    /// Name.
    pub name: String,
}

impl LastProject {
    /// What the browser keeps.
    pub fn to_memory(&self) -> String {
        let Self {
            id,
            questions,
            models,
            name,
        } = self;
        format!("{id} {questions} {models} {name}")
    }

    /// Reads what [`Self::to_memory`] wrote.
    pub fn from_memory(memory: &str) -> Option<Self> {
        let mut parts = memory.splitn(4, ' ');
        Some(Self {
            id: parts.next()?.parse().ok()?,
            questions: parts.next()?.parse().ok()?,
            models: parts.next()?.parse().ok()?,
            name: parts.next()?.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_as_it_was_written() {
        let last = LastProject {
            id: 7.into(),
            questions: 56,
            models: 5,
            name: "Kipu in  Europe ñ".to_owned(),
        };
        assert_eq!(LastProject::from_memory(&last.to_memory()), Some(last));
        for wrong in ["", "7", "7 56 5", "x 56 5 Kipu", "7 56 -1 Kipu"] {
            assert_eq!(LastProject::from_memory(wrong), None, "{wrong}");
        }
    }
}
