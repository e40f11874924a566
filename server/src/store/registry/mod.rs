//! Models that can be asked: their prices, their history of changes, and their pace.

mod changelog;
pub(in crate::store) mod error;
pub(in crate::store) mod model_check;
mod model_review;
pub(in crate::store) mod models;
pub(in crate::store) mod offered;
pub(in crate::store) mod pace;
pub(in crate::store) mod price_import;
pub(in crate::store) mod prices;
mod registry_list;
mod registry_seed;
pub(in crate::store) mod to_ask;

pub use error::RegistryError;
pub use model_check::{NewModel, RetiringModel};
pub use model_review::ReviewLink;
pub(crate) use to_ask::answer_tokens;
