//! A model that suggests questions, and what is paid for that.

use serde_json::{Value, json};

use super::{CLASSES, ENTRIES, LEDGER, OPEN, of_class, suggest, wish, with};
use crate::support::{Simulated, TestApp, on_both_databases};

on_both_databases!(
    templates_come_with_an_offer_and_for_nothing,
    a_model_suggests_in_the_language_that_is_wanted,
    what_a_model_wrote_is_paid_under_no_project,
    what_is_there_already_is_not_written_again,
    a_saved_project_pays_from_its_own_account_too
);

/// In Spanish, by the model.
fn in_spanish() -> Value {
    with(&json!({"by_model": true, "language": "es"}))
}

async fn templates_come_with_an_offer_and_for_nothing(app: &TestApp) {
    let ana = app.admin().await;
    let simulated = Simulated::start("").await;
    simulated.judge_for(&ana, "openai").await;
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
}

async fn a_model_suggests_in_the_language_that_is_wanted(app: &TestApp) {
    let ana = app.admin().await;
    let simulated = Simulated::start("").await;
    simulated.judge_for(&ana, "openai").await;
    let view = suggest(&ana, &in_spanish()).await;
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
}

/// It stands in the ledger, the days and the spend page.
async fn what_a_model_wrote_is_paid_under_no_project(app: &TestApp) {
    let ana = app.admin().await;
    let simulated = Simulated::start("").await;
    simulated.judge_for(&ana, "openai").await;
    let offered = suggest(&ana, &wish()).await;
    let worst = offered["offer"]["worst_case"].as_i64().expect("a cost");
    let view = suggest(&ana, &in_spanish()).await;
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
}

/// And what is short is not filled with templates.
async fn what_is_there_already_is_not_written_again(app: &TestApp) {
    let ana = app.admin().await;
    let simulated = Simulated::start("").await;
    simulated.judge_for(&ana, "openai").await;
    let view = suggest(&ana, &in_spanish()).await;
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
}

/// It brings its questions along.
async fn a_saved_project_pays_from_its_own_account_too(app: &TestApp) {
    let ana = app.admin().await;
    let simulated = Simulated::start("").await;
    simulated.judge_for(&ana, "openai").await;
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
