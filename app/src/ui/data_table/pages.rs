//! Which rows of how many a table shows, and the way to those before and after.

use leptos::prelude::*;

use crate::tables::paging::Paging;
use crate::texts::kit;
use crate::ui::button::Button;
use crate::ui::format;
use crate::ui::locale::fill;

fn count(number: u64) -> String {
    format::whole(i64::try_from(number).unwrap_or(i64::MAX))
}

/// `1–50 of 7,828`, with Previous and Next where there is more than one page.
#[component]
pub fn Pages(
    /// The page that is shown.
    #[prop(into)]
    paging: Signal<Paging>,
    /// Called with how many rows come before the page that is wanted.
    #[prop(into)]
    on_offset: Callback<u64>,
) -> impl IntoView {
    let words = move || {
        let paging = paging.get();
        let (first, last) = paging.span()?;
        Some(fill(
            kit::ROWS,
            &[
                ("first", &count(first)),
                ("last", &count(last)),
                ("total", &count(paging.total)),
            ],
        ))
    };
    let previous = Signal::derive(move || paging.get().previous());
    let next = Signal::derive(move || paging.get().next());
    let go = move |offset: Signal<Option<u64>>| {
        if let Some(offset) = offset.get_untracked() {
            on_offset.run(offset);
        }
    };
    let has_pages = Memo::new(move |_| previous.get().is_some() || next.get().is_some());
    view! {
        <nav class="pages" aria-label=move || words().unwrap_or_default()>
            <p aria-live="polite">{words}</p>
            <Show when=move || has_pages.get()>
                <Button
                    label=kit::PREVIOUS
                    on_press=move |()| go(previous)
                    disabled=Signal::derive(move || previous.get().is_none())
                />
                <Button
                    label=kit::NEXT
                    on_press=move |()| go(next)
                    disabled=Signal::derive(move || next.get().is_none())
                />
            </Show>
        </nav>
    }
}
