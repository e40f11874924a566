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

/// The protocol of all server functions.
pub struct Call;

impl<I, O, C, S> Protocol<I, O, C, S, ApiError> for Call
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

        let body = serde_json::to_string(&input);
        let exchange = body.map(|body| browser::exchange(path, body));
        async move {
            let exchange = exchange.map_err(|_| ApiError::new(ErrorCode::Internal, "internal"))?;
            let text = exchange.await?;
            read(&text).map_err(|_| ApiError::new(ErrorCode::BadRequest, "bad request"))
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

    use leptos::prelude::window;
    use leptos::wasm_bindgen::{JsCast, JsValue};
    use leptos::web_sys::{Headers, RequestInit, Response};
    use send_wrapper::SendWrapper;
    use wasm_bindgen_futures::JsFuture;

    use super::read;
    use crate::address::at;
    use crate::api::error::{ApiError, ErrorCode};
    use crate::api::{brought, waiting};
    use crate::tasks::next_task;

    type Exchange = Pin<Box<dyn Future<Output = Result<String, ApiError>> + Send>>;

    /// Sends a body and gives the one that comes back; an error of the host is read already. What came
    /// with the page is not asked for. Where
    /// the session is gone, it is sent again once the person is back; where the person is gone, none
    /// comes back.
    pub(super) fn exchange(path: &str, body: String) -> Exchange {
        let path = path.to_owned();
        Box::pin(SendWrapper::new(async move {
            if let Some(told) = brought::take(&path, &body) {
                // As if it had been on its way: what is made of it is not made in the same task.
                next_task().await;
                return Ok(told);
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
                let reply = send(&path, &body).await;
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

    async fn send(path: &str, body: &str) -> Result<String, ApiError> {
        let network = |_: JsValue| ApiError::new(ErrorCode::Network, "network");
        let init = request(body).map_err(network)?;
        let sent = JsFuture::from(window().fetch_with_str_and_init(&at(path), &init));
        let response: Response = sent.await.map_err(network)?.unchecked_into();
        let text = JsFuture::from(response.text().map_err(network)?)
            .await
            .map_err(network)?
            .as_string()
            .unwrap_or_default();
        if response.status() < 400 {
            return Ok(text);
        }
        Err(read(&text).unwrap_or_else(|_| ApiError::new(ErrorCode::BadRequest, "bad request")))
    }

    fn request(body: &str) -> Result<RequestInit, JsValue> {
        let headers = Headers::new()?;
        headers.set("content-type", "application/json")?;
        headers.set("accept", "application/json")?;
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_headers(&headers);
        init.set_body(&JsValue::from_str(body));
        Ok(init)
    }
}
