//! Findings as rows: what an answer says of each entity that it names.
//!
//! Invariant: pure; the order of values is that of the columns above them.

use std::collections::HashMap;

use analysis::Finding;
use app::model::ids::{AnswerId, EntityId, ProjectId, WorkspaceId};
use engine::{AskOutcome, LaneScope, Read, Reading};
use sea_orm::Value;

use crate::store::sql::encode::{count, json};

pub(in crate::store) const FINDING_COLUMNS: [&str; 17] = [
    "workspace_id",
    "project_id",
    "result_id",
    "entity_id",
    "is_brand",
    "source",
    "text_count",
    "rank",
    "list_total",
    "bullet_order",
    "first_offset",
    "spans",
    "revision_id",
    "sentiment",
    "sentiment_thousandths",
    "recommended",
    "prominence_parts",
];

pub(in crate::store) fn finding_rows(
    scope: &LaneScope,
    outcome: &AskOutcome,
    answers: &HashMap<i64, i64>,
) -> Vec<[Value; 17]> {
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
    workspace: WorkspaceId,
    project: ProjectId,
    reading: &Reading,
    answer: AnswerId,
    finding: &Finding<EntityId>,
) -> [Value; 17] {
    [
        workspace.0.into(),
        project.0.into(),
        answer.0.into(),
        finding.key.0.into(),
        (reading.brand == Some(finding.key)).into(),
        finding.source.word().into(),
        i64::from(finding.text_count).into(),
        finding.rank.map(i64::from).into(),
        finding.list_total.map(i64::from).into(),
        finding.bullet_order.map(i64::from).into(),
        finding.first_offset.map(count).into(),
        json(&finding.spans).into(),
        reading.revision.0.into(),
        finding
            .sentiment
            .map(|sentiment| sentiment.as_str().to_owned())
            .into(),
        finding
            .sentiment_score
            .map(|score| i64::from(score.thousandths()))
            .into(),
        finding.recommended.into(),
        finding.prominence.into(),
    ]
}
