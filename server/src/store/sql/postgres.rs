//! Connections to PostgreSQL: how many, and whether what stands between can be used.
//!
//! A pooler in transaction mode (`PgBouncer`) gives each transaction whichever connection is free.
//! Statements are prepared here, and a pooler that does not carry them over fails at random, so
//! the start finds out (docs/adr/0029-poolers-that-prepare.md).
//!
//! Invariant: nothing on these connections lasts longer than its transaction. All locks belong to
//! transactions, and no session setting is changed.

use std::num::NonZeroU32;
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::{self, Connection, Executor, PgConnection, PgPool, Row};
use tokio::time::timeout;

use super::unreachable::Unreachable;

/// How long a connection may take to come, to either database.
pub(super) const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(10);
/// Host, worker and a command at once, and somebody who looks what they do.
const PROCESSES: i32 = 4;
/// Fewer would wait for each other: one listens, a migration takes two.
pub(crate) const CONNECTIONS_MIN: u32 = 3;
/// More bring nothing: a process writes one outcome in a millisecond.
const CONNECTIONS_MAX: u32 = 20;
/// How long a pooler may take to give a second connection.
const WAIT_FOR_SECOND: Duration = Duration::from_secs(3);
/// How often the pooler is given the chance to mix up what was prepared; one that takes turns
/// needs as many as it has connections.
const TURNS: u32 = 4;

/// The process that serves us, and how many of its kind we may have.
const SERVER_PROCESS: &str = "SELECT pg_backend_pid(), LEAST(\
    current_setting('max_connections')::int4 \
        - current_setting('superuser_reserved_connections')::int4, \
    (SELECT NULLIF(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user), \
    (SELECT NULLIF(datconnlimit, -1) FROM pg_database WHERE datname = current_database()))";

/// Opens a pool of at most so many connections; with `None`, of a share of what the server allows.
pub(super) async fn open(
    options: &PgConnectOptions,
    connections: Option<NonZeroU32>,
) -> Result<PgPool, Unreachable> {
    let mut first = connect(options).await?;
    let looked = timeout(
        WAIT_FOR_CONNECTION,
        allowed_connections(&mut first, options),
    )
    .await;
    let allowed = looked.map_err(|_| Unreachable::silent())??;
    // A pooler takes it back with what is set; nothing is.
    let _ = first.close().await;
    let connections = connections.map_or_else(|| share_of(allowed), NonZeroU32::get);
    tracing::debug!(connections, allowed, "connections to PostgreSQL");
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(WAIT_FOR_CONNECTION)
        .connect_with(options.clone())
        .await
        .map_err(|error| Unreachable::from_postgres(&error))
}

/// How many connections this process takes of those that the server allows.
fn share_of(allowed: i32) -> u32 {
    u32::try_from(allowed / PROCESSES)
        .unwrap_or_default()
        .clamp(CONNECTIONS_MIN, CONNECTIONS_MAX)
}

async fn connect(options: &PgConnectOptions) -> Result<PgConnection, Unreachable> {
    let connected = timeout(WAIT_FOR_CONNECTION, PgConnection::connect_with(options)).await;
    connected
        .map_err(|_| Unreachable::silent())?
        .map_err(|error| Unreachable::from_postgres(&error))
}

/// How many connections the server allows, after a look at whether a pooler hands them on.
async fn allowed_connections(
    first: &mut PgConnection,
    options: &PgConnectOptions,
) -> Result<i32, Unreachable> {
    let (process, allowed) = server_process(first).await?;
    // None left for a second: then there is no pooler either, which would make us wait.
    let second = timeout(WAIT_FOR_SECOND, PgConnection::connect_with(options)).await;
    if let Ok(Ok(mut second)) = second {
        if is_handed_on(first, process, &mut second).await?
            && !carries_statements(first, &mut second).await
        {
            return Err(Unreachable::pooler());
        }
        let _ = second.close().await;
    }
    Ok(allowed)
}

async fn server_process(connection: &mut PgConnection) -> Result<(i32, i32), Unreachable> {
    // As one message, which asks nothing of a pooler.
    let row = connection.fetch_one(sqlx::raw_sql(SERVER_PROCESS)).await;
    let numbers = row.and_then(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
    numbers.map_err(|error| Unreachable::from_postgres(&error))
}

async fn send_statement(
    connection: &mut PgConnection,
    sql: &'static str,
) -> Result<(), sqlx::Error> {
    connection.execute(sqlx::raw_sql(sql)).await.map(drop)
}

/// Whether the process that served the first connection serves the second one too, while the first
/// is open: so a pooler does between transactions.
async fn is_handed_on(
    first: &mut PgConnection,
    process: i32,
    second: &mut PgConnection,
) -> Result<bool, Unreachable> {
    // Twice: a pooler that takes turns gives the same one the second time.
    for _ in 0..2 {
        if send_statement(second, "BEGIN").await.is_err() {
            // Some poolers know no transactions at all.
            return Ok(true);
        }
        let (other, _) = server_process(second).await?;
        let moved = other == process || server_process(first).await?.0 != process;
        let _ = send_statement(second, "ROLLBACK").await;
        if moved {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether statements that are prepared on either connection are found again, whatever the pooler
/// gives them.
async fn carries_statements(first: &mut PgConnection, second: &mut PgConnection) -> bool {
    for number in 0..TURNS {
        for connection in [&mut *second, &mut *first] {
            let asked = sqlx::query("SELECT $1::int8").bind(i64::from(number));
            if asked.fetch_one(connection).await.is_err() {
                return false;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_server_holds_host_worker_and_a_command() {
        // 20 connections, 3 of them for the superuser.
        assert_eq!(share_of(17), 4);
        assert_eq!(share_of(97), 20);
        assert_eq!(share_of(5), 3);
        assert_eq!(share_of(1_000), 20);
    }
}
