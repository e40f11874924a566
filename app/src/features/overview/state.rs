//! What the charts and tables of the overview are made of.
//!
//! Invariant: pure. Nothing to divide by is "no data", never nothing.

use super::chart::{Mark, Point, Trace, Voice};
use crate::model::dashboard::{Dashboard, DaySums, EntitySums, ModelSums, with_share_of_voice};
use crate::model::language::Language;
use crate::model::metrics::{Metric, ToneSums};
use crate::texts::dashboard as texts;
use crate::words::dates::long_day;

fn visibility_points(days: &[DaySums]) -> Vec<Point> {
    days.iter()
        .filter_map(|day| {
            let ratio = day.sums.visibility();
            let interval = day.intervals.get(Metric::Visibility);
            let (share, interval) = ratio.value().zip(interval.or_else(|| ratio.wilson()))?;
            Some(Point {
                day: day.day,
                share,
                interval: (interval.low, interval.high),
                n: ratio.denominator,
            })
        })
        .collect()
}

/// Visibility over time, one trace a model. The id of a trace is `model-` and the model's id.
pub fn traces(models: &[ModelSums]) -> Vec<Trace> {
    models
        .iter()
        .map(|model| Trace {
            id: format!("model-{}", model.model_id),
            name: model.model_name.clone(),
            points: visibility_points(&model.days),
        })
        .filter(|trace| !trace.points.is_empty())
        .collect()
}

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

/// Visibility over time over all models.
pub fn pooled_trace(language: Language, days: &[DaySums]) -> Trace {
    Trace {
        id: "all".to_owned(),
        name: texts::ALL_MODELS.get(language).to_owned(),
        points: visibility_points(days),
    }
}

/// Each entity's part of all mentions, in the order given.
pub fn voices(entities: &[EntitySums]) -> Vec<Voice> {
    with_share_of_voice(entities)
        .filter_map(|(entity, share)| {
            let (share, interval) = share.value().zip(entity.share)?;
            Some(Voice {
                name: entity.name.clone(),
                is_brand: entity.is_brand,
                mentions: entity.plain_mentions,
                share,
                interval: (interval.low, interval.high),
            })
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
    use crate::model::dashboard::Figures;
    use crate::model::metrics::{Interval, Intervals, MentionSums, Ratio, SnapshotSums};
    use crate::model::provider::Provider;

    fn sums(mentions: i64, answers: i64) -> SnapshotSums {
        SnapshotSums {
            answers,
            mentions,
            ..SnapshotSums::default()
        }
    }

    fn model(id: i64, days: &[(&str, i64, i64)]) -> ModelSums {
        let days = days
            .iter()
            .map(|(day, mentions, answers)| DaySums {
                day: day.parse().expect("a day"),
                sums: sums(*mentions, *answers),
                intervals: Intervals::default(),
            })
            .collect();
        ModelSums {
            model_id: id.into(),
            provider: Provider::Simulator,
            model_name: format!("Model {id}"),
            total: Figures::default(),
            days,
        }
    }

    #[test]
    fn days_are_points_and_those_without_answers_none() {
        let mut model = model(1, &[("2026-11-02", 1, 4), ("2026-11-03", 0, 0)]);
        let drawn = Interval {
            low: 0.1,
            high: 0.6,
        };
        model.days[0].intervals = [(Metric::Visibility, drawn)].into_iter().collect();
        let pooled = pooled_trace(Language::English, &model.days);
        assert_eq!(
            pooled.points,
            [Point {
                day: model.days[0].day,
                share: 0.25,
                interval: (0.1, 0.6),
                n: 4
            }]
        );
        assert_eq!(traces(&[model])[0].points, pooled.points);
    }

    #[test]
    fn voices_share_all_mentions() {
        let entity = |name: &str, mentions: i64| EntitySums {
            entity_id: 1.into(),
            name: name.to_owned(),
            is_brand: name == "Kipu",
            sums: MentionSums {
                mentions,
                rank_sum: 6,
                rank_count: mentions,
                ..MentionSums::default()
            },
            plain_mentions: mentions,
            share: Ratio::new(mentions, 4).wilson(),
        };
        let entities = [entity("Kipu", 3), entity("Andes", 1), entity("Nobody", 0)];
        let shares: Vec<f64> = voices(&entities).iter().map(|voice| voice.share).collect();
        assert_eq!(shares, [0.75, 0.25, 0.0]);
        assert_eq!(entity_place(&entities[0]), Some(2.0));
        assert_eq!(entity_place(&entities[2]), None);
        assert!(voices(&[entity("Kipu", 0)]).is_empty());
    }
}
