//! Revisions: reading again beside what is shown, sums made anew, what dies in between.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use analysis::sentiment::Score;
use app::model::answer::{AnswerFilter, MentionSource, Sentiment};
use app::model::ids::{AnswerId, EntityId};
use app::model::metrics::{MentionSums, SnapshotSums};
use app::model::project::ProjectDraft;
use engine::{AskOutcome, Batch, Claimed, LEASE, Read, UNREADABLE, mentions, pages_of};
use providers::Citation;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use runtime::clock::Clock;
use runtime::supervision::JobReporter;
use tokio_util::sync::CancellationToken;

use super::{answer_all, answered, begin, claim, finding, ids, store};
use crate::jobs::reread;
use crate::store::StoreError;
use crate::store::answers::Stage;
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases,
};

/// Everything that is summed, but for ids and times.
const SUMS: [&str; 6] = [
    "SELECT 'r', t.revision_id, CAST(t.day AS TEXT), t.model_id, t.query_id, CAST(0 AS BIGINT), {rollups} \
     FROM llm_monitoring_rollups t JOIN llm_monitoring_revisions v ON v.id = t.revision_id \
     WHERE v.status = 'active'",
    "SELECT 'e', t.revision_id, CAST(t.day AS TEXT), t.model_id, t.query_id, t.entity_id, \
     {mentions} FROM llm_monitoring_entity_rollups t \
     JOIN llm_monitoring_revisions v ON v.id = t.revision_id WHERE v.status = 'active'",
    "SELECT 'w', t.revision_id, CAST(t.week AS TEXT), t.model_id, t.query_id, CAST(0 AS BIGINT), {rollups} \
     FROM llm_monitoring_week_rollups t JOIN llm_monitoring_revisions v ON v.id = t.revision_id \
     WHERE v.status = 'active'",
    "SELECT 'v', t.revision_id, CAST(t.week AS TEXT), t.model_id, t.query_id, t.entity_id, \
     {mentions} FROM llm_monitoring_week_entity_rollups t \
     JOIN llm_monitoring_revisions v ON v.id = t.revision_id WHERE v.status = 'active'",
    "SELECT t.prompts, t.revision_id, CAST(t.snapshot_date AS TEXT), t.model_id, t.prompt_count, \
     CAST(0 AS BIGINT), {rollups} FROM llm_monitoring_snapshots t \
     JOIN llm_monitoring_revisions v ON v.id = t.revision_id WHERE v.status = 'active'",
    "SELECT s.prompts, s.revision_id, CAST(s.snapshot_date AS TEXT), s.model_id, CAST(0 AS BIGINT), \
     t.entity_id, {mentions} FROM llm_monitoring_snapshot_entities t \
     JOIN llm_monitoring_snapshots s ON s.id = t.snapshot_id \
     JOIN llm_monitoring_revisions v ON v.id = s.revision_id WHERE v.status = 'active'",
];

/// All rows of sums of what is shown. With `revisions` false the same under another revision
/// is the same.
async fn sums(database: &TestDatabase, revisions: bool) -> BTreeSet<String> {
    use crate::store::sql::record::Record;
    use crate::store::sums::columns::columns;

    let mut found = BTreeSet::new();
    for sql in SUMS {
        let sql = sql
            .replace("{rollups}", &columns::<SnapshotSums>("t"))
            .replace("{mentions}", &columns::<MentionSums>("t"));
        let width = if sql.contains("entity_id,") {
            MentionSums::columns_by(&str::to_owned).len()
        } else {
            SnapshotSums::columns_by(&str::to_owned).len()
        };
        let rows = crate::store::sql::rows::all(database.store.reader(), sql, []).await;
        for row in rows.expect("sums") {
            let word: String = row.try_get_by_index(0).expect("a word");
            let day: String = row.try_get_by_index(2).expect("a day");
            let mut numbers = Vec::new();
            for index in [1, 3, 4, 5].into_iter().chain(6..6 + width) {
                let number: i64 = row.try_get_by_index(index).expect("a number");
                numbers.push(if index == 1 && !revisions { 0 } else { number });
            }
            assert!(
                found.insert(format!("{word} {day} {numbers:?}")),
                "no row twice"
            );
        }
    }
    found
}

const TEXTS: [&str; 6] = [
    "1. Kipu\n2. Acme\n3. Globex\n\nKipu is excellent and reliable. We recommend Kipu.",
    "Acme is a great choice. Avoid Kipu: it is slow and unreliable.",
    "| Rank | Brand |\n|---|---|\n| 1 | Globex |\n| 2 | Initech |\n",
    "Nobody knows.",
    "See [the shop](https://kipu.example/soap) and Initech, which is terrible.",
    "- Acme\n- Kipu\n- Initech\n",
];

/// An answer of one of the texts, read as the engine reads it.
fn outcome(
    database: &TestDatabase,
    claimed: &Claimed,
    work: &engine::AskWork,
    text: &str,
) -> AskOutcome {
    let mut outcome = answered(database, claimed, work, Vec::new());
    if let Ok(answer) = &mut outcome.exchange.result {
        text.clone_into(&mut answer.text);
        answer.citations.clear();
    }
    read(claimed, &mut outcome);
    outcome
}

fn read(claimed: &Claimed, outcome: &mut AskOutcome) {
    let text = outcome
        .exchange
        .result
        .as_ref()
        .expect("an answer")
        .text
        .clone();
    outcome.reads = claimed
        .readings
        .iter()
        .map(|reading| {
            let found = mentions(&reading.detector(), &text, &[], &outcome.language);
            Read::new(Arc::new(reading.clone()), found)
        })
        .collect();
}

/// One run with texts at random.
pub(super) async fn run(database: &TestDatabase, project: &TestProject, seed: u64) {
    run_citing(database, project, seed, |_| Vec::new()).await;
}

/// The same with what each answer cites.
pub(super) async fn run_citing(
    database: &TestDatabase,
    project: &TestProject,
    seed: u64,
    cited: fn(&mut StdRng) -> Vec<Citation>,
) {
    let mut random = StdRng::seed_from_u64(seed);
    project.plan(database).await;
    for _ in &project.models {
        let claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)).await;
        for work in &claimed.asks {
            let text = TEXTS[random.random_range(0..TEXTS.len())];
            let mut outcome = outcome(database, &claimed, work, text);
            if let Ok(answer) = &mut outcome.exchange.result {
                answer.citations = cited(&mut random);
                outcome.pages = pages_of(&answer.citations);
            }
            store(database, &claimed, &[outcome]).await;
        }
    }
    database.clock.advance(std::time::Duration::from_hours(24));
}

/// Adds the competitor Initech, as a user does.
pub(super) async fn add_initech(database: &TestDatabase, project: &TestProject) {
    let view = database
        .store
        .project(project.workspace, project.project)
        .await;
    let mut draft: ProjectDraft = view.expect("a project").record.draft();
    draft.competitors.push(app::model::project::EntityDraft {
        name: "Initech".to_owned(),
        ..Default::default()
    });
    database
        .store
        .update_project(project.workspace, project.project, &draft)
        .await
        .expect("saved");
}

async fn shown(database: &TestDatabase, name: &str) -> i64 {
    database
        .number(&format!(
            "SELECT COUNT(*) FROM llm_monitoring_findings f \
             JOIN llm_monitoring_revisions r ON r.id = f.revision_id AND r.status = 'active' \
             JOIN llm_monitoring_entities e ON e.id = f.entity_id WHERE e.name = '{name}'"
        ))
        .await
}

async fn revisions(database: &TestDatabase, status: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM llm_monitoring_revisions WHERE status = '{status}'");
    database.number(&sql).await
}

on_both_databases! {
    async fn a_rebuild_gives_the_rows_that_runs_gave(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 6, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        // From a Tuesday to the next: the first week is over.
        for seed in 0..8 {
            run(database, &project, seed).await;
        }
        let before = sums(database, true).await;
        assert!(before.len() > 60, "{}", before.len());
        let weeks = "SELECT COUNT(DISTINCT week) FROM llm_monitoring_week_rollups";
        assert_eq!(database.number(weeks).await, 1);
        database.execute("DELETE FROM llm_monitoring_rollups").await;
        database.execute("UPDATE llm_monitoring_week_rollups SET mentions = 77").await;
        database.execute("UPDATE llm_monitoring_snapshots SET mentions = 77").await;
        assert_eq!(database.store.sum_everything_again().await.expect("marked"), 1);
        reread::work_off(&database.store, "rebuilder").await.expect("rebuilt");
        assert_eq!(sums(database, true).await, before);
        // All answers read again by the same rules give the same, too.
        database.store.read_again(project.workspace, project.project).await.expect("asked");
        reread::work_off(&database.store, "rereader").await.expect("read again");
        let numbers = |rows: &BTreeSet<String>| rows.len();
        assert_eq!(numbers(&sums(database, true).await), numbers(&before));
        let again = sums(database, false).await;
        database.execute("UPDATE llm_monitoring_revisions SET is_summed = FALSE WHERE status = 'active'").await;
        reread::work_off(&database.store, "rebuilder").await.expect("rebuilt");
        assert_eq!(sums(database, false).await, again);
    }

    async fn a_period_has_the_sums_of_its_days(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan { prompts: 2, ..ProjectPlan::default() }).await;
        // Two whole weeks and the begin of a third, from a Tuesday on.
        let mut days = Vec::new();
        for seed in 0..15 {
            days.push(database.clock.now().date_naive());
            run(database, &project, seed).await;
        }
        let weeks = "SELECT COUNT(DISTINCT week) FROM llm_monitoring_week_rollups";
        assert_eq!(database.number(weeks).await, 2);
        // Costs of a week that is over come late: the judge's, or those of a run at midnight.
        database
            .execute("UPDATE llm_spend_ledger SET amount_nano_usd = amount_nano_usd + id")
            .await;
        database.execute("UPDATE llm_monitoring_revisions SET is_summed = FALSE WHERE status = 'active'").await;
        reread::work_off(&database.store, "summer").await.expect("summed");
        for from in &days {
            for to in days.iter().filter(|to| *to >= from) {
                let cells = database
                    .store
                    .prompt_cells(project.workspace, project.project, (*from, *to), &[])
                    .await
                    .expect("cells");
                let cost: i64 = cells.iter().map(|cell| cell.sums.cost.nanos()).sum();
                let answers: i64 = cells.iter().map(|cell| cell.sums.answers).sum();
                let of = |what: &str, table: &str, day: &str| {
                    format!(
                        "SELECT CAST({what} AS BIGINT) FROM {table} \
                         WHERE {day} BETWEEN '{from}' AND '{to}'"
                    )
                };
                let counted = of("COUNT(*)", "llm_monitoring_results", "analysis_day");
                let paid = of("SUM(amount_nano_usd)", "llm_spend_ledger", "day");
                let expected = (database.number(&counted).await, database.number(&paid).await);
                assert_eq!((answers, cost), expected, "{from} to {to}");
            }
        }
    }

    async fn a_new_competitor_is_found_in_old_answers(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 12, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        run(database, &project, 7).await;
        let kipu = shown(database, "Kipu").await;
        let before = sums(database, true).await;
        add_initech(database, &project).await;
        // Until all are read, what was shown stays.
        assert_eq!((revisions(database, "active").await, revisions(database, "filling").await), (1, 1));
        assert_eq!(sums(database, true).await, before);
        reread::work_off(&database.store, "reader").await.expect("read");
        assert_eq!((revisions(database, "active").await, revisions(database, "cleared").await), (1, 1));
        assert!(shown(database, "Initech").await > 0);
        assert_eq!(shown(database, "Kipu").await, kipu);
        let left = "SELECT COUNT(*) FROM llm_monitoring_findings f \
            JOIN llm_monitoring_revisions r ON r.id = f.revision_id WHERE r.status <> 'active'";
        assert_eq!(database.number(left).await, 0, "nothing is left of the old one");
        let answers = AnswerFilter { project_id: project.project, mentioned: Some(true), ..AnswerFilter::default() };
        let page = database.store.answers(project.workspace, &answers).await.expect("answers");
        assert_eq!(page.total, kipu);
    }

    async fn answers_that_arrive_meanwhile_are_read_under_both(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 6, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        run(database, &project, 3).await;
        project.plan(database).await;
        let mut claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)).await;
        let text = "Initech before Kipu.";
        let mut first = outcome(database, &claimed, &claimed.asks[0], text);
        add_initech(database, &project).await;
        // It was read under the old revision alone: refused, until it is read under both.
        let outcomes = [first.clone()];
        let batch = Batch { outcomes: &outcomes, ..Batch::default() };
        let refused = database.store.commit_outcomes(&claimed.scope, &batch).await;
        assert!(matches!(refused, Err(StoreError::RevisionsChanged)));
        claimed.readings = database.store.readings(project.workspace, project.project).await.expect("readings");
        assert_eq!(claimed.readings.len(), 2);
        read(&claimed, &mut first);
        store(database, &claimed, &[first]).await;
        assert_eq!(shown(database, "Initech").await, 0);
        reread::work_off(&database.store, "reader").await.expect("read");
        let initech = shown(database, "Initech").await;
        // The lane goes on with what it knew: the old revision is gone.
        let late = outcome(database, &claimed, &claimed.asks[1], text);
        let outcomes = [late.clone()];
        let batch = Batch { outcomes: &outcomes, ..Batch::default() };
        let refused = database.store.commit_outcomes(&claimed.scope, &batch).await;
        assert!(matches!(refused, Err(StoreError::RevisionsChanged)));
        claimed.readings = database.store.readings(project.workspace, project.project).await.expect("readings");
        let rest: Vec<AskOutcome> = claimed.asks.iter().skip(1).map(|work| outcome(database, &claimed, work, text)).collect();
        store(database, &claimed, &rest).await;
        assert_eq!(shown(database, "Initech").await, initech + 5);
        answer_all_of_other_lane(database).await;
        let incremental = sums(database, true).await;
        database.store.sum_everything_again().await.expect("marked");
        reread::work_off(&database.store, "rebuilder").await.expect("rebuilt");
        assert_eq!(sums(database, true).await, incremental);
    }

    async fn long_answers_are_read_a_few_at_a_time(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 4, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        run(database, &project, 13).await;
        let long = "Initech and nobody else. ".repeat(60_000);
        let tx = database.store.begin_write().await.expect("a transaction");
        let sql = "UPDATE llm_monitoring_results SET full_response = $1 WHERE id % 2 = 0";
        crate::store::sql::rows::execute(&tx, sql, [long.into()]).await.expect(sql);
        tx.commit().await.expect("committed");
        add_initech(database, &project).await;
        let work = database.store.claim_revision("dead").await.expect("claimed").expect("work");
        let next = database.store.answers_to_read(&work, AnswerId(0), 500).await.expect("answers");
        let bytes: usize = next.iter().map(|answer| answer.text.len()).sum();
        assert!(bytes <= 4 * 1024 * 1024 && bytes > 1024 * 1024, "{bytes}");
        database.clock.advance(LEASE);
        reread::work_off(&database.store, "reader").await.expect("read");
        // However few a page has, all are read.
        assert_eq!(shown(database, "Initech").await, database.number(
            "SELECT COUNT(*) FROM llm_monitoring_results WHERE full_response LIKE '%Initech%'").await);
    }

    async fn long_answers_are_searched_for_names_a_few_at_a_time(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 6, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        project.plan(database).await;
        let claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)).await;
        let long = format!("1. Kipu\n2. Umbrella\n\n{}", "So it goes. ".repeat(125_000));
        let listed = |work| {
            let first = finding(project.brand, MentionSource::Text, Some(1));
            let mut one = answered(database, &claimed, work, vec![first]);
            if let Ok(answer) = &mut one.exchange.result {
                answer.text.clone_from(&long);
            }
            one
        };
        let answers: Vec<AskOutcome> = claimed.asks.iter().map(listed).collect();
        store(database, &claimed, &answers).await;
        let revision = claimed.readings[0].revision;
        let pages = database.store.answers_that_list(project.workspace, revision, project.brand, 1_000);
        let pages = pages.await.expect("pages");
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 2]);
        let mut newest = AnswerId(i64::MAX);
        for page in &pages {
            let texts = database.store.questions_and_texts(project.workspace, page).await.expect("texts");
            for (answer, (id, question, text)) in page.iter().zip(&texts) {
                assert!(answer.0 == *id && *answer < newest && !question.is_empty() && *text == long);
                newest = *answer;
            }
        }
    }

    async fn a_dead_readers_work_is_taken_up(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 8, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        run(database, &project, 5).await;
        add_initech(database, &project).await;
        let work = database.store.claim_revision("dead").await.expect("claimed").expect("work");
        assert_eq!(work.stage, Stage::Fill);
        let reading = database.store.readings(project.workspace, project.project).await.expect("readings").pop().expect("one");
        let next = database.store.answers_to_read(&work, AnswerId(0), 3).await.expect("answers");
        let found: Vec<_> = next.iter().map(|answer| (answer.id, mentions(&reading.detector(), &answer.text, &[], "en"))).collect();
        database.store.store_readings(&work, &reading, next[2].id, 3, &found).await.expect("stored");
        assert!(database.store.claim_revision("second").await.expect("claimed").is_none(), "it is held");
        database.clock.advance(LEASE);
        reread::work_off(&database.store, "second").await.expect("read");
        let late = database.store.store_readings(&work, &reading, next[2].id, 3, &found).await;
        assert!(matches!(late, Err(StoreError::LaneLost)));
        let twice = "SELECT COUNT(*) FROM (SELECT result_id, entity_id FROM llm_monitoring_findings \
            GROUP BY result_id, entity_id HAVING COUNT(*) > 1) AS twice";
        assert_eq!(database.number(twice).await, 0);
        assert_eq!(shown(database, "Initech").await, database.number(
            "SELECT COUNT(*) FROM llm_monitoring_results WHERE full_response LIKE '%Initech%'").await);
    }

    async fn an_answer_that_cannot_be_read_costs_no_other_and_counts_nowhere(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 6, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        run(database, &project, 11).await;
        let total = database.number("SELECT COUNT(*) FROM llm_monitoring_results").await;
        // One is read where it is when it comes, one on another thread.
        let long = "Kipu ".repeat(8_000);
        for (nth, text) in [(1, UNREADABLE.to_owned()), (2, format!("{long}{UNREADABLE}"))] {
            database.execute(&format!(
                "UPDATE llm_monitoring_results SET full_response = '{text}' WHERE id = \
                 (SELECT id FROM llm_monitoring_results ORDER BY id LIMIT 1 OFFSET {nth})"
            )).await;
        }
        add_initech(database, &project).await;
        let reporter = JobReporter::new("revisions", Duration::from_mins(1), database.store.clock().clone());
        let shutdown = CancellationToken::new();
        let reading = reread::work(database.store.clone(), "reader".into(), reporter.clone(), shutdown.clone());
        let reading = tokio::spawn(reading);
        let read = async {
            while revisions(database, "filling").await > 0 || reporter.report().last_failure.is_none() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), read).await.expect("it comes to its end");
        shutdown.cancel();
        reading.await.expect("it stops");
        assert_eq!(reporter.report().last_failure.as_deref(), Some("answers that could not be read: 2"));
        assert_eq!(counted(database).await, (total - 2, 2));
        let unread = rows_of(database, &project, None).await;
        let unread = unread.iter().filter(|source| **source == MentionSource::Unread).count();
        assert_eq!(unread, 2);
        let silent = rows_of(database, &project, Some(false)).await;
        assert!(silent.iter().all(|source| *source == MentionSource::None), "{silent:?}");

        // Once it can be read, the next reading counts it.
        let sql = format!("UPDATE llm_monitoring_results SET full_response = 'Kipu' \
            WHERE full_response LIKE '%{UNREADABLE}'");
        database.execute(&sql).await;
        database.store.read_again(project.workspace, project.project).await.expect("opened");
        reread::work_off(&database.store, "reader").await.expect("read");
        assert_eq!(counted(database).await, (total, 0));
        assert_eq!(database.number("SELECT COUNT(*) FROM llm_monitoring_unread").await, 0);
    }

    async fn what_older_rules_read_is_read_again(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        run(database, &project, 2).await;
        assert_eq!(database.store.read_outdated_again().await.expect("looked"), 0);
        database.execute("UPDATE llm_monitoring_revisions SET detector_version = 0").await;
        assert_eq!(database.store.read_outdated_again().await.expect("looked"), 1);
        assert_eq!(database.store.read_outdated_again().await.expect("looked"), 0, "it is filling");
        let before = sums(database, false).await;
        reread::work_off(&database.store, "reader").await.expect("read");
        assert_eq!(sums(database, false).await, before);
        assert_eq!(database.store.read_outdated_again().await.expect("looked"), 0);
    }

    async fn changing_back_takes_the_new_one_back(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        run(database, &project, 1).await;
        let view = database.store.project(project.workspace, project.project).await.expect("a project");
        let before = sums(database, true).await;
        add_initech(database, &project).await;
        let draft = view.record.draft();
        let update = database.store.update_project(project.workspace, project.project, &draft);
        update.await.expect("saved");
        reread::work_off(&database.store, "reader").await.expect("read");
        assert_eq!((revisions(database, "active").await, revisions(database, "filling").await), (1, 0));
        assert_eq!(sums(database, true).await, before);
        // What changes nothing about the entities opens nothing.
        let draft = view.record.draft();
        let update = database.store.update_project(project.workspace, project.project, &draft);
        update.await.expect("saved");
        assert_eq!(revisions(database, "filling").await, 0);
    }

    async fn tone_and_branded_prompts_are_summed(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 2, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        database.execute("UPDATE llm_monitoring_queries SET query_text = 'Is Kipu any good?', \
            query_key = 'is kipu' WHERE position = 0").await;
        project.plan(database).await;
        let claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)).await;
        let mut outcomes = Vec::new();
        for (work, (sentiment, score, recommended)) in claimed.asks.iter().zip([
            (Sentiment::Positive, 700, Some(true)),
            (Sentiment::Negative, -300, Some(false)),
        ]) {
            let mut one = outcome(database, &claimed, work, "Kipu");
            let finding = &mut one.reads[0].findings[0];
            finding.sentiment = Some(sentiment);
            finding.sentiment_score = Some(Score::from_thousandths(score));
            finding.recommended = recommended;
            outcomes.push(one);
        }
        store(database, &claimed, &outcomes).await;
        let of = async |prompts: &str, column: &str| {
            let sql = format!("SELECT {column} FROM llm_monitoring_snapshots WHERE prompts = '{prompts}'");
            database.number(&sql).await
        };
        assert_eq!((of("all", "answers").await, of("plain", "answers").await, of("branded", "answers").await), (2, 1, 1));
        assert_eq!((of("all", "tone_thousandths").await, of("branded", "tone_positive").await), (400, 1));
        assert_eq!((of("plain", "tone_negative").await, of("plain", "tone_advised_against").await), (1, 1));
        assert_eq!((of("all", "judge_positive").await, of("all", "tone_recommended").await), (0, 1));
        let brand: EntityId = project.brand;
        let judged = format!(
            "INSERT INTO llm_monitoring_judgements (result_id, entity_id, workspace_id, project_id, \
             model_id, judge_version, sentiment, sentiment_thousandths, recommended, reason, praised, \
             blamed, created_at) SELECT id, {brand}, workspace_id, project_id, model_id, 1, 'neutral', \
             50, TRUE, 'so', '[]', '[]', analysis_date FROM llm_monitoring_results"
        );
        database.execute(&judged).await;
        database.store.sum_everything_again().await.expect("marked");
        reread::work_off(&database.store, "rebuilder").await.expect("rebuilt");
        assert_eq!((of("all", "judge_neutral").await, of("all", "judge_thousandths").await), (2, 100));
        assert_eq!((of("all", "judge_recommended").await, of("all", "tone_recommended").await), (2, 1));
    }
}

async fn answer_all_of_other_lane(database: &TestDatabase) {
    let claimed = claim(database, "a").await;
    answer_all(database, &claimed).await;
}

/// Answers that count, and those that failed, in the sums that are shown.
async fn counted(database: &TestDatabase) -> (i64, i64) {
    let of = |column: &str| {
        format!(
            "SELECT CAST(SUM(s.{column}) AS BIGINT) FROM llm_monitoring_snapshots s \
             JOIN llm_monitoring_revisions v ON v.id = s.revision_id \
             WHERE v.status = 'active' AND s.prompts = 'all'"
        )
    };
    let answers = database.number(&of("answers")).await;
    (answers, database.number(&of("failed")).await)
}

/// How the answers that a filter lets through name the brand.
async fn rows_of(
    database: &TestDatabase,
    project: &TestProject,
    mentioned: Option<bool>,
) -> Vec<MentionSource> {
    let filter = AnswerFilter {
        project_id: project.project,
        mentioned,
        ..AnswerFilter::default()
    };
    let page = database.store.answers(project.workspace, &filter).await;
    let rows = page.expect("answers").rows;
    rows.into_iter().map(|row| row.source).collect()
}
