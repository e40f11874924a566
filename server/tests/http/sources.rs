//! What answers cite, by REST and by server functions.

use serde_json::{Value, json};

use crate::support::{Caller, TestApp, all_named, keys, named, on_both_databases, sorted};

on_both_databases!(flow);

fn whole(value: &Value) -> i64 {
    value.as_i64().expect("a whole number")
}

async fn flow(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    ana.run_project(project).await;
    let api = ana.program().await;
    let path = format!("/projects/{project}/urls-ranking");

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

    let none = api
        .get(&format!("{path}?start_date=2001-01-01&end_date=2001-01-31"))
        .await
        .expect(200);
    assert_eq!(
        (&none["urls"], &none["total_answers"]),
        (&json!([]), &json!(0))
    );
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
    functions(&ana, project, first).await;
}

/// The same by the browser's way, and down to the answers.
async fn functions(ana: &Caller<'_>, project: i64, first: &Value) {
    let mut query = json!({"project_id": project, "from": "2020-01-01", "to": "2024-01-01"});
    ana.call("sources/list", &json!({"query": query}))
        .await
        .expect(200);
    (query["from"], query["to"]) = (json!("2025-01-01"), json!("2028-12-31"));
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
    let answer = named(&answer, "row text sources");
    let sources = all_named(
        &answer["sources"],
        "url title domain kind entity cited marks",
    );
    let sources = sources.as_array().expect("sources");
    let is_it = |source: &&Value| source["domain"] == first["domain"] && source["cited"] == true;
    assert!(sources.iter().any(|source| is_it(&source)), "{sources:?}");

    query["domain"] = Value::Null;
    ana.call("sources/uses", &json!({"query": query}))
        .await
        .expect(422);
    query["to"] = json!("2020-01-01");
    ana.call("sources/list", &json!({"query": query}))
        .await
        .expect(422);
}
