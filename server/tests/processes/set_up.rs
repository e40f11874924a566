//! The first account of a host that others reach takes the code from its log.

use serde_json::{Value, json};

use crate::support::home::{ADMIN, Environment, Home, PASSWORD};
use crate::support::on_both_databases;
use crate::support::program::Program;

/// The code that a log tells.
fn code(program: &Program) -> Option<String> {
    let log = program.log();
    let (_, rest) = log.split_once("set-up code ")?;
    Some(rest.chars().take(14).collect())
}

async fn sign_up(program: &Program, email: &str, code: Option<&str>) -> (u16, Value) {
    let draft = json!({"draft": {"email": email, "password": PASSWORD, "set_up_code": code}});
    let url = format!("{}/api/fn/accounts/sign-up", program.origin);
    let reply = reqwest::Client::new()
        .post(url)
        .header("content-type", "application/json")
        .body(draft.to_string())
        .send()
        .await
        .expect("an answer");
    let status = reply.status().as_u16();
    let body = reply.bytes().await.expect("a body");
    (status, serde_json::from_slice(&body).expect("JSON"))
}

on_both_databases! {
    empty;

    async fn the_log_has_the_code_of_the_first_account(home: &Home) {
        let published: Environment = vec![
            ("PARALLAX_URL", "https://parallax.example".to_owned()),
            ("SECRET_KEY", "a key that all hosts of this test have".to_owned()),
        ];
        let serve = ["serve", "--no-worker"];
        let host = home.start(&serve, &published).await;
        let second = home.start(&serve, &published).await;
        let told = code(&host).expect("a code");
        assert_eq!(code(&second).as_deref(), Some(told.as_str()), "one code for all processes");
        assert_eq!(host.log().matches("set-up code").count(), 1, "{}", host.log());
        second.stop().await;

        for wrong in [None, Some("0000-0000-0000")] {
            let (status, refused) = sign_up(&host, "eve@example.com", wrong).await;
            assert_eq!((status, &refused["fields"][0]["field"]), (422, &json!("set_up_code")));
        }
        let (status, made) = sign_up(&host, "ana@example.com", Some(&told)).await;
        assert_eq!((status, &made["user"]["is_admin"]), (200, &json!(true)), "{made}");
        host.stop().await;
        let again = home.start(&serve, &published).await;
        assert_eq!(code(&again), None, "somebody is there");
        again.stop().await;
    }

    async fn the_command_line_and_this_machine_need_no_code(home: &Home) {
        let own = home.start(&["serve", "--no-worker"], &Vec::new()).await;
        assert_eq!(code(&own), None, "nobody else reaches it");
        own.stop().await;
        let published = vec![("PARALLAX_URL", "https://parallax.example".to_owned())];
        let add = ["user", "add", ADMIN, "--admin", "--password-stdin"];
        home.run(&add, &published, PASSWORD).await.printed();
        let host = home.start(&["serve", "--no-worker"], &published).await;
        assert_eq!(code(&host), None);
        assert_eq!(sign_up(&host, "eve@example.com", None).await.0, 409);
        host.stop().await;
    }
}
