//! Guessing passwords: from one address and from many, in a row and at once.

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, Version};
use futures_util::future::join_all;
use serde_json::json;

use crate::support::{Caller, PASSWORD, Reply, Setup, TestApp, on_both_databases, with_sqlite};

const WRONG: &str = "not this one at all";
const ANA: &str = "ana@example.com";
const HOME: &str = "203.0.113.9";
/// At once: nearly all that the limit of calls lets through, so that what is refused is refused
/// by the count of attempts.
const GUESSES: usize = 190;

/// A hash of [`PASSWORD`] with 4 MiB and one pass, which is less than what is made now.
fn weak_hash() -> String {
    let params = Params::new(4_096, 1, 1, None).expect("parameters");
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password_with_salt(PASSWORD.as_bytes(), b"a salt of 16 by.");
    let hash: PasswordHash = hash.expect("a hash");
    hash.to_string()
}

async fn sign_in(caller: &Caller<'_>, email: &str, password: &str) -> Reply {
    let draft = json!({"draft": {"email": email, "password": password}});
    caller.call("accounts/sign-in", &draft).await
}

fn count(replies: &[Reply], status: u16) -> usize {
    let of_status = replies.iter().filter(|reply| reply.status == status);
    of_status.count()
}

on_both_databases!(guesses_at_once);

/// They pass no limit that they would not pass in a row.
async fn guesses_at_once(app: &TestApp) {
    app.sign_up(ANA).await;
    for (email, address) in [
        (ANA, "198.51.100.1"),
        ("nobody@example.com", "198.51.100.2"),
    ] {
        let guesser = app.nobody().at_address(address);
        let replies = join_all((0..GUESSES).map(|_| sign_in(&guesser, email, WRONG))).await;
        assert_eq!(count(&replies, 401), 10, "{email}");
        assert_eq!(count(&replies, 429), GUESSES - 10, "{email}");
        let right = sign_in(&guesser, email, PASSWORD).await.expect(429);
        let told = right["message"].as_str().expect("a message");
        assert!(told.contains("Too many attempts"), "{told}");
    }
    // Elsewhere nothing is locked.
    let elsewhere = app.nobody().at_address(HOME);
    sign_in(&elsewhere, ANA, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn one_password_for_many_accounts_is_limited_by_the_address() {
    with_sqlite(Setup::default(), async |app| {
        let sprayer = app.nobody().at_address("198.51.100.7");
        let mut replies = Vec::new();
        for number in 0..60 {
            let email = format!("user{number}@example.com");
            replies.push(sign_in(&sprayer, &email, WRONG).await);
        }
        assert_eq!(count(&replies, 401), 50);
        assert_eq!(count(&replies, 429), 10);
        // A right one counts for nothing.
        app.sign_up(ANA).await;
        let office = app.nobody().at_address(HOME);
        for _ in 0..60 {
            sign_in(&office, ANA, PASSWORD).await.expect(200);
        }
    })
    .await;
}

#[tokio::test]
async fn a_network_of_one_customer_is_one_address() {
    with_sqlite(Setup::default(), async |app| {
        for number in 0..12 {
            let address = format!("2001:db8:1:2:{number:x}::{number:x}");
            let status = sign_in(&app.nobody().at_address(&address), ANA, WRONG).await;
            let expected = if number < 10 { 401 } else { 429 };
            assert_eq!(status.status, expected, "{address}");
        }
        let neighbour = app.nobody().at_address("2001:db8:1:3::1");
        sign_in(&neighbour, ANA, WRONG).await.expect(401);
    })
    .await;
}

/// A hundred failures of an account from as many addresses, whose turn is in ten seconds.
async fn failures_from_everywhere(app: &TestApp, email: &str, purpose: &str) {
    let turn = chrono::Utc::now() + chrono::Duration::seconds(10);
    let turn = turn.to_rfc3339_opts(chrono::SecondsFormat::Micros, false);
    for number in 0..100 {
        app.execute(&format!(
            "INSERT INTO sign_in_failures (email, address, failed_at, purpose) \
             VALUES ('{email}', '192.0.2.{number}', '{turn}', '{purpose}')"
        ))
        .await;
    }
}

#[tokio::test]
async fn strangers_make_an_account_slower_and_lock_nobody_out() {
    with_sqlite(Setup::default(), async |app| {
        app.sign_up(ANA).await;
        let home = app.nobody().at_address(HOME);
        sign_in(&home, ANA, PASSWORD).await.expect(200);
        let stranger = app.nobody().at_address("198.51.100.7");
        // Who goes on guessing has other turns than somebody from a new place.
        failures_from_everywhere(app, ANA, "sign_in").await;
        sign_in(&stranger, ANA, WRONG).await.expect(401);
        for email in [ANA, "nobody@example.com"] {
            failures_from_everywhere(app, email, "first_sign_in").await;
        }
        let mut waits = Vec::new();
        for email in [ANA, "nobody@example.com"] {
            let refused = sign_in(&stranger, email, PASSWORD).await;
            let wait = refused.header("retry-after").parse::<i64>();
            refused.expect(429);
            waits.push(wait.expect("seconds"));
        }
        assert!(
            waits.iter().all(|wait| (16..=25).contains(wait)),
            "{waits:?}"
        );
        // From where she came before she comes in, and a wrong password there is only wrong.
        sign_in(&home, ANA, PASSWORD).await.expect(200);
        sign_in(&home, ANA, WRONG).await.expect(401);
        sign_in(&home, ANA, PASSWORD).await.expect(200);
        // From elsewhere after a pause.
        app.pass(chrono::Duration::seconds(26));
        sign_in(&stranger, ANA, PASSWORD).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn changing_a_password_is_no_way_around_the_limit() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up(ANA).await;
        let change =
            |current: &str| json!({"draft": {"current": current, "new": "another long password"}});
        let wrong = change(WRONG);
        let guesses = (0..40).map(|_| ana.call("accounts/change-password", &wrong));
        let guesses = join_all(guesses).await;
        assert_eq!(count(&guesses, 422), 10);
        assert_eq!(count(&guesses, 429), 30);
        ana.call("accounts/change-password", &change(PASSWORD))
            .await
            .expect(429);
        sign_in(&app.nobody(), ANA, PASSWORD).await.expect(429);
    })
    .await;
}

#[tokio::test]
async fn an_address_makes_no_accounts_without_end() {
    with_sqlite(Setup::default(), async |app| {
        app.admin().await;
        let maker = app.nobody().at_address("198.51.100.7");
        let mut replies = Vec::new();
        for number in 0..33 {
            let email = format!("user{number}@example.com");
            let draft =
                json!({"draft": {"email": email, "password": PASSWORD, "invitation": null}});
            replies.push(maker.call("accounts/sign-up", &draft).await);
        }
        assert_eq!((count(&replies, 200), count(&replies, 429)), (30, 3));
        // They do not use up what the address has for signing in.
        for number in 0..25 {
            sign_in(&maker, &format!("user{number}@example.com"), WRONG)
                .await
                .expect(401);
        }
        // Nor is anybody told without end which addresses have an account, or what is weak.
        for (address, email, password) in [
            ("198.51.100.8", "user1@example.com", PASSWORD),
            ("198.51.100.9", "fresh@example.com", "password123"),
        ] {
            let asker = app.nobody().at_address(address);
            let draft =
                json!({"draft": {"email": email, "password": password, "invitation": null}});
            let mut replies = Vec::new();
            for _ in 0..33 {
                replies.push(asker.call("accounts/sign-up", &draft).await);
            }
            assert_eq!((count(&replies, 422), count(&replies, 429)), (30, 3));
        }
        app.sign_up("another@example.com").await;
    })
    .await;
}

async fn failures_are_forgotten(app: &TestApp) {
    for number in 0..5 {
        sign_in(&app.nobody(), &format!("user{number}@example.com"), WRONG)
            .await
            .expect(401);
    }
    assert_eq!(app.count("sign_in_failures").await, 5);
    app.pass(chrono::Duration::hours(25));
    sign_in(&app.nobody(), ANA, WRONG).await.expect(401);
    assert_eq!(app.count("sign_in_failures").await, 1);
    app.sign_up(ANA).await;
    sign_in(&app.nobody(), ANA, PASSWORD).await.expect(200);
    let left = "SELECT COUNT(*) FROM sign_in_failures WHERE purpose <> 'sign_up'";
    assert_eq!(app.number(left).await, 0);
}

#[tokio::test]
async fn failures_are_forgotten_in_time() {
    with_sqlite(Setup::default(), async |app| {
        failures_are_forgotten(app).await;
    })
    .await;
}

#[tokio::test]
async fn a_weak_hash_is_made_anew_by_its_user() {
    with_sqlite(Setup::default(), async |app| {
        app.sign_up(ANA).await;
        let weak = weak_hash();
        app.execute(&format!("UPDATE users SET password_hash = '{weak}'"))
            .await;
        let hash = async || app.texts("SELECT password_hash FROM users").await.remove(0);
        sign_in(&app.nobody(), ANA, WRONG).await.expect(401);
        assert_eq!(hash().await, weak, "a wrong password changes nothing");
        sign_in(&app.nobody(), ANA, PASSWORD).await.expect(200);
        let stronger = hash().await;
        assert!(
            stronger.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stronger}"
        );
        sign_in(&app.nobody(), ANA, PASSWORD).await.expect(200);
        assert_eq!(hash().await, stronger, "once");
    })
    .await;
}
