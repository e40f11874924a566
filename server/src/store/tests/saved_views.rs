//! Saved views: those of a page, and none that is left of an erased project.

use app::model::ids::UserId;
use app::model::views::{SavedViewChange, SavedViewDraft, ViewPlace, ViewSetting};
use chrono::Duration;

use crate::store::StoreError;
use crate::store::projects::{SavedViewError, ViewReader};
use crate::store::sql::Retention;
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases,
};

fn reader(project: &TestProject) -> ViewReader {
    ViewReader {
        workspace: project.workspace,
        user: project.user,
        may_share: true,
        may_manage: false,
    }
}

fn draft(project: &TestProject, name: &str) -> SavedViewDraft {
    SavedViewDraft {
        place: ViewPlace::Answers,
        project_id: Some(project.project),
        name: name.to_owned(),
        setting: ViewSetting {
            address: "tag=a%20b".to_owned(),
            columns: vec!["time".to_owned(), "-cost".to_owned()],
        },
        is_shared: false,
        is_default: true,
    }
}

async fn defaults(database: &TestDatabase) -> i64 {
    let sql = "SELECT COUNT(*) FROM saved_views WHERE is_default";
    database.number(sql).await
}

on_both_databases! {
    async fn views_are_of_a_page(database: &TestDatabase) {
        let own = make_project(database, &ProjectPlan::default()).await;
        let (store, by) = (&database.store, reader(&own));
        let first = store.save_view(&by, draft(&own, "one")).await.expect("saved");
        let home = SavedViewDraft {
            place: ViewPlace::Home,
            project_id: None,
            ..draft(&own, "one")
        };
        store.save_view(&by, home).await.expect("saved");
        let second = store.save_view(&by, draft(&own, "Two")).await.expect("saved");
        assert_eq!(defaults(database).await, 2, "one a page");
        let listed = store.saved_views(&by, ViewPlace::Answers, Some(own.project)).await;
        let listed = listed.expect("a list");
        assert_eq!(listed.len(), 2);
        assert_eq!((listed[0].id, listed[0].is_default), (first.id, false));
        assert_eq!(listed[1], second);
        assert_eq!(listed[0].setting, draft(&own, "one").setting);
        let of_home = store.saved_views(&by, ViewPlace::Home, None).await.expect("a list");
        assert_eq!(of_home.len(), 1);

        let taken = SavedViewChange {
            name: Some("Two".to_owned()),
            ..SavedViewChange::default()
        };
        let refused = store.change_view(&by, first.id, taken).await;
        assert!(matches!(refused, Err(SavedViewError::NameTaken)), "{refused:?}");
    }

    async fn nobody_else_changes_what_is_not_shared(database: &TestDatabase) {
        let own = make_project(database, &ProjectPlan::default()).await;
        let store = &database.store;
        let view = store.save_view(&reader(&own), draft(&own, "one")).await.expect("saved");
        let other = ViewReader {
            user: UserId(own.user.0 + 1_000),
            may_share: true,
            may_manage: true,
            ..reader(&own)
        };
        let removed = store.remove_view(&other, view.id).await;
        assert!(
            matches!(removed, Err(SavedViewError::Store(StoreError::NotFound))),
            "{removed:?}"
        );
        let elsewhere = make_project(database, &ProjectPlan::default()).await;
        let stranger = ViewReader {
            workspace: elsewhere.workspace,
            ..reader(&own)
        };
        let removed = store.remove_view(&stranger, view.id).await;
        assert!(
            matches!(removed, Err(SavedViewError::Store(StoreError::NotFound))),
            "{removed:?}"
        );
        store.remove_view(&reader(&own), view.id).await.expect("removed");
    }

    async fn views_go_with_their_project(database: &TestDatabase) {
        let own = make_project(database, &ProjectPlan::default()).await;
        let at_once = Retention { erase_after: Duration::zero(), ..Retention::default() };
        let store = database.store.clone().with_retention(at_once);
        let by = reader(&own);
        let view = store.save_view(&by, draft(&own, "one")).await.expect("saved");
        store.delete_project(own.workspace, own.project).await.expect("deleted");
        let changed = store.change_view(&by, view.id, SavedViewChange::default()).await;
        assert!(
            matches!(changed, Err(SavedViewError::Store(StoreError::NotFound))),
            "{changed:?}"
        );
        assert_eq!(database.number("SELECT COUNT(*) FROM saved_views").await, 1);
        while let Some(at) = store.projects_to_erase().await.expect("a list").first() {
            store.erase_some(*at).await.expect("a step");
        }
        assert_eq!(database.number("SELECT COUNT(*) FROM saved_views").await, 0);
    }
}
