//! What the table of answers is filtered by; all of it stands in the address.

use leptos::prelude::*;

use super::state::view_address;
use crate::frame::query::{PageQuery, Tab};
use crate::frame::saved_views::{self, ViewedPage};
use crate::frame::scope::Scope;
use crate::model::answer::Sentiment;
use crate::model::views::ViewPlace;
use crate::texts::{Text, answers as texts, sources};
use crate::ui::{Button, Glyph, Look, RemovableChip, browser, fill, locale, t};
use crate::validate::MAX_WORDS;
use crate::words::figure;

/// The filters of the table.
#[component]
pub(super) fn Filters(scope: Scope, total: Memo<Option<(i64, bool)>>) -> impl IntoView {
    let query = scope.query;
    let has_filters = Memo::new(move |_| query.with(PageQuery::has_filters));
    view! {
        <div class="answer-filters" role="group" aria-label=t(texts::FILTERS)>
            {views(scope)}
            // Where there is little room, they stand in the sheet of the head.
            <div class="answer-choices">
                <FilterChoices scope />
            </div>
            {words(texts::TEXT_HOLDS, scope)}
            <Chips scope />
            <Show when=move || has_filters.get()>
                <Button
                    label=texts::CLEAR_FILTERS
                    look=Look::Quiet
                    glyph=Glyph::Close
                    on_press=move |()| scope.change(|query| *query = query.without_filters())
                />
            </Show>
            <p class="answer-total" role="status">
                {move || total.get().map(counted)}
            </p>
        </div>
    }
}

/// The filters that are chosen from a list.
#[component]
pub fn FilterChoices(
    /// What the page is about and how it is filtered.
    scope: Scope,
) -> impl IntoView {
    let query = scope.query;
    let prompts = Signal::derive(move || {
        let prompts = scope
            .project
            .value()
            .map(|project| project.prompts)
            .unwrap_or_default();
        prompts
            .into_iter()
            .map(|prompt| (prompt.id.to_string(), prompt.text))
            .collect::<Vec<_>>()
    });
    // Only a judge's word can be looked for.
    let is_judged = Memo::new(move |_| {
        let numbers = scope.numbers.get();
        query.with(|query| query.sentiment.is_some())
            || numbers.is_some_and(|numbers| figure::is_judged(&numbers.total))
    });
    let mentioned = yes_no_options(texts::NAMED_YES, texts::NAMED_NO);
    let failed = yes_no_options(texts::ONLY_FAILURES, texts::ONLY_ANSWERS);
    view! {
        {choice(
            texts::QUESTION,
            texts::ALL_QUESTIONS,
            prompts,
            Signal::derive(move || query.get().prompt.map(|id| id.to_string())),
            move |value| scope.change(|query| query.prompt = value.and_then(|id| id.parse().ok())),
        )}
        {choice(
            texts::BRAND_NAMED,
            texts::NAMED_OR_NOT,
            mentioned,
            Signal::derive(move || query.get().mentioned.map(word)),
            move |value| scope.change(|query| query.mentioned = value.map(|value| value == "yes")),
        )}
        {choice(
            texts::OUTCOME,
            texts::ALL_OUTCOMES,
            failed,
            Signal::derive(move || query.get().failed.map(word)),
            move |value| scope.change(|query| query.failed = value.map(|value| value == "yes")),
        )}
        {choice(
            texts::SERVED,
            texts::SERVED_ANY,
            yes_no_options(texts::SERVED_ANOTHER, texts::SERVED_ASKED),
            Signal::derive(move || query.get().another.map(word)),
            move |value| scope.change(|query| query.another = value.map(|value| value == "yes")),
        )}
        <Show when=move || is_judged.get()>
            {choice(
                texts::SENTIMENT,
                texts::ANY_SENTIMENT,
                sentiments(),
                Signal::derive(move || query.get().sentiment.map(|said| said.word().to_owned())),
                move |value| {
                    scope
                        .change(|query| {
                            query.sentiment = value.as_deref().and_then(Sentiment::from_word);
                        });
                },
            )}
        </Show>
    }
}

/// The views of the table.
fn views(scope: Scope) -> AnyView {
    let page = ViewedPage {
        place: ViewPlace::Answers,
        project_id: Some(scope.project_id),
        now: Signal::derive(move || scope.query.with(view_address)),
        loose: &["period", "compare"],
        is_held: Signal::derive(move || scope.query.with(|query| query.answer.is_some())),
    };
    saved_views::saved_views(page, Tab::Answers.address(scope.project_id))
}

/// Filters that other parts of the page have set.
#[component]
fn Chips(scope: Scope) -> impl IntoView {
    let query = scope.query;
    view! {
        {move || {
            let query = query.get();
            let run = query.run.map(|run| fill(texts::OF_RUN, &[("run", &run)]));
            run.map(|name| {
                let clear = move |()| scope.change(|query| query.run = None);
                view! { <RemovableChip label=name on_remove=clear /> }
            })
        }}
        {move || {
            let provider = query.get().provider?;
            let clear = move |()| scope.change(|query| query.provider = None);
            Some(view! { <RemovableChip label=provider.label() on_remove=clear /> })
        }}
        {move || {
            let id = query.get().entity?;
            let name = scope
                .numbers
                .with(|numbers| {
                    let mut entities = numbers.as_ref()?.entities.iter();
                    Some(entities.find(|entity| entity.entity_id == id)?.name.clone())
                })?;
            let clear = move |()| scope.change(|query| query.entity = None);
            let label = fill(texts::NAMES, &[("name", &name)]);
            Some(view! { <RemovableChip label on_remove=clear /> })
        }}
        {move || {
            let query = query.get();
            let name = query
                .page
                .map(|page| fill(sources::OF_PAGE, &[("page", &page)]))
                .or_else(|| Some(fill(sources::OF_DOMAIN, &[("domain", &query.domain?)])));
            let clear = move |()| {
                scope
                    .change(|query| {
                        query.page = None;
                        query.domain = None;
                    });
            };
            name.map(|name| view! { <RemovableChip label=name on_remove=clear /> })
        }}
    }
}

/// How many answers there are, as far as they are counted.
fn counted((total, is_at_least): (i64, bool)) -> String {
    if total == 1 && !is_at_least {
        return fill(texts::TOTAL_ONE, &[]);
    }
    let more = if is_at_least { "+" } else { "" };
    let total = crate::ui::format::whole(total) + more;
    fill(texts::TOTAL, &[("total", &total)])
}

fn sentiments() -> Signal<Vec<(String, String)>> {
    Signal::derive(move || {
        let language = locale::language();
        [
            (Sentiment::Positive, texts::POSITIVE),
            (Sentiment::Neutral, texts::NEUTRAL),
            (Sentiment::Negative, texts::NEGATIVE),
        ]
        .map(|(said, name)| (said.word().to_owned(), name.get(language).to_owned()))
        .to_vec()
    })
}

fn word(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

fn yes_no_options(yes: Text, no: Text) -> Signal<Vec<(String, String)>> {
    Signal::derive(move || {
        let language = locale::language();
        vec![
            (word(true), yes.get(language).to_owned()),
            (word(false), no.get(language).to_owned()),
        ]
    })
}

fn choice(
    label: Text,
    all: Text,
    options: Signal<Vec<(String, String)>>,
    chosen: Signal<Option<String>>,
    choose: impl Fn(Option<String>) + 'static,
) -> impl IntoView {
    let id = browser::unique_id("filter");
    let options = move || {
        options
            .get()
            .into_iter()
            .map(|(value, name)| {
                let own = value.clone();
                view! {
                    <option value=value prop:selected=move || chosen.get().as_deref() == Some(own.as_str())>
                        {name}
                    </option>
                }
            })
            .collect_view()
    };
    view! {
        <div class="filter">
            <label for=id.clone()>{t(label)}</label>
            <select
                class="input"
                id=id
                on:change=move |event| {
                    let value = event_target_value(&event);
                    choose((!value.is_empty()).then_some(value));
                }
            >
                <option value="" prop:selected=move || chosen.get().is_none()>
                    {t(all)}
                </option>
                {options}
            </select>
        </div>
    }
}

/// A field for words that the answers' texts hold.
fn words(label: Text, scope: Scope) -> impl IntoView {
    let id = browser::unique_id("filter");
    view! {
        <div class="filter">
            <label for=id.clone()>{t(label)}</label>
            <input
                class="input"
                id=id
                type="search"
                maxlength=MAX_WORDS.to_string()
                prop:value=move || scope.query.get().text.unwrap_or_default()
                on:change=move |event| {
                    let typed = event_target_value(&event).trim().to_owned();
                    scope.change(|query| query.text = (!typed.is_empty()).then_some(typed));
                }
            />
        </div>
    }
}
