//! `/projects/{id}/export/…`: everything at once, as files that are written while they are sent.

mod answers;
mod citations;
mod file;
mod findings;
mod ledger;
mod queries;
mod rows;
mod snapshots;
mod table_file;

pub(super) use self::answers::*;
pub(super) use self::citations::*;
pub(super) use self::findings::*;
pub(super) use self::ledger::*;
pub(super) use self::queries::*;
pub(super) use self::snapshots::*;
