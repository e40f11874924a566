//! Sources as people read them: tables by domain and by page, and who cites one.
//!
//! Invariant: reads only. Whose a source is follows from the project's present entities.

use std::collections::HashMap;

use analysis::citations::{Owners, read_sources, registrable};
use app::model::answer::CitationView;
use app::model::ids::{ModelId, PageId, ProjectId, PromptId, WorkspaceId};
use app::model::metrics::{Ratio, citation_rate};
use app::model::provider::Provider;
use app::model::sources::{
    AnswerSource, SourceKind, SourceQuery, SourceRow, SourceTable, SourceUnit, SourceUse,
};
use engine::bytes_to_read;
use runtime::long_texts;
use sea_orm::{ConnectionTrait, DbBackend};

use super::source_counts::{
    Counted, Tally, all_citations, answers_by_prompt, counts, of_long_period, pages_of,
    period_values,
};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreResult};
use statistics::cluster_wilson;

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;
/// Prompts and models that are named as citing a source.
const MOST_USES: u32 = 200;

impl Store {
    /// The sources of a project and period, the most cited first.
    pub async fn sources(
        &self,
        workspace_id: WorkspaceId,
        query: &SourceQuery,
    ) -> StoreResult<SourceTable> {
        let reader = self.reader();
        project_exists(reader, workspace_id, query.project_id).await?;
        let revision = self.active_revision(workspace_id, query.project_id).await?;
        let pages = pages_of(reader, query).await?;
        let (counted, prompts, all) = tokio::try_join!(
            counts(reader, query, pages.as_deref()),
            answers_by_prompt(reader, query, revision),
            async {
                // Shares are of all citations, not of those that are shown.
                match pages {
                    Some(_) => all_citations(reader, query).await.map(Some),
                    None => Ok(None),
                }
            }
        )?;
        let cited = counted.iter().filter(|counted| counted.is_cited);
        let citations = all.unwrap_or_else(|| cited.map(|counted| counted.citations).sum());
        let (total, mut shown) = match query.unit {
            SourceUnit::Domain => by_domain(reader, query, &counted).await?,
            SourceUnit::Page => by_page(reader, query, &counted).await?,
        };
        let owners = owners(reader, query.project_id.0).await?;
        for (row, tally) in &mut shown {
            (row.kind, row.entity) = owners.of(&row.domain);
            if query.unit == SourceUnit::Page {
                row.domain = registrable(&row.domain);
            }
            let clusters: Vec<Ratio> = prompts
                .iter()
                .map(|(prompt, answers)| citation_rate(tally.of_prompt(*prompt), *answers))
                .collect();
            row.interval = cluster_wilson(&clusters);
        }
        Ok(SourceTable {
            rows: shown.into_iter().map(|(row, _)| row).collect(),
            total,
            answers: prompts.values().sum(),
            citations,
            left_out: Vec::new(),
        })
    }

    /// The prompts and models whose answers cite the domain or page of `query`, those that cite
    /// it most often first, at most 200.
    pub async fn source_uses(
        &self,
        workspace_id: WorkspaceId,
        query: &SourceQuery,
    ) -> StoreResult<Vec<SourceUse>> {
        let reader = self.reader();
        project_exists(reader, workspace_id, query.project_id).await?;
        let of_pages = pages_of(reader, query)
            .await?
            .map_or_else(String::new, |pages| {
                format!(" AND c.page_id IN ({})", rows::id_list(pages))
            });
        let sum = |condition: &str| crate::store::sums::columns::count_if(condition);
        let (citing, retrieved) = match query.unit {
            SourceUnit::Domain => (
                sum("c.is_cited AND c.leads"),
                sum("c.leads AND NOT c.is_cited"),
            ),
            SourceUnit::Page => (sum("c.is_cited"), sum("NOT c.is_cited")),
        };
        let rest = format!(
            "FROM (SELECT c.query_id, c.model_id, {citing} AS citing, \
                 {retrieved} AS retrieved FROM llm_monitoring_citations c WHERE {}{of_pages} \
                 GROUP BY c.query_id, c.model_id) u \
             JOIN llm_monitoring_queries q ON q.id = u.query_id \
             JOIN llm_model_registry m ON m.id = u.model_id \
             ORDER BY u.citing DESC, u.retrieved DESC, q.query_text, u.query_id, \
             m.model_display_name, u.model_id \
             LIMIT {MOST_USES}",
            of_long_period(query, "c")
        );
        rows::select(reader, rest, period_values(query)).await
    }
}

/// How many domains there are, and those that are shown.
async fn by_domain(
    connection: &impl ConnectionTrait,
    query: &SourceQuery,
    counted: &[Counted],
) -> StoreResult<(i64, Vec<(SourceRow, Tally)>)> {
    let sql = "SELECT id, domain FROM llm_monitoring_pages WHERE project_id = $1";
    let found = rows::pairs(connection, sql, [query.project_id.0.into()]).await?;
    let domains: HashMap<i64, String> = found.into_iter().collect();
    let domain_of = |page: i64| domains.get(&page).map(String::as_str);
    let tallies = Tally::by(counted, domain_of, |counted| {
        counted.is_cited && counted.leads
    });
    let mut tallies: Vec<(&str, Tally)> = tallies.into_iter().collect();
    tallies.sort_by(|(name, one), (other_name, other)| {
        let places = |tally: &Tally| (tally.citing, tally.cited, tally.retrieved);
        places(other).cmp(&places(one)).then(name.cmp(other_name))
    });
    let total = i64::try_from(tallies.len()).unwrap_or(i64::MAX);
    let (offset, limit) = part(query);
    let shown = tallies.into_iter().skip(offset).take(limit);
    let row = |(domain, tally): (&str, Tally)| {
        let row = SourceRow {
            page_id: None,
            name: domain.to_owned(),
            title: None,
            domain: domain.to_owned(),
            site_only: false,
            kind: SourceKind::Other,
            entity: None,
            answers: tally.citing,
            citations: tally.cited,
            retrieved: tally.retrieved,
            pages: tally.pages,
            interval: None,
        };
        (row, tally)
    };
    Ok((total, shown.map(row).collect()))
}

record! {
    struct CitedPage {
        id: PageId = "id",
        url: String = "url",
        title: Option<String> = "title",
        host: String = "host",
        site_only: bool = "site_only",
    }
}

/// How many pages there are, and those that are shown. The rows' domain is the host until it is
/// known whose it is.
async fn by_page(
    connection: &impl ConnectionTrait,
    query: &SourceQuery,
    counted: &[Counted],
) -> StoreResult<(i64, Vec<(SourceRow, Tally)>)> {
    let tallies = Tally::by(counted, Some, |counted| counted.is_cited);
    let mut places: Vec<((i64, i64), i64)> = tallies
        .iter()
        .map(|(page, tally)| ((tally.cited, tally.not_cited), *page))
        .collect();
    places.sort_unstable_by(|one, other| other.cmp(one));
    let total = i64::try_from(places.len()).unwrap_or(i64::MAX);
    let shown = shown_pages(connection, &places, part(query)).await?;
    let rest = format!(
        "FROM llm_monitoring_pages WHERE id IN ({})",
        rows::id_list(shown.iter().copied())
    );
    let mut tallies = tallies;
    let mut listed = Vec::with_capacity(shown.len());
    let pages: Vec<CitedPage> = rows::select(connection, rest, []).await?;
    for page in pages {
        let tally = tallies.remove(&page.id.0).unwrap_or_default();
        let row = SourceRow {
            page_id: Some(page.id),
            name: page.url,
            title: page.title,
            domain: page.host,
            site_only: page.site_only,
            kind: SourceKind::Other,
            entity: None,
            answers: tally.cited,
            citations: tally.cited,
            retrieved: tally.not_cited,
            pages: 1,
            interval: None,
        };
        listed.push((row, tally));
    }
    listed.sort_by(|(one, _), (other, _)| {
        let counts = |row: &SourceRow| (row.citations, row.retrieved);
        let names = || (&one.name, one.page_id).cmp(&(&other.name, other.page_id));
        counts(other).cmp(&counts(one)).then_with(names)
    });
    Ok((total, listed))
}

/// Which pages are shown, of all with their counts, those with the highest first. Of pages that
/// are cited as often the addresses decide. There may be a million of those, each cited once: the
/// database puts them in order, and no more than is shown is read of them.
async fn shown_pages(
    connection: &impl ConnectionTrait,
    places: &[((i64, i64), i64)],
    (offset, limit): (usize, usize),
) -> StoreResult<Vec<i64>> {
    let end = places.len().min(offset.saturating_add(limit));
    let mut shown = Vec::new();
    let mut at = offset;
    while at < end {
        let counts = places[at].0;
        let first = places.partition_point(|(others, _)| *others > counts);
        let behind = places.partition_point(|(others, _)| *others >= counts);
        let alike = places[first..behind].iter().map(|(_, page)| *page);
        let until = behind.min(end);
        if first == at && until == behind {
            shown.extend(alike);
        } else {
            shown.extend(by_address(connection, alike, (at - first, until - at)).await?);
        }
        at = until;
    }
    Ok(shown)
}

/// Of these pages so many behind so many, by their addresses, letter by letter.
async fn by_address(
    connection: &impl ConnectionTrait,
    pages: impl Iterator<Item = i64>,
    (offset, limit): (usize, usize),
) -> StoreResult<Vec<i64>> {
    let bytewise = match connection.get_database_backend() {
        DbBackend::Postgres => " COLLATE \"C\"",
        _ => "",
    };
    let sql = format!(
        "SELECT id FROM llm_monitoring_pages WHERE id IN ({}) \
         ORDER BY url{bytewise}, id LIMIT $1 OFFSET $2",
        rows::id_list(pages)
    );
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let part = [number(limit).into(), number(offset).into()];
    rows::column(connection, sql, part).await
}

record! {
    /// An entity with its domains.
    struct Owner {
        name: String = "name",
        is_brand: bool = "is_brand",
        domains: Vec<String> = "domains",
    }
}

/// The domains of the entities that are watched now.
async fn owners(connection: &impl ConnectionTrait, project: i64) -> StoreResult<Owners> {
    let rest = "FROM llm_monitoring_entities \
        WHERE project_id = $1 AND removed_at IS NULL ORDER BY is_brand DESC, position, id";
    let entities: Vec<Owner> = rows::select(connection, rest, [project.into()]).await?;
    let borrowed = entities.iter().map(|owner| {
        (
            owner.name.as_str(),
            owner.is_brand,
            owner.domains.as_slice(),
        )
    });
    Ok(Owners::new(borrowed))
}

/// The sources of an answer: each page once, whose it is, and its marks in the text.
pub(super) async fn answer_sources(
    connection: &impl ConnectionTrait,
    project: ProjectId,
    text: &str,
    cited: &[CitationView],
) -> StoreResult<Vec<AnswerSource>> {
    if cited.is_empty() {
        return Ok(Vec::new());
    }
    let owners = owners(connection, project.0).await?;
    let (text, cited) = (text.to_owned(), cited.to_vec());
    let addresses = cited.iter().map(|citation| citation.url.as_str());
    let bytes = bytes_to_read(&text, addresses);
    let reading = long_texts::read(bytes, move || read_sources(&text, &cited, &owners));
    Ok(reading.await?)
}

record! {
    for SourceUse {
        prompt_id: PromptId = "u.query_id",
        prompt_text: String = "q.query_text",
        model_id: ModelId = "u.model_id",
        model_name: String = "m.model_display_name",
        provider: Provider = "m.provider",
        answers: i64 = "u.citing",
        retrieved: i64 = "u.retrieved",
    }
}

/// Where the rows that are shown begin, and how many they are.
fn part(query: &SourceQuery) -> (usize, usize) {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
    (query.offset as usize, limit as usize)
}
