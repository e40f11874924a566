//! Mails go to confirmed addresses: a link that works once, letters that cannot be used to
//! flood anybody, and who counts as confirmed.

use axum::body::Body;
use axum::http::Method;
use chrono::Duration;
use parallax::store::accounts::{LetterKind, LetterToSend};
use serde_json::json;

use crate::support::{Caller, PASSWORD, Setup, TestApp, on_both_databases, with_sqlite};

fn with_mail() -> Setup {
    Setup {
        sends_mail: true,
        ..Setup::default()
    }
}

/// The next letter as the mail server would get it, with the token of its link.
async fn next_letter(app: &TestApp) -> Option<(LetterToSend, String)> {
    let link = app.tokens.fresh("");
    let letter = app.store.claim_letter(&link.hash).await.expect("claimed")?;
    app.store.letter_sent(letter.id).await.expect("noted");
    Some((letter, link.token))
}

async fn letter_to(app: &TestApp, email: &str) -> (LetterToSend, String) {
    loop {
        let (letter, token) = next_letter(app).await.expect("a letter");
        if letter.recipient == email {
            return (letter, token);
        }
    }
}

async fn is_asked(caller: &Caller<'_>) -> bool {
    let session = caller
        .call("accounts/session", &json!({}))
        .await
        .expect(200);
    session["confirm_address"].as_bool().expect("yes or no")
}

async fn press(app: &TestApp, token: &str) -> u16 {
    let form = app
        .nobody()
        .with("content-type", "application/x-www-form-urlencoded");
    let body = Body::from(format!("token={token}"));
    form.send(Method::POST, "/confirm-address", body)
        .await
        .status
        .as_u16()
}

async fn look(app: &TestApp, token: &str) -> u16 {
    let path = format!("/confirm-address?token={token}");
    app.nobody()
        .send(Method::GET, &path, Body::empty())
        .await
        .status
        .as_u16()
}

async fn confirm_once(app: &TestApp) {
    app.admin().await;
    let ben = app.sign_up("ben@example.com").await;
    assert!(is_asked(&ben).await);
    let (letter, token) = letter_to(app, "ben@example.com").await;
    assert_eq!(letter.kind, LetterKind::Confirmation);
    assert_eq!(look(app, &token).await, 200);
    assert!(is_asked(&ben).await, "a look changes nothing");
    assert_eq!(press(app, "deadbeef").await, 404);
    assert_eq!(press(app, &token).await, 200);
    assert!(!is_asked(&ben).await);
    assert_eq!(
        (press(app, &token).await, look(app, &token).await),
        (404, 404)
    );
    let stored = format!("SELECT COUNT(*) FROM account_letters WHERE token_hash = '{token}'");
    assert_eq!(app.number(&stored).await, 0, "only hashes are stored");
}

mod a_link_confirms_once {
    use super::*;

    async fn flow(app: &TestApp) {
        confirm_once(app).await;
    }

    #[tokio::test]
    async fn on_sqlite() {
        with_sqlite(with_mail(), async |app| flow(app).await).await;
    }

    #[tokio::test]
    async fn on_postgres() {
        crate::support::with_postgres(with_mail(), async |app| flow(app).await).await;
    }
}

#[tokio::test]
async fn each_page_of_the_link_says_what_it_is_in_the_readers_language() {
    let pages = [
        (
            "en",
            "ben@example.com",
            [
                "Confirm your address",
                "Your address is confirmed",
                "This link no longer works",
            ],
        ),
        (
            "es",
            "eva@example.com",
            [
                "Confirma tu dirección",
                "Tu dirección está confirmada",
                "Este enlace ya no sirve",
            ],
        ),
    ];
    with_sqlite(with_mail(), async |app| {
        app.admin().await;
        for (language, email, [asks, confirmed, ended]) in pages {
            app.sign_up(email).await;
            let (_, token) = letter_to(app, email).await;
            let reader = app
                .nobody()
                .with("accept-language", language)
                .with("content-type", "application/x-www-form-urlencoded");
            let path = format!("/confirm-address?token={token}");
            let form = format!("token={token}");
            for (method, status, title) in [
                (Method::GET, 200_u16, asks),
                (Method::POST, 200, confirmed),
                (Method::GET, 404, ended),
                (Method::POST, 404, ended),
            ] {
                let (path, body) = if method == Method::POST {
                    ("/confirm-address", Body::from(form.clone()))
                } else {
                    (path.as_str(), Body::empty())
                };
                let page = reader.send(method, path, body).await;
                let text = String::from_utf8_lossy(&page.body);
                assert_eq!(page.status.as_u16(), status, "{text}");
                for part in [
                    format!("<html lang=\"{language}\">"),
                    format!("<title>{title} · Parallax</title>"),
                    format!("<h1>{title}</h1>"),
                ] {
                    assert!(text.contains(&part), "{part} in {text}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_link_ends_and_so_do_letters_that_nobody_needs() {
    with_sqlite(with_mail(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let (_, token) = letter_to(app, "ana@example.com").await;
        app.pass(Duration::hours(49));
        assert_eq!(press(app, &token).await, 404);
        ana.call("accounts/confirm-again", &json!({}))
            .await
            .expect(200);
        app.execute("UPDATE users SET confirmed_at = created_at")
            .await;
        assert!(next_letter(app).await.is_none(), "it is confirmed already");
    })
    .await;
}

#[tokio::test]
async fn nobody_is_flooded_with_letters() {
    with_sqlite(with_mail(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        let again = async || ana.call("accounts/confirm-again", &json!({})).await;
        let soon = again().await;
        soon.expect(429);
        assert!(!soon.header("retry-after").is_empty());
        for _ in 0..4 {
            app.pass(Duration::minutes(2));
            again().await.expect(200);
        }
        app.pass(Duration::minutes(2));
        again().await.expect(429);
        let mut letters = 0;
        while next_letter(app).await.is_some() {
            letters += 1;
        }
        assert_eq!(letters, 5);
        app.pass(Duration::days(1));
        again().await.expect(200);
    })
    .await;
}

/// Parallel wishes are counted one by one.
async fn parallel_wishes_make_one_letter(app: &TestApp) {
    app.sign_up("ana@example.com").await;
    let user = app.number("SELECT id FROM users").await;
    let ask = || {
        app.store
            .ask_confirmation(user.into(), app::model::language::Language::English)
    };
    let asked: Vec<_> = (0..10).map(|_| ask()).collect();
    for outcome in futures_util::future::join_all(asked).await {
        outcome.expect("an answer");
    }
    assert_eq!(app.count("account_letters").await, 1);
}

on_both_databases!(parallel_wishes_make_one_letter);

#[tokio::test]
async fn an_invitation_confirms_only_by_the_link_of_its_letter() {
    with_sqlite(with_mail(), async |app| {
        let admin = app.admin().await;
        for (email, by_mail) in [("ben@example.com", true), ("eve@example.com", false)] {
            let call = json!({"draft": {"email": email, "role": "editor"}});
            let made = admin.call("invitations/make", &call).await.expect(200);
            assert_eq!(made["is_mailed"], true);
            let shown = made["path"]
                .as_str()
                .expect("a path")
                .split_once('=')
                .expect("a token")
                .1;
            let (letter, mailed) = letter_to(app, email).await;
            assert_eq!(letter.kind, LetterKind::Invitation);
            assert_ne!(mailed, shown);
            let token = if by_mail { &mailed } else { shown };
            let draft =
                json!({"draft": {"email": email, "password": PASSWORD, "invitation": token}});
            let made = app.nobody().call("accounts/sign-up", &draft).await;
            assert_eq!(made.expect(200)["confirm_address"], !by_mail, "{email}");
            let other = if by_mail { shown } else { &mailed };
            let again =
                json!({"draft": {"email": email, "password": PASSWORD, "invitation": other}});
            app.nobody()
                .call("accounts/sign-up", &again)
                .await
                .expect(409);
        }
    })
    .await;
}

#[tokio::test]
async fn a_taken_back_invitation_is_not_sent() {
    with_sqlite(with_mail(), async |app| {
        let admin = app.sign_up("admin@example.com").await;
        letter_to(app, "admin@example.com").await;
        let call = json!({"draft": {"email": "ben@example.com", "role": "editor"}});
        let made = admin.call("invitations/make", &call).await.expect(200);
        admin
            .call("invitations/revoke", &json!({"invitation_id": made["id"]}))
            .await
            .expect(200);
        assert!(next_letter(app).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn where_no_mail_leaves_nobody_has_to_confirm() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.sign_up("ana@example.com").await;
        assert!(!is_asked(&ana).await);
        ana.call("accounts/confirm-again", &json!({}))
            .await
            .expect(409);
        assert_eq!(app.count("account_letters").await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_address_gets_no_account() {
    with_sqlite(with_mail(), async |app| {
        app.admin().await;
        for email in [
            "<a@x.test>",
            "a,b@x.test",
            "a@x",
            "a@x.test\nBcc: b@x.test",
            "A <a@x.test>",
        ] {
            let draft =
                json!({"draft": {"email": email, "password": PASSWORD, "invitation": null}});
            let refused = app
                .nobody()
                .call("accounts/sign-up", &draft)
                .await
                .expect(422);
            assert_eq!(refused["fields"][0]["field"], "email", "{email}");
        }
    })
    .await;
}
