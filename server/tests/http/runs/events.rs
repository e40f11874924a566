//! A run's progress as the browser sees it, over a real connection.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{Setup, with_sqlite};

/// The data of each event, and the name of the last one.
pub(super) fn events(text: &str) -> (Vec<Value>, String) {
    let mut data = Vec::new();
    let mut name = String::new();
    for event in text
        .split("\n\n")
        .filter(|event| !event.trim().is_empty() && !event.starts_with(':'))
    {
        let line = |start: &str| {
            event
                .lines()
                .find_map(|line| line.strip_prefix(start))
                .map(str::trim)
        };
        line("event:").unwrap_or_default().clone_into(&mut name);
        data.push(serde_json::from_str(line("data:").expect("data")).expect("JSON"));
    }
    (data, name)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_events_of_a_run_follow_it_to_its_end() {
    let setup = Setup {
        latency: Duration::from_millis(500),
        ..Setup::default()
    };
    with_sqlite(setup, async |app| {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let service = app
            .router
            .clone()
            .into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move { axum::serve(listener, service).await });

        let ana = app.sign_up("ana@example.com").await;
        let project = ana.make_project("Watch").await;
        let token = ana
            .call("accounts/create-token", &json!({"name": "events"}))
            .await
            .expect(200);
        let started = ana
            .post(&format!("/projects/{project}/analyze"), &json!({}))
            .await
            .expect(202);
        let run = started["run_id"].as_i64().expect("an id");
        let response = reqwest::Client::new()
            .get(format!("http://{address}/api/runs/{run}/events"))
            .bearer_auth(token["token"].as_str().expect("a token"))
            .send()
            .await
            .expect("a response");
        for (name, value) in [
            ("content-type", "text/event-stream"),
            ("cache-control", "no-cache"),
            ("x-accel-buffering", "no"),
        ] {
            assert_eq!(response.headers()[name], value);
        }
        let text = tokio::time::timeout(Duration::from_secs(20), response.text())
            .await
            .expect("it ends")
            .expect("text");
        let (data, last) = events(&text);
        assert_eq!(last, "end");
        assert!(data.len() >= 3, "at least one look before the end: {text}");
        assert!(
            data[0]["status"] == "queued" || data[0]["status"] == "running",
            "{text}"
        );
        let finished = &data[data.len() - 2];
        assert_eq!(
            (&finished["status"], &finished["lanes"][0]["answered"]),
            (&json!("finished"), &json!(3))
        );

        // Of a run that is over: its state, and the end.
        let late = ana
            .send(
                Method::GET,
                &format!("/api/runs/{run}/events"),
                axum::body::Body::empty(),
            )
            .await;
        let (data, last) = events(&String::from_utf8_lossy(&late.body));
        assert_eq!((data.len(), last.as_str()), (2, "end"));
        server.abort();
    })
    .await;
}

/// The events of a stream up to the one that `is_last`.
async fn until(response: &mut reqwest::Response, is_last: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    let read = async {
        while !is_last(&text) {
            let part = response.chunk().await.expect("a part").expect("it goes on");
            text.push_str(&String::from_utf8_lossy(&part));
        }
    };
    tokio::time::timeout(Duration::from_secs(20), read)
        .await
        .expect("it comes");
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_stream_tells_of_every_run_of_a_workspace_until_the_token_is_gone() {
    let setup = Setup {
        latency: Duration::from_millis(1500),
        ..Setup::default()
    };
    with_sqlite(setup, async |app| {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let service = app
            .router
            .clone()
            .into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move { axum::serve(listener, service).await });

        let ana = app.admin().await;
        let ben = app.sign_up("ben@example.com").await;
        let token = ana
            .call("accounts/create-token", &json!({"name": "events"}))
            .await
            .expect(200);
        let request = || {
            reqwest::Client::new()
                .get(format!("http://{address}/api/runs/events"))
                .bearer_auth(token["token"].as_str().expect("a token"))
                .send()
        };
        let mut response = request().await.expect("a response");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        // Nothing happens, and it says that it listens.
        until(&mut response, |text| text.contains("event: alive")).await;

        // Somebody else's run is none of hers.
        let foreign = ben.make_project("Foreign").await;
        ben.run_project(foreign).await;
        let project = ana.make_project("Watch").await;
        let run = ana.run_project(project).await;
        let text = until(&mut response, |text| {
            text.contains("\"status\":\"finished\"") && text.ends_with("\n\n")
        })
        .await;
        let (data, _) = events(&text);
        let told: Vec<&Value> = data.iter().filter(|event| event["id"].is_i64()).collect();
        assert!(told.len() >= 2, "on its way and at its end: {text}");
        assert!(told.iter().all(|event| event["id"] == run), "{text}");

        // Another window that opens now is told of it as well.
        let mut late = request().await.expect("a response");
        until(&mut late, |text| text.contains("\"status\":\"finished\"")).await;
        let listed = ana.call("runs/late", &json!({})).await.expect(200);
        assert_eq!(
            (listed[0].as_array().map(Vec::len), &listed[0][0]["id"]),
            (Some(1), &json!(run))
        );

        app.execute("DELETE FROM api_tokens").await;
        let rest = tokio::time::timeout(Duration::from_secs(20), response.text()).await;
        rest.expect("it ends").expect("text");
        server.abort();
    })
    .await;
}
