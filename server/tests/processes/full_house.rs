//! Floods of connections, each at a host that may have few files open: it goes on answering.

use std::time::Duration;

use parallax::http::door::DoorLimits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::client::{Client, questions};
use crate::support::home::Home;
use crate::support::on_both_databases;
use crate::support::simulator::Simulator;

const HEALTH: &str = "/api/llm-monitoring/health";
/// A new caller has an answer within this, whatever else this machine does.
const SOON: Duration = Duration::from_secs(10);
/// What a process had that was opened by nobody else.
const FEW_FILES: u32 = 300;
/// A stream that is silent for so long has said what it had to say so far.
const QUIET: Duration = Duration::from_secs(1);
const HALF_REQUESTS: usize = 330;
/// What systems give at the beginning.
const USUAL_FILES: u32 = 1_024;
const STREAMS: usize = 1_100;

struct Address(String);

impl Address {
    fn of(origin: &str) -> Self {
        Self(origin.trim_start_matches("http://").to_owned())
    }

    /// A connection that has said something.
    async fn saying(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.0).await.expect("connected");
        // It may be sent away before it has said all.
        let _ = stream.write_all(text.as_bytes()).await;
        stream
    }

    /// Asserts that a new caller is told that the host is well.
    async fn assert_healthy(&self, when: &str) {
        let request =
            format!("GET {HEALTH} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        let mut answer = Vec::new();
        let asked = async {
            let mut stream = self.saying(&request).await;
            // A reset is an end too.
            let _ = stream.read_to_end(&mut answer).await;
        };
        let is_in_time = timeout(SOON, asked).await.is_ok();
        let answer = String::from_utf8_lossy(&answer);
        let is_well = is_in_time && answer.starts_with("HTTP/1.1 200");
        assert!(is_well, "{when}: {answer:?}");
    }
}

on_both_databases! {
    async fn half_requests_on_all_sockets_leave_room(home: &Home) {
        DoorLimits::of_this_process(None);
        let host = home.serve_with_few_files(FEW_FILES, &Vec::new()).await;
        let address = Address::of(&host.program.origin);
        let body = "POST /api/fn/accounts/sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{";
        for half in ["GET / HTTP/1.1\r\nX-A: ", "", body] {
            let mut stuck = Vec::new();
            for _ in 0..HALF_REQUESTS {
                stuck.push(address.saying(half).await);
            }
            for _ in 0..5 {
                address.assert_healthy(half).await;
            }
            let (status, _) = host.client.rest(reqwest::Method::GET, "/projects", None).await;
            assert_eq!(status, 200, "the database can be read");
        }
        host.program.stop().await;
    }
}

on_both_databases! {
    async fn streams_of_one_token_leave_room(home: &Home) {
        DoorLimits::of_this_process(None);
        let simulator = Simulator::start(home, &["--latency", "120000"]).await;
        let mut environment = simulator.environment();
        // Not the rate of requests shall hold the streams off.
        environment.push(("PARALLAX_RATE_LIMIT", "1000000".to_owned()));
        let host = home.serve_with_few_files(USUAL_FILES, &environment).await;
        let address = Address::of(&host.program.origin);
        let project = host.client.project("Soap", questions(1)).await;
        let run = host.client.start(project).await;
        let request = watching(&host.client, run.0);
        let mut streams = Vec::new();
        for number in 0..STREAMS {
            streams.push(address.saying(&request).await);
            if number % 100 == 0 {
                address.assert_healthy(&number.to_string()).await;
            }
        }
        address.assert_healthy("at the end").await;
        // Where the door is full, a stream may have made room for another one. All are kept until
        // the end, so that none comes into the place of one that is counted already.
        let mut watched = 0;
        for stream in &mut streams {
            let mut head = [0; 12];
            let read = timeout(SOON, stream.read_exact(&mut head)).await.expect("answered or closed");
            let is_stream = read.is_ok() && &head == b"HTTP/1.1 200";
            watched += usize::from(is_stream && is_open(stream).await);
        }
        assert!((1..=10).contains(&watched), "{watched} streams of one user");
        let path = format!("/projects/{}/runs/{}/cancel", project.0, run.0);
        let (status, _) = host.client.rest(reqwest::Method::POST, &path, None).await;
        assert_eq!(status, 200);
        host.program.kill().await;
    }
}

/// Whether a stream goes on, once all that it has said is read. One that has ended leaves its
/// connection open, for another request.
async fn is_open(stream: &mut TcpStream) -> bool {
    let mut said = Vec::new();
    let mut piece = [0; 4096];
    loop {
        match timeout(QUIET, stream.read(&mut piece)).await {
            Err(_) => return !said.ends_with(b"\r\n0\r\n\r\n"),
            Ok(Ok(0) | Err(_)) => return false,
            Ok(Ok(read)) => said.extend_from_slice(&piece[..read]),
        }
    }
}

fn watching(client: &Client, run: i64) -> String {
    let token = client.token();
    format!(
        "GET /api/runs/{run}/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\r\n"
    )
}
