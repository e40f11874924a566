//! Outcomes as rows: answers, attempts, entries of the ledger.
//!
//! Invariant: pure.

use analysis::DETECTOR_VERSION;
use app::model::answer::CitationView;
use app::model::provider::Provider;
use app::model::run::{CostKind, SpendKind};
use engine::attempt::Attempt;
use engine::{AskOutcome, LaneScope, counts_as_answer, millis};
use providers::{Answer, Citation, ErrorClass, Failure, Outcome};
use sea_orm::Value;

use crate::store::money::ledger::{Asked, Entry};
use crate::store::sql::encode::{count, json, without_nul};
use crate::store::sql::rows::{NewRow, new_row};

pub(super) fn answer_row(scope: &LaneScope, outcome: &AskOutcome) -> NewRow<32> {
    let exchange = &outcome.exchange;
    let answer = exchange.result.as_ref().ok();
    let failure = exchange.result.as_ref().err();
    let usage = answer.map(|answer| answer.usage).unwrap_or_default();
    let request_id = exchange
        .request_id
        .as_ref()
        .or_else(|| answer.and_then(|answer| answer.request_id.as_ref()))
        .or_else(|| failure.and_then(|failure| failure.request_id.as_ref()));
    new_row! {
        workspace_id = scope.workspace.0,
        project_id = scope.project.0,
        run_id = scope.run.0,
        lane_id = scope.hold.lane.0,
        ask_id = outcome.ask.0,
        query_id = outcome.prompt.0,
        model_id = scope.model.id.0,
        llm_provider = scope.model.provider.slug(),
        model_requested = scope.model.model_id.clone(),
        model_served = text(answer.and_then(|answer| answer.model_served.as_deref())),
        analysis_date = outcome.at,
        analysis_day = outcome.day,
        outcome = answer
            .map_or(Outcome::Failed, |answer| answer.outcome)
            .word(),
        error_class = text(failure.map(|failure| failure.class.word())),
        error_message = text(failure.map(|failure: &Failure| failure.message.as_str())),
        finish = text(answer.and_then(|answer| answer.finish.as_deref())),
        full_response = without_nul(answer.map_or("", |answer| answer.text.as_str())),
        citations = citations(answer),
        search_requested = scope.model.web_search,
        searches = usage.searches,
        input_tokens = usage.input_tokens,
        output_tokens = usage.output_tokens,
        cached_tokens = usage.cached_tokens,
        reasoning_tokens = usage.reasoning_tokens,
        price_id = outcome
            .cost
            .and_then(|cost| cost.price)
            .map(|price| price.0),
        cost_nano_usd = outcome.cost.map_or(0, |cost| cost.amount.nanos()),
        cost_kind = outcome
            .cost
            .map_or(CostKind::Computed, |cost| cost.kind)
            .word(),
        response_time_ms = millis(exchange.latency),
        request_id = text(request_id.map(String::as_str)),
        simulated = scope.model.provider == Provider::Simulator,
        detector_version = DETECTOR_VERSION.to_string(),
        raw_body = (!exchange.raw_body.is_empty()).then(|| exchange.raw_body.to_vec()),
    }
}

/// Bytes of what an answer stores that can be long: text, citations, raw body.
pub(super) fn stored_bytes(row: &NewRow<32>) -> i64 {
    let is_long = |column: &str| matches!(column, "full_response" | "citations" | "raw_body");
    let columns = row.columns.iter().zip(&row.values);
    let bytes = columns
        .filter(|(column, _)| is_long(column))
        .map(|(_, value)| match value {
            Value::String(Some(text)) => text.len(),
            Value::Bytes(Some(bytes)) => bytes.len(),
            _ => 0,
        });
    count(bytes.sum())
}

/// Every attempt with its cost: that of the answer for the last that brought one, what a broken
/// one may have cost for that. Together they cost what the ledger has.
pub(super) fn attempt_rows(scope: &LaneScope, outcome: &AskOutcome) -> Vec<NewRow<9>> {
    let brought_one = |attempt: &Attempt| attempt.error_class.is_none();
    let last = outcome.attempts.iter().rposition(brought_one);
    outcome
        .attempts
        .iter()
        .enumerate()
        .map(|(index, attempt)| {
            let cost = match attempt.error_class {
                None => outcome.cost.filter(|_| Some(index) == last),
                Some(_) => attempt.lost,
            };
            new_row! {
                workspace_id = scope.workspace.0,
                ask_id = outcome.ask.0,
                number = outcome.lost_before + count(index) + 1,
                sent_at = attempt.sent_at,
                http_status = attempt.status.map(i64::from),
                error_class = text(attempt.error_class.map(ErrorClass::word)),
                latency_ms = millis(attempt.latency),
                request_id = text(attempt.request_id.as_deref()),
                cost_nano_usd = cost.map_or(0, |cost| cost.amount.nanos()),
            }
        })
        .collect()
}

/// What an outcome adds to the ledger, on its own day: attempts that may have been billed for
/// nothing, and the answer.
pub(super) fn ledger_entries(
    scope: &LaneScope,
    outcome: &AskOutcome,
) -> impl Iterator<Item = Entry> {
    let counts = |answer: &Answer| counts_as_answer(answer.outcome);
    let answer = match &outcome.exchange.result {
        Ok(answer) if !counts(answer) => SpendKind::Filtered,
        _ => SpendKind::Answer,
    };
    let asked = Asked {
        ask: outcome.ask,
        prompt: outcome.prompt,
        model: scope.model.id,
    };
    let lost = outcome.attempts.iter().filter_map(|attempt| attempt.lost);
    lost.map(|cost| (SpendKind::Lost, cost))
        .chain(outcome.cost.map(|cost| (answer, cost)))
        .map(move |(kind, cost)| Entry {
            kind,
            cost,
            at: outcome.at,
            asked: Some(asked),
        })
}

fn citations(answer: Option<&Answer>) -> String {
    let view = |citation: &Citation| CitationView {
        url: without_nul(&citation.url),
        title: citation.title.as_deref().map(without_nul),
        start: citation.start,
        end: citation.end,
        cited: citation.cited,
    };
    let citations = answer
        .map(|answer| answer.citations.as_slice())
        .unwrap_or_default();
    json(&citations.iter().map(view).collect::<Vec<_>>())
}

fn text(value: Option<&str>) -> Value {
    value.map(without_nul).into()
}
