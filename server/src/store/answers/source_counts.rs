//! How often answers cite pages: read once by page and prompt, then summed by page or by domain.
//!
//! Invariant: reads only. Citations are counted as they are stored; answers are those of the
//! sums, and of lanes that are not summed yet.

use std::collections::HashMap;
use std::hash::Hash;

use app::model::ids::RevisionId;
use app::model::sources::SourceQuery;
use sea_orm::{ConnectionTrait, Value};

use crate::store::StoreResult;
use crate::store::sql::record::{Record, record};
use crate::store::sql::rows;
use crate::store::sums::columns::{COUNTED, of_models, sum};
use crate::store::sums::weeks::{self, OF_PROMPTS};

/// The column of [`Counted`] that says the page.
const PAGE: &str = "c.page_id";

/// Up to so many days, citations are looked for by day.
const FEW_DAYS: i64 = 31;

record! {
    /// Citations of one page in answers to one prompt.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(super) struct Counted {
        page: i64 = PAGE,
        prompt: i64 = "c.query_id",
        /// Whether the answers refer to it.
        pub(super) is_cited: bool = "c.is_cited",
        /// Whether it stands for its domain in them.
        pub(super) leads: bool = "c.leads",
        pub(super) citations: i64 = "COUNT(*)",
    }
}

/// The sums of a page or of a domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Answers that cite the domain.
    pub(super) citing: i64,
    /// Answers that were shown pages of the domain, and cite none.
    pub(super) retrieved: i64,
    /// Citations.
    pub(super) cited: i64,
    /// Pages that answers were shown, and do not cite.
    pub(super) not_cited: i64,
    pub(super) pages: i64,
    last_page: Option<i64>,
    by_prompt: HashMap<i64, i64>,
}

impl Tally {
    /// Sums of what `key` puts together; by prompt, those of them that are `wanted`.
    pub(super) fn by<K: Eq + Hash>(
        counted: &[Counted],
        key: impl Fn(i64) -> Option<K>,
        wanted: impl Fn(&Counted) -> bool,
    ) -> HashMap<K, Self> {
        let mut tallies: HashMap<K, Self> = HashMap::new();
        for counted in counted {
            if let Some(key) = key(counted.page) {
                tallies
                    .entry(key)
                    .or_default()
                    .add(counted, wanted(counted));
            }
        }
        tallies
    }

    /// What is counted comes page by page.
    fn add(&mut self, counted: &Counted, wanted: bool) {
        let citations = counted.citations;
        if self.last_page.replace(counted.page) != Some(counted.page) {
            self.pages += 1;
        }
        let (own, leading) = if counted.is_cited {
            (&mut self.cited, &mut self.citing)
        } else {
            (&mut self.not_cited, &mut self.retrieved)
        };
        *own += citations;
        if counted.leads {
            *leading += citations;
        }
        if wanted {
            *self.by_prompt.entry(counted.prompt).or_default() += citations;
        }
    }

    /// Answers to this prompt that cite it.
    pub(super) fn of_prompt(&self, prompt: i64) -> i64 {
        self.by_prompt.get(&prompt).copied().unwrap_or(0)
    }
}

/// The citations of a period, of all pages or of these.
pub(super) async fn counts(
    connection: &impl ConnectionTrait,
    query: &SourceQuery,
    pages: Option<&[i64]>,
) -> StoreResult<Vec<Counted>> {
    let of_pages = pages.map_or_else(String::new, |pages| {
        format!(
            " AND c.page_id IN ({})",
            rows::id_list(pages.iter().copied())
        )
    });
    // SQLite knows no figures of the table: it is told which index to read. The sign hides the
    // order of the one of pages where few days are asked for.
    let days = (query.to - query.from).num_days() + 1;
    let (sign, period) = if pages.is_none() && days <= FEW_DAYS {
        ("+", of_period(query, "c"))
    } else {
        ("", of_long_period(query, "c"))
    };
    let columns = Counted::columns_by(&|column| match column {
        PAGE => format!("{sign}{PAGE}"),
        other => other.to_owned(),
    });
    let sql = format!(
        "SELECT {} FROM llm_monitoring_citations c WHERE {period}{of_pages} \
         GROUP BY {sign}{PAGE}, c.query_id, c.is_cited, c.leads",
        columns.join(", ")
    );
    let mut counted: Vec<Counted> = rows::read(connection, sql, period_values(query)).await?;
    counted.sort_by_key(|counted| counted.page);
    Ok(counted)
}

/// The pages that the query is about; `None`: all.
pub(super) async fn pages_of(
    connection: &impl ConnectionTrait,
    query: &SourceQuery,
) -> StoreResult<Option<Vec<i64>>> {
    let Some(domain) = &query.domain else {
        return Ok(query.page_id.map(|page| vec![page.0]));
    };
    let sql = "SELECT id FROM llm_monitoring_pages WHERE project_id = $1 AND domain = $2";
    let values = [query.project_id.0.into(), domain.as_str().into()];
    let mut pages: Vec<i64> = rows::column(connection, sql, values).await?;
    pages.retain(|page| query.page_id.is_none_or(|wanted| wanted.0 == *page));
    Ok(Some(pages))
}

/// How many answers each prompt has in the period: `n`, prompt by prompt. From the sums, which a
/// lane's answers are in as soon as it is done; while one is open, some of its answers may be in
/// the sums of a day that something else made anew, so the answers themselves are counted.
pub(super) async fn answers_by_prompt(
    connection: &impl ConnectionTrait,
    query: &SourceQuery,
    revision: Option<RevisionId>,
) -> StoreResult<HashMap<i64, i64>> {
    let found: Vec<(i64, i64)> = if has_open_lane(connection, query).await? {
        // Looked up by themselves first, as the sums of a day are.
        let sql = format!(
            "WITH a AS MATERIALIZED (SELECT a.query_id FROM llm_monitoring_results a WHERE {} \
             AND a.outcome IN {COUNTED}) SELECT query_id, COUNT(*) FROM a GROUP BY query_id",
            of_period(query, "a")
        );
        rows::pairs(connection, sql, period_values(query)).await?
    } else {
        let models = of_models("r", &query.model_ids);
        let sql = format!(
            "SELECT p.query_id, {} FROM {} p GROUP BY p.query_id",
            sum("p.answers"),
            weeks::parts(OF_PROMPTS, "r.query_id, r.answers", &models)
        );
        let values = weeks::values(connection, revision, query.from, query.to).await?;
        rows::pairs(connection, sql, values).await?
    };
    let answered = found.into_iter().filter(|(_, answers)| *answers > 0);
    Ok(answered.collect())
}

async fn has_open_lane(
    connection: &impl ConnectionTrait,
    query: &SourceQuery,
) -> StoreResult<bool> {
    let sql = "SELECT l.id FROM llm_monitoring_analysis_runs u \
        JOIN llm_monitoring_lanes l ON l.run_id = u.id AND l.status <> 'done' \
        WHERE u.project_id = $1 AND u.finished_at IS NULL LIMIT 1";
    let row = rows::one(connection, sql, [query.project_id.0.into()]).await?;
    Ok(row.is_some())
}

/// All citations of the period.
pub(super) async fn all_citations(
    connection: &impl ConnectionTrait,
    query: &SourceQuery,
) -> StoreResult<i64> {
    let sql = format!(
        "SELECT COUNT(*) FROM llm_monitoring_citations c WHERE {} AND c.is_cited",
        of_period(query, "c")
    );
    let citations = rows::value(connection, sql, period_values(query)).await?;
    Ok(citations.unwrap_or(0))
}

/// The condition for [`period_values`] on the project, days and models of a table.
pub(super) fn of_period(query: &SourceQuery, alias: &str) -> String {
    format!(
        "{alias}.project_id = $1 AND {alias}.analysis_day >= $2 AND {alias}.analysis_day <= $3{}",
        of_models(alias, &query.model_ids)
    )
}

/// The same, hidden from indexes of days: for those that have a period's rows in another order.
pub(super) fn of_long_period(query: &SourceQuery, alias: &str) -> String {
    format!(
        "{alias}.project_id = $1 AND ({alias}.analysis_day >= $2 AND {alias}.analysis_day <= $3) \
         IS TRUE{}",
        of_models(alias, &query.model_ids)
    )
}

pub(super) fn period_values(query: &SourceQuery) -> [Value; 3] {
    [
        query.project_id.0.into(),
        query.from.into(),
        query.to.into(),
    ]
}
