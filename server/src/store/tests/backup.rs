//! Backups: what one database had, another one of either kind has again, or nothing at all.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use app::model::provider::Provider;
use engine::Batch;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use providers::ErrorClass;
use serde_json::Value as Json;

use super::{answer_all, answered, begin, begins, claim, failed, ids, store};
use crate::store::backup::BackupError;
use crate::store::projects::PromptChange;
use crate::store::testing::{
    ProjectPlan, TestDatabase, make_project, on_both_databases, with_old_tables, with_postgres,
    with_sqlite,
};

/// The file's bytes.
async fn saved(database: &TestDatabase) -> Vec<u8> {
    let mut bytes = Vec::new();
    database.store.back_up(&mut bytes).await.expect("saved");
    bytes
}

fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut reader = GzDecoder::new(bytes);
    reader.read_to_string(&mut text).expect("a whole file");
    text
}

fn packed(text: &str) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::fast());
    writer.write_all(text.as_bytes()).expect("packed");
    writer.finish().expect("packed")
}

/// By table: the last id, and each row with the names of its columns, sorted.
type Contents = BTreeMap<String, (i64, Vec<String>)>;

fn contents(bytes: &[u8]) -> Contents {
    let mut contents = Contents::new();
    let mut table = (String::new(), Vec::<String>::new());
    for line in unpacked(bytes).lines().skip(1) {
        let line: Json = serde_json::from_str(line).expect("JSON");
        if let Some(cells) = line.as_array() {
            let named: BTreeMap<_, _> = table.1.iter().zip(cells).collect();
            let row = serde_json::to_string(&named).expect("JSON");
            contents.get_mut(&table.0).expect("its table").1.push(row);
        } else if let Some(name) = line["table"].as_str() {
            let columns = line["columns"].as_array().expect("columns").iter();
            let names = columns.map(|column| column[0].as_str().expect("a name").to_owned());
            table = (name.to_owned(), names.collect());
            let last = line["last_id"].as_i64().unwrap_or_default();
            contents.insert(table.0.clone(), (last, Vec::new()));
        }
    }
    for (_, rows) in contents.values_mut() {
        rows.sort();
    }
    contents
}

/// A run in its middle: answers with sources, a failure, asks in flight.
async fn fill(database: &TestDatabase) {
    let project = make_project(database, &ProjectPlan::default()).await;
    project.plan(database).await;
    let done = claim(database, "worker").await;
    answer_all(database, &done).await;
    let other = claim(database, "worker").await;
    let asks = ids(&other);
    begin(database, &other, &asks[..2]).await;
    let outcomes = [
        answered(database, &other, &other.asks[0], Vec::new()),
        failed(database, &other, &other.asks[1], ErrorClass::Refused),
    ];
    store(database, &other, &outcomes).await;
    let batch = Batch {
        begin: &begins(&asks[2..]),
        ..Batch::default()
    };
    let begun = database.store.commit_outcomes(&other.scope, &batch).await;
    begun.expect("in flight");
    let change = PromptChange {
        tags: Some(vec!["care".to_owned()]),
        ..PromptChange::default()
    };
    let (workspace, prompt) = (project.workspace, project.prompts[0]);
    let tagged = database
        .store
        .change_prompt(workspace, project.project, prompt, &change)
        .await;
    tagged.expect("tagged");
    // More rows than a statement takes.
    let many: Vec<String> = (0..1_201)
        .map(|number| format!("('n{number}', 'v')"))
        .collect();
    let many = format!(
        "INSERT INTO settings (name, value) VALUES {}",
        many.join(", ")
    );
    database.execute(&many).await;
    // Its number is not given again.
    database
        .execute(
            "INSERT INTO sign_in_failures (email, address, failed_at) \
             VALUES ('a', 'b', '2026-03-10 12:00:00+00:00')",
        )
        .await;
    database.execute("DELETE FROM sign_in_failures").await;
}

async fn restored_as_it_was(database: &TestDatabase, bytes: &[u8]) {
    let restored = database.store.restore(bytes).await.expect("restored");
    assert_eq!(
        restored.made_at,
        runtime::clock::Clock::now(&database.clock)
    );
    let before = contents(bytes);
    let rows: usize = before.values().map(|(_, rows)| rows.len()).sum();
    assert_eq!(restored.counts.rows, rows as u64);
    assert_eq!(restored.counts.tables, before.len() as u64);
    assert_eq!(contents(&saved(database).await), before);
    assert_eq!(before["sign_in_failures"].0, 1, "an id that was given");
    // It can go on from here.
    make_project(database, &ProjectPlan::default()).await;
}

on_both_databases! {
    async fn a_backup_fills_either_database(database: &TestDatabase) {
        fill(database).await;
        let bytes = saved(database).await;
        let found = contents(&bytes);
        for (table, least) in [
            ("llm_monitoring_results", 5),
            ("llm_monitoring_asks", 6),
            ("llm_monitoring_citations", 4),
            ("llm_monitoring_search_queries", 4),
            ("llm_monitoring_tag_history", 1),
            ("llm_spend_ledger", 4),
            ("settings", 1_201),
        ] {
            assert!(found[table].1.len() >= least, "{table}: {:?}", found[table]);
        }
        assert!(!found.contains_key("sessions") && !found.contains_key("seaql_migrations"));
        with_sqlite(async |other| restored_as_it_was(other, &bytes).await).await;
        with_postgres(async |other| restored_as_it_was(other, &bytes).await).await;
    }

    async fn what_is_no_whole_backup_changes_nothing(database: &TestDatabase) {
        fill(database).await;
        let bytes = saved(database).await;
        let own = database.store.restore(bytes.as_slice()).await;
        assert!(matches!(own, Err(BackupError::NotEmpty)), "{own:?}");
        let rows = "SELECT COUNT(*) FROM llm_monitoring_results";
        assert!(database.number(rows).await > 0);

        with_sqlite(async |other| refused(other, &bytes).await).await;
        with_postgres(async |other| refused(other, &bytes).await).await;
    }
}

/// Why a file is not taken, in a word.
fn word(error: &BackupError) -> &'static str {
    match error {
        BackupError::NotABackup => "no backup",
        BackupError::Cut => "cut",
        BackupError::Newer(_) => "newer",
        BackupError::Line { .. } => "line",
        BackupError::Store(_) => "database",
        _ => "other",
    }
}

async fn refused(database: &TestDatabase, bytes: &[u8]) {
    database
        .execute("INSERT INTO settings (name, value) VALUES ('here', 'before')")
        .await;
    let text = unpacked(bytes);
    let lines: Vec<&str> = text.lines().collect();
    let with = |at: usize, line: &str| {
        let mut lines = lines.clone();
        lines[at] = line;
        packed(&(lines.join("\n") + "\n"))
    };
    let without = |at: usize| {
        let mut lines = lines.clone();
        lines.remove(at);
        packed(&(lines.join("\n") + "\n"))
    };
    let at = |begin: &str| {
        let found = lines.iter().position(|line| line.starts_with(begin));
        found.unwrap_or_else(|| panic!("{begin} is in the file"))
    };
    let workspaces = at("{\"table\":\"workspaces\"");
    let attempts = at("{\"table\":\"llm_monitoring_attempts\"");
    let results = at("{\"table\":\"llm_monitoring_results\"");
    let row = lines[workspaces + 1];
    let one_cell_less = format!("{}]", row.rsplit_once(',').expect("cells").0);
    let number_as_text = row.replacen('[', "[\"", 1).replacen(',', "\",", 1);
    let other_column = lines[workspaces].replacen("\"id\"", "\"id\\\"; DROP TABLE users; --\"", 1);
    let newer_format = lines[0].replacen("\"parallax_backup\":1", "\"parallax_backup\":2", 1);
    let newer_tables = lines[0].replacen("\"migrations\":[", "\"migrations\":[\"m9999_more\",", 1);
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("cut", Vec::new()),
        ("no backup", b"Parallax".repeat(40)),
        ("no backup", packed("Parallax\n")),
        ("no backup", packed("{\"parallax\":\"1\"}\n")),
        ("newer", with(0, &newer_format)),
        ("newer", with(0, &newer_tables)),
        ("cut", bytes[..bytes.len() / 4].to_vec()),
        ("cut", bytes[..bytes.len() / 2].to_vec()),
        ("cut", bytes[..bytes.len() - 1].to_vec()),
        ("cut", without(lines.len() - 1)),
        // One attempt is missing.
        ("cut", without(attempts + 1)),
        ("line", without(workspaces)),
        ("line", with(workspaces + 1, &one_cell_less)),
        ("line", with(workspaces + 1, &number_as_text)),
        ("line", with(workspaces + 1, "[1, 2")),
        ("line", with(workspaces, &other_column)),
        (
            "line",
            with(workspaces, "{\"table\":\"sqlite_master\",\"columns\":[]}"),
        ),
        ("line", with(results, lines[workspaces])),
        // Projects without their workspace.
        ("database", {
            let text = text.replacen(&format!("{row}\n"), "", 1);
            packed(&text)
        }),
    ];
    for (number, (expected, file)) in cases.into_iter().enumerate() {
        let done = database.store.restore(file.as_slice()).await;
        let Err(error) = done else {
            panic!("case {number} is taken: {done:?}");
        };
        assert_eq!(word(&error), expected, "case {number}: {error}");
        for (sql, count) in [
            ("SELECT COUNT(*) FROM settings WHERE name = 'here'", 1),
            ("SELECT COUNT(*) FROM workspaces", 0),
            ("SELECT COUNT(*) FROM llm_monitoring_results", 0),
        ] {
            assert_eq!(database.number(sql).await, count, "case {number}: {sql}");
        }
    }
}

/// Migrations before costs could stand without a run.
const OLD: u32 = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_an_older_parallax_is_brought_up_to_date() {
    with_old_tables(OLD, async |old| {
        let plan = ProjectPlan {
            models: vec![(Provider::OpenAi, "model-a", true)],
            ..ProjectPlan::default()
        };
        let project = make_project(old, &plan).await;
        super::migrations::plan_as_before(old, &project).await;
        let asks = old.number("SELECT COUNT(*) FROM llm_monitoring_asks").await;
        let bytes = saved(old).await;
        with_old_tables(0, async |empty| {
            let restored = empty.store.restore(bytes.as_slice()).await;
            restored.expect("restored");
            let pending = empty.store.pending_migrations().await.expect("a count");
            let found = empty.number("SELECT COUNT(*) FROM llm_monitoring_asks");
            assert_eq!((pending, found.await), (0, asks));
        })
        .await;
        with_sqlite(async |newer| {
            let done = newer.store.restore(bytes.as_slice()).await;
            assert!(matches!(done, Err(BackupError::NewerTables)), "{done:?}");
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_is_no_backup_of_nothing() {
    with_old_tables(0, async |empty| {
        let done = empty.store.back_up(Vec::new()).await;
        assert!(matches!(done, Err(BackupError::NoTables)), "{done:?}");
    })
    .await;
}
