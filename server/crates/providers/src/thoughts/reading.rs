//! Reads a part of a text as its model wrote it: which passages are thought.
//!
//! Every step looks at a tag once or finds it by halving, so the effort follows the length.

use std::collections::HashMap;
use std::ops::Range;

use super::super::code_spans::CodeSpans;
use super::super::effort;
use super::tags::{Tag, tags};

/// The byte behind the blanks that a part of a text begins with.
pub(super) fn behind_blanks(text: &str, part: Range<usize>) -> usize {
    let rest = &text[part.clone()];
    let blanks = rest.len() - rest.trim_start().len();
    effort::spend(blanks + 1);
    part.start + blanks
}

/// How far a closing tag is believed, the most first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ClosingTagRank {
    /// It is no code, or in a piece of code that may be none.
    Plain,
    /// It stands in a block of code, on a line of its own.
    Alone,
    /// It stands in code with other words.
    InCode,
    /// It is all that its code holds: it is quoted, and closes nothing.
    Quoted,
}

/// What a tag is in the text around it.
enum Role {
    /// It opens a passage.
    Open {
        /// It is quoted and means nothing.
        is_code: bool,
        /// Nothing but blanks stands before it on its line.
        begins_line: bool,
    },
    /// It closes one.
    Close {
        /// Whether to believe it.
        rank: ClosingTagRank,
        /// Nothing but blanks stands behind it on its line.
        ends_line: bool,
    },
}

/// The closing tags of one kind and one rank, in order.
#[derive(Default)]
struct Ends {
    /// Where each begins, and the opening tag before it in the same piece of code.
    all: Vec<(usize, Option<usize>)>,
    /// Where those without such a tag begin.
    unpaired: Vec<usize>,
}

impl Ends {
    /// The first that closes what began before `from`: not one of a pair that stands in code.
    fn first(&self, from: usize) -> Option<usize> {
        let place = self.all.partition_point(|(at, _)| *at < from);
        let (at, opened) = self.all.get(place)?;
        if opened.is_none_or(|opened| opened < from) {
            return Some(*at);
        }
        let place = self.unpaired.partition_point(|at| *at < from);
        self.unpaired.get(place).copied()
    }
}

/// A part of a text with its tags.
pub(super) struct Reading<'a> {
    text: &'a str,
    part: Range<usize>,
    tags: Vec<(Tag, Role)>,
    /// By what closes, the best of them first.
    ends: HashMap<&'static str, [Ends; 3]>,
}

impl<'a> Reading<'a> {
    /// Reads `part` of `text` as if nothing stood around it.
    pub(super) fn of(text: &'a str, part: Range<usize>) -> Self {
        let found = tags(text, part.clone());
        let mut reading = Self {
            text,
            part,
            tags: Vec::with_capacity(found.len()),
            ends: HashMap::new(),
        };
        if !found.is_empty() {
            reading.place(found);
        }
        reading
    }

    /// Finds out what each tag is.
    fn place(&mut self, found: Vec<Tag>) {
        let code = CodeSpans::within(self.text, self.part.clone());
        // The last opening tag in code that nothing closed yet, by what closes it.
        let mut opened: HashMap<&'static str, usize> = HashMap::new();
        for tag in found {
            effort::spend(tag.place.len());
            let role = if tag.opens {
                opened.insert(tag.close, tag.place.start);
                Role::Open {
                    is_code: code.hold(tag.place.start),
                    begins_line: self.begins_line(&tag),
                }
            } else {
                let opened = opened.remove(tag.close);
                self.close(&tag, &code, opened)
            };
            self.tags.push((tag, role));
        }
    }

    /// Finds the rank of a closing tag, and notes it there.
    fn close(&mut self, tag: &Tag, code: &CodeSpans, opened: Option<usize>) -> Role {
        let ends_line = self.ends_line(tag);
        let span = code.span(tag.place.start);
        let opened = opened.filter(|at| span.is_some_and(|span| span.range.contains(at)));
        let rank = match span {
            None => ClosingTagRank::Plain,
            Some(span) if !span.fenced && self.is_all_of(tag, &span.range) => {
                ClosingTagRank::Quoted
            }
            Some(span) if span.is_doubtful && opened.is_none() => ClosingTagRank::Plain,
            Some(span) if span.fenced && ends_line && self.begins_line(tag) => {
                ClosingTagRank::Alone
            }
            Some(_) => ClosingTagRank::InCode,
        };
        let ends = self.ends.entry(tag.close).or_default();
        let place = match rank {
            ClosingTagRank::Plain => Some(0),
            ClosingTagRank::Alone => Some(1),
            ClosingTagRank::InCode => Some(2),
            ClosingTagRank::Quoted => None,
        };
        if let Some(ends) = place.and_then(|place| ends.get_mut(place)) {
            ends.all.push((tag.place.start, opened));
            if opened.is_none() {
                ends.unpaired.push(tag.place.start);
            }
        }
        Role::Close { rank, ends_line }
    }

    /// Whether a piece of code between backticks holds nothing but this tag.
    fn is_all_of(&self, tag: &Tag, code: &Range<usize>) -> bool {
        let before = &self.text[code.start..tag.place.start];
        let behind = &self.text[tag.place.end.min(code.end)..code.end];
        let left = before.trim_end_matches(['`', ' ']);
        let right = behind.trim_start_matches(['`', ' ']);
        effort::spend(before.len() - left.len() + behind.len() - right.len());
        left.is_empty() && right.is_empty()
    }

    fn begins_line(&self, tag: &Tag) -> bool {
        let before = &self.text[..tag.place.start];
        let rest = before.trim_end_matches([' ', '\t']);
        effort::spend(before.len() - rest.len());
        rest.is_empty() || rest.ends_with('\n')
    }

    fn ends_line(&self, tag: &Tag) -> bool {
        let behind = &self.text[tag.place.end..self.part.end];
        let rest = behind.trim_start_matches([' ', '\t', '\r']);
        effort::spend(behind.len() - rest.len());
        rest.is_empty() || rest.starts_with('\n')
    }

    fn behind_blanks(&self, at: usize) -> usize {
        behind_blanks(self.text, at..self.part.end)
    }

    /// The byte behind the tag that closes the passage which `open` opens. Code in a thought
    /// means nothing, but what is written in it may be left open: where no tag is plain, one in
    /// code closes the passage, unless it is quoted there.
    fn closing(&self, open: &Tag) -> Option<usize> {
        let by_worth = self.ends.get(open.close)?;
        effort::spend(by_worth.len());
        let from = open.place.end;
        let at = by_worth.iter().find_map(|ends| ends.first(from))?;
        Some(at + open.close.len())
    }

    /// The opening tag that stands exactly there.
    fn opening_at(&self, at: usize) -> Option<&Tag> {
        let place = self.tags.partition_point(|(tag, _)| tag.place.start < at);
        let (tag, _) = self.tags.get(place)?;
        (tag.opens && tag.place.start == at).then_some(tag)
    }

    /// The byte behind all thoughts that the part begins with: passages one after the other, and
    /// what ends with a bare closing tag. `None` where the last passage is never closed: all of
    /// it is thought.
    pub(super) fn behind_thoughts(&self) -> Option<usize> {
        let mut progress = ThoughtProgress {
            at: self.part.start,
            ..ThoughtProgress::default()
        };
        self.pass_passages(&mut progress);
        if progress.is_open {
            return None;
        }
        for (tag, role) in &self.tags {
            effort::spend(1);
            match role {
                _ if tag.place.start < progress.at => progress.note_gone(tag, role),
                Role::Open {
                    is_code,
                    begins_line,
                } => progress.note_opened(tag, *is_code, *begins_line),
                Role::Close { rank, ends_line } => {
                    if *rank == ClosingTagRank::Plain && progress.is_bare_end(tag, *ends_line) {
                        progress.start_again(self.behind_blanks(tag.place.end));
                        self.pass_passages(&mut progress);
                    }
                }
            }
        }
        (!progress.is_open).then_some(progress.at)
    }

    /// Passes the passages that begin where `progress` stands.
    fn pass_passages(&self, progress: &mut ThoughtProgress) {
        while let Some(open) = self.opening_at(progress.at) {
            let Some(end) = self.closing(open) else {
                progress.is_open = true;
                return;
            };
            progress.at = self.behind_blanks(end);
        }
    }

    /// Passages within the answer of a model that is known to think aloud. They begin a line.
    pub(super) fn later_passages(&self) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for (tag, role) in &self.tags {
            effort::spend(1);
            let begins = matches!(
                role,
                Role::Open {
                    is_code: false,
                    begins_line: true
                }
            );
            let passed = found.last().map_or(self.part.start, |last| last.end);
            if begins && tag.place.start >= passed {
                let end = self.closing(tag);
                let end = end.map_or(self.part.end, |end| self.behind_blanks(end));
                found.push(tag.place.start..end);
            }
        }
        found
    }
}

/// How far the thoughts at the beginning are known to go, and what was seen behind them.
#[derive(Default)]
struct ThoughtProgress {
    /// All before this byte is thought.
    at: usize,
    /// A passage that begins there is never closed.
    is_open: bool,
    /// An opening tag was seen, in code or not, anywhere.
    was_opened: bool,
    /// The same behind `at`.
    was_opened_since: bool,
    /// What was opened behind `at` since the last tag that closes it, by that tag.
    opened: HashMap<&'static str, Opened>,
    /// How many passages were opened in what is gone, and not closed there.
    owed: HashMap<&'static str, isize>,
}

/// The opening tags since something was closed.
#[derive(Default)]
struct Opened {
    /// The line of the last.
    line: usize,
    /// Whether one of them begins its line.
    any_begins_line: bool,
}

impl ThoughtProgress {
    /// Notes a tag that stands in what is gone.
    fn note_gone(&mut self, tag: &Tag, role: &Role) {
        let count = match role {
            Role::Open { is_code: false, .. } => 1,
            Role::Close {
                rank: ClosingTagRank::Plain,
                ..
            } => -1,
            Role::Open { .. } | Role::Close { .. } => 0,
        };
        self.was_opened |= tag.opens;
        *self.owed.entry(tag.close).or_default() += count;
    }

    /// Notes an opening tag behind what is gone.
    fn note_opened(&mut self, tag: &Tag, is_code: bool, begins_line: bool) {
        self.was_opened = true;
        self.was_opened_since = true;
        if is_code {
            return;
        }
        let opened = self.opened.entry(tag.close).or_default();
        opened.line = tag.line;
        opened.any_begins_line |= begins_line;
    }

    /// Whether a closing tag ends a thought whose opening tag the template wrote: all before it
    /// is thought. Tags that are mentioned come in pairs, on one line or in lines of their own.
    fn is_bare_end(&mut self, tag: &Tag, ends_line: bool) -> bool {
        let opened = self.opened.remove(tag.close);
        let fits = |opened: Opened| opened.any_begins_line || opened.line == tag.line;
        !opened.is_some_and(fits) && (ends_line || self.explains_end(tag))
    }

    /// Whether a closing tag within a line is more than a mention in a text about the tags:
    /// nothing was opened before it, or only what is still open in a thought that seemed over.
    fn explains_end(&self, tag: &Tag) -> bool {
        let is_owed = self.owed.get(tag.close).is_some_and(|owed| *owed > 0);
        !self.was_opened || (is_owed && !self.was_opened_since)
    }

    /// All before `at` is thought.
    fn start_again(&mut self, at: usize) {
        *self = Self {
            at,
            was_opened: self.was_opened,
            ..Self::default()
        };
    }
}
