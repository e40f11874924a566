//! Past costs of a model at the prices that stand in the book now: first the difference, then,
//! if somebody wants it, a correction.

use chrono::NaiveDate;
use leptos::prelude::*;

use crate::api;
use crate::model::ids::ModelId;
use crate::model::money::Money;
use crate::model::prices::Recomputed;
use crate::texts::registry;
use crate::ui::{
    Button, ErrorSummary, Look, Submission, SubmitButton, TextField, Words, fill, format, t, toast,
};

/// Asks for a period, shows what its answers would cost, and books the difference.
#[component]
pub fn Recompute(
    /// The model.
    id: ModelId,
) -> impl IntoView {
    let form = Submission::new();
    let from = RwSignal::new(String::new());
    let to = RwSignal::new(String::new());
    let found = RwSignal::new(None::<(NaiveDate, NaiveDate, Recomputed)>);
    let days = move || {
        let from = from.get_untracked().parse::<NaiveDate>().ok()?;
        Some((from, to.get_untracked().parse::<NaiveDate>().ok()?))
    };
    let look = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        found.set(None);
        let Some((from, to)) = days() else {
            return;
        };
        form.run(api::prices::recompute(id, from, to), move |sums| {
            found.set(Some((from, to, sums)));
        });
    };
    let book = move || {
        let Some((from, to, sums)) = found.get_untracked() else {
            return;
        };
        let booking = api::prices::write_correction_to_ledger(id, from, to, sums.difference());
        form.run(booking, move |sums| {
            found.set(Some((from, to, sums)));
            toast::success(registry::RECOMPUTED);
        });
    };
    let pending = Signal::derive(move || form.is_pending());
    view! {
        <form class="form recompute" novalidate on:submit=look>
            <h3>{t(registry::RECOMPUTE)}</h3>
            <p class="muted">{t(registry::RECOMPUTE_LEAD)}</p>
            <ErrorSummary form />
            <div class="row">
                <TextField label=registry::FIRST_DAY value=from form path="from" kind="date" />
                <TextField label=registry::LAST_DAY value=to form path="to" kind="date" />
            </div>
            <SubmitButton label=registry::RECOMPUTE_SHOW form look=Look::Plain />
            <div aria-live="polite">
                {move || {
                    found
                        .get()
                        .map(|(_, _, sums)| {
                            let difference = sums.difference();
                            view! {
                                <p>{said(sums)}</p>
                                {(difference != Money::ZERO)
                                    .then(|| {
                                        let label = Words::new(move || {
                                            fill(
                                                registry::RECOMPUTE_BOOK,
                                                &[("amount", &format::money(difference))],
                                            )
                                        });
                                        view! {
                                            <Button label pending on_press=move |()| book() />
                                        }
                                    })}
                            }
                        })
                }}
            </div>
        </form>
    }
}

fn said(sums: Recomputed) -> String {
    let (booked, computed) = (format::money(sums.booked), format::money(sums.computed));
    let (answers, kept) = (format::whole(sums.answers), format::whole(sums.kept));
    let difference = format::money(sums.difference());
    let values: [(&str, &dyn std::fmt::Display); 5] = [
        ("answers", &answers),
        ("booked", &booked),
        ("computed", &computed),
        ("difference", &difference),
        ("kept", &kept),
    ];
    fill(registry::RECOMPUTE_SAYS, &values)
}
