//! Lines that introduce what is not to be taken: "Brands to avoid:", "No recomendados".
//!
//! Invariant: an introduction, no sentence. "We avoid Acme" and "tools to avoid delays"
//! introduce nothing of the kind.

use std::collections::HashSet;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// Longer lines introduce nothing.
const LONGEST_LEAD: usize = 160;
/// Words that may stand behind "not recommended".
const MOST_WORDS_AFTER: usize = 6;

/// How a phrase must stand in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A whole word; what it is about must be left open, or be what follows.
    Verb,
    /// The same for a phrase of which only the beginning is given.
    Negation,
    /// The beginning of an adjective, with few words behind it.
    Adjective,
    /// The beginning of "worst", in lines that do not speak of the best too.
    Worst,
    /// In scripts without spaces.
    Unspaced,
}

#[rustfmt::skip] // a table, not a list of lines
const PHRASES: &[(Kind, &[&str])] = &[
    (Kind::Verb, &[
        "avoid", "avoiding", "avoided", "skip", "shun",
        "evitar", "evita", "evite", "eviten", "evitad", "evitaria", "eviter", "evitez", "eviterais",
        "fuir", "vermeiden", "vermeide", "meiden", "meide", "evitare", "evitate", "eviterei",
        "vermijden", "vermijd", "mijden", "mijd", "unikac", "unikaj", "omijac", "omijaj", "eviteu",
        "saihestu", "saihesteko", "baztertzeko", "undvika", "undvik", "избегать", "избегаите",
        "избегаи", "обходить",
    ]),
    (Kind::Negation, &[
        "do not recommend", "don't recommend", "would not recommend", "wouldn't recommend",
        "can't recommend", "cannot recommend", "never recommend", "recommend against",
        "advise against", "stay away from", "stay clear of", "steer clear of", "keep away from",
        "beware of", "do not buy", "don't buy", "not to buy", "do not use", "don't use",
        "not to use", "do not choose", "don't choose", "not to choose", "not to pick",
        "not to take", "pass on", "no recomiend", "no recomendaria", "que no compr", "no compres",
        "no elijas", "no elegir", "no comprar", "no contrates", "no uses", "alejate de", "huye de",
        "huir de", "ne recommande pas", "ne pas acheter", "ne pas choisir", "nicht empfehlen",
        "nicht kaufen", "rate ich ab", "raten wir ab", "abraten", "finger weg", "non comprare",
        "non scegliere", "alla larga", "nao compr", "nao escolh", "fuja d", "raad ik af",
        "niet kopen", "raden wij af", "nie kupowac", "odradzam", "trzymaj sie z dala",
        "no recomanem", "no recomano", "non recomendamos", "non recomendo", "ez erosi",
        "inte kop", "avrader", "не советую", "не советуем", "не рекомендую", "не рекомендуем",
        "не покупаите", "не берите", "не стоит", "держитесь подальше",
    ]),
    (Kind::Adjective, &[
        "not recommended", "least recommended", "not worth", "no recomendad", "no recomendable",
        "no se recomiend", "desaconsej", "menos recomend", "deconseill", "non recommand",
        "pas recommand", "a proscrire", "nicht empfohlen", "nicht empfehlenswert",
        "nicht zu empfehlen", "nicht ratsam", "abzuraten", "sconsigliat", "non consigliat",
        "non raccomandat", "nao recomendad", "desaconselhad", "niet aanbevolen",
        "niet aan te raden", "af te raden", "afgeraden", "afrader", "nie polecan", "niepolecan",
        "nie polecam", "nierekomendowan", "nie rekomendowan", "no recomanad", "desaconsellad",
        "non recomendad", "ez gomend", "gomendatzen ez", "rekommenderas inte", "rekommenderas ej",
        "inte rekommenderad", "ej rekommenderad", "не рекоменд", "нерекоменд",
    ]),
    (Kind::Worst, &[
        "worst", "peores", "pires", "schlechteste", "peggiori", "piores", "slechtste", "najgorsz",
        "pitjors", "okerrenak", "txarrenak", "samst", "худш",
    ]),
    (Kind::Unspaced, &[
        "避免", "不推荐", "不推薦", "不建议", "避坑", "避けるべき", "避けたい", "おすすめしない",
        "おすすめできない", "非推奨", "피해야", "추천하지 않", "비추천",
    ]),
];

/// What a line about the best has too.
#[rustfmt::skip]
const PROMISES: &[&str] = &[
    "best", "top", "ranking", "favourite", "favorite", "mejor", "meilleur", "migliori", "melhor",
    "najleps", "millor", "mellor", "onena", "лучш", "instead",
];

/// What goes on behind "avoid" without saying what is to be avoided.
#[rustfmt::skip]
static GOING_ON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    [
        "in", "for", "if", "when", "at", "and", "or", "because", "unless", "altogether", "entirely",
        "completely", "en", "por", "si", "cuando", "para", "pour", "et", "ou", "absolument", "im",
        "wenn", "unbedingt", "und", "oder", "sollte", "sollten", "se", "per", "assolutamente", "em",
        "als", "zijn", "w", "jesli", "nalezy", "beharreko", "om", "в", "если", "и", "стоит",
    ]
    .into()
});

/// What names are names of.
#[rustfmt::skip]
static THINGS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    [
        "brands", "tools", "companies", "products", "vendors", "providers", "software", "apps",
        "names", "options", "ones", "services", "platforms", "models", "shops", "stores",
        "marcas", "herramientas", "empresas", "productos", "proveedores", "opciones", "servicios",
        "plataformas", "aplicaciones", "marques", "outils", "entreprises", "produits",
        "fournisseurs", "marken", "anbieter", "anbietern", "produkte", "produkten", "firmen",
        "hersteller", "herstellern", "marche", "strumenti", "aziende", "prodotti", "fornitori",
        "ferramentas", "produtos", "fornecedores", "merken", "producten", "bedrijven", "aanbieders",
        "marek", "marki", "narzedzi", "narzedzia", "firm", "firmy", "produktow", "produkty", "eines",
        "productes", "proveidors", "markak", "tresnak", "marken", "verktyg", "foretag", "produkter",
        "бренды", "брендов", "инструменты", "инструментов", "компании", "сервисы", "сервисов",
        "продукты",
    ]
    .into()
});

/// Articles and words that point at what follows, which say nothing of it.
#[rustfmt::skip]
const POINTING: &[&str] = &[
    "the", "these", "those", "them", "this", "following", "from", "los", "las", "estas", "estos",
    "siguientes", "les", "ces", "suivants", "suivantes", "die", "diese", "diesen", "folgende",
    "folgenden", "von", "le", "gli", "questi", "queste", "seguenti", "os", "as", "estes",
    "seguintes", "de", "deze", "volgende", "tych", "nastepujacych", "els", "aquestes", "aquests",
    "seguents", "dessa", "foljande", "этих", "следующих", "следующие",
];

struct Phrases {
    finder: Option<AhoCorasick>,
    kinds: Vec<Kind>,
}

static ALL: LazyLock<Phrases> = LazyLock::new(|| {
    let flat = || {
        PHRASES
            .iter()
            .flat_map(|(kind, phrases)| phrases.iter().map(move |phrase| (*kind, *phrase)))
    };
    Phrases {
        finder: AhoCorasick::new(flat().map(|(_, phrase)| phrase)).ok(),
        kinds: flat().map(|(kind, _)| kind).collect(),
    }
});

/// Whether the names that a folded line introduces are not to be taken. `is_title`: it is a
/// heading or ends with a colon; another line must have nothing behind "not recommended".
pub(crate) fn introduces_avoidance(line: &str, is_title: bool) -> bool {
    let line = line.trim();
    if line.len() > LONGEST_LEAD || line.ends_with('.') {
        return false;
    }
    let Some(finder) = &ALL.finder else {
        return false;
    };
    finder.find_overlapping_iter(line).any(|found| {
        let kind = ALL.kinds.get(found.pattern().as_usize());
        let (before, after) = (line.get(..found.start()), line.get(found.end()..));
        match (kind, before, after) {
            (Some(kind), Some(before), Some(after)) => stands_so(*kind, before, after, is_title),
            _ => false,
        }
    })
}

/// Whether a folded line speaks of the best.
pub(crate) fn promises(line: &str) -> bool {
    // Longer lines promise nothing of a list.
    let end = line.floor_char_boundary(LONGEST_LEAD);
    let start = line.get(..end).unwrap_or_default();
    start
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| PROMISES.iter().any(|promise| word.starts_with(promise)))
}

/// Whether two things are spoken of.
fn joins(line: &str) -> bool {
    const AND: &[&str] = &[
        "and", "or", "vs", "y", "e", "et", "und", "en", "i", "och", "eta", "и",
    ];
    line.contains('&')
        || line
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| AND.contains(&word))
}

fn stands_so(kind: Kind, before: &str, after: &str, is_title: bool) -> bool {
    if kind == Kind::Unspaced {
        return !names_follow(after);
    }
    if before.ends_with(char::is_alphanumeric) || promises(after) || names_follow(after) {
        return false;
    }
    // "Top picks, and brands to avoid" is about both.
    if promises(before) && joins(before) {
        return false;
    }
    let word_end = after
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(after.len());
    let rest = after.get(word_end..).unwrap_or_default();
    match kind {
        Kind::Verb => word_end == 0 && leaves_open(rest),
        Kind::Negation => leaves_open(rest),
        Kind::Adjective => {
            let most = if is_title { MOST_WORDS_AFTER } else { 0 };
            rest.split_whitespace().count() <= most
        }
        Kind::Worst => !promises(before),
        Kind::Unspaced => true,
    }
}

/// Whether names stand in the line itself, behind its colon: "Avoid: Acme".
fn names_follow(after: &str) -> bool {
    let behind = after.split_once(':').map(|(_, behind)| behind);
    behind.is_some_and(|behind| behind.contains(char::is_alphanumeric))
}

/// Whether the line goes on without saying whom it is about, or says that it comes.
fn leaves_open(after: &str) -> bool {
    let after = after.trim_start();
    let goes_on =
        |word: &str| GOING_ON.contains(word) || word.bytes().all(|byte| byte.is_ascii_digit());
    let mut words = after
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .skip_while(|word| POINTING.contains(word));
    match words.next() {
        None => true,
        // "Avoid software", not "avoid software bugs".
        Some(word) if THINGS.contains(word) => words.next().is_none_or(goes_on),
        Some(word) => after.starts_with(['(', ',', '-', '—', '?', '!']) || goes_on(word),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn what_introduces_names_to_avoid() {
        for line in [
            "Brands to avoid:",
            "⚠️ Tools to Avoid",
            "Avoid:",
            "Top 5 brands to avoid",
            "Avoid these brands:",
            "Which should I avoid?",
            "What to avoid in 2026",
            "Avoid the following tools",
            "Ones I'd skip:",
            "Not recommended",
            "Not recommended for small teams:",
            "We don't recommend:",
            "Steer clear of these:",
            "The worst CRMs:",
            "Marcas que evitar:",
            "Herramientas que debes evitar",
            "A evitar",
            "No recomendados",
            "❌ No recomendadas:",
            "Evita estas marcas:",
            "No recomiendo:",
            "Las peores opciones",
            "Marques à éviter :",
            "Déconseillé",
            "Outils non recommandés",
            "Marken, die man vermeiden sollte:",
            "Zu vermeiden",
            "Nicht empfohlen:",
            "Finger weg von diesen Anbietern:",
            "Marche da evitare",
            "Sconsigliati:",
            "Marcas a evitar",
            "Não recomendados:",
            "Te vermijden merken",
            "Niet aanbevolen:",
            "Marki, których należy unikać:",
            "Niepolecane",
            "Nie polecam:",
            "Marques que cal evitar",
            "No recomanades:",
            "Non recomendadas",
            "Saihestu beharreko markak:",
            "Märken att undvika",
            "Rekommenderas inte:",
            "Чего стоит избегать:",
            "Не рекомендую:",
            "Не рекомендуется",
            "Худшие бренды:",
            "不推荐：",
            "避けるべきブランド",
            "피해야 할 브랜드",
        ] {
            assert!(introduces_avoidance(&fold(line), true), "{line}");
        }
    }

    #[test]
    fn what_only_has_such_words() {
        for line in [
            "The best tools to avoid delays:",
            "Tools to avoid double bookings",
            "Avoid fees with these tools:",
            "We avoid Acme.",
            "Avoid: Acme",
            "I don't recommend Acme, so here is my list:",
            "To avoid surprises, here are my picks:",
            "Unavoidable costs",
            "Best and worst tools",
            "From worst to best",
            "Top picks and brands to avoid",
            "Die besten Marken und was man meiden sollte",
            "How to avoid a data breach:",
            "To avoid this problem, use one of these:",
            "Para evitar estas comisiones, usa:",
            "Strumenti per evitare i costi:",
            "Tools to avoid software bugs",
            "Recommended:",
            "Para evitar errores, usa una de estas:",
            "Die besten Marken",
            "Acme is not recommended.",
            "My ranking:",
            "",
        ] {
            assert!(!introduces_avoidance(&fold(line), true), "{line}");
        }
        assert!(!introduces_avoidance(
            "not recommended for beginners",
            false
        ));
        assert!(introduces_avoidance("not recommended", false));
    }

    #[test]
    fn words_are_folded() {
        let phrases = PHRASES.iter().flat_map(|(_, phrases)| phrases.iter());
        for word in phrases
            .chain(GOING_ON.iter())
            .chain(THINGS.iter())
            .chain(POINTING)
            .chain(PROMISES)
        {
            assert_eq!(fold(word), **word);
        }
    }
}
