//! Keys of the operator that all workspaces share: nothing before an admin's word, and no more.

use app::model::outcome::ErrorClass;
use app::model::run::RunStatus;
use serde_json::json;

use crate::support::client::{Client, questions};
use crate::support::home::{Environment, Home};
use crate::support::on_both_databases;
use crate::support::program::PATIENCE;
use crate::support::simulator::Simulator;

const STRANGER: &str = "stranger@parallax.example";

on_both_databases! {
    async fn a_stranger_spends_on_shared_keys_what_the_operator_lets_them(home: &Home) {
        let simulator = Simulator::start(home, &[]).await;
        let mut shared: Environment = simulator.environment();
        shared.push(("PARALLAX_SHARED_KEYS", "true".to_owned()));
        let host = home.serve(&shared).await;
        let add = ["user", "add", STRANGER, "--password-stdin"];
        home.run(&add, &shared, "a pass phrase of four").await.printed();
        let token = home.run(&["token", STRANGER], &shared, "").await.printed();
        let stranger = Client::new(&host.program.origin, &token);
        let project = stranger.project("Soap", questions(2)).await;

        // Whatever budget they give themselves: nothing is asked, and what to do is said.
        let (status, _) = stranger.rest(
            reqwest::Method::PUT, "/budget", Some(&json!({"monthly_budget_usd": 1_000_000})),
        ).await;
        assert_eq!(status, 200);
        let start = json!({ "project_id": project });
        let (status, said) = stranger.try_call("runs/start", &start).await;
        assert!(status == 409 && said.to_string().contains("Ask an admin"), "{status}: {said}");
        assert_eq!(simulator.stats().await.requests_total, 0);

        // A ceiling that is too low for one answer ends the run, and says why.
        let set = ["workspace", "ceiling", STRANGER, "0.000001"];
        let printed = home.run(&set, &shared, "").await.printed();
        assert!(printed.contains("$0.000001 a month"), "{printed}");
        let run = stranger.start(project).await;
        let view = stranger.over(run, PATIENCE).await;
        assert_eq!((view.status, view.answered()), (RunStatus::OverBudget, 0));
        let reasons: Vec<_> = view.lanes.iter().map(|lane| lane.end_reason).collect();
        assert_eq!(reasons, [Some(ErrorClass::SharedCeiling); 4]);

        let set = ["workspace", "ceiling", STRANGER, "50"];
        home.run(&set, &shared, "").await.printed();
        let run = stranger.start(project).await;
        let view = stranger.over(run, PATIENCE).await;
        assert_eq!(view.answered(), 8);
        let (status, listed) = host.client.rest(reqwest::Method::GET, "/shared-key-ceilings", None).await;
        assert_eq!(status, 200);
        let spent = listed["ceilings"][0]["current_month_spend"].as_f64().expect("an amount");
        assert!(spent > 0.0 && spent <= 50.0, "{listed}");

        // The admin's own workspace has them without a ceiling.
        let project = host.client.project("Shoes", questions(1)).await;
        let run = host.client.start(project).await;
        assert_eq!(host.client.over(run, PATIENCE).await.answered(), 4);
        let said = home.run(&["doctor"], &shared, "").await.stdout;
        assert!(said.contains("\nok   keys of the environment: 4 for every workspace"), "{said}");
        assert!(said.contains("\nok   shared keys: accounts are made by invitation"), "{said}");

        // Where anybody may make an account, the operator is told what that means for their keys.
        let open = json!({"settings": {"open_sign_up": true}});
        let (status, told) = host.client.try_call("accounts/save-settings", &open).await;
        assert_eq!(status, 200, "{told}");
        let said = home.run(&["doctor"], &shared, "").await.stdout;
        let warning = "\nnote shared keys: PARALLAX_SHARED_KEYS is true and anybody may make an account";
        assert!(said.contains(warning), "{said}");
        // It is none of theirs where the keys are for admins alone.
        let own = home.run(&["doctor"], &simulator.environment(), "").await.stdout;
        assert!(own.contains("\nok   keys of the environment: 4 for the workspaces of admins"), "{own}");
        assert!(!own.contains("shared keys: "), "{own}");
        let wrong = home.run(&["workspace", "ceiling", "nobody@parallax.example", "1"], &shared, "").await.said();
        assert!(wrong.contains("owns no workspace"), "{wrong}");
    }
}
