//! The standard normal distribution.

use std::f64::consts::{PI, SQRT_2};

/// The share of the distribution below `z`.
///
/// `1/2 + φ(z) (z + z³/3 + z⁵/(3·5) + …)`. Source: G. Marsaglia, "Evaluating the normal
/// distribution", Journal of Statistical Software 11 (2004), issue 4. Absolute error below
/// 1e-15; beyond 8 it is 0 or 1.
pub(super) fn below(z: f64) -> f64 {
    if z.is_nan() || z.abs() > 8.0 {
        return if z > 0.0 { 1.0 } else { 0.0 };
    }
    let square = z * z;
    let (mut sum, mut term, mut odd) = (z, z, 1.0);
    // The terms grow until `odd` passes z² and then fall fast: at most some 150 steps.
    while term.abs() > 1e-17 * sum.abs() {
        odd += 2.0;
        term *= square / odd;
        sum += term;
    }
    let density = (-square / 2.0).exp() / (SQRT_2 * PI.sqrt());
    (0.5 + density * sum).clamp(0.0, 1.0)
}

/// The z below which `share` of the distribution lies, from -8 to 8: where [`below`] reaches
/// it, by bisection, which needs no table of coefficients and happens a handful of times.
pub(super) fn quantile(share: f64) -> f64 {
    let (mut low, mut high) = (-8.0, 8.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if below(middle) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.norm.cdf(z)`.
    #[test]
    fn shares_as_scipy_has_them() {
        for (z, share) in [
            (-3.0, 0.001_349_898_031_630_094_6),
            (-1.0, 0.158_655_253_931_457_05),
            (0.0, 0.5),
            (0.5, 0.691_462_461_274_013_1),
            (1.959_963_984_540_054, 0.975),
            (5.0, 0.999_999_713_348_428_1),
        ] {
            assert!((below(z) - share).abs() < 1e-14, "{z}: {}", below(z));
        }
        assert_eq!((below(-40.0), below(40.0)), (0.0, 1.0));
    }

    #[test]
    fn quantiles_turn_shares_back() {
        for share in [0.001, 0.025, 0.2, 0.5, 0.9, 0.975, 0.999_9] {
            assert!((below(quantile(share)) - share).abs() < 1e-12);
        }
        assert!((quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-9);
        assert!(quantile(0.0) <= -7.9 && quantile(1.0) >= 7.9);
    }
}
