//! How numbers moved since the period before, in words.

use leptos::prelude::*;

use crate::model::dashboard::Dashboard;
use crate::model::metrics::{Change, Interval, Verdict};
use crate::model::served::Seam;
use crate::texts::dashboard as texts;
use crate::ui::format as words;
use crate::ui::{fill, locale};
use crate::words::dates::long_day;
use crate::words::figure::Measure;

/// How the number of a card moved; nothing where there is nothing to compare.
pub(super) fn of_card(measure: Measure, numbers: &Dashboard) -> Option<AnyView> {
    let change = numbers.changes.get(measure.metric(&numbers.total), None)?;
    match (change.verdict, &change.seam) {
        (Verdict::NoData, Some(seam)) => Some(seam_badge(seam).into_any()),
        (Verdict::NoData, None) => None,
        _ => Some(badge(measure, change).into_any()),
    }
}

/// The verdict, and behind it what it is made of.
pub(super) fn badge(measure: Measure, change: &Change) -> impl IntoView + use<> {
    let language = locale::language();
    let amount = measure.amount()(0.0);
    let words_of = |value| amount.difference_words(language, value);
    let difference = words_of(change.difference.unwrap_or_default());
    let interval = change.interval.map_or_else(
        || texts::NO_INTERVAL.get(language).to_owned(),
        |Interval { low, high }| format!("{} … {}", words_of(low), words_of(high)),
    );
    let (class, name, meaning) = if change.verdict.is_change() {
        ("badge is-info", difference.clone(), texts::MOVED_MEANS)
    } else {
        let name = texts::WITHIN_NOISE.get(language).to_owned();
        ("badge", name, texts::WITHIN_NOISE_MEANS)
    };
    let meaning = fill(
        meaning,
        &[
            ("difference", &difference),
            ("pairs", &words::whole(change.pairs)),
            ("interval", &interval),
        ],
    );
    view! {
        <span class=class title=meaning data-change="">
            {name}
        </span>
    }
}

fn seam_badge(seam: &Seam) -> impl IntoView + use<> {
    let name = texts::ANOTHER_MODEL.get(locale::language());
    view! {
        <span class="badge" title=seam_words(seam) data-change="">
            {name}
        </span>
    }
}

fn seam_words(seam: &Seam) -> String {
    let language = locale::language();
    fill(
        texts::SEAM,
        &[
            ("day", &long_day(language, seam.day)),
            ("served", &seam.served),
            ("asked", &seam.asked),
        ],
    )
}

/// That a headline moved because something else was asked, and not because answers changed.
pub(super) fn by_mix(measure: Measure, numbers: &Dashboard) -> Option<String> {
    let change = numbers.changes.get(measure.metric(&numbers.total), None)?;
    let value = |figures| Some(measure.figure(figures).amount?.value());
    let (before, now) = (value(&numbers.previous)?, value(&numbers.total)?);
    if !change.is_mix(before, now) {
        return None;
    }
    let language = locale::language();
    let Some(difference) = change.difference else {
        return Some(texts::NOTHING_IN_COMMON.get(language).to_owned());
    };
    let difference = measure.amount()(0.0).difference_words(language, difference);
    Some(fill(texts::MOVED_BY_MIX, &[("difference", &difference)]))
}

/// How many numbers were looked at.
#[component]
pub(super) fn JudgedTogether(numbers: Memo<Option<Dashboard>>) -> impl IntoView {
    move || {
        let looked_at = numbers.with(|numbers| Some(numbers.as_ref()?.changes.looked_at()))?;
        let text = fill(texts::LOOKED_AT, &[("n", &looked_at)]);
        (looked_at > 0).then(|| view! { <p class="field-hint" data-looked-at=looked_at>{text}</p> })
    }
}
