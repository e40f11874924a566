//! How much each holder has of what there is for all.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What each holder has; those who have nothing are not kept.
#[derive(Debug)]
pub(super) struct Shares<K> {
    held: Mutex<HashMap<K, usize>>,
}

impl<K> Default for Shares<K> {
    fn default() -> Self {
        Self {
            held: Mutex::default(),
        }
    }
}

impl<K: Copy + Eq + Hash> Shares<K> {
    /// Gives `more` to each of these holders, up to the limit beside it.
    ///
    /// # Errors
    /// The first limit that is reached. Then no holder gets anything.
    pub(super) fn take<const N: usize>(
        &self,
        more: usize,
        limits: [(K, usize); N],
    ) -> Result<(), usize> {
        let mut held = self.lock();
        for (holder, most) in &limits {
            let has = held.get(holder).copied().unwrap_or_default();
            if has + more > *most {
                return Err(*most);
            }
        }
        for (holder, _) in limits {
            *held.entry(holder).or_default() += more;
        }
        Ok(())
    }

    /// Takes back from each of these holders what they were given.
    pub(super) fn give_back<const N: usize>(&self, less: usize, holders: [K; N]) {
        let mut held = self.lock();
        for holder in holders {
            if let Some(has) = held.get_mut(&holder) {
                *has = has.saturating_sub(less);
                if *has == 0 {
                    held.remove(&holder);
                }
            }
        }
    }

    /// Whether nobody has anything.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, usize>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_have_their_share_or_nobody_has_more() {
        let shares = Shares::default();
        assert_eq!(shares.take(2, [("all", 3), ("ana", 2)]), Ok(()));
        assert_eq!(shares.take(1, [("all", 3), ("ana", 2)]), Err(2));
        assert_eq!(shares.take(2, [("all", 3), ("ben", 2)]), Err(3));
        assert_eq!(shares.take(1, [("all", 3), ("ben", 2)]), Ok(()));
        shares.give_back(2, ["all", "ana"]);
        assert_eq!(shares.take(2, [("all", 3), ("ana", 2)]), Ok(()));
        shares.give_back(2, ["all", "ana"]);
        shares.give_back(1, ["all", "ben"]);
        assert!(shares.is_empty());
    }
}
