//! Findings as rows: what an answer says of each entity that it names.
//!
//! Invariant: pure.

use std::collections::HashMap;

use analysis::Finding;
use app::model::ids::{AnswerId, EntityId, ProjectId, WorkspaceId};
use engine::{AskOutcome, LaneScope, Read, Reading};

use crate::store::sql::encode::{count, json};
use crate::store::sql::rows::{NewRow, new_row};

pub(in crate::store) fn finding_rows(
    scope: &LaneScope,
    outcome: &AskOutcome,
    answers: &HashMap<i64, i64>,
) -> Vec<NewRow<17>> {
    let Some(&answer) = answers.get(&outcome.ask.0) else {
        return Vec::new();
    };
    let row = |read: &Read, finding: &Finding<EntityId>| {
        finding_row(
            scope.workspace,
            scope.project,
            &read.reading,
            AnswerId(answer),
            finding,
        )
    };
    outcome
        .reads
        .iter()
        .flat_map(|read| read.findings.iter().map(move |finding| (read, finding)))
        .filter(|(_, finding)| finding.is_mentioned())
        .map(|(read, finding)| row(read, finding))
        .collect()
}

/// What an answer says of one entity that it names, as a row.
pub(super) fn finding_row(
    workspace_id: WorkspaceId,
    project: ProjectId,
    reading: &Reading,
    answer: AnswerId,
    finding: &Finding<EntityId>,
) -> NewRow<17> {
    new_row! {
        workspace_id = workspace_id.0,
        project_id = project.0,
        result_id = answer.0,
        entity_id = finding.key.0,
        is_brand = reading.brand == Some(finding.key),
        source = finding.source.word(),
        text_count = i64::from(finding.text_count),
        rank = finding.rank.map(i64::from),
        list_total = finding.list_total.map(i64::from),
        bullet_order = finding.bullet_order.map(i64::from),
        first_offset = finding.first_offset.map(count),
        spans = json(&finding.spans),
        revision_id = reading.revision.0,
        sentiment = finding
            .sentiment
            .map(|sentiment| sentiment.word().to_owned()),
        sentiment_thousandths = finding
            .sentiment_score
            .map(|score| i64::from(score.thousandths())),
        recommended = finding.recommended,
        prominence_parts = finding.prominence,
    }
}
