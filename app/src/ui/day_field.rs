//! A field for a day: typed as the reader writes days, or chosen from a calendar, which is loaded
//! when it is first opened.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::calendar::Calendar;
use super::icon::{Glyph, Icon};
use super::locale::{Words, language, language_now, t};
use super::menu::Menu;
use super::part::{part, there};
use super::popover::close_open;
use crate::texts::period as texts;
use crate::words::calendar::typed_day;
use crate::words::dates::long_day;

/// The last day that the databases agree about.
const LAST: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// A field for a day. Its value is the day as `2026-11-02`; what is typed and no day stays as it
/// is, for the form to say so.
#[component]
pub fn DayField(
    /// The id of the field.
    #[prop(into)]
    id: String,
    /// What it is for; for screen readers.
    #[prop(into)]
    label: Words,
    /// The value.
    value: Signal<String>,
    /// Takes another value.
    on_change: Callback<String>,
    /// What is wrong with it, where something is: said below, in an element with the id of the
    /// field and `-error`.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// The day that the calendar begins at where none is typed.
    today: NaiveDate,
) -> impl IntoView {
    let described_by = format!("{id}-error");
    let words = move || {
        let value = value.get();
        match value.parse() {
            Ok(day) => long_day(language(), day),
            Err(_) => value,
        }
    };
    let take = move |typed: String| {
        let day = typed_day(language_now(), &typed);
        on_change.run(day.map_or(typed, |day| day.to_string()));
    };
    let chosen = Choosing {
        value,
        on_change,
        today,
    };
    view! {
        <span class="day-field">
            <input
                class="input"
                id=id.clone()
                type="text"
                autocomplete="off"
                placeholder=t(texts::DAY_EXAMPLE)
                aria-label=move || label.get()
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=move || error.get().map(|_| described_by.clone())
                prop:value=words
                on:change=move |event| take(event_target_value(&event))
            />
            <Menu label=texts::CHOOSE_DAY trigger=|| view! { <Icon glyph=Glyph::Calendar /> }>
                {there(day_calendar, chosen)}
            </Menu>
        </span>
    }
}

/// What the calendar of a field needs.
#[derive(Clone, Copy)]
struct Choosing {
    value: Signal<String>,
    on_change: Callback<String>,
    today: NaiveDate,
}

part! {
    menus: fn day_calendar(choosing: Choosing) {
        view! { <DayCalendar choosing /> }
    }
}

#[component]
fn DayCalendar(choosing: Choosing) -> impl IntoView {
    let chosen = Signal::derive(move || {
        let day = choosing.value.with(|value| value.parse::<NaiveDate>());
        let day = day.unwrap_or(choosing.today);
        Some((day, day))
    });
    let on_choose = Callback::new(move |(day, _): (NaiveDate, NaiveDate)| {
        choosing.on_change.run(day.to_string());
        close_open();
    });
    view! { <Calendar last=LAST chosen full=Memo::new(|_| None) on_choose /> }
}
