//! Providers side by side: a row for the period and one a day, a cell a provider, and in each row
//! the best and the worst.

use chrono::NaiveDate;

use super::figure::{Amount, Figure, Measure, ends};
use crate::model::comparison::ProviderDay;
use crate::model::dashboard::Figures;
use crate::model::metrics::Grade;
use crate::model::provider::Provider;

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
    /// Where it stands among the others.
    pub place: Option<Place>,
}

/// An end of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nobody is better, nobody as good.
    Best,
    /// Nobody is worse, nobody as bad.
    Worst,
}

impl Grid {
    /// Of the days that the host has, the first first.
    pub fn new(rows: &[ProviderDay], measure: Measure) -> Self {
        let providers: Vec<Provider> = Provider::ALL
            .iter()
            .copied()
            .filter(|provider| rows.iter().any(|row| row.provider == *provider))
            .collect();
        let cells_of = |rows: &[ProviderDay]| {
            let figures: Vec<Figure> = providers
                .iter()
                .map(|provider| {
                    let of_provider = rows.iter().filter(|row| row.provider == *provider);
                    measure.figure(&pooled(of_provider), 0)
                })
                .collect();
            cells(&figures, measure)
        };
        let days = rows.chunk_by(|one, other| one.day == other.day);
        Self {
            period: cells_of(rows),
            days: days
                .rev()
                .filter_map(|rows| Some((rows.first()?.day, cells_of(rows))))
                .collect(),
            providers,
        }
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

fn cells(figures: &[Figure], measure: Measure) -> Vec<Cell> {
    let values: Vec<(Option<f64>, Grade)> = figures
        .iter()
        .map(|figure| {
            let value = figure.amount.map(Amount::value);
            (value, figure.grade.unwrap_or(Grade::None))
        })
        .collect();
    let (highest, lowest) = ends(&values);
    // The first place is the least number.
    let (best, worst) = match measure {
        Measure::AveragePosition => (lowest, highest),
        _ => (highest, lowest),
    };
    let place = |index: usize| match Some(index) {
        index if index == best => Some(Place::Best),
        index if index == worst => Some(Place::Worst),
        _ => None,
    };
    figures
        .iter()
        .enumerate()
        .map(|(index, figure)| Cell {
            figure: *figure,
            place: place(index),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::comparison::ProviderSums;

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
        let grid = Grid::new(&rows, Measure::Visibility);
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
        assert_eq!(places(&grid.days[0].1), [None, None]);
        assert_eq!(
            places(&grid.days[1].1),
            [Some(Place::Best), Some(Place::Worst)]
        );
        assert_eq!(Grid::new(&[], Measure::Visibility), Grid::default());
    }

    #[test]
    fn a_place_is_better_the_less_it_is() {
        let mut rows = [
            of(Provider::OpenAi, 1, 20, 40),
            of(Provider::Google, 1, 20, 40),
        ];
        rows[1].sums.rank_sum = 20;
        let grid = Grid::new(&rows, Measure::AveragePosition);
        assert_eq!(
            places(&grid.period),
            [Some(Place::Worst), Some(Place::Best)]
        );
    }

    #[test]
    fn too_few_have_no_place_and_equals_share_none() {
        let few = [
            of(Provider::OpenAi, 1, 9, 9),
            of(Provider::Anthropic, 1, 30, 40),
            of(Provider::Google, 1, 1, 40),
        ];
        let grid = Grid::new(&few, Measure::Visibility);
        assert_eq!(places(&grid.period), [None, None, Some(Place::Worst)]);
        let equal = [
            of(Provider::OpenAi, 1, 5, 10),
            of(Provider::Google, 1, 10, 20),
        ];
        let grid = Grid::new(&equal, Measure::Visibility);
        assert_eq!(places(&grid.period), [None, None]);
    }

    #[test]
    fn share_of_voice_is_of_questions_that_do_not_name_the_brand() {
        let mut rows = [of(Provider::OpenAi, 1, 30, 40)];
        rows[0].sums.plain_mentions = 10;
        rows[0].sums.plain_competitor_mentions = 30;
        let grid = Grid::new(&rows, Measure::ShareOfVoice);
        let figure = grid.period[0].figure;
        assert_eq!((figure.amount, figure.n), (Some(Amount::Share(0.25)), 40));
    }
}
