//! People: how they come in and are known, what they may, and their keys and letters.

mod credentials;
mod error;
mod invitations;
pub(in crate::store) mod letters;
mod passwords;
mod proof;
pub(in crate::store) mod replies;
mod sessions;
mod sign_in_attempts;
mod user_access;
mod users;

pub use credentials::{CredentialRow, NewCredential, RotateError};
pub use error::SignUpError;
pub use invitations::NewInvitation;
pub use letters::{Confirmation, LetterKind, LetterToSend};
pub use passwords::{Ending, NewPassword};
pub use proof::Proof;
pub use replies::{KnownRequest, StoredReply};
pub use sessions::{NewToken, SessionTerms, TokenOwner};
pub use sign_in_attempts::{Admission, Attempt, AttemptRules};
pub use user_access::{AccessError, UserAccess};
pub use users::{Entrance, NewUser, OPEN_SIGN_UP, UserRow};
