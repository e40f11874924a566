//! Suggested questions: from templates, and by a model over a socket.

use app::model::account::Role;
use serde_json::{Value, json};

mod failures;
mod served;

use crate::support::{
    Caller, Setup, Simulated, TestApp, all_named, choose_judge, named, with_postgres, with_sqlite,
};

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
async fn a_model_suggests_and_is_paid_on_sqlite() {
    with_sqlite(Setup::default(), async |app| by_model(app).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_suggests_and_is_paid_on_postgres() {
    with_postgres(Setup::default(), async |app| by_model(app).await).await;
}

async fn by_model(app: &TestApp) {
    let ana = app.admin().await;
    let simulated = Simulated::start("").await;
    simulated.judge_for(&ana, "openai").await;
    // First the offer, with templates and for nothing.
    let offered = suggest(&ana, &wish()).await;
    assert_eq!(offered["origin"], "templates");
    let offer = &offered["offer"];
    assert_eq!(
        (&offer["provider"], &offer["name"]),
        (&json!("openai"), &json!("GPT-6.1 Sol"))
    );
    let (about, worst) = (
        offer["cost"].as_i64().expect("a cost"),
        offer["worst_case"].as_i64().expect("a cost"),
    );
    assert!(0 < about && about < worst, "{offer}");
    assert_eq!(app.number(ENTRIES).await, 0);

    let spanish = with(&json!({"by_model": true, "language": "es"}));
    let view = suggest(&ana, &spanish).await;
    assert_eq!(view["origin"], json!({"model": ["openai", "GPT-6.1 Sol"]}));
    assert_eq!(
        (&view["language"], &view["missing"], &view["no_model"]),
        (&json!("es"), &json!(0), &Value::Null)
    );
    for class in CLASSES {
        assert_eq!(of_class(&view, class), 2, "{class}: {view}");
    }
    let first = view["suggestions"][0]["text"].as_str().expect("a text");
    assert!(
        first.starts_with("¿En qué se diferencian las opciones"),
        "{first}"
    );
    // What it cost stands in the ledger, the days and the spend page, under no project.
    let cost = view["cost"].as_i64().expect("a cost");
    assert!(cost > 0 && cost < worst);
    assert_eq!(
        (app.number(LEDGER).await, app.number(ENTRIES).await),
        (cost, 1)
    );
    assert_eq!(app.number(OPEN).await, 0, "nothing stays set aside");
    let spend = ana
        .with("accept-language", "en")
        .call("budget/spend", &json!({"query": {"month": null}}))
        .await
        .expect(200);
    assert_eq!(spend["total"]["amount"], cost);
    let of_project = &spend["projects"][0];
    assert_eq!(
        (&of_project["name"], &of_project["spend"]["amount"]),
        (&json!("Not in a saved project"), &json!(cost))
    );
    assert_eq!(spend["models"][0]["entries"], 1);
    let budget = ana.get("/budget").await.expect(200);
    assert!(
        budget["budget"]["current_month_spend"]
            .as_f64()
            .expect("a number")
            > 0.0
    );

    // What is there already is not written again, and what is short is not filled with templates.
    let texts: Vec<&Value> = view["suggestions"]
        .as_array()
        .expect("suggestions")
        .iter()
        .map(|one| &one["text"])
        .collect();
    let again = with(&json!({"by_model": true, "language": "es", "existing": texts}));
    let again = suggest(&ana, &again).await;
    let left = again["suggestions"].as_array().expect("suggestions").len();
    assert!(again["refused"].as_i64().expect("a number") > 0);
    assert_eq!(again["missing"], 10 - left);
    assert_eq!(again["origin"], json!({"model": ["openai", "GPT-6.1 Sol"]}));

    // A saved project pays from its own account too, and brings its questions along.
    let project = ana.make_project("Watch").await;
    let paid_before = app.number(LEDGER).await;
    let of_project = with(&json!({"by_model": true, "project_id": project}));
    suggest(&ana, &of_project).await;
    let booked = format!(
        "SELECT CAST(SUM(amount_nano_usd) AS BIGINT) FROM llm_spend_days WHERE project_id = {project}"
    );
    assert_eq!(
        app.number(&booked).await,
        app.number(LEDGER).await - paid_before
    );
    ana.put(
        &format!("/projects/{project}"),
        &json!({"monthly_budget_usd": 0}),
    )
    .await
    .expect(200);
    let refused = suggest(&ana, &of_project).await;
    assert_eq!(
        (&refused["origin"], &refused["no_model"]),
        (&json!("templates"), &json!("over_budget"))
    );
    assert_eq!(
        suggest(&ana, &wish()).await["no_model"],
        Value::Null,
        "the workspace has money"
    );
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn foreign_projects_wrong_fields_and_viewers_are_refused_on_sqlite() {
    with_sqlite(Setup::default(), async |app| refusals(app).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn foreign_projects_wrong_fields_and_viewers_are_refused_on_postgres() {
    with_postgres(Setup::default(), async |app| refusals(app).await).await;
}

async fn refusals(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let ben = app.sign_up("ben@example.com").await;
    let of = |project: i64| with(&json!({"project_id": project}));
    for (caller, id) in [(&ben, project), (&ana, 999_999)] {
        let arguments = json!({ "wish": of(id) });
        caller.call("prompts/suggest", &arguments).await.expect(404);
        let fields = json!({"project_id": id, "count": 5});
        caller.post("/suggest", &fields).await.problem(404);
    }
    let workspace = ana.workspace().await;
    let viewer = app.member("v@example.com", workspace, Role::Viewer).await;
    let editor = app.member("e@example.com", workspace, Role::Editor).await;
    let arguments = json!({ "wish": wish() });
    viewer.call("prompts/suggest", &arguments).await.expect(403);
    viewer
        .post("/suggest", &json!({"count": 99}))
        .await
        .problem(403);
    editor.call("prompts/suggest", &arguments).await.expect(200);
    app.nobody()
        .call("prompts/suggest", &arguments)
        .await
        .expect(401);

    for (wrong, field, rest_field) in [
        (json!({"brand": ""}), "brand", "brand_name"),
        (json!({"brand": "x".repeat(101)}), "brand", "brand_name"),
        (
            json!({"aliases": vec!["a"; 31]}),
            "aliases",
            "brand_keywords",
        ),
        (
            json!({"competitors": vec!["Acme"; 51]}),
            "competitors",
            "competitors",
        ),
        (
            json!({"competitors": ["Ac\u{0}me"]}),
            "competitors",
            "competitors",
        ),
        (json!({"about": "a".repeat(201)}), "about", "about"),
        (json!({"language": "tlh"}), "language", "language"),
        (json!({"country": "Spain"}), "country", "country_code"),
        (
            json!({"existing": vec!["A question that is there"; 5_001]}),
            "existing",
            "queries",
        ),
        (
            json!({"existing": ["x".repeat(501)]}),
            "existing",
            "queries",
        ),
        (json!({"count": 0}), "count", "count"),
        (json!({"count": 21}), "count", "count"),
    ] {
        let told = ana
            .call("prompts/suggest", &json!({ "wish": with(&wrong) }))
            .await
            .expect(422);
        assert_eq!(told["fields"][0]["field"], field, "{wrong}");
        let mut fields = json!({"brand_name": "Kipu", "count": 5});
        let (_, value) = wrong
            .as_object()
            .expect("an object")
            .iter()
            .next()
            .expect("a field");
        fields[rest_field] = value.clone();
        assert_eq!(
            ana.post("/suggest", &fields).await.wrong_fields(),
            [rest_field],
            "{wrong}"
        );
    }
    for unreadable in [
        json!({"wish": {"count": -1}}),
        json!({"wish": null}),
        json!({}),
    ] {
        ana.call("prompts/suggest", &unreadable).await.expect(400);
    }
}
