//! Pages and citations: written with their answers, read back as tables.

use app::model::answer::AnswerFilter;
use app::model::metrics::Ratio;
use app::model::provider::Provider;
use app::model::sources::{SourceKind, SourceQuery, SourceTable, SourceUnit};
use engine::{AskOutcome, pages_of};
use providers::{Citation, ErrorClass, Outcome};

use super::{answered, begin, claim, failed, ids, store};
use crate::jobs::reread;
use crate::store::StoreError;
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases,
};

fn citation(url: &str, cited: bool) -> Citation {
    Citation {
        url: url.to_owned(),
        title: url.contains("guide").then(|| "The\0guide".to_owned()),
        start: None,
        end: None,
        cited,
    }
}

fn citing(mut outcome: AskOutcome, citations: &[(&str, bool)]) -> AskOutcome {
    if let Ok(answer) = &mut outcome.exchange.result {
        answer.citations = citations
            .iter()
            .map(|(url, cited)| citation(url, *cited))
            .collect();
        outcome.pages = pages_of(&answer.citations);
    }
    outcome
}

fn query(project: &TestProject, unit: SourceUnit) -> SourceQuery {
    SourceQuery {
        project_id: project.project,
        from: "2020-01-01".parse().expect("a day"),
        to: "2099-12-31".parse().expect("a day"),
        model_ids: Vec::new(),
        simulated: false,
        unit,
        domain: None,
        page_id: None,
        offset: 0,
        limit: None,
    }
}

async fn table(database: &TestDatabase, project: &TestProject, query: &SourceQuery) -> SourceTable {
    database
        .store
        .sources(project.workspace, query)
        .await
        .expect("a table")
}

/// Name, answers, citations, retrieved, pages.
fn seen(table: &SourceTable) -> Vec<(&str, i64, i64, i64, i64)> {
    table
        .rows
        .iter()
        .map(|row| {
            (
                row.name.as_str(),
                row.answers,
                row.citations,
                row.retrieved,
                row.pages,
            )
        })
        .collect()
}

/// Five asks: three answers that cite, one that was blocked, one that failed.
async fn stored(database: &TestDatabase) -> TestProject {
    let plan = ProjectPlan {
        prompts: 5,
        models: vec![(Provider::OpenAi, "model-a", true)],
        ..ProjectPlan::default()
    };
    let project = make_project(database, &plan).await;
    project.plan(database).await;
    let claimed = claim(database, "a").await;
    begin(database, &claimed, &ids(&claimed)).await;
    let answer = |ask: usize| answered(database, &claimed, &claimed.asks[ask], Vec::new());
    let mut blocked = citing(answer(3), &[("https://kipu.example/guide", true)]);
    if let Ok(answer) = &mut blocked.exchange.result {
        answer.outcome = Outcome::Blocked;
    }
    let first = [
        citing(
            answer(0),
            &[
                ("https://docs.kipu.example/guide?utm_source=openai", true),
                ("https://kipu.example/", true),
                ("http://www.kipu.example", false),
                ("https://acme.example/a", false),
                ("nowhere", true),
            ],
        ),
        citing(
            answer(1),
            &[
                ("https://docs.kipu.example/guide/", true),
                ("https://news.example/x", true),
            ],
        ),
    ];
    store(database, &claimed, &first).await;
    let rest = [
        citing(
            answer(2),
            &[
                ("https://news.example/y", false),
                ("https://acme.example/a#b", true),
            ],
        ),
        blocked,
        failed(database, &claimed, &claimed.asks[4], ErrorClass::Overloaded),
    ];
    store(database, &claimed, &rest).await;
    project
}

async fn rows(database: &TestDatabase) -> (i64, i64) {
    (
        database
            .number("SELECT COUNT(*) FROM llm_monitoring_pages")
            .await,
        database
            .number("SELECT COUNT(*) FROM llm_monitoring_citations")
            .await,
    )
}

on_both_databases! {
    async fn answers_count_once_while_a_run_goes_on(database: &TestDatabase) {
        let project = stored(database).await;
        project.plan(database).await;
        let claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)).await;
        store(database, &claimed, &[answered(database, &claimed, &claimed.asks[0], Vec::new())]).await;
        let answers = async || table(database, &project, &query(&project, SourceUnit::Domain)).await.answers;
        assert_eq!(answers().await, 4);
        // Something else makes the day's sums anew, with what the open lane has stored.
        assert_eq!(database.store.sum_everything_again().await.expect("marked"), 1);
        reread::work_off(&database.store, "another").await.expect("summed");
        assert_eq!(answers().await, 4);
    }

    async fn tables_by_domain_and_by_page(database: &TestDatabase) {
        let project = stored(database).await;
        assert_eq!(rows(database).await, (5, 7));
        let domains = table(database, &project, &query(&project, SourceUnit::Domain)).await;
        assert_eq!(
            seen(&domains),
            [
                ("kipu.example", 2, 3, 0, 2),
                ("acme.example", 1, 1, 1, 1),
                ("news.example", 1, 1, 1, 2),
            ]
        );
        assert_eq!((domains.total, domains.answers, domains.citations), (3, 3, 5));
        let kipu = &domains.rows[0];
        assert_eq!((kipu.kind, kipu.entity.as_deref()), (SourceKind::Own, Some("Kipu")));
        assert_eq!((kipu.rate(&domains), kipu.share(&domains)), (Ratio::new(2, 3), Ratio::new(3, 5)));
        let interval = kipu.interval.expect("an interval");
        assert!(interval.holds(2.0 / 3.0) && interval.half_width() > 0.2, "{interval:?}");
        assert_eq!(domains.rows[1].kind, SourceKind::Competitor);
        assert_eq!(domains.rows[2].kind, SourceKind::Other);

        let pages = table(database, &project, &query(&project, SourceUnit::Page)).await;
        assert_eq!(
            seen(&pages),
            [
                ("https://docs.kipu.example/guide", 2, 2, 0, 1),
                ("https://acme.example/a", 1, 1, 1, 1),
                ("https://kipu.example/", 1, 1, 0, 1),
                ("https://news.example/x", 1, 1, 0, 1),
                ("https://news.example/y", 0, 0, 1, 1),
            ]
        );
        assert_eq!(pages.rows[0].title.as_deref(), Some("The guide"));
        assert_eq!((pages.rows[0].kind, pages.rows[0].domain.as_str()), (SourceKind::Own, "kipu.example"));
    }

    async fn a_part_a_domain_a_period(database: &TestDatabase) {
        let project = stored(database).await;
        let mut wanted = query(&project, SourceUnit::Page);
        (wanted.offset, wanted.limit) = (1, Some(1));
        let part = table(database, &project, &wanted).await;
        assert_eq!((part.total, seen(&part)), (5, vec![("https://acme.example/a", 1, 1, 1, 1)]));
        let mut wanted = query(&project, SourceUnit::Page);
        wanted.domain = Some("news.example".to_owned());
        let news = table(database, &project, &wanted).await;
        assert_eq!((news.total, news.citations, news.answers), (2, 5, 3));
        let mut wanted = query(&project, SourceUnit::Domain);
        wanted.to = "2020-01-02".parse().expect("a day");
        assert_eq!(table(database, &project, &wanted).await, SourceTable::default());
        let mut wanted = query(&project, SourceUnit::Domain);
        wanted.model_ids = vec![999_999.into()];
        assert_eq!(table(database, &project, &wanted).await, SourceTable::default());
    }

    async fn pages_that_are_cited_as_often_come_by_their_addresses(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        project.plan(database).await;
        let claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)).await;
        // As bytes: capitals before small letters, and those before others.
        let mut pages = ["B", "a", "c", "Z", "%C3%A9", "x/y", "x", "0"].map(|page| format!("https://kipu.example/{page}"));
        let cited: Vec<(&str, bool)> = pages.iter().map(|page| (page.as_str(), true)).collect();
        let mut outcomes: Vec<AskOutcome> = claimed
            .asks
            .iter()
            .map(|work| citing(answered(database, &claimed, work, Vec::new()), &cited))
            .collect();
        // One of them is cited once less than the others.
        outcomes[0] = citing(outcomes[0].clone(), &cited[1..]);
        store(database, &claimed, &outcomes).await;
        let rarely = pages[0].clone();
        pages[1..].sort_unstable();
        pages.rotate_left(1);
        assert_eq!(pages.last(), Some(&rarely));
        for limit in 1..=9 {
            let mut shown = Vec::new();
            for offset in (0..10).step_by(limit) {
                let wanted = SourceQuery {
                    offset: u32::try_from(offset).expect("few"),
                    limit: u32::try_from(limit).ok(),
                    ..query(&project, SourceUnit::Page)
                };
                let part = table(database, &project, &wanted).await;
                assert_eq!(part.total, 8);
                shown.extend(part.rows.into_iter().map(|row| row.name));
            }
            assert_eq!(shown, pages, "{limit} at a time");
        }
    }

    async fn a_source_alone_is_as_in_the_table(database: &TestDatabase) {
        let project = stored(database).await;
        for unit in [SourceUnit::Domain, SourceUnit::Page] {
            let all = table(database, &project, &query(&project, unit)).await;
            assert!(all.rows.len() > 1, "{unit:?}");
            for row in all.rows {
                let wanted = SourceQuery {
                    domain: row.page_id.is_none().then(|| row.domain.clone()),
                    page_id: row.page_id,
                    limit: Some(1),
                    ..query(&project, unit)
                };
                let alone = table(database, &project, &wanted).await;
                assert_eq!(alone.rows, [row]);
            }
        }
    }

    async fn who_cites_a_source_and_in_which_answers(database: &TestDatabase) {
        let project = stored(database).await;
        let mut wanted = query(&project, SourceUnit::Domain);
        wanted.domain = Some("acme.example".to_owned());
        let uses = database.store.source_uses(project.workspace, &wanted).await.expect("uses");
        let counts: Vec<_> = uses.iter().map(|used| (used.prompt_id, used.answers, used.retrieved)).collect();
        assert_eq!(counts, [(project.prompts[2], 1, 0), (project.prompts[0], 0, 1)]);
        let pages = table(database, &project, &query(&project, SourceUnit::Page)).await;
        let mut wanted = query(&project, SourceUnit::Page);
        wanted.page_id = pages.rows[0].page_id;
        let uses = database.store.source_uses(project.workspace, &wanted).await.expect("uses");
        assert_eq!(uses.iter().map(|used| used.answers).collect::<Vec<_>>(), [1, 1]);

        let count = async |domain: Option<&str>, page_id| {
            let filter = AnswerFilter {
                project_id: project.project,
                domain: domain.map(str::to_owned),
                page_id,
                ..AnswerFilter::default()
            };
            database.store.answers(project.workspace, &filter).await.expect("answers").total
        };
        assert_eq!(count(Some("kipu.example"), None).await, 2);
        assert_eq!(count(Some("acme.example"), None).await, 1, "retrieved is not cited");
        assert_eq!(count(None, pages.rows[0].page_id).await, 2);
        assert_eq!(count(Some("acme.example"), pages.rows[0].page_id).await, 0);
        assert_eq!(count(None, None).await, 5);
    }

    async fn another_workspace_has_no_such_project(database: &TestDatabase) {
        let project = stored(database).await;
        let wanted = query(&project, SourceUnit::Domain);
        let other = (project.workspace.0 + 1).into();
        let refused = database.store.sources(other, &wanted).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
        let refused = database.store.source_uses(other, &wanted).await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    }

    async fn old_answers_are_read_to_the_same_rows(database: &TestDatabase) {
        let project = stored(database).await;
        let written = table(database, &project, &query(&project, SourceUnit::Page)).await;
        database.execute("DELETE FROM llm_monitoring_citations").await;
        database.execute("DELETE FROM llm_monitoring_pages").await;
        let mut rounds = 0;
        while database.store.read_old_citations().await.expect("read") {
            rounds += 1;
            assert!(rounds < 5, "it ends");
        }
        assert_eq!(rows(database).await, (5, 7));
        let mut read = table(database, &project, &query(&project, SourceUnit::Page)).await;
        for (row, before) in read.rows.iter_mut().zip(&written.rows) {
            row.page_id = before.page_id;
        }
        assert_eq!(read, written);
        // Once done it is done, and reading again writes nothing twice.
        assert!(!database.store.read_old_citations().await.expect("read"));
        database.execute("DELETE FROM settings WHERE name = 'citations_read'").await;
        assert!(database.store.read_old_citations().await.expect("read"));
        assert_eq!(rows(database).await, (5, 7));
    }
}
