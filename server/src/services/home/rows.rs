//! The numbers of a project in the list: of the last days, compared with as many before.
//!
//! Invariant: pure. The same sums give the same verdicts as on the overview of the project.

use std::collections::BTreeMap;

use app::model::ids::{ModelId, ProjectId};
use app::model::metrics::{Change, Changes, Metric, Ratio, SnapshotSums, Verdict};
use app::model::overview::{Evidence, HomeRow, Move, MoveSubject, Trend};
use app::model::registry::ModelView;
use app::model::served::Seam;
use chrono::NaiveDate;
use statistics::{CellSums, Draws, changes, figures};

/// What the numbers of a project are made of.
pub(super) struct RowSums {
    /// The project.
    pub(super) project: ProjectId,
    /// By prompt and model, in the days that are shown.
    pub(super) cells: Vec<CellSums>,
    /// The same in as many days before.
    pub(super) before: Vec<CellSums>,
    /// Where another model began to answer, within both.
    pub(super) seams: Vec<Seam>,
    /// Visibility by day.
    pub(super) days: BTreeMap<NaiveDate, Ratio>,
}

/// The numbers of a project from `from` to `to`.
pub(super) fn row(
    draws: &mut Draws,
    sums: &RowSums,
    (from, to): (NaiveDate, NaiveDate),
    models: &[ModelView],
) -> HomeRow {
    let shown = figures(draws, &sums.cells, &[Metric::Visibility]);
    let moved = changes(&sums.before, &sums.cells, &sums.seams);
    let whole = moved.get(Metric::Visibility, None);
    let days = from.iter_days().take_while(|day| *day <= to);
    HomeRow {
        project_id: sums.project,
        answers: shown.all.answers,
        visibility: shown.all.visibility(),
        interval: shown.intervals.get(Metric::Visibility),
        trend: whole.map_or(Trend::NoEarlier, trend),
        points: days.map(|day| sums.days.get(&day).copied()).collect(),
        share_of_voice: shown.plain.share_of_voice(),
        share_answers: Metric::ShareOfVoice.answers(&shown.plain),
        position: shown.all.average_position(),
        sentiment: sentiment(&shown.all),
        top_move: top_move(&moved, models),
    }
}

/// The numbers of a project without any.
pub(super) fn empty(project_id: ProjectId) -> HomeRow {
    HomeRow {
        project_id,
        answers: 0,
        visibility: Ratio::default(),
        interval: None,
        trend: Trend::NoEarlier,
        points: Vec::new(),
        share_of_voice: Ratio::default(),
        share_answers: 0,
        position: Ratio::default(),
        sentiment: Ratio::default(),
        top_move: None,
    }
}

/// Whether any of it is made up.
pub(super) fn is_simulated(sums: &RowSums) -> bool {
    sums.cells.iter().any(|cell| cell.sums.simulated > 0)
}

fn sentiment(sums: &SnapshotSums) -> Ratio {
    if sums.judged.judged() > 0 {
        sums.judged.net()
    } else {
        sums.tone.net()
    }
}

fn trend(change: &Change) -> Trend {
    let difference = change.difference.unwrap_or_default();
    match change.verdict {
        Verdict::Up => Trend::Improved(difference.abs()),
        Verdict::Down => Trend::Worsened(difference.abs()),
        Verdict::WithinNoise => Trend::Unclear,
        Verdict::NoData => Trend::NoEarlier,
    }
}

/// The model with which visibility moved most, of those with which it moved beyond noise.
fn top_move(moved: &Changes, models: &[ModelView]) -> Option<Move> {
    let size = |change: &Change| change.difference.unwrap_or_default().abs();
    let (id, change) = moved
        .iter()
        .filter(|compared| compared.metric == Metric::Visibility)
        .filter(|compared| compared.change.verdict.is_change())
        .filter_map(|compared| Some((compared.model_id?, &compared.change)))
        .max_by(|(_, one), (_, other)| size(one).total_cmp(&size(other)))?;
    let is_it = |model: &&ModelView| model.id == id;
    let model = models.iter().find(is_it)?;
    Some(Move {
        subject: MoveSubject::Model {
            model_id: id,
            name: model.display_name.clone(),
            provider: model.provider,
        },
        change: Some(change.clone()),
        evidence: evidence(id),
    })
}

fn evidence(model: ModelId) -> Evidence {
    Evidence {
        model_id: Some(model),
        ..Evidence::default()
    }
}

#[cfg(test)]
mod tests {
    use app::model::ids::PromptId;

    use super::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, number).expect("a day")
    }

    /// Thirty questions with twenty answers each, of which so many name the brand, and of some
    /// questions a few more.
    fn cells(mentions: i64, kinds: i64) -> Vec<CellSums> {
        (1..=30)
            .map(|prompt| CellSums {
                prompt: PromptId(prompt),
                model: ModelId(1),
                is_branded: false,
                sums: SnapshotSums {
                    answers: 20,
                    mentions: mentions + prompt % kinds,
                    ..SnapshotSums::default()
                },
            })
            .collect()
    }

    fn of(before: Vec<CellSums>, cells: Vec<CellSums>) -> HomeRow {
        let sums = RowSums {
            project: ProjectId(1),
            cells,
            before,
            seams: Vec::new(),
            days: BTreeMap::from([(day(2), Ratio::new(3, 4))]),
        };
        row(&mut Draws::default(), &sums, (day(1), day(3)), &[])
    }

    #[test]
    fn a_rise_beyond_noise_is_said_and_noise_is_not() {
        let rose = of(cells(6, 3), cells(11, 4));
        assert!(matches!(rose.trend, Trend::Improved(by) if (0.2..0.35).contains(&by)));
        assert!(matches!(
            of(cells(11, 4), cells(6, 3)).trend,
            Trend::Worsened(_)
        ));
        assert_eq!(of(cells(6, 3), cells(6, 3)).trend, Trend::Unclear);
        assert_eq!(of(Vec::new(), cells(6, 3)).trend, Trend::NoEarlier);
        // Nobody knows what the model is called.
        assert_eq!(rose.top_move, None);
    }

    /// What is grey is judged by these: a number may rest on few of many answers.
    #[test]
    fn each_number_says_how_many_answers_it_rests_on() {
        let mut cells = cells(6, 3);
        cells[0].sums.informative = 4;
        cells[0].sums.competitor_mentions = 40;
        cells[0].sums.rank_sum = 6;
        cells[0].sums.rank_count = 3;
        let shown = of(Vec::new(), cells);
        assert_eq!(shown.answers, 600);
        assert_eq!(shown.share_answers, 4);
        assert_eq!(shown.position.denominator, 3);
    }

    #[test]
    fn each_day_of_the_period_has_a_point() {
        let shown = of(Vec::new(), cells(6, 3));
        assert_eq!(shown.points, [None, Some(Ratio::new(3, 4)), None]);
        assert_eq!(shown.answers, 600);
        assert!(shown.interval.is_some());
    }
}
