//! Sources: the pages that answers cite or were shown, and which answer which.

use sea_orm_migration::prelude::*;

use crate::columns::{count, day, flag, id, points_to, reference, run, text};

/// Adds the tables; answers that are there already are read by the host, a batch at a time.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const PAGES: &str = "llm_monitoring_pages";
const CITATIONS: &str = "llm_monitoring_citations";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(page_table()).await?;
        manager.create_table(citation_table()).await?;
        run(manager, INDEXES).await
    }
}

const INDEXES: &[&str] = &[
    "CREATE UNIQUE INDEX uq_pages ON llm_monitoring_pages (project_id, page_key)",
    "CREATE INDEX ix_pages_of_domain ON llm_monitoring_pages (project_id, domain)",
    // Everything that the tables sum stands in it.
    "CREATE INDEX ix_citations_of_days ON llm_monitoring_citations \
     (project_id, analysis_day, model_id, page_id, is_cited, leads, query_id)",
];

/// A page of the web, once a project, in the one form of its address.
fn page_table() -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table(Alias::new(PAGES))
        .col(id())
        .col(reference("workspace_id"))
        .col(reference("project_id"))
        .col(text("page_key").not_null())
        .col(text("url").not_null())
        .col(text("host").not_null())
        .col(text("domain").not_null())
        .col(text("title").null())
        .col(flag("site_only").not_null());
    points_to(&mut table, PAGES, "workspace_id", "workspaces");
    points_to(&mut table, PAGES, "project_id", "llm_monitoring_projects");
    table
}

/// A page in an answer, once. `leads`: of the pages of one domain in this answer, the one that
/// stands for the domain, so that answers are counted by adding up.
fn citation_table() -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table(Alias::new(CITATIONS))
        .col(reference("workspace_id"))
        .col(reference("project_id"))
        .col(reference("result_id"))
        .col(reference("page_id"))
        .col(reference("query_id"))
        .col(reference("model_id"))
        .col(day("analysis_day").not_null())
        .col(count("position").not_null())
        .col(flag("is_cited").not_null())
        .col(flag("leads").not_null())
        .primary_key(
            Index::create()
                .col(Alias::new("result_id"))
                .col(Alias::new("page_id")),
        );
    points_to(&mut table, CITATIONS, "result_id", "llm_monitoring_results");
    points_to(&mut table, CITATIONS, "page_id", PAGES);
    table
}
