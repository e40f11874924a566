//! Files of questions: looked at before they are stored, and stored as a whole or not at all.

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Caller, Reply, TestApp, on_both_databases};

on_both_databases!(flow);

pub(crate) async fn send(
    caller: &Caller<'_>,
    project: i64,
    options: &str,
    file: impl Into<Body>,
) -> Reply {
    let path = format!("/api/llm-monitoring/projects/{project}/queries/csv{options}");
    caller
        .with("content-type", "text/csv")
        .send(Method::POST, &path, file.into())
        .await
}

async fn flow(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let count = async || {
        let listed = ana.get(&format!("/projects/{project}/queries")).await;
        listed.expect(200)["total"].as_i64().expect("a number")
    };
    let file = "\u{feff}Pregunta;Etiquetas\r\n\
        ¿Qué programa de cuentas es el mejor?;dinero | pan\r\n\
        Which accounting software is best for bakers?;food\r\n";
    let shown = send(&ana, project, "?dry_run=true", file).await.expect(200);
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
    assert_eq!((&shown["imported"], count().await), (&json!(false), 3));

    let stored = send(&ana, project, "", file).await.expect(200);
    assert_eq!((&stored["imported"], count().await), (&json!(true), 4));
    let listed = ana
        .get(&format!("/projects/{project}/queries"))
        .await
        .expect(200);
    assert_eq!(listed["queries"][0]["tags"], json!(["food"]));
    send(&ana, project, "", file).await.expect(200);
    assert_eq!(count().await, 4, "a file that comes again adds nothing");

    // As large as a file may be, and one byte more.
    let large = vec![b'a'; 32 * 1024 * 1024 + 1];
    let told = send(&ana, project, "", large).await.problem(413);
    assert_eq!(told["title"], "At most 32 MB, please.");

    // One wrong line, and nothing of it is stored.
    let wrong = "query_text\nWhich ledger is the best of all?\nshort\n";
    let told = send(&ana, project, "?dry_run=true", wrong)
        .await
        .expect(200);
    assert_eq!(
        (&told["wrong"], &told["errors"][0]["line"]),
        (&json!(1), &json!(3))
    );
    assert_eq!(
        send(&ana, project, "", wrong).await.wrong_fields(),
        ["line 3"]
    );
    let latin: &[u8] =
        b"query_text\nWhich ledger is the best of all?\n\xbfQu\xe9 libro es el mejor?\n";
    let told = send(&ana, project, "?dry_run=true", latin.to_vec())
        .await
        .expect(200);
    assert_eq!(
        (&told["queries"], &told["errors"][0]["line"]),
        (&json!(0), &json!(3))
    );
    send(&ana, project, "", latin.to_vec()).await.problem(422);
    send(&ana, project, "", "").await.problem(422);
    assert_eq!(count().await, 4);

    // More than a project may have, and more than any other request may hold.
    let lines: Vec<String> = (0..100_000)
        .map(|number| format!("Which ledger is number {number} on your list of ledgers?"))
        .collect();
    let many = lines.join("\n");
    assert!(many.len() > 5_000_000);
    let told: Value = send(&ana, project, "?dry_run=true", many.clone())
        .await
        .expect(200);
    assert_eq!(
        (&told["rows"], &told["queries"]),
        (&json!(100_000), &json!(100_000))
    );
    assert_eq!(told["wrong"], 1);
    send(&ana, project, "", many).await.problem(422);
    assert_eq!(count().await, 4);

    let new = "Which ledger would a miller choose?\n";
    send(&ana, project, "?replace=true", new).await.expect(200);
    assert_eq!(count().await, 1);
    send(&ana, 999_999, "", new).await.problem(404);
}
