//! The numbers of the project page: each with how many it is counted over, its interval and
//! what it is worth. Definitions: docs/METRICS.md and the texts `DEFINES_…`.
//!
//! Invariant: nothing to divide by is "no data", never nothing.

use super::chart::{Point, Trace, Voice};
use super::format;
use crate::model::dashboard::{Dashboard, DaySums, EntitySums, ModelSums};
use crate::model::language::Language;
use crate::model::metrics::{Grade, Ratio, SnapshotSums};
use crate::texts::{Text, dashboard as texts};

/// What is measured, in the order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Answers that name the brand.
    Visibility,
    /// The brand's part of all mentions.
    ShareOfVoice,
    /// Mean place in real lists.
    AveragePosition,
    /// Answers that place the brand among the first three.
    TopThree,
    /// The brand's part of all mentions, each weighted by its rank.
    WeightedShareOfVoice,
    /// Answers that name any entity.
    InformativeRate,
}

/// The numbers of a figure's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// Between 0 and 1.
    Share(f64),
    /// 1 is the first place.
    Place(f64),
}

impl Amount {
    /// The amount for people.
    pub fn words(self, language: Language) -> String {
        match self {
            Self::Share(share) => format::percent(language, share),
            Self::Place(place) => format::decimal(language, place, 1),
        }
    }
}

/// One number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The number; `None`: no data.
    pub amount: Option<Amount>,
    /// What it is counted over: answers, mentions or places.
    pub n: i64,
    /// Its 95 % interval, as shares; `None`: the sums do not tell one.
    pub interval: Option<(f64, f64)>,
    /// What it is worth; `None`: no data.
    pub grade: Option<Grade>,
}

impl Figure {
    fn of_share(ratio: Ratio, prompts: i64) -> Self {
        let interval = ratio.wilson();
        Self {
            amount: ratio.value().map(Amount::Share),
            n: ratio.denominator,
            interval: interval.map(|interval| (interval.low, interval.high)),
            grade: Self::grade(ratio.denominator, prompts),
        }
    }

    fn grade(n: i64, prompts: i64) -> Option<Grade> {
        (n > 0).then(|| Grade::of(n, prompts))
    }
}

impl Measure {
    /// The large cards.
    pub const MAIN: [Self; 4] = [Self::Visibility, Self::ShareOfVoice, Self::AveragePosition, Self::TopThree];
    /// The small ones.
    pub const SMALL: [Self; 2] = [Self::WeightedShareOfVoice, Self::InformativeRate];

    /// What it is called.
    pub const fn name(self) -> Text {
        match self {
            Self::Visibility => texts::VISIBILITY,
            Self::ShareOfVoice => texts::SHARE_OF_VOICE,
            Self::AveragePosition => texts::AVERAGE_POSITION,
            Self::TopThree => texts::TOP_THREE,
            Self::WeightedShareOfVoice => texts::WEIGHTED_SHARE_OF_VOICE,
            Self::InformativeRate => texts::INFORMATIVE_RATE,
        }
    }

    /// A word for tests and styles.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Visibility => "visibility",
            Self::ShareOfVoice => "share-of-voice",
            Self::AveragePosition => "average-position",
            Self::TopThree => "top-three",
            Self::WeightedShareOfVoice => "weighted-share-of-voice",
            Self::InformativeRate => "informative-rate",
        }
    }

    /// How it is counted.
    pub const fn definition(self) -> Text {
        match self {
            Self::Visibility => texts::DEFINES_VISIBILITY,
            Self::ShareOfVoice => texts::DEFINES_SHARE_OF_VOICE,
            Self::AveragePosition => texts::DEFINES_AVERAGE_POSITION,
            Self::TopThree => texts::DEFINES_TOP_THREE,
            Self::WeightedShareOfVoice => texts::DEFINES_WEIGHTED_SHARE_OF_VOICE,
            Self::InformativeRate => texts::DEFINES_INFORMATIVE_RATE,
        }
    }

    /// What it is counted over, with a place for the count.
    pub const fn counted_over(self) -> Text {
        match self {
            Self::Visibility | Self::TopThree | Self::InformativeRate => texts::OVER_ANSWERS,
            Self::ShareOfVoice | Self::WeightedShareOfVoice => texts::OVER_MENTIONS,
            Self::AveragePosition => texts::OVER_PLACES,
        }
    }

    /// The figure over some answers that belong to `prompts` prompts.
    pub fn figure(self, sums: &SnapshotSums, prompts: i64) -> Figure {
        let all_mentions = sums.mentions + sums.competitor_mentions;
        match self {
            Self::Visibility => Figure::of_share(Ratio::new(sums.mentions, sums.answers), prompts),
            Self::ShareOfVoice => Figure::of_share(Ratio::new(sums.mentions, all_mentions), prompts),
            Self::TopThree => Figure::of_share(Ratio::new(sums.top3, sums.answers), prompts),
            Self::InformativeRate => Figure::of_share(Ratio::new(sums.informative, sums.answers), prompts),
            Self::AveragePosition => Figure {
                amount: Ratio::new(sums.rank_sum, sums.rank_count).value().map(Amount::Place),
                n: sums.rank_count,
                interval: None,
                grade: Figure::grade(sums.rank_count, prompts),
            },
            Self::WeightedShareOfVoice => {
                let weights = sums.brand_weight_tenths + sums.competitor_weight_tenths;
                Figure {
                    amount: Ratio::new(sums.brand_weight_tenths, weights).value().map(Amount::Share),
                    n: all_mentions,
                    interval: None,
                    grade: Figure::grade(all_mentions, prompts),
                }
            }
        }
    }
}

/// What a grade is called, and what it means.
pub const fn grade_name(grade: Grade) -> (Text, Text) {
    match grade {
        Grade::TooFew => (texts::GRADE_TOO_FEW, texts::GRADE_TOO_FEW_MEANS),
        Grade::Directional => (texts::GRADE_DIRECTIONAL, texts::GRADE_DIRECTIONAL_MEANS),
        Grade::Plain => (texts::GRADE_PLAIN, texts::GRADE_PLAIN_MEANS),
        Grade::Decision => (texts::GRADE_DECISION, texts::GRADE_DECISION_MEANS),
    }
}

fn visibility_points(days: &[DaySums]) -> Vec<Point> {
    days.iter()
        .filter_map(|day| {
            let ratio = Ratio::new(day.sums.mentions, day.sums.answers);
            let (share, interval) = ratio.value().zip(ratio.wilson())?;
            Some(Point { day: day.day, share, interval: (interval.low, interval.high), n: ratio.denominator })
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

/// Visibility over time over all models.
pub fn pooled_trace(language: Language, models: &[ModelSums]) -> Trace {
    let mut days: Vec<DaySums> = Vec::new();
    for day in models.iter().flat_map(|model| &model.days) {
        match days.binary_search_by_key(&day.day, |known| known.day) {
            Ok(place) => days[place].sums += day.sums,
            Err(place) => days.insert(place, day.clone()),
        }
    }
    Trace { id: "all".to_owned(), name: texts::ALL_MODELS.get(language).to_owned(), points: visibility_points(&days) }
}

/// Each entity's part of all mentions, in the order given.
pub fn voices(entities: &[EntitySums]) -> Vec<Voice> {
    let all: i64 = entities.iter().map(|entity| entity.mentions).sum();
    entities
        .iter()
        .filter_map(|entity| {
            let ratio = Ratio::new(entity.mentions, all);
            let (share, interval) = ratio.value().zip(ratio.wilson())?;
            Some(Voice {
                name: entity.name.clone(),
                is_brand: entity.is_brand,
                mentions: entity.mentions,
                share,
                interval: (interval.low, interval.high),
            })
        })
        .collect()
}

/// Mean place of an entity in real lists.
pub fn entity_place(entity: &EntitySums) -> Option<f64> {
    Ratio::new(entity.rank_sum, entity.rank_count).value()
}

/// Whether there is anything to show.
pub fn is_empty(dashboard: &Dashboard) -> bool {
    dashboard.total.answers == 0
}
