//! Text in, findings out.
//!
//! The way of an answer: [`markdown`] reads it into visible, folded text with its lines, lists
//! and tables; [`address`] hides URLs and e-mail addresses and tells their hosts; [`matcher`]
//! finds the names; [`lists`] tells which names head the items of real lists; [`detector`]
//! has [`sentiment`] tell how the answer speaks of those it names, and puts one [`Finding`]
//! together for each entity. Apart from them, [`citations`] tells which pages its sources are,
//! and [`names_beside`] who else stands in a list with an entity; [`layout`](mod@layout) has an
//! answer shown to people as the Markdown that it is.
//!
//! Invariant: no I/O, no clock, no database. Linear in the length of the answer, and no panic
//! on any text.

mod address;
mod alias;
mod avoid;
mod boundaries;
pub mod citations;
mod common_words;
mod dates;
mod decoration;
mod depth;
mod detector;
mod entity;
mod fold;
mod genitives;
mod heads;
mod html;
mod layout;
mod leads;
mod legal_forms;
mod list_finder;
mod list_leads;
mod list_parts;
mod lists;
mod markdown;
mod markers;
mod matcher;
mod names_beside;
mod numerals;
mod ordinals;
mod rank_cells;
mod rank_table;
pub mod sentiment;
mod separations;
mod structure;
mod variants;
mod worded;

pub use alias::{Alias, SharedName, name_key, shared_name};
pub use detector::Detector;
pub use entity::{EntitySpec, Finding};
pub use fold::fold;
pub use layout::{beginning, layout};
pub use names_beside::{NameBeside, NamesBeside};
pub use variants::spellings;

/// Version of the rules in this module. It goes up whenever the same answer may give another
/// finding, so that stored findings tell which rules they were made by.
pub const DETECTOR_VERSION: i32 = 3;
