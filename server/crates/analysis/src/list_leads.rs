//! What introduces a list: the line before it, and the headings that it stands under.
//!
//! Invariant: looks at most a few lines back, so that a document of lists is read in one pass.

use std::cell::Cell;
use std::ops::Range;

use super::avoid::{introduces_avoidance, introduces_choice, is_about_troubles, promises};
use super::structure::{Document, Line, LineKind};

/// Lines between a title and its list that are looked at.
const LINES_BACK: usize = 4;

/// The lines around the start of a list: the last one, and the last heading.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lead {
    pub(crate) line: Option<Range<usize>>,
    pub(crate) heading: Option<Range<usize>>,
    /// They say that what follows is not to be taken.
    pub(crate) avoids: bool,
}

impl Lead {
    /// Of tables only this is asked: their headers say what they list.
    pub(crate) fn of_table(self) -> Self {
        Self {
            avoids: self.avoids,
            ..Self::default()
        }
    }
}

/// The headings of a document.
pub(crate) struct Leads<'a> {
    document: &'a Document,
    /// For each line, and for the end, the heading that it stands under.
    headings: Vec<Option<usize>>,
    /// For each line that is a heading, the one that it stands under by its level.
    parents: Vec<Option<usize>>,
    /// For each line, what [`Self::line_avoids`] said.
    avoiding: Vec<Cell<Option<bool>>>,
}

impl<'a> Leads<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        let mut last = None;
        let mut headings = Vec::with_capacity(document.lines.len() + 1);
        let mut parents = vec![None; document.lines.len()];
        let mut open: Vec<(u8, usize)> = Vec::new();
        for (index, line) in document.lines.iter().enumerate() {
            headings.push(last);
            if let LineKind::Heading(level) = line.kind {
                open.retain(|(above, _)| *above < level);
                if let Some(parent) = parents.get_mut(index) {
                    *parent = open.last().map(|(_, heading)| *heading);
                }
                open.push((level, index));
                last = Some(index);
            }
        }
        headings.push(last);
        Self {
            document,
            headings,
            parents,
            avoiding: vec![Cell::new(None); document.lines.len()],
        }
    }

    /// The heading that line `line` stands under.
    pub(crate) fn heading(&self, line: usize) -> Option<usize> {
        self.headings.get(line).copied().flatten()
    }

    /// What introduces a list before line `line`.
    pub(crate) fn before(&self, line: usize) -> Lead {
        let span = |index: usize| self.document.lines.get(index).map(|line| line.span.clone());
        Lead {
            line: line.checked_sub(1).and_then(span),
            heading: self.heading(line).and_then(span),
            avoids: self.avoids(line),
        }
    }

    /// The same for what begins at `at` in the folded text.
    pub(crate) fn before_place(&self, at: usize) -> Lead {
        let lines = &self.document.lines;
        self.before(lines.partition_point(|line| line.span.start < at))
    }

    /// Whether what stands from line `line` on is introduced as not to be taken: by a line
    /// shortly before it, or by a heading over it.
    pub(crate) fn avoids(&self, line: usize) -> bool {
        let mut nearer = Vec::new();
        for before in (0..line).rev().take(LINES_BACK) {
            let Some(found) = self.document.lines.get(before) else {
                break;
            };
            let shown = self.shown(found).trim_end();
            let is_title = shown.ends_with(':');
            if found.kind != LineKind::Prose || (found.item.is_some() && !is_title) {
                break;
            }
            if self.line_avoids(before, is_title) {
                // What promises the best in between takes it back.
                let promised = nearer.iter().any(|line: &&str| promises(line));
                return !promised;
            }
            if is_title {
                return false;
            }
            nearer.push(shown);
        }
        let parent = |heading: usize| self.parents.get(heading).copied().flatten();
        let is_heading = |line: &Line| matches!(line.kind, LineKind::Heading(_));
        let above = if self.document.lines.get(line).is_some_and(is_heading) {
            parent(line)
        } else {
            self.heading(line)
        };
        let mut nearest = true;
        for heading in std::iter::successors(above, |heading| parent(*heading)) {
            if self.is_of_avoided(heading) {
                // Fees and mistakes are not what a heading of its own below them lists.
                return nearest || !self.is_about(heading, is_about_troubles);
            }
            if self.is_about(heading, introduces_choice) {
                return false;
            }
            nearest = false;
        }
        false
    }

    /// Whether line `line`, inside of an item, ends it as a title of what is not to be taken.
    pub(crate) fn ends_item_as_avoided(&self, line: usize) -> bool {
        let found = self.document.lines.get(line);
        found.is_some_and(|found| {
            let is_title = self.shown(found).trim_end().ends_with(':');
            is_title && found.kind == LineKind::Prose && self.line_avoids(line, true)
        })
    }

    fn is_about(&self, line: usize, tells: impl Fn(&str) -> bool) -> bool {
        let title = self.document.lines.get(line);
        title.is_some_and(|title| tells(self.shown(title)))
    }

    /// Whether a line that is no heading introduces what is not to be taken. Lists that follow
    /// each other ask it of the same lines.
    fn line_avoids(&self, line: usize, is_title: bool) -> bool {
        let cell = self.avoiding.get(line);
        if let Some(known) = cell.and_then(Cell::get) {
            return known;
        }
        let found = self.document.lines.get(line);
        let avoids = found.is_some_and(|line| introduces_avoidance(self.shown(line), is_title));
        if let Some(cell) = cell {
            cell.set(Some(avoids));
        }
        avoids
    }

    /// Whether line `line`, taken as a title, says that what it names is not to be taken.
    pub(crate) fn is_of_avoided(&self, line: usize) -> bool {
        self.is_about(line, |title| introduces_avoidance(title, true))
    }

    fn shown(&self, line: &Line) -> &'a str {
        let text = self.document.text.text();
        text.get(line.span.clone()).unwrap_or_default()
    }
}
