//! A row of the price book: prices are typed in place, switches act at once.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::price_history::PriceHistory;
use super::prices;
use super::review::review_badge;
use super::state::{self, RowDraft};
use crate::api;
use crate::api::error::FieldError;
use crate::model::ids::ModelId;
use crate::model::registry::{ModelChange, ModelView};
use crate::texts::{Text, common, registry};
use crate::ui::locale::{fill_now, language, language_now};
use crate::ui::{
    Badge, Button, DayField, Glyph, Icon, Look, Menu, Remote, Submission, Switch, Tone,
    TypedNumber, Words, fill, format, retirement, session, t, toast, unsaved,
};

/// What the cells of a row share.
#[derive(Clone, Copy)]
struct Row {
    model: Signal<Option<ModelView>>,
    models: Remote<Vec<ModelView>>,
    draft: RwSignal<RowDraft>,
    form: Submission,
    /// What is wrong with what is typed, as it is typed.
    wrong: Memo<Vec<FieldError>>,
}

impl Row {
    fn name(self) -> String {
        self.model.with(|model| {
            model
                .as_ref()
                .map(|model| model.display_name.clone())
                .unwrap_or_default()
        })
    }

    fn named(self, text: Text) -> Words {
        Words::new(move || fill(text, &[("name", &self.name())]))
    }

    fn is_dirty(self) -> bool {
        self.model.with(|model| {
            model
                .as_ref()
                .is_some_and(|model| self.draft.with(|draft| *draft != RowDraft::of(model)))
        })
    }

    fn has_new_price(self) -> bool {
        self.model.with(|model| {
            model
                .as_ref()
                .is_some_and(|model| self.draft.with(|draft| draft.has_new_price(model)))
        })
    }

    /// What is wrong with a field: what was said of it when it was to be saved, else what is seen
    /// of what is typed there.
    fn error_of(self, path: &str, typed: &str) -> Option<String> {
        let said = self.form.error_of(path);
        if said.is_some() || typed.trim().is_empty() {
            return said;
        }
        self.wrong.with(|wrong| {
            let found = wrong.iter().find(|error| error.field == path);
            found.map(|error| error.message.clone())
        })
    }

    fn flag(self, read: fn(&ModelView) -> bool) -> Signal<bool> {
        Signal::derive(move || self.model.with(|model| model.as_ref().is_some_and(read)))
    }

    /// Takes over a row as the host has it now.
    fn take(self, stored: ModelView) {
        self.models.update(|models| {
            for model in models.iter_mut() {
                // A provider has one current model, so the former one stops being current.
                if stored.is_current && model.provider == stored.provider {
                    model.is_current = false;
                }
                if model.id == stored.id {
                    *model = stored.clone();
                }
            }
        });
    }

    /// Shows a change at once and asks the host for it; takes it back where the host refuses.
    fn switch(self, shown: impl FnOnce(&mut ModelView), change: ModelChange) {
        let Some(mut model) = self.model.get_untracked() else {
            return;
        };
        let id = model.id;
        shown(&mut model);
        self.take(model);
        // Not through the row's form: a second switch must not wait for the first one.
        spawn_local(async move {
            match api::registry::change_model(id, change).await {
                Ok(stored) => self.take(stored),
                Err(error) => {
                    toast::error(&error);
                    self.models.reload();
                }
            }
        });
    }

    fn save(self) {
        let Some(model) = self.model.get_untracked() else {
            return;
        };
        let change = self
            .draft
            .with_untracked(|draft| draft.change(language_now(), &model));
        match change {
            Ok(change) if change == ModelChange::default() => {
                self.draft.set(RowDraft::of(&model));
            }
            Ok(change) => self.form.run(
                api::registry::change_model(model.id, change),
                move |stored| {
                    self.draft.set(RowDraft::of(&stored));
                    toast::message(fill_now(registry::SAVED, &[("name", &stored.display_name)]));
                    self.take(stored);
                },
            ),
            Err(fields) => self.form.refuse(fields),
        }
    }
}

/// A row of the price book.
#[component]
pub fn ModelRow(
    /// The model.
    id: ModelId,
    /// The whole registry.
    models: Remote<Vec<ModelView>>,
) -> impl IntoView {
    let model = Memo::new(move |_| {
        // Each row looks for its own: none copies them all.
        let own = |models: &Vec<ModelView>| models.iter().find(|model| model.id == id).cloned();
        models.read(own).flatten()
    });
    let draft = RwSignal::new(
        model
            .get_untracked()
            .as_ref()
            .map(RowDraft::of)
            .unwrap_or_default(),
    );
    // A row in which nothing is typed follows what others write: a file of prices, a review.
    Effect::new(move |before: Option<Option<ModelView>>| {
        let now = model.get();
        if let (Some(Some(before)), Some(now)) = (before, &now)
            && draft.with_untracked(|draft| *draft == RowDraft::of(&before))
        {
            draft.set(RowDraft::of(now));
        }
        now
    });
    let wrong = Memo::new(move |_| {
        let language = language();
        let change = model.with(|model| {
            let model = model.as_ref()?;
            Some(draft.with(|draft| draft.change(language, model)))
        });
        change.and_then(Result::err).unwrap_or_default()
    });
    let row = Row {
        model: model.into(),
        models,
        draft,
        form: Submission::new(),
        wrong,
    };
    view! {
        <tr
            class:is-unavailable=move || !row.flag(ModelView::is_offered).get()
            on:keydown=move |event| {
                if event.key() == "Enter" && event_target_is_text(&event) {
                    event.prevent_default();
                    row.save();
                }
            }
        >
            <th scope="row">{heading(row, id)}</th>
            {price_cell(row, registry::INPUT, registry::INPUT_OF, "price.input", |draft| &mut draft.input)}
            {price_cell(row, registry::OUTPUT, registry::OUTPUT_OF, "price.output", |draft| &mut draft.output)}
            {price_cell(row, registry::CACHED, registry::CACHED_OF, "price.cached_input", |draft| &mut draft.cached_input)}
            {price_cell(row, registry::SEARCH_FEE, registry::SEARCH_FEE_OF, "price.search_fee", |draft| &mut draft.search_fee)}
            {price_cell(row, registry::MAX_TOKENS, registry::MAX_TOKENS_OF, "max_tokens", |draft| &mut draft.max_tokens)}
            {price_cell(row, registry::MAX_IN_FLIGHT, registry::MAX_IN_FLIGHT_OF, "max_in_flight", |draft| &mut draft.max_in_flight)}
            {switches(row)}
            <td class="price-actions">{actions(row)}</td>
        </tr>
    }
}

fn event_target_is_text(event: &leptos::ev::KeyboardEvent) -> bool {
    event_target::<leptos::web_sys::Element>(event)
        .class_list()
        .contains("price-input")
}

fn heading(row: Row, id: ModelId) -> impl IntoView {
    let slug = move || row.model.get().map(|model| model.model_id);
    let since = move || {
        let price = row.model.get().and_then(|model| model.price);
        match price {
            Some(price) => view! {
                <span class="price-since">
                    {fill(
                        registry::SINCE,
                        &[
                            ("origin", &state::origin_text(price.origin).get(language())),
                            ("when", &format::day(price.starts_at)),
                        ],
                    )}
                </span>
            }
            .into_any(),
            None => view! { <Badge label=registry::UNPRICED tone=Tone::Warning /> }.into_any(),
        }
    };
    let long_asks = move || {
        let tier = row.model.get()?.price?.tier?;
        Some(view! { <span class="price-note">{prices::tier_words(tier)}</span> })
    };
    let coming = move || {
        let model = row.model.get()?;
        let words = model
            .coming_prices
            .into_iter()
            .map(|price| prices::coming_words(&price));
        Some(
            words
                .map(|words| view! { <span class="price-note">{words}</span> })
                .collect_view(),
        )
    };
    view! {
        <div class="price-model">
            <span>{move || row.name()}</span>
            <code>{slug}</code>
            <span class="price-origin">
                {since}
                <Menu
                    label=row.named(registry::HISTORY_OF)
                    class="icon-button is-small"
                    trigger=|| view! { <Icon glyph=Glyph::Clock /> }
                >
                    <PriceHistory id />
                </Menu>
            </span>
            {long_asks}
            {coming}
            {move || row.model.get().and_then(|model| retirement(&model))}
            {move || row.model.get().and_then(|model| review_badge(&model))}
        </div>
    }
}

fn price_cell(
    row: Row,
    column: Text,
    name: Text,
    path: &'static str,
    part: fn(&mut RowDraft) -> &mut String,
) -> impl IntoView {
    let value = Signal::derive(move || row.draft.with(|draft| part(&mut draft.clone()).clone()));
    let change = Callback::new(move |typed| row.draft.update(|draft| *part(draft) = typed));
    let number = TypedNumber::new(value, change);
    let error = move || row.error_of(path, &value.get());
    let error_id = format!("{}-error", row.form.id_of(path));
    let described_by = error_id.clone();
    let is_price = !matches!(path, "max_tokens" | "max_in_flight");
    view! {
        <td data-label=t(column)>
            <span class="price-field" class:is-price=is_price>
                <input
                    id=row.form.id_of(path)
                    class="input price-input"
                    type="text"
                    inputmode=if is_price { "decimal" } else { "numeric" }
                    autocomplete="off"
                    aria-label=move || row.named(name).get()
                    aria-invalid=move || error().map(|_| "true")
                    aria-describedby=move || error().map(|_| described_by.clone())
                    prop:value=number.shown
                    on:input=move |event| {
                        row.form.touch(path);
                        number.take.run(event_target_value(&event));
                    }
                />
            </span>
            {number.line()}
            {move || {
                error().map(|error| view! { <p class="field-error" id=error_id.clone()>{error}</p> })
            }}
        </td>
    }
}

fn switches(row: Row) -> impl IntoView {
    let web_search = Callback::new(move |web_search| {
        let change = ModelChange {
            web_search: Some(web_search),
            ..ModelChange::default()
        };
        row.switch(|model| model.web_search = web_search, change);
    });
    let available = Callback::new(move |is_available| {
        let change = ModelChange {
            is_available: Some(is_available),
            ..ModelChange::default()
        };
        row.switch(|model| model.is_available = is_available, change);
    });
    let make_current = move |_| {
        let change = ModelChange {
            is_current: Some(true),
            ..ModelChange::default()
        };
        row.switch(|model| model.is_current = true, change);
    };
    let group = row
        .model
        .with_untracked(|model| model.as_ref().map(|model| model.provider.slug()))
        .unwrap_or_default();
    view! {
        <td data-label=t(registry::WEB_SEARCH)>
            <Switch
                label=row.named(registry::WEB_SEARCH_OF)
                hide_label=true
                on=row.flag(|model| model.web_search)
                on_change=web_search
            />
        </td>
        <td data-label=t(registry::CURRENT)>
            <input
                type="radio"
                name=format!("current-{group}")
                aria-label=move || row.named(registry::CURRENT_OF).get()
                prop:checked=row.flag(|model| model.is_current)
                on:change=make_current
            />
        </td>
        <td data-label=t(registry::AVAILABLE)>
            <Switch
                label=row.named(registry::AVAILABLE_OF)
                hide_label=true
                on=row.flag(|model| model.is_available)
                on_change=available
            />
        </td>
    }
}

fn actions(row: Row) -> impl IntoView {
    unsaved::guard(Signal::derive(move || row.is_dirty()));
    let discard = move || {
        row.form.clear();
        if let Some(model) = row.model.get_untracked() {
            row.draft.set(RowDraft::of(&model));
        }
    };
    view! {
        <Show when=move || row.has_new_price()>{start_field(row)}</Show>
        <Show when=move || row.is_dirty()>
            <span class="row">
                <Button
                    label=common::SAVE
                    name=row.named(registry::SAVE_OF)
                    look=Look::Primary
                    pending=Signal::derive(move || row.form.is_pending())
                    on_press=move |()| row.save()
                />
                <button
                    type="button"
                    class="icon-button"
                    aria-label=move || row.named(registry::DISCARD_OF).get()
                    on:click=move |_| discard()
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </span>
        </Show>
    }
}

/// The day on which a new price begins; now, where none is chosen.
fn start_field(row: Row) -> impl IntoView {
    const PATH: &str = "price.starts_on";
    let id = row.form.id_of(PATH);
    let error_id = format!("{id}-error");
    let error = Signal::derive(move || row.form.error_of(PATH));
    let value = Signal::derive(move || row.draft.with(|draft| draft.starts_on.clone()));
    let on_change = Callback::new(move |day: String| {
        row.form.touch(PATH);
        row.draft.update(|draft| draft.starts_on = day);
    });
    view! {
        <div class="price-start">
            <span aria-hidden="true">{t(registry::STARTS_ON)}</span>
            <DayField
                id
                label=row.named(registry::STARTS_ON_OF)
                value
                on_change
                error
                today=session::today()
            />
        </div>
        {move || {
            error
                .get()
                .map(|error| view! { <p class="field-error" id=error_id.clone()>{error}</p> })
        }}
    }
}
