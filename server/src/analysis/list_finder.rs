//! Finds what people would count as one list: lists of Markdown and HTML, also where a
//! paragraph interrupts them, and lines or headings that start with markers in sequence.
//!
//! Invariant: knows no names.

use std::collections::HashMap;
use std::ops::Range;

use super::lists::{Entry, Lead, Series};
use super::markers::{self, HIGHEST, Marker, Style};
use super::structure::{Document, ItemId, LineKind, List};

/// For each line, the heading that it stands under.
fn headings_before(document: &Document) -> Vec<Option<usize>> {
    let mut last = None;
    let mut before = Vec::with_capacity(document.lines.len() + 1);
    for (index, line) in document.lines.iter().enumerate() {
        before.push(last);
        if matches!(line.kind, LineKind::Heading(_)) {
            last = Some(index);
        }
    }
    before.push(last);
    before
}

/// Gathers the lists of a document.
pub(crate) struct Finder<'a> {
    document: &'a Document,
    headings: Vec<Option<usize>>,
    pub(crate) ranked: Vec<Series>,
    pub(crate) bullets: Vec<Series>,
}

/// An ordered list that may still go on after a paragraph.
struct OpenSeries {
    index: usize,
    last: u32,
    heading: Option<usize>,
    /// All its lists were one item marked 1.
    all_ones: bool,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        Self {
            document,
            headings: headings_before(document),
            ranked: Vec::new(),
            bullets: Vec::new(),
        }
    }

    /// What introduces a list before line `line`.
    fn lead(&self, line: usize) -> Lead {
        let span = |index: usize| self.document.lines.get(index).map(|line| line.span.clone());
        Lead {
            line: line.checked_sub(1).and_then(span),
            heading: self.headings.get(line).copied().flatten().and_then(span),
        }
    }

    /// Lists of Markdown and HTML.
    pub(crate) fn marked_lists(&mut self) {
        let mut open: HashMap<Option<ItemId>, OpenSeries> = HashMap::new();
        for list in &self.document.lists {
            if list.ordered {
                self.ordered_list(list, &mut open);
            } else {
                self.unordered_list(list);
            }
        }
    }

    fn ordered_list(&mut self, list: &List, open: &mut HashMap<Option<ItemId>, OpenSeries>) {
        let numbers = numbers_of(list);
        let (Some(&first), Some(&final_number)) = (numbers.first(), numbers.last()) else {
            return;
        };
        if numbers
            .iter()
            .any(|number| *number > HIGHEST.max(as_number(list.items.len())))
        {
            return;
        }
        let heading = self.headings.get(list.lines_before).copied().flatten();
        let mut entries = self.entries(list, &numbers);
        let is_one = entries.len() == 1 && first == 1;
        if let Some(series) = open.get_mut(&list.owner)
            && let Some(found) = self.ranked.get_mut(series.index)
        {
            let restarts = is_one && series.all_ones && series.heading == heading;
            if first == series.last + 1 || restarts {
                if restarts && let Some(entry) = entries.first_mut() {
                    entry.number = series.last + 1;
                }
                series.last = entries.last().map_or(final_number, |entry| entry.number);
                series.all_ones &= restarts;
                found.entries.append(&mut entries);
                return;
            }
        }
        if entries.len() == 1 && first != 1 {
            return;
        }
        let series = OpenSeries {
            index: self.ranked.len(),
            last: final_number,
            heading,
            all_ones: is_one,
        };
        open.insert(list.owner, series);
        self.ranked.push(Series {
            at: list.at,
            entries,
            lead: self.lead(list.lines_before),
            may_argue: false,
        });
    }

    fn unordered_list(&mut self, list: &List) {
        let numbers: Vec<u32> = (1..=as_number(list.items.len())).collect();
        let entries = self.entries(list, &numbers);
        let text = self.document.text.text();
        let is_numbered = |entry: &Entry| {
            let line = entry.head.clone().and_then(|head| text.get(head));
            line.and_then(|line| markers::parse(line, false))
                .is_some_and(|marker| marker.style != Style::Bullet)
        };
        if entries.len() > 1 && entries.iter().all(is_numbered) {
            return;
        }
        self.bullets.push(Series {
            at: list.at,
            entries,
            lead: self.lead(list.lines_before),
            may_argue: false,
        });
    }

    fn entries(&self, list: &List, numbers: &[u32]) -> Vec<Entry> {
        list.items
            .iter()
            .zip(numbers)
            .map(|(item, number)| Entry {
                number: *number,
                head: item
                    .line
                    .and_then(|line| self.document.lines.get(line))
                    .map(|line| line.span.clone())
                    .filter(|head| !starts_with_month(self.document.text.text(), head)),
            })
            .collect()
    }

    /// Lines and headings that start with markers in sequence.
    pub(crate) fn marked_lines(&mut self) {
        let text = self.document.text.text();
        let mut runs: Vec<Run> = Vec::new();
        let mut open: HashMap<RunKey, usize> = HashMap::new();
        for (index, line) in self.document.lines.iter().enumerate() {
            if line.kind == LineKind::Inert {
                continue;
            }
            let is_heading = matches!(line.kind, LineKind::Heading(_));
            let shown = text.get(line.span.clone()).unwrap_or_default();
            let Some(marker) = markers::parse(shown, is_heading) else {
                continue;
            };
            let entry = Entry {
                number: marker.number,
                head: Some(line.span.start + marker.length..line.span.end),
            };
            let key = RunKey {
                style: marker.style,
                kind: line.kind,
                list: line.item.map(|item| item.list),
                owner: line.owner,
            };
            match open.get(&key).and_then(|at| runs.get_mut(*at)) {
                Some(run) if run.takes(&marker) => run.entries.push(entry),
                _ => {
                    open.insert(key, runs.len());
                    runs.push(Run {
                        line: index,
                        key,
                        entries: vec![entry],
                    });
                }
            }
        }
        for run in runs {
            self.close_run(run);
        }
    }

    fn close_run(&mut self, mut run: Run) {
        let lowest = run.entries.iter().map(|entry| entry.number).min();
        let is_bullet = run.key.style == Style::Bullet;
        // The last of a countdown is a list of its own for Markdown.
        let counts_down =
            matches!(run.entries.as_slice(), [first, second, ..] if first.number > second.number);
        let is_whole = lowest == Some(1) || (lowest == Some(2) && counts_down);
        if run.entries.len() < 2 || !(is_whole || is_bullet) {
            return;
        }
        let is_restarted = run.entries.iter().all(|entry| entry.number == 1);
        if is_bullet || is_restarted {
            for (entry, position) in run.entries.iter_mut().zip(1..) {
                entry.number = position;
            }
        }
        let series = Series {
            may_argue: run.key.style == Style::Ordinal,
            at: run
                .entries
                .first()
                .and_then(|e| e.head.clone())
                .map_or(0, |head| head.start),
            lead: self.lead(run.line),
            entries: run.entries,
        };
        if is_bullet {
            self.bullets.push(series);
        } else {
            self.ranked.push(series);
        }
    }
}

/// Lines that start alike.
struct Run {
    line: usize,
    key: RunKey,
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
        let numbers: Vec<u32> = self
            .entries
            .iter()
            .rev()
            .take(2)
            .map(|e| e.number)
            .collect();
        match *numbers.as_slice() {
            [0, ..] => next.number == 0,
            [last] => next.number.abs_diff(last) == 1 || (last == 1 && next.number == 1),
            [last, before] if last == before => next.number == last,
            [last, before] if last > before => next.number == last + 1,
            [last, _] => next.number + 1 == last,
            _ => false,
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

/// "3. Mai 2024" is a date, in German also "3. Mai: ...".
fn starts_with_month(text: &str, head: &Range<usize>) -> bool {
    const GERMAN_MONTHS: &[&str] = &[
        "januar",
        "februar",
        "marz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ];
    const MONTHS: &[&str] = &[
        "january", "february", "march", "may", "june", "july", "october", "december",
    ];
    let line = text.get(head.clone()).unwrap_or_default();
    let is_german_day = GERMAN_MONTHS.iter().any(|month| {
        let after = line.trim_start().strip_prefix(month);
        after.is_some_and(|after| {
            after.is_empty() || after.starts_with([':', ',']) || after.starts_with(" -")
        })
    });
    if is_german_day {
        return true;
    }
    let mut words = line.split(|c: char| !c.is_alphanumeric());
    words
        .next()
        .is_some_and(|word| MONTHS.contains(&word) || GERMAN_MONTHS.contains(&word))
        && words
            .next()
            .is_some_and(|word| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()))
}
