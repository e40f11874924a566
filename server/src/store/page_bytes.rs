//! Pages that are cut by the bytes of what stands in them: texts may be very long, or very short.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, Value};

use super::{StoreResult, rows};

/// Bytes of a page. A row that is larger is a page of its own.
const PAGE_BYTES: i64 = 4 * 1024 * 1024;
/// What each row takes besides its texts.
pub(super) const ROW_BYTES: i64 = 512;

/// So many of `ids`, from the first on, as a page has room for, but one at least. `sizes` gives
/// pairs of an id and its bytes; an id that it leaves out has none.
pub(super) async fn fitting(
    connection: &impl ConnectionTrait,
    ids: &[i64],
    sizes: String,
    values: impl IntoIterator<Item = Value>,
) -> StoreResult<usize> {
    let mut bytes: HashMap<i64, i64> = HashMap::new();
    for row in rows::all(connection, sizes, values).await? {
        bytes.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    }
    let sizes = ids.iter().map(|id| bytes.get(id).copied().unwrap_or(0));
    Ok(count_fitting(sizes, PAGE_BYTES))
}

/// The sizes of answers with their texts and sources.
pub(super) fn of_answers(ids: &[i64]) -> String {
    format!(
        "SELECT id, CAST({ROW_BYTES} + OCTET_LENGTH(full_response) + OCTET_LENGTH(citations) \
         AS BIGINT) FROM llm_monitoring_results WHERE id IN ({})",
        rows::id_list(ids.iter().copied())
    )
}

fn count_fitting(sizes: impl IntoIterator<Item = i64>, most: i64) -> usize {
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
            assert_eq!(count_fitting(sizes.clone(), 10), fit, "{sizes:?}");
        }
    }
}
