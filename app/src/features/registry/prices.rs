//! What a price says beside its four amounts, in words.

use crate::model::registry::{PriceTier, PriceView};
use crate::texts::registry;
use crate::ui::{fill, format};

/// `More than 272,000 tokens read: $4 / $15`
pub(super) fn tier_words(tier: PriceTier) -> String {
    let (tokens, input, output) = (
        format::whole(tier.above_tokens),
        format::price(tier.input),
        format::price(tier.output),
    );
    fill(
        registry::LONG_ASKS,
        &[("tokens", &tokens), ("input", &input), ("output", &output)],
    )
}

/// `From 1 Jan 2027: $1.50 / $7.50`
pub(super) fn coming_words(price: &PriceView) -> String {
    let (when, input, output) = (
        format::date_of(price.starts_at),
        format::price(price.input),
        format::price(price.output),
    );
    fill(
        registry::COMING_PRICE,
        &[("when", &when), ("input", &input), ("output", &output)],
    )
}
