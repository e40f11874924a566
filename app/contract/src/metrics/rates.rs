//! What is divided by what, in one place: whoever has the sums, of all answers, of a day or of one
//! entity, gets a number from here.
//!
//! Invariant: whole numbers in; see `docs/METRICS.md` for what each is made of.

use super::Ratio;

/// Visibility (`mention_rate`) of the brand or another entity: answers that mention it / answers
/// without error.
pub const fn visibility(mentions: i64, answers: i64) -> Ratio {
    Ratio::new(mentions, answers)
}

/// Share of voice of the brand or another entity: its mentions / those of all; or both weighed by
/// [`weight_tenths`](super::weight_tenths).
pub const fn share_of_voice(own: i64, all: i64) -> Ratio {
    Ratio::new(own, all)
}

/// Citation rate of a domain or page: answers that cite it / answers without error.
pub const fn citation_rate(citing: i64, answers: i64) -> Ratio {
    Ratio::new(citing, answers)
}

/// Share of citations of a domain or page: its citations / all citations, where each page
/// counts once an answer.
pub const fn citation_share(citations: i64, all: i64) -> Ratio {
    Ratio::new(citations, all)
}

/// What 1 is in [`prominence_parts`].
pub const PROMINENCE_WHOLE: i64 = 10_000;

/// Prominence of one mention: `1 - offset / length`, in ten-thousandths, rounded down; 1 is
/// the very beginning. `offset`: where the entity is named first; `length`: of the text, in the
/// same unit. `None` where the offset does not lie within the text.
///
/// The mean over answers is the ratio of the sum of these and of [`PROMINENCE_WHOLE`] for each.
#[expect(clippy::cast_possible_truncation, reason = "at most 10,000")]
pub const fn prominence_parts(offset: i64, length: i64) -> Option<i64> {
    if offset < 0 || offset >= length {
        return None;
    }
    // In 128 bits, so that no length is too long.
    let rest = (length - offset) as i128 * PROMINENCE_WHOLE as i128;
    Some((rest / length as i128) as i64)
}

/// The score of a tone from -1 to 1, of one from -1,000 to 1,000.
#[expect(clippy::cast_precision_loss, reason = "at most 1,000")]
pub fn tone_score(thousandths: i64) -> f64 {
    thousandths as f64 / 1_000.0
}

/// Mean prominence: the sum of [`prominence_parts`] over `mentions` answers, as a share.
pub const fn mean_prominence(parts: i64, mentions: i64) -> Ratio {
    Ratio::new(parts, mentions.saturating_mul(PROMINENCE_WHOLE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prominence_falls_from_one_to_nearly_none() {
        assert_eq!(prominence_parts(0, 400), Some(10_000));
        assert_eq!(prominence_parts(100, 400), Some(7_500));
        assert_eq!(prominence_parts(399, 400), Some(25));
        for (offset, length) in [(0, 0), (-1, 5), (5, 5), (9, 5)] {
            assert_eq!(prominence_parts(offset, length), None);
        }
        assert_eq!(prominence_parts(0, i64::MAX), Some(10_000));
        let mean = mean_prominence(7_500 + 2_500, 2);
        assert_eq!(mean.value(), Some(0.5));
    }
}
