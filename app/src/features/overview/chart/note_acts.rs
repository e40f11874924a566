//! Notes that people write on the chart: the window in which one is written, and what takes one
//! away and brings it back. Loaded when it is first wanted.

use chrono::NaiveDate;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::card::{AFTER_REMOVAL, Shown};
use crate::api;
use crate::api::error::FieldError;
use crate::frame::scope::Scope;
use crate::model::ids::NoteId;
use crate::model::notes::NoteDraft;
use crate::texts::{chart as texts, common};
use crate::ui::locale::{fill_now, language_now};
use crate::ui::{
    Button, DayField, Dialog, ErrorSummary, Submission, SubmitButton, TextField, Words, browser,
    fill, t, toast, unsaved,
};
use crate::validate;
use crate::words::dates::long_day;

const DAY: &str = "day";
const TEXT: &str = "text";

/// What is to be done about a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// One is written, of this day.
    Write(NaiveDate),
    /// One is taken away.
    Remove(NoteId),
}

/// A note that is being written.
#[derive(Clone, Copy)]
struct Typed {
    is_open: RwSignal<bool>,
    day: RwSignal<String>,
    text: RwSignal<String>,
    form: Submission,
}

impl Typed {
    fn begin(self, day: NaiveDate) {
        self.form.clear();
        self.day.set(day.to_string());
        self.text.set(String::new());
        self.is_open.set(true);
        browser::focus_soon(self.form.id_of(TEXT));
    }
}

/// Does what is to be done, and holds the window for it.
pub fn acts(shown: Shown) -> AnyView {
    let typed = Typed {
        is_open: RwSignal::new(false),
        day: RwSignal::new(String::new()),
        text: RwSignal::new(String::new()),
        form: Submission::new(),
    };
    unsaved::guard(Signal::derive(move || {
        typed.is_open.get() && typed.text.with(|text| !text.is_empty())
    }));
    Effect::new(move |_| {
        let Some(act) = shown.act.get() else { return };
        shown.act.set(None);
        match act {
            Act::Write(day) => typed.begin(day),
            Act::Remove(note) => remove(shown.scope.get_value(), note),
        }
    });
    view! {
        <Dialog open=typed.is_open title=texts::ADD_NOTE>
            {fields(shown.scope.get_value(), typed)}
        </Dialog>
    }
    .into_any()
}

fn fields(scope: Scope, typed: Typed) -> AnyView {
    let form = typed.form;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let draft = NoteDraft {
            day: typed.day.get_untracked(),
            text: typed.text.get_untracked(),
        };
        let today = untrack(|| scope.today());
        let wrong = match validate::note(language_now(), &draft, today) {
            Ok((day, _)) => not_shown(scope, day).into_iter().collect(),
            Err(wrong) => wrong,
        };
        if !wrong.is_empty() {
            form.refuse(wrong);
            return;
        }
        form.run(api::notes::add_note(scope.project_id, draft), move |_| {
            typed.is_open.set(false);
            scope.reload();
            toast::success(texts::NOTE_IS_ADDED);
        });
    };
    let hint = Words::new(|| fill(texts::NOTE_TEXT_HINT, &[("max", &validate::NOTE.1)]));
    view! {
        <form class="form" novalidate on:submit=submit>
            <TextField label=texts::NOTE_TEXT value=typed.text form path=TEXT hint />
            {day_field(scope, typed)}
            <ErrorSummary form />
            <footer class="dialog-actions">
                <Button label=common::CANCEL on_press=move |()| typed.is_open.set(false) />
                <SubmitButton label=texts::ADD_NOTE form />
            </footer>
        </form>
    }
    .into_any()
}

fn day_field(scope: Scope, typed: Typed) -> AnyView {
    let form = typed.form;
    let id = form.id_of(DAY);
    let (label_for, error_id) = (id.clone(), format!("{id}-error"));
    let error = Signal::derive(move || form.error_of(DAY));
    let on_change = Callback::new(move |day: String| {
        form.touch(DAY);
        typed.day.set(day);
    });
    let today = untrack(|| scope.today());
    view! {
        <div class="field" class:is-wrong=move || error.get().is_some()>
            <label for=label_for>{t(texts::NOTE_DAY)}</label>
            <DayField
                id
                label=texts::NOTE_DAY
                value=typed.day.into()
                on_change
                error
                today
            />
            {move || {
                let error = error.get()?;
                Some(view! { <p class="field-error" id=error_id.clone()>{error}</p> })
            }}
        </div>
    }
    .into_any()
}

/// What is wrong with a day that is none of those that are shown.
fn not_shown(scope: Scope, day: NaiveDate) -> Option<FieldError> {
    let (from, to) = untrack(|| {
        let period = scope.period.get();
        (period.from, period.to.min(scope.today()))
    });
    if (from..=to).contains(&day) {
        return None;
    }
    let language = language_now();
    let (from, to) = (long_day(language, from), long_day(language, to));
    Some(FieldError {
        field: DAY.to_owned(),
        message: fill_now(texts::NOTE_DAY_SHOWN, &[("from", &from), ("to", &to)]),
    })
}

fn remove(scope: Scope, note: NoteId) {
    spawn_local(async move {
        match api::notes::remove_note(scope.project_id, note).await {
            Ok(()) => {
                browser::keep_focus(AFTER_REMOVAL);
                scope.reload();
                let said = texts::NOTE_IS_REMOVED.get(language_now()).to_owned();
                toast::undo(said, move || restore(scope, note));
            }
            Err(error) => toast::error(&error),
        }
    });
}

fn restore(scope: Scope, note: NoteId) {
    spawn_local(async move {
        match api::notes::restore_note(scope.project_id, note).await {
            Ok(()) => {
                browser::keep_focus(AFTER_REMOVAL);
                scope.reload();
            }
            Err(error) => toast::error(&error),
        }
    });
}
