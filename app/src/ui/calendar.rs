//! A calendar of one or two months to choose days from, by mouse, finger and keyboard.

use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;
use leptos::web_sys::{Element, KeyboardEvent, MouseEvent};

use super::browser;
use super::icon::{Glyph, Icon};
use super::locale::{language, language_now, t};
use crate::texts::{Text, period as texts};
use crate::words::calendar::{
    Step, Week, day_words, month_start, month_words, months_later, weekdays, weeks,
};

/// First and last day.
type Span = (NaiveDate, NaiveDate);

/// What the parts of one calendar share.
#[derive(Clone, Copy)]
struct State {
    prefix: StoredValue<String>,
    months: i32,
    is_span: bool,
    /// The last day that can be chosen.
    last: NaiveDate,
    /// The month on the left.
    left: RwSignal<NaiveDate>,
    /// The day that the keyboard is at.
    cursor: RwSignal<NaiveDate>,
    /// The first of two days, while the second one is not chosen yet.
    first: RwSignal<Option<NaiveDate>>,
    /// The day on which the mouse button went down.
    held: StoredValue<Option<NaiveDate>>,
    chosen: Signal<Option<Span>>,
    full: Memo<Option<Vec<NaiveDate>>>,
    on_choose: Callback<Span>,
}

/// A calendar. The day that is chosen has the focus once it is there.
#[component]
pub fn Calendar(
    /// Months side by side.
    #[prop(default = 1)]
    months: i32,
    /// Whether two days are chosen, the first and the last, or one alone.
    #[prop(default = false)]
    is_span: bool,
    /// The last day that can be chosen.
    last: NaiveDate,
    /// What is chosen.
    chosen: Signal<Option<Span>>,
    /// Days that have something; the others are hollow. Nothing where that is not known.
    full: Memo<Option<Vec<NaiveDate>>>,
    /// Takes the first and the last day; of one alone it is both.
    on_choose: Callback<Span>,
) -> impl IntoView {
    let begin = chosen.get_untracked().map_or(last, |(_, to)| to).min(last);
    let state = State {
        prefix: StoredValue::new(browser::unique_id("calendar")),
        months,
        is_span,
        last,
        left: RwSignal::new(months_later(month_start(begin), 1 - months)),
        cursor: RwSignal::new(begin),
        first: RwSignal::new(None),
        held: StoredValue::new(None),
        chosen,
        full,
        on_choose,
    };
    Effect::new(move |_| browser::focus_soon(state.id_of(state.cursor.get_untracked())));
    let shown = (0..months)
        .map(|place| view! { <div class="calendar-month">{move || state.month(place)}</div> })
        .collect_view();
    view! {
        <div class="calendar" on:keydown=move |event| state.follow_key(&event)>
            <div class="calendar-turn">
                {state.turn(texts::PREVIOUS_MONTH, Glyph::ChevronLeft, -1)}
                {state.turn(texts::NEXT_MONTH, Glyph::ChevronRight, 1)}
            </div>
            <div class="calendar-months" on:mouseup=move |_| state.held.set_value(None)>
                {shown}
            </div>
            <p class="calendar-hint" role="status">
                {move || state.hint().map(|hint| hint.get(language()))}
            </p>
        </div>
    }
}

impl State {
    fn id_of(self, day: NaiveDate) -> String {
        self.prefix.with_value(|prefix| format!("{prefix}-{day}"))
    }

    /// What stands below the months.
    fn hint(self) -> Option<Text> {
        if self.first.get().is_some() {
            return Some(texts::CHOOSE_LAST);
        }
        self.full.with(Option::is_some).then_some(texts::LEGEND)
    }

    /// The days that are chosen, or would be if the day of the cursor were the second one.
    fn span(self) -> Option<Span> {
        let Some(first) = self.first.get() else {
            return self.chosen.get();
        };
        let other = self.cursor.get();
        Some((first.min(other), first.max(other)))
    }

    /// Turns so many months on, or back. The cursor stays in sight.
    fn turn_by(self, count: i32) {
        self.left.update(|left| *left = months_later(*left, count));
        if !self.shows(self.cursor.get_untracked()) {
            let cursor = months_later(self.cursor.get_untracked(), count);
            self.cursor.set(cursor.min(self.last));
        }
    }

    /// The month behind those that are shown.
    fn behind(self) -> NaiveDate {
        months_later(self.left.get_untracked(), self.months)
    }

    fn shows(self, day: NaiveDate) -> bool {
        self.left.get_untracked() <= day && day < self.behind()
    }

    /// Leads the keyboard to a day, which comes in sight.
    fn lead_to(self, day: NaiveDate) {
        let day = day.min(self.last);
        if day < self.left.get_untracked() {
            self.left.set(month_start(day));
        } else if !self.shows(day) {
            self.left
                .set(months_later(month_start(day), 1 - self.months));
        }
        self.cursor.set(day);
        browser::focus_soon(self.id_of(day));
    }

    fn follow_key(self, event: &KeyboardEvent) {
        let has_modifier = event.ctrl_key() || event.alt_key() || event.meta_key();
        let on = event_target::<Element>(event);
        let is_on_a_day = on.closest("[data-day]").ok().flatten().is_some();
        if has_modifier || !is_on_a_day {
            return;
        }
        if let Some(step) = Step::of_key(&event.key()) {
            event.prevent_default();
            event.stop_propagation();
            self.lead_to(step.lead(language_now(), self.cursor.get_untracked()));
        }
    }

    /// A click on a day, or Enter on it.
    fn choose(self, day: NaiveDate) {
        self.cursor.set(day);
        match self.first.get_untracked() {
            None if self.is_span => self.first.set(Some(day)),
            first => self.finish(first.unwrap_or(day), day),
        }
    }

    fn finish(self, one: NaiveDate, other: NaiveDate) {
        self.first.set(None);
        self.on_choose.run((one.min(other), one.max(other)));
    }

    /// The mouse comes upon a day: with its button down, it draws from where that went down.
    fn come_upon(self, day: NaiveDate, event: &MouseEvent) {
        let held = self.held.get_value().filter(|_| event.buttons() == 1);
        self.held.set_value(held);
        if let Some(held) = held.filter(|held| *held != day) {
            self.first.set(Some(held));
        }
        if self.first.get_untracked().is_some() {
            self.cursor.set(day);
        }
    }

    /// The mouse button goes up on a day. Where it went down on another one, that was no click.
    fn let_go(self, day: NaiveDate) {
        let held = self.held.get_value().filter(|held| *held != day);
        if let Some(held) = held {
            self.finish(held, day);
        }
    }

    fn turn(self, label: Text, glyph: Glyph, count: i32) -> AnyView {
        let is_end = move || {
            let behind = months_later(self.left.get(), self.months);
            count > 0 && behind > self.last
        };
        view! {
            <button
                type="button"
                class="icon-button"
                aria-label=t(label)
                disabled=is_end
                on:click=move |_| self.turn_by(count)
            >
                <Icon glyph />
            </button>
        }
        .into_any()
    }

    /// The month at a place, from the left.
    fn month(self, place: i32) -> AnyView {
        let language = language();
        let month = months_later(self.left.get(), place);
        let name = month_words(language, month);
        let heads = weekdays(language).map(|(short, name)| {
            view! {
                <th scope="col" abbr=name>
                    {short}
                </th>
            }
        });
        let weeks = weeks(language, month);
        let rows: Vec<AnyView> = weeks.into_iter().map(|week| self.week(week)).collect();
        view! {
            <p class="calendar-name" aria-hidden="true">
                {name.clone()}
            </p>
            <table role="grid" aria-label=name>
                <thead>
                    <tr>{heads.collect_view()}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    }

    fn week(self, week: Week) -> AnyView {
        let cells: Vec<AnyView> = week
            .into_iter()
            .map(|day| match day {
                Some(day) => self.day(day),
                None => view! { <td role="gridcell"></td> }.into_any(),
            })
            .collect();
        view! { <tr>{cells}</tr> }.into_any()
    }

    fn day(self, day: NaiveDate) -> AnyView {
        let is_late = day > self.last;
        let is_full = move || {
            self.full.with(|full| {
                let known = full.as_ref();
                known.is_none_or(|full| full.binary_search(&day).is_ok())
            })
        };
        let is_within = Memo::new(move |_| {
            self.span()
                .is_some_and(|(from, to)| from <= day && day <= to)
        });
        let is_end = Memo::new(move |_| {
            self.span()
                .is_some_and(|(from, to)| day == from || day == to)
        });
        let is_cursor = Memo::new(move |_| self.cursor.get() == day);
        view! {
            <td
                role="gridcell"
                class:is-within=is_within
                aria-selected=move || if is_within.get() { "true" } else { "false" }
            >
                <button
                    type="button"
                    class="calendar-day"
                    class:is-end=is_end
                    class:is-hollow=move || !is_late && !is_full()
                    id=self.id_of(day)
                    data-day=day.to_string()
                    disabled=is_late
                    tabindex=move || if is_cursor.get() { "0" } else { "-1" }
                    aria-label=move || day_words(language(), day, is_late || is_full())
                    on:click=move |_| self.choose(day)
                    on:mousedown=move |_| {
                        self.held.set_value(Some(day).filter(|_| self.is_span));
                    }
                    on:mouseenter=move |event| self.come_upon(day, &event)
                    on:mouseup=move |_| self.let_go(day)
                >
                    {day.day()}
                </button>
            </td>
        }
        .into_any()
    }
}
