//! Moving house: a backup while a host asks, and a host elsewhere, on the other database, that
//! goes on from it.

use std::process::Stdio;

use app::model::run::{AskState, RunStatus};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use crate::support::client::{Client, questions};
use crate::support::home::{Environment, Home, with_empty_postgres, with_empty_sqlite};
use crate::support::program::PATIENCE;
use crate::support::simulator::Simulator;
use crate::support::{eventually, on_both_databases};

const QUESTIONS: usize = 20;
/// Of four models.
const ANSWERS: i64 = 80;

fn nothing() -> Environment {
    Vec::new()
}

/// Copies what a data folder has beside the rows.
fn copy_keys(from: &Home, to: &Home) {
    std::fs::create_dir_all(to.data_dir()).expect("a folder");
    for name in ["master.key", "secret.key"] {
        std::fs::copy(from.data_dir().join(name), to.data_dir().join(name)).expect(name);
    }
}

/// Puts the file in through standard input.
async fn restore_from_stream(home: &Home, file: &[u8]) {
    let mut command = home.command(&["restore", "-"]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(file).await.expect("written");
    drop(stdin);
    let done = child.wait_with_output().await.expect("it ends");
    assert!(done.status.success(), "{done:?}");
}

/// What a program reads of the project, but for what is counted on the way.
async fn answers(client: &Client, project: i64) -> Vec<Value> {
    let path = format!("/projects/{project}/results?limit=200");
    let (status, body) = client.rest(Method::GET, &path, None).await;
    assert_eq!(status, 200, "{body}");
    body["results"].as_array().expect("answers").clone()
}

on_both_databases! {
    empty;

    async fn another_host_goes_on_from_a_backup(home: &Home) {
        let simulator = Simulator::start(home, &["--latency", "300"]).await;
        let environment = simulator.environment();
        let host = home.serve(&environment).await;
        let key = json!({"mistral_api_key": "mi-0123456789"});
        let (status, _) = host.client.rest(Method::PUT, "/api-keys", Some(&key)).await;
        assert_eq!(status, 200);
        let project = host.client.project("Soap", questions(QUESTIONS)).await;
        let done = host.client.start(project).await;
        host.client.over(done, PATIENCE).await;
        let before = answers(&host.client, project.0).await;

        // In the middle of a second run.
        let run = host.client.start(project).await;
        let database = home.database().await;
        let in_flight = || async {
            (database.count_asks(run, AskState::Running).await > 0).then_some(())
        };
        eventually("asks in flight", PATIENCE, in_flight).await;
        let path = home.file("parallax.backup");
        let file = path.to_str().expect("a path");
        let told = home.run(&["backup", file], &nothing(), "").await.printed();
        assert!(told.contains("rows of") && told.contains(".key"), "{told}");
        let again = home.run(&["backup", file], &nothing(), "").await.said();
        assert!(again.contains("exists already"), "{again}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).expect("the file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let own = home.run(&["restore", file], &nothing(), "").await.said();
        assert!(own.contains("has accounts already"), "{own}");
        // The copy must not ask beside the original.
        host.program.stop().await;

        let goes_on = async |other: &Home| {
            let told = other.run(&["restore", file], &nothing(), "").await.printed();
            assert!(told.contains("the master key of 1 stored keys is missing"), "{told}");
            copy_keys(home, other);
            let doctor = other.run(&["doctor"], &nothing(), "").await;
            assert!(doctor.stdout.contains("ok   API keys: all 1"), "{doctor:?}");
            // Whoever had a token at the first host has it here.
            let moved = other.start(&["serve"], &environment).await;
            let client = host.client.at(&moved.origin);
            let view = client.over(run, PATIENCE).await;
            assert_eq!((view.status, view.answered()), (RunStatus::Finished, ANSWERS));
            let now = answers(&client, project.0).await;
            for answer in &before {
                let same = now.iter().find(|other| other["id"] == answer["id"]);
                assert_eq!(same, Some(answer));
            }
            assert_eq!(now.len(), 2 * before.len());
            moved.stop().await;
        };
        with_empty_sqlite(&goes_on).await;
        with_empty_postgres(&goes_on).await;
    }

    async fn a_backup_goes_through_a_pipe(home: &Home) {
        home.run(&["migrate"], &nothing(), "").await.printed();
        let done = home.command(&["backup", "-"]).output().await.expect("it ends");
        assert!(done.status.success(), "{done:?}");
        assert!(String::from_utf8_lossy(&done.stderr).contains("rows of"), "{done:?}");
        with_empty_sqlite(async |other| restore_from_stream(other, &done.stdout).await).await;
        with_empty_postgres(async |other| restore_from_stream(other, &done.stdout).await).await;
    }
}

#[tokio::test]
async fn a_backup_needs_tables_and_a_place() {
    with_empty_sqlite(async |home| {
        let file = home.file("parallax.backup");
        let path = file.to_str().expect("a path");
        let empty = home.run(&["backup", path], &nothing(), "").await.said();
        assert!(empty.contains("no tables yet") && !file.exists(), "{empty}");
        home.run(&["migrate"], &nothing(), "").await.printed();
        let nowhere = home
            .run(&["backup", "/nonexistent/parallax.backup"], &nothing(), "")
            .await
            .said();
        assert!(nowhere.contains("/nonexistent"), "{nowhere}");
        let missing = home.run(&["restore", path], &nothing(), "").await.said();
        assert!(missing.contains("parallax.backup"), "{missing}");
    })
    .await;
}
