//! What answers and sources are filtered by: words that can be looked for.

use super::{Check, MODELS};
use crate::api::error::FieldError;
use crate::letters;
use crate::model::answer::AnswerFilter;
use crate::model::language::Language;
use crate::model::sources::SourceQuery;

/// Letters of a word that is looked for; also the longest domain there is.
pub const MAX_WORDS: usize = 255;

/// A filter of answers, its words without space around them, each of its models once.
pub fn answer_filter(
    language: Language,
    filter: AnswerFilter,
) -> Result<AnswerFilter, Vec<FieldError>> {
    let mut check = Check::new(language);
    let checked = AnswerFilter {
        model_ids: check.ids("model_ids", &filter.model_ids, MODELS),
        domain: words(&mut check, "domain", filter.domain.as_deref()),
        tag: words(&mut check, "tag", filter.tag.as_deref()),
        tags: check.tags("tags", &filter.tags),
        text: words(&mut check, "text", filter.text.as_deref()),
        model_served: words(&mut check, "model_served", filter.model_served.as_deref()),
        ..filter
    };
    check.done(checked)
}

/// A query for sources, its domain as domains are stored.
pub fn source_query(
    language: Language,
    query: SourceQuery,
) -> Result<SourceQuery, Vec<FieldError>> {
    let mut check = Check::new(language);
    let domain = words(&mut check, "domain", query.domain.as_deref());
    let checked = SourceQuery {
        domain: domain.map(|domain| letters::small(&domain)),
        ..query
    };
    check.done(checked)
}

/// Nothing where nothing is looked for.
fn words(check: &mut Check, field: &str, value: Option<&str>) -> Option<String> {
    let words = check.line(field, value?, (0, MAX_WORDS));
    (!words.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_only_so_many_models() {
        let checked = |most: usize| {
            let ids = 1_i64..=i64::try_from(most).expect("few");
            let filter = AnswerFilter {
                model_ids: ids.chain([1]).map(Into::into).collect(),
                ..AnswerFilter::default()
            };
            answer_filter(Language::English, filter)
        };
        assert_eq!(checked(2).expect("fine").model_ids, [1.into(), 2.into()]);
        assert!(checked(MODELS).is_ok());
        assert_eq!(checked(MODELS + 1).expect_err("many")[0].field, "model_ids");
    }

    #[test]
    fn words_are_trimmed_and_odd_ones_named() {
        let filter = |text: &str| AnswerFilter {
            text: Some(text.to_owned()),
            ..AnswerFilter::default()
        };
        let checked = |text: &str| answer_filter(Language::English, filter(text));
        let text = |text: &str| checked(text).expect("fine").text;
        assert_eq!(text(" cheap  "), Some("cheap".to_owned()));
        assert_eq!(text("  "), None);
        for odd in ["a\0b", "a\nb", &"é".repeat(MAX_WORDS + 1)] {
            let errors = checked(odd).expect_err(odd);
            assert_eq!(errors[0].field, "text");
        }
        assert!(checked(&"é".repeat(MAX_WORDS)).is_ok());
    }
}
