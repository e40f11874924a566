//! A name to look for, and what its place in a text must be like.
//!
//! In JSON an alias is a plain string, or an object with its text and the options that differ
//! from a plain one's: `{"text": "Apple", "match_case": true, "whole_word": false, "not":
//! ["apple pie"], "needs": ["iphone"]}`.

use serde::{Deserialize, Serialize};

use super::entity::EntitySpec;
use super::fold::fold;

/// Another name of an entity, with its options.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Alias {
    /// The name.
    pub text: String,
    /// Only these capitals count.
    pub match_case: bool,
    /// Inside longer words it does not count.
    pub whole_word: bool,
    /// Inside one of these phrases it does not count.
    pub not: Vec<String>,
    /// It counts only in answers that have one of these words somewhere; empty: in all.
    pub needs: Vec<String>,
}

impl Alias {
    /// Whether it has no options.
    pub fn is_plain(&self) -> bool {
        !self.match_case && self.whole_word && self.not.is_empty() && self.needs.is_empty()
    }
}

impl From<String> for Alias {
    fn from(text: String) -> Self {
        Self {
            text,
            match_case: false,
            whole_word: true,
            not: Vec::new(),
            needs: Vec::new(),
        }
    }
}

impl From<&str> for Alias {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// As JSON has it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Plain(String),
    WithOptions(WithOptions),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WithOptions {
    text: String,
    #[serde(default, skip_serializing_if = "is_false")]
    match_case: bool,
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    whole_word: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    not: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    needs: Vec<String>,
}

const fn yes() -> bool {
    true
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
const fn is_true(flag: &bool) -> bool {
    *flag
}

impl From<Written> for Alias {
    fn from(written: Written) -> Self {
        match written {
            Written::Plain(text) => text.into(),
            Written::WithOptions(options) => Self {
                text: options.text,
                match_case: options.match_case,
                whole_word: options.whole_word,
                not: options.not,
                needs: options.needs,
            },
        }
    }
}

impl From<Alias> for Written {
    fn from(alias: Alias) -> Self {
        if alias.is_plain() {
            return Self::Plain(alias.text);
        }
        Self::WithOptions(WithOptions {
            text: alias.text,
            match_case: alias.match_case,
            whole_word: alias.whole_word,
            not: alias.not,
            needs: alias.needs,
        })
    }
}

/// The form in which two names are the same: folded, without space around it. Empty for a name
/// without letter or digit, which cannot be looked for.
pub fn name_key(name: &str) -> String {
    let folded = fold(name).trim().to_owned();
    if folded.chars().any(char::is_alphanumeric) {
        folded
    } else {
        String::new()
    }
}

/// A name that two entities claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedName {
    /// As the second has it.
    pub name: String,
    /// The name of the first to claim it.
    pub first: String,
    /// The name of the second.
    pub second: String,
    /// The place of the second in the list.
    pub second_index: usize,
}

/// The first name or alias that two of `entities` share, by [`name_key`].
pub fn shared_name<K>(entities: &[EntitySpec<K>]) -> Option<SharedName> {
    let mut owners = std::collections::HashMap::new();
    for (index, entity) in entities.iter().enumerate() {
        let aliases = entity.aliases.iter().map(|alias| &alias.text);
        for name in std::iter::once(&entity.name).chain(aliases) {
            let key = name_key(name);
            if key.is_empty() {
                continue;
            }
            let (owner, first) = *owners.entry(key).or_insert((index, &entity.name));
            if owner != index {
                return Some(SharedName {
                    name: name.clone(),
                    first: first.clone(),
                    second: entity.name.clone(),
                    second_index: index,
                });
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_objects_are_read_and_written() {
        let json = r#"["Kipu",{"text":"KP","match_case":true,"not":["kp index"]}]"#;
        let aliases: Vec<Alias> = serde_json::from_str(json).expect("aliases");
        assert_eq!(aliases[0], "Kipu".into());
        assert!(aliases[1].match_case && aliases[1].whole_word && aliases[1].needs.is_empty());
        assert_eq!(serde_json::to_string(&aliases).expect("json"), json);
        let plain: Alias = serde_json::from_str(r#"{"text":"Kipu"}"#).expect("alias");
        assert!(plain.is_plain());
        assert!(serde_json::from_str::<Alias>(r#"{"text":"Kipu","match_caze":true}"#).is_err());
    }

    #[test]
    fn a_shared_name_is_found_in_any_spelling() {
        let entity = |name: &str, aliases: &[&str]| EntitySpec {
            key: 0,
            name: name.to_owned(),
            aliases: aliases.iter().map(|alias| (*alias).into()).collect(),
            domains: Vec::new(),
        };
        let shared = shared_name(&[entity("Kipu", &["Kipu", "KP"]), entity("Acme", &["KIPÚ"])]);
        let shared = shared.expect("shared");
        assert_eq!(
            (
                shared.name.as_str(),
                shared.first.as_str(),
                shared.second.as_str()
            ),
            ("KIPÚ", "Kipu", "Acme")
        );
        assert_eq!(
            shared_name(&[entity("Kipu", &["!"]), entity("Acme", &["!", ""])]),
            None
        );
    }
}
