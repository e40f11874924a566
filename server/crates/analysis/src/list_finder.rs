//! Finds what people would count as one list: lists of Markdown and HTML, also where a
//! paragraph interrupts them, and lines or headings that start with markers in sequence.
//!
//! Invariant: knows no names.

use std::collections::HashMap;
use std::ops::Range;

use super::dates::{Number, makes_date};
use super::list_leads::{Lead, Leads};
use super::list_parts::{self, Part, PartKind};
use super::lists::{Entry, Series};
use super::markers::{self, HIGHEST, Marker, Style};
use super::structure::{Document, ItemId, Line, LineKind, List};

/// Gathers the lists of a document.
pub(crate) struct Finder<'a> {
    document: &'a Document,
    leads: Leads<'a>,
    /// What each line starts with.
    markers: Vec<Option<Marker>>,
    /// Lists in whose items further lines start with numbers, ascending.
    swallowing: Vec<usize>,
    parts: Vec<Part>,
    bullets: Vec<Series>,
}

/// What was found, and what introduces whatever else there is.
pub(crate) struct Found<'a> {
    pub(crate) ranked: Vec<Series>,
    pub(crate) bullets: Vec<Series>,
    pub(crate) leads: Leads<'a>,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        let text = document.text.text();
        let marker_of = |line: &Line| {
            let is_heading = matches!(line.kind, LineKind::Heading(_));
            let shown = text.get(line.span.clone())?;
            (line.kind != LineKind::Inert)
                .then(|| markers::parse(shown, is_heading))
                .flatten()
        };
        Self {
            document,
            leads: Leads::new(document),
            markers: document.lines.iter().map(marker_of).collect(),
            swallowing: Vec::new(),
            parts: Vec::new(),
            bullets: Vec::new(),
        }
    }

    fn find_swallowing(&mut self) {
        let lines = self.document.lines.iter().zip(&self.markers).enumerate();
        let mut lists: Vec<usize> = lines
            .filter(|(_, (_, marker))| marker.is_some_and(|marker| marker.style.has_sign()))
            .filter_map(|(index, (line, _))| line.item.filter(|_| !self.begins_item(index, line)))
            .map(|item| item.list)
            .collect();
        lists.sort_unstable();
        lists.dedup();
        self.swallowing = lists;
    }

    /// Whether a line is the first of its item.
    fn begins_item(&self, index: usize, line: &Line) -> bool {
        line.item.is_some_and(|id| {
            let list = self.document.lists.get(id.list);
            list.and_then(|list| list.items.get(id.item)?.line) == Some(index)
        })
    }

    /// The ranked lists and the bulleted ones, tables aside.
    pub(crate) fn find(mut self) -> Found<'a> {
        self.find_swallowing();
        for (index, list) in self.document.lists.iter().enumerate() {
            if list.ordered {
                self.ordered_list(index, list);
            } else {
                self.unordered_list(list);
            }
        }
        self.marked_lines();
        Found {
            ranked: list_parts::join(self.parts),
            bullets: self.bullets,
            leads: self.leads,
        }
    }

    /// What introduces the list before line `line`, which may stand in an item: "4. Tools to
    /// avoid".
    fn lead(&self, line: usize, owner: Option<ItemId>) -> Lead {
        let mut lead = self.leads.before(line);
        let around = owner.and_then(|id| {
            let list = self.document.lists.get(id.list)?;
            list.items.get(id.item)?.line
        });
        lead.avoids |= around.is_some_and(|line| self.leads.is_of_avoided(line));
        lead
    }

    /// A list of Markdown or HTML.
    fn ordered_list(&mut self, index: usize, list: &List) {
        let numbers = numbers_of(list);
        let highest = HIGHEST.max(as_number(list.items.len()));
        if numbers.is_empty() || numbers.iter().any(|number| *number > highest) {
            return;
        }
        let mut entries = self
            .with_swallowed(index, list)
            .unwrap_or_else(|| self.entries(list, &numbers));
        let lead = self.lead(list.lines_before, list.owner);
        let avoided = self.first_avoided(list).filter(|_| !lead.avoids);
        let avoided = avoided.map(|start| {
            let is_avoided =
                |entry: &Entry| entry.head.as_ref().is_some_and(|head| head.start >= start);
            let first = entries.iter().position(is_avoided);
            (start, entries.split_off(first.unwrap_or(entries.len())))
        });
        let part = |at: usize, lead: Lead, entries: Vec<Entry>| Part {
            kind: PartKind::List,
            at,
            owner: list.owner,
            line_kind: LineKind::Prose,
            heading: self.leads.heading(list.lines_before),
            lead,
            entries,
        };
        let rest = avoided.map(|(start, entries)| {
            let lead = Lead {
                avoids: true,
                ..lead.clone()
            };
            part(start, lead, entries)
        });
        let whole = part(list.at, lead, entries);
        self.parts.push(whole);
        self.parts.extend(rest);
    }

    /// Where the items begin that a line within the item before them introduces as not to be
    /// taken; no blank line stands there, so that Markdown takes that line for the item's own.
    fn first_avoided(&self, list: &List) -> Option<usize> {
        let begins = list.items.iter().filter_map(|item| item.line).skip(1);
        let mut begins = begins.filter(|line| {
            let before = line.checked_sub(1);
            before.is_some_and(|before| {
                let own = self.document.lines.get(before);
                own.is_some_and(|line| line.item.is_some() && !self.begins_item(before, line))
                    && self.leads.ends_item_as_avoided(before)
            })
        });
        Some(self.document.lines.get(begins.next()?)?.span.start)
    }

    /// The items of a list together with those that Markdown reads as lines of the item before,
    /// because an ornament stands before their number. `None` if all of them together do not count
    /// up as written.
    fn with_swallowed(&self, index: usize, list: &List) -> Option<Vec<Entry>> {
        self.swallowing.binary_search(&index).ok()?;
        let written: Option<Vec<u32>> = list.items.iter().map(|item| item.number).collect();
        let own = self.entries(list, &written?);
        let mut entries: Vec<Entry> = Vec::with_capacity(own.len());
        for ((place, entry), item) in own.into_iter().enumerate().zip(&list.items) {
            entries.push(entry);
            let id = Some(ItemId {
                list: index,
                item: place,
            });
            let following = item.line.map_or(usize::MAX, |line| line + 1);
            let lines = self.document.lines.iter().enumerate().skip(following);
            for (at, line) in lines.take_while(|(_, line)| line.item == id) {
                let marker = self.markers.get(at).copied().flatten();
                let before = entries.last().map_or(0, |entry| entry.number);
                let next = before.saturating_add(1);
                if let Some(marker) = marker.filter(|marker| marker.number == next)
                    && marker.style.has_sign()
                {
                    entries.push(self.entry_of_line(line, &marker));
                }
            }
        }
        let counts_up = entries
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if a.number.checked_add(1) == Some(b.number)));
        (entries.len() > list.items.len() && counts_up).then_some(entries)
    }

    fn unordered_list(&mut self, list: &List) {
        let numbers: Vec<u32> = (1..=as_number(list.items.len())).collect();
        let marker = |line: Option<usize>| self.markers.get(line?).copied().flatten();
        let mut markers = list.items.iter().map(|item| marker(item.line));
        let is_numbered = |marker: Option<Marker>| {
            marker.is_some_and(|marker| {
                !matches!(marker.style, Style::Bullet | Style::Bare | Style::Cup)
            })
        };
        if list.items.len() > 1 && markers.all(is_numbered) {
            return;
        }
        self.bullets.push(Series {
            at: list.at,
            entries: self.entries(list, &numbers),
            lead: self.lead(list.lines_before, list.owner),
            ..Series::default()
        });
    }

    fn entries(&self, list: &List, numbers: &[u32]) -> Vec<Entry> {
        let text = self.document.text.text();
        list.items
            .iter()
            .zip(numbers)
            .map(|(item, number)| {
                let line = item.line.and_then(|line| self.document.lines.get(line));
                let marker = item.line.and_then(|line| *self.markers.get(line)?);
                // "1. #1 Kipu" says its place twice.
                let again = marker
                    .filter(|marker| list.ordered && marker.number == *number)
                    .filter(|marker| marker.style.has_sign())
                    .map_or(0, |marker| marker.length);
                let head = line.map(|line| line.span.start + again..line.span.end);
                let is_date = |head: &Range<usize>| {
                    let shown = text.get(head.clone()).unwrap_or_default();
                    makes_date(shown, Number::Marked)
                };
                Entry {
                    number: *number,
                    head: head.filter(|head| !is_date(head)),
                }
            })
            .collect()
    }

    /// Lines and headings that start with markers in sequence.
    fn marked_lines(&mut self) {
        let mut runs: Vec<Run> = Vec::new();
        let mut open: HashMap<RunKey, usize> = HashMap::new();
        for (index, line) in self.document.lines.iter().enumerate() {
            let Some(marker) = self.markers.get(index).copied().flatten() else {
                continue;
            };
            let entry = self.entry_of_line(line, &marker);
            let key = self.key(index, line, marker.style);
            let goes_on = |at: &&usize| runs.get(**at).is_some_and(|run| run.takes(&marker));
            let medals = RunKey {
                style: Style::Medal,
                ..key
            };
            let cup = RunKey {
                style: Style::Cup,
                ..key
            };
            let behind_others = || match (marker.style, marker.number) {
                (Style::Medal, 2) => open.get(&cup),
                (_, 4) => open.get(&medals),
                _ => None,
            };
            let known = open.get(&key).filter(goes_on);
            let known = known.or_else(|| behind_others().filter(goes_on)).copied();
            // "Brands to avoid" ends what was counted before.
            let avoids = self.leads.avoids(index);
            match known.and_then(|at| Some((at, runs.get_mut(at)?))) {
                Some((at, run)) if run.avoids || !avoids => {
                    run.entries.push(entry);
                    open.insert(key, at);
                    continue;
                }
                _ => {}
            }
            open.insert(key, runs.len());
            runs.push(Run {
                line: index,
                key,
                avoids,
                entries: vec![entry],
            });
        }
        for run in runs {
            self.close_run(run);
        }
    }

    fn key(&self, index: usize, line: &Line, style: Style) -> RunKey {
        // A line that goes on behind a bullet stands on its own.
        let begins = line.item.filter(|_| self.begins_item(index, line));
        RunKey {
            style,
            kind: line.kind,
            list: begins.map(|item| item.list),
            owner: line.owner,
        }
    }

    fn entry_of_line(&self, line: &Line, marker: &Marker) -> Entry {
        let head = line.span.start + marker.length..line.span.end;
        let number = match marker.style {
            Style::Bare => Number::Bare,
            Style::Ordinal => Number::Ordinal,
            Style::Tight => Number::Joined,
            _ => Number::Marked,
        };
        let shown = self.document.text.text().get(head.clone());
        let is_date = makes_date(shown.unwrap_or_default(), number);
        Entry {
            number: marker.number,
            head: (!is_date).then_some(head),
        }
    }

    fn close_run(&mut self, mut run: Run) {
        let is_bullet = run.key.style == Style::Bullet;
        let at = self
            .document
            .lines
            .get(run.line)
            .map_or(0, |line| line.span.start);
        let lead = self.lead(run.line, run.key.owner);
        if !is_bullet {
            self.parts.push(Part {
                kind: PartKind::Lines(run.key.style),
                at,
                owner: run.key.owner,
                line_kind: run.key.kind,
                heading: self.leads.heading(run.line),
                lead,
                entries: run.entries,
            });
        } else if run.entries.len() > 1 {
            list_parts::number(&mut run.entries);
            self.bullets.push(Series {
                at,
                entries: run.entries,
                lead,
                ..Series::default()
            });
        }
    }
}

/// Lines that start alike.
struct Run {
    line: usize,
    key: RunKey,
    /// What introduces it says that it is not to be taken.
    avoids: bool,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct RunKey {
    style: Style,
    kind: LineKind,
    list: Option<usize>,
    owner: Option<ItemId>,
}

impl Run {
    /// Whether the next marker goes on up, down or on the same 1.
    fn takes(&self, next: &Marker) -> bool {
        let mut numbers = self.entries.iter().rev().map(|entry| entry.number);
        match (numbers.next(), numbers.next()) {
            (Some(0), _) => next.number == 0,
            (Some(last), None) => {
                next.number.abs_diff(last) == 1 || (last == 1 && next.number == 1)
            }
            (Some(last), Some(before)) if last == before => next.number == last,
            (Some(last), Some(before)) if last > before => next.number == last + 1,
            (Some(last), Some(_)) => next.number + 1 == last,
            (None, _) => false,
        }
    }
}

/// The numbers of a list's items: as written where they count up or down by one, else as
/// Markdown shows them, by position.
fn numbers_of(list: &List) -> Vec<u32> {
    let written: Option<Vec<u32>> = list.items.iter().map(|item| item.number).collect();
    let position = || (1..=as_number(list.items.len())).collect();
    let Some(written) = written else {
        return position();
    };
    let up = written
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if a.checked_add(1) == Some(*b)));
    let down = written
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if b.checked_add(1) == Some(*a)));
    let starts_at_zero = written.first() == Some(&0);
    if (up && !starts_at_zero) || (down && written.last() != Some(&0)) {
        written
    } else {
        position()
    }
}

fn as_number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
