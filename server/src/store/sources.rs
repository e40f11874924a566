//! Sources as people read them: tables by domain and by page, and who cites one.
//!
//! Invariant: reads only. Whose a source is follows from the project's present entities.

use std::collections::HashMap;

use app::model::ids::{PageId, WorkspaceId};
use app::model::metrics::Ratio;
use app::model::sources::{
    AnswerSource, SourceKind, SourceQuery, SourceRow, SourceTable, SourceUnit, SourceUse,
};
use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::answers::citations;
use super::entity::answer;
use super::lanes::provider;
use super::projects::project_exists;
use super::projects::read_list;
use super::sums::COUNTED;
use super::{Store, StoreResult, rows};
use crate::analysis::citations::{Owners, read_sources, registrable};
use crate::metrics::cluster_wilson;

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;
/// Prompts and models that are named as citing a source.
const MOST_USES: u32 = 200;

/// Answers that cite a group of pages: one page of each domain stands for all of it.
const CITING: &str = "CAST(SUM(CASE WHEN c.is_cited AND c.leads THEN 1 ELSE 0 END) AS BIGINT)";
const RETRIEVED: &str =
    "CAST(SUM(CASE WHEN c.leads AND NOT c.is_cited THEN 1 ELSE 0 END) AS BIGINT)";
/// The same for a page alone, and the citations of any group.
const CITED: &str = "CAST(SUM(CASE WHEN c.is_cited THEN 1 ELSE 0 END) AS BIGINT)";
const NOT_CITED: &str = "CAST(SUM(CASE WHEN c.is_cited THEN 0 ELSE 1 END) AS BIGINT)";

impl Store {
    /// The sources of a project and period, the most cited first.
    pub async fn sources(
        &self,
        workspace: WorkspaceId,
        query: &SourceQuery,
    ) -> StoreResult<SourceTable> {
        let reader = self.reader();
        project_exists(reader, workspace, query.project_id).await?;
        let table = async {
            match query.unit {
                SourceUnit::Domain => by_domain(reader, query).await,
                SourceUnit::Page => by_page(reader, query).await,
            }
        };
        let (mut table, prompts) = tokio::try_join!(table, answers_by_prompt(reader, query))?;
        table.answers = prompts.values().sum();
        if query.domain.is_some() || query.page_id.is_some() {
            // Shares are of all citations, not of those that are shown.
            table.citations = all_citations(reader, query).await?;
        }
        let owners = owners(reader, query.project_id.0).await?;
        let citing = citing_by_prompt(reader, query, &table.rows).await?;
        for row in &mut table.rows {
            let host = match query.unit {
                SourceUnit::Domain => row.domain.clone(),
                SourceUnit::Page => std::mem::take(&mut row.domain),
            };
            (row.kind, row.entity) = owners.of(&host);
            if query.unit == SourceUnit::Page {
                row.domain = registrable(&host);
            }
            let own = citing.get(&key_of(row));
            let count = |prompt| own.and_then(|own| own.get(prompt)).copied().unwrap_or(0);
            let clusters: Vec<Ratio> = prompts
                .iter()
                .map(|(prompt, answers)| Ratio::new(count(prompt), *answers))
                .collect();
            row.interval = cluster_wilson(&clusters);
        }
        Ok(table)
    }

    /// The prompts and models whose answers cite the domain or page of `query`, those that cite
    /// it most often first, at most 200.
    pub async fn source_uses(
        &self,
        workspace: WorkspaceId,
        query: &SourceQuery,
    ) -> StoreResult<Vec<SourceUse>> {
        let reader = self.reader();
        project_exists(reader, workspace, query.project_id).await?;
        let (citing, retrieved) = counted(query.unit);
        let sql = format!(
            "SELECT c.query_id, q.query_text, c.model_id, m.model_display_name, m.provider, \
             {citing}, {retrieved} FROM llm_monitoring_citations c \
             JOIN llm_monitoring_pages p ON p.id = c.page_id \
             JOIN llm_monitoring_queries q ON q.id = c.query_id \
             JOIN llm_model_registry m ON m.id = c.model_id WHERE {} \
             GROUP BY c.query_id, q.query_text, c.model_id, m.model_display_name, m.provider \
             ORDER BY 6 DESC, 7 DESC, q.query_text, c.query_id, m.model_display_name, c.model_id \
             LIMIT {MOST_USES}",
            condition(query)
        );
        let found = rows::all(reader, sql, values(query)).await?;
        found.iter().map(source_use).collect()
    }
}

/// What counts as an answer that cites, and one that does not, in groups of this unit.
const fn counted(unit: SourceUnit) -> (&'static str, &'static str) {
    match unit {
        SourceUnit::Domain => (CITING, RETRIEVED),
        SourceUnit::Page => (CITED, NOT_CITED),
    }
}

/// The sums of each page, before anything is known about it: twice as fast as joining first.
fn page_sums(query: &SourceQuery) -> String {
    let page = query
        .page_id
        // A number, which holds no SQL.
        .map(|page| format!(" AND c.page_id = {page}"))
        .unwrap_or_default();
    format!(
        "SELECT c.page_id, {CITING} AS citing, {RETRIEVED} AS retrieved, {CITED} AS cited, \
         {NOT_CITED} AS not_cited FROM llm_monitoring_citations c WHERE {}{page} \
         GROUP BY c.page_id",
        of_period(query, "c")
    )
}

const fn of_domain(query: &SourceQuery) -> &'static str {
    if query.domain.is_some() {
        "WHERE p.domain = $4"
    } else {
        ""
    }
}

async fn by_domain(
    connection: &impl ConnectionTrait,
    query: &SourceQuery,
) -> StoreResult<SourceTable> {
    let sql = format!(
        "SELECT COUNT(*) OVER (), CAST(SUM(SUM(s.cited)) OVER () AS BIGINT), p.domain, \
         CAST(SUM(s.citing) AS BIGINT), CAST(SUM(s.cited) AS BIGINT), \
         CAST(SUM(s.retrieved) AS BIGINT), COUNT(*) FROM ({}) s \
         JOIN llm_monitoring_pages p ON p.id = s.page_id {} GROUP BY p.domain \
         ORDER BY 4 DESC, 5 DESC, 6 DESC, p.domain {}",
        page_sums(query),
        of_domain(query),
        part(query)
    );
    let found = rows::all(connection, sql, values(query)).await?;
    table(&found, |row| {
        let domain: String = row.try_get_by_index(2)?;
        Ok(SourceRow {
            page_id: None,
            name: domain.clone(),
            title: None,
            domain,
            site_only: false,
            kind: SourceKind::Other,
            entity: None,
            answers: row.try_get_by_index(3)?,
            citations: row.try_get_by_index(4)?,
            retrieved: row.try_get_by_index(5)?,
            pages: row.try_get_by_index(6)?,
            interval: None,
        })
    })
}

/// The rows' domain is the host until it is known whose it is.
async fn by_page(
    connection: &impl ConnectionTrait,
    query: &SourceQuery,
) -> StoreResult<SourceTable> {
    let sql = format!(
        "SELECT COUNT(*) OVER (), CAST(SUM(s.cited) OVER () AS BIGINT), p.id, p.url, p.title, \
         p.host, p.site_only, s.cited, s.not_cited FROM ({}) s \
         JOIN llm_monitoring_pages p ON p.id = s.page_id {} \
         ORDER BY s.cited DESC, s.not_cited DESC, p.url, p.id {}",
        page_sums(query),
        of_domain(query),
        part(query)
    );
    let found = rows::all(connection, sql, values(query)).await?;
    table(&found, |row| {
        let answers = row.try_get_by_index(7)?;
        Ok(SourceRow {
            page_id: Some(PageId(row.try_get_by_index(2)?)),
            name: row.try_get_by_index(3)?,
            title: row.try_get_by_index(4)?,
            domain: row.try_get_by_index(5)?,
            site_only: row.try_get_by_index(6)?,
            kind: SourceKind::Other,
            entity: None,
            answers,
            citations: answers,
            retrieved: row.try_get_by_index(8)?,
            pages: 1,
            interval: None,
        })
    })
}

fn table(
    found: &[QueryResult],
    row: impl Fn(&QueryResult) -> StoreResult<SourceRow>,
) -> StoreResult<SourceTable> {
    let first = found.first();
    let total = |index| first.map_or(Ok(0), |row| row.try_get_by_index(index));
    Ok(SourceTable {
        total: total(0)?,
        citations: total(1)?,
        answers: 0,
        rows: found.iter().map(row).collect::<StoreResult<_>>()?,
    })
}

/// The page, or the domain, that a row is.
fn key_of(row: &SourceRow) -> String {
    row.page_id
        .map_or_else(|| row.name.clone(), |page| page.to_string())
}

/// How many answers each prompt has in the period: `n`, prompt by prompt.
async fn answers_by_prompt(
    connection: &impl ConnectionTrait,
    query: &SourceQuery,
) -> StoreResult<HashMap<i64, i64>> {
    let sql = format!(
        "SELECT a.query_id, COUNT(*) FROM llm_monitoring_results a WHERE {} \
         AND a.outcome IN {COUNTED} GROUP BY a.query_id",
        of_period(query, "a")
    );
    let found = rows::all(connection, sql, period_values(query)).await?;
    found
        .iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
        .collect()
}

/// All citations of the period.
async fn all_citations(connection: &impl ConnectionTrait, query: &SourceQuery) -> StoreResult<i64> {
    let sql = format!(
        "SELECT COUNT(*) FROM llm_monitoring_citations c WHERE {} AND c.is_cited",
        of_period(query, "c")
    );
    let row = rows::one(connection, sql, period_values(query)).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}

/// How many answers of each prompt cite each of `shown`, by [`key_of`] and prompt.
async fn citing_by_prompt(
    connection: &impl ConnectionTrait,
    query: &SourceQuery,
    shown: &[SourceRow],
) -> StoreResult<HashMap<String, HashMap<i64, i64>>> {
    if shown.is_empty() {
        return Ok(HashMap::new());
    }
    let (citing, _) = counted(query.unit);
    let (key, which) = match query.unit {
        SourceUnit::Page => {
            let ids = shown.iter().filter_map(|row| row.page_id);
            let ids = rows::id_list(ids.map(|page| page.0));
            ("CAST(p.id AS TEXT)", format!("p.id IN ({ids})"))
        }
        SourceUnit::Domain => {
            let names: Vec<String> = (0..shown.len()).map(|at| format!("${}", at + 4)).collect();
            ("p.domain", format!("p.domain IN ({})", names.join(", ")))
        }
    };
    let sql = format!(
        "SELECT {key}, c.query_id, {citing} FROM llm_monitoring_citations c \
         JOIN llm_monitoring_pages p ON p.id = c.page_id WHERE {} AND {which} \
         GROUP BY {key}, c.query_id",
        of_period(query, "c")
    );
    let mut parameters = period_values(query).to_vec();
    if query.unit == SourceUnit::Domain {
        parameters.extend(shown.iter().map(|row| Value::from(row.name.as_str())));
    }
    let mut counts: HashMap<String, HashMap<i64, i64>> = HashMap::new();
    for row in rows::all(connection, sql, parameters).await? {
        let of_source = counts.entry(row.try_get_by_index(0)?).or_default();
        of_source.insert(row.try_get_by_index(1)?, row.try_get_by_index(2)?);
    }
    Ok(counts)
}

/// The domains of the entities that are watched now.
async fn owners(connection: &impl ConnectionTrait, project: i64) -> StoreResult<Owners> {
    let sql = "SELECT name, is_brand, domains FROM llm_monitoring_entities \
        WHERE project_id = $1 AND removed_at IS NULL ORDER BY is_brand DESC, position, id";
    let mut entities: Vec<(String, bool, Vec<String>)> = Vec::new();
    for row in rows::all(connection, sql, [project.into()]).await? {
        let domains: String = row.try_get_by_index(2)?;
        entities.push((
            row.try_get_by_index(0)?,
            row.try_get_by_index(1)?,
            read_list(&domains)?,
        ));
    }
    let borrowed = entities
        .iter()
        .map(|(name, is_brand, domains)| (name.as_str(), *is_brand, domains.as_slice()));
    Ok(Owners::new(borrowed))
}

/// The sources of an answer: each page once, whose it is, and its marks in the text.
pub(super) async fn answer_sources(
    connection: &impl ConnectionTrait,
    stored: &answer::Model,
) -> StoreResult<Vec<AnswerSource>> {
    let cited = citations(&stored.citations)?;
    if cited.is_empty() {
        return Ok(Vec::new());
    }
    let owners = owners(connection, stored.project_id).await?;
    Ok(read_sources(&stored.full_response, &cited, &owners))
}

fn source_use(row: &QueryResult) -> StoreResult<SourceUse> {
    Ok(SourceUse {
        prompt_id: row.try_get_by_index::<i64>(0)?.into(),
        prompt_text: row.try_get_by_index(1)?,
        model_id: row.try_get_by_index::<i64>(2)?.into(),
        model_name: row.try_get_by_index(3)?,
        provider: provider(&row.try_get_by_index::<String>(4)?)?,
        answers: row.try_get_by_index(5)?,
        retrieved: row.try_get_by_index(6)?,
    })
}

/// The condition for `$1` to `$3` on the project, days and models of a table.
fn of_period(query: &SourceQuery, alias: &str) -> String {
    let models = if query.model_ids.is_empty() {
        String::new()
    } else {
        let ids = rows::id_list(query.model_ids.iter().map(|model| model.0));
        format!(" AND {alias}.model_id IN ({ids})")
    };
    format!(
        "{alias}.project_id = $1 AND {alias}.analysis_day >= $2 AND {alias}.analysis_day <= $3{models}"
    )
}

/// The condition for [`values`], on citations `c` and pages `p`.
fn condition(query: &SourceQuery) -> String {
    let mut condition = of_period(query, "c");
    if query.domain.is_some() {
        condition.push_str(" AND p.domain = $4");
    }
    if let Some(page) = query.page_id {
        // A number, which holds no SQL.
        condition = format!("{condition} AND p.id = {page}");
    }
    condition
}

fn period_values(query: &SourceQuery) -> [Value; 3] {
    [
        query.project_id.0.into(),
        query.from.into(),
        query.to.into(),
    ]
}

fn values(query: &SourceQuery) -> Vec<Value> {
    let mut values = period_values(query).to_vec();
    values.extend(query.domain.clone().map(Value::from));
    values
}

fn part(query: &SourceQuery) -> String {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
    format!("LIMIT {limit} OFFSET {}", query.offset)
}
