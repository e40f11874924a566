//! The files of the repository that tests read as other machines and people do.

use std::fs;
use std::path::{Path, PathBuf};

/// A file or folder, by its path from the root.
pub(crate) fn file(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("the repository").join(name)
}

/// What stands in a file.
pub(crate) fn text(name: &str) -> String {
    fs::read_to_string(file(name)).expect(name)
}
