//! The upright axis: from the round number below everything to the one above it, with at most five
//! lines.

use super::{ChartModel, Kind, counted};

/// Lines across the plot at most.
const MOST_LINES: f64 = 5.0;
/// Distances of lines that read well, in percent, places or points.
const STEPS: [f64; 10] = [1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0, 200.0, 500.0];

/// An upright axis, in what is written beside it: percent, places or points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// The lowest number.
    pub low: f64,
    /// The highest number.
    pub high: f64,
    /// From line to line.
    pub step: f64,
    /// Whether the lowest number stands on top: the best place.
    pub is_inverse: bool,
}

impl Axis {
    /// The axis for everything that a chart draws: values, and the intervals that are drawn.
    pub fn of(model: &ChartModel) -> Self {
        let banded = model.with_band().map(|line| line.id.as_str());
        let is_sparse = model.is_sparse();
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for line in &model.lines {
            let has_interval = is_sparse || banded == Some(line.id.as_str());
            for point in line.points.iter().flatten() {
                let interval = point.interval.filter(|_| has_interval);
                let (low, high) = interval.map_or((point.value, point.value), |interval| {
                    (interval.low, interval.high)
                });
                least = least.min(rounded(model.kind.drawn(low)));
                most = most.max(rounded(model.kind.drawn(high)));
            }
        }
        Self::between(model.kind, least, most)
    }

    fn between(kind: Kind, least: f64, most: f64) -> Self {
        let (least, most) = if least <= most {
            (least, most)
        } else {
            (0.0, 1.0)
        };
        let round = |step: f64| match kind {
            // The best place is always there.
            Kind::Places => (1.0, 1.0 + ((most - 1.0).max(0.0) / step).ceil() * step),
            Kind::Percent | Kind::Score => {
                let low = (least / step).floor() * step;
                (low, (most / step).ceil() * step)
            }
        };
        let lines = |(low, high): (f64, f64), step: f64| ((high - low) / step).round() + 1.0;
        let fitting = STEPS
            .into_iter()
            .find(|step| lines(round(*step), *step) <= MOST_LINES);
        let step = fitting.unwrap_or(STEPS[STEPS.len() - 1]);
        let (low, high) = round(step);
        // Where everything is the same number: one more line, on the side that has room for it.
        let (low, high) = if high > low {
            (low, high)
        } else if kind == Kind::Percent && high >= 100.0 {
            (low - step, high)
        } else {
            (low, high + step)
        };
        Self {
            low,
            high,
            step,
            is_inverse: kind == Kind::Places,
        }
    }

    /// Whether the axis begins above nothing, which has to be said.
    pub fn is_cut(&self, kind: Kind) -> bool {
        kind == Kind::Percent && self.low > 0.0
    }

    /// How far down a number stands: 0 on top, 1 at the bottom.
    pub fn depth(&self, number: f64) -> f64 {
        let part = (number - self.low) / (self.high - self.low);
        if self.is_inverse { part } else { 1.0 - part }
    }

    /// The number that stands so far down.
    pub fn number(&self, depth: f64) -> f64 {
        let part = if self.is_inverse { depth } else { 1.0 - depth };
        self.low + part * (self.high - self.low)
    }
}

/// Without what a hundred times a share is wrong by: 7 is not a little above 7.
fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

/// From label to label below the chart, in buckets, so that each has `room` pixels.
pub fn label_step(buckets: usize, width: f64, room: f64) -> usize {
    let fitting = (width / room).floor().max(1.0);
    (1..=buckets)
        .find(|step| counted(buckets.div_ceil(*step)) <= fitting)
        .unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{line, model, point};
    use super::*;

    fn between(kind: Kind, least: f64, most: f64) -> (f64, f64, f64) {
        let axis = Axis::between(kind, least, most);
        (axis.low, axis.high, axis.step)
    }

    #[test]
    fn the_axis_begins_at_the_round_number_below_everything() {
        // The lowest is the competitor's value, not its interval: that is not drawn.
        let axis = Axis::of(&model());
        assert_eq!((axis.low, axis.high, axis.step), (55.0, 75.0, 5.0));
        assert_eq!(between(Kind::Percent, 23.4, 68.0), (20.0, 80.0, 20.0));
        assert_eq!(between(Kind::Percent, 0.0, 100.0), (0.0, 100.0, 25.0));
        assert_eq!(between(Kind::Percent, 0.2, 0.6), (0.0, 1.0, 1.0));
        assert_eq!(between(Kind::Score, -100.0, 100.0), (-100.0, 100.0, 50.0));
        assert_eq!(between(Kind::Score, -3.0, 46.0), (-20.0, 60.0, 20.0));
    }

    #[test]
    fn there_are_never_more_than_five_lines() {
        for kind in [Kind::Percent, Kind::Places, Kind::Score] {
            for least in 1..=99 {
                for most in least..=100 {
                    let axis = Axis::between(kind, f64::from(least), f64::from(most));
                    let lines = ((axis.high - axis.low) / axis.step).round() + 1.0;
                    assert!(
                        (2.0..=5.0).contains(&lines),
                        "{kind:?} {least} {most}: {axis:?}"
                    );
                    assert!(axis.low <= f64::from(least) && axis.high >= f64::from(most));
                    assert!(kind != Kind::Percent || axis.high <= 100.0, "{axis:?}");
                }
            }
        }
    }

    #[test]
    fn the_first_place_stands_on_top() {
        let mut model = model();
        model.kind = Kind::Places;
        model.lines = vec![line("entity-1", 0, vec![Some(point(2.2, 2.0, 2.4)); 5])];
        let axis = Axis::of(&model);
        assert!((axis.low - 1.0).abs() < f64::EPSILON && axis.is_inverse);
        assert!(axis.depth(1.0).abs() < 1e-9);
        assert!(axis.depth(2.4) > axis.depth(2.0));
        assert!(!axis.is_cut(Kind::Places));
    }

    #[test]
    fn a_number_is_where_it_is_drawn() {
        let axis = Axis::between(Kind::Percent, 20.0, 80.0);
        for number in [20.0, 33.0, 80.0] {
            assert!((axis.number(axis.depth(number)) - number).abs() < 1e-9);
        }
        assert!(axis.is_cut(Kind::Percent));
        assert!(!Axis::between(Kind::Percent, 0.5, 80.0).is_cut(Kind::Percent));
    }

    #[test]
    fn labels_have_room() {
        assert_eq!(label_step(30, 560.0, 80.0), 5);
        assert_eq!(label_step(7, 560.0, 80.0), 1);
        assert_eq!(label_step(400, 560.0, 80.0), 58);
        assert_eq!(label_step(0, 560.0, 80.0), 1);
    }
}
