//! Several of many: what is chosen, and what a click on one of them chooses.
//!
//! Invariant: pure. That nothing is chosen means all, but for what stands apart.

use crate::letters;
use crate::model::provider::Provider;
use crate::order;

/// One of those that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Whose it is, where it has a mark.
    pub provider: Option<Provider>,
    /// How many answers it has, where that is known.
    pub count: Option<i64>,
    /// It is chosen alone or with its like only, and is none of all.
    pub is_apart: bool,
}

impl Item {
    /// Whether its figures are among those that are shown.
    pub fn is_among(&self, chosen: &[i64]) -> bool {
        if chosen.is_empty() {
            !self.is_apart
        } else {
            chosen.contains(&self.id)
        }
    }

    /// Whether its name holds the words, whatever their capitals.
    pub fn is_found(&self, words: &str) -> bool {
        let words = letters::small(words.trim());
        letters::small(&self.name).contains(&words)
    }
}

/// What is chosen once one of the items was added or taken away. Those that stand apart are never
/// mixed with the others. All of the others, and none of them, are no choice: an empty list.
pub fn toggled(items: &[Item], chosen: &[i64], id: i64) -> Vec<i64> {
    let Some(item) = items.iter().find(|item| item.id == id) else {
        return chosen.to_vec();
    };
    let alike = || items.iter().filter(|other| other.is_apart == item.is_apart);
    let next: Vec<i64> = alike()
        .filter(|other| other.is_among(chosen) != (other.id == id))
        .map(|other| other.id)
        .collect();
    if !item.is_apart && next.len() == alike().count() {
        return Vec::new();
    }
    next
}

/// How many are chosen, and out of how many: all that do not stand apart, or of those that do.
pub fn counts(items: &[Item], chosen: &[i64]) -> (usize, usize) {
    let is_chosen = |item: &&Item| item.is_among(chosen);
    let is_apart = items.iter().filter(is_chosen).any(|item| item.is_apart);
    let all = items.iter().filter(|item| item.is_apart == is_apart);
    let count = if chosen.is_empty() {
        items.iter().filter(is_chosen).count()
    } else {
        chosen.len()
    };
    (count, all.count().max(count))
}

/// Items by the alphabet for things that have names and no ids: one a name, whatever its capitals.
/// What was there before keeps its id.
pub fn by_name(before: &[Item], names: Vec<String>) -> Vec<Item> {
    let mut names: Vec<(String, String)> = names
        .into_iter()
        .map(|name| (letters::small(&name), name))
        .collect();
    order::sort(&mut names, Ord::cmp);
    names.dedup_by(|next, one| next.0 == one.0);
    let mut last = before.iter().map(|item| item.id).max().unwrap_or_default();
    let mut items = Vec::with_capacity(names.len());
    for (small, name) in names {
        let mut known = before.iter();
        let known = known.find(|item| letters::small(&item.name) == small);
        let id = known.map_or_else(
            || {
                last += 1;
                last
            },
            |item| item.id,
        );
        items.push(Item {
            id,
            name,
            provider: None,
            count: None,
            is_apart: false,
        });
    }
    items
}

/// The ids of the items with these names.
pub fn ids_of(items: &[Item], names: &[String]) -> Vec<i64> {
    let id = |name: &String| {
        let small = letters::small(name);
        let mut items = items.iter();
        let item = items.find(|item| letters::small(&item.name) == small)?;
        Some(item.id)
    };
    names.iter().filter_map(id).collect()
}

/// What is chosen after a click, of no more than `most`: where a click would leave all but one of
/// many, it chooses that one, and where it would add one too many, nothing changes.
pub fn at_most(most: usize, items: &[Item], before: Vec<i64>, next: Vec<i64>) -> Vec<i64> {
    if next.len() <= most {
        return next;
    }
    if !before.is_empty() {
        return before;
    }
    let clicked = items.iter().filter(|item| !next.contains(&item.id));
    clicked.map(|item| item.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four, and two apart.
    fn items() -> Vec<Item> {
        let item = |id: i64| Item {
            id,
            name: format!("Model {id}"),
            provider: None,
            count: None,
            is_apart: id > 4,
        };
        (1..=6).map(item).collect()
    }

    #[test]
    fn none_means_all_but_those_apart() {
        let items = items();
        let among = |chosen: &[i64]| -> Vec<i64> {
            let among = items.iter().filter(|item| item.is_among(chosen));
            among.map(|item| item.id).collect()
        };
        assert_eq!(among(&[]), [1, 2, 3, 4]);
        assert_eq!(among(&[2, 5]), [2, 5]);
        assert_eq!(counts(&items, &[]), (4, 4));
        assert_eq!(counts(&items, &[2, 3]), (2, 4));
        assert_eq!(counts(&items, &[5]), (1, 2));
        assert_eq!(counts(&[], &[7, 8]), (2, 2));
    }

    #[test]
    fn a_click_takes_away_or_adds() {
        let items = items();
        assert_eq!(toggled(&items, &[], 2), [1, 3, 4]);
        assert_eq!(toggled(&items, &[1], 3), [1, 3]);
        assert_eq!(toggled(&items, &[1, 3, 4], 2), [0_i64; 0]);
        assert_eq!(toggled(&items, &[2], 2), [0_i64; 0]);
        assert_eq!(toggled(&items, &[2], 9), [2]);
    }

    #[test]
    fn what_is_made_up_is_never_mixed_with_the_rest() {
        let items = items();
        assert_eq!(toggled(&items, &[], 5), [5]);
        assert_eq!(toggled(&items, &[5], 6), [5, 6]);
        assert_eq!(toggled(&items, &[5, 6], 5), [6]);
        assert_eq!(toggled(&items, &[5, 6], 1), [1]);
        assert_eq!(toggled(&items, &[1, 2], 6), [6]);
        for first in 1..=6 {
            for second in 1..=6 {
                let chosen = toggled(&items, &toggled(&items, &[], first), second);
                let apart = chosen.iter().filter(|id| **id > 4).count();
                assert!(apart == 0 || apart == chosen.len(), "{first}, {second}");
                let back = toggled(&items, &toggled(&items, &chosen, first), first);
                assert!(
                    apart > 0 || first > 4 || back == chosen,
                    "{first}, {second}"
                );
            }
        }
    }

    #[test]
    fn names_are_found_by_a_part() {
        let found = |words: &str| items().iter().filter(|item| item.is_found(words)).count();
        assert_eq!((found(" MODEL 3 "), found(""), found("x")), (1, 6, 0));
    }

    #[test]
    fn names_keep_their_ids() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let names = |items: &[Item]| -> Vec<(i64, String)> {
            let names = items.iter().map(|item| (item.id, item.name.clone()));
            names.collect()
        };
        let first = by_name(&[], list(&["price", "Gift", "price", "PRICE"]));
        assert_eq!(
            names(&first),
            [(1, "Gift".to_owned()), (2, "PRICE".to_owned())]
        );
        let more = by_name(&first, list(&["gift", "beans", "price"]));
        assert_eq!(
            names(&more),
            [
                (3, "beans".to_owned()),
                (1, "gift".to_owned()),
                (2, "price".to_owned())
            ]
        );
        let chosen = ["PRICE", "beans", "none"].map(str::to_owned);
        assert_eq!(ids_of(&more, &chosen), [2, 3]);
    }

    #[test]
    fn no_more_are_chosen_than_may_be() {
        let items = by_name(&[], (10..40).map(|number| number.to_string()).collect());
        let all_but_last: Vec<i64> = (1..30).collect();
        assert_eq!(at_most(20, &items, vec![], all_but_last), [30]);
        let most: Vec<i64> = (1..21).collect();
        assert_eq!(at_most(20, &items, vec![1], most.clone()), most);
        let too_many = (1..22).collect();
        assert_eq!(at_most(20, &items, most.clone(), too_many), most);
    }
}
