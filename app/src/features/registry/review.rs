//! Models that the check of the providers' lists has found, and what an admin says of them.

use leptos::prelude::*;

use super::state;
use crate::api;
use crate::model::ids::ModelId;
use crate::model::registry::ModelView;
use crate::texts::{Text, registry};
use crate::ui::locale::fill_now;
use crate::ui::{
    Badge, Button, Card, Glyph, Look, ProviderMark, Remote, Submission, Switch, Tone, Words, fill,
    format, toast,
};

/// The models that wait for a review; nothing where there are none.
#[component]
pub fn ReviewCard(
    /// The whole registry.
    models: Remote<Vec<ModelView>>,
    /// Called after a decision.
    #[prop(into)]
    on_decided: Callback<()>,
) -> impl IntoView {
    let waiting = Memo::new(move |_| state::waiting(&models.value().unwrap_or_default()));
    let is_empty = Memo::new(move |_| waiting.with(Vec::is_empty));
    view! {
        <Show when=move || !is_empty.get()>
            <Card title=registry::REVIEW_TITLE lead=registry::REVIEW_LEAD>
                <ul class="review-list">
                    <For each=move || waiting.get() key=|model| model.id.0 let:model>
                        <ReviewRow id=model.id models on_decided />
                    </For>
                </ul>
            </Card>
        </Show>
    }
}

#[component]
fn ReviewRow(
    id: ModelId,
    models: Remote<Vec<ModelView>>,
    on_decided: Callback<()>,
) -> impl IntoView {
    let model = Memo::new(move |_| {
        models
            .value()
            .and_then(|models| models.into_iter().find(|model| model.id == id))
    });
    let form = Submission::new();
    let decide = move |approve: bool| {
        form.run_or(
            api::registry::review_model(id, approve),
            move |stored| {
                let text = if approve {
                    registry::APPROVED
                } else {
                    registry::REJECTED
                };
                toast::message(fill_now(text, &[("name", &stored.display_name)]));
                models.update(|models| {
                    if let Some(model) = models.iter_mut().find(|model| model.id == id) {
                        *model = stored;
                    }
                });
                on_decided.run(());
            },
            Callback::new(move |()| {
                if let Some(error) = form.error() {
                    toast::error(&error);
                }
            }),
        );
    };
    let named = move |text: Text| {
        let name = move || {
            model
                .get()
                .map(|model| model.display_name)
                .unwrap_or_default()
        };
        Words::new(move || fill(text, &[("name", &name())]))
    };
    let is_unpriced = Signal::derive(move || model.get().is_none_or(|model| model.price.is_none()));
    let pending = Signal::derive(move || form.is_pending());
    view! {
        <li class="review-row">
            {move || model.get().map(what)}
            <span class="review-actions">
                <Button
                    label=registry::APPROVE
                    name=named(registry::APPROVE_OF)
                    glyph=Glyph::Check
                    disabled=is_unpriced
                    pending
                    on_press=move |()| decide(true)
                />
                <Button
                    label=registry::REJECT
                    name=named(registry::REJECT_OF)
                    look=Look::Quiet
                    pending
                    on_press=move |()| decide(false)
                />
            </span>
        </li>
    }
}

fn what(model: ModelView) -> AnyView {
    let seen = model.first_seen_at.map(|seen| {
        view! { <span class="muted">{fill(registry::FIRST_SEEN, &[("when", &format::date_of(seen))])}</span> }
    });
    let price = match &model.price {
        Some(price) => {
            let amounts = format!(
                "{} / {}",
                format::price(price.input),
                format::price(price.output)
            );
            view! { <span>{amounts}</span> }.into_any()
        }
        None => view! { <Badge label=registry::UNPRICED tone=Tone::Warning /> }.into_any(),
    };
    view! {
        <ProviderMark provider=model.provider />
        <span class="review-model">
            <span>{model.provider.label()} " · " {model.display_name}</span>
            <code>{model.model_id}</code>
        </span>
        {price}
        {seen}
    }
    .into_any()
}

/// A badge for a model that nobody has approved.
pub fn review_badge(model: &ModelView) -> Option<AnyView> {
    use crate::model::registry::Review;

    let badge = match model.review {
        Review::Approved => return None,
        Review::New => view! { <Badge label=registry::IS_NEW tone=Tone::Info /> },
        Review::Rejected => view! { <Badge label=registry::IS_REJECTED /> },
    };
    Some(badge.into_any())
}

/// Lets rejected models be seen too, where there are any.
#[component]
pub fn RejectedSwitch(
    /// The whole registry.
    models: Remote<Vec<ModelView>>,
    /// Whether they are seen.
    with_rejected: RwSignal<bool>,
) -> impl IntoView {
    let count = Memo::new(move |_| state::rejected(&models.value().unwrap_or_default()));
    let label = Words::new(move || fill(registry::SHOW_REJECTED, &[("count", &count.get())]));
    view! {
        <Show when=move || { count.get() > 0 }>
            <Switch
                label
                on=with_rejected
                on_change=move |wanted| with_rejected.set(wanted)
            />
        </Show>
    }
}
