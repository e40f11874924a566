//! Dated tags: what a question was tagged with when it answered, whatever it is tagged with now.

use std::collections::HashMap;
use std::time::Duration;

use app::model::answer::AnswerFilter;
use app::model::ids::{ProjectId, PromptId};
use app::validate::prompt_key;

use super::{answer_all, claim};
use crate::store::answers::AnswerExport;
use crate::store::projects::PromptChange;
use crate::store::sql::rows;
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases, with_old_tables,
};

const QUESTION: &str = "Which soap is kind to hands?";
const ENTRIES: &str = "SELECT COUNT(*) FROM llm_monitoring_tag_history";

fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

/// A question that is added with a tag.
async fn add(database: &TestDatabase, project: &TestProject) -> PromptId {
    let tags = HashMap::from([(prompt_key(QUESTION), words(["care"]))]);
    let texts = [QUESTION.to_owned()];
    let (workspace, project) = (project.workspace, project.project);
    let added = database
        .store
        .add_prompts(workspace, project, &texts, &tags, false);
    added.await.expect("added");
    let prompts = database
        .store
        .prompts(workspace, project)
        .await
        .expect("prompts");
    prompts
        .iter()
        .find(|prompt| prompt.text == QUESTION)
        .expect("the question")
        .id
}

async fn tag(database: &TestDatabase, project: &TestProject, prompt: PromptId, tags: Vec<String>) {
    database.clock.advance(Duration::from_hours(1));
    let change = PromptChange {
        tags: Some(tags),
        ..PromptChange::default()
    };
    let (workspace, project) = (project.workspace, project.project);
    let changed = database
        .store
        .change_prompt(workspace, project, prompt, &change);
    changed.await.expect("changed");
}

async fn run(database: &TestDatabase, project: &TestProject) {
    database.clock.advance(Duration::from_hours(1));
    project.plan(database).await;
    for _ in &project.models {
        let claimed = claim(database, "a").await;
        answer_all(database, &claimed).await;
    }
}

/// The answers to a question, the oldest first.
async fn exported(
    database: &TestDatabase,
    project: &TestProject,
    prompt: PromptId,
) -> Vec<AnswerExport> {
    let filter = AnswerFilter {
        project_id: project.project,
        prompt_id: Some(prompt),
        ..AnswerFilter::default()
    };
    let found = database
        .store
        .export_answers(project.workspace, filter.into())
        .await;
    let (mut found, _) = found.expect("answers");
    found.reverse();
    found
}

on_both_databases! {
    async fn an_answer_keeps_the_tags_of_its_time(database: &TestDatabase) {
        let plan = ProjectPlan { models: ProjectPlan::default().models[..1].to_vec(), ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        let prompt = add(database, &project).await;
        let begun = database.number(ENTRIES).await;
        run(database, &project).await;
        tag(database, &project, prompt, words(["care", "price"])).await;
        // The same tags again, or no tags at all to change, are nothing new.
        tag(database, &project, prompt, words(["care", "price"])).await;
        let (workspace, id) = (project.workspace, project.project);
        database.store.change_prompt(workspace, id, prompt, &PromptChange::default()).await.expect("changed");
        run(database, &project).await;
        tag(database, &project, prompt, Vec::new()).await;
        run(database, &project).await;
        let found = exported(database, &project, prompt).await;
        let at_that_time: Vec<&[String]> = found.iter().map(|answer| &*answer.tags).collect();
        assert_eq!(at_that_time, [&*words(["care"]), &*words(["care", "price"]), &[]]);
        assert!(found.iter().all(|answer| answer.tags_now.is_empty()));
        assert_eq!(database.number(ENTRIES).await, begun + 2);
        // What was answered before a question was made, in a history that was made up, has the
        // tags that it began with.
        database.execute("UPDATE llm_monitoring_results SET analysis_date = '2001-01-01T00:00:00+00:00'").await;
        let found = exported(database, &project, prompt).await;
        assert!(found.iter().all(|answer| answer.tags == ["care"]));
        assert_one_truth(database, id).await;
    }
}

/// The newest entry of each history says what the question says.
async fn assert_one_truth(database: &TestDatabase, project: ProjectId) {
    let sql = "SELECT q.tags, (SELECT h.tags FROM llm_monitoring_tag_history h \
        WHERE h.query_id = q.id ORDER BY h.starts_at DESC LIMIT 1) \
        FROM llm_monitoring_queries q WHERE q.project_id = $1";
    let found = rows::all(database.store.reader(), sql, [project.0.into()]).await;
    for row in found.expect(sql) {
        let present: String = row.try_get_by_index(0).expect("tags");
        let newest: Option<String> = row.try_get_by_index(1).expect("tags");
        assert_eq!(newest, Some(present));
    }
}

/// Migrations before tags had dates.
const BEFORE: u32 = 17;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_questions_have_had_their_tags_since_they_were_made() {
    with_old_tables(BEFORE, async |database| {
        let project = make_project(database, &ProjectPlan::default()).await;
        database
            .execute("UPDATE llm_monitoring_queries SET tags = '[\"care\"]' WHERE position = 0")
            .await;
        database.store.migrate().await.expect("migrated");
        let since = "SELECT COUNT(*) FROM llm_monitoring_tag_history h \
            JOIN llm_monitoring_queries q ON q.id = h.query_id \
            AND h.starts_at = q.created_at AND h.tags = q.tags";
        assert_eq!(database.number(since).await, 3);
        assert_eq!(database.number(ENTRIES).await, 3);
        assert_one_truth(database, project.project).await;
    })
    .await;
}
