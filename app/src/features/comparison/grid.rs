//! Providers side by side: a row for the period and one a day, a cell a provider, and over the
//! period the best and the worst.

use chrono::NaiveDate;

use crate::model::comparison::{Comparison, ProviderDay};
use crate::model::dashboard::{Ends, Figures};
use crate::model::metrics::Metric;
use crate::model::provider::Provider;
use crate::words::figure::{Figure, Measure};

/// The providers of a period by one measure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// The columns, in the order in which lists show providers.
    pub providers: Vec<Provider>,
    /// Over the whole period, one a provider.
    pub period: Vec<Cell>,
    /// Day by day, the newest first.
    pub days: Vec<(NaiveDate, Vec<Cell>)>,
}

/// One provider at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Its number.
    pub figure: Figure,
    /// How many answers that rests on, at most.
    pub answers: i64,
    /// Where it stands among the others over the period; a day says too little.
    pub place: Option<Place>,
}

/// An end of the row of the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Better than each other one beyond noise.
    Best,
    /// Worse than each other one beyond noise.
    Worst,
}

impl Grid {
    /// Of the days that the host has, the first first.
    pub fn new(compared: &Comparison, measure: Measure) -> Self {
        let rows = &compared.days;
        let providers: Vec<Provider> = Provider::ALL
            .iter()
            .copied()
            .filter(|provider| rows.iter().any(|row| row.provider == *provider))
            .collect();
        let ends = compared.ends(metric(rows, measure));
        let cells = |rows: &[ProviderDay], ends: Ends<Provider>| -> Vec<Cell> {
            let cell = |provider: &Provider| {
                let of_provider = rows.iter().filter(|row| row.provider == *provider);
                let figures = pooled(of_provider);
                Cell {
                    figure: measure.figure(&figures),
                    answers: answers(measure, &figures),
                    place: place(*provider, ends),
                }
            };
            providers.iter().map(cell).collect()
        };
        let days = rows.chunk_by(|one, other| one.day == other.day);
        Self {
            period: cells(rows, ends),
            days: days
                .rev()
                .filter_map(|rows| Some((rows.first()?.day, cells(rows, Ends::default()))))
                .collect(),
            providers,
        }
    }
}

/// The number by which all providers are compared.
fn metric(rows: &[ProviderDay], measure: Measure) -> Metric {
    measure.metric(&pooled(rows.iter()))
}

/// How many answers a number rests on. How many name anybody is not summed here, and mentions are
/// no answers.
const fn answers(measure: Measure, figures: &Figures) -> i64 {
    match measure {
        Measure::ShareOfVoice => figures.all.answers,
        _ => figures.answers(measure.metric(figures)),
    }
}

fn place(provider: Provider, ends: Ends<Provider>) -> Option<Place> {
    match Some(provider) {
        end if end == ends.best => Some(Place::Best),
        end if end == ends.worst => Some(Place::Worst),
        _ => None,
    }
}

fn pooled<'a>(days: impl Iterator<Item = &'a ProviderDay>) -> Figures {
    let mut pooled = Figures::default();
    for day in days {
        let figures = day.sums.figures();
        pooled.all += figures.all;
        pooled.plain += figures.plain;
    }
    pooled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::comparison::ProviderSums;
    use crate::words::amount::Amount;

    fn grid_of(days: &[ProviderDay], measure: Measure) -> Grid {
        let compared = Comparison {
            days: days.to_vec(),
            ..Comparison::default()
        };
        Grid::new(&compared, measure)
    }

    fn of(provider: Provider, day: u32, mentions: i64, answers: i64) -> ProviderDay {
        ProviderDay {
            provider,
            day: NaiveDate::from_ymd_opt(2026, 11, day).expect("a day"),
            sums: ProviderSums {
                answers,
                mentions,
                rank_sum: mentions * 2,
                rank_count: mentions,
                plain_mentions: mentions,
                plain_competitor_mentions: answers,
                ..ProviderSums::default()
            },
        }
    }

    fn places(cells: &[Cell]) -> Vec<Option<Place>> {
        cells.iter().map(|cell| cell.place).collect()
    }

    #[test]
    fn days_are_rows_and_the_period_pools_them() {
        let rows = [
            of(Provider::Anthropic, 1, 1, 10),
            of(Provider::OpenAi, 1, 5, 10),
            of(Provider::Anthropic, 2, 9, 30),
        ];
        let grid = grid_of(&rows, Measure::Visibility);
        assert_eq!(grid.providers, [Provider::OpenAi, Provider::Anthropic]);
        let amounts = |cells: &[Cell]| {
            cells
                .iter()
                .map(|cell| cell.figure.amount)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            amounts(&grid.period),
            [Some(Amount::Share(0.5)), Some(Amount::Share(0.25))]
        );
        // The newest first; who has no answers on a day has no number there, and is not nothing.
        assert_eq!(grid.days[0].0, rows[2].day);
        assert_eq!(amounts(&grid.days[0].1), [None, Some(Amount::Share(0.3))]);
        assert_eq!(grid_of(&[], Measure::Visibility), Grid::default());
    }

    #[test]
    fn a_number_says_how_many_answers_it_rests_on() {
        let rows = [of(Provider::OpenAi, 1, 4, 12)];
        let of = |measure| grid_of(&rows, measure).period[0].answers;
        assert_eq!(of(Measure::Visibility), 12);
        // Sixteen mentions, and four places.
        assert_eq!(of(Measure::ShareOfVoice), 12);
        assert_eq!(of(Measure::AveragePosition), 4);
    }

    #[test]
    fn ends_are_the_hosts_and_of_the_period_alone() {
        let compared = Comparison {
            days: vec![
                of(Provider::OpenAi, 1, 9, 10),
                of(Provider::Anthropic, 1, 5, 10),
                of(Provider::Google, 1, 1, 10),
            ],
            ends: vec![(
                Metric::Visibility,
                Ends {
                    best: None,
                    worst: Some(Provider::Google),
                },
            )],
            left_out: Vec::new(),
        };
        let by_visibility = Grid::new(&compared, Measure::Visibility);
        assert_eq!(
            places(&by_visibility.period),
            [None, None, Some(Place::Worst)]
        );
        assert_eq!(places(&by_visibility.days[0].1), [None, None, None]);
        // Of another number nothing was told.
        let by_voice = Grid::new(&compared, Measure::ShareOfVoice);
        assert_eq!(places(&by_voice.period), [None, None, None]);
    }

    #[test]
    fn share_of_voice_is_of_questions_that_do_not_name_the_brand() {
        let mut rows = [of(Provider::OpenAi, 1, 30, 40)];
        rows[0].sums.plain_mentions = 10;
        rows[0].sums.plain_competitor_mentions = 30;
        let grid = grid_of(&rows, Measure::ShareOfVoice);
        let figure = grid.period[0].figure;
        assert_eq!((figure.amount, figure.n), (Some(Amount::Share(0.25)), 40));
    }
}
