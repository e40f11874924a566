//! What one column holds, as the types that the host has for it.
//!
//! Invariant: a word or a JSON that is not known is an error, never a default.

use app::model::account::{Role, TokenScope};
use app::model::answer::{MentionSource, Sentiment};
use app::model::ids::{
    AnswerId, AskId, CredentialId, EntityId, InvitationId, LaneId, ModelId, NoteId, PageId,
    PriceId, ProjectId, PromptId, RevisionId, RunId, SavedViewId, TokenId, UserId, WorkspaceId,
};
use app::model::metrics::Intervals;
use app::model::money::Money;
use app::model::notes::NoteOrigin;
use app::model::notices::{Notice, NoticeKind};
use app::model::outcome::{ErrorClass, Outcome};
use app::model::project::{PromptKind, PromptPart, RevisionStatus};
use app::model::provider::Provider;
use app::model::registry::{PriceOrigin, RegistryAction, Review};
use app::model::run::{AskState, CostKind, JudgeStatus, LaneStatus, RunStatus, SpendKind, Trigger};
use app::model::schedule::JobOutcome;
use app::model::views::ViewPlace;
use app::model::word::UnknownWord;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::TryGetable;
use serde::de::DeserializeOwned;

use super::decode::provider;
use crate::store::{StoreError, StoreResult};

/// A value that stands in one column.
///
/// A number is a `BIGINT`: SQLite has one kind of whole numbers, PostgreSQL reads no `INTEGER` and
/// no `NUMERIC` as one, so sums are cast. A condition may be selected as a `bool`: PostgreSQL has
/// the type, SQLite gives 0 or 1, and the driver reads both.
pub(in crate::store) trait Cell: Sized {
    /// What the driver reads.
    type Stored: TryGetable;

    /// The value of what the driver read.
    fn from_stored(stored: Self::Stored) -> StoreResult<Self>;

    /// The value of a number that is kept outside a column; only counts and amounts are.
    fn from_number(number: i64) -> StoreResult<Self> {
        Err(StoreError::Corrupt(format!(
            "the number {number} is no count"
        )))
    }
}

/// Nothing, or a value.
impl<T: Cell> Cell for Option<T> {
    type Stored = Option<T::Stored>;

    fn from_stored(stored: Self::Stored) -> StoreResult<Self> {
        stored.map(T::from_stored).transpose()
    }
}

/// A list in JSON.
impl<T: DeserializeOwned> Cell for Vec<T> {
    type Stored = String;

    fn from_stored(json: String) -> StoreResult<Self> {
        from_json(&json)
    }
}

/// Bytes as they are: a list of numbers would be JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct Bytes(pub(in crate::store) Vec<u8>);

impl Cell for Bytes {
    type Stored = Vec<u8>;

    fn from_stored(bytes: Vec<u8>) -> StoreResult<Self> {
        Ok(Self(bytes))
    }
}

impl Cell for Intervals {
    type Stored = String;

    fn from_stored(json: String) -> StoreResult<Self> {
        from_json(&json)
    }
}

impl Cell for Notice {
    type Stored = String;

    fn from_stored(json: String) -> StoreResult<Self> {
        from_json(&json)
    }
}

fn from_json<T: DeserializeOwned>(json: &str) -> StoreResult<T> {
    serde_json::from_str(json).map_err(|error| StoreError::Corrupt(error.to_string()))
}

impl Cell for Money {
    type Stored = i64;

    fn from_stored(nanos: i64) -> StoreResult<Self> {
        Ok(Self::from_nanos(nanos))
    }

    fn from_number(number: i64) -> StoreResult<Self> {
        Ok(Self::from_nanos(number))
    }
}

impl Cell for i64 {
    type Stored = Self;

    fn from_stored(stored: Self) -> StoreResult<Self> {
        Ok(stored)
    }

    fn from_number(number: i64) -> StoreResult<Self> {
        Ok(number)
    }
}

impl Cell for Provider {
    type Stored = String;

    fn from_stored(slug: String) -> StoreResult<Self> {
        provider(&slug)
    }
}

/// Types that the driver reads as they are.
macro_rules! plain {
    ($($type:ty),+ $(,)?) => {$(
        impl Cell for $type {
            type Stored = Self;

            fn from_stored(stored: Self) -> StoreResult<Self> {
                Ok(stored)
            }
        }
    )+};
}

plain!(bool, f64, String, NaiveDate, DateTime<Utc>);

/// Numbers that mean one thing each.
macro_rules! ids {
    ($($id:ident),+ $(,)?) => {$(
        impl Cell for $id {
            type Stored = i64;

            fn from_stored(id: i64) -> StoreResult<Self> {
                Ok(Self(id))
            }
        }
    )+};
}

ids!(
    AnswerId,
    AskId,
    CredentialId,
    EntityId,
    InvitationId,
    LaneId,
    ModelId,
    NoteId,
    PageId,
    PriceId,
    ProjectId,
    PromptId,
    RevisionId,
    RunId,
    SavedViewId,
    TokenId,
    UserId,
    WorkspaceId,
);

/// Words of the domain.
macro_rules! words {
    ($($type:ident),+ $(,)?) => {$(
        impl Cell for $type {
            type Stored = String;

            fn from_stored(word: String) -> StoreResult<Self> {
                word.parse()
                    .map_err(|unknown: UnknownWord| StoreError::Corrupt(unknown.to_string()))
            }
        }
    )+};
}

words!(
    AskState,
    CostKind,
    ErrorClass,
    JobOutcome,
    JudgeStatus,
    LaneStatus,
    MentionSource,
    NoteOrigin,
    NoticeKind,
    Outcome,
    PriceOrigin,
    PromptKind,
    PromptPart,
    RegistryAction,
    Review,
    RevisionStatus,
    Role,
    RunStatus,
    Sentiment,
    SpendKind,
    TokenScope,
    Trigger,
    ViewPlace,
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sql::rows;
    use crate::store::testing::{ProjectPlan, TestDatabase, make_project, on_both_databases};

    /// What a selected value is read as.
    async fn read<T: Cell>(database: &TestDatabase, selected: &str) -> StoreResult<T> {
        let sql = format!("SELECT {selected}");
        let value = rows::value(database.store.reader(), sql, []).await?;
        value.ok_or(StoreError::NotFound)
    }

    fn is_corrupt<T>(read: &StoreResult<T>) -> bool {
        matches!(read, Err(StoreError::Corrupt(_)))
    }

    on_both_databases! {
        async fn cells_are_read_as_both_databases_have_them(database: &TestDatabase) {
            let number = "CAST(7 AS BIGINT)";
            assert_eq!(read::<i64>(database, number).await.expect("a number"), 7);
            assert_eq!(read::<ModelId>(database, number).await.expect("an id"), ModelId(7));
            let amount: Money = read(database, number).await.expect("an amount");
            assert_eq!(amount, Money::from_nanos(7));
            let nothing: Option<Money> = read(database, "CAST(NULL AS BIGINT)").await.expect("none");
            assert_eq!(nothing, None);
            let sum = "CAST(COALESCE(SUM(n.id), 0) AS BIGINT) FROM llm_monitoring_queries n";
            assert_eq!(read::<i64>(database, sum).await.expect("a sum"), 0);
            assert!(read::<bool>(database, "1 < 2").await.expect("a condition"));
            let list: Vec<String> = read(database, "'[\"a\", \"b\"]'").await.expect("a list");
            assert_eq!(list, ["a", "b"]);
        }

        async fn moments_are_read_as_they_were_written(database: &TestDatabase) {
            make_project(database, &ProjectPlan::default()).await;
            let now = database.store.clock().now();
            let created_at = "created_at FROM llm_monitoring_projects";
            assert_eq!(read::<DateTime<Utc>>(database, created_at).await.expect("read"), now);
            let deleted_at = "deleted_at FROM llm_monitoring_projects";
            let never: Option<DateTime<Utc>> = read(database, deleted_at).await.expect("read");
            assert_eq!(never, None);
        }

        async fn unknown_words_are_errors(database: &TestDatabase) {
            let known: Provider = read(database, "'openai'").await.expect("a provider");
            assert_eq!(known, Provider::OpenAi);
            let known: RunStatus = read(database, "'over_budget'").await.expect("a status");
            assert_eq!(known, RunStatus::OverBudget);
            let known: Review = read(database, "'new'").await.expect("a review");
            assert_eq!(known, Review::New);
            assert!(is_corrupt(&read::<Provider>(database, "'nobody'").await));
            assert!(is_corrupt(&read::<RunStatus>(database, "'nothing'").await));
            assert!(is_corrupt(&read::<Review>(database, "'nothing'").await));
            assert!(is_corrupt(&read::<Option<Sentiment>>(database, "'nothing'").await));
            assert!(is_corrupt(&read::<Vec<String>>(database, "'nothing'").await));
        }

        async fn an_error_names_the_column_and_its_word(database: &TestDatabase) {
            let read = read::<LaneStatus>(database, "'asleep' AS status").await;
            let error = read.expect_err("no word").to_string();
            assert_eq!(error, "corrupt row: status: \"asleep\" is no LaneStatus");
        }
    }
}
