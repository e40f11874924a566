//! The dialog that a period is chosen in: presets, two months, and what it is compared with.

use chrono::NaiveDate;
use leptos::prelude::*;

use crate::api;
use crate::frame::period::{Chosen, Period, Preset};
use crate::frame::scope::Scope;
use crate::model::dashboard::ComparedWith;
use crate::texts::{Text, period as texts};
use crate::ui::calendar::Calendar;
use crate::ui::popover::arrow_keys;
use crate::ui::{Remote, Segment, Segments, locale, t};

/// What the button of the period opens. What is chosen applies at once.
#[component]
pub(super) fn PeriodMenu(scope: Scope) -> impl IntoView {
    view! {
        <div class="period-menu">
            {presets(scope)}
            <div class="period-days">{days(scope, 2)}</div>
            <div class="popover-foot">
                {compare(scope)}
                <button type="button" class="button" data-close="">
                    {t(texts::DONE)}
                </button>
            </div>
        </div>
    }
}

/// The months that days are chosen in; those without answers are hollow.
pub(super) fn days(scope: Scope, months: i32) -> AnyView {
    let days = Remote::new(move || api::dashboard::answer_days(scope.project_id));
    let full = Memo::new(move |_| days.value());
    let chosen = Signal::derive(move || {
        let period = scope.period.get();
        Some((period.from, period.to))
    });
    let on_choose = Callback::new(move |(from, to): (NaiveDate, NaiveDate)| {
        scope.choose_period(Period::between(from, to));
    });
    view! { <Calendar months is_span=true last=scope.today() chosen full on_choose /> }.into_any()
}

fn presets(scope: Scope) -> AnyView {
    let buttons: Vec<AnyView> = Preset::ALL
        .into_iter()
        .map(|preset| {
            let is_chosen = move || scope.chosen() == Chosen::from(preset);
            view! {
                <li>
                    <button
                        type="button"
                        class="period-preset"
                        data-row=""
                        aria-pressed=move || if is_chosen() { "true" } else { "false" }
                        on:click=move |_| scope.choose_period(preset)
                    >
                        {move || preset.name(locale::language())}
                    </button>
                </li>
            }
            .into_any()
        })
        .collect();
    view! {
        <ul
            class="period-presets"
            aria-label=t(texts::PERIOD)
            on:keydown=move |event| arrow_keys(&event)
        >
            {buttons}
        </ul>
    }
    .into_any()
}

const fn name_of(with: ComparedWith) -> Text {
    match with {
        ComparedWith::DaysBefore => texts::COMPARE_DAYS,
        ComparedWith::YearBefore => texts::COMPARE_YEAR,
        ComparedWith::Nothing => texts::COMPARE_NOTHING,
    }
}

/// What the period is compared with.
pub(super) fn compare(scope: Scope) -> AnyView {
    let segments = ComparedWith::ALL
        .iter()
        .map(|with| {
            let with = *with;
            Segment::new(
                name_of(with),
                move || scope.compare() == with,
                move || scope.choose_compare(with),
            )
        })
        .collect();
    view! {
        <div class="period-compare">
            <span aria-hidden="true">{t(texts::COMPARE)}</span>
            <Segments legend=texts::COMPARE segments />
        </div>
    }
    .into_any()
}
