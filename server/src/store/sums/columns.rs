//! The columns that hold sums, the same in rollups and snapshots, and how they are read.
//!
//! Invariant: the order of names and of what reads them is one.

use app::model::ids::ModelId;
use app::model::metrics::{MentionSums, SnapshotSums, ToneSums};
use app::model::money::Money;
use sea_orm::QueryResult;

use crate::store::StoreResult;
use crate::store::sql::rows;

/// Answers that say something, if only that the model declines. What came back without a
/// visible text counts in `without_text` instead; what failed, what a filter of the provider
/// blocked, and what could not be read, in `failed`.
pub(in crate::store) const COUNTED: &str = "('answered', 'truncated', 'refused')";

/// Answers without a visible text.
pub(super) const WITHOUT_TEXT: &str = "('empty')";

/// The words of costs of which a part has no known price.
pub(in crate::store) const AT_LEAST: &str = "('unpriced', 'at_least')";

/// Sums of answers, and of what they say of the brand, in the order of [`read_sums`].
pub(in crate::store) const ANSWER_SUMS: [&str; 36] = with_tone([
    "answers",
    "failed",
    "simulated",
    "informative",
    "cost_nano_usd",
    "latency_ms_sum",
    "tokens",
    "mentions",
    "text_mentions",
    "link_mentions",
    "brand_weight_tenths",
    "competitor_mentions",
    "competitor_weight_tenths",
    "rank_sum",
    "rank_count",
    "top3",
    "top5",
    "top10",
    "rank_square_sum",
    "weight_square_hundredths",
    "prominence_parts",
    "unpriced",
    "simulated_cost_nano_usd",
    "without_text",
]);

/// Sums of what answers say of one entity, in the order of [`read_mentions`].
pub(in crate::store) const MENTION_SUMS: [&str; 17] = with_tone([
    "mentions",
    "text_mentions",
    "weight_tenths",
    "rank_sum",
    "rank_count",
]);

/// Sums of tone, by rules and by a judge.
const TONE_SUMS: [&str; 12] = [
    "tone_positive",
    "tone_neutral",
    "tone_negative",
    "tone_thousandths",
    "tone_recommended",
    "tone_advised_against",
    "judge_positive",
    "judge_neutral",
    "judge_negative",
    "judge_thousandths",
    "judge_recommended",
    "judge_advised_against",
];

/// `names`, and [`TONE_SUMS`] behind them. `ALL` is the length of both.
const fn with_tone<const NAMES: usize, const ALL: usize>(
    names: [&'static str; NAMES],
) -> [&'static str; ALL] {
    let mut all = [""; ALL];
    let mut place = 0;
    while place < ALL {
        all[place] = if place < NAMES {
            names[place]
        } else {
            TONE_SUMS[place - NAMES]
        };
        place += 1;
    }
    all
}

/// `names` as columns of `alias`, for the text of a query.
pub(in crate::store) fn columns(alias: &str, names: &[&str]) -> String {
    join(names, |name| format!("{alias}.{name}"))
}

/// The sums of `names` over the rows of `alias`; 0 where there is no row.
pub(super) fn summed(alias: &str, names: &[&str]) -> String {
    join(names, |name| sum(&format!("{alias}.{name}")))
}

/// `SUM` as a whole number on both databases; 0 over no rows.
pub(in crate::store) fn sum(what: &str) -> String {
    format!("CAST(COALESCE(SUM({what}), 0) AS BIGINT)")
}

/// How many rows meet a condition.
pub(in crate::store) fn count_if(condition: &str) -> String {
    sum(&format!("CASE WHEN {condition} THEN 1 ELSE 0 END"))
}

pub(in crate::store) fn join(names: &[&str], part: impl Fn(&str) -> String) -> String {
    let parts: Vec<String> = names.iter().map(|name| part(name)).collect();
    parts.join(", ")
}

/// Lets only rows of these models through, or all where there is none.
pub(in crate::store) fn of_models(alias: &str, models: &[ModelId]) -> String {
    if models.is_empty() {
        return String::new();
    }
    let ids = rows::id_list(models.iter().map(|model| model.0));
    format!(" AND {alias}.model_id IN ({ids})")
}

/// Reads the columns of [`ANSWER_SUMS`], the first of which is at `first`.
pub(in crate::store) fn read_sums(row: &QueryResult, first: usize) -> StoreResult<SnapshotSums> {
    let number = |index: usize| row.try_get_by_index::<i64>(first + index);
    Ok(SnapshotSums {
        answers: number(0)?,
        failed: number(1)?,
        simulated: number(2)?,
        informative: number(3)?,
        cost: Money::from_nanos(number(4)?),
        latency_ms_sum: number(5)?,
        tokens: number(6)?,
        mentions: number(7)?,
        text_mentions: number(8)?,
        link_mentions: number(9)?,
        brand_weight_tenths: number(10)?,
        competitor_mentions: number(11)?,
        competitor_weight_tenths: number(12)?,
        rank_sum: number(13)?,
        rank_count: number(14)?,
        top3: number(15)?,
        top5: number(16)?,
        top10: number(17)?,
        rank_square_sum: number(18)?,
        weight_square_hundredths: number(19)?,
        prominence_parts: number(20)?,
        unpriced: number(21)?,
        simulated_cost: Money::from_nanos(number(22)?),
        without_text: number(23)?,
        tone: read_tone(row, first + 24)?,
        judged: read_tone(row, first + 30)?,
    })
}

/// Reads the columns of [`MENTION_SUMS`], the first of which is at `first`.
pub(super) fn read_mentions(row: &QueryResult, first: usize) -> StoreResult<MentionSums> {
    let number = |index: usize| row.try_get_by_index::<i64>(first + index);
    Ok(MentionSums {
        mentions: number(0)?,
        text_mentions: number(1)?,
        weight_tenths: number(2)?,
        rank_sum: number(3)?,
        rank_count: number(4)?,
        tone: read_tone(row, first + 5)?,
        judged: read_tone(row, first + 11)?,
    })
}

fn read_tone(row: &QueryResult, first: usize) -> StoreResult<ToneSums> {
    let number = |index: usize| row.try_get_by_index::<i64>(first + index);
    Ok(ToneSums {
        positive: number(0)?,
        neutral: number(1)?,
        negative: number(2)?,
        thousandths: number(3)?,
        recommended: number(4)?,
        advised_against: number(5)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::with_postgres;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn no_choice_of_models_is_a_statement_of_its_own() {
        with_postgres(async |database| {
            let text = |models: &[i64]| {
                let models: Vec<ModelId> = models.iter().copied().map(ModelId).collect();
                let sql = format!("SELECT 1 WHERE r.day = $1{}", of_models("r", &models));
                rows::statement(database.store.reader(), sql, [1_i64.into()]).sql
            };
            assert_eq!(text(&[1]), text(&[2, 3]));
            assert!(text(&[1]).contains("r.model_id = ANY ("));
            assert_eq!(text(&[]), "SELECT 1 WHERE r.day = $1");
        })
        .await;
    }
}
