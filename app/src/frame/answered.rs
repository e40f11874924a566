//! Whether what a page shows answers what it asks by now: old figures do not stand there as if
//! they were those of a new question.

use leptos::prelude::*;

/// What is asked, and what the reply on the page is an answer to.
pub struct Answered<Q: Send + Sync + 'static> {
    wanted: Memo<Q>,
    newest: RwSignal<Option<Q>>,
}

impl<Q: Send + Sync + 'static> Clone for Answered<Q> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q: Send + Sync + 'static> Copy for Answered<Q> {}

impl<Q: Clone + PartialEq + Send + Sync + 'static> Answered<Q> {
    /// Nothing is answered yet.
    pub fn new(wanted: Memo<Q>) -> Self {
        Self {
            wanted,
            newest: RwSignal::new(None),
        }
    }

    /// Notes that a reply has come. One that another question has overtaken is not shown.
    pub fn note(self, asked: Q) {
        if self.wanted.try_get_untracked().as_ref() == Some(&asked) {
            let _ = self.newest.try_set(Some(asked));
        }
    }

    /// Whether something else is asked by now than what was answered.
    pub fn is_old(self) -> bool {
        self.newest.with(|newest| {
            let is_other = |newest: &Q| self.wanted.with(|wanted| wanted != newest);
            newest.as_ref().is_some_and(is_other)
        })
    }
}
