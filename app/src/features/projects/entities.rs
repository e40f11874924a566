//! The brand and its competitors in the form of a project.

use leptos::prelude::*;

use crate::model::ids::EntityId;
use crate::model::project::EntityDraft;
use crate::model::validate::COMPETITORS;
use crate::texts::projects;
use crate::ui::{Button, Glyph, Icon, Submission, TextField, TokenInput, browser, fill, t};

/// What is typed about the brand or a competitor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntityFields {
    id: RwSignal<Option<EntityId>>,
    /// Its name.
    pub name: RwSignal<String>,
    aliases: RwSignal<Vec<String>>,
    domains: RwSignal<Vec<String>>,
}

impl EntityFields {
    /// The fields, filled in.
    pub fn new(draft: &EntityDraft) -> Self {
        let fields = Self::default();
        fields.fill(draft);
        fields
    }

    /// Fills in all fields.
    pub fn fill(self, draft: &EntityDraft) {
        self.id.set(draft.id);
        self.name.set(draft.name.clone());
        self.aliases.set(draft.aliases.clone());
        self.domains.set(draft.domains.clone());
    }

    /// What is typed; follows it.
    pub fn draft(self) -> EntityDraft {
        EntityDraft {
            id: self.id.get(),
            name: self.name.get(),
            aliases: self.aliases.get(),
            domains: self.domains.get(),
        }
    }
}

/// The fields of the brand.
#[component]
pub fn BrandFields(
    /// The form.
    form: Submission,
    /// What is typed.
    fields: EntityFields,
) -> impl IntoView {
    view! {
        <TextField
            label=projects::BRAND_NAME
            value=fields.name
            form
            path="brand.name"
            required=true
        />
        <div class="form-row">
            <TokenInput
                label=projects::ALIASES
                values=fields.aliases
                form
                path="brand.aliases"
                hint=projects::ALIASES_HINT
            />
            <TokenInput
                label=projects::DOMAINS
                values=fields.domains
                form
                path="brand.domains"
                hint=projects::DOMAINS_HINT
                placeholder="example.com"
            />
        </div>
    }
}

/// The competitors, one row each.
#[component]
pub fn Competitors(
    /// The form.
    form: Submission,
    /// What is typed.
    rows: RwSignal<Vec<EntityFields>>,
) -> impl IntoView {
    let add = move |()| {
        let index = rows.with_untracked(Vec::len);
        rows.update(|rows| rows.push(EntityFields::default()));
        browser::focus_soon(form.id_of(&format!("competitors.{index}.name")));
    };
    let is_full = Signal::derive(move || rows.with(|rows| rows.len() >= COMPETITORS));
    view! {
        <div class="competitors" id=form.id_of("competitors") tabindex="-1">
            <ForEnumerate
                each=move || rows.get()
                // The signal itself is the row's identity: it stays when rows before it go.
                key=|row| format!("{:?}", row.name)
                children=move |index, row| view! { <Competitor form rows row index /> }
            />
            <Show when=move || rows.with(Vec::is_empty)>
                <p class="muted">{t(projects::NO_COMPETITORS)}</p>
            </Show>
            <div class="form-actions">
                <Button
                    label=projects::ADD_COMPETITOR
                    glyph=Glyph::Plus
                    on_press=add
                    disabled=is_full
                />
            </div>
        </div>
    }
}

#[component]
fn Competitor(
    form: Submission,
    rows: RwSignal<Vec<EntityFields>>,
    row: EntityFields,
    index: ReadSignal<usize>,
) -> impl IntoView {
    let path = move |part: &'static str| {
        Signal::derive(move || format!("competitors.{}.{part}", index.get()))
    };
    let title = move || fill(projects::COMPETITOR, &[("number", &(index.get() + 1))]);
    let remove_name = move || {
        fill(
            projects::REMOVE_COMPETITOR,
            &[("number", &(index.get() + 1))],
        )
    };
    view! {
        <fieldset class="competitor">
            <legend>{title}</legend>
            <TextField
                label=projects::COMPETITOR_NAME
                value=row.name
                form
                path=path("name")
                required=true
            />
            <TokenInput label=projects::ALIASES values=row.aliases form path=path("aliases") />
            <TokenInput
                label=projects::DOMAINS
                values=row.domains
                form
                path=path("domains")
                placeholder="example.com"
            />
            <button
                type="button"
                class="icon-button"
                aria-label=remove_name
                on:click=move |_| rows.update(|rows| rows.retain(|kept| *kept != row))
            >
                <Icon glyph=Glyph::Trash />
            </button>
        </fieldset>
    }
}
