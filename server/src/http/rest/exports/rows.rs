//! What the rows of files hold.
//!
//! Invariant: what a number of the product is made of stands in the files, so that it can be
//! computed from them alone.

use std::borrow::Cow;

use app::model::answer::Sentiment;
use app::model::metrics::{
    Interval, Intervals, Metric, Ratio, SnapshotSums, mean_prominence, tone_score,
};
use app::model::outcome::ErrorClass;
use app::model::project::PromptView;

use super::table_file::{Cell, Row};
use crate::http::rest::reply::{four_decimals, mean, percentage, two_decimals};
use crate::services::answers::{
    AnswerExport, CitationExport, FindingExport, LedgerExport, SnapshotExport, StoredTone,
};

/// Between several texts in one cell.
const AND: &str = "; ";

fn column(name: &'static str, cell: impl Into<Cell>) -> (Cow<'static, str>, Cell) {
    (name.into(), cell.into())
}

/// A tone, by whom `names` tell: sentiment, score from -1 to 1, whether it is recommended.
fn tone(names: [&'static str; 3], tone: StoredTone) -> [(Cow<'static, str>, Cell); 3] {
    let [sentiment, score, recommended] = names;
    [
        column(sentiment, tone.sentiment.map(Sentiment::word)),
        column(score, tone.thousandths.map(tone_score)),
        column(recommended, tone.recommended),
    ]
}

const BY_RULES: [&str; 3] = ["tone", "tone_score", "tone_recommended"];
const BY_JUDGE: [&str; 3] = ["sentiment", "sentiment_score", "recommended"];

/// From 0 to 1, with all its digits.
fn prominence(parts: Option<i64>) -> Option<f64> {
    parts.and_then(|parts| mean_prominence(parts, 1).value())
}

/// A question.
pub(super) fn query_row(prompt: PromptView) -> Row {
    vec![
        column("query_text", prompt.text),
        column("tags", prompt.tags),
        column("id", prompt.id.0),
        column("language", prompt.language),
        column("query_type", prompt.kind.word()),
        column("is_active", prompt.is_active),
    ]
}

/// An answer.
pub(super) fn answer_row(answer: AnswerExport) -> Row {
    let record = answer.record;
    let another = record.served_another();
    let answered = record.row;
    let cost = answered.known_cost();
    let mut row = vec![
        column("id", answered.id.0),
        column("run_id", answered.run_id.0),
        column("query_id", answered.prompt_id.0),
        column("query_text", answered.prompt_text),
        column("query_tags", answer.tags.join(AND)),
        column("query_tags_now", answer.tags_now.join(AND)),
        column("query_names_brand", answer.is_branded),
        column("repeat", answer.repeat),
        column("llm_provider", answered.provider.slug()),
        column("model_id", answered.model_id.0),
        column("model_display_name", answered.model_name),
        column("model_requested", record.model_requested),
        column("model_served", record.model_served),
        column("served_another", another),
        column("analysis_date", answered.at),
        column("analysis_day", answer.day),
        column("simulated", answered.simulated),
        column("outcome", answered.outcome.word()),
        column("error_class", answered.error_class.map(ErrorClass::word)),
        column("revision_id", answer.revision_id),
        column("brand_mentioned", answered.source.is_named()),
        column("source", answered.source.word()),
        column("mention_count", answered.text_count),
        column("position_in_list", answered.rank),
        column("total_items_in_list", answered.list_total),
        column("prominence", prominence(answer.prominence_parts)),
    ];
    row.extend(tone(BY_RULES, answer.tone));
    row.extend(tone(BY_JUDGE, answer.judged));
    row.extend([
        column("input_tokens", record.input_tokens),
        column("cached_tokens", answer.cached_tokens),
        column("output_tokens", record.output_tokens),
        column("reasoning_tokens", answer.reasoning_tokens),
        column("search_requested", record.search_requested),
        column("search_queries", record.search_queries),
        column("searches", record.searches),
        column("cost_usd", cost),
        column("cost_kind", answered.cost_kind.word()),
        column("price_id", answer.price_id),
        column("price_input_usd_per_1m", answer.price.input),
        column("price_cached_input_usd_per_1m", answer.price.cached_input),
        column("price_output_usd_per_1m", answer.price.output),
        column("price_search_usd", answer.price.search),
        column("price_above_tokens", answer.price.above_tokens),
        column("price_input_above_usd_per_1m", answer.price.input_above),
        column(
            "price_cached_input_above_usd_per_1m",
            answer.price.cached_input_above,
        ),
        column("price_output_above_usd_per_1m", answer.price.output_above),
        column("response_time_ms", answered.latency_ms),
        column("detector_version", record.detector_version),
        column("full_response", record.text),
    ]);
    row
}

/// What an answer says of one entity.
pub(super) fn finding_row(finding: FindingExport) -> Row {
    let mut row = vec![
        column("result_id", finding.answer_id),
        column("analysis_day", finding.day),
        column("llm_provider", finding.provider),
        column("model_id", finding.model_id),
        column("query_id", finding.query_id),
        column("simulated", finding.simulated),
        column("outcome", finding.outcome.word()),
        column("revision_id", finding.revision_id),
        column("entity_id", finding.entity_id),
        column("entity_name", finding.entity_name),
        column("is_brand", finding.is_brand),
        column("source", finding.source.word()),
        column("mention_count", finding.text_count),
        column("position_in_list", finding.rank),
        column("total_items_in_list", finding.list_total),
        column("first_offset_bytes", finding.first_offset),
        column("prominence", prominence(finding.prominence_parts)),
    ];
    row.extend(tone(BY_RULES, finding.tone));
    row.extend(tone(BY_JUDGE, finding.judged));
    row.extend([
        column("judge_model", finding.judge_model),
        column("judge_model_served", finding.judge_served),
        column("judge_version", finding.judge_version),
        column("judge_reason", finding.judge_reason),
    ]);
    row
}

/// A source of an answer.
pub(super) fn citation_row(citation: CitationExport) -> Row {
    vec![
        column("result_id", citation.answer_id),
        column("analysis_day", citation.day),
        column("llm_provider", citation.provider),
        column("model_id", citation.model_id),
        column("query_id", citation.query_id),
        column("simulated", citation.simulated),
        column("position", citation.position),
        column("page_id", citation.page_id),
        column("url", citation.url),
        column("domain", citation.domain),
        column("title", citation.title),
        column("site_only", citation.site_only),
        column("cited", citation.is_cited),
        column("counts_for_domain", citation.leads),
    ]
}

/// What was paid on a day for one kind of thing.
pub(super) fn ledger_row(paid: LedgerExport) -> Row {
    vec![
        column("day", paid.day),
        column("kind", paid.kind.word()),
        column("query_id", paid.query_id),
        column("model_id", paid.asked_model_id),
        column("llm_provider", paid.asked_provider),
        column("paid_model_id", paid.model_id),
        column("paid_llm_provider", paid.provider),
        column("paid_model_display_name", paid.model_name),
        column("entries", paid.entries),
        column("cost_usd", paid.spend.amount),
        column("cost_is_at_least", paid.spend.is_at_least),
    ]
}

/// In which unit a number stands in a file.
#[derive(Clone, Copy)]
enum Unit {
    /// Percent, two decimals.
    Percent,
    /// As it is, two decimals.
    Mean,
    /// From -1 to 1, or 0 to 1, four decimals.
    Fraction,
}

impl Unit {
    fn value(self, ratio: Ratio) -> Option<f64> {
        match self {
            Self::Percent => percentage(ratio),
            Self::Mean => mean(ratio),
            Self::Fraction => ratio.value().map(four_decimals),
        }
    }

    fn end(self, end: f64) -> f64 {
        match self {
            Self::Percent => two_decimals(end * 100.0),
            Self::Mean => two_decimals(end),
            Self::Fraction => four_decimals(end),
        }
    }
}

/// The numbers of a snapshot over all questions of its row.
const NUMBERS: [(&str, Metric, Unit); 11] = [
    ("mention_rate", Metric::Visibility, Unit::Percent),
    ("share_of_voice_all", Metric::ShareOfVoice, Unit::Percent),
    (
        "weighted_share_of_voice_all",
        Metric::WeightedShareOfVoice,
        Unit::Percent,
    ),
    ("avg_position", Metric::AveragePosition, Unit::Mean),
    ("top3_rate", Metric::TopThree, Unit::Percent),
    ("informative_rate", Metric::InformativeRate, Unit::Percent),
    ("prominence", Metric::Prominence, Unit::Fraction),
    ("net_tone", Metric::Tone, Unit::Fraction),
    (
        "tone_recommendation_rate",
        Metric::Recommended,
        Unit::Percent,
    ),
    ("net_sentiment", Metric::JudgedTone, Unit::Fraction),
    (
        "recommendation_rate",
        Metric::JudgedRecommended,
        Unit::Percent,
    ),
];
/// Over those of them that do not name the brand.
const PLAIN_NUMBERS: [(&str, Metric, Unit); 2] = [
    ("share_of_voice", Metric::ShareOfVoice, Unit::Percent),
    (
        "weighted_share_of_voice",
        Metric::WeightedShareOfVoice,
        Unit::Percent,
    ),
];

/// The numbers of a model, day and part of the questions.
pub(super) fn snapshot_row(snapshot: SnapshotExport) -> Row {
    let sums = &snapshot.sums;
    let mut row = vec![
        column("snapshot_date", snapshot.day),
        column("llm_provider", snapshot.provider),
        column("model_id", snapshot.model_id),
        column("model_display_name", snapshot.model_name),
        column("models_served", snapshot.served.join(AND)),
        column("served_another", snapshot.served_another),
        column("revision_id", snapshot.revision_id),
        column("queries", snapshot.prompts.word()),
        column("simulated", sums.simulated > 0),
        column("n", sums.answers),
        column("without_text", sums.without_text),
        column("failed", sums.failed),
        column("mentions", sums.mentions),
        column("text_mentions", sums.text_mentions),
        column("link_mentions", sums.link_mentions),
        column("competitor_mentions", sums.competitor_mentions),
        column("top3", sums.top3),
        column("top5", sums.top5),
        column("top10", sums.top10),
        column("tokens", sums.tokens),
        column("cost_usd", sums.cost),
        column("cost_is_at_least", sums.spend().is_at_least),
        column("simulated_cost_usd", sums.simulated_cost),
    ];
    for number in PLAIN_NUMBERS {
        add(&mut row, number, &snapshot.plain, &snapshot.plain_intervals);
    }
    for number in NUMBERS {
        add(&mut row, number, sums, &snapshot.intervals);
    }
    row
}

fn add(
    row: &mut Row,
    (name, metric, unit): (&'static str, Metric, Unit),
    sums: &SnapshotSums,
    intervals: &Intervals,
) {
    let ratio = metric.ratio(sums);
    let interval = intervals.get(metric);
    let end = |of: fn(Interval) -> f64| Cell::from(interval.map(|interval| unit.end(of(interval))));
    row.push(column(name, unit.value(ratio)));
    for (part, cell) in [
        ("numerator", ratio.numerator.into()),
        ("denominator", ratio.denominator.into()),
        ("low", end(|interval| interval.low)),
        ("high", end(|interval| interval.high)),
    ] {
        row.push((format!("{name}_{part}").into(), cell));
    }
}
