//! What the command palette finds: names by a few of their letters, in which order, and what was
//! used last.
//!
//! Invariant: pure. What is done with an entry, and where the memory lies, is the frame's business.

use crate::letters;
use crate::order;

/// At most so many entries of a group are shown.
pub const SHOWN: usize = 8;
/// So many used entries are remembered.
const REMEMBERED: usize = 24;
/// What parts the keys in the memory; no key holds it.
const BETWEEN: char = '\n';

/// A part of the list, with a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Pages of the project and of the workspace.
    Pages,
    /// Projects.
    Projects,
    /// The models of the project.
    Models,
    /// The project's competitors.
    Competitors,
    /// What can be done.
    Actions,
}

impl Group {
    /// Every group, in the order of the list.
    pub const ALL: [Self; 5] = [
        Self::Pages,
        Self::Projects,
        Self::Models,
        Self::Competitors,
        Self::Actions,
    ];
}

/// What can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// By what it is remembered.
    pub key: String,
    /// Where it is listed.
    pub group: Group,
    /// What it is found by.
    pub name: String,
}

/// The places of those that are found, group by group. Without words it is all of them, those of
/// each group that were used last first; with words the best ones, the best group first.
pub fn found(candidates: &[Candidate], wanted: &str, recent: &[String]) -> Vec<Vec<usize>> {
    let mut groups: Vec<(u32, Vec<usize>)> = Vec::new();
    for group in Group::ALL {
        let mut fits: Vec<(u32, usize, usize)> = candidates
            .iter()
            .enumerate()
            .filter(|(_, candidate)| candidate.group == group)
            .filter_map(|(place, candidate)| {
                let used = recent.iter().position(|key| *key == candidate.key);
                let fit = fit(wanted, &candidate.name)?;
                Some((fit, used.unwrap_or(recent.len()), place))
            })
            .collect();
        order::sort_by_key(&mut fits, |fit| *fit);
        fits.truncate(SHOWN);
        if let Some((best, ..)) = fits.first() {
            groups.push((*best, fits.iter().map(|(.., place)| *place).collect()));
        }
    }
    order::sort_by_key(&mut groups, |(best, _)| *best);
    groups.into_iter().map(|(_, places)| places).collect()
}

/// How far a name is from what is wanted; `None`: it is another one. Each wanted word stands in
/// it, or at least its letters do, in their order and from the beginning of a word on.
fn fit(wanted: &str, name: &str) -> Option<u32> {
    let name = folded(name);
    let wanted = folded(wanted);
    let words = wanted.split(|letter| *letter == ' ');
    words
        .filter(|word| !word.is_empty())
        .map(|word| fit_of_word(word, &name))
        .try_fold(0_u32, |sum, fit| Some(sum.saturating_add(fit?)))
}

fn fit_of_word(word: &[char], name: &[char]) -> Option<u32> {
    let begins_word = |place: usize| {
        let before = place.checked_sub(1).and_then(|before| name.get(before));
        before.is_none_or(|before| !letters::is_alphanumeric(*before))
    };
    if name.starts_with(word) {
        return Some(0);
    }
    let mut places = name
        .windows(word.len())
        .enumerate()
        .filter(|(_, part)| *part == word)
        .map(|(place, _)| place)
        .peekable();
    if places.peek().is_some() {
        return Some(if places.any(begins_word) { 1 } else { 2 });
    }
    (0..name.len())
        .filter(|place| begins_word(*place))
        .filter_map(|place| letters_left_out(word, name.get(place..)?))
        .min()
        .map(|left_out| left_out.saturating_add(3))
}

/// How many letters of `name` stand between those of `word`, where both begin alike.
fn letters_left_out(word: &[char], name: &[char]) -> Option<u32> {
    let mut rest = word.iter().peekable();
    let mut left_out = 0_u32;
    for (place, letter) in name.iter().enumerate() {
        if rest.peek() == Some(&letter) {
            rest.next();
            if rest.peek().is_none() {
                return Some(left_out);
            }
        } else if place == 0 {
            return None;
        } else {
            left_out = left_out.saturating_add(1);
        }
    }
    None
}

/// Small letters, without the accents of the languages of the screen.
fn folded(text: &str) -> Vec<char> {
    let plain = |letter: char| match letter {
        'á' | 'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        letter if letter.is_whitespace() => ' ',
        letter => letter,
    };
    letters::small(text).chars().map(plain).collect()
}

/// The keys of a memory, the one that was used last first.
pub fn recent(memory: &str) -> Vec<String> {
    let keys = memory.split(BETWEEN).filter(|key| !key.is_empty());
    keys.take(REMEMBERED).map(str::to_owned).collect()
}

/// The memory after an entry was used.
pub fn used(memory: &str, key: &str) -> String {
    let mut keys = recent(memory);
    keys.retain(|known| known != key);
    keys.insert(0, key.to_owned());
    keys.truncate(REMEMBERED);
    keys.join(&BETWEEN.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(of: &[(Group, &str)]) -> Vec<Candidate> {
        of.iter()
            .map(|(group, name)| Candidate {
                key: format!("key of {name}"),
                group: *group,
                name: (*name).to_owned(),
            })
            .collect()
    }

    fn names<'a>(
        candidates: &'a [Candidate],
        wanted: &str,
        recent: &[String],
    ) -> Vec<Vec<&'a str>> {
        let name = |place: &usize| candidates[*place].name.as_str();
        let groups = found(candidates, wanted, recent);
        groups
            .iter()
            .map(|group| group.iter().map(name).collect())
            .collect()
    }

    #[test]
    fn the_nearer_name_fits_better() {
        let mut before = None;
        for name in [
            "Models and prices",
            "Project models",
            "Supermodels",
            "Mr. Odels",
        ] {
            let now = fit("models", name);
            assert!(now.is_some() && now > before, "{name}");
            before = now;
        }
        assert!(fit("mp", "Models and prices") > fit("models", "Supermodels"));
    }

    #[test]
    fn capitals_and_accents_do_not_matter_and_words_come_in_any_order() {
        assert_eq!(fit("CONFIGURACION", "Configuración"), Some(0));
        assert_eq!(fit("espanol", "Idioma: Español"), Some(1));
        assert!(fit("prices models", "Models and prices").is_some());
        assert_eq!(fit("  ", "Anything"), Some(0));
        assert_eq!(fit("x", ""), None);
        assert_eq!(fit("odl", "Models"), None, "letters from within a word");
    }

    #[test]
    fn what_was_used_last_comes_first() {
        let all = candidates(&[
            (Group::Pages, "Overview"),
            (Group::Pages, "Answers"),
            (Group::Actions, "Sign out"),
        ]);
        let memory = used(&used("", "key of Sign out"), "key of Answers");
        assert_eq!(
            names(&all, "", &recent(&memory)),
            [vec!["Answers", "Overview"], vec!["Sign out"]]
        );
    }

    #[test]
    fn the_best_group_comes_first_and_none_is_longer_than_eight() {
        let mut all = candidates(&[
            (Group::Pages, "Answers in this theme"),
            (Group::Actions, "Theme"),
        ]);
        assert_eq!(
            names(&all, "theme", &[]),
            [vec!["Theme"], vec!["Answers in this theme"]]
        );
        all.extend(candidates(&[(Group::Projects, "Kipu"); 12]));
        assert_eq!(names(&all, "kipu", &[]), [vec!["Kipu"; SHOWN]]);
        assert!(found(&all, "nothing like it", &[]).is_empty());
    }

    #[test]
    fn the_memory_has_each_once_and_an_end() {
        let mut memory = String::new();
        for place in 0..40 {
            memory = used(&memory, &format!("project:{place}"));
        }
        memory = used(&memory, "project:30");
        let keys = recent(&memory);
        assert_eq!(keys.len(), REMEMBERED);
        assert_eq!(keys[0], "project:30");
        assert_eq!(keys.iter().filter(|key| *key == "project:30").count(), 1);
    }
}
