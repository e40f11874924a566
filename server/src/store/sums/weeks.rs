//! Sums of whole weeks: what a long period is read from, with the days at its ends.
//!
//! Invariant: a week's sums are the sums of its days, and computed again whenever a day's are. The
//! newest week of a revision has no sums yet: it is read from its days until the next week begins.
//! A week begins on Monday.

use app::model::ids::{ModelId, RevisionId};
use app::model::metrics::{MentionSums, SnapshotSums};
use chrono::{Datelike, Days, NaiveDate};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};

use super::columns::summed;
use super::series::Series;
use crate::store::StoreResult;
use crate::store::sql::record::Record;
use crate::store::sql::rows;

/// The same sums, by day and by week.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Sums {
    pub(super) days: &'static str,
    pub(super) weeks: &'static str,
    /// What a row is of, beside model and prompt.
    entity: &'static str,
    /// The columns of the sums.
    names: fn() -> String,
    /// The sums of these columns over an alias.
    summed: fn(&str) -> String,
}

/// By prompt.
pub(in crate::store) const OF_PROMPTS: Sums = Sums {
    days: "llm_monitoring_rollups",
    weeks: "llm_monitoring_week_rollups",
    entity: "",
    names: SnapshotSums::columns,
    summed: summed::<SnapshotSums>,
};

/// By prompt and entity.
pub(super) const OF_ENTITIES: Sums = Sums {
    days: "llm_monitoring_entity_rollups",
    weeks: "llm_monitoring_week_entity_rollups",
    entity: "entity_id, ",
    names: MentionSums::columns,
    summed: summed::<MentionSums>,
};

const DAYS: Days = Days::new(7);

/// The Monday of a day's week.
fn monday(day: NaiveDate) -> NaiveDate {
    let since = Days::new(u64::from(day.weekday().num_days_from_monday()));
    day.checked_sub_days(since).unwrap_or(day)
}

/// The newest day that a revision has sums of.
pub(super) async fn newest_day(
    connection: &impl ConnectionTrait,
    revision: RevisionId,
) -> StoreResult<Option<NaiveDate>> {
    let sql = "SELECT MAX(day) FROM llm_monitoring_rollups WHERE revision_id = $1";
    let newest: Option<Option<NaiveDate>> =
        rows::value(connection, sql, [revision.0.into()]).await?;
    Ok(newest.flatten())
}

/// Makes the weeks anew that follow from a day's new sums; `newest` is the newest day that the
/// revision had before.
pub(super) async fn refresh(
    tx: &DatabaseTransaction,
    series: Series,
    newest: Option<NaiveDate>,
) -> StoreResult<()> {
    let week = monday(series.day);
    match newest.map(monday) {
        Some(newest) if week < newest => {
            sum_week(tx, series.revision, week, Some(series.model)).await
        }
        // That one is over, for all models.
        Some(newest) if newest < week => sum_week(tx, series.revision, newest, None).await,
        _ => Ok(()),
    }
}

/// Makes a week anew from the sums of its days, of one model or of all.
async fn sum_week(
    tx: &DatabaseTransaction,
    revision: RevisionId,
    week: NaiveDate,
    model: Option<ModelId>,
) -> StoreResult<()> {
    let end = week.checked_add_days(DAYS).unwrap_or(week);
    let of_model = model.map_or_else(String::new, |model| format!(" AND model_id = {}", model.0));
    for sums in [OF_PROMPTS, OF_ENTITIES] {
        let Sums { days, weeks, .. } = sums;
        let sql = format!("DELETE FROM {weeks} WHERE revision_id = $1 AND week = $2{of_model}");
        rows::execute(tx, sql, [revision.0.into(), week.into()]).await?;
        let key = format!(
            "revision_id, model_id, query_id, {}workspace_id",
            sums.entity
        );
        let sql = format!(
            "INSERT INTO {weeks} ({key}, is_branded, week, {names}) \
             SELECT {key}, is_branded, $2, {summed} FROM {days} r \
             WHERE r.revision_id = $1 AND r.day >= $2 AND r.day < $3{of_model} \
             GROUP BY {key}, is_branded",
            names = (sums.names)(),
            summed = (sums.summed)("r"),
        );
        rows::execute(tx, sql, [revision.0.into(), week.into(), end.into()]).await?;
    }
    Ok(())
}

/// The values that [`parts`] of a period are read with: revision, first and last day, and the
/// days on which the whole weeks in it begin and end.
///
/// Read before the sums, not with them: meanwhile a week can at most become one that could
/// have been read as a whole.
pub(in crate::store) async fn values(
    connection: &impl ConnectionTrait,
    revision: Option<RevisionId>,
    from: NaiveDate,
    to: NaiveDate,
) -> StoreResult<[Value; 5]> {
    let revision = revision.unwrap_or(RevisionId(0));
    let newest = newest_day(connection, revision).await?;
    let (begin, end) = whole_weeks(from, to, newest);
    Ok([
        revision.0.into(),
        from.into(),
        to.into(),
        begin.into(),
        end.into(),
    ])
}

/// The whole weeks of a period that are summed: their first day, and the day after them. Both
/// are the day after the period where there is none.
fn whole_weeks(
    from: NaiveDate,
    to: NaiveDate,
    newest: Option<NaiveDate>,
) -> (NaiveDate, NaiveDate) {
    let next = |day: NaiveDate, days| day.checked_add_days(days).unwrap_or(day);
    let behind = next(to, Days::new(1));
    // The first Monday that is not before the period; the last Monday that is, or ends it.
    let begin = monday(next(from, Days::new(6)));
    let end = newest.map_or(begin, |newest| monday(behind).min(monday(newest)));
    if begin < end {
        (begin, end)
    } else {
        (behind, behind)
    }
}

/// The rows of a period that meet `condition` (on columns of `r`, with its `AND`), with
/// `columns` of them: of whole weeks the week's, of other days theirs. For [`values`].
pub(in crate::store) fn parts(sums: Sums, columns: &str, condition: &str) -> String {
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
        // The 2nd, 9th, 16th and 23rd are Mondays.
        for (from, to, newest, begin, end) in [
            (3, 22, 30, 9, 23),
            (2, 8, 30, 2, 9),
            (2, 9, 30, 2, 9),
            (1, 16, 30, 2, 16),
            (3, 14, 30, 15, 15),
            (3, 15, 30, 9, 16),
            (4, 4, 30, 5, 5),
            (9, 9, 30, 10, 10),
            // The newest week is none yet.
            (3, 22, 23, 9, 23),
            (3, 22, 22, 9, 16),
            (3, 22, 16, 9, 16),
            (3, 22, 15, 23, 23),
            (2, 22, 15, 2, 9),
            (2, 22, 1, 23, 23),
        ] {
            let found = whole_weeks(day(from), day(to), Some(day(newest)));
            assert_eq!(
                found,
                (day(begin), day(end)),
                "{from} to {to}, newest {newest}"
            );
        }
        assert_eq!(whole_weeks(day(2), day(22), None), (day(23), day(23)));
    }
}
