//! Hostile bodies of providers' responses, by protocol. What takes the text of an answer apart
//! counts its steps in its own tests; here is what gathers it from a body.

use std::hint::black_box;

use http::HeaderMap;
use providers::adapter::Adapter;

use crate::growth::{Reader, assert_linear};

/// A body with as many pieces as make it about so long, between what begins and what ends it.
struct Body {
    name: &'static str,
    reader: Reader,
    before: &'static str,
    piece: &'static str,
    after: &'static str,
    /// What takes half of the bytes: the letter of a long text, between `before` and the pieces.
    text: Option<(&'static str, &'static str)>,
}

impl Body {
    fn of(&self, bytes: usize) -> String {
        let mut body = self.before.to_owned();
        let mut room = bytes;
        if let Some((letter, behind)) = self.text {
            room /= 2;
            body.push_str(&letter.repeat(room / letter.len()));
            body.push_str(behind);
        }
        let pieces = room / (self.piece.len() + 1) + 1;
        body.push_str(&vec![self.piece; pieces].join(","));
        body.push_str(self.after);
        body
    }
}

fn parse(adapter: Adapter, body: &str) {
    let answer = adapter.parse(200, &HeaderMap::new(), body.as_bytes());
    assert!(answer.is_ok(), "{answer:?}");
    drop(black_box(answer));
}

const fn reader(name: &'static str, read: fn(&str)) -> Reader {
    Reader {
        name,
        bytes: 64_000,
        read,
    }
}

const CHAT: Reader = reader("Chat", |body| parse(Adapter::Chat, body));
const MESSAGES: Reader = reader("Messages", |body| parse(Adapter::Messages, body));
const RESPONSES: Reader = reader("Responses", |body| parse(Adapter::Responses, body));
const GENERATE_CONTENT: Reader = reader("generateContent", |body| {
    parse(Adapter::GenerateContent, body);
});

/// Blanks between what is no text, so that each is a paragraph of its own.
const BLANKS: &str =
    r#"{"type": "text", "text": "                                        "}, {"type": "x"}"#;

const BODIES: &[Body] = &[
    Body {
        name: "blanks between searches",
        reader: MESSAGES,
        before: r#"{"stop_reason": "end_turn", "content": [{"type": "text", "text": "Kipu"}, {"type": "x"}, "#,
        piece: BLANKS,
        after: "]}",
        text: None,
    },
    Body {
        name: "blanks before any word",
        reader: MESSAGES,
        before: r#"{"stop_reason": "end_turn", "content": ["#,
        piece: BLANKS,
        after: r#", {"type": "text", "text": "Kipu"}]}"#,
        text: None,
    },
    Body {
        name: "blanks between chunks",
        reader: CHAT,
        before: r#"{"choices": [{"finish_reason": "stop", "message": {"content": [{"type": "text", "text": "Kipu"}, "#,
        piece: BLANKS,
        after: "]}}]}",
        text: None,
    },
    Body {
        name: "blanks between parts",
        reader: GENERATE_CONTENT,
        before: r#"{"candidates": [{"finishReason": "STOP", "content": {"parts": [{"text": "Kipu"}, "#,
        piece: r#"{"text": "                                        "}, {"x": 1}"#,
        after: "]}}]}",
        text: None,
    },
    Body {
        name: "blanks between messages",
        reader: RESPONSES,
        before: r#"{"status": "completed", "output": [{"type": "message", "content": [{"type": "output_text", "text": "Kipu"}]}, "#,
        piece: r#"{"type": "message", "content": [{"type": "output_text", "text": "                                        "}]}"#,
        after: "]}",
        text: None,
    },
    Body {
        name: "results without an address beside a long text",
        reader: CHAT,
        before: r#"{"choices": [{"finish_reason": "stop", "message": {"content": ""#,
        piece: r#"{"url": "x"}"#,
        after: "]}}]}}]}",
        text: Some((
            "a ",
            r#"", "executed_tools": [{"search_results": {"results": ["#,
        )),
    },
    Body {
        name: "notes beside a long text that is not the answer",
        reader: RESPONSES,
        before: r#"{"status": "completed", "output": [{"type": "message", "phase": "final_answer", "content": [{"type": "output_text", "text": "Kipu"}]}, {"type": "message", "phase": "commentary", "content": [{"type": "output_text", "text": ""#,
        piece: r#"{"url": "https://a.example/", "start_index": 0, "end_index": 9}"#,
        after: "]}]}]}",
        text: Some(("é ", r#"", "annotations": ["#)),
    },
];

#[test]
fn bodies_are_read_in_a_time_that_follows_their_length() {
    for body in BODIES {
        assert_linear(&body.reader, body.name, |bytes| body.of(bytes));
    }
}
