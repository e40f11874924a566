//! Which answers a page is of: those of some days of a project, by models and prompts.

use app::model::ids::{ProjectId, RevisionId};
use chrono::{Days, NaiveDate};
use sea_orm::Value;

use super::columns::of_models;
use super::picked::Picked;

/// A project's answers of some days.
#[derive(Clone, Copy, Debug)]
pub(super) struct Period<'a> {
    pub(super) project: ProjectId,
    /// The one that is shown; `None`: there is no answer yet.
    pub(super) revision: Option<RevisionId>,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    /// Which of them.
    pub(super) picked: Picked<'a>,
}

impl Period<'_> {
    /// Parts of at most so many days, the first day first.
    pub(super) fn parts(self, days: Days) -> impl Iterator<Item = Self> {
        let mut next = Some(self.from).filter(|from| *from <= self.to);
        std::iter::from_fn(move || {
            let from = next?;
            next = from.checked_add_days(days).filter(|next| *next <= self.to);
            let last = next.and_then(|next| next.pred_opt()).unwrap_or(self.to);
            Some(Self {
                from,
                to: last,
                ..self
            })
        })
    }

    /// The condition on snapshots `s` of all prompts, for [`Self::values`]. Which prompts are picked
    /// it does not ask.
    pub(super) fn snapshots(self) -> String {
        format!(
            "s.revision_id = $1 AND s.snapshot_date >= $2 AND s.snapshot_date <= $3{} \
             AND s.prompts = 'all'",
            of_models("s", self.picked.models)
        )
    }

    /// Revision, first and last day.
    pub(super) fn values(self) -> [Value; 3] {
        let revision = self.revision.map_or(0, |revision| revision.0);
        [revision.into(), self.from.into(), self.to.into()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_period_are_all_of_its_days() {
        let day = |day: u32| NaiveDate::from_ymd_opt(2026, 11, day).expect("a day");
        let parts = |from, to, days| {
            let period = Period {
                project: ProjectId(1),
                revision: None,
                from: day(from),
                to: day(to),
                picked: Picked::default(),
            };
            let parts = period.parts(Days::new(days));
            parts.map(|part| (part.from, part.to)).collect::<Vec<_>>()
        };
        assert_eq!(parts(1, 30, 31), [(day(1), day(30))]);
        assert_eq!(parts(1, 30, 30), [(day(1), day(30))]);
        assert_eq!(parts(1, 30, 29), [(day(1), day(29)), (day(30), day(30))]);
        assert_eq!(parts(7, 7, 1), [(day(7), day(7))]);
        assert!(parts(7, 6, 5).is_empty());
        assert_eq!(
            parts(1, 7, 3),
            [(day(1), day(3)), (day(4), day(6)), (day(7), day(7))]
        );
    }
}
