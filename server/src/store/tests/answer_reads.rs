//! What is read for the answers that people see: each of them once, and no column that is not
//! shown.

use std::sync::{Arc, Mutex};

use app::model::answer::AnswerFilter;
use sea_orm::EntityTrait;

use super::{answer_all, claim};
use crate::store::Store;
use crate::store::entity::answer;
use crate::store::testing::{ProjectPlan, TestDatabase, make_project, on_both_databases};

/// The statements of a store's readers.
#[derive(Clone, Default)]
struct RecordedStatements(Arc<Mutex<Vec<String>>>);

impl RecordedStatements {
    /// Those since the last look, without quotes, and without the name of the answers' table.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("the statements"))
    }
}

/// The same store, and what its readers ask from now on.
fn with_recorded_statements(database: &TestDatabase) -> (Store, RecordedStatements) {
    let mut store = database.store.clone();
    let recorded = RecordedStatements::default();
    let notes = recorded.clone();
    store.readers.set_metric_callback(move |info| {
        let sql = info.statement.sql.replace('"', "");
        let sql = sql.replace("a.full_response", "full_response");
        notes.0.lock().expect("the statements").push(sql);
    });
    (store, recorded)
}

/// How many statements read the beginnings of answers, their texts, and what providers sent.
#[derive(Debug, PartialEq, Eq)]
struct Reads {
    beginnings: usize,
    texts: usize,
    raw_bodies: usize,
}

fn reads(statements: &[String]) -> Reads {
    const BEGINNING: &str = "SUBSTR(full_response";
    // Neither database reads a text to tell how long it is.
    const LENGTH: &str = "OCTET_LENGTH(full_response";

    let count = |is_one: &dyn Fn(&str) -> bool| {
        let ones = statements.iter().filter(|sql| is_one(sql.as_str()));
        ones.count()
    };
    Reads {
        beginnings: count(&|sql| sql.contains(BEGINNING)),
        texts: count(&|sql| {
            let rest = sql.replace(BEGINNING, "").replace(LENGTH, "");
            rest.contains("full_response")
        }),
        raw_bodies: count(&|sql| sql.contains("raw_body")),
    }
}

on_both_databases! {
    async fn a_page_reads_each_answer_once_and_of_it_what_it_shows(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 10, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        project.plan(database).await;
        for _ in &project.models {
            let claimed = claim(database, "a").await;
            answer_all(database, &claimed).await;
        }
        let (store, recorded) = with_recorded_statements(database);
        let workspace = project.workspace;

        let mut of_rows = Vec::new();
        let mut of_texts = Vec::new();
        let mut newest = None;
        for (limit, length) in [(2, 2_usize), (20, 20)] {
            let filter = AnswerFilter {
                project_id: project.project,
                limit: Some(limit),
                ..AnswerFilter::default()
            };
            let page = store.answers(workspace, &filter).await.expect("a page");
            assert_eq!(page.rows.len(), length);
            newest = page.rows.first().map(|row| row.id);
            let asked = recorded.take();
            let only_rows = Reads { beginnings: 1, texts: 0, raw_bodies: 0 };
            assert_eq!(reads(&asked), only_rows, "{asked:#?}");
            of_rows.push(asked.len());

            let whole = store.answers_with_texts(workspace, &filter).await.expect("a page");
            assert_eq!(whole.answers.len(), length);
            let asked = recorded.take();
            let rows_with_texts = Reads { beginnings: 1, texts: 1, raw_bodies: 0 };
            assert_eq!(reads(&asked), rows_with_texts, "{asked:#?}");
            of_texts.push(asked.len());
        }
        // However long the page: as many statements.
        assert_eq!(of_rows[0], of_rows[1]);
        assert_eq!(of_texts[0], of_texts[1]);

        let newest = newest.expect("an answer");
        store.answer(workspace, newest).await.expect("an answer");
        let asked = recorded.take();
        let one_whole = Reads { beginnings: 1, texts: 1, raw_bodies: 0 };
        assert_eq!(reads(&asked), one_whole, "{asked:#?}");

        // Whoever read everything would be noticed.
        answer::Entity::find().all(store.reader()).await.expect("all answers");
        let everything = Reads { beginnings: 0, texts: 1, raw_bodies: 1 };
        assert_eq!(reads(&recorded.take()), everything);
    }
}
