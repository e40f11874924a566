//! Puts rows in order and models in groups, with one sort for all kinds of rows: compiled for each
//! kind, the standard library's is three kilobytes of the client a kind.

use std::cmp::Ordering;

use crate::letters;
use crate::model::provider::Provider;
use crate::model::registry::{ModelView, Review};

/// Sorts by `compare`; rows that are equal keep their order.
pub fn sort<T>(rows: &mut Vec<T>, mut compare: impl FnMut(&T, &T) -> Ordering) {
    let order = order(
        rows.len(),
        &mut |one, other| match (rows.get(one), rows.get(other)) {
            (Some(one), Some(other)) => compare(one, other),
            _ => Ordering::Equal,
        },
    );
    let mut rest: Vec<Option<T>> = rows.drain(..).map(Some).collect();
    rows.extend(
        order
            .into_iter()
            .filter_map(|place| rest.get_mut(place)?.take()),
    );
}

/// Sorts by a key that is made for each comparison.
pub fn sort_by_key<T, K: Ord>(rows: &mut Vec<T>, mut key: impl FnMut(&T) -> K) {
    sort(rows, |one, other| key(one).cmp(&key(other)));
}

/// The providers that have models, in the order of lists, each with its models by name: a row
/// stays where it is, whatever is switched in it. Rejected models are left out unless they are
/// wanted.
pub fn by_provider(models: &[ModelView], with_rejected: bool) -> Vec<(Provider, Vec<ModelView>)> {
    Provider::ALL
        .iter()
        .map(|provider| {
            let mut own: Vec<ModelView> = models
                .iter()
                .filter(|model| model.provider == *provider)
                .filter(|model| with_rejected || model.review != Review::Rejected)
                .cloned()
                .collect();
            sort_by_key(&mut own, |model| letters::small(&model.display_name));
            (*provider, own)
        })
        .filter(|(_, own)| !own.is_empty())
        .collect()
}

#[inline(never)]
fn order(rows: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows).collect();
    order.sort_by(|one, other| compare(*one, *other));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_ordered_and_equal_ones_stay() {
        let mut rows: Vec<(i32, char)> = vec![(2, 'a'), (1, 'b'), (2, 'c'), (0, 'd'), (1, 'e')];
        sort_by_key(&mut rows, |row| row.0);
        let letters: String = rows.iter().map(|row| row.1).collect();
        assert_eq!(letters, "dbeac");
        let mut none: Vec<i32> = Vec::new();
        sort(&mut none, i32::cmp);
        assert!(none.is_empty());
    }
}
