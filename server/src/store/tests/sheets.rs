//! Sheets say what the rollups say, and what answers cite, whatever happens to either.

use std::sync::atomic::{AtomicBool, Ordering};

use app::model::dashboard::{ComparedWith, DashboardQuery};
use app::model::ids::{EntityId, ModelId, PromptId};
use app::model::metrics::{MentionSums, SnapshotSums, visibility};
use app::model::overview::{Bucket, ChartMetric, Split};
use chrono::{Days, NaiveDate};
use providers::Citation;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use runtime::clock::Clock;
use sea_orm::Value;
use statistics::{
    AnswerCell, CellSums, CountedCell, DayMoments, MOST_SOURCES, Moments, PeriodCells, PeriodSums,
    Voice, dashboard,
};

use super::revisions::{add_initech, run_citing};
use crate::jobs::reread;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sums::columns::{of_models, sum};
use crate::store::sums::{LinesOf, OverviewSums, Picked};
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases,
};

record! {
    struct CellOfRollups {
        prompt: PromptId = "r.query_id",
        model: ModelId = "r.model_id",
        is_branded: bool = "r.is_branded",
        sums: SnapshotSums as "r." in sum,
    }
}

record! {
    struct VoiceOfRollups {
        entity: EntityId = "r.entity_id",
        prompt: PromptId = "r.query_id",
        mentions: i64 = sum("r.mentions"),
    }
}

record! {
    struct DayOfRollups {
        day: NaiveDate = "p.day",
        prompts: i64 = sum("1"),
        mentions: i64 = sum("p.mentions"),
        answers: i64 = sum("p.answers"),
        mention_squares: i64 = sum("p.mentions * p.mentions"),
        products: i64 = sum("p.mentions * p.answers"),
        answer_squares: i64 = sum("p.answers * p.answers"),
    }
}

record! {
    #[derive(Debug, PartialEq)]
    struct ModelDayOfRollups {
        model: ModelId = "r.model_id",
        day: NaiveDate = "r.day",
        sums: SnapshotSums as "r." in sum,
    }
}

record! {
    #[derive(Debug, PartialEq)]
    struct EntityOfRollups {
        sums: MentionSums as "r." in sum,
    }
}

record! {
    for AnswerCell {
        prompt: PromptId = "r.query_id",
        model: ModelId = "r.model_id",
        is_branded: bool = "r.is_branded",
        mentions: i64 = sum("r.mentions"),
        answers: i64 = sum("r.answers"),
    }
}

record! {
    for CountedCell<EntityId> {
        of: EntityId = "r.entity_id",
        prompt: PromptId = "r.query_id",
        model: ModelId = "r.model_id",
        answers: i64 = sum("r.mentions"),
    }
}

record! {
    for CountedCell<String> {
        of: String = "p.domain",
        prompt: PromptId = "r.query_id",
        model: ModelId = "r.model_id",
        answers: i64 = "COUNT(*)",
    }
}

/// Days, models and prompts of a page.
#[derive(Clone, Debug)]
struct Page {
    from: NaiveDate,
    to: NaiveDate,
    models: Vec<ModelId>,
    prompts: Option<Vec<PromptId>>,
}

impl Page {
    /// The condition on rollups `r`, for [`Self::values`].
    fn rollups(&self) -> String {
        format!(
            "r.revision_id = (SELECT v.id FROM llm_monitoring_revisions v \
             WHERE v.project_id = $1 AND v.status = 'active') \
             AND r.day >= $2 AND r.day <= $3{}{}",
            of_models("r", &self.models),
            self.of_prompts()
        )
    }

    /// The same on citations `r` with their pages `p`.
    fn citations(&self) -> String {
        format!(
            "r.project_id = $1 AND r.analysis_day >= $2 AND r.analysis_day <= $3{}{} \
             AND r.is_cited AND r.leads AND p.id = r.page_id",
            of_models("r", &self.models),
            self.of_prompts()
        )
    }

    fn of_prompts(&self) -> String {
        let Some(prompts) = &self.prompts else {
            return String::new();
        };
        let one_of: Vec<String> = prompts
            .iter()
            .map(|prompt| format!(" OR r.query_id = {prompt}"))
            .collect();
        format!(" AND (1 = 0{})", one_of.concat())
    }

    fn picked(&self) -> Picked<'_> {
        Picked {
            models: &self.models,
            prompts: self.prompts.as_deref(),
        }
    }

    fn values(&self, project: &TestProject) -> [Value; 3] {
        [project.project.0.into(), self.from.into(), self.to.into()]
    }

    fn before(&self) -> Self {
        let length = self.to - self.from;
        let to = self.from - Days::new(1);
        Self {
            from: to - length,
            to,
            ..self.clone()
        }
    }
}

/// What the database adds up of the rollups.
async fn cells(database: &TestDatabase, project: &TestProject, page: &Page) -> Vec<CellSums> {
    let rest = format!(
        "FROM llm_monitoring_rollups r WHERE {} \
         GROUP BY r.query_id, r.model_id, r.is_branded \
         ORDER BY r.query_id, r.model_id, r.is_branded",
        page.rollups()
    );
    let reader = database.store.reader();
    let found: Vec<CellOfRollups> = rows::select(reader, rest, page.values(project))
        .await
        .expect("cells");
    let cell = |row: CellOfRollups| CellSums {
        prompt: row.prompt,
        model: row.model,
        is_branded: row.is_branded,
        sums: row.sums,
    };
    found.into_iter().map(cell).collect()
}

async fn voices(database: &TestDatabase, project: &TestProject, page: &Page) -> Vec<Voice> {
    let rest = format!(
        "FROM llm_monitoring_entity_rollups r WHERE {} AND NOT r.is_branded \
         GROUP BY r.entity_id, r.query_id ORDER BY r.entity_id, r.query_id",
        page.rollups()
    );
    let reader = database.store.reader();
    let found: Vec<VoiceOfRollups> = rows::select(reader, rest, page.values(project))
        .await
        .expect("voices");
    let voice = |row: VoiceOfRollups| Voice {
        entity: row.entity,
        prompt: row.prompt,
        mentions: row.mentions,
    };
    found.into_iter().map(voice).collect()
}

async fn days(database: &TestDatabase, project: &TestProject, page: &Page) -> Vec<DayMoments> {
    if page.models.len() == 1 {
        return Vec::new();
    }
    let rest = format!(
        "FROM (SELECT r.day, r.query_id, {} AS mentions, {} AS answers \
             FROM llm_monitoring_rollups r WHERE {} AND r.answers > 0 \
             GROUP BY r.day, r.query_id) p GROUP BY p.day ORDER BY p.day",
        sum("r.mentions"),
        sum("r.answers"),
        page.rollups()
    );
    let reader = database.store.reader();
    let found: Vec<DayOfRollups> = rows::select(reader, rest, page.values(project))
        .await
        .expect("days");
    let moments = |row: DayOfRollups| DayMoments {
        day: row.day,
        visibility: Moments {
            clusters: row.prompts,
            sums: visibility(row.mentions, row.answers),
            numerator_squares: row.mention_squares,
            products: row.products,
            denominator_squares: row.answer_squares,
        },
    };
    found.into_iter().map(moments).collect()
}

/// What the database counts of the rollups and of the citations of these domains.
async fn period_cells(
    database: &TestDatabase,
    project: &TestProject,
    page: &Page,
    domains: &[String],
) -> PeriodCells {
    let reader = database.store.reader();
    let answers = format!(
        "FROM llm_monitoring_rollups r WHERE {} GROUP BY r.query_id, r.model_id, r.is_branded",
        page.rollups()
    );
    let rivals = format!(
        "FROM llm_monitoring_entity_rollups r JOIN llm_monitoring_revision_entities e \
             ON e.revision_id = r.revision_id AND e.entity_id = r.entity_id AND NOT e.is_brand \
         WHERE {} GROUP BY r.entity_id, r.query_id, r.model_id",
        page.rollups()
    );
    let sources = format!(
        "FROM llm_monitoring_citations r CROSS JOIN llm_monitoring_pages p WHERE {} \
         GROUP BY p.domain, r.query_id, r.model_id",
        page.citations()
    );
    let values = || page.values(project);
    let mut cells = PeriodCells {
        answers: rows::select(reader, answers, values())
            .await
            .expect("answers"),
        rivals: rows::select(reader, rivals, values())
            .await
            .expect("rivals"),
        sources: rows::select(reader, sources, values())
            .await
            .expect("sources"),
    };
    cells.sources.retain(|cell| domains.contains(&cell.of));
    cells
}

/// The domains that most answers of a page and of the one before it cite, of equals by the alphabet.
async fn most_cited(database: &TestDatabase, project: &TestProject, page: &Page) -> Vec<String> {
    let both = Page {
        from: page.before().from,
        ..page.clone()
    };
    let sql = format!(
        "SELECT p.domain FROM llm_monitoring_citations r CROSS JOIN llm_monitoring_pages p \
         WHERE {} GROUP BY p.domain ORDER BY COUNT(*) DESC, p.domain LIMIT {MOST_SOURCES}",
        both.citations()
    );
    let reader = database.store.reader();
    let domains = rows::column(reader, sql, both.values(project)).await;
    domains.expect("domains")
}

/// The same cells in one order.
fn sorted(mut cells: PeriodCells) -> PeriodCells {
    cells
        .answers
        .sort_by_key(|cell| (cell.prompt, cell.model, cell.is_branded));
    cells
        .rivals
        .sort_by_key(|cell| (cell.of, cell.prompt, cell.model));
    cells
        .sources
        .sort_by_key(|cell| (cell.of.clone(), cell.prompt, cell.model));
    cells
}

/// What changes are found in is what the database counts, whether it is read with the numbers of the
/// page or by itself. What is cited in this page.
async fn check_cells(
    database: &TestDatabase,
    project: &TestProject,
    page: &Page,
    found: &PeriodSums,
) -> i64 {
    let (store, workspace) = (&database.store, project.workspace);
    let (days, before) = ((page.from, page.to), page.before());
    let earlier = Some((before.from, before.to));
    let OverviewSums { sums, cells, lines } = store
        .overview_sums(
            workspace,
            project.project,
            days,
            page.picked(),
            earlier,
            true,
        )
        .await
        .expect("sums and cells");
    assert_eq!(&sums, found, "{page:?}");
    let lines_of = LinesOf {
        metric: ChartMetric::Visibility,
        is_judged: false,
        split: Split::Brands,
        bucket: Bucket::Day,
        days,
        picked: page.picked(),
    };
    let straight = store
        .chart_lines(workspace, project.project, lines_of)
        .await;
    assert_eq!(lines, Some(straight.expect("lines")), "{page:?}");
    let alone = store
        .cells_of_periods(workspace, project.project, days, earlier, page.picked())
        .await
        .expect("cells");
    let domains = most_cited(database, project, page).await;
    let of_before = period_cells(database, project, &before, &domains).await;
    let of_page = period_cells(database, project, page, &domains).await;
    let straight = (sorted(of_before), sorted(of_page));
    for (before, shown) in [cells, alone] {
        assert_eq!((sorted(before), sorted(shown)), straight, "{page:?}");
    }
    straight.1.sources.iter().map(|cell| cell.answers).sum()
}

/// What the store reads of a page.
async fn found(database: &TestDatabase, project: &TestProject, page: &Page) -> PeriodSums {
    let before = page.before();
    let sums = database.store.period_sums(
        project.workspace,
        project.project,
        page.from,
        page.to,
        page.picked(),
        Some((before.from, before.to)),
    );
    sums.await.expect("sums")
}

/// What models say on each day to some prompts, and who is named there, is what the rollups say. Of
/// all prompts it is what snapshots say, which a host of an older version changes by itself.
async fn check_parts(
    database: &TestDatabase,
    project: &TestProject,
    page: &Page,
    found: &PeriodSums,
) {
    let reader = database.store.reader();
    let rest = format!(
        "FROM llm_monitoring_rollups r WHERE {} GROUP BY r.model_id, r.day \
         HAVING {} > 0 ORDER BY r.model_id, r.day",
        page.rollups(),
        sum("r.answers")
    );
    let days: Vec<ModelDayOfRollups> = rows::select(reader, rest, page.values(project))
        .await
        .expect("days of models");
    let mut shown: Vec<ModelDayOfRollups> = Vec::new();
    for model in &found.models {
        shown.extend(model.days.iter().map(|day| ModelDayOfRollups {
            model: model.model_id,
            day: day.day,
            sums: day.sums,
        }));
    }
    shown.sort_by_key(|day| (day.model, day.day));
    assert_eq!(shown, days, "{page:?}");
    for entity in &found.entities {
        let rest = format!(
            "FROM llm_monitoring_entity_rollups r WHERE {} AND r.entity_id = {}",
            page.rollups(),
            entity.entity_id
        );
        let straight: Vec<EntityOfRollups> = rows::select(reader, rest, page.values(project))
            .await
            .expect("mentions");
        let shown = EntityOfRollups { sums: entity.sums };
        assert_eq!(straight, [shown], "{page:?}");
    }
}

/// Picking every prompt is picking none: by another way, the same figures.
async fn check_all_prompts(database: &TestDatabase, project: &TestProject, page: &Page) {
    let shown = async |prompts: Option<Vec<PromptId>>| {
        let page = Page {
            prompts,
            ..page.clone()
        };
        let sums = found(database, project, &page).await;
        let shown = dashboard(&query(project, &page), sums);
        (shown.total, shown.previous, shown.changes, shown.entities)
    };
    let all = shown(Some(project.prompts.clone())).await;
    assert_eq!(shown(None).await, all, "{page:?}");
}

fn query(project: &TestProject, page: &Page) -> DashboardQuery {
    DashboardQuery {
        project_id: project.project,
        from: page.from,
        to: page.to,
        model_ids: page.models.clone(),
        compare: ComparedWith::DaysBefore,
        tags: Vec::new(),
    }
}

/// A page as the store reads it is the page of the rollups.
async fn check(database: &TestDatabase, project: &TestProject, page: &Page) {
    let found = found(database, project, page).await;
    check_cells(database, project, page, &found).await;
    if page.prompts.is_some() {
        check_parts(database, project, page, &found).await;
    } else {
        check_all_prompts(database, project, page).await;
    }
    let straight = PeriodSums {
        cells: cells(database, project, page).await,
        before: cells(database, project, &page.before()).await,
        voices: voices(database, project, page).await,
        days: days(database, project, page).await,
        ..found.clone()
    };
    assert_eq!(found, straight, "{page:?}");
    let query = query(project, page);
    assert_eq!(dashboard(&query, found), dashboard(&query, straight));
    if page.prompts.is_some() {
        return;
    }
    let Page {
        from, to, models, ..
    } = page;
    let cells = database
        .store
        .prompt_cells(project.workspace, project.project, (*from, *to), models)
        .await
        .expect("cells");
    assert_eq!(cells, self::cells(database, project, page).await);
}

/// Some pages of more sites than changes are looked for in, of which some are only shown.
fn some_pages(random: &mut StdRng) -> Vec<Citation> {
    let pages = random.random_range(0..5);
    let page = |_| Citation {
        url: format!(
            "https://site-{}.example/{}",
            random.random_range(10..40),
            random.random_range(0..3)
        ),
        title: None,
        start: None,
        end: None,
        cited: random.random_bool(0.8),
    };
    (0..pages).map(page).collect()
}

/// One run with texts and citations at random.
async fn run(database: &TestDatabase, project: &TestProject, seed: u64) {
    run_citing(database, project, seed, some_pages).await;
}

/// One of the questions names the brand.
async fn ask_for_the_brand(database: &TestDatabase, project: &TestProject) {
    let sql = format!(
        "UPDATE llm_monitoring_queries SET query_text = 'What is wrong with Kipu?' WHERE id = {}",
        project.prompts[1]
    );
    database.execute(&sql).await;
}

/// All days that there are.
fn all_days(database: &TestDatabase) -> Page {
    let to = database.clock.now().date_naive();
    Page {
        from: to - Days::new(40),
        to,
        models: Vec::new(),
        prompts: None,
    }
}

fn any_page(database: &TestDatabase, project: &TestProject, random: &mut impl RngExt) -> Page {
    let now = database.clock.now().date_naive();
    let to = now - Days::new(random.random_range(0..6));
    Page {
        from: to - Days::new(random.random_range(0..40)),
        to,
        models: match random.random_range(0..3) {
            0 => Vec::new(),
            1 => vec![project.models[random.random_range(0..project.models.len())]],
            _ => project.models.clone(),
        },
        prompts: random.random_bool(0.5).then(|| {
            let prompts = project.prompts.iter().copied();
            prompts.filter(|_| random.random_bool(0.5)).collect()
        }),
    }
}

/// Model's days that are shown and have no sheet that counts.
async fn without_sheet(database: &TestDatabase) -> i64 {
    let sql = "SELECT COUNT(*) FROM llm_monitoring_snapshots s \
        JOIN llm_monitoring_revisions v ON v.id = s.revision_id AND v.status = 'active' \
        WHERE s.prompts = 'all' AND NOT EXISTS (SELECT 1 FROM llm_monitoring_day_sheets t \
            WHERE t.snapshot_id = s.id AND t.made_at = s.updated_at)";
    database.number(sql).await
}

async fn sum_again(database: &TestDatabase) {
    let marked = database.store.sum_everything_again().await;
    marked.expect("marked");
    let done = reread::work_off(&database.store, "summer").await;
    done.expect("summed");
}

async fn read_again(database: &TestDatabase, project: &TestProject) {
    let asked = database
        .store
        .read_again(project.workspace, project.project)
        .await;
    asked.expect("asked");
    let done = reread::work_off(&database.store, "reader").await;
    done.expect("read");
}

/// Every third sheet is of another way to pack.
async fn spoil(database: &TestDatabase) {
    let tx = database.store.begin_write().await.expect("a transaction");
    let sql = "UPDATE llm_monitoring_day_sheets SET sheet = $1 WHERE snapshot_id % 3 = 0";
    let packed = [Value::from(vec![200_u8, 1])];
    rows::execute(&tx, sql, packed).await.expect("spoilt");
    tx.commit().await.expect("committed");
}

/// A host that knows no sheets sums some days.
async fn sum_as_before(database: &TestDatabase, number: u64) {
    database
        .execute("UPDATE llm_monitoring_rollups SET tokens = tokens + 1 WHERE query_id % 2 = 0")
        .await;
    let sql = format!(
        "UPDATE llm_monitoring_snapshots SET updated_at = '2026-01-01 00:00:{number:02}+00:00'"
    );
    database.execute(&sql).await;
}

on_both_databases! {
    async fn a_page_of_sheets_is_the_page_of_rollups(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 5, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        ask_for_the_brand(database, &project).await;
        let mut random = StdRng::seed_from_u64(15);
        check(database, &project, &all_days(database)).await;
        for number in 0..24 {
            // A run first, and others among what follows.
            let step = if number == 0 { 0 } else { random.random_range(0..9) };
            match step {
                0..=2 => run(database, &project, number).await,
                3 => read_again(database, &project).await,
                4 => sum_again(database).await,
                5 => database.execute("DELETE FROM llm_monitoring_day_sheets WHERE snapshot_id % 2 = 0").await,
                6 => database.execute("DELETE FROM llm_monitoring_day_sheets").await,
                7 => spoil(database).await,
                _ => sum_as_before(database, number).await,
            }
            for _ in 0..3 {
                let page = any_page(database, &project, &mut random);
                check(database, &project, &page).await;
            }
        }
        let page = all_days(database);
        check(database, &project, &page).await;
        assert_eq!(without_sheet(database).await, 0, "what is read is kept");
        sum_again(database).await;
        check(database, &project, &page).await;
    }

    async fn mentions_to_some_prompts_are_those_of_their_days(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 3, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        // Two whole weeks and the begin of a third, from a Tuesday on.
        let mut days = Vec::new();
        for seed in 0..15 {
            days.push(database.clock.now().date_naive());
            run(database, &project, seed).await;
        }
        for from in days.iter().step_by(2) {
            for to in days.iter().filter(|to| *to >= from).step_by(3) {
                let page = Page {
                    from: *from,
                    to: *to,
                    models: Vec::new(),
                    prompts: Some(project.prompts[1..].to_vec()),
                };
                check(database, &project, &page).await;
                check(database, &project, &Page { models: vec![project.models[0]], ..page }).await;
            }
        }
        // Of whole weeks it is the weeks that are read.
        let page = Page {
            prompts: Some(project.prompts.clone()),
            ..all_days(database)
        };
        let brand = async || found(database, &project, &page).await.entities[0].sums.mentions;
        let before = brand().await;
        database
            .execute("UPDATE llm_monitoring_week_entity_rollups SET mentions = mentions + 1000")
            .await;
        assert!(brand().await >= before + 1000);
    }

    async fn sheets_are_made_with_the_sums(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        run(database, &project, 1).await;
        assert_eq!(without_sheet(database).await, 0);
        let sheets = "SELECT COUNT(*) FROM llm_monitoring_day_sheets";
        assert_eq!(database.number(sheets).await, 2, "one a model");
        add_initech(database, &project).await;
        reread::work_off(&database.store, "reader").await.expect("read");
        assert_eq!(without_sheet(database).await, 0);
        assert_eq!(database.number(sheets).await, 2, "those of the old revision are gone");
        check(database, &project, &all_days(database)).await;
    }

    async fn what_old_answers_cite_is_in_their_sheets(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        for seed in 0..3 {
            run(database, &project, seed).await;
        }
        let page = all_days(database);
        let cited = async || {
            let found = found(database, &project, &page).await;
            check_cells(database, &project, &page, &found).await
        };
        let before = cited().await;
        assert!(before > 0);
        // As a host leaves it that had no place for citations: summed, and looked at since.
        database.execute("DELETE FROM llm_monitoring_citations").await;
        database.execute("DELETE FROM llm_monitoring_day_sheets").await;
        assert_eq!(cited().await, 0);
        while database.store.read_old_citations().await.expect("read") {}
        assert_eq!(without_sheet(database).await, 0);
        assert_eq!(cited().await, before);
    }

    async fn readers_and_a_writer_leave_true_sheets(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let is_done = AtomicBool::new(false);
        let write = async {
            for seed in 0..4 {
                run(database, &project, seed).await;
                sum_again(database).await;
            }
            read_again(database, &project).await;
            is_done.store(true, Ordering::SeqCst);
        };
        let read = async |deletes: bool| {
            let (workspace, id) = (project.workspace, project.project);
            while !is_done.load(Ordering::SeqCst) {
                let Page { from, to, .. } = all_days(database);
                let picked = Picked::default();
                let sums = database.store.period_sums(workspace, id, from, to, picked, None).await;
                sums.expect("sums");
                if deletes {
                    // One row: who holds some and waits for others could wait for who waits for it.
                    database.execute(
                        "DELETE FROM llm_monitoring_day_sheets WHERE snapshot_id = \
                         (SELECT MIN(snapshot_id) FROM llm_monitoring_day_sheets)"
                    ).await;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::join!(write, read(true), read(false), read(false));
        // First from the sheets that are there, then from those that are made for it.
        check(database, &project, &all_days(database)).await;
        database.execute("DELETE FROM llm_monitoring_day_sheets").await;
        check(database, &project, &all_days(database)).await;
        assert_eq!(without_sheet(database).await, 0);
    }
}
