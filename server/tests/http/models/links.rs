//! What admins say of new models by links that work once.

use app::model::ids::{ModelId, UserId};
use axum::body::Body;
use axum::http::Method;
use parallax::auth::tokens::Tokens;
use parallax::services::registry::review_paths;
use serde_json::{Value, json};

use super::{change_model, check_lists, one, store_key};
use crate::support::{Caller, Reply, Setup, Simulated, TestApp, with_sqlite};

async fn a_link(app: &TestApp, model: &Value) -> (String, String) {
    let tokens = Tokens::new("a key for the tokens of this test".into());
    let id = ModelId(model["id"].as_i64().expect("an id"));
    let paths = review_paths(&app.store, &tokens, id, UserId(1))
        .await
        .expect("links");
    (paths.approve, paths.reject)
}

async fn post(caller: &Caller<'_>, path: &str) -> Reply {
    let (address, query) = path.split_once('?').expect("a query");
    let form = caller.with("content-type", "application/x-www-form-urlencoded");
    form.send(Method::POST, address, Body::from(query.to_owned()))
        .await
}

fn text(reply: &Reply) -> String {
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(reply.header("cache-control"), "no-store");
    String::from_utf8_lossy(&reply.body).into_owned()
}

#[tokio::test]
async fn a_link_asks_first_and_works_once() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let simulated = Simulated::start("").await;
        store_key(&ana, "openai", &simulated.origin).await;
        check_lists(&ana).await;
        let model = one(&ana, "gpt-5.4").await;
        let (approve, reject) = a_link(app, &model).await;
        let nobody = app.nobody();
        // However often a scanner looks, nothing happens.
        for _ in 0..3 {
            let page = nobody.send(Method::GET, &approve, Body::empty()).await;
            assert_eq!(page.status, 200);
            let page = text(&page);
            assert!(
                page.contains("<form method=\"post\">") && page.contains("gpt-5.4"),
                "{page}"
            );
        }
        assert_eq!(one(&ana, "gpt-5.4").await["review"], "new");
        // Without a price it says so, and goes on working.
        assert_eq!(post(&nobody, &approve).await.status, 409);
        change_model(
            &ana,
            &model,
            json!({"price": {"input": "2", "output": "8"}}),
        )
        .await
        .expect(200);
        // A token is good for what it was made for only.
        let swapped = reject.replace("/reject", "/approve");
        assert_eq!(post(&nobody, &swapped).await.status, 404);
        let done = post(&nobody, &approve).await;
        assert_eq!(done.status, 200, "{}", text(&done));
        assert_eq!(one(&ana, "gpt-5.4").await["review"], "approved");
        for gone in [&approve, &reject] {
            assert_eq!(post(&nobody, gone).await.status, 404);
            let page = nobody.send(Method::GET, gone, Body::empty()).await;
            assert_eq!(page.status, 404);
            assert!(!text(&page).contains("<form"));
        }
        assert_eq!(one(&ana, "gpt-5.4").await["review"], "approved");
        // The token stands nowhere in the database.
        let token = approve.split_once("token=").expect("a token").1;
        let plain =
            format!("SELECT COUNT(*) FROM llm_model_review_links WHERE token_hash = '{token}'");
        assert_eq!(app.number(&plain).await, 0);
    })
    .await;
}

#[tokio::test]
async fn old_and_made_up_links_do_nothing() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let model = one(&ana, "gpt-5").await;
        let (_, reject) = a_link(app, &model).await;
        app.pass(chrono::Duration::days(15));
        for path in [
            reject.as_str(),
            "/api/llm-monitoring/models/reject?token=",
            "/api/llm-monitoring/models/reject?token=%22%3E%3Cscript%3E",
        ] {
            let page = app.nobody().send(Method::GET, path, Body::empty()).await;
            assert_eq!(page.status, 404, "{path}");
            assert!(!text(&page).contains("<script"));
            assert_eq!(post(&app.nobody(), path).await.status, 404, "{path}");
        }
        let bare = app
            .nobody()
            .send(
                Method::GET,
                "/api/llm-monitoring/models/approve",
                Body::empty(),
            )
            .await;
        assert_eq!(bare.status, 404);
        assert_eq!(one(&ana, "gpt-5").await["review"], "approved");
        // Another site's form is refused.
        let foreign = app.nobody().with("sec-fetch-site", "cross-site");
        assert_eq!(post(&foreign, &reject).await.status, 403);
    })
    .await;
}
