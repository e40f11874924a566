//! Statements that are written by hand, in the SQL that both databases read.
//!
//! Invariant: parameters are `$1`, `$2`, …, but in long lists of rows; values never stand in
//! the text.

use sea_orm::{ConnectionTrait, DbBackend, ExecResult, QueryResult, Statement, Value};

use super::StoreResult;

/// SQLite takes 32,766 values a statement, PostgreSQL 65,535.
pub(super) const MAX_VALUES: usize = 32_000;

/// A statement with its values.
pub(super) fn statement(
    connection: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(connection.get_database_backend(), sql, values)
}

/// Runs a statement.
pub(super) async fn execute(
    connection: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<ExecResult> {
    Ok(connection
        .execute_raw(statement(connection, sql, values))
        .await?)
}

/// All rows of a query.
pub(super) async fn all(
    connection: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<Vec<QueryResult>> {
    Ok(connection
        .query_all_raw(statement(connection, sql, values))
        .await?)
}

/// The first row of a query.
pub(super) async fn one(
    connection: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<Option<QueryResult>> {
    Ok(connection
        .query_one_raw(statement(connection, sql, values))
        .await?)
}

/// Inserts rows, as many a statement as both databases take. `returning` is the clause of that
/// name, or empty; what it gives comes in no particular order.
pub(super) async fn insert<const N: usize>(
    connection: &impl ConnectionTrait,
    table: &str,
    columns: [&str; N],
    rows: Vec<[Value; N]>,
    returning: &str,
) -> StoreResult<Vec<QueryResult>> {
    let mut results = Vec::new();
    let mut rows = rows.into_iter();
    loop {
        let chunk: Vec<[Value; N]> = rows.by_ref().take(MAX_VALUES / N).collect();
        if chunk.is_empty() {
            return Ok(results);
        }
        let sql = format!(
            "INSERT INTO {table} ({}) VALUES {} {returning}",
            columns.join(", "),
            placeholders(connection, chunk.len(), N)
        );
        let values = chunk.into_iter().flatten();
        if returning.is_empty() {
            execute(connection, sql, values).await?;
        } else {
            results.extend(all(connection, sql, values).await?);
        }
    }
}

/// `($1, $2), ($3, $4), …`, or `(?, ?), (?, ?), …` for SQLite: it walks the list of all names
/// for each that it meets, so that a thousand rows with names take a thousand times a thousand
/// steps.
pub(super) fn placeholders(
    connection: &impl ConnectionTrait,
    rows: usize,
    columns: usize,
) -> String {
    use std::fmt::Write;

    if connection.get_database_backend() == DbBackend::Sqlite {
        let row = format!("({})", vec!["?"; columns].join(", "));
        return vec![row; rows].join(", ");
    }
    let mut text = String::with_capacity(rows * columns * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            let comma = if column == 0 { "" } else { ", " };
            // Writing to a string cannot fail.
            let _ = write!(text, "{comma}${}", row * columns + column + 1);
        }
        text.push(')');
    }
    text
}

/// Ids as a list for `IN (…)`. They are numbers of our own, so they may stand in the text; as
/// parameters, lists of each length would be statements of their own.
pub(super) fn id_list(ids: impl IntoIterator<Item = i64>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    if ids.is_empty() {
        "NULL".to_owned()
    } else {
        ids.join(", ")
    }
}

/// What finds a pattern in a text, whatever the capitals of ASCII are.
pub(super) fn like(connection: &impl ConnectionTrait) -> &'static str {
    match connection.get_database_backend() {
        DbBackend::Postgres => "ILIKE",
        _ => "LIKE",
    }
}

/// The clause by which PostgreSQL locks the rows of `table` that a query reads; SQLite holds
/// the only write lock already. `NO KEY`: a plain `FOR UPDATE` waits for every transaction
/// that has inserted a row pointing to this one, and two of those wait for each other.
pub(super) fn for_update(connection: &impl ConnectionTrait, table: &str) -> String {
    match connection.get_database_backend() {
        DbBackend::Postgres => format!(" FOR NO KEY UPDATE OF {table}"),
        _ => String::new(),
    }
}
