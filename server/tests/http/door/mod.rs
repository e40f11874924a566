//! The door, over real sockets: what is slow, silent or too much.

mod clocks;
mod http2;
mod room;
mod standing;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use parallax::http::door::{Door, DoorLimits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Longer than any of the short times below may take, whatever else this machine does.
const PATIENCE: Duration = Duration::from_secs(10);

/// Times that keep no test waiting.
fn short() -> DoorLimits {
    DoorLimits {
        head: Duration::from_millis(400),
        body_piece: Duration::from_millis(400),
        body_bytes_a_second: 1_000,
        body_whole: Duration::from_secs(3),
        idle: Duration::from_millis(800),
        stall: Duration::from_millis(800),
        closing: Duration::from_millis(500),
        ..DoorLimits::default()
    }
}

/// A router behind a door on a port of its own.
struct Served {
    address: SocketAddr,
    closing: CancellationToken,
    door: JoinHandle<()>,
}

impl Served {
    async fn start(limits: DoorLimits, router: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let closing = CancellationToken::new();
        let door = Door::new(limits).serve(listener, router, closing.clone());
        Self {
            address,
            closing,
            door: tokio::spawn(door),
        }
    }

    async fn connect(&self) -> Visitor {
        let stream = TcpStream::connect(self.address).await.expect("connected");
        Visitor { stream }
    }

    /// Whether a new caller gets an answer from `path`.
    async fn answers(&self, path: &str) -> bool {
        let mut visitor = self.connect().await;
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        visitor.say(&request).await;
        visitor.rest().await.starts_with("HTTP/1.1 200")
    }

    /// Closes it; how long that took.
    async fn stop(self) -> Duration {
        let begun = Instant::now();
        self.closing.cancel();
        timeout(PATIENCE, self.door)
            .await
            .expect("it ends")
            .expect("well");
        begun.elapsed()
    }
}

/// A connection.
struct Visitor {
    stream: TcpStream,
}

impl Visitor {
    /// Sends something; gives whether the other side still takes it.
    async fn say(&mut self, text: &str) -> bool {
        self.stream.write_all(text.as_bytes()).await.is_ok()
    }

    /// Everything that comes until the other side closes.
    async fn rest(&mut self) -> String {
        let mut heard = Vec::new();
        let ended = timeout(PATIENCE, self.stream.read_to_end(&mut heard)).await;
        // A reset is an end too.
        let _ = ended.expect("the other side closes in time");
        String::from_utf8_lossy(&heard).into_owned()
    }

    /// What comes next; nothing where the other side has closed.
    async fn piece(&mut self) -> String {
        let mut piece = [0; 4_096];
        let read = timeout(PATIENCE, self.stream.read(&mut piece)).await;
        let read = read.expect("in time").unwrap_or_default();
        String::from_utf8_lossy(&piece[..read]).into_owned()
    }

    /// One reply with a `content-length`, on a connection that goes on.
    async fn reply(&mut self) -> String {
        let mut heard = Vec::new();
        let mut piece = [0; 4_096];
        loop {
            let read = timeout(PATIENCE, self.stream.read(&mut piece)).await;
            let read = read.expect("in time").expect("readable");
            assert!(read > 0, "closed: {}", String::from_utf8_lossy(&heard));
            heard.extend_from_slice(&piece[..read]);
            let text = String::from_utf8_lossy(&heard);
            if let Some((head, body)) = text.split_once("\r\n\r\n")
                && body.len() >= length(head)
            {
                return text.into_owned();
            }
        }
    }

    /// Says a piece again and again, with a pause before each, until the other side closes.
    async fn say_until_closed(&mut self, piece: &str, pause: Duration) -> String {
        let begun = Instant::now();
        let mut answer = [0; 4_096];
        while begun.elapsed() < PATIENCE {
            if let Ok(read) = timeout(pause, self.stream.read(&mut answer)).await {
                let read = read.unwrap_or_default();
                return String::from_utf8_lossy(&answer[..read]).into_owned();
            }
            self.say(piece).await;
        }
        panic!("the other side still listens");
    }
}

fn length(head: &str) -> usize {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, length)| length.parse().ok())
        .expect("a length")
}

/// A request that leaves its connection open.
fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n")
}

/// The head of a request with a body.
fn post(length: usize) -> String {
    format!(
        "POST /api/fn/accounts/sign-in HTTP/1.1\r\nhost: localhost\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    )
}

const HEALTH: &str = "/api/llm-monitoring/health";
