//! Server functions, one file a feature, and the ports that the host implements.
//!
//! A server function cannot be generic, so each asks the request's context for [`Ports`]; the
//! host puts them there, bound to the caller of this very request. Authorisation happens
//! behind the port.

#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod accounts;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod answers;
#[cfg(feature = "csr")]
mod brought;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod dashboard;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod discovery;
pub mod error;
pub mod gate;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod home;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod invitations;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod keys;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod notes;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod notices;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod overview;
pub mod parts;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod prices;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod projects;
mod protocol;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod registry;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod runs;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod schedule;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod sources;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod spend;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod suggestions;
#[expect(missing_docs, reason = "the argument structs that the macro makes")]
pub mod views;
#[cfg(feature = "csr")]
mod together;
#[cfg(feature = "csr")]
pub mod waiting;

#[cfg(feature = "ssr")]
pub use ports::Ports;
#[cfg(feature = "csr")]
pub use protocol::read;

#[cfg(feature = "ssr")]
mod ports {
    use std::sync::Arc;

    use super::error::{ApiError, ErrorCode};

    /// Everything that the browser can ask of the host.
    pub trait Ports:
        super::accounts::AccountsPort
        + super::answers::AnswersPort
        + super::dashboard::DashboardPort
        + super::discovery::DiscoveryPort
        + super::home::HomePort
        + super::invitations::InvitationsPort
        + super::keys::KeysPort
        + super::notes::NotesPort
        + super::notices::NoticesPort
        + super::overview::OverviewPort
        + super::prices::PricesPort
        + super::projects::ProjectsPort
        + super::registry::RegistryPort
        + super::runs::RunsPort
        + super::schedule::SchedulePort
        + super::sources::SourcesPort
        + super::spend::SpendPort
        + super::suggestions::SuggestionsPort
        + super::views::ViewsPort
        + Send
        + Sync
    {
    }

    impl<T> Ports for T where
        T: super::accounts::AccountsPort
            + super::answers::AnswersPort
            + super::dashboard::DashboardPort
            + super::discovery::DiscoveryPort
            + super::home::HomePort
            + super::invitations::InvitationsPort
            + super::keys::KeysPort
            + super::notes::NotesPort
            + super::notices::NoticesPort
            + super::overview::OverviewPort
            + super::prices::PricesPort
            + super::projects::ProjectsPort
            + super::registry::RegistryPort
            + super::runs::RunsPort
            + super::schedule::SchedulePort
            + super::sources::SourcesPort
            + super::spend::SpendPort
            + super::suggestions::SuggestionsPort
            + super::views::ViewsPort
            + Send
            + Sync
    {
    }

    /// The ports of this request.
    ///
    /// # Errors
    /// The host did not provide them: an error in its wiring.
    pub(super) fn ports() -> Result<Arc<dyn Ports>, ApiError> {
        leptos::prelude::use_context::<Arc<dyn Ports>>()
            .ok_or_else(|| ApiError::new(ErrorCode::Internal, "no ports"))
    }
}

#[cfg(feature = "ssr")]
use ports::ports;
