//! The budget of a month: what it is, what is spent, when to warn.

use leptos::prelude::*;

use super::state;
use crate::api;
use crate::model::keys::{BudgetDraft, BudgetView};
use crate::model::money::Money;
use crate::model::spend::{Account, SpendView, stops_all};
use crate::texts::{common, keys};
use crate::ui::locale::language_now;
use crate::ui::{
    AsyncView, Badge, Card, ConfirmDialog, ErrorSummary, Notice, Remote, Submission, SubmitButton,
    Switch, TextField, Tone, Words, fill, format, t, toast,
};
use crate::validate;

/// The budget of a month.
#[component]
pub fn BudgetCard(
    /// The budget.
    budget: Remote<BudgetView>,
    /// What this month has cost so far.
    this_month: Memo<Option<SpendView>>,
    /// Whether the user may change it.
    is_owner: Signal<bool>,
) -> impl IntoView {
    view! {
        <Card title=keys::BUDGET lead=keys::BUDGET_LEAD>
            <AsyncView remote=budget lines=2 let:stored>
                {view! {
                    <Gauge budget=stored.clone() />
                    <Forecast this_month monthly=stored.monthly />
                    <UnpricedSwitch stored=stored.clone() remote=budget is_owner />
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
    let (spent, monthly, remaining) = (budget.spent, budget.monthly, Account::from(&budget).free());
    let (state_class, badge) = if budget.is_over() {
        ("is-over", Some((keys::OVER, Tone::Danger)))
    } else if budget.is_near() {
        ("is-near", Some((keys::NEAR, Tone::Warning)))
    } else {
        ("", None)
    };
    let threshold = budget.threshold_percent;
    let reserved = budget.reserved;
    let reserved_percent = state::reserved_percent(&budget);
    let warns_at = monthly.times(threshold).nanos() / 100;
    let warns_at = Money::from_nanos(warns_at);
    let words = Words::new(move || {
        fill(
            keys::IN_WORDS,
            &[
                ("spent", &format::money(spent)),
                ("monthly", &format::money(monthly)),
                ("reserved", &format::money(reserved)),
                ("left", &format::money(remaining)),
                ("percent", &threshold),
            ],
        )
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
            <i class="is-reserved" style=format!("inline-size: {reserved_percent:.1}%")></i>
            <b style=format!("inset-inline-start: {threshold}%")></b>
        </div>
        <p class="gauge-notes field-hint">
            <span>
                {move || fill(
                    keys::WARNS_AT,
                    &[("percent", &threshold), ("amount", &format::money(warns_at))],
                )}
            </span>
            {(reserved > Money::ZERO)
                .then(|| {
                    view! {
                        <span>
                            {move || fill(keys::SET_ASIDE, &[("amount", &format::money(reserved))])}
                            ". " {t(keys::SET_ASIDE_HINT)}
                        </span>
                    }
                })}
        </p>
    }
}

#[component]
fn Forecast(this_month: Memo<Option<SpendView>>, monthly: Money) -> impl IntoView {
    move || {
        let spend = this_month.get()?;
        let Some(forecast) = spend.forecast else {
            return Some(view! { <p class="field-hint">{t(keys::FORECAST_EARLY)}</p> }.into_any());
        };
        let is_over = forecast.expected > monthly;
        let text = if is_over {
            keys::FORECAST_OVER
        } else {
            keys::FORECAST
        };
        let words = fill(
            text,
            &[
                ("expected", &format::money(forecast.expected)),
                ("low", &format::money(forecast.low)),
                ("high", &format::money(forecast.high)),
            ],
        );
        Some(if is_over {
            view! { <Notice tone=Tone::Warning>{words}</Notice> }.into_any()
        } else {
            view! { <p>{words}</p> }.into_any()
        })
    }
}

/// Acts at once; its consequence stands below it.
#[component]
fn UnpricedSwitch(
    stored: BudgetView,
    remote: Remote<BudgetView>,
    is_owner: Signal<bool>,
) -> impl IntoView {
    let form = Submission::new();
    let is_on = RwSignal::new(stored.allow_unpriced);
    let change = Callback::new(move |allow: bool| {
        is_on.set(allow);
        let draft = BudgetDraft {
            allow_unpriced: Some(allow),
            ..BudgetDraft::default()
        };
        form.run_or(
            api::keys::save_budget(draft),
            move |stored| remote.set(stored),
            Callback::new(move |()| is_on.set(!allow)),
        );
    });
    let consequence = move || {
        let text = if is_on.get() {
            keys::ALLOW_UNPRICED_ON
        } else {
            keys::ALLOW_UNPRICED_OFF
        };
        t(text)()
    };
    view! {
        <div class="unpriced">
            <Switch
                label=keys::ALLOW_UNPRICED
                on=is_on
                on_change=change
                disabled=Signal::derive(move || !is_owner.get())
            />
            <p class="field-hint" aria-live="polite">{consequence}</p>
            <ErrorSummary form />
        </div>
    }
}

#[component]
fn BudgetForm(stored: BudgetView, remote: Remote<BudgetView>) -> impl IntoView {
    let form = Submission::new();
    let monthly = RwSignal::new(stored.monthly.to_string());
    let threshold = RwSignal::new(stored.threshold_percent.to_string());
    let draft = move || BudgetDraft {
        monthly: Some(monthly.get_untracked()),
        // What is no number is as wrong as one out of range.
        threshold_percent: Some(threshold.get_untracked().trim().parse().unwrap_or(0)),
        allow_unpriced: None,
    };
    let save = move |()| {
        form.run(api::keys::save_budget(draft()), move |stored| {
            toast::success(common::SAVED);
            remote.set(stored);
        });
    };
    let asking = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match validate::budget(language_now(), &draft()) {
            Ok((wanted, _)) if stops_all(Some(stored.monthly), wanted) => asking.set(true),
            Ok(_) => save(()),
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
        <ConfirmDialog
            open=asking
            title=keys::STOP_ALL_TITLE
            message=keys::STOP_ALL_MESSAGE
            confirm=keys::STOP_ALL
            keep=keys::STOP_NOTHING
            on_confirm=save
        />
    }
}
