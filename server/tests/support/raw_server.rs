//! A server of raw bytes on a port of its own: it writes what a test tells it to, HTTP or not.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A connection whose request has been read.
pub(crate) struct Caller {
    stream: TcpStream,
    sent: Arc<AtomicUsize>,
}

impl Caller {
    /// Writes bytes; gives whether the other side still takes them.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> bool {
        let taken = self.stream.write_all(bytes).await.is_ok();
        if taken {
            self.sent.fetch_add(bytes.len(), Ordering::SeqCst);
        }
        taken
    }

    /// Keeps the connection open, in silence, until the other side ends it.
    pub(crate) async fn wait_for_end(&mut self) {
        let mut rest = [0; 64];
        while matches!(self.stream.read(&mut rest).await, Ok(read) if read > 0) {}
    }

    /// Ends the connection with a reset instead of an end.
    pub(crate) fn reset(self) {
        let _ = self.stream.set_zero_linger();
    }
}

/// A server that ends with the test.
pub(crate) struct RawServer {
    /// Where it is: `http://127.0.0.1:PORT`.
    pub(crate) origin: String,
    sent: Arc<AtomicUsize>,
    heard: Arc<Mutex<Vec<String>>>,
}

impl RawServer {
    /// Starts a server that answers every request by `answer`, then ends the connection.
    pub(crate) async fn start<A, F>(answer: A) -> Self
    where
        A: Fn(Caller) -> F + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = Self {
            origin: format!("http://{}", listener.local_addr().expect("an address")),
            sent: Arc::default(),
            heard: Arc::default(),
        };
        let (sent, heard) = (Arc::clone(&server.sent), Arc::clone(&server.heard));
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (sent, heard) = (Arc::clone(&sent), Arc::clone(&heard));
                let answer = Arc::clone(&answer);
                tokio::spawn(async move {
                    if let Some(request) = read_request(&mut stream).await {
                        heard.lock().expect("the requests").push(request);
                        answer(Caller { stream, sent }).await;
                    }
                });
            }
        });
        server
    }

    /// Starts a server that writes `bytes` to everybody.
    pub(crate) async fn saying(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes: Arc<[u8]> = bytes.into().into();
        Self::start(move |mut caller| {
            let bytes = Arc::clone(&bytes);
            async move {
                caller.write(&bytes).await;
            }
        })
        .await
    }

    /// Bytes that the other sides have taken.
    pub(crate) fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }

    /// The requests so far, head and body.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("the requests").clone()
    }
}

/// Reads one request; `None` where none came.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let read = stream
            .read(&mut piece)
            .await
            .ok()
            .filter(|read| *read > 0)?;
        request.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&request);
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.len() >= declared_length(head)
        {
            return Some(text.into_owned());
        }
    }
}

fn declared_length(head: &str) -> usize {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, length)| length.trim().parse().ok())
        .unwrap_or(0)
}

/// A whole response.
pub(crate) fn response(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut bytes = format!(
        "HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}
