//! Models and prices.

use leptos::prelude::*;

use super::add_model::AddModel;
use super::changes::ChangesCard;
use super::import::ImportPrices;
use super::model_row::ModelRow;
use super::retiring::RetiringNotice;
use super::review::{RejectedSwitch, ReviewCard};
use crate::api;
use crate::frame::head::Head;
use crate::frame::not_found::NotFoundPage;
use crate::model::ids::ModelId;
use crate::model::provider::Provider;
use crate::model::registry::{CheckView, ModelView};
use crate::order;
use crate::texts::{nav, registry};
use crate::ui::later;
use crate::ui::locale::fill_now;
use crate::ui::skeletons::Shape;
use crate::ui::{
    Button, ErrorPanel, Glyph, Look, ProviderMark, Remote, Simulated, Skeleton, Submission,
    TableFrame, Together, Words, fill, session, t, toast,
};

/// What the page is about to show.
const SHAPES: &[Shape] = &[Shape::Rows(3), Shape::Rows(12)];

/// So many rows of prices fill a screen: the others are made once these are painted.
const FIRST_ROWS: usize = 12;

/// Models and prices.
#[component]
pub fn ModelsPage() -> impl IntoView {
    if !untrack(session::is_admin) {
        return view! { <NotFoundPage /> }.into_any();
    }
    let models = Remote::new(api::registry::list_models);
    let retiring = Remote::new(api::registry::retiring_models);
    let changes = Remote::new(api::registry::registry_changes);
    let adding = RwSignal::new(false);
    let importing = RwSignal::new(false);
    let with_rejected = RwSignal::new(false);
    let reload = Callback::new(move |()| {
        models.reload();
        retiring.reload();
        changes.reload();
    });
    let is_there = Signal::derive(move || {
        let known = models.result().is_some() && retiring.result().is_some();
        known && changes.result().is_some()
    });
    // What a row changed is told below.
    Effect::new(move |was_known: Option<bool>| {
        let is_known = models.read(|_| ()).is_some();
        if was_known == Some(true) {
            changes.reload();
        }
        is_known
    });
    let below = move || {
        let is_painted = later::is_painted();
        let view = move || {
            is_painted.get().then(|| {
                view! {
                    <RejectedSwitch models with_rejected />
                    <ChangesCard changes />
                }
                .into_any()
            })
        };
        view.into_any()
    };
    view! {
        <Head title=nav::MODELS>
            <CheckButton on_checked=reload />
            <Button
                label=registry::IMPORT
                glyph=Glyph::Download
                on_press=move |()| importing.update(|importing| *importing = !*importing)
            />
            <Button
                label=registry::ADD_MODEL
                glyph=Glyph::Plus
                look=Look::Primary
                on_press=move |()| adding.set(true)
            />
        </Head>
        <p class="page-lead">{t(registry::LEAD)}</p>
        <Together is_there shapes=SHAPES>
        <div class="page-stack">
            <RetiringNotice retiring />
            <ImportPrices open=importing on_accepted=reload />
            <ReviewCard models on_decided=move |()| retiring.reload() />
            <PriceBook models with_rejected />
            {below()}
        </div>
        </Together>
        <AddModel open=adding on_added=reload />
    }
    .into_any()
}

/// Looks at the providers' lists now, and says what came of it.
#[component]
fn CheckButton(on_checked: Callback<()>) -> impl IntoView {
    let form = Submission::new();
    let say = move |checked: CheckView| {
        if checked.checked.is_empty() && checked.failed.is_empty() {
            toast::message(fill_now(registry::NO_KEYS_TO_CHECK, &[]));
            return;
        }
        let (count, new) = (checked.checked.len(), checked.new_models.len());
        toast::message(fill_now(
            registry::CHECKED,
            &[("count", &count), ("new", &new)],
        ));
        for (provider, reason) in checked.failed {
            let name = provider.label();
            let values: [(&str, &dyn std::fmt::Display); 2] =
                [("name", &name), ("reason", &reason)];
            toast::message(fill_now(registry::CHECK_FAILED, &values));
        }
        on_checked.run(());
    };
    let failed = Callback::new(move |()| {
        if let Some(error) = form.error() {
            toast::error(&error);
        }
    });
    view! {
        <Button
            label=registry::CHECK_NOW
            glyph=Glyph::Refresh
            pending=Signal::derive(move || form.is_pending())
            on_press=move |()| form.run_or(api::registry::check_models(), say, failed)
        />
    }
}

/// The tables. They are made once a provider and model, not again with each change: what is
/// typed in one row must not vanish because another one was saved.
#[component]
fn PriceBook(models: Remote<Vec<ModelView>>, with_rejected: RwSignal<bool>) -> impl IntoView {
    let groups = Memo::new(move |_| {
        order::by_provider(&models.value().unwrap_or_default(), with_rejected.get())
            .into_iter()
            .map(|(provider, own)| (provider, own.into_iter().map(|model| model.id).collect()))
            .collect::<Vec<(Provider, Vec<ModelId>)>>()
    });
    let failure = Memo::new(move |_| models.result().and_then(Result::err));
    let is_empty = Memo::new(move |_| models.result().is_none());
    let is_painted = later::is_painted();
    let shown = move || {
        let mut rows = 0;
        let is_shown = |(_, own): &(Provider, Vec<ModelId>)| {
            let is_first = rows < FIRST_ROWS;
            rows += own.len();
            is_first || is_painted.get()
        };
        groups
            .get()
            .into_iter()
            .take_while(is_shown)
            .collect::<Vec<_>>()
    };
    view! {
        {move || {
            failure
                .get()
                .map(|error| view! { <ErrorPanel error on_retry=move |()| models.reload() /> })
        }}
        <Show when=move || is_empty.get()>
            <Skeleton lines=8 />
        </Show>
        <For each=shown key=|(provider, _)| provider.slug() let((provider, _))>
            <ProviderModels provider groups models />
        </For>
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
