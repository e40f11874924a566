//! The door: who may connect, how many at once, and for how long.
//!
//! Invariant: knows neither routes nor callers; what a connection asks for is the router's.

mod bodies;
mod connection;
mod limits;
mod listener;
mod open_connections;
mod socket;
mod state;

use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

pub(super) use bodies::answer_late_bodies;
pub use limits::DoorLimits;
pub use listener::listen;

use connection::ConnectionServer;
use open_connections::{Arrival, OpenConnections};

/// Between two tries to take somebody in, where the system lets in nobody.
const PAUSE: Duration = Duration::from_millis(100);
/// How long the door stands still at most until those are out who were sent away.
const OUT_SOON: Duration = Duration::from_millis(100);
/// The reply to a connection for which there is no room.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\n\
    content-length: 55\r\nretry-after: 5\r\nconnection: close\r\n\r\n\
    Too many connections are open. Try again in 5 seconds.\n";

/// Whose connections are not counted by their address: behind a proxy all come from one.
type Excepted = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// Takes connections in, sees to their time, and sees them out.
pub struct Door {
    limits: DoorLimits,
    excepted: Excepted,
}

impl Door {
    /// A door with these limits. Loopback has no limit of its own.
    pub fn new(limits: DoorLimits) -> Self {
        Self {
            limits,
            excepted: Arc::new(|address| address.is_loopback()),
        }
    }

    /// The same, with more addresses that have no limit of their own: trusted proxies.
    #[must_use]
    pub fn trusting(self, is_trusted: impl Fn(IpAddr) -> bool + Send + Sync + 'static) -> Self {
        let excepted = move |address: IpAddr| address.is_loopback() || is_trusted(address);
        Self {
            excepted: Arc::new(excepted),
            ..self
        }
    }

    /// Serves until `closing`; then no more connections are taken, those that do nothing end, the
    /// others have a while to come to their end.
    pub async fn serve(self, listener: TcpListener, router: Router, closing: CancellationToken) {
        self.receive_from(listener, router, closing).await;
    }

    async fn receive_from(
        self,
        arrivals: impl Arrivals,
        router: Router,
        closing: CancellationToken,
    ) {
        let open_connections = Arc::new(OpenConnections::new(self.limits));
        let seen_to = Arc::clone(&open_connections);
        let _janitor =
            AbortOnDropHandle::new(tokio::spawn(async move { seen_to.end_overdue().await }));
        let receptionist = Arc::new(ConnectionServer::new(self.limits, router));
        loop {
            let arrived = tokio::select! {
                biased;
                () = closing.cancelled() => break,
                arrived = arrivals.next_arrival() => arrived,
            };
            match arrived {
                Ok((stream, peer)) => {
                    self.receive(&open_connections, &receptionist, stream, peer);
                    open_connections.wait_until_closed(OUT_SOON).await;
                    open_connections.line_has_room(OUT_SOON).await;
                }
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "no connection can be taken in");
                    open_connections.close_one();
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        drop(arrivals);
        open_connections.close(self.limits.closing).await;
    }

    /// Waits for nothing: who has to wait for room does so beside those who come after.
    fn receive(
        &self,
        open_connections: &Arc<OpenConnections>,
        receptionist: &Arc<ConnectionServer>,
        stream: TcpStream,
        peer: SocketAddr,
    ) {
        let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
        let counted = (!(self.excepted)(peer.ip())).then(|| peer.ip());
        let receptionist = Arc::clone(receptionist);
        match open_connections.arrive(counted) {
            Arrival::In(admitted) => {
                tokio::spawn(async move { receptionist.receive(admitted, stream, peer).await });
            }
            Arrival::Waits(waiting) => {
                tokio::spawn(async move {
                    match waiting.room().await {
                        Some(admitted) => receptionist.receive(admitted, stream, peer).await,
                        None => refuse(stream),
                    }
                });
            }
            Arrival::Refused => refuse(stream),
        }
    }
}

/// Where connections come from.
trait Arrivals {
    /// The next one, and its other end.
    fn next_arrival(&self) -> impl Future<Output = io::Result<(TcpStream, SocketAddr)>> + Send;
}

impl Arrivals for TcpListener {
    async fn next_arrival(&self) -> io::Result<(TcpStream, SocketAddr)> {
        self.accept().await
    }
}

/// Says that there is no room, and closes.
fn refuse(stream: TcpStream) {
    // Tokio does not know yet that a new socket can be written to; the system does. Whether it
    // arrives is the caller's own affair: nobody waits for it.
    if let Ok(mut stream) = stream.into_std() {
        let _ = stream.write_all(FULL);
    }
}

/// Somebody went before they were in; the next is not affected.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    )
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Instant;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::timeout;

    use super::*;

    /// Longer than anything here takes, whatever else this machine does.
    const PATIENCE: Duration = Duration::from_secs(10);
    /// "Too many open files", as Linux, macOS and the BSDs number it.
    const EMFILE: i32 = 24;
    const FAILURES: usize = 3;

    /// A listener that the system lets down a few times after its first arrival.
    struct FailingListener {
        listener: TcpListener,
        calls: AtomicUsize,
        error: fn() -> io::Error,
    }

    impl Arrivals for FailingListener {
        async fn next_arrival(&self) -> io::Result<(TcpStream, SocketAddr)> {
            let call = self.calls.fetch_add(1, Ordering::SeqCst);
            if (1..=FAILURES).contains(&call) {
                return Err((self.error)());
            }
            self.listener.accept().await
        }
    }

    /// Everything that comes until the other side closes.
    async fn rest(stream: &mut TcpStream) -> String {
        let mut heard = Vec::new();
        let ended = timeout(PATIENCE, stream.read_to_end(&mut heard)).await;
        // A reset is an end too.
        let _ = ended.expect("closed in time");
        String::from_utf8_lossy(&heard).into_owned()
    }

    /// How long the second of two callers waits behind the failures, and whether the first one,
    /// who only stands there, is still in.
    async fn wait_behind_failures(error: fn() -> io::Error) -> (Duration, bool) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (calls, closing) = (AtomicUsize::new(0), CancellationToken::new());
        let arrivals = FailingListener {
            listener,
            calls,
            error,
        };
        let router = Router::new().route("/", get(|| async { "here" }));
        let door = Door::new(DoorLimits::default());
        let door = tokio::spawn(door.receive_from(arrivals, router, closing.clone()));

        let begun = Instant::now();
        let mut idle = TcpStream::connect(address).await.expect("connected");
        let mut caller = TcpStream::connect(address).await.expect("connected");
        let request = "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        caller.write_all(request.as_bytes()).await.expect("said");
        let told = rest(&mut caller).await;
        assert!(told.starts_with("HTTP/1.1 200"), "{told}");
        let waited = begun.elapsed();
        let is_in = timeout(PAUSE, idle.read_u8()).await.is_err();
        closing.cancel();
        timeout(PATIENCE, door)
            .await
            .expect("it ends")
            .expect("well");
        (waited, is_in)
    }

    #[tokio::test]
    async fn a_door_without_files_pauses_sends_one_away_and_goes_on() {
        let (waited, is_in) = wait_behind_failures(|| io::Error::from_raw_os_error(EMFILE)).await;
        let pauses = PAUSE * u32::try_from(FAILURES).expect("a few");
        assert!(waited >= pauses, "{waited:?}");
        assert!(!is_in, "who only stands there makes room");
    }

    #[tokio::test]
    async fn who_went_before_they_were_in_costs_nobody_anything() {
        let (waited, is_in) =
            wait_behind_failures(|| io::ErrorKind::ConnectionAborted.into()).await;
        assert!(waited < PATIENCE / 2, "{waited:?}");
        assert!(is_in);
    }

    #[test]
    fn what_is_said_at_a_full_door_is_as_long_as_it_says() {
        let text = std::str::from_utf8(FULL).expect("text");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        assert!(
            head.contains(&format!("content-length: {}", body.len())),
            "{}",
            body.len()
        );
    }
}
