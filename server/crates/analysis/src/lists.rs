//! Ranks: the places of names in real lists.
//!
//! Real lists are ordered lists of Markdown and HTML, numbered headings, tables with a rank
//! column, and lines that start with markers or ordinal words in sequence.
//!
//! Invariant: no place is made up. Prose, dates, prices, scores, sources and lists of what is
//! not to be taken have none.

use std::ops::Range;

use super::avoid::promises;
use super::heads;
use super::leads::{introduces_sources, introduces_steps, is_step};
use super::list_finder::Finder;
use super::list_leads::Lead;
use super::matcher::NameMatch;
use super::rank_table;
use super::structure::Document;

/// Where an entity stands in lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) rank: Option<u32>,
    pub(crate) list_total: Option<u32>,
    pub(crate) bullet_order: Option<u32>,
}

/// A list as people would count it.
#[derive(Debug, Default)]
pub(crate) struct Series {
    pub(crate) at: usize,
    pub(crate) entries: Vec<Entry>,
    /// What introduces it.
    pub(crate) lead: Lead,
    /// Marked by words that also count reasons ("First, X is cheap. Second, X is fast.").
    pub(crate) may_argue: bool,
    /// Marked by numbers without a sign: only a name right behind one is its item's head.
    pub(crate) names_only: bool,
    /// Marked as sources are: it is a list only where its lead promises a ranking.
    pub(crate) is_of_sources: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) number: u32,
    /// The line that its head starts, without the marker.
    pub(crate) head: Option<Range<usize>>,
}

/// The places of `entities` entities whose names were found at `matches`.
pub(crate) fn places(document: &Document, matches: &[NameMatch], entities: usize) -> Vec<Place> {
    let mut places = vec![Place::default(); entities];
    if matches.is_empty() {
        return places;
    }
    let lists = Lists::of(document);
    let text = document.text.text();
    for series in lists.ranked.iter().filter(|series| series.is_list(text)) {
        let total = series.total();
        if series.lead.avoids || series.argues(text, matches) {
            continue;
        }
        for (number, head) in series.heads(text, matches) {
            if let Some(place) = places.get_mut(head.entity)
                && place.rank.is_none()
            {
                place.rank = Some(number);
                place.list_total = Some(total);
            }
        }
    }
    for series in lists.bullets.iter().filter(|series| series.is_list(text)) {
        for (number, head) in series.heads(text, matches) {
            if let Some(place) = places.get_mut(head.entity) {
                place.bullet_order.get_or_insert(number);
            }
        }
    }
    places
}

/// The lists of an answer, in the order in which they stand.
#[derive(Debug)]
pub(crate) struct Lists {
    /// Those that give places.
    ranked: Vec<Series>,
    /// Those that only have an order.
    bullets: Vec<Series>,
}

impl Lists {
    pub(crate) fn of(document: &Document) -> Self {
        let mut found = Finder::new(document).find();
        let tables = rank_table::series(document, &found.leads);
        found.ranked.extend(tables);
        found.ranked.sort_by_key(|series| series.at);
        found.bullets.sort_by_key(|series| series.at);
        Self {
            ranked: found.ranked,
            bullets: found.bullets,
        }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Series> {
        self.ranked.iter().chain(&self.bullets)
    }
}

impl Series {
    /// The number of its items; a list that begins beyond 1 has at least as many as it counts.
    fn total(&self) -> u32 {
        let count = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.entries
            .iter()
            .map(|entry| entry.number)
            .fold(count, u32::max)
    }

    pub(crate) fn heads<'a>(
        &'a self,
        text: &'a str,
        matches: &'a [NameMatch],
    ) -> impl Iterator<Item = (u32, &'a NameMatch)> {
        self.entries.iter().filter_map(move |entry| {
            let line = entry.head.as_ref()?;
            let head = heads::of_line(text, line, matches)?;
            let is_head = !self.names_only || heads::starts(text, line, head);
            is_head.then_some((entry.number, head))
        })
    }

    /// Whether all items are about the same entity: reasons, no ranking.
    pub(crate) fn argues(&self, text: &str, matches: &[NameMatch]) -> bool {
        if !self.may_argue {
            return false;
        }
        let mut heads = self.heads(text, matches).map(|(_, head)| head.entity);
        let first = heads.next();
        let mut others = heads.peekable();
        others.peek().is_some() && others.all(|entity| Some(entity) == first)
    }

    /// Not steps, sources or questions.
    pub(crate) fn is_list(&self, text: &str) -> bool {
        let part = |range: &Option<Range<usize>>| {
            range
                .clone()
                .and_then(|range| text.get(range))
                .unwrap_or_default()
        };
        let (line, heading) = (part(&self.lead.line), part(&self.lead.heading));
        if introduces_steps(line)
            || introduces_steps(heading)
            || introduces_sources(line)
            || introduces_sources(heading)
        {
            return false;
        }
        if self.is_of_sources && !promises(line) && !promises(heading) {
            return false;
        }
        let heads = self.entries.iter().map(|entry| part(&entry.head).trim());
        let asks = |line: &&str| line.ends_with(['?', '？']);
        let (questions, steps) = heads.fold((0, 0), |(questions, steps), line| {
            (
                questions + usize::from(asks(&line)),
                steps + usize::from(is_step(line)),
            )
        });
        questions * 2 <= self.entries.len() && steps * 2 <= self.entries.len()
    }
}
