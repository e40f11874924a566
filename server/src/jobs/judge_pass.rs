//! One judge pass at work: calls in flight, and what each of them came to.
//!
//! Invariant: a call is marked, and its money set aside, before it is sent. Its result is written
//! before its answers are dropped from memory.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use app::model::ids::AnswerId;
use app::model::money::Money;
use app::model::run::JudgeStatus;
use async_trait::async_trait;
use engine::allowance::{self, Terms};
use engine::cost;
use engine::{
    Asked, Calls, Funds, HeldWork, LaneError, MoneySource, MoneySourceError, Route, WorkEvent,
    call_size, ignore_unreachable, millis, sent_at,
};
use providers::{ErrorClass, Failure, Outcome, Question};
use runtime::long_texts;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::judge_worker::Judging;
use crate::judge::{AnswerToJudge, Call, Reply, next_call};
use crate::store::judging::{Begun, JudgePass, JudgedCall, Settled};
use crate::store::{Store, StoreResult};

/// Calls of a pass in flight at the same time: a judge follows a run, it need not race one.
const CALLS_IN_FLIGHT: usize = 8;
/// Answers that are fetched at a time, where they are short.
const FETCH: u32 = 200;
/// How often somebody who waits for money asks again.
const ASK_FOR_MONEY: Duration = Duration::from_millis(500);
/// After so many judged answers the sums are made anew, so that the screen follows.
const SUM_EVERY: usize = 400;
/// A judge that fails so often without one good reply is given up.
const MOST_FAILURES: usize = 10;

/// Why nothing more is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PassEnd {
    status: JudgeStatus,
    reason: Option<ErrorClass>,
}

/// A call that came back.
struct ReturnedCall {
    call: Call,
    /// Whether it was sent with the form of its reply.
    has_form: bool,
    asked: Asked,
    reply: Reply,
}

/// What came back, read; nothing of it where that fails, as of a reply that says nothing.
async fn reply_of(call: &Call, asked: &Asked) -> Reply {
    let text = match &asked.exchange.result {
        Ok(answer) if matches!(answer.outcome, Outcome::Answered | Outcome::Truncated) => {
            answer.text.as_str()
        }
        _ => "",
    };
    if !long_texts::is_long(text.len()) {
        return call.read(text);
    }
    let (read_for, text) = (call.clone(), text.to_owned());
    let reading = long_texts::read(text.len(), move || read_for.read(&text));
    reading.await.unwrap_or_else(|_| call.read(""))
}

pub(super) struct PassTask {
    store: Store,
    calls: Calls,
    route: Arc<Route>,
    pass: Arc<JudgePass>,
    /// The judge's prices, and those of the models that may answer in its place, as they were when
    /// the last call was sent or came back.
    terms: Terms,
    /// Fetched, not sent yet.
    waiting: VecDeque<AnswerToJudge>,
    /// What is in flight.
    work: HeldWork<ReturnedCall>,
    ended: Option<PassEnd>,
    /// Whether the server takes a form; one that refuses it is asked in words alone.
    has_form: bool,
    /// Calls that failed since the last that did not.
    failures: usize,
    /// Answers judged since the sums were made.
    unsummed: usize,
}

/// What the next call may do.
enum Next {
    Sent,
    NothingWaits,
    WaitForMoney(Call),
}

impl PassTask {
    pub(super) fn new(
        judging: Judging,
        pass: JudgePass,
        route: Route,
        shutdown: CancellationToken,
    ) -> Self {
        Self {
            route: Arc::new(route),
            work: HeldWork::new(shutdown, judging.calls.drain()),
            calls: judging.calls,
            store: judging.store,
            terms: Terms {
                prices: pass.model.prices.clone(),
                ..Terms::default()
            },
            pass: Arc::new(pass),
            waiting: VecDeque::new(),
            ended: None,
            has_form: true,
            failures: 0,
            unsummed: 0,
        }
    }

    /// Takes the pass as far as it goes.
    pub(super) async fn run(mut self) -> Result<(), LaneError> {
        // A call that waits for money: it is the next one, whatever comes back meanwhile.
        let mut held: Option<Call> = None;
        loop {
            let mut waits_for_money = false;
            while self.may_send() {
                match self.send_next(held.take()).await? {
                    Next::Sent => {}
                    Next::NothingWaits => break,
                    Next::WaitForMoney(call) => {
                        held = Some(call);
                        waits_for_money = true;
                        break;
                    }
                }
            }
            if self.work.is_idle() && !waits_for_money {
                return Ok(self.leave().await?);
            }
            tokio::select! {
                event = self.work.next() => match event? {
                    WorkEvent::Back(replied) => self.take(replied).await?,
                    WorkEvent::RenewalIsDue => ignore_unreachable(self.renew().await)?,
                    WorkEvent::GoingDown => {}
                },
                () = sleep(ASK_FOR_MONEY), if waits_for_money => {}
            }
        }
    }

    fn may_send(&self) -> bool {
        let has_room = self.work.in_flight() < CALLS_IN_FLIGHT;
        self.ended.is_none() && !self.work.is_going_down() && has_room
    }

    async fn renew(&self) -> Result<(), LaneError> {
        Ok(self.store.renew_judge_pass(&self.pass).await?)
    }

    /// Nothing is in flight and nothing is to be sent.
    async fn leave(self) -> StoreResult<()> {
        self.sum().await?;
        match self.ended {
            None if self.work.is_going_down() => self.store.release_judge_pass(&self.pass).await,
            None => self.finish(JudgeStatus::Done, None).await,
            Some(PassEnd { status, reason }) => self.finish(status, reason).await,
        }
    }

    async fn finish(&self, status: JudgeStatus, reason: Option<ErrorClass>) -> StoreResult<()> {
        let word = reason.map(ErrorClass::word);
        tracing::info!(status = status.word(), reason = word, "judge pass over");
        self.store
            .finish_judge_pass(&self.pass, status, reason)
            .await
    }

    /// Makes the sums of the days anew whose answers were judged.
    async fn sum(&self) -> StoreResult<()> {
        for (model, day) in self.store.judged_days(&self.pass).await? {
            self.store.sum_judged_day(&self.pass, model, day).await?;
        }
        Ok(())
    }

    /// Marks and pays for the next call, and sends it.
    async fn send_next(&mut self, held: Option<Call>) -> StoreResult<Next> {
        let call = match held {
            Some(call) => call,
            None => match self.next().await? {
                Some(call) => call,
                None => return Ok(Next::NothingWaits),
            },
        };
        let question = self.question(&call);
        self.terms = self.store.prices_of(&self.pass.model).await?;
        let price = cost::price_at(&self.terms.prices, self.calls.clock().now());
        let worst_case = allowance::worst_case(&self.pass.model, price, call_size(&question));
        let answers: Vec<AnswerId> = call.answers().collect();
        let begun = self
            .store
            .begin_judging(&self.pass, &answers, worst_case.amount)
            .await?;
        match begun {
            Begun::Yes => {}
            Begun::Later => return Ok(Next::WaitForMoney(call)),
            Begun::OverBudget(reason) => {
                self.end(JudgeStatus::OverBudget, reason);
                return Ok(Next::NothingWaits);
            }
            Begun::SwitchedOff => {
                self.end(JudgeStatus::Failed, Some(ErrorClass::SwitchedOff));
                return Ok(Next::NothingWaits);
            }
        }
        let money_source = PassMoney {
            store: self.store.clone(),
            pass: Arc::clone(&self.pass),
            first: answers.first().copied().unwrap_or_default(),
        };
        let (route, settle) = (Arc::clone(&self.route), self.work.settle().clone());
        let has_form = self.has_form;
        let asking = async move {
            let funds = Funds {
                worst_case,
                set_aside: worst_case.amount,
                money_source: &money_source,
            };
            let asked = route.ask(&question, funds, &settle).await;
            let reply = reply_of(&call, &asked).await;
            ReturnedCall {
                call,
                has_form,
                asked,
                reply,
            }
        };
        self.work.begin(asking.in_current_span());
        Ok(Next::Sent)
    }

    /// The next call; fetches answers where none is at hand. What is in flight is marked so in
    /// the database, and is not fetched again.
    async fn next(&mut self) -> StoreResult<Option<Call>> {
        while self.waiting.is_empty() {
            let (answers, nobody) = self.store.answers_to_judge(&self.pass, FETCH).await?;
            if !nobody.is_empty() {
                self.store.skip_judging(&self.pass, &nobody).await?;
            }
            if answers.is_empty() && nobody.is_empty() {
                return Ok(None);
            }
            self.waiting.extend(answers);
        }
        Ok(next_call(&mut self.waiting))
    }

    fn question(&self, call: &Call) -> Question {
        call.asked_of(&self.pass.model, self.has_form)
    }

    fn end(&mut self, status: JudgeStatus, reason: Option<ErrorClass>) {
        if self.ended.is_none() {
            self.ended = Some(PassEnd { status, reason });
            self.work.settle().cancel();
        }
    }

    /// Writes what a call came to.
    async fn take(&mut self, replied: ReturnedCall) -> Result<(), LaneError> {
        // It may have been sent at a price that was new when this was looked at last.
        let mut failures = 0;
        self.terms = loop {
            match self.store.prices_of(&self.pass.model).await {
                Ok(terms) => break terms,
                Err(error) => {
                    self.work
                        .wait_to_write_again(error.into(), failures)
                        .await?;
                }
            }
            failures += 1;
        };
        let judged = self.judge(&replied);
        self.unsummed += judged
            .answers
            .iter()
            .filter(|(_, settled)| *settled == Settled::Judged)
            .count();
        self.commit(&judged).await?;
        if self.unsummed >= SUM_EVERY {
            self.unsummed = 0;
            // They are made once more at the end.
            ignore_unreachable(self.sum().await.map_err(LaneError::from))?;
        }
        Ok(())
    }

    /// Commits, again and again where the database does not answer: the reply is here only.
    async fn commit(&mut self, judged: &JudgedCall) -> Result<(), LaneError> {
        let mut failures = 0;
        while let Err(error) = self.store.commit_judged(&self.pass, judged).await {
            let error = LaneError::from(error);
            self.work.wait_to_write_again(error, failures).await?;
            failures += 1;
        }
        Ok(())
    }

    /// What a call came to: for each answer whether it is judged, asked again alone, or given
    /// up.
    fn judge(&mut self, replied: &ReturnedCall) -> JudgedCall {
        let ReturnedCall {
            call,
            has_form,
            asked,
            reply,
        } = replied;
        let sent_at = sent_at(self.calls.clock().now(), millis(asked.exchange.latency));
        let answer = asked.exchange.result.as_ref().ok();
        let price =
            answer.and_then(|answer| self.terms.price_of(&self.pass.model, answer, sent_at));
        let question = call.asked_of(&self.pass.model, *has_form);
        let mut judged = JudgedCall {
            answers: Vec::new(),
            verdicts: Vec::new(),
            model_served: None,
            reserved: asked.set_aside,
            costs: asked.costs(price, call_size(&question)),
        };
        let unsettled = if call.is_last_try() {
            Settled::Failed
        } else {
            Settled::Again
        };
        match &asked.exchange.result {
            Ok(answer) => {
                judged.model_served.clone_from(&answer.model_served);
                settle(reply, unsettled, &mut judged);
                self.note_reply(reply);
            }
            Err(failure) => {
                let again = self.note_failure(failure, *has_form);
                let state = if again { Settled::Again } else { unsettled };
                judged.answers = call.answers().map(|answer| (answer, state)).collect();
                let message = failure.message.as_str();
                let class = failure.class.word();
                tracing::warn!(class, message, "a call to the judge failed");
            }
        }
        judged
    }

    fn note_reply(&mut self, reply: &Reply) {
        if reply.refused > 0 {
            tracing::warn!(
                verdicts = reply.refused,
                "a judge's verdicts were not believed"
            );
        }
        let is_good = reply
            .answers
            .iter()
            .any(|judged| !judged.verdicts.is_empty());
        self.count(is_good, ErrorClass::BadResponse);
    }

    /// Whether the answers are to be asked about again, though this was their last try: it was
    /// not about them.
    fn note_failure(&mut self, failure: &Failure, had_form: bool) -> bool {
        let class = failure.class;
        if self.calls.retry().is_the_end(failure) {
            self.end(JudgeStatus::Failed, Some(class));
            return true;
        }
        // A server that cannot hold its model to a form says that a parameter is wrong.
        if class == ErrorClass::BadParameter && had_form {
            self.has_form = false;
            return true;
        }
        self.count(false, class);
        self.work.settle().is_cancelled()
    }

    /// Counts failures without a success between them.
    fn count(&mut self, is_good: bool, reason: ErrorClass) {
        if is_good {
            self.failures = 0;
            return;
        }
        self.failures += 1;
        if self.failures >= MOST_FAILURES {
            self.end(JudgeStatus::Failed, Some(reason));
        }
    }
}

/// Takes the verdicts out of a reply. An answer of which only a part was judged on its last try
/// keeps that part.
fn settle(reply: &Reply, unsettled: Settled, judged: &mut JudgedCall) {
    for answer in &reply.answers {
        let is_last = unsettled == Settled::Failed;
        let is_judged = answer.is_complete || (is_last && !answer.verdicts.is_empty());
        let state = if is_judged {
            Settled::Judged
        } else {
            unsettled
        };
        judged.answers.push((answer.answer, state));
        if is_judged {
            let verdicts = answer.verdicts.iter();
            judged.verdicts.extend(
                verdicts.map(|(entity, verdict)| (answer.answer, *entity, verdict.clone())),
            );
        }
    }
}

/// Money of the pass's workspace, for one call.
struct PassMoney {
    store: Store,
    pass: Arc<JudgePass>,
    first: AnswerId,
}

#[async_trait]
impl MoneySource for PassMoney {
    async fn reserve(&self, amount: Money) -> Result<bool, MoneySourceError> {
        let (pass, first) = (&self.pass, self.first);
        Ok(self.store.reserve_for_judge(pass, first, amount).await?)
    }
}
