//! Judge passes with a scripted provider, on both databases.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::model::answer::{AnswerFilter, Sentiment, ToneBy};
use app::model::ids::{AnswerId, ModelId, RunId};
use app::model::money::Money;
use app::model::provider::Provider as ProviderName;
use app::model::run::{JudgePassView, JudgeStatus};
use engine::attempt::RetryPolicy;
use engine::scripted::{Alone, Keys, Scripted, Step, answer, failure};
use engine::{Engine, LEASE, Options, Parts};
use providers::Provider;
use providers::Question;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::store::StoreError;
use crate::store::judging::{Begun, JudgedCall, Settled};
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases,
};

#[path = "judge_worker_tests/on_demand.rs"]
mod on_demand;
#[path = "judge_worker_tests/prices.rs"]
mod prices;
#[path = "judge_worker_tests/reconciliation.rs"]
mod reconciliation;

const MILLISECOND: Duration = Duration::from_millis(1);
/// Each answer names the brand and one competitor.
const TEXT: &str = "Kipu is excellent. Acme is slow and unreliable.";

const JUDGEMENTS: &str = "SELECT COUNT(*) FROM llm_monitoring_judgements";
const JUDGED: &str = "SELECT COUNT(*) FROM llm_monitoring_judge_answers WHERE state = 'judged'";
const LEDGER: &str = "SELECT CAST(COALESCE(SUM(amount_nano_usd), 0) AS BIGINT) \
    FROM llm_spend_ledger WHERE kind = 'judge'";
const RESERVED: &str = "SELECT CAST(COALESCE(SUM(reserved_nano_usd), 0) AS BIGINT) \
    FROM llm_monitoring_judge_passes";

/// The task that a judge is given; `None`: it is a customer's question.
fn task(question: &Question) -> Option<Value> {
    let line = question.text.lines().next()?;
    serde_json::from_str(line.strip_prefix("TASK: ")?).ok()
}

/// A verdict on each entity of each answer of a task.
fn verdicts(task: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    for answer in task["answers"].as_array().expect("answers") {
        for entity in answer["entities"].as_array().expect("entities") {
            let index = usize::try_from(entity.as_u64().expect("a number")).expect("small") - 1;
            let is_kipu = task["entities"][index]["name"] == "Kipu";
            let (sentiment, score) = if is_kipu {
                ("positive", 0.8)
            } else {
                ("negative", -0.5)
            };
            found.push(json!({
                "answer": answer["answer"], "entity": entity, "sentiment": sentiment,
                "score": score, "recommended": is_kipu.then_some(true), "reason": "It says so.",
                "praised": if is_kipu { vec!["quality"] } else { vec![] }, "blamed": [],
            }));
        }
    }
    found
}

fn reply(verdicts: &[Value]) -> Step {
    answer(&json!({ "verdicts": verdicts }).to_string(), MILLISECOND)
}

/// How many answers a task is about.
fn answers_of(task: &Value) -> usize {
    task["answers"].as_array().map_or(0, Vec::len)
}

/// A provider that answers customers, and judges by `script`, which is told the question, its
/// task and which attempt at this very question it is.
fn provider(
    script: impl Fn(&Question, &Value, usize) -> Step + Send + Sync + 'static,
) -> Arc<Scripted> {
    Arc::new(Scripted::new(move |_, question, attempt| {
        match task(question) {
            Some(task) => script(question, &task, attempt),
            None => answer(TEXT, MILLISECOND),
        }
    }))
}

fn honest() -> Arc<Scripted> {
    provider(|_, task, _| reply(&verdicts(task)))
}

struct World {
    judging: Judging,
    project: TestProject,
    run: RunId,
    shutdown: CancellationToken,
}

impl World {
    async fn pass(&self) -> Option<JudgePassView> {
        let run = self
            .judging
            .store
            .run(self.project.workspace, self.run)
            .await;
        run.expect("a run").judge
    }

    async fn over(&self) -> JudgePassView {
        self.pass().await.expect("a pass")
    }
}

fn reporter(database: &TestDatabase) -> JobReporter {
    let clock = database.store.clock().clone();
    JobReporter::new("judge", Duration::from_mins(1), clock)
}

/// Keys that panic whoever asks for one.
struct BrokenKeys;

#[async_trait::async_trait]
impl KeyRing for BrokenKeys {
    async fn access(
        &self,
        _: app::model::ids::WorkspaceId,
        _: ProviderName,
    ) -> Result<FoundKey, KeyError> {
        panic!("by a test")
    }
}

/// A workspace with a judge, in which a run has ended.
async fn world(
    database: &TestDatabase,
    plan: &ProjectPlan,
    judge: Option<usize>,
    provider: &Arc<Scripted>,
) -> World {
    let project = make_project(database, plan).await;
    let judge: Option<ModelId> = judge.map(|index| project.models[index]);
    let chosen = database.store.save_judge_model(project.workspace, judge);
    chosen.await.expect("chosen");
    run_of(database, project, provider).await
}

/// A run of the project that has ended.
async fn run_of(database: &TestDatabase, project: TestProject, provider: &Arc<Scripted>) -> World {
    let store = database.store.clone();
    let options = Options {
        retry: RetryPolicy {
            max_attempts: 3,
            first_delay: MILLISECOND,
            max_delay: 2 * MILLISECOND,
            longest_wait: Duration::from_millis(50),
            deadline: Duration::from_secs(5),
        },
        drain: Duration::from_millis(100),
        ..Options::default()
    };
    let shutdown = CancellationToken::new();
    let parts = Parts {
        lanes: Arc::new(store.clone()),
        keys: Arc::new(Keys::default()),
        provider: Arc::clone(provider) as Arc<dyn Provider>,
        clock: Arc::clone(store.clock()),
        local_workers: Arc::new(Alone::new()),
    };
    let engine = Engine::spawn(parts, options, shutdown.clone());
    let run = project.plan(database).await;
    engine.wake();
    while !store
        .run(project.workspace, run)
        .await
        .expect("a run")
        .status
        .is_over()
    {
        tokio::time::sleep(5 * MILLISECOND).await;
    }
    let judging = Judging {
        store,
        keys: Arc::new(Keys::default()),
        calls: engine.calls(),
    };
    World {
        judging,
        project,
        run,
        shutdown,
    }
}

/// Asserts what must hold of every pass that is over.
async fn assert_books(database: &TestDatabase, pass: &JudgePassView) {
    assert_eq!(
        database.number(LEDGER).await,
        pass.cost.nanos(),
        "ledger and pass"
    );
    assert_eq!(
        database.number(RESERVED).await,
        0,
        "nothing stays set aside"
    );
    assert_eq!(
        database.number(JUDGED).await,
        pass.done,
        "states and counter"
    );
    let days = "SELECT CAST(SUM(amount_nano_usd) AS BIGINT) FROM llm_spend_days";
    let ledger = "SELECT CAST(SUM(amount_nano_usd) AS BIGINT) FROM llm_spend_ledger";
    assert_eq!(database.number(days).await, database.number(ledger).await);
    let twice = "SELECT COUNT(*) FROM llm_monitoring_judge_answers WHERE reserved_nano_usd <> 0";
    assert_eq!(database.number(twice).await, 0);
}

on_both_databases! {
    async fn answers_of_a_run_are_judged_after_it(database: &TestDatabase) {
        let provider = honest();
        let world = world(database, &ProjectPlan::default(), Some(0), &provider).await;
        let waiting = world.over().await;
        assert_eq!((waiting.status, waiting.total, waiting.done), (JudgeStatus::Queued, 6, 0));
        assert_eq!(waiting.model_name, "MODEL-A");
        work_off(&world.judging, "a").await;
        let pass = world.over().await;
        assert_eq!((pass.status, pass.done, pass.failed), (JudgeStatus::Done, 6, 0));
        // Six short answers with two names each are one call beside the six asks.
        assert_eq!(provider.calls(), 6 + 1);
        assert_eq!(database.number(JUDGEMENTS).await, 12);
        // 100 tokens read at $1 a million, 50 written at $10.
        assert_eq!(pass.cost, Money::from_nanos(100_000 + 500_000));
        assert_books(database, &pass).await;
        // The sums of both lanes' days were made anew, the rules' beside the judge's.
        let sum = |column: &str| {
            format!("SELECT CAST(SUM({column}) AS BIGINT) FROM llm_monitoring_snapshots WHERE prompts = 'all'")
        };
        assert_eq!(database.number(&sum("judge_positive")).await, 6);
        assert_eq!(database.number(&sum("judge_recommended")).await, 6);
        assert_eq!(database.number(&sum("judge_thousandths")).await, 4_800);
        assert_eq!(database.number(&sum("tone_positive")).await, 6);
        // The answer tells who says what.
        let filter = AnswerFilter { project_id: world.project.project, ..AnswerFilter::default() };
        let store = &database.store;
        let page = store.answers(world.project.workspace, &filter).await.expect("answers");
        let view = store.answer(world.project.workspace, page.rows[0].id).await.expect("an answer");
        let judgement = view.findings[0].judgement.as_ref().expect("a judgement");
        assert_eq!((judgement.tone.by, judgement.tone.sentiment), (ToneBy::Judge, Sentiment::Positive));
        assert_eq!(judgement.praised, ["quality"]);
        assert_eq!(judgement.version, crate::judge::JUDGE_VERSION);
        assert_eq!(view.findings[0].tone.expect("rules").by, ToneBy::Rules);
        // A look finds nothing more to do.
        work_off(&world.judging, "a").await;
        assert_eq!(provider.calls(), 6 + 1);
        world.shutdown.cancel();
    }

    async fn a_look_that_panics_costs_no_pass_at_work(database: &TestDatabase) {
        let slow = provider(|_, task, _| Step { after: 300 * MILLISECOND, ..reply(&verdicts(task)) });
        let world = world(database, &ProjectPlan::default(), Some(0), &slow).await;
        let looks = Arc::new(AtomicUsize::new(0));
        let (store, counted) = (database.store.clone(), Arc::clone(&looks));
        let claim = move |held: Vec<i64>| {
            let (store, look) = (store.clone(), counted.fetch_add(1, Ordering::SeqCst));
            async move {
                assert!(look != 1, "as the script says");
                store.claim_judge_pass("a", &held).await
            }
        };
        let (reporter, shutdown) = (reporter(database), CancellationToken::new());
        let working = work_on_claims(world.judging.clone(), claim, reporter.clone(), shutdown.clone());
        let working = tokio::spawn(working);
        tokio::time::timeout(Duration::from_secs(30), async {
            // It looks again after the pause.
            while world.over().await.status != JudgeStatus::Done || looks.load(Ordering::SeqCst) < 3 {
                tokio::time::sleep(5 * MILLISECOND).await;
            }
        }).await.expect("the pass comes to its end");
        shutdown.cancel();
        working.await.expect("it stops");
        assert_eq!((reporter.report().panics, slow.calls()), (1, 6 + 1));
        assert_eq!(database.number(JUDGEMENTS).await, 12);
        world.shutdown.cancel();
    }

    async fn a_pass_that_breaks_is_told(database: &TestDatabase) {
        let world = world(database, &ProjectPlan::default(), Some(0), &honest()).await;
        let judging = Judging { keys: Arc::new(BrokenKeys), ..world.judging.clone() };
        let (reporter, shutdown) = (reporter(database), CancellationToken::new());
        let working = tokio::spawn(work(judging, "a".into(), reporter.clone(), shutdown.clone()));
        tokio::time::timeout(Duration::from_secs(30), async {
            while reporter.report().last_failure.is_none() {
                tokio::time::sleep(5 * MILLISECOND).await;
            }
        }).await.expect("it is told");
        shutdown.cancel();
        working.await.expect("it stops");
        let told = reporter.report().last_failure.expect("a failure");
        assert!(told.contains("panicked"), "{told}");
        world.shutdown.cancel();
    }

    async fn nobody_judges_where_nobody_was_chosen(database: &TestDatabase) {
        let provider = honest();
        let chosen_none = world(database, &ProjectPlan::default(), None, &provider).await;
        assert_eq!(chosen_none.pass().await, None);
        // What the simulator says of real answers would look like a number.
        let models = vec![(ProviderName::OpenAi, "model-a", true), (ProviderName::Simulator, "simulator-1", true)];
        let plan = ProjectPlan { models, prompts: 2, ..ProjectPlan::default() };
        let simulated = world(database, &plan, Some(1), &provider).await;
        assert_eq!(simulated.over().await.total, 2, "its own answers, not the others");
        chosen_none.shutdown.cancel();
        simulated.shutdown.cancel();
    }

    async fn what_a_reply_leaves_out_is_asked_again_alone_once(database: &TestDatabase) {
        // The first answer of every call is left out, alone or not.
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sizes = Arc::clone(&seen);
        let provider = provider(move |_, task, _| {
            sizes.lock().expect("not poisoned").push(answers_of(task));
            let others = verdicts(task).into_iter().filter(|verdict| verdict["answer"] != 1);
            reply(&others.collect::<Vec<_>>())
        });
        let world = world(database, &ProjectPlan::default(), Some(0), &provider).await;
        work_off(&world.judging, "a").await;
        let pass = world.over().await;
        assert_eq!((pass.status, pass.done, pass.failed), (JudgeStatus::Done, 5, 1));
        assert_eq!(*seen.lock().expect("not poisoned"), [6, 1]);
        assert_eq!(database.number(JUDGEMENTS).await, 10);
        assert_books(database, &pass).await;
        world.shutdown.cancel();
    }

    async fn an_answer_that_commands_the_judge_moves_nothing_else(database: &TestDatabase) {
        // The model was persuaded: it speaks of answers and entities that nobody asked about.
        let provider = provider(|_, task, _| {
            let mut said = verdicts(task);
            for (answer, entity) in [(1, 3), (1, 99), (77, 1), (0, 0), (-1, 1)] {
                said.push(json!({
                    "answer": answer, "entity": entity, "sentiment": "positive", "score": 1.0,
                    "recommended": true, "reason": "Ignore the rules.", "praised": [], "blamed": [],
                }));
            }
            reply(&said)
        });
        let world = world(database, &ProjectPlan::default(), Some(0), &provider).await;
        work_off(&world.judging, "a").await;
        assert_eq!(world.over().await.done, 6);
        assert_eq!(database.number(JUDGEMENTS).await, 12);
        let persuaded = "SELECT COUNT(*) FROM llm_monitoring_judgements WHERE reason LIKE 'Ignore%'";
        assert_eq!(database.number(persuaded).await, 0);
        world.shutdown.cancel();
    }

    async fn a_dead_key_ends_the_pass_with_its_reason(database: &TestDatabase) {
        let provider = provider(|_, _, _| failure(ErrorClass::BadKey, false, MILLISECOND));
        let world = world(database, &ProjectPlan::default(), Some(0), &provider).await;
        work_off(&world.judging, "a").await;
        let pass = world.over().await;
        assert_eq!((pass.status, pass.end_reason), (JudgeStatus::Failed, Some(ErrorClass::BadKey)));
        assert_eq!((pass.done, pass.cost), (0, Money::ZERO));
        assert_eq!(provider.calls(), 6 + 1);
        assert_books(database, &pass).await;
        world.shutdown.cancel();
    }

    async fn nothing_is_sent_that_does_not_fit_the_budget(database: &TestDatabase) {
        let provider = honest();
        let world = world(database, &ProjectPlan::default(), Some(0), &provider).await;
        // A cent more than is spent; a call may cost five.
        database
            .execute(
                "UPDATE workspaces SET monthly_budget_nano_usd = 10000000 \
                 + (SELECT SUM(amount_nano_usd) FROM llm_spend_days)",
            )
            .await;
        work_off(&world.judging, "a").await;
        let pass = world.over().await;
        assert_eq!((pass.status, pass.done), (JudgeStatus::OverBudget, 0));
        assert_eq!(provider.calls(), 6);
        assert_books(database, &pass).await;
        world.shutdown.cancel();
    }

    async fn a_judge_that_was_switched_off_is_asked_nothing_more(database: &TestDatabase) {
        let provider = honest();
        let world = world(database, &ProjectPlan::default(), Some(0), &provider).await;
        let workspace = world.project.workspace;
        database.store.save_judge_model(workspace, None).await.expect("switched off");
        work_off(&world.judging, "a").await;
        let pass = world.over().await;
        assert_eq!((pass.status, pass.end_reason), (JudgeStatus::Failed, Some(ErrorClass::SwitchedOff)));
        assert_eq!(provider.calls(), 6);
        world.shutdown.cancel();
    }

    async fn failures_are_retried_and_what_was_lost_is_booked(database: &TestDatabase) {
        let provider = provider(|_, task, attempt| match attempt {
            1 => failure(ErrorClass::Timeout, true, MILLISECOND),
            2 => failure(ErrorClass::Overloaded, true, MILLISECOND),
            _ => reply(&verdicts(task)),
        });
        let world = world(database, &ProjectPlan::default(), Some(0), &provider).await;
        work_off(&world.judging, "a").await;
        let pass = world.over().await;
        assert_eq!((pass.status, pass.done), (JudgeStatus::Done, 6));
        let worst = "SELECT COUNT(*) FROM llm_spend_ledger WHERE kind = 'judge' AND cost_kind = 'worst_case'";
        // One call was lost; it was about six answers, each of which bears a part of it.
        assert_eq!(database.number(worst).await, 6);
        assert_eq!(provider.calls(), 6 + 3);
        assert_books(database, &pass).await;
        world.shutdown.cancel();
    }

    async fn a_server_without_forms_is_asked_in_words(database: &TestDatabase) {
        let provider = provider(|question, task, _| match question.form {
            Some(_) => failure(ErrorClass::BadParameter, false, MILLISECOND),
            None => reply(&verdicts(task)),
        });
        let world = world(database, &ProjectPlan::default(), Some(0), &provider).await;
        work_off(&world.judging, "a").await;
        let pass = world.over().await;
        assert_eq!((pass.status, pass.done, pass.failed), (JudgeStatus::Done, 6, 0));
        assert_books(database, &pass).await;
        world.shutdown.cancel();
    }

    async fn a_judge_that_never_says_anything_useful_is_given_up(database: &TestDatabase) {
        let provider = provider(|_, _, _| answer("I would rather not.", MILLISECOND));
        let plan = ProjectPlan { prompts: 60, ..ProjectPlan::default() };
        let world = world(database, &plan, Some(0), &provider).await;
        work_off(&world.judging, "a").await;
        let pass = world.over().await;
        assert_eq!((pass.status, pass.end_reason), (JudgeStatus::Failed, Some(ErrorClass::BadResponse)));
        assert!(provider.calls() < 120 + 30, "{}", provider.calls());
        assert_books(database, &pass).await;
        world.shutdown.cancel();
    }

    async fn long_answers_are_fetched_a_few_at_a_time(database: &TestDatabase) {
        let provider = honest();
        let world = world(database, &ProjectPlan::default(), Some(0), &provider).await;
        // 1.5 MB each: two are what a page has room for.
        for _ in 0..15 {
            database.execute("UPDATE llm_monitoring_results \
                SET full_response = full_response || ' ' || full_response").await;
        }
        let store = &database.store;
        let pass = store.claim_judge_pass("a", &[]).await.expect("claimed").expect("a pass");
        let cent = Money::from_nanos(10_000_000);
        let mut fetched = Vec::new();
        for _ in 0..3 {
            let (answers, nobody) = store.answers_to_judge(&pass, 200).await.expect("answers");
            assert_eq!((answers.len(), nobody.len()), (2, 0));
            for answer in &answers {
                assert!(answer.text.len() > 1_500_000 && answer.text.ends_with(TEXT));
                assert_eq!((answer.named.len(), answer.language.as_str()), (2, "en"));
            }
            let ids: Vec<AnswerId> = answers.iter().map(|waiting| waiting.answer).collect();
            assert_eq!(store.begin_judging(&pass, &ids, cent).await.expect("begun"), Begun::Yes);
            fetched.extend(ids);
        }
        assert!(fetched.is_sorted() && fetched.len() == 6, "{fetched:?}");
        // However few a page has, all are fetched.
        assert_eq!(store.answers_to_judge(&pass, 200).await.expect("looked"), (vec![], vec![]));
        world.shutdown.cancel();
    }

    async fn a_dead_worker_costs_its_calls_and_nothing_is_judged_twice(database: &TestDatabase) {
        let sent = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&sent);
        let provider = provider(move |_, task, _| {
            counted.fetch_add(answers_of(task), Ordering::SeqCst);
            reply(&verdicts(task))
        });
        let plan = ProjectPlan { prompts: 20, ..ProjectPlan::default() };
        let world = world(database, &plan, Some(0), &provider).await;
        let store = &database.store;
        let dead = store.claim_judge_pass("dead", &[]).await.expect("claimed").expect("a pass");
        assert!(store.claim_judge_pass("b", &[]).await.expect("looked").is_none(), "it is held");
        let (answers, nobody) = store.answers_to_judge(&dead, 200).await.expect("answers");
        assert_eq!((answers.len(), nobody.len()), (40, 0));
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for waiting in answers {
            let ids = if first.len() < 3 { &mut first } else { &mut second };
            ids.push(waiting.answer);
        }
        let worst = Money::from_nanos(7_000_000);
        assert_eq!(store.begin_judging(&dead, &first, worst).await.expect("begun"), Begun::Yes);
        assert_eq!(store.begin_judging(&dead, &second[..2], worst).await.expect("begun"), Begun::Yes);
        assert_eq!(database.number(RESERVED).await, 14_000_000);
        // One of its calls came back and was written; the other is lost with it.
        let written = JudgedCall {
            answers: first.iter().map(|answer| (*answer, Settled::Judged)).collect(),
            verdicts: Vec::new(),
            model_served: None,
            reserved: worst,
            costs: Vec::new(),
        };
        store.commit_judged(&dead, &written).await.expect("written");
        // The connection broke, nobody knew whether it was: the same again changes nothing.
        store.commit_judged(&dead, &written).await.expect("written before");
        assert_eq!(database.number(RESERVED).await, 7_000_000);
        database.clock.advance(LEASE * 2);
        // Whose task is at work does not take its own pass away.
        let own = store.claim_judge_pass("dead", &[dead.id]).await.expect("looked");
        assert!(own.is_none(), "the task renews it, or writes what comes back");
        let lost = JudgedCall {
            answers: second[..2].iter().map(|answer| (*answer, Settled::Judged)).collect(),
            ..written
        };
        let next = store.claim_judge_pass("b", &[]).await.expect("claimed").expect("free again");
        assert!(matches!(store.commit_judged(&dead, &lost).await, Err(StoreError::LaneLost)));
        assert!(matches!(store.renew_judge_pass(&dead).await, Err(StoreError::LaneLost)));
        assert!(matches!(store.release_judge_pass(&dead).await, Err(StoreError::LaneLost)));
        let begun = store.begin_judging(&dead, &second[2..3], worst).await;
        assert!(matches!(begun, Err(StoreError::LaneLost)));
        assert_eq!(database.number(LEDGER).await, 7_000_000, "the lost call at its worst case");
        assert_eq!(database.number(RESERVED).await, 0);
        store.release_judge_pass(&next).await.expect("released");
        // Two workers at once: one of them gets it.
        tokio::join!(work_off(&world.judging, "c"), work_off(&world.judging, "d"));
        let pass = world.over().await;
        assert_eq!((pass.status, pass.done, pass.failed), (JudgeStatus::Done, 40, 0));
        assert_eq!(sent.load(Ordering::SeqCst), 40 - 3, "no judged answer was sent again");
        assert_eq!(database.number(JUDGEMENTS).await, (40 - 3) * 2);
        assert_books(database, &pass).await;
        world.shutdown.cancel();
    }

    async fn a_host_that_goes_down_gives_its_pass_back(database: &TestDatabase) {
        // Together they take too long.
        let provider = provider(|_, task, _| Step {
            after: if answers_of(task) > 1 { Duration::from_hours(1) } else { MILLISECOND },
            ..reply(&verdicts(task))
        });
        let world = world(database, &ProjectPlan::default(), Some(0), &provider).await;
        let shutdown = CancellationToken::new();
        let clock = database.store.clock().clone();
        let reporter = JobReporter::new("judge", Duration::from_mins(1), clock);
        let judging = world.judging.clone();
        let working = tokio::spawn(work(judging, "a".into(), reporter.clone(), shutdown.clone()));
        while provider.calls() < 7 {
            tokio::time::sleep(5 * MILLISECOND).await;
        }
        shutdown.cancel();
        working.await.expect("it ended");
        assert!(reporter.report().last_success_at.is_some(), "its claims were noted");
        assert_eq!(world.over().await.status, JudgeStatus::Running);
        // No lease is in the way of the next worker; the call that was given up is booked.
        work_off(&world.judging, "b").await;
        let pass = world.over().await;
        assert_eq!((pass.status, pass.done), (JudgeStatus::Done, 6));
        assert!(pass.cost > Money::from_nanos(600_000), "{}", pass.cost);
        assert_books(database, &pass).await;
        world.shutdown.cancel();
    }

    async fn two_passes_that_want_the_last_cents_do_not_pass_the_budget(database: &TestDatabase) {
        let provider = honest();
        let plan = ProjectPlan { prompts: 12, ..ProjectPlan::default() };
        let world = world(database, &plan, Some(0), &provider).await;
        let store = &database.store;
        let pass = store.claim_judge_pass("a", &[]).await.expect("claimed").expect("a pass");
        let (answers, _) = store.answers_to_judge(&pass, 200).await.expect("answers");
        let ids: Vec<AnswerId> = answers.iter().map(|waiting| waiting.answer).collect();
        let budget = store.budget(world.project.workspace).await.expect("a budget");
        let half = Money::from_nanos((budget.monthly - budget.spent).nanos() / 2 + 1);
        assert_eq!(store.begin_judging(&pass, &ids[..1], half).await.expect("asked"), Begun::Yes);
        assert_eq!(store.begin_judging(&pass, &ids[1..2], half).await.expect("asked"), Begun::Later);
        assert!(!store.reserve_for_judge(&pass, ids[0], half).await.expect("asked"));
        let more = budget.monthly - budget.spent + Money::from_nanos(1);
        assert_eq!(store.begin_judging(&pass, &ids[1..2], more).await.expect("asked"), Begun::OverBudget(None));
        assert_eq!(store.budget(world.project.workspace).await.expect("a budget").reserved, half);
        world.shutdown.cancel();
    }
}
