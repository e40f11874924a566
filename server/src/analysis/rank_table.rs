//! Tables with a rank column, and those whose names carry their numbers.

use std::ops::Range;

use super::decoration;
use super::list_leads::Leads;
use super::lists::{Entry, Series};
use super::markers::{self, HIGHEST, Marker};
use super::structure::{Document, Table};

/// Headers that say "rank", folded; also with other words beside them.
#[rustfmt::skip] // a table, not a list of lines
const RANKS: &[&str] = &[
    "rank", "ranking", "ranked", "position", "place", "placement", "standing",
    "puesto", "posicion", "clasificacion", "rango",
    "rang", "classement",
    "platz", "platzierung", "rangfolge",
    "posizione", "posto", "classifica", "graduatoria",
    "posicao", "classificacao", "colocacao",
    "plaats", "positie", "rangschikking", "plek",
    "miejsce", "pozycja", "ranga",
    "posicio", "lloc", "classificacio",
    "postua", "posizioa", "sailkapena", "lekua",
    "placering", "plats", "rankning",
    "место", "позиция", "ранг", "рэнкинг", "ранжирование",
    "名次", "排名", "排行", "位次", "順位", "ランキング", "ランク", "순위", "랭킹", "등수",
    "plass", "plads", "rangering", "sija", "sijoitus", "poradi", "umisteni", "pozice", "helyezes",
    "loc", "pozitie", "sira", "siralama", "місце", "peringkat", "posisi", "hang", "xep hang",
    "θεση", "καταταξη", "דירוג", "מקום", "الترتيب", "المرتبة", "المركز", "رتبه", "रैंक", "क्रम", "স্থান",
    "อันดับ",
];

/// Headers that say it only where nothing stands beside them.
#[rustfmt::skip]
const NUMBERS: &[&str] = &[
    "#", "no", "n", "nr", "n.o", "n°", "num", "number", "pos", "top", "s.no", "sl.no", "sr.no",
    "lugar", "numero", "nummer", "numer", "lp", "zenbakia", "tokia", "номер", "п/п", "no п/п",
    "序号", "序號", "番号", "번호", "位", "ลําดับ",
];

/// Words that stand beside a rank without taking its place.
const MOST_WORDS: usize = 3;

/// The series of all such tables.
pub(crate) fn series(document: &Document, leads: &Leads<'_>) -> Vec<Series> {
    let text = document.text.text();
    let tables = document.tables.iter();
    tables
        .filter_map(|table| {
            let entries = match rank_column(text, table) {
                Some(column) => ranked_rows(text, table, column),
                None => numbered_names(text, table)?,
            };
            (!entries.is_empty()).then(|| Series {
                at: table.at,
                entries,
                lead: leads.before_place(table.at).of_table(),
                ..Series::default()
            })
        })
        .collect()
}

/// The column that holds ranks, by its header, or by counting up from 1 under an empty one.
fn rank_column(text: &str, table: &Table) -> Option<usize> {
    let (header, body) = table.rows.split_first()?;
    let holds_numbers = |column: usize| {
        let mut cells = body.iter().filter_map(|row| row.get(column));
        cells.any(|cell| cell_number(text, cell).is_some())
    };
    let titles = || header.iter().map(|cell| title(text, cell));
    let named = |is_rank: fn(&str) -> bool| {
        titles()
            .zip(0..)
            .find(|(title, column)| is_rank(title) && holds_numbers(*column))
            .map(|(_, column)| column)
    };
    let counts_up = || {
        let is_sequence = !body.is_empty()
            && body.iter().zip(1..).all(|(row, position)| {
                row.first().and_then(|cell| cell_number(text, cell)) == Some(position)
            });
        (titles().next()?.is_empty() && is_sequence).then_some(0)
    };
    named(|title| RANKS.contains(&title) || NUMBERS.contains(&title))
        .or_else(|| named(has_rank))
        .or_else(counts_up)
}

/// What a header says, without ornaments, brackets and marks around it.
fn title<'a>(text: &'a str, cell: &Range<usize>) -> &'a str {
    let shown = text.get(cell.clone()).unwrap_or_default();
    let shown = shown.get(decoration::length(shown)..).unwrap_or_default();
    let shown = shown.split(['(', '[', '（']).next().unwrap_or_default();
    let is_around = |c: char| {
        c.is_whitespace() || matches!(c, '.' | ':' | '*' | '?') || decoration::is_ornament(c)
    };
    let trimmed = shown.trim_matches(is_around);
    // "# Rank", "Rank #"
    let without_hash = trimmed.trim_matches(['#', ' ']);
    if without_hash.is_empty() {
        trimmed
    } else {
        without_hash
    }
}

/// "Overall rank", "Puesto 2026".
fn has_rank(title: &str) -> bool {
    let words = || {
        title
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
    };
    words().count() <= MOST_WORDS && words().any(|word| RANKS.contains(&word))
}

/// The column that names what is ranked: by its header, else the first beside the ranks.
fn name_column(text: &str, table: &Table, rank_column: usize) -> usize {
    #[rustfmt::skip] // a table, not a list of lines
    const HEADERS: &[&str] = &[
        "name", "tool", "product", "brand", "company", "provider", "vendor", "service", "platform",
        "software", "app", "solution", "model",
        "nombre", "herramienta", "producto", "marca", "empresa", "proveedor", "servicio",
        "plataforma", "aplicacion",
        "nom", "outil", "produit", "marque", "entreprise",
        "anbieter", "werkzeug", "produkt", "marke", "firma",
        "nome", "strumento", "prodotto", "azienda", "ferramenta", "produto",
        "naam", "merk", "bedrijf", "aanbieder", "dienst",
        "nazwa", "narzedzie", "dostawca",
        "eina", "producte", "proveidor",
        "izena", "tresna", "produktua", "enpresa",
        "namn", "verktyg", "foretag", "leverantor", "tjanst",
        "название", "инструмент", "продукт", "бренд", "компания", "сервис", "марка",
        "名称", "品牌", "产品", "工具", "公司", "名前", "製品", "ブランド", "ツール", "サービス",
        "会社", "이름", "제품", "브랜드", "도구", "회사", "서비스",
    ];
    let header = table.rows.first().map(Vec::as_slice).unwrap_or_default();
    let named = header.iter().enumerate().position(|(column, cell)| {
        let title = text.get(cell.clone()).unwrap_or_default().trim();
        column != rank_column
            && title
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| HEADERS.contains(&word))
    });
    named.unwrap_or(usize::from(rank_column == 0))
}

fn ranked_rows(text: &str, table: &Table, column: usize) -> Vec<Entry> {
    let name_column = name_column(text, table, column);
    table
        .rows
        .iter()
        .skip(1)
        .filter_map(|row| {
            let number = cell_number(text, row.get(column)?)?;
            let head = row.get(name_column)?;
            let again = cell_marker(text, head)
                .filter(|marker| marker.number == number)
                .map_or(0, |marker| marker.length);
            Some(Entry {
                number,
                head: Some(head.start + again..head.end),
            })
        })
        .collect()
}

/// The rows of a table without a rank column whose first cells count up by themselves:
/// "🥇 1. Kipu".
fn numbered_names(text: &str, table: &Table) -> Option<Vec<Entry>> {
    let body = table.rows.get(1..)?;
    let entries: Option<Vec<Entry>> = body
        .iter()
        .zip(1..)
        .map(|(row, position)| {
            let cell = row.first()?;
            let marker = cell_marker(text, cell).filter(|marker| marker.number == position)?;
            Some(Entry {
                number: position,
                head: Some(cell.start + marker.length..cell.end),
            })
        })
        .collect();
    entries.filter(|entries| entries.len() > 1)
}

/// The marker, with a sign of its own, before what a cell says.
fn cell_marker(text: &str, cell: &Range<usize>) -> Option<Marker> {
    let shown = text.get(cell.clone())?;
    let marker = markers::parse(shown, false)?;
    let says_more = shown.get(marker.length..)?.contains(char::is_alphanumeric);
    (marker.style.has_sign() && says_more).then_some(marker)
}

/// The rank in a cell: "1", "1.", "#1", "1st", a medal or keycap, among ornaments.
fn cell_number(text: &str, cell: &Range<usize>) -> Option<u32> {
    let shown = text.get(cell.clone())?.trim();
    let shown = shown.trim_end_matches(|c: char| c == ' ' || decoration::is_ornament(c));
    let number = plain_number(shown).or_else(|| {
        // A medal alone is an ornament to the last line.
        let whole = text.get(cell.clone())?.trim();
        let marker = markers::parse(whole, false)?;
        let is_nothing = |rest: &str| decoration::length(rest) == rest.len();
        whole
            .get(marker.length..)
            .is_some_and(is_nothing)
            .then_some(marker.number)
    })?;
    (1..=HIGHEST).contains(&number).then_some(number)
}

/// "1", "1.", "#1)", "🥇 1".
fn plain_number(shown: &str) -> Option<u32> {
    let figure = shown.get(decoration::length(shown)..)?;
    figure
        .trim_start_matches('#')
        .trim_end_matches(['.', ')', ':'])
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn headers_are_folded() {
        for word in RANKS.iter().chain(NUMBERS) {
            assert_eq!(fold(word), *word);
        }
    }

    #[test]
    fn what_a_header_says() {
        for (header, is_rank) in [
            ("Rank", true),
            ("**Rank**", true),
            ("🏆 Rank", true),
            ("Rank 🏆", true),
            ("# Rank", true),
            ("Rank #", true),
            ("Rank (2026)", true),
            ("Overall Rank", true),
            ("Puesto", true),
            ("Ranking 2026:", true),
            ("Место", true),
            ("順位", true),
            ("排名", true),
            ("순위", true),
            ("Posição", true),
            ("Rating", false),
            ("Score", false),
            ("Tool", false),
            ("", false),
            ("How we rank the tools", false),
        ] {
            let header = fold(&header.replace('*', ""));
            let found = title(&header, &(0..header.len()));
            assert_eq!(
                RANKS.contains(&found) || has_rank(found),
                is_rank,
                "{header}"
            );
        }
        for header in ["#", "№", "No.", "Nº", "S.No.", "Lp.", "#️⃣"] {
            let header = fold(header);
            let found = title(&header, &(0..header.len()));
            assert!(
                found.is_empty() || NUMBERS.contains(&found),
                "{header}: {found}"
            );
        }
    }

    #[test]
    fn ranks_of_cells() {
        for (cell, expected) in [
            ("1", Some(1)),
            ("1.", Some(1)),
            ("#1", Some(1)),
            ("1st", Some(1)),
            ("🥇", Some(1)),
            ("🥇 1", Some(1)),
            ("1 🥇", Some(1)),
            ("🔹 2.", Some(2)),
            ("2️⃣", Some(2)),
            ("②", Some(2)),
            ("(2)", Some(2)),
            ("[2]", Some(2)),
            ("№ 2", Some(2)),
            ("2º", Some(2)),
            ("2 ▲", Some(2)),
            ("II", Some(2)),
            ("Second", Some(2)),
            ("第二", Some(2)),
            ("٢", Some(2)),
            ("२", Some(2)),
            ("๒", Some(2)),
            ("2-е", Some(2)),
            ("", None),
            ("5 €", None),
            ("4.5", None),
            ("5/5", None),
            ("-", None),
            ("9999", None),
            ("🏆", Some(1)),
        ] {
            let folded = fold(cell);
            assert_eq!(cell_number(&folded, &(0..folded.len())), expected, "{cell}");
        }
    }
}
