//! The demonstration: out of sight while it is made, and one a workspace.

use std::collections::HashMap;

use app::model::project::{EntityDraft, ProjectDraft};
use chrono::Duration;

use crate::store::projects::{DemoModel, DemoPlan};
use crate::store::sql::Retention;
use crate::store::testing::{ProjectPlan, TestDatabase, make_project, on_both_databases};

const MODELS: [DemoModel; 2] = [
    DemoModel {
        model_id: "demo-a",
        name: "Simulated A",
    },
    DemoModel {
        model_id: "demo-b",
        name: "Simulated B",
    },
];

fn plan(database: &TestDatabase) -> DemoPlan {
    DemoPlan {
        draft: ProjectDraft {
            name: "Demo: Quillory".to_owned(),
            brand: EntityDraft {
                name: "Quillory".to_owned(),
                ..EntityDraft::default()
            },
            language: "en".to_owned(),
            prompts: Some(vec!["Which one?".to_owned()]),
            ..ProjectDraft::default()
        },
        topics: HashMap::new(),
        models: &MODELS,
        first_run: database.store.clock().now() - Duration::days(59),
    }
}

on_both_databases! {
    async fn nobody_sees_a_demonstration_before_it_is_whole(database: &TestDatabase) {
        let own = make_project(database, &ProjectPlan::default()).await;
        let store = &database.store;
        let (demo, models) = store.begin_demo(own.workspace, &plan(database)).await.expect("begun");
        assert_eq!(models.len(), 2);
        assert_eq!(store.demo_project(own.workspace).await.expect("asked"), None);
        assert!(store.project(own.workspace, demo).await.is_err());
        assert_eq!(store.project_rows(own.workspace).await.expect("rows").len(), 1);
        assert!(store.deleted_projects(own.workspace).await.expect("a list").is_empty());
        assert!(store.restore_project(own.workspace, demo).await.is_err());

        let shown = store.show_demo(own.workspace, demo).await.expect("shown");
        assert_eq!(shown, demo);
        assert_eq!(store.demo_project(own.workspace).await.expect("asked"), Some(demo));
        let view = store.project(own.workspace, demo).await.expect("a project");
        assert!(view.record.is_demo && view.record.model_ids == models);
    }

    async fn one_that_nobody_finishes_is_erased(database: &TestDatabase) {
        let own = make_project(database, &ProjectPlan::default()).await;
        let store = &database.store;
        let (demo, _) = store.begin_demo(own.workspace, &plan(database)).await.expect("begun");
        assert!(store.projects_to_erase().await.expect("a list").is_empty(), "it is being made");
        database.clock.advance(std::time::Duration::from_mins(11));
        let due = store.projects_to_erase().await.expect("a list");
        assert_eq!(due.iter().map(|at| at.project).collect::<Vec<_>>(), [demo]);
        store.erase_some(due[0]).await.expect("a step");
        // Who was only slow does not bring it back.
        assert!(store.show_demo(own.workspace, demo).await.is_err());
    }

    async fn of_two_that_are_made_at_once_one_is_shown(database: &TestDatabase) {
        let own = make_project(database, &ProjectPlan::default()).await;
        let store = &database.store;
        let (first, models) = store.begin_demo(own.workspace, &plan(database)).await.expect("one");
        let (second, same) = store.begin_demo(own.workspace, &plan(database)).await.expect("two");
        assert_eq!(models, same, "the registry has each model once");
        assert_eq!(store.show_demo(own.workspace, second).await.expect("shown"), second);
        assert_eq!(store.show_demo(own.workspace, first).await.expect("shown"), second);
        assert_eq!(store.project_rows(own.workspace).await.expect("rows").len(), 2);
    }

    async fn a_demonstration_counts_against_no_quota(database: &TestDatabase) {
        let own = make_project(database, &ProjectPlan::default()).await;
        let mut retention = Retention::default();
        retention.quotas.projects = Some(1);
        let store = database.store.clone().with_retention(retention);
        let (demo, _) = store.begin_demo(own.workspace, &plan(database)).await.expect("begun");
        store.show_demo(own.workspace, demo).await.expect("shown");
        store.delete_project(own.workspace, own.project).await.expect("deleted");
        let again = ProjectDraft { name: "Again".to_owned(), ..plan(database).draft };
        let draft = ProjectDraft { model_ids: own.models.clone(), ..again };
        store.create_project(own.workspace, &draft).await.expect("one is allowed");
    }
}
