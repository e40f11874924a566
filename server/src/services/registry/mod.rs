//! Models that can be asked, and their prices: changed, tried, looked for, reviewed.

mod list_check;
mod models;
mod price_files;
mod review;
mod trial;

pub use list_check::{
    CheckedProvider, FailedProvider, ModelCheck, ModelCheckReport, ModelsSummary,
    RETIRING_WITHIN_DAYS, check_models,
};
pub use review::{LinkView, ReviewPaths, review_paths};
