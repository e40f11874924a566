//! Made-up answers beside real ones.

use app::model::answer::MentionSource;
use app::model::ids::ModelId;
use app::model::provider::Provider;
use chrono::NaiveDate;
use runtime::clock::Clock;

use super::{answered, begin, claim, finding, ids, store};
use crate::store::sums::{SnapshotFilter, SnapshotPage, Surfaces, VoicesOf};
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases,
};

const MADE_UP: &str = "made-up-1";

fn both() -> ProjectPlan {
    ProjectPlan {
        models: vec![
            (Provider::OpenAi, "model-a", true),
            (Provider::Simulator, MADE_UP, true),
        ],
        ..ProjectPlan::default()
    }
}

fn only_made_up() -> ProjectPlan {
    ProjectPlan {
        models: vec![(Provider::Simulator, MADE_UP, true)],
        ..ProjectPlan::default()
    }
}

/// Runs the project once. Real answers name nobody, made-up ones the brand.
async fn run(database: &TestDatabase, project: &TestProject) {
    project.plan(database).await;
    for _ in &project.models {
        let claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)).await;
        let is_made_up = claimed.scope.model.provider == Provider::Simulator;
        let findings = || {
            let named = is_made_up.then(|| finding(project.brand, MentionSource::Text, None));
            named.into_iter().collect()
        };
        let outcomes: Vec<_> = claimed
            .asks
            .iter()
            .map(|work| answered(database, &claimed, work, findings()))
            .collect();
        store(database, &claimed, &outcomes).await;
    }
}

/// Providers in the comparison, in the list of snapshots, among the newest; mentions in the
/// history of voices.
async fn shown(
    database: &TestDatabase,
    project: &TestProject,
    simulated: bool,
) -> (Vec<Provider>, Vec<Provider>, i64) {
    let day: NaiveDate = database.clock.now().date_naive();
    let (store, days) = (&database.store, (day, day));
    let (workspace, id) = (project.workspace, project.project);
    let compared = store
        .comparison(workspace, id, days, simulated)
        .await
        .expect("rows");
    let filter = SnapshotFilter {
        project_id: id,
        from: day,
        to: day,
        provider: None,
        surfaces: if simulated {
            Surfaces::MadeUp
        } else {
            Surfaces::RealFirst
        },
    };
    let listed = store
        .snapshots(workspace, &filter, SnapshotPage::ALL)
        .await
        .expect("rows");
    let of = VoicesOf {
        simulated,
        ..VoicesOf::default()
    };
    let voices = store
        .voices_by_day(workspace, id, days, of)
        .await
        .expect("rows");
    (
        compared.iter().map(|row| row.compared.provider).collect(),
        listed.rows.iter().map(|row| row.provider).collect(),
        voices.iter().map(|row| row.mentions).sum(),
    )
}

on_both_databases! {
    async fn where_nothing_is_real_everything_is_pooled(database: &TestDatabase) {
        let project = make_project(database, &only_made_up()).await;
        run(database, &project).await;
        let pooled = database.store.pooled(project.workspace, project.project, &[]).await.expect("models");
        assert_eq!((pooled.models.len(), pooled.left_out.len()), (0, 0));
        let simulator = vec![Provider::Simulator];
        assert_eq!(shown(database, &project, false).await, (simulator.clone(), simulator, 3));
    }

    async fn real_answers_leave_made_up_ones_out(database: &TestDatabase) {
        let project = make_project(database, &both()).await;
        run(database, &project).await;
        let (real, made_up) = (project.models[0], project.models[1]);
        let pooled = async |wanted: &[ModelId]| {
            let pooled = database.store.pooled(project.workspace, project.project, wanted).await;
            let pooled = pooled.expect("models");
            (pooled.models, pooled.left_out)
        };
        assert_eq!(pooled(&[]).await, (vec![real], vec![made_up]));
        assert_eq!(pooled(&[real, made_up]).await, (vec![real], vec![made_up]));
        assert_eq!(pooled(&[made_up]).await, (vec![made_up], vec![]));
        let alone = database.store.made_up_models(&[]).await.expect("models");
        assert!(alone.contains(&made_up) && !alone.contains(&real));
        assert_eq!(database.store.made_up_models(&[real]).await.expect("none"), [ModelId(0)]);

        let openai = vec![Provider::OpenAi];
        assert_eq!(shown(database, &project, false).await, (openai.clone(), openai, 0));
        let simulator = vec![Provider::Simulator];
        assert_eq!(shown(database, &project, true).await, (simulator.clone(), simulator, 3));
        let newest = database.store.latest_snapshots(project.workspace, project.project).await;
        let newest: Vec<_> = newest.expect("rows").iter().map(|row| row.provider).collect();
        assert_eq!(newest, [Provider::OpenAi]);

        // In a list of projects too; the other one has nothing real.
        let other = make_project(database, &only_made_up()).await;
        run(database, &other).await;
        let day = database.clock.now().date_naive();
        let sums = async |project: &TestProject| {
            let sums = database.store.sums_of_projects(project.workspace, &[project.project], day, day).await;
            let sums = sums.expect("sums")[&project.project];
            (sums.answers, sums.mentions, sums.simulated)
        };
        assert_eq!(sums(&project).await, (3, 0, 0));
        assert_eq!(sums(&other).await, (3, 3, 3));
    }
}
