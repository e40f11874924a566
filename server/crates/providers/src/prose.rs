//! The pieces of an answer, joined as a person reads them.

use super::effort;

/// A text that comes in pieces. What stood between two of them and is no text (a search, a tool,
/// another message, thoughts) is a paragraph break; pieces side by side are one sentence, cut
/// where citations begin.
///
/// Each piece is read once: the state before it is kept.
#[derive(Default)]
pub(crate) struct Prose {
    text: String,
    interrupted: bool,
    /// There is more than blanks.
    has_words: bool,
    /// Line ends among the blanks that it ends with.
    ends_behind: usize,
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
        if std::mem::take(&mut self.interrupted) && self.has_words {
            let there = (self.ends_behind + newlines(piece.chars())).min(2);
            self.text.push_str(&"\n\n"[there..]);
            self.ends_behind += 2 - there;
        }
        let start = self.text.len();
        self.text.push_str(piece);
        self.look_at(piece);
        start
    }

    /// Notes what the text ends with, now that it ends with this piece.
    fn look_at(&mut self, piece: &str) {
        effort::spend(piece.len());
        let ends = newlines(piece.chars().rev());
        if piece.trim_start().is_empty() {
            self.ends_behind += ends;
        } else {
            self.has_words = true;
            self.ends_behind = ends;
        }
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

    #[test]
    fn blanks_between_searches_are_looked_at_once() {
        for many in [100, 200, 400] {
            let piece = " ".repeat(many);
            for first in ["", "One."] {
                let spent = effort::of(|| {
                    let mut prose = Prose::default();
                    prose.push(first);
                    for _ in 0..many {
                        prose.interrupt();
                        prose.push(&piece);
                    }
                });
                assert!(spent <= many * many + 4, "{many}: {spent}");
            }
        }
    }

    proptest! {
        #[test]
        fn breaks_are_as_if_all_were_looked_at_again(
            pieces in prop::collection::vec("[a\n ]{1,4}", 0..8),
        ) {
            let (mut prose, mut naive) = (Prose::default(), String::new());
            for piece in &pieces {
                prose.interrupt();
                prose.push(piece);
                if !naive.trim().is_empty() {
                    let there = newlines(naive.chars().rev()) + newlines(piece.chars());
                    naive.push_str(&"\n\n"[there.min(2)..]);
                }
                naive.push_str(piece);
            }
            prop_assert_eq!(prose.into_text(), naive);
        }

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
