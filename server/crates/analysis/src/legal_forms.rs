//! Legal forms of companies, which are an optional part of a name: "Kipu Ltd.", "Kipu, Inc.".
//!
//! Invariant: looks at a name or at what stands right behind one; knows no text.

/// Forms that are no words of any language, folded, without dots: any writing of them counts.
/// The longer before the shorter.
#[rustfmt::skip] // a table, not a list of lines
const BEHIND: &[&str] = &[
    "gmbh & co kgaa", "gmbh & co kg", "gmbh & co ohg", "ag & co kg", "ug & co kg",
    "ug (haftungsbeschrankt)", "aktiengesellschaft", "gesellschaft mbh",
    "incorporated", "corporation", "private limited", "pvt limited", "pvt ltd", "pty limited",
    "pty ltd", "pte ltd", "co limited", "co ltd", "ltd sti", "ltd co", "sdn bhd",
    "sp z oo", "sp zoo", "sp k", "sp j", "spolka akcyjna", "spolka z oo", "spol s ro",
    "s de rl de cv", "s de rl", "sa rl", "& company", "sa de cv", "sapi de cv", "s coop", "s en c", "ab (publ)", "oy ab",
    "ggmbh", "gmbh", "kgaa", "limited", "inc", "corp", "llc", "llp", "lllp", "ltd", "plc", "pllc",
    "pbc", "ohg", "sarl", "sasu", "eurl", "srls", "srl", "slu", "sll", "slne",
    "ltda", "lda", "eireli", "bvba", "vzw", "oyj", "uab", "sro", "kft", "zrt", "nyrt", "eood", "ood",
    "ojsc", "pjsc", "jsc", "cjsc", "tbk", "bhd",
    "ооо", "оао", "зао", "пао", "тоо", "фоп", "тов", "еоод", "оод",
];

/// Forms that are words as well: only with dots, a slash, or as the capitals that they are.
#[rustfmt::skip]
const BEHIND_AS_CAPITALS: &[&str] = &[
    "ag", "kg", "ug", "eg", "ev", "mbh", "se", "sa", "sas", "sc", "snc", "sl", "bv", "nv", "vof", "cv",
    "ab", "hb", "kb", "as", "asa", "a/s", "oy", "ky", "ou", "ad", "dd", "bt", "kk", "gk", "sci", "lp",
    "scs", "sca", "& co", "co", "ek", "ska", "spa", "sapa", "sau", "aps", "sia", "doo", "pao", "ooo", "oao", "ао", "ип", "чп", "нко",
];

/// Forms of China, Japan and Korea, which stand before or behind a name without a space.
#[rustfmt::skip]
const UNSPACED: &[&str] = &[
    "股份有限公司", "有限责任公司", "有限責任公司", "股份公司", "有限公司", "株式会社", "有限会社",
    "合同会社", "合資会社", "合名会社", "주식회사", "유한회사", "(株)", "(有)", "(同)", "(주)", "(유)",
];

/// Forms that stand before a name.
const BEFORE: &[&str] = &["ооо", "оао", "зао", "пао", "ао", "ип", "тоо", "тов", "фоп"];

/// `name` without its legal form, as written; `None` where it has none or is nothing else.
pub(crate) fn without(name: &str) -> Option<&str> {
    let name = name.trim();
    let bare = without_unspaced(name)
        .or_else(|| without_before(name))
        .or_else(|| without_behind(name))?;
    let bare = bare.trim_matches([' ', ',', '.', '-', '"', '«', '»', '“', '”', '„']);
    (!bare.is_empty() && bare.len() < name.len()).then_some(bare)
}

/// `text`, folded, behind the legal form that it starts with, if it starts with one.
pub(crate) fn skip(text: &str) -> &str {
    let after = text.trim_start_matches([',', ' ']);
    if after.len() == text.len() {
        return text;
    }
    BEHIND
        .iter()
        .chain(BEHIND_AS_CAPITALS)
        .find_map(|form| after_form(after, form))
        .unwrap_or(text)
}

fn without_unspaced(name: &str) -> Option<&str> {
    UNSPACED
        .iter()
        .find_map(|form| name.strip_prefix(form).or_else(|| name.strip_suffix(form)))
}

fn without_before(name: &str) -> Option<&str> {
    let (first, rest) = name.split_once(' ')?;
    let is_capitals = first.chars().all(char::is_uppercase);
    (is_capitals && BEFORE.contains(&first.to_lowercase().as_str())).then_some(rest)
}

fn without_behind(name: &str) -> Option<&str> {
    let lower = name.to_lowercase();
    // Where lower case changes the length, the form is not looked for.
    if lower.len() != name.len() {
        return None;
    }
    lower
        .match_indices([' ', ','])
        .filter_map(|(at, _)| {
            let behind = lower.get(at..)?.trim_start_matches([' ', ',']);
            let written = name.get(name.len() - behind.len()..)?;
            is_form(behind, written).then(|| name.get(..at)).flatten()
        })
        .find(|bare| !bare.is_empty())
}

/// Whether all of `lower` is a legal form, and `written` so that it can be no word.
fn is_form(lower: &str, written: &str) -> bool {
    let plain: String = lower.chars().map(without_accent).collect();
    let is_whole = |form: &str| after_form(&plain, form).is_some_and(|rest| rest.trim().is_empty());
    let mut letters = written.chars().filter(|c| c.is_alphabetic());
    let is_marked = written.contains(['.', '/']) || letters.all(char::is_uppercase);
    let is_usual = matches!(
        written,
        "eG" | "eK" | "eV" | "mbH" | "Oy" | "Ab" | "ApS" | "SpA"
    );
    BEHIND.iter().any(|form| is_whole(form))
        || ((is_marked || is_usual) && BEHIND_AS_CAPITALS.iter().any(|form| is_whole(form)))
}

/// The letters that forms are written with.
const fn without_accent(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' => 'e',
        'í' => 'i',
        'ł' => 'l',
        'ń' | 'ñ' => 'n',
        'ö' | 'ó' | 'õ' | 'ô' => 'o',
        'ü' | 'ú' => 'u',
        'ş' | 'ś' => 's',
        'ç' => 'c',
        _ => letter,
    }
}

/// What stands behind `form` in `text`, if it starts with it as a whole word; letters of a form
/// may have dots behind them, and spaces behind the dots.
fn after_form<'a>(text: &'a str, form: &str) -> Option<&'a str> {
    let mut rest = text;
    for expected in form.chars() {
        if expected == ' ' {
            rest = rest.trim_start_matches([' ', '.', ',']);
            continue;
        }
        let without_dot = rest.strip_prefix('.').unwrap_or(rest);
        rest = rest.strip_prefix(expected).or_else(|| {
            without_dot
                .strip_prefix(expected)
                .or_else(|| without_dot.strip_prefix(' ')?.strip_prefix(expected))
                .filter(|_| without_dot.len() < rest.len())
        })?;
    }
    let ends = !rest.starts_with(char::is_alphanumeric);
    ends.then(|| rest.strip_prefix('.').unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_legal_form() {
        for (name, bare) in [
            ("Kipu GmbH", "Kipu"),
            ("Kipu gmbh", "Kipu"),
            ("Kipu, Inc.", "Kipu"),
            ("Kipu Inc", "Kipu"),
            ("Kipu LLC", "Kipu"),
            ("Kipu L.L.C.", "Kipu"),
            ("Kipu Ltd.", "Kipu"),
            ("Kipu AG", "Kipu"),
            ("Kipu S.L.", "Kipu"),
            ("Kipu, S.L.U.", "Kipu"),
            ("Kipu SL", "Kipu"),
            ("Kipu S. A.", "Kipu"),
            ("Kipu S.p.A.", "Kipu"),
            ("Kipu B.V.", "Kipu"),
            ("Kipu Oy", "Kipu"),
            ("Kipu AB", "Kipu"),
            ("Kipu A/S", "Kipu"),
            ("Kipu Sp. z o.o.", "Kipu"),
            ("Kipu s.r.o.", "Kipu"),
            ("Kipu SARL", "Kipu"),
            ("Kipu GmbH & Co. KG", "Kipu"),
            ("Kipu S.A. de C.V.", "Kipu"),
            ("Kipu Pty Ltd", "Kipu"),
            ("Kipu Co., Ltd.", "Kipu"),
            ("Kipu Ltda.", "Kipu"),
            ("ООО Кипу", "Кипу"),
            ("ООО «Кипу»", "Кипу"),
            ("Кипу ООО", "Кипу"),
            ("株式会社キプ", "キプ"),
            ("キプ株式会社", "キプ"),
            ("奇普有限公司", "奇普"),
            ("주식회사 키푸", "키푸"),
            ("Kipu Cloud Corp.", "Kipu Cloud"),
            ("Kipu e.V.", "Kipu"),
            ("Kipu e.K.", "Kipu"),
            ("Kipu Co.", "Kipu"),
            ("Kipu & Co.", "Kipu"),
            ("Kipu & Company", "Kipu"),
            ("Kipu S.à r.l.", "Kipu"),
            ("Kipu Sàrl", "Kipu"),
            ("Kipu S. de R.L.", "Kipu"),
            ("Kipu S. de R.L. de C.V.", "Kipu"),
            ("Kipu Spółka z o.o.", "Kipu"),
            ("Kipu Spółka Akcyjna", "Kipu"),
        ] {
            assert_eq!(without(name), Some(bare), "{name}");
        }
    }

    #[test]
    fn names_that_have_none() {
        for name in [
            "Kipu",
            "GmbH",
            "Inc.",
            "Such as",
            "Vitamin Se",
            "Kipu Incorporate",
            "Zinc",
            "Spa Kipu",
            "Kipu Corpus",
            "Fresh Co",
            "Honest Company",
            "Scooby Doo",
            "Health Spa",
            "SAS Institute",
            "AB InBev",
            "株式会社",
            "",
            "Kipu SLX",
        ] {
            assert_eq!(without(name), None, "{name}");
        }
    }

    #[test]
    fn what_stands_behind_a_name() {
        for (text, rest) in [
            (", inc. (new york)", " (new york)"),
            (" gmbh - good", " - good"),
            (" inc", ""),
            (", s.l.: good", ": good"),
            (" is good", " is good"),
            (" a/s", ""),
            (" incense", " incense"),
            ("", ""),
            (", and", ", and"),
            (" sp. z o.o. (x)", " (x)"),
        ] {
            assert_eq!(skip(text), rest, "{text}");
        }
    }
}
