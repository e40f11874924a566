//! What the answers of a period name and cite, by prompt and model: what changes are found in.
//!
//! Invariant: only the active revision's sums; nothing is written but sheets that are missing.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use app::model::ids::{EntityId, ProjectId, PromptId, WorkspaceId};
use chrono::NaiveDate;
use sea_orm::ConnectionTrait;

use super::period::Period;
use super::picked::Picked;
use super::sheet::Part;
use super::sheet_totals::SheetTotals;
use crate::store::sql::rows;
use crate::store::{Store, StoreResult};
use statistics::{MOST_SOURCES, PeriodCells};

impl Store {
    /// What the answers that are picked name and cite in an `earlier` period and in a period. Of the
    /// domains, those that most answers of both periods cite.
    pub async fn cells_of_periods(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        period: (NaiveDate, NaiveDate),
        earlier: Option<(NaiveDate, NaiveDate)>,
        picked: Picked<'_>,
    ) -> StoreResult<(PeriodCells, PeriodCells)> {
        let period = self
            .period_of(workspace_id, project, period, picked)
            .await?;
        let (rivals, before, shown) = tokio::try_join!(
            rivals(self.reader(), period),
            self.earlier_totals(period, earlier, Part::All),
            self.sheet_totals(period, Part::All),
        )?;
        Ok(cells_of_both(&before, &shown, &rivals))
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
             JOIN llm_monitoring_citations c ON c.project_id = $1 AND c.page_id = p.id \
                 AND c.is_cited \
             WHERE p.project_id = $1 AND p.domain = $2 AND p.workspace_id = $3{}",
            of_prompts.condition("c")
        );
        let values = [project.0.into(), domain.into(), workspace_id.0.into()];
        let first: Option<Option<NaiveDate>> = rows::value(self.reader(), sql, values).await?;
        Ok(first.flatten())
    }
}

/// The competitors that the answers are read with.
async fn rivals(
    connection: &impl ConnectionTrait,
    period: Period<'_>,
) -> StoreResult<HashSet<EntityId>> {
    let sql = "SELECT entity_id FROM llm_monitoring_revision_entities \
        WHERE revision_id = $1 AND NOT is_brand";
    let revision = period.revision.map_or(0, |revision| revision.0);
    let rivals = rows::column(connection, sql, [revision.into()]).await?;
    Ok(rivals.into_iter().collect())
}

/// The cells of an earlier period and of a period, from their sheets with sources.
pub(super) fn cells_of_both(
    before: &SheetTotals,
    shown: &SheetTotals,
    rivals: &HashSet<EntityId>,
) -> (PeriodCells, PeriodCells) {
    let domains = most_cited(before, shown);
    let cells = |totals: &SheetTotals| PeriodCells {
        answers: totals.answers(),
        rivals: totals.mentions(rivals),
        sources: totals.sources(&domains),
    };
    (cells(before), cells(shown))
}

/// The domains that most answers of both periods cite, of equals by the alphabet.
fn most_cited<'a>(before: &'a SheetTotals, shown: &'a SheetTotals) -> Vec<&'a str> {
    let mut all: HashMap<&str, i64> = HashMap::new();
    for (domain, answers) in before.domains().chain(shown.domains()) {
        *all.entry(domain).or_default() += answers;
    }
    let mut all: Vec<(&str, i64)> = all.into_iter().collect();
    all.sort_unstable_by_key(|(domain, answers)| (Reverse(*answers), *domain));
    all.truncate(MOST_SOURCES);
    all.into_iter().map(|(domain, _)| domain).collect()
}
