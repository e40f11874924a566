//! Which rows of a table are chosen, across its pages.

use std::collections::BTreeSet;

/// The chosen rows, by their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    chosen: BTreeSet<String>,
    /// The row that was clicked last: a range begins there.
    anchor: Option<String>,
}

impl Selection {
    /// Whether a row is chosen.
    pub fn has(&self, key: &str) -> bool {
        self.chosen.contains(key)
    }

    /// How many rows are chosen.
    pub fn len(&self) -> usize {
        self.chosen.len()
    }

    /// Whether no row is chosen.
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// The chosen rows.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.chosen.iter().map(String::as_str)
    }

    /// Chooses nothing any more.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// A click on the box of a row, in rows that are shown in this order. With Shift
    /// (`is_range`), all rows from the one that was clicked last become what this one becomes.
    pub fn click(&mut self, rows: &[String], key: &str, is_range: bool) {
        let is_chosen = !self.has(key);
        let place = |wanted: &str| rows.iter().position(|row| row == wanted);
        let begin = self.anchor.as_deref().filter(|_| is_range).and_then(place);
        let span = match (begin, place(key)) {
            (Some(begin), Some(end)) => rows.get(begin.min(end)..=begin.max(end)),
            _ => None,
        };
        let clicked = [key.to_owned()];
        self.set(span.unwrap_or(&clicked), is_chosen);
        self.anchor = Some(key.to_owned());
    }

    /// Whether all of some rows are chosen; of none, no.
    pub fn has_all(&self, rows: &[String]) -> bool {
        !rows.is_empty() && rows.iter().all(|row| self.has(row))
    }

    /// Whether at least one of some rows is chosen.
    pub fn has_some(&self, rows: &[String]) -> bool {
        rows.iter().any(|row| self.has(row))
    }

    /// Chooses some rows, or no longer.
    pub fn set(&mut self, rows: &[String], is_chosen: bool) {
        for row in rows {
            if is_chosen {
                self.chosen.insert(row.clone());
            } else {
                self.chosen.remove(row);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<String> {
        ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec()
    }

    fn chosen(selection: &Selection) -> String {
        selection.keys().collect()
    }

    #[test]
    fn a_click_chooses_and_takes_back() {
        let mut selection = Selection::default();
        selection.click(&rows(), "b", false);
        selection.click(&rows(), "d", false);
        assert_eq!(chosen(&selection), "bd");
        selection.click(&rows(), "b", false);
        assert_eq!(chosen(&selection), "d");
    }

    #[test]
    fn shift_chooses_a_range_either_way() {
        let mut selection = Selection::default();
        selection.click(&rows(), "b", false);
        selection.click(&rows(), "d", true);
        assert_eq!(chosen(&selection), "bcd");
        selection.click(&rows(), "a", true);
        assert_eq!(chosen(&selection), "abcd");
        selection.click(&rows(), "c", true);
        assert_eq!(chosen(&selection), "d");
    }

    #[test]
    fn a_range_whose_beginning_is_on_another_page_is_one_row() {
        let mut selection = Selection::default();
        selection.click(&rows(), "b", false);
        let next = ["x", "y"].map(str::to_owned);
        selection.click(&next, "y", true);
        assert_eq!(chosen(&selection), "by");
        assert_eq!(selection.len(), 2);
    }

    #[test]
    fn shift_without_a_beginning_is_a_click() {
        let mut selection = Selection::default();
        selection.click(&rows(), "c", true);
        assert_eq!(chosen(&selection), "c");
        selection.clear();
        assert!(selection.is_empty());
    }

    #[test]
    fn all_rows_are_chosen_together() {
        let mut selection = Selection::default();
        assert!(!selection.has_all(&[]) && !selection.has_some(&rows()));
        selection.set(&rows(), true);
        assert!(selection.has_all(&rows()));
        selection.click(&rows(), "e", false);
        assert!(!selection.has_all(&rows()) && selection.has_some(&rows()));
        selection.set(&rows(), false);
        assert!(selection.is_empty());
    }
}
