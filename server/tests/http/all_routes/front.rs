//! Names, origins and addresses: under which name the host is called, from which page a request
//! comes, and whom a proxy passes on.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Caller, PASSWORD, Setup, TestApp, rest_project, with_sqlite};

const GIVEN: Setup = reached(&[("PARALLAX_URL", "https://plx.example")]);
const BELOW: Setup = reached(&[("PARALLAX_URL", "https://plx.example/watch")]);
const BEHIND: Setup = reached(&[("PARALLAX_TRUSTED_PROXIES", "127.0.0.1")]);

const fn reached(environment: &'static [(&'static str, &'static str)]) -> Setup {
    Setup {
        environment,
        ..Setup::DEFAULT
    }
}

async fn sign_in(caller: &Caller<'_>, password: &str) -> StatusCode {
    let draft = json!({"draft": {"email": "ana@example.com", "password": password}});
    caller.call("accounts/sign-in", &draft).await.status
}

async fn page(caller: &Caller<'_>, path: &str) -> (u16, String) {
    let reply = caller
        .with("accept", "text/html")
        .send(Method::GET, path, Body::empty())
        .await;
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    (reply.status.as_u16(), text)
}

#[tokio::test]
async fn without_an_address_only_names_lead_here_that_nobody_can_bend() {
    with_sqlite(Setup::default(), async |app| {
        for host in [
            "localhost:3000",
            "parallax.localhost",
            "127.0.0.1:3000",
            "192.168.1.5",
            "[::1]:3000",
        ] {
            let caller = app.nobody().with("host", host);
            caller
                .call("accounts/session", &json!({}))
                .await
                .expect(200);
        }
        for host in [
            "evil.example",
            "evil.example:3000",
            "localhost.evil.example",
            "127.0.0.1.nip.example",
            "",
        ] {
            let caller = app.nobody().with("host", host);
            let told = caller.get("/projects").await.problem(421);
            let title = told["title"].as_str().expect("words");
            assert!(title.contains("PARALLAX_URL=https://"), "{title}");
            let session = caller.call("accounts/session", &json!({})).await;
            assert_eq!(session.expect(421)["message"], title);
            let (status, words) = page(&caller, "/sign-up").await;
            assert_eq!(status, 421, "{words}");
            assert!(words.contains("PARALLAX_URL=https://"), "{words}");
            assert!(
                !words.contains("evil") && !title.contains("evil"),
                "{words}"
            );
            // Whoever watches over the host may call it anything.
            caller.get("/health").await.expect(200);
        }
        let spanish = app
            .nobody()
            .with("host", "evil.example")
            .with("accept-language", "es");
        let told = spanish.get("/projects").await.problem(421);
        assert!(
            told["title"]
                .as_str()
                .is_some_and(|title| title.starts_with("Esta instancia"))
        );
    })
    .await;
}

#[tokio::test]
async fn a_page_whose_name_was_bent_to_this_machine_changes_nothing() {
    for setup in [Setup::default(), GIVEN] {
        with_sqlite(setup, async |app| {
            let draft = json!({"draft": {"email": "eve@example.com", "password": PASSWORD, "invitation": null}});
            for origin in ["http://evil.example", "http://evil.example:3000", "null"] {
                let host = origin.strip_prefix("http://").unwrap_or("evil.example");
                let bent = app
                    .nobody()
                    .with("host", host)
                    .with("origin", origin)
                    .with("sec-fetch-site", "same-origin");
                let refused = bent.call("accounts/sign-up", &draft).await;
                assert!(matches!(refused.status.as_u16(), 403 | 421), "{}", refused.status);
            }
            assert_eq!(app.count("users").await, 0);
        })
        .await;
    }
}

#[tokio::test]
async fn the_operators_address_is_the_origin_whatever_name_the_proxy_sends() {
    with_sqlite(GIVEN, async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let program = ana.program().await;
        let project = program.make_project("Watch").await;
        let run = format!("/projects/{project}/analyze?wait=true");
        for host in [
            "127.0.0.1:3000",
            "upstream",
            "plx.example",
            "parallax_backend:3000",
        ] {
            for caller in [&ana, &program] {
                let caller = caller.with("host", host);
                let own = caller
                    .with("origin", "https://plx.example")
                    .with("sec-fetch-site", "same-origin");
                own.post(&run, &json!({})).await.expect(200);
                for origin in [
                    "https://evil.example",
                    "https://plx.example.evil.example",
                    "https://evilplx.example",
                    "https://plx.example:8443",
                    "http://plx.example",
                    "https://plx.example, https://evil.example",
                    "https://plx.example/",
                    "http://upstream",
                    "http://parallax_backend:3000",
                    "null",
                ] {
                    let refused = caller.with("origin", origin).post(&run, &json!({})).await;
                    refused.problem(403);
                }
                let forged = own.with("sec-fetch-site", "cross-site");
                forged.post(&run, &json!({})).await.problem(403);
                let twice = own.with("origin", "https://evil.example");
                twice.post(&run, &json!({})).await.problem(403);
            }
        }
        // Whoever sits at the machine opens it by a literal address.
        let here = program
            .with("host", "127.0.0.1:3000")
            .with("origin", "http://127.0.0.1:3000");
        here.post("/projects", &rest_project("Here"))
            .await
            .expect(201);
        let elsewhere = program
            .with("host", "127.0.0.1:3000")
            .with("origin", "http://127.0.0.1:8080");
        elsewhere
            .post("/projects", &rest_project("There"))
            .await
            .problem(403);
    })
    .await;
}

/// The cookies that a sign-in sets, in order.
async fn cookies_of_sign_in(caller: &Caller<'_>) -> Vec<String> {
    let draft = json!({"draft": {"email": "ana@example.com", "password": PASSWORD}});
    let reply = caller.call("accounts/sign-in", &draft).await;
    reply.expect(200);
    let lines = reply.headers.get_all("set-cookie").iter();
    lines
        .map(|line| line.to_str().expect("text").to_owned())
        .collect()
}

async fn sees_projects(app: &TestApp, cookie: &str) -> u16 {
    let caller = app.nobody().with("cookie", cookie);
    caller.get("/projects").await.status.as_u16()
}

#[tokio::test]
async fn cookies_follow_from_the_operators_address() {
    for (setup, name, path) in [
        (GIVEN, "__Host-parallax_session", "/"),
        (BELOW, "__Secure-parallax_session", "/watch"),
        (
            reached(&[("PARALLAX_URL", "http://plx.example")]),
            "parallax_session",
            "/",
        ),
        (
            reached(&[("PARALLAX_URL", "http://plx.example/watch")]),
            "parallax_session",
            "/watch",
        ),
    ] {
        with_sqlite(setup, async |app| {
            app.sign_up("ana@example.com").await;
            let is_https = name != "parallax_session";
            let set = cookies_of_sign_in(&app.nobody().with("x-forwarded-proto", "http")).await;
            assert_eq!(set.len(), 1, "{set:?}");
            let (pair, attributes) = set[0].split_once(';').expect("attributes");
            assert!(pair.starts_with(&format!("{name}=")), "{pair}");
            let attributes: Vec<&str> = attributes.split(';').map(str::trim).collect();
            assert!(
                attributes.contains(&format!("Path={path}").as_str()),
                "{attributes:?}"
            );
            assert_eq!(attributes.contains(&"Secure"), is_https, "{attributes:?}");
            assert!(attributes.contains(&"HttpOnly") && attributes.contains(&"SameSite=Lax"));
            assert!(
                !attributes
                    .iter()
                    .any(|attribute| attribute.starts_with("Domain"))
            );
            assert_eq!(sees_projects(app, pair).await, 200);

            // One that a neighbouring name could have planted is not read, and is taken away.
            let token = pair.split_once('=').expect("a value").1;
            for other in [
                "parallax_session",
                "__Host-parallax_session",
                "__Secure-parallax_session",
            ] {
                let expected = if other == name { 200 } else { 401 };
                assert_eq!(
                    sees_projects(app, &format!("{other}={token}")).await,
                    expected,
                    "{other}"
                );
            }
            let planted = app.nobody().with("cookie", "a=1; parallax_session=planted");
            let set = cookies_of_sign_in(&planted).await;
            assert_eq!(set.len(), if is_https { 2 } else { 1 }, "{set:?}");
            if is_https {
                assert!(
                    set[1].starts_with("parallax_session=;") && set[1].contains("Max-Age=0"),
                    "{set:?}"
                );
            }
            // Of two, browsers send the one of the longest path first.
            assert_eq!(
                sees_projects(app, &format!("{pair}; {name}=of-another")).await,
                200
            );
            assert_eq!(
                sees_projects(app, &format!("{name}=of-another; {pair}")).await,
                401
            );
        })
        .await;
    }
}

#[tokio::test]
async fn a_proxy_is_believed_about_the_scheme_only_where_it_is_trusted() {
    for (setup, peer, is_secure) in [
        (BEHIND, "127.0.0.1", true),
        (BEHIND, "127.0.0.2", false),
        (Setup::default(), "127.0.0.1", false),
    ] {
        with_sqlite(setup, async |app| {
            app.sign_up("ana@example.com").await;
            let caller = app
                .nobody()
                .at_address(peer)
                .with("x-forwarded-proto", "https");
            let set = cookies_of_sign_in(&caller).await;
            assert_eq!(set[0].contains("Secure"), is_secure, "{peer}: {set:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn every_response_of_a_host_behind_https_keeps_to_it() {
    for (setup, expected) in [(GIVEN, "max-age=31536000"), (Setup::default(), "")] {
        with_sqlite(setup, async |app| {
            for path in [
                "/",
                "/api/llm-monitoring/health",
                "/api/nothing",
                "/missing.js",
                "/api/openapi.json",
            ] {
                let reply = app.nobody().send(Method::GET, path, Body::empty()).await;
                let header = |name: &str| {
                    reply
                        .headers
                        .get(name)
                        .map_or("", |value| value.to_str().expect("text"))
                };
                assert_eq!(header("strict-transport-security"), expected, "{path}");
                assert_eq!(
                    header("cross-origin-opener-policy"),
                    "same-origin",
                    "{path}"
                );
                assert_eq!(
                    header("cross-origin-resource-policy"),
                    "same-origin",
                    "{path}"
                );
            }
        })
        .await;
    }
}

#[tokio::test]
async fn behind_a_proxy_guesses_of_one_lock_nobody_else_out() {
    with_sqlite(BEHIND, async |app| {
        app.sign_up("ana@example.com").await;
        let proxy = app.nobody().at_address("127.0.0.1");
        // What the guesser writes itself stands left of what the proxy adds.
        for number in 0..10 {
            let forged = format!("198.51.100.{number}, 203.0.113.9");
            let guess = proxy.with("x-forwarded-for", &forged);
            let status = sign_in(&guess, "wrong, wrong, wrong").await;
            assert!(matches!(status.as_u16(), 401 | 429), "{status}");
        }
        let again = proxy.with("x-forwarded-for", "198.51.100.200, 203.0.113.9");
        assert_eq!(sign_in(&again, PASSWORD).await, 429);
        let other = proxy.with("x-forwarded-for", "198.51.100.7");
        assert_eq!(sign_in(&other, PASSWORD).await, 200);
    })
    .await;
}

#[tokio::test]
async fn without_a_trusted_proxy_the_header_changes_nothing() {
    with_sqlite(Setup::default(), async |app| {
        app.sign_up("ana@example.com").await;
        let peer = app.nobody().at_address("127.0.0.1");
        for number in 0..10 {
            let guess = peer.with("x-forwarded-for", &format!("203.0.113.{number}"));
            sign_in(&guess, "wrong, wrong, wrong").await;
        }
        let other = peer.with("x-forwarded-for", "198.51.100.7");
        assert_eq!(sign_in(&other, PASSWORD).await, 429);
    })
    .await;
}

#[tokio::test]
async fn a_customer_of_ipv6_has_one_bucket_of_guesses() {
    with_sqlite(Setup::default(), async |app| {
        app.sign_up("ana@example.com").await;
        for number in 1..=10 {
            let guess = app.nobody().at_address(&format!("2001:db8:1:2::{number}"));
            sign_in(&guess, "wrong, wrong, wrong").await;
        }
        let same = app.nobody().at_address("2001:db8:1:2:ffff::1");
        assert_eq!(sign_in(&same, PASSWORD).await, 429);
        let neighbour = app.nobody().at_address("2001:db8:1:3::1");
        assert_eq!(sign_in(&neighbour, PASSWORD).await, 200);
    })
    .await;
}

#[tokio::test]
async fn below_a_prefix_both_kinds_of_proxies_find_everything() {
    with_sqlite(BELOW, async |app| {
        let ana = app.sign_up("ana@example.com").await;
        for prefix in ["/watch", ""] {
            let at = |path: &str| format!("{prefix}{path}");
            let get = async |path: &str| ana.send(Method::GET, &at(path), Body::empty()).await;
            get("/api/llm-monitoring/projects").await.expect(200);
            get("/api/nothing").await.problem(404);
            let function = at("/api/fn/accounts/session");
            let session = ana.send(Method::POST, &function, Body::from("{}"));
            session.await.expect(200);
            let document = get("/api/openapi.json").await.expect(200);
            assert_eq!(
                document["servers"],
                json!([{"url": "https://plx.example/watch"}])
            );
            let session = &document["components"]["securitySchemes"]["session"]["name"];
            assert_eq!(session, "__Secure-parallax_session");

            let docs = get("/api/docs").await;
            assert_eq!(docs.status, 308);
            assert_eq!(docs.header("location"), "docs/");
            let start = get("/api/docs/swagger-initializer.js").await;
            let start = String::from_utf8_lossy(&start.body).into_owned();
            assert!(
                start.contains("\"../openapi.json\"") && !start.contains("\"/api"),
                "{start}"
            );

            let (status, review) = page(
                &app.nobody(),
                &at("/api/llm-monitoring/models/approve?token=x"),
            )
            .await;
            assert_eq!(status, 404);
            assert!(
                review.contains("href=\"../../../admin/models\""),
                "{review}"
            );
        }
        let other = ana.send(
            Method::GET,
            "/watcher/api/llm-monitoring/projects",
            Body::empty(),
        );
        assert_ne!(other.await.header("content-type"), "application/json");
    })
    .await;
}

#[tokio::test]
async fn the_page_says_below_which_prefix_everything_lies() {
    for (setup, paths, base) in [
        (
            Setup::default(),
            ["/", "/projects/1", "/sign-in"],
            "<base href=\"/\"",
        ),
        (
            BELOW,
            ["/watch", "/watch/projects/1", "/sign-in"],
            "<base href=\"/watch/\"",
        ),
    ] {
        with_sqlite(setup, async |app| {
            for path in paths {
                let (status, text) = page(&app.nobody(), path).await;
                if text.starts_with("The client is not built") {
                    assert_eq!(status, 404);
                    continue;
                }
                assert_eq!(status, 200, "{path}");
                assert_eq!(text.matches("<base ").count(), 1, "{path}");
                assert!(text.contains(base), "{path}: {text}");
                let rest = text.replacen(base, "", 1);
                for absolute in ["href=\"/", "src=\"/", "content=\"/", "'/", "url(/"] {
                    assert!(!rest.contains(absolute), "{path}: {absolute}");
                }
            }
        })
        .await;
    }
}

/// Where a page's icon is, by the address under which a browser has the page.
fn icon_of(text: &str, address: &str) -> String {
    let (_, rest) = text
        .split_once("<link rel=\"icon\" href=\"")
        .expect("an icon");
    let (path, _) = rest.split_once('"').expect("its end");
    let address = reqwest::Url::parse(address).expect("an address");
    address.join(path).expect("an address").to_string()
}

#[tokio::test]
async fn pages_behind_links_of_mails_have_the_icon_of_the_client() {
    let links = [
        "/confirm-address?token=none",
        "/api/llm-monitoring/models/approve?token=none",
        "/api/llm-monitoring/models/reject?token=none",
    ];
    for (setup, root) in [
        (GIVEN, "https://plx.example"),
        (BELOW, "https://plx.example/watch"),
    ] {
        with_sqlite(setup, async |app| {
            for path in links {
                let (status, text) = page(&app.nobody(), path).await;
                assert_eq!(status, 404, "{text}");
                let icon = icon_of(&text, &format!("{root}{path}"));
                assert_eq!(icon, format!("{root}/favicon.svg"), "{path}");
            }
        })
        .await;
    }
    let icon = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/favicon.svg");
    assert!(icon.is_file());
}

#[tokio::test]
async fn a_request_that_accepts_anything_gets_the_page() {
    with_sqlite(Setup::default(), async |app| {
        let get = async |path: &str, accept: Option<&str>| {
            let nobody = app.nobody();
            let caller = accept.map_or(nobody.clone(), |accept| nobody.with("accept", accept));
            let reply = caller.send(Method::GET, path, Body::empty()).await;
            (reply.status.as_u16(), reply.body)
        };
        for path in ["/", "/projects/1"] {
            let page = get(path, Some("text/html")).await;
            assert_eq!(get(path, None).await, page, "{path}");
            assert_eq!(get(path, Some("*/*")).await, page, "{path}");
        }
        let none = app
            .nobody()
            .send(Method::GET, "/api/nothing", Body::empty())
            .await;
        let told: Value = none.problem(404);
        assert_eq!(told["code"], "not_found");
        assert_eq!(get("/projects/1", Some("application/json")).await.0, 404);
        assert_eq!(get("/missing.js", None).await.0, 404);
        // A domain at the end of a page's address makes it no file.
        let page = get("/projects/1", None).await;
        assert_eq!(get("/projects/1/sources/kipu.example", None).await, page);
    })
    .await;
}

#[tokio::test]
async fn whoever_watches_over_the_host_takes_nothing_from_anybody() {
    with_sqlite(BEHIND, async |app| {
        let proxy = app.nobody().at_address("127.0.0.1");
        for _ in 0..250 {
            proxy.get("/health").await.expect(200);
        }
        let other = proxy.get("/projects").await;
        other.problem(401);
    })
    .await;
}
