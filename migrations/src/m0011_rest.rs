//! What programs need: scopes and ends of tokens, replies that are kept for requests that come
//! again, and the providers of a project side by side.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, count, keyed, points_to, reference, run, text, time};

/// Adds columns, a table and a view.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Tokens of before could do what their user may, and still can.
        for column in [
            text("scope").not_null().default("admin").take(),
            time("expires_at").null().take(),
        ] {
            let mut change = Table::alter();
            change.table(Alias::new("api_tokens")).add_column(column);
            manager.alter_table(change.take()).await?;
        }
        manager.create_table(reply_table()).await?;
        run(manager, &[REPLIES_BY_AGE, JUDGEMENTS, COMPARISON]).await
    }
}

const REPLIES: &str = "rest_replies";

/// Replies to requests that carry a key of their own, for when they come again.
fn reply_table() -> TableCreateStatement {
    let columns = vec![
        reference("workspace_id"),
        text("request_key").not_null().take(),
        text("request_hash").not_null().take(),
        // Nothing as long as the request is being worked on.
        count("status").null().take(),
        text("content_type").null().take(),
        bytes("body").null().take(),
        time("created_at").not_null().take(),
    ];
    let mut table = keyed(REPLIES, columns, &["workspace_id", "request_key"]);
    points_to(&mut table, REPLIES, "workspace_id", "workspaces");
    table
}

const REPLIES_BY_AGE: &str = "CREATE INDEX ix_rest_replies_created_at ON rest_replies (created_at)";

/// Answers by what a judge says of an entity.
const JUDGEMENTS: &str = "CREATE INDEX ix_judgements_of_entities ON llm_monitoring_judgements \
    (entity_id, sentiment, result_id)";

/// One row a project, provider and day: of the revision that is shown, over all prompts but for
/// the mentions that are called plain: those in answers to prompts that do not name the brand.
/// Rates are percentages of sums, and null where there is nothing to divide by; sentiment is a
/// judge's.
const COMPARISON: &str = "CREATE VIEW llm_visibility_comparison AS \
    SELECT c.*, \
    CASE WHEN c.answers > 0 THEN CAST(c.mentions AS DOUBLE PRECISION) * 100 / c.answers END \
        AS mention_rate, \
    CASE WHEN c.rank_count > 0 THEN CAST(c.rank_sum AS DOUBLE PRECISION) / c.rank_count END \
        AS avg_position, \
    CASE WHEN c.mentions + c.competitor_mentions > 0 THEN CAST(c.mentions AS DOUBLE PRECISION) \
        * 100 / (c.mentions + c.competitor_mentions) END AS share_of_voice, \
    CASE WHEN c.brand_weight_tenths + c.competitor_weight_tenths > 0 \
        THEN CAST(c.brand_weight_tenths AS DOUBLE PRECISION) * 100 \
        / (c.brand_weight_tenths + c.competitor_weight_tenths) END AS weighted_share_of_voice, \
    CASE WHEN c.positive_mentions + c.neutral_mentions + c.negative_mentions > 0 \
        THEN CAST(c.sentiment_thousandths AS DOUBLE PRECISION) / 1000 \
        / (c.positive_mentions + c.neutral_mentions + c.negative_mentions) END \
        AS sentiment_score \
    FROM (SELECT s.workspace_id, s.project_id, p.name AS project_name, p.brand_name, \
        s.llm_provider, s.snapshot_date, \
        CAST(SUM(s.answers) AS BIGINT) AS answers, \
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
        CAST(SUM(COALESCE(n.competitor_mentions, 0)) AS BIGINT) AS plain_competitor_mentions \
        FROM llm_monitoring_snapshots s \
        JOIN llm_monitoring_revisions r ON r.id = s.revision_id AND r.status = 'active' \
        JOIN llm_monitoring_projects p ON p.id = s.project_id AND p.deleted_at IS NULL \
        LEFT JOIN llm_monitoring_snapshots n ON n.revision_id = s.revision_id \
        AND n.model_id = s.model_id AND n.snapshot_date = s.snapshot_date AND n.prompts = 'plain' \
        WHERE s.prompts = 'all' \
        GROUP BY s.workspace_id, s.project_id, p.name, p.brand_name, s.llm_provider, \
        s.snapshot_date) c";
