//! The document of REST: as it is served, and as it was last looked at by people.

use std::io::Read;
use std::path::PathBuf;

use axum::body::Body;
use axum::http::Method;
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::support::{Setup, sources, with_sqlite};

const RENEW: &str = "PARALLAX_RENEW";

/// Where the document is kept.
fn kept() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json")
}

/// A change of the document is a change for programs: it is to be seen in a review.
#[tokio::test]
async fn the_document_is_the_one_that_is_kept() {
    with_sqlite(Setup::default(), async |app| {
        let served = app
            .nobody()
            .send(Method::GET, "/api/openapi.json", Body::empty())
            .await
            .expect(200);
        let text = serde_json::to_string_pretty(&served).expect("JSON") + "\n";
        if std::env::var(RENEW).is_ok() {
            std::fs::write(kept(), &text).expect("written");
        }
        let known = std::fs::read_to_string(kept()).unwrap_or_default();
        assert!(
            known == text,
            "docs/openapi.json is not what is served; look at what changed for programs, then \
             renew it: {RENEW}=1 cargo test -p parallax --test http openapi"
        );
        assert_eq!(served["openapi"], "3.1.0");
    })
    .await;
}

/// Every schema of `value` that stands under a name, with that name.
fn named_schemas<'a>(value: &'a Value, found: &mut Vec<(&'a str, &'a Value)>) {
    if let Some(properties) = value["properties"].as_object() {
        found.extend(
            properties
                .iter()
                .map(|(name, schema)| (name.as_str(), schema)),
        );
    }
    match value {
        Value::Object(parts) => parts.values().for_each(|part| named_schemas(part, found)),
        Value::Array(parts) => parts.iter().for_each(|part| named_schemas(part, found)),
        _ => {}
    }
}

/// What is called dollars is dollars: the one type that writes them as such, or the text that is
/// read as such.
#[tokio::test]
async fn amounts_are_dollars_wherever_they_stand() {
    with_sqlite(Setup::default(), async |app| {
        let served = app
            .nobody()
            .send(Method::GET, "/api/openapi.json", Body::empty())
            .await
            .expect(200);
        let mut found = Vec::new();
        named_schemas(&served, &mut found);
        let is_amount = |name: &str| {
            name.ends_with("_usd") || name.starts_with("cost_per_") || name == "total_cost"
        };
        let amounts: Vec<_> = found.iter().filter(|(name, _)| is_amount(name)).collect();
        assert!(amounts.len() > 40, "only {} amounts", amounts.len());
        for (name, schema) in amounts {
            let text = schema.to_string();
            let is_dollars = [
                "schemas/Usd\"",
                "schemas/Amount\"",
                "schemas/AmountText\"",
                "Dollars",
            ];
            assert!(
                is_dollars.iter().any(|part| text.contains(part)),
                "{name}: {text}"
            );
        }
        // No reply is a thing of any shape, in which a number could stand for anything.
        let shapeless = found
            .iter()
            .filter(|(_, schema)| **schema == json!({"type": "object"}));
        let names: Vec<&str> = shapeless.map(|(name, _)| *name).collect();
        assert!(names.iter().all(|name| !is_amount(name)), "{names:?}");
    })
    .await;
}

/// No struct that goes out holds bare money under a name of dollars.
#[test]
fn dollars_are_typed() {
    let is_bare =
        |line: &&str| line.contains("_usd: Money") || line.contains("_usd: Option<Money>");
    let mut wrong = Vec::new();
    for (path, text) in sources("server/src") {
        let lines = text.lines().filter(is_bare);
        wrong.extend(lines.map(|line| format!("{path:?}: {line}")));
    }
    assert!(
        wrong.is_empty(),
        "write Usd, which is dollars outside: {wrong:#?}"
    );
}

#[tokio::test]
async fn people_read_it_on_a_page_that_needs_no_other_host() {
    with_sqlite(Setup::default(), async |app| {
        let page = async |path: &str| app.nobody().send(Method::GET, path, Body::empty()).await;
        // Both are relative, so that they hold below a prefix too.
        assert_eq!(page("/api/docs").await.header("location"), "docs/");
        let shown = page("/api/docs/").await;
        let policy = shown.header("content-security-policy");
        assert!(
            policy.contains("script-src 'self'") && !policy.contains("http"),
            "{policy}"
        );
        assert_eq!(shown.header("content-encoding"), "gzip");
        let mut html = String::new();
        GzDecoder::new(&shown.body[..])
            .read_to_string(&mut html)
            .expect("text");
        let inline = html
            .split("<script")
            .skip(1)
            .filter_map(|script| script.split_once('>'))
            .filter(|(attributes, _)| !attributes.contains("src="));
        assert_eq!(
            inline.count(),
            0,
            "the policy lets no inline script run: {html}"
        );
        assert!(!html.contains("://"), "{html}");
        let files = html
            .split(['"', '\''])
            .filter(|text| text.starts_with("./"))
            .map(|text| text.trim_start_matches("./").to_owned());
        for file in files {
            let path = format!("/api/docs/{file}");
            assert_eq!(page(&path).await.status, 200, "{path}");
        }
        let script = page("/api/docs/swagger-initializer.js").await;
        assert!(String::from_utf8_lossy(&script.body).contains("\"../openapi.json\""));
        assert_eq!(page("/api/docs/nothing.js").await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn the_page_is_off_where_it_is_switched_off() {
    let setup = Setup {
        shows_docs: false,
        ..Setup::default()
    };
    with_sqlite(setup, async |app| {
        for path in ["/api/docs", "/api/docs/", "/api/docs/index.html"] {
            let reply = app.nobody().send(Method::GET, path, Body::empty()).await;
            reply.problem(404);
        }
        let document: Value = app
            .nobody()
            .send(Method::GET, "/api/openapi.json", Body::empty())
            .await
            .expect(200);
        assert!(document["paths"].is_object());
    })
    .await;
}
