//! Lists of answers: every filter, the order, page by page, against all rows read plainly.

use analysis::Finding;
use app::model::answer::{AnswerFilter, MentionSource};
use app::model::ids::{AnswerId, EntityId};
use app::model::provider::Provider;
use chrono::NaiveDate;
use engine::{AskOutcome, Claimed, pages_of};
use providers::{Citation, ErrorClass};
use rand::{RngExt, SeedableRng};

use super::{answered, begin, claim, failed, ids, store};
use crate::store::StoreError;
use crate::store::sql::rows;
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases,
};

const DOMAIN: &str = "news.example";

/// An answer as the table's filters see it.
#[derive(Clone, Debug)]
struct Seen {
    id: i64,
    day: NaiveDate,
    run: i64,
    model: i64,
    prompt: i64,
    failed: bool,
    entities: Vec<i64>,
    cites: bool,
}

fn finding(key: EntityId) -> Finding<EntityId> {
    Finding {
        key,
        source: MentionSource::Text,
        text_count: 1,
        spans: vec![(0, 4)],
        rank: None,
        list_total: None,
        bullet_order: None,
        first_offset: Some(0),
        prominence: None,
        sentiment: None,
        sentiment_score: None,
        recommended: None,
    }
}

fn outcome(
    database: &TestDatabase,
    claimed: &Claimed,
    at: usize,
    random: &mut impl RngExt,
) -> AskOutcome {
    let work = &claimed.asks[at];
    if random.random_ratio(1, 5) {
        return failed(database, claimed, work, ErrorClass::Overloaded);
    }
    let reading = &claimed.readings[0];
    let named = reading
        .entities
        .iter()
        .filter(|_| random.random_ratio(2, 5));
    let findings = named.map(|entity| finding(entity.key)).collect();
    let mut outcome = answered(database, claimed, work, findings);
    if let Ok(answer) = &mut outcome.exchange.result {
        let url = |page: u8| Citation {
            url: format!("https://{DOMAIN}/{page}"),
            title: None,
            start: None,
            end: None,
            cited: page > 0,
        };
        answer.citations = (0..random.random_range(0..3)).map(url).collect();
        outcome.pages = pages_of(&answer.citations);
    }
    outcome
}

/// Runs on three days, two of them on one day.
async fn stored(database: &TestDatabase) -> TestProject {
    let plan = ProjectPlan {
        prompts: 5,
        models: vec![
            (Provider::OpenAi, "model-a", true),
            (Provider::Anthropic, "model-b", true),
        ],
        ..ProjectPlan::default()
    };
    let project = make_project(database, &plan).await;
    let mut random = rand::rngs::StdRng::seed_from_u64(11);
    for hours in [0, 1, 30, 300] {
        database
            .clock
            .advance(std::time::Duration::from_hours(hours));
        project.plan(database).await;
        for _ in &project.models {
            let claimed = claim(database, "a").await;
            begin(database, &claimed, &ids(&claimed)).await;
            let outcomes: Vec<AskOutcome> = (0..claimed.asks.len())
                .map(|at| outcome(database, &claimed, at, &mut random))
                .collect();
            store(database, &claimed, &outcomes).await;
        }
    }
    project
}

/// Every answer, the newest first.
async fn all(database: &TestDatabase) -> Vec<Seen> {
    let read = async |sql: &str| {
        rows::all(database.store.reader(), sql, [])
            .await
            .expect(sql)
    };
    let findings = read("SELECT result_id, entity_id FROM llm_monitoring_findings").await;
    let cited = read(
        "SELECT c.result_id, c.page_id FROM llm_monitoring_citations c \
         JOIN llm_monitoring_pages p ON p.id = c.page_id \
         WHERE c.is_cited AND p.domain = 'news.example'",
    )
    .await;
    let pairs = |rows: &[sea_orm::QueryResult]| -> Vec<(i64, i64)> {
        let pair = |row: &sea_orm::QueryResult| {
            (
                row.try_get_by_index(0).expect("an id"),
                row.try_get_by_index(1).expect("an id"),
            )
        };
        rows.iter().map(pair).collect()
    };
    let (findings, cited) = (pairs(&findings), pairs(&cited));
    let answers = read(
        "SELECT id, analysis_day, run_id, model_id, query_id, error_class \
         FROM llm_monitoring_results",
    )
    .await;
    let mut seen: Vec<Seen> = answers
        .iter()
        .map(|row| {
            let id: i64 = row.try_get_by_index(0).expect("an id");
            let own = findings.iter().filter(|(answer, _)| *answer == id);
            let error: Option<String> = row.try_get_by_index(5).expect("a class");
            Seen {
                id,
                day: row.try_get_by_index(1).expect("a day"),
                run: row.try_get_by_index(2).expect("a run"),
                model: row.try_get_by_index(3).expect("a model"),
                prompt: row.try_get_by_index(4).expect("a prompt"),
                failed: error.is_some(),
                entities: own.map(|(_, entity)| *entity).collect(),
                cites: cited.iter().any(|(answer, _)| *answer == id),
            }
        })
        .collect();
    seen.sort_by_key(|seen| std::cmp::Reverse((seen.day, seen.id)));
    seen
}

/// Whether a filter lets an answer through. The model is the only one of its provider.
fn passes(filter: &AnswerFilter, seen: &Seen, brand: i64, provider: Option<i64>) -> bool {
    let is = |wanted: Option<i64>, found: i64| wanted.is_none_or(|wanted| wanted == found);
    let names_brand = seen.entities.contains(&brand);
    filter.from.is_none_or(|from| seen.day >= from)
        && filter.to.is_none_or(|to| seen.day <= to)
        && is(filter.run_id.map(|id| id.0), seen.run)
        && (filter.model_ids.is_empty() || filter.model_ids.contains(&seen.model.into()))
        && is(filter.prompt_id.map(|id| id.0), seen.prompt)
        && is(provider, seen.model)
        && filter.failed.is_none_or(|failed| failed == seen.failed)
        && filter
            .mentioned
            .is_none_or(|mentioned| mentioned == names_brand && (mentioned || !seen.failed))
        && filter
            .entity_id
            .is_none_or(|entity| seen.entities.contains(&entity.0))
        && (filter.domain.is_none() || seen.cites)
}

/// One filter at a time, and none; together they make all that are tried.
fn choices(project: &TestProject, seen: &[Seen], rival: i64) -> Vec<AnswerFilter> {
    let none = AnswerFilter {
        project_id: project.project,
        ..AnswerFilter::default()
    };
    let (newest, oldest) = (&seen[0], &seen[seen.len() - 1]);
    let mut filters = vec![none];
    let mut with = |change: &dyn Fn(&mut AnswerFilter)| {
        for mut filter in filters.clone() {
            change(&mut filter);
            filters.push(filter);
        }
    };
    with(&|filter| filter.model_ids = vec![newest.model.into()]);
    with(&|filter| filter.prompt_id = Some(oldest.prompt.into()));
    with(&|filter| filter.mentioned = Some(true));
    with(&|filter| filter.mentioned = Some(filter.mentioned.is_none()));
    with(&|filter| filter.failed = Some(filter.mentioned == Some(false)));
    with(&|filter| filter.domain = Some(DOMAIN.to_owned()));
    with(&|filter| filter.entity_id = Some(rival.into()));
    with(&|filter| (filter.from, filter.to) = (Some(oldest.day), Some(oldest.day)));
    filters.push(AnswerFilter {
        run_id: Some(newest.run.into()),
        ..filters[0].clone()
    });
    filters.push(AnswerFilter {
        model_ids: vec![oldest.model.into(), newest.model.into(), 999_999.into()],
        ..filters[0].clone()
    });
    filters.push(AnswerFilter {
        provider: Some(Provider::Anthropic),
        ..filters[0].clone()
    });
    filters
}

on_both_databases! {
    async fn every_filter_lets_through_what_it_says(database: &TestDatabase) {
        let project = stored(database).await;
        let seen = all(database).await;
        assert_eq!(seen.len(), 40);
        let (brand, rival) = (project.brand.0, project.competitors[0].0);
        let mut matched = 0;
        for filter in choices(&project, &seen, rival) {
            let provider = filter.provider.map(|_| project.models[1].0);
            let passed = seen.iter().filter(|seen| passes(&filter, seen, brand, provider));
            let expected: Vec<i64> = passed.map(|seen| seen.id).collect();
            matched += usize::from(!expected.is_empty());
            let mut found = Vec::new();
            let mut page = AnswerFilter { limit: Some(3), ..filter.clone() };
            loop {
                let part = database.store.answers(project.workspace, &page).await.expect("a page");
                assert_eq!(part.total, i64::try_from(expected.len()).expect("few"), "{filter:?}");
                found.extend(part.rows.iter().map(|row| row.id.0));
                page.before = part.next;
                if part.next.is_none() {
                    break;
                }
            }
            assert_eq!(found, expected, "{filter:?}");
        }
        assert!(matched > 60, "{matched} filters let something through");
    }

    async fn a_tag_of_none_one_or_several_questions_finds_their_answers(database: &TestDatabase) {
        let project = stored(database).await;
        let seen = all(database).await;
        for (tag, prompts) in [("few", 0..1), ("many", 1..4), ("none", 0..0)] {
            for prompt in &project.prompts[prompts.clone()] {
                database.execute(&format!(
                    "UPDATE llm_monitoring_queries SET tags = '[\"{tag}\"]' WHERE id = {prompt}"
                )).await;
            }
            let tagged = &project.prompts[prompts];
            let expected: Vec<i64> = seen
                .iter()
                .filter(|seen| tagged.iter().any(|prompt| prompt.0 == seen.prompt))
                .map(|seen| seen.id)
                .collect();
            let mut filter = AnswerFilter {
                project_id: project.project,
                tag: Some(tag.to_owned()),
                limit: Some(7),
                ..AnswerFilter::default()
            };
            let mut found = Vec::new();
            loop {
                let part = database.store.answers(project.workspace, &filter).await.expect("a page");
                assert_eq!(part.total, i64::try_from(expected.len()).expect("few"), "{tag}");
                found.extend(part.rows.iter().map(|row| row.id.0));
                filter.before = part.next;
                if part.next.is_none() {
                    break;
                }
            }
            assert_eq!(found, expected, "{tag}");
        }
        // Several, each of which lets its own through; that no question has one is no mistake.
        let tags = ["few", "MANY", "none"].map(str::to_owned).to_vec();
        let filter = AnswerFilter {
            project_id: project.project,
            tags,
            limit: Some(200),
            ..AnswerFilter::default()
        };
        let tagged = &project.prompts[..4];
        let expected: Vec<i64> = seen
            .iter()
            .filter(|seen| tagged.iter().any(|prompt| prompt.0 == seen.prompt))
            .map(|seen| seen.id)
            .collect();
        let part = database.store.answers(project.workspace, &filter).await.expect("a page");
        let found: Vec<i64> = part.rows.iter().map(|row| row.id.0).collect();
        assert_eq!(found, expected);
    }

    async fn a_page_behind_an_answer_of_another_project_is_empty(database: &TestDatabase) {
        let project = stored(database).await;
        let filter = AnswerFilter {
            project_id: project.project,
            before: Some(AnswerId(999_999)),
            ..AnswerFilter::default()
        };
        let page = database.store.answers(project.workspace, &filter).await.expect("a page");
        assert_eq!((page.rows.len(), page.total, page.next), (0, 40, None));
        let other = (project.workspace.0 + 1).into();
        let refused = database.store.answers(other, &filter).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    }
}
