//! What is typed into a field for a number: it stands there as the reader writes numbers, and its
//! value is plain.

use leptos::prelude::*;

use super::locale::{language, language_now};
use crate::words::typed;

/// What stands in the field of a plain number, and what takes what is typed into it. While
/// somebody types, their own text stays.
pub fn typed_number(
    value: Signal<String>,
    on_change: Callback<String>,
) -> (Signal<String>, Callback<String>) {
    let own = RwSignal::new(String::new());
    let shown = Signal::derive(move || {
        let (value, own) = (value.get(), own.get());
        if typed::number(language(), &own) == value {
            own
        } else {
            typed::in_field(language(), &value)
        }
    });
    let take = Callback::new(move |text: String| {
        let number = typed::number(language_now(), &text);
        own.set(text);
        on_change.run(number);
    });
    (shown, take)
}
