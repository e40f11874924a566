//! The budget of a month: what it is, what is spent, when to warn.

use leptos::prelude::*;

use super::state;
use crate::api;
use crate::model::keys::{BudgetDraft, BudgetView};
use crate::model::validate;
use crate::texts::{common, keys};
use crate::ui::locale::language_now;
use crate::ui::{
    AsyncView, Badge, Card, ErrorSummary, Remote, Submission, SubmitButton, TextField, Tone, Words,
    fill, format, t, toast,
};

/// The budget of a month.
#[component]
pub fn BudgetCard(
    /// Whether the user may change it.
    is_owner: Signal<bool>,
) -> impl IntoView {
    let budget = Remote::new(api::keys::budget);
    view! {
        <Card title=keys::BUDGET lead=keys::BUDGET_LEAD>
            <AsyncView remote=budget lines=2 let:stored>
                {view! {
                    <Gauge budget=stored.clone() />
                    <Show when=move || is_owner.get()>
                        <BudgetForm stored=stored.clone() remote=budget />
                    </Show>
                }
                    .into_any()}
            </AsyncView>
        </Card>
    }
}

#[component]
fn Gauge(budget: BudgetView) -> impl IntoView {
    let percent = state::fill_percent(&budget);
    let (spent, monthly, remaining) = (budget.spent, budget.monthly, budget.remaining());
    let (state_class, badge) = if budget.is_over() {
        ("is-over", Some((keys::OVER, Tone::Danger)))
    } else if budget.is_near() {
        ("is-near", Some((keys::NEAR, Tone::Warning)))
    } else {
        ("", None)
    };
    let threshold = budget.threshold_percent;
    let words = Words::new(move || {
        let (spent, monthly) = (format::money(spent), format::money(monthly));
        fill(keys::SPENT_OF, &[("spent", &spent), ("monthly", &monthly)])
    });
    view! {
        <div class="gauge-words">
            <p class="gauge-spent">
                <strong>{move || format::money(spent)}</strong>
                " "
                <span>
                    {move || fill(keys::SPENT_OF_MONTHLY, &[("monthly", &format::money(monthly))])}
                </span>
            </p>
            <p>
                {move || fill(keys::REMAINING, &[("amount", &format::money(remaining))])} " "
                {badge.map(|(label, tone)| view! { <Badge label tone /> })}
            </p>
        </div>
        <div
            class=format!("gauge {state_class}")
            role="meter"
            aria-label=t(keys::BUDGET)
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=format!("{percent:.0}")
            aria-valuetext=move || words.get()
        >
            <i style=format!("inline-size: {percent:.1}%")></i>
            <b style=format!("inset-inline-start: {threshold}%")></b>
        </div>
    }
}

#[component]
fn BudgetForm(stored: BudgetView, remote: Remote<BudgetView>) -> impl IntoView {
    let form = Submission::new();
    let monthly = RwSignal::new(stored.monthly.to_string());
    let threshold = RwSignal::new(stored.threshold_percent.to_string());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let draft = BudgetDraft {
            monthly: Some(monthly.get_untracked()),
            // What is no number is as wrong as one out of range.
            threshold_percent: Some(threshold.get_untracked().trim().parse().unwrap_or(0)),
        };
        match validate::budget(language_now(), &draft) {
            Ok(_) => form.run(api::keys::save_budget(draft), move |stored| {
                toast::success(common::SAVED);
                remote.set(stored);
            }),
            Err(fields) => form.refuse(fields),
        }
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <ErrorSummary form />
            <div class="budget-row">
                <TextField
                    label=keys::MONTHLY
                    value=monthly
                    form
                    path="monthly"
                    prefix="$"
                    input_mode="decimal"
                    hint=keys::MONTHLY_HINT
                />
                <TextField
                    label=keys::THRESHOLD
                    value=threshold
                    form
                    path="threshold_percent"
                    input_mode="numeric"
                    hint=keys::THRESHOLD_HINT
                />
                <SubmitButton label=keys::SAVE_BUDGET form />
            </div>
        </form>
    }
}
