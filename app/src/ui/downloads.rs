//! Files of what a page shows.

use leptos::prelude::*;

use super::locale::t;
use crate::address::at;
use crate::texts::answers as texts;

/// Links to files of what a page shows.
#[component]
pub fn Downloads<F>(
    /// Where the file of a format is.
    address: F,
) -> impl IntoView
where
    F: Fn(&'static str) -> String + Copy + Send + 'static,
{
    view! {
        <p class="load-more">
            <a class="button is-quiet" download="" href=move || at(&address("csv"))>
                {t(texts::DOWNLOAD_CSV)}
            </a>
            <a class="button is-quiet" download="" href=move || at(&address("jsonl"))>
                {t(texts::DOWNLOAD_JSON_LINES)}
            </a>
        </p>
    }
}
