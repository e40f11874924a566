//! The chart of the overview: what the host tells of its lines, as a chart of lines.

pub mod series;

#[cfg(feature = "csr")]
pub mod card;
#[cfg(feature = "csr")]
pub mod exports;
#[cfg(feature = "csr")]
pub mod menus;
#[cfg(feature = "csr")]
pub mod note_acts;
