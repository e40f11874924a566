//! Requests and what comes back.

use std::net::SocketAddr;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::TestApp;

const REST: &str = "/api/llm-monitoring";

/// Somebody who sends requests, with the headers that they always send.
#[derive(Clone)]
pub(crate) struct Caller<'a> {
    app: &'a TestApp,
    headers: Vec<(String, String)>,
    peer: Option<SocketAddr>,
}

/// What travels as a row of values (see app/contract), with the names of its fields; null stays
/// null.
pub(crate) fn named(row: &Value, fields: &str) -> Value {
    let Some(values) = row.as_array() else {
        return row.clone();
    };
    let pairs = fields.split(' ').zip(values);
    pairs
        .map(|(field, value)| (field.to_owned(), value.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// The same for a list of rows.
pub(crate) fn all_named(rows: &Value, fields: &str) -> Value {
    let rows = rows.as_array().expect("rows");
    rows.iter().map(|row| named(row, fields)).collect()
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl<'a> Caller<'a> {
    pub(super) const fn new(app: &'a TestApp) -> Self {
        Self {
            app,
            headers: Vec::new(),
            peer: None,
        }
    }

    /// The same caller with one header more.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut headers = self.headers.clone();
        headers.push((name.to_owned(), value.to_owned()));
        Self {
            app: self.app,
            headers,
            peer: self.peer,
        }
    }

    /// The same caller at the other end of a connection from this address.
    pub(crate) fn at_address(&self, address: &str) -> Self {
        let address = address.parse().expect("an address");
        Self {
            peer: Some(SocketAddr::new(address, 50_000)),
            ..self.clone()
        }
    }

    /// The same person as a program: by a new token instead of the cookie.
    pub(crate) async fn program(&self) -> Self {
        let token = self
            .call(
                "accounts/create-token",
                &json!({"name": "test", "password": super::PASSWORD}),
            )
            .await
            .expect(200);
        let token = token["token"].as_str().expect("a token");
        Self::new(self.app).with("authorization", &format!("Bearer {token}"))
    }

    /// Any request.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Body) -> Reply {
        let mut request = self.request(method, path);
        *request.body_mut() = body;
        let response = self
            .app
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("a response");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        Reply {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// A request without a body, with the caller's headers.
    pub(crate) fn request(&self, method: Method, path: &str) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path);
        if !self.headers.iter().any(|(name, _)| name == "host") {
            request = request.header("host", "localhost");
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if !self.headers.iter().any(|(name, _)| name == "content-type") {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        if let Some(peer) = self.peer {
            request = request.extension(ConnectInfo(peer));
        }
        request.body(Body::empty()).expect("a request")
    }

    /// A server function.
    pub(crate) async fn call(&self, endpoint: &str, arguments: &Value) -> Reply {
        self.send(
            Method::POST,
            &format!("/api/fn/{endpoint}"),
            Body::from(arguments.to_string()),
        )
        .await
    }

    /// REST, any method; `path` after the prefix.
    pub(crate) async fn rest(&self, method: Method, path: &str, body: Option<&Value>) -> Reply {
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(method, &format!("{REST}{path}"), body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.rest(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.rest(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Reply {
        self.rest(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.rest(Method::DELETE, path, None).await
    }

    /// Makes a project with the three questions of [`super::rest_project`].
    pub(crate) async fn make_project(&self, name: &str) -> i64 {
        let made = self
            .post("/projects", &super::rest_project(name))
            .await
            .expect(201);
        made["project"]["id"].as_i64().expect("an id")
    }

    /// The same questions to the current model of OpenAI.
    pub(crate) async fn make_billed_project(&self, name: &str) -> i64 {
        let mut fields = super::rest_project(name);
        fields["enabled_llms"] = json!(["openai"]);
        let made = self.post("/projects", &fields).await.expect(201);
        made["project"]["id"].as_i64().expect("an id")
    }

    /// Runs a project to its end.
    pub(crate) async fn run_project(&self, project: i64) -> i64 {
        let ended = self
            .post(
                &format!("/projects/{project}/analyze?wait=true"),
                &json!({}),
            )
            .await
            .expect(200);
        assert_eq!(ended["results"]["status"], "finished");
        ended["run_id"].as_i64().expect("an id")
    }

    /// The workspace that the caller acts in.
    pub(crate) async fn workspace(&self) -> i64 {
        let session = self.call("accounts/session", &json!({})).await.expect(200);
        session["workspace"]["id"].as_i64().expect("an id")
    }
}

impl Reply {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}: {}", self.status, String::from_utf8_lossy(&self.body)))
    }

    /// The body as JSON, if the status is what it should be.
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(
            self.status.as_u16(),
            status,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        self.json()
    }

    /// A refusal in the shape of REST.
    pub(crate) fn problem(&self, status: u16) -> Value {
        let problem = self.expect(status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["success"], false);
        assert_eq!(problem["status"], status);
        assert!(
            problem["title"]
                .as_str()
                .is_some_and(|title| !title.is_empty())
        );
        problem
    }

    /// The wrong fields of a refusal.
    pub(crate) fn wrong_fields(&self) -> Vec<String> {
        let problem = self.problem(422);
        let errors = problem["errors"].as_array().expect("field errors");
        errors
            .iter()
            .map(|error| error["field"].as_str().expect("a field").to_owned())
            .collect()
    }

    /// A header's value; empty where it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The session's cookie as a browser sends it back.
    pub(crate) fn session_cookie(&self) -> String {
        self.expect(200);
        let cookie = self
            .headers
            .get(SET_COOKIE)
            .expect("a cookie")
            .to_str()
            .expect("text");
        cookie.split(';').next().expect("a pair").to_owned()
    }
}
