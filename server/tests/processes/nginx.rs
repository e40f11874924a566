//! Behind Debian's nginx with TLS, by the file that the repository offers: cookies, origins,
//! limits, compression, streams, and whom it passes on.

use std::time::Duration;

use reqwest::header::{CONTENT_ENCODING, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{RequestBuilder, Version};
use serde_json::{Value, json};

use crate::support::client::questions;
use crate::support::home::{ADMIN, Home, PASSWORD, with_sqlite};
use crate::support::nginx::Site;
use crate::support::simulator::Simulator;

/// How the application is reached through nginx.
struct ProxyPath {
    /// Below which path.
    prefix: &'static str,
    /// Whether nginx takes that off.
    strips: bool,
    /// Of the cookie.
    cookie: &'static str,
    path: &'static str,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_the_root() {
    let proxy_path = ProxyPath {
        prefix: "",
        strips: false,
        cookie: "__Host-parallax_session",
        path: "/",
    };
    with_sqlite(async |home| check_through_nginx(home, &proxy_path).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn below_a_path_that_is_passed_on() {
    let proxy_path = ProxyPath {
        prefix: "/parallax",
        strips: false,
        cookie: "__Secure-parallax_session",
        path: "/parallax",
    };
    with_sqlite(async |home| check_through_nginx(home, &proxy_path).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn below_a_path_that_is_taken_off() {
    let proxy_path = ProxyPath {
        prefix: "/parallax",
        strips: true,
        cookie: "__Secure-parallax_session",
        path: "/parallax",
    };
    with_sqlite(async |home| check_through_nginx(home, &proxy_path).await).await;
}

impl ProxyPath {
    /// What an operator changes in the file for this path.
    fn change(&self, file: String) -> String {
        let file = match self.prefix {
            "" => file,
            prefix => replace_one(&file, "location / {", &format!("location {prefix}/ {{")),
        };
        if !self.strips {
            return file;
        }
        let rewrite = format!("rewrite ^{}(/.*)$ $1 break;", self.prefix);
        file.replace(
            "proxy_pass http://parallax;",
            &format!("{rewrite} proxy_pass http://parallax;"),
        )
    }
}

fn replace_one(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to)
}

/// Somebody in front of nginx.
struct Visitor<'a> {
    http: reqwest::Client,
    site: &'a Site,
    base: String,
}

impl Visitor<'_> {
    fn call(&self, function: &str, arguments: &Value) -> RequestBuilder {
        self.http
            .post(format!("{}/api/fn/{function}", self.base))
            .header("content-type", "application/json")
            .header(ORIGIN, self.site.url())
            .header("sec-fetch-site", "same-origin")
            .body(arguments.to_string())
    }

    fn sign_in(&self, password: &str) -> RequestBuilder {
        let draft = json!({"draft": {"email": ADMIN, "password": password}});
        self.call("accounts/sign-in", &draft)
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.base))
    }
}

async fn status(request: RequestBuilder) -> u16 {
    request
        .send()
        .await
        .expect("nginx answers")
        .status()
        .as_u16()
}

async fn check_through_nginx(home: &Home, proxy_path: &ProxyPath) {
    let site = Site::make(home).await;
    let base = format!("{}{}", site.url(), proxy_path.prefix);
    let simulator = Simulator::start(home, &["--latency", "4000"]).await;
    let mut environment = simulator.environment();
    environment.push(("PARALLAX_URL", base.clone()));
    environment.push(("PARALLAX_TRUSTED_PROXIES", "127.0.0.1".to_owned()));
    let host = home.serve(&environment).await;
    let _nginx = site
        .serve(home, &host.program.origin, |file| proxy_path.change(file))
        .await;
    let visitor = |last_part: u8| Visitor {
        http: site.client(last_part),
        site: &site,
        base: base.clone(),
    };

    let ana = visitor(3);
    let cookie = signed_in(&ana, proxy_path).await;
    other_sites_change_nothing(&ana, &cookie).await;
    sizes(&ana, &cookie).await;
    events_arrive_before_the_end(&ana, &cookie, &host.client).await;
    guesses_count_for_the_guesser(&visitor(2), &visitor(3)).await;

    let plain = ana.http.get(format!("{}/projects/1", site.plain_url()));
    let moved = plain.send().await.expect("nginx answers");
    assert_eq!(moved.status(), 308);
    assert_eq!(
        moved.headers()[LOCATION],
        format!("{}/projects/1", site.url())
    );
    host.program.stop().await;
}

/// Signs in; the cookie as the browser sends it back.
async fn signed_in(ana: &Visitor<'_>, proxy_path: &ProxyPath) -> String {
    let reply = ana.sign_in(PASSWORD).send().await.expect("nginx answers");
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.version(), Version::HTTP_2);
    assert_eq!(
        reply.headers()["strict-transport-security"],
        "max-age=31536000"
    );
    let set = reply.headers()[SET_COOKIE].to_str().expect("text");
    let (pair, attributes) = set.split_once(';').expect("attributes");
    assert!(
        pair.starts_with(&format!("{}=", proxy_path.cookie)),
        "{set}"
    );
    let attributes: Vec<&str> = attributes.split(';').map(str::trim).collect();
    for attribute in [
        "Secure",
        "HttpOnly",
        "SameSite=Lax",
        &format!("Path={}", proxy_path.path),
    ] {
        assert!(attributes.contains(&attribute), "{attribute}: {set}");
    }
    let cookie = pair.to_owned();
    let session = ana
        .call("accounts/session", &json!({}))
        .header("cookie", &cookie);
    let session = session.send().await.expect("nginx answers");
    assert_eq!(session.status(), 200);
    assert!(session.text().await.expect("a body").contains(ADMIN));
    cookie
}

async fn other_sites_change_nothing(ana: &Visitor<'_>, cookie: &str) {
    let token = |origin: &str| {
        ana.http
            .post(format!("{}/api/fn/accounts/create-token", ana.base))
            .header("content-type", "application/json")
            .header("cookie", cookie)
            .header(ORIGIN, origin)
            .body(json!({"name": "stolen"}).to_string())
    };
    let suffix = format!("{}.evil.example", ana.site.url());
    for origin in [
        "https://evil.example",
        "https://parallax.example",
        &suffix,
        "null",
    ] {
        assert_eq!(status(token(origin)).await, 403, "{origin}");
    }
}

async fn sizes(ana: &Visitor<'_>, cookie: &str) {
    let packed = ana
        .get("/api/openapi.json")
        .header("accept-encoding", "gzip");
    let packed = packed.send().await.expect("nginx answers");
    assert_eq!(packed.headers()[CONTENT_ENCODING], "gzip");
    let (packed, whole) = (
        packed.bytes().await,
        ana.get("/api/openapi.json").send().await,
    );
    let whole = whole.expect("nginx answers").bytes().await.expect("a body");
    assert!(packed.expect("a body").len() * 3 < whole.len());

    let megabytes = |count: usize| "x".repeat(count << 20);
    let large = ana.call("accounts/session", &json!({})).body(megabytes(2));
    assert_eq!(status(large).await, 413);
    let send_file = |path: &str, size: usize| {
        ana.http
            .post(format!("{}/api/llm-monitoring{path}", ana.base))
            .header("cookie", cookie)
            .header(ORIGIN, ana.site.url())
            .header("content-type", "text/csv")
            .body(megabytes(size))
    };
    // nginx lets it through; the host says that there is no such project.
    let passed = send_file("/projects/999/queries/csv?dry_run=true", 3)
        .send()
        .await;
    let passed = passed.expect("nginx answers");
    assert_eq!(passed.status(), 404);
    assert_eq!(passed.headers()["content-type"], "application/problem+json");
    assert_eq!(
        status(send_file("/projects/999/queries/csv?dry_run=true", 33)).await,
        413
    );
}

async fn events_arrive_before_the_end(
    ana: &Visitor<'_>,
    cookie: &str,
    direct: &crate::support::client::Client,
) {
    let project = direct.project("Soap", questions(2)).await;
    let run = direct.start(project).await;
    let stream = ana
        .get(&format!("/api/runs/{run}/events"))
        .header("cookie", cookie);
    let mut stream = stream.send().await.expect("nginx answers");
    assert_eq!(stream.status(), 200);
    assert!(stream.headers().get(CONTENT_ENCODING).is_none());
    let first = stream.chunk().await.expect("an event").expect("an event");
    assert!(
        String::from_utf8_lossy(&first).starts_with("data:"),
        "{first:?}"
    );
    // Its providers take seconds: had nginx kept the event back, the run would be over.
    assert!(!direct.progress(run).await.status.is_over());
    direct.over(run, Duration::from_secs(30)).await;
    let mut rest = String::new();
    while let Some(piece) = stream.chunk().await.expect("the rest") {
        rest.push_str(&String::from_utf8_lossy(&piece));
    }
    assert!(rest.contains("event: end"), "{rest}");
}

/// Last, as it locks one of the two out.
async fn guesses_count_for_the_guesser(guesser: &Visitor<'_>, ana: &Visitor<'_>) {
    for number in 0..10 {
        let forged = format!("127.0.0.3, 198.51.100.{number}");
        let guess = guesser
            .sign_in("wrong, wrong, wrong")
            .header("x-forwarded-for", forged);
        let status = status(guess).await;
        assert!(matches!(status, 401 | 429), "{status}");
    }
    let forged = guesser
        .sign_in(PASSWORD)
        .header("x-forwarded-for", "127.0.0.3");
    assert_eq!(status(forged).await, 429);
    assert_eq!(status(ana.sign_in(PASSWORD)).await, 200);
}
