//! Rows of values in one piece, so that many short rows take little room.
//!
//! Invariant: a row that is not there is empty.

/// Rows of values, one for each key from 0 on, in one piece.
#[derive(Debug, Default)]
pub(super) struct Rows<T> {
    /// Where each row begins; the last one ends where the values end.
    starts: Vec<u32>,
    values: Vec<T>,
}

impl<T> Rows<T> {
    /// The rows of `values`, which are in order of their keys, all below `keys`.
    pub(super) fn new(keys: u32, values: impl ExactSizeIterator<Item = (u32, T)>) -> Self {
        let mut rows = Self {
            starts: Vec::with_capacity(index(keys) + 1),
            values: Vec::with_capacity(values.len()),
        };
        for (key, value) in values {
            rows.begin_to(key);
            rows.values.push(value);
        }
        rows.begin_to(keys);
        rows
    }

    /// Lets all rows begin up to that of `key`.
    fn begin_to(&mut self, key: u32) {
        let start = number(self.values.len());
        let length = (index(key) + 1).max(self.starts.len());
        self.starts.resize(length, start);
    }

    /// The row of `key`.
    pub(super) fn row(&self, key: u32) -> &[T] {
        let key = index(key);
        match self.starts.get(key..key + 2) {
            Some([from, to]) => self.values.get(index(*from)..index(*to)),
            _ => None,
        }
        .unwrap_or_default()
    }
}

/// Lists are far shorter than what is cut off here.
pub(super) fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// A number as an index; one that cannot be points to nothing.
pub(super) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX - 1)
}
