//! The rows, seen from beside the host.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::model::ids::RunId;
use app::model::run::AskState;
use parallax::store::Store;
use parallax::store::entity::{answer, ask, attempt, lane, ledger_entry, prompt};
use parallax::store::sql::DatabasePlace;
use runtime::clock::SystemClock;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Statement,
};

/// A connection that only reads.
pub(crate) struct Database {
    store: Store,
}

impl Database {
    pub(crate) async fn open(place: &DatabasePlace) -> Self {
        let store = Store::connect(place, Arc::new(SystemClock))
            .await
            .expect("the database opens");
        Self { store }
    }

    /// Cuts every other connection to this database. How many there were.
    pub(crate) async fn cut_connections(&self) -> usize {
        let pool = self.store.postgres_pool().expect("PostgreSQL");
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let cut = sea_orm::sqlx::query(sql).fetch_all(pool).await;
        cut.expect("cut").len()
    }

    /// The outcomes of a run that have a row, by ask.
    pub(crate) async fn results(&self, run: RunId) -> BTreeMap<i64, answer::Model> {
        let found = answer::Entity::find().filter(answer::Column::RunId.eq(run.0));
        let rows = found.all(self.store.reader()).await.expect("results");
        let count = rows.len();
        let by_ask: BTreeMap<_, _> = rows.into_iter().map(|row| (row.ask_id, row)).collect();
        assert_eq!(by_ask.len(), count, "an ask has two outcomes");
        by_ask
    }

    /// How many outcomes of a run have a row.
    pub(crate) async fn count_results(&self, run: RunId) -> u64 {
        let found = answer::Entity::find().filter(answer::Column::RunId.eq(run.0));
        found.count(self.store.reader()).await.expect("a count")
    }

    /// The number that a query gives.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.store.reader().get_database_backend(), sql);
        let row = self.store.reader().query_one_raw(statement).await;
        let row = row.expect(sql).expect("a row");
        row.try_get_by_index(0).expect("a number")
    }

    /// Changes rows behind the back of the host.
    pub(crate) async fn execute(&self, sql: &str) {
        let txn = self.store.begin_write().await.expect("a transaction");
        txn.execute_unprepared(sql).await.expect(sql);
        txn.commit().await.expect("committed");
    }

    /// The asks of a run.
    pub(crate) async fn asks(&self, run: RunId) -> Vec<ask::Model> {
        let found = ask::Entity::find().filter(ask::Column::RunId.eq(run.0));
        found
            .order_by_asc(ask::Column::Id)
            .all(self.store.reader())
            .await
            .expect("asks")
    }

    /// How many asks of a run are in this state.
    pub(crate) async fn count_asks(&self, run: RunId, state: AskState) -> u64 {
        let found = ask::Entity::find()
            .filter(ask::Column::RunId.eq(run.0))
            .filter(ask::Column::State.eq(state.word()));
        found.count(self.store.reader()).await.expect("a count")
    }

    /// The lanes of a run.
    pub(crate) async fn lanes(&self, run: RunId) -> Vec<lane::Model> {
        let found = lane::Entity::find().filter(lane::Column::RunId.eq(run.0));
        found
            .order_by_asc(lane::Column::Id)
            .all(self.store.reader())
            .await
            .expect("lanes")
    }

    /// The exchanges of a run, by ask, in their order.
    pub(crate) async fn attempts(&self, run: RunId) -> BTreeMap<i64, Vec<attempt::Model>> {
        let mut by_ask: BTreeMap<_, Vec<_>> = self
            .asks(run)
            .await
            .into_iter()
            .map(|ask| (ask.id, Vec::new()))
            .collect();
        let found = attempt::Entity::find().order_by_asc(attempt::Column::Number);
        for row in found.all(self.store.reader()).await.expect("attempts") {
            if let Some(rows) = by_ask.get_mut(&row.ask_id) {
                rows.push(row);
            }
        }
        by_ask
    }

    /// What was booked for a run.
    pub(crate) async fn ledger(&self, run: RunId) -> Vec<ledger_entry::Model> {
        let found = ledger_entry::Entity::find().filter(ledger_entry::Column::RunId.eq(run.0));
        found.all(self.store.reader()).await.expect("ledger")
    }

    /// The texts of all prompts, by their ids.
    pub(crate) async fn prompts(&self) -> BTreeMap<i64, String> {
        let rows = prompt::Entity::find()
            .all(self.store.reader())
            .await
            .expect("prompts");
        rows.into_iter()
            .map(|row| (row.id, row.query_text))
            .collect()
    }
}
