//! The brand and its competitors in the form of a project.

use leptos::prelude::*;

use crate::model::ids::EntityId;
use crate::model::project::{EntityDraft, NameRule};
use crate::texts::projects;
use crate::ui::{
    Button, Checkbox, Glyph, Icon, Submission, TextField, TokenInput, browser, fill, t,
};
use crate::validate::COMPETITORS;

/// What is typed about the brand or a competitor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntityFields {
    id: RwSignal<Option<EntityId>>,
    /// Its name.
    pub name: RwSignal<String>,
    aliases: RwSignal<Vec<String>>,
    domains: RwSignal<Vec<String>>,
    rules: RwSignal<Vec<RuleFields>>,
}

/// What is typed about how one name is matched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct RuleFields {
    text: RwSignal<String>,
    match_case: RwSignal<bool>,
    inside_words: RwSignal<bool>,
    not: RwSignal<Vec<String>>,
    needs: RwSignal<Vec<String>>,
}

impl RuleFields {
    fn new(rule: &NameRule) -> Self {
        Self {
            text: RwSignal::new(rule.text.clone()),
            match_case: RwSignal::new(rule.match_case),
            inside_words: RwSignal::new(rule.inside_words),
            not: RwSignal::new(rule.not.clone()),
            needs: RwSignal::new(rule.needs.clone()),
        }
    }

    fn rule(self) -> NameRule {
        NameRule {
            text: self.text.get(),
            match_case: self.match_case.get(),
            inside_words: self.inside_words.get(),
            not: self.not.get(),
            needs: self.needs.get(),
        }
    }
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
        self.rules
            .set(draft.rules.iter().map(RuleFields::new).collect());
    }

    /// What is typed; follows it.
    pub fn draft(self) -> EntityDraft {
        EntityDraft {
            id: self.id.get(),
            name: self.name.get(),
            aliases: self.aliases.get(),
            domains: self.domains.get(),
            rules: self.rules.get().into_iter().map(RuleFields::rule).collect(),
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
        {rules(form, fields.rules, Signal::derive(|| "brand.".to_owned()))}
    }
}

/// How some of an entity's names are matched, folded away where there is nothing to see.
fn rules(
    form: Submission,
    rules: RwSignal<Vec<RuleFields>>,
    start: Signal<String>,
) -> impl IntoView {
    let row = move |index: usize, rule: RuleFields| {
        let path = move |part: &'static str| {
            Signal::derive(move || format!("{}rules.{index}.{part}", start.get()))
        };
        let remove_name = move || fill(projects::RULE_REMOVE, &[("name", &rule.text.get())]);
        view! {
            <div class="name-rule">
                <TextField
                    label=projects::RULE_NAME
                    value=rule.text
                    form
                    path=path("text")
                    required=true
                />
                <Checkbox label=projects::RULE_CASE value=rule.match_case />
                <Checkbox label=projects::RULE_INSIDE value=rule.inside_words />
                <TokenInput label=projects::RULE_NOT values=rule.not form path=path("not") />
                <TokenInput label=projects::RULE_NEEDS values=rule.needs form path=path("needs") />
                <button
                    type="button"
                    class="icon-button"
                    aria-label=remove_name
                    on:click=move |_| {
                        browser::keep_focus(".name-rule > .icon-button, .name-rules > .button");
                        rules.update(|rules| rules.retain(|kept| *kept != rule));
                    }
                >
                    <Icon glyph=Glyph::Trash />
                </button>
            </div>
        }
    };
    let rows = move || {
        let rows = rules.get().into_iter().enumerate();
        rows.map(|(index, rule)| row(index, rule)).collect_view()
    };
    view! {
        <details class="name-rules" open=rules.with_untracked(|rules| !rules.is_empty())>
            <summary>{t(projects::RULES)}</summary>
            <p class="field-hint">{t(projects::RULES_HINT)}</p>
            {rows}
            <Button
                label=projects::RULE_ADD
                glyph=Glyph::Plus
                on_press=move |()| rules.update(|rules| rules.push(RuleFields::default()))
            />
        </details>
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
                on:click=move |_| {
                    browser::keep_focus(
                        ".competitor > .icon-button, .competitors > .form-actions button",
                    );
                    rows.update(|rows| rows.retain(|kept| *kept != row));
                }
            >
                <Icon glyph=Glyph::Trash />
            </button>
            {rules(form, row.rules, Signal::derive(move || format!("competitors.{}.", index.get())))}
        </fieldset>
    }
}
