//! Ranks: the places of names in real lists.
//!
//! Real lists are ordered lists of Markdown and HTML, numbered headings, tables with a rank
//! column, and lines that start with markers or ordinal words in sequence.
//!
//! Invariant: no place is made up. Prose, dates, prices, scores and sources have none.

use std::collections::HashMap;
use std::ops::Range;

use super::heads;
use super::markers::{self, HIGHEST, Marker, Style};
use super::matcher::NameMatch;
use super::structure::{Document, ItemId, LineKind, List, Table};

/// Where an entity stands in lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) rank: Option<u32>,
    pub(crate) list_total: Option<u32>,
    pub(crate) bullet_order: Option<u32>,
}

/// A list as people would count it.
#[derive(Debug)]
struct Series {
    at: usize,
    entries: Vec<Entry>,
    /// What introduces it.
    lead: Lead,
}

#[derive(Clone, Debug)]
struct Entry {
    number: u32,
    /// The line that its head starts, without the marker.
    head: Option<Range<usize>>,
}

/// The lines around the start of a list: the last one, and the last heading.
#[derive(Clone, Debug, Default)]
struct Lead {
    line: Option<Range<usize>>,
    heading: Option<Range<usize>>,
}

/// The places of `entities` entities whose names were found at `matches`.
pub(crate) fn places(document: &Document, matches: &[NameMatch], entities: usize) -> Vec<Place> {
    let mut places = vec![Place::default(); entities];
    if matches.is_empty() {
        return places;
    }
    let mut finder = Finder {
        document,
        headings: headings_before(document),
        ranked: Vec::new(),
        bullets: Vec::new(),
    };
    finder.marked_lists();
    finder.marked_lines();
    finder.tables();
    let text = document.text.text();
    finder.ranked.sort_by_key(|series| series.at);
    finder.bullets.sort_by_key(|series| series.at);
    for series in finder.ranked.iter().filter(|series| series.is_list(text)) {
        let total = series.total();
        for (number, head) in series.heads(text, matches) {
            if let Some(place) = places.get_mut(head.entity)
                && place.rank.is_none()
            {
                place.rank = Some(number);
                place.list_total = Some(total);
            }
        }
    }
    for series in finder.bullets.iter().filter(|series| series.is_list(text)) {
        for (number, head) in series.heads(text, matches) {
            if let Some(place) = places.get_mut(head.entity) {
                place.bullet_order.get_or_insert(number);
            }
        }
    }
    places
}

impl Series {
    /// The number of its items; a list that begins beyond 1 has at least as many as it counts.
    fn total(&self) -> u32 {
        let count = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.entries.iter().map(|entry| entry.number).fold(count, u32::max)
    }

    fn heads<'a>(
        &'a self,
        text: &'a str,
        matches: &'a [NameMatch],
    ) -> impl Iterator<Item = (u32, &'a NameMatch)> {
        self.entries.iter().filter_map(move |entry| {
            let head = heads::of_line(text, entry.head.as_ref()?, matches)?;
            Some((entry.number, head))
        })
    }

    /// Not steps, sources or questions.
    fn is_list(&self, text: &str) -> bool {
        let part = |range: &Option<Range<usize>>| {
            range.clone().and_then(|range| text.get(range)).unwrap_or_default()
        };
        let (line, heading) = (part(&self.lead.line), part(&self.lead.heading));
        if introduces_steps(line) || introduces_sources(line) || introduces_sources(heading) {
            return false;
        }
        let questions = self
            .entries
            .iter()
            .filter(|entry| part(&entry.head).trim_end().ends_with(['?', '？']))
            .count();
        questions * 2 < self.entries.len().max(1)
    }
}

/// Longer lines introduce nothing.
const LONGEST_LEAD: usize = 160;

fn introduces_steps(line: &str) -> bool {
    const PHRASES: &[&str] = &[
        "steps", "step by step", "step-by-step", "how to get started", "how to set up",
        "how to install", "how to use", "to get started", "instructions", "pasos", "paso a paso",
        "como empezar", "como instalar", "instrucciones", "etapes", "marche a suivre", "schritte",
        "anleitung", "passaggi", "istruzioni", "passos", "instrucoes",
    ];
    line.len() <= LONGEST_LEAD && PHRASES.iter().any(|phrase| has_words(line, phrase))
}

fn introduces_sources(line: &str) -> bool {
    const WORDS: &[&str] = &[
        "sources", "source", "references", "citations", "bibliography", "further reading",
        "footnotes", "fuentes", "referencias", "bibliografia", "citas", "quellen",
        "quellenangaben", "fonti", "fontes", "referenzen", "riferimenti", "notes", "links",
        "enlaces", "works cited",
    ];
    let words = line.trim_matches(|c: char| !c.is_alphanumeric());
    words.len() <= 60
        && WORDS.iter().any(|word| {
            words == *word
                || (words.starts_with(word) && words.split_whitespace().count() <= 3 && has_words(words, word))
                || (words.ends_with(word) && line.trim_end().ends_with(':') && has_words(words, word))
        })
}

fn has_words(line: &str, phrase: &str) -> bool {
    line.match_indices(phrase).any(|(at, found)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + found.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

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

struct Finder<'a> {
    document: &'a Document,
    headings: Vec<Option<usize>>,
    ranked: Vec<Series>,
    bullets: Vec<Series>,
}

/// An ordered list that may still go on after a paragraph.
struct OpenSeries {
    index: usize,
    last: u32,
    heading: Option<usize>,
    /// All its lists were one item marked 1.
    all_ones: bool,
}

impl Finder<'_> {
    /// What introduces a list before line `line`.
    fn lead(&self, line: usize) -> Lead {
        let span = |index: usize| self.document.lines.get(index).map(|line| line.span.clone());
        Lead {
            line: line.checked_sub(1).and_then(span),
            heading: self.headings.get(line).copied().flatten().and_then(span),
        }
    }

    /// Lists of Markdown and HTML.
    fn marked_lists(&mut self) {
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
        let (Some(&first), Some(&last)) = (numbers.first(), numbers.last()) else {
            return;
        };
        if numbers.iter().any(|number| *number > HIGHEST.max(as_number(list.items.len()))) {
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
                series.last = entries.last().map_or(last, |entry| entry.number);
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
            last,
            heading,
            all_ones: is_one,
        };
        open.insert(list.owner, series);
        self.ranked.push(Series {
            at: list.at,
            entries,
            lead: self.lead(list.lines_before),
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
    fn marked_lines(&mut self) {
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
                    runs.push(Run { line: index, key, entries: vec![entry] });
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
        if run.entries.len() < 2 || (lowest != Some(1) && !is_bullet) {
            return;
        }
        let is_restarted = run.entries.iter().all(|entry| entry.number == 1);
        if is_bullet || is_restarted {
            for (entry, position) in run.entries.iter_mut().zip(1..) {
                entry.number = position;
            }
        }
        let series = Series {
            at: run.entries.first().and_then(|e| e.head.clone()).map_or(0, |head| head.start),
            lead: self.lead(run.line),
            entries: run.entries,
        };
        if is_bullet {
            self.bullets.push(series);
        } else {
            self.ranked.push(series);
        }
    }

    /// Tables with a rank column.
    fn tables(&mut self) {
        let text = self.document.text.text();
        for table in &self.document.tables {
            let entries = rank_column(text, table)
                .map(|column| ranked_rows(text, table, column))
                .unwrap_or_default();
            if !entries.is_empty() {
                self.ranked.push(Series { at: table.at, entries, lead: Lead::default() });
            }
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
        let numbers: Vec<u32> = self.entries.iter().rev().take(2).map(|e| e.number).collect();
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
    let up = written.windows(2).all(|pair| matches!(pair, [a, b] if a.checked_add(1) == Some(*b)));
    let down = written.windows(2).all(|pair| matches!(pair, [a, b] if b.checked_add(1) == Some(*a)));
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

/// "3. Mai 2024" is a date.
fn starts_with_month(text: &str, head: &Range<usize>) -> bool {
    const MONTHS: &[&str] = &[
        "januar", "februar", "marz", "april", "mai", "juni", "juli", "august", "september",
        "oktober", "november", "dezember", "january", "february", "march", "may", "june", "july",
        "october", "december",
    ];
    let line = text.get(head.clone()).unwrap_or_default();
    let mut words = line.split(|c: char| !c.is_alphanumeric());
    words.next().is_some_and(|word| MONTHS.contains(&word))
        && words.next().is_some_and(|word| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()))
}

/// The column that holds ranks, by its header, or by counting up from 1 under an empty one.
fn rank_column(text: &str, table: &Table) -> Option<usize> {
    const HEADERS: &[&str] = &[
        "#", "rank", "ranking", "position", "pos", "place", "no", "n", "nr", "nº", "no.", "number",
        "puesto", "posicion", "lugar", "rango", "numero", "rang", "platz", "classement", "place",
        "posizione", "posto", "posicao", "名次", "排名", "順位", "순위",
    ];
    let (header, body) = table.rows.split_first()?;
    let named = header.iter().position(|cell| {
        let title = text.get(cell.clone()).unwrap_or_default().trim();
        HEADERS.contains(&title.trim_end_matches(['.', ':']))
    });
    let counts_up = || {
        let title = text.get(header.first()?.clone())?;
        let is_sequence = !body.is_empty()
            && body.iter().zip(1..).all(|(row, position)| {
                row.first().and_then(|cell| cell_number(text, cell)) == Some(position)
            });
        (title.trim().is_empty() && is_sequence).then_some(0)
    };
    named.or_else(counts_up)
}

fn ranked_rows(text: &str, table: &Table, column: usize) -> Vec<Entry> {
    let name_column = usize::from(column == 0);
    table
        .rows
        .iter()
        .skip(1)
        .filter_map(|row| {
            let number = cell_number(text, row.get(column)?)?;
            let head = row.get(name_column).cloned();
            Some(Entry { number, head })
        })
        .collect()
}

/// The rank in a cell: "1", "1.", "#1", "1st", a medal or keycap.
fn cell_number(text: &str, cell: &Range<usize>) -> Option<u32> {
    let shown = text.get(cell.clone())?.trim();
    let digits = shown.trim_start_matches('#').trim_end_matches(['.', ')']);
    let number = match digits.parse() {
        Ok(number) => number,
        Err(_) => markers::parse(shown, false).filter(|m| m.length == shown.len())?.number,
    };
    (1..=HIGHEST).contains(&number).then_some(number)
}
