//! Whether a question names somebody.

use analysis::fold;

/// Names, folded, to be looked for in questions.
pub(super) struct Names(Vec<String>);

impl Names {
    pub(super) fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let folded = names.map(|name| fold(name).trim().to_owned());
        Self(folded.filter(|name| !name.is_empty()).collect())
    }

    /// Whether one of them stands in the text as words of their own.
    pub(super) fn stand_in(&self, text: &str) -> bool {
        let text = fold(text);
        self.0.iter().any(|name| contains_name(&text, name))
    }
}

fn contains_name(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(start, found)| {
        let before = text[..start].chars().next_back();
        let after = text[start + found.len()..].chars().next();
        let first = found.chars().next();
        let last = found.chars().next_back();
        !joins(before, first) && !joins(last, after)
    })
}

/// Whether two characters beside each other are of one word.
fn joins(left: Option<char>, right: Option<char>) -> bool {
    left.is_some_and(char::is_alphanumeric) && right.is_some_and(char::is_alphanumeric)
}
