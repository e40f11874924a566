//! Outcomes as rows: answers, attempts, entries of the ledger.
//!
//! Invariant: pure; the order of values is that of the columns above them.

use analysis::DETECTOR_VERSION;
use app::model::answer::CitationView;
use app::model::provider::Provider;
use app::model::run::{CostKind, SpendKind};
use engine::attempt::Attempt;
use engine::{AskOutcome, LaneScope, counts_as_answer, millis};
use providers::{Answer, Citation, ErrorClass, Failure};
use sea_orm::Value;

use crate::store::money::ledger::{Asked, Entry};
use crate::store::sql::encode::{count, json, without_nul};

pub(super) const ATTEMPT_COLUMNS: [&str; 9] = [
    "workspace_id",
    "ask_id",
    "number",
    "sent_at",
    "http_status",
    "error_class",
    "latency_ms",
    "request_id",
    "cost_nano_usd",
];

pub(super) const ANSWER_COLUMNS: [&str; 32] = [
    "workspace_id",
    "project_id",
    "run_id",
    "lane_id",
    "ask_id",
    "query_id",
    "model_id",
    "llm_provider",
    "model_requested",
    "model_served",
    "analysis_date",
    "analysis_day",
    "outcome",
    "error_class",
    "error_message",
    "finish",
    "full_response",
    "citations",
    "search_requested",
    "searches",
    "input_tokens",
    "output_tokens",
    "cached_tokens",
    "reasoning_tokens",
    "price_id",
    "cost_nano_usd",
    "cost_kind",
    "response_time_ms",
    "request_id",
    "simulated",
    "detector_version",
    "raw_body",
];

pub(super) fn answer_row(scope: &LaneScope, outcome: &AskOutcome) -> [Value; 32] {
    let exchange = &outcome.exchange;
    let answer = exchange.result.as_ref().ok();
    let failure = exchange.result.as_ref().err();
    let usage = answer.map(|answer| answer.usage).unwrap_or_default();
    let request_id = exchange
        .request_id
        .as_ref()
        .or_else(|| answer.and_then(|answer| answer.request_id.as_ref()))
        .or_else(|| failure.and_then(|failure| failure.request_id.as_ref()));
    [
        scope.workspace.0.into(),
        scope.project.0.into(),
        scope.run.0.into(),
        scope.hold.lane.0.into(),
        outcome.ask.0.into(),
        outcome.prompt.0.into(),
        scope.model.id.0.into(),
        scope.model.provider.slug().into(),
        scope.model.model_id.clone().into(),
        text(answer.and_then(|answer| answer.model_served.as_deref())),
        outcome.at.into(),
        outcome.day.into(),
        answer
            .map_or("failed", |answer| answer.outcome.word())
            .into(),
        text(failure.map(|failure| failure.class.word())),
        text(failure.map(|failure: &Failure| failure.message.as_str())),
        text(answer.and_then(|answer| answer.finish.as_deref())),
        without_nul(answer.map_or("", |answer| answer.text.as_str())).into(),
        citations(answer).into(),
        scope.model.web_search.into(),
        usage.searches.into(),
        usage.input_tokens.into(),
        usage.output_tokens.into(),
        usage.cached_tokens.into(),
        usage.reasoning_tokens.into(),
        outcome
            .cost
            .and_then(|cost| cost.price)
            .map(|price| price.0)
            .into(),
        outcome.cost.map_or(0, |cost| cost.amount.nanos()).into(),
        outcome
            .cost
            .map_or(CostKind::Computed, |cost| cost.kind)
            .word()
            .into(),
        millis(exchange.latency).into(),
        text(request_id.map(String::as_str)),
        (scope.model.provider == Provider::Simulator).into(),
        DETECTOR_VERSION.to_string().into(),
        (!exchange.raw_body.is_empty())
            .then(|| exchange.raw_body.to_vec())
            .into(),
    ]
}

/// Bytes of what an answer stores that can be long: text, citations, raw body.
pub(super) fn stored_bytes(row: &[Value; 32]) -> i64 {
    let is_long = |column: &str| matches!(column, "full_response" | "citations" | "raw_body");
    let long = ANSWER_COLUMNS.iter().zip(row);
    let bytes = long
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
pub(super) fn attempt_rows(scope: &LaneScope, outcome: &AskOutcome) -> Vec<[Value; 9]> {
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
            [
                scope.workspace.0.into(),
                outcome.ask.0.into(),
                (outcome.lost_before + count(index) + 1).into(),
                attempt.sent_at.into(),
                attempt.status.map(i64::from).into(),
                text(attempt.error_class.map(ErrorClass::word)),
                millis(attempt.latency).into(),
                text(attempt.request_id.as_deref()),
                cost.map_or(0, |cost| cost.amount.nanos()).into(),
            ]
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
