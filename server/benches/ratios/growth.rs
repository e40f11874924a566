//! The dashboard and the overview of projects that have more and more answers.
//!
//! Only the sums are written, straight into their tables: a page reads little else. Ten million
//! answers themselves would take hours and tens of gigabytes; so nothing is cited here, and the
//! overview has no sources to read. A row of sums is of one question,
//! model and day, and of at most as many answers as a question is asked a day. So ten million
//! answers are half a million rows, and three million by entity.
//!
//! Sheets are left to who looks: the first look at 30 days makes those of 60, as the first after an
//! upgrade does, and one at all days makes the rest. Both are told apart from the looks that follow,
//! which find the sheets that a run makes at its end.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use app::model::dashboard::{ComparedWith, DashboardQuery};
use app::model::ids::{EntityId, ModelId, PromptId};
use app::model::metrics::{Metric, SnapshotSums};
use app::model::overview::{Bucket, SeriesQuery};
use chrono::{Datelike, Days, NaiveDate};
use parallax::store::sums::{OverviewSums, Picked};
use sea_orm::{ConnectionTrait, Statement};
use statistics::{CellSums, Draws, dashboard, intervals, moves, seams_of, standing};
use tokio::task::spawn_blocking;

use crate::Report;
use crate::fan_out::Load;
use crate::world::{Kind, World};

/// The 95th percentile of the usual period, whatever has been asked so far.
const BUDGET: Duration = Duration::from_millis(100);
const BUDGETED_DAYS: u64 = 30;
/// The same of an overview, up to a million answers.
const OVERVIEW_BUDGET: Duration = Duration::from_millis(60);
/// Days of a page.
const PERIODS: [u64; 4] = [7, BUDGETED_DAYS, 90, 365];
/// How often each page is made, each time of a period that no page was made of before.
const LOOKS: u64 = 20;
/// Days whose sums are written in one transaction.
const DAYS_AT_ONCE: u64 = 25;
const COMPETITORS: [&str; 4] = ["Acme", "Globex", "Initech", "Umbrella"];

/// A project's size.
struct Size {
    name: &'static str,
    /// What the 95th percentile of an overview may take.
    overview: Duration,
    prompts: u32,
    models: u32,
    days: u64,
    /// How often a question is asked of a model a day.
    repeats: i64,
}

const SIZES: [Size; 4] = [
    Size {
        name: "10k",
        overview: OVERVIEW_BUDGET,
        prompts: 25,
        models: 2,
        days: 100,
        repeats: 2,
    },
    Size {
        name: "100k",
        overview: OVERVIEW_BUDGET,
        prompts: 50,
        models: 2,
        days: 200,
        repeats: 5,
    },
    Size {
        name: "1M",
        overview: OVERVIEW_BUDGET,
        prompts: 100,
        models: 4,
        days: 250,
        repeats: 10,
    },
    Size {
        name: "10M",
        overview: BUDGET,
        prompts: 200,
        models: 5,
        days: 500,
        repeats: 20,
    },
];

const KINDS: [(&str, Kind); 2] = [("sqlite", Kind::Sqlite), ("postgres", Kind::Postgres)];

/// How long it took to make a page: the shortest, the median and the 95th percentile.
struct Looks {
    best: Duration,
    median: Duration,
    p95: Duration,
}

impl Looks {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self {
            best: times[0],
            median: times[times.len() / 2],
            p95: times[(times.len() * 19).div_ceil(20) - 1],
        }
    }

    fn cell(&self) -> String {
        let [best, median, p95] = [self.best, self.median, self.p95].map(milliseconds);
        format!("{best:.0} / {median:.0} / {p95:.0}")
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Measures what the words of the command line name: `growth` all, `growth-sqlite` one database,
/// `growth-sqlite-1M` one size. Prints a table for docs/MEASUREMENTS.md, and a chart of it.
pub(crate) async fn measure(report: &mut Report) {
    let mut lines = Vec::new();
    let mut charts = Vec::new();
    for (database, kind) in KINDS {
        let mut measured: Vec<(&str, f64)> = Vec::new();
        for size in &SIZES {
            let name = format!("growth-{database}-{}", size.name);
            if !report.is_named(&name) {
                continue;
            }
            let Grown {
                line,
                usual,
                overview,
            } = grown(kind, size).await;
            lines.push(format!("| {} | {database} | {line} |", size.name));
            measured.push((size.name, milliseconds(usual.p95)));
            let ratio = usual.p95.as_secs_f64() / BUDGET.as_secs_f64();
            let what = format!("{BUDGETED_DAYS} days: {} ms", usual.cell());
            report.line(&name, ratio, 1.0, &what);
            let ratio = overview.p95.as_secs_f64() / size.overview.as_secs_f64();
            let what = format!("overview of {BUDGETED_DAYS} days: {} ms", overview.cell());
            report.line(&format!("{name}, overview"), ratio, 1.0, &what);
        }
        if !measured.is_empty() {
            charts.push(chart(database, &measured));
        }
    }
    if lines.is_empty() {
        return;
    }
    let periods = PERIODS.map(|days| format!("{days} days"));
    println!(
        "\n| answers | database | rows of sums | MB | written in | first look, 30 days | first look, \
         all days | {} | overview, 30 days |",
        periods.join(" | ")
    );
    println!("|{}", "---|".repeat(PERIODS.len() + 8));
    println!("{}\n\n{}", lines.join("\n"), charts.join("\n\n"));
}

/// A chart that pages of Markdown draw.
fn chart(database: &str, measured: &[(&str, f64)]) -> String {
    let sizes: Vec<String> = measured
        .iter()
        .map(|(size, _)| format!("\"{size}\""))
        .collect();
    let times: Vec<String> = measured
        .iter()
        .map(|(_, time)| format!("{time:.0}"))
        .collect();
    format!(
        "```mermaid\nxychart-beta\n    \
         title \"Dashboard of {BUDGETED_DAYS} days on {database}, 95th percentile\"\n    \
         x-axis \"answers\" [{}]\n    y-axis \"ms\" 0 --> {}\n    line [{}]\n```",
        sizes.join(", "),
        BUDGET.as_millis(),
        times.join(", ")
    )
}

/// What a project of a size took.
struct Grown {
    /// Its line of the table.
    line: String,
    /// The dashboard of the usual period.
    usual: Looks,
    /// The overview of the same.
    overview: Looks,
}

async fn grown(kind: Kind, size: &Size) -> Grown {
    let load = Load {
        lanes: size.models,
        asks_a_lane: size.prompts,
        latency: Duration::ZERO,
        in_flight: 1,
        window: 1,
        look: Duration::ZERO,
    };
    let world = World::with_competitors(kind, &load, &COMPETITORS).await;
    let begin = Instant::now();
    Sums {
        world: &world,
        size,
    }
    .write()
    .await;
    world.store.vacuum().await.unwrap();
    let written = begin.elapsed();
    let first = look(
        &world,
        last_day() - Days::new(BUDGETED_DAYS - 1),
        last_day(),
    )
    .await;
    let of_all = look(&world, last_day() - Days::new(size.days - 1), last_day()).await;
    let mut line = format!(
        "{} | {} | {:.0} s | {:.0} ms | {:.1} s",
        rows_of_sums(&world).await,
        bytes(&world, kind).await / 1_000_000,
        written.as_secs_f64(),
        milliseconds(first),
        of_all.as_secs_f64()
    );
    let mut usual = None;
    for days in PERIODS {
        let mut times = Vec::new();
        for back in 0..LOOKS {
            let to = last_day() - Days::new(back);
            let from = to - Days::new(days - 1);
            times.push(look(&world, from, to).await);
        }
        let looks = Looks::of(times);
        write!(line, " | {}", looks.cell()).unwrap();
        if days == BUDGETED_DAYS {
            usual = Some(looks);
        }
    }
    let mut times = Vec::new();
    for back in 0..LOOKS {
        let to = last_day() - Days::new(back);
        let from = to - Days::new(BUDGETED_DAYS - 1);
        times.push(look_at_overview(&world, from, to).await);
    }
    let overview = Looks::of(times);
    write!(line, " | {}", overview.cell()).unwrap();
    world.end().await;
    Grown {
        line,
        usual: usual.unwrap(),
        overview,
    }
}

fn query(world: &World, from: NaiveDate, to: NaiveDate) -> DashboardQuery {
    DashboardQuery {
        project_id: world.project,
        from,
        to,
        model_ids: Vec::new(),
        compare: ComparedWith::default(),
        tags: Vec::new(),
    }
}

/// How long it takes to make a page that the host does not keep.
async fn look(world: &World, from: NaiveDate, to: NaiveDate) -> Duration {
    let World {
        store,
        workspace,
        project,
        ..
    } = world;
    let query = query(world, from, to);
    let begin = Instant::now();
    let stamp = store.sums_stamp(*workspace, *project).await.unwrap();
    let pooled = store.pooled(*workspace, *project, &[]).await.unwrap();
    let sums = store
        .period_sums(
            *workspace,
            *project,
            from,
            to,
            Picked::of_models(&pooled.models),
            query.earlier(),
        )
        .await
        .unwrap();
    let page = spawn_blocking(move || dashboard(&query, sums))
        .await
        .unwrap();
    std::hint::black_box((stamp, page));
    begin.elapsed()
}

/// The same of an overview: what a host reads and computes for it, but the texts that it names.
async fn look_at_overview(world: &World, from: NaiveDate, to: NaiveDate) -> Duration {
    let World {
        store,
        workspace,
        project,
        ..
    } = world;
    let (workspace, project, days) = (*workspace, *project, (from, to));
    let query = query(world, from, to);
    let begin = Instant::now();
    let stamp = store.sums_stamp(workspace, project).await.unwrap();
    let pooled = store.pooled(workspace, project, &[]).await.unwrap();
    let picked = Picked::of_models(&pooled.models);
    let by_day = SeriesQuery::first(query.clone()).bucket == Bucket::Day;
    let (read, answers, plain, entities) = tokio::try_join!(
        store.overview_sums(workspace, project, days, picked, query.earlier(), by_day),
        store.answers_of_days(workspace, project, days, picked),
        store.overview_days(workspace, project, days, picked),
        store.entities_in_order(workspace, project),
    )
    .unwrap();
    let OverviewSums { sums, cells, lines } = read;
    let (before, cells) = cells;
    let rivals = entities.iter().filter(|entity| !entity.is_brand);
    let rivals: Vec<EntityId> = rivals.map(|entity| entity.id).collect();
    let seams = seams_of(&sums.seams, &query);
    let page = spawn_blocking(move || dashboard(&query, sums));
    let found = spawn_blocking(move || (moves(&before, &cells, &seams), standing(&cells, &rivals)));
    let made = tokio::try_join!(page, found).unwrap();
    std::hint::black_box((stamp, lines, answers, plain, made));
    begin.elapsed()
}

/// The last day that has answers: a Sunday.
fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 29).unwrap()
}

fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

/// The only number of a query.
async fn number(world: &World, sql: &str) -> i64 {
    let txn = world.store.begin_write().await.unwrap();
    let statement = Statement::from_string(txn.get_database_backend(), sql);
    let row = txn.query_one_raw(statement).await.unwrap().unwrap();
    let number = row.try_get_by_index(0).unwrap();
    txn.rollback().await.unwrap();
    number
}

async fn rows_of_sums(world: &World) -> i64 {
    let tables = [
        "llm_monitoring_rollups",
        "llm_monitoring_entity_rollups",
        "llm_monitoring_week_rollups",
        "llm_monitoring_week_entity_rollups",
        "llm_monitoring_snapshots",
        "llm_monitoring_snapshot_entities",
        "llm_monitoring_day_sheets",
    ];
    let counts = tables.map(|table| format!("(SELECT COUNT(*) FROM {table})"));
    number(world, &format!("SELECT {}", counts.join(" + "))).await
}

async fn bytes(world: &World, kind: Kind) -> i64 {
    let sql = match kind {
        Kind::Sqlite => "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
        Kind::Postgres => "SELECT pg_database_size(current_database())",
    };
    number(world, sql).await
}

/// Sums of answers, by column: of `t`, which has `r` answers, `n` that name the brand at place `k`,
/// and `c` mentions of competitors.
const OF_ANSWERS: &[(&str, &str)] = &[
    ("answers", "t.r"),
    ("failed", "0"),
    ("simulated", "0"),
    ("informative", "t.r"),
    ("cost_nano_usd", "t.r * 900000"),
    ("latency_ms_sum", "t.r * 1200"),
    ("tokens", "t.r * 700"),
    ("mentions", "t.n"),
    ("text_mentions", "t.n"),
    ("link_mentions", "t.n / 2"),
    ("brand_weight_tenths", "t.n * 15"),
    ("competitor_mentions", "t.c"),
    ("competitor_weight_tenths", "t.c * 12"),
    ("rank_sum", "t.n * t.k"),
    ("rank_count", "t.n"),
    ("top3", "CASE WHEN t.k <= 3 THEN t.n ELSE 0 END"),
    ("top5", "t.n"),
    ("top10", "t.n"),
    ("rank_square_sum", "t.n * t.k * t.k"),
    ("weight_square_hundredths", "t.n * 225 + t.c * 144"),
    ("prominence_parts", "t.n * 6000"),
];

/// Sums of what answers say of one entity.
const OF_MENTIONS: &[(&str, &str)] = &[
    ("mentions", "t.n"),
    ("text_mentions", "t.n"),
    ("weight_tenths", "t.n * 15"),
    ("rank_sum", "t.n * t.k"),
    ("rank_count", "t.n"),
];

/// The tone of both.
const OF_TONE: &[(&str, &str)] = &[
    ("tone_positive", "t.n / 2"),
    ("tone_neutral", "t.n - t.n / 2"),
    ("tone_negative", "0"),
    ("tone_thousandths", "t.n * 250"),
    ("tone_recommended", "t.n / 3"),
    ("tone_advised_against", "0"),
    ("judge_positive", "0"),
    ("judge_neutral", "0"),
    ("judge_negative", "0"),
    ("judge_thousandths", "0"),
    ("judge_recommended", "0"),
    ("judge_advised_against", "0"),
];

fn columns(of: &[(&str, &str)]) -> String {
    let names = of.iter().chain(OF_TONE).map(|(name, _)| *name);
    names.collect::<Vec<_>>().join(", ")
}

fn expressions(of: &[(&str, &str)]) -> String {
    let made = of.iter().chain(OF_TONE).map(|(_, made)| *made);
    made.collect::<Vec<_>>().join(", ")
}

/// Sums of the sums in `r`.
fn added_up(of: &[(&str, &str)]) -> String {
    let sums = of.iter().chain(OF_TONE);
    let sums = sums.map(|(name, _)| format!("CAST(SUM(r.{name}) AS BIGINT)"));
    sums.collect::<Vec<_>>().join(", ")
}

/// Writes all sums of a project.
struct Sums<'a> {
    world: &'a World,
    size: &'a Size,
}

impl Sums<'_> {
    async fn write(&self) {
        self.begin_revision().await;
        self.write_days().await;
        let mut from = 0;
        while from < self.size.days {
            let to = self.size.days.min(from + DAYS_AT_ONCE);
            self.write_sums_of_days(from, to).await;
            self.write_snapshots(from, to).await;
            from = to;
        }
        self.write_weeks().await;
        self.write_served_days().await;
    }

    /// The first day, and those after it by their number.
    fn day(&self, number: u64) -> NaiveDate {
        last_day() - Days::new(self.size.days - 1) + Days::new(number)
    }

    async fn execute(&self, statements: &[String]) {
        let txn = self.world.store.begin_write().await.unwrap();
        for sql in statements {
            txn.execute_unprepared(sql).await.unwrap();
        }
        txn.commit().await.unwrap();
    }

    /// The revision whose sums these are, as a query.
    fn revision(&self) -> String {
        format!(
            "(SELECT id FROM llm_monitoring_revisions WHERE project_id = {} AND status = 'active')",
            self.world.project
        )
    }

    async fn begin_revision(&self) {
        let World {
            workspace, project, ..
        } = self.world;
        let revision = self.revision();
        self.execute(&[
            format!(
                "INSERT INTO llm_monitoring_revisions (workspace_id, project_id, status, \
                 detector_version, answers_total, answers_done, read_up_to, last_answer, \
                 is_summed, epoch, created_at, activated_at) SELECT {workspace}, {project}, \
                 'active', 1, 0, 0, 0, 0, TRUE, 0, p.created_at, p.created_at \
                 FROM llm_monitoring_projects p WHERE p.id = {project} AND {revision} IS NULL"
            ),
            format!(
                "INSERT INTO llm_monitoring_revision_entities (revision_id, entity_id, \
                 workspace_id, is_brand, position, name, aliases, domains) SELECT {revision}, \
                 id, workspace_id, is_brand, position, name, aliases, domains \
                 FROM llm_monitoring_entities e WHERE e.project_id = {project} \
                 AND NOT EXISTS (SELECT 1 FROM llm_monitoring_revision_entities o \
                 WHERE o.revision_id = {revision} AND o.entity_id = e.id)"
            ),
        ])
        .await;
    }

    /// The days as a table.
    async fn write_days(&self) {
        let rows: Vec<String> = (0..self.size.days)
            .map(|number| format!("({number}, '{}')", self.day(number)))
            .collect();
        self.execute(&[
            "CREATE TABLE growth_days (number BIGINT NOT NULL, day DATE NOT NULL)".to_owned(),
            format!("INSERT INTO growth_days VALUES {}", rows.join(", ")),
        ])
        .await;
    }

    /// What there is of each question, model and day from one day to before another: numbers that
    /// differ, and are the same ones each time.
    fn made_up(&self, from: u64, to: u64) -> String {
        let World {
            workspace, project, ..
        } = self.world;
        let repeats = self.size.repeats;
        format!(
            "(SELECT x.*, {repeats} AS r, x.x % ({repeats} + 1) AS n, \
             (x.x * 11) % (3 * {repeats} + 1) AS c, 1 + x.x % 5 AS k FROM \
             (SELECT {revision} AS revision_id, {workspace} AS workspace_id, d.day AS day, \
              m.model_id AS model_id, q.id AS query_id, \
              (q.id * 7919 + m.model_id * 104729 + d.number * 1299709) % 1009 AS x \
              FROM growth_days d CROSS JOIN llm_monitoring_project_models m \
              CROSS JOIN llm_monitoring_queries q WHERE d.number >= {from} AND d.number < {to} \
              AND m.project_id = {project} AND q.project_id = {project}) x)",
            revision = self.revision(),
        )
    }

    async fn write_sums_of_days(&self, from: u64, to: u64) {
        let made_up = self.made_up(from, to);
        let key = "revision_id, day, model_id, query_id";
        self.execute(&[
            format!(
                "INSERT INTO llm_monitoring_rollups ({key}, workspace_id, is_branded, {}) \
                 SELECT {key}, workspace_id, FALSE, {} FROM {made_up} t",
                columns(OF_ANSWERS),
                expressions(OF_ANSWERS)
            ),
            format!(
                "INSERT INTO llm_monitoring_entity_rollups \
                 ({key}, entity_id, workspace_id, is_branded, {}) \
                 SELECT {key}, entity_id, workspace_id, FALSE, {} FROM \
                 (SELECT b.revision_id, b.day, b.model_id, b.query_id, b.workspace_id, \
                  e.id AS entity_id, (b.x * (3 + e.position)) % (b.r + 1) AS n, b.k \
                  FROM {made_up} b CROSS JOIN llm_monitoring_entities e \
                  WHERE e.project_id = {}) t",
                columns(OF_MENTIONS),
                expressions(OF_MENTIONS),
                self.world.project
            ),
        ])
        .await;
    }

    /// All weeks but the newest, which a page reads from its days.
    async fn write_weeks(&self) {
        let revision = self.revision();
        let mut week = monday(self.day(0));
        while week < monday(last_day()) {
            let next = week + Days::new(7);
            let sums = |days: &str, weeks: &str, of: &[(&str, &str)], entity: &str| {
                let key =
                    format!("revision_id, model_id, query_id, workspace_id, is_branded{entity}");
                format!(
                    "INSERT INTO {weeks} ({key}, week, {}) SELECT {key}, '{week}', {} \
                     FROM {days} r WHERE r.revision_id = {revision} AND r.day >= '{week}' \
                     AND r.day < '{next}' GROUP BY {key}",
                    columns(of),
                    added_up(of)
                )
            };
            self.execute(&[
                sums(
                    "llm_monitoring_rollups",
                    "llm_monitoring_week_rollups",
                    OF_ANSWERS,
                    "",
                ),
                sums(
                    "llm_monitoring_entity_rollups",
                    "llm_monitoring_week_entity_rollups",
                    OF_MENTIONS,
                    ", entity_id",
                ),
            ])
            .await;
            week = next;
        }
    }

    async fn write_snapshots(&self, from: u64, to: u64) {
        let project = self.world.project;
        let revision = self.revision();
        let (first, last) = (self.day(from), self.day(to - 1));
        let intervals = some_intervals(self.size);
        self.execute(&[
            format!(
                "INSERT INTO llm_monitoring_snapshots (workspace_id, project_id, revision_id, \
                 model_id, llm_provider, snapshot_date, prompts, prompt_count, intervals, \
                 updated_at, {}) SELECT r.workspace_id, {project}, r.revision_id, r.model_id, \
                 m.provider, r.day, p.prompts, COUNT(*), '{intervals}', \
                 '2026-11-29 12:00:00+00:00', {} FROM llm_monitoring_rollups r \
                 JOIN llm_model_registry m ON m.id = r.model_id \
                 CROSS JOIN (SELECT 'all' AS prompts UNION ALL SELECT 'plain' \
                     UNION ALL SELECT 'branded') p \
                 WHERE r.revision_id = {revision} AND r.day >= '{first}' AND r.day <= '{last}' \
                 GROUP BY r.workspace_id, r.revision_id, r.model_id, m.provider, r.day, p.prompts",
                columns(OF_ANSWERS),
                added_up(OF_ANSWERS)
            ),
            format!(
                "INSERT INTO llm_monitoring_snapshot_entities (snapshot_id, entity_id, \
                 workspace_id, {}) SELECT s.id, r.entity_id, s.workspace_id, {} \
                 FROM llm_monitoring_snapshots s CROSS JOIN llm_monitoring_entity_rollups r \
                 WHERE s.revision_id = {revision} AND s.snapshot_date >= '{first}' \
                 AND s.snapshot_date <= '{last}' AND r.revision_id = s.revision_id \
                 AND r.day = s.snapshot_date AND r.model_id = s.model_id \
                 GROUP BY s.id, r.entity_id, s.workspace_id",
                columns(OF_MENTIONS),
                added_up(OF_MENTIONS)
            ),
        ])
        .await;
    }

    /// Under which names the models answered: always the same.
    async fn write_served_days(&self) {
        let World {
            workspace, project, ..
        } = self.world;
        let answers = self.size.repeats * i64::from(self.size.prompts);
        self.execute(&[format!(
            "INSERT INTO llm_monitoring_served_days (workspace_id, project_id, model_id, day, \
             model_requested, model_served, answers, first_answer, last_answer) \
             SELECT {workspace}, {project}, m.id, d.day, m.model_id, m.model_id, {answers}, 1, 1 \
             FROM growth_days d CROSS JOIN llm_monitoring_project_models p \
             JOIN llm_model_registry m ON m.id = p.model_id WHERE p.project_id = {project}"
        )])
        .await;
    }
}

/// What a snapshot keeps of its intervals: the same for each, as long as those of true ones.
fn some_intervals(size: &Size) -> String {
    let cells: Vec<CellSums> = (0..i64::from(size.prompts))
        .map(|prompt| CellSums {
            prompt: PromptId(prompt),
            model: ModelId(1),
            is_branded: false,
            sums: SnapshotSums {
                answers: size.repeats,
                mentions: prompt % (size.repeats + 1),
                competitor_mentions: (prompt * 11) % (3 * size.repeats + 1),
                rank_sum: 2 * (prompt % (size.repeats + 1)),
                rank_count: prompt % (size.repeats + 1),
                ..SnapshotSums::default()
            },
        })
        .collect();
    let drawn = intervals(&mut Draws::default(), &cells, &Metric::ALL);
    serde_json::to_string(&drawn).unwrap()
}
