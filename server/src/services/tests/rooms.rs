//! The rooms of the services know each other one way: each only those behind it, be it by an
//! import or by a method of `Services` that another room gives it.

use crate::source_reading::{CLIMBING, RoomReader, Source, is_allowed_by_order, sources_of_rooms};

/// The rooms, as the head of `services` has them: each knows only those behind it.
const ORDER: [&str; 15] = [
    "home",
    "projects",
    "schedule",
    "runs",
    "registry",
    "money",
    "keys",
    "judging",
    "answers",
    "sums",
    "accounts",
    "notices",
    "instance",
    "stamped_cache",
    "error",
];

fn reader() -> RoomReader {
    RoomReader::new("crate::services", "Services")
}

/// The root wires the rooms, so it knows them.
fn may_know(room: &str, other: &str) -> bool {
    room.is_empty() || (other != CLIMBING && is_allowed_by_order(&ORDER, room, other))
}

#[test]
fn rooms_know_only_those_behind_them() {
    let sources = sources_of_rooms("services");
    let reader = reader();
    for source in &sources {
        let room = source.room.as_str();
        let has_a_place = room.is_empty() || ORDER.contains(&room);
        assert!(has_a_place, "{} is in no room of the order", source.file);
    }
    let methods = reader.rooms_of_methods(&sources);
    assert!(methods.len() > 100, "the methods are not read");
    let known_to_projects: Vec<&str> = sources
        .iter()
        .filter(|source| source.room == "projects")
        .flat_map(|source| reader.known_to(source, &methods))
        .collect();
    // The first by a method, the second by an import.
    assert!(known_to_projects.contains(&"schedule") && known_to_projects.contains(&"money"));
    assert_eq!(reader.wrong_edges(&sources, may_know), Vec::<String>::new());
}

#[test]
fn what_is_against_the_order_is_found() {
    let sample = [
        (
            "projects/a.rs",
            "use crate::services::{ServiceResult, money::PaidCall, sums::Dashboards};",
        ),
        ("sums/b.rs", "use crate::services::answers::CitingAnswer;"),
        (
            "money/c.rs",
            "impl Services { async fn costs(&self) { self.judge().await; self.viewer() } }",
        ),
        (
            "judging/d.rs",
            "impl Services { async fn judge(&self) { self.costs().await } }",
        ),
        ("keys/e.rs", "use super::super::projects::NewProject;"),
        (
            "error.rs",
            "use super::accounts::FoundCaller; // crate::services::runs",
        ),
        (
            "mod.rs",
            "pub mod sums; use sums::Dashboards; impl Services { fn viewer(&self) {} }",
        ),
    ];
    let sources: Vec<Source> = sample
        .iter()
        .map(|(file, text)| Source::new(file, text))
        .collect();
    assert_eq!(
        reader().wrong_edges(&sources, may_know),
        [
            "sums/b.rs knows answers",
            "judging/d.rs knows money",
            "keys/e.rs knows super::super",
            "error.rs knows accounts",
        ]
    );
}
