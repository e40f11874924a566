//! Runs, lanes, outcomes and snapshots, on both databases.

mod answer_list;
mod answer_reads;
mod asks_at_their_least;
mod backup;
mod budgets;
mod changes;
mod chart_notes;
mod demo;
mod job_health;
mod lanes;
mod migrations;
mod notice_mutes;
mod old_pages;
mod one_connection;
mod outcomes;
mod overview;
mod paid_calls;
mod people;
mod pooled;
mod proofs;
mod registry;
mod registry_seed;
mod retries;
mod revisions;
mod rooms;
mod runs;
mod saved_views;
mod search_queries;
mod served;
mod shared_keys;
mod sheets;
mod sign_in_attempts;
mod snapshots;
mod sources;
mod spending;
mod tag_history;
mod unsolved_notices;

use std::sync::Arc;
use std::time::Duration;

use analysis::Finding;
use app::model::answer::MentionSource;
use app::model::ids::{AskId, EntityId};
use app::model::money::Money;
use app::model::run::CostKind;
use bytes::Bytes;
use engine::asker::size;
use engine::attempt::Attempt;
use engine::cost::Cost;
use engine::{AskOutcome, AskWork, Batch, Begin, ClaimRequest, Claimed, Committed, Read, pages_of};
use providers::{Answer, Citation, ErrorClass, Exchange, Failure, Outcome, RateLimits, Usage};
use runtime::clock::Clock;

use crate::calendar;
use crate::store::testing::TestDatabase;

/// A tenth of a cent.
const COST: Money = Money::from_nanos(1_000_000);

fn claiming(worker: &str) -> ClaimRequest<'_> {
    ClaimRequest {
        worker,
        held: &[],
        lanes_a_workspace: 32,
    }
}

/// Claims a lane that must be there.
async fn claim(database: &TestDatabase, worker: &str) -> Claimed {
    database
        .store
        .claim_lane(&claiming(worker))
        .await
        .expect("claimed")
        .expect("a free lane")
}

/// The ids of all asks that wait.
fn ids(claimed: &Claimed) -> Vec<AskId> {
    claimed.asks.iter().map(|work| work.id).collect()
}

/// Asks that each may cost what [`answered`] costs.
fn begins(asks: &[AskId]) -> Vec<Begin> {
    let begin = |&ask| Begin {
        ask,
        most: COST,
        least: COST,
    };
    asks.iter().map(begin).collect()
}

/// Begins asks.
async fn begin(database: &TestDatabase, claimed: &Claimed, asks: &[AskId]) -> Committed {
    let batch = Batch {
        begin: &begins(asks),
        ..Batch::default()
    };
    database
        .store
        .commit_outcomes(&claimed.scope, &batch)
        .await
        .expect("begun")
}

/// Stores outcomes.
async fn store(database: &TestDatabase, claimed: &Claimed, outcomes: &[AskOutcome]) -> Committed {
    let batch = Batch {
        outcomes,
        ..Batch::default()
    };
    database
        .store
        .commit_outcomes(&claimed.scope, &batch)
        .await
        .expect("stored")
}

/// Works off a lane: every ask is answered with this text, naming nobody.
async fn answer_all(database: &TestDatabase, claimed: &Claimed) -> Committed {
    begin(database, claimed, &ids(claimed)).await;
    let outcomes: Vec<AskOutcome> = claimed
        .asks
        .iter()
        .map(|work| answered(database, claimed, work, Vec::new()))
        .collect();
    store(database, claimed, &outcomes).await
}

/// An answer that came now.
fn answered(
    database: &TestDatabase,
    claimed: &Claimed,
    work: &AskWork,
    findings: Vec<Finding<EntityId>>,
) -> AskOutcome {
    let answer = Answer {
        outcome: Outcome::Answered,
        text: "Kipu, before\0all.".to_owned(),
        finish: Some("stop".to_owned()),
        model_served: Some("model-a-2026".to_owned()),
        usage: Usage {
            input_tokens: Some(100),
            output_tokens: Some(50),
            ..Usage::default()
        },
        citations: vec![Citation {
            url: "https://kipu.example/soap".to_owned(),
            title: None,
            start: Some(0),
            end: Some(4),
            cited: true,
        }],
        request_id: Some("req-1".to_owned()),
        cost_reported: None,
        search_queries: vec!["best soap".to_owned()],
        worth_another: false,
    };
    let cost = Cost {
        amount: COST,
        kind: CostKind::Computed,
        price: claimed.scope.model.prices.first().map(|price| price.id),
    };
    outcome(database, claimed, work, Ok(answer), Some(cost), findings)
}

/// A failure that came now.
fn failed(
    database: &TestDatabase,
    claimed: &Claimed,
    work: &AskWork,
    class: ErrorClass,
) -> AskOutcome {
    let failure = Failure {
        class,
        message: "it broke".to_owned(),
        retry: false,
        retry_after: None,
        may_be_billed: false,
        request_id: None,
    };
    outcome(database, claimed, work, Err(failure), None, Vec::new())
}

fn outcome(
    database: &TestDatabase,
    claimed: &Claimed,
    work: &AskWork,
    result: Result<Answer, Failure>,
    cost: Option<Cost>,
    findings: Vec<Finding<EntityId>>,
) -> AskOutcome {
    let reads = claimed
        .readings
        .iter()
        .map(|reading| Read::new(Arc::new(reading.clone()), Ok(findings.clone())));
    let reads = if result.is_ok() {
        reads.collect()
    } else {
        Vec::new()
    };
    let at = database.clock.now();
    let latency = Duration::from_millis(250);
    let error_class = result.as_ref().err().map(|failure| failure.class);
    let cited = result.as_ref().map(|answer| pages_of(&answer.citations));
    let pages = cited.unwrap_or_default();
    AskOutcome {
        ask: work.id,
        prompt: work.prompt,
        language: work.language.clone(),
        lost_before: work.lost_before,
        attempts: vec![Attempt {
            sent_at: at,
            status: Some(200),
            error_class,
            latency,
            request_id: None,
            lost: None,
            without_text: None,
        }],
        reserved: COST,
        exchange: Exchange {
            result,
            status: Some(200),
            latency,
            request_id: None,
            raw_body: Bytes::from_static(b"{}"),
            rate: RateLimits::default(),
        },
        at,
        day: calendar::day(claimed.scope.time_zone, at),
        size: size(&claimed.scope.model, &work.text),
        cost,
        reads,
        pages,
    }
}

fn finding(entity: EntityId, source: MentionSource, rank: Option<u32>) -> Finding<EntityId> {
    Finding {
        key: entity,
        source,
        text_count: 1,
        spans: vec![(0, 4)],
        rank,
        list_total: rank.map(|_| 10),
        bullet_order: None,
        first_offset: Some(0),
        prominence: None,
        sentiment: None,
        sentiment_score: None,
        recommended: None,
    }
}
