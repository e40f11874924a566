//! A mock provider as a process.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use app::model::provider::Provider;
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::support::client::Client;
use crate::support::eventually;
use crate::support::home::Home;

/// Python and Node start slowly on a busy machine.
const START: Duration = Duration::from_mins(1);

/// So much of a log tells what went wrong.
const LOG_LINES: usize = 20;

/// A mock provider; it is killed when this is dropped.
pub(crate) struct Mock {
    _child: Child,
    log: PathBuf,
    /// Where it serves.
    pub(crate) origin: String,
}

impl Mock {
    /// Starts `program` and waits until its log says where it serves.
    pub(crate) async fn start(home: &Home, name: &str, program: &Path, arguments: &[&str]) -> Self {
        assert!(
            program.exists(),
            "{} is missing. Type this, then try again:\n    scripts/setup.sh test",
            program.display()
        );
        let log = home.file(&format!("{name}.log"));
        let output = File::create(&log).expect("a log file");
        let errors = output.try_clone().expect("a log file");
        let child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .kill_on_drop(true)
            .spawn()
            .expect("the mock starts");
        let address = || async { address_in(&fs::read_to_string(&log).ok()?) };
        let (origin, _) = eventually(name, START, address).await;
        Self {
            _child: child,
            log,
            origin,
        }
    }

    /// Reads something of its own interface.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let response = reqwest::get(format!("{}{path}", self.origin)).await;
        let body = response.expect("it answers").bytes().await.expect("a body");
        serde_json::from_slice(&body).expect("json")
    }

    /// Tells it something by its own interface.
    pub(crate) async fn post(&self, path: &str, body: &Value) {
        let response = reqwest::Client::new()
            .post(format!("{}{path}", self.origin))
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .expect("it answers");
        assert!(
            response.status().is_success(),
            "{path}: {}",
            response.status()
        );
    }

    /// Stores keys whose addresses lead here: provider, and its path.
    pub(crate) async fn store_keys(&self, client: &Client, paths: [(Provider, &str); 4]) {
        for (provider, path) in paths {
            let draft = json!({ "draft": {
                "provider": provider,
                "api_key": format!("sk-judged-{}-0001", provider.slug()),
                "base_url": format!("{}{path}", self.origin),
            } });
            let _: Value = client.call("keys/save", &draft).await;
        }
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = fs::read_to_string(&self.log).unwrap_or_default();
            let lines: Vec<&str> = log.lines().collect();
            let end = &lines[lines.len().saturating_sub(LOG_LINES)..];
            eprintln!("--- end of {}\n{}", self.log.display(), end.join("\n"));
        }
    }
}

/// The address behind "running on" (uvicorn) or "listening on" (aimock).
fn address_in(log: &str) -> Option<String> {
    let (_, behind) = ["running on ", "listening on "]
        .iter()
        .find_map(|words| log.split_once(words))?;
    // The end of the address is there only once something follows it.
    let (address, _) = behind.split_once(char::is_whitespace)?;
    address
        .starts_with("http://127.0.0.1:")
        .then(|| address.to_owned())
}

/// A file of the checkout.
pub(crate) fn checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
