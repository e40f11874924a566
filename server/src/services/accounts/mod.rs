//! People: how they come in and are known, and how they let programs act for them.

mod access_tokens;
mod attempts;
mod callers;
mod confirmation;
mod entrance;
mod invitations;
mod passwords;
mod replies;
mod sessions;
mod sign_in;
mod sign_up;
mod standing;

pub use access_tokens::end_of_term;
pub use callers::FoundCaller;
pub use replies::{KnownRequest, StoredReply};
pub use sessions::SESSION_LIFETIME;
