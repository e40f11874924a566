//! The sources of a project's answers.

use app::api::error::ApiError;
use app::api::sources::SourcesPort;
use app::model::language::Language;
use app::model::sources::{SourceQuery, SourceTable, SourceUnit, SourceUse};
use app::texts::errors;
use app::validate;
use async_trait::async_trait;

use crate::auth::Viewer;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::sums::Pooled;

/// Days that one look may span.
const MAX_DAYS: i64 = 1_830;

/// The query, if it can be answered; the domain as it is stored.
fn checked(language: Language, query: SourceQuery) -> ServiceResult<SourceQuery> {
    let days = (query.to - query.from).num_days() + 1;
    if !(1..=MAX_DAYS).contains(&days) {
        return Err(ServiceError::Field("to", errors::BAD_REQUEST));
    }
    Ok(validate::source_query(language, query)?)
}

impl Services {
    /// The table over models that the host chose, or over all.
    pub async fn ranked_sources(&self, query: SourceQuery) -> Result<SourceTable, ApiError> {
        self.reply(async { self.source_table(self.viewer()?, query).await }.await)
    }

    async fn source_table(&self, by: Viewer, query: SourceQuery) -> ServiceResult<SourceTable> {
        let mut query = checked(self.language(), query)?;
        let (project, simulated) = (query.project_id, query.simulated);
        let pooled = self.pooled(by, project, &query.model_ids, simulated);
        let Pooled { models, left_out } = pooled.await?;
        query.model_ids = models;
        let found = self.host.store.sources(by.workspace(), &query).await?;
        Ok(SourceTable { left_out, ..found })
    }

    /// The same query over models that may be looked at.
    async fn over_chosen(&self, by: Viewer, query: SourceQuery) -> ServiceResult<SourceQuery> {
        let model_ids = self
            .chosen_models(by, query.project_id, ("model_ids", &query.model_ids))
            .await?;
        Ok(SourceQuery { model_ids, ..query })
    }
}

#[async_trait]
impl SourcesPort for Services {
    async fn list_sources(&self, query: SourceQuery) -> Result<SourceTable, ApiError> {
        let table = async {
            let by = self.viewer()?;
            let query = self.over_chosen(by, query).await?;
            self.source_table(by, query).await
        };
        self.reply(table.await)
    }

    async fn source_uses(&self, query: SourceQuery) -> Result<Vec<SourceUse>, ApiError> {
        self.reply(
            async {
                let by = self.viewer()?;
                let mut query = checked(self.language(), query)?;
                query = self.over_chosen(by, query).await?;
                query.unit = match (&query.domain, query.page_id) {
                    (_, Some(_)) => SourceUnit::Page,
                    (Some(_), None) => SourceUnit::Domain,
                    (None, None) => return Err(ServiceError::Field("domain", errors::REQUIRED)),
                };
                let (project, simulated) = (query.project_id, query.simulated);
                let pooled = self.pooled(by, project, &query.model_ids, simulated);
                query.model_ids = pooled.await?.models;
                let store = &self.host.store;
                Ok(store.source_uses(by.workspace(), &query).await?)
            }
            .await,
        )
    }
}
