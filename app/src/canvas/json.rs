//! JSON as text, a call a field. As a tree of values each field would be code of its own wherever
//! it stands, and as much again to take the tree down; the chart library reads text in any case.
//! So that calls stay calls, nothing here is inlined.
//!
//! Invariant: keys are plain words, which need no escapes.

use std::fmt::Write as _;

/// An object that is being written.
pub(crate) struct Json {
    text: String,
    /// What closes the objects and lists that are open, the innermost last.
    ends: String,
}

impl Json {
    /// An object; it ends with [`Json::finish`].
    #[inline(never)]
    pub(crate) fn new() -> Self {
        Self {
            text: "{".to_owned(),
            ends: "}".to_owned(),
        }
    }

    /// The text, with an end to all that is open.
    #[inline(never)]
    pub(crate) fn finish(mut self) -> String {
        while let Some(end) = self.ends.pop() {
            self.text.push(end);
        }
        self.text
    }

    /// A field of words.
    #[inline(never)]
    pub(crate) fn text(&mut self, key: &str, words: &str) -> &mut Self {
        self.key(key);
        self.words(words)
    }

    /// A field of a number.
    #[inline(never)]
    pub(crate) fn number(&mut self, key: &str, number: f64) -> &mut Self {
        self.key(key);
        self.value(number)
    }

    /// A field of yes or no.
    #[inline(never)]
    pub(crate) fn flag(&mut self, key: &str, is_so: bool) -> &mut Self {
        self.key(key);
        self.text.push_str(if is_so { "true" } else { "false" });
        self
    }

    /// A field that is an object, up to [`Json::end`].
    #[inline(never)]
    pub(crate) fn object(&mut self, key: &str) -> &mut Self {
        self.key(key);
        self.open('{', '}')
    }

    /// A field that is a list, up to [`Json::end`].
    #[inline(never)]
    pub(crate) fn list(&mut self, key: &str) -> &mut Self {
        self.key(key);
        self.open('[', ']')
    }

    /// Fields of an object or values of a list that are always the same, as JSON has them.
    #[inline(never)]
    pub(crate) fn fixed(&mut self, json: &str) -> &mut Self {
        self.part();
        self.text.push_str(json);
        self
    }

    /// Words in a list.
    #[inline(never)]
    pub(crate) fn words(&mut self, words: &str) -> &mut Self {
        self.part();
        self.text.push('"');
        for letter in words.chars() {
            match letter {
                '"' | '\\' => {
                    self.text.push('\\');
                    self.text.push(letter);
                }
                '\0'..='\u{1f}' => {
                    let _ = write!(self.text, "\\u{:04x}", u32::from(letter));
                }
                _ => self.text.push(letter),
            }
        }
        self.text.push('"');
        self
    }

    /// A number in a list. What is no number is `null`.
    #[inline(never)]
    pub(crate) fn value(&mut self, number: f64) -> &mut Self {
        self.part();
        if number.is_finite() {
            let _ = write!(self.text, "{number}");
        } else {
            self.text.push_str("null");
        }
        self
    }

    /// Two numbers, as a list in a list.
    #[inline(never)]
    pub(crate) fn pair(&mut self, one: f64, other: f64) -> &mut Self {
        self.open('[', ']').value(one).value(other).end()
    }

    /// An object in a list, up to [`Json::end`].
    #[inline(never)]
    pub(crate) fn item(&mut self) -> &mut Self {
        self.open('{', '}')
    }

    /// The end of the innermost object or list.
    #[inline(never)]
    pub(crate) fn end(&mut self) -> &mut Self {
        self.text.extend(self.ends.pop());
        self
    }

    #[inline(never)]
    fn open(&mut self, begin: char, end: char) -> &mut Self {
        self.part();
        self.text.push(begin);
        self.ends.push(end);
        self
    }

    #[inline(never)]
    fn key(&mut self, key: &str) {
        self.part();
        self.text.push('"');
        self.text.push_str(key);
        self.text.push_str("\":");
    }

    /// A comma, where something stands before. Words end in a quotation mark, whatever is in them.
    #[inline(never)]
    fn part(&mut self) {
        if !matches!(self.text.as_bytes().last(), Some(b'{' | b'[' | b':')) {
            self.text.push(',');
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(json: Json) -> Value {
        let text = json.finish();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    #[test]
    fn fields_and_lists_stand_in_one_another() {
        let mut json = Json::new();
        json.text("name", "a")
            .object("empty")
            .end()
            .list("none")
            .end()
            .list("data")
            .value(1.0)
            .words("-")
            .pair(2.5, -3.0)
            .item()
            .number("value", 4.0)
            .fixed(r#""symbol":"none","z":1"#)
            .end()
            .fixed(r#"["-","-"]"#)
            .end()
            .flag("silent", true)
            .object("style")
            .flag("show", false);
        assert_eq!(
            read(json),
            json!({
                "name": "a",
                "empty": {},
                "none": [],
                "data": [1, "-", [2.5, -3], { "value": 4, "symbol": "none", "z": 1 }, ["-", "-"]],
                "silent": true,
                "style": { "show": false },
            })
        );
    }

    #[test]
    fn words_of_all_kinds_are_read_back() {
        for words in [
            "",
            "{",
            "a:[",
            r#""Inter", 'x' \ /"#,
            "one\ntwo\t\r\u{8}\u{c}\0\u{1f}\u{7f}",
            "\u{2028}ñ例😀",
        ] {
            let mut json = Json::new();
            json.text("words", words).number("after", 1.0);
            assert_eq!(read(json), json!({ "words": words, "after": 1 }));
        }
    }

    #[test]
    fn numbers_are_read_back_and_what_is_none_is_null() {
        for number in [0.0, -0.5, 8.0, 1e-7, 0.1 + 0.2, 1e21, f64::MAX] {
            let mut json = Json::new();
            json.number("it", number);
            let text = json.finish();
            let written = text.trim_start_matches(r#"{"it":"#).trim_end_matches('}');
            assert_eq!(written.parse::<f64>(), Ok(number));
            assert!(!written.contains('e'), "{written}");
        }
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut json = Json::new();
            json.number("it", number);
            assert_eq!(read(json), json!({ "it": null }));
        }
    }
}
