//! The budgets of the design as ratios: what was measured, divided by what is allowed.
//!
//! Prints one line a budget and exits with 1 where a ratio is above 1. Nothing here is a test:
//! a busy machine gives worse ratios, not a broken build.

#![expect(clippy::print_stdout, reason = "a benchmark talks to people")]
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot be set up may stop"
)]

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::language::Language;
use app::model::project::{EntityDraft, ProjectDraft};
use app::model::provider::Provider;
use app::model::registry::{ModelChange, ModelDraft, PriceDraft};
use app::model::run::Trigger;
use app::model::validate;
use async_trait::async_trait;
use parallax::analysis::{Detector, EntitySpec};
use parallax::clock::SystemClock;
use parallax::engine::{Engine, KeyError, KeyRing, Options, Parts};
use parallax::providers::Access;
use parallax::providers::simulator::{Simulator, SimulatorOptions};
use parallax::store::Store;
use parallax::store::accounts::{Entrance, NewUser};
use parallax::store::connect::sqlite_url;
use tokio_util::sync::CancellationToken;

const ANALYSIS_BUDGET: Duration = Duration::from_micros(100);
const ANALYSIS_ROUNDS: u32 = 2_000;
const ANSWER_BYTES: usize = 4_096;
const COMPETITORS: i64 = 20;

const LANES: usize = 4;
const ASKS_A_LANE: usize = 20;
const SLOWEST_ASK: Duration = Duration::from_secs(5);
const FAN_OUT_FACTOR: f64 = 1.1;

#[tokio::main]
async fn main() -> ExitCode {
    let analysis = analyse().as_secs_f64() / ANALYSIS_BUDGET.as_secs_f64();
    println!(
        "analysis of a 4 kB answer, 1 brand and 20 competitors   {analysis:.2} x the budget of 100 µs"
    );
    let fan_out = fan_out().await.as_secs_f64() / SLOWEST_ASK.as_secs_f64();
    println!(
        "80 asks of 5 s in 4 lanes, stored and analysed          {fan_out:.3} x the slowest ask (budget {FAN_OUT_FACTOR})"
    );
    if analysis <= 1.0 && fan_out <= FAN_OUT_FACTOR {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The median of many readings of one answer.
fn analyse() -> Duration {
    let name = |number: i64| format!("Nombre{number} Cloud");
    let entities: Vec<EntitySpec> = (0..=COMPETITORS)
        .map(|number| EntitySpec {
            key: number,
            name: name(number),
            aliases: vec![format!("N{number}C")],
            domains: vec![format!("nombre{number}.example")],
        })
        .collect();
    let mut text = String::new();
    for number in 0.. {
        let named = number % (COMPETITORS + 1);
        let _ = writeln!(
            text,
            "{}. **{}** is a sound choice for teams that want [a quick start](https://nombre{named}.example/tour).",
            number % 10 + 1,
            name(named),
        );
        if text.len() >= ANSWER_BYTES {
            break;
        }
    }
    let detector = Detector::new(&entities);
    let mut times: Vec<Duration> = (0..ANALYSIS_ROUNDS)
        .map(|_| {
            let begin = Instant::now();
            std::hint::black_box(detector.analyze(std::hint::black_box(&text), &[]));
            begin.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

struct NoKeys;

#[async_trait]
impl KeyRing for NoKeys {
    async fn access(
        &self,
        _workspace: WorkspaceId,
        provider: Provider,
    ) -> Result<Access, KeyError> {
        Ok(Access {
            provider,
            api_key: None,
            base_url: None,
            reach: parallax::providers::Reach::Anywhere,
        })
    }
}

/// From the plan of a run to its last finding, on SQLite.
async fn fan_out() -> Duration {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::connect(
        &sqlite_url(&folder.path().join("bench.sqlite3")),
        Arc::new(SystemClock),
    )
    .await
    .unwrap();
    store.migrate().await.unwrap();
    let (workspace, project) = prepare(&store).await;
    let simulator = Simulator::new(SimulatorOptions {
        latency: SLOWEST_ASK,
        ..SimulatorOptions::default()
    });
    let shutdown = CancellationToken::new();
    let parts = Parts {
        lanes: Arc::new(store.clone()),
        keys: Arc::new(NoKeys),
        provider: Arc::new(simulator),
        clock: store.clock().clone(),
    };
    let engine = Engine::spawn(parts, Options::default(), shutdown.clone());
    let begin = Instant::now();
    let run = store
        .plan_run(workspace, project, Trigger::Manual, None)
        .await
        .unwrap();
    engine.wake();
    let elapsed = loop {
        let view = store.run(workspace, run).await.unwrap();
        if view.status.is_over() {
            assert_eq!(
                usize::try_from(view.answered()).unwrap(),
                LANES * ASKS_A_LANE
            );
            break begin.elapsed();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    shutdown.cancel();
    engine.join().await;
    elapsed
}

async fn prepare(store: &Store) -> (WorkspaceId, ProjectId) {
    let new = NewUser {
        email: "bench@example.com".to_owned(),
        password_hash: String::new(),
        is_admin: true,
    };
    let (user, workspace) = store.create_user(new, Entrance::CommandLine).await.unwrap();
    let mut model_ids: Vec<ModelId> = Vec::new();
    for number in 0..LANES {
        let draft = ModelDraft {
            provider: Provider::Simulator,
            model_id: format!("bench-{number}"),
            display_name: format!("Bench {number}"),
            web_search: false,
        };
        let model_id = store.add_model(&draft, 8_192).await.unwrap();
        let price = PriceDraft {
            input: Some("1".to_owned()),
            output: Some("4".to_owned()),
            ..PriceDraft::default()
        };
        let amounts = validate::price(Language::English, &price).unwrap();
        let change = ModelChange {
            is_available: Some(true),
            ..ModelChange::default()
        };
        store
            .change_model(model_id, &change, Some(amounts), user.id)
            .await
            .unwrap();
        model_ids.push(model_id);
    }
    let draft = ProjectDraft {
        name: "Bench".to_owned(),
        brand: EntityDraft {
            name: "Kipu".to_owned(),
            ..EntityDraft::default()
        },
        language: "en".to_owned(),
        model_ids,
        prompts: Some(
            (0..ASKS_A_LANE)
                .map(|number| format!("Which tool number {number} is the best?"))
                .collect(),
        ),
        is_active: true,
        ..ProjectDraft::default()
    };
    let project = store.create_project(workspace, &draft).await.unwrap();
    (workspace, project)
}
