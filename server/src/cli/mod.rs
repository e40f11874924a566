//! The commands of `parallax`, one file each.

pub mod detect;
