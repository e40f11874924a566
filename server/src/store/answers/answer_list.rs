//! Which answers a table shows: a page of them, the newest first, and how many there are.
//!
//! Invariant: reads only. The newest are those of the last day, and of a day those that were
//! stored last: in this order an index has them, so that a page is found without sorting.

use std::collections::BTreeSet;

use app::model::answer::{AnswerFilter, AnswerPage, Sentiment};
use app::model::ids::{AnswerId, ProjectId, WorkspaceId};
use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Value};

use super::answer_columns::CitingAnswer;
use crate::store::sql::tenant::project_exists;
use crate::store::sql::{page_bytes, rows};
use crate::store::sums::columns::COUNTED;
use crate::store::sums::unread::is_unread;
use crate::store::{Store, StoreResult};

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;
/// With at most so many candidates, reading each is faster than finding the matches by an index.
const FEW: usize = if cfg!(test) { 12 } else { 50_000 };
/// Where counting ends: nobody needs an exact number beyond it.
const MOST_COUNTED: i64 = 10_000;
/// The same where other tables are asked about each answer.
const MOST_ASKED_ABOUT: i64 = 1_000;

/// A page of answers as programs read them, the newest first.
#[derive(Clone, Debug)]
pub struct CitingPage {
    /// Answers.
    pub answers: Vec<CitingAnswer>,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<AnswerId>,
    /// Answers that the filter lets through, on all pages, as far as they are counted.
    pub total: i64,
    /// There are more than `total`.
    pub is_at_least: bool,
}

impl Store {
    /// A page of answers, the newest first.
    pub async fn answers(
        &self,
        workspace_id: WorkspaceId,
        filter: &AnswerFilter,
    ) -> StoreResult<AnswerPage> {
        let page = self.answer_ids(workspace_id, filter).await?;
        let rows = self.answer_rows(workspace_id, filter.project_id, &page.ids);
        Ok(AnswerPage {
            rows: rows.await?,
            next: page.next(),
            total: page.total,
            is_at_least: page.is_at_least,
        })
    }

    /// A page of answers with their texts, the newest first: as many as it is asked for, or as
    /// it has room for.
    pub async fn answers_with_texts(
        &self,
        workspace_id: WorkspaceId,
        filter: &AnswerFilter,
    ) -> StoreResult<CitingPage> {
        let mut page = self.answer_ids(workspace_id, filter).await?;
        let sizes = page_bytes::of_answers(&page.ids);
        let fit = page_bytes::fitting(self.reader(), &page.ids, sizes, []).await?;
        page.cut(fit);
        let answers = self.citing_answers(workspace_id, filter.project_id, &page.ids);
        Ok(CitingPage {
            answers: answers.await?,
            next: page.next(),
            total: page.total,
            is_at_least: page.is_at_least,
        })
    }

    async fn answer_ids(
        &self,
        workspace_id: WorkspaceId,
        filter: &AnswerFilter,
    ) -> StoreResult<IdPage> {
        let reader = self.reader();
        project_exists(reader, workspace_id, filter.project_id).await?;
        let limit = filter.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
        let matching = self.matching(workspace_id, filter).await?;
        let page = matching.page(reader, filter.before, i64::from(limit) + 1);
        let (mut ids, total) = if matching.reads {
            let ids = page.await?;
            // Where all were found there is no need to read all texts again to count them.
            let all = i64::try_from(ids.len()).unwrap_or(i64::MAX);
            let is_all = filter.before.is_none() && all <= i64::from(limit);
            let total = if is_all {
                all
            } else {
                matching.total(reader).await?
            };
            (ids, total)
        } else {
            tokio::try_join!(page, matching.total(reader))?
        };
        let has_more = ids.len() > limit as usize;
        ids.truncate(limit as usize);
        Ok(IdPage {
            ids,
            has_more,
            total: total.min(matching.most_counted()),
            is_at_least: total > matching.most_counted(),
        })
    }

    /// The ids of the next answers that a filter lets through, the newest first.
    pub(super) async fn matching_ids(
        &self,
        workspace_id: WorkspaceId,
        filter: &AnswerFilter,
        limit: i64,
    ) -> StoreResult<Vec<i64>> {
        let reader = self.reader();
        project_exists(reader, workspace_id, filter.project_id).await?;
        let matching = self.matching(workspace_id, filter).await?;
        matching.page(reader, filter.before, limit).await
    }

    /// Which answers the filter lets through.
    async fn matching(
        &self,
        workspace_id: WorkspaceId,
        filter: &AnswerFilter,
    ) -> StoreResult<Matching> {
        let reader = self.reader();
        let mut matching = Matching::of_columns(filter);
        if let Some(provider) = filter.provider {
            let sql = "SELECT id FROM llm_model_registry WHERE provider = $1";
            let models = rows::column(reader, sql, [provider.slug().into()]).await?;
            // The same few for all projects, until the registry has another one.
            matching.and(format!("a.model_id IN ({})", rows::few_ids(models)));
        }
        let revision = self
            .active_revision(workspace_id, filter.project_id)
            .await?;
        let revision = revision.map_or(0, |revision| revision.0);
        if let Some(mentioned) = filter.mentioned {
            let sql = "SELECT entity_id FROM llm_monitoring_revision_entities \
                WHERE revision_id = $1 AND is_brand";
            let brand = rows::column(reader, sql, [revision.into()]).await?;
            let names_brand = naming(revision, brand);
            if mentioned {
                matching.and_one_of(reader, names_brand).await?;
            } else {
                // A failure neither names the brand nor leaves it out. Nor does an answer that
                // could not be read.
                matching.asks = true;
                matching.and(format!(
                    "NOT {} AND NOT {} AND a.outcome IN {COUNTED}",
                    names_brand.exists(),
                    is_unread("a.id", &revision.to_string())
                ));
            }
        }
        if let Some(entity) = filter.entity_id {
            matching
                .and_one_of(reader, naming(revision, [entity.0]))
                .await?;
        }
        if let Some(sentiment) = filter.sentiment {
            let sql = "SELECT entity_id FROM llm_monitoring_revision_entities \
                WHERE revision_id = $1 AND is_brand";
            let brand = rows::column(reader, sql, [revision.into()]).await?;
            matching
                .and_one_of(reader, judged(brand, sentiment))
                .await?;
        }
        if let Some(name) = &filter.model_served {
            let place = matching.value(name.as_str());
            matching.asks = true;
            matching.and(format!("a.model_served = {place}"));
        }
        if let Some(another) = filter.served_another {
            let names = self.other_models(workspace_id, filter.project_id).await?;
            matching.and_of_other_models(&names, another);
        }
        let tags: Vec<String> = filter.tags.iter().chain(&filter.tag).cloned().collect();
        if !tags.is_empty() {
            let tagged = self
                .prompts_tagged(workspace_id, filter.project_id, &tags)
                .await?;
            let tagged: Vec<i64> = tagged.iter().map(|prompt| prompt.0).collect();
            matching.and_of_prompts(&tagged);
        }
        if let Some(text) = &filter.text {
            // Each answer is read: counting ends as early as where other tables are asked.
            matching.asks = true;
            matching.reads = true;
            let holds = rows::like(reader);
            let one_of: Vec<String> = spellings(text)
                .iter()
                .map(|spelling| {
                    let place = matching.value(like(spelling));
                    format!("a.full_response {holds} {place} ESCAPE '\\'")
                })
                .collect();
            matching.and(format!("({})", one_of.join(" OR ")));
        }
        if filter.domain.is_some() || filter.page_id.is_some() {
            let cited = citing(reader, filter).await?;
            matching.and_one_of(reader, cited).await?;
        }
        Ok(matching)
    }
}

/// A page by its ids.
struct IdPage {
    ids: Vec<i64>,
    has_more: bool,
    total: i64,
    is_at_least: bool,
}

impl IdPage {
    /// Leaves the first `count`.
    fn cut(&mut self, count: usize) {
        self.has_more |= count < self.ids.len();
        self.ids.truncate(count);
    }

    /// Where the next page begins; `None`: this is the last.
    fn next(&self) -> Option<AnswerId> {
        let last = self.ids.last().copied();
        last.filter(|_| self.has_more).map(AnswerId)
    }
}

/// Answers that another table knows: those whose id stands in rows that meet a condition.
struct Known {
    /// Table, under the name `k`.
    table: &'static str,
    /// Where an index of it begins that has them all together, with its `AND`.
    together: String,
    /// Hides from SQLite that an index could look for each of many within one answer.
    one_by_one: &'static str,
    /// On columns of `k`.
    condition: String,
}

impl Known {
    /// Whether answer `a` is one of them.
    fn exists(&self) -> String {
        format!(
            "EXISTS (SELECT 1 FROM {} k WHERE k.result_id = a.id AND {}{})",
            self.table, self.one_by_one, self.condition
        )
    }

    /// All of them.
    fn all(&self) -> String {
        format!(
            "SELECT DISTINCT k.result_id FROM {} k WHERE {}{}",
            self.table, self.together, self.condition
        )
    }

    async fn are_few(&self, connection: &impl ConnectionTrait) -> StoreResult<bool> {
        let sql = format!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM {} k WHERE {}{} LIMIT {}) found",
            self.table,
            self.together,
            self.condition,
            FEW + 1
        );
        let found: i64 = rows::value(connection, sql, []).await?.unwrap_or(0);
        Ok(usize::try_from(found).is_ok_and(|found| found <= FEW))
    }
}

/// Answers that name one of these entities: the brand of a revision, or a single one. They stand
/// in the text, by which PostgreSQL knows how common just these are: where many answers name them
/// it looks at one answer after the other, not at all that name them first.
fn naming(revision: i64, entities: impl IntoIterator<Item = i64>) -> Known {
    let entities = rows::few_ids(entities);
    Known {
        table: "llm_monitoring_findings",
        together: String::new(),
        one_by_one: "",
        condition: format!("k.entity_id IN ({entities}) AND k.revision_id = {revision}"),
    }
}

/// Answers that a judge found to speak like this of one of these entities, which stand in the text
/// as in [`naming`].
fn judged(entities: impl IntoIterator<Item = i64>, sentiment: Sentiment) -> Known {
    let entities = rows::few_ids(entities);
    Known {
        table: "llm_monitoring_judgements",
        together: String::new(),
        one_by_one: "",
        condition: format!(
            "k.entity_id IN ({entities}) AND k.sentiment = '{}'",
            sentiment.word()
        ),
    }
}

/// How a text may be written. Databases fold the letters of ASCII; of the others SQLite folds
/// none, and PostgreSQL those that its locale knows.
fn spellings(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let mut letters = lower.chars();
    let capital = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect());
    [
        text.to_owned(),
        text.to_uppercase(),
        capital.unwrap_or_default(),
        lower,
    ]
    .into_iter()
    .map(|spelling: String| spelling.to_ascii_lowercase())
    .collect()
}

/// A pattern for `LIKE` that means the text itself.
fn like(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// Answers that cite the page or the domain of the filter.
async fn citing(connection: &impl ConnectionTrait, filter: &AnswerFilter) -> StoreResult<Known> {
    let pages = match &filter.domain {
        Some(domain) => {
            let sql = "SELECT id FROM llm_monitoring_pages WHERE project_id = $1 AND domain = $2";
            let values = [filter.project_id.0.into(), domain.as_str().into()];
            let mut pages: Vec<i64> = rows::column(connection, sql, values).await?;
            pages.retain(|page| filter.page_id.is_none_or(|wanted| wanted.0 == *page));
            pages
        }
        None => filter.page_id.iter().map(|page| page.0).collect(),
    };
    Ok(citing_one_of(filter.project_id, pages))
}

/// Answers of the project that cite one of these pages: a domain has any number of them.
fn citing_one_of(project: ProjectId, pages: Vec<i64>) -> Known {
    Known {
        table: "llm_monitoring_citations",
        together: format!("k.project_id = {project} AND "),
        one_by_one: "+",
        condition: format!("k.page_id IN ({}) AND k.is_cited", rows::id_list(pages)),
    }
}

/// A query over answers `a` that is not finished yet.
struct Matching {
    /// Where few answers can match: those, before anything else is looked at.
    few: Option<String>,
    /// Other tables are asked about each answer.
    asks: bool,
    /// The text of each answer is read.
    reads: bool,
    condition: String,
    values: Vec<Value>,
}

impl Matching {
    /// By what stands with the answers themselves, and in an index of them: numbers of our own
    /// in the text, the rest as values.
    fn of_columns(filter: &AnswerFilter) -> Self {
        // A run is few answers of all: they are sorted, not looked for in the order of all. The
        // sign hides that order from SQLite; PostgreSQL knows for itself.
        let sign = if filter.run_id.is_some() { "+" } else { "" };
        let mut matching = Self {
            few: None,
            asks: false,
            reads: false,
            condition: format!("{sign}a.project_id = $1"),
            values: vec![filter.project_id.0.into()],
        };
        for (sign, day) in [(">=", filter.from), ("<=", filter.to)] {
            if let Some(day) = day {
                let place = matching.value(day);
                matching.and(format!("a.analysis_day {sign} {place}"));
            }
        }
        for (column, id) in [
            ("run_id", filter.run_id.map(|id| id.0)),
            ("query_id", filter.prompt_id.map(|id| id.0)),
        ] {
            if let Some(id) = id {
                matching.and(format!("a.{column} = {id}"));
            }
        }
        match filter.model_ids[..] {
            [] => {}
            [model] => matching.and(format!("a.model_id = {model}")),
            _ => {
                let ids = rows::id_list(filter.model_ids.iter().map(|model| model.0));
                matching.and(format!("a.model_id IN ({ids})"));
            }
        }
        if let Some(failed) = filter.failed {
            let not = if failed { "NOT " } else { "" };
            matching.and(format!("a.error_class IS {not}NULL"));
        }
        matching
    }

    /// Adds a value; where it stands.
    fn value(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// Lets only answers through that came under one of these pairs of names, asked and served;
    /// or only the others.
    fn and_of_other_models(&mut self, names: &[(String, String)], another: bool) {
        self.asks = true;
        let pairs: Vec<String> = names
            .iter()
            .map(|(asked, served)| {
                let (asked, served) = (self.value(asked.as_str()), self.value(served.as_str()));
                format!("a.model_requested = {asked} AND a.model_served = {served}")
            })
            .collect();
        let one_of = if pairs.is_empty() {
            "1 = 0".to_owned()
        } else {
            pairs.join(" OR ")
        };
        self.and(if another {
            format!("({one_of})")
        } else {
            // Who does not say its name is taken for the one that was asked.
            format!("(a.model_served IS NULL OR NOT ({one_of}))")
        });
    }

    /// Lets only answers to these prompts through. One alone is compared with, so that an index
    /// has its answers in their order.
    fn and_of_prompts(&mut self, prompts: &[i64]) {
        let condition = match *prompts {
            [prompt] => format!("a.query_id = {}", self.value(prompt)),
            _ => format!("a.query_id IN ({})", rows::id_list(prompts.iter().copied())),
        };
        self.and(condition);
    }

    fn and(&mut self, condition: String) {
        self.condition.push_str(" AND ");
        self.condition.push_str(&condition);
    }

    /// Lets only answers through that are `known`.
    async fn and_one_of(
        &mut self,
        connection: &impl ConnectionTrait,
        known: Known,
    ) -> StoreResult<()> {
        if self.few.is_none() && known.are_few(connection).await? {
            self.few = Some(known.all());
        } else {
            self.asks = true;
            self.and(known.exists());
        }
        Ok(())
    }

    /// SQLite reads the tables of a `CROSS JOIN` in this order; PostgreSQL knows for itself.
    fn select(&self, what: &str, condition: &str, limit: i64) -> String {
        let from = match &self.few {
            Some(few) => format!(
                "({few}) few CROSS JOIN llm_monitoring_results a WHERE a.id = few.result_id AND"
            ),
            None => "llm_monitoring_results a WHERE".to_owned(),
        };
        format!(
            "SELECT {what} FROM {from} {condition} \
             ORDER BY a.analysis_day DESC, a.id DESC LIMIT {limit}"
        )
    }

    /// The next ids, behind that of `before`.
    async fn page(
        &self,
        connection: &impl ConnectionTrait,
        before: Option<AnswerId>,
        limit: i64,
    ) -> StoreResult<Vec<i64>> {
        let (mut condition, mut values) = (self.condition.clone(), self.values.clone());
        if let Some(AnswerId(before)) = before {
            let sql = "SELECT analysis_day FROM llm_monitoring_results \
                WHERE id = $1 AND project_id = $2";
            let key = [before.into(), values[0].clone()];
            let last_day: Option<NaiveDate> = rows::value(connection, sql, key).await?;
            let Some(last_day) = last_day else {
                return Ok(Vec::new());
            };
            values.extend([last_day.into(), before.into()]);
            let (day, id) = (values.len() - 1, values.len());
            condition = format!("{condition} AND (a.analysis_day, a.id) < (${day}, ${id})");
        }
        let sql = self.select("a.id", &condition, limit);
        rows::column(connection, sql, values).await
    }

    const fn most_counted(&self) -> i64 {
        if self.asks {
            MOST_ASKED_ABOUT
        } else {
            MOST_COUNTED
        }
    }

    /// How many there are; one more than is counted stands for all beyond.
    async fn total(&self, connection: &impl ConnectionTrait) -> StoreResult<i64> {
        let found = self.select("1", &self.condition, self.most_counted() + 1);
        let sql = format!("SELECT COUNT(*) FROM ({found}) found");
        let total = rows::value(connection, sql, self.values.clone()).await?;
        Ok(total.unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use app::model::ids::ModelId;

    use super::*;
    use crate::store::testing::with_postgres;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn no_list_of_prompts_or_pages_is_a_statement_of_its_own() {
        with_postgres(async |database| {
            let texts = |ids: &[i64]| {
                // One model stands in the text: it is one of the same few.
                let models = ids.iter().chain(&[1, 2]).map(|id| ModelId(*id));
                let filter = AnswerFilter {
                    model_ids: models.collect(),
                    ..AnswerFilter::default()
                };
                let mut matching = Matching::of_columns(&filter);
                matching.and_of_prompts(ids);
                let cited = citing_one_of(ProjectId(1), ids.to_vec());
                matching.and(cited.exists());
                let found = matching.select("a.id", &matching.condition, 50);
                [found, cited.all()].map(|sql| {
                    rows::statement(database.store.reader(), sql, matching.values.clone()).sql
                })
            };
            assert_eq!(texts(&[1]), texts(&[2]));
            assert_eq!(texts(&[]), texts(&[3, 4]));
            assert_eq!(texts(&[3, 4]), texts(&(5..500).collect::<Vec<i64>>()));
        })
        .await;
    }
}
