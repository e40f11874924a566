//! What a question is about: the brand, a competitor, or neither.

use super::project::PromptKind;

/// What a question is about, from the names in it. Names are looked for without regard to
/// case; the analysis of answers is more careful, here a wrong guess only moves a question
/// from one group to the other, and people can change it.
pub fn kind_of(text: &str, brand: &[String], competitors: &[String]) -> PromptKind {
    let lower = text.to_lowercase();
    let names = |names: &[String]| {
        names
            .iter()
            .any(|name| !name.is_empty() && contains_word(&lower, &name.to_lowercase()))
    };
    if names(brand) {
        PromptKind::WithBrand
    } else if names(competitors) {
        PromptKind::WithCompetitor
    } else {
        PromptKind::General
    }
}

fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(start, found)| {
        let before = text[..start].chars().next_back();
        let after = text[start + found.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_inside_a_word_is_no_name() {
        assert_eq!(
            kind_of("What about kipuka plants?", &["Kipu".to_owned()], &[]),
            PromptKind::General
        );
        assert_eq!(
            kind_of("¿Es KIPU bueno?", &["Kipu".to_owned()], &[]),
            PromptKind::WithBrand
        );
    }
}
