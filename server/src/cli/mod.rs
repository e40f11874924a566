//! The commands of the binary, one file each.

pub mod accounts;
pub mod backup;
pub mod cron;
pub mod detect;
pub mod doctor;
pub mod history;
pub mod inspect;
pub mod key;
pub mod log;
pub mod prices;
pub mod rebuild;
pub mod serve;
pub mod simulate;
pub mod users;
pub mod workspace;
