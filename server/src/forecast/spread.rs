//! Mean and spread of a sample, and where sums of future values will lie.

use app::model::money::Money;
use app::model::spend::Estimate;

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// What is known of a random cost from independent past values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// How many values.
    pub count: usize,
    /// Their mean, in nano-dollars.
    pub mean: f64,
    /// Their standard deviation (with `count - 1`), in nano-dollars.
    pub deviation: f64,
}

impl Sample {
    /// Mean and deviation of values; `None` for fewer than two: one value has no spread.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub fn of(values: &[Money]) -> Option<Self> {
        if values.len() < 2 {
            return None;
        }
        let count = values.len() as f64;
        let nanos = || values.iter().map(|value| value.nanos() as f64);
        let mean = nanos().sum::<f64>() / count;
        let squares: f64 = nanos().map(|value| (value - mean).powi(2)).sum();
        Some(Self {
            count: values.len(),
            mean,
            deviation: (squares / (count - 1.0)).sqrt(),
        })
    }

    /// Half the width of the 95 % prediction interval for the sum of `future` further values:
    /// `t(0.975, n - 1) * s * m * sqrt(1/m + 1/n)` for m future and n past values. The first
    /// term under the root is the spread of single values, the second that of the mean itself.
    ///
    /// Source: Meeker, Hahn and Escobar, Statistical Intervals (2nd ed. 2017), section 4.7: the
    /// interval to contain the mean of m future observations, here times m. Costs are skewed;
    /// their sum over tens of asks hardly is.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub fn half_width(&self, future: usize) -> f64 {
        if future == 0 {
            return 0.0;
        }
        let (past, future) = (self.count as f64, future as f64);
        let spread = (1.0 / future + 1.0 / past).sqrt();
        t_quantile(self.count.saturating_sub(1)) * self.deviation * future * spread
    }
}

/// The 97.5 % quantile of Student's t with so many degrees of freedom, by the expansion of
/// Abramowitz and Stegun 26.7.5; from 4 degrees on it is right to three digits. For fewer it
/// would be too small; callers ask for more values than that.
#[expect(clippy::cast_precision_loss, reason = "a few hundred at most")]
fn t_quantile(degrees: usize) -> f64 {
    let v = degrees.max(1) as f64;
    let z = |power: i32| Z.powi(power);
    let first = (z(3) + Z) / 4.0;
    let second = (5.0 * z(5) + 16.0 * z(3) + 3.0 * Z) / 96.0;
    let third = (3.0 * z(7) + 19.0 * z(5) + 17.0 * z(3) - 15.0 * Z) / 384.0;
    let fourth =
        (79.0 * z(9) + 776.0 * z(7) + 1_482.0 * z(5) - 1_920.0 * z(3) - 945.0 * Z) / 92_160.0;
    Z + first / v + second / v.powi(2) + third / v.powi(3) + fourth / v.powi(4)
}

/// Nano-dollars, rounded; what no `i64` holds is cut to its limit.
#[expect(clippy::cast_possible_truncation, reason = "`as` cuts to the limits")]
pub(super) fn rounded(nanos: f64) -> Money {
    Money::from_nanos(nanos.round() as i64)
}

/// An estimate from its three values, in nano-dollars, within `least` and `most`.
pub(super) fn estimate(expected: f64, low: f64, high: f64, least: Money, most: Money) -> Estimate {
    let within = |nanos: f64| rounded(nanos).max(least).min(most);
    Estimate {
        expected: within(expected),
        low: within(low),
        high: within(high),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (degrees, table) in [
            (4, 2.776),
            (5, 2.571),
            (9, 2.262),
            (27, 2.052),
            (199, 1.972),
        ] {
            let computed = t_quantile(degrees);
            assert!((computed - table).abs() < 0.001, "{degrees}: {computed}");
        }
    }

    #[test]
    fn mean_and_deviation() {
        let values = [2, 4, 4, 4, 5, 5, 7, 9].map(Money::from_nanos);
        let sample = Sample::of(&values).expect("enough");
        assert!((sample.mean - 5.0).abs() < 1e-9);
        assert!((sample.deviation - (32.0_f64 / 7.0).sqrt()).abs() < 1e-9);
        assert_eq!(Sample::of(&values[..1]), None);
    }

    #[test]
    fn a_wrong_order_of_magnitude_would_show() {
        // Ten values with deviation 3, one further: 2.262 * 3 * sqrt(1 + 1/10).
        let sample = Sample {
            count: 10,
            mean: 20.0,
            deviation: 3.0,
        };
        assert!((sample.half_width(1) - 7.117).abs() < 0.01);
    }
}
