//! Reading JSON that may have any shape: a field that is missing, null or of another type is
//! absent, never an error.

use contract::money::Money;
use serde_json::Value;

use super::json_repair::repaired;

/// A count above this is no count of tokens: twice what the longest context holds.
const MAX_COUNT: i64 = 20_000_000;
/// No answer takes more searches than this.
const MAX_SEARCHES: i64 = 1_000;
/// A cost above this, in dollars, is no cost of one answer.
const MAX_COST: Money = Money::from_usd(1_000);
/// No name of a model, word for a finish or id of a request is longer, in characters.
const MAX_WORD: usize = 200;

/// The body as JSON, with a byte order mark or without. What a strict reader refuses is repaired,
/// if it can be: the provider was paid for it.
pub(crate) fn read(body: &[u8]) -> Option<Value> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let strict = serde_json::from_slice(body);
    strict
        .or_else(|_| serde_json::from_slice(&repaired(body)))
        .ok()
}

/// The body as a JSON object; `None` for anything else.
pub(crate) fn object(body: &[u8]) -> Option<Value> {
    read(body).filter(Value::is_object)
}

/// The text at a JSON pointer, if there is any.
pub(crate) fn text_at<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value
        .pointer(pointer)?
        .as_str()
        .filter(|text| !text.is_empty())
}

/// As [`text_at`], owned.
pub(crate) fn string_at(value: &Value, pointer: &str) -> Option<String> {
    text_at(value, pointer).map(str::to_owned)
}

/// The items of the array at a JSON pointer; none if there is no array.
pub(crate) fn items<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Whether something other than null stands at a JSON pointer.
pub(crate) fn present(value: &Value, pointer: &str) -> bool {
    value.pointer(pointer).is_some_and(|found| !found.is_null())
}

/// A count at a JSON pointer; negative, fractional and absurd ones are `None`.
pub(crate) fn count_at(value: &Value, pointer: &str) -> Option<i64> {
    let found = value.pointer(pointer)?;
    let count = found.as_i64().or_else(|| whole(found.as_f64()?))?;
    (0..=MAX_COUNT).contains(&count).then_some(count)
}

/// As [`count_at`], for searches, of which far fewer are absurd.
pub(crate) fn searches_at(value: &Value, pointer: &str) -> Option<i64> {
    count_at(value, pointer).filter(|searches| *searches <= MAX_SEARCHES)
}

/// Searches that were counted one by one; too many are none, as in [`searches_at`].
pub(crate) fn searches_of(shown: usize) -> Option<i64> {
    i64::try_from(shown)
        .ok()
        .filter(|searches| *searches <= MAX_SEARCHES)
}

/// A word of the provider's own, cut where it is none.
pub(crate) fn word(mut text: String) -> String {
    if let Some((cut, _)) = text.char_indices().nth(MAX_WORD) {
        text.truncate(cut);
    }
    text
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the range is checked before"
)]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && (0.0..=1e9).contains(&number)).then_some(number as i64)
}

/// A position in a text: like a count, but without a meaning of its own when it is large.
pub(crate) fn index_at(value: &Value, pointer: &str) -> Option<usize> {
    usize::try_from(value.pointer(pointer)?.as_u64()?).ok()
}

/// Dollars at a JSON pointer, given as a number or as text; negative and absurd ones are `None`.
pub(crate) fn usd_at(value: &Value, pointer: &str) -> Option<Money> {
    let amount: Money = match value.pointer(pointer)? {
        Value::Number(number) => number.to_string().parse().ok()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    (Money::ZERO..=MAX_COST).contains(&amount).then_some(amount)
}

/// Sum of the known ones; `None` if there are none.
pub(crate) fn sum(counts: &[Option<i64>]) -> Option<i64> {
    counts.iter().flatten().copied().reduce(i64::saturating_add)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn counts_are_whole_and_within_reason() {
        let value =
            json!({"a": 7, "b": -1, "c": 2e9, "d": 1.5, "e": "7", "f": null, "g": 8.0, "h": 1e300});
        assert_eq!(count_at(&value, "/a"), Some(7));
        assert_eq!(count_at(&value, "/g"), Some(8));
        for pointer in ["/b", "/c", "/d", "/e", "/f", "/h", "/missing"] {
            assert_eq!(count_at(&value, pointer), None, "{pointer}");
        }
    }

    #[test]
    fn more_searches_than_an_answer_takes_are_unknown() {
        let value = json!({"few": 1_000, "many": 1_001, "tokens": 19_000_000});
        assert_eq!(searches_at(&value, "/few"), Some(1_000));
        assert_eq!(searches_at(&value, "/many"), None);
        assert_eq!(searches_at(&value, "/tokens"), None);
        assert_eq!(
            (searches_of(1_000), searches_of(1_001)),
            (Some(1_000), None)
        );
    }

    #[test]
    fn a_mark_before_the_body_and_half_a_character_in_it_are_read() {
        let marked = [b"\xef\xbb\xbf", r#"{"a": "\ud83e"}"#.as_bytes()].concat();
        assert_eq!(object(&marked), Some(json!({"a": "\u{fffd}"})));
        for refused in ["", "[1]", "{", "{\"a\": \u{feff}}"] {
            assert_eq!(object(refused.as_bytes()), None, "{refused}");
        }
    }

    #[test]
    fn dollars_lose_nothing_to_floats() {
        let value = json!({"a": 0.00502, "b": 3.3e-6, "c": "0.0000012", "d": -1, "e": 1e9});
        assert_eq!(usd_at(&value, "/a"), Some(Money::from_nanos(5_020_000)));
        assert_eq!(usd_at(&value, "/b"), Some(Money::from_nanos(3_300)));
        assert_eq!(usd_at(&value, "/c"), Some(Money::from_nanos(1_200)));
        assert_eq!(usd_at(&value, "/d"), None);
        assert_eq!(usd_at(&value, "/e"), None);
    }
}
