//! Rollups are findings summed by prompt, model, entity and day. Weeks, snapshots and sheets are made
//! of rollups.
//!
//! Invariant: sums are a pure function of answers, findings, judgements and the ledger. They are
//! always made anew for a whole model and day, so that a run, a rebuild and a new revision end with
//! the same rows.

use app::model::ids::{ModelId, ProjectId, PromptId, RevisionId, WorkspaceId};
use app::model::metrics::{MentionSums, SnapshotSums, weight_tenths};
use app::model::project::PromptPart;
use chrono::{DateTime, NaiveDate, Utc};
use engine::Reading;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};

use super::columns::{AT_LEAST, COUNTED, WITHOUT_TEXT, count_if, sum, summed};
use super::series::Series;
use super::unread::is_unread;
use super::weeks::{self, OF_ENTITIES, OF_PROMPTS};
use super::{intervals, served, sheets};
use crate::store::StoreResult;
use crate::store::projects::revisions;
use crate::store::sql::record::{Record, record};
use crate::store::sql::rows::{self, new_row};

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
    let sheet = sheets::make(tx, series).await?;
    intervals::refresh(tx, series, sheet.cells(series.model)?).await
}

/// Makes the sums of these models and days anew, under each revision that the project has.
pub(in crate::store) async fn refresh_days(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    project: ProjectId,
    days: &[(ModelId, NaiveDate)],
    now: DateTime<Utc>,
) -> StoreResult<()> {
    revisions::hold(tx, project).await?;
    for reading in revisions::readings(tx, workspace_id, project).await? {
        read_prompts(tx, workspace_id, project, &reading).await?;
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

/// One at a time makes sums of a revision, or deletes them: two would meet each other's rows.
pub(in crate::store) async fn lock(
    tx: &DatabaseTransaction,
    revision: RevisionId,
) -> StoreResult<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let key = SUM_LOCKS + revision.0;
        rows::one(tx, "SELECT pg_advisory_xact_lock($1)", [key.into()]).await?;
    }
    Ok(())
}

record! {
    /// A question of which nobody knows yet whether it names the brand.
    struct UnreadPrompt {
        id: PromptId = "q.id",
        text: String = "q.query_text",
    }
}

/// Reads which of the project's prompts name the brand, as far as that is not known yet.
pub(in crate::store) async fn read_prompts(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    project: ProjectId,
    reading: &Reading,
) -> StoreResult<()> {
    lock(tx, reading.revision).await?;
    let rest = "FROM llm_monitoring_queries q WHERE q.project_id = $1 \
        AND NOT EXISTS (SELECT 1 FROM llm_monitoring_revision_prompts p \
            WHERE p.revision_id = $2 AND p.query_id = q.id)";
    let values = [project.0.into(), reading.revision.0.into()];
    let unread: Vec<UnreadPrompt> = rows::select(tx, rest, values).await?;
    if unread.is_empty() {
        return Ok(());
    }
    let detector = reading.detector();
    let mut found = Vec::with_capacity(unread.len());
    for prompt in unread {
        let names_brand = detector
            .analyze(&prompt.text, &[], None)
            .iter()
            .any(|finding| Some(finding.key) == reading.brand && finding.is_mentioned());
        found.push(new_row! {
            revision_id = reading.revision.0,
            query_id = prompt.id.0,
            workspace_id = workspace_id.0,
            is_branded = names_brand,
        });
    }
    rows::insert_rows(tx, "llm_monitoring_revision_prompts", found, "").await?;
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

/// A column of sums, and what it sums.
struct Summed {
    name: String,
    value: String,
}

impl Summed {
    fn new(name: impl Into<String>, value: String) -> Self {
        Self {
            name: name.into(),
            value,
        }
    }
}

/// Of each of these sums one part, as a list.
fn list(sums: &[Summed], part: impl Fn(&Summed) -> String) -> String {
    let parts: Vec<String> = sums.iter().map(part).collect();
    parts.join(", ")
}

fn names(sums: &[Summed]) -> String {
    list(sums, |one| one.name.clone())
}

fn values(sums: &[Summed]) -> String {
    list(sums, |one| one.value.clone())
}

/// The sums of tone over mentions that meet `condition`, by rules (`f`) and by a judge (`j`).
fn tones(condition: &str) -> Vec<Summed> {
    let of = |alias: &str, by: &str| {
        let counted = |what: &str| count_if(&format!("{condition} AND {alias}.{what}"));
        let thousandths = sum(&format!(
            "CASE WHEN {condition} THEN {alias}.sentiment_thousandths ELSE 0 END"
        ));
        [
            ("positive", counted("sentiment = 'positive'")),
            ("neutral", counted("sentiment = 'neutral'")),
            ("negative", counted("sentiment = 'negative'")),
            ("thousandths", thousandths),
            ("recommended", counted("recommended IS TRUE")),
            ("advised_against", counted("recommended IS FALSE")),
        ]
        .map(|(name, value)| Summed::new(format!("{by}{name}"), value))
    };
    let mut tones = Vec::from(of("f", "tone_"));
    tones.extend(of("j", "judge_"));
    tones
}

/// Sums of the answers `a`.
fn sums_of_answers() -> Vec<Summed> {
    let counted = |what: &str| {
        sum(&format!(
            "CASE WHEN a.outcome IN {COUNTED} THEN {what} ELSE 0 END"
        ))
    };
    let failed = count_if(&format!(
        "a.outcome NOT IN {COUNTED} AND a.outcome NOT IN {WITHOUT_TEXT}"
    ));
    let tokens = counted("COALESCE(a.input_tokens, 0) + COALESCE(a.output_tokens, 0)");
    let without_text = count_if(&format!("a.outcome IN {WITHOUT_TEXT}"));
    vec![
        Summed::new("answers", counted("1")),
        Summed::new("failed", failed),
        Summed::new("simulated", count_if("a.simulated")),
        Summed::new(
            "simulated_cost_nano_usd",
            sum("CASE WHEN a.simulated THEN a.cost_nano_usd ELSE 0 END"),
        ),
        Summed::new("latency_ms_sum", counted("a.response_time_ms")),
        Summed::new("tokens", tokens),
        Summed::new("without_text", without_text),
    ]
}

/// What was paid on the day for these asks, whenever they were answered.
fn sums_of_ledger() -> Vec<Summed> {
    vec![
        Summed::new("cost_nano_usd", sum("l.amount_nano_usd")),
        Summed::new("unpriced", count_if(&format!("l.cost_kind IN {AT_LEAST}"))),
    ]
}

/// Sums of the mentions of all entities.
fn sums_of_mentions() -> Vec<Summed> {
    let weight = weight();
    let brand = |what: &str| sum(&format!("CASE WHEN f.is_brand THEN {what} ELSE 0 END"));
    let rival = |what: &str| sum(&format!("CASE WHEN f.is_brand THEN 0 ELSE {what} END"));
    let ranked = |ranks: &str| count_if(&format!("f.is_brand AND f.rank {ranks}"));
    let mut sums = vec![
        Summed::new("informative", "COUNT(DISTINCT f.result_id)".to_owned()),
        Summed::new("mentions", brand("1")),
        Summed::new(
            "text_mentions",
            count_if("f.is_brand AND f.source <> 'link'"),
        ),
        Summed::new(
            "link_mentions",
            count_if("f.is_brand AND f.source <> 'text'"),
        ),
        Summed::new("brand_weight_tenths", brand(&weight)),
        Summed::new("competitor_mentions", rival("1")),
        Summed::new("competitor_weight_tenths", rival(&weight)),
        Summed::new("rank_sum", brand("COALESCE(f.rank, 0)")),
        Summed::new("rank_count", ranked("> 0")),
        Summed::new("top3", ranked("BETWEEN 1 AND 3")),
        Summed::new("top5", ranked("BETWEEN 1 AND 5")),
        Summed::new("top10", ranked("BETWEEN 1 AND 10")),
        Summed::new("rank_square_sum", brand("COALESCE(f.rank * f.rank, 0)")),
        Summed::new(
            "weight_square_hundredths",
            sum(&format!("{weight} * {weight}")),
        ),
        Summed::new("prominence_parts", brand("COALESCE(f.prominence_parts, 0)")),
    ];
    sums.extend(tones("f.is_brand"));
    sums
}

/// Sums of the mentions of one entity.
fn sums_of_entity() -> Vec<Summed> {
    let mut sums = vec![
        Summed::new("mentions", "COUNT(*)".to_owned()),
        Summed::new("text_mentions", count_if("f.source <> 'link'")),
        Summed::new("weight_tenths", sum(&weight())),
        Summed::new("rank_sum", sum("COALESCE(f.rank, 0)")),
        Summed::new("rank_count", count_if("f.rank > 0")),
    ];
    sums.extend(tones("TRUE"));
    sums
}

/// One row a prompt: the sums of its answers, and of their mentions.
fn rollups() -> String {
    let (answers, paid, found) = (sums_of_answers(), sums_of_ledger(), sums_of_mentions());
    let zeros = |sums: &[Summed]| list(sums, |_| "0".to_owned());
    let added_up = |sums: &[Summed]| list(sums, |one| sum(&format!("u.{}", one.name)));
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
        series = answers_of_series(),
        mentions = mentions(),
        answer_names = names(&answers),
        paid_names = names(&paid),
        found_names = names(&found),
        no_answers = zeros(&answers),
        no_cost = zeros(&paid),
        no_mentions = zeros(&found),
        of_answers = added_up(&answers),
        of_cost = added_up(&paid),
        of_found = added_up(&found),
        answers = values(&answers),
        paid = values(&paid),
        found = values(&found),
    )
}

/// One row a prompt and entity.
fn entity_rollups() -> String {
    let found = sums_of_entity();
    format!(
        "WITH {series}, t (query_id, entity_id, workspace_id, {names}) AS \
         (SELECT a.query_id, f.entity_id, a.workspace_id, {values} {mentions} \
             GROUP BY a.query_id, f.entity_id, a.workspace_id) \
         INSERT INTO llm_monitoring_entity_rollups \
         (revision_id, day, model_id, query_id, entity_id, workspace_id, is_branded, {names}) \
         SELECT $1, $4, $3, t.query_id, t.entity_id, t.workspace_id, \
         COALESCE(p.is_branded, FALSE), {columns} FROM t \
         LEFT JOIN llm_monitoring_revision_prompts p \
             ON p.revision_id = $1 AND p.query_id = t.query_id",
        series = answers_of_series(),
        names = names(&found),
        values = values(&found),
        mentions = mentions(),
        columns = list(&found, |one| format!("t.{}", one.name)),
    )
}

/// Over which prompts a snapshot is, and the condition on their rollups.
const PROMPTS: [(PromptPart, &str); 3] = [
    (PromptPart::All, "TRUE"),
    (PromptPart::Plain, "NOT r.is_branded"),
    (PromptPart::Branded, "r.is_branded"),
];

async fn snapshots(
    tx: &DatabaseTransaction,
    series: Series,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let updates = SnapshotSums::columns_by(&|name| format!("{name} = excluded.{name}")).join(", ");
    let names = SnapshotSums::columns();
    let sums = summed::<SnapshotSums>("r");
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
            .chain([prompts.word().into(), now.into()]);
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
        names = MentionSums::columns(),
        sums = summed::<MentionSums>("r"),
    );
    rows::execute(tx, sql, series.key()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::with_sqlite;

    /// What is read of sums is what is written of them: each column, and each once.
    #[test]
    fn every_sum_is_written() {
        let sorted = |mut names: Vec<String>| {
            names.sort_unstable();
            names
        };
        let written = |sums: Vec<Summed>| sorted(sums.into_iter().map(|one| one.name).collect());
        let mut of_prompts = sums_of_answers();
        of_prompts.extend(sums_of_ledger());
        of_prompts.extend(sums_of_mentions());
        let read = SnapshotSums::columns_by(&str::to_owned);
        assert_eq!(written(of_prompts), sorted(read));
        let read = MentionSums::columns_by(&str::to_owned);
        assert_eq!(written(sums_of_entity()), sorted(read));
    }

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
