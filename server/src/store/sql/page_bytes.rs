//! Pages that are cut by the bytes of what stands in them: texts may be very long, or very short.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, Value};

use super::rows;
use crate::store::StoreResult;

/// Bytes of a page. A row that is larger is a page of its own.
const PAGE_BYTES: i64 = 4 * 1024 * 1024;
/// What each row takes besides its texts.
pub(in crate::store) const ROW_BYTES: i64 = 512;
/// Rows without long texts that a page has room for: `PAGE_BYTES / ROW_BYTES`.
pub(in crate::store) const ROWS: usize = if cfg!(test) { 8 } else { 8_192 };
/// The size of an answer with its text and sources, and with [`ROW_BYTES`].
pub(in crate::store) const OF_ANSWER: &str =
    "CAST(512 + OCTET_LENGTH(full_response) + OCTET_LENGTH(citations) AS BIGINT)";

/// So many of `ids`, from the first on, as a page has room for, but one at least. `sizes` gives
/// pairs of an id and its bytes; an id that it leaves out has none.
pub(in crate::store) async fn fitting(
    connection: &impl ConnectionTrait,
    ids: &[i64],
    sizes: String,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<usize> {
    let found = sized(connection, sizes, values).await?;
    let bytes: HashMap<i64, i64> = found.into_iter().collect();
    let sizes = ids.iter().map(|id| bytes.get(id).copied().unwrap_or(0));
    Ok(count_fitting(sizes))
}

/// The ids that a query gives, from the first on, as many as a page has room for; none where it
/// gives none. `sizes` gives pairs of an id and its bytes.
pub(in crate::store) async fn first_page(
    connection: &impl ConnectionTrait,
    sizes: String,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<Vec<i64>> {
    let found = sized(connection, sizes, values).await?;
    let fit = count_fitting(found.iter().map(|(_, size)| *size));
    Ok(found.iter().take(fit).map(|(id, _)| *id).collect())
}

/// Pairs of an id and its bytes, in the order of a query that gives those.
pub(in crate::store) async fn sized(
    connection: &impl ConnectionTrait,
    sizes: String,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<Vec<(i64, i64)>> {
    rows::pairs(connection, sizes, values).await
}

/// The sizes of answers as programs see them: with their texts and sources, what their models looked
/// up (25 kB of it and more), and their questions with the tags of then and of now.
pub(in crate::store) fn of_answers(ids: &[i64]) -> String {
    format!(
        "SELECT a.id, CAST({ROW_BYTES} + OCTET_LENGTH(a.full_response) \
         + OCTET_LENGTH(a.citations) + OCTET_LENGTH(q.query_text) + 2 * OCTET_LENGTH(q.tags) \
         + COALESCE((SELECT SUM(OCTET_LENGTH(s.search_query)) \
             FROM llm_monitoring_search_queries s WHERE s.result_id = a.id), 0) AS BIGINT) \
         FROM llm_monitoring_results a JOIN llm_monitoring_queries q ON q.id = a.query_id \
         WHERE a.id IN ({})",
        rows::id_list(ids.iter().copied())
    )
}

/// So many of these sizes, from the first on, as a page has room for, but one at least.
pub(in crate::store) fn count_fitting(sizes: impl IntoIterator<Item = i64>) -> usize {
    count_within(sizes, PAGE_BYTES)
}

/// Ids and their bytes as pages, each of as many as it has room for.
pub(in crate::store) fn pages(sized: &[(i64, i64)]) -> Vec<Vec<i64>> {
    let mut pages = Vec::new();
    let mut rest = sized;
    while !rest.is_empty() {
        let fit = count_fitting(rest.iter().map(|(_, size)| *size));
        let (page, behind) = rest.split_at(fit.min(rest.len()));
        pages.push(page.iter().map(|(id, _)| *id).collect());
        rest = behind;
    }
    pages
}

fn count_within(sizes: impl IntoIterator<Item = i64>, most: i64) -> usize {
    let mut total = 0;
    let fit = sizes.into_iter().take_while(|size| {
        total += size;
        total <= most
    });
    fit.count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_what_fits_and_one_row_at_least() {
        for (sizes, fit) in [
            (vec![], 1),
            (vec![11], 1),
            (vec![5, 5, 1], 2),
            (vec![5, 6, 1], 1),
            (vec![0, 0, 0], 3),
        ] {
            assert_eq!(count_within(sizes.clone(), 10), fit, "{sizes:?}");
        }
    }

    #[test]
    fn pages_have_every_id_once_and_in_order() {
        let large = PAGE_BYTES - 1;
        for (sizes, expected) in [
            (vec![], vec![]),
            (vec![(7, 1), (8, 1)], vec![vec![7, 8]]),
            (
                vec![(3, large), (2, large), (1, 1), (0, 1)],
                vec![vec![3], vec![2, 1], vec![0]],
            ),
            (vec![(1, 3 * PAGE_BYTES)], vec![vec![1]]),
        ] {
            assert_eq!(pages(&sizes), expected, "{sizes:?}");
        }
    }
}
