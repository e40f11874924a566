//! Muted notices: one person's, on the screen alone, and none that is left of an erased project.

use std::time::Duration;

use app::model::ids::UserId;
use app::model::notices::{NoticeKind, NoticeMute};
use chrono::TimeDelta;
use runtime::clock::Clock;

use crate::calendar;
use crate::store::StoreError;
use crate::store::jobs::NoticeReader;
use crate::store::sql::Retention;
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, make_projects, on_both_databases,
};

fn reader(project: &TestProject) -> NoticeReader {
    NoticeReader {
        workspace: project.workspace,
        user: project.user,
        with_instance: false,
    }
}

/// Tells a project that its budget is used up, as it is.
async fn raise(database: &TestDatabase, project: &TestProject) {
    let (id, at) = (project.project, database.clock.now().to_rfc3339());
    let budget = "UPDATE llm_monitoring_projects SET monthly_budget_nano_usd = 5000000000";
    database.execute(&format!("{budget} WHERE id = {id}")).await;
    database
        .execute(&format!(
            "INSERT INTO llm_notices (workspace_id, kind, subject, project_id, facts, raised_at) \
             VALUES ({}, 'budget_end', '2026-03-01/{id}/5000000000', {id}, \
             '{{\"budget_end\":{{\"spent\":5000000000,\"monthly\":5000000000}}}}', '{at}')",
            project.workspace
        ))
        .await;
}

/// How many notices need somebody, and how many of all are muted for them.
async fn seen(database: &TestDatabase, by: &NoticeReader) -> (usize, usize) {
    let now = database.clock.now();
    let since = now - Duration::from_hours(7 * 24);
    let month = calendar::month_start(calendar::time_zone("UTC"), now);
    let unsolved = database.store.unsolved_notices(by, since, month).await;
    let all = database.store.notices(by, &[]).await.expect("read");
    let muted = all.iter().filter(|view| view.is_muted).count();
    (unsolved.expect("read").len(), muted)
}

on_both_databases! {
    async fn a_kind_is_muted_for_a_project_or_for_all(database: &TestDatabase) {
        let both = make_projects(database, &ProjectPlan::default(), 2).await;
        for project in &both {
            raise(database, project).await;
        }
        let (store, by) = (&database.store, reader(&both[0]));
        let mute = async |kind, project, is_muted| {
            store.mute_notices(by.workspace, by.user, kind, project, is_muted).await.expect("muted");
        };
        let end = NoticeKind::BudgetEnd;
        let (first, second) = (Some(both[0].project), Some(both[1].project));
        assert_eq!(seen(database, &by).await, (2, 0));
        // Twice is once.
        for _ in 0..2 {
            mute(end, first, true).await;
        }
        assert_eq!(seen(database, &by).await, (1, 1));
        mute(NoticeKind::BudgetThreshold, second, true).await;
        assert_eq!(seen(database, &by).await, (1, 1), "another kind");
        mute(end, None, true).await;
        assert_eq!(seen(database, &by).await, (0, 2));
        let of = |kind, project: Option<usize>| NoticeMute {
            kind,
            project: project.map(|index| (both[index].project, format!("Watch {}", index + 1))),
        };
        let mutes = store.notice_mutes(by.workspace, by.user).await.expect("read");
        let threshold = NoticeKind::BudgetThreshold;
        assert_eq!(mutes, [of(end, None), of(end, Some(0)), of(threshold, Some(1))]);
        mute(end, None, false).await;
        mute(end, None, false).await;
        assert_eq!(seen(database, &by).await, (1, 1), "that of the project stays");
        mute(end, first, false).await;
        assert_eq!(seen(database, &by).await, (2, 0));
    }

    async fn what_one_mutes_others_are_told(database: &TestDatabase) {
        let own = make_project(database, &ProjectPlan::default()).await;
        let other = make_project(database, &ProjectPlan::default()).await;
        raise(database, &own).await;
        raise(database, &other).await;
        let store = &database.store;
        let mute = store.mute_notices(own.workspace, own.user, NoticeKind::BudgetEnd, None, true);
        mute.await.expect("muted");
        assert_eq!(seen(database, &reader(&own)).await, (0, 1));
        assert_eq!(seen(database, &reader(&other)).await, (1, 0));
        let colleague = NoticeReader { user: UserId(own.user.0 + 1_000), ..reader(&own) };
        assert_eq!(seen(database, &colleague).await, (1, 0));
        // Nor does one mute what is in another workspace.
        let foreign = Some(other.project);
        let refused = store
            .mute_notices(own.workspace, own.user, NoticeKind::BudgetEnd, foreign, true)
            .await;
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    }

    async fn mails_are_sent_of_what_is_muted(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let (store, by) = (&database.store, reader(&project));
        database.execute("UPDATE users SET confirmed_at = created_at").await;
        database
            .execute(&format!(
                "INSERT INTO workspace_members (workspace_id, user_id, role) \
                 VALUES ({}, {}, 'owner')",
                by.workspace, by.user
            ))
            .await;
        let soon = (database.clock.now() + TimeDelta::days(5)).to_rfc3339();
        let model = project.models[0];
        database
            .execute(&format!("UPDATE llm_model_registry SET retires_at = '{soon}' WHERE id = {model}"))
            .await;
        let kind = NoticeKind::ModelRetiring;
        store.mute_notices(by.workspace, by.user, kind, None, true).await.expect("muted");
        let news = store.find_notices().await.expect("found");
        store.insert_notices(&news, true).await.expect("told");
        let mails = "SELECT COUNT(*) FROM llm_mails m JOIN llm_notices n ON n.id = m.notice_id \
            WHERE n.kind = 'model_retiring'";
        assert_eq!(database.number(mails).await, 1);
        assert_eq!(seen(database, &by).await, (0, 1));
    }

    async fn mutes_go_with_their_project(database: &TestDatabase) {
        let own = make_project(database, &ProjectPlan::default()).await;
        let at_once = Retention { erase_after: chrono::Duration::zero(), ..Retention::default() };
        let store = database.store.clone().with_retention(at_once);
        for project in [None, Some(own.project)] {
            let kind = NoticeKind::RunIncomplete;
            store.mute_notices(own.workspace, own.user, kind, project, true).await.expect("muted");
        }
        store.delete_project(own.workspace, own.project).await.expect("deleted");
        let mutes = store.notice_mutes(own.workspace, own.user).await.expect("read");
        assert_eq!(mutes, [NoticeMute { kind: NoticeKind::RunIncomplete, project: None }]);
        while let Some(at) = store.projects_to_erase().await.expect("a list").first() {
            store.erase_some(*at).await.expect("a step");
        }
        assert_eq!(database.number("SELECT COUNT(*) FROM llm_notice_mutes").await, 1);
    }
}
