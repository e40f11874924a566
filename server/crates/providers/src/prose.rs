//! The pieces of an answer, joined as a person reads them.

/// A text that comes in pieces. What stood between two of them and is no text (a search, a tool,
/// another message, thoughts) is a paragraph break; pieces side by side are one sentence, cut
/// where citations begin.
#[derive(Default)]
pub(crate) struct Prose {
    text: String,
    interrupted: bool,
}

impl Prose {
    /// Something that is no text stands here.
    pub(crate) const fn interrupt(&mut self) {
        self.interrupted = true;
    }

    /// Adds a piece; gives the byte at which it begins.
    pub(crate) fn push(&mut self, piece: &str) -> usize {
        if piece.is_empty() {
            return self.text.len();
        }
        if std::mem::take(&mut self.interrupted) && !self.text.trim().is_empty() {
            let there = newlines(self.text.chars().rev()) + newlines(piece.chars());
            self.text.push_str(&"\n\n"[there.min(2)..]);
        }
        let start = self.text.len();
        self.text.push_str(piece);
        start
    }

    /// What it is by now.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The whole of it.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

/// The line ends among the blanks that come first.
fn newlines(letters: impl Iterator<Item = char>) -> usize {
    let blanks = letters.take_while(|letter| letter.is_whitespace());
    blanks.filter(|blank| *blank == '\n').count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_break_stands_only_where_something_did() {
        let mut prose = Prose::default();
        prose.interrupt();
        for (piece, at) in [("One", 0), (" and", 3), ("", 7), (" two.", 7)] {
            assert_eq!(prose.push(piece), at);
        }
        prose.interrupt();
        prose.interrupt();
        prose.push("");
        assert_eq!(prose.push("Three.\n"), 14);
        prose.interrupt();
        assert_eq!(prose.push("Four.\n\n"), 22);
        prose.interrupt();
        prose.push("Five.");
        assert_eq!(
            prose.into_text(),
            "One and two.\n\nThree.\n\nFour.\n\nFive."
        );
    }

    proptest! {
        #[test]
        fn pieces_stand_where_it_says(pieces in prop::collection::vec(("[a\n ]{0,4}", any::<bool>()), 0..8)) {
            let mut prose = Prose::default();
            let mut starts = Vec::new();
            for (piece, break_before) in &pieces {
                if *break_before {
                    prose.interrupt();
                }
                starts.push(prose.push(piece));
            }
            let text = prose.into_text();
            for (start, (piece, _)) in starts.into_iter().zip(&pieces) {
                prop_assert_eq!(text.get(start..start + piece.len()), Some(piece.as_str()));
            }
        }
    }
}
