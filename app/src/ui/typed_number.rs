//! What is typed into a field for a number: it stands there as the reader writes numbers, and its
//! value is plain. What could be read in two ways is said below the field.

use leptos::prelude::*;

use super::locale::{fill, language, language_now};
use crate::texts::kit;
use crate::words::typed;

/// A field for a number.
#[derive(Clone, Copy)]
pub struct TypedNumber {
    /// What stands in the field. While somebody types, their own text stays.
    pub shown: Signal<String>,
    /// Takes what is typed into it.
    pub take: Callback<String>,
    taken_for: Signal<Option<String>>,
}

impl TypedNumber {
    /// The field of a plain number.
    pub fn new(value: Signal<String>, on_change: Callback<String>) -> Self {
        let own = RwSignal::new(String::new());
        let is_own = move || own.with(|own| typed::number(language(), own) == value.get());
        let shown = Signal::derive(move || {
            if is_own() {
                own.get()
            } else {
                typed::in_field(language(), &value.get())
            }
        });
        let take = Callback::new(move |text: String| {
            let number = typed::number(language_now(), &text);
            own.set(text);
            on_change.run(number);
        });
        let taken_for = Signal::derive(move || {
            let number = own.with(|own| typed::taken_for(language(), own))?;
            is_own().then(|| fill(kit::TAKEN_FOR, &[("number", &number)]))
        });
        Self {
            shown,
            take,
            taken_for,
        }
    }

    /// The line that says what was typed is taken for, where that could be doubted.
    pub fn line(self) -> AnyView {
        let taken_for = self.taken_for;
        let line = move || {
            let words = taken_for.get()?;
            Some(view! { <p class="field-hint" role="status">{words}</p> })
        };
        line.into_any()
    }
}
