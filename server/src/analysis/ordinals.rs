//! Ordinal words at a line's start, in six languages.

/// Words for first to tenth, folded: English, Spanish, French, German, Italian, Portuguese.
#[rustfmt::skip] // a table, not a list of lines
const ORDINALS: [&[&str]; 10] = [
    &["first", "firstly", "primero", "primera", "primer", "winner", "ganador", "ganadora", "gagnant",
      "vincitore", "vencedor", "premier", "premiere", "premierement",
      "erster", "erste", "erstes", "ersten", "erstens", "primo", "prima", "primeiro", "primeira"],
    &["second", "secondly", "segundo", "segunda", "deuxieme", "deuxiemement", "seconde",
      "zweiter", "zweite", "zweites", "zweiten", "zweitens", "secondo", "seconda"],
    &["third", "thirdly", "tercero", "tercera", "tercer", "troisieme", "troisiemement",
      "dritter", "dritte", "drittes", "dritten", "drittens", "terzo", "terza", "terceiro",
      "terceira"],
    &["fourth", "cuarto", "cuarta", "quatrieme", "vierter", "vierte", "viertes", "vierten",
      "viertens", "quarto", "quarta"],
    &["fifth", "quinto", "quinta", "cinquieme", "funfter", "funfte", "funftes", "funften",
      "funftens"],
    &["sixth", "sexto", "sexta", "sixieme", "sechster", "sechste", "sechstes", "sechsten",
      "sechstens", "sesto", "sesta"],
    &["seventh", "septimo", "septima", "septieme", "siebter", "siebte", "siebtes", "siebten",
      "siebtens", "settimo", "settima", "setimo", "setima"],
    &["eighth", "octavo", "octava", "huitieme", "achter", "achte", "achtes", "achten", "achtens",
      "ottavo", "ottava", "oitavo", "oitava"],
    &["ninth", "noveno", "novena", "neuvieme", "neunter", "neunte", "neuntes", "neunten",
      "neuntens", "nono", "nona"],
    &["tenth", "decimo", "decima", "dixieme", "zehnter", "zehnte", "zehntes", "zehnten",
      "zehntens"],
];

/// Endings of ordinal digits: 1st, 2nd, 1er, 2e, 1º, 1ª.
const DIGIT_ENDINGS: &[&str] = &[
    "st", "nd", "rd", "th", "er", "ere", "eme", "e", "o", "a", ".o", ".a",
];

const BEFORE: &[&str] = &[
    "in", "en", "em", "al", "au", "auf", "a", "im", "the", "el", "la", "le", "il", "o", "der",
    "die", "das", "no", "na", "dem", "den", "an",
];

const PLACES: &[&str] = &[
    "place",
    "spot",
    "position",
    "pick",
    "choice",
    "rank",
    "lugar",
    "puesto",
    "posicion",
    "opcion",
    "platz",
    "stelle",
    "rang",
    "choix",
    "scelta",
    "escolha",
    "eleccion",
    "wahl",
    "lieu",
    "posto",
    "posizione",
    "luogo",
    "posicao",
    "opcao",
];

const VERBS: &[&str] = &[
    "is", "comes", "goes", "to", "we", "have", "es", "esta", "va", "viene", "para", "est", "vient",
    "steht", "liegt", "ist", "kommt", "belegt", "e", "viene", "vem", "fica", "tenemos",
];

/// The ordinal that a folded line starts with, and the length of the phrase around it
/// ("in second place:").
pub(crate) fn parse(line: &str) -> Option<(u32, usize)> {
    let mut words = Words { line, at: 0 };
    let mut word = words.next()?;
    for _ in 0..2 {
        if !BEFORE.contains(&word) || words.ends_clause() {
            break;
        }
        word = words.next()?;
    }
    let number = number_of(word)?;
    // "1º X" needs no mark between.
    let is_figure = word.starts_with(|c: char| c.is_ascii_digit());
    let after_word = words.at;
    let mut is_phrase = words.ends_clause();
    while !is_phrase {
        let Some(next) = words.next() else { break };
        if PLACES.contains(&next) {
            is_phrase = words.ends_clause();
        } else if VERBS.contains(&next) {
            is_phrase = true;
            while let Some(verb) = words.peek().filter(|verb| VERBS.contains(verb)) {
                words.at += verb.len() + words.gap();
            }
        } else {
            break;
        }
    }
    if is_figure && !is_phrase {
        return Some((number, after_word));
    }
    is_phrase.then_some((number, words.at))
}

fn number_of(word: &str) -> Option<u32> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        let (number, ending) = word.split_at(digits);
        return DIGIT_ENDINGS
            .contains(&ending)
            .then(|| number.parse().ok())
            .flatten();
    }
    let index = ORDINALS.iter().position(|words| words.contains(&word))?;
    u32::try_from(index + 1).ok()
}

struct Words<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    fn rest(&self) -> &'a str {
        self.line.get(self.at..).unwrap_or_default()
    }

    fn gap(&self) -> usize {
        self.rest().len() - self.rest().trim_start_matches([' ', '"', '\'']).len()
    }

    fn peek(&self) -> Option<&'a str> {
        let rest = self.rest().get(self.gap()..)?;
        let end = rest
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(rest.len());
        rest.get(..end).filter(|word| !word.is_empty())
    }

    fn next(&mut self) -> Option<&'a str> {
        let word = self.peek()?;
        self.at += self.gap() + word.len();
        Some(word)
    }

    /// Whether punctuation stands here.
    fn ends_clause(&self) -> bool {
        let rest = self.rest().trim_start();
        rest.is_empty() || rest.starts_with([',', ':', '-', '—', '.', ')'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_of_six_languages() {
        for (line, expected) in [
            ("first, kipu", Some((1, 5))),
            ("1st: kipu", Some((1, 3))),
            ("second place: kipu", Some((2, 12))),
            ("second place goes to kipu", Some((2, 20))),
            ("en tercer lugar, kipu", Some((3, 15))),
            ("zweitens: kipu", Some((2, 8))),
            ("auf dem ersten platz", Some((1, 20))),
            ("an erster stelle steht kipu", Some((1, 22))),
            ("1o kipu", Some((1, 2))),
            ("2nd place: kipu", Some((2, 9))),
            ("quarto posto: kipu", Some((4, 12))),
            ("first kipu does", None),
            ("firstborn, kipu", None),
            ("", None),
        ] {
            assert_eq!(parse(line), expected, "{line}");
        }
    }
}
