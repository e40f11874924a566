//! Rows that are read by name: one list gives the struct, what is selected, and what reads it.
//!
//! ```ignore
//! record! {
//!     /// A model that answered.
//!     #[derive(Clone, Debug)]
//!     pub struct Answering {
//!         /// The model.
//!         pub model: ModelId = "s.model_id",
//!         /// Its sums.
//!         pub sums: SnapshotSums as "s.",
//!     } later {
//!         /// The names that it answered under.
//!         pub served: Vec<String>,
//!     }
//! }
//! ```
//!
//! A field has a column (`= "…"`, any text or expression that gives one), or is a record itself
//! (`as "…"`: its columns with that before them; `as "…" in sum`: each of them summed). What stands
//! under `later` is no column: it begins with its default. For a struct of another crate,
//! `record! { for SnapshotSums { … } }` takes the fields with their types.
//!
//! Invariant: columns are read in the order in which they are selected, because both come from the
//! same list. So reading costs no look-up of names.

use sea_orm::QueryResult;

use super::cell::Cell;
use crate::store::{StoreError, StoreResult};

/// What is read of a row.
pub(in crate::store) trait Record: Sized {
    /// Adds its columns to a list, each as `name` writes it.
    fn add_columns(name: &dyn Fn(&str) -> String, columns: &mut Vec<String>);

    /// Reads it from its columns.
    ///
    /// # Errors
    /// A column is of another type than its field, or holds a word or JSON that nobody knows.
    fn read(cells: &mut Cells<'_>) -> StoreResult<Self>;

    /// Its columns, each as `name` writes it.
    fn columns_by(name: &dyn Fn(&str) -> String) -> Vec<String> {
        let mut columns = Vec::new();
        Self::add_columns(name, &mut columns);
        columns
    }

    /// Its columns, for the text of a `SELECT`.
    fn columns() -> String {
        Self::columns_by(&str::to_owned).join(", ")
    }

    /// Reads a row that begins with its columns.
    fn from_row(row: &QueryResult) -> StoreResult<Self> {
        Self::read(&mut Cells::of(row))
    }
}

/// Where columns are read from.
#[derive(Clone, Copy, Debug)]
enum Source<'a> {
    Row(&'a QueryResult),
    /// Counts and amounts that were columns once, in the same order.
    Numbers(&'a [i64]),
}

/// The columns of a row, one after the other.
#[derive(Debug)]
pub(in crate::store) struct Cells<'a> {
    source: Source<'a>,
    next: usize,
}

impl<'a> Cells<'a> {
    /// The columns of a row, from the first on.
    pub(in crate::store) const fn of(row: &'a QueryResult) -> Self {
        Self {
            source: Source::Row(row),
            next: 0,
        }
    }

    /// Counts and amounts as columns.
    pub(in crate::store) const fn of_numbers(numbers: &'a [i64]) -> Self {
        Self {
            source: Source::Numbers(numbers),
            next: 0,
        }
    }

    /// The next column.
    #[inline]
    pub(in crate::store) fn cell<T: Cell>(&mut self) -> StoreResult<T> {
        let index = self.next;
        let read = match self.source {
            Source::Row(row) => T::from_stored(row.try_get_by_index(index)?),
            Source::Numbers(numbers) => match numbers.get(index) {
                Some(number) => T::from_number(*number),
                None => Err(StoreError::Corrupt("too few numbers".to_owned())),
            },
        };
        self.next += 1;
        read.map_err(|error| self.in_column(index, error))
    }

    /// An error, with the column that cannot be read.
    #[cold]
    fn in_column(&self, index: usize, error: StoreError) -> StoreError {
        match error {
            StoreError::Corrupt(what) => {
                let names = match self.source {
                    Source::Row(row) => row.column_names(),
                    Source::Numbers(_) => Vec::new(),
                };
                let column = names.get(index).map_or("a column", String::as_str);
                StoreError::Corrupt(format!("{column}: {what}"))
            }
            other => other,
        }
    }

    /// The next columns, as a record.
    #[inline]
    pub(in crate::store) fn record<R: Record>(&mut self) -> StoreResult<R> {
        R::read(self)
    }
}

/// See the module.
macro_rules! record {
    (@add $name:ident $columns:ident $type:ty, = $sql:expr) => {
        $columns.push($name(::core::convert::AsRef::<str>::as_ref(&$sql)))
    };
    (@add $name:ident $columns:ident $type:ty, as $prefix:literal) => {
        <$type as $crate::store::sql::record::Record>::add_columns(
            &|column: &str| $name(&[$prefix, column].concat()),
            $columns,
        )
    };
    (@add $name:ident $columns:ident $type:ty, as $prefix:literal in $wrap:path) => {
        <$type as $crate::store::sql::record::Record>::add_columns(
            &|column: &str| $name(&$wrap(&[$prefix, column].concat())),
            $columns,
        )
    };
    (@read $cells:ident $type:ty, = $sql:expr) => {
        $cells.cell::<$type>()?
    };
    (@read $cells:ident $type:ty, as $prefix:literal $(in $wrap:path)?) => {
        $cells.record::<$type>()?
    };
    (for $record:ty {
        $($field:ident: $type:ty $(as $prefix:literal $(in $wrap:path)?)? $(= $sql:expr)?),+ $(,)?
    } $(later {
        $($late:ident: $late_type:ty),+ $(,)?
    })?) => {
        impl $crate::store::sql::record::Record for $record {
            fn add_columns(
                name: &dyn Fn(&str) -> String,
                columns: &mut ::std::vec::Vec<::std::string::String>,
            ) {
                $($crate::store::sql::record::record!(
                    @add name columns $type, $(as $prefix $(in $wrap)?)? $(= $sql)?
                );)+
            }

            fn read(
                cells: &mut $crate::store::sql::record::Cells<'_>,
            ) -> $crate::store::StoreResult<Self> {
                Ok(Self {
                    $($field: $crate::store::sql::record::record!(
                        @read cells $type, $(as $prefix $(in $wrap)?)? $(= $sql)?
                    ),)+
                    $($($late: <$late_type as ::core::default::Default>::default(),)+)?
                })
            }
        }
    };
    ($(#[$meta:meta])* $vis:vis struct $record:ident {
        $(
            $(#[$field_meta:meta])*
            $field_vis:vis $field:ident: $type:ty
                $(as $prefix:literal $(in $wrap:path)?)? $(= $sql:expr)?
        ),+ $(,)?
    } $(later {
        $($(#[$late_meta:meta])* $late_vis:vis $late:ident: $late_type:ty),+ $(,)?
    })?) => {
        $(#[$meta])*
        $vis struct $record {
            $($(#[$field_meta])* $field_vis $field: $type,)+
            $($($(#[$late_meta])* $late_vis $late: $late_type,)+)?
        }

        $crate::store::sql::record::record! {
            for $record {
                $($field: $type $(as $prefix $(in $wrap)?)? $(= $sql)?),+
            } $(later {
                $($late: $late_type),+
            })?
        }
    };
}
pub(in crate::store) use record;

#[cfg(test)]
mod tests {
    use app::model::ids::ModelId;
    use app::model::money::Money;

    use super::*;
    use crate::store::sql::rows;
    use crate::store::testing::{TestDatabase, on_both_databases};

    const ANSWERS: &str = "s.answers";

    fn doubled(column: &str) -> String {
        format!("{column} * 2")
    }

    record! {
        /// Some sums.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        struct Sums {
            answers: i64 = "answers",
            /// In nano-USD.
            cost: Money = "cost",
        }
    }

    record! {
        #[derive(Clone, Debug, PartialEq, Eq)]
        struct Row {
            /// The model.
            model: ModelId = "s.model",
            name: Option<String> = "s.name",
            sums: Sums as "s.",
            twice: Sums as "s." in doubled,
            more: i64 = format!("{ANSWERS} + 1"),
        } later {
            /// Of another table.
            tags: Vec<String>,
        }
    }

    /// A struct that is not made by the macro.
    #[derive(Debug, PartialEq, Eq)]
    struct Elsewhere {
        sums: Sums,
        count: i64,
        words: Vec<String>,
    }

    record! {
        for Elsewhere {
            count: i64 = "s.answers",
            sums: Sums as "s.",
        } later {
            words: Vec<String>,
        }
    }

    const ROWS: &str = "FROM (SELECT CAST(1 AS BIGINT) AS model, CAST('one' AS TEXT) AS name, \
        CAST(5 AS BIGINT) AS answers, CAST(7 AS BIGINT) AS cost \
        UNION ALL SELECT 2, NULL, 6, 8) s ORDER BY s.model";

    fn sums(answers: i64, nanos: i64) -> Sums {
        Sums {
            answers,
            cost: Money::from_nanos(nanos),
        }
    }

    #[test]
    fn the_list_is_what_is_selected() {
        assert_eq!(
            Row::columns(),
            "s.model, s.name, s.answers, s.cost, s.answers * 2, s.cost * 2, s.answers + 1"
        );
        assert_eq!(Elsewhere::columns(), "s.answers, s.answers, s.cost");
        let named = Sums::columns_by(&|column| format!("excluded.{column}"));
        assert_eq!(named, ["excluded.answers", "excluded.cost"]);
    }

    on_both_databases! {
        async fn rows_are_read_by_the_list(database: &TestDatabase) {
            let reader = database.store.reader();
            let found: Vec<Row> = rows::select(reader, ROWS, []).await.expect("rows");
            let row = |model, name: Option<&str>, answers, cost| Row {
                model: ModelId(model),
                name: name.map(ToOwned::to_owned),
                sums: sums(answers, cost),
                twice: sums(2 * answers, 2 * cost),
                more: answers + 1,
                tags: Vec::new(),
            };
            assert_eq!(found, [row(1, Some("one"), 5, 7), row(2, None, 6, 8)]);
            let first: Option<Elsewhere> = rows::select_one(reader, ROWS, []).await.expect("a row");
            let expected = Elsewhere {
                sums: sums(5, 7),
                count: 5,
                words: Vec::new(),
            };
            assert_eq!(first, Some(expected));
        }
    }
}
