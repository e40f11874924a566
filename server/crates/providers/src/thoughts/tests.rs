use proptest::prelude::*;

use super::tags::{THOUGHTS, WRAPPERS};
use super::*;
use crate::{Citation, Outcome, Usage};

fn visible(text: &str) -> String {
    RemovedRanges::from(not_answer(text)).rest_of(text)
}

#[test]
fn every_tag_of_the_table_hides_what_it_holds() {
    for (open, close) in THOUGHTS {
        for (open, close) in [
            ((*open).to_owned(), (*close).to_owned()),
            (open.to_uppercase(), close.to_uppercase()),
        ] {
            assert_eq!(visible(&format!("{open}Tallo?{close}\n\nVerrin")), "Verrin");
            assert_eq!(
                visible(&format!("\n {open}\nTallo?\n{close}{open}b{close} Verrin")),
                "Verrin"
            );
            assert_eq!(
                visible(&format!("{open} Tallo, and then")),
                "",
                "cut by the limit"
            );
            assert_eq!(
                visible(&format!("Tallo?\n{close}\n\nVerrin")),
                "Verrin",
                "{close}"
            );
            assert_eq!(
                visible(&format!("Tallo? {close}{open}no{close}Verrin")),
                "Verrin",
                "{close}"
            );
            let quoted = format!("It writes `{open}` and `{close}` around them.");
            assert_eq!(visible(&quoted), quoted);
            let fenced = format!("Like so:\n\n```\n{open}\nTallo\n{close}\n```\n\nDone.");
            assert_eq!(visible(&fenced), fenced);
            let named = format!("Between {open} and {close} stands a thought.");
            assert_eq!(visible(&named), named);
        }
    }
}

#[test]
fn code_in_thoughts_does_not_keep_them() {
    let quoting = "<think>It ends with `</think>`, I know.</think>Verrin";
    assert_eq!(visible(quoting), "Verrin");
    let open_block = "<think>Draft:\n```\nTallo\n</think>\n\nVerrin\n```\nlet a;\n```\n";
    assert!(visible(open_block).starts_with("Verrin"));
    assert_eq!(visible("<think>It ends with `</think>` and"), "");
    let bare = "They asked about <think> tags.\nWell.\n</think>\nVerrin";
    assert_eq!(visible(bare), "Verrin");
}

#[test]
fn a_model_that_thinks_aloud_does_so_in_between_too() {
    let text = "<think>a</think>Intro\n\n<think>Tallo?</think>\n1. Verrin";
    assert_eq!(visible(text), "Intro\n\n1. Verrin");
    assert_eq!(visible("<think>a</think>Intro\n<think>Tallo"), "Intro\n");
    let named = "<think>a</think>It ends with `</think>` and begins with <think> there.";
    assert_eq!(
        visible(named),
        "It ends with `</think>` and begins with <think> there."
    );
}

#[test]
fn a_mark_that_a_thought_leaves_open_does_not_keep_the_answer() {
    let line = "<think>They wrote `verrin without closing it.</think>1. **Tallo** - see `tallo init`\n2. **Verrin**";
    assert_eq!(
        visible(line),
        "1. **Tallo** - see `tallo init`\n2. **Verrin**"
    );
    let even = "<think>They wrote `verrin.</think>1. **Tallo** - see `tallo\n2. **Verrin**";
    assert_eq!(visible(even), "1. **Tallo** - see `tallo\n2. **Verrin**");
    let bare = "They wrote `verrin.</think>1. **Tallo** - see `tallo init`\n2. **Verrin**";
    assert_eq!(
        visible(bare),
        "1. **Tallo** - see `tallo init`\n2. **Verrin**"
    );
    for block in [
        "<think>```\ndraft\n</think>",
        "<think>\n```\ndraft\n</think>",
        "<think>\n```\ndraft\n</think>\n",
        "<think>\n~~~\ndraft</think>\n",
    ] {
        for answer in ["Verrin it is. ```\ncode\n```", "Verrin.\n~~~\ncode\n~~~"] {
            assert_eq!(visible(&format!("{block}{answer}")), answer, "{block}");
        }
    }
    let later = "<think>\n```\ndraft\n</think>\nIntro\n```\ncode\n```\n\n<think>b</think>Verrin";
    assert_eq!(visible(later), "Intro\n```\ncode\n```\n\nVerrin");
}

#[test]
fn what_code_in_a_thought_quotes_does_not_end_it() {
    let pair = "<think>They mean `a <think> b </think> c`.</think>Verrin";
    assert_eq!(visible(pair), "Verrin");
    let block = "<think>Like\n```\n<think>\nTallo\n</think>\n```\nSo";
    assert_eq!(visible(block), "", "cut by the limit");
    let closed = format!("{block}.</think>Verrin");
    assert_eq!(visible(&closed), "Verrin");
    let doubtful = "<think>It ends with `</think>`, and `Tallo.\n</think>\nVerrin";
    assert_eq!(visible(doubtful), "Verrin");
}

#[test]
fn a_text_about_the_tags_keeps_its_names() {
    for text in [
        "1. **Kipu** strips <think> blocks\n2. **Tallo** looks for </think> only\n3. **Verrin** does nothing",
        "Reasoning models open with a <think> tag.\nKipu strips everything up to </think> and keeps the rest.",
        "Kipu knows `<think>`.\nTallo looks for </think> only, Verrin for neither.",
        "Kipu knows <thinking>.\nTallo looks for </think> only, Verrin for neither.",
    ] {
        assert_eq!(visible(text), text);
        for thought in ["<think>a</think>\n", "a\n</think>\n"] {
            assert_eq!(visible(&format!("{thought}{text}")), text);
        }
    }
    let behind = "<think>a</think>Kipu strips all up to </think> and keeps the rest.";
    assert_eq!(
        visible(behind),
        "Kipu strips all up to </think> and keeps the rest."
    );
}

#[test]
fn a_bare_end_is_believed_at_the_end_of_a_line_or_before_any_opening_tag() {
    assert_eq!(visible("Tallo? </think>Hm. </think>Verrin"), "Verrin");
    assert_eq!(
        visible("Of <think> tags.\nTallo?</think> \r\nVerrin"),
        "Verrin"
    );
    assert_eq!(
        visible("Of <think> tags.\nTallo?\n </think>\nVerrin"),
        "Verrin"
    );
    let nested = "<think>Of <think> and </think> tags. Tallo?</think>Verrin";
    assert_eq!(visible(nested), "Verrin", "one is owed");
}

#[test]
fn what_wraps_the_whole_answer_goes_with_the_thoughts() {
    let list = "1. **Tallo**\n2. **Verrin**";
    for (open, close) in WRAPPERS {
        for (open, close) in [
            ((*open).to_owned(), (*close).to_owned()),
            (open.to_uppercase(), close.to_uppercase()),
        ] {
            let wrapped = format!("{open}{list}{close}");
            assert_eq!(visible(&wrapped), list);
            assert_eq!(visible(&format!("\n{open}\n{list}\n{close}\n")), list);
            for thought in ["<think>a</think>\n", "a\n</think>", "<think>`a</think>"] {
                assert_eq!(visible(&format!("{thought}{wrapped}\n")), list);
            }
            let inside = format!("{open}<think>a</think>{list}\n\n<think>b</think>\n{close}");
            assert_eq!(visible(&inside).trim_end(), list);
            assert_eq!(visible(&format!("{open}\n{close}")), "");
            for kept in [
                format!("{open}{list}"),
                format!("{list}{close}"),
                format!("So: {open}{list}{close}"),
                format!("{open}{list}{close}."),
                format!("`{open}{list}{close}`"),
                format!("```\n{open}{list}{close}\n```"),
                format!("{open}Tallo{close} or {open}Verrin{close}"),
            ] {
                assert_eq!(visible(&kept), kept);
            }
            let quoting = format!("{open}It ends with `{close}`.{close}");
            assert_eq!(visible(&quoting), format!("It ends with `{close}`."));
        }
    }
    let two = format!("<think>a</think><answer><|begin_of_box|>{list}<|end_of_box|></answer>");
    assert_eq!(visible(&two), list);
}

#[test]
fn a_citation_of_what_stays_in_part_is_kept() {
    let text = "<think>Tallo</think><answer>Verrin</answer>";
    let gone = RemovedRanges::from(not_answer(text));
    let place = |piece: &str| {
        let start = text.find(piece).expect("piece");
        gone.moved(start..start + piece.len())
    };
    assert_eq!(place("Verrin"), Some(0..6));
    assert_eq!(place("<answer>Verrin</answer>"), Some(0..6));
    assert_eq!(place("rin</answer>"), Some(3..6));
    assert_eq!((place("Tallo"), place("</answer>")), (None, None));
    let inside = text.find("rin").expect("rin");
    assert_eq!(gone.moved(inside..inside), Some(3..3));
    assert_eq!(gone.moved(9..9), None);
}

#[test]
fn code_in_a_thought_does_not_reach_into_the_answer() {
    let text = "<think>They wrote `tallo.</think>Verrin [1] and `tallo`.";
    let code = code_of_answer(text, &not_answer(text));
    let is_code = |piece: &str| code.hold(text.rfind(piece).expect("piece"));
    assert_eq!((is_code("[1]"), is_code("tallo")), (false, true));
}

/// No more may be looked at for a byte of a text: it is read a few times, whatever it holds.
const LOOKS_A_BYTE: usize = 100;

fn looks(text: &str) -> usize {
    effort::of(|| {
        let gone = not_answer(text);
        drop(code_of_answer(text, &gone));
        drop(RemovedRanges::from(gone).rest_of(text));
    })
}

#[test]
fn the_effort_follows_the_length() {
    let many = 4_000;
    for (before, piece, behind) in [
        (
            "<think>\n```\n",
            "</think>\n<think>\n",
            "</think>\n```\nVerrin",
        ),
        ("<think>a</think>", "b\n<think>`</think>`\n", "Verrin"),
        ("<think>a</think>", "b\n<think>c\n</think>\n", "Verrin"),
        (
            "<think>a</think>",
            "b\n<think>\n```\n</think>x\n```\n",
            "Verrin",
        ),
        ("", "a</think>", "Verrin"),
        (
            "",
            "a\n</think>\n<thinking>",
            "\n```\n<thinking></thinking>\n```",
        ),
        (
            "a <think>\n<thinking> b </think>\n",
            "c\n<think>d </thinking>\ne\n<thinking>f </think>\n",
            "Verrin",
        ),
        ("", "<think>          ", ""),
        ("", "<think>", "</think>"),
        ("", "<answer>", ""),
        ("<think>", "`</think>`` ", ""),
        ("<think>`", " </think>", "`"),
        ("<think>\n```\n", "<think>\n</think> x\n", "```\n"),
    ] {
        let text = format!("{before}{}{behind}", piece.repeat(many));
        let spent = looks(&text);
        assert!(
            spent <= LOOKS_A_BYTE * text.len(),
            "{piece:?}: {spent} for {}",
            text.len()
        );
    }
    let nested = "<answer>".repeat(many) + &"</answer>".repeat(many);
    assert!(looks(&nested) <= LOOKS_A_BYTE * nested.len());
}

#[test]
fn the_longest_answer_is_read() {
    let text = format!(
        "<think>\n```\n{}</think>\n```\nVerrin",
        "</think>\n<think>\n".repeat(8_000)
    );
    assert_eq!(visible(&text), "```\nVerrin");
}

#[test]
fn take_out_moves_what_is_cited() {
    let citation = |start, end| Citation {
        url: "https://a.example/".to_owned(),
        title: None,
        start: Some(start),
        end: Some(end),
        cited: true,
    };
    let mut answer = Answer {
        outcome: Outcome::Empty,
        text: "<think>Tallo</think><answer>Verrin</answer>".to_owned(),
        finish: None,
        model_served: None,
        usage: Usage::default(),
        citations: vec![citation(7, 12), citation(28, 34)],
        request_id: None,
        cost_reported: None,
        search_queries: Vec::new(),
        worth_another: false,
    };
    take_out(&mut answer);
    assert_eq!(answer.text, "Verrin");
    let told: Vec<_> = answer
        .citations
        .iter()
        .map(|cited| (cited.start, cited.cited))
        .collect();
    assert_eq!(told, [(None, false), (Some(0), true)]);
}

proptest! {
    #[test]
    fn what_is_gone_lies_in_order_and_on_boundaries(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<think>", "</think>", "[THINK]", "[/THINK]", "◁think▷", "`", "```\n", "\n", "ñ", "🥐 ", "x",
            "<answer>", "</answer>", "<response>", "</response>",
        ]), 0..14),
    ) {
        let text = pieces.concat();
        let mut before = 0;
        for range in not_answer(&text) {
            prop_assert!(before <= range.start && text.get(range.clone()).is_some());
            before = range.end;
        }
        let once = visible(&text);
        let begins = THOUGHTS.iter().any(|(open, _)| once.trim_start().to_lowercase().starts_with(open));
        prop_assert!(!begins, "{once:?}");
    }

    #[test]
    fn whatever_repeats_is_read_in_line_with_its_length(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<think>", "</think>", "<thinking>", "</thinking>", "`", "``", "```\n", "~~~\n", "\n", "  ",
            "ñ", "x", "<answer>", "</answer>",
        ]), 1..8),
        around in prop::sample::select(vec!["", "<think>", "x\n", "<think>a</think>", "<answer>"]),
    ) {
        let text = format!("{around}{}", pieces.concat().repeat(1_000));
        prop_assert!(looks(&text) <= LOOKS_A_BYTE * text.len());
    }

    #[test]
    fn places_move_with_the_text(before in 0_usize..5, thought in "[a-z]{1,9}", shown in "[A-Z]{1,5}") {
        let text = format!("<think>{thought}</think>{}{shown} end", " ".repeat(before));
        let start = text.find(&shown).expect("shown");
        let gone = RemovedRanges::from(not_answer(&text));
        let place = gone.moved(start..start + shown.len()).expect("a place");
        let after = visible(&text);
        prop_assert_eq!(after.get(place), Some(shown.as_str()));
    }
}
