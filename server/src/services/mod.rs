//! Use cases and who may do them. REST and server functions both end here.
//!
//! Each file has the use cases of a feature as functions that demand a capability, and
//! implements the feature's port by getting that capability from the caller.
//!
//! Invariant: knows nothing of HTTP and of jobs. What a service gives is of the contract, its own,
//! or what the store gives to read; never a row of a table.
//!
//! Invariant: rooms know each other one way, each only those behind it: `home`, `projects`, `schedule`,
//! `runs`, `registry`, `money`, `keys`, `judging`, `answers`, `sums`, `accounts`, `notices`,
//! `instance`, `stamped_cache`, `error`. A test holds this (`tests/rooms.rs`).

pub mod accounts;
pub mod answers;
pub mod error;
mod home;
pub mod instance;
mod judging;
pub mod keys;
pub mod money;
mod notices;
pub mod projects;
pub mod registry;
pub mod runs;
pub mod schedule;
mod stamped_cache;
pub mod sums;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};

use app::api::error::ApiError;
use app::model::language::Language;
use chrono::NaiveDate;
use engine::Calls;
use providers::Providers;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::auth::passwords::Passwords;
use crate::auth::set_up::SetUp;
use crate::auth::tokens::Tokens;
use crate::auth::{Admin, Caller, Editor, Need, NotAllowed, Owner, SignedIn, Viewer};
use crate::store::Store;
use crate::wake_up::WorkerWaker;

pub use error::{ServiceError, ServiceResult};
use keys::HostKeyRing;
use projects::Discoveries;
use sums::{Charts, Dashboards, Overviews};

/// What all requests share. Cheap to clone.
#[derive(Clone)]
pub struct Host {
    /// The database.
    pub store: Store,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Makes and hashes tokens.
    pub tokens: Tokens,
    /// How the first account is made.
    pub set_up: SetUp,
    /// Whether mails leave; where they do not, nobody has to confirm an address.
    pub sends_mail: bool,
    /// API keys, opened.
    pub keys: HostKeyRing,
    /// The way to providers.
    pub providers: Arc<Providers>,
    /// The way to ask a model while somebody waits.
    pub calls: Calls,
    /// Wakes the workers.
    pub waker: WorkerWaker,
    /// Cancelled once the host goes down.
    pub closing: CancellationToken,
    /// Pages of numbers, until the sums change.
    pub dashboards: Dashboards,
    /// First screens of projects, until the sums change.
    pub overviews: Overviews,
    /// Charts, until the sums change.
    pub charts: Charts,
    /// Names beside brands, until answers or names change.
    pub discoveries: Discoveries,
}

/// What a request asks the HTTP layer to do besides answering.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CookieChange {
    /// Nothing.
    #[default]
    Keep,
    /// A session began; this is its cookie.
    Set(String),
    /// The session ended.
    Clear,
}

#[derive(Debug)]
struct Effects {
    /// When the caller was last looked up.
    looked_at: Instant,
    cookie: CookieChange,
}

/// The use cases, bound to the caller of one request.
#[derive(Clone)]
pub struct Services {
    host: Host,
    caller: Option<Caller>,
    language: Language,
    /// What limits count the request for.
    address: String,
    /// Where the request comes from, in full.
    whole_address: String,
    effects: Arc<Mutex<Effects>>,
}

impl Services {
    /// Binds the use cases to a caller; `None`: nobody is signed in.
    pub fn new(host: Host, caller: Option<Caller>, language: Language, address: String) -> Self {
        Self {
            host,
            caller,
            language,
            whole_address: address.clone(),
            address,
            effects: Arc::new(Mutex::new(Effects {
                looked_at: Instant::now(),
                cookie: CookieChange::Keep,
            })),
        }
    }

    /// The same, where limits count the request for more than its address.
    #[must_use]
    pub fn with_whole_address(mut self, address: String) -> Self {
        self.whole_address = address;
        self
    }

    /// What all requests share.
    pub const fn host(&self) -> &Host {
        &self.host
    }

    /// What limits count the request for: its address, of IPv6 the network of the customer.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Where the request comes from, in full: for the log.
    pub fn whole_address(&self) -> &str {
        &self.whole_address
    }

    /// The language of messages.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// Who is asking.
    ///
    /// # Errors
    /// Nobody is signed in.
    pub fn caller(&self) -> ServiceResult<&Caller> {
        self.caller.as_ref().ok_or(ServiceError::Unauthorized)
    }

    /// What day it is in the caller's workspace; in UTC where nobody is signed in.
    pub fn today(&self) -> NaiveDate {
        let now = self.host.store.clock().now();
        self.caller.as_ref().map_or_else(
            || now.date_naive(),
            |caller| now.with_timezone(&caller.time_zone()).date_naive(),
        )
    }

    /// Whether the caller has what a request needs: before anything else about it is judged.
    pub fn check(&self, need: Need) -> Result<(), ApiError> {
        self.reply(match need {
            Need::Viewer => self.viewer().map(drop),
            Need::Editor => self.editor().map(drop),
            Need::Owner => self.owner().map(drop),
            Need::Admin => self.admin().map(drop),
            Need::SignedIn => self.signed_in().map(drop),
        })
    }

    /// What the HTTP layer has to do about the cookie.
    pub fn cookie_change(&self) -> CookieChange {
        self.lock_effects().cookie.clone()
    }

    fn change_cookie(&self, change: CookieChange) {
        self.lock_effects().cookie = change;
    }

    /// The one place where an error of a service becomes one for people and programs.
    fn reply<T>(&self, result: ServiceResult<T>) -> Result<T, ApiError> {
        result.map_err(|error| error.into_api_error(self.language))
    }

    fn lock_effects(&self) -> std::sync::MutexGuard<'_, Effects> {
        self.effects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn signed_in(&self) -> ServiceResult<SignedIn> {
        Ok(self.caller()?.signed_in()?)
    }

    fn viewer(&self) -> ServiceResult<Viewer> {
        Ok(self.caller()?.viewer()?)
    }

    /// Whoever may look at the workspace, as one who keeps something of their own in it.
    fn keeper(&self) -> ServiceResult<Viewer> {
        Ok(self.caller()?.keeper()?.into())
    }

    fn editor(&self) -> ServiceResult<Editor> {
        Ok(self.caller()?.editor()?)
    }

    fn owner(&self) -> ServiceResult<Owner> {
        Ok(self.caller()?.owner()?)
    }

    fn admin(&self) -> ServiceResult<Admin> {
        self.caller()?.admin().map_err(|refusal| match refusal {
            NotAllowed::Role => ServiceError::AdminOnly,
            refusal @ NotAllowed::Scope(_) => refusal.into(),
        })
    }
}
