//! Genitives that are written as one word with a name, beside those with an s that plurals give:
//! "SAPs", "Boschs", "Kipuren", "Siemensa", "Żabki", "Яндекса". Of several words the last one
//! has the ending ("Почта Банка"). What stands behind an apostrophe, a hyphen or a
//! colon ("Kipu'nun") ends the name anyway.
//!
//! Invariant: each demands a capital, as it may be another word without one.

use super::common_words::is_common;
use super::variants::Capitals;

/// A name with an ending.
pub(crate) struct Genitive {
    pub(crate) folded: String,
    pub(crate) capitals: Capitals,
    /// The letters that a text must have where all must be as in the name.
    pub(crate) written: String,
}

/// Shorter words with an ending are other words too often, in letters.
const SHORTEST: usize = 4;
/// The same for what Polish adds to consonants.
const SHORTEST_IN_POLISH: usize = 5;

/// The genitives of `name`, which is `folded` in folded form.
pub(crate) fn genitives(name: &str, folded: &str, capitals: Capitals) -> Vec<Genitive> {
    let is_letters = name.chars().all(|c| c.is_alphabetic() || is_between(c));
    let is_acronym = (2..=3).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_uppercase());
    // In capitals it is no word of everybody's, whatever it is in small letters.
    if is_acronym {
        return vec![Genitive {
            folded: format!("{folded}s"),
            capitals: Capitals::Exact,
            written: format!("{name}s"),
        }];
    }
    let length = name
        .rsplit(is_between)
        .next()
        .map_or(0, |word| word.chars().count());
    if !is_letters || capitals != Capitals::Free || length < SHORTEST {
        return Vec::new();
    }
    let Some(last) = name
        .chars()
        .next_back()
        .and_then(|c| c.to_lowercase().next())
    else {
        return Vec::new();
    };
    let last_word = folded.rsplit(is_between).next().unwrap_or(folded);
    let forms = if last_word.is_ascii() {
        latin(folded)
    } else {
        cyrillic(folded, last).into_iter().collect()
    };
    forms
        .into_iter()
        .filter(|form| !is_common(form))
        .map(|folded| Genitive {
            folded,
            capitals: Capitals::EachWord,
            written: name.to_owned(),
        })
        .collect()
}

/// What stands between the words of a name.
const fn is_between(character: char) -> bool {
    matches!(character, ' ' | '-')
}

/// Basque, Polish, and German where the plurals have no s.
fn latin(folded: &str) -> Vec<String> {
    if folded.ends_with(['a', 'e', 'i', 'o', 'u']) {
        let mut forms = vec![format!("{folded}ren")];
        forms.extend(feminine(folded));
        return forms;
    }
    let mut forms = Vec::new();
    if folded.len() >= SHORTEST_IN_POLISH {
        forms.push(format!("{folded}u"));
    }
    if takes_a(folded) && (folded.len() >= SHORTEST_IN_POLISH || folded.ends_with("dl")) {
        forms.push(format!("{folded}a"));
    }
    if folded.ends_with("ch") {
        forms.push(format!("{folded}s"));
    }
    if takes_en(folded) {
        forms.push(format!("{folded}en"));
    }
    forms
}

/// Whether a Polish -a makes no other word or name of it: "Fabrica", "Roberta" and "Cartera"
/// are.
fn takes_a(folded: &str) -> bool {
    ["k", "x", "g", "ch", "sh", "ns", "rs", "ss", "dl"]
        .iter()
        .any(|end| folded.ends_with(end))
}

/// Whether a Basque -en makes no other word of it: "Agenten" and "Fabriken" are. Behind a
/// phrase it never does.
fn takes_en(folded: &str) -> bool {
    let is_phrase = folded.contains(is_between);
    let is_safe = folded.ends_with(['s', 'x', 'z', 'l', 'w']) || folded.ends_with("en");
    is_phrase || (is_safe && folded.len() >= SHORTEST_IN_POLISH)
}

/// Polish of names that end in -a: "Żabki", "Klarny". Behind two equal letters it would be
/// another name ("Jenny").
fn feminine(folded: &str) -> Option<String> {
    let stem = folded.strip_suffix('a')?;
    let mut letters = stem.chars().rev();
    let (last, before) = (letters.next()?, letters.next()?);
    if folded.len() < SHORTEST_IN_POLISH || last == before {
        return None;
    }
    match last {
        'k' | 'g' => Some(format!("{stem}i")),
        'b' | 'c' | 'd' | 'f' | 'm' | 'n' | 'p' | 'r' | 's' | 't' | 'w' | 'z' => {
            Some(format!("{stem}y"))
        }
        _ => None,
    }
}

/// Russian, by the last letter of the name before it was folded.
fn cyrillic(folded: &str, last: char) -> Option<String> {
    let stem = |length: usize| folded.get(..folded.len() - length);
    match last {
        'й' | 'ь' => Some(format!("{}я", stem('и'.len_utf8())?)),
        'я' => Some(format!("{}и", stem('я'.len_utf8())?)),
        'а' => {
            let stem = stem('а'.len_utf8())?;
            let ending = if stem.ends_with(['г', 'к', 'х', 'ж', 'ш', 'ч', 'щ']) {
                'и'
            } else {
                'ы'
            };
            Some(format!("{stem}{ending}"))
        }
        'б'..='д' | 'ж' | 'з' | 'к'..='н' | 'п'..='т' | 'ф'..='щ' => {
            Some(format!("{folded}а"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::variants::capitals_of;
    use super::*;

    fn forms(name: &str) -> Vec<String> {
        let folded = super::super::fold::fold(name);
        let found = genitives(name, &folded, capitals_of(&folded));
        found.into_iter().map(|form| form.folded).collect()
    }

    #[test]
    fn endings_of_names() {
        for (name, expected) in [
            ("Kipu", &["kipuren"][..]),
            ("Globex", &["globexu", "globexa", "globexen"]),
            ("Zalando", &["zalandoren"]),
            ("Orlen", &["orlenu", "orlenen"]),
            ("Volkswagen", &["volkswagenu", "volkswagenen"]),
            ("Lidl", &["lidla"]),
            ("Bosch", &["boschu", "boscha", "boschs"]),
            ("Siemens", &["siemensu", "siemensa", "siemensen"]),
            ("Samsung", &["samsungu", "samsunga"]),
            ("Biedronka", &["biedronkaren", "biedronki"]),
            ("Żabka", &["zabkaren", "zabki"]),
            ("Klarna", &["klarnaren", "klarny"]),
            ("Jenna", &["jennaren"]),
            ("Robert", &["robertu"]),
            ("Carter", &["carteru"]),
            ("Stripe", &[]),
            ("SAP", &["saps"]),
            ("Яндекс", &["яндекса"]),
            ("Сбербанк", &["сбербанка"]),
            ("Лента", &["ленты"]),
            ("Аптека", &["аптеки"]),
            ("Алтай", &["алтая"]),
            ("Сибирь", &["сибиря"]),
            ("Авито", &[]),
            ("Acme Cloud", &["acme cloudu", "acme clouden"]),
            ("Почта Банк", &["почта банка"]),
            ("Альфа-Банк", &["альфа-банка"]),
            ("Office 365", &[]),
            ("Kia", &[]),
            ("小米科技", &[]),
        ] {
            assert_eq!(forms(name), expected, "{name}");
        }
    }
}
