//! The questions of a project: one a line, counted and checked while they are typed.

use leptos::prelude::*;

use super::state;
use super::suggest;
use crate::api::error::FieldError;
use crate::model::suggestions::SuggestionWish;
use crate::texts::projects;
use crate::ui::locale::{language, language_now};
use crate::ui::part::there_once_open;
use crate::ui::{Button, Glyph, Icon, Submission, TextAreaField, fill, format};
use crate::validate::PROMPTS;

const SHOWN_PROBLEMS: usize = 5;

/// The questions, and the button that suggests some.
#[component]
pub fn PromptsField(
    /// The form.
    form: Submission,
    /// What is typed.
    text: RwSignal<String>,
    /// What suggestions are wanted for.
    #[prop(into)]
    wish: Callback<(), SuggestionWish>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let press = move |()| {
        // Suggestions speak of the brand by name.
        if wish.run(()).brand.trim().is_empty() {
            return form.refuse(vec![FieldError {
                field: "brand.name".to_owned(),
                message: projects::NAME_FIRST.get(language_now()).to_owned(),
            }]);
        }
        open.set(true);
    };
    let add = Callback::new(move |questions: Vec<String>| {
        text.update(|text| *text = state::with_questions(text, &questions));
    });
    view! {
        <div class="questions-bar">
            <QuestionCount text />
            <Button
                label=projects::SUGGEST
                glyph=Glyph::Sparkle
                on_press=press
            />
        </div>
        {there_once_open(open.into(), suggest::suggest_window, (open, wish, add))}
        <TextAreaField
            label=projects::QUESTIONS_LABEL
            value=text
            form
            path="prompts"
            rows=10
            hint=projects::QUESTIONS_HINT
            placeholder=projects::QUESTIONS_EXAMPLE
        />
        <Problems form text />
        <Duplicates text />
    }
}

/// How many lines are left out because they say what others say; which, on demand.
#[component]
fn Duplicates(text: RwSignal<String>) -> impl IntoView {
    let again = Memo::new(move |_| text.with(|text| state::duplicates(text)));
    move || {
        let again = again.get();
        let words = match again.len() {
            0 => return None,
            1 => projects::DUPLICATE_ONE.get(language()).to_owned(),
            count => fill(projects::DUPLICATES, &[("count", &count)]),
        };
        let lines = again.into_iter().map(|(line, words)| {
            view! {
                <li>
                    <strong>{fill(projects::LINE, &[("line", &line)])}</strong>
                    " "
                    {words}
                </li>
            }
        });
        Some(view! {
            <details class="field-hint">
                <summary>{words}</summary>
                <ul class="notice-list">{lines.collect_view()}</ul>
            </details>
        })
    }
}

#[component]
fn QuestionCount(text: RwSignal<String>) -> impl IntoView {
    let count = Memo::new(move |_| text.with(|text| state::questions(text).len()));
    let words = move || {
        let count = i64::try_from(count.get()).unwrap_or(i64::MAX);
        let most = i64::try_from(PROMPTS).unwrap_or(i64::MAX);
        fill(
            projects::QUESTION_COUNT,
            &[
                ("count", &format::whole(count)),
                ("max", &format::whole(most)),
            ],
        )
    };
    view! {
        <p class="questions-count" role="status">
            {words}
        </p>
    }
}

#[component]
fn Problems(form: Submission, text: RwSignal<String>) -> impl IntoView {
    let wrong = Memo::new(move |_| {
        text.with(|text| {
            state::wrong_lines(language(), text, SHOWN_PROBLEMS + 1)
                .into_iter()
                .map(|wrong| (wrong.line, wrong.message))
                .collect::<Vec<_>>()
        })
    });
    move || {
        let wrong = wrong.get();
        // What the form says about the field says the same.
        let is_said = form.error_of("prompts").is_some();
        (!is_said && !wrong.is_empty()).then(|| {
            let has_more = wrong.len() > SHOWN_PROBLEMS;
            let lines = wrong
                .into_iter()
                .take(SHOWN_PROBLEMS)
                .map(|(line, message)| {
                    view! {
                        <li>
                            <strong>{fill(projects::LINE, &[("line", &line)])}</strong>
                            " "
                            {message}
                        </li>
                    }
                })
                .collect_view();
            view! {
                <div class="notice is-warning">
                    <Icon glyph=Glyph::Warning />
                    <ul class="notice-list">
                        {lines}
                        {has_more.then(|| view! { <li>{projects::MORE_LINES.get(language())}</li> })}
                    </ul>
                </div>
            }
        })
    }
}
