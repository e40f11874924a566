//! What the analysis read answers with, and sums by prompt.

use sea_orm_migration::prelude::*;

use crate::columns::{count, day, flag, id, keyed, points_to, reference, run, table, text, time};

/// Every finding gets the revision that it was read under; sums begin at the prompt. Snapshots
/// are sums, so they are not carried over: the host makes them again when it starts.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in finding_columns() {
            let mut change = Table::alter();
            change.table(Alias::new(FINDINGS)).add_column(column);
            manager.alter_table(change.take()).await?;
        }
        let mut change = Table::alter();
        change
            .table(Alias::new(PROJECTS))
            .add_column(count("repeats").not_null().default(1).take());
        manager.alter_table(change.take()).await?;
        for name in [
            "llm_monitoring_snapshot_entities",
            "llm_monitoring_snapshots",
        ] {
            manager
                .drop_table(Table::drop().table(Alias::new(name)).take())
                .await?;
        }
        for mut table in [
            revision_table(),
            revision_entity_table(),
            revision_prompt_table(),
            judgement_table(),
            rollup_table(),
            entity_rollup_table(),
            snapshot_table(),
            snapshot_entity_table(),
        ] {
            manager.create_table(table.take()).await?;
        }
        run(manager, STATEMENTS).await
    }
}

const FINDINGS: &str = "llm_monitoring_findings";
const REVISIONS: &str = "llm_monitoring_revisions";
const PROJECTS: &str = "llm_monitoring_projects";
const PROMPTS: &str = "llm_monitoring_queries";
const ENTITIES: &str = "llm_monitoring_entities";
const MODELS: &str = "llm_model_registry";
const WORKSPACES: &str = "workspaces";
const SNAPSHOTS: &str = "llm_monitoring_snapshots";

/// Indexes, and the first revision of each project that is there: all its answers were read
/// with the entities that it has now.
const STATEMENTS: &[&str] = &[
    "CREATE UNIQUE INDEX uq_one_active_revision ON llm_monitoring_revisions (project_id) \
     WHERE status = 'active'",
    "CREATE UNIQUE INDEX uq_one_filling_revision ON llm_monitoring_revisions (project_id) \
     WHERE status = 'filling'",
    // What waits for a worker is little: a look every second reads only this.
    "CREATE INDEX ix_revisions_at_work ON llm_monitoring_revisions (id) \
     WHERE status IN ('filling', 'retired') OR NOT is_summed",
    "CREATE UNIQUE INDEX uq_snapshot ON llm_monitoring_snapshots \
     (revision_id, model_id, snapshot_date, prompts)",
    "CREATE INDEX ix_snapshot_day ON llm_monitoring_snapshots \
     (revision_id, prompts, snapshot_date)",
    "INSERT INTO llm_monitoring_revisions (workspace_id, project_id, status, detector_version, \
     answers_total, answers_done, read_up_to, last_answer, is_summed, epoch, created_at) \
     SELECT workspace_id, id, 'active', 1, 0, 0, 0, 0, FALSE, 0, created_at \
     FROM llm_monitoring_projects",
    "INSERT INTO llm_monitoring_revision_entities \
     (revision_id, entity_id, workspace_id, is_brand, position, name, aliases, domains) \
     SELECT r.id, e.id, e.workspace_id, e.is_brand, e.position, e.name, e.aliases, e.domains \
     FROM llm_monitoring_revisions r JOIN llm_monitoring_entities e \
     ON e.project_id = r.project_id AND e.removed_at IS NULL",
    "UPDATE llm_monitoring_findings SET revision_id = (SELECT r.id FROM \
     llm_monitoring_revisions r WHERE r.project_id = llm_monitoring_findings.project_id)",
    "DROP INDEX uq_llm_monitoring_findings_result_id_entity_id",
    "CREATE UNIQUE INDEX uq_finding ON llm_monitoring_findings \
     (result_id, revision_id, entity_id)",
];

/// SQLite adds no column that points somewhere and is never null: no foreign key here.
fn finding_columns() -> Vec<ColumnDef> {
    vec![
        reference("revision_id").default(0).take(),
        text("sentiment").null().take(),
        count("sentiment_thousandths").null().take(),
        flag("recommended").null().take(),
        count("prominence_parts").null().take(),
    ]
}

/// One reading of all answers of a project: with which entities, by which rules.
fn revision_table() -> TableCreateStatement {
    let mut table = table(
        REVISIONS,
        vec![
            id(),
            reference("workspace_id"),
            reference("project_id"),
            text("status").not_null().take(),
            count("detector_version").not_null().take(),
            count("answers_total").not_null().take(),
            count("answers_done").not_null().take(),
            count("read_up_to").not_null().take(),
            count("last_answer").not_null().take(),
            flag("is_summed").not_null().take(),
            text("worker").null().take(),
            time("lease_until").null().take(),
            count("epoch").not_null().take(),
            time("created_at").not_null().take(),
            time("activated_at").null().take(),
        ],
    );
    points_to(&mut table, REVISIONS, "workspace_id", WORKSPACES);
    points_to(&mut table, REVISIONS, "project_id", PROJECTS);
    table
}

/// The entities as they were when a revision began.
fn revision_entity_table() -> TableCreateStatement {
    let name = "llm_monitoring_revision_entities";
    let mut table = keyed(
        name,
        vec![
            reference("revision_id"),
            reference("entity_id"),
            reference("workspace_id"),
            flag("is_brand").not_null().take(),
            count("position").not_null().take(),
            text("name").not_null().take(),
            text("aliases").not_null().take(),
            text("domains").not_null().take(),
        ],
        &["revision_id", "entity_id"],
    );
    points_to(&mut table, name, "revision_id", REVISIONS);
    points_to(&mut table, name, "entity_id", ENTITIES);
    points_to(&mut table, name, "workspace_id", WORKSPACES);
    table
}

/// Which prompts name the brand themselves.
fn revision_prompt_table() -> TableCreateStatement {
    let name = "llm_monitoring_revision_prompts";
    let mut table = keyed(
        name,
        vec![
            reference("revision_id"),
            reference("query_id"),
            reference("workspace_id"),
            flag("is_branded").not_null().take(),
        ],
        &["revision_id", "query_id"],
    );
    points_to(&mut table, name, "revision_id", REVISIONS);
    points_to(&mut table, name, "query_id", PROMPTS);
    points_to(&mut table, name, "workspace_id", WORKSPACES);
    table
}

/// What a judge said of one entity in one answer. No revision: the answer stays the same.
fn judgement_table() -> TableCreateStatement {
    let name = "llm_monitoring_judgements";
    let mut table = keyed(
        name,
        vec![
            reference("result_id"),
            reference("entity_id"),
            reference("workspace_id"),
            reference("project_id"),
            reference("model_id"),
            text("model_served").null().take(),
            count("judge_version").not_null().take(),
            text("sentiment").not_null().take(),
            count("sentiment_thousandths").not_null().take(),
            flag("recommended").null().take(),
            text("reason").not_null().take(),
            text("praised").not_null().take(),
            text("blamed").not_null().take(),
            time("created_at").not_null().take(),
        ],
        &["result_id", "entity_id"],
    );
    points_to(&mut table, name, "result_id", "llm_monitoring_results");
    points_to(&mut table, name, "entity_id", ENTITIES);
    points_to(&mut table, name, "workspace_id", WORKSPACES);
    points_to(&mut table, name, "project_id", PROJECTS);
    points_to(&mut table, name, "model_id", MODELS);
    table
}

/// The sums of answers, and of what they say of the brand.
pub(crate) const ANSWER_SUMS: &[&str] = &[
    "answers",
    "failed",
    "simulated",
    "informative",
    "cost_nano_usd",
    "latency_ms_sum",
    "tokens",
    "mentions",
    "text_mentions",
    "link_mentions",
    "brand_weight_tenths",
    "competitor_mentions",
    "competitor_weight_tenths",
    "rank_sum",
    "rank_count",
    "top3",
    "top5",
    "top10",
    "rank_square_sum",
    "weight_square_hundredths",
    "prominence_parts",
];

/// The sums of what answers say of one entity.
pub(crate) const MENTION_SUMS: &[&str] = &[
    "mentions",
    "text_mentions",
    "weight_tenths",
    "rank_sum",
    "rank_count",
];

/// The tone, as rules see it and as a judge does: two numbers that are never added up.
pub(crate) const TONE_SUMS: &[&str] = &[
    "tone_positive",
    "tone_neutral",
    "tone_negative",
    "tone_thousandths",
    "tone_recommended",
    "tone_advised_against",
    "judge_positive",
    "judge_neutral",
    "judge_negative",
    "judge_thousandths",
    "judge_recommended",
    "judge_advised_against",
];

/// The columns of these sums and of the tone.
pub(crate) fn sums(names: &[&'static str]) -> impl Iterator<Item = ColumnDef> {
    names
        .iter()
        .chain(TONE_SUMS)
        .map(|name| count(name).not_null().take())
}

/// Sums of one prompt, model and day.
fn rollup_table() -> TableCreateStatement {
    let name = "llm_monitoring_rollups";
    let mut columns = vec![
        reference("revision_id"),
        day("day").not_null().take(),
        reference("model_id"),
        reference("query_id"),
        reference("workspace_id"),
        flag("is_branded").not_null().take(),
    ];
    columns.extend(sums(ANSWER_SUMS));
    let key = ["revision_id", "day", "model_id", "query_id"];
    let mut table = keyed(name, columns, &key);
    points_to(&mut table, name, "revision_id", REVISIONS);
    points_to(&mut table, name, "model_id", MODELS);
    points_to(&mut table, name, "query_id", PROMPTS);
    points_to(&mut table, name, "workspace_id", WORKSPACES);
    table
}

/// Sums of one prompt, model, day and entity.
fn entity_rollup_table() -> TableCreateStatement {
    let name = "llm_monitoring_entity_rollups";
    let mut columns = vec![
        reference("revision_id"),
        day("day").not_null().take(),
        reference("model_id"),
        reference("query_id"),
        reference("entity_id"),
        reference("workspace_id"),
        flag("is_branded").not_null().take(),
    ];
    columns.extend(sums(MENTION_SUMS));
    let key = ["revision_id", "day", "model_id", "query_id", "entity_id"];
    let mut table = keyed(name, columns, &key);
    points_to(&mut table, name, "revision_id", REVISIONS);
    points_to(&mut table, name, "model_id", MODELS);
    points_to(&mut table, name, "query_id", PROMPTS);
    points_to(&mut table, name, "entity_id", ENTITIES);
    points_to(&mut table, name, "workspace_id", WORKSPACES);
    table
}

/// Sums of one project, model and day: over all prompts, those that name the brand, and the
/// others.
fn snapshot_table() -> TableCreateStatement {
    let mut columns = vec![
        id(),
        reference("workspace_id"),
        reference("project_id"),
        reference("revision_id"),
        reference("model_id"),
        text("llm_provider").not_null().take(),
        day("snapshot_date").not_null().take(),
        text("prompts").not_null().take(),
        count("prompt_count").not_null().take(),
        text("intervals").not_null().take(),
        time("updated_at").not_null().take(),
    ];
    columns.extend(sums(ANSWER_SUMS));
    let mut table = table(SNAPSHOTS, columns);
    points_to(&mut table, SNAPSHOTS, "workspace_id", WORKSPACES);
    points_to(&mut table, SNAPSHOTS, "project_id", PROJECTS);
    points_to(&mut table, SNAPSHOTS, "revision_id", REVISIONS);
    points_to(&mut table, SNAPSHOTS, "model_id", MODELS);
    table
}

/// Sums of each entity in a snapshot.
fn snapshot_entity_table() -> TableCreateStatement {
    let name = "llm_monitoring_snapshot_entities";
    let mut columns = vec![
        reference("snapshot_id"),
        reference("entity_id"),
        reference("workspace_id"),
    ];
    columns.extend(sums(MENTION_SUMS));
    let mut table = keyed(name, columns, &["snapshot_id", "entity_id"]);
    points_to(&mut table, name, "snapshot_id", SNAPSHOTS);
    points_to(&mut table, name, "entity_id", ENTITIES);
    points_to(&mut table, name, "workspace_id", WORKSPACES);
    table
}
