//! Routes of REST, from the document.

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use super::{Ids, OF_INSTANCE};
use crate::support::{Caller, Reply};

/// What stands where an id belongs.
const WRONG_FORMS: [&str; 5] = ["abc", "-1", "1.5", "99999999999999999999", "%00"];

/// Ids in the depth of bodies, with the test that tries them.
const IN_DEPTH: [(&str, &str); 1] = [("ProjectFields", "a_foreign_entity_stays_as_it_is")];

/// A body of each kind that is right, but for the ids at its top, which are put in.
fn example(schema: &str) -> Option<Value> {
    Some(match schema {
        "ProjectFields" => json!({"name": "Taken over"}),
        "NewQueries" => {
            json!({"queries": ["What is a good ledger for bakers?"], "replace": true})
        }
        "QueryFields" => json!({"is_active": false}),
        "SuggestFields" => json!({"count": 5}),
        "ChartNoteFields" => json!({"day": "2025-01-31", "text": "New site"}),
        "NameFields" => json!({"name": "Zorbo", "decision": "adopt"}),
        _ => return None,
    })
}

/// Where an id is.
#[derive(Clone)]
enum Place {
    Path,
    Query,
    Body,
}

/// An operation that takes ids of a workspace.
struct Operation<'a> {
    method: Method,
    path: &'a str,
    ids: Vec<(Place, &'a str, &'static str)>,
    body: Option<(&'a str, Value)>,
}

/// Tries every operation that takes an id of a workspace; gives how many there are.
pub(super) async fn try_all(ben: &Caller<'_>, own: &Ids, foreign: &Ids, but: &[&str]) -> usize {
    let document = ben
        .send(Method::GET, "/api/openapi.json", Body::empty())
        .await
        .expect(200);
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        if but.iter().any(|name| path.ends_with(name)) {
            continue;
        }
        for (method, operation) in item.as_object().expect("operations") {
            let method: Method = method.to_uppercase().parse().expect("a method");
            let Some(operation) = read(&document, method, path, operation, own) else {
                continue;
            };
            try_one(ben, &operation, own, foreign).await;
            tried += 1;
        }
    }
    tried
}

async fn try_one(ben: &Caller<'_>, operation: &Operation<'_>, own: &Ids, foreign: &Ids) {
    let told = format!("{} {}", operation.method, operation.path);
    let mandatory = |place: &Place| !matches!(place, Place::Query);
    if operation.ids.iter().any(|(place, ..)| mandatory(place)) {
        let theirs = send(ben, operation, foreign, false).await;
        assert_eq!(theirs.status, 404, "{told}: {}", text(&theirs));
        theirs.problem(404);
        let nobodys = send(ben, operation, &foreign.unknown(), false).await;
        assert_same(&theirs, &nobodys, &told);
    }
    // One foreign id among one's own.
    if operation.ids.len() > 1 {
        for (place, name, kind) in &operation.ids {
            let with_queries = !mandatory(place);
            let theirs = send(ben, operation, &own.with(kind, foreign), with_queries).await;
            let nobodys = send(ben, operation, &own.without(kind), with_queries).await;
            assert_same(&theirs, &nobodys, &format!("{told}, {name}"));
            if mandatory(place) {
                theirs.problem(404);
            }
        }
    }
    for (place, name, _) in &operation.ids {
        if !matches!(place, Place::Path) {
            continue;
        }
        for wrong in WRONG_FORMS {
            let path = address(operation, own).replace(
                &format!("/{}", own_value(operation, own, name)),
                &format!("/{wrong}"),
            );
            request(ben, operation, &path, own).await.problem(404);
        }
    }
}

fn own_value(operation: &Operation<'_>, own: &Ids, wanted: &str) -> i64 {
    let (_, _, kind) = operation
        .ids
        .iter()
        .find(|(_, name, _)| *name == wanted)
        .expect("an id");
    own.of(kind)
}

fn address(operation: &Operation<'_>, ids: &Ids) -> String {
    let mut path = operation.path.to_owned();
    for (place, name, kind) in &operation.ids {
        if matches!(place, Place::Path) {
            path = path.replace(&format!("{{{name}}}"), &ids.of(kind).to_string());
        }
    }
    assert!(!path.contains('{'), "{path}: a part is no id");
    path
}

async fn send(ben: &Caller<'_>, operation: &Operation<'_>, ids: &Ids, with_queries: bool) -> Reply {
    let mut path = address(operation, ids);
    if with_queries {
        let queries: Vec<String> = operation
            .ids
            .iter()
            .filter(|(place, ..)| matches!(place, Place::Query))
            .map(|(_, name, kind)| format!("{name}={}", ids.of(kind)))
            .collect();
        path = format!("{path}?{}", queries.join("&"));
    }
    request(ben, operation, &path, ids).await
}

async fn request(ben: &Caller<'_>, operation: &Operation<'_>, path: &str, ids: &Ids) -> Reply {
    let Some((content_type, example)) = &operation.body else {
        return ben
            .send(operation.method.clone(), path, Body::empty())
            .await;
    };
    let body = match example {
        Value::String(text) => text.clone(),
        other => {
            let mut body = other.clone();
            for (place, name, kind) in &operation.ids {
                if matches!(place, Place::Body) {
                    body[*name] = json!(ids.of(kind));
                }
            }
            body.to_string()
        }
    };
    ben.with("content-type", content_type)
        .send(operation.method.clone(), path, Body::from(body))
        .await
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

fn assert_same(one: &Reply, other: &Reply, told: &str) {
    assert_eq!(
        (one.status, text(one)),
        (other.status, text(other)),
        "{told}: a foreign id is told from an unknown one"
    );
}

/// The operation, if it takes ids of a workspace.
fn read<'a>(
    document: &'a Value,
    method: Method,
    path: &'a str,
    operation: &'a Value,
    own: &Ids,
) -> Option<Operation<'a>> {
    let told = format!("{method} {path}");
    let mut ids = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().expect("a name");
        let place = match parameter["in"].as_str().expect("a place") {
            "path" => Place::Path,
            "query" => Place::Query,
            _ => continue,
        };
        match (kind_of(&parameter["schema"], own), &place) {
            (Some(kind), _) => ids.push((place, name, kind)),
            (None, Place::Path) if !is_of_instance(&parameter["schema"]) => {
                panic!("{told}: {{{name}}} has no kind of id; describe it by one")
            }
            (None, _) => {}
        }
    }
    let content = operation["requestBody"]["content"].as_object();
    let body = content.and_then(|content| content.iter().next());
    let schema = body.map(|(content_type, body)| (content_type.as_str(), &body["schema"]));
    let name = schema.map(|(_, schema)| reference(schema).unwrap_or_default());
    if let Some(name) = name.filter(|name| !name.is_empty()) {
        let described = &document["components"]["schemas"][name];
        for (field, schema) in described["properties"].as_object().into_iter().flatten() {
            if let Some(kind) = kind_of(schema, own) {
                ids.push((Place::Body, field.as_str(), kind));
            } else if holds_ids(document, schema, 0) {
                let is_tried = IN_DEPTH.iter().any(|(known, _)| *known == name);
                assert!(
                    is_tried,
                    "{told}: {name}.{field} holds ids; try them, and say where"
                );
            }
        }
    }
    if ids.is_empty() {
        return None;
    }
    let body = schema.map(|(content_type, _)| {
        let name = name.unwrap_or_default();
        if content_type == "text/csv" {
            return (
                content_type,
                json!("query_text\nWhich ledger is best for bakers?\n"),
            );
        }
        let example =
            example(name).unwrap_or_else(|| panic!("{told}: give an example of {name} above"));
        (content_type, example)
    });
    Some(Operation {
        method,
        path,
        ids,
        body,
    })
}

fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// The names that a schema refers to, itself or as what may be absent.
fn references(schema: &Value) -> Vec<&str> {
    let variants = schema["oneOf"].as_array().into_iter().flatten();
    std::iter::once(schema)
        .chain(variants)
        .filter_map(reference)
        .collect()
}

fn is_id(name: &str) -> bool {
    name.ends_with("Id") && !OF_INSTANCE.contains(&name)
}

fn is_of_instance(schema: &Value) -> bool {
    references(schema)
        .iter()
        .any(|name| OF_INSTANCE.contains(name))
}

fn kind_of(schema: &Value, own: &Ids) -> Option<&'static str> {
    let name = references(schema).into_iter().find(|name| is_id(name))?;
    Some(own.kind(name))
}

/// Whether ids of a workspace are anywhere in it.
fn holds_ids(document: &Value, schema: &Value, depth: usize) -> bool {
    if depth > 8 {
        return false;
    }
    if let Some(name) = reference(schema) {
        return is_id(name)
            || holds_ids(
                document,
                &document["components"]["schemas"][name],
                depth + 1,
            );
    }
    let inner: Vec<&Value> = match schema {
        Value::Object(fields) => fields.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => return false,
    };
    inner
        .into_iter()
        .any(|inner| holds_ids(document, inner, depth + 1))
}
