//! Projects by REST: made, changed field by field, removed.

use serde_json::json;

use crate::support::{Setup, keys, rest_project, sorted, with_sqlite};

#[tokio::test]
async fn absent_fields_stay_as_they_are() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let project = ana.make_project("Watch").await;
        let path = format!("/projects/{project}");
        let before = ana.get(&path).await.expect(200)["project"].clone();

        for (change, field) in [
            (json!({"name": "Other"}), "name"),
            (json!({"brand_name": "Quipu"}), "brand_name"),
            (json!({"brand_keywords": ["K-Suite"]}), "brand_keywords"),
            (json!({"industry": "bookkeeping"}), "industry"),
            (json!({"language": "es"}), "language"),
            (json!({"country_code": "MX"}), "country_code"),
            (json!({"is_active": false}), "is_active"),
            (json!({"competitors": ["Acme"]}), "competitors"),
            (
                json!({"enabled_llms": ["simulator", "openai"]}),
                "enabled_llms",
            ),
        ] {
            let was = ana.get(&path).await.expect(200)["project"].clone();
            let mut is = ana.put(&path, &change).await.expect(200)["project"].clone();
            assert_ne!(is[field], was[field], "{field}");
            is[field] = was[field].clone();
            if field == "is_active" {
                is["next_run_at"] = was["next_run_at"].clone();
            }
            if field == "enabled_llms" {
                is["model_ids"] = was["model_ids"].clone();
            }
            assert_eq!(is, was, "only {field} has changed");
        }
        let is = ana.get(&path).await.expect(200)["project"].clone();
        assert_eq!(
            is["competitors"][0], before["competitors"][0],
            "what is known of it stays"
        );
        assert_eq!(is["enabled_llms"], json!(["openai", "simulator"]));
        assert_eq!(ana.put(&path, &json!({})).await.expect(200)["project"], is);
        // What was read can be sent back.
        assert_eq!(ana.put(&path, &is).await.expect(200)["project"], is);
        assert_eq!(
            ana.get(&format!("{path}/queries")).await.expect(200)["total"],
            3
        );
    })
    .await;
}

#[tokio::test]
async fn keywords_keep_how_they_are_matched() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let project = ana.make_project("Watch").await;
        let path = format!("/projects/{project}");
        let keywords = json!([
            "K",
            {"text": "Quipu", "match_case": true, "whole_word": false},
            {"text": "Kipu", "not": ["kipu cord"], "needs": ["invoice"]},
        ]);
        let change = json!({"brand_keywords": keywords});
        let is = ana.put(&path, &change).await.expect(200)["project"].clone();
        assert_eq!(is["brand_keywords"], keywords);
        // What was read can be sent back.
        assert_eq!(ana.put(&path, &is).await.expect(200)["project"], is);

        for wrong in [
            json!([{"text": "Quipu", "not": ["!"]}]),
            json!([{"text": "Quipu", "needs": [""]}]),
            json!([{"text": "Quipu", "not": vec!["cord"; 21]}]),
            json!(["...", "Quipu"]),
        ] {
            let reply = ana.put(&path, &json!({"brand_keywords": wrong})).await;
            assert_eq!(reply.wrong_fields(), ["brand_keywords"], "{wrong}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_name_of_two_entities_is_refused_in_any_spelling() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let project = ana.make_project("Watch").await;
        let path = format!("/projects/{project}");
        for keyword in ["kipu", "KIPÚ", "Ｋipu", "Ki\u{200B}pu"] {
            let change = json!({"competitors": [{"name": "Globex", "keywords": [keyword]}]});
            let reply = ana.put(&path, &change).await;
            let text = String::from_utf8_lossy(&reply.body).into_owned();
            assert_eq!(reply.wrong_fields(), ["competitors.0.name"], "{keyword}");
            assert!(text.contains("Kipu") && text.contains("Globex"), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn templates_give_what_they_can() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let mut body = rest_project("Fifteen");
        body.as_object_mut().expect("an object").remove("queries");
        let made = ana.post("/projects", &body).await.expect(201);
        assert_eq!(made["project"]["total_queries_generated"], 15);
        body["name"] = json!("Many");
        body["language"] = json!("es");
        body["queries_per_llm"] = json!(5_000);
        let made = ana.post("/projects", &body).await.expect(201);
        let count = made["project"]["total_queries_generated"]
            .as_i64()
            .expect("a number");
        assert!((50..5_000).contains(&count), "{count}");
        assert!(
            made["queries"][0]["query_text"]
                .as_str()
                .is_some_and(|text| text.starts_with('¿'))
        );
        assert_eq!(made["queries_missing"], 5_000 - count);
        assert_eq!(made["missing_reason"], "no_more");
        // In a language without templates a project begins without questions, and says so.
        body["name"] = json!("Ninguna");
        body["language"] = json!("fr");
        body["queries_per_llm"] = json!(20);
        let made = ana.post("/projects", &body).await.expect(201);
        assert_eq!(made["queries"], json!([]));
        assert_eq!(
            (&made["queries_missing"], &made["missing_reason"]),
            (&json!(20), &json!("no_templates"))
        );
        let id = made["project"]["id"].as_i64().expect("an id");
        let own = json!({"queries": ["Quel est le meilleur logiciel de comptabilité ?"]});
        let put = ana.post(&format!("/projects/{id}/queries"), &own).await;
        assert_eq!(put.expect(200)["total"], 1);
        body["name"] = json!("Propres");
        body["queries"] = own["queries"].clone();
        let made = ana.post("/projects", &body).await.expect(201);
        assert_eq!(made["queries_missing"], 0);
        assert_eq!(made["missing_reason"], json!(null));
        body.as_object_mut().expect("an object").remove("queries");
        for count in [4, 5_001, -1] {
            body["queries_per_llm"] = json!(count);
            assert_eq!(
                ana.post("/projects", &body).await.wrong_fields(),
                ["queries_per_llm"]
            );
        }
    })
    .await;
}

#[tokio::test]
async fn names_of_providers_mean_their_current_models() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let mut body = rest_project("Four");
        body["enabled_llms"] = json!(["openai", "anthropic", "google", "perplexity"]);
        let made = ana.post("/projects", &body).await.expect(201);
        let shown = ana
            .get(&format!("/projects/{}", made["project"]["id"]))
            .await
            .expect(200);
        let models = ana.get("/models?is_current=true").await.expect(200);
        let chosen = shown["project"]["model_ids"].as_array().expect("ids");
        assert_eq!(chosen.len(), 4);
        for id in chosen {
            let models = models["models"].as_array().expect("models");
            assert!(
                models.iter().any(
                    |model| model["id"] == *id && model["cost_per_1m_input_tokens"].is_number()
                )
            );
        }
        body["name"] = json!("Five");
        body["enabled_llms"] = json!(["bard", "openai"]);
        body["brand_name"] = json!("K");
        let refused = ana.post("/projects", &body).await;
        assert_eq!(
            refused.wrong_fields(),
            ["enabled_llms", "brand_name"],
            "everything that is wrong, at once"
        );
        assert!(
            refused.json()["errors"][0]["message"]
                .as_str()
                .is_some_and(|message| message.contains("bard"))
        );
        body["enabled_llms"] = json!([]);
        assert_eq!(
            ana.post("/projects", &body).await.wrong_fields(),
            ["brand_name", "enabled_llms"]
        );
    })
    .await;
}

#[tokio::test]
async fn questions_are_added_or_put_in_place() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let project = ana.make_project("Watch").await;
        let path = format!("/projects/{project}/queries");
        let added = json!({"queries": ["Which ledger would a small bakery choose?", "name TEN accounting tools and rank them."]});
        assert_eq!(ana.post(&path, &added).await.expect(200)["total"], 4, "one of them was there already");
        let replaced = json!({"queries": ["Which ledger would a small bakery choose?"], "replace": true});
        assert_eq!(ana.post(&path, &replaced).await.expect(200)["total"], 1);
        for wrong in [json!({}), json!({"queries": []}), json!({"queries": ["too short"]}), json!({"queries": "text"})] {
            let fields = ana.post(&path, &wrong).await.wrong_fields();
            assert!(fields.iter().all(|field| field.starts_with("queries")), "{fields:?}");
        }
        assert_eq!(ana.get(&path).await.expect(200)["total"], 1);
    })
    .await;
}

#[tokio::test]
async fn a_name_is_free_again_after_its_project_is_removed() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let first = ana.make_project("Watch").await;
        let taken = ana.post("/projects", &rest_project("WATCH")).await;
        assert_eq!(taken.wrong_fields(), ["name"]);
        let second = ana.make_project("Second").await;
        assert_eq!(
            ana.put(&format!("/projects/{second}"), &json!({"name": "watch"}))
                .await
                .wrong_fields(),
            ["name"]
        );
        ana.delete(&format!("/projects/{first}")).await.expect(200);
        ana.delete(&format!("/projects/{first}")).await.problem(404);
        ana.make_project("Watch").await;
        let listed = ana.get("/projects").await.expect(200);
        assert_eq!(
            keys(&listed),
            sorted(["success", "projects", "total", "next_cursor"])
        );
        assert_eq!(listed["total"], 2);
    })
    .await;
}
