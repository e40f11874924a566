//! One truth of cost: ledger rows say of which day, question and model asked they are, the days
//! of the ledger say for what was paid, and what a model may use of a budget is learnt. The view
//! says all of that too, and which answers had no text.
//!
//! Answers of the simulator cost nobody anything: their rows leave the ledger.

use sea_orm_migration::prelude::*;

use crate::columns::{count, day, flag, keyed, points_to, reference, run, text};
use crate::ledger_days;

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
            (
                LEDGER,
                day("day").not_null().default(ledger_days::UNKNOWN).take(),
            ),
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
        run(manager, OF_ANSWERS).await?;
        ledger_days::fill(manager.get_connection()).await?;
        run(manager, FILL).await?;
        let view = ["DROP VIEW llm_visibility_comparison", COMPARISON];
        run(manager, &view).await?;
        manager.create_table(allowance_table()).await
    }
}

const LEDGER: &str = "llm_spend_ledger";
const DAYS: &str = "llm_spend_days";
const ALLOWANCES: &str = "llm_spend_allowances";

/// Whose each row of the ledger is.
const OF_ANSWERS: &[&str] = &[
    "DELETE FROM llm_spend_ledger WHERE model_id IN \
     (SELECT id FROM llm_model_registry WHERE provider = 'simulator')",
    // What was paid for an answer, or to have it judged, is of the answer's day; what belongs to
    // no answer gets the day of its booking afterwards.
    "UPDATE llm_spend_ledger SET \
     query_id = (SELECT a.query_id FROM llm_monitoring_asks a WHERE a.id = llm_spend_ledger.ask_id), \
     asked_model_id = (SELECT l.model_id FROM llm_monitoring_asks a \
        JOIN llm_monitoring_lanes l ON l.id = a.lane_id WHERE a.id = llm_spend_ledger.ask_id), \
     day = COALESCE((SELECT MAX(r.analysis_day) FROM llm_monitoring_results r \
        WHERE r.ask_id = llm_spend_ledger.ask_id), llm_spend_ledger.day)",
];

const FILL: &[&str] = &[
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
    // For the sums of a model and day, and for a project's file of the ledger, day by day.
    "CREATE INDEX ix_llm_spend_ledger_of_answers ON llm_spend_ledger \
     (project_id, day, asked_model_id)",
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

/// One row a project, provider and day: of the revision that is shown. Rates are percentages of
/// sums, and null where there is nothing to divide by. Shares of voice are over answers to
/// prompts that do not name the brand, those called `_all` over all. Sentiment is a judge's:
/// its mean score from -1 to 1, and what speaks well less what speaks ill out of all that was
/// judged. Of the cost, `unpriced` entries have a part of no known price, so that it is at least
/// that much; what the simulator's answers would have cost is beside it and nobody pays it.
const COMPARISON: &str = "CREATE VIEW llm_visibility_comparison AS \
    SELECT c.*, \
    CASE WHEN c.answers > 0 THEN CAST(c.mentions AS DOUBLE PRECISION) * 100 / c.answers END \
        AS mention_rate, \
    CASE WHEN c.rank_count > 0 THEN CAST(c.rank_sum AS DOUBLE PRECISION) / c.rank_count END \
        AS avg_position, \
    CASE WHEN c.plain_mentions + c.plain_competitor_mentions > 0 \
        THEN CAST(c.plain_mentions AS DOUBLE PRECISION) * 100 \
        / (c.plain_mentions + c.plain_competitor_mentions) END AS share_of_voice, \
    CASE WHEN c.mentions + c.competitor_mentions > 0 THEN CAST(c.mentions AS DOUBLE PRECISION) \
        * 100 / (c.mentions + c.competitor_mentions) END AS share_of_voice_all, \
    CASE WHEN c.plain_weight_tenths + c.plain_competitor_weight_tenths > 0 \
        THEN CAST(c.plain_weight_tenths AS DOUBLE PRECISION) * 100 \
        / (c.plain_weight_tenths + c.plain_competitor_weight_tenths) END \
        AS weighted_share_of_voice, \
    CASE WHEN c.brand_weight_tenths + c.competitor_weight_tenths > 0 \
        THEN CAST(c.brand_weight_tenths AS DOUBLE PRECISION) * 100 \
        / (c.brand_weight_tenths + c.competitor_weight_tenths) END \
        AS weighted_share_of_voice_all, \
    CASE WHEN c.positive_mentions + c.neutral_mentions + c.negative_mentions > 0 \
        THEN CAST(c.sentiment_thousandths AS DOUBLE PRECISION) / 1000 \
        / (c.positive_mentions + c.neutral_mentions + c.negative_mentions) END \
        AS sentiment_score, \
    CASE WHEN c.positive_mentions + c.neutral_mentions + c.negative_mentions > 0 \
        THEN CAST(c.positive_mentions - c.negative_mentions AS DOUBLE PRECISION) \
        / (c.positive_mentions + c.neutral_mentions + c.negative_mentions) END \
        AS net_sentiment \
    FROM (SELECT s.workspace_id, s.project_id, p.name AS project_name, p.brand_name, \
        s.llm_provider, s.snapshot_date, \
        CAST(SUM(s.answers) AS BIGINT) AS answers, \
        CAST(SUM(s.without_text) AS BIGINT) AS without_text, \
        CAST(SUM(s.failed) AS BIGINT) AS failed, \
        CAST(SUM(s.simulated) AS BIGINT) AS simulated, \
        CAST(SUM(s.mentions) AS BIGINT) AS mentions, \
        CAST(SUM(s.competitor_mentions) AS BIGINT) AS competitor_mentions, \
        CAST(SUM(s.brand_weight_tenths) AS BIGINT) AS brand_weight_tenths, \
        CAST(SUM(s.competitor_weight_tenths) AS BIGINT) AS competitor_weight_tenths, \
        CAST(SUM(s.rank_sum) AS BIGINT) AS rank_sum, \
        CAST(SUM(s.rank_count) AS BIGINT) AS rank_count, \
        CAST(SUM(s.top3) AS BIGINT) AS top3, \
        CAST(SUM(s.judge_positive) AS BIGINT) AS positive_mentions, \
        CAST(SUM(s.judge_neutral) AS BIGINT) AS neutral_mentions, \
        CAST(SUM(s.judge_negative) AS BIGINT) AS negative_mentions, \
        CAST(SUM(s.judge_thousandths) AS BIGINT) AS sentiment_thousandths, \
        CAST(SUM(s.cost_nano_usd) AS BIGINT) AS cost_nano_usd, \
        CAST(SUM(s.unpriced) AS BIGINT) AS unpriced, \
        CAST(SUM(s.simulated_cost_nano_usd) AS BIGINT) AS simulated_cost_nano_usd, \
        CAST(SUM(COALESCE(n.mentions, 0)) AS BIGINT) AS plain_mentions, \
        CAST(SUM(COALESCE(n.competitor_mentions, 0)) AS BIGINT) AS plain_competitor_mentions, \
        CAST(SUM(COALESCE(n.brand_weight_tenths, 0)) AS BIGINT) AS plain_weight_tenths, \
        CAST(SUM(COALESCE(n.competitor_weight_tenths, 0)) AS BIGINT) \
            AS plain_competitor_weight_tenths \
        FROM llm_monitoring_snapshots s \
        JOIN llm_monitoring_revisions r ON r.id = s.revision_id AND r.status = 'active' \
        JOIN llm_monitoring_projects p ON p.id = s.project_id AND p.deleted_at IS NULL \
        LEFT JOIN llm_monitoring_snapshots n ON n.revision_id = s.revision_id \
        AND n.model_id = s.model_id AND n.snapshot_date = s.snapshot_date AND n.prompts = 'plain' \
        WHERE s.prompts = 'all' \
        GROUP BY s.workspace_id, s.project_id, p.name, p.brand_name, s.llm_provider, \
        s.snapshot_date) c";
