//! Our own shape: `{"models": [{"provider", "model_id", "input", "output", "cached_input",
//! "search_fee"}]}`, dollars a million tokens and a search, as numbers or texts. The seed of the
//! registry has it too.

use app::model::prices::PriceFormat;
use serde_json::value::RawValue;

use super::amount::{amount, price};
use super::json::Entries;
use super::{Name, Offer, PriceFile};

pub(super) fn read(models: Vec<&RawValue>) -> PriceFile {
    let count = models.len();
    let offers: Vec<Offer> = models.into_iter().filter_map(offer).collect();
    PriceFile {
        format: PriceFormat::Parallax,
        foreign: count - offers.len(),
        offers,
    }
}

fn offer(model: &RawValue) -> Option<Offer> {
    let fields = Entries::of(model)?;
    let provider = fields.text("provider")?;
    let id = fields.text("model_id")?;
    let (price, refusal) = price(
        amount(fields.get("input"), 0),
        amount(fields.get("output"), 0),
        amount(fields.get("cached_input"), 0),
        amount(fields.get("search_fee"), 0),
    );
    Some(Offer {
        key: format!("{provider}/{id}"),
        provider: provider.parse().ok()?,
        names: vec![Name::Exact(id)],
        resold: Vec::new(),
        price,
        refusal,
    })
}
