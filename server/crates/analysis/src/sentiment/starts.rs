//! Finds phrases by the two words that they begin with.
//!
//! Invariant: a bit that is not set in a mask rules a word out; one that is set proves nothing.

use super::phrases::Id;
use super::rows::{Rows, index};

/// Two words that a phrase begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Start {
    pub(super) is_gapped: bool,
    pub(super) first: Id,
    pub(super) second: Id,
    /// How many words the phrase has not: those with more come first.
    pub(super) lacks: u8,
    pub(super) phrase: u32,
}

/// A second word and a phrase that goes on with it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Second {
    word: Id,
    pub(super) phrase: u32,
    /// The bits of the words that may be the third one; 0 if any may.
    pub(super) thirds: u64,
}

/// The second words of the phrases that begin with each word, in order.
#[derive(Debug, Default)]
pub(super) struct Seconds {
    rows: Rows<Second>,
    /// For each first word a bit for the second words: most that follow it are none.
    masks: Vec<u64>,
}

impl Seconds {
    /// Those of `starts`, which are in order; all ids are below `ids`. `thirds` tells the bits of
    /// third words.
    pub(super) fn new(ids: Id, starts: &[Start], thirds: impl Fn(&Start) -> u64) -> Self {
        let mut masks = vec![0; index(ids)];
        for start in starts {
            if let Some(mask) = masks.get_mut(index(start.first)) {
                *mask |= mask_of(start.second);
            }
        }
        let seconds = starts.iter().map(|start| {
            let second = Second {
                word: start.second,
                phrase: start.phrase,
                thirds: thirds(start),
            };
            (start.first, second)
        });
        Self {
            rows: Rows::new(ids, seconds),
            masks,
        }
    }

    /// The bits of the words that follow `first` in phrases; none if no phrase begins with it.
    pub(super) fn mask(&self, first: Id) -> u64 {
        self.masks.get(index(first)).copied().unwrap_or_default()
    }

    /// The phrases that begin with `first` and `second`.
    pub(super) fn row(&self, first: Id, second: Id) -> &[Second] {
        let seconds = self.rows.row(first);
        let from = seconds.partition_point(|other| other.word < second);
        let rest = seconds.get(from..).unwrap_or_default();
        let length = rest.iter().take_while(|other| other.word == second).count();
        rest.get(..length).unwrap_or_default()
    }
}

/// The bit that stands for a word, and for many others.
pub(super) fn mask_of(word: Id) -> u64 {
    1 << (word % u64::BITS)
}
