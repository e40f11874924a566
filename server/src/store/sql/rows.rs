//! Statements that are written by hand, in the SQL that both databases read.
//!
//! Invariant: parameters are `$1`, `$2`, …, but in long lists of rows; values never stand in the
//! text. For PostgreSQL a list of ids is one parameter, and rows that are inserted are one parameter
//! a column, however many there are. So the number of prepared statements depends on the statements
//! in the code, not on the lengths of their lists.

use std::fmt::Display;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, ExecResult, QueryResult, Statement, Value};

use super::cell::Cell;
use super::encode::json;
use super::insert_source::{rows_at_once, source};
use super::record::{Cells, Record};
use crate::store::StoreResult;

/// SQLite takes 32,766 values a statement, PostgreSQL 65,535.
pub(in crate::store) const MAX_VALUES: usize = 32_000;

/// A statement with its values.
pub(in crate::store) fn statement(
    connection: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    let backend = connection.get_database_backend();
    let (mut sql, mut values) = (sql.into(), values.into_iter().collect::<Vec<Value>>());
    if backend == DbBackend::Postgres {
        sql = with_bound_lists(&sql, &mut values);
    }
    Statement::from_sql_and_values(backend, sql, values)
}

/// Around the ids of a list, so that it can be found in a text.
const LIST: &str = "/*ids*/";
const END_OF_LIST: &str = "/*end*/";

/// Up to so many ids are an array to compare with: PostgreSQL then finds each by an index, also in
/// a table that it has no statistics of yet. More ids are the rows of a query, which PostgreSQL
/// reads once and joins: it would go through a long array for each row that it compares.
const MOST_IN_AN_ARRAY: usize = 500;

/// The text with each list of ids as one parameter behind `values`, which gets it.
fn with_bound_lists(sql: &str, values: &mut Vec<Value>) -> String {
    use std::fmt::Write;

    let mut bound = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some((before, behind)) = rest.split_once(LIST) {
        let Some((ids, after)) = behind.split_once(END_OF_LIST) else {
            break;
        };
        let (ids, length) = match ids {
            NO_IDS => ("", 0),
            ids => (ids, ids.split(',').count()),
        };
        values.push(format!("{{{ids}}}").into());
        let is_array = length <= MOST_IN_AN_ARRAY;
        // Writing to a string cannot fail.
        let _ = match (before.strip_suffix("NOT IN ("), before.strip_suffix("IN (")) {
            (Some(before), _) if is_array => write!(bound, "{before}<> ALL ("),
            (_, Some(before)) if is_array => write!(bound, "{before}= ANY ("),
            _ => write!(bound, "{before}SELECT UNNEST("),
        };
        let list = list_of_ids(values.len());
        let _ = write!(bound, "{list}{}", if is_array { "" } else { ")" });
        rest = after;
    }
    bound.push_str(rest);
    bound
}

/// A parameter that is the text of a list, as an array. In a query of its own, which is run once:
/// the text would be read for each row that it is compared with.
fn list_of_ids(parameter: usize) -> String {
    format!("CAST((SELECT CAST(${parameter} AS BIGINT[])) AS BIGINT[])")
}

/// Runs a statement.
pub(in crate::store) async fn execute(
    connection: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<ExecResult> {
    Ok(connection
        .execute_raw(statement(connection, sql, values))
        .await?)
}

/// All rows of a query.
pub(in crate::store) async fn all(
    connection: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<Vec<QueryResult>> {
    Ok(connection
        .query_all_raw(statement(connection, sql, values))
        .await?)
}

/// The first row of a query.
pub(in crate::store) async fn one(
    connection: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<Option<QueryResult>> {
    Ok(connection
        .query_one_raw(statement(connection, sql, values))
        .await?)
}

/// All rows of a query, read. `rest` is what stands behind the columns that are selected.
pub(in crate::store) async fn select<R: Record>(
    connection: &impl ConnectionTrait,
    rest: impl Display,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<Vec<R>> {
    let sql = format!("SELECT {} {rest}", R::columns());
    read(connection, sql, values).await
}

/// The first row of a query, read. `rest` is what stands behind the columns that are selected.
pub(in crate::store) async fn select_one<R: Record>(
    connection: &impl ConnectionTrait,
    rest: impl Display,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<Option<R>> {
    let sql = format!("SELECT {} {rest}", R::columns());
    read_one(connection, sql, values).await
}

/// All rows of a statement that gives the columns of a record, read.
pub(in crate::store) async fn read<R: Record>(
    connection: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<Vec<R>> {
    let found = all(connection, sql, values).await?;
    found.iter().map(R::from_row).collect()
}

/// The first row of a statement that gives the columns of a record, read.
pub(in crate::store) async fn read_one<R: Record>(
    connection: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<Option<R>> {
    let found = one(connection, sql, values).await?;
    found.as_ref().map(R::from_row).transpose()
}

/// The only column of all rows.
pub(in crate::store) async fn column<T: Cell>(
    connection: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<Vec<T>> {
    let found = all(connection, sql, values).await?;
    found.iter().map(only_cell).collect()
}

/// The only column of the first row.
pub(in crate::store) async fn value<T: Cell>(
    connection: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<Option<T>> {
    let found = one(connection, sql, values).await?;
    found.as_ref().map(only_cell).transpose()
}

/// The only column of a row.
pub(in crate::store) fn only_cell<T: Cell>(row: &QueryResult) -> StoreResult<T> {
    Cells::of(row).cell()
}

/// The two columns of all rows.
pub(in crate::store) async fn pairs<A: Cell, B: Cell>(
    connection: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<Vec<(A, B)>> {
    let found = all(connection, sql, values).await?;
    found.iter().map(pair).collect()
}

/// The two columns of the first row.
pub(in crate::store) async fn one_pair<A: Cell, B: Cell>(
    connection: &impl ConnectionTrait,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<Option<(A, B)>> {
    let found = one(connection, sql, values).await?;
    found.as_ref().map(pair).transpose()
}

/// The two columns of a row.
pub(in crate::store) fn pair<A: Cell, B: Cell>(row: &QueryResult) -> StoreResult<(A, B)> {
    let mut cells = Cells::of(row);
    Ok((cells.cell()?, cells.cell()?))
}

/// A row that is to be inserted: what stands in which column, one list.
#[derive(Clone, Debug)]
pub(in crate::store) struct NewRow<const N: usize> {
    /// The columns.
    pub(in crate::store) columns: &'static [&'static str; N],
    /// Their values, in the same order.
    pub(in crate::store) values: [Value; N],
}

/// A [`NewRow`] of `column = value` pairs.
macro_rules! new_row {
    ($($column:ident = $value:expr),+ $(,)?) => {
        $crate::store::sql::rows::NewRow {
            columns: &[$(::core::stringify!($column)),+],
            values: [$(::sea_orm::Value::from($value)),+],
        }
    };
}
pub(in crate::store) use new_row;

/// Inserts rows that come from one [`new_row`], so that they have the same columns; else as
/// [`insert`].
pub(in crate::store) async fn insert_rows<const N: usize>(
    connection: &impl ConnectionTrait,
    table: &str,
    rows: Vec<NewRow<N>>,
    returning: &str,
) -> StoreResult<Vec<QueryResult>> {
    let Some(first) = rows.first() else {
        return Ok(Vec::new());
    };
    let columns = *first.columns;
    let values = rows.into_iter().map(|row| row.values).collect();
    insert(connection, table, columns, values, returning).await
}

/// Inserts rows, as many a statement as both databases take. `returning` is the clause of that
/// name, or empty; what it gives comes in no particular order.
pub(in crate::store) async fn insert<const N: usize>(
    connection: &impl ConnectionTrait,
    table: &str,
    columns: [&str; N],
    rows: Vec<[Value; N]>,
    returning: &str,
) -> StoreResult<Vec<QueryResult>> {
    let backend = connection.get_database_backend();
    let mut results = Vec::new();
    let mut rows = rows.into_iter();
    loop {
        let size = rows_at_once(backend, rows.len(), N);
        let chunk: Vec<[Value; N]> = rows.by_ref().take(size).collect();
        if chunk.is_empty() {
            return Ok(results);
        }
        let (source, values) = source(connection, chunk);
        let sql = format!(
            "INSERT INTO {table} ({}) {source} {returning}",
            columns.join(", ")
        );
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
pub(in crate::store) fn placeholders(
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

/// What a list without ids has: nothing is one of it.
const NO_IDS: &str = "NULL";

/// Ids as a list for `IN (…)`, and for nothing else. As a parameter each, lists of each length
/// would be statements of their own; and so would lists in the text to PostgreSQL, which keeps what
/// it has prepared. To it the whole list is one parameter: [`statement`] sees to that.
pub(in crate::store) fn id_list(ids: impl IntoIterator<Item = i64>) -> String {
    format!("{LIST}{}{END_OF_LIST}", few_ids(ids))
}

/// Ids as a list for `IN (…)` that stands in the text, by which a database chooses how to go
/// about a query. They are numbers of our own, so they may. Only for a few that change seldom: each
/// other list is another statement.
pub(in crate::store) fn few_ids(ids: impl IntoIterator<Item = i64>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    if ids.is_empty() {
        NO_IDS.to_owned()
    } else {
        ids.join(", ")
    }
}

/// The condition that a column is one of these ids, for queries by entity; one parameter to
/// PostgreSQL, as in [`id_list`].
pub(in crate::store) fn is_one_of(
    connection: &impl ConnectionTrait,
    column: impl ColumnTrait,
    ids: impl IntoIterator<Item = i64>,
) -> Expr {
    if connection.get_database_backend() != DbBackend::Postgres {
        return column.is_in(ids);
    }
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    let list = Expr::val(format!("{{{}}}", ids.join(", ")));
    let column = Expr::col(column.as_column_ref());
    let array = list_of_ids(2);
    let condition = if ids.len() <= MOST_IN_AN_ARRAY {
        format!("$1 = ANY ({array})")
    } else {
        format!("$1 IN (SELECT UNNEST({array}))")
    };
    Expr::cust_with_exprs(condition, [column, list])
}

/// The condition that `column` is one of these texts, which are the value `$place`: one parameter
/// on both databases, as in [`id_list`].
pub(in crate::store) fn is_one_of_texts<'a>(
    connection: &impl ConnectionTrait,
    column: &str,
    place: usize,
    texts: impl IntoIterator<Item = &'a str>,
) -> (String, Value) {
    let texts: Vec<&str> = texts.into_iter().collect();
    if connection.get_database_backend() == DbBackend::Postgres {
        let texts: Vec<String> = texts.into_iter().map(str::to_owned).collect();
        return (
            format!("{column} = ANY (CAST(${place} AS TEXT[]))"),
            texts.into(),
        );
    }
    let condition = format!("{column} IN (SELECT value FROM json_each(${place}))");
    (condition, json(&texts).into())
}

/// The operator that finds a pattern in a text and ignores the case of ASCII letters.
pub(in crate::store) fn like(connection: &impl ConnectionTrait) -> &'static str {
    match connection.get_database_backend() {
        DbBackend::Postgres => "ILIKE",
        _ => "LIKE",
    }
}

/// The clause by which PostgreSQL locks the rows of `table` that a query reads; SQLite holds
/// the only write lock already. `NO KEY`: a plain `FOR UPDATE` waits for every transaction
/// that has inserted a row pointing to this one, and two of those wait for each other.
pub(in crate::store) fn for_update(connection: &impl ConnectionTrait, table: &str) -> String {
    match connection.get_database_backend() {
        DbBackend::Postgres => format!(" FOR NO KEY UPDATE OF {table}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{EntityTrait, QueryFilter};

    use super::*;
    use crate::store::entity::prompt;
    use crate::store::testing::{TestDatabase, on_both_databases, with_postgres};

    #[test]
    fn a_list_of_ids_is_one_parameter_behind_the_others() {
        let (one, none) = (id_list([1, 2, 3]), id_list([]));
        let few = few_ids([1, 2]);
        let longest = i64::try_from(MOST_IN_AN_ARRAY).expect("a small number");
        let many = id_list(1..=longest + 1);
        let text_of_many = format!("{{{}}}", few_ids(1..=longest + 1));
        for (sql, bound, lists) in [
            (
                format!("SELECT 1 WHERE a = $1 AND b IN ({one}) AND c = $2"),
                "SELECT 1 WHERE a = $1 \
                 AND b = ANY (CAST((SELECT CAST($3 AS BIGINT[])) AS BIGINT[])) AND c = $2",
                vec!["{1, 2, 3}"],
            ),
            (
                format!("a IN ({one}) AND b NOT IN ({none})"),
                "a = ANY (CAST((SELECT CAST($3 AS BIGINT[])) AS BIGINT[])) \
                 AND b <> ALL (CAST((SELECT CAST($4 AS BIGINT[])) AS BIGINT[]))",
                vec!["{1, 2, 3}", "{}"],
            ),
            (
                format!("a IN ({many}) OR a NOT IN ({many})"),
                "a IN (SELECT UNNEST(CAST((SELECT CAST($3 AS BIGINT[])) AS BIGINT[]))) \
                 OR a NOT IN (SELECT UNNEST(CAST((SELECT CAST($4 AS BIGINT[])) AS BIGINT[])))",
                vec![text_of_many.as_str(), text_of_many.as_str()],
            ),
            (format!("a IN ({few})"), "a IN (1, 2)", vec![]),
        ] {
            let mut values = vec![Value::from(7_i64), Value::from(8_i64)];
            assert_eq!(with_bound_lists(&sql, &mut values), bound);
            let lists: Vec<Value> = lists
                .into_iter()
                .map(str::to_owned)
                .map(Value::from)
                .collect();
            assert_eq!(values[2..], lists);
        }
    }

    #[test]
    fn a_new_row_has_its_columns_and_their_values_from_one_list() {
        let row = new_row! { run_id = 7_i64, name = "one", rank = None::<i64> };
        assert_eq!(row.columns, &["run_id", "name", "rank"]);
        let values: [Value; 3] = [7_i64.into(), "one".into(), None::<i64>.into()];
        assert_eq!(row.values, values);
    }

    on_both_databases! {
        async fn lists_find_what_is_in_them(database: &TestDatabase) {
            let numbers = "SELECT COUNT(*) FROM (SELECT CAST(1 AS BIGINT) AS id UNION ALL \
                SELECT CAST(2 AS BIGINT) UNION ALL SELECT CAST(3 AS BIGINT)) n WHERE n.id";
            for (condition, found) in [
                (format!("IN ({})", id_list([2, 3, 4])), 2),
                (format!("IN ({})", id_list([])), 0),
                (format!("NOT IN ({})", id_list([2])), 2),
                (format!("IN ({})", id_list(2..=2_000)), 2),
                (format!("NOT IN ({})", id_list(2..=2_000)), 1),
            ] {
                assert_eq!(database.number(&format!("{numbers} {condition}")).await, found, "{condition}");
            }
        }
    }

    on_both_databases! {
        async fn texts_find_what_is_one_of_them(database: &TestDatabase) {
            let reader = database.store.reader();
            let texts = "SELECT COUNT(*) FROM (SELECT 'a' AS text UNION ALL SELECT 'b\"{,' \
                UNION ALL SELECT 'c') t WHERE $1 <> t.text AND";
            for (wanted, found) in [(vec!["a", "b\"{,", "d"], 2), (vec![], 0), (vec!["c"], 0)] {
                let (condition, list) = is_one_of_texts(reader, "t.text", 2, wanted);
                let sql = format!("{texts} {condition}");
                let counted: Option<i64> =
                    value(reader, sql, ["c".into(), list]).await.expect("read");
                assert_eq!(counted, Some(found), "{condition}");
            }
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn lists_of_all_lengths_are_two_prepared_statements() {
        with_postgres(async |database| {
            // In a transaction all of them are of one connection.
            let tx = database.store.begin_write().await.expect("a transaction");
            for length in (1..=30).chain(600..=630) {
                let sql = format!(
                    "SELECT id FROM llm_monitoring_asks WHERE id IN ({})",
                    id_list(1..=length)
                );
                all(&tx, sql, []).await.expect("read");
                let chosen = is_one_of(&tx, prompt::Column::Id, 1..=length);
                prompt::Entity::find()
                    .filter(chosen)
                    .all(&tx)
                    .await
                    .expect("read");
            }
            for table in ["llm_monitoring_asks", "llm_monitoring_queries"] {
                let kept = "SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE $1";
                let row = one(&tx, kept, [format!("%{table}%BIGINT[]%").into()]).await;
                let row = row.expect("read").expect("a row");
                assert_eq!(
                    row.try_get_by_index::<i64>(0).expect("a number"),
                    2,
                    "{table}"
                );
            }
            tx.rollback().await.expect("rolled back");
        })
        .await;
    }
}
