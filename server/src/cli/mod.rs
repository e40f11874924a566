//! The commands of the binary, one file each.

pub mod detect;
pub mod inspect;
pub mod simulate;
