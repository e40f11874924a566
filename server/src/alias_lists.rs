//! The names of an entity and how they are matched: one list in the database and in REST, two
//! at the screen.

use analysis::Alias;
use app::model::project::NameRule;

/// The one list: aliases with their rules, and the rule of the name, if it has one.
pub(crate) fn one_list(aliases: &[String], rules: &[NameRule]) -> Vec<Alias> {
    let is_for = |text: &str, rule: &NameRule| text.to_lowercase() == rule.text.to_lowercase();
    let of_name = rules
        .iter()
        .filter(|rule| !aliases.iter().any(|text| is_for(text, rule)))
        .map(|rule| with_rule(rule.text.clone(), rule));
    aliases
        .iter()
        .map(|text| match rules.iter().find(|rule| is_for(text, rule)) {
            Some(rule) => with_rule(text.clone(), rule),
            None => text.as_str().into(),
        })
        .chain(of_name)
        .collect()
}

/// The two lists: aliases other than `name`, and rules.
pub(crate) fn two_lists(name: &str, list: Vec<Alias>) -> (Vec<String>, Vec<NameRule>) {
    let name = name.to_lowercase();
    let (mut aliases, mut rules) = (Vec::new(), Vec::new());
    for alias in list {
        if alias.text.to_lowercase() != name {
            aliases.push(alias.text.clone());
        }
        if !alias.is_plain() {
            rules.push(NameRule {
                text: alias.text,
                match_case: alias.match_case,
                inside_words: !alias.whole_word,
                not: alias.not,
                needs: alias.needs,
            });
        }
    }
    (aliases, rules)
}

fn with_rule(text: String, rule: &NameRule) -> Alias {
    Alias {
        text,
        match_case: rule.match_case,
        whole_word: !rule.inside_words,
        not: rule.not.clone(),
        needs: rule.needs.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_together_comes_apart_again() {
        let rule = |text: &str| NameRule {
            text: text.to_owned(),
            match_case: true,
            not: vec!["apple pie".to_owned()],
            ..NameRule::default()
        };
        let aliases = vec!["AAPL".to_owned(), "Apfel".to_owned()];
        let rules = vec![rule("Apfel"), rule("Apple")];
        let list = one_list(&aliases, &rules);
        assert_eq!(list[0], "AAPL".into());
        assert_eq!(list.len(), 3);
        assert_eq!(two_lists("Apple", list), (aliases, rules));
    }
}
