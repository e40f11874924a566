//! What stands around the pages, and what they share: the shell, the side bar and the table of pages.
//! For a project's pages also what is in the address, and the numbers.
//!
//! Invariant: only the table of pages knows features; features know neither it nor the shell.

pub mod come_back;
pub mod key_presses;
pub mod last_project;
pub mod paths;
pub mod places;
pub mod redirects;
pub mod run_states;
pub mod told;

#[cfg(feature = "csr")]
pub mod activity;
#[cfg(feature = "csr")]
pub mod answered;
#[cfg(feature = "csr")]
pub mod chosen_project;
#[cfg(feature = "csr")]
pub mod early_card;
#[cfg(feature = "csr")]
pub mod head;
#[cfg(feature = "csr")]
pub mod left_out;
#[cfg(feature = "csr")]
pub mod live_runs;
#[cfg(feature = "csr")]
pub mod not_found;
#[cfg(feature = "csr")]
pub mod pages;
#[cfg(feature = "csr")]
pub mod palette;
#[cfg(feature = "csr")]
pub mod preferences;
#[cfg(feature = "csr")]
pub mod project_pages;
#[cfg(feature = "csr")]
pub mod read_notices;
#[cfg(feature = "csr")]
pub mod return_to_place;
#[cfg(feature = "csr")]
pub mod saved_views;
#[cfg(feature = "csr")]
pub mod scope;
#[cfg(feature = "csr")]
pub mod share;
#[cfg(feature = "csr")]
pub mod shell;
#[cfg(feature = "csr")]
pub mod shortcut_list;
#[cfg(feature = "csr")]
pub mod shortcuts;
#[cfg(feature = "csr")]
pub mod side_bar;
#[cfg(feature = "csr")]
pub mod sign_in_again;
#[cfg(feature = "csr")]
pub mod switcher;

pub use crate::page_query as query;
pub use crate::period;
#[cfg(feature = "csr")]
pub use shell::mount;
