//! The command line: accounts, what the adapters and the detector print, and how `serve`
//! starts, refuses to, and ends.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::home::{ADMIN, Home, PASSWORD, with_empty_sqlite};
use crate::support::on_both_databases;
use crate::support::program::{parallax, run};

/// The keys that `parallax inspect` prints.
const INSPECTED: [&str; 16] = [
    "outcome",
    "error_class",
    "retry",
    "retry_after_ms",
    "text",
    "finish",
    "model_served",
    "input_tokens",
    "output_tokens",
    "cached_tokens",
    "reasoning_tokens",
    "searches",
    "cost_reported_nano_usd",
    "citations",
    "search_queries",
    "request_id",
];

fn nothing() -> Vec<(&'static str, String)> {
    Vec::new()
}

on_both_databases! {
    empty;

    async fn accounts_and_tokens(home: &Home) {
        home.run(&["migrate"], &nothing(), "").await.printed();
        home.run(&["migrate"], &nothing(), "").await.printed();
        let add = |email: &'static str| ["user", "add", email, "--password-stdin"];
        let weak = home.run(&add("editor@parallax.example"), &nothing(), "short\n").await.said();
        assert!(weak.contains("10"), "{weak}");
        let invalid = home.run(&add("nobody"), &nothing(), PASSWORD).await.said();
        assert!(!invalid.trim().is_empty());
        let line = format!("{PASSWORD}\r\n");
        let added = home.run(&add("Editor@Parallax.example"), &nothing(), &line).await.printed();
        assert!(added.contains("editor@parallax.example"), "{added}");
        let twice = home.run(&add("editor@parallax.example"), &nothing(), PASSWORD).await.said();
        assert!(twice.contains("taken"), "{twice}");
        let unknown = home.run(&["token", "nobody@parallax.example"], &nothing(), "").await.said();
        assert!(unknown.contains("no user nobody@parallax.example"), "{unknown}");

        let host = home.serve(&nothing()).await;
        let session: Value = host.client.call("projects/list", &json!({})).await;
        assert_eq!(session, json!([]));
        let token = home.run(&["token", ADMIN], &nothing(), "").await.printed();
        assert!(token.starts_with("plx_") && token.lines().count() == 1, "{token}");
        for (given, status) in [(token.as_str(), 200), ("plx_wrong", 401)] {
            let client = crate::support::client::Client::new(&host.program.origin, given);
            assert_eq!(client.try_call("projects/list", &json!({})).await.0, status, "{given}");
        }
        // The password stands in the database as argon2 made it, and opens the door.
        let sign_in = json!({ "draft": { "email": "editor@parallax.example", "password": PASSWORD } });
        let (status, body) = host.client.try_call("accounts/sign-in", &sign_in).await;
        assert_eq!(status, 200, "{body}");
    }

    async fn a_host_starts_and_ends_in_a_moment(home: &Home) {
        home.run(&["migrate"], &nothing(), "").await.printed();
        let host = home.start(&["serve"], &nothing()).await;
        let ready_after = host.ready_after;
        let took = host.stop().await;
        println!("ready after {ready_after:?}, ended {took:?} after SIGTERM");
        assert!(ready_after < Duration::from_secs(5) && took < Duration::from_secs(5));
    }

    async fn the_doctor_says_what_to_do(home: &Home) {
        let with = |pairs: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
            pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
        };
        let line = |done: &crate::support::program::Done, name: &str| {
            let found = done.stdout.lines().find(|line| line[5..].starts_with(name));
            found.unwrap_or_else(|| panic!("{name}: {done:?}")).to_owned()
        };
        // Nothing is there yet.
        let done = home.run(&["doctor"], &nothing(), "").await;
        assert_eq!(done.code, Some(1), "{done:?}");
        assert!(line(&done, "database").contains("parallax migrate"));
        assert!(done.stderr.contains("checks failed"), "{done:?}");

        // A host that was started once is well, and a key that it stored can be opened.
        let host = home.serve(&nothing()).await;
        let (status, _) = host.client.rest(
            reqwest::Method::PUT, "/api-keys", Some(&json!({"openai_api_key": "sk-0123456789"})),
        ).await;
        assert_eq!(status, 200);
        let done = home.run(&["doctor"], &nothing(), "").await;
        assert_eq!(done.code, Some(0), "{done:?}");
        assert!(line(&done, "API keys").starts_with("ok   API keys: all 1"), "{done:?}");
        assert!(line(&done, "mail").starts_with("note "), "{done:?}");
        assert!(line(&done, "address").contains("for this machine alone"), "{done:?}");

        // Behind a proxy that nobody named all people are one.
        let public = ("PARALLAX_URL", "https://plx.example/watch");
        for (pairs, begin) in [
            (&[public][..], "note address: https://plx.example/watch; PARALLAX_TRUSTED_PROXIES"),
            (&[public, ("PARALLAX_TRUSTED_PROXIES", "127.0.0.1")], "ok   address: https://plx.example/watch"),
            (&[("PARALLAX_LISTEN", "0.0.0.0:3000")], "note address: PARALLAX_URL is not set"),
        ] {
            let done = home.run(&["doctor"], &with(pairs), "").await;
            assert!(line(&done, "address").starts_with(begin), "{done:?}");
        }

        // Keys of the environment as files of variables and clipboards leave them.
        let copied = with(&[
            ("OPENAI_API_KEY", "\"sk-abc1234567890\""),
            ("ANTHROPIC_API_KEY", "Bearer sk-ant-abc1234567890"),
            ("GOOGLE_API_KEY", "AIza-abc1234567890\u{200b}"),
        ]);
        let done = home.run(&["doctor"], &copied, "").await;
        let counted = line(&done, "keys of the environment");
        assert!(counted.starts_with("ok   keys of the environment: 3 for"), "{counted}");
        for (name, value) in &copied {
            let is_told = |line: &str| line.starts_with("note ") && line.contains(name);
            assert!(done.stdout.lines().any(is_told), "{name}: {done:?}");
            assert!(!done.stdout.contains(value.as_str()), "{done:?}");
        }

        for (name, pairs) in [
            ("configuration", &[("OPENAI_API_KEY", "sk-abc 1234567890")][..]),
            ("API keys", &[("ENCRYPTION_KEY", "ab".repeat(32).as_str())]),
            ("jobs over HTTP", &[("CRON_TOKEN", "short")]),
            ("configuration", &[("PORT", "no port"), ("PARALLAX_LISTEN", "")]),
            ("mail", &[("SMTP_URL", "smtp://127.0.0.1:1"), ("SMTP_FROM", "a@parallax.example")]),
            ("database", &[("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")]),
        ] {
            let done = home.run(&["doctor"], &with(pairs), "").await;
            assert_eq!(done.code, Some(1), "{done:?}");
            assert!(line(&done, name).starts_with("FAIL "), "{name}: {done:?}");
        }
        let database = home.database().await;
        database.execute("UPDATE llm_model_registry SET is_current = FALSE WHERE provider = 'google'").await;
        let done = home.run(&["doctor"], &nothing(), "").await;
        assert!(line(&done, "models").contains("Gemini"), "{done:?}");
    }

    async fn a_taken_port_is_named(home: &Home) {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = taken.local_addr().expect("its address").to_string();
        let environment = vec![("PARALLAX_LISTEN", address.clone())];
        let said = home.run(&["serve"], &environment, "").await.said();
        assert!(said.contains(&address) && said.contains("PARALLAX_LISTEN"), "{said}");
    }
}

#[tokio::test]
async fn wrong_usage_is_told_apart_from_failure() {
    with_empty_sqlite(async |home| {
        for arguments in [
            &[][..],
            &["nonsense"],
            &["user", "add"],
            &["user", "add", "a@parallax.example"],
            &["serve", "--nonsense"],
            &["simulate", "--fail", "often"],
            &["key"],
            &["inspect"],
        ] {
            let done = home.run(arguments, &nothing(), "").await;
            assert_eq!(
                (done.code, done.stdout.as_str()),
                (Some(2), ""),
                "{arguments:?} {done:?}"
            );
            assert!(
                done.stderr.contains("Usage") || done.stderr.contains("--help"),
                "{done:?}"
            );
        }
        let help = home.run(&["--help"], &nothing(), "").await.printed();
        for command in [
            "serve", "migrate", "user", "token", "key", "inspect", "detect", "simulate",
        ] {
            assert!(help.contains(command), "{command}");
        }
    })
    .await;
}

#[tokio::test]
async fn wrong_settings_are_named() {
    with_empty_sqlite(async |home| {
        for (name, value) in [
            ("DATABASE_URL", "mysql://here/there"),
            ("PARALLAX_LISTEN", "somewhere"),
            ("ENCRYPTION_KEY", "abc"),
            ("SECRET_KEY", "short"),
            ("OPENAI_BASE_URL", "nowhere"),
            ("OPENAI_API_KEY_FILE", "/nonexistent/key"),
            ("PARALLAX_DATA_DIR", "/proc/nowhere"),
        ] {
            let said = home
                .run(&["serve"], &vec![(name, value.to_owned())], "")
                .await
                .said();
            assert!(
                said.starts_with("parallax: ") && said.contains(name),
                "{name}: {said}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_recording_is_inspected() {
    let folder = tempfile::tempdir().expect("a folder");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/providers");
    let mut classes = BTreeSet::new();
    for file in fs::read_dir(fixtures).expect("fixtures") {
        let bytes = fs::read(file.expect("a file").path()).expect("a fixture");
        let recordings: Vec<Value> = serde_json::from_slice(&bytes).expect("recordings");
        for recording in recordings {
            let path = folder.path().join("recording.json");
            fs::write(&path, recording.to_string()).expect("written");
            let mut command = parallax();
            command.arg("inspect").arg(&path);
            let printed: Value =
                serde_json::from_str(&run(command, "").await.printed()).expect("JSON");
            let printed = printed.as_object().expect("an object");
            let keys: BTreeSet<&str> = printed.keys().map(String::as_str).collect();
            assert_eq!(keys, BTreeSet::from(INSPECTED));
            for (key, expected) in recording["expected"].as_object().expect("what is expected") {
                assert_eq!(&printed[key], expected, "{key} of {}", recording["name"]);
            }
            classes.insert(printed["error_class"].to_string());
        }
    }
    assert!(classes.contains("null") && classes.len() > 3, "{classes:?}");

    let path = folder.path().join("recording.json");
    fs::write(&path, "{").expect("written");
    for file in [path.as_path(), &folder.path().join("none.json")] {
        let mut command = parallax();
        command.arg("inspect").arg(file);
        let said = run(command, "").await.said();
        assert!(said.starts_with("parallax: "), "{said}");
    }
}

#[test]
fn who_has_read_enough_ends_a_command_quietly() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("recording.json");
    let text = "Verrin lasts. ".repeat(50_000);
    let body = json!({"choices": [{"message": {"content": text}, "finish_reason": "stop"}]});
    let recording = json!({"provider": "compatible", "api": "chat",
        "response": {"status": 200, "headers": {}, "body": body}});
    fs::write(&path, recording.to_string()).expect("written");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_parallax"));
    command.arg("inspect").arg(&path);
    command.stdout(std::process::Stdio::piped());
    command.stderr(std::process::Stdio::piped());
    let mut running = command.spawn().expect("it starts");
    // Nobody reads more than nothing of it.
    drop(running.stdout.take());
    let ended = running.wait_with_output().expect("it ends");
    assert!(ended.status.success(), "{:?}", ended.status);
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}

#[tokio::test]
async fn a_text_is_searched_for_entities() {
    let folder = tempfile::tempdir().expect("a folder");
    let entities = folder.path().join("entities.json");
    let list = json!([
        { "key": "brand", "name": "Ñandú", "aliases": ["Nandu Sport"], "domains": ["nandu.example"] },
        { "key": "other", "name": "Acme" },
    ]);
    fs::write(&entities, list.to_string()).expect("written");
    let text = "The best:\n\n1. Globex\n2. NANDU, of course\n3. Initech\n";
    let file = folder.path().join("text");
    fs::write(&file, text).expect("written");
    let command = |with_file: bool| {
        let mut command = parallax();
        command.arg("detect").arg("--entities").arg(&entities);
        if with_file {
            command.arg(&file);
        }
        command
    };
    let from_stdin = run(command(false), text).await.printed();
    assert_eq!(run(command(true), "").await.printed(), from_stdin);
    let found: Value = serde_json::from_str(&from_stdin).expect("JSON");
    let start = text.find("NANDU").expect("the brand");
    assert_eq!(found["brand"]["mentioned"], true);
    assert_eq!(
        (&found["brand"]["rank"], &found["brand"]["list_total"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(found["brand"]["spans"], json!([[start, start + 5]]));
    assert_eq!(found["other"]["mentioned"], false);
}
