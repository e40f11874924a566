//! Under which names models answer, and what became of answers without a text.

use app::model::answer::AnswerFilter;
use app::model::ids::{ModelId, RunId};
use app::model::money::Money;
use app::model::notices::Notice;
use app::model::outcome::ErrorClass;
use app::model::provider::Provider;
use app::model::run::{AskFailures, LaneView, RunStatus, RunView};
use app::model::served::Seam;
use chrono::NaiveDate;
use engine::AskOutcome;
use engine::allowance::LargestUsage;
use engine::cost::Cost;
use providers::Outcome;
use runtime::clock::Clock;

use super::migrations::plan_as_before;
use super::{answered, begin, claim, failed, ids, store};
use crate::jobs::reread;
use crate::store::jobs::NoticeReader;
use crate::store::sql::rows;
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_model, make_project, on_both_databases,
    with_old_tables,
};

/// Migrations before answers without a text were told apart.
const BEFORE: u32 = 13;

fn day(text: &str) -> NaiveDate {
    text.parse().expect(text)
}

/// Runs the project on a day; `name` gives the name that each ask of a model is answered under.
async fn run_on(
    database: &TestDatabase,
    project: &TestProject,
    at: &str,
    name: impl Fn(ModelId, usize) -> Option<&'static str>,
) {
    database
        .clock
        .set(format!("{at}T12:00:00Z").parse().expect(at));
    project.plan(database).await;
    for _ in &project.models {
        let claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)).await;
        let outcomes: Vec<_> = claimed
            .asks
            .iter()
            .enumerate()
            .map(|(number, work)| {
                let mut outcome = answered(database, &claimed, work, Vec::new());
                let answer = outcome.exchange.result.as_mut().expect("an answer");
                answer.model_served = name(claimed.scope.model.id, number).map(ToOwned::to_owned);
                outcome
            })
            .collect();
        store(database, &claimed, &outcomes).await;
    }
}

/// Runs the project once; so many of each model's answers have no text.
async fn run_without_texts(
    database: &TestDatabase,
    project: &TestProject,
    empty: [usize; 2],
) -> RunView {
    project.plan(database).await;
    let mut run = RunId(0);
    for empty in empty {
        let claimed = claim(database, "a").await;
        run = claimed.scope.run;
        begin(database, &claimed, &ids(&claimed)).await;
        let outcomes: Vec<_> = claimed
            .asks
            .iter()
            .enumerate()
            .map(|(number, work)| {
                let mut outcome = answered(database, &claimed, work, Vec::new());
                if number < empty {
                    let answer = outcome.exchange.result.as_mut().expect("an answer");
                    answer.outcome = Outcome::Empty;
                    answer.text = String::new();
                }
                outcome
            })
            .collect();
        store(database, &claimed, &outcomes).await;
    }
    let view = database.store.run(project.workspace, run).await;
    view.expect("a run")
}

/// Answers of before, one an ask, in turn: with a text, cut to nothing, blank, declined with
/// nothing, declined in words. The second and the third cite the brand's site.
async fn answer_as_before(database: &TestDatabase, project: &TestProject) {
    plan_as_before(database, project).await;
    database
        .execute(
            "INSERT INTO llm_monitoring_results (workspace_id, project_id, run_id, lane_id, \
             ask_id, query_id, model_id, llm_provider, model_requested, model_served, \
             analysis_date, analysis_day, outcome, full_response, citations, search_requested, \
             cost_nano_usd, cost_kind, response_time_ms, simulated, detector_version) \
             SELECT a.workspace_id, l.project_id, a.run_id, a.lane_id, a.id, a.query_id, \
             l.model_id, l.provider, 'model', 'model-2026-03-05', '2026-03-10 12:00:00+00:00', \
             '2026-03-10', CASE a.id % 5 WHEN 1 THEN 'truncated' WHEN 3 THEN 'refused' \
             WHEN 4 THEN 'refused' ELSE 'answered' END, CASE a.id % 5 WHEN 0 THEN 'Kipu.' \
             WHEN 2 THEN '\n \u{200b}\u{a0}\u{ad}\u{7}\u{2066}' WHEN 4 THEN 'I cannot say.' ELSE '' END, '[]', \
             TRUE, 1000, 'computed', 10, FALSE, '1' FROM llm_monitoring_asks a \
             JOIN llm_monitoring_lanes l ON l.id = a.lane_id",
        )
        .await;
    database
        .execute("UPDATE llm_monitoring_lanes SET status = 'done', asks_answered = asks_total")
        .await;
    database
        .execute(&format!(
            "INSERT INTO llm_monitoring_findings (workspace_id, project_id, result_id, entity_id, \
             is_brand, source, text_count, spans, revision_id) \
             SELECT a.workspace_id, a.project_id, a.id, {}, TRUE, 'link', 0, '[]', r.id \
             FROM llm_monitoring_results a JOIN llm_monitoring_revisions r \
             ON r.project_id = a.project_id WHERE a.ask_id % 5 < 3",
            project.brand.0
        ))
        .await;
}

/// Answers, those without a text, and those that mention the brand, over a table of sums.
async fn sums(database: &TestDatabase, table: &str, condition: &str) -> [i64; 3] {
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(answers), 0) AS BIGINT), \
         CAST(COALESCE(SUM(without_text), 0) AS BIGINT), \
         CAST(COALESCE(SUM(mentions), 0) AS BIGINT) FROM {table} WHERE {condition}"
    );
    let row = rows::one(database.store.reader(), &sql, []).await;
    let row = row.expect("a query").expect("a row");
    [0, 1, 2].map(|index| row.try_get_by_index(index).expect("a number"))
}

/// Who recounts dies after the first day; another one goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_stored_before_is_counted_anew_without_blank_answers() {
    with_old_tables(BEFORE, async |database| {
        let plan = ProjectPlan {
            prompts: 10,
            ..ProjectPlan::default()
        };
        let project = make_project(database, &plan).await;
        answer_as_before(database, &project).await;
        database.store.migrate().await.expect("migrated");
        let count = async |condition: &str| {
            let sql = format!("SELECT COUNT(*) FROM llm_monitoring_results WHERE {condition}");
            database.number(&sql).await
        };
        // Of twenty in turn: four with a text, twelve without, four that decline in words.
        assert_eq!(count("outcome = 'empty'").await, 12);
        assert_eq!(count("outcome = 'empty' AND ask_id % 5 IN (0, 4)").await, 0);
        assert_eq!(
            count("outcome = 'refused' AND full_response <> ''").await,
            4
        );
        let lanes = "SELECT CAST(SUM(asks_without_text) AS BIGINT) FROM llm_monitoring_lanes";
        assert_eq!(database.number(lanes).await, 12);

        let dead = database
            .store
            .claim_revision("dead")
            .await
            .expect("a look")
            .expect("work");
        let readings = database
            .store
            .readings(project.workspace, project.project)
            .await;
        let reading = readings.expect("readings").remove(0);
        let days = database.store.days_to_sum(&dead).await.expect("days");
        assert_eq!(days.len(), 2);
        let (model, at) = days[0];
        database
            .store
            .sum_day(&dead, &reading, model, at)
            .await
            .expect("summed");
        database.clock.advance(std::time::Duration::from_mins(1));
        reread::work_off(&database.store, "b").await.expect("done");

        // One answer in five names the brand, by its link; three of them had no text.
        let whole = [8, 12, 4];
        assert_eq!(
            sums(database, "llm_monitoring_rollups", "TRUE").await,
            whole
        );
        let all = sums(database, "llm_monitoring_snapshots", "prompts = 'all'").await;
        assert_eq!(all, whole);
        let served = "SELECT CAST(SUM(answers) AS BIGINT) FROM llm_monitoring_served_days";
        assert_eq!(database.number(served).await, 20);
        let seams = database
            .store
            .seams(project.workspace, project.project)
            .await;
        assert_eq!(seams.expect("seams"), []);
    })
    .await;
}

on_both_databases! {
    async fn a_seam_is_kept_told_once_and_made_anew(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let first = project.models[0];
        let own = |model: ModelId| if model == first { "model-a" } else { "deployment" };
        run_on(database, &project, "2026-05-03", |model, _| Some(own(model))).await;
        run_on(database, &project, "2026-05-04", |model, number| {
            let name = if model == first { "model-a-2026-03-05" } else { "deployment" };
            (number > 0).then_some(name)
        })
        .await;
        let seams = async || {
            let found = database.store.seams(project.workspace, project.project).await;
            found.expect("seams")
        };
        assert_eq!(seams().await, []);
        run_on(database, &project, "2026-05-05", |model, _| {
            Some(if model == first { "model-a-mini" } else { "deployment" })
        })
        .await;
        let swapped = Seam {
            model_id: first,
            day: day("2026-05-05"),
            asked: "model-a".to_owned(),
            served: "model-a-mini".to_owned(),
            is_within_day: false,
        };
        assert_eq!(seams().await, std::slice::from_ref(&swapped));
        let others = database.store.other_models(project.workspace, project.project).await;
        let names = [("model-a", "model-a-mini"), ("model-b", "deployment")];
        assert_eq!(others.expect("names"), names.map(|(asked, served)| (asked.to_owned(), served.to_owned())));

        let listed = async |filter: AnswerFilter| {
            let filter = AnswerFilter { project_id: project.project, ..filter };
            let page = database.store.answers(project.workspace, &filter).await;
            page.expect("a page").rows.len()
        };
        let of = |another| AnswerFilter { served_another: Some(another), ..AnswerFilter::default() };
        // Three of the small one and eight of the deployment; who tells no name is the one asked.
        assert_eq!((listed(of(true)).await, listed(of(false)).await), (11, 7));
        let of_mini = AnswerFilter { model_served: Some("model-a-mini".to_owned()), ..AnswerFilter::default() };
        assert_eq!(listed(of_mini).await, 3);

        let reader = NoticeReader {
            workspace: project.workspace,
            user: project.user,
            with_instance: true,
        };
        let swaps_told = async || {
            let news = database.store.find_notices().await.expect("news");
            database.store.insert_notices(&news, true).await.expect("told");
            let told = database.store.notices(&reader, &[]).await.expect("notices");
            let is_swap = |notice: &Notice| matches!(notice, Notice::ModelSwapped { .. });
            told.iter().filter(|view| is_swap(&view.notice)).count()
        };
        // Who is owner and admin is told once.
        database.execute("UPDATE users SET is_admin = TRUE, confirmed_at = created_at").await;
        database
            .execute(
                "INSERT INTO workspace_members (workspace_id, user_id, role) \
                 SELECT MIN(w.id), MIN(u.id), 'owner' FROM workspaces w, users u",
            )
            .await;
        assert_eq!(swaps_told().await, 1);
        let mails = "SELECT COUNT(*) FROM llm_mails m JOIN llm_notices n ON n.id = m.notice_id \
            WHERE n.kind = 'model_swapped'";
        assert_eq!(database.number(mails).await, database.number("SELECT COUNT(*) FROM users").await);
        run_on(database, &project, "2026-05-06", |model, _| {
            Some(if model == first { "model-a-mini" } else { "deployment" })
        })
        .await;
        assert_eq!(swaps_told().await, 1);

        database.execute("DELETE FROM llm_monitoring_served_days").await;
        assert_eq!(seams().await, []);
        database.store.sum_everything_again().await.expect("marked");
        reread::work_off(&database.store, "b").await.expect("done");
        assert_eq!(seams().await, [swapped]);
    }

    async fn a_successor_is_a_seam_and_no_swap(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let (old, new) = (project.models[0], project.models[1]);
        let link = |act: &str, model: ModelId| match act {
            "add" => format!(
                "INSERT INTO llm_monitoring_project_models (workspace_id, project_id, model_id) \
                 VALUES ({}, {}, {model})",
                project.workspace, project.project
            ),
            _ => format!("DELETE FROM llm_monitoring_project_models WHERE model_id = {model}"),
        };
        let only = |model: ModelId| TestProject { models: vec![model], ..project.clone() };
        database.execute(&link("remove", new)).await;
        run_on(database, &only(old), "2026-05-03", |_, _| Some("model-a")).await;
        let seams = async || {
            let found = database.store.seams(project.workspace, project.project).await;
            found.expect("seams")
        };
        database
            .execute(&format!(
                "INSERT INTO llm_model_replacements \
                 (workspace_id, project_id, old_model_id, new_model_id, replaced_at) \
                 VALUES ({}, {}, {old}, {new}, '2026-05-04T08:00:00Z')",
                project.workspace, project.project
            ))
            .await;
        database.execute(&link("remove", old)).await;
        database.execute(&link("add", new)).await;
        assert_eq!(seams().await, []);
        run_on(database, &only(new), "2026-05-05", |_, _| Some("model-b")).await;
        run_on(database, &only(new), "2026-05-06", |_, _| Some("model-b")).await;
        let successor = Seam {
            model_id: new,
            day: day("2026-05-05"),
            asked: "model-a".to_owned(),
            served: "model-b".to_owned(),
            is_within_day: false,
        };
        assert_eq!(seams().await, [successor]);
        let news = database.store.find_notices().await.expect("news");
        let is_swap = |notice: &Notice| matches!(notice, Notice::ModelSwapped { .. });
        assert!(!news.iter().any(|one| is_swap(&one.notice)), "{news:?}");
    }

    async fn an_answer_costs_what_the_model_that_gave_it_costs(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let other = make_model(database, Provider::OpenAi, "model-dear", true).await;
        database
            .execute(&format!(
                "UPDATE llm_model_prices SET input_nano_usd_per_1m = 7000000000 WHERE model_id = {other}"
            ))
            .await;
        let price = |model: i64| format!("SELECT id FROM llm_model_prices WHERE model_id = {model}");
        let dear = database.number(&price(other)).await;
        let own = database.number(&price(project.models[0].0)).await;
        project.plan(database).await;
        let claimed = claim(database, "a").await;
        let terms = database.store.terms_of_lane(&claimed.scope).await.expect("terms");
        assert_eq!(terms, claimed.terms);
        let work = &claimed.asks[0];
        let paid = |served: Option<&str>| {
            let outcome = answered(database, &claimed, work, Vec::new());
            let mut answer = outcome.exchange.result.clone().expect("an answer");
            answer.model_served = served.map(ToOwned::to_owned);
            let price = terms.price_of(&claimed.scope.model, &answer, database.clock.now());
            price.expect("a price").id.0
        };
        assert_eq!(paid(Some("model-dear-2026-03-05")), dear);
        assert_eq!(paid(Some("model-a-2026-03-05")), own);
        assert_eq!(paid(Some("somebody")), own);
        assert_eq!(paid(None), own);
        // As much is set aside for the next ask.
        let mut outcome = answered(database, &claimed, work, Vec::new());
        let dearer = Money::from_usd(3);
        outcome.cost = outcome.cost.map(|cost| Cost { amount: dearer, ..cost });
        let asked = claimed.scope.model.model_id.as_str();
        let seen = |outcome: &AskOutcome| LargestUsage::of_ask(asked, outcome).expect("an answer").reported;
        assert_eq!(seen(&outcome), Money::ZERO);
        outcome.exchange.result.as_mut().expect("an answer").model_served = Some("model-dear".to_owned());
        assert_eq!(seen(&outcome), dearer);
    }

    async fn costs_of_before_are_computed_at_the_price_of_who_answered(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let other = make_model(database, Provider::OpenAi, "model-dear", true).await;
        database
            .execute(&format!(
                "UPDATE llm_model_prices SET input_nano_usd_per_1m = 7000000000 WHERE model_id = {other}"
            ))
            .await;
        let at = database.clock.now().date_naive();
        run_on(database, &project, &at.to_string(), |model, number| {
            Some(if model == project.models[0] && number == 0 { "model-dear" } else { "model-a" })
        })
        .await;
        let found = database.store.recompute(project.workspace, project.models[0], (at, at)).await;
        let sum = found.expect("recomputed").sum();
        // 100 tokens in at $7 a million, twice as many at $1, and 150 out at $10.
        assert_eq!((sum.answers, sum.computed), (3, Money::from_nanos(700_000 + 200_000 + 1_500_000)));
    }

    async fn a_model_that_leaves_a_tenth_without_a_text_is_told(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 20, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        let fine = run_without_texts(database, &project, [2, 0]).await;
        assert_eq!((fine.status, fine.without_text()), (RunStatus::Finished, 2));
        let short = run_without_texts(database, &project, [3, 2]).await;
        assert_eq!(short.status, RunStatus::FinishedWithFailures);
        assert_eq!((short.with_text(), short.without_text()), (35, 5));
        assert_eq!(short.lanes.iter().map(LaneView::lacks_text).collect::<Vec<_>>(), [true, false]);

        let news = database.store.find_notices().await.expect("news");
        let told: Vec<_> = news.iter().filter_map(|news| match &news.notice {
            Notice::RunIncomplete { run, answered, without_text, models, .. } => Some((*run, *answered, *without_text, models.clone())),
            _ => None,
        }).collect();
        assert_eq!(told, [(short.id, 35, 5, vec!["MODEL-A".to_owned()])]);
        assert_eq!(sums(database, "llm_monitoring_rollups", "TRUE").await[..2], [73, 7]);
    }

    async fn a_run_that_is_not_complete_is_told_with_models_and_reasons(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 5, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        project.plan(database).await;
        for classes in [&[ErrorClass::Timeout, ErrorClass::Refused, ErrorClass::Refused][..], &[ErrorClass::ModelNotFound]] {
            let claimed = claim(database, "a").await;
            begin(database, &claimed, &ids(&claimed)).await;
            let outcome = |(number, work)| match classes.get(number) {
                Some(class) => failed(database, &claimed, work, *class),
                None => answered(database, &claimed, work, Vec::new()),
            };
            let outcomes: Vec<_> = claimed.asks.iter().enumerate().map(outcome).collect();
            store(database, &claimed, &outcomes).await;
        }
        let news = database.store.find_notices().await.expect("news");
        let told: Vec<_> = news.iter().filter_map(|news| match &news.notice {
            Notice::RunIncomplete { failures, .. } => Some(failures.clone()),
            _ => None,
        }).collect();
        let of = |class, asks| AskFailures { class, asks };
        let expected = vec![
            ("MODEL-A".to_owned(), vec![of(ErrorClass::Refused, 2), of(ErrorClass::Timeout, 1)]),
            ("MODEL-B".to_owned(), vec![of(ErrorClass::ModelNotFound, 1)]),
        ];
        assert_eq!(told, [expected]);
    }
}
