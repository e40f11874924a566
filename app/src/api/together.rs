//! Calls that are made at the same moment go out as one request: a page asks for all that it needs,
//! and waits for one reply. Which calls do so is said where each is declared.
//!
//! Invariant: knows no call. In whose time one was made is asked of `waiting` once more when it goes
//! out: nobody sends what somebody else wanted.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::Duration;

use leptos::prelude::{set_timeout, window};
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{Headers, RequestInit, Response};
use wasm_bindgen_futures::JsFuture;

use super::error::{ApiError, ErrorCode};
use super::gate::Sent;
use super::parts::{self, Told};
use super::waiting;
use crate::address::at;

/// Where several calls go.
const PATH: &str = "/api/fn/together";
/// What the path of each begins with.
const CALLS: &str = "/api/fn/";
/// The host takes so many at once.
const MOST: usize = 16;

/// A call that has been made, and what came of it.
struct Made {
    path: String,
    body: String,
    sent: Sent,
    told: Cell<Option<Told>>,
    waits: Cell<Option<Waker>>,
}

impl Made {
    fn settle(&self, told: Told) {
        self.told.set(Some(told));
        if let Some(call) = self.waits.take() {
            call.wake();
        }
    }
}

thread_local! {
    /// Those that have not gone out yet.
    static MADE: RefCell<Vec<Rc<Made>>> = const { RefCell::new(Vec::new()) };
}

/// Sends a call with all others of this moment, and gives what the host told of it.
pub(super) async fn ask(path: &str, body: &str, sent: Sent) -> Told {
    let call = Rc::new(Made {
        path: path.to_owned(),
        body: body.to_owned(),
        sent,
        told: Cell::new(None),
        waits: Cell::new(None),
    });
    let is_first = MADE.with_borrow_mut(|made| {
        made.push(Rc::clone(&call));
        made.len() == 1
    });
    if is_first {
        // What a page does when it comes up, it does before the browser has another turn.
        set_timeout(go, Duration::ZERO);
    }
    poll_fn(|context| {
        let told = call.told.take();
        if told.is_none() {
            call.waits.set(Some(context.waker().clone()));
        }
        told.map_or(Poll::Pending, Poll::Ready)
    })
    .await
}

/// Sends all that were made.
fn go() {
    let mut made = MADE.take();
    made.retain(|call| !waiting::is_gone(call.sent));
    for calls in made.chunks(MOST) {
        spawn_local(exchange(calls.to_vec()));
    }
}

async fn exchange(calls: Vec<Rc<Made>>) {
    if let [call] = &*calls {
        return call.settle(send(&call.path, &call.body).await);
    }
    let mut body = String::new();
    for call in &calls {
        let name = call.path.strip_prefix(CALLS).unwrap_or_default();
        parts::add(&mut body, name, &call.body);
    }
    body.push(']');
    match send(PATH, &body).await {
        Ok(reply) => {
            let mut told = parts::all(reply);
            for call in calls {
                call.settle(parts::next(&mut told));
            }
        }
        Err(error) => {
            for call in calls {
                call.settle(Err(error.clone()));
            }
        }
    }
}

/// Sends a body at once, and gives what the host told.
pub(super) async fn send(path: &str, body: &str) -> Told {
    let network = |_: JsValue| ApiError::new(ErrorCode::Network, "network");
    let init = request(body).map_err(network)?;
    let sent = JsFuture::from(window().fetch_with_str_and_init(&at(path), &init));
    let response: Response = sent.await.map_err(network)?.unchecked_into();
    let text = JsFuture::from(response.text().map_err(network)?)
        .await
        .map_err(network)?
        .as_string()
        .unwrap_or_default();
    parts::told(response.status().into(), read(&text)?)
}

/// A reply that is there already.
pub(super) fn read(text: &str) -> Told {
    serde_json::from_str(text).map_err(|_| parts::unreadable())
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
