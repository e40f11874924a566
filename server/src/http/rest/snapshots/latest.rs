//! The newest numbers of each provider.

use std::collections::BTreeMap;

use app::model::provider::Provider;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::pool::Pool;
use super::shapes::Sentiment;
use crate::http::rest::reply::{mean, percentage};
use crate::services::sums::SnapshotRow;

/// The newest numbers of one provider.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct Latest {
    snapshot_date: NaiveDate,
    mention_rate: Option<f64>,
    avg_position: Option<f64>,
    /// Percent of the mentions in answers to questions that do not name the brand.
    share_of_voice: Option<f64>,
    /// Percent of the mentions in all answers.
    share_of_voice_all: Option<f64>,
    sentiment: Option<Sentiment>,
    total_queries: i64,
}

/// Pools the rows of each provider's newest day.
pub(in crate::http::rest) fn latest(rows: &[SnapshotRow]) -> BTreeMap<Provider, Latest> {
    let mut newest: BTreeMap<Provider, (NaiveDate, Pool)> = BTreeMap::new();
    for row in rows {
        let (_, pool) = newest
            .entry(row.provider)
            .or_insert((row.day, Pool::default()));
        pool.add(row);
    }
    let latest = |(day, pool): (NaiveDate, Pool)| Latest {
        snapshot_date: day,
        mention_rate: percentage(pool.sums.visibility()),
        avg_position: mean(pool.sums.average_position()),
        share_of_voice: percentage(pool.plain.share_of_voice()),
        share_of_voice_all: percentage(pool.sums.share_of_voice()),
        sentiment: Sentiment::of(&pool.sums),
        total_queries: pool.sums.answers,
    };
    newest
        .into_iter()
        .map(|(provider, pool)| (provider, latest(pool)))
        .collect()
}
