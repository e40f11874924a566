//! The commands of `parallax`, one file each.

pub mod detect;
pub mod inspect;
pub mod simulate;
