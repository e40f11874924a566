//! One call to a model while somebody waits: money is set aside, the call is sent, its cost goes to
//! the ledger.
//!
//! The money that is set aside is a row of the database. If the host dies before it books the cost
//! of the call, the row stays and is booked at its full amount, the worst case. Every call with an
//! unknown end is booked so.

use std::time::Duration;

use app::model::money::Money;
use app::texts::{Text, errors, keys};
use async_trait::async_trait;
use engine::attempt::RetryPolicy;
use engine::cost::Cost;
use engine::{Asked, Funds, MoneySource, MoneySourceError, Route, call_size, millis, sent_at};
use providers::{Access, Answer, ErrorClass, Failure, Question};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::services::{Host, ServiceError, ServiceResult};
use crate::store::money::{CallScope, SetAside};
use crate::store::{Store, StoreResult};

/// Somebody waits: fewer attempts than in a run, and none that begins later.
const RETRY: RetryPolicy = RetryPolicy {
    max_attempts: 3,
    first_delay: Duration::from_millis(500),
    max_delay: Duration::from_secs(4),
    longest_wait: Duration::from_secs(10),
    deadline: Duration::from_mins(1),
};
const TIMEOUT: Duration = Duration::from_secs(75);
/// How often the booking is tried where the database does not answer, and how long apart.
const COMMITS: usize = 5;
const BETWEEN_COMMITS: Duration = Duration::from_millis(300);

/// What a call came to, booked already.
pub(in crate::services) struct Settled {
    /// The reply.
    pub(in crate::services) reply: Result<Answer, Failure>,
    /// What was paid: attempts that may have been billed for nothing, and the reply.
    pub(in crate::services) costs: Vec<Cost>,
}

/// A call that is paid for.
pub(in crate::services) struct PaidCall {
    store: Store,
    route: Route,
    scope: CallScope,
    set_aside: SetAside,
    worst_case: Cost,
    closing: CancellationToken,
}

impl PaidCall {
    pub(in crate::services) fn new(
        host: &Host,
        scope: CallScope,
        access: Access,
        set_aside: SetAside,
        worst_case: Cost,
    ) -> Self {
        let calls = host.calls.clone().with_retry(RETRY);
        let route = calls.route(scope.workspace(), &scope.model, access, scope.limits);
        Self {
            store: host.store.clone(),
            route,
            scope,
            set_aside,
            worst_case,
            closing: host.closing.clone(),
        }
    }

    /// Asks the first question, and books what that cost. The others say the same in ways that
    /// more servers understand.
    pub(in crate::services) async fn run(self, questions: &[Question]) -> ServiceResult<Settled> {
        let settle = self.closing.child_token();
        let asked = {
            let asking = self.ask(questions, &settle);
            tokio::pin!(asking);
            tokio::select! {
                asked = &mut asking => asked,
                () = sleep(TIMEOUT) => {
                    settle.cancel();
                    asking.await
                }
            }
        };
        let Some((question, asked)) = asked else {
            self.write_to_ledger(&[]).await?;
            return Err(ServiceError::Internal("nothing to ask".to_owned()));
        };
        let sent_at = sent_at(self.store.clock().now(), millis(asked.exchange.latency));
        let answer = asked.exchange.result.as_ref().ok();
        let price = answer.and_then(|answer| self.scope.price_of(answer, sent_at));
        let costs = asked.costs(price, call_size(question));
        self.write_to_ledger(&costs).await?;
        Ok(Settled {
            reply: asked.exchange.result,
            costs,
        })
    }

    /// Asks one question after the other while servers say that a parameter is wrong: one that
    /// cannot hold its model to a form, for instance, is asked in words alone.
    async fn ask<'a>(
        &self,
        questions: &'a [Question],
        settle: &CancellationToken,
    ) -> Option<(&'a Question, Asked)> {
        let money_source = CallMoney {
            store: &self.store,
            set_aside: self.set_aside,
        };
        let funds = Funds {
            worst_case: self.worst_case,
            set_aside: self.worst_case.amount,
            money_source: &money_source,
        };
        let mut last = None;
        for question in questions {
            let asked = self.route.ask(question, funds, settle).await;
            let is_refused = matches!(&asked.exchange.result, Err(failure)
                if failure.class == ErrorClass::BadParameter);
            // What was set aside is still whole where no attempt may have been billed.
            let is_free = asked.attempts.iter().all(|attempt| attempt.lost.is_none());
            last = Some((question, asked));
            if !is_refused || !is_free {
                break;
            }
        }
        last
    }

    async fn write_to_ledger(&self, costs: &[Cost]) -> StoreResult<()> {
        let mut commits = 1;
        loop {
            match self.store.settle_call(self.set_aside, costs).await {
                Err(error) if commits < COMMITS => {
                    tracing::warn!(%error, "the cost of a call was not booked yet");
                    commits += 1;
                    sleep(BETWEEN_COMMITS).await;
                }
                settled => return settled,
            }
        }
    }
}

/// Why a provider gave nothing, for people.
pub(in crate::services) const fn reason_of_failure(class: ErrorClass) -> Text {
    match class {
        ErrorClass::BadKey => keys::REASON_BAD_KEY,
        ErrorClass::NoMoney => keys::REASON_NO_MONEY,
        ErrorClass::ProtocolEnded => keys::REASON_PROTOCOL_ENDED,
        ErrorClass::RateLimited => keys::REASON_RATE_LIMITED,
        ErrorClass::Overloaded | ErrorClass::ProviderFault => keys::REASON_PROVIDER_FAULT,
        ErrorClass::Network => keys::REASON_NETWORK,
        ErrorClass::Timeout => errors::PROVIDER_SLOW,
        ErrorClass::BadResponse => keys::REASON_BAD_RESPONSE,
        _ => keys::REASON_OTHER,
    }
}

/// Money of the workspace, for one call.
struct CallMoney<'a> {
    store: &'a Store,
    set_aside: SetAside,
}

#[async_trait]
impl MoneySource for CallMoney<'_> {
    async fn reserve(&self, amount: Money) -> Result<bool, MoneySourceError> {
        Ok(self.store.reserve_for_call(self.set_aside, amount).await?)
    }
}
