//! A run from its plan to its last finding, with the providers in another process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::model::ids::WorkspaceId;
use app::model::provider::Provider;
use app::model::run::Trigger;
use async_trait::async_trait;
use engine::{Engine, FoundKey, KeyError, KeyRing, Options, Parts};
use parallax::worker_lock::WorkerLock;
use providers::{Access, ClientOptions, HttpProvider, Reach};
use tokio_util::sync::CancellationToken;

use crate::process::{Simulator, forget_peak, peak_mb, processor_time};
use crate::world::{Kind, World};

/// What is asked.
pub(crate) struct Load {
    /// Models.
    pub(crate) lanes: u32,
    /// Prompts.
    pub(crate) asks_a_lane: u32,
    /// What the provider takes for an answer.
    pub(crate) latency: Duration,
    /// Upper limit of the key.
    pub(crate) in_flight: u32,
    /// What each lane begins with, and its model's upper limit.
    pub(crate) window: u32,
    /// How often it is looked whether the run is over: each look costs a millisecond or so.
    pub(crate) look: Duration,
}

impl Load {
    pub(crate) const fn asks(&self) -> u32 {
        self.lanes * self.asks_a_lane
    }

    /// What it would take if nothing but the provider took time.
    pub(crate) fn ideal(&self) -> Duration {
        self.latency * self.asks().div_ceil(self.in_flight)
    }
}

/// What it took.
pub(crate) struct Taken {
    pub(crate) elapsed: Duration,
    pub(crate) processor: Duration,
    pub(crate) resident_mb: f64,
}

struct ToSimulator(String);

#[async_trait]
impl KeyRing for ToSimulator {
    async fn access(&self, _: WorkspaceId, provider: Provider) -> Result<FoundKey, KeyError> {
        Ok(FoundKey {
            on_shared_key: false,
            access: Access {
                provider,
                api_key: Some("sk-sim-benchmark".to_owned().into()),
                base_url: Some(format!("{}/v1", self.0)),
                reach: Reach::Anywhere,
            },
        })
    }
}

/// Runs the load once.
pub(crate) async fn measure(kind: Kind, load: &Load) -> Taken {
    let simulator = Simulator::start(load.latency);
    let world = World::new(kind, load).await;
    let shutdown = CancellationToken::new();
    let parts = Parts {
        lanes: Arc::new(world.store.clone()),
        keys: Arc::new(ToSimulator(simulator.address.clone())),
        provider: Arc::new(HttpProvider::new(ClientOptions::default()).unwrap()),
        clock: world.store.clock().clone(),
        local_workers: Arc::new(WorkerLock::hold(world.folder()).unwrap()),
    };
    let options = Options {
        first_window: load.window as usize,
        credential_limit: load.in_flight as usize,
        ..Options::default()
    };
    forget_peak();
    let engine = Engine::spawn(parts, options, shutdown.clone());
    let (begin, before) = (Instant::now(), processor_time());
    let run = world
        .store
        .plan_run(world.workspace, world.project, Trigger::Manual, None)
        .await
        .unwrap();
    engine.wake();
    let (elapsed, processor) = loop {
        let view = world.store.run(world.workspace, run).await.unwrap();
        if view.status.is_over() {
            assert_eq!(view.answered(), i64::from(load.asks()), "{view:?}");
            break (begin.elapsed(), processor_time().saturating_sub(before));
        }
        tokio::time::sleep(load.look).await;
    };
    let resident_mb = peak_mb();
    shutdown.cancel();
    engine.join().await;
    world.end().await;
    Taken {
        elapsed,
        processor,
        resident_mb,
    }
}
