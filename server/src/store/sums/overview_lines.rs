//! The lines of a chart: for each line and place on the axis, the sums that its value and interval
//! are made of.
//!
//! Invariant: reads only, and only the active revision's sums. The database adds up over prompts,
//! so that what is read is as long as what is drawn; only topics are put together here.

use std::collections::BTreeMap;

use app::model::ids::{ProjectId, PromptId, RevisionId, WorkspaceId};
use app::model::metrics::Ratio;
use app::model::overview::{Bucket, ChartMetric, Split};
use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbBackend, Value};

use super::columns::sum;
use super::picked::Picked;
use super::weeks::{self, OF_ENTITIES, OF_PROMPTS, Sums};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreResult};
use statistics::Moments;

/// The line of the brand where a relation has no other.
const BRAND: i64 = 0;

/// Which lines of a project.
#[derive(Clone, Copy, Debug)]
pub struct LinesOf<'a> {
    /// What is measured.
    pub metric: ChartMetric,
    /// Whether sentiment is a judge's.
    pub is_judged: bool,
    /// What a line is of.
    pub split: Split,
    /// What a place on the axis is.
    pub bucket: Bucket,
    /// First and last day that is read.
    pub days: (NaiveDate, NaiveDate),
    /// Of which answers.
    pub picked: Picked<'a>,
}

/// What the points of lines are made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lines {
    /// By line (an entity, a model; 0: the brand alone) and the first day of its place: of a week
    /// its Monday, of a month its first day, of seven days the last of them.
    pub points: BTreeMap<(i64, NaiveDate), Moments>,
    /// What all lines have in common: denominators without a numerator. A line that is not in
    /// `points` there was counted and not found.
    pub shared: BTreeMap<NaiveDate, Moments>,
    /// Numerator and denominator of each prompt, for topics; else empty.
    pub prompts: BTreeMap<(NaiveDate, PromptId), Ratio>,
}

impl Lines {
    /// The sums of a line in a place. Where all lines have the same denominators, one that was not
    /// found has nothing over them.
    pub fn of_line(&self, line: i64, bucket: NaiveDate) -> Option<Moments> {
        let own = self.points.get(&(line, bucket));
        own.or_else(|| self.shared.get(&bucket)).copied()
    }

    /// The sums of some prompts in a place.
    pub fn of_prompts(&self, prompts: &[PromptId], bucket: NaiveDate) -> Option<Moments> {
        let of_prompt = |prompt: &PromptId| self.prompts.get(&(bucket, *prompt)).copied();
        let clusters: Vec<Ratio> = prompts.iter().filter_map(of_prompt).collect();
        (!clusters.is_empty()).then(|| Moments::of(&clusters))
    }
}

record! {
    /// Sums over the prompts of one line and place.
    struct PromptsOfLine {
        bucket: NaiveDate = "p.bucket",
        line: i64 = "p.line",
        prompts: i64 = sum("1"),
        numerators: i64 = sum("p.y"),
        denominators: i64 = sum("p.x"),
        numerator_squares: i64 = sum("p.y * p.y"),
        products: i64 = sum("p.y * p.x"),
        denominator_squares: i64 = sum("p.x * p.x"),
    }
}

record! {
    /// The same of numerators that have the denominators of all lines.
    struct NumeratorsOfLine {
        bucket: NaiveDate = "n.bucket",
        line: i64 = "n.line",
        numerators: i64 = sum("n.y"),
        numerator_squares: i64 = sum("n.y * n.y"),
        products: i64 = sum("n.y * d.x"),
    }
}

record! {
    /// One prompt in one place.
    struct PromptOfLine {
        bucket: NaiveDate = "p.bucket",
        prompt: PromptId = "p.query_id",
        numerator: i64 = "p.y",
        denominator: i64 = "p.x",
    }
}

impl Store {
    /// The lines of a project.
    pub async fn chart_lines(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        of: LinesOf<'_>,
    ) -> StoreResult<Lines> {
        let reader = self.reader();
        project_exists(reader, workspace_id, project).await?;
        let revision = self.active_revision(workspace_id, project).await?;
        let values = of.values(reader, revision).await?;
        let is_shared = matches!(
            of.metric,
            ChartMetric::Visibility | ChartMetric::ShareOfVoice
        );
        match of.split {
            Split::Brands if is_shared => shared_lines(reader, of, values).await,
            Split::Topics => prompts(reader, of, values).await,
            Split::Brands | Split::Models => own_lines(reader, of, values).await,
        }
    }
}

/// Rows with a day, a prompt, a line, `y` and `x`.
struct Relation {
    sums: Sums,
    line: &'static str,
    y: String,
    x: String,
    is_plain: bool,
}

impl LinesOf<'_> {
    async fn values(
        self,
        connection: &impl ConnectionTrait,
        revision: Option<RevisionId>,
    ) -> StoreResult<Vec<Value>> {
        let (from, to) = self.days;
        let all = weeks::values(connection, revision, from, to).await?;
        // A statement takes as many values as it has places.
        let places = if self.bucket == Bucket::Week { 5 } else { 3 };
        Ok(all.into_iter().take(places).collect())
    }

    /// What a line is of, and what is counted of it.
    fn relation(self) -> Relation {
        let is_of_entities = self.split == Split::Brands && self.metric != ChartMetric::Citations;
        let tone = if self.is_judged {
            "r.judge_"
        } else {
            "r.tone_"
        };
        let rivals = "r.competitor_mentions";
        let (y, x) = match self.metric {
            ChartMetric::Visibility => ("r.mentions".to_owned(), "r.answers".to_owned()),
            ChartMetric::ShareOfVoice => {
                ("r.mentions".to_owned(), format!("r.mentions + {rivals}"))
            }
            ChartMetric::Position => ("r.rank_sum".to_owned(), "r.rank_count".to_owned()),
            ChartMetric::Sentiment => (
                format!("{tone}positive - {tone}negative"),
                format!("{tone}positive + {tone}neutral + {tone}negative"),
            ),
            ChartMetric::Citations => ("r.link_mentions".to_owned(), "r.answers".to_owned()),
        };
        Relation {
            sums: if is_of_entities {
                OF_ENTITIES
            } else {
                OF_PROMPTS
            },
            line: match self.split {
                Split::Models => "r.model_id",
                Split::Brands if is_of_entities => "r.entity_id",
                Split::Brands | Split::Topics => "CAST(0 AS BIGINT)",
            },
            y,
            x,
            is_plain: self.metric == ChartMetric::ShareOfVoice,
        }
    }

    /// The rows of a relation, summed by place on the axis, line and prompt.
    fn by_prompt(self, backend: DbBackend, of: &Relation) -> String {
        let is_sqlite = backend == DbBackend::Sqlite;
        let bucket = match self.bucket {
            Bucket::Day => "b.day",
            Bucket::SevenDays if is_sqlite => "date(b.day, '+' || o.n || ' days')",
            Bucket::SevenDays => "b.day + o.n",
            Bucket::Week if is_sqlite => "date(b.day, 'weekday 0', '-6 days')",
            Bucket::Week => "CAST(date_trunc('week', b.day) AS DATE)",
            Bucket::Month if is_sqlite => "date(b.day, 'start of month')",
            Bucket::Month => "CAST(date_trunc('month', b.day) AS DATE)",
        };
        // A day counts in the seven places that end on it or within six days.
        let offsets = match self.bucket {
            Bucket::SevenDays => {
                " CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL \
                 SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6) o"
            }
            _ => "",
        };
        format!(
            "(SELECT {bucket} AS bucket, b.line AS line, b.query_id AS query_id, \
                 {} AS y, {} AS x FROM {} b{offsets} \
             GROUP BY {bucket}, b.line, b.query_id)",
            sum("b.y"),
            sum("b.x"),
            self.rows(of)
        )
    }

    fn rows(self, of: &Relation) -> String {
        let Relation {
            sums, line, y, x, ..
        } = of;
        let plain = if of.is_plain {
            " AND NOT r.is_branded"
        } else {
            ""
        };
        let condition = format!("{}{plain}", self.picked.condition("r"));
        let part = |table: &str, day: &str, days: &str| {
            format!(
                "SELECT {day} AS day, r.query_id AS query_id, {line} AS line, {y} AS y, {x} AS x \
                 FROM {table} r WHERE r.revision_id = $1 AND {days}{condition}"
            )
        };
        match self.bucket {
            // Whole weeks are summed already.
            Bucket::Week => format!(
                "({} UNION ALL {} UNION ALL {})",
                part(sums.days, "r.day", "r.day >= $2 AND r.day < $4"),
                part(sums.weeks, "r.week", "r.week >= $4 AND r.week < $5"),
                part(sums.days, "r.day", "r.day >= $5 AND r.day <= $3"),
            ),
            _ => format!(
                "({})",
                part(sums.days, "r.day", "r.day >= $2 AND r.day <= $3")
            ),
        }
    }
}

/// Each line with denominators of its own.
async fn own_lines(
    connection: &impl ConnectionTrait,
    of: LinesOf<'_>,
    values: Vec<Value>,
) -> StoreResult<Lines> {
    let relation = of.relation();
    let points = moments(connection, of, &relation, values).await?;
    Ok(Lines {
        points,
        ..Lines::default()
    })
}

async fn moments(
    connection: &impl ConnectionTrait,
    of: LinesOf<'_>,
    relation: &Relation,
    values: Vec<Value>,
) -> StoreResult<BTreeMap<(i64, NaiveDate), Moments>> {
    let rest = format!(
        "FROM {} p WHERE p.x > 0 GROUP BY p.bucket, p.line",
        of.by_prompt(connection.get_database_backend(), relation)
    );
    let found: Vec<PromptsOfLine> = rows::select(connection, rest, values).await?;
    let moments = |row: PromptsOfLine| {
        let moments = Moments {
            clusters: row.prompts,
            sums: Ratio::new(row.numerators, row.denominators),
            numerator_squares: row.numerator_squares,
            products: row.products,
            denominator_squares: row.denominator_squares,
        };
        ((row.line, row.bucket), moments)
    };
    Ok(found.into_iter().map(moments).collect())
}

/// Every entity out of the same denominators: all answers, or all mentions.
async fn shared_lines(
    connection: &impl ConnectionTrait,
    of: LinesOf<'_>,
    values: Vec<Value>,
) -> StoreResult<Lines> {
    let numerators = Relation {
        x: "0".to_owned(),
        ..of.relation()
    };
    let (sums, x) = match of.metric {
        ChartMetric::ShareOfVoice => (OF_ENTITIES, "r.mentions"),
        _ => (OF_PROMPTS, "r.answers"),
    };
    let denominators = Relation {
        sums,
        line: "CAST(0 AS BIGINT)",
        y: "0".to_owned(),
        x: x.to_owned(),
        is_plain: numerators.is_plain,
    };
    let backend = connection.get_database_backend();
    let rest = format!(
        "FROM {} n JOIN {} d ON d.bucket = n.bucket AND d.query_id = n.query_id \
         WHERE d.x > 0 GROUP BY n.bucket, n.line",
        of.by_prompt(backend, &numerators),
        of.by_prompt(backend, &denominators)
    );
    let (all, found) = tokio::try_join!(
        moments(connection, of, &denominators, values.clone()),
        rows::select::<NumeratorsOfLine>(connection, rest, values),
    )?;
    let shared: BTreeMap<NaiveDate, Moments> = all
        .into_iter()
        .filter(|((line, _), _)| *line == BRAND)
        .map(|((_, bucket), moments)| (bucket, moments))
        .collect();
    let point = |row: NumeratorsOfLine| {
        // Read by another statement: an answer may have come in between.
        let common = shared.get(&row.bucket)?;
        let moments = Moments {
            sums: Ratio::new(row.numerators, common.sums.denominator),
            numerator_squares: row.numerator_squares,
            products: row.products,
            ..*common
        };
        Some(((row.line, row.bucket), moments))
    };
    Ok(Lines {
        points: found.into_iter().filter_map(point).collect(),
        shared,
        ..Lines::default()
    })
}

/// Each prompt by itself: one may have several topics.
async fn prompts(
    connection: &impl ConnectionTrait,
    of: LinesOf<'_>,
    values: Vec<Value>,
) -> StoreResult<Lines> {
    let rest = format!(
        "FROM {} p WHERE p.x > 0",
        of.by_prompt(connection.get_database_backend(), &of.relation())
    );
    let found: Vec<PromptOfLine> = rows::select(connection, rest, values).await?;
    let ratio = |row: PromptOfLine| {
        let ratio = Ratio::new(row.numerator, row.denominator);
        ((row.bucket, row.prompt), ratio)
    };
    Ok(Lines {
        prompts: found.into_iter().map(ratio).collect(),
        ..Lines::default()
    })
}
