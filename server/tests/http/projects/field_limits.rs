//! Every limit of the project form: the same message at the screen and by REST, in both
//! languages, and nothing is stored.

use serde_json::{Value, json};

use crate::support::{Caller, Setup, TestApp, with_postgres, with_sqlite};

/// A wrong value: where it stands in the draft of a server function, under which name REST has
/// it, and the value in both.
struct Case {
    draft: &'static str,
    rest: &'static str,
    draft_value: Value,
    rest_value: Value,
}

fn same(draft: &'static str, rest: &'static str, value: Value) -> Case {
    Case {
        draft,
        rest,
        rest_value: value.clone(),
        draft_value: value,
    }
}

fn numbered(start: &str, count: usize, end: &str) -> Vec<String> {
    (0..count)
        .map(|number| format!("{start}{number}{end}"))
        .collect()
}

fn text(length: usize) -> String {
    "x".repeat(length)
}

/// Competitors in both shapes.
fn competitors(draft_value: Value, rest_value: Value) -> Case {
    Case {
        draft: "competitors",
        rest: "competitors",
        draft_value,
        rest_value,
    }
}

fn competitor(field: &str, rest_field: &str, value: Value) -> Case {
    let mut draft = json!({"name": "Initech", "aliases": [], "domains": []});
    draft[field] = value.clone();
    let mut rest = json!({"name": "Initech"});
    rest[rest_field] = value;
    competitors(json!([draft]), json!([rest]))
}

fn brand_cases() -> Vec<Case> {
    vec![
        same("name", "name", json!("")),
        same("name", "name", json!("  ")),
        same("name", "name", json!(text(101))),
        same("name", "name", json!("a\u{0}b")),
        same("name", "name", json!("watch")),
        same("brand/name", "brand_name", json!("")),
        same("brand/name", "brand_name", json!("K")),
        same("brand/name", "brand_name", json!(text(101))),
        same("brand/name", "brand_name", json!("Ki\u{7}pu")),
        same("brand/aliases", "brand_keywords", json!(["!?"])),
        same("brand/aliases", "brand_keywords", json!([""])),
        same("brand/aliases", "brand_keywords", json!([text(101)])),
        same(
            "brand/aliases",
            "brand_keywords",
            json!(numbered("Kipu ", 31, "")),
        ),
        same("brand/domains", "brand_domains", json!(["not a domain"])),
        same(
            "brand/domains",
            "brand_domains",
            json!(["social.example/kipu"]),
        ),
        same(
            "brand/domains",
            "brand_domains",
            json!([format!("{}.com", text(64))]),
        ),
        same(
            "brand/domains",
            "brand_domains",
            json!(numbered("kipu", 21, ".example")),
        ),
        Case {
            draft: "brand/domains",
            rest: "brand_domain",
            draft_value: json!(["localhost"]),
            rest_value: json!("localhost"),
        },
    ]
}

fn competitor_cases() -> Vec<Case> {
    let many = numbered("Rival ", 51, "");
    let drafts: Vec<Value> = many.iter().map(|name| json!({"name": name})).collect();
    vec![
        competitors(json!(drafts), json!(many)),
        competitors(json!([{"name": "kipu"}]), json!(["kipu"])),
        competitors(
            json!([{"name": "Acme"}, {"name": "ACME"}]),
            json!(["Acme", "ACME"]),
        ),
        competitor("name", "name", json!("")),
        competitor("name", "name", json!("A")),
        competitor("name", "name", json!(text(101))),
        competitor("aliases", "keywords", json!(["🚀"])),
        competitor("aliases", "keywords", json!(["Kipu"])),
        competitor("aliases", "keywords", json!(numbered("Acme ", 31, ""))),
        competitor("domains", "domains", json!(["a..b"])),
        competitor("domains", "domains", json!(["https://social.example/acme"])),
        competitor(
            "domains",
            "domains",
            json!(numbered("acme", 21, ".example")),
        ),
        competitor("domains", "domains", json!(["kipu.example"])),
    ]
}

fn other_cases() -> Vec<Case> {
    let ids: Vec<i64> = (1..=41).collect();
    vec![
        same("industry", "industry", json!(text(101))),
        same("industry", "industry", json!("so\u{1}ap")),
        same("monthly_budget", "monthly_budget_usd", json!("a lot")),
        same("monthly_budget", "monthly_budget_usd", json!("-1")),
        same("monthly_budget", "monthly_budget_usd", json!("1000001")),
        same("language", "language", json!("xx")),
        same("language", "language", json!("")),
        same("country", "country_code", json!("ESP")),
        same("country", "country_code", json!("1")),
        Case {
            draft: "model_ids",
            rest: "enabled_llms",
            draft_value: json!([]),
            rest_value: json!([]),
        },
        same("model_ids", "model_ids", json!([])),
        same("model_ids", "model_ids", json!([999_999])),
        same("model_ids", "model_ids", json!(ids)),
        same("prompts", "queries", json!(["Fourteen chars"])),
        same("prompts", "queries", json!([text(501)])),
        same("prompts", "queries", json!(["Which soap is best?\u{7}"])),
        same(
            "prompts",
            "queries",
            json!(["Which soap is the best?", "which  SOAP is the best?"]),
        ),
        same(
            "prompts",
            "queries",
            json!(numbered("Which soap is number ", 5_001, "?")),
        ),
    ]
}

fn good_draft(model: i64) -> Value {
    json!({
        "name": "Fresh", "brand": {"name": "Kipu", "aliases": [], "domains": ["kipu.example"]}, "competitors": [],
        "industry": "soap", "language": "en", "country": "", "model_ids": [model],
        "prompts": ["Which soap is the best one?"], "monthly_budget": "", "is_active": true,
    })
}

fn good_rest(model: i64) -> Value {
    json!({
        "name": "Fresh", "brand_name": "Kipu", "brand_domain": "kipu.example", "industry": "soap", "model_ids": [model],
        "queries": ["Which soap is the best one?"],
    })
}

/// Fields by their REST names and messages, sorted.
fn sorted_errors(errors: &Value, rest_name: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let mut told: Vec<(String, String)> = errors
        .as_array()
        .expect("field errors")
        .iter()
        .map(|error| {
            let text = |name: &str| error[name].as_str().expect("text").to_owned();
            (rest_name(&text("field")), text("message"))
        })
        .collect();
    told.sort_unstable();
    told
}

fn rest_name(field: &str, names_llms: bool) -> String {
    match field {
        "brand.name" => "brand_name".to_owned(),
        "brand.aliases" => "brand_keywords".to_owned(),
        "brand.domains" => "brand_domain".to_owned(),
        "country" => "country_code".to_owned(),
        "monthly_budget" => "monthly_budget_usd".to_owned(),
        "prompts" => "queries".to_owned(),
        "model_ids" if names_llms => "enabled_llms".to_owned(),
        other => other
            .replace(".aliases", ".keywords")
            .replace(".domains", ".domain"),
    }
}

/// Sends both, compares what is said, and gives it.
async fn compare(
    caller: &Caller<'_>,
    case: &Case,
    model: i64,
    language: &str,
) -> Vec<(String, String)> {
    let caller = caller.with("accept-language", language);
    let mut draft = good_draft(model);
    *draft
        .pointer_mut(&format!("/{}", case.draft))
        .expect("a field") = case.draft_value.clone();
    let mut rest = good_rest(model);
    if case.rest == "enabled_llms" {
        rest.as_object_mut().expect("an object").remove("model_ids");
    }
    rest[case.rest] = case.rest_value.clone();
    let by_screen = caller
        .call("projects/create", &json!({"draft": draft}))
        .await;
    let name = format!(
        "{} {}",
        case.rest,
        &case
            .rest_value
            .to_string()
            .chars()
            .take(60)
            .collect::<String>()
    );
    assert_eq!(by_screen.status, 422, "{name}: {}", by_screen.json());
    let by_program = caller.post("/projects", &rest).await;
    let at_screen = sorted_errors(&by_screen.json()["fields"], |field| {
        rest_name(field, case.rest == "enabled_llms")
    });
    let at_program = sorted_errors(&by_program.problem(422)["errors"], str::to_owned);
    assert_eq!(at_screen, at_program, "{name}");
    at_program
}

async fn limits(app: &TestApp) {
    let ana = app.sign_up("ana@example.com").await;
    ana.make_project("Watch").await;
    let models = ana
        .get("/models?provider=simulator&is_current=true")
        .await
        .expect(200);
    let model = models["models"][0]["id"].as_i64().expect("an id");
    let before = rows(app).await;
    for case in brand_cases()
        .iter()
        .chain(&competitor_cases())
        .chain(&other_cases())
    {
        let english = compare(&ana, case, model, "en").await;
        let spanish = compare(&ana, case, model, "es").await;
        let fields = |told: &[(String, String)]| {
            told.iter()
                .map(|(field, _)| field.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(fields(&english), fields(&spanish));
        for ((field, english), (_, spanish)) in english.iter().zip(&spanish) {
            assert_ne!(english, spanish, "{field} is told in both languages");
        }
        assert_eq!(
            rows(app).await,
            before,
            "{} left something behind",
            case.rest
        );
    }
    // What is right on both ways, so that the cases above are wrong for one reason.
    ana.call("projects/create", &json!({"draft": good_draft(model)}))
        .await
        .expect(200);
    let mut rest = good_rest(model);
    rest["name"] = json!("Fresher");
    ana.post("/projects", &rest).await.expect(201);
}

async fn rows(app: &TestApp) -> [i64; 4] {
    [
        app.count("llm_monitoring_projects").await,
        app.count("llm_monitoring_entities").await,
        app.count("llm_monitoring_queries").await,
        app.count("llm_monitoring_project_models").await,
    ]
}

#[tokio::test]
async fn limits_are_the_same_everywhere_on_sqlite() {
    with_sqlite(Setup::default(), async |app| limits(app).await).await;
}

#[tokio::test]
async fn limits_are_the_same_everywhere_on_postgres() {
    with_postgres(Setup::default(), async |app| limits(app).await).await;
}
