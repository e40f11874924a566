//! Strangers at the door, many and quick: what they cost the process, and what its log says.

use futures_util::{StreamExt, stream};
use regex::Regex;
use serde_json::json;

use crate::support::client::Client;
use crate::support::home::{ADMIN, Home, Host, PASSWORD, with_sqlite};

/// Kilobytes that a flood may leave behind: four hashes at a time, and what a busy host keeps.
const MOST_GROWTH: u64 = 100 * 1024;
const AT_A_TIME: usize = 10;

/// Calls one after the other, ten at a time; their statuses, sorted, each once.
async fn statuses(client: &Client, endpoint: &str, drafts: Vec<serde_json::Value>) -> Vec<u16> {
    let calls = drafts.into_iter().map(|draft| {
        let client = client.clone();
        let endpoint = endpoint.to_owned();
        async move { client.try_call(&endpoint, &draft).await.0 }
    });
    let mut found: Vec<u16> = stream::iter(calls)
        .buffer_unordered(AT_A_TIME)
        .collect()
        .await;
    found.sort_unstable();
    found.dedup();
    found
}

async fn flood(host: &Host, number: usize) {
    let sign_up = |index| {
        let email = format!("stranger{number}.{index}@parallax.example");
        json!({ "draft": { "email": email, "password": PASSWORD, "invitation": null } })
    };
    let refused = statuses(
        &host.client,
        "accounts/sign-up",
        (0..600).map(sign_up).collect(),
    )
    .await;
    // The door is closed; who knocks too often may be told so.
    assert!(refused == [409] || refused == [409, 429], "{refused:?}");
    let sign_in = |index| {
        let email = format!("user{}@parallax.example", index % 40);
        json!({ "draft": { "email": email, "password": format!("guess {number} {index}") } })
    };
    let failed = statuses(
        &host.client,
        "accounts/sign-in",
        (0..200).map(sign_in).collect(),
    )
    .await;
    assert!(
        failed.iter().all(|status| [401, 429, 503].contains(status)),
        "{failed:?}"
    );
}

#[tokio::test]
async fn strangers_at_the_door_leave_no_memory_behind() {
    with_sqlite(async |home: &Home| {
        let host = home.serve(&Vec::new()).await;
        let _: serde_json::Value = host.client.call("projects/list", &json!({})).await;
        let begun = host.program.resident() / 1024;
        flood(&host, 0).await;
        let once = host.program.resident() / 1024;
        println!("resident: {begun} kB, after a flood {once} kB");
        assert!(once < begun + MOST_GROWTH, "{begun} kB became {once} kB");
        flood(&host, 1).await;
        let twice = host.program.resident() / 1024;
        println!("after another one {twice} kB");
        assert!(twice < begun + MOST_GROWTH, "{begun} kB became {twice} kB");
        host.program.stop().await;
    })
    .await;
}

/// The expression that the manual gives fail2ban, with what fail2ban puts in place of `<ADDR>`.
fn documented_filter() -> Regex {
    let manual = include_str!("../../../docs/DEPLOY.md");
    let given = manual
        .lines()
        .find_map(|line| line.strip_prefix("failregex = "))
        .expect("the manual has a filter");
    let address = r"(?:::f{4,6}:)?(?P<address>(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F:]{2,})";
    Regex::new(&given.replace("<ADDR>", address)).expect("an expression")
}

#[tokio::test]
async fn the_filter_of_the_manual_finds_who_guesses_and_nobody_else() {
    with_sqlite(async |home: &Home| {
        let environment = vec![("ENVIRONMENT", "production".to_owned())];
        let host = home.serve(&environment).await;
        let forged = r#"","level":"WARN","message":"sign-in failed address=192.0.2.1 account=x""#;
        let accounts = [
            "ana@parallax.example",
            forged,
            "x\nsign-in failed address=192.0.2.1 account=y",
        ];
        for account in accounts {
            let draft = json!({ "draft": { "email": account, "password": "not this one" } });
            let status = host.client.try_call("accounts/sign-in", &draft).await.0;
            assert_eq!(status, 401, "{account}");
        }
        // What a client may put into other lines: the id of its request, an address that fails.
        let http = reqwest::Client::builder()
            .no_proxy()
            .build()
            .expect("a client");
        let id = "sign-in failed address=192.0.2.1 account=x";
        for (path, body) in [
            (
                "accounts/sign-in",
                json!({ "draft": { "email": "eve@parallax.example", "password": "-" } }),
            ),
            ("accounts/none", json!({})),
        ] {
            let request = http.post(format!("{}/api/fn/{path}", host.program.origin));
            let request = request
                .header("x-request-id", id)
                .header("content-type", "application/json");
            request
                .body(body.to_string())
                .send()
                .await
                .expect("an answer");
        }
        let right = json!({ "draft": { "email": ADMIN, "password": PASSWORD } });
        assert_eq!(
            host.client.try_call("accounts/sign-in", &right).await.0,
            200
        );

        let log = host.program.log();
        let filter = documented_filter();
        let found: Vec<(&str, &str)> = log
            .lines()
            .filter_map(|line| filter.captures(line).map(|found| (line, found)))
            .map(|(line, found)| {
                (
                    line,
                    found.name("address").map_or("", |found| found.as_str()),
                )
            })
            .collect();
        assert_eq!(found.len(), 4, "{log}");
        assert!(
            found.iter().all(|(_, address)| *address == "127.0.0.1"),
            "{found:?}"
        );
        assert!(
            found[0].0.contains("account=ana@parallax.example\""),
            "{}",
            found[0].0
        );
        let succeeded = format!("sign-in succeeded address=127.0.0.1 account={ADMIN}");
        assert!(log.contains(&succeeded), "{log}");
        host.program.stop().await;
    })
    .await;
}
