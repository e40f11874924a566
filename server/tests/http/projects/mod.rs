//! Projects: made, looked at, changed, removed and brought back.

mod change;
mod deleted;
mod field_limits;
