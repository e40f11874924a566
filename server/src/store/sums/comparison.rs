//! Providers and brands side by side, day by day.
//!
//! Invariant: reads only, and only the active revision's sums.

use app::model::comparison::{ProviderDay, ProviderSums};
use app::model::ids::{EntityId, ProjectId, WorkspaceId};
use app::model::project::PromptPart;
use app::model::provider::Provider;
use chrono::NaiveDate;
use sea_orm::Value;

use super::columns::sum;
use super::pooled::Surface;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreResult};

record! {
    /// A row of the view `llm_visibility_comparison`: the sums, and the rates that the view has.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ComparisonRow {
        /// Provider, day and sums.
        pub compared: ProviderDay as "",
        /// Percent of the answers.
        pub mention_rate: Option<f64> = "mention_rate",
        /// Mean rank where there is a real list.
        pub avg_position: Option<f64> = "avg_position",
        /// Percent of the mentions in answers to prompts that do not name the brand.
        pub share_of_voice: Option<f64> = "share_of_voice",
        /// The same, each mention weighted by its rank.
        pub weighted_share_of_voice: Option<f64> = "weighted_share_of_voice",
        /// A judge's mean score, from -1 to 1.
        pub sentiment_score: Option<f64> = "sentiment_score",
        /// Percent of the mentions in all answers.
        pub share_of_voice_all: Option<f64> = "share_of_voice_all",
        /// The same, each mention weighted by its rank.
        pub weighted_share_of_voice_all: Option<f64> = "weighted_share_of_voice_all",
        /// What a judge finds to speak well, less what speaks ill, out of all that it judged: from
        /// -1 to 1.
        pub net_sentiment: Option<f64> = "net_sentiment",
        /// Answers without a visible text, which are in no rate.
        pub without_text: i64 = "without_text",
    }
}

record! {
    for ProviderDay {
        provider: Provider = "llm_provider",
        day: NaiveDate = "snapshot_date",
        sums: ProviderSums as "",
    }
}

record! {
    for ProviderSums {
        answers: i64 = "answers",
        mentions: i64 = "mentions",
        plain_mentions: i64 = "plain_mentions",
        plain_competitor_mentions: i64 = "plain_competitor_mentions",
        rank_sum: i64 = "rank_sum",
        rank_count: i64 = "rank_count",
        positive: i64 = "positive_mentions",
        neutral: i64 = "neutral_mentions",
        negative: i64 = "negative_mentions",
        simulated: i64 = "simulated",
    }
}

record! {
    /// Mentions of one entity on one day.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct EntityDay {
        /// Day.
        pub day: NaiveDate = "s.snapshot_date",
        /// The entity.
        pub entity_id: EntityId = "e.entity_id",
        /// Its name.
        pub name: String = "e.name",
        /// Whether it is the brand.
        pub is_brand: bool = "e.is_brand",
        /// Answers that mention it.
        pub mentions: i64 = sum("t.mentions"),
        /// The same, each weighted by its rank, in tenths.
        pub weight_tenths: i64 = sum("t.weight_tenths"),
    }
}

/// Whose voices count, and where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VoicesOf {
    /// In answers to these prompts.
    pub prompts: PromptPart,
    /// Only of this provider's models.
    pub provider: Option<Provider>,
    /// Only answers that the simulator made up.
    pub simulated: bool,
}

impl Store {
    /// The providers of a project side by side, the first day first.
    pub async fn comparison(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        (from, to): (NaiveDate, NaiveDate),
        simulated: bool,
    ) -> StoreResult<Vec<ComparisonRow>> {
        let surface = self.surface(workspace_id, project, simulated).await?;
        let rest = format!(
            "FROM llm_visibility_comparison v \
            WHERE workspace_id = $1 AND project_id = $2 \
            AND snapshot_date >= $3 AND snapshot_date <= $4{} \
            ORDER BY snapshot_date, llm_provider",
            Surface::condition(surface, "v")
        );
        let values = [
            workspace_id.0.into(),
            project.0.into(),
            from.into(),
            to.into(),
        ];
        rows::select(self.reader(), rest, values).await
    }

    /// Mentions of the brand and its competitors day by day, the first day and the brand first.
    pub async fn voices_by_day(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        (from, to): (NaiveDate, NaiveDate),
        of: VoicesOf,
    ) -> StoreResult<Vec<EntityDay>> {
        let surface = match of.provider {
            // Of one provider there is nothing to pool it with.
            Some(_) => None,
            None => self.surface(workspace_id, project, of.simulated).await?,
        };
        project_exists(self.reader(), workspace_id, project).await?;
        let revision = self.active_revision(workspace_id, project).await?;
        let mut values: Vec<Value> = vec![
            revision.map_or(0, |revision| revision.0).into(),
            from.into(),
            to.into(),
            of.prompts.word().into(),
        ];
        let of_provider = of.provider.map_or("", |provider| {
            values.push(provider.slug().into());
            " AND s.llm_provider = $5"
        });
        let rest = format!(
            "FROM llm_monitoring_snapshots s \
             JOIN llm_monitoring_revision_entities e ON e.revision_id = s.revision_id \
             LEFT JOIN llm_monitoring_snapshot_entities t \
                 ON t.snapshot_id = s.id AND t.entity_id = e.entity_id \
             WHERE s.revision_id = $1 AND s.snapshot_date >= $2 AND s.snapshot_date <= $3 \
             AND s.prompts = $4 AND s.answers > 0{of_provider}{} \
             GROUP BY s.snapshot_date, e.entity_id, e.name, e.is_brand, e.position \
             ORDER BY s.snapshot_date, e.is_brand DESC, e.position, e.entity_id",
            Surface::condition(surface, "s")
        );
        rows::select(self.reader(), rest, values).await
    }
}
