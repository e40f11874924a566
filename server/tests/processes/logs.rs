//! What a host in production writes down: JSON, one summary a run, and nothing that was asked,
//! answered or secret.

use std::collections::BTreeSet;

use app::model::provider::Provider;
use app::model::run::RunView;
use serde_json::{Value, json};

use crate::support::home::{Home, PASSWORD};
use crate::support::on_both_databases;
use crate::support::program::PATIENCE;
use crate::support::run_records::RunRecords;
use crate::support::simulator::{Simulator, good_key};

/// Stands in every question and nowhere else.
const MARK: &str = "zanzibarine";
const MASTER_KEY: &str = "abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789";

on_both_databases! {
    async fn logs_are_json_and_hold_nothing_secret(home: &Home) {
        let faults = "429:first=3,500:first=3,drop:first=2,malformed:first=2";
        let options = ["--latency", "50", "--fail", faults, "--retry-after-ms", "100"];
        let simulator = Simulator::start(home, &options).await;
        let mut environment = simulator.environment();
        environment.retain(|(name, _)| *name != "OPENAI_API_KEY");
        environment.push(("OPENAI_API_KEY", "bad-key-of-the-operator".to_owned()));
        environment.push(("ENVIRONMENT", "production".to_owned()));
        environment.push(("ENCRYPTION_KEY", MASTER_KEY.to_owned()));
        let host = home.serve(&environment).await;
        let stored = json!({ "draft": {
            "provider": "google",
            "api_key": "sk-stored-by-the-owner",
            "base_url": simulator.base_url(Provider::Google),
        } });
        let _: Value = host.client.call("keys/save", &stored).await;
        let questions = (0..12).map(|number| format!("Which {MARK} soap is best for case {number}?"));
        let project = host.client.project("Soap", questions.collect()).await;
        let run = host.client.start(project).await;
        let view = host.client.over(run, PATIENCE).await;
        assert!(view.answered() > 20 && view.failed() >= 12, "{view:?}");
        let cancelled = host.client.start(project).await;
        let _: RunView = host.client.call("runs/cancel", &json!({ "run_id": cancelled })).await;
        host.client.over(cancelled, PATIENCE).await;
        // Calls that fail, with secrets in them.
        let draft = json!({ "draft": { "email": "x@y.example", "password": PASSWORD } });
        assert_eq!(host.client.try_call("accounts/sign-in", &draft).await.0, 401);
        let broken = json!({ "draft": { "provider": "openai", "api_key": MARK } });
        assert_eq!(host.client.try_call("keys/save", &broken).await.0, 400);

        let records = RunRecords::of(&home.database().await, run).await;
        host.program.terminate().await;
        let log = { let mut program = host.program; program.ended(PATIENCE).await; program.log() };
        let lines: Vec<Value> = log
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect();
        assert!(!lines.is_empty());

        let mut secrets: BTreeSet<String> =
            Provider::BIG_FOUR.into_iter().map(good_key).collect();
        for secret in ["bad-key-of-the-operator", "sk-stored-by-the-owner", MASTER_KEY, PASSWORD, "plx_"] {
            secrets.insert(secret.to_owned());
        }
        for secret in &secrets {
            assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
        }
        assert!(!log.contains(MARK), "a question is in the log:\n{log}");
        for row in records.results.values().filter(|row| !row.full_response.is_empty()) {
            for line in row.full_response.lines().filter(|line| line.len() > 15) {
                assert!(!log.contains(line), "{line} is in the log");
            }
        }

        let summaries: Vec<&Value> =
            lines.iter().filter(|line| line["message"] == "run finished").collect();
        assert_eq!(summaries.len(), 2, "{log}");
        let summary = summaries[0];
        assert_eq!(summary["run"], run.0);
        assert_eq!((&summary["asks"], &summary["status"]), (&json!(48), &json!("finished_with_failures")));
        assert_eq!(summary["answered"], view.answered());
        assert!(summary["cost_usd"].is_string() && summary["duration_ms"].is_number());
        let ended = lines.iter().find(|line| line["message"] == "lane ends early");
        let ended = ended.expect("the bad key is told");
        assert_eq!(ended["class"], "bad_key");
        assert_eq!((&ended["span"]["provider"], &ended["span"]["run"]), (&json!("openai"), &json!(run.0)));
    }
}
