//! People: how they come in and are known, and how they let programs act for them.

mod access_tokens;
mod attempts;
mod confirmation;
mod entrance;
mod invitations;
mod passwords;
mod sessions;
mod sign_in;
mod sign_up;
mod standing;

pub use access_tokens::end_of_term;
pub use sessions::{SESSION_LIFETIME, SESSION_TERMS};
