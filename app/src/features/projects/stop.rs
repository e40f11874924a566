//! The question before a project's budget becomes nothing, which stops its runs.

use leptos::prelude::*;

use crate::model::project::ProjectDraft;
use crate::texts::projects;
use crate::ui::ConfirmDialog;
use crate::ui::part::{part, there_once_open};

/// A project that is saved once somebody has said that its runs shall stop.
#[derive(Clone, Copy)]
pub struct StopQuestion {
    is_open: RwSignal<bool>,
    waiting: StoredValue<Option<ProjectDraft>>,
    save: Callback<ProjectDraft>,
}

impl StopQuestion {
    /// Nothing is asked yet; `save` is what a yes leads to.
    pub fn new(save: Callback<ProjectDraft>) -> Self {
        Self {
            is_open: RwSignal::new(false),
            waiting: StoredValue::new(None),
            save,
        }
    }

    /// Asks.
    pub fn ask(self, draft: ProjectDraft) {
        self.waiting.set_value(Some(draft));
        self.is_open.set(true);
    }

    fn go_on(self) {
        if let Some(draft) = self.waiting.get_value() {
            self.save.run(draft);
        }
    }
}

/// The window of the question.
pub fn stop_question(question: StopQuestion) -> AnyView {
    there_once_open(question.is_open.into(), stop_window, question)
}

part! {
    form_more: fn stop_window(question: StopQuestion) {
        view! {
            <ConfirmDialog
                open=question.is_open
                title=projects::STOP_TITLE
                message=projects::STOP_MESSAGE
                confirm=projects::STOP
                keep=projects::STOP_NOTHING
                on_confirm=move |()| question.go_on()
            />
        }
    }
}
