//! How server functions travel: JSON both ways, by POST.
//!
//! On the wire it is the framework's own protocol, and the host uses that. The browser's side is
//! written for size: what is made anew for each server function is only how its arguments are
//! written and its result is read.

use std::future::Future;

use http::Method;
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::Json;
use leptos::server_fn::server::Server;
use leptos::server_fn::{Http, Protocol};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::ApiError;

type Wire = Http<Json, Json>;

/// Reads what the host sent as JSON, by way of a value: what is made anew for each type is then how
/// it is taken out of one, and not how it is parsed as well.
///
/// # Errors
/// It is no JSON, or not that of the type.
#[cfg(feature = "csr")]
pub fn read<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_str::<serde_json::Value>(text).and_then(serde_json::from_value)
}

/// The protocol of all server functions. With `TOGETHER`, calls that are made at the same moment go
/// out as one request.
pub struct Exchange<const TOGETHER: bool>;

/// A call that goes alone: it changes something, or it takes long, and others would wait for it.
pub type Call = Exchange<false>;

/// A call that only reads, and soon has its answer.
pub type Read = Exchange<true>;

impl<I, O, C, S, const TOGETHER: bool> Protocol<I, O, C, S, ApiError> for Exchange<TOGETHER>
where
    I: Serialize + DeserializeOwned + Send,
    O: Serialize + DeserializeOwned + Send,
    C: Client<ApiError>,
    S: Server<ApiError>,
    S::Request: Send + 'static,
{
    const METHOD: Method = Method::POST;

    fn run_server<F, Fut>(
        request: S::Request,
        server_fn: F,
    ) -> impl Future<Output = Result<S::Response, ApiError>> + Send
    where
        F: Fn(I) -> Fut + Send,
        Fut: Future<Output = Result<O, ApiError>> + Send,
    {
        <Wire as Protocol<I, O, C, S, ApiError>>::run_server(request, server_fn)
    }

    #[cfg(feature = "csr")]
    fn run_client(path: &str, input: I) -> impl Future<Output = Result<O, ApiError>> + Send {
        use super::error::ErrorCode;
        use super::parts::unreadable;

        let body = serde_json::to_string(&input);
        let exchange = body.map(|body| browser::exchange(path, body, TOGETHER));
        async move {
            let exchange = exchange.map_err(|_| ApiError::new(ErrorCode::Internal, "internal"))?;
            serde_json::from_value(exchange.await?).map_err(|_| unreadable())
        }
    }

    #[cfg(not(feature = "csr"))]
    fn run_client(path: &str, input: I) -> impl Future<Output = Result<O, ApiError>> + Send {
        <Wire as Protocol<I, O, C, S, ApiError>>::run_client(path, input)
    }
}

#[cfg(feature = "csr")]
mod browser {
    use std::future::{Future, pending};
    use std::pin::Pin;

    use send_wrapper::SendWrapper;

    use crate::api::error::ErrorCode;
    use crate::api::parts::Told;
    use crate::api::{brought, together, waiting};
    use crate::tasks::next_task;

    type Reply = Pin<Box<dyn Future<Output = Told> + Send>>;

    /// Sends a body and gives what the host told. What came with the page is not asked for. Where the
    /// session is gone, it is sent again once the person is back; where the person is gone, nothing is
    /// told.
    pub(super) fn exchange(path: &str, body: String, is_together: bool) -> Reply {
        let path = path.to_owned();
        Box::pin(SendWrapper::new(async move {
            if let Some(told) = brought::take(&path, &body) {
                // As if it had been on its way: what is made of it is not made in the same task.
                next_task().await;
                return together::read(&told);
            }
            let waits = waiting::waits(&path);
            let mut since = waiting::now();
            let mut is_again = false;
            loop {
                let sent = if waits {
                    waiting::turn(since).await
                } else {
                    since
                };
                let reply = if is_together {
                    together::ask(&path, &body, sent).await
                } else {
                    together::send(&path, &body).await
                };
                if waiting::is_gone(sent) {
                    // Whoever is there now must not be told, still less be signed out.
                    return pending().await;
                }
                let is_refused =
                    matches!(&reply, Err(error) if error.code == ErrorCode::Unauthorized);
                // Refused twice, the others wait again; this one tells.
                let is_shut = waits && is_refused && waiting::refuse(sent);
                if !is_shut || is_again {
                    return reply;
                }
                since = sent;
                is_again = true;
            }
        }))
    }
}
