//! How several calls are one body, and several replies one: a list with a part for each of them, in
//! the same order.
//!
//! Invariant: pure; knows neither calls nor how they are sent.

use serde_json::Value;

use super::error::{ApiError, ErrorCode};

/// What the host told: a value, or an error of its own.
pub type Told = Result<Value, ApiError>;

/// What is wrong with a reply that says something else than it should.
pub fn unreadable() -> ApiError {
    ApiError::new(ErrorCode::BadRequest, "bad request")
}

/// What the host told, by its status.
pub fn told(status: u64, value: Value) -> Told {
    if status < 400 {
        return Ok(value);
    }
    Err(serde_json::from_value(value).unwrap_or_else(|_| unreadable()))
}

/// Adds a call to the body of several, which is empty before the first one. `arguments` are JSON.
pub fn add(body: &mut String, name: &str, arguments: &str) {
    body.push_str(if body.is_empty() { "[[\"" } else { ",[\"" });
    body.push_str(name);
    body.push_str("\",");
    body.push_str(arguments);
    body.push(']');
}

/// The replies in what the host told of several calls; none where it says something else.
pub fn all(reply: Value) -> std::vec::IntoIter<Value> {
    match reply {
        Value::Array(parts) => parts.into_iter(),
        _ => Vec::new().into_iter(),
    }
}

/// What is told of the next call.
pub fn next(parts: &mut std::vec::IntoIter<Value>) -> Told {
    let Some(Value::Array(mut part)) = parts.next() else {
        return Err(unreadable());
    };
    let value = part.pop();
    let status = part.pop().and_then(|status| status.as_u64());
    match (status, value) {
        (Some(status), Some(value)) => told(status, value),
        _ => Err(unreadable()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn calls_stand_in_a_list_in_their_order() {
        let mut body = String::new();
        add(&mut body, "projects/get", r#"{"project_id":7}"#);
        add(&mut body, "budget/get", "{}");
        body.push(']');
        let read: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(
            read,
            json!([["projects/get", {"project_id": 7}], ["budget/get", {}]])
        );
    }

    #[test]
    fn each_has_its_own_value_or_its_own_error() {
        let gone = ApiError::new(ErrorCode::NotFound, "gone");
        let mut parts = all(json!([
            [200, [1, 2]],
            [404, gone],
            [200, null],
            [502, "oh"]
        ]));
        assert_eq!(next(&mut parts), Ok(json!([1, 2])));
        assert_eq!(next(&mut parts), Err(gone));
        assert_eq!(next(&mut parts), Ok(Value::Null));
        assert_eq!(next(&mut parts), Err(unreadable()));
        // The host told of fewer than were asked.
        assert_eq!(next(&mut parts), Err(unreadable()));
    }

    #[test]
    fn what_is_no_list_of_replies_is_unreadable() {
        for odd in [
            json!({"id": 1}),
            json!(null),
            json!([[200], 7, ["200", 1], []]),
        ] {
            let mut parts = all(odd);
            for _ in 0..5 {
                assert_eq!(next(&mut parts), Err(unreadable()));
            }
        }
    }
}
