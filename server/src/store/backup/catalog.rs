//! The tables that a database has, and in which order they can be filled.

use std::collections::{BTreeMap, BTreeSet};

use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend};

use super::BackupError;
use super::cells::Kind;
use crate::store::sql::rows;

/// Migrations write their own table. Who was signed in signs in again: a session that ended
/// after the backup must not come back with it. How jobs go is told by those that run. Sheets are made
/// by who first reads a day.
const LEFT_OUT: [&str; 4] = [
    "seaql_migrations",
    "sessions",
    "llm_job_health",
    "llm_monitoring_day_sheets",
];

const POSTGRES_COLUMNS: &str = "SELECT c.table_name::text, c.column_name::text, c.data_type::text \
    FROM information_schema.columns c \
    JOIN information_schema.tables t ON t.table_schema = c.table_schema \
        AND t.table_name = c.table_name \
    WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' \
    ORDER BY c.table_name, c.ordinal_position";
const SQLITE_COLUMNS: &str = "SELECT m.name, c.name, c.type FROM sqlite_master m \
    JOIN pragma_table_info(m.name) c \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.name, c.cid";

const POSTGRES_POINTERS: &str = "SELECT child.relname::text, parent.relname::text \
    FROM pg_constraint k JOIN pg_class child ON child.oid = k.conrelid \
    JOIN pg_class parent ON parent.oid = k.confrelid \
    WHERE k.contype = 'f' AND child.relnamespace = current_schema()::regnamespace";
const SQLITE_POINTERS: &str = "SELECT m.name, f.\"table\" FROM sqlite_master m \
    JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";

/// A table and its columns, in the database's order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<(String, Kind)>,
}

impl Table {
    /// Whether the database numbers its rows.
    pub(super) fn has_id(&self) -> bool {
        self.columns.iter().any(|(name, _)| name == "id")
    }
}

/// The tables, each after those that it points to.
pub(super) async fn tables(connection: &impl ConnectionTrait) -> Result<Vec<Table>, BackupError> {
    let (columns, pointers) = match connection.get_database_backend() {
        DbBackend::Postgres => (POSTGRES_COLUMNS, POSTGRES_POINTERS),
        _ => (SQLITE_COLUMNS, SQLITE_POINTERS),
    };
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for row in rows::all(connection, columns, []).await? {
        let name: String = row.try_get_by_index(0)?;
        if LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        let of_type: String = row.try_get_by_index(2)?;
        let kind = Kind::of_type(&of_type).ok_or_else(|| BackupError::UnknownType(name.clone()))?;
        let table = tables.entry(name.clone()).or_insert_with(|| Table {
            name,
            columns: Vec::new(),
        });
        table.columns.push((row.try_get_by_index(1)?, kind));
    }
    let mut points_to: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows::all(connection, pointers, []).await? {
        let parents = points_to.entry(row.try_get_by_index(0)?).or_default();
        parents.insert(row.try_get_by_index(1)?);
    }
    Ok(parents_first(tables, &points_to))
}

/// The tables in an order in which no row is written before the row that it points to. Those
/// that point to each other, of which there are none, would come last.
fn parents_first(
    mut waiting: BTreeMap<String, Table>,
    points_to: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<Table> {
    let mut ordered = Vec::with_capacity(waiting.len());
    loop {
        let is_ready = |name: &String| {
            points_to.get(name).is_none_or(|parents| {
                let mut others = parents.iter().filter(|parent| *parent != name);
                !others.any(|parent| waiting.contains_key(parent))
            })
        };
        let ready: Vec<String> = waiting
            .keys()
            .filter(|name| is_ready(name))
            .cloned()
            .collect();
        if ready.is_empty() {
            ordered.extend(waiting.into_values());
            return ordered;
        }
        ordered.extend(ready.iter().filter_map(|name| waiting.remove(name)));
    }
}

/// The names of the migrations that this program knows, the oldest first.
pub(super) fn known_migrations() -> Vec<String> {
    Migrator::migrations()
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_come_before_those_that_point_to_them() {
        let names = ["answers", "runs", "users", "workspaces", "words"];
        let points = [
            ("answers", "runs"),
            ("answers", "workspaces"),
            ("runs", "workspaces"),
            ("runs", "runs"),
            ("workspaces", "users"),
            // A table that is left out.
            ("words", "sessions"),
        ];
        let tables = names.map(|name| {
            let columns = Vec::new();
            let name = name.to_owned();
            (name.clone(), Table { name, columns })
        });
        let mut points_to: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (child, parent) in points {
            let parents = points_to.entry(child.to_owned()).or_default();
            parents.insert(parent.to_owned());
        }
        let ordered = parents_first(BTreeMap::from(tables), &points_to);
        let names: Vec<&str> = ordered.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["users", "words", "workspaces", "runs", "answers"]);
    }
}
