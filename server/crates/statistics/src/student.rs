//! Student's t distribution.

/// How probable it is that a value of Student's t distribution with `freedom` degrees of freedom
/// lies at least as far from 0 as `t`; the degrees need not be whole, and count as at least one.
///
/// `I(df / (df + t²); df/2, 1/2)` with the regularized incomplete beta function, by its continued
/// fraction. Sources: M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions" (1964),
/// 26.5.27 and 26.5.8; evaluated from the front by W. J. Lentz, Applied Optics 15 (1976), 668-671.
pub(super) fn chance_beyond(t: f64, freedom: f64) -> f64 {
    if t.is_nan() {
        return 1.0;
    }
    let freedom = freedom.max(1.0);
    let (a, b) = (freedom / 2.0, 0.5);
    let square = t * t;
    let (x, rest) = (freedom / (freedom + square), square / (freedom + square));
    if square.is_infinite() {
        return 0.0;
    }
    if x <= 0.0 || rest <= 0.0 {
        return if rest <= 0.0 { 1.0 } else { 0.0 };
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * rest.ln()).exp();
    // The fraction converges fast on one side of the mean, so that side is computed.
    let chance = if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, rest) / b
    };
    chance.clamp(0.0, 1.0)
}

/// Of the incomplete beta function.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let away_from_zero = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut numerator = 1.0;
    let mut denominator = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = denominator;
    for step in 1..200 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut last = 1.0;
        for part in [even, odd] {
            denominator = 1.0 / away_from_zero(1.0 + part * denominator);
            numerator = away_from_zero(1.0 + part / numerator);
            last = denominator * numerator;
            value *= last;
        }
        if (last - 1.0).abs() < 1e-14 {
            break;
        }
    }
    value
}

/// The logarithm of the gamma function, from 0.5 on. Stirling's series after a shift beyond 10
/// (Abramowitz and Stegun 6.1.41); its error is below 1e-13.
fn ln_gamma(x: f64) -> f64 {
    let (mut shifted, mut product) = (x, 1.0);
    while shifted < 10.0 {
        product *= shifted;
        shifted += 1.0;
    }
    let inverse = 1.0 / shifted;
    let square = inverse * inverse;
    let series = inverse
        * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1_260.0 - square / 1_680.0)));
    let half_ln_of_two_pi = 0.918_938_533_204_672_7;
    (shifted - 0.5) * shifted.ln() - shifted + half_ln_of_two_pi + series - f64::ln(product)
}

#[cfg(test)]
mod tests {
    use super::super::normal;
    use super::*;

    /// One degree is Cauchy's distribution, two have a closed form, very many are the normal one.
    #[test]
    fn chances_as_closed_forms_have_them() {
        for t in [0.01, 0.5, 1.0, 2.0, 5.0, 12.706, 300.0_f64] {
            let cauchy = 1.0 - 2.0 / std::f64::consts::PI * t.atan();
            let two = 1.0 - t / (2.0 + t * t).sqrt();
            for (freedom, chance) in [(1.0, cauchy), (2.0, two), (0.2, cauchy)] {
                let found = chance_beyond(t, freedom);
                assert!((found - chance).abs() < 1e-12, "{t}, {freedom}: {found}");
                assert!((chance_beyond(-t, freedom) - found).abs() < 1e-15);
            }
        }
        for z in [0.1, 1.0, 1.959_963_984_540_054, 3.5] {
            let found = chance_beyond(z, 1e6);
            assert!(
                (found - 2.0 * normal::below(-z)).abs() < 2e-6,
                "{z}: {found}"
            );
        }
    }

    /// `t.ppf(.975, df)` of every table; between whole degrees by Simpson's rule and bisection.
    #[test]
    fn chances_at_the_quantiles() {
        for (t, freedom) in [
            (4.302_653, 2.0),
            (2.658_912, 4.5),
            (2.262_157, 9.0),
            (2.061_672, 24.5),
            (2.009_575, 49.0),
            (1.962_339, 1_000.0),
        ] {
            let found = chance_beyond(t, freedom);
            assert!((found - 0.05).abs() < 1e-6, "{t}, {freedom}: {found}");
        }
        assert!((chance_beyond(3.745, 24.0) - 0.001).abs() < 1e-6);
        assert_eq!(
            (chance_beyond(0.0, 5.0), chance_beyond(f64::NAN, 5.0)),
            (1.0, 1.0)
        );
        assert!(chance_beyond(f64::INFINITY, 5.0) <= 0.0);
    }
}
