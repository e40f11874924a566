//! From a response that is no answer to a [`Failure`], the same way for all providers.

use http::HeaderMap;
use serde_json::Value;

use super::error_rules::{RULES, Rule};
use super::json::{count_at, items, object, read, text_at, word};
use super::{ErrorClass, Failure, retry};

/// Longest message that is kept, in characters.
const MESSAGE_LIMIT: usize = 300;

/// Headers that name a request, the most telling first.
const REQUEST_ID_HEADERS: &[&str] = &[
    "x-request-id",
    "request-id",
    "mistral-correlation-id",
    "x-generation-id",
    "x-ds-trace-id",
    "apim-request-id",
    "x-kong-request-id",
];

/// An error as a provider reported it, whatever the shape of the body.
struct Reported {
    /// Code, type, status, reasons: lower case.
    words: Vec<String>,
    message: String,
    /// An HTTP status inside the body.
    status: Option<u16>,
    request_id: Option<String>,
}

/// Whether a body, whatever its HTTP status, carries an error instead of an answer.
fn carries_error(body: &Value) -> bool {
    match body.get("error") {
        Some(Value::Object(fields)) => !fields.is_empty(),
        Some(Value::String(text)) => !text.is_empty(),
        _ => text_at(body, "/type") == Some("error") || text_at(body, "/object") == Some("error"),
    }
}

/// The failure that a response means. `body` may be anything: JSON, HTML, nothing.
pub(crate) fn failure(status: u16, headers: &HeaderMap, body: &[u8]) -> Failure {
    let json = read(body).unwrap_or(Value::Null);
    let reported = Reported::read(&json, headers, body);
    let effective = match reported.status {
        Some(inner) if (200..300).contains(&status) => inner,
        _ => status,
    };
    let should_retry = retry::should_retry(headers);
    let class = if (300..400).contains(&status) {
        ErrorClass::BadResponse
    } else {
        classify(effective, &reported, should_retry)
    };
    let repeatable = match should_retry {
        Some(false) => false,
        Some(true) if !is_final(class) => true,
        _ => is_passing(class),
    };
    let rate_limited = class == ErrorClass::RateLimited;
    let message = if (300..400).contains(&status) {
        format!(
            "the address (base URL) answers with a redirect (HTTP {status}); a key does not follow it"
        )
    } else if reported.message.is_empty() {
        format!("HTTP status {status} without a message")
    } else {
        shorten(&hide_key(&reported.message))
    };
    Failure {
        class,
        message,
        retry: repeatable,
        retry_after: retry::retry_after(headers, &json, rate_limited).filter(|_| repeatable),
        may_be_billed: (200..300).contains(&status) && shows_work(&json),
        request_id: reported.request_id,
    }
}

/// The body of a success as JSON, or the failure that the response means.
pub(crate) fn success(status: u16, headers: &HeaderMap, body: &[u8]) -> Result<Value, Failure> {
    if !(200..300).contains(&status) {
        return Err(failure(status, headers, body));
    }
    match object(body) {
        Some(json) if carries_error(&json) => Err(failure(status, headers, body)),
        Some(json) => Ok(json),
        None => Err(unreadable(headers, "the response is no JSON object")),
    }
}

/// The failure of a success that says it was given up: by its words, or else a fault of the
/// provider's that passes.
pub(crate) fn given_up(status: u16, headers: &HeaderMap, body: &[u8]) -> Failure {
    let mut failure = failure(status, headers, body);
    if failure.class == ErrorClass::BadResponse {
        failure.class = ErrorClass::ProviderFault;
        failure.retry = retry::should_retry(headers) != Some(false);
        "the provider gave up".clone_into(&mut failure.message);
    }
    failure
}

/// Whether a response without an answer shows that work was done for it: tokens were counted, or
/// there is output.
fn shows_work(json: &Value) -> bool {
    const COUNTERS: &[&str] = &[
        "/usage/total_tokens",
        "/usage/output_tokens",
        "/usage/completion_tokens",
        "/usageMetadata/totalTokenCount",
    ];
    let counted = |pointer: &&str| count_at(json, pointer).is_some_and(|count| count > 0);
    COUNTERS.iter().any(counted) || !items(json, "/output").is_empty()
}

/// A success that cannot be read. It may have been an answer, so it may have been billed.
pub(crate) fn unreadable(headers: &HeaderMap, what: &str) -> Failure {
    Failure {
        class: ErrorClass::BadResponse,
        message: what.to_owned(),
        retry: false,
        retry_after: None,
        may_be_billed: true,
        request_id: request_id(headers),
    }
}

/// The first header that names the request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    REQUEST_ID_HEADERS
        .iter()
        .filter_map(|name| headers.get(*name)?.to_str().ok())
        .find(|value| !value.is_empty())
        .map(|value| word(value.to_owned()))
}

/// At most [`MESSAGE_LIMIT`] characters, on one line.
pub(crate) fn shorten(message: &str) -> String {
    let mut line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = line.char_indices().nth(MESSAGE_LIMIT) {
        line.truncate(cut);
        line.push('…');
    }
    line
}

impl Reported {
    fn read(json: &Value, headers: &HeaderMap, body: &[u8]) -> Self {
        // Google wraps some errors in a list.
        let root = json.get(0).unwrap_or(json);
        let error = root
            .get("error")
            .filter(|error| error.is_object())
            .unwrap_or(root);
        let reasons = items(error, "/details")
            .iter()
            .filter_map(|detail| text_at(detail, "/reason"));
        let named = [
            "/code",
            "/type",
            "/status",
            "/error_type",
            "/innererror/code",
        ]
        .into_iter()
        .filter_map(|pointer| text_at(error, pointer));
        let words = reasons
            .chain(named)
            .chain(text_at(root, "/code"))
            .map(str::to_lowercase)
            .collect();
        let status = [error.get("code"), error.get("status")]
            .into_iter()
            .flatten()
            .filter_map(Value::as_u64)
            .find_map(|code| {
                u16::try_from(code)
                    .ok()
                    .filter(|code| (400..600).contains(code))
            });
        Self {
            words,
            message: message(root, error, body),
            status,
            request_id: request_id(headers)
                .or_else(|| text_at(root, "/request_id").map(str::to_owned)),
        }
    }
}

fn message(root: &Value, error: &Value, body: &[u8]) -> String {
    let found = text_at(error, "/message")
        .or_else(|| text_at(root, "/error"))
        .or_else(|| text_at(root, "/message"))
        .or_else(|| text_at(root, "/detail"));
    match (found, text_at(error, "/metadata/raw")) {
        (Some(message), Some(upstream)) => format!("{message}: {upstream}"),
        (Some(message), None) => message.to_owned(),
        (None, _) if root.is_null() => plain_text(body),
        (None, _) => root.get("detail").map(Value::to_string).unwrap_or_default(),
    }
}

/// What a body that is no JSON says; the title of a page of HTML.
fn plain_text(body: &[u8]) -> String {
    let start = &body[..body.len().min(16 * 1024)];
    let text = String::from_utf8_lossy(start);
    if !text.trim_start().starts_with('<') {
        return text.trim().to_owned();
    }
    let lower = text.to_ascii_lowercase();
    let title = lower
        .find("<title>")
        .map(|at| at + "<title>".len())
        .and_then(|from| {
            let until = from + lower.get(from..)?.find("</title>")?;
            text.get(from..until)
        });
    title
        .unwrap_or("a page of HTML instead of an answer")
        .trim()
        .to_owned()
}

/// Providers quote the key that they refuse, and short ones they quote whole.
fn hide_key(message: &str) -> String {
    const MARK: &str = "provided: ";
    let Some(from) = message.find(MARK).map(|at| at + MARK.len()) else {
        return message.to_owned();
    };
    let rest = &message[from..];
    let until = rest.find(char::is_whitespace).unwrap_or(rest.len());
    format!("{}***{}", &message[..from], &rest[until..])
}

fn classify(status: u16, reported: &Reported, should_retry: Option<bool>) -> ErrorClass {
    let text = reported.message.to_lowercase();
    let fits = |rule: &&Rule| {
        reported
            .words
            .iter()
            .any(|word| rule.words.contains(&word.as_str()))
            || rule.phrases.iter().any(|phrase| text.contains(phrase))
    };
    // A server that breaks may say anything while it does.
    let rules = if status >= 500 {
        &RULES[RULES.len() - 1..]
    } else {
        RULES
    };
    match rules.iter().find(fits) {
        Some(rule) => rule.class,
        None => by_status(status, reported, &text, should_retry),
    }
}

fn by_status(
    status: u16,
    reported: &Reported,
    text: &str,
    should_retry: Option<bool>,
) -> ErrorClass {
    match status {
        401 => ErrorClass::BadKey,
        402 => ErrorClass::NoMoney,
        403 => ErrorClass::Permission,
        404 if names_a_model(reported, text) => ErrorClass::ModelNotFound,
        404 => ErrorClass::BadResponse,
        413 => ErrorClass::TooLarge,
        // Anthropic: this request alone is above the limit.
        429 if should_retry == Some(false) => ErrorClass::TooLarge,
        429 => ErrorClass::RateLimited,
        503 | 529 => ErrorClass::Overloaded,
        408 | 500..=599 => ErrorClass::ProviderFault,
        400..=499 => ErrorClass::BadParameter,
        _ => by_word(reported),
    }
}

fn names_a_model(reported: &Reported, text: &str) -> bool {
    text.contains("model")
        || text.contains("deployment")
        || reported
            .words
            .iter()
            .any(|word| word == "not_found_error" || word == "not_found")
}

/// For errors inside a success, where no status helps.
fn by_word(reported: &Reported) -> ErrorClass {
    let class = |word: &String| {
        Some(match word.as_str() {
            "rate_limit_exceeded" | "rate_limit_error" | "resource_exhausted" => {
                ErrorClass::RateLimited
            }
            "unavailable" => ErrorClass::Overloaded,
            "server_error"
            | "api_error"
            | "internal_server_error"
            | "internal"
            | "timeout_error" => ErrorClass::ProviderFault,
            "invalid_prompt" | "invalid_request_error" | "invalid_argument" => {
                ErrorClass::BadParameter
            }
            "not_found_error" | "not_found" => ErrorClass::ModelNotFound,
            _ => return None,
        })
    };
    reported
        .words
        .iter()
        .find_map(class)
        .unwrap_or(ErrorClass::BadResponse)
}

/// Failures that pass by themselves.
const fn is_passing(class: ErrorClass) -> bool {
    matches!(
        class,
        ErrorClass::RateLimited
            | ErrorClass::Overloaded
            | ErrorClass::ProviderFault
            | ErrorClass::Timeout
            | ErrorClass::Network
    )
}

/// Failures that another attempt can only repeat, whatever a header says.
const fn is_final(class: ErrorClass) -> bool {
    class.ends_lane()
        || matches!(
            class,
            ErrorClass::TooLarge
                | ErrorClass::ContextOverflow
                | ErrorClass::ContentBlocked
                | ErrorClass::Refused
        )
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use serde_json::json;

    use super::*;

    fn class(status: u16, body: &Value) -> ErrorClass {
        failure(status, &HeaderMap::new(), body.to_string().as_bytes()).class
    }

    #[test]
    fn the_same_status_has_many_meanings() {
        let quota = json!({"error": {"message": "no quota", "code": "insufficient_quota"}});
        assert_eq!(class(429, &quota), ErrorClass::NoMoney);
        let minute = json!({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED",
            "message": "You exceeded your current quota, please check your plan and billing details"}});
        assert_eq!(class(429, &minute), ErrorClass::RateLimited);
        let large = json!({"error": {"message": "Request too large for m on TPM", "code": "rate_limit_exceeded"}});
        assert_eq!(class(429, &large), ErrorClass::TooLarge);
        let credit = json!({"type": "error", "error": {"type": "invalid_request_error",
            "message": "Your credit balance is too low to access the API"}});
        assert_eq!(class(400, &credit), ErrorClass::NoMoney);
        assert_eq!(
            class(403, &json!({"error": {"message": "no"}})),
            ErrorClass::Permission
        );
        assert_eq!(class(529, &Value::Null), ErrorClass::Overloaded);
        assert_eq!(class(404, &Value::Null), ErrorClass::BadResponse);
    }

    #[test]
    fn an_error_inside_a_success_is_classed_by_what_it_says() {
        assert_eq!(
            class(200, &json!({"error": {"code": 429, "message": "slow"}})),
            ErrorClass::RateLimited
        );
        assert_eq!(
            class(200, &json!({"error": {"code": "server_error"}})),
            ErrorClass::ProviderFault
        );
        assert_eq!(
            class(200, &json!({"error": {"code": "odd"}})),
            ErrorClass::BadResponse
        );
    }

    #[test]
    fn what_a_success_without_an_answer_shows_decides_whether_it_was_paid_for() {
        let billed = |status, body: &Value| {
            failure(status, &HeaderMap::new(), body.to_string().as_bytes()).may_be_billed
        };
        let error = json!({"code": "server_error"});
        assert!(!billed(
            200,
            &json!({"error": error, "output": [], "usage": null})
        ));
        assert!(billed(
            200,
            &json!({"error": error, "usage": {"total_tokens": 7}})
        ));
        assert!(billed(
            200,
            &json!({"error": error, "output": [{"type": "reasoning"}]})
        ));
        assert!(!billed(
            500,
            &json!({"error": error, "usage": {"total_tokens": 7}})
        ));
        assert!(unreadable(&HeaderMap::new(), "x").may_be_billed);
        let failed = given_up(200, &HeaderMap::new(), b"{\"status\": \"failed\"}");
        assert_eq!(
            (failed.class, failed.retry),
            (ErrorClass::ProviderFault, true)
        );
    }

    #[test]
    fn a_protocol_that_ended_is_neither_the_key_nor_worth_another_ask() {
        let body = json!({"error": {"message": "Sonar moved.", "type": "chat_completions_not_available", "code": 403}});
        let failed = failure(403, &HeaderMap::new(), body.to_string().as_bytes());
        assert_eq!(
            (failed.class, failed.retry),
            (ErrorClass::ProtocolEnded, false)
        );
        assert!(failed.class.ends_lane());
    }

    #[test]
    fn the_header_decides_about_another_attempt() {
        let mut headers = HeaderMap::new();
        headers.insert("x-should-retry", HeaderValue::from_static("false"));
        let failed = failure(429, &headers, b"{}");
        assert_eq!((failed.class, failed.retry), (ErrorClass::TooLarge, false));
        headers.insert("x-should-retry", HeaderValue::from_static("true"));
        assert!(failure(409, &headers, b"{}").retry);
        assert!(!failure(401, &headers, b"{}").retry);
    }

    #[test]
    fn messages_are_short_and_hold_no_key() {
        let body = json!({"error": {"message": format!("Incorrect API key provided: abc. {}", "x ".repeat(900))}});
        let failed = failure(401, &HeaderMap::new(), body.to_string().as_bytes());
        assert!(!failed.message.contains("abc"));
        assert!(failed.message.chars().count() <= MESSAGE_LIMIT + 1);
    }

    #[test]
    fn pages_are_told_by_their_title() {
        let page = b"<html><head><title>401 Authorization Required</title></head></html>";
        let failed = failure(401, &HeaderMap::new(), page);
        assert_eq!(failed.message, "401 Authorization Required");
        assert_eq!(failed.class, ErrorClass::BadKey);
    }
}
