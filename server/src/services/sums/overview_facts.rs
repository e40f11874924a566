//! What the overview says of a period, from its sums.
//!
//! Invariant: pure; the same sums give the same facts.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use app::model::dashboard::{Dashboard, DaySums};
use app::model::ids::{EntityId, PromptId};
use app::model::metrics::{Change, Metric, Ratio, SnapshotSums, Verdict, visibility};
use app::model::overview::{BrandRow, Gap, MOST_GAPS, MOST_SPARKS, RankClaim, Span, Spark, Trend};
use chrono::{Days, NaiveDate};

use crate::store::sums::{DaysOf, NamedEntity};
use statistics::{Moves, PeriodCells, Standing, cluster_wilson};

/// The competitors, in the stored order.
pub(super) struct Rivals(Vec<(EntityId, String)>);

impl Rivals {
    /// Those among the entities.
    pub(super) fn of(entities: &[NamedEntity]) -> Self {
        let rivals = entities.iter().filter(|entity| !entity.is_brand);
        let rival = |entity: &NamedEntity| (entity.id, entity.name.clone());
        Self(rivals.map(rival).collect())
    }

    /// Their ids.
    pub(super) fn ids(&self) -> Vec<EntityId> {
        self.0.iter().map(|(id, _)| *id).collect()
    }

    fn name(&self, id: EntityId) -> Option<String> {
        let found = self.0.iter().find(|(known, _)| *known == id);
        found.map(|(_, name)| name.clone())
    }
}

/// The brand's name.
pub(super) fn brand(entities: &[NamedEntity]) -> String {
    let brand = entities.iter().find(|entity| entity.is_brand);
    brand.map(|brand| brand.name.clone()).unwrap_or_default()
}

/// What may be said of how visibility moved.
pub(super) fn trend(change: Option<&Change>) -> Trend {
    let Some(change) = change else {
        return Trend::NoEarlier;
    };
    let size = change.difference.unwrap_or_default().abs();
    match change.verdict {
        Verdict::Up => Trend::Improved(size),
        Verdict::Down => Trend::Worsened(size),
        Verdict::WithinNoise => Trend::Unclear,
        Verdict::NoData => Trend::NoEarlier,
    }
}

/// What may be said of the brand's place.
pub(super) fn rank_claim(standing: Standing, rivals: &Rivals) -> RankClaim {
    let brands = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
    let of = brands(rivals.0.len());
    match standing {
        Standing::Unknown => RankClaim::Nothing,
        Standing::First => RankClaim::Leads { of },
        Standing::Below(above) => RankClaim::Place {
            place: brands(above),
            of,
        },
        Standing::Level(entity_id) => {
            rivals
                .name(entity_id)
                .map_or(RankClaim::Nothing, |name| RankClaim::Level {
                    entity_id,
                    name,
                })
        }
    }
}

/// A period in stretches of equal length in days, at most [`MOST_SPARKS`]; the last may be shorter.
fn stretches(from: NaiveDate, to: NaiveDate) -> Vec<Span> {
    let days = u64::try_from(Span { from, to }.days()).unwrap_or(1);
    let most = u64::try_from(MOST_SPARKS).unwrap_or(1);
    let length = days.div_ceil(most).max(1);
    let mut stretches = Vec::new();
    let mut first = from;
    while first <= to {
        let next = first.checked_add_days(Days::new(length));
        let last = next.and_then(|next| next.pred_opt()).unwrap_or(to);
        stretches.push(Span {
            from: first,
            to: last.min(to),
        });
        match next {
            Some(next) => first = next,
            None => break,
        }
    }
    stretches
}

/// The ratios of a period's stretches, from those of its days.
fn points(stretches: &[Span], days: &BTreeMap<NaiveDate, Ratio>) -> Vec<Option<Ratio>> {
    let point = |stretch: &Span| {
        let own = days.range(stretch.from..=stretch.to);
        let pooled: Ratio = own.map(|(_, ratio)| *ratio).sum();
        (pooled.denominator > 0).then_some(pooled)
    };
    stretches.iter().map(point).collect()
}

/// The trend of each number.
pub(super) fn sparks(
    dashboard: &Dashboard,
    plain: &HashMap<NaiveDate, SnapshotSums>,
) -> Vec<Spark> {
    let stretches = stretches(dashboard.from, dashboard.to);
    let spark = |metric: Metric| {
        let days: BTreeMap<NaiveDate, Ratio> = if metric.is_plain() {
            let ratio = |(day, sums): (&NaiveDate, &SnapshotSums)| (*day, metric.ratio(sums));
            plain.iter().map(ratio).collect()
        } else {
            let days = dashboard.days.iter();
            days.map(|day| (day.day, metric.ratio(&day.sums))).collect()
        };
        Spark {
            metric,
            points: points(&stretches, &days),
        }
    };
    Metric::ALL.into_iter().map(spark).collect()
}

/// Who is named, most answers first.
pub(super) fn brand_rows(
    dashboard: &Dashboard,
    entities: &[NamedEntity],
    cells: &PeriodCells,
    moves: &Moves,
    days: &DaysOf,
) -> Vec<BrandRow> {
    let stretches = stretches(dashboard.from, dashboard.to);
    let mut answers: BTreeMap<PromptId, i64> = BTreeMap::new();
    for cell in &cells.answers {
        *answers.entry(cell.prompt).or_default() += cell.answers;
    }
    let mut named: HashMap<(EntityId, NaiveDate), i64> = HashMap::new();
    for day in &days.named {
        named.insert((day.entity, day.day), day.mentions);
    }
    let row = |(place, entity): (usize, &NamedEntity)| {
        let of_day = |day: &DaySums| {
            let mentions = named.get(&(entity.id, day.day)).copied();
            let own = visibility(mentions.unwrap_or_default(), day.sums.answers);
            (day.day, own)
        };
        let by_day: BTreeMap<NaiveDate, Ratio> = dashboard.days.iter().map(of_day).collect();
        let (share, interval, change) = if entity.is_brand {
            (
                dashboard.total.ratio(Metric::Visibility),
                dashboard.total.intervals.get(Metric::Visibility),
                dashboard.changes.get(Metric::Visibility, None).cloned(),
            )
        } else {
            let clusters = clusters(entity.id, &answers, cells);
            let change = moves.rivals.iter().find(|(id, _)| *id == entity.id);
            (
                clusters.iter().copied().sum(),
                cluster_wilson(&clusters),
                change.map(|(_, change)| change.clone()),
            )
        };
        BrandRow {
            entity_id: entity.id,
            name: entity.name.clone(),
            is_brand: entity.is_brand,
            slot: u8::try_from(place).unwrap_or(u8::MAX),
            visibility: share,
            interval,
            change: change.unwrap_or_default(),
            points: points(&stretches, &by_day),
        }
    };
    let mut rows: Vec<BrandRow> = entities.iter().enumerate().map(row).collect();
    rows.sort_by_key(|row| Reverse(row.visibility.numerator));
    rows
}

/// Answers that name a competitor out of all, by prompt.
fn clusters(
    entity: EntityId,
    answers: &BTreeMap<PromptId, i64>,
    cells: &PeriodCells,
) -> Vec<Ratio> {
    let mut own: HashMap<PromptId, i64> = HashMap::new();
    for cell in cells.rivals.iter().filter(|cell| cell.of == entity) {
        *own.entry(cell.prompt).or_default() += cell.answers;
    }
    let cluster = |(prompt, all): (&PromptId, &i64)| {
        let named = own.get(prompt).copied().unwrap_or_default();
        visibility(named.min(*all), *all)
    };
    answers.iter().map(cluster).collect()
}

/// A question that a competitor is named in far more often than the brand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct UntoldGap {
    /// The question.
    pub(super) prompt: PromptId,
    entity: EntityId,
    theirs: Ratio,
    yours: Ratio,
    /// How far the intervals of both shares are apart.
    apart: f64,
}

/// The questions to work on: of those that do not name the brand, where the interval of the most
/// named competitor's share lies above that of the brand's, the farthest first.
pub(super) fn gaps(cells: &PeriodCells) -> Vec<UntoldGap> {
    let mut yours: BTreeMap<PromptId, Ratio> = BTreeMap::new();
    for cell in cells.answers.iter().filter(|cell| !cell.is_branded) {
        let own = yours.entry(cell.prompt).or_default();
        *own = *own + visibility(cell.mentions, cell.answers);
    }
    let mut theirs: HashMap<PromptId, BTreeMap<EntityId, i64>> = HashMap::new();
    for cell in &cells.rivals {
        let of_prompt = theirs.entry(cell.prompt).or_default();
        *of_prompt.entry(cell.of).or_default() += cell.answers;
    }
    let gap = |(prompt, own): (&PromptId, &Ratio)| {
        let most = theirs.get(prompt)?.iter().max_by_key(|(id, named)| {
            // Of equals the one that was stored first.
            (**named, Reverse(**id))
        });
        let (entity, named) = most?;
        let their_share = visibility((*named).min(own.denominator), own.denominator);
        let apart = their_share.wilson()?.low - own.wilson()?.high;
        (apart > 0.0).then_some(UntoldGap {
            prompt: *prompt,
            entity: *entity,
            theirs: their_share,
            yours: *own,
            apart,
        })
    };
    let mut found: Vec<UntoldGap> = yours.iter().filter_map(gap).collect();
    found.sort_by(|one, other| other.apart.total_cmp(&one.apart));
    found.truncate(MOST_GAPS);
    found
}

/// The same with names.
pub(super) fn told_gaps(
    gaps: &[UntoldGap],
    rivals: &Rivals,
    texts: &HashMap<PromptId, String>,
) -> Vec<Gap> {
    let told = |gap: &UntoldGap| {
        Some(Gap {
            prompt_id: gap.prompt,
            text: texts.get(&gap.prompt)?.clone(),
            entity_id: gap.entity,
            name: rivals.name(gap.entity)?,
            theirs: gap.theirs,
            yours: gap.yours,
        })
    };
    gaps.iter().filter_map(told).collect()
}

#[cfg(test)]
mod tests {
    use app::model::ids::ModelId;
    use statistics::{AnswerCell, CountedCell};

    use super::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, number).expect("a day")
    }

    #[test]
    fn a_trend_has_at_most_thirty_points_over_all_days() {
        assert_eq!(stretches(day(3), day(3)).len(), 1);
        assert_eq!(stretches(day(1), day(30)).len(), 30);
        for days in [31, 59, 60, 61, 365, 1_830] {
            let from = day(30) - Days::new(days - 1);
            let found = stretches(from, day(30));
            assert!(found.len() <= 30, "{days}: {}", found.len());
            let held: i64 = found.iter().map(|stretch| stretch.days()).sum();
            assert_eq!(u64::try_from(held), Ok(days));
            assert_eq!(found.last().map(|last| last.to), Some(day(30)));
        }
    }

    #[test]
    fn a_stretch_without_answers_is_a_gap() {
        let days = BTreeMap::from([
            (day(1), Ratio::new(1, 2)),
            (day(2), Ratio::new(2, 2)),
            (day(5), Ratio::new(0, 3)),
        ]);
        let spans = [(1, 2), (3, 4), (5, 6)].map(|(from, to)| Span {
            from: day(from),
            to: day(to),
        });
        assert_eq!(
            points(&spans, &days),
            [Some(Ratio::new(3, 4)), None, Some(Ratio::new(0, 3))]
        );
    }

    fn cells(prompts: &[(bool, i64, i64)]) -> PeriodCells {
        let mut cells = PeriodCells::default();
        for (id, (is_branded, own, theirs)) in (1..).zip(prompts) {
            let (prompt, model) = (PromptId(id), ModelId(1));
            cells.answers.push(AnswerCell {
                prompt,
                model,
                is_branded: *is_branded,
                mentions: *own,
                answers: 20,
            });
            for (of, answers) in [(EntityId(3), 1), (EntityId(2), *theirs)] {
                cells.rivals.push(CountedCell {
                    of,
                    prompt,
                    model,
                    answers,
                });
            }
        }
        cells
    }

    #[test]
    fn questions_to_work_on_are_those_where_a_competitor_is_plainly_ahead() {
        let cells = cells(&[
            (false, 0, 18),
            (false, 10, 12),
            (true, 0, 20),
            (false, 2, 19),
            (false, 0, 20),
            (false, 1, 17),
        ]);
        let found = gaps(&cells);
        let prompts: Vec<i64> = found.iter().map(|gap| gap.prompt.0).collect();
        assert_eq!(prompts, [5, 1, 4]);
        assert!(found.iter().all(|gap| gap.entity == EntityId(2)));
        assert_eq!(found[0].theirs, Ratio::new(20, 20));
        let rivals = Rivals(vec![(EntityId(2), "Acme".to_owned())]);
        let texts = HashMap::from([(PromptId(5), "Which one?".to_owned())]);
        let told = told_gaps(&found, &rivals, &texts);
        assert_eq!((told.len(), told[0].name.as_str()), (1, "Acme"));
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        assert_eq!(trend(None), Trend::NoEarlier);
        assert_eq!(trend(Some(&Change::default())), Trend::NoEarlier);
        let down = Change {
            difference: Some(-0.09),
            verdict: Verdict::Down,
            ..Change::default()
        };
        assert_eq!(trend(Some(&down)), Trend::Worsened(0.09));
        let rivals = Rivals(vec![
            (EntityId(2), "Acme".to_owned()),
            (EntityId(3), "Bolt".to_owned()),
        ]);
        assert_eq!(rank_claim(Standing::Unknown, &rivals), RankClaim::Nothing);
        assert_eq!(
            rank_claim(Standing::First, &rivals),
            RankClaim::Leads { of: 3 }
        );
        assert_eq!(
            rank_claim(Standing::Below(1), &rivals),
            RankClaim::Place { place: 2, of: 3 }
        );
    }
}
