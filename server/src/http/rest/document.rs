//! The `OpenAPI` document: what the route table says of each route, and what all routes have in
//! common. What is common is put in here, so that no route can forget it.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;
use utoipa::{PartialSchema, ToSchema};

use crate::http::problem::ProblemDocument;

/// Where the endpoints are.
pub(in crate::http) const PREFIX: &str = "/api/llm-monitoring";

const ABOUT: &str = "Asks language models what people ask them, and measures how they talk about \
    a brand. Sign in with a token (`Authorization: Bearer`) or with the session of the browser. \
    Every success carries `\"success\": true`; a refusal is a problem (RFC 9457) in the language \
    of `Accept-Language` (English or Spanish). Rates are percentages, money is dollars. A `POST` \
    with an `Idempotency-Key` is carried out once within 24 hours; a `GET` takes \
    `If-None-Match`; `RateLimit-*` say how many requests are left.";

const TAGS: [(&str, &str); 11] = [
    ("projects", "Brands under watch"),
    ("queries", "What is asked, and by which tags"),
    ("runs", "Asking, and watching it"),
    ("answers", "What came back, word for word"),
    ("metrics", "Numbers over answers"),
    ("exports", "Everything at once, as files"),
    ("keys and budget", "Keys of providers, money, the judge"),
    ("models", "The registry and its prices"),
    ("schedule", "What happens by itself, and what it told"),
    ("invitations", "Who may make an account in the workspace"),
    ("tokens", "What programs are known by"),
];

/// Refusals: status, when it comes.
const REFUSALS: [(&str, &str); 11] = [
    ("400", "The request cannot be read"),
    (
        "401",
        "Nobody is signed in, or the token does not work any more",
    ),
    (
        "403",
        "The caller's role or the token's scope does not reach",
    ),
    (
        "404",
        "There is no such thing, or it is another workspace's",
    ),
    ("409", "The state of things does not allow it"),
    ("413", "The body is too large"),
    ("422", "Fields are wrong; they are named"),
    (
        "429",
        "Too many requests; `Retry-After` says when to try again",
    ),
    ("500", "An error of the host; its log has the reference"),
    ("503", "The host is busy"),
    ("default", "Any other refusal"),
];

/// The document, made once.
pub(in crate::http) static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| complete(super::table().into_openapi()));

fn complete(api: OpenApi) -> Value {
    let Ok(mut document) = serde_json::to_value(api) else {
        unreachable!("the document is JSON by its types");
    };
    document["info"] = json!({
        "title": "Parallax",
        "version": env!("CARGO_PKG_VERSION"),
        "description": ABOUT,
        "license": {"name": env!("CARGO_PKG_LICENSE"), "identifier": env!("CARGO_PKG_LICENSE")},
    });
    document["servers"] = json!([{"url": "/"}]);
    document["tags"] = TAGS
        .iter()
        .map(|(name, description)| json!({"name": name, "description": description}))
        .collect();
    components(&mut document["components"]);
    let paths = std::mem::take(&mut document["paths"]);
    document["paths"] = match paths {
        Value::Object(paths) => paths.into_iter().map(endpoint).collect(),
        other => other,
    };
    document
}

/// Refusals, the ways to sign in, and the schema of problems.
fn components(components: &mut Value) {
    let mut schemas = vec![(
        ProblemDocument::name().into_owned(),
        ProblemDocument::schema(),
    )];
    ProblemDocument::schemas(&mut schemas);
    for (name, schema) in schemas {
        components["schemas"][name] = json!(schema);
    }
    for (status, description) in REFUSALS {
        let schema = json!({"$ref": format!("#/components/schemas/{}", ProblemDocument::name())});
        let mut refusal = json!({
            "description": description,
            "content": {"application/problem+json": {"schema": schema}},
        });
        if status == "429" {
            refusal["headers"]["Retry-After"] =
                json!({"description": "Seconds to wait", "schema": {"type": "integer"}});
        }
        components["responses"][name_of(status)] = refusal;
    }
    components["securitySchemes"] = json!({
        "token": {"type": "http", "scheme": "bearer", "description": "A token of your account"},
        "session": {"type": "apiKey", "in": "cookie", "name": "parallax_session"},
    });
}

fn name_of(status: &str) -> String {
    format!("refusal_{status}")
}

/// A path with its prefix, and what its operations have in common.
fn endpoint((path, mut item): (String, Value)) -> (String, Value) {
    if let Value::Object(operations) = &mut item {
        for (method, operation) in operations.iter_mut() {
            common(method, &path, operation);
        }
    }
    (format!("{PREFIX}{path}"), item)
}

fn common(method: &str, path: &str, operation: &mut Value) {
    let is_open = operation.get("security").is_some();
    if is_open {
        operation["security"] = json!([]);
    } else {
        operation["security"] = json!([{"token": []}, {"session": []}]);
    }
    let has_body = operation.get("requestBody").is_some();
    let takes = |place: &str| {
        operation["parameters"]
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one["in"] == place))
    };
    let may = |status: &str| match status {
        "400" | "413" => has_body,
        "401" | "403" => !is_open,
        "404" => path.contains('{') || has_body,
        "409" => method != "get",
        "422" => has_body || takes("query"),
        _ => true,
    };
    let refusals: Map<String, Value> = REFUSALS
        .iter()
        .filter(|(status, _)| may(status))
        .map(|(status, _)| {
            let of = format!("#/components/responses/{}", name_of(status));
            ((*status).to_owned(), json!({"$ref": of}))
        })
        .collect();
    for (status, refusal) in refusals {
        let told = &mut operation["responses"][status];
        // What a route says itself is more than what all have in common.
        if told.is_null() {
            *told = refusal;
        }
    }
    if method == "post" {
        let key = json!({
            "name": "Idempotency-Key",
            "in": "header",
            "required": false,
            "description": "A name of this request; sent again within 24 hours it is not carried out again",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        });
        match operation["parameters"].as_array_mut() {
            Some(parameters) => parameters.push(key),
            None => operation["parameters"] = json!([key]),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn operations() -> Vec<(String, &'static Value)> {
        let paths = DOCUMENT["paths"].as_object().expect("paths");
        paths
            .iter()
            .flat_map(|(path, item)| {
                let item = item.as_object().expect("operations");
                item.iter()
                    .map(move |(method, operation)| (format!("{method} {path}"), operation))
            })
            .collect()
    }

    #[test]
    fn every_operation_has_a_name_of_its_own_and_says_what_it_does() {
        let mut names = HashSet::new();
        for (place, operation) in operations() {
            let name = operation["operationId"].as_str().expect("a name");
            assert!(names.insert(name), "{place}: {name} is there twice");
            assert!(operation["summary"].is_string(), "{place} has no summary");
            let tag = operation["tags"][0].as_str().expect("a tag");
            let is_known = tag == "host" || TAGS.iter().any(|(known, _)| *known == tag);
            assert!(is_known, "{place}: {tag}");
            assert!(operation["responses"]["default"].is_object(), "{place}");
        }
        assert!(names.len() > 40, "{}", names.len());
    }

    #[test]
    fn every_part_of_an_address_is_described_by_the_kind_of_its_id() {
        for (place, operation) in operations() {
            let described: Vec<&str> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|parameter| parameter["in"] == "path")
                .map(|parameter| parameter["name"].as_str().expect("a name"))
                .collect();
            let parts: Vec<&str> = place.split(['{', '}']).skip(1).step_by(2).collect();
            assert_eq!(described, parts, "{place}");
        }
    }

    /// A plain route would be served without standing in the document.
    #[test]
    fn no_route_goes_past_the_document() {
        let table = include_str!("mod.rs");
        for plain in [".route(", ".route_service(", ".nest_service("] {
            assert!(!table.contains(plain), "write it as .routes(routes!(…))");
        }
        assert!(table.matches("routes!(").count() > 30);
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let text = DOCUMENT.to_string();
        let refs = text.split("\"$ref\":\"#").skip(1);
        for path in refs.filter_map(|rest| rest.split('"').next()) {
            assert!(DOCUMENT.pointer(path).is_some(), "{path}");
        }
    }
}
