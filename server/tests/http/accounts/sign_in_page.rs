//! The page at `/sign-in`, whose card is in what the host sends.

use std::io::Read as _;

use axum::body::Body;
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::support::{Caller, Reply, Setup, with_sqlite};

const CARD: &str = "<div id=\"early\" class=\"guest\">";
const SKELETON: &str = "<div id=\"skeleton\"";

async fn get(caller: &Caller<'_>, path: &str) -> Reply {
    let caller = caller.with("accept", "text/html");
    caller.send(Method::GET, path, Body::empty()).await
}

/// The page as a text; `None` where the client is not built.
async fn page(caller: &Caller<'_>, path: &str) -> Option<String> {
    let reply = get(caller, path).await;
    let text = String::from_utf8(reply.body.to_vec()).expect("a text");
    if text.starts_with("The client is not built") {
        assert_eq!(reply.status, 404);
        return None;
    }
    assert_eq!(reply.status, 200, "{path}: {text}");
    assert_eq!(
        reply.header("content-type"),
        "text/html; charset=utf-8",
        "{path}"
    );
    Some(text)
}

#[tokio::test]
async fn its_card_is_in_it_in_the_readers_language() {
    with_sqlite(Setup::default(), async |app| {
        app.sign_up("ana@example.com").await;
        let nobody = app.nobody();
        for (caller, code, words) in [
            (nobody.clone(), "en", ["Sign in", "Password"]),
            (
                nobody.with("accept-language", "es-ES,es;q=0.9"),
                "es",
                ["Iniciar sesión", "Contraseña"],
            ),
            // What was chosen at the screen wins over what the browser asks for.
            (
                nobody
                    .with("accept-language", "es")
                    .with("cookie", "parallax_language=en"),
                "en",
                ["Sign in", "Password"],
            ),
        ] {
            let Some(text) = page(&caller, "/sign-in?next=/keys%22%3E%3Cb%3E").await else {
                return;
            };
            assert!(text.contains(CARD) && !text.contains(SKELETON), "{text}");
            assert!(text.contains(&format!("<html lang=\"{code}\">")), "{text}");
            let [title, password] = words;
            assert!(text.contains(&format!("<title>{title} · Parallax</title>")));
            assert!(text.contains(&format!("<h1>{title}</h1>")), "{text}");
            assert!(text.contains(&format!("<label for=\"early-password\">{password}</label>")));
            for field in [
                "type=\"email\" name=\"email\" autocomplete=\"username\"",
                "type=\"password\" name=\"password\" autocomplete=\"current-password\"",
            ] {
                assert!(text.contains(field), "{text}");
            }
            // A password never comes into an address, and nothing of an address into the page.
            assert!(text.contains("method=\"dialog\"") && !text.contains("action="));
            assert!(!text.contains("next=") && !text.contains("%22"), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn it_is_kept_by_language_and_caller_and_packed() {
    with_sqlite(Setup::default(), async |app| {
        app.sign_up("ana@example.com").await;
        let english = app.nobody();
        let spanish = english.with("accept-language", "es");
        let plain = get(&english, "/sign-in").await;
        if plain.status == 404 {
            return;
        }
        assert_eq!(plain.header("cache-control"), "private, no-cache");
        for part in ["accept-language", "accept-encoding", "cookie"] {
            assert!(
                plain.header("vary").contains(part),
                "{}",
                plain.header("vary")
            );
        }
        let tag = plain.header("etag");
        assert_ne!(tag, get(&spanish, "/sign-in").await.header("etag"));
        for (caller, status) in [(&english, 304), (&spanish, 200)] {
            let known = get(&caller.with("if-none-match", tag), "/sign-in").await;
            assert_eq!(known.status, status);
        }
        let packed = get(&english.with("accept-encoding", "gzip, br"), "/sign-in").await;
        assert_eq!(packed.header("content-encoding"), "br");
        assert_eq!(packed.header("etag"), format!("W/{tag}"));
        let mut unpacked = Vec::new();
        brotli::Decompressor::new(&packed.body[..], 4_096)
            .read_to_end(&mut unpacked)
            .expect("unpacked");
        assert_eq!(unpacked, plain.body);
        let known = english
            .with("accept-encoding", "br")
            .with("if-none-match", packed.header("etag"));
        assert_eq!(get(&known, "/sign-in").await.status, 304);
    })
    .await;
}

#[tokio::test]
async fn who_cannot_use_the_card_does_not_get_it() {
    with_sqlite(Setup::default(), async |app| {
        // There is no account that somebody could sign in to.
        let Some(text) = page(&app.nobody(), "/sign-in").await else {
            return;
        };
        assert!(text.contains(SKELETON) && !text.contains(CARD), "{text}");
        let ana = app.sign_up("ana@example.com").await;
        let there = page(&ana, "/sign-in").await.expect("a page");
        assert_eq!(there, text, "who is signed in is led on");
        for path in ["/", "/sign-up", "/keys"] {
            let other = page(&app.nobody(), path).await.expect("a page");
            assert_eq!(other, text, "{path}");
        }
        let posted = app
            .nobody()
            .send(Method::POST, "/sign-in", Body::from("password=secret"))
            .await;
        assert_eq!(posted.status, 405);
    })
    .await;
}

#[tokio::test]
async fn the_way_to_an_account_is_in_it_where_it_is_open() {
    with_sqlite(Setup::default(), async |app| {
        let admin = app.admin().await;
        let link = "<a href=\"sign-up\">";
        let Some(text) = page(&app.nobody(), "/sign-in").await else {
            return;
        };
        assert!(text.contains(link), "{text}");
        let closed = json!({"settings": {"open_sign_up": false}});
        admin
            .call("accounts/save-settings", &closed)
            .await
            .expect(200);
        let text = page(&app.nobody(), "/sign-in").await.expect("a page");
        assert!(!text.contains(link), "{text}");
    })
    .await;
}

#[tokio::test]
async fn below_a_prefix_all_its_addresses_follow() {
    let setup = Setup {
        environment: &[("PARALLAX_URL", "https://plx.example/watch")],
        ..Setup::DEFAULT
    };
    with_sqlite(setup, async |app| {
        app.admin().await;
        for path in ["/watch/sign-in", "/sign-in"] {
            let Some(text) = page(&app.nobody(), path).await else {
                return;
            };
            assert!(text.contains(CARD), "{path}: {text}");
            let base = "<base href=\"/watch/\"";
            assert_eq!(text.matches("<base ").count(), 1, "{path}");
            let rest = text.replacen(base, "", 1);
            for absolute in ["href=\"/", "src=\"/", "content=\"/", "'/", "url(/"] {
                assert!(!rest.contains(absolute), "{path}: {absolute}");
            }
        }
    })
    .await;
}

/// What the policy does not name by its hash, the browser does not run.
#[tokio::test]
async fn the_policy_lets_its_scripts_run_and_no_others() {
    with_sqlite(Setup::default(), async |app| {
        app.sign_up("ana@example.com").await;
        let reply = get(&app.nobody(), "/sign-in").await;
        if reply.status == 404 {
            return;
        }
        let text = String::from_utf8_lossy(&reply.body);
        let policy = reply.header("content-security-policy");
        let scripts: Vec<&str> = text
            .split("<script")
            .skip(1)
            .filter_map(|rest| {
                let (attributes, rest) = rest.split_once('>')?;
                (!attributes.contains("src=")).then_some(rest.split_once("</script>")?.0)
            })
            .collect();
        assert!(scripts.len() >= 2, "{text}");
        for script in scripts {
            let hash = STANDARD.encode(Sha256::digest(script.as_bytes()));
            assert!(policy.contains(&format!("'sha256-{hash}'")), "{script}");
        }
        for handler in ["onsubmit", "onload", "onclick", "javascript:"] {
            assert!(!text.contains(handler), "{handler}");
        }
    })
    .await;
}
