//! Notes on charts: whose they are, and on which day a changed setting stands.

use app::model::ids::{NoteId, WorkspaceId};
use app::model::notes::NoteOrigin;
use chrono::{DateTime, NaiveDate, Utc};

use crate::store::StoreError;
use crate::store::projects::{NewNote, StoredNote};
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, make_projects, on_both_databases,
};

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).expect("a day")
}

async fn march(database: &TestDatabase, of: &TestProject) -> Vec<StoredNote> {
    let days = (day(1), day(31));
    let store = &database.store;
    let found = store.chart_notes(of.workspace, of.project, days).await;
    found.expect("notes")
}

async fn write(database: &TestDatabase, by: &TestProject, on: u32) -> NoteId {
    let note = NewNote {
        author: by.user,
        day: day(on),
        text: "New site",
    };
    let store = &database.store;
    let added = store.add_chart_note(by.workspace, by.project, note).await;
    added.expect("written").expect("there is room")
}

on_both_databases! {
    async fn a_note_is_of_one_project_and_workspace(database: &TestDatabase) {
        let store = &database.store;
        let projects = make_projects(database, &ProjectPlan::default(), 2).await;
        let [own, other] = projects.as_slice() else { panic!("two projects") };
        let stranger = make_project(database, &ProjectPlan::default()).await;
        let later = write(database, own, 9).await;
        let first = write(database, own, 2).await;
        let notes = march(database, own).await;
        let ids: Vec<NoteId> = notes.iter().map(|note| note.id).collect();
        assert_eq!(ids, [first, later]);
        assert_eq!(notes[0].origin, NoteOrigin::Person);
        assert!(notes[0].author.as_deref().is_some_and(|author| author.contains('@')));
        assert_eq!(march(database, other).await, []);
        for (workspace, project) in [
            (own.workspace, other.project),
            (stranger.workspace, own.project),
            (stranger.workspace, stranger.project),
        ] {
            let removed = store.remove_chart_note(workspace, project, first).await;
            assert!(matches!(removed, Err(StoreError::NotFound)));
            let restored = store.restore_chart_note(workspace, project, first).await;
            assert!(matches!(restored, Err(StoreError::NotFound)));
        }
        let elsewhere = store.written_notes(stranger.workspace, own.project).await;
        assert!(matches!(elsewhere, Err(StoreError::NotFound)));
        store.remove_chart_note(own.workspace, own.project, first).await.expect("removed");
        assert_eq!(march(database, own).await, notes[1..]);
        assert!(store.restore_chart_note(own.workspace, own.project, first).await.expect("back"));
        assert_eq!(march(database, own).await, notes);
    }

    async fn a_judge_is_noted_on_the_day_of_the_workspace(database: &TestDatabase) {
        let plan = ProjectPlan {
            time_zone: "Pacific/Auckland",
            ..ProjectPlan::default()
        };
        let projects = make_projects(database, &plan, 2).await;
        let own = &projects[0];
        let stranger = make_project(database, &ProjectPlan::default()).await;
        let choose = async |at: &str, model: Option<usize>| {
            let at: DateTime<Utc> = at.parse().expect("a time");
            database.clock.set(at);
            let model = model.map(|place| own.models[place]);
            let saved = database.store.save_judge_model(own.workspace, model).await;
            saved.expect("saved");
        };
        // There it is the day after.
        choose("2026-03-10T20:00:00Z", Some(0)).await;
        choose("2026-03-10T21:00:00Z", Some(0)).await;
        choose("2026-03-10T22:00:00Z", Some(1)).await;
        choose("2026-03-11T22:00:00Z", None).await;
        choose("2026-03-12T22:00:00Z", Some(0)).await;
        choose("2026-03-12T23:00:00Z", None).await;
        for project in &projects {
            let notes = march(database, project).await;
            let told: Vec<(NaiveDate, bool, bool)> = notes
                .iter()
                .map(|note| (note.day, note.old_value.is_empty(), note.new_value.is_empty()))
                .collect();
            assert_eq!(told, [(day(11), true, false), (day(12), false, true)]);
            assert_eq!(notes[0].new_value, notes[1].old_value);
            assert!(notes.iter().all(|note| note.origin == NoteOrigin::Judge));
        }
        assert_eq!(march(database, &stranger).await, []);
        let nowhere = database.store.save_judge_model(WorkspaceId(999_999), None).await;
        assert!(matches!(nowhere, Err(StoreError::NotFound)));
    }
}
