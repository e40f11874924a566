//! One connection, from its first byte to its last: HTTP/1.1 or HTTP/2.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, Response, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::net::TcpStream;
use tower::ServiceExt;

use super::bodies::{Late, TimedBody, WatchedBody};
use super::limits::DoorLimits;
use super::open_connections::{Admitted, Mark};
use super::socket::Socket;

/// Bytes of a request's head, and of what waits to be read of a reply (HTTP/1.1).
const BUFFER: usize = 64 * 1024;
/// Bytes of the fields of a request's head (HTTP/2).
const FIELDS: u32 = 32 * 1024;
/// Bytes of a body that may come unasked: of one request, of a connection (HTTP/2).
const WINDOWS: (u32, u32) = (256 * 1024, 1024 * 1024);
/// Between two questions whether the other side is still there, and for the answer (HTTP/2).
const PING_EVERY: Duration = Duration::from_secs(20);
/// Requests that are taken back before they are looked at, and those that are wrong in form
/// (HTTP/2): more of them end the connection.
const RESETS: (usize, usize) = (20, 64);

/// Serves connections by a router.
pub(super) struct ConnectionServer {
    limits: DoorLimits,
    builder: Builder<TokioExecutor>,
    router: Router,
}

impl ConnectionServer {
    pub(super) fn new(limits: DoorLimits, router: Router) -> Self {
        let mut builder = Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            // Hyper's would end idle connections too: the door has its own clocks.
            .header_read_timeout(None)
            .max_buf_size(BUFFER);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(limits.streams)
            .max_header_list_size(FIELDS)
            .initial_stream_window_size(WINDOWS.0)
            .initial_connection_window_size(WINDOWS.1)
            .keep_alive_interval(PING_EVERY)
            .keep_alive_timeout(PING_EVERY)
            .max_pending_accept_reset_streams(RESETS.0)
            .max_local_error_reset_streams(RESETS.1);
        Self {
            limits,
            builder,
            router,
        }
    }

    /// Serves one connection to its end.
    pub(super) async fn receive(&self, admitted: Admitted, stream: TcpStream, peer: SocketAddr) {
        let open_connection = &admitted.open_connection;
        // Events are small, and wanted at once. Where it cannot be had they come a little later.
        let _ = stream.set_nodelay(true);
        let socket = TokioIo::new(Socket::new(stream, open_connection.clone()));
        let service = service_fn(|request: Request<Incoming>| {
            let mark = open_connection.begin(request.version() == Version::HTTP_2);
            answer(self.router.clone(), self.limits, mark, peer, request)
        });
        let connection = self.builder.serve_connection(socket, service);
        tokio::pin!(connection);
        let mut is_leaving = false;
        loop {
            tokio::select! {
                biased;
                () = open_connection.cut.cancelled() => return,
                () = open_connection.leave.cancelled(), if !is_leaving => {
                    is_leaving = true;
                    connection.as_mut().graceful_shutdown();
                }
                outcome = connection.as_mut() => {
                    if let Err(error) = outcome {
                        tracing::debug!(%error, "a connection broke");
                    }
                    return;
                }
            }
        }
    }
}

/// Ends an exchange whose reply was never made: the caller went.
struct Unanswered(Option<Mark>);

impl Drop for Unanswered {
    fn drop(&mut self) {
        if let Some(mark) = &self.0 {
            mark.end();
        }
    }
}

async fn answer(
    router: Router,
    limits: DoorLimits,
    mark: Mark,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<WatchedBody>, Infallible> {
    let mut unanswered = Unanswered(Some(mark.clone()));
    let (mut parts, body) = request.into_parts();
    let late = Late::default();
    parts.extensions.insert(ConnectInfo(peer));
    parts.extensions.insert(late.clone());
    let body = Body::new(TimedBody::new(body, limits, mark.clone(), late));
    let response = router.oneshot(Request::from_parts(parts, body)).await?;
    unanswered.0 = None;
    if is_event_stream(&response) {
        mark.streams_events();
    }
    Ok(response.map(|body| WatchedBody::new(body, mark)))
}

fn is_event_stream<B>(response: &Response<B>) -> bool {
    response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"))
}
