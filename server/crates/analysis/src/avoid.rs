//! Lines that introduce what is not to be taken: "Brands to avoid:", "No recomendados".
//!
//! Invariant: an introduction, no sentence. "We avoid Acme" and "tools to avoid delays"
//! introduce nothing of the kind.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

mod words;

#[cfg(test)]
mod tests;

use words::{
    BEFORE_LAST_VERB, CHOICES, CONDITIONS, GOING_ON, NEGATIONS, NO_NAMES_BEHIND, NO_WORST_OF,
    OPENERS, PHRASES, POINTING, PROMISES, THESE, THINGS, TROUBLES, UNSPACED_OPEN,
    UNSPACED_PROMISES, UNSPACED_THESE, WHICH, WORST_CHOICES,
};

/// Longer lines introduce nothing.
const LONGEST_LEAD: usize = 160;
/// Longer sentences tell more than that a list comes.
const LONGEST_SENTENCE: usize = 80;
/// Words that may stand behind "not recommended".
const MOST_WORDS_AFTER: usize = 6;
/// Words before "blacklist", as in "our brand blacklist".
const MOST_WORDS_BEFORE_TITLE: usize = 2;
/// How near before a phrase a negation turns it round: "not to avoid".
const NEGATION_REACH: usize = 2;

/// How a phrase must stand in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A whole word; what it is about must be left open, or be what follows.
    Verb,
    /// The same in languages where what the verb is about may also stand before it.
    LastVerb,
    /// The same for a phrase of which only the beginning is given.
    Negation,
    /// The beginning of an adjective, with few words behind it.
    Adjective,
    /// The end of a short title.
    Title,
    /// "Worst", in lines that do not speak of the best too.
    Worst,
    /// The same of one, in languages where that word is also the one for "worse".
    WorstOne,
    /// In scripts without spaces.
    Unspaced,
    /// The same for a verb that its object follows.
    UnspacedVerb,
}

struct Phrases {
    finder: Option<AhoCorasick>,
    kinds: Vec<Kind>,
}

static ALL: LazyLock<Phrases> = LazyLock::new(|| {
    let flat = || {
        PHRASES
            .iter()
            .flat_map(|(kind, phrases)| phrases.iter().map(move |phrase| (*kind, *phrase)))
    };
    Phrases {
        finder: AhoCorasick::new(flat().map(|(_, phrase)| phrase)).ok(),
        kinds: flat().map(|(kind, _)| kind).collect(),
    }
});

/// Whether the names that a folded line introduces are not to be taken. `is_title`: it is a
/// heading or ends with a colon; another line must have nothing behind "not recommended".
pub(crate) fn introduces_avoidance(line: &str, is_title: bool) -> bool {
    let line = line.trim();
    if line.len() > LONGEST_LEAD {
        return false;
    }
    let sentence = line.strip_suffix('.');
    if sentence.is_some_and(|sentence| !announces(sentence)) {
        return false;
    }
    let line = sentence.unwrap_or(line);
    let Some(finder) = &ALL.finder else {
        return false;
    };
    finder.find_overlapping_iter(line).any(|found| {
        let kind = ALL.kinds.get(found.pattern().as_usize()).copied();
        let parts = (line.get(..found.start()), line.get(found.end()..));
        match (kind, parts) {
            (Some(Kind::Adjective | Kind::Title | Kind::Worst | Kind::WorstOne), _)
                if sentence.is_some() =>
            {
                false
            }
            (Some(kind), (Some(before), Some(after))) => {
                advises_against(kind, before, after, is_title)
            }
            _ => false,
        }
    })
}

/// Whether a folded line speaks of the best.
pub(crate) fn promises(line: &str) -> bool {
    // Longer lines promise nothing of a list.
    let end = line.floor_char_boundary(LONGEST_LEAD);
    has_beginning_of(line.get(..end).unwrap_or_default(), PROMISES)
}

/// Whether a folded heading recommends what stands under it. Called only for headings that do not
/// advise against it.
pub(crate) fn introduces_choice(heading: &str) -> bool {
    promises(heading) || (heading.len() <= LONGEST_LEAD && has_beginning_of(heading, CHOICES))
}

/// Whether a folded line is about fees, mistakes and the like, which have no names of brands.
pub(crate) fn is_about_troubles(line: &str) -> bool {
    let mut known = words_of(line).filter(|word| TROUBLES.contains(word));
    known.next().is_some() && !words_of(line).any(|word| THINGS.contains(word))
}

fn words_of(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

fn has_beginning_of(line: &str, known: &[&str]) -> bool {
    words_of(line).any(|word| known.iter().any(|known| word.starts_with(known)))
}

/// Whether a sentence, without its full stop, is short and announces one list of names: "Here are
/// the brands to avoid", "Avoid these banks".
fn announces(sentence: &str) -> bool {
    let points = |word: &str| THINGS.contains(word) || THESE.contains(&word);
    let begins = words_of(sentence)
        .next()
        .is_some_and(|first| OPENERS.contains(&first));
    let has_verb_first = words_of(sentence)
        .nth(1)
        .is_some_and(|word| THESE.contains(&word));
    sentence.len() <= LONGEST_SENTENCE
        && !sentence.contains(['.', ','])
        && !joins(sentence)
        && (begins || has_verb_first)
        && words_of(sentence).any(points)
        && !words_of(sentence).any(|word| CONDITIONS.contains(&word))
}

/// Whether two things are spoken of.
fn joins(line: &str) -> bool {
    const AND: &[&str] = &[
        "and", "or", "vs", "y", "e", "et", "und", "en", "i", "och", "eta", "и",
    ];
    line.contains('&') || words_of(line).any(|word| AND.contains(&word))
}

fn advises_against(kind: Kind, before: &str, after: &str, is_title: bool) -> bool {
    if names_follow(after) {
        return false;
    }
    if matches!(kind, Kind::Unspaced | Kind::UnspacedVerb) {
        return stands_unspaced(kind, before, after);
    }
    if before.ends_with(char::is_alphanumeric) || promises(after) {
        return false;
    }
    // "Top picks, and brands to avoid" is about both, and so is the other order.
    let is_choice = |part: &str| promises(part) || has_beginning_of(part, CHOICES);
    if (joins(before) && is_choice(before)) || (joins(after) && is_choice(after)) {
        return false;
    }
    if kind != Kind::Negation && is_negated(before) {
        return false;
    }
    let word_end = after
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(after.len());
    let rest = after.get(word_end..).unwrap_or_default();
    match kind {
        Kind::Verb => word_end == 0 && leaves_open(rest) && (is_title || !is_condition(rest)),
        Kind::LastVerb => word_end == 0 && leaves_open(rest) && is_about_names(before),
        Kind::Negation => leaves_open(rest),
        Kind::Adjective => {
            let most = if is_title { MOST_WORDS_AFTER } else { 0 };
            rest.split_whitespace().count() <= most
        }
        Kind::Title => {
            let is_end = words_of(after).next().is_none();
            is_end && words_of(before).count() <= MOST_WORDS_BEFORE_TITLE
        }
        Kind::Worst => {
            word_end == 0 && is_worst_of_names(before, rest) && (is_title || !before.contains(':'))
        }
        Kind::WorstOne => {
            word_end == 0
                && is_worst_of_names(before, rest)
                && (is_title || is_worst_choice(before, rest))
        }
        Kind::Unspaced | Kind::UnspacedVerb => false,
    }
}

/// Whether names stand in the line itself, behind its colon: "Avoid: Acme".
fn names_follow(after: &str) -> bool {
    let behind = after.split_once(':').map(|(_, behind)| behind);
    behind.is_some_and(|behind| behind.contains(char::is_alphanumeric))
}

/// Whether what stands before a phrase turns it round: "brands you shouldn't avoid".
fn is_negated(before: &str) -> bool {
    let clause = before
        .rsplit([',', ';', '.', ':', '!', '?', '(', '-'])
        .next();
    let words = clause.unwrap_or_default().split_whitespace().rev();
    let mut near = words.take(NEGATION_REACH);
    near.any(|word| NEGATIONS.contains(&word) || word.ends_with("n't") || word == "cannot")
}

/// Whether the line goes on without saying whom it is about, or says that it comes.
fn leaves_open(after: &str) -> bool {
    let after = after.trim_start();
    let goes_on = |word: &str| GOING_ON.contains(word) || is_number(word);
    let mut words = words_of(after)
        .skip_while(|word| POINTING.contains(word) || THESE.contains(word))
        .peekable();
    let Some(word) = words.next() else {
        return true;
    };
    // "Avoid software", not "avoid software bugs".
    let ends = words.peek().is_none_or(|next| goes_on(next));
    if THINGS.contains(word) {
        return ends;
    }
    if after.starts_with(['(', ',', '-', '—', '?', '!']) || goes_on(word) {
        return true;
    }
    // "Avoid these airlines", not "to avoid these, use …".
    let is_one_clause = !after.contains([',', ';', '(', '—', '?']);
    let mut pointing = words_of(after).take_while(|before| *before != word);
    let points = pointing.any(|word| THESE.contains(&word));
    ends && points && is_one_clause && !TROUBLES.contains(word)
}

/// Whether what stands before a verb at the end is no object of its own: "brands that one should
/// avoid", not "to avoid fees".
fn is_about_names(before: &str) -> bool {
    let mut words = words_of(before)
        .rev()
        .skip_while(|word| BEFORE_LAST_VERB.contains(word) || is_number(word));
    let Some(word) = words.next() else {
        return true;
    };
    // In German, "um" makes a purpose of whatever it begins.
    if before.split_whitespace().any(|word| word == "um") {
        return false;
    }
    let is_these = |word: &str| THESE.contains(&word) || word.starts_with("welche");
    THINGS.contains(word)
        || WHICH.contains(&word)
        || (!TROUBLES.contains(word) && words.next().is_some_and(is_these))
}

/// Whether a line that tells of what stands before it goes on so: "Skip if you need payroll".
fn is_condition(after: &str) -> bool {
    let next = words_of(after).next();
    next.is_some_and(|word| CONDITIONS.contains(&word))
}

/// Whether a line that is no title tells of names, not of a fault: "worst brands", not "cons:
/// worst support".
fn is_worst_choice(before: &str, after: &str) -> bool {
    let mut words = words_of(after);
    let next = words.next();
    !before.contains(':')
        && next.is_none_or(|word| THINGS.contains(word) || WORST_CHOICES.contains(&word))
}

/// Whether "worst" is said of names: "top 5 worst banks", not "for your worst days".
fn is_worst_of_names(before: &str, after: &str) -> bool {
    let clause = before.rsplit([',', ';', '.', ':', '(']).next();
    let is_between = |word: &&str| {
        let of = [
            "of", "der", "delle", "dei", "das", "dos", "la", "el", "il", "o", "a", "van",
        ];
        POINTING.contains(word) || of.contains(word) || is_number(word)
    };
    let mut words = words_of(clause.unwrap_or_default())
        .rev()
        .skip_while(is_between);
    // "Peor que" compares.
    let compares = words_of(after).next() == Some("que");
    match words.next() {
        _ if compares => false,
        // "Top 3 worst brands" speaks only of these.
        Some("top" | "ranking") => words.next().is_none(),
        Some(word) => !NO_WORST_OF.contains(&word) && !promises(before),
        None => !promises(before),
    }
}

/// The same where words are not spaced: no object before the verb or behind it, no person or
/// reason, nothing about the best.
fn stands_unspaced(kind: Kind, before: &str, after: &str) -> bool {
    let points = UNSPACED_THESE.iter().any(|these| before.contains(these));
    let has_object_before = before.trim_end().ends_with(['を', '를', '을']) && !points;
    let has_object_behind = kind == Kind::UnspacedVerb
        && after.starts_with(char::is_alphanumeric)
        && !UNSPACED_OPEN.iter().any(|open| after.starts_with(open));
    let is_of_names = !NO_NAMES_BEHIND.iter().any(|other| after.starts_with(other));
    let has_promise = |part: &str| UNSPACED_PROMISES.iter().any(|best| part.contains(best));
    is_of_names
        && !has_object_before
        && !has_object_behind
        && !has_promise(before)
        && !has_promise(after)
}
