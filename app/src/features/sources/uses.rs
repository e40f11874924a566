//! Who cites a source: questions and models, each with a way down to its answers.

use leptos::prelude::*;

use crate::address::at;
use crate::api;
use crate::frame::query::{PageQuery, Tab};
use crate::frame::scope::Scope;
use crate::model::sources::{SourceQuery, SourceRow, SourceUse};
use crate::texts::sources as texts;
use crate::ui::format as words;
use crate::ui::{AsyncView, LinkButton, ProviderMark, Remote, TableFrame, fill, t};

/// The prompts and models whose answers cite the source of a row.
#[component]
pub(super) fn Uses(scope: Scope, row: SourceRow) -> impl IntoView {
    let domain = row.page_id.is_none().then(|| row.domain.clone());
    let page = row.page_id;
    let query = scope
        .query
        .with_untracked(|query| query.source_query(scope.project_id, scope.period.get_untracked()));
    let query = SourceQuery {
        domain: domain.clone(),
        page_id: page,
        ..query
    };
    let remote = Remote::new(move || api::sources::source_uses(query.clone()));
    let of_domain = domain.clone();
    let to_answers = move |query: &mut PageQuery| {
        *query = PageQuery {
            tab: Tab::Answers,
            models: query.models.clone(),
            domain: of_domain.clone(),
            page,
            ..query.without_filters()
        };
    };
    let narrowed = to_answers.clone();
    let children = move |uses: Vec<SourceUse>| table(scope, &uses, narrowed.clone());
    let pages = domain.map(|domain| {
        let href = scope.link(|query| {
            *query = PageQuery {
                tab: Tab::Sources,
                models: query.models.clone(),
                domain: Some(domain.clone()),
                by_page: true,
                ..query.without_filters()
            };
        });
        view! { <LinkButton label=texts::SHOW_PAGES href /> }
    });
    view! {
        <p class="muted">{fill(texts::USES_LEAD, &[("name", &row.name)])}</p>
        <div class="source-links">
            <LinkButton label=texts::SHOW_ANSWERS href=scope.link(to_answers) />
            {pages}
        </div>
        <AsyncView remote children />
    }
}

fn table(scope: Scope, uses: &[SourceUse], to_answers: impl Fn(&mut PageQuery) + Clone) -> AnyView {
    if uses.iter().all(|used| used.answers == 0) {
        return view! { <p>{t(texts::NOBODY)}</p> }.into_any();
    }
    let rows = uses
        .iter()
        .map(|used| {
            let href = scope.link(|query| {
                to_answers(query);
                query.prompt = Some(used.prompt_id);
                query.models = vec![used.model_id];
            });
            view! {
                <tr>
                    <th scope="row">
                        <a class="link" href=at(&href)>
                            {used.prompt_text.clone()}
                        </a>
                    </th>
                    <td data-label=t(texts::MODEL)>
                        <span class="model-name">
                            <ProviderMark provider=used.provider />
                            <span>{used.model_name.clone()}</span>
                        </span>
                    </td>
                    <td class="is-number" data-label=t(texts::CITING)>
                        {words::whole(used.answers)}
                    </td>
                    <td class="is-number" data-label=t(texts::RETRIEVED_ONLY)>
                        {words::whole(used.retrieved)}
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <TableFrame caption=texts::USES class="is-cards">
            <thead>
                <tr>
                    <th scope="col">{t(texts::QUESTION)}</th>
                    <th scope="col">{t(texts::MODEL)}</th>
                    <th scope="col" class="is-number">{t(texts::CITING)}</th>
                    <th scope="col" class="is-number">{t(texts::RETRIEVED_ONLY)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
    .into_any()
}
