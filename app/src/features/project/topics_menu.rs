//! The topics to choose from: the tags that the project's questions have.

use leptos::prelude::*;

use crate::choice::{self, Item};
use crate::frame::scope::Scope;
use crate::texts::period as texts;
use crate::ui::multi_select::MultiSelect;
use crate::ui::t;
use crate::validate::TAGS;

/// The topics of the project by the alphabet, and those that the page is of, whether or not a
/// question has them any more.
pub(super) fn items(scope: Scope) -> Memo<Vec<Item>> {
    Memo::new(move |before: Option<&Vec<Item>>| {
        let project = scope.project.value();
        let prompts = project.map(|project| project.prompts).unwrap_or_default();
        let mut names: Vec<String> = prompts.into_iter().flat_map(|prompt| prompt.tags).collect();
        names.extend(scope.query.with(|query| query.topics.clone()));
        names.extend(scope.shown.with(|shown| shown.topics.clone()));
        choice::by_name(before.map(Vec::as_slice).unwrap_or_default(), names)
    })
}

/// What the button of the topics opens, or a part of what another one does.
#[component]
pub(super) fn TopicsMenu(
    scope: Scope,
    items: Memo<Vec<Item>>,
    #[prop(optional)] is_part: bool,
) -> impl IntoView {
    let chosen = Signal::derive(move || {
        let topics = scope.query.with(|query| query.topics.clone());
        items.with(|items| choice::ids_of(items, &topics))
    });
    let on_choose = Callback::new(move |next: Vec<i64>| {
        let before = chosen.get_untracked();
        let topics = items.with_untracked(|items| {
            let next = choice::at_most(TAGS, items, before, next);
            let chosen = items.iter().filter(|item| next.contains(&item.id));
            chosen.map(|item| item.name.clone()).collect()
        });
        scope.choose_topics(topics);
    });
    view! {
        <MultiSelect
            label=texts::TOPICS
            search=texts::SEARCH_TOPICS
            // No topic stands apart.
            apart=texts::TOPICS
            items=items.into()
            chosen
            on_choose
            is_part
        />
        <p class="field-hint topics-hint">{t(texts::TOPICS_NOW)}</p>
    }
}
