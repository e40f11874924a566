//! Sums of whole weeks: what a long period is read from, with the days at its ends.
//!
//! Invariant: a week's sums are those of its days, and made anew whenever a day's are. A week
//! begins on Monday.

use chrono::{Datelike, Days, NaiveDate};
use sea_orm::{DatabaseTransaction, Value};

use super::rollups::Series;
use super::sums::{ANSWER_SUMS, MENTION_SUMS, summed};
use super::{StoreResult, rows};

/// The same sums, by day and by week.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sums {
    pub(super) days: &'static str,
    pub(super) weeks: &'static str,
    /// What a row is of, beside model and prompt.
    entity: &'static str,
    names: &'static [&'static str],
}

/// By prompt.
pub(super) const OF_PROMPTS: Sums = Sums {
    days: "llm_monitoring_rollups",
    weeks: "llm_monitoring_week_rollups",
    entity: "",
    names: &ANSWER_SUMS,
};

/// By prompt and entity.
pub(super) const OF_ENTITIES: Sums = Sums {
    days: "llm_monitoring_entity_rollups",
    weeks: "llm_monitoring_week_entity_rollups",
    entity: "entity_id, ",
    names: &MENTION_SUMS,
};

const DAYS: Days = Days::new(7);

/// The Monday of a day's week.
fn monday(day: NaiveDate) -> NaiveDate {
    let since = Days::new(u64::from(day.weekday().num_days_from_monday()));
    day.checked_sub_days(since).unwrap_or(day)
}

/// Makes the week of a model's day anew, from the sums of its days.
pub(super) async fn refresh(txn: &DatabaseTransaction, series: Series) -> StoreResult<()> {
    let week = monday(series.day);
    let end = week.checked_add_days(DAYS).unwrap_or(week);
    let [revision, model, _] = series.key();
    for sums in [OF_PROMPTS, OF_ENTITIES] {
        let Sums { days, weeks, .. } = sums;
        let sql =
            format!("DELETE FROM {weeks} WHERE revision_id = $1 AND model_id = $2 AND week = $3");
        let values = [revision.clone(), model.clone(), week.into()];
        rows::execute(txn, sql, values).await?;
        let key = format!(
            "revision_id, model_id, query_id, {}workspace_id",
            sums.entity
        );
        let sql = format!(
            "INSERT INTO {weeks} ({key}, is_branded, week, {names}) \
             SELECT {key}, is_branded, $3, {summed} FROM {days} r \
             WHERE r.revision_id = $1 AND r.model_id = $2 AND r.day >= $3 AND r.day < $4 \
             GROUP BY {key}, is_branded",
            names = sums.names.join(", "),
            summed = summed("r", sums.names),
        );
        let values = [revision.clone(), model.clone(), week.into(), end.into()];
        rows::execute(txn, sql, values).await?;
    }
    Ok(())
}

/// The values that [`parts`] of a period are read with: revision, first and last day, and the
/// days on which the whole weeks in it begin and end.
pub(super) fn values(revision: i64, from: NaiveDate, to: NaiveDate) -> [Value; 5] {
    let next = |day: NaiveDate, days| day.checked_add_days(days).unwrap_or(day);
    // The first Monday that is not before the period; the last Monday that is, or ends it.
    let begin = monday(next(from, Days::new(6)));
    let end = monday(next(to, Days::new(1)));
    let (begin, end) = if begin < end {
        (begin, end)
    } else {
        let behind = next(to, Days::new(1));
        (behind, behind)
    };
    [
        revision.into(),
        from.into(),
        to.into(),
        begin.into(),
        end.into(),
    ]
}

/// The rows of a period that meet `condition` (on columns of `r`, with its `AND`), with
/// `columns` of them: of whole weeks the week's, of other days theirs. For [`values`].
pub(super) fn parts(sums: Sums, columns: &str, condition: &str) -> String {
    let part = |table: &str, days: &str| {
        format!("SELECT {columns} FROM {table} r WHERE r.revision_id = $1 AND {days}{condition}")
    };
    format!(
        "({} UNION ALL {} UNION ALL {})",
        part(sums.days, "r.day >= $2 AND r.day < $4"),
        part(sums.weeks, "r.week >= $4 AND r.week < $5"),
        part(sums.days, "r.day >= $5 AND r.day <= $3"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_whole_weeks_and_the_days_around() {
        let day = |day: u32| NaiveDate::from_ymd_opt(2026, 11, day).expect("a day");
        for (from, to, begin, end) in [
            // The 2nd, 9th, 16th and 23rd are Mondays.
            (3, 22, 9, 23),
            (2, 8, 2, 9),
            (2, 9, 2, 9),
            (1, 16, 2, 16),
            (3, 14, 15, 15),
            (3, 15, 9, 16),
            (4, 4, 5, 5),
            (9, 9, 10, 10),
        ] {
            let expected: [Value; 5] = [
                7_i64.into(),
                day(from).into(),
                day(to).into(),
                day(begin).into(),
                day(end).into(),
            ];
            assert_eq!(values(7, day(from), day(to)), expected, "{from} to {to}");
        }
    }
}
