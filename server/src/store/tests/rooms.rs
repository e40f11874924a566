//! The rooms of the store know each other one way: each only those behind it, be it by an import
//! or by a method of `Store` that another room gives it.

use crate::source_reading::{CLIMBING, RoomReader, Source, is_allowed_by_order, sources_of_rooms};

/// The rooms, as the head of `store` has them: each knows only those behind it.
const ORDER: [&str; 10] = [
    "jobs", "runs", "judging", "accounts", "money", "answers", "sums", "projects", "registry",
    "sql",
];

fn reader() -> RoomReader {
    RoomReader::new("crate::store", "Store")
}

fn may_know(room: &str, other: &str) -> bool {
    let is_room = ORDER.contains(&other) || other == "backup";
    if other == CLIMBING {
        return false;
    }
    if room == other || !is_room {
        return true;
    }
    match room {
        "" | "backup" => other == "sql",
        "entity" => false,
        _ => ORDER.contains(&other) && is_allowed_by_order(&ORDER, room, other),
    }
}

#[test]
fn rooms_know_only_those_behind_them() {
    let sources = sources_of_rooms("store");
    let reader = reader();
    for source in &sources {
        let room = source.room.as_str();
        let has_a_place = ORDER.contains(&room) || matches!(room, "" | "backup" | "entity");
        assert!(has_a_place, "{} is in no room of the order", source.file);
    }
    let methods = reader.rooms_of_methods(&sources);
    assert!(methods.len() > 200, "the methods are not read");
    for room in ORDER {
        let mut own = sources.iter().filter(|source| source.room == room);
        let is_read = room == "sql"
            || own.any(|source| {
                let known = reader.known_to(source, &methods);
                known.contains("sql")
            });
        assert!(is_read, "{room} is not read");
    }
    assert_eq!(reader.wrong_edges(&sources, may_know), Vec::<String>::new());
}

#[test]
fn what_is_against_the_order_is_found() {
    let sample = [
        ("jobs/a.rs", "use crate::store::runs::plans::plan_slot;"),
        ("sums/b.rs", "use crate::store::answers::citations::write;"),
        (
            "money/c.rs",
            "use crate::store::{Store, runs::{lanes, watch}, sql::rows};",
        ),
        (
            "registry/d.rs",
            "fn f() { crate::store::registry::prices::g(); super::super::h() }",
        ),
        (
            "runs/e.rs",
            "impl Store { async fn cancel(&self) { self.names().await } }",
        ),
        (
            "projects/f.rs",
            "impl Store { async fn delete(&self) { self.cancel().await } }",
        ),
        ("answers/g.rs", "impl Store { async fn names(&self) {} }"),
        (
            "sums/h.rs",
            "impl Asks for Store { fn names(&self) { self.names() } }",
        ),
        (
            "backup/i.rs",
            "use crate::store::sql::rows; use crate::store::money::ledger;",
        ),
        (
            "sql/j.rs",
            "/// crate::store::runs\nconst T: &str = \"crate::store::runs::lanes\";",
        ),
        (
            "sql/k.rs",
            "use crate::store::entity::user; use crate::store::backup::Counts;",
        ),
        ("entity/l.rs", "use crate::store::sql::rows;"),
        (
            "mod.rs",
            "pub mod runs; use sql::error::StoreError; use jobs::news::News;",
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
            "money/c.rs knows runs",
            "registry/d.rs knows super::super",
            "projects/f.rs knows runs",
            "sums/h.rs knows answers",
            "backup/i.rs knows money",
            "sql/k.rs knows backup",
            "entity/l.rs knows sql",
            "mod.rs knows jobs",
        ]
    );
}
