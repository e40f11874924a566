//! Budgets that are used up, providers that fail, browsers that do not wait.

use std::time::Duration;

use serde_json::{Value, json};

use super::{ENTRIES, OPEN, suggest, with};
use crate::support::{Setup, Simulated, with_sqlite};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exhausted_budget_gives_templates() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let simulated = Simulated::start("").await;
        simulated.judge_for(&ana, "openai").await;
        for budget in ["0", "0.0001"] {
            ana.put("/budget", &json!({"monthly_budget_usd": budget}))
                .await
                .expect(200);
            let view = suggest(&ana, &with(&json!({"by_model": true}))).await;
            assert_eq!(
                (&view["origin"], &view["no_model"]),
                (&json!("templates"), &json!("over_budget"))
            );
            assert_eq!(
                (&view["offer"], &view["missing"]),
                (&Value::Null, &json!(0))
            );
        }
        assert_eq!((app.number(ENTRIES).await, app.number(OPEN).await), (0, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_fails_is_told_of_and_paid_only_what_it_may_bill() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await.with("accept-language", "en");
        let asked = json!({ "wish": with(&json!({"by_model": true})) });
        for (faults, words) in [("401=1", "does not accept this key"), ("500=1", "has a problem right now")] {
            let simulated = Simulated::start(faults).await;
            simulated.judge_for(&ana, "openai").await;
            let reply = ana.call("prompts/suggest", &asked).await;
            let told = reply.expect(503);
            let message = told["message"].as_str().expect("a message");
            assert!(message.starts_with("GPT-6.1 Sol suggested no questions.") && message.contains(words), "{message}");
            assert_eq!((app.number(ENTRIES).await, app.number(OPEN).await), (0, 0), "{faults}");
        }
        // A failure that passes is tried again; so is a server that takes no form, in words.
        for (faults, entries) in [("503:first=1", 1), ("400:first=1", 2)] {
            let simulated = Simulated::start(faults).await;
            simulated.judge_for(&ana, "openai").await;
            let written = ana.call("prompts/suggest", &asked).await.expect(200);
            assert_eq!(written[0].as_array().map(Vec::len), Some(10), "{faults}");
            assert_eq!(app.number(ENTRIES).await, entries, "{faults}");
        }
        // A connection that breaks may be billed, each time.
        let simulated = Simulated::start("drop=1").await;
        simulated.judge_for(&ana, "openai").await;
        ana.call("prompts/suggest", &asked).await.expect(503);
        let worst = "SELECT COUNT(*) FROM llm_spend_ledger WHERE kind = 'suggest' AND cost_kind = 'worst_case'";
        assert_eq!(app.number(worst).await, 3);
        assert_eq!(app.number(OPEN).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_browser_does_not_wait_for_is_booked_and_few_calls_run_at_once() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let simulated = Simulated::slow(Duration::from_millis(700)).await;
        simulated.judge_for(&ana, "openai").await;
        let asked = json!({ "wish": with(&json!({"by_model": true})) });
        for _ in 0..2 {
            let leaves = Duration::from_millis(200);
            let gone = tokio::time::timeout(leaves, ana.call("prompts/suggest", &asked)).await;
            assert!(gone.is_err(), "it takes longer");
        }
        assert_eq!(app.number(OPEN).await, 2);
        let third = ana.call("prompts/suggest", &asked).await;
        third.expect(429);
        assert!(!third.header("retry-after").is_empty());
        while app.number(OPEN).await > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(app.number(ENTRIES).await, 2);
        let computed = "SELECT COUNT(*) FROM llm_spend_ledger WHERE cost_kind = 'computed'";
        assert_eq!(app.number(computed).await, 2);
    })
    .await;
}

/// A key that cannot be opened is told as such, with what to do, and sends nothing.
#[tokio::test]
async fn a_key_that_cannot_be_opened_is_no_fault_of_the_host() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let provider = Simulated::start("").await;
        provider.judge_for(&ana, "openai").await;
        app.execute("UPDATE user_llm_api_keys SET base_url = 'http://127.0.0.1:1/v1'")
            .await;
        let asked = json!({ "wish": with(&json!({"by_model": true})) });
        for (language, told) in [("en", "Enter it again"), ("es", "otra vez")] {
            let refused = ana
                .with("accept-language", language)
                .call("prompts/suggest", &asked)
                .await;
            let said = refused.expect(409).to_string();
            assert!(said.contains(told), "{language}: {said}");
        }
        let tested = ana
            .call("keys/test", &json!({"provider": "openai"}))
            .await
            .expect(200);
        assert_eq!(
            (&tested["accepted"], &tested["error_class"]),
            (&json!(false), &json!("unreadable"))
        );
        let reserved = app
            .number("SELECT COUNT(*) FROM llm_spend_reservations")
            .await;
        assert_eq!(reserved, 0, "nothing stays set aside");
    })
    .await;
}
