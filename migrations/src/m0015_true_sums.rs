//! Which model answered, and answers without a text, which are no answers: in the sums, and in
//! what is already stored.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::columns::{count, day, keyed, points_to, reference, run, text};

/// Adds a table and columns, names the ends of old answers anew, and has all sums made again:
/// the host does that when it starts, a day at a time, and goes on where it was stopped.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(served_table()).await?;
        for (table, column) in [
            ("llm_monitoring_rollups", "without_text"),
            ("llm_monitoring_week_rollups", "without_text"),
            ("llm_monitoring_snapshots", "without_text"),
            ("llm_monitoring_lanes", "asks_without_text"),
        ] {
            let mut change = Table::alter();
            change
                .table(Alias::new(table))
                .add_column(count(column).not_null().default(0).take());
            manager.alter_table(change.take()).await?;
        }
        let trim = match manager.get_database_backend() {
            DbBackend::Sqlite => "trim",
            _ => "btrim",
        };
        // Only short texts can be blank: the others are not read for it.
        let blank = format!(
            "UPDATE llm_monitoring_results SET outcome = 'empty' \
             WHERE outcome IN ('answered', 'truncated', 'refused') \
             AND octet_length(full_response) < 1000 AND {trim}(full_response, '{BLANK}') = ''"
        );
        run(manager, &[blank.as_str()]).await?;
        run(manager, STATEMENTS).await?;
        run(manager, &[SERVED_BY_DAY]).await?;
        run(
            manager,
            &["DROP VIEW llm_visibility_comparison", COMPARISON],
        )
        .await
    }
}

const SERVED: &str = "llm_monitoring_served_days";

/// Under which names a model answered on a day.
fn served_table() -> TableCreateStatement {
    let columns = vec![
        reference("workspace_id"),
        reference("project_id"),
        reference("model_id"),
        day("day").not_null().take(),
        text("model_requested").not_null().take(),
        text("model_served").not_null().take(),
        count("answers").not_null().take(),
        count("first_answer").not_null().take(),
        count("last_answer").not_null().take(),
    ];
    let key = [
        "project_id",
        "model_id",
        "day",
        "model_requested",
        "model_served",
    ];
    let mut table = keyed(SERVED, columns, &key);
    points_to(&mut table, SERVED, "workspace_id", "workspaces");
    points_to(&mut table, SERVED, "project_id", "llm_monitoring_projects");
    points_to(&mut table, SERVED, "model_id", "llm_model_registry");
    table
}

/// What happened lately is looked for every few seconds.
const SERVED_BY_DAY: &str = "CREATE INDEX ix_served_days_day ON llm_monitoring_served_days \
    (day, project_id, model_id, model_served)";

/// What a text may be made of without anything to be seen.
const BLANK: &str = "\t\n\u{b}\u{c}\r \u{85}\u{a0}\u{ad}\u{1680}\u{180e}\u{2000}\u{2001}\u{2002}\
    \u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{200b}\u{200c}\u{200d}\
    \u{200e}\u{200f}\u{2028}\u{2029}\u{202f}\u{205f}\u{2060}\u{2061}\u{2062}\u{2063}\u{2064}\
    \u{3000}\u{fe0e}\u{fe0f}\u{feff}";

const STATEMENTS: &[&str] = &[
    // What such an answer cites it does not say.
    "DELETE FROM llm_monitoring_findings WHERE result_id IN \
     (SELECT id FROM llm_monitoring_results WHERE outcome = 'empty')",
    "DELETE FROM llm_monitoring_citations WHERE result_id IN \
     (SELECT id FROM llm_monitoring_results WHERE outcome = 'empty')",
    "UPDATE llm_monitoring_lanes SET asks_without_text = (SELECT COUNT(*) \
     FROM llm_monitoring_results a WHERE a.lane_id = llm_monitoring_lanes.id \
     AND a.run_id = llm_monitoring_lanes.run_id AND a.outcome = 'empty') \
     WHERE run_id IN (SELECT run_id FROM llm_monitoring_results WHERE outcome = 'empty')",
    "UPDATE llm_monitoring_revisions SET is_summed = FALSE WHERE status = 'active'",
];

/// One row a project, provider and day: of the revision that is shown. Rates are percentages of
/// sums, and null where there is nothing to divide by. Shares of voice are over answers to
/// prompts that do not name the brand, those called `_all` over all. Sentiment is a judge's:
/// its mean score from -1 to 1, and what speaks well less what speaks ill out of all that was
/// judged.
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
