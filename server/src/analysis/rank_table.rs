//! Tables with a rank column.

use std::ops::Range;

use super::lists::{Entry, Lead, Series};
use super::markers::{self, HIGHEST};
use super::structure::{Document, Table};

/// The series of all such tables.
pub(crate) fn series(document: &Document) -> impl Iterator<Item = Series> {
    let text = document.text.text();
    document.tables.iter().filter_map(move |table| {
        let entries = ranked_rows(text, table, rank_column(text, table)?);
        (!entries.is_empty()).then(|| Series {
            at: table.at,
            entries,
            lead: Lead::default(),
            may_argue: false,
        })
    })
}

/// The column that holds ranks, by its header, or by counting up from 1 under an empty one.
fn rank_column(text: &str, table: &Table) -> Option<usize> {
    const HEADERS: &[&str] = &[
        "#",
        "rank",
        "ranking",
        "position",
        "pos",
        "place",
        "no",
        "n",
        "nr",
        "n.o",
        "n.",
        "no.",
        "number",
        "puesto",
        "posicion",
        "lugar",
        "rango",
        "numero",
        "rang",
        "platz",
        "classement",
        "place",
        "posizione",
        "posto",
        "posicao",
        "名次",
        "排名",
        "順位",
        "순위",
    ];
    let (header, body) = table.rows.split_first()?;
    let named = header.iter().position(|cell| {
        let title = text.get(cell.clone()).unwrap_or_default().trim();
        HEADERS.contains(&title.trim_end_matches(['.', ':']))
    });
    let counts_up = || {
        let title = text.get(header.first()?.clone())?;
        let is_sequence = !body.is_empty()
            && body.iter().zip(1..).all(|(row, position)| {
                row.first().and_then(|cell| cell_number(text, cell)) == Some(position)
            });
        (title.trim().is_empty() && is_sequence).then_some(0)
    };
    named.or_else(counts_up)
}

/// The column that names what is ranked: by its header, else the first beside the ranks.
fn name_column(text: &str, table: &Table, rank_column: usize) -> usize {
    const HEADERS: &[&str] = &[
        "name",
        "tool",
        "product",
        "brand",
        "company",
        "provider",
        "vendor",
        "service",
        "platform",
        "software",
        "app",
        "solution",
        "model",
        "nombre",
        "herramienta",
        "producto",
        "marca",
        "empresa",
        "proveedor",
        "servicio",
        "plataforma",
        "aplicacion",
        "nom",
        "outil",
        "produit",
        "marque",
        "entreprise",
        "anbieter",
        "werkzeug",
        "produkt",
        "marke",
        "firma",
        "nome",
        "strumento",
        "prodotto",
        "azienda",
        "ferramenta",
        "produto",
        "名称",
        "品牌",
        "产品",
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
            let head = row.get(name_column).cloned();
            Some(Entry { number, head })
        })
        .collect()
}

/// The rank in a cell: "1", "1.", "#1", "1st", a medal or keycap.
fn cell_number(text: &str, cell: &Range<usize>) -> Option<u32> {
    let shown = text.get(cell.clone())?.trim();
    let digits = shown.trim_start_matches('#').trim_end_matches(['.', ')']);
    let number = match digits.parse() {
        Ok(number) => number,
        Err(_) => {
            markers::parse(shown, false)
                .filter(|m| m.length == shown.len())?
                .number
        }
    };
    (1..=HIGHEST).contains(&number).then_some(number)
}
