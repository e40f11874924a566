//! Measures how often the local classifier tells advice from praise, on sentences that it was
//! not tuned on.
//!
//! `sentiment/advice.json` was written before the rules were tried: half to tune them on, half
//! held out, each half in English and Spanish, about other invented companies.

use analysis::sentiment::{Language, attitudes};
use serde::Deserialize;

#[derive(Deserialize)]
struct Passage {
    language: String,
    held_out: bool,
    /// Whom the label is about.
    entity: String,
    /// Other watched entities that the text names.
    others: Vec<String>,
    recommended: Option<bool>,
    text: String,
}

/// In the order of the rows and columns of a matrix.
const ANSWERS: [Option<bool>; 3] = [Some(true), None, Some(false)];

fn passages() -> Vec<Passage> {
    serde_json::from_str(include_str!("sentiment/advice.json")).expect("the labelled set")
}

fn spans(text: &str, name: &str) -> Vec<(usize, usize)> {
    text.match_indices(name)
        .map(|(at, found)| (at, at + found.len()))
        .collect()
}

fn said(passage: &Passage) -> Option<bool> {
    let names = std::iter::once(&passage.entity).chain(&passage.others);
    let mentions: Vec<_> = names.map(|name| spans(&passage.text, name)).collect();
    let language = Language::from_code(&passage.language);
    attitudes(&passage.text, language, &mentions)[0]
        .expect("a known language")
        .recommended
}

/// Rows are the labels, columns what was said; and how many were right.
fn measure(held_out: bool, language: &str) -> ([[u32; 3]; 3], u32, u32) {
    let mut matrix = [[0; 3]; 3];
    let place = |answer| ANSWERS.iter().position(|known| *known == answer);
    let (mut right, mut all) = (0, 0);
    for passage in passages() {
        if passage.held_out != held_out || passage.language != language {
            continue;
        }
        let said = said(&passage);
        if said != passage.recommended && !held_out {
            println!("said {said:?}: {}", passage.text);
        }
        matrix[place(passage.recommended).expect("a row")][place(said).expect("a column")] += 1;
        right += u32::from(said == passage.recommended);
        all += 1;
    }
    (matrix, right, all)
}

#[test]
fn nine_of_ten_pieces_of_advice_are_told_from_praise() {
    for held_out in [false, true] {
        for language in ["en", "es"] {
            let (matrix, right, all) = measure(held_out, language);
            println!("{language}, held out: {held_out}: {right} of {all} right");
            for row in matrix {
                println!("{row:>4?}");
            }
            assert!(right * 10 >= all * if held_out { 8 } else { 9 });
            let turned_round = matrix[0][2] + matrix[2][0];
            assert!(turned_round * 20 <= all, "{turned_round} opposites");
        }
    }
}

#[test]
fn the_set_is_balanced_and_its_halves_share_no_name() {
    let passages = passages();
    assert!(passages.len() >= 120);
    for language in ["en", "es"] {
        for held_out in [false, true] {
            let part: Vec<_> = passages
                .iter()
                .filter(|p| p.language == language && p.held_out == held_out)
                .collect();
            assert!(part.len() >= 30, "{language}");
            for answer in ANSWERS {
                let count = part.iter().filter(|p| p.recommended == answer).count();
                assert!(count * 5 >= part.len(), "{language}: {answer:?}");
            }
        }
    }
    let names = |held_out| {
        passages
            .iter()
            .filter(move |p| p.held_out == held_out)
            .map(|p| p.entity.as_str())
    };
    assert!(names(true).all(|name| names(false).all(|other| other != name)));
}
