//! Brands under watch: the row, what is typed into it, and what is read out of it.

use app::model::ids::ModelId;
use app::model::money::Money;
use app::model::project::{EntityView, ProjectDraft, ProjectRecord};
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "llm_monitoring_projects")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub workspace_id: i64,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub name_key: String,
    #[sea_orm(column_type = "Text")]
    pub brand_name: String,
    #[sea_orm(column_type = "Text")]
    pub industry: String,
    #[sea_orm(column_type = "Text")]
    pub language: String,
    #[sea_orm(column_type = "Text")]
    pub country_code: String,
    pub is_active: bool,
    pub monthly_budget_nano_usd: Option<i64>,
    pub repeats: i64,
    #[sea_orm(column_type = "Text")]
    pub schedule: String,
    pub next_slot_at: Option<DateTimeUtc>,
    pub last_analysis_date: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub deleted_at: Option<DateTimeUtc>,
    pub erase_begun_at: Option<DateTimeUtc>,
    pub erased_at: Option<DateTimeUtc>,
    pub stored_bytes: i64,
    pub is_demo: bool,
}

/// None: rows are joined where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl ActiveModel {
    /// Takes over what is typed of the project itself, out of a draft that was checked. An empty
    /// draft leaves no word of what was typed before.
    pub(in crate::store) fn take_over(&mut self, draft: &ProjectDraft, now: DateTimeUtc) {
        self.name = Set(draft.name.clone());
        self.name_key = Set(draft.name.to_lowercase());
        self.brand_name = Set(draft.brand.name.clone());
        self.industry = Set(draft.industry.clone());
        self.language = Set(draft.language.clone());
        self.country_code = Set(draft.country.clone());
        self.is_active = Set(draft.is_active);
        // Nothing typed is no budget.
        self.monthly_budget_nano_usd = Set(draft.monthly_budget.parse().ok().map(Money::nanos));
        // Nothing typed is once.
        self.repeats = Set(draft.repeats.parse().unwrap_or(1));
        self.schedule = Set(draft.schedule.clone());
        self.updated_at = Set(now);
    }
}

impl Model {
    /// The project's record, with what has rows of its own.
    pub(in crate::store) fn into_record(
        self,
        entities: Vec<EntityView>,
        model_ids: Vec<ModelId>,
    ) -> ProjectRecord {
        ProjectRecord {
            id: self.id.into(),
            name: self.name,
            brand_name: self.brand_name,
            entities,
            industry: self.industry,
            language: self.language,
            country: self.country_code,
            model_ids,
            monthly_budget: self.monthly_budget_nano_usd.map(Money::from_nanos),
            repeats: self.repeats,
            schedule: self.schedule,
            next_run_at: self.next_slot_at,
            is_active: self.is_active,
            last_analysis_at: self.last_analysis_date,
            created_at: self.created_at,
            is_demo: self.is_demo,
        }
    }
}
