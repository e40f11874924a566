//! How an answer reads in the table and in its panel.
//!
//! Invariant: pure. Nothing here asks the host.

use super::segments::Span;
use crate::frame::query::PageQuery;
use crate::model::answer::{AnswerFilter, AnswerPage, FindingView, MentionSource};
use crate::model::language::Language;
use crate::model::outcome::Outcome;
use crate::model::sources::AnswerSource;
use crate::model::topics::joined;
use crate::texts::{Text, answers as texts};
use crate::words::addresses::escaped;

/// How the brand, or another entity, is named.
pub const fn source_name(source: MentionSource) -> Text {
    match source {
        MentionSource::Text => texts::IN_TEXT,
        MentionSource::Link => texts::BY_LINK,
        MentionSource::Both => texts::IN_TEXT_AND_LINK,
        MentionSource::None => texts::NOT_NAMED,
        MentionSource::Unread => texts::UNREAD,
    }
}

/// How an ask ended.
pub const fn outcome_name(outcome: Outcome) -> Text {
    match outcome {
        Outcome::Answered => texts::ANSWERED,
        Outcome::Truncated => texts::TRUNCATED,
        Outcome::Refused => texts::REFUSED,
        Outcome::Blocked => texts::BLOCKED,
        Outcome::Empty => texts::EMPTY,
        Outcome::Failed => texts::FAILED,
    }
}

/// What an address says of the table, behind the question mark: not which answer is open, nor what
/// other pages of the project are set to.
pub fn view_address(query: &PageQuery) -> String {
    let plain = PageQuery::default();
    let of_table = PageQuery {
        measure: plain.measure,
        metric: plain.metric,
        split: plain.split,
        bucket: None,
        by_page: false,
        source: None,
        answer: None,
        ..query.clone()
    };
    of_table.to_search().trim_start_matches('?').to_owned()
}

/// Where a file of the answers that a table shows is: `format` is `csv` or `jsonl`.
pub fn export_address(filter: &AnswerFilter, format: &str) -> String {
    let id = |id: Option<i64>| id.map(|id| id.to_string());
    let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string());
    let models: Vec<String> = filter.model_ids.iter().map(ToString::to_string).collect();
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    let tags = &filter.tags[..];
    let parts = [
        ("start_date", day(filter.from)),
        ("end_date", day(filter.to)),
        ("run_id", id(filter.run_id.map(|id| id.0))),
        ("model_id", (!models.is_empty()).then(|| models.join(","))),
        (
            "llm_provider",
            filter.provider.map(|one| one.slug().to_owned()),
        ),
        ("query_id", id(filter.prompt_id.map(|id| id.0))),
        ("mentioned", flag(filter.mentioned)),
        (
            "sentiment",
            filter.sentiment.map(|said| said.word().to_owned()),
        ),
        ("tags", (!tags.is_empty()).then(|| escaped(&joined(tags)))),
        ("text", filter.text.as_deref().map(escaped)),
        ("entity_id", id(filter.entity_id.map(|id| id.0))),
        ("failed", flag(filter.failed)),
        (
            "served",
            filter
                .served_another
                .map(|another| if another { "other" } else { "asked" }.to_owned()),
        ),
        ("model_served", filter.model_served.as_deref().map(escaped)),
        ("domain", filter.domain.as_deref().map(escaped)),
        ("page_id", id(filter.page_id.map(|id| id.0))),
    ];
    let mut address = format!(
        "/api/llm-monitoring/projects/{}/export/answers?format={format}",
        filter.project_id
    );
    for (name, value) in parts {
        if let Some(value) = value {
            address.push('&');
            address.push_str(name);
            address.push('=');
            address.push_str(&value);
        }
    }
    address
}

/// `3 of 10`, or `3` where the list's length is not known; `None`: no rank.
pub fn rank_words(
    language: Language,
    rank: Option<i64>,
    list_total: Option<i64>,
) -> Option<String> {
    let rank = rank?;
    Some(match list_total {
        Some(total) => texts::RANK_OF.fill(language, &[("rank", &rank), ("total", &total)]),
        None => rank.to_string(),
    })
}

/// The places to mark in a text: mentions, and what stands for a source.
pub fn spans(findings: &[FindingView], sources: &[AnswerSource]) -> Vec<Span> {
    let marks = (1..).zip(sources).flat_map(|(number, source)| {
        source.marks.iter().map(move |(start, end)| Span {
            start: *start,
            end: *end,
            entity: format!(
                "{number}. {}",
                source.domain.as_deref().unwrap_or(&source.url)
            ),
            is_brand: false,
            is_source: true,
        })
    });
    findings
        .iter()
        .flat_map(|finding| {
            finding.spans.iter().map(|(start, end)| Span {
                start: *start,
                end: *end,
                entity: finding.entity_name.clone(),
                is_brand: finding.is_brand,
                is_source: false,
            })
        })
        .chain(marks)
        .collect()
}

/// The rows so far with the next page behind them; a row that is there already, because new
/// answers came meanwhile, is not shown twice.
pub fn with_page(mut so_far: AnswerPage, next: AnswerPage) -> AnswerPage {
    for row in next.rows {
        if !so_far.rows.iter().any(|known| known.id == row.id) {
            so_far.rows.push(row);
        }
    }
    so_far.next = next.next;
    (so_far.total, so_far.is_at_least) = (next.total, next.is_at_least);
    so_far
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::frame::query::Tab;
    use crate::model::overview::{Bucket, Split};

    #[test]
    fn a_view_keeps_what_is_of_the_table() {
        let query = PageQuery {
            tab: Tab::Answers,
            split: Split::Models,
            bucket: Some(Bucket::Week),
            by_page: true,
            failed: Some(true),
            topics: vec!["price & value".to_owned()],
            answer: Some(6.into()),
            ..PageQuery::default()
        };
        assert_eq!(view_address(&query), "tag=price%20%26%20value&failed=yes");
        let other = PageQuery {
            tab: Tab::Answers,
            answer: Some(6.into()),
            ..PageQuery::default()
        };
        assert_eq!(view_address(&other), "");
    }

    #[test]
    fn a_file_has_the_filters_of_the_table() {
        let filter = AnswerFilter {
            project_id: 7.into(),
            from: chrono::NaiveDate::from_ymd_opt(2026, 3, 1),
            model_ids: vec![2.into(), 5.into()],
            prompt_id: Some(9.into()),
            mentioned: Some(false),
            tags: vec!["price".to_owned(), "a,b".to_owned()],
            domain: Some("kipu.example".to_owned()),
            ..AnswerFilter::default()
        };
        assert_eq!(
            export_address(&filter, "csv"),
            "/api/llm-monitoring/projects/7/export/answers?format=csv&start_date=2026-03-01\
             &model_id=2,5&query_id=9&mentioned=false&tags=price%2Ca%252Cb&domain=kipu.example"
        );
    }

    use crate::model::answer::AnswerRow;
    use crate::model::money::Money;
    use crate::model::provider::Provider;
    use crate::model::run::CostKind;

    fn row(id: i64) -> AnswerRow {
        AnswerRow {
            id: id.into(),
            run_id: 1.into(),
            at: DateTime::UNIX_EPOCH,
            prompt_id: 1.into(),
            prompt_text: "Which tool is best?".to_owned(),
            provider: Provider::Simulator,
            model_id: 1.into(),
            model_name: "Simulator".to_owned(),
            outcome: Outcome::Answered,
            error_class: None,
            source: MentionSource::None,
            text_count: 0,
            rank: None,
            list_total: None,
            competitors: vec![],
            cost: Money::ZERO,
            cost_kind: CostKind::Unpriced,
            latency_ms: 1,
            simulated: true,
            excerpt: String::new(),
        }
    }

    #[test]
    fn pages_join_without_doubles() {
        let first = AnswerPage {
            rows: vec![row(3), row(2)],
            next: Some(2.into()),
            total: 3,
            is_at_least: false,
        };
        let second = AnswerPage {
            rows: vec![row(2), row(1)],
            next: None,
            total: 3,
            is_at_least: false,
        };
        let joined = with_page(first, second);
        let ids: Vec<i64> = joined.rows.iter().map(|row| row.id.0).collect();
        assert_eq!(ids, [3, 2, 1]);
        assert_eq!(joined.next, None);
    }

    #[test]
    fn ranks_and_outcomes_in_words() {
        assert_eq!(
            rank_words(Language::English, Some(3), Some(10)).as_deref(),
            Some("3 of 10")
        );
        assert_eq!(
            rank_words(Language::Spanish, Some(3), None).as_deref(),
            Some("3")
        );
        assert_eq!(rank_words(Language::English, None, Some(10)), None);
        let truncated = outcome_name(Outcome::Truncated);
        assert_eq!(truncated.get(Language::Spanish), "cortada");
    }
}
