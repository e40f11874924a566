//! The door: who may connect, how many at once, and for how long.
//!
//! Invariant: knows neither routes nor callers; what a connection asks for is the router's.

mod bodies;
mod connection;
mod guests;
mod limits;
mod listener;
mod socket;
mod state;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

pub(super) use bodies::tell_late_bodies;
pub use limits::DoorLimits;
pub use listener::listen;

use connection::Receptionist;
use guests::Guests;

/// Between two tries to take somebody in, where the system lets in nobody.
const PAUSE: Duration = Duration::from_millis(100);
/// What somebody is told for whom there is no room.
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
        let guests = Arc::new(Guests::new(self.limits));
        let seen_to = Arc::clone(&guests);
        let _janitor =
            AbortOnDropHandle::new(tokio::spawn(async move { seen_to.end_overdue().await }));
        let receptionist = Arc::new(Receptionist::new(self.limits, router));
        loop {
            let accepted = tokio::select! {
                biased;
                () = closing.cancelled() => break,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => self.admit(&guests, &receptionist, stream, peer).await,
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "no connection can be taken in");
                    guests.send_one_away().await;
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        drop(listener);
        guests.close(self.limits.closing).await;
    }

    async fn admit(
        &self,
        guests: &Arc<Guests>,
        receptionist: &Arc<Receptionist>,
        stream: TcpStream,
        peer: SocketAddr,
    ) {
        let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
        let counted = (!(self.excepted)(peer.ip())).then(|| peer.ip());
        let Some(guest) = guests.admit(counted).await else {
            // Whether it arrives is the caller's own affair: nobody waits for it.
            let _ = stream.try_write(FULL);
            return;
        };
        let receptionist = Arc::clone(receptionist);
        tokio::spawn(async move { receptionist.receive(guest, stream, peer).await });
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
    use super::*;

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
