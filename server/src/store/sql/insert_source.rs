//! The source of an `INSERT` of many rows, in the form that is fastest on each database.
//!
//! Invariant: the number of rows makes few different statements. For a table, PostgreSQL prepares
//! one statement and SQLite at most nine.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Value};

use super::rows::{MAX_VALUES, placeholders};

/// Rows of one statement to SQLite at most: more save nothing.
const MOST_ROWS: usize = 256;

/// How many of `left` rows the next statement has. For SQLite it is a power of two, so that the
/// statements of a table are few and stay prepared. A statement with thousands of values takes long
/// to compile: a sixth of the time of the writing, when each number of rows had its own.
pub(super) fn rows_at_once(backend: DbBackend, left: usize, columns: usize) -> usize {
    let most = left.min(MAX_VALUES / columns.max(1));
    if backend != DbBackend::Sqlite || most == 0 {
        return most;
    }
    1 << most.min(MOST_ROWS).ilog2()
}

/// What stands behind the columns of an `INSERT` of these rows, and its values.
pub(super) fn source<const N: usize>(
    connection: &impl ConnectionTrait,
    rows: Vec<[Value; N]>,
) -> (String, Vec<Value>) {
    match connection.get_database_backend() {
        DbBackend::Postgres => source_of_arrays(connection, rows),
        _ => source_of_rows(connection, rows),
    }
}

/// The rows one after the other, each value a parameter.
fn source_of_rows<const N: usize>(
    connection: &impl ConnectionTrait,
    rows: Vec<[Value; N]>,
) -> (String, Vec<Value>) {
    let source = format!("VALUES {}", placeholders(connection, rows.len(), N));
    (source, rows.into_iter().flatten().collect())
}

/// The rows as one array a column. The statement is prepared once, whatever the number of rows. The
/// driver's arrays cannot hold NULL, so an array of numbers comes first: a bit a column says which
/// values of a row are NULL. Where a column has no such array, the rows come as
/// [`source_of_rows`] writes them.
fn source_of_arrays<const N: usize>(
    connection: &impl ConnectionTrait,
    rows: Vec<[Value; N]>,
) -> (String, Vec<Value>) {
    const {
        assert!(N < 63, "a bit a column");
    }
    let Some(kinds) = array_kinds(&rows) else {
        return source_of_rows(connection, rows);
    };
    let mut nothing: Vec<Value> = Vec::with_capacity(rows.len());
    let mut arrays: [Vec<Value>; N] = std::array::from_fn(|_| Vec::with_capacity(rows.len()));
    for row in rows {
        let mut bits = 0_i64;
        for (column, (value, array)) in row.into_iter().zip(&mut arrays).enumerate() {
            let stand_in = filler(&value);
            bits |= i64::from(stand_in.is_some()) << column;
            array.push(stand_in.unwrap_or(value));
        }
        nothing.push(bits.into());
    }
    let mut lists = vec!["CAST($1 AS BIGINT[])".to_owned()];
    lists.extend(
        (2..)
            .zip(kinds)
            .map(|(at, kind)| format!("CAST(${at} AS {kind}[])")),
    );
    let chosen: Vec<String> = (0..N)
        .map(|column| {
            format!(
                "CASE WHEN r.b & {} = 0 THEN r.c{column} END",
                1_i64 << column
            )
        })
        .collect();
    let names: Vec<String> = (0..N).map(|column| format!("c{column}")).collect();
    let source = format!(
        "SELECT {} FROM UNNEST({}) AS r (b, {})",
        chosen.join(", "),
        lists.join(", "),
        names.join(", ")
    );
    let parameters = std::iter::once(nothing).chain(arrays);
    (source, parameters.filter_map(array_of).collect())
}

/// PostgreSQL's name for the type of each column. `None`: a column has values of two types, or of
/// one that has no array here.
fn array_kinds<const N: usize>(rows: &[[Value; N]]) -> Option<[&'static str; N]> {
    let mut kinds = [""; N];
    for (column, kind) in kinds.iter_mut().enumerate() {
        *kind = array_kind(&rows.first()?[column])?;
        if !rows
            .iter()
            .all(|row| array_kind(&row[column]) == Some(*kind))
        {
            return None;
        }
    }
    Some(kinds)
}

fn array_kind(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Bool(_) => "BOOLEAN",
        Value::BigInt(_) => "BIGINT",
        Value::String(_) => "TEXT",
        Value::Bytes(_) => "BYTEA",
        Value::ChronoDate(_) => "DATE",
        Value::ChronoDateTimeUtc(_) => "TIMESTAMPTZ",
        _ => return None,
    })
}

/// The value that stands for NULL in an array; `None`: `value` is not NULL.
fn filler(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Bool(None) => false.into(),
        Value::BigInt(None) => 0_i64.into(),
        Value::String(None) => String::new().into(),
        Value::Bytes(None) => Vec::<u8>::new().into(),
        Value::ChronoDate(None) => NaiveDate::default().into(),
        Value::ChronoDateTimeUtc(None) => DateTime::<Utc>::default().into(),
        _ => return None,
    })
}

/// Values of one kind as one; nothing where there are none.
fn array_of(values: Vec<Value>) -> Option<Value> {
    let kind = values.first()?.array_type();
    Some(Value::Array(kind, Some(Box::new(values))))
}

#[cfg(test)]
mod tests {
    use sea_orm::QueryResult;

    use super::*;
    use crate::store::sql::rows::{all, insert, value};
    use crate::store::testing::{TestDatabase, on_both_databases, with_postgres};

    #[test]
    fn to_sqlite_rows_come_in_few_sizes() {
        let sizes = |mut left: usize| {
            let mut sizes = Vec::new();
            while left > 0 {
                let size = rows_at_once(DbBackend::Sqlite, left, 32);
                sizes.push(size);
                left -= size;
            }
            sizes
        };
        assert_eq!(sizes(0), Vec::<usize>::new());
        assert_eq!(sizes(1), [1]);
        assert_eq!(sizes(107), [64, 32, 8, 2, 1]);
        assert_eq!(sizes(600), [256, 256, 64, 16, 8]);
        assert_eq!(rows_at_once(DbBackend::Postgres, 600, 32), 600);
        assert_eq!(rows_at_once(DbBackend::Postgres, 6_000, 32), 1_000);
        assert_eq!(rows_at_once(DbBackend::Sqlite, 300, 10_000), 2);
    }

    /// What stands in a column of each kind; every other row has nothing but its number.
    fn row_of_all_kinds(number: i64) -> [Value; 7] {
        let is_full = number % 2 == 1;
        let at = DateTime::<Utc>::from_timestamp_micros(1_764_633_600_123_456);
        [
            number.into(),
            is_full.then_some(number + 1).into(),
            is_full.then_some(true).into(),
            is_full.then(|| format!("{{\"a, \\{number}}}")).into(),
            is_full.then(|| vec![0_u8, 255, 7]).into(),
            at.filter(|_| is_full).map(|at| at.date_naive()).into(),
            at.filter(|_| is_full).into(),
        ]
    }

    type RowOfAllKinds = (
        i64,
        Option<i64>,
        Option<bool>,
        Option<String>,
        Option<Vec<u8>>,
        Option<NaiveDate>,
        Option<DateTime<Utc>>,
    );

    fn read_row(row: &QueryResult) -> RowOfAllKinds {
        (
            row.try_get_by_index(0).expect("a number"),
            row.try_get_by_index(1).expect("a number or none"),
            row.try_get_by_index(2).expect("a flag or none"),
            row.try_get_by_index(3).expect("a text or none"),
            row.try_get_by_index(4).expect("bytes or none"),
            row.try_get_by_index(5).expect("a day or none"),
            row.try_get_by_index(6).expect("a moment or none"),
        )
    }

    const COLUMNS: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

    on_both_databases! {
        async fn rows_are_inserted_as_they_are(database: &TestDatabase) {
            let (bytes, moment) = match database.store.postgres_pool() {
                Some(_) => ("BYTEA", "TIMESTAMPTZ"),
                None => ("BLOB", "TIMESTAMP_WITH_TIMEZONE_TEXT"),
            };
            let made = format!(
                "CREATE TABLE kinds (a BIGINT NOT NULL, b BIGINT, c BOOLEAN, d TEXT, e {bytes}, \
                 f DATE, g {moment})"
            );
            database.execute(&made).await;
            let tx = database.store.begin_write().await.expect("a transaction");
            let rows = (1..=301).map(row_of_all_kinds).collect();
            let found = insert(&tx, "kinds", COLUMNS, rows, "RETURNING a").await.expect("inserted");
            let mut numbers: Vec<i64> =
                found.iter().map(|row| row.try_get_by_index(0).expect("a number")).collect();
            numbers.sort_unstable();
            assert_eq!(numbers, (1..=301).collect::<Vec<i64>>());
            let sql = "SELECT a, b, c, d, e, f, g FROM kinds WHERE a <= 2 ORDER BY a";
            let found = all(&tx, sql, []).await.expect("read");
            let at = DateTime::<Utc>::from_timestamp_micros(1_764_633_600_123_456);
            let full = (
                1,
                Some(2),
                Some(true),
                Some("{\"a, \\1}".to_owned()),
                Some(vec![0, 255, 7]),
                at.map(|at| at.date_naive()),
                at,
            );
            let empty = (2, None, None, None, None, None, None);
            assert_eq!(found.iter().map(read_row).collect::<Vec<_>>(), [full, empty]);
            // A column of two kinds.
            let mixed = vec![[Value::from(1_i64)], [Value::from(2_i32)]];
            insert(&tx, "kinds", ["a"], mixed, "").await.expect("inserted");
            tx.commit().await.expect("written");
            assert_eq!(database.number("SELECT COUNT(*) FROM kinds").await, 303);
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn rows_of_all_numbers_are_one_prepared_statement() {
        with_postgres(async |database| {
            let made = "CREATE TABLE kinds (a BIGINT NOT NULL, b BIGINT, c BOOLEAN, d TEXT, \
                e BYTEA, f DATE, g TIMESTAMPTZ)";
            database.execute(made).await;
            let tx = database.store.begin_write().await.expect("a transaction");
            for length in 1..=30 {
                let rows = (1..=length).map(row_of_all_kinds).collect();
                insert(&tx, "kinds", COLUMNS, rows, "")
                    .await
                    .expect("inserted");
            }
            let kept = "SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE $1";
            let statements: Option<i64> = value(&tx, kept, ["INSERT INTO kinds%".into()])
                .await
                .expect("read");
            assert_eq!(statements, Some(1));
            tx.rollback().await.expect("rolled back");
        })
        .await;
    }
}
