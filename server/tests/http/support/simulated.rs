//! Providers that answer on loopback.

use std::time::Duration;

use providers::simulator::server::{SimulateOptions, serve};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::Caller;

/// A provider on loopback that ends with the test.
pub(crate) struct Simulated {
    pub(crate) origin: String,
    _stop: oneshot::Sender<()>,
}

impl Simulated {
    pub(crate) async fn start(faults: &str) -> Self {
        Self::with(SimulateOptions {
            faults: faults.parse().expect("plan"),
            ..SimulateOptions::default()
        })
        .await
    }

    pub(crate) async fn slow(latency: Duration) -> Self {
        Self::with(SimulateOptions {
            latency,
            ..SimulateOptions::default()
        })
        .await
    }

    pub(crate) async fn with(options: SimulateOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
        let origin = format!("http://{}", listener.local_addr().expect("address"));
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(serve(listener, options, async move {
            let _ = stopped.await;
        }));
        Self {
            origin,
            _stop: stop,
        }
    }

    /// Gives the caller's workspace a key for it as the provider, whose current model becomes
    /// the judge.
    pub(crate) async fn judge_for(&self, caller: &Caller<'_>, provider: &str) {
        self.key_for(caller, provider).await;
        choose_judge(caller, provider).await;
    }

    /// Gives the caller's workspace a key for it as the provider: its answers are real money.
    pub(crate) async fn key_for(&self, caller: &Caller<'_>, provider: &str) {
        let base_url = match provider {
            "openai" => format!("{}/v1", self.origin),
            _ => self.origin.clone(),
        };
        let draft = json!({"provider": provider, "api_key": "sk-0123456789", "base_url": base_url});
        let saved = caller.call("keys/save", &json!({ "draft": draft })).await;
        saved.expect(200);
    }
}

/// Makes the current model of a provider the judge of the caller's workspace.
pub(crate) async fn choose_judge(caller: &Caller<'_>, provider: &str) {
    let path = format!("/models?provider={provider}&is_current=true");
    let models = caller.get(&path).await.expect(200);
    let judge = json!({"model_id": models["models"][0]["id"]});
    caller.put("/judge", &judge).await.expect(200);
}
