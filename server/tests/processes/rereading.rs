//! A changed project is read again from what is stored, whoever dies meanwhile.

use app::model::answer::{AnswerFilter, AnswerPage};
use app::model::dashboard::{ComparedWith, Dashboard, DashboardQuery};
use app::model::ids::ProjectId;
use app::model::money::{Money, Spend};
use app::model::project::{EntityDraft, ProjectView};
use app::model::registry::RegistryChange;
use app::model::spend::SpendView;
use serde_json::json;

use crate::support::client::{Client, questions};
use crate::support::home::{ADMIN, Environment, Home};
use crate::support::program::PATIENCE;
use crate::support::simulator::Simulator;
use crate::support::{eventually, on_both_databases};

const QUESTIONS: usize = 60;

on_both_databases! {
    async fn a_new_competitor_is_found_without_asking_again(home: &Home) {
        let simulator = Simulator::start(home, &["--latency", "50"]).await;
        let host = home.serve(&simulator.environment()).await;
        let project = host.client.project("Soap", questions(QUESTIONS)).await;
        let run = host.client.start(project).await;
        host.client.over(run, PATIENCE).await;
        simulator.stats().await.assert_each_once(4, QUESTIONS);
        let stored = most_named_stranger(&host.client, project).await;

        // Saved, and killed before it can have been read by all.
        let view: ProjectView = host.client.call("projects/get", &json!({"project_id": project})).await;
        let mut draft = view.record.draft();
        draft.competitors.push(EntityDraft { name: stored.clone(), ..EntityDraft::default() });
        let arguments = json!({"project_id": project, "draft": draft});
        let (status, reply) = host.client.try_call("projects/update", &arguments).await;
        assert_eq!(status, 200, "{reply}");
        host.program.kill().await;

        let host = home.serve(&simulator.environment()).await;
        let found = || async {
            let shown = dashboard(&host.client, project).await;
            let entity = shown.entities.into_iter().find(|entity| entity.name == stored)?;
            (shown.rereading.is_none() && entity.sums.mentions > 0).then_some(entity.sums.mentions)
        };
        let (mentions, took) = eventually("the new competitor", PATIENCE, found).await;
        println!("{stored}: {mentions} answers, {took:?} after the restart");
        simulator.stats().await.assert_each_once(4, QUESTIONS);

        // A rebuild beside the host changes nothing.
        let before = dashboard(&host.client, project).await;
        for arguments in [&["rebuild"][..], &["rebuild", "--read-again"]] {
            let done = home.run(arguments, &simulator.environment(), "").await;
            assert_eq!(done.printed().trim(), "1 projects rebuilt");
            assert_eq!(dashboard(&host.client, project).await, before);
        }
        host.program.stop().await;
    }

    async fn answers_that_could_not_be_read_are_shown_and_can_be_read_again(home: &Home) {
        let simulator = Simulator::start(home, &[]).await;
        let host = home.serve(&simulator.environment()).await;
        let project = host.client.project("Soap", questions(3)).await;
        let run = host.client.start(project).await;
        host.client.over(run, PATIENCE).await;
        let said = async |arguments: &[&str]| {
            home.run(arguments, &simulator.environment(), "").await.stdout
        };
        let sources = async || {
            let path = format!("/projects/{project}/results");
            let (status, page) = host.client.rest(reqwest::Method::GET, &path, None).await;
            assert_eq!(status, 200, "{page}");
            let answers = page["results"].as_array().expect("answers");
            let unread = answers.iter().filter(|answer| answer["source"] == "unread");
            let unread: Vec<bool> = unread.map(|answer| answer["brand_mentioned"].is_null()).collect();
            (answers.len(), unread)
        };
        let doctor = said(&["doctor"]).await;
        assert!(doctor.contains("ok   answers: none that could not be read"), "{doctor}");
        let (all, unread) = sources().await;
        assert_eq!((all > 0, unread), (true, vec![]));

        // As a reading that panics leaves it: without findings.
        let database = home.database().await;
        database.execute(
            "INSERT INTO llm_monitoring_unread (revision_id, result_id, workspace_id) \
             SELECT v.id, MIN(a.id), a.workspace_id FROM llm_monitoring_results a \
             JOIN llm_monitoring_revisions v ON v.project_id = a.project_id AND v.status = 'active' \
             GROUP BY v.id, a.workspace_id",
        ).await;
        database.execute(
            "DELETE FROM llm_monitoring_findings \
             WHERE result_id IN (SELECT result_id FROM llm_monitoring_unread)",
        ).await;
        let doctor = said(&["doctor"]).await;
        assert!(doctor.contains("note answers: 1 could not be read"), "{doctor}");
        assert!(doctor.contains("parallax rebuild --read-again"), "{doctor}");
        assert_eq!(sources().await, (all, vec![true]));
        let rebuilt = said(&["rebuild"]).await;
        assert!(rebuilt.contains("answers that could not be read: 1 (parallax doctor"), "{rebuilt}");

        // What can be read by now counts.
        let rebuilt = said(&["rebuild", "--read-again"]).await;
        assert_eq!(rebuilt.trim(), "1 projects rebuilt");
        let doctor = said(&["doctor"]).await;
        assert!(doctor.contains("ok   answers: none that could not be read"), "{doctor}");
        assert_eq!(sources().await, (all, vec![]));
        host.program.stop().await;
    }

    async fn a_history_is_made_up_of_past_days(home: &Home) {
        let environment = Environment::new();
        // The first start makes the admin.
        home.serve(&environment).await.program.stop().await;
        let arguments = ["simulate-history", ADMIN, "--answers", "200", "--days", "5", "--prompts", "10"];
        let printed = home.run(&arguments, &environment, "").await.printed();
        assert!(printed.contains("200 simulated answers on 5 days"), "{printed}");
        let host = home.serve(&environment).await;
        let shown = dashboard(&host.client, ProjectId(1)).await;
        assert_eq!((shown.total.all.answers, shown.prompts, shown.simulated), (200, 10, true));
        assert_eq!((shown.models.len(), shown.models[0].days.len()), (2, 5));
        let last = shown.models[0].days.last().map(|day| day.day);
        assert!(last.is_some_and(|last| printed.contains(&format!("to {last}"))), "{printed}");
        // They have a price, which nobody pays, and no admin is said to have set one.
        assert!(shown.total.all.simulated_cost > Money::ZERO);
        assert_eq!(shown.total.all.cost, Money::ZERO);
        assert!(shown.total.all.link_mentions > 0, "the brand's site is its own");
        let spent: SpendView = host.client.call("budget/spend", &json!({"query": {"month": null}})).await;
        assert_eq!(spent.total, Spend::default());
        let changes: Vec<RegistryChange> = host.client.call("models/changes", &json!({})).await;
        assert!(changes.iter().all(|change| change.by.is_none()), "{changes:?}");
        let nobody = ["simulate-history", "nobody@example.com"];
        let said = home.run(&nobody, &environment, "").await.said();
        assert!(said.contains("nobody here has the address"), "{said}");
        host.program.stop().await;
    }
}

async fn dashboard(client: &Client, project: ProjectId) -> Dashboard {
    let query = DashboardQuery {
        project_id: project,
        from: "2025-01-01".parse().expect("a day"),
        to: "2029-12-31".parse().expect("a day"),
        model_ids: Vec::new(),
        compare: ComparedWith::default(),
        tags: Vec::new(),
    };
    client.call("dashboard/get", &json!({"query": query})).await
}

/// A name that stands in many answers and that nobody watches: the first word that is written
/// in capitals there and is none of the project's.
async fn most_named_stranger(client: &Client, project: ProjectId) -> String {
    let filter = AnswerFilter {
        project_id: project,
        limit: Some(200),
        ..AnswerFilter::default()
    };
    let page: AnswerPage = client
        .call("answers/list", &json!({"filter": filter}))
        .await;
    let known = [
        "Kestrano", "Mirandel", "Alvero", "Brixtal", "Corvanta", "Delmora", "Elvanis", "Gantria",
    ];
    let count = |name: &&str| {
        let named = |text: &&str| text.contains(name);
        let texts = page.rows.iter().map(|row| row.excerpt.as_str());
        texts.filter(named).count()
    };
    let most = known.into_iter().max_by_key(count).expect("names");
    assert!(count(&most) > 0, "the simulator invents names");
    most.to_owned()
}
