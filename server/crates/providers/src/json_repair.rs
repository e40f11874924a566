//! JSON that a strict reader refuses although a paid answer stands in it: halves of characters,
//! bare control characters, an end that was cut off.
//!
//! Invariant: what a strict reader takes is never changed; callers try that first.

/// How deep JSON may be nested; deeper is not read anyway.
const DEEPEST: usize = 128;

/// What stands for half a character.
const HALF: &[u8] = b"\\ufffd";

/// `body` with U+FFFD in place of halves of characters beyond the basic plane, as models write
/// them that are cut at a limit, and with control characters escaped.
pub(super) fn repaired(body: &[u8]) -> Vec<u8> {
    let mut clean = Vec::with_capacity(body.len() + 16);
    let mut in_text = false;
    let mut rest = body;
    while let Some(&byte) = rest.first() {
        let taken = match byte {
            b'"' => {
                in_text = !in_text;
                clean.push(byte);
                1
            }
            b'\\' if in_text => escape(rest, &mut clean),
            0x00..=0x1f if in_text => {
                clean.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
                1
            }
            // A half as some servers write it in bytes, which no UTF-8 has.
            0xed if matches!(rest, [_, 0xa0..=0xbf, 0x80..=0xbf, ..]) => {
                clean.extend_from_slice("\u{fffd}".as_bytes());
                3
            }
            _ => {
                clean.push(byte);
                1
            }
        };
        rest = &rest[taken..];
    }
    clean
}

/// Copies an escape, or what stands for it; gives the number of bytes that it takes of `rest`.
fn escape(rest: &[u8], clean: &mut Vec<u8>) -> usize {
    let (length, written) = match unit(rest) {
        Some(0xd800..=0xdbff) if matches!(unit(&rest[6..]), Some(0xdc00..=0xdfff)) => {
            (12, &rest[..12])
        }
        Some(0xd800..=0xdfff) => (6, HALF),
        _ => {
            let length = rest.len().min(2);
            (length, &rest[..length])
        }
    };
    clean.extend_from_slice(written);
    length
}

/// The number of a `\uXXXX` at the beginning of `rest`.
fn unit(rest: &[u8]) -> Option<u16> {
    let digits = rest.strip_prefix(b"\\u")?.get(..4)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// A body that was cut off, closed behind the last value that is whole.
pub(super) fn closed(body: &[u8]) -> Vec<u8> {
    let mut open: Vec<u8> = Vec::new();
    let mut whole = (0, Vec::new());
    let (mut in_text, mut escaped) = (false, false);
    for (at, &byte) in body.iter().enumerate() {
        if in_text {
            in_text = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b'}' | b']' => {
                open.pop();
            }
            b',' => {
                whole = (at, open.clone());
                continue;
            }
            _ => continue,
        }
        if open.len() > DEEPEST {
            return Vec::new();
        }
        if !in_text {
            whole = (at + 1, open.clone());
        }
    }
    let (length, open) = whole;
    let mut json = body[..length].to_vec();
    json.extend(open.iter().rev());
    json
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn text(body: &[u8]) -> Option<String> {
        let json: Value = serde_json::from_slice(&repaired(body)).ok()?;
        json["t"].as_str().map(str::to_owned)
    }

    #[test]
    fn halves_of_characters_become_one_that_says_so() {
        for (body, expected) in [
            (r#"{"t": "a \ud83e"}"#, "a \u{fffd}"),
            (r#"{"t": "\udc9f b"}"#, "\u{fffd} b"),
            (r#"{"t": "\ud83e\ud83e\udd50"}"#, "\u{fffd}🥐"),
            (r#"{"t": "\ud83e\n"}"#, "\u{fffd}\n"),
            (r#"{"t": "\\ud83e \" \ud83e"}"#, "\\ud83e \" \u{fffd}"),
            (r#"{"t": "\uD83E\uDD50 é"}"#, "🥐 é"),
            ("{\"t\": \"a\nb\tc\"}", "a\nb\tc"),
        ] {
            assert_eq!(text(body.as_bytes()).as_deref(), Some(expected), "{body}");
        }
        assert_eq!(
            text(b"{\"t\": \"a\xed\xa0\xbe\"}").as_deref(),
            Some("a\u{fffd}")
        );
    }

    #[test]
    fn a_cut_body_keeps_what_is_whole() {
        let closed_json =
            |body: &str| serde_json::from_slice::<Value>(&closed(body.as_bytes())).ok();
        assert_eq!(
            closed_json(r#"{"a": [1, 2, "x"#),
            Some(json!({"a": [1, 2]}))
        );
        assert_eq!(
            closed_json(r#"{"a": {"b": "],}"}, "c": tr"#),
            Some(json!({"a": {"b": "],}"}}))
        );
        assert_eq!(closed_json(r#"{"a": "\"["#), Some(json!({})));
        assert_eq!(closed_json("no"), None);
        assert_eq!(closed(&b"[".repeat(100_000)), b"");
    }

    proptest! {
        #[test]
        fn what_is_strict_stays_as_it_is(text in "\\PC{0,40}") {
            let body = json!({"t": text}).to_string();
            prop_assert_eq!(repaired(body.as_bytes()), body.into_bytes());
        }

        #[test]
        fn any_cut_of_json_is_json_again(text in "[\"\\\\a,\\[\\]{}:]{0,12}", cut in 1_usize..60) {
            let body = json!({"a": [{"b": text, "c": [1, text]}], "d": {"e": text}}).to_string();
            let cut = cut.min(body.len());
            prop_assert!(serde_json::from_slice::<Value>(&closed(&body.as_bytes()[..cut])).is_ok());
        }

        #[test]
        fn nothing_panics(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = (repaired(&body), closed(&body));
        }
    }
}
