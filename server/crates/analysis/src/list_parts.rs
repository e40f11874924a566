//! Joins the parts of one list. Markdown splits a list at a paragraph, an ornament or a bold number
//! between two items.
//!
//! Invariant: parts go on where the one before ends; nothing is joined over a restart.

use std::collections::HashMap;

use super::list_leads::Lead;
use super::lists::{Entry, Series};
use super::markers::Style;
use super::structure::{ItemId, LineKind};

/// Items that stand together.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) kind: PartKind,
    /// Where it starts.
    pub(crate) at: usize,
    /// The ordered item that it stands in.
    pub(crate) owner: Option<ItemId>,
    pub(crate) line_kind: LineKind,
    /// The heading that it stands under.
    pub(crate) heading: Option<usize>,
    pub(crate) lead: Lead,
    pub(crate) entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartKind {
    /// A list of Markdown or HTML.
    List,
    /// Lines that start with markers of this style.
    Lines(Style),
}

/// The last of the parts that may still go on.
struct Open {
    /// Its place among the lists.
    index: usize,
    last: u32,
    /// The style of the last part.
    kind: PartKind,
    heading: Option<usize>,
    /// All its parts were lists of one item marked 1.
    all_ones: bool,
}

/// The whole lists, in the order in which they stand.
pub(crate) fn join(mut parts: Vec<Part>) -> Vec<Series> {
    parts.sort_by_key(|part| part.at);
    let mut wholes: Vec<Part> = Vec::with_capacity(parts.len());
    let mut open: HashMap<(Option<ItemId>, LineKind), Open> = HashMap::new();
    for mut part in parts {
        let (Some(first), Some(last)) = (part.entries.first(), part.entries.last()) else {
            continue;
        };
        let (first, last) = (first.number, last.number);
        let is_one = part.entries.len() == 1 && first == 1 && part.kind == PartKind::List;
        let key = (part.owner, part.line_kind);
        if let Some(before) = open.get_mut(&key)
            && let Some(whole) = wholes.get_mut(before.index)
        {
            let restarts = is_one && before.all_ones && before.heading == part.heading;
            let goes_on = first == before.last + 1 && before.goes_on_as(whole, &part);
            if restarts || goes_on {
                if restarts && let Some(entry) = part.entries.first_mut() {
                    entry.number = before.last + 1;
                }
                before.last = part.entries.last().map_or(last, |entry| entry.number);
                before.kind = part.kind;
                before.all_ones &= restarts;
                whole.entries.append(&mut part.entries);
                continue;
            }
        }
        open.insert(
            key,
            Open {
                index: wholes.len(),
                last,
                kind: part.kind,
                heading: part.heading,
                all_ones: is_one,
            },
        );
        wholes.push(part);
    }
    wholes.into_iter().filter_map(Part::close).collect()
}

impl Open {
    /// Whether `next`, whose numbers go on, is of the list that begins with `whole`.
    fn goes_on_as(&self, whole: &Part, next: &Part) -> bool {
        // "Brands to avoid" ends what was counted before.
        if next.lead.avoids && !whole.lead.avoids {
            return false;
        }
        let looks_like_list = |style| {
            matches!(style, Style::Dot | Style::Paren | Style::Keycap)
                || (style == Style::Medal && self.last == 3)
        };
        match (self.kind, next.kind) {
            (PartKind::List, PartKind::List) => true,
            (PartKind::List, PartKind::Lines(style)) | (PartKind::Lines(style), PartKind::List) => {
                looks_like_list(style) && whole.ends_before(next.at)
            }
            (PartKind::Lines(before), PartKind::Lines(style)) => {
                before == style && whole.ends_before(next.at)
            }
        }
    }
}

impl Part {
    fn ends_before(&self, place: usize) -> bool {
        let last = self.entries.last().and_then(|entry| entry.head.as_ref());
        last.is_none_or(|head| head.end <= place)
    }

    /// The list, if it is one: counted from 1, or down to it.
    fn close(mut self) -> Option<Series> {
        let style = match self.kind {
            PartKind::List => None,
            PartKind::Lines(style) => Some(style),
        };
        // Cups alone adorn.
        if style == Some(Style::Cup) && self.entries.iter().all(|entry| entry.number == 1) {
            return None;
        }
        if self.entries.len() == 1 && (style.is_some() || self.entries.first()?.number != 1) {
            return None;
        }
        if style.is_some() {
            let lowest = self.entries.iter().map(|entry| entry.number).min();
            // The last of a countdown may be a list of its own for Markdown.
            let counts_down = matches!(
                self.entries.as_slice(),
                [first, second, ..] if first.number > second.number
            );
            if !(lowest == Some(1) || (lowest == Some(2) && counts_down)) {
                return None;
            }
            if self.entries.iter().all(|entry| entry.number == 1) {
                number(&mut self.entries);
            }
        }
        Some(Series {
            at: self.at,
            may_argue: matches!(style, Some(Style::Ordinal | Style::Bare)),
            names_only: style == Some(Style::Bare) && self.line_kind == LineKind::Prose,
            is_of_sources: style == Some(Style::Square) && self.line_kind == LineKind::Prose,
            lead: self.lead,
            entries: self.entries,
        })
    }
}

/// Numbers `entries` by their position.
pub(crate) fn number(entries: &mut [Entry]) {
    for (entry, position) in entries.iter_mut().zip(1..) {
        entry.number = position;
    }
}
