//! Accounts: signing in and up, the user's own page, the instance.

mod action_table;
pub mod confirm;
pub mod deleted;
pub mod entrance;
pub mod instance;
pub mod invitations;
pub mod page;
pub mod tokens;
