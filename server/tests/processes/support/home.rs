//! A data folder and a database: what a host of Parallax calls its own.

use std::fs;
use std::future::Future;
use std::os::unix::fs::PermissionsExt;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::FutureExt;
use parallax::data_folder;
use parallax::store::Store;
use parallax::store::sql::DatabasePlace;
use runtime::clock::SystemClock;
use tempfile::TempDir;
use tokio::process::Command;
use tokio::sync::OnceCell;

use super::client::Client;
use super::copies::{copy_postgres, copy_sqlite};
use super::database::Database;
use super::program::{Done, Program, parallax, run, with_few_files};
use super::scratch::Scratch;

/// The admin that each home has.
pub(crate) const ADMIN: &str = "admin@parallax.example";
pub(crate) const PASSWORD: &str = "correct horse battery";

const SQLITE_FILE: &str = "parallax.sqlite3";

/// Names and values of environment variables.
pub(crate) type Environment = Vec<(&'static str, String)>;

/// A data folder and a database.
pub(crate) struct Home {
    folder: TempDir,
    /// `None`: SQLite in the data folder.
    postgres: Option<String>,
    programs: AtomicU32,
    token: OnceCell<String>,
}

/// A host that serves, and a client that speaks with it.
pub(crate) struct Host {
    pub(crate) program: Program,
    pub(crate) client: Client,
}

impl Home {
    fn new(postgres: Option<String>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            folder,
            postgres,
            programs: AtomicU32::new(0),
            token: OnceCell::new(),
        }
    }

    /// The data folder.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The environment of another machine: the same keys and database, a folder of its own.
    pub(crate) fn elsewhere(&self, name: &str, environment: &Environment) -> Environment {
        let folder = self.folder.path().join(name);
        let mut environment = environment.clone();
        environment.push(("PARALLAX_DATA_DIR", folder.display().to_string()));
        environment
    }

    /// A file beside the data folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command of the binary, at home here.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = parallax();
        command.args(arguments).current_dir(self.folder.path());
        command
            .env("PARALLAX_DATA_DIR", self.data_dir())
            .env("PARALLAX_LISTEN", "127.0.0.1:0")
            // Tests ask for progress as often as they like.
            .env("PARALLAX_RATE_LIMIT", "1000000");
        if let Some(url) = &self.postgres {
            command.env("DATABASE_URL", url);
        }
        command
    }

    /// Runs a command to its end.
    pub(crate) async fn run(
        &self,
        arguments: &[&str],
        environment: &Environment,
        typed: &str,
    ) -> Done {
        let mut command = self.command(arguments);
        command.envs(environment.iter().cloned());
        run(command, typed).await
    }

    /// Starts a command that serves.
    pub(crate) async fn start(&self, arguments: &[&str], environment: &Environment) -> Program {
        let mut command = self.command(arguments);
        command.envs(environment.iter().cloned());
        let number = self.programs.fetch_add(1, Ordering::SeqCst);
        Program::start(
            command,
            self.file(&format!("{number}-{}.log", arguments[0])),
        )
        .await
    }

    /// Starts a host that may have only so many files open, and makes a client for its admin.
    pub(crate) async fn serve_with_few_files(&self, files: u32, environment: &Environment) -> Host {
        let token = self
            .token
            .get_or_init(|| self.make_admin(environment))
            .await;
        let mut command = self.command(&["serve"]);
        command.envs(environment.iter().cloned());
        let log = self.file(&format!("few-{files}.log"));
        let program = Program::start(with_few_files(&command, files), log).await;
        let client = Client::new(&program.origin, token);
        Host { program, client }
    }

    /// Starts a host, and makes a client for its admin.
    pub(crate) async fn serve(&self, environment: &Environment) -> Host {
        self.serve_with(&["serve"], environment).await
    }

    /// Starts a host with these words of the command line.
    pub(crate) async fn serve_with(&self, arguments: &[&str], environment: &Environment) -> Host {
        let token = self
            .token
            .get_or_init(|| self.make_admin(environment))
            .await;
        let program = self.start(arguments, environment).await;
        let client = Client::new(&program.origin, token);
        Host { program, client }
    }

    async fn make_admin(&self, environment: &Environment) -> String {
        let add = ["user", "add", ADMIN, "--admin", "--password-stdin"];
        self.run(&add, environment, PASSWORD).await.printed();
        self.run(&["token", ADMIN], environment, "").await.printed()
    }

    /// Its database, seen from beside the host.
    pub(crate) async fn database(&self) -> Database {
        match &self.postgres {
            Some(url) => Database::open(&DatabasePlace::parse(url).expect("an address")).await,
            None => Database::open(&DatabasePlace::file(&self.data_dir().join(SQLITE_FILE))).await,
        }
    }
}

/// Runs a test body in a home with SQLite, whose tables are made already.
pub(crate) async fn with_sqlite(body: impl AsyncFnOnce(&Home)) {
    let home = Home::new(None);
    let folder = home.data_dir();
    data_folder::make(&folder).expect("a data folder");
    let file = folder.join(SQLITE_FILE);
    copy_sqlite(&file, make_tables_of_file).await;
    // As hosts leave it.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("a mode");
    body(&home).await;
}

/// Runs a test body in a home with SQLite, where nothing is yet.
pub(crate) async fn with_empty_sqlite(body: impl AsyncFnOnce(&Home)) {
    body(&Home::new(None)).await;
}

/// Runs a test body in a home with a PostgreSQL database of its own beside `DATABASE_URL_TEST`,
/// whose tables are made already.
pub(crate) async fn with_postgres(body: impl AsyncFnOnce(&Home)) {
    let scratch = copy_postgres("processes", make_tables_of_server).await;
    in_scratch(scratch, body).await;
}

/// The same, where nothing is yet.
pub(crate) async fn with_empty_postgres(body: impl AsyncFnOnce(&Home)) {
    in_scratch(Scratch::make("processes").await, body).await;
}

async fn in_scratch(scratch: Scratch, body: impl AsyncFnOnce(&Home)) {
    let result = caught(body(&Home::new(Some(scratch.url.clone())))).await;
    scratch.end().await;
    if let Err(panic) = result {
        resume_unwind(panic);
    }
}

async fn make_tables_of_file(file: &Path) {
    make_tables(DatabasePlace::file(file)).await;
}

async fn make_tables_of_server(url: &str) {
    make_tables(DatabasePlace::parse(url).expect("an address")).await;
}

/// Makes the tables of the database that those of the tests are copies of.
async fn make_tables(place: DatabasePlace) {
    let store = Store::connect(&place, Arc::new(SystemClock)).await;
    let store = store.expect("the database opens");
    store.migrate().await.expect("the tables are made");
    assert!(store.clear_old_pages().await, "the log is written back");
    store.close().await.expect("closed");
}

/// Runs a test body in a home whose rows are where this address leads.
pub(crate) async fn with_database(address: &str, body: impl AsyncFnOnce(&Home)) {
    body(&Home::new(Some(address.to_owned()))).await;
}

/// The panic of a body as a value.
pub(crate) async fn caught(body: impl Future<Output = ()>) -> std::thread::Result<()> {
    AssertUnwindSafe(body).catch_unwind().await
}
