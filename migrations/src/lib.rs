//! The database's history.
//!
//! A migration that only adds columns is an entry of the list; any other has a file of its own.
//!
//! Invariant: imports no entity, so that an old migration never changes with the code.

pub use sea_orm_migration::prelude::*;

mod columns;
mod ledger_days;
mod m0001_first_tables;
mod m0002_pace_and_budget;
mod m0003_revisions_and_rollups;
mod m0004_citations;
mod m0005_judge;
mod m0006_suggestions;
mod m0007_weeks_and_lists;
mod m0008_dismissed_names;
mod m0009_schedules_and_notices;
mod m0010_model_review;
mod m0011_rest;
mod m0012_lists;
mod m0013_alerts;
mod m0014_models_up_to_date;
mod m0015_true_sums;
mod m0016_one_truth_of_cost;
mod m0017_search_queries;
mod m0018_dated_tags;
mod m0019_job_health;
mod m0020_shared_keys;
mod m0021_sign_in_attempts;
mod m0023_people;
mod m0024_erasure_and_quotas;
mod m0025_unread_answers;
mod m0026_fewer_index_entries;
mod m0027_pointers_said_once;
mod m0028_day_sheets;
mod m0029_retries;
mod m0030_demo_and_pins;
mod m0031_chart_notes;
mod m0032_saved_views;
mod m0033_notice_mutes;

use columns::{AddedColumns, time};

/// All migrations, the oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_first_tables::Migration),
            Box::new(m0002_pace_and_budget::Migration),
            Box::new(m0003_revisions_and_rollups::Migration),
            Box::new(m0004_citations::Migration),
            Box::new(m0005_judge::Migration),
            Box::new(m0006_suggestions::Migration),
            Box::new(m0007_weeks_and_lists::Migration),
            Box::new(m0008_dismissed_names::Migration),
            Box::new(m0009_schedules_and_notices::Migration),
            Box::new(m0010_model_review::Migration),
            Box::new(m0011_rest::Migration),
            Box::new(m0012_lists::Migration),
            Box::new(m0013_alerts::Migration),
            Box::new(m0014_models_up_to_date::Migration),
            Box::new(m0015_true_sums::Migration),
            Box::new(m0016_one_truth_of_cost::Migration),
            Box::new(m0017_search_queries::Migration),
            Box::new(m0018_dated_tags::Migration),
            Box::new(m0019_job_health::Migration),
            Box::new(m0020_shared_keys::Migration),
            Box::new(m0021_sign_in_attempts::Migration),
            // Accounts that are disabled, passwords that are for once, and when somebody last
            // proved at the screen that it is them.
            Box::new(AddedColumns {
                name: "m0022_taken_away",
                columns: || {
                    vec![
                        ("users", time("disabled_at").null().take()),
                        // Nothing: a password of the user's own.
                        ("users", time("password_ends_at").null().take()),
                        // Nothing: not since sessions remember it.
                        ("sessions", time("proved_at").null().take()),
                    ]
                },
            }),
            Box::new(m0023_people::Migration),
            Box::new(m0024_erasure_and_quotas::Migration),
            Box::new(m0025_unread_answers::Migration),
            Box::new(m0026_fewer_index_entries::Migration),
            Box::new(m0027_pointers_said_once::Migration),
            Box::new(m0028_day_sheets::Migration),
            Box::new(m0029_retries::Migration),
            Box::new(m0030_demo_and_pins::Migration),
            Box::new(m0031_chart_notes::Migration),
            Box::new(m0032_saved_views::Migration),
            Box::new(m0033_notice_mutes::Migration),
        ]
    }
}
