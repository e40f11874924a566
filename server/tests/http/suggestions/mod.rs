//! Suggested questions: from templates, and by a model over a socket.

use serde_json::{Value, json};

mod failures;
mod paid;
mod refusals;
mod served;

use crate::support::{Caller, Setup, Simulated, all_named, choose_judge, named, with_sqlite};

const LEDGER: &str = "SELECT CAST(COALESCE(SUM(amount_nano_usd), 0) AS BIGINT) \
    FROM llm_spend_ledger WHERE kind = 'suggest' AND run_id IS NULL AND ask_id IS NULL";
const ENTRIES: &str = "SELECT COUNT(*) FROM llm_spend_ledger";
const OPEN: &str = "SELECT COUNT(*) FROM llm_spend_reservations";

fn wish() -> Value {
    json!({
        "brand": "Kipu", "aliases": ["Kipu Suite"], "competitors": ["Acme", "Globex"],
        "about": "accounting software", "language": "en", "country": "ES", "existing": [],
        "count": 10, "by_model": false,
    })
}

fn with(changes: &Value) -> Value {
    let mut wish = wish();
    for (field, value) in changes.as_object().expect("an object") {
        wish[field] = value.clone();
    }
    wish
}

/// What is suggested, with names.
async fn suggest(caller: &Caller<'_>, wish: &Value) -> Value {
    let reply = caller
        .call("prompts/suggest", &json!({ "wish": wish }))
        .await;
    let fields = "suggestions origin language missing refused cost offer no_model why_missing";
    let mut view = named(&reply.expect(200), fields);
    view["suggestions"] = all_named(&view["suggestions"], "class text");
    view["offer"] = named(&view["offer"], "provider name cost worst_case");
    view
}

fn of_class(view: &Value, class: &str) -> usize {
    let suggestions = view["suggestions"].as_array().expect("suggestions");
    let is_of = |one: &&Value| one["class"] == class;
    suggestions.iter().filter(is_of).count()
}

const CLASSES: [&str; 5] = [
    "comparison",
    "top_list",
    "recommendation",
    "brand_vs_competitor",
    "general",
];

#[tokio::test]
async fn without_a_model_templates_suggest_and_say_why() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        for by_model in [false, true] {
            let view = suggest(&ana, &with(&json!({"by_model": by_model}))).await;
            assert_eq!(
                (&view["origin"], &view["no_model"]),
                (&json!("templates"), &json!("no_judge"))
            );
            assert_eq!(
                (&view["cost"], &view["offer"], &view["missing"]),
                (&json!(0), &Value::Null, &json!(0))
            );
            for class in CLASSES {
                assert_eq!(of_class(&view, class), 2, "{class}");
            }
        }
        let spanish = suggest(&ana, &with(&json!({"language": "es"}))).await;
        assert!(
            spanish["suggestions"][0]["text"]
                .as_str()
                .expect("a text")
                .contains("Compara")
        );
        let french = suggest(&ana, &with(&json!({"language": "fr"}))).await;
        assert_eq!(
            french["suggestions"],
            json!([]),
            "there are no templates in French"
        );
        assert_eq!(
            (
                &french["language"],
                &french["missing"],
                &french["why_missing"]
            ),
            (&json!("fr"), &json!(10), &json!("no_templates"))
        );
        let told = ana
            .post("/suggest", &json!({"brand_name": "Kipu", "language": "fr"}))
            .await
            .expect(200);
        assert_eq!(
            (&told["missing"], &told["missing_reason"], &told["no_model"]),
            (&json!(10), &json!("no_templates"), &json!("no_judge"))
        );

        // A judge that has lost its key, its offer or its price.
        let simulated = Simulated::start("").await;
        simulated.judge_for(&ana, "openai").await;
        let reason =
            async || suggest(&ana, &with(&json!({"by_model": true}))).await["no_model"].clone();
        app.execute("UPDATE llm_model_registry SET is_available = FALSE")
            .await;
        assert_eq!(reason().await, "unavailable");
        app.execute("UPDATE llm_model_registry SET is_available = TRUE")
            .await;
        app.execute("DELETE FROM llm_model_prices").await;
        assert_eq!(reason().await, "unpriced");
        ana.call("keys/delete", &json!({"provider": "openai"}))
            .await
            .expect(200);
        assert_eq!(reason().await, "no_key");
        // Nothing was saved by asking, and nothing paid.
        assert_eq!(
            (
                app.count("llm_monitoring_queries").await,
                app.number(ENTRIES).await
            ),
            (0, 0)
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_protocols_suggest() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let simulated = Simulated::start("").await;
        for provider in ["anthropic", "google", "perplexity", "openai"] {
            simulated.judge_for(&ana, provider).await;
            let view = suggest(&ana, &with(&json!({"by_model": true}))).await;
            assert_eq!(view["origin"]["model"][0], provider);
            assert_eq!(
                (&view["missing"], &view["refused"]),
                (&json!(0), &json!(0)),
                "{view}"
            );
        }
        // The simulator in process does it too, and says that it is one.
        choose_judge(&ana, "simulator").await;
        let view = suggest(&ana, &with(&json!({"by_model": true}))).await;
        assert_eq!(
            (&view["origin"]["model"][0], &view["missing"]),
            (&json!("simulator"), &json!(0))
        );
    })
    .await;
}
