//! The routes of a worker: to every model, with every key, all at one pace.

use std::sync::Arc;
use std::time::Duration;

use contract::ids::WorkspaceId;
use providers::{Access, Provider};
use runtime::clock::SharedClock;

use super::attempt::RetryPolicy;
use super::pace::{Dispatcher, Lane, LaneKey};
use super::route::Route;
use super::work::{ModelToAsk, RouteLimits};
use super::worker::Options;

/// Where routes begin: those of the lanes of a worker, and those of what is asked beside them.
/// Cheap to clone.
#[derive(Clone)]
pub struct Calls {
    provider: Arc<dyn Provider>,
    clock: SharedClock,
    dispatcher: Arc<Dispatcher>,
    options: Options,
}

impl Calls {
    pub(super) fn new(provider: Arc<dyn Provider>, clock: SharedClock, options: Options) -> Self {
        Self {
            provider,
            clock,
            dispatcher: Dispatcher::new(options.capacity, options.retry.longest_wait),
            options,
        }
    }

    /// For a host that has no worker.
    pub fn without_worker(provider: Arc<dyn Provider>, clock: SharedClock) -> Self {
        Self::new(provider, clock, Options::default())
    }

    /// The same routes, with other rules for retries: somebody waits for the answer.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.options.retry = retry;
        self
    }

    /// By which asks are stamped.
    pub const fn clock(&self) -> &SharedClock {
        &self.clock
    }

    /// How failures are retried.
    pub const fn retry(&self) -> &RetryPolicy {
        &self.options.retry
    }

    /// How long asks in flight are waited for when the host goes down.
    pub const fn drain(&self) -> Duration {
        self.options.drain
    }

    /// How the worker works.
    pub(super) const fn options(&self) -> &Options {
        &self.options
    }

    /// The way to one model with one key.
    pub fn route(
        &self,
        workspace: WorkspaceId,
        model: &ModelToAsk,
        access: Access,
        limits: RouteLimits,
    ) -> Route {
        let pass = self.dispatcher.join(Lane {
            key: LaneKey {
                workspace,
                provider: model.provider,
                model: model.id,
            },
            first_window: limits.learnt_window.unwrap_or(self.options.first_window),
            max_in_flight: model.max_in_flight,
            credential_limit: limits.credential.unwrap_or(self.options.credential_limit),
        });
        Route {
            provider: Arc::clone(&self.provider),
            clock: self.clock.clone(),
            access,
            pass,
            retry: self.options.retry,
        }
    }
}
