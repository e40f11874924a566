//! Counts what is looked at while a text is read, so that tests can hold the effort to its length.
//!
//! A provider's answer may have two megabytes and any content: nothing that reads one may take a
//! time that grows faster than the text. Outside of tests nothing is counted.

/// Notes that so many bytes, or things, were looked at.
#[cfg(not(test))]
pub(super) const fn spend(_looks: usize) {}

#[cfg(test)]
pub(super) use counted::{of, spend};

#[cfg(test)]
mod counted {
    use std::cell::Cell;

    thread_local! {
        static SPENT: Cell<usize> = const { Cell::new(0) };
    }

    pub(in super::super) fn spend(looks: usize) {
        SPENT.set(SPENT.get() + looks);
    }

    /// What `work` looks at.
    pub(in super::super) fn of(work: impl FnOnce()) -> usize {
        let before = SPENT.get();
        work();
        SPENT.get() - before
    }
}
