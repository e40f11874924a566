//! One truth of cost: ledger rows say of which day, question and model asked they are, the days
//! of the ledger say for what was paid, and what a model may use of a budget is learnt.
//!
//! Answers of the simulator cost nobody anything: their rows leave the ledger.

use sea_orm_migration::prelude::*;

use crate::columns::{count, day, flag, keyed, points_to, reference, run, text};

/// Adds columns and a table, and fills them from what is known.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let zero = |name| count(name).not_null().default(0).take();
        let added = [
            // Every row gets its true day below.
            (LEDGER, day("day").not_null().default("1970-01-01").take()),
            (LEDGER, count("query_id").null().take()),
            (LEDGER, count("asked_model_id").null().take()),
            (DAYS, text("kind").not_null().default("answer").take()),
            (DAYS, zero("unpriced")),
            ("llm_monitoring_lanes", zero("unpriced")),
            ("llm_monitoring_judge_passes", zero("unpriced")),
            ("llm_monitoring_rollups", zero("unpriced")),
            ("llm_monitoring_rollups", zero("simulated_cost_nano_usd")),
            ("llm_monitoring_week_rollups", zero("unpriced")),
            (
                "llm_monitoring_week_rollups",
                zero("simulated_cost_nano_usd"),
            ),
            ("llm_monitoring_snapshots", zero("unpriced")),
            ("llm_monitoring_snapshots", zero("simulated_cost_nano_usd")),
        ];
        for (table, column) in added {
            let mut change = Table::alter();
            change.table(Alias::new(table)).add_column(column);
            manager.alter_table(change.take()).await?;
        }
        run(manager, FILL).await?;
        manager.create_table(allowance_table()).await
    }
}

const LEDGER: &str = "llm_spend_ledger";
const DAYS: &str = "llm_spend_days";
const ALLOWANCES: &str = "llm_spend_allowances";

const FILL: &[&str] = &[
    "DELETE FROM llm_spend_ledger WHERE model_id IN \
     (SELECT id FROM llm_model_registry WHERE provider = 'simulator')",
    // What was paid for an answer, or to have it judged, is of the answer's day; what belongs to
    // no answer keeps the day of its booking.
    "UPDATE llm_spend_ledger SET \
     query_id = (SELECT a.query_id FROM llm_monitoring_asks a WHERE a.id = llm_spend_ledger.ask_id), \
     asked_model_id = (SELECT l.model_id FROM llm_monitoring_asks a \
        JOIN llm_monitoring_lanes l ON l.id = a.lane_id WHERE a.id = llm_spend_ledger.ask_id), \
     day = COALESCE((SELECT MAX(r.analysis_day) FROM llm_monitoring_results r \
        WHERE r.ask_id = llm_spend_ledger.ask_id), DATE(llm_spend_ledger.booked_at))",
    "UPDATE llm_spend_ledger SET kind = 'filtered' WHERE kind = 'answer' AND EXISTS \
     (SELECT 1 FROM llm_monitoring_results r WHERE r.ask_id = llm_spend_ledger.ask_id \
        AND r.outcome IN ('blocked', 'empty'))",
    // Tokens of a known price and searches of an unknown one: at least that.
    "UPDATE llm_spend_ledger SET cost_kind = 'at_least' \
     WHERE cost_kind = 'unpriced' AND amount_nano_usd > 0",
    "UPDATE llm_monitoring_results SET cost_kind = 'at_least' \
     WHERE cost_kind = 'unpriced' AND cost_nano_usd > 0",
    "UPDATE llm_monitoring_lanes SET unpriced = (SELECT COUNT(*) FROM llm_spend_ledger l \
        WHERE l.run_id = llm_monitoring_lanes.run_id \
        AND l.asked_model_id = llm_monitoring_lanes.model_id AND l.kind <> 'judge' \
        AND l.cost_kind IN ('unpriced', 'at_least'))",
    "UPDATE llm_monitoring_judge_passes SET unpriced = (SELECT COUNT(*) FROM llm_spend_ledger l \
        WHERE l.run_id = llm_monitoring_judge_passes.run_id AND l.kind = 'judge' \
        AND l.cost_kind IN ('unpriced', 'at_least'))",
    "DELETE FROM llm_spend_days",
    "DROP INDEX uq_llm_spend_days",
    "CREATE UNIQUE INDEX uq_llm_spend_days ON llm_spend_days \
     (workspace_id, day, COALESCE(project_id, 0), model_id, kind)",
    "INSERT INTO llm_spend_days (workspace_id, day, project_id, model_id, kind, amount_nano_usd, \
     entries, unpriced) SELECT workspace_id, day, project_id, model_id, kind, \
     CAST(SUM(amount_nano_usd) AS BIGINT), COUNT(*), \
     CAST(SUM(CASE WHEN cost_kind IN ('unpriced', 'at_least') THEN 1 ELSE 0 END) AS BIGINT) \
     FROM llm_spend_ledger GROUP BY workspace_id, day, project_id, model_id, kind",
    // No query looks for rows by the moment of their booking.
    "DROP INDEX ix_llm_spend_ledger_workspace_id_booked_at_amount_nano_usd",
    "CREATE INDEX ix_llm_spend_ledger_of_answers ON llm_spend_ledger \
     (project_id, asked_model_id, day)",
    // Workers make all sums anew, with the ledger's cost in them.
    "UPDATE llm_monitoring_revisions SET is_summed = FALSE WHERE status = 'active'",
];

/// The most that an answer of a model was seen to use in a month: what is set aside for the
/// next one follows from it.
fn allowance_table() -> TableCreateStatement {
    let mut table = keyed(
        ALLOWANCES,
        vec![
            reference("workspace_id"),
            reference("model_id"),
            flag("web_search").not_null().take(),
            day("month").not_null().take(),
            count("searches").not_null().take(),
            count("input_tokens").not_null().take(),
            count("output_tokens").not_null().take(),
            count("reported_nano_usd").not_null().take(),
        ],
        &["workspace_id", "model_id", "web_search", "month"],
    );
    points_to(&mut table, ALLOWANCES, "workspace_id", "workspaces");
    points_to(&mut table, ALLOWANCES, "model_id", "llm_model_registry");
    table
}
