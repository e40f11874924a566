//! What the overview is made of: where its lines lead, the trends of models, the places of the
//! brand, the questions that models see most differently.
//!
//! Invariant: pure.

use chrono::NaiveDate;

use crate::frame::query::{PageQuery, Period, Tab};
use crate::model::dashboard::{DaySums, ModelSums, PromptCells};
use crate::model::metrics::{Ratio, SnapshotSums};
use crate::model::overview::{BrandRow, Evidence, MOST_SPARKS};
use crate::order;

/// Brands that are listed at most.
const BRANDS: usize = 5;
/// Questions that are listed before all are asked for.
pub const QUESTIONS: usize = 10;

/// The page of answers, filtered as the overview is.
pub fn answers(query: &PageQuery) -> PageQuery {
    PageQuery {
        tab: Tab::Answers,
        period: query.period,
        compare: query.compare,
        models: query.models.clone(),
        topics: query.topics.clone(),
        ..PageQuery::default()
    }
}

/// The answers that show a line of what changed.
pub fn evidence(query: &PageQuery, evidence: &Evidence, to: NaiveDate) -> PageQuery {
    let mut shown = answers(query);
    if let Some(from) = evidence.from {
        shown.period = Some(Period::between(from, to).into());
    }
    if let Some(model) = evidence.model_id {
        shown.models = vec![model];
    }
    shown.prompt = evidence.prompt_id;
    shown.entity = evidence.entity_id;
    shown.mentioned = evidence.mentioned;
    shown.domain.clone_from(&evidence.domain);
    shown
}

/// A period as long as `period` that ends on a day before it.
pub fn period_until(period: Period, last: NaiveDate) -> Period {
    let days = u64::try_from(period.days()).unwrap_or(1);
    Period::last_days(days, last)
}

/// The values of a trend.
pub fn values(points: &[Option<Ratio>]) -> Vec<Option<f64>> {
    points
        .iter()
        .map(|point| point.and_then(Ratio::value))
        .collect()
}

/// The trend of a model's visibility: stretches of equal length, no more than a small drawing has
/// room for.
pub fn trend(days: &[DaySums], from: NaiveDate, to: NaiveDate) -> Vec<Option<f64>> {
    let index = |day: NaiveDate| usize::try_from((day - from).num_days()).ok();
    let count = index(to).map_or(1, |last| last + 1);
    let length = count.div_ceil(MOST_SPARKS).max(1);
    let mut points: Vec<Option<Ratio>> = vec![None; count.div_ceil(length)];
    for day in days {
        let place = index(day.day).and_then(|index| points.get_mut(index / length));
        if let Some(point) = place {
            let ratio = day.sums.visibility();
            *point = Some(point.map_or(ratio, |sum| sum + ratio));
        }
    }
    values(&points)
}

/// The models, those that name the brand most often first.
pub fn by_visibility(models: &[ModelSums]) -> Vec<ModelSums> {
    let mut models = models.to_vec();
    let value = |model: &ModelSums| model.total.all.visibility().value().unwrap_or(-1.0);
    order::sort(&mut models, |one, other| {
        value(other).total_cmp(&value(one))
    });
    models
}

/// The brands that are named most, each with its number in that order; the reader's own is always
/// among them.
pub fn most_named(brands: &[BrandRow]) -> Vec<(usize, BrandRow)> {
    let mut rows: Vec<(usize, BrandRow)> = (1..).zip(brands.iter().cloned()).collect();
    let own = rows.iter().position(|(_, row)| row.is_brand);
    if let Some(own) = own.filter(|own| *own >= BRANDS) {
        rows.swap(own, BRANDS - 1);
    }
    rows.truncate(BRANDS);
    rows
}

/// Where answers put the brand: each number of answers is apart from the others, and together they
/// are all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// Among the first three.
    pub top: i64,
    /// 4 to 10.
    pub ten: i64,
    /// 11 or later.
    pub later: i64,
    /// Named, but in no ranked list.
    pub unranked: i64,
    /// Not named.
    pub not_named: i64,
}

impl Places {
    /// Of these answers.
    pub fn of(sums: &SnapshotSums) -> Self {
        Self {
            top: sums.top3,
            ten: sums.top10 - sums.top3,
            later: sums.rank_count - sums.top10,
            unranked: (sums.mentions - sums.rank_count).max(0),
            not_named: sums.answers - sums.mentions.max(sums.rank_count),
        }
    }
}

/// The questions, those first that models answer most differently.
pub fn by_spread(prompts: &[PromptCells]) -> Vec<PromptCells> {
    let spread = |prompt: &PromptCells| {
        let shares = prompt.cells.iter().filter_map(|cell| cell.value());
        let (low, high) = shares.fold((1.0_f64, 0.0_f64), |(low, high), share| {
            (low.min(share), high.max(share))
        });
        high - low
    };
    let mut prompts = prompts.to_vec();
    order::sort(&mut prompts, |one, other| {
        spread(other).total_cmp(&spread(one))
    });
    prompts
}

/// All answers to a question together.
pub fn all_cells(prompt: &PromptCells) -> Ratio {
    prompt.cells.iter().copied().sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::metrics::{Change, Intervals};

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).expect("a day")
    }

    #[test]
    fn evidence_is_a_filter_of_the_answers() {
        let query = PageQuery {
            models: vec![1.into(), 2.into()],
            topics: vec!["price".to_owned()],
            text: Some("cheap".to_owned()),
            ..PageQuery::default()
        };
        let source = Evidence {
            from: Some(day(9)),
            domain: Some("beans.example".to_owned()),
            ..Evidence::default()
        };
        let shown = evidence(&query, &source, day(30));
        assert_eq!(
            shown.address(7.into()),
            "/projects/7/answers?period=2026-11-09..2026-11-30&models=1,2&tag=price&domain=beans.example"
        );
        let model = Evidence {
            model_id: Some(2.into()),
            mentioned: Some(false),
            ..Evidence::default()
        };
        assert_eq!(
            evidence(&query, &model, day(30)).address(7.into()),
            "/projects/7/answers?models=2&mentioned=no&tag=price"
        );
    }

    #[test]
    fn an_empty_period_offers_one_as_long_that_has_answers() {
        let period = Period {
            from: day(18),
            to: day(24),
        };
        let until = period_until(period, day(8));
        assert_eq!((until.from, until.to), (day(2), day(8)));
    }

    #[test]
    fn trends_of_models_pool_days_and_keep_gaps() {
        let sums = |number: u32, mentions| DaySums {
            day: day(number),
            sums: SnapshotSums {
                answers: 4,
                mentions,
                ..SnapshotSums::default()
            },
            intervals: Intervals::default(),
        };
        let days = [sums(1, 1), sums(3, 3)];
        assert_eq!(
            trend(&days, day(1), day(4)),
            [Some(0.25), None, Some(0.75), None]
        );
        // Sixty days are thirty pairs.
        let from = day(1) - chrono::Days::new(56);
        let pairs = trend(&days, from, day(4));
        assert_eq!(
            (pairs.len(), pairs[28], pairs[29]),
            (30, Some(0.25), Some(0.75))
        );
    }

    #[test]
    fn the_own_brand_is_always_listed() {
        let row = |id: i64, is_brand| BrandRow {
            entity_id: id.into(),
            name: String::new(),
            is_brand,
            slot: 0,
            visibility: Ratio::default(),
            interval: None,
            change: Change::default(),
            points: Vec::new(),
        };
        let brands: Vec<BrandRow> = (1..=7).map(|id| row(id, id == 7)).collect();
        let listed: Vec<usize> = most_named(&brands)
            .iter()
            .map(|(place, _)| *place)
            .collect();
        assert_eq!(listed, [1, 2, 3, 4, 7]);
        assert_eq!(most_named(&brands[..2]).len(), 2);
    }

    #[test]
    fn places_are_all_answers_once() {
        let sums = SnapshotSums {
            answers: 20,
            mentions: 12,
            rank_count: 9,
            top3: 4,
            top5: 5,
            top10: 8,
            ..SnapshotSums::default()
        };
        let places = Places::of(&sums);
        let parts = [
            places.top,
            places.ten,
            places.later,
            places.unranked,
            places.not_named,
        ];
        assert_eq!(parts, [4, 4, 1, 3, 8]);
    }

    #[test]
    fn questions_that_models_differ_on_come_first() {
        let prompt = |id: i64, cells: &[(i64, i64)]| PromptCells {
            prompt_id: id.into(),
            text: String::new(),
            is_branded: false,
            cells: cells
                .iter()
                .map(|(part, all)| Ratio::new(*part, *all))
                .collect(),
        };
        let prompts = [
            prompt(1, &[(1, 2), (1, 2)]),
            prompt(2, &[(0, 2), (2, 2), (0, 0)]),
        ];
        let sorted = by_spread(&prompts);
        assert_eq!(sorted[0].prompt_id, 2.into());
        assert_eq!(all_cells(&sorted[0]), Ratio::new(2, 4));
    }
}
