//! Hostile texts of any length: what is repeated, and what stands before it once.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::readers::NAMES;

/// A part of a text.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    once: String,
    unit: String,
}

impl Piece {
    pub(crate) fn of(unit: &str) -> Self {
        Self::behind("", unit)
    }

    fn behind(once: &str, unit: &str) -> Self {
        Self {
            once: once.to_owned(),
            unit: unit.to_owned(),
        }
    }
}

/// A text of about so many bytes that names somebody, in which each piece has the same share.
pub(crate) fn text_of(pieces: &[Piece], bytes: usize) -> String {
    let share = bytes / pieces.len().max(1);
    let mut text = String::from("Kipu ");
    for Piece { once, unit } in pieces {
        text.push_str(once);
        text.push_str(&unit.repeat(share / unit.len().max(1) + 1));
    }
    text
}

/// Signs that mark something up when they are joined, or stand at the start of a line.
const MARKUP: &[&str] = &[
    "](",
    "[a](b)",
    "![a](b)",
    "[a]",
    "\n[a]: b\n",
    "[^a]",
    "\n[^a]: a\n",
    "- ",
    "* ",
    "1. ",
    "\n1) a",
    "> ",
    "\n> a",
    "# a\n",
    "```\n",
    "~~~\n",
    "|a|b|\n|-|-|\n",
    "|a|\n",
    "- [ ] a\n",
    "\n\n",
    "\n\n- a\n\n",
    "a\n=\n",
    "    a\n",
    "<ol><li>",
    "</li>",
    "</ol>",
    "<table><tr><td>",
    "<tr><td>a",
    "<th>Rank",
    "<!--",
    "<![CDATA[",
    "<a href='",
    "<script>",
    "<div>\n",
    "&amp;",
    "&amp",
    "&#1",
    "\\*",
    "**a",
    "_a_ ",
    "~~a",
    "`a` ",
    "http://",
    "http://a.",
    "www.",
    "www.a",
    "a.com",
    "a.com/",
    "a@",
    "a@a.com ",
    "[1]",
    "[1][2]",
    "【1†",
    "【1】",
    "](http",
    "](http://a ",
    "1",
    "12,",
    "3.5",
    "1️⃣",
    "🥇 ",
    "🔹 1. ",
    ":a:",
    "-> ",
    "...",
];

/// Every sign of ASCII alone, twice, three times, before a space and at the start of a line; a
/// letter of each script and kind of sign; markup; names; words of tone and advice.
pub(crate) fn units() -> Vec<String> {
    let mut units = BTreeSet::new();
    let signs = (' '..='~').filter(|c| !c.is_ascii_alphanumeric());
    for sign in signs.chain(['\t', '\n', '\r', '\0', '\u{1}', 'a']) {
        for copies in 1..=3 {
            units.insert(sign.to_string().repeat(copies));
        }
        units.extend([format!("{sign} "), format!("\n{sign}"), format!("a{sign}")]);
    }
    // Two of each stretch of 128 letters, and the joiners and marks that change their neighbours.
    let scripts = (1..0x300_u32)
        .chain(0x3E0..0x400)
        .flat_map(|block| [0x13, 0x41].map(|at| block * 0x80 + at));
    let letters = scripts.step_by(13).filter_map(char::from_u32);
    let joining = [
        '\u{AD}', '\u{200B}', '\u{200D}', '\u{301}', '\u{3099}', '\u{1161}', '\u{FE0F}',
        '\u{20E3}', '🔹', '★', '👍',
    ];
    units.extend(letters.chain(joining).map(String::from));
    units.extend(MARKUP.iter().map(|unit| (*unit).to_owned()));
    for name in NAMES {
        units.extend([
            name.to_owned(),
            format!("{name} "),
            format!("{name}, "),
            format!("\n- {name}"),
        ]);
    }
    units.extend(words(include_str!(
        "../../crates/analysis/src/sentiment/words/english/grammar.txt"
    )));
    units.extend(words(include_str!(
        "../../crates/analysis/src/sentiment/words/spanish/grammar.txt"
    )));
    let advice = [
        "recommend ",
        "recommend Kipu, ",
        "avoid ",
        "our pick: ",
        "the best choice ",
        "Brands to avoid:\n",
        "Sources:\n",
        "Pros:\n",
        "first, ",
    ];
    units.extend(advice.map(str::to_owned));
    units.into_iter().collect()
}

/// The first words of each rule of a list.
fn words(list: &str) -> impl Iterator<Item = String> {
    let rules = list.lines().filter(|line| !line.starts_with('#'));
    let firsts = rules.filter_map(|line| line.split_once(": ").map(|(_, words)| words));
    firsts.map(|words| {
        let word = words.split(',').next().unwrap_or_default();
        let word = word.split('|').next().unwrap_or_default();
        format!("{word} a, ")
    })
}

/// One piece or several, each of some units.
pub(crate) fn pieces(units: Vec<String>) -> impl Strategy<Value = Vec<Piece>> {
    let unit = prop::sample::select(units);
    let some = |unit, least| {
        prop::collection::vec(unit, least..4).prop_map(|units: Vec<String>| units.concat())
    };
    let piece =
        (some(unit.clone(), 0), some(unit, 1)).prop_map(|(once, unit)| Piece { once, unit });
    prop::collection::vec(piece, 1..4)
}

/// Texts that took the square of their length in some version, and their neighbours.
pub(crate) fn written_by_hand() -> Vec<(&'static str, Vec<Piece>)> {
    let of = Piece::of;
    let behind = Piece::behind;
    vec![
        ("a host of many labels", vec![behind("http://", "a.")]),
        ("a host in a link", vec![behind("[see](https://", "www.")]),
        ("dots behind a word", vec![of("a"), of(".")]),
        ("dots and hyphens", vec![of(".-_")]),
        ("names without spaces", vec![of("카카오")]),
        ("quotes and lines", vec![of("> "), behind("Kipu\n", "a\n")]),
        (
            "quotes, and lines within",
            vec![of("> "), behind("Kipu\n", "> a\n")],
        ),
        (
            "items and lines",
            vec![behind("\n", "- "), behind("Kipu\n", "a\n")],
        ),
        (
            "items by tabs",
            vec![behind("\n", "-\t"), behind("Kipu\n", "a\n")],
        ),
        (
            "numbers and lines",
            vec![behind("\n", "1. "), behind("Kipu\n", "a\n")],
        ),
        (
            "footnotes and lines",
            vec![behind("\n", "[^a]: "), behind("Kipu\n", "a\n")],
        ),
        (
            "lists under a long heading",
            vec![behind("\n# a", "!"), behind("\n", "- a\n\nKipu\n\n")],
        ),
        (
            "columns of ranks",
            vec![behind("\n<table><tr>", "<th>Rank"), of("<tr><td>Kipu")],
        ),
        (
            "a table of columns",
            vec![
                behind("\n\n|", "Rank|"),
                behind("\n|", "-|"),
                behind("\n", "|x|\n"),
            ],
        ),
        ("a denied list", vec![behind("never lost a bag", ", a")]),
        ("words of an item", vec![behind("\n- Kipu\n- ", "A ")]),
        ("signs of sources", vec![of("[1]")]),
        ("open signs of sources", vec![of("【1")]),
        ("links without a bracket", vec![of("](http")]),
        ("links without an end", vec![of("](http://a ")]),
        (
            "links with a long target",
            vec![behind("[a](http://", "a"), of("](http")],
        ),
    ]
}
