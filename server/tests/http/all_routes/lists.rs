//! Lists that callers send are bounded: every one of them, by REST and by the browser's calls.
//!
//! Nothing here lists them. Those of REST come from the document, those of calls from the source
//! that declares them; a new one is found by that, and fails as long as nothing bounds it.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Setup, TestApp, on_both_databases, with_sqlite};
use crate::tenants::source;

/// More than any list may hold, and still within what a body may have.
const MANY: usize = 20_000;

/// What is not read where it stands, so that it may be as long as it likes.
const NOT_READ: [&str; 1] = ["PUT /projects/{id}: queries"];

/// A field on the way to a list.
#[derive(Clone, Debug)]
struct Step {
    /// What has it.
    kind: String,
    name: String,
    /// Whether what it leads to stands in a list.
    is_list: bool,
}

/// Where a list is, and what its elements are.
#[derive(Clone, Debug)]
struct Place {
    way: Vec<Step>,
    element: String,
}

impl Place {
    /// `competitors.0.keywords`
    fn field(&self) -> String {
        let mut path = String::new();
        for (index, step) in self.way.iter().enumerate() {
            path.push_str(&step.name);
            if index + 1 < self.way.len() {
                path.push_str(if step.is_list { ".0." } else { "." });
            }
        }
        path
    }

    /// Something with a list that is too long in this place.
    fn filled(&self) -> Value {
        let elements = (0..MANY).map(|index| element(&self.element, index));
        let mut inner: Value = elements.collect();
        for (index, step) in self.way.iter().enumerate().rev() {
            let is_last = index + 1 == self.way.len();
            let mut outer = example(&step.kind);
            outer[&step.name] = if step.is_list && !is_last {
                json!([inner])
            } else {
                inner
            };
            inner = outer;
        }
        inner
    }
}

/// One of many elements.
fn element(kind: &str, index: usize) -> Value {
    match kind {
        "String" | "string" => json!(format!("Which soap is number {index}?")),
        "ModelId" | "integer" => json!(index + 1),
        "ImportChoice" => json!([index + 1, null, [null, null, null, null, null]]),
        "LineKey" => json!({"entity": index + 1}),
        "Accepted" => json!({"model_id": index + 1}),
        _ => example(kind),
    }
}

/// What is right of each kind that holds a list, but for the list.
fn example(kind: &str) -> Value {
    let days = json!({"project_id": 1, "from": "2026-01-01", "to": "2026-12-31"});
    match kind {
        "AnswerFilter" | "DashboardQuery" | "SourceQuery" => days,
        "SeriesQuery" => json!({ "dashboard": days }),
        "ProjectDraft" => json!({
            "name": "Fresh", "brand": {"name": "Kipu"}, "competitors": [], "industry": "",
            "language": "en", "country": "", "model_ids": [1], "prompts": null, "is_active": true,
        }),
        "SavedViewDraft" => json!({
            "place": "answers", "project_id": 1, "name": "Lost", "setting": {},
        }),
        "EntityDraft" | "CompetitorFields" => json!({"name": "Initech"}),
        "NameRule" | "PlacedKeyword" => json!({"text": "Initech"}),
        "SuggestionWish" => json!({"brand": "Kipu", "language": "en", "count": 5}),
        "ProjectFields" => json!({"name": "Fresh", "brand_name": "Kipu"}),
        "WholeQuery" => json!({"query_text": "Which soap is the best of all?"}),
        "SuggestFields" => json!({"brand_name": "Kipu"}),
        "NewQueries" | "QueryFields" | "PriceChoices" | "SavedViewChange" | "ViewSetting"
        | "arguments" => json!({}),
        _ => panic!("a list of {kind}, or in one: say above what one looks like"),
    }
}

/// The lists of a schema of the document.
fn places_of_schema(document: &Value, schema: &Value, name: &str, way: &[Step]) -> Vec<Place> {
    let mut places = Vec::new();
    if let Some(reference) = schema["$ref"].as_str() {
        let of = document.pointer(&reference[1..]).expect("a schema");
        let name = reference.rsplit('/').next().expect("its name");
        places.extend(places_of_schema(document, of, name, way));
    }
    for word in ["oneOf", "anyOf", "allOf"] {
        for variant in schema[word].as_array().into_iter().flatten() {
            places.extend(places_of_schema(document, variant, name, way));
        }
    }
    for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
        let mut way = way.to_vec();
        way.push(Step {
            kind: name.to_owned(),
            name: field.clone(),
            is_list: true,
        });
        if is_of_type(schema, "array") {
            let items = &schema["items"];
            places.push(Place {
                way: way.clone(),
                element: plain_kind(document, items),
            });
            places.extend(places_of_schema(document, items, "", &way));
        } else {
            assert!(
                schema.get("additionalProperties").is_none(),
                "{field} is a map"
            );
        }
    }
    places
}

fn is_of_type(schema: &Value, kind: &str) -> bool {
    let of = &schema["type"];
    of == kind
        || of
            .as_array()
            .is_some_and(|kinds| kinds.contains(&json!(kind)))
}

/// What an element is; of several shapes the plainest.
fn plain_kind(document: &Value, schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let of = document.pointer(&reference[1..]).expect("a schema");
        let kind = plain_kind(document, of);
        let name = reference.rsplit('/').next().expect("its name");
        return if kind == "object" {
            name.to_owned()
        } else {
            kind
        };
    }
    if let Some(variants) = schema["oneOf"].as_array() {
        return plain_kind(document, &variants[0]);
    }
    schema["type"].as_str().expect("a type").to_owned()
}

#[tokio::test]
async fn every_list_of_rest_is_bounded() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let project = ana.make_project("Watch").await;
        let listed = ana
            .get(&format!("/projects/{project}/queries"))
            .await
            .expect(200);
        let query = listed["queries"][0]["id"].as_i64().expect("an id");
        let document = ana
            .send(Method::GET, "/api/openapi.json", Body::empty())
            .await
            .expect(200);
        let mut tried = 0;
        for (path, item) in document["paths"].as_object().expect("paths") {
            let path = path
                .strip_prefix("/api/llm-monitoring")
                .expect("the prefix");
            for (method, operation) in item.as_object().expect("operations") {
                for parameter in operation["parameters"].as_array().into_iter().flatten() {
                    let is_list = is_of_type(&parameter["schema"], "array");
                    assert!(!is_list, "{path}: a list in the address: {parameter}");
                }
                let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
                for place in places_of_schema(&document, schema, "", &[]) {
                    let method: Method = method.to_uppercase().parse().expect("a method");
                    let told = format!("{method} {path}: {}", place.field());
                    if NOT_READ.contains(&told.as_str()) {
                        continue;
                    }
                    let path = path
                        .replace("{id}", &project.to_string())
                        .replace("{query_id}", &query.to_string());
                    let reply = ana.rest(method, &path, Some(&place.filled())).await;
                    let wrong = reply.wrong_fields();
                    let is_named = |field: &String| place.field().starts_with(field.as_str());
                    assert!(wrong.iter().any(is_named), "{told}: {wrong:?}");
                    tried += 1;
                }
            }
        }
        assert!(tried > 25, "{tried} lists were tried");
    })
    .await;
}

type Structs = BTreeMap<String, Vec<source::Argument>>;

/// The lists of a type, as it is written.
fn places_of_type(structs: &Structs, kind: &str, way: &[Step], found: &mut Vec<Place>) {
    for map in [
        "HashMap<",
        "BTreeMap<",
        "HashSet<",
        "BTreeSet<",
        "VecDeque<",
    ] {
        assert!(
            !kind.contains(map),
            "{kind}: send a list, which can be bounded"
        );
    }
    let kind = inside("Option", kind).unwrap_or(kind);
    let element = inside("Vec", kind);
    if let Some(element) = element {
        found.push(Place {
            way: way.to_vec(),
            element: element.to_owned(),
        });
    }
    let kind = element.unwrap_or(kind);
    for (name, of) in structs.get(kind).into_iter().flatten() {
        let mut way = way.to_vec();
        way.push(Step {
            kind: kind.to_owned(),
            name: name.clone(),
            is_list: inside("Vec", inside("Option", of).unwrap_or(of)).is_some(),
        });
        places_of_type(structs, of, &way, found);
    }
}

fn inside<'a>(wrapper: &str, kind: &'a str) -> Option<&'a str> {
    let inner = kind.strip_prefix(wrapper)?.strip_prefix('<')?;
    inner.strip_suffix('>')
}

#[tokio::test]
async fn every_list_of_a_call_is_bounded() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let project = ana.make_project("Watch").await;
        assert_eq!(project, 1, "as the examples have it");
        let structs = source::structs();
        let mut tried = 0;
        for (endpoint, arguments) in source::arguments() {
            for (name, kind) in &arguments {
                let mut places = Vec::new();
                places_of_type(&structs, kind, &[], &mut places);
                for place in places {
                    let mut call = json!({});
                    for (other, kind) in &arguments {
                        call[other] = match kind.as_str() {
                            _ if other == name => place.filled(),
                            "ProjectId" | "SavedViewId" => json!(1),
                            "bool" => json!(true),
                            kind => panic!("{endpoint}: what is {other} of type {kind}?"),
                        };
                    }
                    // A list that is an argument has that one's name.
                    let field = if place.way.is_empty() {
                        name.clone()
                    } else {
                        place.field()
                    };
                    let refused = ana.call(&endpoint, &call).await.expect(422);
                    let wrong = refused["fields"].as_array().expect("fields");
                    let is_named = |one: &Value| {
                        one["field"]
                            .as_str()
                            .is_some_and(|one| field.starts_with(one))
                    };
                    assert!(wrong.iter().any(is_named), "{endpoint}: {field}: {refused}");
                    tried += 1;
                }
            }
        }
        assert!(tried > 25, "{tried} lists were tried");
    })
    .await;
}

on_both_databases!(models_of_a_figure);

/// The models that a figure is over are a few of the project's, in whatever order they come.
async fn models_of_a_figure(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    ana.run_project(project).await;
    let shown = ana.get(&format!("/projects/{project}")).await.expect(200);
    let own = shown["project"]["model_ids"][0].as_i64().expect("an id");
    let models = ana.get("/models?limit=200").await.expect(200);
    let foreign = models["models"]
        .as_array()
        .expect("models")
        .iter()
        .filter_map(|model| model["id"].as_i64())
        .find(|id| *id != own)
        .expect("another model");
    let many: Vec<i64> = (1..=41).collect();
    for call in [
        "dashboard/get",
        "dashboard/prompt-map",
        "overview/get",
        "sources/list",
        "sources/uses",
    ] {
        let with = async |ids: &[i64]| {
            let mut query =
                json!({"project_id": project, "from": "2026-01-01", "to": "2026-12-31"});
            query["model_ids"] = json!(ids);
            query["domain"] = json!("kipu.example");
            ana.call(call, &json!({"query": query})).await
        };
        for wrong in [&[foreign][..], &[own, foreign], &[0], &[-1], &many] {
            let refused = with(wrong).await.expect(422);
            assert_eq!(
                refused["fields"][0]["field"], "model_ids",
                "{call}: {wrong:?}"
            );
        }
        let once = with(&[own]).await.expect(200);
        // So often that the list would be too long, were each not counted once.
        let often = with(&vec![own; 5_000]).await.expect(200);
        assert_eq!(once, often, "{call}");
    }
    // Models that are asked no more have answers all the same.
    app.execute("DELETE FROM llm_monitoring_project_models")
        .await;
    let query = json!({"project_id": project, "from": "2026-01-01", "to": "2026-12-31", "model_ids": [own]});
    ana.call("dashboard/get", &json!({"query": query}))
        .await
        .expect(200);
    let ben = app.sign_up("ben@example.com").await;
    let foreign_project = ben.call("dashboard/get", &json!({"query": query})).await;
    foreign_project.expect(404);
}
