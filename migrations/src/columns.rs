//! What migrations are written with: columns, tables and statements, the same on both databases.
//! [`AddedColumns`] is a migration that adds columns and does nothing else.

use sea_orm_migration::prelude::*;

/// The primary key of a table: a whole number given by the database.
pub(crate) fn id() -> ColumnDef {
    ColumnDef::new(Alias::new("id"))
        .big_integer()
        .not_null()
        .auto_increment()
        .primary_key()
        .take()
}

/// The id of a row of another table.
pub(crate) fn reference(name: &'static str) -> ColumnDef {
    count(name).not_null().take()
}

/// A whole number: a count, an amount in nano-USD, milliseconds.
pub(crate) fn count(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).big_integer().take()
}

/// Text of any length.
pub(crate) fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).text().take()
}

/// Yes or no.
pub(crate) fn flag(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).boolean().take()
}

/// A moment in UTC, set by the application.
pub(crate) fn time(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
        .timestamp_with_time_zone()
        .take()
}

/// A day in the workspace's time zone.
pub(crate) fn day(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).date().take()
}

/// Bytes.
pub(crate) fn bytes(name: &'static str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).blob().take()
}

/// A foreign key; rows that others point to cannot be deleted.
pub(crate) fn points_to(
    table: &mut TableCreateStatement,
    from: &'static str,
    column: &'static str,
    to: &'static str,
) {
    table.foreign_key(
        ForeignKey::create()
            .name(format!("fk_{from}_{column}"))
            .from(Alias::new(from), Alias::new(column))
            .to(Alias::new(to), Alias::new("id")),
    );
}

/// A table of these columns.
pub(crate) fn table(name: &'static str, columns: Vec<ColumnDef>) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(Alias::new(name));
    for column in columns {
        table.col(column);
    }
    table
}

/// The same with a primary key of several columns.
pub(crate) fn keyed(
    name: &'static str,
    columns: Vec<ColumnDef>,
    key: &[&'static str],
) -> TableCreateStatement {
    let mut table = table(name, columns);
    let mut primary = Index::create();
    for column in key {
        primary.col(Alias::new(*column));
    }
    table.primary_key(&mut primary);
    table
}

/// Adds columns to a table that is there, one after the other: SQLite adds one a statement.
pub(crate) async fn add_columns(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: Vec<ColumnDef>,
) -> Result<(), DbErr> {
    for column in columns {
        let mut change = Table::alter();
        change.table(Alias::new(table)).add_column(column);
        manager.alter_table(change.take()).await?;
    }
    Ok(())
}

/// A migration that adds columns to tables that are there.
pub(crate) struct AddedColumns {
    /// Its name, by which databases remember it: never another one.
    pub(crate) name: &'static str,
    /// Each column with its table, in this order.
    pub(crate) columns: fn() -> Vec<(&'static str, ColumnDef)>,
}

impl MigrationName for AddedColumns {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for AddedColumns {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in (self.columns)() {
            add_columns(manager, table, vec![column]).await?;
        }
        Ok(())
    }
}

/// Runs statements, one after the other.
pub(crate) async fn run<S: AsRef<str>>(
    manager: &SchemaManager<'_>,
    statements: &[S],
) -> Result<(), DbErr> {
    for statement in statements {
        manager
            .get_connection()
            .execute_unprepared(statement.as_ref())
            .await?;
    }
    Ok(())
}
