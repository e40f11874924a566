//! Lists that callers send: none is looked at further than it may be long. Every list that comes
//! in goes through here before anything is done with what it holds.

use super::{Check, TAG, TAGS};
use crate::letters;
use crate::order;
use crate::texts::errors;

impl Check {
    /// A list of at most `most` things; what a longer one has beyond is not looked at.
    pub fn list<'a, T>(&mut self, field: &str, list: &'a [T], most: usize) -> &'a [T] {
        if list.len() > most {
            self.wrong(field, errors::TOO_MANY, &[("max", &most)]);
        }
        &list[..list.len().min(most)]
    }

    /// Lines of a form, at most `most` besides those that are left empty.
    pub fn filled<'a>(&mut self, field: &str, lines: &'a [String], most: usize) -> Vec<&'a str> {
        let lines = lines.iter().map(|line| line.trim());
        let mut filled = lines.filter(|line| !line.is_empty());
        let kept: Vec<&str> = filled.by_ref().take(most).collect();
        if filled.next().is_some() {
            self.wrong(field, errors::TOO_MANY, &[("max", &most)]);
        }
        kept
    }

    /// Ids, at most `most` different ones; each once, in their order.
    pub fn ids<T: Copy + Ord>(&mut self, field: &str, ids: &[T], most: usize) -> Vec<T> {
        let mut ids = ids.to_vec();
        order::sort(&mut ids, Ord::cmp);
        ids.dedup();
        self.list(field, &ids, most).to_vec()
    }

    /// Tags without space around them, each once, whatever its capitals.
    pub fn tags(&mut self, field: &str, typed: &[String]) -> Vec<String> {
        let mut clean: Vec<String> = Vec::new();
        for tag in self.list(field, typed, TAGS) {
            let tag = self.line(field, tag, TAG);
            let same = letters::small(&tag);
            if clean.iter().all(|known| letters::small(known) != same) {
                clean.push(tag);
            }
        }
        clean
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::language::Language;

    #[test]
    fn what_is_beyond_the_limit_is_named_and_not_looked_at() {
        let mut check = Check::new(Language::English);
        assert_eq!(check.list("a", &[3, 1, 2], 3), [3, 1, 2]);
        assert_eq!(check.ids("b", &[3, 1, 3, 2, 1], 3), [1, 2, 3]);
        let lines = ["", " x ", "y", " "].map(str::to_owned);
        assert_eq!(check.filled("c", &lines, 2), ["x", "y"]);
        assert!(check.errors.is_empty());
        assert_eq!(check.list("a", &[3, 1, 2], 2), [3, 1]);
        assert_eq!(check.ids("b", &[3, 1, 3, 2, 1], 2), [1, 2]);
        assert_eq!(check.filled("c", &lines, 1), ["x"]);
        let fields: Vec<&str> = check.errors.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["a", "b", "c"]);
    }

    #[test]
    fn tags_are_few_and_short_and_each_is_there_once() {
        let mut check = Check::new(Language::English);
        let tags = [" price ", "Caf\u{e9}", "CAF\u{c9}", "PRICE"].map(str::to_owned);
        assert_eq!(check.tags("a", &tags), ["price", "Caf\u{e9}"]);
        assert!(check.errors.is_empty());
        for wrong in ["", " ", "a\nb", &"x".repeat(TAG.1 + 1)] {
            let mut check = Check::new(Language::English);
            check.tags("b", &[wrong.to_owned()]);
            assert_eq!(check.errors[0].field, "b", "{wrong:?}");
        }
        let many: Vec<String> = (0..=TAGS).map(|number| number.to_string()).collect();
        check.tags("c", &many[1..]);
        assert!(check.errors.is_empty());
        check.tags("c", &many);
        assert_eq!(check.errors[0].field, "c");
    }
}
