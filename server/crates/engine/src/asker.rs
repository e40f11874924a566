//! Makes an ask one outcome: attempts, cost, findings.

use std::sync::{Arc, PoisonError, RwLock};

use analysis::Detector;
use analysis::citations::Page;
use async_trait::async_trait;
use contract::ids::{AskId, EntityId};
use contract::money::Money;
use providers::{Answer, Citation, Question};
use runtime::long_texts::{self, catch_panic};
use tokio_util::sync::CancellationToken;

use super::allowance::{LargestUsage, SetAside, Terms};
use super::attempt::{Funds, MoneySource, MoneySourceError, cost_of};
use super::blank::named_by_its_text;
use super::cost::{AskSize, Cost};
use super::pace::Permit;
use super::ports::LaneStore;
use super::reading::{Mentions, Read, Reading, bytes_to_read, mentions, pages_of};
use super::route::Route;
use super::work::{AskOutcome, AskWork, LaneScope, ModelToAsk, counts_as_answer};

/// Everything that the asks of a lane share.
pub(super) struct Asker {
    pub(super) scope: Arc<LaneScope>,
    pub(super) country: Option<String>,
    pub(super) hints: Vec<String>,
    pub(super) readers: RwLock<Arc<[Reader]>>,
    pub(super) terms: RwLock<Arc<Terms>>,
    pub(super) route: Route,
    pub(super) lanes: Arc<dyn LaneStore>,
}

/// Reads answers under one revision.
pub(super) struct Reader {
    reading: Arc<Reading>,
    detector: Detector<EntityId>,
}

impl Reader {
    /// One for each revision.
    pub(super) fn all(readings: Vec<Reading>) -> Arc<[Self]> {
        readings
            .into_iter()
            .map(|reading| Self {
                detector: reading.detector(),
                reading: Arc::new(reading),
            })
            .collect()
    }
}

/// Money of the lane's workspace.
struct LaneMoney<'a> {
    lanes: &'a dyn LaneStore,
    scope: &'a LaneScope,
}

#[async_trait]
impl MoneySource for LaneMoney<'_> {
    async fn reserve(&self, amount: Money) -> Result<bool, MoneySourceError> {
        Ok(self.lanes.reserve(self.scope, amount).await?)
    }
}

impl Asker {
    /// What has to be set aside for an attempt at this ask.
    pub(super) fn set_aside(&self, work: &AskWork) -> SetAside {
        let model = &self.scope.model;
        self.terms()
            .set_aside(model, size(model, &work.text), self.route.now())
    }

    /// On what terms the model is asked.
    pub(super) fn terms(&self) -> Arc<Terms> {
        Arc::clone(&self.terms.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// On what terms it is asked from now on.
    pub(super) fn set_terms(&self, terms: Terms) {
        *self.terms.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(terms);
    }

    /// Remembers the largest of these answers, so that as much is set aside for the next ask.
    /// `is_stored`: the database knows of them.
    pub(super) fn learn(&self, outcomes: &[AskOutcome], is_stored: bool) {
        let asked = self.scope.model.model_id.as_str();
        let seen = outcomes
            .iter()
            .filter_map(|outcome| LargestUsage::of_ask(asked, outcome))
            .fold(LargestUsage::default(), LargestUsage::or_more);
        let terms = self.terms();
        if terms.seen.covers(seen) && (terms.stored.covers(seen) || !is_stored) {
            return;
        }
        let mut learnt = Terms::clone(&terms);
        learnt.seen = learnt.seen.or_more(seen);
        if is_stored {
            learnt.stored = learnt.stored.or_more(seen);
        }
        self.set_terms(learnt);
    }

    /// Tokens that an attempt at this ask may use of a rate limit.
    pub(super) fn tokens(&self, work: &AskWork) -> u64 {
        let limit = self.scope.model.max_output_tokens;
        self.route.tokens(work.text.len(), limit, false)
    }

    /// Asks, and reads what comes. A panic of the adapter is the failure of this ask alone.
    /// `set_aside` is the money that was set aside for it. `worst_case` is booked for an attempt
    /// that is lost. `permit` allows the first attempt.
    pub(super) async fn ask(
        &self,
        work: AskWork,
        worst_case: Cost,
        set_aside: Money,
        permit: Permit,
        settle: CancellationToken,
    ) -> AskOutcome {
        let question = self.question(&work);
        let money_source = LaneMoney {
            lanes: self.lanes.as_ref(),
            scope: &self.scope,
        };
        let funds = Funds {
            worst_case,
            set_aside,
            money_source: &money_source,
        };
        let asked = self.route.ask_with(permit, &question, funds, &settle).await;
        let exchange = named_by_its_text(asked.exchange);
        let at = self.route.now();
        let (reads, pages) = match &exchange.result {
            Ok(answer) => (
                self.reads(work.id, answer, &work.language).await,
                pages_cited(work.id, answer).await,
            ),
            Err(_) => (Vec::new(), Vec::new()),
        };
        let mut outcome = AskOutcome {
            ask: work.id,
            prompt: work.prompt,
            language: Arc::clone(&work.language),
            lost_before: work.lost_before,
            reserved: asked.set_aside,
            attempts: asked.attempts,
            exchange,
            at,
            day: at.with_timezone(&self.scope.time_zone).date_naive(),
            size: size(&self.scope.model, &work.text),
            cost: None,
            reads,
            pages,
        };
        self.price(&mut outcome);
        outcome
    }

    fn question(&self, work: &AskWork) -> Question {
        let model = &self.scope.model;
        Question {
            model_id: model.model_id.clone(),
            text: work.text.to_string(),
            web_search: model.web_search,
            language: work.language.to_string(),
            country: self.country.clone(),
            max_output_tokens: model.max_output_tokens,
            hints: self.hints.clone(),
            instructions: None,
            form: None,
        }
    }

    /// Prices an answer, at what held when it was sent for, of who gave it.
    pub(super) fn price(&self, outcome: &mut AskOutcome) {
        let (terms, at) = (self.terms(), outcome.sent_at());
        outcome.cost = outcome.exchange.result.as_ref().ok().map(|answer| {
            let price = terms.price_of(&self.scope.model, answer, at);
            cost_of(answer, &outcome.attempts, price, outcome.size)
        });
    }

    /// Reads an outcome anew, with what answers are to be read now.
    pub(super) async fn read_again(&self, outcome: &mut AskOutcome) {
        if let Ok(answer) = &outcome.exchange.result {
            outcome.reads = self.reads(outcome.ask, answer, &outcome.language).await;
        }
    }

    /// With what answers are read from now on.
    pub(super) fn set_readings(&self, readings: Vec<Reading>) {
        let readers = Reader::all(readings);
        *self.readers.write().unwrap_or_else(PoisonError::into_inner) = readers;
    }

    /// What an answer says under each revision. Reading it may fail; that must not cost the answer.
    async fn reads(&self, ask: AskId, answer: &Answer, language: &Arc<str>) -> Vec<Read> {
        let readers = Arc::clone(&self.readers.read().unwrap_or_else(PoisonError::into_inner));
        let found = found_by(&readers, answer, language).await;
        let read = |(reader, found): (&Reader, Mentions)| {
            if found.is_err() {
                let revision = reader.reading.revision.0;
                tracing::error!(ask = ask.0, revision, "an answer could not be read");
            }
            Read::new(Arc::clone(&reader.reading), found)
        };
        readers.iter().zip(found).map(read).collect()
    }
}

/// What each of `readers` finds in an answer. A long one is copied, to be read on another thread.
async fn found_by(readers: &Arc<[Reader]>, answer: &Answer, language: &Arc<str>) -> Vec<Mentions> {
    if !counts_as_answer(answer.outcome) {
        return readers.iter().map(|_| Ok(Vec::new())).collect();
    }
    let cited = answer.citations.iter();
    let bytes = bytes_to_read(&answer.text, cited.map(|citation| citation.url.as_str()));
    if !long_texts::is_long(bytes) {
        return read_by(readers, &answer.text, &answer.citations, language);
    }
    let reading = Arc::clone(readers);
    let (text, citations) = (answer.text.clone(), answer.citations.clone());
    let language = Arc::clone(language);
    let found = long_texts::read(bytes, move || {
        read_by(&reading, &text, &citations, &language)
    });
    // Not even begun: the process ends.
    let none = |unread| readers.iter().map(|_| Err(unread)).collect();
    found.await.unwrap_or_else(none)
}

/// The pages that an answer cites. If the addresses are long together, another thread reads them.
/// If that fails, none of them counts, and the answer is kept.
async fn pages_cited(ask: AskId, answer: &Answer) -> Vec<Option<Page>> {
    if !counts_as_answer(answer.outcome) {
        return Vec::new();
    }
    let cited = answer.citations.iter();
    let bytes = bytes_to_read("", cited.map(|citation| citation.url.as_str()));
    let read = if long_texts::is_long(bytes) {
        let citations = answer.citations.clone();
        long_texts::read(bytes, move || pages_of(&citations)).await
    } else {
        catch_panic(|| pages_of(&answer.citations))
    };
    read.unwrap_or_else(|_| {
        tracing::error!(ask = ask.0, "the sources of an answer could not be read");
        Vec::new()
    })
}

fn read_by(
    readers: &[Reader],
    text: &str,
    citations: &[Citation],
    language: &str,
) -> Vec<Mentions> {
    let of = |reader: &Reader| mentions(&reader.detector, text, citations, language);
    readers.iter().map(of).collect()
}

/// What bounds the cost of asking `model` this.
pub fn size(model: &ModelToAsk, question: &str) -> AskSize {
    AskSize {
        question_bytes: question.len(),
        max_output_tokens: model.max_output_tokens,
        web_search: model.web_search,
    }
}
