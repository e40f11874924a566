//! The form of a project, the same for a new one and a change.

use leptos::prelude::*;

use super::below;
use super::entities::{BrandFields, Competitors, EntityFields};
use super::prompts::PromptsField;
use super::schedule::{self, ScheduleFields};
use super::state;
use crate::api::error::FieldError;
use crate::letters;
use crate::model::ids::{ModelId, ProjectId};
use crate::model::project::ProjectDraft;
use crate::model::registry::ModelView;
use crate::model::spend::AskCost;
use crate::model::suggestions::SuggestionWish;
use crate::order;
use crate::texts::projects;
use crate::ui::locale::language_now;
use crate::ui::part::there_shaped;
use crate::ui::{
    Card, ErrorSummary, Remote, SelectField, Shape, Submission, Switch, TextField, Words, format,
};
use crate::validate;

/// What stands below the questions until its code comes: the models, and the schedule.
const BELOW: &[Shape] = &[Shape::Rows(8), Shape::Rows(3)];

/// Everything that is typed.
#[derive(Clone, Copy)]
pub struct ProjectForm {
    /// What the host says about it.
    pub form: Submission,
    name: RwSignal<String>,
    brand: EntityFields,
    competitors: RwSignal<Vec<EntityFields>>,
    industry: RwSignal<String>,
    language: RwSignal<String>,
    country: RwSignal<String>,
    pub(super) model_ids: RwSignal<Vec<ModelId>>,
    pub(super) prompts: RwSignal<String>,
    pub(super) monthly_budget: RwSignal<String>,
    pub(super) repeats: RwSignal<String>,
    pub(super) schedule: ScheduleFields,
    is_active: RwSignal<bool>,
}

impl ProjectForm {
    /// The form, filled in.
    pub fn new(draft: &ProjectDraft) -> Self {
        let form = Self {
            form: Submission::new(),
            name: RwSignal::default(),
            brand: EntityFields::default(),
            competitors: RwSignal::default(),
            industry: RwSignal::default(),
            language: RwSignal::default(),
            country: RwSignal::default(),
            model_ids: RwSignal::default(),
            prompts: RwSignal::default(),
            monthly_budget: RwSignal::default(),
            repeats: RwSignal::default(),
            schedule: ScheduleFields::default(),
            is_active: RwSignal::default(),
        };
        form.fill(draft);
        form
    }

    /// Fills in all fields.
    pub fn fill(self, draft: &ProjectDraft) {
        self.form.clear();
        self.name.set(draft.name.clone());
        self.brand.fill(&draft.brand);
        self.competitors
            .set(draft.competitors.iter().map(EntityFields::new).collect());
        self.industry.set(draft.industry.clone());
        self.language.set(draft.language.clone());
        self.country.set(draft.country.clone());
        self.model_ids.set(draft.model_ids.clone());
        self.prompts
            .set(draft.prompts.clone().unwrap_or_default().join("\n"));
        self.monthly_budget.set(draft.monthly_budget.clone());
        self.repeats.set(draft.repeats.clone());
        self.schedule.fill(&draft.schedule);
        self.set_active(draft.is_active);
    }

    /// Takes over whether the project runs by itself, which is changed elsewhere too.
    pub fn set_active(self, is_active: bool) {
        self.is_active.set(is_active);
    }

    /// Chooses models, where none are chosen yet.
    pub fn propose_models(self, models: &[ModelView]) {
        if self.model_ids.with_untracked(Vec::is_empty) {
            self.model_ids.set(state::first_choice(models));
        }
    }

    /// What is typed; follows it.
    pub fn draft(self) -> ProjectDraft {
        ProjectDraft {
            name: self.name.get(),
            brand: self.brand.draft(),
            competitors: self
                .competitors
                .with(|rows| rows.iter().map(|row| row.draft()).collect()),
            industry: self.industry.get(),
            language: self.language.get(),
            country: self.country.get(),
            model_ids: self.model_ids.get(),
            prompts: Some(self.prompts.with(|text| state::questions(text))),
            monthly_budget: self.monthly_budget.get(),
            repeats: self.repeats.get(),
            schedule: self.schedule.expression(),
            is_active: self.is_active.get(),
        }
    }

    /// What suggestions are wanted for, by what is typed so far.
    fn wish(self, project_id: Option<ProjectId>) -> SuggestionWish {
        let draft = self.draft();
        let names = draft.competitors.into_iter().map(|entity| entity.name);
        SuggestionWish {
            project_id,
            brand: draft.brand.name,
            aliases: draft.brand.aliases,
            competitors: names.filter(|name| !name.trim().is_empty()).collect(),
            about: draft.industry,
            language: draft.language,
            country: draft.country,
            existing: draft.prompts.unwrap_or_default(),
            count: state::SUGGESTED,
            by_model: false,
        }
    }

    /// What is to be sent, after the same look at it that the host takes.
    ///
    /// # Errors
    /// Wrong fields.
    pub fn checked(self, stored: Option<&ProjectDraft>) -> Result<ProjectDraft, Vec<FieldError>> {
        let draft = state::ready(untrack(|| self.draft()), stored);
        validate::project(language_now(), &draft)
            .map(|_| draft)
            .map_err(|wrong| state::without_borrowed_name(wrong, &self.name.get_untracked()))
    }
}

/// All sections of the form.
#[component]
pub fn ProjectSections(
    /// What is typed.
    fields: ProjectForm,
    /// The models to choose from.
    models: Remote<Vec<ModelView>>,
    /// What one question costs with each.
    costs: Remote<Vec<AskCost>>,
    /// The project that is changed; none is a new one.
    #[prop(optional)]
    project_id: Option<ProjectId>,
) -> impl IntoView {
    let form = fields.form;
    let times = schedule::load_times(fields.schedule);
    view! {
        <ErrorSummary form />
        <Card title=projects::BRAND lead=projects::BRAND_LEAD>
            <BrandFields form fields=fields.brand />
            <div class="form-row">
                <TextField
                    label=projects::INDUSTRY
                    value=fields.industry
                    form
                    path="industry"
                    hint=projects::INDUSTRY_HINT
                    placeholder=projects::INDUSTRY_EXAMPLE
                />
                <TextField
                    label=projects::NAME
                    value=fields.name
                    form
                    path="name"
                    hint=projects::NAME_HINT
                    placeholder=Words::from(Signal::from(fields.brand.name))
                />
            </div>
            <LanguageAndCountry fields />
            {project_id.is_some().then(|| view! { <ActiveSwitch fields /> })}
        </Card>
        <Card title=projects::COMPETITORS lead=projects::COMPETITORS_LEAD>
            <Competitors form rows=fields.competitors />
        </Card>
        <Card title=projects::QUESTIONS lead=projects::QUESTIONS_LEAD>
            <PromptsField
                form
                text=fields.prompts
                wish=move |()| untrack(|| fields.wish(project_id))
            />
        </Card>
        {there_shaped(below::models_and_schedule, (fields, models, costs, times), BELOW)}
    }
}

#[component]
fn ActiveSwitch(fields: ProjectForm) -> impl IntoView {
    view! {
        <Switch
            label=projects::ACTIVE
            on=fields.is_active
            on_change=move |is_active| fields.is_active.set(is_active)
        />
    }
}

#[component]
fn LanguageAndCountry(fields: ProjectForm) -> impl IntoView {
    let form = fields.form;
    let languages = Signal::derive(|| {
        validate::QUESTION_LANGUAGES
            .iter()
            .map(|code| ((*code).to_owned(), format::display_name("language", code)))
            .collect::<Vec<_>>()
    });
    let countries = Signal::derive(|| {
        let mut countries: Vec<(String, String)> = state::COUNTRIES
            .split(' ')
            .map(|code| (code.to_owned(), format::display_name("region", code)))
            .collect();
        order::sort_by_key(&mut countries, |(_, name)| letters::small(name));
        let nowhere = projects::NO_COUNTRY
            .get(crate::ui::locale::language())
            .to_owned();
        countries.insert(0, (String::new(), nowhere));
        countries
    });
    view! {
        <div class="form-row">
            <SelectField
                label=projects::LANGUAGE
                value=fields.language
                form
                path="language"
                options=languages
            />
            <SelectField
                label=projects::COUNTRY
                value=fields.country
                form
                path="country"
                options=countries
                hint=projects::COUNTRY_HINT
            />
        </div>
    }
}
