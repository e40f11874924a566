//! The pages of who is signed in, with what their client would ask for first.

use axum::body::Body;
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{Caller, Reply, Setup, with_sqlite};

const EARLY: &str = "<div id=\"early\" class=\"early\"";
const OVERVIEW: &str = "data-call=\"/api/fn/overview/get\"";
const PRELOAD: &str = "<link rel=\"preload\" as=\"fetch\" type=\"application/wasm\"";

async fn get(caller: &Caller<'_>, path: &str) -> Reply {
    let caller = caller.with("accept", "text/html");
    caller.send(Method::GET, path, Body::empty()).await
}

/// The page as a text; `None` where the client is not built.
async fn page(caller: &Caller<'_>, path: &str) -> Option<String> {
    let reply = get(caller, path).await;
    if reply.status == 404 {
        return None;
    }
    assert_eq!(reply.status, 200, "{path}");
    Some(String::from_utf8(reply.body.to_vec()).expect("a text"))
}

/// The reply to a call that stands in a page, with what the call sends.
fn brought(page: &str, call: &str) -> Option<(Value, Value)> {
    let mark =
        format!("<script type=\"application/json\" data-call=\"/api/fn/{call}\" data-body=\"");
    let (_, rest) = page.split_once(&mark)?;
    let (body, rest) = rest.split_once("\">")?;
    let (told, _) = rest.split_once("</script>")?;
    let read = |text: &str| serde_json::from_str(text).expect("JSON");
    Some((read(&body.replace("&#34;", "\"")), read(told)))
}

/// A page whose first screen the host has ready: one that takes too long comes without it.
async fn with_screen(caller: &Caller<'_>, path: &str) -> Option<String> {
    let mut shown = page(caller, path).await?;
    for _ in 0..50 {
        if shown.contains(OVERVIEW) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        shown = page(caller, path).await?;
    }
    Some(shown)
}

async fn demonstration(caller: &Caller<'_>) -> i64 {
    let made = caller.call("home/make-demo", &json!({})).await.expect(200);
    made.as_i64().expect("an id")
}

/// The files that a page has fetched ahead.
fn ahead(page: &str) -> Vec<&str> {
    let (_, rest) = page
        .split_once("<meta name=\"ahead\" content=\"")
        .expect("a list");
    rest.split('"')
        .next()
        .unwrap_or_default()
        .split(' ')
        .collect()
}

#[tokio::test]
async fn each_page_has_its_own_files_and_who_is_there() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let Some(stranger) = page(&app.nobody(), "/keys").await else {
            return;
        };
        assert!(!stranger.contains("data-call"), "{stranger}");
        let home = ahead(&stranger);
        assert!(
            home.iter().any(|file| file.starts_with("split-home-")),
            "{home:?}"
        );
        let ana = ana.with("accept-language", "es");
        for (path, part) in [
            ("/", "split-home-"),
            ("/keys", "split-keys-"),
            ("/projects/7/answers", "split-answers-"),
            ("/projects/7/settings", "split-projects-"),
            ("/projects/7", "split-overview-"),
        ] {
            let shown = page(&ana, path).await.expect("a page");
            let files = ahead(&shown);
            assert!(
                files.iter().any(|file| file.starts_with(part)),
                "{path}: {files:?}"
            );
            assert!(
                files.iter().any(|file| file.starts_with("texts-es-")),
                "{path}: {files:?}"
            );
            let of_home = files.iter().any(|file| file.starts_with("split-home-"));
            assert_eq!(of_home, path == "/", "{path}: {files:?}");
            let (asked, told) = brought(&shown, "accounts/session").expect("a session");
            assert_eq!(asked, json!({}));
            assert_eq!(told["user"]["email"], "ana@example.com");
            // There is no such project: its page is that of any other.
            assert!(
                !shown.contains(OVERVIEW) && !shown.contains(EARLY),
                "{path}"
            );
            assert!(shown.contains(PRELOAD), "{path}");
        }
        let missing = get(&ana, "/split-home-0123456789abcdef.wasm").await;
        assert_eq!(missing.status, 404);
    })
    .await;
}

#[tokio::test]
async fn the_overview_comes_with_its_sentence_and_the_reply_to_its_call() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let id = demonstration(&ana).await;
        for search in ["", "?period=7&compare=none", "?period=all"] {
            let Some(shown) = with_screen(&ana, &format!("/projects/{id}{search}")).await else {
                return;
            };
            assert!(
                shown.contains(EARLY) && !shown.contains("id=\"skeleton\""),
                "{search}"
            );
            assert!(!shown.contains(PRELOAD), "{search}");
            let (asked, told) = brought(&shown, "overview/get").expect("a screen");
            let called = ana.call("overview/get", &asked).await.expect(200);
            assert_eq!(told, called, "{search}");
            assert_eq!(asked["with_frame"], true);
            let days = brought(&shown, "dashboard/days");
            assert_eq!(days.is_some(), search == "?period=all");
            if let Some((of, days)) = days {
                assert_eq!(of, json!({"project_id": id}));
                assert_eq!(days[0], asked["query"]["from"]);
            }
            assert_eq!(shown.contains("data-period=\"30\""), search.is_empty());
            assert_eq!(
                shown.contains("data-compare=\"before\""),
                search != "?period=7&compare=none"
            );
            assert!(shown.contains("<strong>"), "a share: {shown}");
        }
    })
    .await;
}

#[tokio::test]
async fn it_is_kept_nowhere_and_the_policy_runs_nothing_else() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let id = demonstration(&ana).await;
        let path = format!("/projects/{id}");
        let Some(shown) = with_screen(&ana, &path).await else {
            return;
        };
        let reply = get(&ana, &path).await;
        assert_eq!(reply.header("cache-control"), "private, no-store");
        assert!(!reply.headers.contains_key("etag"));
        let policy = reply.header("content-security-policy");
        let mut scripts = 0;
        for part in shown.split("<script").skip(1) {
            let (attributes, rest) = part.split_once('>').expect("a script");
            if attributes.contains("application/json") || attributes.contains("src=") {
                continue;
            }
            let (script, _) = rest.split_once("</script>").expect("an end");
            let hash = STANDARD.encode(Sha256::digest(script.as_bytes()));
            assert!(policy.contains(&format!("'sha256-{hash}'")), "{script}");
            scripts += 1;
        }
        assert!(scripts >= 2);
    })
    .await;
}

#[tokio::test]
async fn no_name_is_markup() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let name = "</script><script>alert(1)</script><!--";
        let id = ana.make_project(name).await;
        let Some(shown) = with_screen(&ana, &format!("/projects/{id}")).await else {
            return;
        };
        assert!(!shown.contains("alert(1)</script>"), "{shown}");
        assert!(!shown.contains("<script>alert"), "{shown}");
        let (_, told) = brought(&shown, "overview/get").expect("a screen");
        assert!(
            told.to_string()
                .contains("</script><script>alert(1)</script><!--")
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_gets_what_is_not_theirs() {
    with_sqlite(Setup::default(), async |app| {
        app.admin().await;
        let ana = app.sign_up("ana@example.com").await;
        let id = demonstration(&ana).await;
        let path = format!("/projects/{id}");
        let Some(shown) = with_screen(&ana, &path).await else {
            return;
        };
        assert!(shown.contains(OVERVIEW));
        let ben = app.sign_up("ben@example.com").await;
        let bens = page(&ben, &path).await.expect("a page");
        let (_, session) = brought(&bens, "accounts/session").expect("a session");
        assert_eq!(session["user"]["email"], "ben@example.com");
        assert!(!bens.contains(OVERVIEW) && !bens.contains(EARLY), "{bens}");
        assert!(!bens.contains("ana@example.com"), "{bens}");
        // A program is sent the page alone, and so is whoever has signed out.
        let plain = page(&app.nobody(), &path).await.expect("a page");
        assert!(
            !plain.contains("data-call") && !plain.contains(EARLY),
            "{plain}"
        );
        let program = ana.program().await;
        assert_eq!(page(&program, &path).await.expect("a page"), plain);
        ana.call("accounts/sign-out", &json!({})).await;
        assert_eq!(page(&ana, &path).await.expect("a page"), plain);
        // Nor is a file of the client.
        for file in ["favicon.svg", "pages.json"] {
            let reply = get(&ben, &format!("/{file}")).await;
            assert_eq!(reply.status, 200, "{file}");
            assert_ne!(reply.header("cache-control"), "private, no-store");
        }
    })
    .await;
}

#[tokio::test]
async fn below_a_prefix_its_addresses_follow() {
    let setup = Setup {
        environment: &[("PARALLAX_URL", "https://plx.example/watch")],
        ..Setup::DEFAULT
    };
    with_sqlite(setup, async |app| {
        let ana = app.admin().await;
        let id = demonstration(&ana).await;
        for path in [format!("/watch/projects/{id}"), format!("/projects/{id}")] {
            let Some(shown) = with_screen(&ana, &path).await else {
                return;
            };
            assert!(shown.contains("<base href=\"/watch/\""), "{path}");
            assert!(
                ahead(&shown)
                    .iter()
                    .any(|file| file.starts_with("split-overview-"))
            );
            // Calls are named as the client names them, wherever the host lies.
            assert!(brought(&shown, "overview/get").is_some(), "{path}");
        }
    })
    .await;
}
