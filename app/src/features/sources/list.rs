//! The table of sources, the most cited first, a page at a time.

use leptos::prelude::*;

use super::uses::Uses;
use crate::api;
use crate::frame::answered::Answered;
use crate::frame::left_out::LeftOut;
use crate::frame::query::Tab;
use crate::frame::return_to_place;
use crate::frame::scope::Scope;
use crate::model::metrics::is_few;
use crate::model::sources::{SourceQuery, SourceRow, SourceTable};
use crate::texts::{answers, overview, sources as texts};
use crate::ui::format as words;
use crate::ui::{
    Button, Dialog, EmptyState, ErrorPanel, Glyph, Notice, Remote, RemovableChip, Segment,
    Segments, Skeleton, Submission, TableFrame, Tone, Whose, Words, fill, locale, remote, t,
};
use crate::words::addresses::safe_address;
use crate::words::amount::Amount;

/// The host gives no more at a time.
const MAX_PAGE: u32 = 200;

/// The table of sources, and above it what it is by.
#[component]
pub fn SourcesView(
    /// What the page is about and how it is filtered.
    scope: Scope,
) -> impl IntoView {
    let query = Memo::new(move |_| {
        scope
            .query
            .with(|query| query.source_query(scope.project_id, scope.period.get()))
    });
    let answered = Answered::new(query);
    let table = Remote::new(move || {
        scope.refresh.track();
        let asked = query.get();
        let path = Tab::Sources.address(scope.project_id);
        let wanted = SourceQuery {
            limit: return_to_place::rows(&path).map(|rows| rows.min(MAX_PAGE)),
            ..asked.clone()
        };
        async move {
            let reply = api::sources::list_sources(wanted).await;
            answered.note(asked);
            reply
        }
    });
    let listed = Memo::new(move |_| {
        let key = scope.query.with(|query| query.source.clone())?;
        let rows = table.value()?.rows;
        rows.into_iter().find(|row| key_of(row) == key)
    });
    // Beyond the rows that are shown it is asked for alone.
    let unlisted = Memo::new(move |_| {
        if table.value().is_none() || listed.with(Option::is_some) {
            return None;
        }
        scope
            .query
            .with(|query| query.open_source_query(scope.project_id, scope.period.get()))
    });
    let alone = Remote::new(move || {
        scope.refresh.track();
        let wanted = unlisted.get();
        async move {
            let Some(wanted) = wanted else {
                return Ok(None);
            };
            let found = api::sources::list_sources(wanted).await?;
            Ok(found.rows.into_iter().next())
        }
    });
    let chosen = Memo::new(move |_| {
        let key = scope.query.with(|query| query.source.clone())?;
        let found = listed.get().or_else(|| alone.value().flatten());
        found.filter(|row| key_of(row) == key)
    });
    let open = RwSignal::new(false);
    // The dialog follows the address, and the address a dialog that somebody closes.
    Effect::new(move |_| open.set(chosen.with(Option::is_some)));
    Effect::new(move |was_open: Option<bool>| {
        let is_open = open.get();
        if was_open == Some(true) && !is_open && chosen.with_untracked(Option::is_some) {
            scope.close(|query| query.source = None);
        }
        is_open
    });
    let choose = Callback::new(move |row: SourceRow| {
        scope.change(|query| query.source = Some(key_of(&row)));
    });
    let contents = move || match table.result() {
        None => view! { <Skeleton lines=8 /> }.into_any(),
        Some(Err(error)) => {
            view! { <ErrorPanel error on_retry=move |()| table.reload() /> }.into_any()
        }
        Some(Ok(found)) if found.rows.is_empty() => {
            view! { <EmptyState glyph=Glyph::Search title=texts::NONE message=texts::NONE_HINT /> }
                .into_any()
        }
        Some(Ok(found)) => rows(&found, choose).into_any(),
    };
    let left_out = Signal::derive(move || {
        let found = table.value();
        found.map(|found| found.left_out).unwrap_or_default()
    });
    view! {
        <div class="answers-view">
            <div class="project-badges">
                <LeftOut scope models=left_out />
            </div>
            <Choices scope table />
            <div
                class="answer-table"
                class:is-old=move || answered.is_old()
                aria-busy=move || table.is_loading().then_some("true")
            >
                {contents}
            </div>
            <More table query />
            <Dialog
                open
                title=Words::new(move || {
                    chosen.with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default())
                })
            >
                {move || chosen.get().map(|row| view! { <Uses scope row /> })}
            </Dialog>
        </div>
    }
}

/// How an address names a source.
fn key_of(row: &SourceRow) -> String {
    row.page_id
        .map_or_else(|| row.domain.clone(), |page| page.to_string())
}

/// By domain or by page, and of which domain.
#[component]
fn Choices(scope: Scope, table: Remote<SourceTable>) -> impl IntoView {
    let choice = move |by_page: bool, name| {
        let is_it = move || scope.query.get().by_page == by_page;
        let choose = move || {
            scope.change(|query| {
                query.by_page = by_page;
                query.domain = None;
                query.source = None;
            });
        };
        Segment::new(name, is_it, choose)
    };
    let units = vec![
        choice(false, texts::BY_DOMAIN),
        choice(true, texts::BY_PAGE),
    ];
    let of_domain = move || {
        let domain = scope.query.get().source_domain()?;
        Some(view! {
            <RemovableChip
                label=fill(texts::PAGES_OF, &[("domain", &domain)])
                on_remove=move |()| scope.change(|query| query.domain = None)
            />
        })
    };
    view! {
        <div class="answer-filters" role="group" aria-label=t(texts::BY)>
            <Segments legend=texts::BY segments=units />
            {of_domain}
            <p class="answer-total" role="status">
                {move || {
                    let table = table.value()?;
                    let total = match table.total {
                        1 => fill(texts::TOTAL_ONE, &[]),
                        total => fill(texts::TOTAL, &[("total", &words::whole(total))]),
                    };
                    let over = match table.answers {
                        1 => fill(overview::ANSWER_ONE, &[]),
                        n => fill(overview::ANSWERS, &[("n", &words::whole(n))]),
                    };
                    Some(format!("{total} · {over}"))
                }}
            </p>
        </div>
    }
}

fn rows(table: &SourceTable, choose: Callback<SourceRow>) -> impl IntoView + use<> {
    let is_pages = table.rows.iter().any(|row| row.page_id.is_some());
    let (name, last) = if is_pages {
        (texts::PAGE, None)
    } else {
        (texts::DOMAIN, Some(texts::PAGES))
    };
    let last = last.map(|last| view! { <th scope="col" class="is-number">{t(last)}</th> });
    let rows = table
        .rows
        .iter()
        .map(|found| row(found, table, choose))
        .collect_view();
    view! {
        <TableFrame caption=texts::SOURCES class="is-cards sources">
            <thead>
                <tr>
                    <th scope="col">{t(name)}</th>
                    <th scope="col">{t(texts::WHOSE)}</th>
                    <th scope="col" class="is-number">{t(texts::CITING)}</th>
                    <th scope="col" class="is-number">{t(texts::RATE)}</th>
                    <th scope="col" class="is-number">{t(texts::SHARE)}</th>
                    <th scope="col" class="is-number">{t(texts::RETRIEVED_ONLY)}</th>
                    {last}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
}

fn row(row: &SourceRow, table: &SourceTable, choose: Callback<SourceRow>) -> impl IntoView + use<> {
    let language = locale::language();
    let rate = row.rate(table).value().map(Amount::Share);
    let interval = rate.zip(row.interval);
    let interval = interval.map(|(rate, interval)| rate.interval_words(language, interval));
    let rate = rate.map(|rate| rate.shown(language, row.interval));
    let share = row.share(table).value();
    let share = share.map(|share| Amount::Share(share).words(language));
    let pressed = row.clone();
    let count = |name, count| {
        view! {
            <td class="is-number" data-label=t(name)>
                {words::whole(count)}
            </td>
        }
    };
    let detail = if row.site_only {
        texts::SITE_ONLY.get(language).to_owned()
    } else {
        row.title.clone().unwrap_or_default()
    };
    view! {
        // The button inside is what the keyboard presses; its click arrives here as well.
        <tr class="is-pressable" on:click=move |_| choose.run(pressed.clone())>
            <th scope="row">
                <button type="button" class="row-button" aria-haspopup="dialog">
                    {short(&row.name).to_owned()}
                </button>
                <span class="excerpt">{detail}</span>
            </th>
            <td data-label=t(texts::WHOSE)>
                <Whose kind=row.kind entity=row.entity.clone() />
            </td>
            {count(texts::CITING, row.answers)}
            <td
                class="is-number"
                class:is-faint=is_few(table.answers)
                data-label=t(texts::RATE)
            >
                <span class="cell-figure">
                    <span>{rate}</span>
                    <small>{interval}</small>
                </span>
            </td>
            <td class="is-number" data-label=t(texts::SHARE)>
                {share}
            </td>
            {count(texts::RETRIEVED_ONLY, row.retrieved)}
            {row.page_id.is_none().then(|| count(texts::PAGES, row.pages))}
        </tr>
    }
}

/// An address without what all have in common.
fn short(name: &str) -> &str {
    safe_address(name).map_or(name, |url| {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let rest = rest.strip_prefix("www.").unwrap_or(rest);
        rest.strip_suffix('/').unwrap_or(rest)
    })
}

/// The button that brings the next rows.
#[component]
fn More(table: Remote<SourceTable>, query: Memo<SourceQuery>) -> impl IntoView {
    let form = Submission::new();
    let shown = move || {
        table
            .value()
            .map_or((0, 0), |table| (table.rows.len(), table.total))
    };
    let has_more = Memo::new(move |_| {
        let (rows, total) = shown();
        i64::try_from(rows).is_ok_and(|rows| rows < total)
    });
    let load_more = move |()| {
        let asked = query.get_untracked();
        let wanted = SourceQuery {
            offset: u32::try_from(shown().0).unwrap_or(u32::MAX),
            ..asked.clone()
        };
        form.run(api::sources::list_sources(wanted), move |more| {
            // The filter may be another one by now.
            if query.get_untracked() == asked {
                table.update(|table| {
                    table.rows.extend(more.rows);
                    let rows = u32::try_from(table.rows.len()).unwrap_or(MAX_PAGE);
                    return_to_place::keep_rows(rows);
                });
            }
        });
    };
    view! {
        {move || form.error().map(|error| view! { <Notice tone=Tone::Danger>{remote::explain(&error)}</Notice> })}
        <Show when=move || has_more.get()>
            <div class="load-more">
                <Button
                    label=answers::LOAD_MORE
                    pending=Signal::derive(move || form.is_pending())
                    on_press=load_more
                />
            </div>
        </Show>
    }
}
