//! What the charts' marks and the tables of the overview are made of.
//!
//! Invariant: pure. Nothing to divide by is "no data", never nothing.

use super::chart::Mark;
use crate::model::dashboard::{Dashboard, EntitySums};
use crate::model::language::Language;
use crate::model::metrics::ToneSums;
use crate::texts::dashboard as texts;
use crate::words::dates::long_day;

/// Where another model began to answer within the period, in words too.
pub fn marks(language: Language, numbers: &Dashboard) -> Vec<Mark> {
    let is_shown = |day| numbers.from <= day && day <= numbers.to;
    let seams = numbers.seams.iter().filter(|seam| is_shown(seam.day));
    seams
        .map(|seam| Mark {
            day: seam.day,
            label: seam.served.clone(),
            words: texts::SEAM.fill(
                language,
                &[
                    ("day", &long_day(language, seam.day)),
                    ("served", &seam.served),
                    ("asked", &seam.asked),
                ],
            ),
        })
        .collect()
}

/// What answers say of an entity: by a judge, or by the rules.
pub const fn tone_of(entity: &EntitySums, is_judged: bool) -> ToneSums {
    if is_judged {
        entity.sums.judged
    } else {
        entity.sums.tone
    }
}

/// Mean place of an entity in real lists.
pub fn entity_place(entity: &EntitySums) -> Option<f64> {
    entity.sums.average_position().value()
}

/// Whether there is anything to show.
pub fn is_empty(dashboard: &Dashboard) -> bool {
    dashboard.total.all.answers == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::metrics::MentionSums;

    #[test]
    fn a_mean_place_is_over_ranked_mentions() {
        let entity = |rank_count: i64| EntitySums {
            entity_id: 1.into(),
            name: "Kipu".to_owned(),
            is_brand: true,
            sums: MentionSums {
                mentions: 3,
                rank_sum: 6,
                rank_count,
                ..MentionSums::default()
            },
            plain_mentions: 3,
            share: None,
        };
        assert_eq!(entity_place(&entity(3)), Some(2.0));
        assert_eq!(entity_place(&entity(0)), None);
    }
}
