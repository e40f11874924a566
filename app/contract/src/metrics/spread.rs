//! Intervals of what is no plain share: means and weighted sums.

use super::{Interval, Z_95};

/// The 97.5 % quantiles of Student's t distribution for 1 to 30 degrees of freedom.
const T_95: [f64; 30] = [
    12.706_205, 4.302_653, 3.182_446, 2.776_445, 2.570_582, 2.446_912, 2.364_624, 2.306_004,
    2.262_157, 2.228_139, 2.200_985, 2.178_813, 2.160_369, 2.144_787, 2.131_450, 2.119_905,
    2.109_816, 2.100_922, 2.093_024, 2.085_963, 2.079_614, 2.073_873, 2.068_658, 2.063_899,
    2.059_539, 2.055_529, 2.051_831, 2.048_407, 2.045_230, 2.042_272,
];

/// The 97.5 % quantile of Student's t distribution; `None` below one degree of freedom.
///
/// Beyond 30 degrees it is `z + (z³ + z) / 4df + (5z⁵ + 16z³ + 3z) / 96df²`, the first terms of
/// its expansion (Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), 26.7.5).
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub fn student_95(freedom: i64) -> Option<f64> {
    let index = usize::try_from(freedom).ok()?.checked_sub(1)?;
    let far = || {
        let df = freedom as f64;
        let (z3, z5) = (Z_95.powi(3), Z_95.powi(5));
        let second = (5.0 * z5 + 16.0 * z3 + 3.0 * Z_95) / (96.0 * df * df);
        Z_95 + (z3 + Z_95) / (4.0 * df) + second
    };
    Some(T_95.get(index).copied().unwrap_or_else(far))
}

/// The same where the degrees of freedom are estimated and need not be whole: between two whole
/// numbers by a straight line over `1 / df`, which lies a little above the true curve. Under one
/// degree as for one.
#[expect(
    clippy::cast_possible_truncation,
    reason = "counts stay far below 2^53"
)]
pub fn student_95_between(freedom: f64) -> f64 {
    let whole = if freedom > 1.0 { freedom.floor() } else { 1.0 };
    let at = |freedom: f64| student_95(freedom as i64).unwrap_or(f64::INFINITY);
    let (here, next) = (at(whole), at(whole + 1.0));
    let inverse = 1.0 / freedom.max(1.0);
    let part = (1.0 / whole - inverse) / (1.0 / whole - 1.0 / (whole + 1.0));
    here + (next - here) * part
}

/// Student's 95 % interval of a mean, from the sum of the values, the sum of their squares and
/// their number: `mean ± t(n-1) · s / sqrt(n)`; `None` below two values.
///
/// Source: Student, "The probable error of a mean", Biometrika 6 (1908), 1-25.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(super) fn mean_interval(sum: i64, square_sum: i64, count: i64) -> Option<Interval> {
    if count < 2 {
        return None;
    }
    let n = count as f64;
    let mean = sum as f64 / n;
    let variance = ((square_sum as f64 - n * mean * mean) / (n - 1.0)).max(0.0);
    let half = student_95(count - 1)? * (variance / n).sqrt();
    Some(Interval {
        low: mean - half,
        high: mean + half,
    })
}

/// How many equal values weighted ones are worth: `(Σw)² / Σw²`, for weights in tenths and
/// their squares in hundredths; `None` where there is no weight.
///
/// Source: L. Kish, "Survey Sampling" (1965), section 8.2.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(super) fn effective_size(weight_tenths: i64, square_hundredths: i64) -> Option<f64> {
    (weight_tenths > 0 && square_hundredths > 0)
        .then(|| (weight_tenths as f64).powi(2) / square_hundredths as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 0.001, "{found}, not {expected}");
    }

    /// Ranks 1, 2, 3, 4: mean 2.5, s = 1.29099, t(3) = 3.182: 2.5 ± 2.0540, by hand.
    #[test]
    fn the_interval_of_a_mean() {
        let interval = mean_interval(10, 30, 4).expect("an interval");
        near(interval.low, 0.446);
        near(interval.high, 4.554);
        assert_eq!(mean_interval(3, 9, 1), None);
        let same = mean_interval(6, 12, 3).expect("an interval");
        near(same.low, 2.0);
        near(same.high, 2.0);
    }

    /// `scipy.stats.t.ppf(0.975, df)`.
    #[test]
    fn quantiles_of_students_t() {
        for (freedom, quantile) in [
            (1, 12.706_205),
            (2, 4.302_653),
            (9, 2.262_157),
            (30, 2.042_272),
            (31, 2.039_513),
            (60, 2.000_298),
            (1_000, 1.962_339),
        ] {
            near(student_95(freedom).expect("a quantile"), quantile);
        }
        assert_eq!((student_95(0), student_95(-3)), (None, None));
    }

    /// By Simpson's rule over the density and bisection. Never less; between 1 and 2 a fifth more.
    #[test]
    fn quantiles_between_whole_degrees() {
        for (freedom, quantile, tolerance) in [
            (0.3, 12.706_205, 0.001),
            (1.0, 12.706_205, 0.001),
            (1.5, 6.016_663, 1.2),
            (4.5, 2.658_912, 0.02),
            (24.5, 2.061_672, 0.001),
            (1_000.5, 1.962_339, 0.001),
        ] {
            let found = student_95_between(freedom);
            assert!((found - quantile).abs() < tolerance, "{freedom}: {found}");
            assert!(found > quantile - 0.001, "{freedom}: {found}");
        }
    }

    /// t(100) is 1.9840 in every table.
    #[test]
    fn the_quantile_of_many_values() {
        let interval = mean_interval(0, 100, 101).expect("an interval");
        near(interval.high, 1.984 / 101_f64.sqrt());
    }

    /// Equal weights are worth their number; a heavy one among light ones less.
    #[test]
    fn weighted_values_are_worth_fewer() {
        near(effective_size(40, 400).expect("weight"), 4.0);
        near(
            effective_size(20 + 8 + 8, 400 + 64 + 64).expect("weight"),
            1296.0 / 528.0,
        );
        assert_eq!(effective_size(0, 0), None);
    }
}
