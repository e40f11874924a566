//! The tables of the first release.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, count, day, flag, id, reference, run, table, text, time};

/// Makes every table and index.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut table in tables() {
            manager.create_table(table.take()).await?;
        }
        for (table, columns, unique) in INDEXES {
            let name = format!(
                "{}_{table}_{}",
                if *unique { "uq" } else { "ix" },
                columns.join("_")
            );
            let mut index = Index::create();
            index.name(&name).table(Alias::new(*table));
            for column in *columns {
                index.col(Alias::new(*column));
            }
            if *unique {
                index.unique();
            }
            manager.create_index(index).await?;
        }
        run(manager, PARTIAL_INDEXES).await
    }
}

/// Unique only among the rows that are alive; both databases read this form.
const PARTIAL_INDEXES: &[&str] = &[
    "CREATE UNIQUE INDEX uq_project_name_alive ON llm_monitoring_projects (workspace_id, name_key) WHERE deleted_at IS NULL",
    "CREATE UNIQUE INDEX uq_one_open_run ON llm_monitoring_analysis_runs (project_id) WHERE finished_at IS NULL",
    "CREATE UNIQUE INDEX uq_one_current_model ON llm_model_registry (provider) WHERE is_current",
];

/// Table, columns, whether no two rows may share them.
const INDEXES: &[(&str, &[&str], bool)] = &[
    ("users", &["email"], true),
    ("sessions", &["user_id"], false),
    ("invitations", &["token_hash"], true),
    ("api_tokens", &["token_hash"], true),
    (
        "sign_in_failures",
        &["email", "address", "failed_at"],
        false,
    ),
    ("llm_model_registry", &["provider", "model_id"], true),
    ("llm_model_prices", &["model_id", "starts_at"], false),
    ("user_llm_api_keys", &["workspace_id", "provider"], true),
    ("llm_monitoring_projects", &["workspace_id"], false),
    ("llm_monitoring_entities", &["project_id"], false),
    ("llm_monitoring_queries", &["project_id", "query_key"], true),
    ("llm_monitoring_analysis_runs", &["project_id", "id"], false),
    ("llm_monitoring_lanes", &["run_id"], false),
    ("llm_monitoring_lanes", &["status", "lease_until"], false),
    ("llm_monitoring_asks", &["lane_id", "state", "id"], false),
    (
        "llm_monitoring_asks",
        &["lane_id", "query_id", "repeat"],
        true,
    ),
    ("llm_monitoring_attempts", &["ask_id"], false),
    ("llm_monitoring_results", &["ask_id"], true),
    ("llm_monitoring_results", &["project_id", "id"], false),
    (
        "llm_monitoring_results",
        &["project_id", "model_id", "analysis_day"],
        false,
    ),
    ("llm_monitoring_results", &["run_id"], false),
    ("llm_monitoring_findings", &["result_id", "entity_id"], true),
    (
        "llm_monitoring_findings",
        &["entity_id", "result_id"],
        false,
    ),
    (
        "llm_monitoring_snapshots",
        &["project_id", "model_id", "snapshot_date"],
        true,
    ),
    // The amount stands in it, so that a month's sum reads the index alone.
    (
        "llm_spend_ledger",
        &["workspace_id", "booked_at", "amount_nano_usd"],
        false,
    ),
    ("llm_spend_ledger", &["run_id"], false),
];

/// People who sign in.
fn user_table() -> TableCreateStatement {
    table(
        "users",
        vec![
            id(),
            text("email").not_null().take(),
            text("password_hash").not_null().take(),
            flag("is_admin").not_null().take(),
            time("created_at").not_null().take(),
        ],
    )
}

/// Tenants, with their budget.
fn workspace_table() -> TableCreateStatement {
    table(
        "workspaces",
        vec![
            id(),
            text("name").not_null().take(),
            text("time_zone").not_null().take(),
            count("monthly_budget_nano_usd").not_null().take(),
            count("spending_alert_threshold").not_null().take(),
            time("created_at").not_null().take(),
        ],
    )
}

/// Who may do what in a workspace.
fn workspace_member_table() -> TableCreateStatement {
    let mut table = table(
        "workspace_members",
        vec![
            reference("workspace_id"),
            reference("user_id"),
            text("role").not_null().take(),
        ],
    );
    crate::columns::points_to(
        &mut table,
        "workspace_members",
        "workspace_id",
        "workspaces",
    );
    crate::columns::points_to(&mut table, "workspace_members", "user_id", "users");
    table.primary_key(
        Index::create()
            .col(Alias::new("workspace_id"))
            .col(Alias::new("user_id")),
    );
    table
}

/// Signed-in browsers; only the hash of the cookie is kept.
fn session_table() -> TableCreateStatement {
    let mut table = table(
        "sessions",
        vec![
            text("token_hash").not_null().take(),
            reference("user_id"),
            reference("workspace_id"),
            time("created_at").not_null().take(),
            time("last_used_at").not_null().take(),
            time("expires_at").not_null().take(),
        ],
    );
    crate::columns::points_to(&mut table, "sessions", "user_id", "users");
    crate::columns::points_to(&mut table, "sessions", "workspace_id", "workspaces");
    table.primary_key(Index::create().col(Alias::new("token_hash")));
    table
}

/// Links by which one person can create an account.
fn invitation_table() -> TableCreateStatement {
    let mut table = table(
        "invitations",
        vec![
            id(),
            text("token_hash").not_null().take(),
            reference("workspace_id"),
            reference("created_by"),
            time("created_at").not_null().take(),
            time("expires_at").not_null().take(),
            count("used_by").null().take(),
            time("used_at").null().take(),
        ],
    );
    crate::columns::points_to(&mut table, "invitations", "workspace_id", "workspaces");
    crate::columns::points_to(&mut table, "invitations", "created_by", "users");
    table
}

/// REST tokens; only the hash is kept.
fn api_token_table() -> TableCreateStatement {
    let mut table = table(
        "api_tokens",
        vec![
            id(),
            reference("user_id"),
            reference("workspace_id"),
            text("name").not_null().take(),
            text("token_hash").not_null().take(),
            time("created_at").not_null().take(),
            time("last_used_at").null().take(),
            time("revoked_at").null().take(),
        ],
    );
    crate::columns::points_to(&mut table, "api_tokens", "user_id", "users");
    crate::columns::points_to(&mut table, "api_tokens", "workspace_id", "workspaces");
    table
}

/// Failed sign-ins of the last minutes.
fn sign_in_failure_table() -> TableCreateStatement {
    table(
        "sign_in_failures",
        vec![
            id(),
            text("email").not_null().take(),
            text("address").not_null().take(),
            time("failed_at").not_null().take(),
        ],
    )
}

/// What holds for the whole instance.
fn setting_table() -> TableCreateStatement {
    let mut table = table(
        "settings",
        vec![
            text("name").not_null().take(),
            text("value").not_null().take(),
        ],
    );
    table.primary_key(Index::create().col(Alias::new("name")));
    table
}

/// Models that can be asked.
fn model_table() -> TableCreateStatement {
    table(
        "llm_model_registry",
        vec![
            id(),
            text("provider").not_null().take(),
            text("model_id").not_null().take(),
            text("model_display_name").not_null().take(),
            flag("web_search").not_null().take(),
            flag("is_current").not_null().take(),
            flag("is_available").not_null().take(),
            count("max_tokens").not_null().take(),
            time("created_at").not_null().take(),
            time("updated_at").not_null().take(),
        ],
    )
}

/// Dated prices, in nano-USD.
fn model_price_table() -> TableCreateStatement {
    let mut table = table(
        "llm_model_prices",
        vec![
            id(),
            reference("model_id"),
            count("input_nano_usd_per_1m").not_null().take(),
            count("output_nano_usd_per_1m").not_null().take(),
            count("cached_input_nano_usd_per_1m").null().take(),
            count("search_fee_nano_usd").null().take(),
            text("origin").not_null().take(),
            time("starts_at").not_null().take(),
            count("created_by").null().take(),
            time("created_at").not_null().take(),
        ],
    );
    crate::columns::points_to(
        &mut table,
        "llm_model_prices",
        "model_id",
        "llm_model_registry",
    );
    table
}

/// Encrypted API keys, one a workspace and provider.
fn credential_table() -> TableCreateStatement {
    let mut table = table(
        "user_llm_api_keys",
        vec![
            id(),
            reference("workspace_id"),
            text("provider").not_null().take(),
            count("key_version").not_null().take(),
            bytes("nonce").null().take(),
            bytes("ciphertext").null().take(),
            text("last_four").null().take(),
            text("base_url").null().take(),
            time("created_at").not_null().take(),
            time("updated_at").not_null().take(),
        ],
    );
    crate::columns::points_to(
        &mut table,
        "user_llm_api_keys",
        "workspace_id",
        "workspaces",
    );
    table
}

/// Brands under watch.
fn project_table() -> TableCreateStatement {
    let mut table = table(
        "llm_monitoring_projects",
        vec![
            id(),
            reference("workspace_id"),
            text("name").not_null().take(),
            text("name_key").not_null().take(),
            text("brand_name").not_null().take(),
            text("industry").not_null().take(),
            text("language").not_null().take(),
            text("country_code").not_null().take(),
            flag("is_active").not_null().take(),
            time("last_analysis_date").null().take(),
            time("created_at").not_null().take(),
            time("updated_at").not_null().take(),
            time("deleted_at").null().take(),
        ],
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_projects",
        "workspace_id",
        "workspaces",
    );
    table
}

/// The brand and its competitors. Removed ones stay for the findings that name them.
fn entity_table() -> TableCreateStatement {
    let mut table = table(
        "llm_monitoring_entities",
        vec![
            id(),
            reference("workspace_id"),
            reference("project_id"),
            flag("is_brand").not_null().take(),
            count("position").not_null().take(),
            text("name").not_null().take(),
            text("aliases").not_null().take(),
            text("domains").not_null().take(),
            time("removed_at").null().take(),
        ],
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_entities",
        "workspace_id",
        "workspaces",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_entities",
        "project_id",
        "llm_monitoring_projects",
    );
    table
}

/// Questions. Removed ones stay for their answers.
fn prompt_table() -> TableCreateStatement {
    let mut table = table(
        "llm_monitoring_queries",
        vec![
            id(),
            reference("workspace_id"),
            reference("project_id"),
            text("query_text").not_null().take(),
            text("query_key").not_null().take(),
            text("language").not_null().take(),
            text("query_type").not_null().take(),
            text("tags").not_null().take(),
            count("position").not_null().take(),
            flag("is_active").not_null().take(),
            time("created_at").not_null().take(),
            time("removed_at").null().take(),
        ],
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_queries",
        "workspace_id",
        "workspaces",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_queries",
        "project_id",
        "llm_monitoring_projects",
    );
    table
}

/// Which models a project asks.
fn project_model_table() -> TableCreateStatement {
    let mut table = table(
        "llm_monitoring_project_models",
        vec![
            reference("project_id"),
            reference("model_id"),
            reference("workspace_id"),
        ],
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_project_models",
        "project_id",
        "llm_monitoring_projects",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_project_models",
        "model_id",
        "llm_model_registry",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_project_models",
        "workspace_id",
        "workspaces",
    );
    table.primary_key(
        Index::create()
            .col(Alias::new("project_id"))
            .col(Alias::new("model_id")),
    );
    table
}

/// Executions of a project.
fn run_table() -> TableCreateStatement {
    let mut table = table(
        "llm_monitoring_analysis_runs",
        vec![
            id(),
            reference("workspace_id"),
            reference("project_id"),
            text("trigger").not_null().take(),
            text("status").not_null().take(),
            count("requested_by").null().take(),
            time("created_at").not_null().take(),
            time("started_at").null().take(),
            time("finished_at").null().take(),
            time("cancel_requested_at").null().take(),
        ],
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_analysis_runs",
        "workspace_id",
        "workspaces",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_analysis_runs",
        "project_id",
        "llm_monitoring_projects",
    );
    table
}

/// The asks of a run that go to one model; the unit that a worker takes.
fn lane_table() -> TableCreateStatement {
    let mut table = table(
        "llm_monitoring_lanes",
        vec![
            id(),
            reference("workspace_id"),
            reference("project_id"),
            reference("run_id"),
            reference("model_id"),
            text("provider").not_null().take(),
            text("status").not_null().take(),
            text("worker").null().take(),
            time("lease_until").null().take(),
            count("epoch").not_null().take(),
            count("asks_total").not_null().take(),
            count("asks_running").not_null().take(),
            count("asks_answered").not_null().take(),
            count("asks_failed").not_null().take(),
            count("asks_dropped").not_null().take(),
            count("cost_nano_usd").not_null().take(),
            text("end_reason").null().take(),
            time("started_at").null().take(),
            time("finished_at").null().take(),
        ],
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_lanes",
        "workspace_id",
        "workspaces",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_lanes",
        "project_id",
        "llm_monitoring_projects",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_lanes",
        "run_id",
        "llm_monitoring_analysis_runs",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_lanes",
        "model_id",
        "llm_model_registry",
    );
    table
}

/// Prompt x model x repeat; each ends in exactly one outcome.
fn ask_table() -> TableCreateStatement {
    let mut table = table(
        "llm_monitoring_asks",
        vec![
            id(),
            reference("workspace_id"),
            reference("run_id"),
            reference("lane_id"),
            reference("query_id"),
            count("repeat").not_null().take(),
            text("state").not_null().take(),
        ],
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_asks",
        "workspace_id",
        "workspaces",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_asks",
        "run_id",
        "llm_monitoring_analysis_runs",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_asks",
        "lane_id",
        "llm_monitoring_lanes",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_asks",
        "query_id",
        "llm_monitoring_queries",
    );
    table
}

/// HTTP exchanges of an ask.
fn attempt_table() -> TableCreateStatement {
    let mut table = table(
        "llm_monitoring_attempts",
        vec![
            id(),
            reference("workspace_id"),
            reference("ask_id"),
            count("number").not_null().take(),
            time("sent_at").not_null().take(),
            count("http_status").null().take(),
            text("error_class").null().take(),
            count("latency_ms").not_null().take(),
            text("request_id").null().take(),
        ],
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_attempts",
        "workspace_id",
        "workspaces",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_attempts",
        "ask_id",
        "llm_monitoring_asks",
    );
    table
}

/// What came back for an ask, or why nothing did.
fn answer_table() -> TableCreateStatement {
    let mut table = table(
        "llm_monitoring_results",
        vec![
            id(),
            reference("workspace_id"),
            reference("project_id"),
            reference("run_id"),
            reference("lane_id"),
            reference("ask_id"),
            reference("query_id"),
            reference("model_id"),
            text("llm_provider").not_null().take(),
            text("model_requested").not_null().take(),
            text("model_served").null().take(),
            time("analysis_date").not_null().take(),
            day("analysis_day").not_null().take(),
            text("outcome").not_null().take(),
            text("error_class").null().take(),
            text("error_message").null().take(),
            text("finish").null().take(),
            text("full_response").not_null().take(),
            text("citations").not_null().take(),
            flag("search_requested").not_null().take(),
            count("searches").null().take(),
            count("input_tokens").null().take(),
            count("output_tokens").null().take(),
            count("cached_tokens").null().take(),
            count("reasoning_tokens").null().take(),
            count("price_id").null().take(),
            count("cost_nano_usd").not_null().take(),
            text("cost_kind").not_null().take(),
            count("response_time_ms").not_null().take(),
            text("request_id").null().take(),
            flag("simulated").not_null().take(),
            text("detector_version").not_null().take(),
            bytes("raw_body").null().take(),
        ],
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_results",
        "workspace_id",
        "workspaces",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_results",
        "project_id",
        "llm_monitoring_projects",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_results",
        "run_id",
        "llm_monitoring_analysis_runs",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_results",
        "lane_id",
        "llm_monitoring_lanes",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_results",
        "ask_id",
        "llm_monitoring_asks",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_results",
        "query_id",
        "llm_monitoring_queries",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_results",
        "model_id",
        "llm_model_registry",
    );
    table
}

/// What the analysis saw in an answer about one entity; entities that an answer does not name have no row.
fn finding_table() -> TableCreateStatement {
    let mut table = table(
        "llm_monitoring_findings",
        vec![
            id(),
            reference("workspace_id"),
            reference("project_id"),
            reference("result_id"),
            reference("entity_id"),
            flag("is_brand").not_null().take(),
            text("source").not_null().take(),
            count("text_count").not_null().take(),
            count("rank").null().take(),
            count("list_total").null().take(),
            count("bullet_order").null().take(),
            count("first_offset").null().take(),
            text("spans").not_null().take(),
        ],
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_findings",
        "workspace_id",
        "workspaces",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_findings",
        "project_id",
        "llm_monitoring_projects",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_findings",
        "result_id",
        "llm_monitoring_results",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_findings",
        "entity_id",
        "llm_monitoring_entities",
    );
    table
}

/// Sums of one project, model and day.
fn snapshot_table() -> TableCreateStatement {
    let mut table = table(
        "llm_monitoring_snapshots",
        vec![
            id(),
            reference("workspace_id"),
            reference("project_id"),
            reference("model_id"),
            text("llm_provider").not_null().take(),
            day("snapshot_date").not_null().take(),
            count("answers").not_null().take(),
            count("mentions").not_null().take(),
            count("text_mentions").not_null().take(),
            count("link_mentions").not_null().take(),
            count("brand_weight_tenths").not_null().take(),
            count("competitor_mentions").not_null().take(),
            count("competitor_weight_tenths").not_null().take(),
            count("rank_sum").not_null().take(),
            count("rank_count").not_null().take(),
            count("top3").not_null().take(),
            count("top5").not_null().take(),
            count("top10").not_null().take(),
            count("informative").not_null().take(),
            count("failed").not_null().take(),
            count("cost_nano_usd").not_null().take(),
            count("latency_ms_sum").not_null().take(),
            count("tokens").not_null().take(),
            count("rank_square_sum").not_null().take(),
            count("weight_square_hundredths").not_null().take(),
            count("simulated").not_null().take(),
            time("updated_at").not_null().take(),
        ],
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_snapshots",
        "workspace_id",
        "workspaces",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_snapshots",
        "project_id",
        "llm_monitoring_projects",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_snapshots",
        "model_id",
        "llm_model_registry",
    );
    table
}

/// Mentions of each entity in a snapshot.
fn snapshot_entity_table() -> TableCreateStatement {
    let mut table = table(
        "llm_monitoring_snapshot_entities",
        vec![
            reference("snapshot_id"),
            reference("entity_id"),
            reference("workspace_id"),
            count("mentions").not_null().take(),
            count("weight_tenths").not_null().take(),
            count("rank_sum").not_null().take(),
            count("rank_count").not_null().take(),
        ],
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_snapshot_entities",
        "snapshot_id",
        "llm_monitoring_snapshots",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_snapshot_entities",
        "entity_id",
        "llm_monitoring_entities",
    );
    crate::columns::points_to(
        &mut table,
        "llm_monitoring_snapshot_entities",
        "workspace_id",
        "workspaces",
    );
    table.primary_key(
        Index::create()
            .col(Alias::new("snapshot_id"))
            .col(Alias::new("entity_id")),
    );
    table
}

/// Every cost, one row a paid attempt.
fn ledger_entry_table() -> TableCreateStatement {
    let mut table = table(
        "llm_spend_ledger",
        vec![
            id(),
            reference("workspace_id"),
            reference("project_id"),
            reference("run_id"),
            reference("ask_id"),
            reference("model_id"),
            text("kind").not_null().take(),
            text("cost_kind").not_null().take(),
            count("amount_nano_usd").not_null().take(),
            time("booked_at").not_null().take(),
        ],
    );
    crate::columns::points_to(&mut table, "llm_spend_ledger", "workspace_id", "workspaces");
    crate::columns::points_to(
        &mut table,
        "llm_spend_ledger",
        "project_id",
        "llm_monitoring_projects",
    );
    crate::columns::points_to(
        &mut table,
        "llm_spend_ledger",
        "run_id",
        "llm_monitoring_analysis_runs",
    );
    crate::columns::points_to(
        &mut table,
        "llm_spend_ledger",
        "ask_id",
        "llm_monitoring_asks",
    );
    crate::columns::points_to(
        &mut table,
        "llm_spend_ledger",
        "model_id",
        "llm_model_registry",
    );
    table
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        user_table(),
        workspace_table(),
        workspace_member_table(),
        session_table(),
        invitation_table(),
        api_token_table(),
        sign_in_failure_table(),
        setting_table(),
        model_table(),
        model_price_table(),
        credential_table(),
        project_table(),
        entity_table(),
        prompt_table(),
        project_model_table(),
        run_table(),
        lane_table(),
        ask_table(),
        attempt_table(),
        answer_table(),
        finding_table(),
        snapshot_table(),
        snapshot_entity_table(),
        ledger_entry_table(),
    ]
}
