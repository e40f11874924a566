//! Where on the picture a chart of lines has its plot, and what lies under a pointer.
//!
//! Invariant: pixels of the page, whichever the density of the screen.

use super::axis::Axis;
use super::{ChartModel, counted};

/// Pictures narrower than this have names of a few letters at the ends of their lines.
const NARROW: f64 = 480.0;
/// Width of the box that says what is at a place.
pub const BOX_WIDTH: f64 = 226.0;
/// How far the box stays away from the place.
const BOX_DISTANCE: f64 = 14.0;

/// A picture with a plot in it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Frame {
    /// Width of the picture.
    pub width: f64,
    /// Height of the picture.
    pub height: f64,
    /// From its left edge to the plot: numbers of the axis.
    pub left: f64,
    /// From the plot to its right edge: names at the ends of lines.
    pub right: f64,
    /// From its upper edge to the plot: numbers of notes.
    pub top: f64,
    /// From the plot to its lower edge: days.
    pub bottom: f64,
}

impl Frame {
    /// A picture of this size, as it is on a page.
    pub fn of_page(width: f64, height: f64) -> Self {
        Self {
            width,
            height,
            left: 44.0,
            right: if width < NARROW { 78.0 } else { 138.0 },
            top: 26.0,
            bottom: 28.0,
        }
    }

    /// A picture of this size with a title above the plot, as it is in a file.
    pub fn of_file(width: f64, height: f64) -> Self {
        Self {
            top: 84.0,
            ..Self::of_page(width, height)
        }
    }

    /// Whether there is room for a few letters at the ends of lines only.
    pub fn is_narrow(self) -> bool {
        self.width < NARROW
    }

    /// Width of the plot.
    pub fn plot_width(self) -> f64 {
        (self.width - self.left - self.right).max(1.0)
    }

    /// Height of the plot.
    pub fn plot_height(self) -> f64 {
        (self.height - self.top - self.bottom).max(1.0)
    }

    /// How far right the middle of a bucket is, of so many.
    pub fn across(self, place: usize, buckets: usize) -> f64 {
        let buckets = counted(buckets.max(1));
        self.left + (counted(place) + 0.5) / buckets * self.plot_width()
    }

    /// How far down a number of the axis is.
    pub fn down(self, axis: &Axis, number: f64) -> f64 {
        self.top + axis.depth(number) * self.plot_height()
    }

    /// The bucket that is nearest to a distance from the left edge, of so many; `None`: there is
    /// none.
    pub fn place_at(self, across: f64, buckets: usize) -> Option<usize> {
        let last = buckets.checked_sub(1)?;
        let bucket_width = self.plot_width() / counted(buckets);
        let found = (0..buckets).find(|place| {
            let end = self.left + (counted(*place) + 1.0) * bucket_width;
            across < end
        });
        Some(found.unwrap_or(last))
    }

    /// Where the box for a place stands, from the left and from above: beside the place, and where
    /// it covers the least of the line with the interval.
    pub fn box_at(self, model: &ChartModel, axis: &Axis, place: usize, height: f64) -> (f64, f64) {
        let buckets = model.buckets.len();
        let middle = self.across(place, buckets);
        let right = middle + BOX_DISTANCE;
        let left = middle - BOX_DISTANCE - BOX_WIDTH;
        let fits_right = right + BOX_WIDTH <= self.width - self.right / 2.0;
        let sides = match (fits_right, left >= 0.0) {
            (true, true) => vec![right, left],
            (true, false) => vec![right],
            (false, true) => vec![left],
            // A phone: wherever it fits.
            (false, false) => vec![left.clamp(0.0, (self.width - BOX_WIDTH).max(0.0))],
        };
        let top = self.top + 4.0;
        let bottom = (self.height - self.bottom - height - 4.0).max(top);
        let mut best = (left.max(0.0), top);
        let mut least = usize::MAX;
        for across in sides {
            for down in [bottom, top, f64::midpoint(top, bottom)] {
                let covered = self.covered(model, axis, (across, down), height);
                if covered < least {
                    (best, least) = ((across, down), covered);
                }
            }
        }
        best
    }

    /// How many values of the line with the interval lie under a box.
    fn covered(self, model: &ChartModel, axis: &Axis, place: (f64, f64), height: f64) -> usize {
        let (across, down) = place;
        let Some(line) = model.with_band() else {
            return 0;
        };
        let under = line.points.iter().enumerate().filter(|(at, point)| {
            let Some(point) = point else { return false };
            let right = self.across(*at, model.buckets.len());
            let below = self.down(axis, model.kind.drawn(point.value));
            (across..=across + BOX_WIDTH).contains(&right)
                && (down - 4.0..=down + height + 4.0).contains(&below)
        });
        under.count()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{line, model, point};
    use super::*;

    const FRAME: Frame = Frame {
        width: 786.0,
        height: 340.0,
        left: 44.0,
        right: 138.0,
        top: 26.0,
        bottom: 28.0,
    };

    #[test]
    fn the_place_under_a_pointer_is_the_one_that_is_drawn_there() {
        for buckets in [1, 2, 30, 400] {
            for place in 0..buckets {
                let across = FRAME.across(place, buckets);
                assert_eq!(FRAME.place_at(across, buckets), Some(place));
            }
        }
        assert_eq!(FRAME.place_at(0.0, 30), Some(0));
        assert_eq!(FRAME.place_at(9_999.0, 30), Some(29));
        assert_eq!(FRAME.place_at(10.0, 0), None);
    }

    #[test]
    fn the_box_stays_in_the_picture_and_off_your_line() {
        let mut model = model();
        model.buckets = (1..=30)
            .map(|of| super::super::tests::day(11, of))
            .collect();
        for value in [0.05, 0.5, 0.95] {
            let mine = vec![Some(point(value, value - 0.04, value + 0.04)); 30];
            let other = vec![Some(point(1.0 - value, 0.0, 1.0)); 30];
            model.lines = vec![line("entity-1", 0, mine), line("entity-2", 1, other)];
            let axis = Axis::of(&model);
            for place in 0..30 {
                let (across, down) = FRAME.box_at(&model, &axis, place, 120.0);
                assert!(
                    across >= 0.0 && across + BOX_WIDTH <= FRAME.width,
                    "{across}"
                );
                assert!(down >= FRAME.top && down + 120.0 <= FRAME.height - FRAME.bottom);
                assert_eq!(FRAME.covered(&model, &axis, (across, down), 120.0), 0);
            }
        }
    }

    #[test]
    fn on_a_phone_the_box_is_where_it_fits() {
        let frame = Frame::of_page(358.0, 230.0);
        let model = model();
        let axis = Axis::of(&model);
        for place in 0..model.buckets.len() {
            let (across, _) = frame.box_at(&model, &axis, place, 120.0);
            assert!((0.0..=frame.width - BOX_WIDTH).contains(&across));
        }
    }
}
