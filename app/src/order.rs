//! Puts rows in order with one sort for all kinds of rows: compiled for each kind, the standard
//! library's is three kilobytes of the client a kind.

use std::cmp::Ordering;

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
