//! How the instance is: whether its database answers, and for admins what is in it.

use std::collections::BTreeMap;

use app::model::provider::Provider;

use super::Services;
pub use crate::store::jobs::JobHealth;

/// What is in an instance, of all workspaces.
#[derive(Clone, Debug)]
pub struct InstanceHealth {
    /// Projects that are neither paused nor deleted.
    pub active_projects: u64,
    /// Providers that some workspace, or the host itself, has a key for.
    pub providers_with_keys: Vec<Provider>,
    /// What the instance does by itself, by name, over all its processes.
    pub jobs: BTreeMap<String, JobHealth>,
}

impl Services {
    /// Whether the database answers.
    pub async fn is_database_there(&self) -> bool {
        self.host.store.ping().await.is_ok()
    }

    /// What is in the instance; `None`: the caller is no admin, or the database does not answer.
    pub async fn instance_health(&self) -> Option<InstanceHealth> {
        self.admin().ok()?;
        let store = &self.host.store;
        let active_projects = store.count_active_projects().await.ok()?;
        let keys = &self.host.keys;
        Some(InstanceHealth {
            active_projects,
            providers_with_keys: keys.providers_with_keys().await.unwrap_or_default(),
            jobs: store.job_health().await.unwrap_or_default(),
        })
    }
}
