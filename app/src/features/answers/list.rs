//! The table of answers, the newest first, a page at a time.

use leptos::prelude::*;

use super::filters::Filters;
use super::parts::{Cost, Ended, Named};
use super::state::{export_address, rank_words, with_page};
use crate::api;
use crate::api::error::ApiError;
use crate::frame::answered::Answered;
use crate::frame::query::Tab;
use crate::frame::return_to_place;
use crate::frame::scope::Scope;
use crate::model::answer::{AnswerFilter, AnswerPage, AnswerRow};
use crate::texts::answers as texts;
use crate::ui::{
    Badge, Button, Downloads, EmptyState, ErrorPanel, Glyph, Notice, ProviderMark, Remote,
    Skeleton, Submission, TableFrame, Tone, later, locale, remote, t, when,
};
use crate::words::dates::duration;

const PAGE: u32 = 50;
/// So many rows fill a screen: the others are made once these are painted.
const FIRST_ROWS: usize = 15;
/// The host gives no more at a time.
const MAX_PAGE: u32 = 200;

#[derive(Clone, PartialEq)]
enum Stage {
    Loading,
    Failed(ApiError),
    Empty,
    There,
}

/// What the table shows at this moment, by the address.
fn filter(scope: Scope) -> Memo<AnswerFilter> {
    let project_id = scope.project_id;
    Memo::new(move |_| {
        scope
            .query
            .with(|query| query.answer_filter(project_id, scope.period.get(), None))
    })
}

/// The table and its filters.
#[component]
pub fn AnswersView(
    /// What the page is about and how it is filtered.
    scope: Scope,
) -> impl IntoView {
    let filter = filter(scope);
    let shown = StoredValue::new((AnswerFilter::default(), 0_u32));
    let answered = Answered::new(filter);
    let page = Remote::new(move || {
        scope.refresh.track();
        let mut wanted = filter.get();
        let asked = wanted.clone();
        // New answers come on top of what has been paged through already.
        let (known, rows) = shown.get_value();
        let rows = if known == wanted {
            rows
        } else {
            return_to_place::rows(&Tab::Answers.address(scope.project_id)).unwrap_or(PAGE)
        };
        let limit = rows.clamp(PAGE, MAX_PAGE);
        shown.set_value((wanted.clone(), limit));
        wanted.limit = Some(limit);
        async move {
            let reply = api::answers::list_answers(wanted).await;
            answered.note(asked);
            reply
        }
    });
    let stage = Memo::new(move |_| match page.result() {
        None => Stage::Loading,
        Some(Err(error)) => Stage::Failed(error),
        Some(Ok(page)) if page.rows.is_empty() => Stage::Empty,
        Some(Ok(_)) => Stage::There,
    });
    let total = Memo::new(move |_| page.value().map(|page| (page.total, page.is_at_least)));
    let grown = move |rows: usize| {
        let rows = u32::try_from(rows).unwrap_or(MAX_PAGE);
        shown.update_value(|shown| shown.1 = rows);
        return_to_place::keep_rows(rows);
    };
    view! {
        <div class="answers-view">
            <Filters scope total />
            {move || match stage.get() {
                Stage::Loading => view! { <Skeleton lines=8 /> }.into_any(),
                Stage::Failed(error) => {
                    view! { <ErrorPanel error on_retry=move |()| page.reload() /> }.into_any()
                }
                Stage::Empty => view! { <EmptyState glyph=Glyph::Search title=texts::NONE message=texts::NONE_HINT /> }
                    .into_any(),
                Stage::There => view! {
                    <div class:is-old=move || answered.is_old()>
                        <Table scope page filter grown=Callback::new(grown) />
                    </div>
                }
                .into_any(),
            }}
        </div>
    }
}

#[component]
fn Table(
    scope: Scope,
    page: Remote<AnswerPage>,
    filter: Memo<AnswerFilter>,
    grown: Callback<usize>,
) -> impl IntoView {
    let form = Submission::new();
    let is_painted = later::is_painted();
    let rows = move || {
        let mut rows = page.value().map(|page| page.rows).unwrap_or_default();
        if !is_painted.get() {
            rows.truncate(FIRST_ROWS);
        }
        rows
    };
    let files = move || {
        is_painted.get().then(|| {
            let address = move |format| filter.with(|filter| export_address(filter, format));
            view! { <Downloads address /> }
        })
    };
    let next = Memo::new(move |_| page.value().and_then(|page| page.next));
    let load_more = move |()| {
        let asked = filter.get_untracked();
        let wanted = AnswerFilter {
            before: next.get_untracked(),
            limit: Some(PAGE),
            ..asked.clone()
        };
        form.run(api::answers::list_answers(wanted), move |more| {
            // The filter may be another one by now.
            if filter.get_untracked() == asked {
                page.update(|page| {
                    *page = with_page(std::mem::take(page), more);
                    grown.run(page.rows.len());
                });
            }
        });
    };
    view! {
        <div class="answer-table" aria-busy=move || page.is_loading().then_some("true")>
            <TableFrame caption=texts::ANSWERS class="is-cards answers">
                <thead>
                    <tr>
                        <th scope="col">{t(texts::TIME)}</th>
                        <th scope="col">{t(texts::QUESTION)}</th>
                        <th scope="col">{t(texts::MODEL)}</th>
                        <th scope="col">{t(texts::BRAND_NAMED)}</th>
                        <th scope="col">{t(texts::RANK)}</th>
                        <th scope="col">{t(texts::COMPETITORS)}</th>
                        <th scope="col" class="is-number">{t(texts::COST)}</th>
                        <th scope="col" class="is-number">{t(texts::LATENCY)}</th>
                        <th scope="col">{t(texts::OUTCOME)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=rows key=|row| row.id let:row>
                        <Row scope row />
                    </For>
                </tbody>
            </TableFrame>
        </div>
        {move || form.error().map(|error| view! { <Notice tone=Tone::Danger>{remote::explain(&error)}</Notice> })}
        {files}
        <Show when=move || is_painted.get() && next.get().is_some()>
            <div class="load-more">
                <Button
                    label=texts::LOAD_MORE
                    pending=Signal::derive(move || form.is_pending())
                    on_press=load_more
                />
            </div>
        </Show>
    }
}

#[component]
fn Row(scope: Scope, row: AnswerRow) -> impl IntoView {
    let id = row.id;
    let is_open = Memo::new(move |_| scope.query.get().answer == Some(id));
    let (rank, total) = (row.rank, row.list_total);
    let rank =
        move || rank_words(locale::language(), rank, total).unwrap_or_else(|| "–".to_owned());
    let competitors = if row.competitors.is_empty() {
        "–".to_owned()
    } else {
        row.competitors.join(", ")
    };
    let (latency, at) = (row.latency_ms, row.at);
    view! {
        // The button inside is what the keyboard presses; its click arrives here as well.
        <tr
            class="is-pressable"
            class:is-chosen=is_open
            on:click=move |_| scope.change(|query| query.answer = Some(id))
        >
            <td data-label=t(texts::TIME)>
                <span class="time">{when(at)}</span>
            </td>
            <th scope="row">
                <button type="button" class="row-button" aria-haspopup="dialog">
                    {row.prompt_text.clone()}
                </button>
                <span class="excerpt">{row.excerpt.clone()}</span>
            </th>
            <td data-label=t(texts::MODEL)>
                <span class="model-name">
                    <ProviderMark provider=row.provider />
                    <span>{row.model_name.clone()}</span>
                </span>
            </td>
            <td data-label=t(texts::BRAND_NAMED)>
                <Named source=row.source count=row.text_count />
            </td>
            <td class="rank" data-label=t(texts::RANK)>
                {rank}
            </td>
            <td class="rivals" data-label=t(texts::COMPETITORS)>
                {competitors}
            </td>
            <td class="is-number" data-label=t(texts::COST)>
                <Cost amount=row.cost kind=row.cost_kind />
            </td>
            <td class="is-number" data-label=t(texts::LATENCY)>
                {move || duration(locale::language(), latency)}
            </td>
            <td data-label=t(texts::OUTCOME)>
                <Ended outcome=row.outcome error_class=row.error_class />
                {row
                    .simulated
                    .then(|| view! { <Badge label=crate::texts::common::SIMULATED glyph=Glyph::Flask /> })}
            </td>
        </tr>
    }
}
