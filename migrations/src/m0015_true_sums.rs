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
        run(manager, &[SERVED_BY_DAY]).await
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

/// What a text may be made of without anything to be seen: blanks, control characters but the
/// one that no database keeps in a text, and what Unicode has programs show as nothing, as far as
/// its first plane goes.
const BLANK: &str = "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\t\n\u{b}\u{c}\r\u{e}\u{f}\u{10}\
    \u{11}\u{12}\u{13}\u{14}\u{15}\u{16}\u{17}\u{18}\u{19}\u{1a}\u{1b}\u{1c}\u{1d}\u{1e}\u{1f} \
    \u{7f}\u{80}\u{81}\u{82}\u{83}\u{84}\u{85}\u{86}\u{87}\u{88}\u{89}\u{8a}\u{8b}\u{8c}\u{8d}\
    \u{8e}\u{8f}\u{90}\u{91}\u{92}\u{93}\u{94}\u{95}\u{96}\u{97}\u{98}\u{99}\u{9a}\u{9b}\u{9c}\
    \u{9d}\u{9e}\u{9f}\u{a0}\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{1680}\u{17b4}\u{17b5}\u{180b}\
    \u{180c}\u{180d}\u{180e}\u{180f}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\
    \u{2007}\u{2008}\u{2009}\u{200a}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\
    \u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{202f}\u{205f}\u{2060}\u{2061}\u{2062}\u{2063}\
    \u{2064}\u{2065}\u{2066}\u{2067}\u{2068}\u{2069}\u{206a}\u{206b}\u{206c}\u{206d}\u{206e}\
    \u{206f}\u{3000}\u{3164}\u{fe00}\u{fe01}\u{fe02}\u{fe03}\u{fe04}\u{fe05}\u{fe06}\u{fe07}\
    \u{fe08}\u{fe09}\u{fe0a}\u{fe0b}\u{fe0c}\u{fe0d}\u{fe0e}\u{fe0f}\u{feff}\u{ffa0}\u{fff0}\
    \u{fff1}\u{fff2}\u{fff3}\u{fff4}\u{fff5}\u{fff6}\u{fff7}\u{fff8}";

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
