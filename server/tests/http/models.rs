//! Models and prices: the check of the providers' lists, the review, trials, and prices from
//! files.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::model::ids::{ModelId, UserId};
use axum::body::Body;
use axum::http::Method;
use parallax::auth::tokens::Tokens;
use parallax::services::model_review::review_paths;
use serde_json::{Value, json};

use crate::raw_server::{RawServer, response};
use crate::suggestions::Simulated;
use crate::support::{Caller, Reply, Setup, TestApp, all_named, on_both_databases, with_sqlite};

const ROW: &str = "model_id provider slug name keys price_id old new flags refusal";

async fn store_key(caller: &Caller<'_>, provider: &str, origin: &str) {
    let base_url = match provider {
        "openai" => format!("{origin}/v1"),
        _ => origin.to_owned(),
    };
    let draft = json!({"provider": provider, "api_key": "sk-0123456789", "base_url": base_url});
    caller
        .call("keys/save", &json!({ "draft": draft }))
        .await
        .expect(200);
}

async fn check(caller: &Caller<'_>) -> Value {
    caller.call("models/check", &json!({})).await.expect(200)
}

/// The rows of the registry that have a property.
async fn models(caller: &Caller<'_>, field: &str, value: &Value) -> Vec<Value> {
    let models = caller.call("models/list", &json!({})).await.expect(200);
    let models = models.as_array().expect("models").clone();
    models
        .into_iter()
        .filter(|model| model[field] == *value)
        .collect()
}

async fn one(caller: &Caller<'_>, slug: &str) -> Value {
    models(caller, "model_id", &json!(slug)).await.remove(0)
}

async fn change(caller: &Caller<'_>, model: &Value, change: Value) -> Reply {
    let arguments = json!({"model_id": model["id"], "change": change});
    caller.call("models/change", &arguments).await
}

async fn review(caller: &Caller<'_>, model: &Value, approve: bool) -> Reply {
    let arguments = json!({"model_id": model["id"], "approve": approve});
    caller.call("models/review", &arguments).await
}

async fn actions(caller: &Caller<'_>) -> Vec<String> {
    let changes = caller.call("models/changes", &json!({})).await.expect(200);
    let changes = all_named(&changes, "at by model action old new");
    let action = |change: &Value| change["action"].as_str().expect("a word").to_owned();
    changes
        .as_array()
        .expect("changes")
        .iter()
        .map(action)
        .collect()
}

mod the_check {
    use super::*;

    async fn finds_what_is_new(app: &TestApp) {
        let ana = app.admin().await;
        assert_eq!(
            check(&ana).await,
            json!({"checked": [], "failed": [], "new_models": []})
        );
        let simulated = Simulated::start("").await;
        for provider in ["openai", "anthropic", "google", "perplexity"] {
            store_key(&ana, provider, &simulated.origin).await;
        }
        store_key(&ana, "mistral", "http://127.0.0.1:9").await;
        let found = check(&ana).await;
        assert_eq!(
            found["checked"],
            json!(["openai", "anthropic", "google", "perplexity"])
        );
        assert_eq!(found["failed"][0][0], "mistral");
        let names: Vec<&str> = found["new_models"]
            .as_array()
            .expect("names")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert!(
            names.contains(&"gpt-5.4") && names.contains(&"gemini-3.5-flash"),
            "{names:?}"
        );
        assert!(
            !names.iter().any(|name| name.contains("embedding")),
            "{names:?}"
        );
        for model in models(&ana, "review", &json!("new")).await {
            assert_eq!(
                (
                    &model["is_current"],
                    &model["is_available"],
                    &model["price"]
                ),
                (&json!(false), &json!(false), &Value::Null)
            );
        }
        // Once more, and nothing is new.
        assert_eq!(check(&ana).await["new_models"], json!([]));
        let told = actions(&ana).await;
        let retires = told.iter().filter(|action| *action == "retires").count();
        let found = told.iter().filter(|action| *action == "found").count();
        assert_eq!((retires, found), (1, told.len() - 1));
    }

    on_both_databases!(finds_what_is_new);

    #[tokio::test]
    async fn follows_pages_and_notes_when_models_retire() {
        with_sqlite(Setup::default(), async |app| {
            let ana = app.admin().await;
            let asked = Arc::new(AtomicUsize::new(0));
            let server = RawServer::start(move |mut caller| {
                let page = asked.fetch_add(1, Ordering::SeqCst);
                async move {
                    let soon = chrono::Utc::now() + chrono::TimeDelta::days(7);
                    let model = json!({"id": format!("claude-{page}"), "retires_at": soon.to_rfc3339(),
                        "lifecycle": "deprecated"});
                    let body = json!({"data": [model], "has_more": page == 0, "last_id": format!("claude-{page}")});
                    let json = "content-type: application/json\r\n";
                    caller.write(&response(200, json, body.to_string().as_bytes())).await;
                }
            })
            .await;
            store_key(&ana, "anthropic", &server.origin).await;
            assert_eq!(check(&ana).await["new_models"], json!(["claude-0", "claude-1"]));
            assert!(server.heard()[1].contains("after_id=claude-0"));
            // It is nobody's until an admin makes it available.
            let retiring = async || ana.call("models/retiring", &json!({})).await.expect(200);
            assert_eq!(retiring().await, json!([]));
            let model = one(&ana, "claude-0").await;
            let price = json!({"is_available": true, "price": {"input": "1", "output": "5"}});
            change(&ana, &model, price).await.expect(200);
            let project = ana.make_project("Watch").await;
            app.execute(&format!(
                "INSERT INTO llm_monitoring_project_models (project_id, model_id, workspace_id) \
                 SELECT id, {}, workspace_id FROM llm_monitoring_projects", model["id"]
            ))
            .await;
            let told = all_named(&retiring().await, "model_id provider name retires_at days_left projects");
            assert_eq!((&told[0]["name"], &told[0]["days_left"]), (&json!("claude-0"), &json!(7)));
            assert_eq!(told[0]["projects"], json!([[project, "Watch"]]));
        })
        .await;
    }

    #[tokio::test]
    async fn listens_to_no_server_of_somebody_who_is_no_admin() {
        with_sqlite(Setup::default(), async |app| {
            let ana = app.admin().await;
            let ben = app.sign_up("ben@example.com").await;
            let simulated = Simulated::start("").await;
            // An address on this machine is refused to him; as if he had been an admin before:
            store_key(&ana, "openai", &simulated.origin).await;
            let workspace = ben.workspace().await;
            app.execute(&format!(
                "UPDATE user_llm_api_keys SET workspace_id = {workspace}"
            ))
            .await;
            let told = check(&ana).await;
            assert_eq!(
                (&told["checked"], &told["new_models"]),
                (&json!([]), &json!([]))
            );
            assert_eq!(told["failed"][0][0], "openai");
            ben.call("models/check", &json!({})).await.expect(403);
        })
        .await;
    }
}

mod reviews {
    use super::*;

    async fn decide(app: &TestApp) {
        let ana = app.admin().await;
        let simulated = Simulated::start("").await;
        store_key(&ana, "openai", &simulated.origin).await;
        check(&ana).await;
        let model = one(&ana, "gpt-5.4").await;
        let told = review(&ana, &model, true).await.expect(409);
        assert!(
            told["message"]
                .as_str()
                .is_some_and(|message| message.contains("price"))
        );
        change(
            &ana,
            &model,
            json!({"price": {"input": "2", "output": "8"}}),
        )
        .await
        .expect(200);
        let approved = review(&ana, &model, true).await.expect(200);
        assert_eq!(
            (&approved["review"], &approved["is_available"]),
            (&json!("approved"), &json!(true))
        );
        let other = one(&ana, "gpt-4o").await;
        let rejected = review(&ana, &other, false).await.expect(200);
        assert_eq!(rejected["review"], "rejected");
        // What was decided stays so at the next check.
        check(&ana).await;
        assert_eq!(one(&ana, "gpt-4o").await["review"], "rejected");
        assert_eq!(
            actions(&ana).await[..4],
            ["rejected", "available", "approved", "price"]
        );
        let history = ana
            .call("models/prices", &json!({"model_id": model["id"]}))
            .await
            .expect(200);
        assert_eq!(history[0][1], "admin@example.com");
    }

    on_both_databases!(decide);

    async fn a_link(app: &TestApp, model: &Value) -> (String, String) {
        let tokens = Tokens::new("a key for the tokens of this test".into());
        let id = ModelId(model["id"].as_i64().expect("an id"));
        let paths = review_paths(&app.store, &tokens, id, UserId(1))
            .await
            .expect("links");
        (paths.approve, paths.reject)
    }

    async fn post(caller: &Caller<'_>, path: &str) -> Reply {
        let (address, query) = path.split_once('?').expect("a query");
        let form = caller.with("content-type", "application/x-www-form-urlencoded");
        form.send(Method::POST, address, Body::from(query.to_owned()))
            .await
    }

    fn text(reply: &Reply) -> String {
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(reply.header("cache-control"), "no-store");
        String::from_utf8_lossy(&reply.body).into_owned()
    }

    #[tokio::test]
    async fn a_link_asks_first_and_works_once() {
        with_sqlite(Setup::default(), async |app| {
            let ana = app.admin().await;
            let simulated = Simulated::start("").await;
            store_key(&ana, "openai", &simulated.origin).await;
            check(&ana).await;
            let model = one(&ana, "gpt-5.4").await;
            let (approve, reject) = a_link(app, &model).await;
            let nobody = app.nobody();
            // However often a scanner looks, nothing happens.
            for _ in 0..3 {
                let page = nobody.send(Method::GET, &approve, Body::empty()).await;
                assert_eq!(page.status, 200);
                let page = text(&page);
                assert!(
                    page.contains("<form method=\"post\">") && page.contains("gpt-5.4"),
                    "{page}"
                );
            }
            assert_eq!(one(&ana, "gpt-5.4").await["review"], "new");
            // Without a price it says so, and goes on working.
            assert_eq!(post(&nobody, &approve).await.status, 409);
            change(
                &ana,
                &model,
                json!({"price": {"input": "2", "output": "8"}}),
            )
            .await
            .expect(200);
            // A token is good for what it was made for only.
            let swapped = reject.replace("/reject", "/approve");
            assert_eq!(post(&nobody, &swapped).await.status, 404);
            let done = post(&nobody, &approve).await;
            assert_eq!(done.status, 200, "{}", text(&done));
            assert_eq!(one(&ana, "gpt-5.4").await["review"], "approved");
            for gone in [&approve, &reject] {
                assert_eq!(post(&nobody, gone).await.status, 404);
                let page = nobody.send(Method::GET, gone, Body::empty()).await;
                assert_eq!(page.status, 404);
                assert!(!text(&page).contains("<form"));
            }
            assert_eq!(one(&ana, "gpt-5.4").await["review"], "approved");
            // The token stands nowhere in the database.
            let token = approve.split_once("token=").expect("a token").1;
            let plain =
                format!("SELECT COUNT(*) FROM llm_model_review_links WHERE token_hash = '{token}'");
            assert_eq!(app.number(&plain).await, 0);
        })
        .await;
    }

    #[tokio::test]
    async fn old_and_made_up_links_do_nothing() {
        with_sqlite(Setup::default(), async |app| {
            let ana = app.admin().await;
            let model = one(&ana, "gpt-5").await;
            let (_, reject) = a_link(app, &model).await;
            app.pass(chrono::Duration::days(15));
            for path in [
                reject.as_str(),
                "/api/llm-monitoring/models/reject?token=",
                "/api/llm-monitoring/models/reject?token=%22%3E%3Cscript%3E",
            ] {
                let page = app.nobody().send(Method::GET, path, Body::empty()).await;
                assert_eq!(page.status, 404, "{path}");
                assert!(!text(&page).contains("<script"));
                assert_eq!(post(&app.nobody(), path).await.status, 404, "{path}");
            }
            let bare = app
                .nobody()
                .send(
                    Method::GET,
                    "/api/llm-monitoring/models/approve",
                    Body::empty(),
                )
                .await;
            assert_eq!(bare.status, 404);
            assert_eq!(one(&ana, "gpt-5").await["review"], "approved");
            // Another site's form is refused.
            let foreign = app.nobody().with("sec-fetch-site", "cross-site");
            assert_eq!(post(&foreign, &reject).await.status, 403);
        })
        .await;
    }
}

mod trials {
    use super::*;

    const BOOKED: &str =
        "SELECT COUNT(*) FROM llm_spend_ledger WHERE kind = 'trial' AND run_id IS NULL";
    const PAID: &str =
        "SELECT CAST(COALESCE(SUM(amount_nano_usd), 0) AS BIGINT) FROM llm_spend_ledger";
    const OPEN: &str = "SELECT COUNT(*) FROM llm_spend_reservations";

    fn current() -> Value {
        json!({"is_current": true})
    }

    async fn come_before_a_model_is_current(app: &TestApp) {
        let ana = app.admin().await;
        let luna = one(&ana, "gpt-6-luna").await;
        let before = one(&ana, "gpt-6.1-sol").await;
        // Without a key there is nobody to ask.
        let told = change(&ana, &luna, current()).await.expect(409);
        assert!(
            told["message"]
                .as_str()
                .is_some_and(|message| message.contains("ChatGPT"))
        );
        let simulated = Simulated::start("").await;
        store_key(&ana, "openai", &simulated.origin).await;
        let changed = change(&ana, &luna, current()).await.expect(200);
        assert_eq!(changed["is_current"], true);
        assert_eq!(one(&ana, "gpt-6.1-sol").await["is_current"], false);
        assert_eq!((app.number(BOOKED).await, app.number(OPEN).await), (1, 0));
        assert!(app.number(PAID).await > 0);
        // Again is no change, and costs nothing.
        change(&ana, &luna, current()).await.expect(200);
        assert_eq!(app.number(BOOKED).await, 1);
        // A model without a price is not even tried, nor one that is switched off.
        let added = json!({"draft": {"provider": "openai", "model_id": "missing-1", "display_name": "", "web_search": false}});
        let missing = ana.call("models/add", &added).await.expect(200);
        change(&ana, &missing, current()).await.expect(409);
        assert_eq!(app.number(BOOKED).await, 1);
        // One that its provider does not know changes nothing, price included.
        let all = json!({"is_current": true, "is_available": true, "price": {"input": "1", "output": "1"}});
        let refused = change(&ana, &missing, all).await.expect(503);
        assert!(
            refused["message"]
                .as_str()
                .is_some_and(|message| message.contains("missing-1")),
            "{refused}"
        );
        let missing = one(&ana, "missing-1").await;
        assert_eq!(
            (&missing["is_available"], &missing["price"]),
            (&json!(false), &Value::Null)
        );
        assert_eq!(one(&ana, "gpt-6-luna").await["is_current"], true);
        assert_eq!(app.number(OPEN).await, 0);
        // By REST it is the same.
        let id = before["id"].as_i64().expect("an id");
        ana.put(&format!("/models/{id}"), &current())
            .await
            .expect(200);
        assert_eq!(app.number(BOOKED).await, 2);
    }

    on_both_databases!(come_before_a_model_is_current);

    #[tokio::test]
    async fn stay_inside_the_budget_and_say_why_they_fail() {
        with_sqlite(Setup::default(), async |app| {
            let ana = app.admin().await;
            let simulated = Simulated::start("401=1").await;
            store_key(&ana, "openai", &simulated.origin).await;
            let luna = one(&ana, "gpt-6-luna").await;
            ana.put("/budget", &json!({"monthly_budget_usd": 0}))
                .await
                .expect(200);
            change(&ana, &luna, current()).await.expect(409);
            ana.put("/budget", &json!({"monthly_budget_usd": 1}))
                .await
                .expect(200);
            let told = change(&ana, &luna, current()).await.expect(503);
            assert!(
                told["message"]
                    .as_str()
                    .is_some_and(|message| message.contains("GPT-6 Luna")),
                "{told}"
            );
            assert_eq!(one(&ana, "gpt-6-luna").await["is_current"], false);
            assert_eq!(app.number(OPEN).await, 0);
            // The simulator answers without a key.
            let second = one(&ana, "simulator-2").await;
            change(&ana, &second, current()).await.expect(200);
        })
        .await;
    }
}

mod imports {
    use super::*;

    async fn preview(caller: &Caller<'_>, file: &Value) -> Value {
        let arguments = json!({"text": file.to_string()});
        let preview = caller.call("models/import-preview", &arguments).await;
        let mut preview = preview.expect(200);
        preview["rows"] = all_named(&preview["rows"], ROW);
        preview
    }

    fn choice(row: &Value) -> Value {
        json!([row["model_id"], row["price_id"], row["new"]])
    }

    fn file() -> Value {
        json!({"models": [
            {"provider": "openai", "model_id": "gpt-5", "input": 1.5, "output": 12},
            {"provider": "openai", "model_id": "gpt-6-luna", "input": -1},
            {"provider": "openai", "model_id": "gpt-6-astra", "output": 20_000},
            {"provider": "anthropic", "model_id": "claude-sonnet-4-5", "input": 4},
            {"provider": "anthropic", "model_id": "claude-sonnet-4-5", "input": 5},
            {"provider": "google", "model_id": "gemini-2.5-flash", "input": 0.3, "output": 2.5},
            {"provider": "google", "model_id": "gemini-9", "input": 1, "output": 2},
            {"provider": "bard", "model_id": "bard", "input": 1, "output": 2},
        ]})
    }

    async fn are_shown_and_accepted_row_by_row(app: &TestApp) {
        let ana = app.admin().await;
        let before = app.count("llm_model_prices").await;
        let shown = preview(&ana, &file()).await;
        assert_eq!(
            (&shown["format"], &shown["unchanged"], &shown["unknown"]),
            (&json!("parallax"), &json!(1), &json!(2))
        );
        let rows = shown["rows"].as_array().expect("rows");
        let find = |slug: &str| rows.iter().find(|row| row["slug"] == slug).expect("a row");
        assert_eq!(find("gpt-6-luna")["refusal"], "negative");
        assert_eq!(find("gpt-6-astra")["refusal"], "too_high");
        let twice = find("claude-sonnet-4-5");
        assert_eq!(
            (&twice["refusal"], twice["keys"].as_array().map(Vec::len)),
            (&json!("duplicate"), Some(2))
        );
        assert_eq!(find("gpt-5")["flags"], json!([]));
        assert_eq!(
            app.count("llm_model_prices").await,
            before,
            "a look writes nothing"
        );

        let accept = async |choices: Value| {
            ana.call("models/import-accept", &json!({"choices": choices}))
                .await
        };
        // With one that is refused nothing is written, whatever the screen let through.
        for bad in ["gpt-6-luna", "gpt-6-astra"] {
            accept(json!([choice(find("gpt-5")), choice(find(bad))]))
                .await
                .expect(422);
        }
        accept(json!([choice(find("gpt-5")), choice(find("gpt-5"))]))
            .await
            .expect(422);
        assert_eq!(app.count("llm_model_prices").await, before);
        assert_eq!(accept(json!([choice(find("gpt-5"))])).await.expect(200), 1);
        let model = one(&ana, "gpt-5").await;
        let price = crate::support::named(
            &model["price"],
            "id input output cached_input search_fee starts_at origin",
        );
        assert_eq!(
            (&price["output"], &price["origin"]),
            (&json!(12_000_000_000_i64), &json!("sync"))
        );
        assert_eq!(
            price["cached_input"], 125_000_000,
            "what the file leaves out stays"
        );
        // The price that was shown holds no more: it has to be looked at again.
        accept(json!([choice(find("gpt-5"))])).await.expect(409);
        // What is typed by hand is flagged from then on.
        change(&ana, &model, json!({"price": {"output": "11"}}))
            .await
            .expect(200);
        let again = preview(&ana, &file()).await;
        let row = again["rows"]
            .as_array()
            .expect("rows")
            .iter()
            .find(|row| row["slug"] == "gpt-5")
            .cloned();
        assert_eq!(row.expect("a row")["flags"], json!(["hand_edited"]));
    }

    on_both_databases!(are_shown_and_accepted_row_by_row);

    #[tokio::test]
    async fn may_be_large_and_are_for_admins_only() {
        with_sqlite(Setup::default(), async |app| {
            let ana = app.admin().await;
            let ben = app.sign_up("ben@example.com").await;
            let mut large = file();
            large["comment"] = json!("\"".repeat(5 * 1024 * 1024));
            let text = json!({"text": large.to_string()}).to_string();
            assert!(text.len() > 20 * 1024 * 1024);
            let path = "/api/fn/models/import-preview";
            ana.send(Method::POST, path, Body::from(text.clone()))
                .await
                .expect(200);
            // Nobody else's is read beyond what any call may have.
            ben.send(Method::POST, path, Body::from(text.clone()))
                .await
                .expect(413);
            app.nobody()
                .send(Method::POST, path, Body::from(text.clone()))
                .await
                .expect(413);
            let other = "/api/fn/models/import-accept";
            ana.send(Method::POST, other, Body::from(text.clone()))
                .await
                .expect(413);
            let larger = Body::from(format!("{text}{}", " ".repeat(8 * 1024 * 1024)));
            ana.send(Method::POST, path, larger).await.expect(413);
            ben.call("models/import-preview", &json!({"text": "{}"}))
                .await
                .expect(403);
            ben.call("models/import-accept", &json!({"choices": []}))
                .await
                .expect(403);
            ben.call("models/review", &json!({"model_id": 1, "approve": false}))
                .await
                .expect(403);
            ben.call("models/changes", &json!({})).await.expect(403);
            ben.call("models/retiring", &json!({})).await.expect(403);
        })
        .await;
    }

    #[tokio::test]
    async fn that_cannot_be_read_say_where() {
        with_sqlite(Setup::default(), async |app| {
            let ana = app.admin().await;
            for (text, words) in [
                ("{\n\"models\": oops}", "line 2"),
                ("{\"hello\": {}}", "litellm"),
                ("{\"models\": []}", "no prices"),
            ] {
                let refused = ana
                    .call("models/import-preview", &json!({"text": text}))
                    .await
                    .expect(422);
                let message = refused["fields"][0]["message"].as_str().expect("a message");
                assert!(message.contains(words), "{text}: {message}");
            }
        })
        .await;
    }

    #[tokio::test]
    async fn begin_on_a_day_that_is_typed() {
        with_sqlite(Setup::default(), async |app| {
            let ana = app.admin().await;
            let model = one(&ana, "gpt-5").await;
            let day = (chrono::Utc::now() + chrono::TimeDelta::days(30))
                .date_naive()
                .to_string();
            let price = json!({"price": {"output": "20", "starts_on": day}});
            let changed = change(&ana, &model, price).await.expect(200);
            assert_eq!(changed["price"], model["price"], "it has not begun");
            app.pass(chrono::Duration::days(31));
            let ana = app.nobody().with("cookie", &sign_in(app).await);
            assert_eq!(one(&ana, "gpt-5").await["price"][2], 20_000_000_000_i64);
            for wrong in ["soon", "2026-13-01", "1999-01-01"] {
                let refused = change(
                    &ana,
                    &model,
                    json!({"price": {"output": "20", "starts_on": wrong}}),
                )
                .await;
                assert_eq!(
                    refused.expect(422)["fields"][0]["field"],
                    "price.starts_on",
                    "{wrong}"
                );
            }
        })
        .await;
    }

    async fn sign_in(app: &TestApp) -> String {
        let draft =
            json!({"draft": {"email": "admin@example.com", "password": crate::support::PASSWORD}});
        app.nobody()
            .call("accounts/sign-in", &draft)
            .await
            .session_cookie()
    }
}
