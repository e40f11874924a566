//! A sparkline: one value a day, drawn over its own range, with a gap where a day has no answers.

use std::fmt::Write as _;

/// How wide the drawing is, in units of its view box.
pub const WIDTH: f64 = 96.0;
/// How high it is.
pub const HEIGHT: f64 = 36.0;

/// Room for half the dot at the end.
const SIDE: f64 = 3.0;
/// Room for half the line above and below.
const EDGE: f64 = 4.0;

/// The drawing, as paths of an SVG whose view box is [`WIDTH`] by [`HEIGHT`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sparkline {
    /// The line, in as many pieces as there are stretches of days with values.
    pub line: String,
    /// What lies below the line, closed at the ground.
    pub area: String,
    /// The dot at the last day that has a value; empty where no day has one.
    pub dot: String,
}

/// One point of the drawing.
type Point = (f64, f64);

/// Draws one value a day. What is no number counts as no value; values that are all the same lie
/// in the middle.
pub fn draw(values: &[Option<f64>]) -> Sparkline {
    let stretches = stretches(values);
    let mut drawing = Sparkline::default();
    for points in &stretches {
        push_stretch(&mut drawing, points);
    }
    if let Some((x, y)) = stretches.last().and_then(|points| points.last()) {
        drawing.dot = dot(*x, *y);
    }
    drawing
}

/// A path too short to be seen: a round cap makes a dot of it.
fn dot(x: f64, y: f64) -> String {
    format!("M{x:.1} {y:.1}h.01")
}

/// The points of the days with values, a list for each stretch without a gap.
fn stretches(values: &[Option<f64>]) -> Vec<Vec<Point>> {
    let finite = |value: &Option<f64>| value.filter(|value| value.is_finite());
    let (low, high) = values
        .iter()
        .filter_map(finite)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
    let days = u32::try_from(values.len()).unwrap_or(u32::MAX);
    let mut stretches: Vec<Vec<Point>> = Vec::new();
    let mut is_open = false;
    for (day, value) in (0..days).zip(values) {
        let Some(value) = finite(value) else {
            is_open = false;
            continue;
        };
        let point = (across(day, days), upright(value, low, high));
        match stretches.last_mut().filter(|_| is_open) {
            Some(points) => points.push(point),
            None => stretches.push(vec![point]),
        }
        is_open = true;
    }
    stretches
}

/// Where a day lies; a single day lies at the end.
fn across(day: u32, days: u32) -> f64 {
    let steps = days.saturating_sub(1);
    if steps == 0 {
        return WIDTH - SIDE;
    }
    SIDE + (WIDTH - 2.0 * SIDE) * f64::from(day) / f64::from(steps)
}

/// Where a value lies between the lowest, at the ground, and the highest.
fn upright(value: f64, low: f64, high: f64) -> f64 {
    let range = high - low;
    let share = if range > 0.0 {
        (value - low) / range
    } else {
        0.5
    };
    HEIGHT - EDGE - (HEIGHT - 2.0 * EDGE) * share
}

fn push_stretch(drawing: &mut Sparkline, points: &[Point]) {
    let [first, .., last] = points else {
        // A day alone has nothing to its left or right to draw a line to.
        if let [(x, y)] = points {
            drawing.line.push_str(&dot(*x, *y));
        }
        return;
    };
    let mut outline = String::new();
    for (place, (x, y)) in points.iter().enumerate() {
        let step = if place == 0 { 'M' } else { 'L' };
        let _ = write!(outline, "{step}{x:.1} {y:.1}");
    }
    drawing.line.push_str(&outline);
    drawing.area.push_str(&outline);
    let (left, right) = (first.0, last.0);
    let _ = write!(
        drawing.area,
        "L{right:.1} {HEIGHT:.1}L{left:.1} {HEIGHT:.1}Z"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random and are the same in each run.
    struct Random(u64);

    impl Random {
        fn next(&mut self, below: u32) -> u32 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            u32::try_from(self.0 >> 33).expect("31 bits") % below
        }

        fn values(&mut self) -> Vec<Option<f64>> {
            let days = self.next(60);
            (0..days)
                .map(|_| (self.next(4) > 0).then(|| f64::from(self.next(1001)) / 1000.0))
                .collect()
        }
    }

    #[test]
    fn lowest_and_highest_reach_the_edges() {
        let drawing = draw(&[Some(0.2), Some(0.6), Some(0.4)]);
        assert_eq!(drawing.line, "M3.0 32.0L48.0 4.0L93.0 18.0");
        assert_eq!(
            drawing.area,
            "M3.0 32.0L48.0 4.0L93.0 18.0L93.0 36.0L3.0 36.0Z"
        );
        assert_eq!(drawing.dot, "M93.0 18.0h.01");
    }

    #[test]
    fn a_day_without_answers_is_a_gap() {
        let drawing = draw(&[Some(0.0), Some(1.0), None, Some(1.0), Some(0.0)]);
        assert_eq!(drawing.line, "M3.0 32.0L25.5 4.0M70.5 4.0L93.0 32.0");
    }

    #[test]
    fn a_day_alone_is_a_dot() {
        let drawing = draw(&[Some(0.1), None, Some(0.5), None]);
        assert_eq!(drawing.line, "M3.0 32.0h.01M63.0 4.0h.01");
        assert_eq!(drawing.area, "");
        assert_eq!(drawing.dot, "M63.0 4.0h.01");
    }

    #[test]
    fn one_value_and_the_same_value_lie_in_the_middle() {
        assert_eq!(draw(&[Some(0.7)]).line, "M93.0 18.0h.01");
        assert_eq!(draw(&[Some(0.7), Some(0.7)]).line, "M3.0 18.0L93.0 18.0");
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(draw(&[]), Sparkline::default());
        assert_eq!(draw(&[None, None]), Sparkline::default());
        assert_eq!(
            draw(&[Some(f64::NAN), Some(f64::INFINITY)]),
            Sparkline::default()
        );
    }

    #[test]
    fn every_point_lies_inside_and_days_go_on_to_the_right() {
        let mut random = Random(7);
        for _ in 0..2_000 {
            let values = random.values();
            let stretches = stretches(&values);
            let points: Vec<Point> = stretches.concat();
            assert_eq!(points.len(), values.iter().flatten().count());
            assert!(points.iter().all(|(x, y)| {
                (SIDE..=WIDTH - SIDE).contains(x) && (EDGE..=HEIGHT - EDGE).contains(y)
            }));
            assert!(points.is_sorted_by(|one, next| one.0 < next.0));
        }
    }

    #[test]
    fn a_higher_value_never_lies_lower() {
        let mut random = Random(11);
        for _ in 0..2_000 {
            let values: Vec<Option<f64>> =
                random.values().into_iter().flatten().map(Some).collect();
            let points = stretches(&values).concat();
            let mut by_value: Vec<(f64, f64)> = values
                .into_iter()
                .flatten()
                .zip(points.iter().map(|(_, y)| *y))
                .collect();
            by_value.sort_by(|one, other| one.0.total_cmp(&other.0));
            assert!(by_value.is_sorted_by(|one, next| one.1 >= next.1));
        }
    }

    #[test]
    fn there_are_as_many_pieces_as_stretches() {
        let mut random = Random(13);
        for _ in 0..2_000 {
            let values = random.values();
            let begins = values
                .iter()
                .zip(std::iter::once(&None).chain(&values))
                .filter(|(value, before)| value.is_some() && before.is_none())
                .count();
            assert_eq!(draw(&values).line.matches('M').count(), begins);
        }
    }
}
