//! Models that can be asked, and their prices: changed, tried, looked for, reviewed.

mod list_check;
mod models;
mod price_files;
mod review;
mod trial;
mod weekly_check;

pub use list_check::{
    CheckedProvider, FailedProvider, ModelCheck, ModelCheckReport, ModelsSummary,
    RETIRING_WITHIN_DAYS,
};
pub use review::{LinkView, ReviewPaths, review_paths};
pub(in crate::services) use weekly_check::{MODEL_CHECK, next_model_check};
