//! The bar of an interval: where its part and the tick at its value lie.

/// Where the parts of a bar lie, in percent of its length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IntervalBar {
    /// Where the interval begins.
    pub start: f64,
    /// How long it is.
    pub length: f64,
    /// Where the value is.
    pub tick: f64,
}

/// The bar of a value and its interval, all shares of one; what lies beyond the bar is drawn at
/// its end.
pub fn place(low: f64, value: f64, high: f64) -> IntervalBar {
    let (start, end) = (percent(low), percent(high));
    IntervalBar {
        start,
        length: (end - start).max(0.0),
        tick: percent(value),
    }
}

fn percent(share: f64) -> f64 {
    if share.is_nan() {
        return 0.0;
    }
    share.clamp(0.0, 1.0) * 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_become_places() {
        let bar = place(0.5, 0.625, 0.75);
        let expected = IntervalBar {
            start: 50.0,
            length: 25.0,
            tick: 62.5,
        };
        assert_eq!(bar, expected);
    }

    #[test]
    fn nothing_leaves_the_bar() {
        for (low, value, high) in [
            (-0.2, 1.4, 1.3),
            (f64::NAN, f64::NAN, f64::NAN),
            (0.9, 0.5, 0.1),
            (f64::NEG_INFINITY, 0.0, f64::INFINITY),
        ] {
            let bar = place(low, value, high);
            assert!((0.0..=100.0).contains(&bar.start), "{bar:?}");
            assert!((0.0..=100.0).contains(&bar.tick), "{bar:?}");
            assert!((0.0..=100.0).contains(&(bar.start + bar.length)), "{bar:?}");
            assert!(bar.length >= 0.0, "{bar:?}");
        }
    }

    #[test]
    fn a_value_within_its_interval_has_its_tick_there() {
        for low in 0..=20_u32 {
            for high in low..=20 {
                for value in low..=high {
                    let share = |step: u32| f64::from(step) / 20.0;
                    let bar = place(share(low), share(value), share(high));
                    assert!(bar.start <= bar.tick, "{bar:?}");
                    assert!(bar.tick <= bar.start + bar.length + 1e-9, "{bar:?}");
                }
            }
        }
    }
}
