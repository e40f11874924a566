//! Which products a made-up answer names, and in which order.

use super::dice::{Dice, fixed_inclination, hash};

/// Names that belong to nobody.
const INVENTED: &[&str] = &[
    "Alvero",
    "Brixtal",
    "Corvanta",
    "Delmora",
    "Elvanis",
    "Fernwick Labs",
    "Gantria",
    "Halverro",
    "Ixomar",
    "Jorvalis",
    "Kestrano",
    "Lumbrera",
    "Mirandel",
    "Nortika",
    "Oberlune",
    "Pradowave",
    "Quillory",
    "Rostavia",
    "Solvenne",
    "Tarkeno",
    "Umbravo",
    "Verdiska",
    "Wolmarra",
    "Zentriq",
];

/// Words that begin sentences and questions, and are no names.
const NO_NAMES: &[&str] = &[
    "A",
    "An",
    "And",
    "Are",
    "Best",
    "Can",
    "Compare",
    "Could",
    "Do",
    "Does",
    "For",
    "Give",
    "How",
    "I",
    "I'm",
    "In",
    "Is",
    "It",
    "List",
    "My",
    "Name",
    "Of",
    "On",
    "Or",
    "Please",
    "Recommend",
    "Should",
    "Show",
    "Tell",
    "The",
    "To",
    "Top",
    "We",
    "What",
    "What's",
    "When",
    "Where",
    "Which",
    "Who",
    "Why",
    "Would",
    "You",
    "Your",
    "Busco",
    "Compara",
    "Cuál",
    "Cuáles",
    "Cual",
    "Cuales",
    "Cómo",
    "De",
    "Dime",
    "Dónde",
    "El",
    "En",
    "Es",
    "La",
    "Las",
    "Lista",
    "Los",
    "Mejor",
    "Mejores",
    "Necesito",
    "Para",
    "Por",
    "Qué",
    "Que",
    "Quién",
    "Recomienda",
    "Recomiéndame",
    "Son",
    "Un",
    "Una",
    "Y",
];

/// What the choice of names depends on.
pub(crate) struct Pool<'a> {
    pub(crate) model: &'a str,
    pub(crate) question: &'a str,
    /// The brand first, then its competitors; they are likely to be named.
    pub(crate) hints: &'a [String],
    /// Further names from the options of the simulator.
    pub(crate) extra: &'a [String],
}

/// The names of one answer in their order, at least three. Each model has its own inclination
/// towards each name, so that models differ for good and repeats differ by chance.
pub(crate) fn choose(pool: &Pool<'_>, dice: &mut Dice) -> Vec<String> {
    let mut known: Vec<(&str, f64)> = Vec::new();
    let mut add = |name, likelihood| {
        if known
            .iter()
            .all(|(other, _): &(&str, f64)| !other.eq_ignore_ascii_case(name))
        {
            known.push((name, likelihood));
        }
    };
    for (index, hint) in pool.hints.iter().enumerate() {
        add(hint.trim(), if index == 0 { 0.8 } else { 0.6 });
    }
    for name in pool.extra {
        add(name.trim(), 0.6);
    }
    let in_question = names_in(pool.question);
    for name in &in_question {
        add(name.as_str(), 0.7);
    }
    let mut chosen: Vec<(String, f64)> = Vec::new();
    for (name, likelihood) in known.into_iter().filter(|(name, _)| !name.is_empty()) {
        let inclination = fixed_inclination(&[pool.model, name]);
        if dice.happens(likelihood + 0.3 * (inclination - 0.5)) {
            chosen.push((name.to_owned(), inclination + dice.share()));
        }
    }
    let wanted = 3 + dice.below(3);
    let offset = usize::try_from(hash(&[pool.question]) % 1009).unwrap_or(0);
    for step in 0..wanted.saturating_sub(chosen.len()) {
        let name = INVENTED[(offset + step * 5 + dice.below(5)) % INVENTED.len()];
        if chosen.iter().all(|(other, _)| other != name) {
            chosen.push((
                name.to_owned(),
                fixed_inclination(&[pool.model, name]) + dice.share() * 0.7,
            ));
        }
    }
    chosen.sort_by(|left, right| right.1.total_cmp(&left.1));
    chosen.truncate(7);
    chosen.into_iter().map(|(name, _)| name).collect()
}

/// Capitalised words of a question that are not just the beginning of a sentence.
fn names_in(question: &str) -> Vec<String> {
    let trim = |word: &str| -> String {
        word.trim_matches(|letter: char| !letter.is_alphanumeric())
            .to_owned()
    };
    let words: Vec<String> = question.split_whitespace().map(trim).collect();
    let mut names: Vec<String> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        if index > 0
            && capital
            && word.len() > 2
            && !NO_NAMES.contains(&word.as_str())
            && !names.contains(word)
        {
            names.push(word.clone());
        }
    }
    names.truncate(4);
    names
}

/// The site that a name plausibly has.
pub(crate) fn host(name: &str) -> String {
    let slug: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let slug = if slug.is_empty() {
        format!("brand{}", hash(&[name]) % 1000)
    } else {
        slug
    };
    let invented = INVENTED.contains(&name);
    format!(
        "www.{}.{}",
        slug.to_lowercase(),
        if invented { "example" } else { "com" }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_brand_is_named_often_but_not_always() {
        let hints = ["Acme".to_owned(), "Globex".to_owned()];
        let pool = Pool {
            model: "m",
            question: "Which shoes last?",
            hints: &hints,
            extra: &[],
        };
        let count = (0..500)
            .filter(|seed| {
                choose(&pool, &mut Dice::new(*seed))
                    .iter()
                    .any(|name| name == "Acme")
            })
            .count();
        assert!((300..490).contains(&count), "{count}");
    }

    #[test]
    fn there_are_always_names() {
        let pool = Pool {
            model: "m",
            question: "",
            hints: &[],
            extra: &[],
        };
        for seed in 0..100 {
            assert!(choose(&pool, &mut Dice::new(seed)).len() >= 2);
        }
    }

    #[test]
    fn names_in_the_question_are_seen() {
        assert_eq!(
            names_in("Is Zalando better than Asos? What about About You?"),
            ["Zalando", "Asos", "About"]
        );
        assert_eq!(host("Müller & Söhne"), "www.mllershne.com");
    }
}
