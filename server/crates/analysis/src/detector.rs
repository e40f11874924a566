//! Puts the findings of an answer together.

use std::sync::OnceLock;

use contract::answer::MentionSource;
use contract::metrics::prominence_parts;

use super::address::{self, Domains};
use super::alias::{Alias, name_key};
use super::entity::{EntitySpec, Finding};
use super::lists;
use super::markdown;
use super::matcher::Matcher;
use super::names_beside::{self, AskedWords, Known, NameParts};
use super::sentiment::{self, Attitude, Language};

/// Looks for the entities of one project. Built once, used for all its answers, from any
/// thread.
#[derive(Debug)]
pub struct Detector<K = i64> {
    keys: Vec<K>,
    matcher: Matcher,
    domains: Domains,
    names: Vec<Vec<Alias>>,
    /// Of all names, for who stands beside them; made when that is asked.
    parts: OnceLock<NameParts>,
}

impl<K: Clone> Detector<K> {
    /// For `entities`, in the order in which findings shall come. Empty names, aliases without
    /// letter or digit, domains without a dot and pages are passed over. A name that two of them
    /// claim is the first one's.
    pub fn new(entities: &[EntitySpec<K>]) -> Self {
        let mut domains = Domains::default();
        for (index, entity) in entities.iter().enumerate() {
            for domain in &entity.domains {
                domains.add(domain, index);
            }
        }
        let names: Vec<Vec<Alias>> = entities.iter().map(names_of).collect();
        Self {
            keys: entities.iter().map(|entity| entity.key.clone()).collect(),
            matcher: Matcher::new(&names),
            parts: OnceLock::new(),
            names,
            domains,
        }
    }

    /// One finding for each entity, in order. `citations` are URLs that the answer cites
    /// outside its text: one that leads to an entity's domain is a link to it. `language` is
    /// the ISO 639-1 code of the answer's language; without it the text decides what its tone
    /// is read in.
    pub fn analyze(
        &self,
        text: &str,
        citations: &[&str],
        language: Option<&str>,
    ) -> Vec<Finding<K>> {
        let document = markdown::read(text);
        let addresses = address::scan(&document.text, text);
        let matches = self.matcher.find(&document.text, text, &addresses);
        let places = lists::places(&document, &matches, self.keys.len());
        let hosts = addresses.iter().filter_map(|address| address.host.clone());
        let targets = document.targets.iter().map(String::as_str);
        let linked = self.linked(hosts, targets.chain(citations.iter().copied()));

        let mut spans = vec![Vec::new(); self.keys.len()];
        for found in matches {
            let raw = document.text.raw_range(found.span);
            if let Some(spans) = spans.get_mut(found.entity) {
                spans.push((raw.start, raw.end));
            }
        }
        let attitudes = tone(text, language, &spans);
        self.keys
            .iter()
            .zip(spans)
            .zip(places)
            .zip(linked)
            .zip(attitudes)
            .map(|((((key, spans), place), is_linked), attitude)| Finding {
                key: key.clone(),
                source: MentionSource::of(!spans.is_empty(), is_linked),
                text_count: u32::try_from(spans.len()).unwrap_or(u32::MAX),
                rank: place.rank,
                list_total: place.list_total,
                bullet_order: place.bullet_order,
                first_offset: spans.first().map(|(start, _)| *start),
                prominence: spans
                    .first()
                    .and_then(|(start, _)| prominence(text, *start)),
                sentiment: attitude.map(|attitude| attitude.sentiment),
                sentiment_score: attitude.map(|attitude| attitude.score),
                recommended: attitude.and_then(|attitude| attitude.recommended),
                spans,
            })
            .collect()
    }

    /// Names that stand in a list beside `entity` and belong to none of the detector's, each
    /// once, as written. Parts of the detector's names and words of `question`, which `text`
    /// answers, are none.
    pub fn names_beside(&self, entity: &K, question: &str, text: &str) -> Vec<String>
    where
        K: PartialEq,
    {
        let Some(entity) = self.keys.iter().position(|key| key == entity) else {
            return Vec::new();
        };
        let document = markdown::read(text);
        let addresses = address::scan(&document.text, text);
        let matches = self.matcher.find(&document.text, text, &addresses);
        let known = Known {
            matches: &matches,
            parts: self
                .parts
                .get_or_init(|| NameParts::of(self.names.iter().flatten())),
            asked: &AskedWords::of(question),
        };
        names_beside::names(&document, text, known, entity)
    }

    /// Which entities the hosts and link targets lead to.
    fn linked<'a>(
        &self,
        hosts: impl Iterator<Item = String>,
        targets: impl Iterator<Item = &'a str>,
    ) -> Vec<bool> {
        let mut linked = vec![false; self.keys.len()];
        if self.domains.is_empty() {
            return linked;
        }
        for host in hosts.chain(targets.filter_map(address::host_of)) {
            if let Some(entity) = self.domains.owner(&host)
                && let Some(flag) = linked.get_mut(entity)
            {
                *flag = true;
            }
        }
        linked
    }
}

/// How early in `text` a name at `start` stands, counted in characters.
fn prominence(text: &str, start: usize) -> Option<i64> {
    let before = text.get(..start)?.chars().count();
    let rest = text.get(start..)?.chars().count();
    let offset = i64::try_from(before).ok()?;
    prominence_parts(offset, i64::try_from(before + rest).ok()?)
}

/// What the local classifier says of each entity; nothing in a language that it does not read.
fn tone(
    text: &str,
    language: Option<&str>,
    spans: &[Vec<(usize, usize)>],
) -> Vec<Option<Attitude>> {
    match language.map(Language::from_code) {
        Some(None) => vec![None; spans.len()],
        known => sentiment::attitudes(text, known.flatten(), spans),
    }
}

/// The name and the aliases of an entity; the name itself only where no alias stands for it.
fn names_of<K>(entity: &EntitySpec<K>) -> Vec<Alias> {
    let name = name_key(&entity.name);
    let has_options = entity
        .aliases
        .iter()
        .any(|alias| name_key(&alias.text) == name);
    let own = (!has_options).then(|| Alias::from(entity.name.as_str()));
    own.into_iter()
        .chain(entity.aliases.iter().cloned())
        .collect()
}
