//! How jobs go, as processes tell it.

use std::sync::Arc;
use std::time::Duration;

use app::model::schedule::JobState;
use runtime::supervision::JobReporter;

use crate::store::testing::{TestDatabase, on_both_databases};

on_both_databases! {
    async fn health_tells_who_is_well_late_and_stopped(database: &TestDatabase) {
        let reporter = |job| {
            JobReporter::new(job, Duration::from_mins(5), Arc::clone(database.store.clock()))
        };
        let (here, there) = (reporter("schedule"), reporter("schedule"));
        here.success();
        let save = async |process: &str, reporter: &JobReporter| {
            database.store.save_job_health(process, &[reporter.report()]).await.expect("saved");
        };
        let state = async || {
            let jobs = database.store.job_health().await.expect("health");
            jobs.get("schedule").expect("it was told").clone()
        };
        save("one", &here).await;
        let health = state().await;
        assert_eq!((health.state, health.panics), (JobState::Well, 0));
        assert_eq!(health.last_success_at, here.report().last_success_at);

        // One process succeeds no more, another one does: all is well.
        database.clock.advance(Duration::from_secs(301));
        here.failure(&"the door is locked");
        save("one", &here).await;
        assert_eq!(state().await.state, JobState::Late);
        there.success();
        save("two", &there).await;
        let health = state().await;
        assert_eq!(health.state, JobState::Well);
        assert_eq!(health.last_failure.as_deref(), Some("the door is locked"));

        // Nobody has told anything for a while; when it last went well is still known.
        database.clock.advance(Duration::from_secs(61));
        let health = state().await;
        assert_eq!(health.state, JobState::Stopped);
        assert_eq!(health.last_success_at, there.report().last_success_at);
    }
}
