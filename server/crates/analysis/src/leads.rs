//! Lines that introduce what looks like a ranking and is none: steps and sources.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// Longer lines introduce nothing.
const LONGEST_LEAD: usize = 160;

#[rustfmt::skip] // a table, not a list of lines
const STEPS: &[&str] = &[
    "steps", "step by step", "step-by-step", "how to get started", "how to set up",
    "how to install", "how to use", "to get started", "getting started", "to set up", "to install",
    "to configure", "to connect", "to sign up", "how it works", "instructions", "pasos",
    "paso a paso", "como empezar", "como instalar", "para empezar", "para configurar",
    "para instalar", "como funciona", "instrucciones", "etapes", "marche a suivre", "schritte",
    "anleitung", "passaggi", "istruzioni", "passos", "instrucoes", "stappen", "stappenplan",
    "kroki", "instrukcja", "pausoak", "urratsak", "steg", "instruktioner", "шаги", "инструкция",
];

static STEP_FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(STEPS).ok());

pub(crate) fn introduces_steps(line: &str) -> bool {
    line.len() <= LONGEST_LEAD
        && STEP_FINDER.as_ref().is_some_and(|finder| {
            finder
                .find_overlapping_iter(line)
                .any(|found| stands_apart(line, found.start(), found.end()))
        })
}

/// Longer lines are no title of sources, whatever they adorn it with.
const LONGEST_TITLE: usize = 1_024;

pub(crate) fn introduces_sources(line: &str) -> bool {
    const WORDS: &[&str] = &[
        "sources",
        "source",
        "references",
        "citations",
        "bibliography",
        "further reading",
        "footnotes",
        "fuentes",
        "referencias",
        "bibliografia",
        "citas",
        "quellen",
        "quellenangaben",
        "fonti",
        "fontes",
        "referenzen",
        "riferimenti",
        "notes",
        "links",
        "enlaces",
        "works cited",
        "bronnen",
        "zrodla",
        "iturriak",
        "kallor",
        "источники",
        "ссылки",
    ];
    // Many lists may stand under one heading, and each asks about it.
    if line.len() > LONGEST_TITLE {
        return false;
    }
    let words = line.trim_matches(|c: char| !c.is_alphanumeric());
    words.len() <= 60
        && WORDS.iter().any(|word| {
            words == *word
                || (words.starts_with(word)
                    && words.split_whitespace().count() <= 3
                    && has_words(words, word))
                || (words.ends_with(word)
                    && line.trim_end().ends_with(':')
                    && has_words(words, word))
        })
}

/// Whether an item tells what to do.
pub(crate) fn is_step(line: &str) -> bool {
    const VERBS: &[&str] = &[
        "add",
        "ask",
        "check",
        "choose",
        "click",
        "compare",
        "configure",
        "confirm",
        "connect",
        "consider",
        "create",
        "decide",
        "define",
        "determine",
        "download",
        "enter",
        "evaluate",
        "fill",
        "find",
        "follow",
        "go",
        "identify",
        "import",
        "install",
        "invite",
        "log",
        "look",
        "make",
        "open",
        "pay",
        "pick",
        "press",
        "read",
        "register",
        "review",
        "run",
        "select",
        "set",
        "sign",
        "start",
        "tap",
        "test",
        "try",
        "type",
        "use",
        "verify",
        "visit",
        "wait",
        "abre",
        "accede",
        "anade",
        "comprueba",
        "configura",
        "conecta",
        "crea",
        "define",
        "descarga",
        "elige",
        "entra",
        "evalua",
        "haz",
        "inicia",
        "instala",
        "introduce",
        "paga",
        "prueba",
        "pulsa",
        "registrate",
        "revisa",
        "selecciona",
        "sigue",
        "usa",
        "verifica",
        "visita",
    ];
    // "Pick: Kipu" and "Find – Kipu" are labels before a name.
    const LABELS: &[&str] = &["pick", "find"];
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = line.find(|c: char| !c.is_alphanumeric());
    let (word, rest) = line.split_at(end.unwrap_or(line.len()));
    let is_label = || LABELS.contains(&word) && rest.trim_start().starts_with([':', '-', '—', '–']);
    VERBS.contains(&word) && !is_label()
}

fn has_words(line: &str, phrase: &str) -> bool {
    line.match_indices(phrase)
        .any(|(at, found)| stands_apart(line, at, at + found.len()))
}

/// Whether no word goes on around a part of a line.
fn stands_apart(line: &str, start: usize, end: usize) -> bool {
    let before = line.get(..start).and_then(|text| text.chars().next_back());
    let after = line.get(end..).and_then(|text| text.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}
