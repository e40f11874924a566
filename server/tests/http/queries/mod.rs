//! The questions of a project.

pub(crate) mod import;
