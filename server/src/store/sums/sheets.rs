//! Sheets: the sums of one model and day as one row, which pages of periods are read from.
//!
//! Invariant: a sheet that counts is what the rollups of its model and day are. It is made in one
//! way, [`make`], which reads these rollups and writes the sheet in one transaction under the lock
//! of their revision. Whoever writes or deletes rollups of a revision holds that lock until it
//! commits, and makes the sheets of what it wrote before it does; so while a sheet is made nobody
//! changes its rollups, and who changes them later makes it again. Beyond that a sheet counts only
//! with the moment at which its snapshot changed last: a host of an older version, which knows no
//! sheets, changes the snapshot with the rollups. A sheet belongs to its snapshot, goes with it, and
//! is never made without one. What has no sheet that counts (a day from before there were any, or of
//! a backup, which has none) is made when somebody reads it.
//!
//! Invariant: what answers cite is in the sheet once they are summed. Citations are written with
//! their answers, and the end of the lane makes the sums of its days, and so their sheets, after the
//! last of them; a sheet that somebody made meanwhile has some already. Whoever writes citations of
//! answers that are summed makes the sheets anew before it commits ([`make_days`]). They go only with
//! their project.

use std::collections::BTreeSet;

use app::model::ids::{EntityId, ModelId, ProjectId, PromptId};
use app::model::metrics::SnapshotSums;
use chrono::{Days, NaiveDate};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};
use tokio::task;

use super::columns::columns;
use super::period::Period;
use super::rollups;
use super::series::Series;
use super::sheet::{CitedDomain, Part, Sheet, SheetRow, WIDTH};
use super::sheet_totals::SheetTotals;
use crate::store::projects::revisions;
use crate::store::sql::cell::Bytes;
use crate::store::sql::record::{Cells, record};
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};
use statistics::Voice;

/// Days whose sheets are in memory at a time.
const DAYS_AT_ONCE: Days = Days::new(31);

/// Sheets that are made in one transaction: who wants to write meanwhile waits that long.
const MADE_AT_ONCE: usize = 16;

record! {
    /// A model's day, and its sheet where that counts.
    struct StoredSheet {
        model: ModelId = "s.model_id",
        day: NaiveDate = "s.snapshot_date",
        sheet: Option<Bytes> = "t.sheet",
    }
}

record! {
    for Voice {
        entity: EntityId = "entity_id",
        prompt: PromptId = "query_id",
        mentions: i64 = "mentions",
    }
}

record! {
    /// Mentions of one entity in the answers to one prompt.
    struct Named {
        voice: Voice as "e.",
        is_branded: bool = "e.is_branded",
    }
}

record! {
    /// Answers to one prompt that cite a domain.
    struct Cited {
        domain: String = "p.domain",
        prompt: PromptId = "c.query_id",
        answers: i64 = "COUNT(*)",
    }
}

impl Store {
    /// What a part of the sheets of a period comes to. Makes those that are not there.
    pub(super) async fn sheet_totals(
        &self,
        period: Period<'_>,
        part: Part,
    ) -> StoreResult<SheetTotals> {
        let mut totals = SheetTotals::of(period.picked.prompts, part);
        for days in period.parts(DAYS_AT_ONCE) {
            let rest = format!(
                "FROM llm_monitoring_snapshots s LEFT JOIN llm_monitoring_day_sheets t \
                 ON t.snapshot_id = s.id AND t.made_at = s.updated_at WHERE {}",
                days.snapshots()
            );
            let found: Vec<StoredSheet> = rows::select(self.reader(), rest, days.values()).await?;
            // Some milliseconds of computing, in which others go on.
            let added = task::spawn_blocking(move || {
                let missing = add_stored(&mut totals, found, part);
                (totals, missing)
            });
            let (with_stored, missing) = added
                .await
                .map_err(|error| StoreError::Corrupt(error.to_string()))?;
            totals = with_stored;
            let missing = missing_of(days, &missing);
            for some in missing.chunks(MADE_AT_ONCE) {
                for (series, sheet) in self.missing_sheets(some).await? {
                    totals.add(series.model, series.day, &sheet);
                }
            }
        }
        Ok(totals)
    }

    /// Sheets that are not there, made and kept. What is shown does not depend on whether they can
    /// be kept.
    async fn missing_sheets(&self, missing: &[Series]) -> StoreResult<Vec<(Series, Sheet)>> {
        match self.make_sheets(missing).await {
            Ok(made) => return Ok(made),
            Err(error) => tracing::warn!(%error, "sheets of sums are read, but not kept"),
        }
        let mut found = Vec::with_capacity(missing.len());
        for series in missing {
            found.push((*series, sheet_of_rollups(self.reader(), *series).await?));
        }
        Ok(found)
    }

    async fn make_sheets(&self, missing: &[Series]) -> StoreResult<Vec<(Series, Sheet)>> {
        let tx = self.begin_write().await?;
        let mut made = Vec::with_capacity(missing.len());
        for series in missing {
            rollups::lock(&tx, series.revision).await?;
            made.push((*series, make(&tx, *series).await?));
        }
        tx.commit().await?;
        Ok(made)
    }
}

/// Adds the sheets that are there; the days and models of those that are not.
fn add_stored(
    totals: &mut SheetTotals,
    found: Vec<StoredSheet>,
    part: Part,
) -> Vec<(ModelId, NaiveDate)> {
    let mut missing = Vec::new();
    for StoredSheet { model, day, sheet } in found {
        match sheet.and_then(|Bytes(packed)| Sheet::unpack(&packed, part)) {
            Some(sheet) => totals.add(model, day, &sheet),
            None => missing.push((model, day)),
        }
    }
    missing
}

fn missing_of(period: Period<'_>, missing: &[(ModelId, NaiveDate)]) -> Vec<Series> {
    let Some(revision) = period.revision else {
        return Vec::new();
    };
    let series = |&(model, day): &(ModelId, NaiveDate)| Series {
        project: period.project,
        revision,
        model,
        day,
    };
    missing.iter().map(series).collect()
}

/// Makes a sheet anew from its rollups. Call [`rollups::lock`] before, and after the last change of
/// its snapshot in this transaction.
pub(super) async fn make(tx: &DatabaseTransaction, series: Series) -> StoreResult<Sheet> {
    let sheet = sheet_of_rollups(tx, series).await?;
    let sql = "INSERT INTO llm_monitoring_day_sheets (snapshot_id, workspace_id, made_at, sheet) \
        SELECT s.id, s.workspace_id, s.updated_at, $4 FROM llm_monitoring_snapshots s \
        WHERE s.revision_id = $1 AND s.model_id = $2 AND s.snapshot_date = $3 \
        AND s.prompts = 'all' ON CONFLICT (snapshot_id) DO UPDATE SET \
        made_at = excluded.made_at, sheet = excluded.sheet";
    let packed: Value = sheet.pack().into();
    rows::execute(tx, sql, series.key().into_iter().chain([packed])).await?;
    Ok(sheet)
}

/// Makes the sheets of these models and days anew, under each revision that the project has: for
/// whoever changes what answers cite that are summed, and no sum of them.
pub(in crate::store) async fn make_days(
    tx: &DatabaseTransaction,
    project: ProjectId,
    days: &BTreeSet<(ModelId, NaiveDate)>,
) -> StoreResult<()> {
    revisions::hold(tx, project).await?;
    for revision in revisions::current(tx, project).await? {
        rollups::lock(tx, revision).await?;
        for &(model, day) in days {
            let series = Series {
                project,
                revision,
                model,
                day,
            };
            make(tx, series).await?;
        }
    }
    Ok(())
}

/// What the rollups of a model and day are just now, and what its answers cite.
async fn sheet_of_rollups(connection: &impl ConnectionTrait, series: Series) -> StoreResult<Sheet> {
    let sql = format!(
        "SELECT r.query_id, r.is_branded, {} FROM llm_monitoring_rollups r \
         WHERE r.revision_id = $1 AND r.model_id = $2 AND r.day = $3 ORDER BY r.query_id",
        columns::<SnapshotSums>("r")
    );
    let mut sheet = Sheet::default();
    for row in rows::all(connection, sql, series.key()).await? {
        let mut cells = Cells::of(&row);
        let (prompt, is_branded) = (cells.cell()?, cells.cell()?);
        let mut numbers = [0; WIDTH];
        for number in &mut numbers {
            *number = cells.cell()?;
        }
        sheet.rows.push(SheetRow {
            prompt,
            is_branded,
            numbers,
        });
    }
    let rest = "FROM llm_monitoring_entity_rollups e WHERE e.revision_id = $1 \
        AND e.model_id = $2 AND e.day = $3 ORDER BY e.entity_id, e.query_id";
    let named: Vec<Named> = rows::select(connection, rest, series.key()).await?;
    for Named { voice, is_branded } in named {
        if is_branded {
            sheet.branded.push(voice);
        } else {
            sheet.voices.push(voice);
        }
    }
    sheet.sources = sources(connection, series).await?;
    Ok(sheet)
}

/// What the answers of a model and day cite, by domain: an answer cites it once, with the page that
/// leads. From citation to page: SQLite keeps to the order of a `CROSS JOIN`.
async fn sources(
    connection: &impl ConnectionTrait,
    series: Series,
) -> StoreResult<Vec<CitedDomain>> {
    let rest = "FROM llm_monitoring_citations c CROSS JOIN llm_monitoring_pages p \
        WHERE c.project_id = $1 AND c.model_id = $2 AND c.analysis_day = $3 AND c.is_cited \
        AND c.leads AND p.id = c.page_id GROUP BY p.domain, c.query_id \
        ORDER BY p.domain, c.query_id";
    let values: [Value; 3] = [
        series.project.0.into(),
        series.model.0.into(),
        series.day.into(),
    ];
    let found: Vec<Cited> = rows::select(connection, rest, values).await?;
    let mut sources: Vec<CitedDomain> = Vec::new();
    for cited in found {
        let answers = (cited.prompt, cited.answers);
        match sources.last_mut() {
            Some(last) if last.domain == cited.domain => last.answers.push(answers),
            _ => sources.push(CitedDomain {
                domain: cited.domain,
                answers: vec![answers],
            }),
        }
    }
    Ok(sources)
}
