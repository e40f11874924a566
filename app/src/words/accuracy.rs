//! Says how often the rules that read tone are right, wherever their number stands.

use super::amount::Amount;
use super::numbers::whole;
use crate::model::language::Language;
use crate::model::metrics::Ratio;
use crate::model::rules_accuracy::{ENGLISH, SPANISH};
use crate::texts::Text;

/// `text` with how often the rules are right in English and Spanish in it.
pub fn fill(text: Text, language: Language) -> String {
    let english = words(language, ENGLISH);
    let spanish = words(language, SPANISH);
    text.fill(language, &[("english", &english), ("spanish", &spanish)])
}

/// A share with its 95 % interval and how many it is counted over: `86% (80–90%, n = 189)`.
fn words(language: Language, accuracy: Ratio) -> String {
    let share = Amount::Share(accuracy.value().unwrap_or_default());
    let interval = accuracy.wilson();
    let around = interval.map(|interval| share.interval_words(language, interval));
    format!(
        "{} ({}, n = {})",
        share.shown(language, interval),
        around.unwrap_or_default(),
        whole(language, accuracy.denominator)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::{answers, dashboard, keys};

    #[test]
    fn a_share_is_said_with_its_interval_and_its_number() {
        let accuracy = Ratio::new(160, 200);
        assert_eq!(words(Language::English, accuracy), "80% (74–85%, n = 200)");
    }

    #[test]
    fn every_text_beside_the_number_says_both_figures() {
        for text in [
            dashboard::BY_RULES,
            answers::RULES_ACCURACY,
            keys::JUDGE_LEAD,
        ] {
            for language in [Language::English, Language::Spanish] {
                let said = fill(text, language);
                for accuracy in [ENGLISH, SPANISH] {
                    assert!(said.contains(&words(language, accuracy)), "{said}");
                }
            }
        }
    }
}
