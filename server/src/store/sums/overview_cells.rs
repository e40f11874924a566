//! What the answers of a period name and cite, by prompt and model: what changes are found in.
//!
//! Invariant: reads only, and only the active revision's sums. Citations are counted as they are
//! stored.

use app::model::ids::{EntityId, ModelId, ProjectId, PromptId, RevisionId, WorkspaceId};
use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Value};

use super::columns::sum;
use super::picked::Picked;
use super::weeks::{self, OF_ENTITIES, OF_PROMPTS, parts};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreResult};
use statistics::{AnswerCell, CountedCell, MOST_SOURCES, PeriodCells};

/// First and last day.
type Span = (NaiveDate, NaiveDate);

record! {
    for AnswerCell {
        prompt: PromptId = "c.query_id",
        model: ModelId = "c.model_id",
        is_branded: bool = "c.is_branded",
        mentions: i64 = sum("c.mentions"),
        answers: i64 = sum("c.answers"),
    }
}

record! {
    for CountedCell<EntityId> {
        of: EntityId = "c.entity_id",
        prompt: PromptId = "c.query_id",
        model: ModelId = "c.model_id",
        answers: i64 = sum("c.mentions"),
    }
}

record! {
    for CountedCell<String> {
        of: String = "p.domain",
        prompt: PromptId = "c.query_id",
        model: ModelId = "c.model_id",
        answers: i64 = "COUNT(*)",
    }
}

impl Store {
    /// What the answers that are picked name and cite in a period and in an `earlier` one. Of the
    /// domains, those that most answers of both periods cite.
    pub async fn cells_of_periods(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        period: Span,
        earlier: Option<Span>,
        picked: Picked<'_>,
    ) -> StoreResult<(PeriodCells, PeriodCells)> {
        let reader = self.reader();
        project_exists(reader, workspace_id, project).await?;
        let domains = most_cited(reader, project, period, earlier, picked).await?;
        let revision = self.active_revision(workspace_id, project).await?;
        let of = Of {
            project,
            revision,
            picked,
            domains: &domains,
        };
        let shown = cells_of(reader, of, period).await?;
        let before = match earlier {
            Some(earlier) => cells_of(reader, of, earlier).await?,
            None => PeriodCells::default(),
        };
        Ok((before, shown))
    }

    /// The first day on which an answer of a project, to these prompts or to any, cited a domain.
    pub async fn first_cited(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        domain: &str,
        prompts: Option<&[PromptId]>,
    ) -> StoreResult<Option<NaiveDate>> {
        let of_prompts = Picked {
            models: &[],
            prompts,
        };
        let sql = format!(
            "SELECT MIN(c.analysis_day) FROM llm_monitoring_pages p \
             JOIN llm_monitoring_citations c ON c.page_id = p.id AND c.is_cited \
             WHERE p.project_id = $1 AND p.domain = $2 AND p.workspace_id = $3{}",
            of_prompts.condition("c")
        );
        let values = [project.0.into(), domain.into(), workspace_id.0.into()];
        let first: Option<Option<NaiveDate>> = rows::value(self.reader(), sql, values).await?;
        Ok(first.flatten())
    }
}

/// Whose answers are counted, and which domains in them.
#[derive(Clone, Copy)]
struct Of<'a> {
    project: ProjectId,
    revision: Option<RevisionId>,
    picked: Picked<'a>,
    domains: &'a [String],
}

async fn cells_of(
    connection: &impl ConnectionTrait,
    of: Of<'_>,
    span: Span,
) -> StoreResult<PeriodCells> {
    let values = weeks::values(connection, of.revision, span.0, span.1).await?;
    let (answers, rivals, sources) = tokio::try_join!(
        answer_cells(connection, values.clone(), of.picked),
        rival_cells(connection, values, of.picked),
        source_cells(connection, of, span),
    )?;
    Ok(PeriodCells {
        answers,
        rivals,
        sources,
    })
}

async fn answer_cells(
    connection: &impl ConnectionTrait,
    values: [Value; 5],
    picked: Picked<'_>,
) -> StoreResult<Vec<AnswerCell>> {
    let rest = format!(
        "FROM {} c GROUP BY c.query_id, c.model_id, c.is_branded",
        parts(
            OF_PROMPTS,
            "r.query_id, r.model_id, r.is_branded, r.mentions, r.answers",
            &picked.condition("r"),
        )
    );
    rows::select(connection, rest, values).await
}

async fn rival_cells(
    connection: &impl ConnectionTrait,
    values: [Value; 5],
    picked: Picked<'_>,
) -> StoreResult<Vec<CountedCell<EntityId>>> {
    let rest = format!(
        "FROM {} c JOIN llm_monitoring_revision_entities e \
             ON e.revision_id = $1 AND e.entity_id = c.entity_id AND NOT e.is_brand \
         GROUP BY c.entity_id, c.query_id, c.model_id",
        parts(
            OF_ENTITIES,
            "r.entity_id, r.query_id, r.model_id, r.mentions",
            &picked.condition("r"),
        )
    );
    rows::select(connection, rest, values).await
}

/// The domains that most answers of both periods cite, of equals by the alphabet.
async fn most_cited(
    connection: &impl ConnectionTrait,
    project: ProjectId,
    period: Span,
    earlier: Option<Span>,
    picked: Picked<'_>,
) -> StoreResult<Vec<String>> {
    // Nothing is cited on a day twice: without an earlier period it is the same one.
    let before = earlier.unwrap_or(period);
    let sql = format!(
        "SELECT p.domain FROM llm_monitoring_citations c \
         JOIN llm_monitoring_pages p ON p.id = c.page_id \
         WHERE c.project_id = $1 AND (c.analysis_day >= $2 AND c.analysis_day <= $3 \
             OR c.analysis_day >= $4 AND c.analysis_day <= $5){} AND c.is_cited AND c.leads \
         GROUP BY p.domain ORDER BY COUNT(*) DESC, p.domain LIMIT {MOST_SOURCES}",
        picked.condition("c")
    );
    let values: [Value; 5] = [
        project.0.into(),
        period.0.into(),
        period.1.into(),
        before.0.into(),
        before.1.into(),
    ];
    rows::column(connection, sql, values).await
}

async fn source_cells(
    connection: &impl ConnectionTrait,
    of: Of<'_>,
    (from, to): Span,
) -> StoreResult<Vec<CountedCell<String>>> {
    let names = of.domains.iter().map(String::as_str);
    let (is_one_of, names) = rows::is_one_of_texts(connection, "p.domain", 4, names);
    let rest = format!(
        "FROM llm_monitoring_citations c JOIN llm_monitoring_pages p ON p.id = c.page_id \
         WHERE c.project_id = $1 AND c.analysis_day >= $2 AND c.analysis_day <= $3{} \
         AND c.is_cited AND c.leads AND {is_one_of} \
         GROUP BY p.domain, c.query_id, c.model_id",
        of.picked.condition("c"),
    );
    let values: [Value; 4] = [of.project.0.into(), from.into(), to.into(), names];
    rows::select(connection, rest, values).await
}
