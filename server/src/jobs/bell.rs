//! Rings the workers after a run was planned or cancelled.

use app::model::ids::RunId;

use super::queue::{Entrance, LanesWait};

/// The bell of a queue. Cheap to clone.
#[derive(Clone)]
pub struct Bell {
    entrance: Entrance,
}

impl Bell {
    pub(super) const fn new(entrance: Entrance) -> Self {
        Self { entrance }
    }

    /// Rings. It never fails: workers look by themselves every second, so a ring that is lost
    /// costs no more than that.
    pub async fn ring(&self, run: RunId) {
        let job = LanesWait { run: run.0 };
        if let Err(error) = self.entrance.push(job).await {
            tracing::warn!(run = run.0, %error, "the bell could not be rung");
        }
    }
}
