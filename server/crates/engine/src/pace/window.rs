//! How many asks may be in flight with one key and model: learnt from what the provider does.
//!
//! Grows by one with each answer until the provider first complains, and by one with each
//! window of answers from then on; halves when it complains (additive increase, multiplicative
//! decrease, as TCP paces itself: RFC 5681, section 3.1).
//!
//! Invariant: pure; whoever calls says what happened.

/// Where a key begins of which nothing is known.
pub const FIRST_WINDOW: usize = 32;

/// The window of one key and model.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Window {
    /// Grows in fractions.
    size: f64,
    /// At most this many.
    ceiling: usize,
    /// Below this it grows fast: where the provider last complained.
    threshold: f64,
    /// Sends before this one were made with a larger window than now: that they are refused
    /// says nothing new.
    halved_before: u64,
    /// With the last sends it was full.
    is_filled: bool,
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "windows are small positive numbers"
)]
impl Window {
    /// A window that starts at `first` and never passes `ceiling`.
    pub(super) fn new(first: usize, ceiling: usize) -> Self {
        let ceiling = ceiling.max(1);
        let start = first.clamp(1, ceiling);
        Self {
            size: start as f64,
            ceiling,
            threshold: ceiling as f64,
            halved_before: 0,
            is_filled: false,
        }
    }

    /// How many asks may be in flight; at least one.
    pub(super) fn limit(&self) -> usize {
        (self.size as usize).clamp(1, self.ceiling)
    }

    /// Another upper limit holds from now on.
    pub(super) fn set_ceiling(&mut self, ceiling: usize) {
        self.ceiling = ceiling.max(1);
        self.size = self.size.min(self.ceiling as f64);
    }

    /// With the last sends, `in_flight` asks are out.
    pub(super) fn sent(&mut self, in_flight: usize) {
        self.is_filled = in_flight >= self.limit();
    }

    /// An answer came. A window that was not filled does not grow: nothing was learnt about
    /// more.
    pub(super) fn answered(&mut self) {
        if !self.is_filled {
            return;
        }
        let step = if self.size < self.threshold {
            1.0
        } else {
            1.0 / self.size
        };
        self.size = (self.size + step).min(self.ceiling as f64);
    }

    /// The provider refused the send of this number for its rate, or is overloaded; `next` is
    /// the number of the send to come. Of many refusals of one burst, the first counts. Whether
    /// the window was halved.
    pub(super) fn refused(&mut self, number: u64, next: u64) -> bool {
        if number < self.halved_before {
            return false;
        }
        self.halved_before = next;
        self.size = (self.size / 2.0).max(1.0);
        self.threshold = self.size;
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn starts_where_it_is_told_but_never_above_its_ceiling() {
        assert_eq!(Window::new(FIRST_WINDOW, 64).limit(), 32);
        assert_eq!(Window::new(500, 500).limit(), 500);
        assert_eq!(Window::new(500, 64).limit(), 64);
        assert_eq!(Window::new(FIRST_WINDOW, 8).limit(), 8);
        assert_eq!(Window::new(0, 0).limit(), 1);
    }

    #[test]
    fn doubles_with_each_full_window_of_answers_until_the_first_refusal() {
        let mut window = Window::new(4, 64);
        window.sent(4);
        for _ in 0..4 {
            window.answered();
        }
        assert_eq!(window.limit(), 8);
        assert!(window.refused(10, 11));
        assert_eq!(window.limit(), 4);
        for _ in 0..4 {
            window.answered();
        }
        assert_eq!(window.limit(), 4, "slowly from here on");
        window.answered();
        assert_eq!(window.limit(), 5);
    }

    #[test]
    fn does_not_grow_while_it_is_not_filled() {
        let mut window = Window::new(FIRST_WINDOW, 64);
        window.sent(31);
        for _ in 0..100 {
            window.answered();
        }
        assert_eq!(window.limit(), 32);
    }

    #[test]
    fn a_burst_of_refusals_halves_once() {
        let mut window = Window::new(FIRST_WINDOW, 64);
        assert!(window.refused(3, 32));
        for number in 4..32 {
            assert!(!window.refused(number, 40));
        }
        assert_eq!(window.limit(), 16);
        assert!(window.refused(33, 41));
        assert_eq!(window.limit(), 8);
    }

    proptest! {
        #[test]
        fn stays_between_one_and_its_ceiling(
            first in 0_usize..2_000,
            ceiling in 0_usize..1_000,
            steps in proptest::collection::vec(any::<bool>(), 0..400),
        ) {
            let mut window = Window::new(first, ceiling);
            for (number, refused) in (0_u64..).zip(steps) {
                if refused {
                    window.refused(number, number + 1);
                } else {
                    window.sent(window.limit());
                    window.answered();
                }
                prop_assert!((1..=ceiling.max(1)).contains(&window.limit()));
            }
        }
    }
}
