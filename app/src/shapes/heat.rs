//! Heat: how strong the colour of a cell is, around the mean of what is compared.

/// The faintest colour, in percent over the ground.
const FAINTEST: f64 = 6.0;
/// The strongest colour.
const STRONGEST: f64 = 56.0;

/// What cells are coloured by: the ends are those of all cells that are shown together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeatScale {
    /// The value of the lowest cell.
    pub lowest: f64,
    /// The mean, where the two colours meet.
    pub mean: f64,
    /// The value of the highest cell.
    pub highest: f64,
}

/// On which side of the mean a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Below the mean.
    Below,
    /// At the mean or above.
    Above,
}

impl HeatScale {
    /// The scale of some cells around a mean; `None` where no cell has a value.
    pub fn of(values: impl IntoIterator<Item = f64>, mean: f64) -> Option<Self> {
        let (lowest, highest) = values
            .into_iter()
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            });
        (lowest <= highest).then_some(Self {
            lowest,
            mean,
            highest,
        })
    }

    /// On which side of the mean a value lies, and how strong its colour is in percent: from 6 at
    /// the mean to 56 at the end of its side.
    pub fn colour(self, value: f64) -> (Side, f64) {
        let side = if value >= self.mean {
            Side::Above
        } else {
            Side::Below
        };
        let reach = match side {
            Side::Above => self.highest - self.mean,
            Side::Below => self.mean - self.lowest,
        };
        let share = if reach > 0.0 {
            ((value - self.mean).abs() / reach).min(1.0)
        } else {
            0.0
        };
        (side, FAINTEST + (STRONGEST - FAINTEST) * share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALE: HeatScale = HeatScale {
        lowest: 0.16,
        mean: 0.64,
        highest: 0.96,
    };

    #[test]
    fn the_ends_are_strongest_and_the_mean_is_faintest() {
        assert_eq!(SCALE.colour(0.96), (Side::Above, 56.0));
        assert_eq!(SCALE.colour(0.16), (Side::Below, 56.0));
        assert_eq!(SCALE.colour(0.64), (Side::Above, 6.0));
    }

    #[test]
    fn further_from_the_mean_is_never_fainter() {
        let strength = |percent: u32| SCALE.colour(f64::from(percent) / 100.0).1;
        for percent in 0..100 {
            let (here, next) = (strength(percent), strength(percent + 1));
            if percent >= 64 {
                assert!(here <= next, "{percent}");
            } else if percent < 63 {
                assert!(here >= next, "{percent}");
            }
            assert!((FAINTEST..=STRONGEST).contains(&here), "{percent}");
        }
    }

    #[test]
    fn cells_that_are_all_the_same_are_faint() {
        let scale = HeatScale::of([0.5, 0.5], 0.5).expect("two cells");
        assert_eq!(scale.colour(0.5), (Side::Above, FAINTEST));
    }

    #[test]
    fn a_scale_reaches_over_all_cells() {
        let scale = HeatScale::of([0.4, f64::NAN, 0.9, 0.2], 0.5).expect("three cells");
        assert_eq!((scale.lowest, scale.highest), (0.2, 0.9));
        assert_eq!(HeatScale::of([], 0.5), None);
        assert_eq!(HeatScale::of([f64::NAN], 0.5), None);
    }
}
