//! What answers of a model were seen to use, by workspace, model and month.
//!
//! Invariant: of a month the largest is kept. Only this month and the last one count, so that one
//! extreme answer does not count for ever.

use app::model::ids::{ModelId, WorkspaceId};
use app::model::money::Money;
use chrono::{DateTime, Months, NaiveDate, Utc};
use engine::allowance::{LargestUsage, Terms};
use engine::{AskOutcome, LaneScope, ModelToAsk};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};

use crate::calendar;
use crate::store::registry::to_ask::{model_to_ask, other_models};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::time_zone;
use crate::store::{Store, StoreError, StoreResult};

impl Store {
    /// On what terms the model of a lane is asked now.
    ///
    /// Errors: [`StoreError::NotFound`] where the registry has no such model any more.
    pub async fn terms_of_lane(&self, scope: &LaneScope) -> StoreResult<Terms> {
        let model = model_to_ask(self.reader(), scope.model.id.0).await?;
        let since = remembered_since(scope, self.clock().now());
        terms(self.reader(), scope.workspace, &model, since).await
    }

    /// The most that answers of a model were seen to use, with or without search as it is set
    /// now.
    ///
    /// Errors: [`StoreError::NotFound`] where there is no such workspace or model.
    pub async fn seen(
        &self,
        workspace_id: WorkspaceId,
        model: ModelId,
    ) -> StoreResult<LargestUsage> {
        let reader = self.reader();
        let zone = time_zone(reader, workspace_id).await?;
        let model = model_to_ask(reader, model.0).await?;
        let since = month_before(calendar::month(zone, self.clock().now()));
        Ok(newest(reader, workspace_id, &model, since).await?.1)
    }
}

/// On what terms a model is asked; what was seen before `since` is forgotten.
pub(in crate::store) async fn terms(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    model: &ModelToAsk,
    since: NaiveDate,
) -> StoreResult<Terms> {
    let (_, stored) = newest(connection, workspace_id, model, since).await?;
    Ok(Terms {
        prices: model.prices.clone(),
        others: other_models(connection, model).await?,
        stored,
        seen: stored,
    })
}

/// The first day of the month before this one.
pub(in crate::store) fn remembered_since(scope: &LaneScope, now: DateTime<Utc>) -> NaiveDate {
    month_before(calendar::month(scope.time_zone, now))
}

fn month_before(month: NaiveDate) -> NaiveDate {
    month.checked_sub_months(Months::new(1)).unwrap_or(month)
}

/// Whether the terms that costs and worst cases were computed on still hold; `is_used`: there
/// are any of these.
///
/// Errors: [`StoreError::TermsChanged`] where they do not.
pub(in crate::store) async fn check(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    terms: &Terms,
    is_used: bool,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    if !is_used {
        return Ok(());
    }
    let since = remembered_since(scope, now);
    let (price, seen) = newest(tx, scope.workspace, &scope.model, since).await?;
    if price == terms.newest_price() && terms.seen.covers(seen) {
        Ok(())
    } else {
        Err(StoreError::TermsChanged)
    }
}

/// Keeps the largest of these answers, where the database does not know of one as large.
pub(in crate::store) async fn learn(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    terms: &Terms,
    outcomes: &[&AskOutcome],
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let asked = scope.model.model_id.as_str();
    let seen = outcomes
        .iter()
        .filter_map(|outcome| LargestUsage::of_ask(asked, outcome))
        .fold(LargestUsage::default(), LargestUsage::or_more);
    if terms.stored.covers(seen) {
        return Ok(());
    }
    let larger = |name: &str| {
        format!(
            "{name} = CASE WHEN excluded.{name} > llm_spend_allowances.{name} \
             THEN excluded.{name} ELSE llm_spend_allowances.{name} END"
        )
    };
    let sql = format!(
        "INSERT INTO llm_spend_allowances (workspace_id, model_id, web_search, month, searches, \
         input_tokens, output_tokens, reported_nano_usd) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (workspace_id, model_id, web_search, month) DO UPDATE SET {}",
        [
            "searches",
            "input_tokens",
            "output_tokens",
            "reported_nano_usd"
        ]
        .map(larger)
        .join(", ")
    );
    let values: [Value; 8] = [
        scope.workspace.0.into(),
        scope.model.id.0.into(),
        scope.model.web_search.into(),
        calendar::month(scope.time_zone, now).into(),
        seen.searches.into(),
        seen.input_tokens.into(),
        seen.output_tokens.into(),
        seen.reported.nanos().into(),
    ];
    rows::execute(tx, sql, values).await?;
    Ok(())
}

record! {
    for LargestUsage {
        searches: i64 = "COALESCE(MAX(searches), 0)",
        input_tokens: i64 = "COALESCE(MAX(input_tokens), 0)",
        output_tokens: i64 = "COALESCE(MAX(output_tokens), 0)",
        reported: Money = "COALESCE(MAX(reported_nano_usd), 0)",
    }
}

record! {
    /// What is known of a model; `$5` is its provider.
    struct Known {
        price: i64 = "(SELECT COALESCE(MAX(p.id), 0) FROM llm_model_prices p \
            WHERE p.model_id IN (SELECT m.id FROM llm_model_registry m WHERE m.provider = $5))",
        seen: LargestUsage as "",
    }
}

/// The newest price of a model and of the others of its provider, and the most that its answers were seen to use.
async fn newest(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    model: &ModelToAsk,
    since: NaiveDate,
) -> StoreResult<(i64, LargestUsage)> {
    let rest = "FROM llm_spend_allowances \
        WHERE workspace_id = $1 AND model_id = $2 AND web_search = $3 AND month >= $4";
    let values = [
        workspace_id.0.into(),
        model.id.0.into(),
        model.web_search.into(),
        since.into(),
        model.provider.slug().into(),
    ];
    let known: Known = rows::select_one(connection, rest, values)
        .await?
        .ok_or(StoreError::NotFound)?;
    Ok((known.price, known.seen))
}
