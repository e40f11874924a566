//! A cache of results, each valid until its inputs change.
//!
//! Invariant: a result is given only for the same question and the same stamp. The caller has
//! fetched the stamp, and that call checked that the project is theirs.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// The newest results, each with what it was made of. Cheap to clone.
pub struct StampedCache<Q, S, R> {
    results: Arc<Mutex<VecDeque<(Q, S, R)>>>,
    most: usize,
}

impl<Q, S, R> Clone for StampedCache<Q, S, R> {
    fn clone(&self) -> Self {
        Self {
            results: Arc::clone(&self.results),
            most: self.most,
        }
    }
}

impl<Q: PartialEq, S: PartialEq, R: Clone> StampedCache<Q, S, R> {
    /// Keeps at most `most` results; the oldest goes first.
    pub fn new(most: usize) -> Self {
        Self {
            results: Arc::default(),
            most,
        }
    }

    /// The result, if it was made of what is there now.
    pub fn get(&self, question: &Q, stamp: &S) -> Option<R> {
        let results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        let found = results
            .iter()
            .find(|(known, made_of, _)| known == question && made_of == stamp);
        found.map(|(_, _, result)| result.clone())
    }

    /// Keeps a result in place of an older one for the same question.
    pub fn put(&self, question: Q, stamp: S, result: R) {
        let mut results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        results.retain(|(known, _, _)| *known != question);
        if results.len() >= self.most {
            results.pop_front();
        }
        results.push_back((question, stamp, result));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_given_for_its_question_and_stamp_alone() {
        let kept: StampedCache<&str, i32, &str> = StampedCache::new(2);
        kept.put("a", 1, "old");
        assert_eq!(kept.get(&"a", &1), Some("old"));
        assert_eq!((kept.get(&"a", &2), kept.get(&"b", &1)), (None, None));
        kept.put("a", 2, "new");
        assert_eq!(
            (kept.get(&"a", &1), kept.get(&"a", &2)),
            (None, Some("new"))
        );
        kept.put("b", 1, "b");
        kept.put("c", 1, "c");
        assert_eq!(kept.get(&"a", &2), None, "the oldest went");
        assert_eq!(
            (kept.get(&"b", &1), kept.get(&"c", &1)),
            (Some("b"), Some("c"))
        );
    }
}
