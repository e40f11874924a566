//! A PostgreSQL database of its own for a test, beside the one that `DATABASE_URL_TEST` names.

use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};

/// A database that is there until it is dropped with [`Scratch::end`].
pub(crate) struct Scratch {
    /// Its address.
    pub(crate) url: String,
    pub(crate) name: String,
    /// A connection beside it, to the database that is always there.
    pub(crate) server: DatabaseConnection,
}

impl Scratch {
    /// Makes an empty database whose name begins so.
    pub(crate) async fn make(prefix: &str) -> Self {
        Self::make_as(prefix, "").await
    }

    /// Makes a database whose name begins so, with what else `CREATE DATABASE` is to be told.
    pub(crate) async fn make_as(prefix: &str, options: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);

        let address = std::env::var("DATABASE_URL_TEST").expect(
            "DATABASE_URL_TEST names no PostgreSQL: run the tests with scripts/test.sh, or one \
             command with scripts/with-postgres.sh",
        );
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("parallax_{prefix}_{}_{number}", std::process::id());
        let (path, query) = address.split_once('?').unwrap_or((&address, ""));
        let (host, _) = path.rsplit_once('/').expect("an address with a database");
        let server = Database::connect(&address)
            .await
            .expect("PostgreSQL answers");
        let scratch = Self {
            url: format!("{host}/{name}?{query}"),
            name,
            server,
        };
        // Left behind by a process that had the same id.
        scratch.drop_database().await;
        scratch
            .execute(&format!("CREATE DATABASE {} {options}", scratch.name))
            .await;
        scratch
    }

    /// Drops the database, whoever is still connected.
    pub(crate) async fn end(self) {
        self.drop_database().await;
        self.server.close().await.expect("closed");
    }

    async fn drop_database(&self) {
        let name = &self.name;
        self.execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .await;
    }

    async fn execute(&self, sql: &str) {
        self.server.execute_unprepared(sql).await.expect(sql);
    }
}
