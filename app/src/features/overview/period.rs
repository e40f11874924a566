//! The period in words.

use leptos::prelude::*;

use crate::frame::scope::Scope;
use crate::texts::dashboard as texts;
use crate::ui::{Glyph, Icon, fill, locale};
use crate::words::dates::long_day;

/// The first and the last day, and how many days there are.
#[component]
pub(super) fn PeriodWords(scope: Scope) -> impl IntoView {
    let words = move || {
        let language = locale::language();
        let period = scope.period.get();
        let (from, to) = (
            long_day(language, period.from),
            long_day(language, period.to),
        );
        fill(
            texts::PERIOD_WORDS,
            &[("from", &from), ("to", &to), ("days", &period.days())],
        )
    };
    view! {
        <p class="period-words">
            <Icon glyph=Glyph::Calendar />
            {words}
        </p>
    }
}
