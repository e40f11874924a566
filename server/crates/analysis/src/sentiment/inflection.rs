//! Spells out the forms of a word that is written as a stem and a code for its endings.
//!
//! Invariant: a table of endings, not a grammar. A form that does not exist does no harm: no
//! text has it.

/// Calls `add` with each form of `word`, which is `stem/code` or a word without forms.
pub(super) fn forms(word: &str, mut add: impl FnMut(&str)) {
    let Some((stem, code)) = word.split_once('/') else {
        add(word);
        return;
    };
    let mut form = String::with_capacity(stem.len() + 8);
    if let ("o", Some(soft)) = (code, stem.strip_suffix('c')) {
        for ending in ["quisimo", "quisima", "quisimos", "quisimas"] {
            form.clear();
            form.push_str(soft);
            form.push_str(ending);
            add(&form);
        }
    }
    if let ("vd", Some(last)) = (code, stem.chars().last()) {
        for ending in ["ed", "ing"] {
            form.clear();
            form.push_str(stem);
            form.push(last);
            form.push_str(ending);
            add(&form);
        }
    }
    for (base, ending) in bases(stem, code)
        .iter()
        .flat_map(|(base, endings)| endings.iter().map(move |ending| (*base, *ending)))
    {
        form.clear();
        form.push_str(base);
        form.push_str(ending);
        add(&form);
    }
}

/// The parts of a word that endings are put to, with the endings.
fn bases<'a>(stem: &'a str, code: &str) -> [(&'a str, &'static [&'static str]); 2] {
    let none: (&str, &[&str]) = (stem, &[]);
    let without_last = stem.get(..stem.len().saturating_sub(1)).unwrap_or_default();
    let ends_in_y = stem.ends_with('y') && !stem.ends_with(['a', 'e', 'o', 'u']);
    let hisses = ["s", "x", "ch", "sh"].iter().any(|end| stem.ends_with(end));
    match code {
        "a" if stem.ends_with('e') => [(stem, &["", "ly"]), (without_last, &["y"])],
        "a" => [(stem, &["", "ly"]), none],
        "c" if stem.ends_with('e') => [(stem, &["", "r", "st", "ly"]), none],
        "c" if ends_in_y => [(stem, &[""]), (without_last, &["ier", "iest", "ily"])],
        "c" => [(stem, &["", "er", "est", "ly"]), none],
        "v" if ends_in_y => [(stem, &["", "ing"]), (without_last, &["ies", "ied"])],
        "v" if hisses => [(stem, &["", "es", "ed", "ing"]), none],
        "v" => [(stem, &["", "s", "ed", "ing"]), none],
        "ve" => [(stem, &["", "s", "d"]), (without_last, &["ing"])],
        "n" if ends_in_y => [(stem, &[""]), (without_last, &["ies"])],
        "n" | "vd" => [(stem, &["", "s"]), none],
        "o" => [
            (stem, &["o", "a", "os", "as", "amente"]),
            (stem, &["isimo", "isima", "isimos", "isimas"]),
        ],
        "s" => [(stem, &["", "s", "mente"]), none],
        "l" => [(stem, &["", "es", "mente"]), none],
        "r" => [(stem, &["", "a", "es", "as"]), none],
        "ar" => [
            (
                stem,
                &[
                    "ar", "a", "an", "as", "o", "aba", "aban", "aron", "e", "en", "ando",
                ],
            ),
            (
                stem,
                &[
                    "ado", "ada", "ados", "adas", "aria", "arian", "ara", "aran", "aras", "aste",
                    "amos", "as", "es", "arse", "andose", "ase", "arme", "arte", "arlo", "arla",
                    "are", "aremos", "abas", "abamos", "arnos", "arle", "arles", "arlos", "arlas",
                ],
            ),
        ],
        "er" => [
            (
                stem,
                &[
                    "er", "e", "en", "es", "ia", "ian", "io", "ieron", "iendo", "a",
                ],
            ),
            (
                stem,
                &[
                    "ido", "ida", "idos", "idas", "eria", "era", "eran", "emos", "o", "an", "as",
                    "iera", "erse", "iste", "eras", "erme", "erte", "erlo", "i", "imos", "ere",
                    "ernos", "erle", "erles", "erla", "erlos", "erlas",
                ],
            ),
        ],
        "ir" => [
            (
                stem,
                &[
                    "ir", "e", "en", "es", "ia", "ian", "io", "ieron", "iendo", "i",
                ],
            ),
            (
                stem,
                &[
                    "ido", "ida", "idos", "idas", "iria", "ira", "iran", "imos", "o", "a", "an",
                    "as", "iera", "irse", "iste", "iras", "irme", "irte", "irlo", "ire", "irnos",
                    "irle", "irles", "irla", "irlos", "irlas",
                ],
            ),
        ],
        _ => [(stem, &[""]), none],
    }
}

/// Whether `code` names endings ("" is a word without).
#[cfg(test)]
pub(super) fn is_known(code: &str) -> bool {
    [
        "", "a", "c", "v", "ve", "vd", "n", "o", "s", "l", "r", "ar", "er", "ir",
    ]
    .contains(&code)
}
