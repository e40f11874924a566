//! Files of questions: looked at before they are stored, and stored as a whole or not at all.

use serde_json::{Value, json};

use super::send_file;
use crate::support::{Caller, TestApp, on_both_databases};

on_both_databases!(
    a_file_is_shown_before_it_is_stored,
    a_file_that_comes_again_adds_nothing,
    a_file_has_32_mebibytes_at_most,
    of_a_file_with_a_wrong_line_nothing_is_stored,
    a_file_has_no_more_questions_than_a_project_may_have,
    a_file_takes_the_place_of_the_present_questions
);

const FILE: &str = "\u{feff}Pregunta;Etiquetas\r\n\
    ¿Qué programa de cuentas es el mejor?;dinero | pan\r\n\
    Which accounting software is best for bakers?;food\r\n";

/// How many questions the project has.
async fn count(caller: &Caller<'_>, project: i64) -> i64 {
    let listed = caller.get(&format!("/projects/{project}/queries")).await;
    listed.expect(200)["total"].as_i64().expect("a number")
}

async fn a_file_is_shown_before_it_is_stored(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let shown = send_file(&ana, project, "?dry_run=true", FILE)
        .await
        .expect(200);
    assert_eq!(
        (
            &shown["separator"],
            &shown["rows"],
            &shown["queries"],
            &shown["already_there"]
        ),
        (&json!(";"), &json!(2), &json!(2), &json!(1))
    );
    assert_eq!(shown["preview"][0]["tags"], json!(["dinero", "pan"]));
    assert_eq!(
        (&shown["imported"], count(&ana, project).await),
        (&json!(false), 3)
    );
}

async fn a_file_that_comes_again_adds_nothing(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let stored = send_file(&ana, project, "", FILE).await.expect(200);
    assert_eq!(
        (&stored["imported"], count(&ana, project).await),
        (&json!(true), 4)
    );
    let listed = ana
        .get(&format!("/projects/{project}/queries"))
        .await
        .expect(200);
    assert_eq!(listed["queries"][0]["tags"], json!(["food"]));
    send_file(&ana, project, "", FILE).await.expect(200);
    assert_eq!(
        count(&ana, project).await,
        4,
        "a file that comes again adds nothing"
    );
}

/// As large as a file may be, and one byte more.
async fn a_file_has_32_mebibytes_at_most(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let large = vec![b'a'; 32 * 1024 * 1024 + 1];
    let told = send_file(&ana, project, "", large).await.problem(413);
    assert_eq!(told["title"], "This file is too large: at most 32 MB.");
}

async fn of_a_file_with_a_wrong_line_nothing_is_stored(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let wrong = "query_text\nWhich ledger is the best of all?\nshort\n";
    let told = send_file(&ana, project, "?dry_run=true", wrong)
        .await
        .expect(200);
    assert_eq!(
        (&told["wrong"], &told["errors"][0]["line"]),
        (&json!(1), &json!(3))
    );
    assert_eq!(
        send_file(&ana, project, "", wrong).await.wrong_fields(),
        ["line 3"]
    );
    let latin: &[u8] =
        b"query_text\nWhich ledger is the best of all?\n\xbfQu\xe9 libro es el mejor?\n";
    let told = send_file(&ana, project, "?dry_run=true", latin.to_vec())
        .await
        .expect(200);
    assert_eq!(
        (&told["queries"], &told["errors"][0]["line"]),
        (&json!(0), &json!(3))
    );
    send_file(&ana, project, "", latin.to_vec())
        .await
        .problem(422);
    send_file(&ana, project, "", "").await.problem(422);
    assert_eq!(count(&ana, project).await, 3);
}

/// More than a project may have, and more than any other request may hold.
async fn a_file_has_no_more_questions_than_a_project_may_have(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let lines: Vec<String> = (0..100_000)
        .map(|number| format!("Which ledger is number {number} on your list of ledgers?"))
        .collect();
    let many = lines.join("\n");
    assert!(many.len() > 5_000_000);
    let told: Value = send_file(&ana, project, "?dry_run=true", many.clone())
        .await
        .expect(200);
    assert_eq!(
        (&told["rows"], &told["queries"]),
        (&json!(100_000), &json!(100_000))
    );
    assert_eq!(told["wrong"], 1);
    send_file(&ana, project, "", many).await.problem(422);
    assert_eq!(count(&ana, project).await, 3);
}

async fn a_file_takes_the_place_of_the_present_questions(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let new = "Which ledger would a miller choose?\n";
    send_file(&ana, project, "?replace=true", new)
        .await
        .expect(200);
    assert_eq!(count(&ana, project).await, 1);
    send_file(&ana, 999_999, "", new).await.problem(404);
}
