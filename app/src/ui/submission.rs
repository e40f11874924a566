//! What happens between a press on a button and the host's answer: pending, errors by field,
//! success.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::locale::language_now;
use super::{browser, remote};
use crate::api::error::{ApiError, FieldError};

/// A call that is under way, and what to do with its result.
type Pending = Pin<Box<dyn Future<Output = Result<Box<dyn FnOnce()>, ApiError>>>>;

/// A form, or a button that asks the host for something.
#[derive(Clone, Copy, Debug)]
pub struct Submission {
    number: usize,
    pending: RwSignal<bool>,
    error: RwSignal<Option<ApiError>>,
    // Fields that were changed since: what was said about them need not hold any more.
    touched: RwSignal<Vec<String>>,
}

impl Default for Submission {
    fn default() -> Self {
        Self::new()
    }
}

impl Submission {
    /// Nothing is under way, nothing is wrong.
    pub fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        Self {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            pending: RwSignal::new(false),
            error: RwSignal::new(None),
            touched: RwSignal::new(Vec::new()),
        }
    }

    /// Whether the host has not answered yet.
    pub fn is_pending(self) -> bool {
        self.pending.get()
    }

    /// What went wrong last time.
    pub fn error(self) -> Option<ApiError> {
        self.error.get()
    }

    /// Whether a field was changed since something was said about it.
    pub fn is_touched(self, path: &str) -> bool {
        self.touched
            .with(|touched| touched.iter().any(|known| known == path))
    }

    /// Whether what went wrong last time still stands: its words name no field, or one of those
    /// that they name was not changed since.
    pub fn is_wrong(self) -> bool {
        self.error.with(|error| {
            error.as_ref().is_some_and(|error| {
                error.fields.is_empty()
                    || error
                        .fields
                        .iter()
                        .any(|field| !self.is_touched(&field.field))
            })
        })
    }

    /// The messages about one field, until it is changed.
    pub fn error_of(self, path: &str) -> Option<String> {
        if self.is_touched(path) {
            return None;
        }
        self.error
            .with(|error| error.as_ref().and_then(|error| error.of_field(path)))
    }

    /// Takes note that a field was changed.
    pub fn touch(self, path: &str) {
        let is_wrong = self.error.with_untracked(|error| {
            error
                .as_ref()
                .is_some_and(|error| error.fields.iter().any(|field| field.field == path))
        });
        if is_wrong
            && !self
                .touched
                .with_untracked(|touched| touched.iter().any(|known| known == path))
        {
            self.touched.update(|touched| touched.push(path.to_owned()));
        }
    }

    /// The id of a field's element.
    pub fn id_of(self, path: &str) -> String {
        format!("field-{}-{}", self.number, path.replace('.', "-"))
    }

    /// Asks the host, unless an answer is under way. `done` gets what came back; it is not
    /// called where the page is gone by then.
    pub fn run<T: 'static>(
        self,
        call: impl Future<Output = Result<T, ApiError>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        self.run_or(call, done, Callback::new(|()| ()));
    }

    /// The same; `failed` is called after an error is shown, to take back what was shown early.
    pub fn run_or<T: 'static>(
        self,
        call: impl Future<Output = Result<T, ApiError>> + 'static,
        done: impl FnOnce(T) + 'static,
        failed: Callback<()>,
    ) {
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        self.error.set(None);
        // From here on it is all the same, whatever the call brings: compiled once.
        spawn_local(self.wait(
            Box::pin(async move {
                let value = call.await?;
                Ok(Box::new(move || done(value)) as Box<dyn FnOnce()>)
            }),
            failed,
        ));
    }

    async fn wait(self, call: Pending, failed: Callback<()>) {
        let result = call.await;
        let is_gone = self.pending.try_set(false).is_some();
        match result {
            Err(error) if is_gone => remote::note(&error),
            Err(error) => {
                self.fail(error);
                failed.run(());
            }
            Ok(_) if is_gone => {}
            Ok(done) => done(),
        }
    }

    /// Shows an error and moves the focus to the first wrong field.
    pub fn fail(self, error: ApiError) {
        remote::note(&error);
        let _ = self.touched.try_set(Vec::new());
        let wrong: Vec<String> = error
            .fields
            .iter()
            .map(|field| self.id_of(&field.field))
            .collect();
        if self.error.try_set(Some(error)).is_none() {
            browser::focus_first_soon(&wrong);
        }
    }

    /// Shows wrong fields that were found here, before asking the host.
    pub fn refuse(self, fields: Vec<FieldError>) {
        self.fail(ApiError::invalid(language_now(), fields));
    }

    /// Forgets what was wrong.
    pub fn clear(self) {
        self.error.set(None);
    }
}
