//! One call to a model that writes suggestions, from the money set aside to the books.
//!
//! What is set aside stands in the database. A host that dies before it has booked what the
//! call cost leaves it there, and it is booked as it stands: at the worst case, as everything
//! else of which nobody knows what became of it.

use std::time::Duration;

use app::model::money::Money;
use app::model::suggestions::SuggestionWish;
use async_trait::async_trait;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{Host, ServiceResult};
use crate::engine::attempt::RetryPolicy;
use crate::engine::cost::{self, Cost};
use crate::engine::{CallPurse, Called, Line, call_size};
use crate::providers::{Access, ErrorClass, Failure, Outcome, Question};
use crate::store::calls::{CallScope, SetAside};
use crate::store::{Store, StoreResult};
use crate::suggestions;

/// Somebody waits: fewer attempts than in a run, and none that begins later.
const RETRY: RetryPolicy = RetryPolicy {
    max_attempts: 3,
    first_delay: Duration::from_millis(500),
    max_delay: Duration::from_secs(4),
    longest_wait: Duration::from_secs(10),
    deadline: Duration::from_mins(1),
};
const PATIENCE: Duration = Duration::from_secs(75);
/// How often the books are tried where the database does not answer, and how long apart.
const COMMITS: usize = 5;
const BETWEEN_COMMITS: Duration = Duration::from_millis(300);

/// What a call came to, booked already.
pub(super) struct Written {
    /// The reply's text, empty where the model declined.
    pub(super) reply: Result<String, Failure>,
    /// What was paid: attempts that may have been billed for nothing, and the reply.
    pub(super) costs: Vec<Cost>,
}

/// A call that is paid for.
pub(super) struct SuggestionCall {
    store: Store,
    line: Line,
    scope: CallScope,
    set_aside: SetAside,
    worst_case: Cost,
    closing: CancellationToken,
}

impl SuggestionCall {
    pub(super) fn new(
        host: &Host,
        scope: CallScope,
        access: Access,
        set_aside: SetAside,
        worst_case: Cost,
    ) -> Self {
        let calls = host.calls.clone().with_retry(RETRY);
        let line = calls.line(scope.workspace(), &scope.model, access, scope.limits);
        Self {
            store: host.store.clone(),
            line,
            scope,
            set_aside,
            worst_case,
            closing: host.closing.clone(),
        }
    }

    /// Asks, and books what that cost.
    pub(super) async fn run(self, wish: &SuggestionWish) -> ServiceResult<Written> {
        let settle = self.closing.child_token();
        let called = {
            let asking = self.ask(wish, &settle);
            tokio::pin!(asking);
            tokio::select! {
                called = &mut asking => called,
                () = sleep(PATIENCE) => {
                    settle.cancel();
                    asking.await
                }
            }
        };
        let (question, called) = called;
        let mut costs: Vec<Cost> = called
            .attempts
            .iter()
            .filter_map(|attempt| attempt.lost)
            .collect();
        let reply = match called.exchange.result {
            Ok(answer) => {
                let price = cost::price_at(&self.scope.model.prices, self.store.clock().now());
                let size = call_size(&question);
                costs.push(cost::of_answer(
                    answer.cost_reported,
                    &answer.usage,
                    price,
                    size,
                ));
                Ok(match answer.outcome {
                    Outcome::Answered | Outcome::Truncated => answer.text,
                    Outcome::Refused | Outcome::Blocked | Outcome::Empty => String::new(),
                })
            }
            Err(failure) => Err(failure),
        };
        self.book(&costs).await?;
        Ok(Written { reply, costs })
    }

    /// Asks for a reply of the form; a server that cannot hold its model to one says that a
    /// parameter is wrong, and is asked in words alone.
    async fn ask(&self, wish: &SuggestionWish, settle: &CancellationToken) -> (Question, Called) {
        let model_id = &self.scope.model.model_id;
        let purse = Purse {
            store: &self.store,
            set_aside: self.set_aside,
        };
        let mut question = suggestions::question(wish, model_id, true);
        let mut called = self
            .line
            .ask(&question, self.worst_case, &purse, settle)
            .await;
        let is_form_refused = matches!(&called.exchange.result, Err(failure)
            if failure.class == ErrorClass::BadParameter);
        // What was set aside is still whole where no attempt may have been billed.
        let is_free = called.attempts.iter().all(|attempt| attempt.lost.is_none());
        if is_form_refused && is_free {
            question = suggestions::question(wish, model_id, false);
            called = self
                .line
                .ask(&question, self.worst_case, &purse, settle)
                .await;
        }
        (question, called)
    }

    async fn book(&self, costs: &[Cost]) -> StoreResult<()> {
        let mut commits = 1;
        loop {
            match self.store.settle_call(self.set_aside, costs).await {
                Err(error) if commits < COMMITS => {
                    tracing::warn!(%error, "the cost of suggestions was not booked yet");
                    commits += 1;
                    sleep(BETWEEN_COMMITS).await;
                }
                settled => return settled,
            }
        }
    }
}

/// Money of the workspace, for one call.
struct Purse<'a> {
    store: &'a Store,
    set_aside: SetAside,
}

#[async_trait]
impl CallPurse for Purse<'_> {
    async fn reserve(&self, amount: Money) -> bool {
        match self.store.reserve_for_call(self.set_aside, amount).await {
            Ok(has_it) => has_it,
            Err(error) => {
                tracing::warn!(%error, "no money could be set aside for another attempt");
                false
            }
        }
    }
}
