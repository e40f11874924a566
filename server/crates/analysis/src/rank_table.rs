//! Tables with a rank column, and those whose names carry their numbers.

use std::ops::Range;

use super::avoid::introduces_avoidance;
use super::decoration;
use super::list_leads::Leads;
use super::lists::{Entry, Series};
use super::markers::{self, Marker};
use super::rank_cells::cell_number;
use super::structure::{Document, Table};

/// Headers that say "rank", folded; also with other words beside them.
#[rustfmt::skip] // a table, not a list of lines
const RANKS: &[&str] = &[
    "rank", "ranking", "ranked", "position", "place", "placement", "standing",
    "puesto", "posicion", "clasificacion", "rango",
    "rang", "classement",
    "platz", "platzierung", "rangfolge", "rangliste",
    "posizione", "posto", "classifica", "graduatoria",
    "posicao", "classificacao", "colocacao",
    "plaats", "positie", "rangschikking", "plek", "ranglijst", "klassement",
    "miejsce", "pozycja", "ranga", "lokata",
    "posicio", "lloc", "classificacio", "ranquing",
    "postua", "posizioa", "sailkapena", "lekua",
    "placering", "plats", "rankning",
    "место", "позиция", "ранг", "рэнкинг", "ранжирование",
    "名次", "排名", "排行", "位次", "順位", "ランキング", "ランク", "순위", "랭킹", "등수",
    "plass", "plads", "rangering", "sija", "sijoitus", "poradi", "umisteni", "pozice", "helyezes",
    "loc", "pozitie", "sira", "siralama", "місце", "peringkat", "posisi", "hang", "xep hang",
    "θεση", "καταταξη", "דירוג", "מקום", "الترتيب", "المرتبة", "المركز", "رتبه", "रैंक", "क्रम", "স্থান",
    "อันดับ",
];

/// Headers that say it only where nothing stands beside them, without dots and spaces. They
/// may also head a quantity.
#[rustfmt::skip]
const NUMBERS: &[&str] = &[
    "#", "no", "n", "nr", "n°", "num", "number", "pos", "top", "sno", "slno", "srno", "lugar",
    "numero", "nummer", "numer", "lp", "zenbakia", "tokia", "номер", "п/п", "noп/п",
    "序号", "序號", "番号", "번호", "位", "ลําดับ",
];

/// Columns that may hold the ranks: each is looked through for them.
const MOST_COLUMNS: usize = 64;
/// Words that stand beside a rank without taking its place.
const MOST_WORDS: usize = 3;

/// The series of all such tables.
pub(crate) fn series(document: &Document, leads: &Leads<'_>) -> Vec<Series> {
    let text = document.text.text();
    let tables = document.tables.iter();
    tables
        .filter_map(|table| {
            let ranks = rank_column(text, table);
            let (entries, names) = match ranks {
                Some(ranks) => {
                    let names = name_column(text, table, ranks);
                    (ranked_rows(text, table, ranks, names), names)
                }
                None => (numbered_names(text, table)?, 0),
            };
            let mut lead = leads.before_place(table.at).of_table();
            // "Brands to avoid" may stand in the table itself.
            let mut titles = ranks.into_iter().chain([names]);
            lead.avoids |= titles.any(|column| avoids(text, table, column));
            (!entries.is_empty()).then(|| Series {
                at: table.at,
                entries,
                lead,
                ..Series::default()
            })
        })
        .collect()
}

/// Whether the column of this number of a table's rows holds what is looked for.
type Holds = fn(&str, &[Vec<Range<usize>>], usize) -> bool;

/// The column that holds ranks, by its header, or by counting up from 1 under an empty one.
fn rank_column(text: &str, table: &Table) -> Option<usize> {
    let (header, body) = table.rows.split_first()?;
    let columns = header.iter().take(MOST_COLUMNS);
    let titles = || columns.clone().map(|cell| title(text, cell));
    let named = |is_rank: fn(&str) -> bool, holds: Holds| {
        titles()
            .zip(0..)
            .find(|(title, column)| is_rank(title) && holds(text, body, *column))
            .map(|(_, column)| column)
    };
    let counts_up = || {
        let is_sequence = !body.is_empty()
            && body.iter().zip(1..).all(|(row, position)| {
                row.first().and_then(|cell| cell_number(text, cell)) == Some(position)
            });
        (titles().next()?.is_empty() && is_sequence).then_some(0)
    };
    named(|title| RANKS.contains(&title), holds_numbers)
        .or_else(|| named(is_number, numbers_rows))
        .or_else(|| named(has_rank, ranks_rows))
        .or_else(counts_up)
}

/// Whether a column of the rows `body` holds ranks at all.
fn holds_numbers(text: &str, body: &[Vec<Range<usize>>], column: usize) -> bool {
    let mut cells = body.iter().filter_map(|row| row.get(column));
    cells.any(|cell| cell_number(text, cell).is_some())
}

/// Whether a column numbers its rows: from 1 without a gap in any order, or as they stand, as
/// the second half of a list does. A quantity does neither.
fn numbers_rows(text: &str, body: &[Vec<Range<usize>>], column: usize) -> bool {
    let Some(mut numbers) = only_numbers(text, body, column) else {
        return false;
    };
    let counts_up = |numbers: &[u32]| {
        let mut pairs = numbers.windows(2);
        pairs.all(|pair| matches!(pair, [a, b] if a.checked_add(1) == Some(*b)))
    };
    // A table's own numbers stand first.
    if column == 0 && numbers.len() > 1 && counts_up(&numbers) {
        return true;
    }
    numbers.sort_unstable();
    numbers.first() == Some(&1) && counts_up(&numbers)
}

/// The same where several may share a place, as in "1, 2, 2, 4".
fn ranks_rows(text: &str, body: &[Vec<Range<usize>>], column: usize) -> bool {
    if numbers_rows(text, body, column) {
        return true;
    }
    let Some(mut numbers) = only_numbers(text, body, column) else {
        return false;
    };
    numbers.sort_unstable();
    let mut places = numbers.windows(2).zip(2..);
    numbers.first() == Some(&1)
        && places
            .all(|(pair, position)| matches!(pair, [a, b] if b.abs_diff(*a) <= 1 || *b == position))
}

/// The numbers of a column, in the order of its rows; `None` where figures of another kind
/// stand in it.
fn only_numbers(text: &str, body: &[Vec<Range<usize>>], column: usize) -> Option<Vec<u32>> {
    let cells = body.iter().filter_map(|row| row.get(column));
    let has_figures = |cell: &Range<usize>| {
        let shown = text.get(cell.clone()).unwrap_or_default();
        shown.contains(char::is_numeric)
    };
    let numbered = cells.map(|cell| (cell_number(text, cell), has_figures(cell)));
    numbered
        .filter(|(number, has_figures)| number.is_some() || *has_figures)
        .map(|(number, _)| number)
        .collect()
}

/// Whether the header of a column says that what it names is not to be taken.
fn avoids(text: &str, table: &Table, column: usize) -> bool {
    let cell = table.rows.first().and_then(|header| header.get(column));
    let shown = cell.and_then(|cell| text.get(cell.clone()));
    shown.is_some_and(|shown| introduces_avoidance(shown, true))
}

/// Whether a header says "number".
fn is_number(title: &str) -> bool {
    let compact: String = title.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
    NUMBERS.contains(&compact.as_str())
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

fn ranked_rows(text: &str, table: &Table, column: usize, name_column: usize) -> Vec<Entry> {
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
            ("Ranglijst", true),
            ("Rangliste", true),
            ("Rànquing", true),
            ("Lokata", true),
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
        for header in [
            "#",
            "№",
            "No.",
            "Nº",
            "S.No.",
            "S. No.",
            "Lp.",
            "L.p.",
            "№ п/п",
            "#️⃣",
        ] {
            let header = fold(header);
            let found = title(&header, &(0..header.len()));
            assert!(found.is_empty() || is_number(found), "{header}: {found}");
        }
    }

    #[test]
    fn columns_that_number_their_rows() {
        for (cells, numbers, ranks) in [
            ("1|2|3", true, true),
            ("3|1|2", true, true),
            ("4|5|6", true, true),
            ("1|-|2", true, true),
            ("1|2|2|4", false, true),
            ("1|1|2|3", false, true),
            ("3|2", false, false),
            ("250|120", false, false),
            ("1|3|40", false, false),
            ("1|2|3.5", false, false),
            ("7", false, false),
            ("-", false, false),
        ] {
            let mut at = 0;
            let mut rows = Vec::new();
            for cell in cells.split('|') {
                let place = at..at + cell.len();
                rows.push(vec![place]);
                at += cell.len() + 1;
            }
            assert_eq!(numbers_rows(cells, &rows, 0), numbers, "{cells}");
            assert_eq!(ranks_rows(cells, &rows, 0), ranks, "{cells}");
        }
    }
}
