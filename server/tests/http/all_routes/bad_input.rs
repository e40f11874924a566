//! Requests that cannot be read, and what is said about them.

use axum::body::Body;
use axum::http::Method;
use futures_util::stream;
use serde_json::{Value, json};

use crate::support::{Setup, TestApp, rest_project, with_postgres, with_sqlite};

const MEBIBYTE: usize = 1024 * 1024;

#[tokio::test]
async fn a_body_over_a_mebibyte_is_refused_declared_or_not() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let mut body = rest_project("Watch");
        body["padding"] = "x".repeat(MEBIBYTE).into();
        let text = body.to_string();
        let undeclared = || {
            let pieces: Vec<Result<String, std::io::Error>> = text
                .as_bytes()
                .chunks(64 * 1024)
                .map(|piece| Ok(String::from_utf8_lossy(piece).into_owned()))
                .collect();
            Body::from_stream(stream::iter(pieces))
        };
        let path = "/api/llm-monitoring/projects";
        let declared = ana.with("content-length", &text.len().to_string());
        assert_eq!(
            declared
                .send(Method::POST, path, Body::from(text.clone()))
                .await
                .problem(413)["code"],
            "too_large"
        );
        ana.send(Method::POST, path, undeclared())
            .await
            .problem(413);
        let spanish = ana.with("cookie", "parallax_language=es");
        let told = spanish
            .with("content-length", "9999999")
            .send(Method::POST, path, Body::empty())
            .await
            .problem(413);
        assert_eq!(
            told["title"],
            "Es demasiado grande: como mucho 1 MiB cada vez."
        );

        let call = "/api/fn/projects/create";
        assert_eq!(
            declared
                .send(Method::POST, call, Body::from(text.clone()))
                .await
                .expect(413)["code"],
            "too_large"
        );
        assert_eq!(
            ana.send(Method::POST, call, undeclared()).await.expect(413)["code"],
            "too_large"
        );
        assert_eq!(app.count("llm_monitoring_projects").await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_json_is_400_and_a_wrong_type_names_its_field() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        for text in [
            "",
            "{",
            "[]",
            "null",
            "\"x\"",
            "{\"name\":}",
            "{} trailing",
            "name=Watch",
        ] {
            let sent = ana
                .send(
                    Method::POST,
                    "/api/llm-monitoring/projects",
                    Body::from(text),
                )
                .await;
            assert_eq!(sent.problem(400)["code"], "bad_request", "{text}");
            let call = ana
                .send(Method::POST, "/api/fn/projects/create", Body::from(text))
                .await;
            assert_eq!(call.expect(400)["code"], "bad_request", "{text}");
        }
        let deep = "[".repeat(100_000);
        ana.send(
            Method::POST,
            "/api/llm-monitoring/projects",
            Body::from(format!("{{\"a\":{deep}")),
        )
        .await
        .problem(400);
        for (field, value) in [
            ("name", json!(5)),
            ("brand_keywords", json!("Kipu")),
            ("brand_keywords.1", json!(["a", 1])),
            ("competitors", json!({"name": "Acme"})),
            ("competitors.0", json!([5])),
            ("enabled_llms.0", json!([null])),
            ("model_ids.0", json!(["one"])),
            ("queries_per_llm", json!(15.5)),
            ("queries_per_llm", json!("many")),
            ("is_active", json!("yes")),
            ("queries.0", json!([["nested"]])),
        ] {
            let mut body = rest_project("Watch");
            body[field.split('.').next().expect("a field")] = value;
            let refused = ana.post("/projects", &body).await;
            assert_eq!(refused.wrong_fields(), [field]);
            let spanish = ana
                .with("accept-language", "es")
                .post("/projects", &body)
                .await;
            let message = &spanish.problem(422)["errors"][0]["message"];
            assert!(
                message
                    .as_str()
                    .is_some_and(|message| message.starts_with("Esto no es del tipo correcto"))
            );
        }
        assert_eq!(app.count("llm_monitoring_projects").await, 0);
    })
    .await;
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems_in_the_callers_language() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let spanish = ana.with("accept-language", "es-MX,es;q=0.9");
        for path in [
            "/api/nothing",
            "/api/llm-monitoring/nothing",
            "/api/llm-monitoring",
        ] {
            let told = spanish
                .send(Method::GET, path, Body::empty())
                .await
                .problem(404);
            assert_eq!(
                told["title"], "Esto no existe o no tienes acceso.",
                "{path}"
            );
        }
        let refused = spanish.rest(Method::PATCH, "/projects", None).await;
        assert_eq!(
            refused.problem(405)["title"],
            "La petición no se puede leer. Revisa sus campos."
        );
        assert_eq!(refused.header("allow"), "GET,HEAD,POST");
        spanish
            .rest(Method::POST, "/budget", Some(&json!({})))
            .await
            .problem(405);
        let chosen = spanish
            .with("cookie", "parallax_language=en")
            .get("/projects/abc")
            .await
            .problem(404);
        assert_eq!(
            chosen["title"], "This does not exist, or you have no access to it.",
            "the chosen language wins"
        );
        let unknown = ana.call("no/such", &json!({})).await;
        assert!(unknown.status.is_client_error());
        assert_eq!(unknown.json()["code"], "bad_request");
    })
    .await;
}

#[tokio::test]
async fn parameters_are_named_where_they_are_wrong() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let project = ana.make_project("Watch").await;
        let long_ago = "start_date=1990-01-01&end_date=2020-01-01";
        for (path, fields) in [
            ("results?start_date=yesterday", &["start_date"][..]),
            ("results?end_date=2026-02-30", &["end_date"]),
            ("results?start_date=-262143-01-01", &["start_date"]),
            (
                "results?start_date=2026-02-02&end_date=2026-02-01",
                &["end_date"],
            ),
            (
                "results?llm_provider=bard&mentioned=perhaps",
                &["llm_provider", "mentioned"],
            ),
            (
                "results?run_id=abc&model_id=1.5&query_id=&cursor=x",
                &["run_id", "model_id", "cursor"],
            ),
            ("results?limit=0", &["limit"]),
            ("results?limit=201", &["limit"]),
            ("metrics?start_date=2026-13-01", &["start_date"]),
            (
                "metrics?start_date=2026-02-02&end_date=2026-02-01",
                &["end_date"],
            ),
            (&format!("metrics?{long_ago}"), &["start_date"]),
            ("metrics?llm_provider=%ff", &["llm_provider"]),
            ("snapshots?limit=501&offset=-1", &["limit", "offset"]),
            ("urls-ranking?limit=201&offset=-1", &["limit", "offset"]),
            ("clusters?limit=51&simulated=x", &["simulated", "limit"]),
            ("runs?cursor=x&limit=201", &["limit", "cursor"]),
            (
                "export/answers?text=%20&served=nobody&end_date=x&format=xml",
                &["format", "end_date", "served"],
            ),
        ] {
            let refused = ana.get(&format!("/projects/{project}/{path}")).await;
            assert_eq!(refused.wrong_fields(), fields, "{path}");
        }
        ana.get(&format!(
            "/projects/{project}/results?start_date=&unknown=1&limit=200"
        ))
        .await
        .expect(200);
        assert_eq!(
            ana.get("/models?provider=bard&is_current=5")
                .await
                .wrong_fields(),
            ["provider", "is_current"]
        );
        let spanish = ana
            .with("accept-language", "es")
            .get(&format!("/projects/{project}/metrics?end_date=x"))
            .await;
        assert_eq!(
            spanish.problem(422)["errors"][0]["message"],
            "Escribe un día como 2026-03-31."
        );
    })
    .await;
}

#[tokio::test]
async fn models_and_budget_have_limits_too() {
    with_sqlite(Setup::default(), async |app| {
        let admin = app.admin().await;
        for (body, field) in [
            (
                json!({"cost_per_1m_input_tokens": -1}),
                "cost_per_1m_input_tokens",
            ),
            (
                json!({"cost_per_1m_output_tokens": "free"}),
                "cost_per_1m_output_tokens",
            ),
            (
                json!({"cost_per_1m_output_tokens": 100_001}),
                "cost_per_1m_output_tokens",
            ),
            (json!({"max_tokens": 15}), "max_tokens"),
            (json!({"max_tokens": 1_000_001}), "max_tokens"),
            (json!({"max_tokens": "many"}), "max_tokens"),
            (json!({"is_current": 1}), "is_current"),
            (json!({"model_display_name": ""}), "model_display_name"),
        ] {
            assert_eq!(
                admin.put("/models/1", &body).await.wrong_fields(),
                [field],
                "{body}"
            );
        }
        assert_eq!(
            app.number("SELECT COUNT(*) FROM llm_model_prices WHERE origin = 'user'")
                .await,
            0
        );
        assert_eq!(
            app.number(
                "SELECT COUNT(*) FROM llm_model_registry WHERE id = 1 AND max_tokens = 16000"
            )
            .await,
            1
        );

        for body in [
            json!({"monthly_budget_usd": "x"}),
            json!({"monthly_budget_usd": 1e300}),
        ] {
            assert_eq!(
                admin.put("/budget", &body).await.wrong_fields(),
                ["monthly_budget_usd"]
            );
        }
        let both = json!({"monthly_budget_usd": 5, "spending_alert_threshold": 300});
        assert_eq!(
            admin.put("/budget", &both).await.wrong_fields(),
            ["spending_alert_threshold"]
        );
        assert_eq!(
            admin.get("/budget").await.expect(200)["budget"]["monthly_budget_usd"],
            100
        );
        assert_eq!(
            admin
                .put("/budget", &json!({"monthly_budget_usd": Value::Null}))
                .await
                .expect(200)["success"],
            true
        );
    })
    .await;
}

#[tokio::test]
async fn files_may_be_large_for_those_who_may_send_them() {
    with_sqlite(Setup::default(), async |app| {
        let admin = app.admin().await;
        let path = "/api/llm-monitoring/prices/import";
        let file = |bytes: usize| {
            let padding = " ".repeat(bytes);
            let price = json!({"provider": "openai", "model_id": "gpt-5", "input": 1, "output": 2});
            format!("{{\"models\": [{price}]{padding}}}")
        };
        let large = file(2 * MEBIBYTE);
        let declared = admin.with("content-length", &large.len().to_string());
        for by in [&declared, &declared.with("idempotency-key", "prices")] {
            by.send(Method::POST, path, Body::from(large.clone()))
                .await
                .expect(200);
        }
        let beyond = admin.with("content-length", &(33 * MEBIBYTE).to_string());
        for path in [path, "/api/llm-monitoring/projects/1/queries/csv"] {
            let told = beyond.send(Method::POST, path, Body::empty()).await;
            assert_eq!(
                told.problem(413)["title"],
                "This file is too large: at most 32 MB."
            );
        }
        let ben = app.sign_up("ben@example.com").await;
        ben.send(Method::POST, path, Body::from(large.clone()))
            .await
            .problem(403);
    })
    .await;
}

#[tokio::test]
async fn words_that_nobody_can_look_for_are_named_on_sqlite() {
    with_sqlite(Setup::default(), async |app| odd_words(app).await).await;
}

#[tokio::test]
async fn words_that_nobody_can_look_for_are_named_on_postgres() {
    with_postgres(Setup::default(), async |app| odd_words(app).await).await;
}

/// PostgreSQL takes no text with a zero byte in it.
async fn odd_words(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let long = "a".repeat(256);
    for field in ["text", "tag", "domain"] {
        for (typed, escaped) in [("a\0b", "a%00b"), (long.as_str(), long.as_str())] {
            let filter = json!({"project_id": project, field: typed});
            let told = ana.call("answers/list", &json!({"filter": filter})).await;
            assert_eq!(told.expect(422)["fields"][0]["field"], field);
            for path in ["responses", "results", "export/answers", "export/findings"] {
                let path = format!("/projects/{project}/{path}?{field}={escaped}");
                assert_eq!(ana.get(&path).await.wrong_fields(), [field], "{path}");
            }
        }
    }
    for typed in ["a\0b", &"a".repeat(51)] {
        let filter = json!({"project_id": project, "tags": ["food", typed]});
        let told = ana.call("answers/list", &json!({"filter": filter})).await;
        assert_eq!(told.expect(422)["fields"][0]["field"], "tags");
    }
    for wrong in ["a%00b,food", &["a"; 21].join(","), &"a".repeat(51)] {
        let path = format!("/projects/{project}/results?tags={wrong}");
        assert_eq!(ana.get(&path).await.wrong_fields(), ["tags"], "{wrong}");
    }
    let query = json!({
        "project_id": project, "from": "2026-01-01", "to": "2026-12-31", "unit": "page",
        "domain": "a\0b",
    });
    for call in ["sources/list", "sources/uses"] {
        let told = ana.call(call, &json!({"query": query})).await;
        assert_eq!(told.expect(422)["fields"][0]["field"], "domain", "{call}");
    }
    let path = format!("/projects/{project}/urls-ranking?domain=a%00b");
    assert_eq!(ana.get(&path).await.wrong_fields(), ["domain"]);
}
