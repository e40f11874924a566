//! The columns that hold sums, the same in rollups and snapshots, and how they are read.

use app::model::ids::ModelId;
use app::model::metrics::{MentionSums, SnapshotSums, ToneSums};
use app::model::money::Money;

use crate::store::sql::record::{Record, record};
use crate::store::sql::rows;

/// Outcomes of answers with a visible text; a refusal in words is one of them. Answers without a
/// visible text count in `without_text`. Failures, answers that a provider's filter blocked, and
/// answers that could not be read count in `failed`.
pub(in crate::store) const COUNTED: &str = "('answered', 'truncated', 'refused')";

/// Answers without a visible text.
pub(super) const WITHOUT_TEXT: &str = "('empty')";

/// The words of costs of which a part has no known price.
pub(in crate::store) const AT_LEAST: &str = "('unpriced', 'at_least')";

record! {
    for SnapshotSums {
        answers: i64 = "answers",
        failed: i64 = "failed",
        simulated: i64 = "simulated",
        informative: i64 = "informative",
        cost: Money = "cost_nano_usd",
        latency_ms_sum: i64 = "latency_ms_sum",
        tokens: i64 = "tokens",
        mentions: i64 = "mentions",
        text_mentions: i64 = "text_mentions",
        link_mentions: i64 = "link_mentions",
        brand_weight_tenths: i64 = "brand_weight_tenths",
        competitor_mentions: i64 = "competitor_mentions",
        competitor_weight_tenths: i64 = "competitor_weight_tenths",
        rank_sum: i64 = "rank_sum",
        rank_count: i64 = "rank_count",
        top3: i64 = "top3",
        top5: i64 = "top5",
        top10: i64 = "top10",
        rank_square_sum: i64 = "rank_square_sum",
        weight_square_hundredths: i64 = "weight_square_hundredths",
        prominence_parts: i64 = "prominence_parts",
        unpriced: i64 = "unpriced",
        simulated_cost: Money = "simulated_cost_nano_usd",
        without_text: i64 = "without_text",
        tone: ToneSums as "tone_",
        judged: ToneSums as "judge_",
    }
}

// What answers say of one entity.
record! {
    for MentionSums {
        mentions: i64 = "mentions",
        text_mentions: i64 = "text_mentions",
        weight_tenths: i64 = "weight_tenths",
        rank_sum: i64 = "rank_sum",
        rank_count: i64 = "rank_count",
        tone: ToneSums as "tone_",
        judged: ToneSums as "judge_",
    }
}

// Tone, by rules or by a judge.
record! {
    for ToneSums {
        positive: i64 = "positive",
        neutral: i64 = "neutral",
        negative: i64 = "negative",
        thousandths: i64 = "thousandths",
        recommended: i64 = "recommended",
        advised_against: i64 = "advised_against",
    }
}

/// The columns of `R` in `alias`, for the text of a query.
pub(in crate::store) fn columns<R: Record>(alias: &str) -> String {
    R::columns_by(&|name| format!("{alias}.{name}")).join(", ")
}

/// The sums of the columns of `R` over the rows of `alias`; 0 where there is no row.
pub(super) fn summed<R: Record>(alias: &str) -> String {
    R::columns_by(&|name| sum(&format!("{alias}.{name}"))).join(", ")
}

/// A column of a row that may not be there; 0 then.
pub(in crate::store) fn or_none(column: &str) -> String {
    format!("COALESCE({column}, 0)")
}

/// `SUM` as a whole number on both databases; 0 over no rows.
pub(in crate::store) fn sum(what: &str) -> String {
    format!("CAST(COALESCE(SUM({what}), 0) AS BIGINT)")
}

/// How many rows meet a condition.
pub(in crate::store) fn count_if(condition: &str) -> String {
    sum(&format!("CASE WHEN {condition} THEN 1 ELSE 0 END"))
}

/// Lets only rows of these models through, or all where there is none.
pub(in crate::store) fn of_models(alias: &str, models: &[ModelId]) -> String {
    if models.is_empty() {
        return String::new();
    }
    let ids = rows::id_list(models.iter().map(|model| model.0));
    format!(" AND {alias}.model_id IN ({ids})")
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
