//! Picks suggestions: class by class in turn, none that is nearly there already.

use std::collections::VecDeque;

use app::model::suggestions::{PromptClass, Suggestion};

use super::similar::Words;
use super::{Chosen, Measure};

/// At most `wanted` of `candidates`: the first of each class, then the second of each, and so
/// on, so that classes differ by one at most until one has no more.
pub(super) fn choose(
    candidates: Vec<Suggestion>,
    existing: &[String],
    wanted: usize,
    measure: &Measure,
) -> Chosen {
    let mut known: Vec<Words> = existing.iter().map(|text| measure.words(text)).collect();
    let mut queues: Vec<VecDeque<Suggestion>> = vec![VecDeque::new(); PromptClass::ALL.len()];
    for candidate in candidates {
        queues[place(candidate.class)].push_back(candidate);
    }
    let mut suggestions: Vec<Suggestion> = Vec::new();
    let mut refused = 0;
    let mut is_any_left = true;
    while is_any_left {
        is_any_left = false;
        for queue in &mut queues {
            if suggestions.len() == wanted {
                break;
            }
            while let Some(candidate) = queue.pop_front() {
                let words = measure.words(&candidate.text);
                if known.iter().any(|there| there.is_near(&words)) {
                    refused += 1;
                    continue;
                }
                known.push(words);
                suggestions.push(candidate);
                is_any_left = true;
                break;
            }
        }
    }
    suggestions.sort_by_key(|suggestion| suggestion.class);
    Chosen {
        suggestions,
        refused,
    }
}

fn place(class: PromptClass) -> usize {
    PromptClass::ALL
        .iter()
        .position(|known| *known == class)
        .unwrap_or_default()
}
