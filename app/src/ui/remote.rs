//! Values that the host has: loaded when their inputs change, loaded again on demand.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::locale::language_now;
use super::session;
use crate::api::error::{ApiError, ErrorCode};
use crate::api::waiting;
use crate::texts::{common, errors};

/// A call that is under way, whichever it is.
type Call<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// Begins a call, when one is due: compiled once, not once a value. `begin` is given the number of
/// the call, and what it reads at once is followed. Where the first value is brought by another
/// call, none is due before the value is to be loaded again.
fn follow(
    (version, newest, loading): (RwSignal<u32>, StoredValue<u32>, RwSignal<bool>),
    is_brought: bool,
    begin: Box<dyn Fn(u32)>,
) {
    Effect::new(move |_| {
        if version.get() == 0 && is_brought {
            return;
        }
        let round = newest.get_value().wrapping_add(1);
        newest.set_value(round);
        loading.set(true);
        begin(round);
    });
}

/// A value that the host has.
pub struct Remote<T: Send + Sync + 'static> {
    result: RwSignal<Option<Result<T, ApiError>>>,
    loading: RwSignal<bool>,
    version: RwSignal<u32>,
    newest: StoredValue<u32>,
}

impl<T: Send + Sync + 'static> Clone for Remote<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Remote<T> {}

impl<T: Clone + Send + Sync + 'static> Remote<T> {
    /// Loads now, and again when a signal changes that `fetch` reads before its first
    /// `.await`. An answer that a newer call has overtaken is dropped.
    pub fn new<F>(fetch: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<T, ApiError>> + 'static,
    {
        Self::first_brought(false, fetch)
    }

    /// The same; but with `is_brought`, the first value comes with another one, by [`Self::bring`]:
    /// it is not asked for unless it is loaded again.
    pub fn first_brought<F>(is_brought: bool, fetch: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<T, ApiError>> + 'static,
    {
        let remote = Self {
            result: RwSignal::new(None),
            loading: RwSignal::new(true),
            version: RwSignal::new(0),
            newest: StoredValue::new(0),
        };
        follow(
            (remote.version, remote.newest, remote.loading),
            is_brought,
            Box::new(move |round| spawn_local(remote.wait(Box::pin(fetch()), round))),
        );
        remote
    }

    /// Waits for one call. The kind of its future is gone by here: this is compiled once a
    /// value, not once a call.
    async fn wait(self, call: Call<T>, round: u32) {
        let result = call.await;
        if self.newest.try_get_value() == Some(round) {
            self.settle(result);
        }
    }

    /// Takes over a result, unless the page is gone.
    fn settle(self, result: Result<T, ApiError>) {
        if let Err(error) = &result {
            note(error);
        }
        let _ = self.result.try_set(Some(result));
        let _ = self.loading.try_set(false);
    }

    /// The newest result; `None` before the first one.
    pub fn result(self) -> Option<Result<T, ApiError>> {
        self.result.get()
    }

    /// The newest value, where the newest call brought one.
    pub fn value(self) -> Option<T> {
        self.result.with(|result| {
            result
                .as_ref()
                .and_then(|result| result.as_ref().ok())
                .cloned()
        })
    }

    /// Reads the newest value where it is, where the newest call brought one.
    pub fn read<R>(self, read: impl FnOnce(&T) -> R) -> Option<R> {
        self.result
            .with(|result| Some(read(result.as_ref()?.as_ref().ok()?)))
    }

    /// Whether a call is under way.
    pub fn is_loading(self) -> bool {
        self.loading.get()
    }

    /// Loads again; the present value stays until the new one is there.
    pub fn reload(self) {
        waiting::count_on(self.version);
    }

    /// Whether no call has ended yet; whoever asks does not follow it.
    pub fn is_unknown(self) -> bool {
        self.result.try_with_untracked(Option::is_none) == Some(true)
    }

    /// Takes over the first value, which came with another one; one that is known is newer.
    pub fn bring(self, value: T) {
        if self.is_unknown() {
            self.settle(Ok(value));
        }
    }

    /// Takes over a value that the host sent in answer to a change.
    pub fn set(self, value: T) {
        let _ = self.result.try_set(Some(Ok(value)));
    }

    /// Changes the value on the screen.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        let _ = self.result.try_update(|result| {
            if let Some(Ok(value)) = result {
                change(value);
            }
        });
    }
}

/// Every error of a call passes here. A call whose session is gone waits until the person has signed
/// in again; one that is refused even then sends them to the sign-in page.
pub fn note(error: &ApiError) {
    if error.code == ErrorCode::Unauthorized {
        session::leave();
    }
}

/// An error in words for people, in the language of the screen at this moment. The host's
/// messages are in that language already; the framework's own are for engineers.
pub fn explain(error: &ApiError) -> String {
    let language = language_now();
    match error.code {
        ErrorCode::Network => errors::NETWORK.get(language).to_owned(),
        ErrorCode::BadRequest if error.message == "bad request" => {
            errors::BAD_REQUEST.get(language).to_owned()
        }
        ErrorCode::Internal if error.message == "internal" => {
            common::UNEXPECTED.get(language).to_owned()
        }
        _ => error.message.clone(),
    }
}
