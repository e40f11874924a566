//! Processes of the binary: those that serve, and those that do one thing and end.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// For what takes no time unless the machine is busy with something else.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The binary with an environment that holds nothing of the caller's.
pub(crate) fn parallax() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parallax"));
    command.env_clear().stdin(Stdio::null()).kill_on_drop(true);
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// The same command as a process that may have only so many files open, sockets among them.
pub(crate) fn with_few_files(command: &Command, files: u32) -> Command {
    let command = command.as_std();
    let mut limited = Command::new("sh");
    limited
        .arg("-c")
        .arg(format!("ulimit -n {files}; exec \"$0\" \"$@\""))
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdin(Stdio::null())
        .kill_on_drop(true);
    if let Some(folder) = command.get_current_dir() {
        limited.current_dir(folder);
    }
    limited
}

/// A process that serves until it is told to stop. It is killed when this is dropped.
pub(crate) struct Program {
    child: Child,
    _stdout: BufReader<ChildStdout>,
    log: PathBuf,
    /// Where it serves, or under which name it works.
    pub(crate) origin: String,
    /// From its start until it said so.
    pub(crate) ready_after: Duration,
}

impl Program {
    /// Starts a command and waits until it says where it listens. Its log goes to `log`.
    pub(crate) async fn start(mut command: Command, log: PathBuf) -> Self {
        let begun = Instant::now();
        let stderr = File::create(&log).expect("a log file");
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .expect("the binary starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        let read = timeout(PATIENCE, stdout.read_line(&mut line))
            .await
            .expect("it says something");
        read.expect("its output can be read");
        let line = line.trim();
        let said = line
            .strip_prefix("listening on ")
            .or_else(|| line.strip_prefix("working as "));
        let Some(origin) = said else {
            panic!("it does not listen: {line:?}\n{}", read_log(&log));
        };
        let origin = origin.to_owned();
        Self {
            child,
            _stdout: stdout,
            log,
            origin,
            ready_after: begun.elapsed(),
        }
    }

    /// Ends it without a warning, as a power cut would.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.expect("killed");
    }

    /// Asks it to end.
    pub(crate) async fn terminate(&self) {
        self.signal("TERM").await;
    }

    /// Stops its clock, as a machine does that is paused.
    pub(crate) async fn pause(&self) {
        self.signal("STOP").await;
    }

    /// Lets it go on.
    pub(crate) async fn go_on(&self) {
        self.signal("CONT").await;
    }

    async fn signal(&self, name: &str) {
        let id = self.child.id().expect("it is running");
        // The shell has a `kill` of its own; the program of that name is not everywhere.
        let signal = format!("kill -{name} {id}");
        let sent = Command::new("sh")
            .args(["-c", &signal])
            .status()
            .await
            .expect("a shell");
        assert!(sent.success());
    }

    /// Waits for its end; how it ended and how long that took.
    pub(crate) async fn ended(&mut self, within: Duration) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        let Ok(status) = timeout(within, self.child.wait()).await else {
            panic!("it did not end within {within:?}\n{}", read_log(&self.log));
        };
        (status.expect("its status"), begun.elapsed())
    }

    /// Asks it to end, and expects that it does so well.
    pub(crate) async fn stop(mut self) -> Duration {
        self.terminate().await;
        let (status, took) = self.ended(PATIENCE).await;
        assert!(status.success(), "{status}\n{}", read_log(&self.log));
        took
    }

    /// Bytes of memory that it holds.
    pub(crate) fn resident(&self) -> u64 {
        let id = self.child.id().expect("it is running");
        let status = fs::read_to_string(format!("/proc/{id}/status")).expect("its status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = line.and_then(|line| line.split_whitespace().next());
        kibibytes
            .expect("a number")
            .parse::<u64>()
            .expect("a number")
            * 1024
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        read_log(&self.log)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- log of {}\n{}", self.log.display(), read_log(&self.log));
        }
    }
}

fn read_log(log: &Path) -> String {
    fs::read_to_string(log).unwrap_or_default()
}

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Done {
    /// What it printed, where it did what it was told.
    pub(crate) fn printed(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.stdout.trim_end().to_owned()
    }

    /// What it said, where it failed.
    pub(crate) fn said(self) -> String {
        assert_eq!((self.code, self.stdout.as_str()), (Some(1), ""), "{self:?}");
        self.stderr
    }
}

/// Runs a command to its end, with `typed` on its standard input.
pub(crate) async fn run(mut command: Command, typed: &str) -> Done {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let mut stdin = child.stdin.take().expect("its input");
    // A command that wants no input may be gone before it is there.
    let _ = stdin.write_all(typed.as_bytes()).await;
    drop(stdin);
    let output = timeout(PATIENCE, child.wait_with_output())
        .await
        .expect("it ends");
    let output = output.expect("its output");
    Done {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}
