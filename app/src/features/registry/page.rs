//! Models and prices.

use leptos::prelude::*;

use super::add_model::AddModel;
use super::model_row::ModelRow;
use super::state;
use crate::api;
use crate::features::home::NotFoundPage;
use crate::model::ids::ModelId;
use crate::model::provider::Provider;
use crate::model::registry::ModelView;
use crate::texts::{nav, registry};
use crate::ui::{
    Button, ErrorPanel, Glyph, Look, PageHeader, ProviderMark, Remote, Simulated, Skeleton,
    TableFrame, Words, fill, session, t,
};

/// Models and prices.
#[component]
pub fn ModelsPage() -> impl IntoView {
    if !untrack(session::is_admin) {
        return view! { <NotFoundPage /> }.into_any();
    }
    let models = Remote::new(api::registry::list_models);
    let adding = RwSignal::new(false);
    view! {
        <PageHeader title=nav::MODELS lead=registry::LEAD>
            <Button
                label=registry::ADD_MODEL
                glyph=Glyph::Plus
                look=Look::Primary
                on_press=move |()| adding.set(true)
            />
        </PageHeader>
        <PriceBook models />
        <AddModel open=adding on_added=move |()| models.reload() />
    }
    .into_any()
}

/// The tables. They are made once a provider and model, not again with each change: what is
/// typed in one row must not vanish because another one was saved.
#[component]
fn PriceBook(models: Remote<Vec<ModelView>>) -> impl IntoView {
    let groups = Memo::new(move |_| {
        state::by_provider(&models.value().unwrap_or_default())
            .into_iter()
            .map(|(provider, own)| (provider, own.into_iter().map(|model| model.id).collect()))
            .collect::<Vec<(Provider, Vec<ModelId>)>>()
    });
    let failure = Memo::new(move |_| models.result().and_then(Result::err));
    let is_empty = Memo::new(move |_| models.result().is_none());
    view! {
        {move || {
            failure
                .get()
                .map(|error| view! { <ErrorPanel error on_retry=move |()| models.reload() /> })
        }}
        <Show when=move || is_empty.get()>
            <Skeleton lines=8 />
        </Show>
        <div class="page-stack">
            <For
                each=move || groups.get()
                key=|(provider, _)| provider.slug()
                let((provider, _))
            >
                <ProviderModels provider groups models />
            </For>
        </div>
    }
}

#[component]
fn ProviderModels(
    provider: Provider,
    groups: Memo<Vec<(Provider, Vec<ModelId>)>>,
    models: Remote<Vec<ModelView>>,
) -> impl IntoView {
    let ids = Memo::new(move |_| {
        groups.with(|groups| {
            groups
                .iter()
                .find(|(of, _)| *of == provider)
                .map(|(_, ids)| ids.clone())
                .unwrap_or_default()
        })
    });
    let caption = Words::new(move || fill(registry::MODELS_OF, &[("name", &provider.label())]));
    view! {
        <section class="card price-card" aria-label=provider.label()>
            <header class="price-head">
                <ProviderMark provider />
                <h2>{provider.label()}</h2>
                {(provider == Provider::Simulator).then(|| view! { <Simulated /> })}
            </header>
            <TableFrame caption class="price-table">
                <thead>
                    <tr>
                        <th scope="col">{t(registry::MODEL)}</th>
                        <th scope="col">{t(registry::INPUT)}</th>
                        <th scope="col">{t(registry::OUTPUT)}</th>
                        <th scope="col">{t(registry::CACHED)}</th>
                        <th scope="col">{t(registry::SEARCH_FEE)}</th>
                        <th scope="col">{t(registry::MAX_TOKENS)}</th>
                        <th scope="col">{t(registry::MAX_IN_FLIGHT)}</th>
                        <th scope="col">{t(registry::WEB_SEARCH)}</th>
                        <th scope="col">{t(registry::CURRENT)}</th>
                        <th scope="col">{t(registry::AVAILABLE)}</th>
                        <td></td>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || ids.get() key=|id| id.0 let:id>
                        <ModelRow id models />
                    </For>
                </tbody>
            </TableFrame>
        </section>
    }
}
