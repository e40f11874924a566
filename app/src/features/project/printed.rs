//! What stands on paper alone: which project, days and topics a page is of, and what its intervals
//! mean.

use leptos::prelude::*;

use crate::frame::scope::Scope;
use crate::texts::nav;
use crate::ui::icon::Mark;
use crate::ui::{fill, locale, t};
use crate::words::calendar::span_words;
use crate::words::dates::long_day;

/// Above a page: the project, the days and the topics that it shows, and the day on which it was
/// printed.
pub(super) fn above(scope: Scope) -> AnyView {
    let words = move || {
        let language = locale::language();
        let today = scope.today();
        let project = scope.project.value();
        let mut parts = vec![
            project
                .map(|project| project.record.name)
                .unwrap_or_default(),
        ];
        if scope.query.with(|query| query.tab.has_period()) {
            let days = scope.shown.with(|shown| shown.period);
            parts.push(span_words(language, (days.from, days.to), today));
        }
        let topics = scope.shown.with(|shown| shown.topics.join(", "));
        if !topics.is_empty() {
            parts.push(topics);
        }
        parts.push(fill(nav::PRINTED, &[("day", &long_day(language, today))]));
        parts.join(" · ")
    };
    view! {
        <p class="print-only print-head">
            <Mark />
            <span>{words}</span>
        </p>
    }
    .into_any()
}

/// Below a page of numbers: what its intervals mean, in one line.
pub(super) fn below(scope: Scope) -> AnyView {
    let has_intervals = Memo::new(move |_| scope.query.with(|query| query.tab.has_period()));
    let line = move || {
        has_intervals
            .get()
            .then(|| view! { <p class="print-only print-foot">{t(nav::PRINTED_FOOT)}</p> })
    };
    line.into_any()
}
