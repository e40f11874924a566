//! Rollups: findings summed by prompt, model, entity and day; and weeks and snapshots, the sums
//! of those.
//!
//! Invariant: sums are a pure function of answers, findings, judgements and the ledger. They are
//! always made anew for a whole model and day, so that a run, a rebuild and a new revision end with
//! the same rows.

use app::model::ids::{ModelId, ProjectId, PromptId, RevisionId, WorkspaceId};
use app::model::metrics::weight_tenths;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};

use super::columns::{
    ANSWER_SUMS, AT_LEAST, COUNTED, MENTION_SUMS, WITHOUT_TEXT, columns, count_if, join, sum,
    summed,
};
use super::series::Series;
use super::unread::is_unread;
use super::weeks::{self, OF_ENTITIES, OF_PROMPTS};
use super::{intervals, served};
use crate::engine::Reading;
use crate::store::StoreResult;
use crate::store::projects::revisions;
use crate::store::sql::rows;

/// Any number will do that no other lock has; the revision's id is added to it.
const SUM_LOCKS: i64 = 1 << 61;

/// Makes the sums of one model and day anew.
pub(in crate::store) async fn refresh(
    tx: &DatabaseTransaction,
    series: Series,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    lock(tx, series.revision).await?;
    let newest = weeks::newest_day(tx, series.revision).await?;
    for table in [OF_PROMPTS.days, OF_ENTITIES.days] {
        let sql =
            format!("DELETE FROM {table} WHERE revision_id = $1 AND model_id = $2 AND day = $3");
        rows::execute(tx, sql, series.key()).await?;
    }
    rows::execute(tx, rollups(), series.values()).await?;
    rows::execute(tx, entity_rollups(), series.values()).await?;
    weeks::refresh(tx, series, newest).await?;
    snapshots(tx, series, now).await?;
    intervals::refresh(tx, series).await
}

/// Makes the sums of these models and days anew, under each revision that the project has.
pub(in crate::store) async fn refresh_days(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    project: ProjectId,
    days: &[(ModelId, NaiveDate)],
    now: DateTime<Utc>,
) -> StoreResult<()> {
    revisions::hold(tx, project).await?;
    for reading in revisions::readings(tx, workspace, project).await? {
        read_prompts(tx, workspace, project, &reading).await?;
        for &(model, day) in days {
            let series = Series {
                project,
                revision: reading.revision,
                model,
                day,
            };
            refresh(tx, series, now).await?;
        }
    }
    for &(model, day) in days {
        served::refresh(tx, project, model, day).await?;
    }
    Ok(())
}

/// One at a time makes sums of a revision: two would meet each other's rows.
async fn lock(tx: &DatabaseTransaction, revision: RevisionId) -> StoreResult<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let key = SUM_LOCKS + revision.0;
        rows::one(tx, "SELECT pg_advisory_xact_lock($1)", [key.into()]).await?;
    }
    Ok(())
}

/// Reads which of the project's prompts name the brand, as far as that is not known yet.
pub(in crate::store) async fn read_prompts(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    project: ProjectId,
    reading: &Reading,
) -> StoreResult<()> {
    lock(tx, reading.revision).await?;
    let sql = "SELECT q.id, q.query_text FROM llm_monitoring_queries q WHERE q.project_id = $1 \
        AND NOT EXISTS (SELECT 1 FROM llm_monitoring_revision_prompts p \
            WHERE p.revision_id = $2 AND p.query_id = q.id)";
    let values = [project.0.into(), reading.revision.0.into()];
    let unread = rows::all(tx, sql, values).await?;
    if unread.is_empty() {
        return Ok(());
    }
    let detector = reading.detector();
    let mut found = Vec::with_capacity(unread.len());
    for row in unread {
        let prompt = PromptId(row.try_get_by_index(0)?);
        let text: String = row.try_get_by_index(1)?;
        let names_brand = detector
            .analyze(&text, &[], None)
            .iter()
            .any(|finding| Some(finding.key) == reading.brand && finding.is_mentioned());
        found.push([
            reading.revision.0.into(),
            prompt.0.into(),
            workspace.0.into(),
            names_brand.into(),
        ]);
    }
    let columns = ["revision_id", "query_id", "workspace_id", "is_branded"];
    rows::insert(tx, "llm_monitoring_revision_prompts", columns, found, "").await?;
    Ok(())
}

/// The weight of a mention by its rank, as [`weight_tenths`] has it.
fn weight() -> String {
    const LAST: u32 = 11;
    let cases: Vec<String> = (1..LAST)
        .map(|rank| format!("WHEN f.rank = {rank} THEN {}", weight_tenths(Some(rank))))
        .collect();
    format!(
        "(CASE WHEN f.rank IS NULL OR f.rank < 1 THEN {} {} ELSE {} END)",
        weight_tenths(None),
        cases.join(" "),
        weight_tenths(Some(LAST))
    )
}

/// The answers of a series as `a`: `$2` is the project, `$3` the model, `$4` the day. Looked up
/// by themselves and once: next to a grouping by prompt, SQLite would go through all answers of
/// the project in the order of an index by prompt. One that could not be read under revision `$1`
/// says nothing, like one that failed.
fn answers_of_series() -> String {
    format!(
        "a AS MATERIALIZED (SELECT id, query_id, workspace_id, \
         CASE WHEN {} THEN 'unread' ELSE outcome END AS outcome, simulated, cost_nano_usd, \
         response_time_ms, input_tokens, output_tokens FROM llm_monitoring_results \
         WHERE project_id = $2 AND model_id = $3 AND analysis_day = $4)",
        is_unread("llm_monitoring_results.id", "$1")
    )
}

/// The mentions in those answers under revision `$1`, each with its judgement. From answer to
/// finding: SQLite keeps to the order of a `CROSS JOIN`.
fn mentions() -> String {
    format!(
        "FROM a CROSS JOIN llm_monitoring_findings f \
         LEFT JOIN llm_monitoring_judgements j \
             ON j.result_id = f.result_id AND j.entity_id = f.entity_id \
         WHERE f.result_id = a.id AND f.revision_id = $1 AND a.outcome IN {COUNTED} \
         AND f.source <> 'none'"
    )
}

/// The sums of tone over mentions that meet `condition`, by rules (`f`) and by a judge (`j`).
fn tones(condition: &str) -> String {
    let of = |alias: &str| {
        let counted = |what: &str| count_if(&format!("{condition} AND {alias}.{what}"));
        [
            counted("sentiment = 'positive'"),
            counted("sentiment = 'neutral'"),
            counted("sentiment = 'negative'"),
            sum(&format!(
                "CASE WHEN {condition} THEN {alias}.sentiment_thousandths ELSE 0 END"
            )),
            counted("recommended IS TRUE"),
            counted("recommended IS FALSE"),
        ]
        .join(", ")
    };
    format!("{}, {}", of("f"), of("j"))
}

/// One row a prompt: the sums of its answers, and of their mentions.
fn rollups() -> String {
    let weight = weight();
    let counted = |what: &str| {
        sum(&format!(
            "CASE WHEN a.outcome IN {COUNTED} THEN {what} ELSE 0 END"
        ))
    };
    let brand = |what: &str| sum(&format!("CASE WHEN f.is_brand THEN {what} ELSE 0 END"));
    let rival = |what: &str| sum(&format!("CASE WHEN f.is_brand THEN 0 ELSE {what} END"));
    let answers = [
        counted("1"),
        count_if(&format!(
            "a.outcome NOT IN {COUNTED} AND a.outcome NOT IN {WITHOUT_TEXT}"
        )),
        count_if("a.simulated"),
        sum("CASE WHEN a.simulated THEN a.cost_nano_usd ELSE 0 END"),
        counted("a.response_time_ms"),
        counted("COALESCE(a.input_tokens, 0) + COALESCE(a.output_tokens, 0)"),
        count_if(&format!("a.outcome IN {WITHOUT_TEXT}")),
    ];
    let answer_names = [
        "answers",
        "failed",
        "simulated",
        "simulated_cost_nano_usd",
        "latency_ms_sum",
        "tokens",
        "without_text",
    ];
    // What was paid on the day for these asks, whenever they were answered.
    let paid = [
        sum("l.amount_nano_usd"),
        count_if(&format!("l.cost_kind IN {AT_LEAST}")),
    ];
    let paid_names = ["cost_nano_usd", "unpriced"];
    let found = [
        "COUNT(DISTINCT f.result_id)".to_owned(),
        brand("1"),
        count_if("f.is_brand AND f.source <> 'link'"),
        count_if("f.is_brand AND f.source <> 'text'"),
        brand(&weight),
        rival("1"),
        rival(&weight),
        brand("COALESCE(f.rank, 0)"),
        count_if("f.is_brand AND f.rank > 0"),
        count_if("f.is_brand AND f.rank BETWEEN 1 AND 3"),
        count_if("f.is_brand AND f.rank BETWEEN 1 AND 5"),
        count_if("f.is_brand AND f.rank BETWEEN 1 AND 10"),
        brand("COALESCE(f.rank * f.rank, 0)"),
        sum(&format!("{weight} * {weight}")),
        brand("COALESCE(f.prominence_parts, 0)"),
        tones("f.is_brand"),
    ];
    let found_names: Vec<&str> = ANSWER_SUMS
        .iter()
        .copied()
        .filter(|name| !answer_names.contains(name) && !paid_names.contains(name))
        .collect();
    let zeros = |names: &[&str]| join(names, |_| "0".to_owned());
    // Added up rather than joined: PostgreSQL knows nothing of a young table's rows, takes both
    // sides for one row, and compares each prompt with each. The sums of mentions have no names
    // in the query that makes them: a list of columns does.
    format!(
        "WITH {series}, u (query_id, workspace_id, {answer_names}, {paid_names}, {found_names}) AS (\
             SELECT a.query_id, a.workspace_id, {answers}, {no_cost}, {no_mentions} \
             FROM a GROUP BY a.query_id, a.workspace_id \
             UNION ALL \
             SELECT l.query_id, l.workspace_id, {no_answers}, {paid}, {no_mentions} \
             FROM llm_spend_ledger l \
             WHERE l.project_id = $2 AND l.asked_model_id = $3 AND l.day = $4 \
             GROUP BY l.query_id, l.workspace_id \
             UNION ALL \
             SELECT a.query_id, a.workspace_id, {no_answers}, {no_cost}, {found} {mentions} \
             GROUP BY a.query_id, a.workspace_id) \
         INSERT INTO llm_monitoring_rollups (revision_id, day, model_id, query_id, workspace_id, \
         is_branded, {answer_names}, {paid_names}, {found_names}) \
         SELECT $1, $4, $3, u.query_id, u.workspace_id, COALESCE(p.is_branded, FALSE), \
         {of_answers}, {of_cost}, {of_found} FROM u LEFT JOIN llm_monitoring_revision_prompts p \
             ON p.revision_id = $1 AND p.query_id = u.query_id \
         GROUP BY u.query_id, u.workspace_id, p.is_branded",
        no_mentions = zeros(&found_names),
        no_answers = zeros(&answer_names),
        no_cost = zeros(&paid_names),
        paid = paid.join(", "),
        of_cost = summed("u", &paid_names),
        paid_names = paid_names.join(", "),
        of_answers = summed("u", &answer_names),
        of_found = summed("u", &found_names),
        answer_names = answer_names.join(", "),
        found_names = found_names.join(", "),
        answers = answers.join(", "),
        series = answers_of_series(),
        found = found.join(", "),
        mentions = mentions(),
    )
}

/// One row a prompt and entity.
fn entity_rollups() -> String {
    let found = [
        "COUNT(*)".to_owned(),
        count_if("f.source <> 'link'"),
        sum(&weight()),
        sum("COALESCE(f.rank, 0)"),
        count_if("f.rank > 0"),
        tones("TRUE"),
    ];
    format!(
        "WITH {series}, t (query_id, entity_id, workspace_id, {names}) AS \
         (SELECT a.query_id, f.entity_id, a.workspace_id, {found} {mentions} \
             GROUP BY a.query_id, f.entity_id, a.workspace_id) \
         INSERT INTO llm_monitoring_entity_rollups \
         (revision_id, day, model_id, query_id, entity_id, workspace_id, is_branded, {names}) \
         SELECT $1, $4, $3, t.query_id, t.entity_id, t.workspace_id, \
         COALESCE(p.is_branded, FALSE), {columns} FROM t \
         LEFT JOIN llm_monitoring_revision_prompts p \
             ON p.revision_id = $1 AND p.query_id = t.query_id",
        series = answers_of_series(),
        names = MENTION_SUMS.join(", "),
        found = found.join(", "),
        mentions = mentions(),
        columns = columns("t", &MENTION_SUMS),
    )
}

/// Over which prompts a snapshot is, and the condition on their rollups.
const PROMPTS: [(&str, &str); 3] = [
    ("all", "TRUE"),
    ("plain", "NOT r.is_branded"),
    ("branded", "r.is_branded"),
];

async fn snapshots(
    tx: &DatabaseTransaction,
    series: Series,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let updates = join(&ANSWER_SUMS, |name| format!("{name} = excluded.{name}"));
    let names = ANSWER_SUMS.join(", ");
    let sums = summed("r", &ANSWER_SUMS);
    // Not those of which only the judging of an earlier answer was paid that day.
    let asked = count_if("r.answers + r.failed + r.without_text > 0");
    for (prompts, condition) in PROMPTS {
        let sql = format!(
            "INSERT INTO llm_monitoring_snapshots (workspace_id, project_id, revision_id, \
             model_id, llm_provider, snapshot_date, prompts, prompt_count, intervals, updated_at, \
             {names}) SELECT r.workspace_id, $2, $1, $3, m.provider, $4, $5, {asked}, '[]', $6, \
             {sums} FROM llm_monitoring_rollups r JOIN llm_model_registry m ON m.id = r.model_id \
             WHERE r.revision_id = $1 AND r.model_id = $3 AND r.day = $4 AND {condition} \
             GROUP BY r.workspace_id, m.provider \
             ON CONFLICT (revision_id, model_id, snapshot_date, prompts) DO UPDATE SET \
             prompt_count = excluded.prompt_count, updated_at = excluded.updated_at, {updates}"
        );
        let values = series
            .values()
            .into_iter()
            .chain([prompts.into(), now.into()]);
        rows::execute(tx, sql, values).await?;
    }
    let of_series = "SELECT id FROM llm_monitoring_snapshots \
        WHERE revision_id = $1 AND model_id = $2 AND snapshot_date = $3";
    let sql =
        format!("DELETE FROM llm_monitoring_snapshot_entities WHERE snapshot_id IN ({of_series})");
    rows::execute(tx, sql, series.key()).await?;
    let sql = format!(
        "INSERT INTO llm_monitoring_snapshot_entities \
         (snapshot_id, entity_id, workspace_id, {names}) \
         SELECT s.id, r.entity_id, s.workspace_id, {sums} FROM llm_monitoring_snapshots s \
         JOIN llm_monitoring_entity_rollups r ON r.revision_id = s.revision_id \
             AND r.model_id = s.model_id AND r.day = s.snapshot_date \
             AND (s.prompts = 'all' OR (s.prompts = 'branded') = r.is_branded) \
         WHERE s.revision_id = $1 AND s.model_id = $2 AND s.snapshot_date = $3 \
         GROUP BY s.id, r.entity_id, s.workspace_id",
        names = MENTION_SUMS.join(", "),
        sums = summed("r", &MENTION_SUMS),
    );
    rows::execute(tx, sql, series.key()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::with_sqlite;

    /// A day of a project with a million answers is a small part of them.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_days_answers_are_found_without_looking_at_others() {
        let series = Series {
            project: ProjectId(1),
            revision: RevisionId(1),
            model: ModelId(1),
            day: NaiveDate::MIN,
        };
        with_sqlite(async |database| {
            for sql in [rollups(), entity_rollups()] {
                let sql = format!("EXPLAIN QUERY PLAN {sql}");
                let plan = rows::all(database.store.reader(), sql, series.values()).await;
                let steps: Vec<String> = plan
                    .expect("a plan")
                    .iter()
                    .map(|row| row.try_get_by_index(3).expect("a step"))
                    .collect();
                let of_table = |table: &str| {
                    let found = steps.iter().filter(|step| step.contains(table));
                    found.map(String::as_str).collect::<Vec<_>>()
                };
                assert_eq!(
                    of_table("llm_monitoring_results"),
                    [
                        "SEARCH llm_monitoring_results USING INDEX ix_results_of_models \
                         (project_id=? AND model_id=? AND analysis_day=?)"
                    ]
                );
                let findings = of_table("uq_finding");
                assert!(
                    findings[0].contains("(result_id=? AND revision_id=?)"),
                    "{steps:?}"
                );
            }
        })
        .await;
    }
}
