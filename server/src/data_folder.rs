//! The data folder and the files of the database: nobody else on the machine may read them.
//!
//! Invariant: changes only the modes of Parallax's own files that belong to this user. A shared
//! folder is named in a warning, not closed.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

/// What a group and others may do.
const OTHERS: u32 = 0o077;
/// Files and folders that somebody makes later begin closed.
#[cfg(unix)]
const UMASK: rustix::fs::Mode = rustix::fs::Mode::from_raw_mode(OTHERS);
/// Set on folders that all users share, such as `/tmp`.
#[cfg(unix)]
const STICKY: u32 = 0o1000;

/// Lets this process make files for its own user alone.
pub fn keep_new_files_closed() {
    #[cfg(unix)]
    rustix::process::umask(UMASK);
}

/// Makes the folder, and what is missing above it, for its own user alone.
pub fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// What of the folder and the SQLite file others may look into; nothing where it is as it should be.
pub fn open_to_others(folder: &Path, sqlite_file: Option<&Path>) -> Vec<PathBuf> {
    let mut paths = vec![folder.to_owned()];
    paths.extend(files(folder, sqlite_file));
    paths.retain(|path| mode(path).is_some_and(|mode| mode & OTHERS != 0));
    paths
}

/// Closes the folder and the SQLite file to other users of the machine, and logs each change. Warns
/// of what it cannot or must not change.
pub fn close_to_others(folder: &Path, sqlite_file: Option<&Path>) {
    for path in open_to_others(folder, sqlite_file) {
        let is_folder = path == folder;
        if is_folder && !is_ours(folder) {
            tracing::warn!(
                path = %path.display(),
                "others on this machine may look into the data folder, which is not Parallax's alone; \
                 set PARALLAX_DATA_DIR to a folder of its own"
            );
            continue;
        }
        match close(&path) {
            Ok(()) => tracing::info!(path = %path.display(), "closed to other users"),
            Err(error) => tracing::warn!(
                path = %path.display(), %error,
                "others on this machine may look into this, and its mode cannot be changed"
            ),
        }
    }
}

/// The files with rows and secrets that are there.
fn files(folder: &Path, sqlite_file: Option<&Path>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_secret(&entry.file_name().to_string_lossy()) {
            files.push(entry.path());
        }
    }
    if let Some(file) = sqlite_file {
        for end in ["", "-wal", "-shm", "-journal"] {
            let mut name = file.as_os_str().to_owned();
            name.push(end);
            files.push(name.into());
        }
    }
    files.sort();
    files.dedup();
    // A link is somebody's own arrangement.
    files.retain(|file| fs::symlink_metadata(file).is_ok_and(|found| found.is_file()));
    files
}

fn is_secret(name: &str) -> bool {
    let is_key = Path::new(name).extension().is_some_and(|end| end == "key");
    is_key || name.ends_with(".key.next") || name.starts_with("parallax.sqlite3")
}

/// Whether a folder holds what Parallax keeps, or nothing yet, and is no folder that all share.
fn is_ours(folder: &Path) -> bool {
    #[cfg(unix)]
    if mode(folder).is_some_and(|mode| mode & STICKY != 0) {
        return false;
    }
    let mut names = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .peekable();
    names.peek().is_none() || names.any(|name| is_secret(&name))
}

#[cfg(unix)]
fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path)
        .ok()
        .map(|found| found.permissions().mode())
}

#[cfg(not(unix))]
fn mode(_: &Path) -> Option<u32> {
    None
}

#[cfg(unix)]
fn close(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = fs::metadata(path)?.permissions();
    permissions.set_mode(permissions.mode() & 0o7777 & !OTHERS);
    fs::set_permissions(path, permissions)
}

#[cfg(not(unix))]
fn close(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    }

    fn modes(paths: &[&Path]) -> Vec<u32> {
        let low = |path: &&Path| mode(path).expect("a mode") & 0o7777;
        paths.iter().map(low).collect()
    }

    #[test]
    fn what_is_parallaxs_own_is_closed() {
        let folder = tempfile::tempdir().expect("a folder");
        let elsewhere = tempfile::tempdir().expect("a folder");
        let database = elsewhere.path().join("rows.db");
        let paths = [
            folder.path().join("parallax.sqlite3"),
            folder.path().join("parallax.sqlite3-wal"),
            folder.path().join("secret.key"),
            database.clone(),
        ];
        let foreign = folder.path().join("notes.txt");
        for path in paths.iter().chain([&foreign]) {
            fs::write(path, "x").expect("written");
            set(path, 0o644);
        }
        set(folder.path(), 0o755);
        set(elsewhere.path(), 0o755);
        let open = open_to_others(folder.path(), Some(&database));
        assert_eq!(open.len(), 5, "{open:?}");
        close_to_others(folder.path(), Some(&database));
        assert!(open_to_others(folder.path(), Some(&database)).is_empty());
        assert_eq!(modes(&[folder.path()]), [0o700]);
        for path in &paths {
            assert_eq!(modes(&[path]), [0o600]);
        }
        assert_eq!(modes(&[&foreign, elsewhere.path()]), [0o644, 0o755]);
    }

    #[test]
    fn a_folder_that_others_share_stays_as_it_is() {
        let shared = tempfile::tempdir().expect("a folder");
        fs::write(shared.path().join("parallax.sqlite3"), "x").expect("written");
        set(shared.path(), 0o1777);
        close_to_others(shared.path(), None);
        assert_eq!(modes(&[shared.path()]), [0o1777]);

        let foreign = tempfile::tempdir().expect("a folder");
        fs::write(foreign.path().join("index.html"), "x").expect("written");
        set(foreign.path(), 0o755);
        close_to_others(foreign.path(), None);
        assert_eq!(modes(&[foreign.path()]), [0o755]);
        assert_eq!(open_to_others(foreign.path(), None).len(), 1);
    }

    #[test]
    fn a_new_folder_is_for_its_user_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let deep = folder.path().join("a/b");
        make(&deep).expect("made");
        make(&deep).expect("it is there");
        assert_eq!(modes(&[&deep]), [0o700]);
    }
}
