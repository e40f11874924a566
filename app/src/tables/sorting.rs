//! What a table is sorted by: one column, or one and a second among rows that are equal. As a
//! text, `visibility,-name`: a minus before a column that begins with its largest.

/// How many columns a table is sorted by at most.
const MOST: usize = 2;

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The smallest first.
    Ascending,
    /// The largest first.
    Descending,
}

impl Order {
    const fn turned(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// One column that a table is sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// The column.
    pub column: String,
    /// Which way.
    pub order: Order,
}

/// What a table is sorted by, the first column first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sorting {
    keys: Vec<SortKey>,
}

impl Sorting {
    /// Reads the text of an address. Columns that are named twice, and those beyond the second,
    /// are left out; whether a column is one of the table is for the reader to know.
    pub fn parse(text: &str) -> Self {
        let mut sorting = Self::default();
        for word in text.split(',') {
            let (column, order) = match word.strip_prefix('-') {
                Some(column) => (column, Order::Descending),
                None => (word, Order::Ascending),
            };
            let is_new = !column.is_empty() && sorting.order_of(column).is_none();
            if is_new && sorting.keys.len() < MOST {
                sorting.keys.push(SortKey {
                    column: column.to_owned(),
                    order,
                });
            }
        }
        sorting
    }

    /// The text of an address.
    pub fn text(&self) -> String {
        let words: Vec<String> = self
            .keys
            .iter()
            .map(|key| match key.order {
                Order::Ascending => key.column.clone(),
                Order::Descending => format!("-{}", key.column),
            })
            .collect();
        words.join(",")
    }

    /// The columns, the first first.
    pub fn keys(&self) -> &[SortKey] {
        &self.keys
    }

    /// Which way a column is sorted; `None` where it is not.
    pub fn order_of(&self, column: &str) -> Option<Order> {
        let key = self.keys.iter().find(|key| key.column == column)?;
        Some(key.order)
    }

    /// What it is sorted by after a click on a heading: by that column alone, the other way round
    /// where it was already. `first` is the way of a column that was not sorted. With Shift
    /// (`is_added`) the first column stays, and this one is the second.
    #[must_use]
    pub fn clicked(&self, column: &str, first: Order, is_added: bool) -> Self {
        let order = self.order_of(column).map_or(first, Order::turned);
        let clicked = SortKey {
            column: column.to_owned(),
            order,
        };
        let leads = self.keys.first().is_none_or(|key| key.column == column);
        let keys = match (is_added, leads) {
            (false, _) => vec![clicked],
            (true, true) => std::iter::once(clicked)
                .chain(self.keys.iter().skip(1).cloned())
                .collect(),
            (true, false) => self
                .keys
                .iter()
                .take(MOST - 1)
                .cloned()
                .chain([clicked])
                .collect(),
        };
        Self { keys }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clicked(text: &str, column: &str, is_added: bool) -> String {
        Sorting::parse(text)
            .clicked(column, Order::Descending, is_added)
            .text()
    }

    #[test]
    fn a_click_sorts_by_one_column_and_turns_it() {
        assert_eq!(clicked("", "visibility", false), "-visibility");
        assert_eq!(clicked("-visibility", "visibility", false), "visibility");
        assert_eq!(clicked("visibility,-name", "cost", false), "-cost");
    }

    #[test]
    fn shift_adds_a_second_column() {
        assert_eq!(clicked("-visibility", "name", true), "-visibility,-name");
        assert_eq!(
            clicked("-visibility,-name", "name", true),
            "-visibility,name"
        );
        assert_eq!(
            clicked("-visibility,name", "cost", true),
            "-visibility,-cost"
        );
        assert_eq!(
            clicked("-visibility,name", "visibility", true),
            "visibility,name"
        );
        assert_eq!(clicked("", "name", true), "-name");
    }

    #[test]
    fn a_text_of_an_address_is_read_leniently() {
        for (text, expected) in [
            ("", ""),
            ("-", ""),
            (",,name", "name"),
            ("name,name", "name"),
            ("name,-name", "name"),
            ("a,b,c", "a,b"),
        ] {
            assert_eq!(Sorting::parse(text).text(), expected, "{text}");
        }
    }

    #[test]
    fn whatever_is_clicked_there_are_at_most_two_and_the_text_is_read_back() {
        let columns = ["name", "visibility", "cost"];
        let mut sorting = Sorting::default();
        let mut number: usize = 1;
        for _ in 0..500 {
            number = number * 31 % 997;
            let column = columns[number % columns.len()];
            sorting = sorting.clicked(column, Order::Ascending, number.is_multiple_of(2));
            assert!((1..=MOST).contains(&sorting.keys().len()));
            assert!(sorting.order_of(column).is_some());
            assert_eq!(Sorting::parse(&sorting.text()), sorting);
        }
    }
}
