//! The days of ledger rows that belong to no answer: of the moment of their booking, on the
//! calendar of the workspace.
//!
//! Neither database can say it alone: SQLite knows no time zones, and PostgreSQL's dates are of
//! whoever is connected.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, QueryResult, Statement};

/// Stands in `day` until the true one is known.
pub(crate) const UNKNOWN: &str = "1970-01-01";

/// Rows that are read at a time.
const BATCH: usize = 1_000;

/// A row, and the day of its booking.
struct Booked {
    id: i64,
    day: NaiveDate,
}

/// Gives each row of the ledger whose day is [`UNKNOWN`] the day of its booking in the time zone
/// of its workspace.
pub(crate) async fn fill(connection: &impl ConnectionTrait) -> Result<(), DbErr> {
    let mut last = 0;
    loop {
        let booked = next_rows(connection, last).await?;
        let Some(newest) = booked.last() else {
            return Ok(());
        };
        last = newest.id;
        let mut days: BTreeMap<NaiveDate, Vec<String>> = BTreeMap::new();
        for row in booked {
            days.entry(row.day).or_default().push(row.id.to_string());
        }
        for (day, ids) in days {
            let ids = ids.join(", ");
            let sql = format!("UPDATE llm_spend_ledger SET day = '{day}' WHERE id IN ({ids})");
            connection.execute_unprepared(&sql).await?;
        }
    }
}

/// The next rows behind `last`, by id.
async fn next_rows(connection: &impl ConnectionTrait, last: i64) -> Result<Vec<Booked>, DbErr> {
    let backend = connection.get_database_backend();
    let seconds = match backend {
        DbBackend::Sqlite => "CAST(strftime('%s', l.booked_at) AS INTEGER)",
        _ => "CAST(FLOOR(EXTRACT(EPOCH FROM l.booked_at)) AS BIGINT)",
    };
    let sql = format!(
        "SELECT l.id, {seconds}, w.time_zone FROM llm_spend_ledger l \
         JOIN workspaces w ON w.id = l.workspace_id \
         WHERE l.id > {last} AND l.day = '{UNKNOWN}' ORDER BY l.id LIMIT {BATCH}"
    );
    let found = connection
        .query_all_raw(Statement::from_string(backend, sql))
        .await?;
    found.iter().map(booked).collect()
}

fn booked(row: &QueryResult) -> Result<Booked, DbErr> {
    let id: i64 = row.try_get_by_index(0)?;
    let seconds: i64 = row.try_get_by_index(1)?;
    let zone: String = row.try_get_by_index(2)?;
    let no_moment = || DbErr::Custom(format!("ledger row {id} was booked at no moment"));
    let at = DateTime::from_timestamp(seconds, 0).ok_or_else(no_moment)?;
    // As everywhere: a zone that means nothing is UTC.
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    Ok(Booked {
        id,
        day: at.with_timezone(&zone).date_naive(),
    })
}
