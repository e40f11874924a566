//! Who works on a data folder, and who of them is dead.
//!
//! Each worker holds a file of its own locked. The system releases the lock whenever the process
//! ends, by a crash too. So a process that gets a worker's lock knows that the worker is dead, and
//! need not wait for its leases.
//!
//! Invariant: reports only processes that see this folder. For other machines there are leases.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::LocalWorkers;
use rand::RngExt;

use crate::data_folder;

const FOLDER: &str = "workers";
const SUFFIX: &str = ".lock";

/// This process's file in a data folder, locked until it is dropped.
#[derive(Debug)]
pub struct WorkerLock {
    name: Arc<str>,
    folder: PathBuf,
    /// Never read: it holds the lock.
    _file: File,
}

impl WorkerLock {
    /// Makes and locks a file for a new worker.
    pub fn hold(data_dir: &Path) -> io::Result<Self> {
        let folder = data_dir.join(FOLDER);
        data_folder::make(&folder)?;
        let random: u64 = rand::rng().random();
        let name = format!("{}-{random:016x}", std::process::id());
        // Locked before it has its name: nobody finds it free in between.
        let unnamed = folder.join(format!("{name}.new"));
        let file = File::create(&unnamed)?;
        file.lock()?;
        fs::rename(&unnamed, folder.join(format!("{name}{SUFFIX}")))?;
        Ok(Self {
            name: name.into(),
            folder,
            _file: file,
        })
    }

    fn path(&self, worker: &str) -> PathBuf {
        self.folder.join(format!("{worker}{SUFFIX}"))
    }

    fn others(&self) -> io::Result<Vec<String>> {
        let mut others = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            let worker = name.to_str().and_then(|name| name.strip_suffix(SUFFIX));
            others.extend(
                worker
                    .filter(|worker| **worker != *self.name)
                    .map(ToOwned::to_owned),
            );
        }
        Ok(others)
    }
}

impl LocalWorkers for WorkerLock {
    fn name(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    fn dead_workers(&self) -> Vec<String> {
        let mut others = self.others().unwrap_or_else(|error| {
            tracing::warn!(%error, "the folder of workers cannot be read");
            Vec::new()
        });
        others.retain(|worker| is_free(&self.path(worker)));
        others
    }

    fn forget(&self, worker: &str) {
        // Somebody else may have been faster.
        let _ = fs::remove_file(self.path(worker));
    }
}

/// Whether nobody holds the lock of a file that exists.
fn is_free(path: &Path) -> bool {
    match File::open(path).map(|file| file.try_lock()) {
        Ok(Ok(())) => true,
        Ok(Err(TryLockError::WouldBlock | TryLockError::Error(_))) | Err(_) => false,
    }
}

impl Drop for WorkerLock {
    fn drop(&mut self) {
        let _ = fs::remove_file(self.path(&self.name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_lives_is_not_found_dead() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = WorkerLock::hold(folder.path()).expect("held");
        let second = WorkerLock::hold(folder.path()).expect("held");
        assert_ne!(first.name(), second.name());
        assert!(first.dead_workers().is_empty() && second.dead_workers().is_empty());
        drop(second);
        assert!(first.dead_workers().is_empty(), "it went in good order");
    }

    #[test]
    fn a_file_that_nobody_holds_is_a_dead_worker() {
        let folder = tempfile::tempdir().expect("a folder");
        let living = WorkerLock::hold(folder.path()).expect("held");
        let left_behind = folder.path().join(FOLDER).join("77-dead.lock");
        File::create(&left_behind).expect("made");
        assert_eq!(living.dead_workers(), ["77-dead"]);
        living.forget("77-dead");
        living.forget("77-dead");
        assert!(living.dead_workers().is_empty() && !left_behind.exists());
    }
}
