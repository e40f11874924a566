//! PostgreSQL servers of a test's own, with settings that the shared one has not, and a pooler.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::timeout;

use super::program::PATIENCE;

/// A server that ends with its test.
pub(crate) struct Cluster {
    child: Child,
    /// The script that started the server ends it once this is closed, also by a panic.
    input: ChildStdin,
    /// Its address.
    pub(crate) url: String,
}

impl Cluster {
    /// Starts a server with these settings (`-c name=value`), and with the `server.crt` and
    /// `server.key` of a folder where there is one.
    pub(crate) async fn start(settings: &str, certificates: Option<&Path>) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/with-postgres.sh");
        let mut command = Command::new(script);
        command
            .args(["sh", "-c", "echo \"$DATABASE_URL_TEST\"; exec cat"])
            .env_remove("DATABASE_URL_TEST")
            .env("PARALLAX_POSTGRES_SETTINGS", settings)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if let Some(folder) = certificates {
            command.env("PARALLAX_POSTGRES_TLS", folder);
        }
        let mut child = command.spawn().expect("the script starts");
        let input = child.stdin.take().expect("its input");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let url = timeout(PATIENCE, lines.next_line())
            .await
            .expect("a server");
        let url = url.expect("its address").expect("a line");
        Self { child, input, url }
    }

    /// Its address as another user, on another host, with these parameters.
    pub(crate) fn address(&self, user: &str, host: &str, parameters: &str) -> String {
        let port = self.port();
        format!("postgres://{user}@{host}:{port}/postgres?{parameters}")
    }

    pub(crate) fn port(&self) -> &str {
        let (_, rest) = self.url.rsplit_once(':').expect("a port");
        rest.split('/').next().expect("a port")
    }

    /// Ends it.
    pub(crate) async fn end(mut self) {
        drop(self.input);
        let ended = timeout(PATIENCE, self.child.wait()).await.expect("it ends");
        assert!(ended.expect("its status").success());
    }
}

/// `PgBouncer` before a server.
pub(crate) struct Pooler {
    _child: Child,
    _folder: TempDir,
    /// The address of the database through it.
    pub(crate) url: String,
}

impl Pooler {
    /// Starts it in this mode of pooling.
    pub(crate) async fn start(cluster: &Cluster, mode: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
            listener.local_addr().expect("its address").port()
        };
        let settings = format!(
            "[databases]\n\
             postgres = host=127.0.0.1 port={} user=postgres\n\
             [pgbouncer]\n\
             listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nuser = postgres\n\
             auth_type = any\npool_mode = {mode}\nmax_client_conn = 100\ndefault_pool_size = 6\n",
            cluster.port()
        );
        let file = folder.path().join("pgbouncer.ini");
        fs::write(&file, settings).expect("written");
        let mut command = Command::new(pgbouncer());
        command.arg("-q").arg(&file).kill_on_drop(true);
        let child = command.spawn().expect("the pooler starts");
        let begun = std::time::Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < PATIENCE, "the pooler does not listen");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        Self {
            _child: child,
            _folder: folder,
            url: format!("postgres://postgres@127.0.0.1:{port}/postgres"),
        }
    }
}

fn pgbouncer() -> PathBuf {
    let program = PathBuf::from("/usr/sbin/pgbouncer");
    if program.exists() {
        program
    } else {
        "pgbouncer".into()
    }
}
