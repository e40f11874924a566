//! What answers cite, by REST and by server functions.

use serde_json::{Value, json};

use crate::support::{Caller, TestApp, all_named, keys, named, on_both_databases, sorted};

on_both_databases!(
    each_page_is_ranked_with_its_numbers,
    domains_are_their_pages_together,
    other_days_have_other_sources,
    what_is_wrong_about_a_ranking_is_refused,
    the_screen_says_who_cites_a_domain,
    the_answers_that_cite_a_domain_show_it,
    a_use_is_of_one_domain_and_a_period_in_its_order
);

fn whole(value: &Value) -> i64 {
    value.as_i64().expect("a whole number")
}

/// Runs a project; where its ranking is.
async fn ranking(by: &Caller<'_>) -> String {
    let project = by.make_project("Watch").await;
    by.run_project(project).await;
    format!("/projects/{project}/urls-ranking")
}

async fn each_page_is_ranked_with_its_numbers(app: &TestApp) {
    let api = app.admin().await.program().await;
    let path = ranking(&api).await;
    let pages = api.get(&path).await.expect(200);
    assert_eq!(
        keys(&pages),
        sorted([
            "success",
            "project_id",
            "urls",
            "total",
            "total_answers",
            "total_citations"
        ])
    );
    assert_eq!(pages["total_answers"], 3);
    let urls = pages["urls"].as_array().expect("rows");
    assert_eq!(pages["total"], urls.len());
    let cited: i64 = urls.iter().map(|row| whole(&row["citing_answers"])).sum();
    assert_eq!(pages["total_citations"], cited);
    assert!(cited > 0, "the simulator cites");
    let owed = sorted([
        "page_id",
        "url",
        "domain",
        "title",
        "site_only",
        "type",
        "entity",
        "citing_answers",
        "citation_rate",
        "citation_rate_low",
        "citation_rate_high",
        "citations",
        "citation_share",
        "retrieved_only",
        "pages",
    ]);
    for row in urls {
        assert_eq!(keys(row), owed);
        let number = |name: &str| row[name].as_f64().expect("a number");
        assert!(
            number("citation_rate_low") <= number("citation_rate"),
            "{row}"
        );
        assert!(
            number("citation_rate") <= number("citation_rate_high"),
            "{row}"
        );
        let is_own = row["domain"] == "kipu.example";
        assert_eq!(row["type"] == "own", is_own, "{row}");
    }
}

async fn domains_are_their_pages_together(app: &TestApp) {
    let api = app.admin().await.program().await;
    let path = ranking(&api).await;
    let pages = api.get(&path).await.expect(200);
    let cited = whole(&pages["total_citations"]);
    let domains = api
        .get(&format!("{path}?group_by=domain"))
        .await
        .expect(200);
    let first = &domains["urls"][0];
    assert_eq!(
        (&first["url"], &first["page_id"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(domains["total_citations"], cited);
    let name = first["domain"].as_str().expect("a domain");
    let of_domain = api
        .get(&format!("{path}?domain={name}&limit=200"))
        .await
        .expect(200);
    assert_eq!(of_domain["total"], first["pages"]);
    assert_eq!(of_domain["total_citations"], cited);
}

async fn other_days_have_other_sources(app: &TestApp) {
    let api = app.admin().await.program().await;
    let path = ranking(&api).await;
    let none = api
        .get(&format!("{path}?start_date=2001-01-01&end_date=2001-01-31"))
        .await
        .expect(200);
    assert_eq!(
        (&none["urls"], &none["total_answers"]),
        (&json!([]), &json!(0))
    );
}

async fn what_is_wrong_about_a_ranking_is_refused(app: &TestApp) {
    let api = app.admin().await.program().await;
    let path = ranking(&api).await;
    for wrong in [
        "group_by=colour",
        "limit=0",
        "limit=201",
        "offset=-1",
        "start_date=x",
        "model_id=x",
    ] {
        api.get(&format!("{path}?{wrong}")).await.problem(422);
    }
}

/// A project with a run, the most cited domain of its answers, and what the screen asks of it.
async fn most_cited(ana: &Caller<'_>) -> (i64, Value, Value) {
    let project = ana.make_project("Watch").await;
    ana.run_project(project).await;
    let path = format!("/projects/{project}/urls-ranking?group_by=domain");
    let first = ana.get(&path).await.expect(200)["urls"][0].clone();
    let query = json!({"project_id": project, "from": "2025-01-01", "to": "2028-12-31"});
    (project, first, query)
}

async fn the_screen_says_who_cites_a_domain(app: &TestApp) {
    let ana = app.admin().await;
    let (project, first, mut query) = most_cited(&ana).await;
    let early = json!({"project_id": project, "from": "2020-01-01", "to": "2024-01-01"});
    ana.call("sources/list", &json!({"query": early}))
        .await
        .expect(200);
    let table = ana
        .call("sources/list", &json!({"query": query}))
        .await
        .expect(200);
    // Page, name, title, domain.
    assert_eq!(table[0][0][3], first["domain"]);
    query["domain"] = first["domain"].clone();
    let uses = ana
        .call("sources/uses", &json!({"query": query}))
        .await
        .expect(200);
    let uses = all_named(
        &uses,
        "prompt_id prompt_text model_id model_name provider answers retrieved",
    );
    let uses = uses.as_array().expect("uses");
    let citing: i64 = uses.iter().map(|used| whole(&used["answers"])).sum();
    assert_eq!(first["citing_answers"], citing);
}

async fn the_answers_that_cite_a_domain_show_it(app: &TestApp) {
    let ana = app.admin().await;
    let (project, first, _) = most_cited(&ana).await;
    let filter = json!({"project_id": project, "domain": first["domain"]});
    let answers = ana
        .call("answers/list", &json!({"filter": filter}))
        .await
        .expect(200);
    let answers = named(&answers, "rows next total");
    assert_eq!(answers["total"], first["citing_answers"]);
    let id = &answers["rows"][0][0];
    let answer = ana
        .call("answers/get", &json!({"answer_id": id}))
        .await
        .expect(200);
    let answer = named(&answer, "record sources");
    let sources = all_named(
        &answer["sources"],
        "url title domain kind entity cited marks",
    );
    let sources = sources.as_array().expect("sources");
    let is_it = |source: &&Value| source["domain"] == first["domain"] && source["cited"] == true;
    assert!(sources.iter().any(|source| is_it(&source)), "{sources:?}");
}

async fn a_use_is_of_one_domain_and_a_period_in_its_order(app: &TestApp) {
    let ana = app.admin().await;
    let (_, _, mut query) = most_cited(&ana).await;
    query["domain"] = Value::Null;
    ana.call("sources/uses", &json!({"query": query}))
        .await
        .expect(422);
    query["to"] = json!("2020-01-01");
    ana.call("sources/list", &json!({"query": query}))
        .await
        .expect(422);
}
