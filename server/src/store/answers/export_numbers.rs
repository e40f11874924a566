//! What numbers are made of, page by page, for files: sums of days, and citations.
//!
//! Invariant: reads only, and no page is longer than it is asked to be.

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::metrics::{Intervals, SnapshotSums};
use app::model::project::PromptPart;
use app::model::served::is_other_model;
use chrono::NaiveDate;

use super::exports::{AnswerCursor, AnswerPart};
use crate::store::sql::page_bytes::ROW_BYTES;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::sums::columns::or_none;
use crate::store::sums::snapshot_list::SnapshotFilter;
use crate::store::{Store, StoreResult};

record! {
    /// The sums of one model, day and part of the prompts, as a file has them.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct SnapshotExport {
        /// Day.
        pub day: NaiveDate = "s.snapshot_date",
        /// Provider.
        pub provider: String = "s.llm_provider",
        /// Model.
        pub model_id: i64 = "s.model_id",
        /// Its name for people.
        pub model_name: String = "m.model_display_name",
        /// With which names the answers were read.
        pub revision_id: i64 = "s.revision_id",
        /// Over which prompts.
        pub prompts: PromptPart = "s.prompts",
        /// Sums.
        pub sums: SnapshotSums as "s.",
        /// The 95 % intervals that were made with them.
        pub intervals: Intervals = "s.intervals",
        /// Sums over those of the prompts that do not name the brand.
        pub plain: SnapshotSums as "n." in or_none,
        /// Their intervals.
        pub plain_intervals: Intervals = "COALESCE(n.intervals, '[]')",
    } later {
        /// The names that the model answered under, by name.
        pub served: Vec<String>,
        /// Whether one of them is of another model than the one that was asked.
        pub served_another: bool,
    }
}

record! {
    /// A source of an answer, as a file has it.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct CitationExport {
        /// Answer.
        pub answer_id: i64 = "c.result_id",
        /// Day of the answer.
        pub day: NaiveDate = "c.analysis_day",
        /// Provider.
        pub provider: String = "a.llm_provider",
        /// Model.
        pub model_id: i64 = "c.model_id",
        /// Question.
        pub query_id: i64 = "c.query_id",
        /// Place among the sources of the answer, from 0.
        pub position: i64 = "c.position",
        /// Page.
        pub page_id: i64 = "c.page_id",
        /// Its address.
        pub url: String = "p.url",
        /// Its registrable domain.
        pub domain: String = "p.domain",
        /// Its title.
        pub title: Option<String> = "p.title",
        /// Only the site is known.
        pub site_only: bool = "p.site_only",
        /// The answer refers to it; else it was only shown to the model.
        pub is_cited: bool = "c.is_cited",
        /// The row that an answer counts with for this domain.
        pub leads: bool = "c.leads",
        /// Whether the simulator made the answer up.
        pub simulated: bool = "a.simulated",
    }
}

impl Store {
    /// The next snapshots, the newest day first, behind so many.
    pub async fn export_snapshots(
        &self,
        workspace_id: WorkspaceId,
        filter: &SnapshotFilter,
        (offset, limit): (i64, i64),
    ) -> StoreResult<Vec<SnapshotExport>> {
        project_exists(self.reader(), workspace_id, filter.project_id).await?;
        let revision = self
            .active_revision(workspace_id, filter.project_id)
            .await?;
        let mut values = vec![
            revision.map_or(0, |revision| revision.0).into(),
            filter.from.into(),
            filter.to.into(),
        ];
        let of_provider = filter.provider.map_or("", |provider| {
            values.push(provider.slug().into());
            " AND s.llm_provider = $4"
        });
        let rest = format!(
            "FROM llm_monitoring_snapshots s \
             JOIN llm_model_registry m ON m.id = s.model_id \
             LEFT JOIN llm_monitoring_snapshots n ON n.revision_id = s.revision_id \
                 AND n.model_id = s.model_id AND n.snapshot_date = s.snapshot_date \
                 AND n.prompts = 'plain' AND s.prompts <> 'branded' \
             WHERE s.revision_id = $1 AND s.snapshot_date >= $2 AND s.snapshot_date <= $3\
             {of_provider} \
             ORDER BY s.snapshot_date DESC, s.llm_provider, s.model_id, s.prompts \
             LIMIT {limit} OFFSET {offset}"
        );
        let mut page: Vec<SnapshotExport> = rows::select(self.reader(), rest, values).await?;
        self.add_served_names(workspace_id, filter.project_id, &mut page)
            .await?;
        Ok(page)
    }

    async fn add_served_names(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        page: &mut [SnapshotExport],
    ) -> StoreResult<()> {
        let names = self.served_names(workspace_id, project).await?;
        for row in page {
            let Some(served) = names.get(&(ModelId(row.model_id), row.day)) else {
                continue;
            };
            row.served = served.iter().map(|(_, served)| served.clone()).collect();
            let mut pairs = served.iter();
            row.served_another = pairs.any(|(asked, served)| is_other_model(asked, Some(served)));
        }
        Ok(())
    }

    /// The sources of the next answers of a file. A page may be empty and not the last: answers
    /// may have none.
    pub async fn export_citations(
        &self,
        workspace_id: WorkspaceId,
        cursor: AnswerCursor,
    ) -> StoreResult<AnswerPart<CitationExport>> {
        let (ids, next) = self
            .next_of_file(workspace_id, cursor, sizes_of_citations)
            .await?;
        let rest = format!(
            "FROM llm_monitoring_citations c \
             JOIN llm_monitoring_pages p ON p.id = c.page_id \
             JOIN llm_monitoring_results a ON a.id = c.result_id \
             WHERE c.workspace_id = $1 AND c.result_id IN ({}) \
             ORDER BY c.analysis_day DESC, c.result_id DESC, c.position, c.page_id",
            rows::id_list(ids.iter().copied())
        );
        let citations = rows::select(self.reader(), rest, [workspace_id.0.into()]).await?;
        Ok((citations, next))
    }
}

/// Bytes of the sources of answers.
fn sizes_of_citations(ids: &[i64]) -> String {
    format!(
        "SELECT c.result_id, CAST(SUM({ROW_BYTES} + OCTET_LENGTH(p.url) \
         + COALESCE(OCTET_LENGTH(p.title), 0)) AS BIGINT) FROM llm_monitoring_citations c \
         JOIN llm_monitoring_pages p ON p.id = c.page_id WHERE c.result_id IN ({}) \
         GROUP BY c.result_id",
        rows::id_list(ids.iter().copied())
    )
}
