use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

/// A layout in short: each block with its number, its runs with their styles, and what is in it.
fn drawn(text: &str) -> String {
    let layout = layout(text);
    let mut drawn = String::new();
    draw(&layout, &layout.blocks, text, &mut drawn);
    drawn
}

fn draw(layout: &Layout, blocks: &[Block], text: &str, drawn: &mut String) {
    for block in blocks {
        let number = block
            .number
            .map_or(String::new(), |number| number.to_string());
        write!(drawn, "{}{number}(", block.kind).expect("a string");
        for run in &block.runs {
            let styles: String = run.styles.iter().map(|style| style.word()).collect();
            let shown = run.shown.as_deref().unwrap_or(&text[run.start..run.end]);
            let target = run.target.map(|target| layout.targets[target].as_str());
            let target = target.map_or(String::new(), |target| format!("→{target}"));
            let shown = shown.replace('\n', "⏎");
            match (styles.as_str(), target.as_str()) {
                ("", "") => drawn.push_str(&shown),
                _ => write!(drawn, "[{shown}|{styles}{target}]").expect("a string"),
            }
        }
        draw(layout, &block.blocks, text, drawn);
        drawn.push(')');
    }
}

#[test]
fn marks_become_blocks_and_styles() {
    for (text, expected) in [
        ("", ""),
        ("Try Kipu.", "p(Try Kipu.)"),
        ("one\ntwo\n\nthree", "p(one⏎two)p(three)"),
        ("**Kipu** is *good*", "p([Kipu|b] is [good|i])"),
        ("***both*** ~~gone~~ `a*b`", "p([both|bi] [gone|s] [a*b|c])"),
        ("## Best\nKipu", "h1(Best)p(Kipu)"),
        (
            "1. Kipu\n   - cheap\n2. Acme",
            "ol1(li(Kipuul(li(cheap)))li(Acme))",
        ),
        ("3) Kipu\n4) Acme", "ol3(li(Kipu)li(Acme))"),
        ("- a\n\n- b", "ul(li(p(a))li(p(b)))"),
        ("> Kipu", "q(p(Kipu))"),
        ("```js\nlet a;\n```", "pre(let a;⏎)"),
        ("a\n\n---\n\nb", "p(a)hr()p(b)"),
        (
            "see [Kipu](https://kipu.example/a)",
            "p(see [Kipu|→https://kipu.example/a])",
        ),
        (
            "|Tool|Price|\n|-|-|\n|**Kipu**|1|",
            "table(tr(th(Tool)th(Price))tr(td([Kipu|b])td(1)))",
        ),
        ("- [x] done", "ul(li(☑ done))"),
        ("AT&amp;T \\* 1", "p(AT&T * 1)"),
    ] {
        assert_eq!(drawn(text), expected, "{text}");
    }
}

#[test]
fn html_is_text_and_only_its_line_breaks_break() {
    assert_eq!(
        drawn("a <script>alert(1)</script> b"),
        "p(a <script>alert(1)</script> b)"
    );
    assert_eq!(
        drawn("<img src=x onerror=alert(1)>"),
        "p(<img src=x onerror=alert(1)>)"
    );
    assert_eq!(drawn("a<br>b<BR />c"), "p(a⏎b⏎c)");
    // An image is what it is called.
    assert_eq!(drawn("![Kipu](https://kipu.example/a.png)"), "p(Kipu)");
}

#[test]
fn headings_never_skip_a_level() {
    let levels = |text: &str| {
        let blocks = layout(text).blocks;
        let of = |block: &Block| block.number;
        blocks.iter().filter_map(of).collect::<Vec<u64>>()
    };
    assert_eq!(levels("### a\n# b\n#### c\n## d\n### e"), [1, 1, 2, 2, 3]);
    assert_eq!(levels("# a\n## b\n### c\n#### d"), [1, 2, 3, 3]);
}

#[test]
fn targets_are_said_once() {
    let text = "[a](https://kipu.example) [b](https://kipu.example) [c](https://acme.example)";
    assert_eq!(
        layout(text).targets,
        ["https://kipu.example", "https://acme.example"]
    );
    let long = format!("[a](https://kipu.example/{})", "x".repeat(LONGEST_TARGET));
    assert_eq!(drawn(&long), "p(a)");
}

#[test]
fn the_beginning_is_without_marks() {
    assert_eq!(
        beginning(
            "## Best tools\n\n1. **Kipu**: [cheap](https://kipu.example)\n2. Acme",
            160
        ),
        "Best tools Kipu: cheap Acme"
    );
    assert_eq!(beginning("ñandú **uno**", 7), "ñandú u");
    assert_eq!(beginning("", 160), "");
}

#[test]
fn what_is_too_long_or_too_deep_is_shown_as_it_came() {
    let long = format!("**Kipu**\n\n{}", "*a* ".repeat(MOST_PIECES));
    let of_long = layout(&long);
    let pieces: usize = of_long
        .blocks
        .iter()
        .map(|block| 1 + block.runs.len())
        .sum();
    assert!(pieces <= MOST_PIECES + 2, "{pieces}");
    let last = of_long.blocks.last().expect("the rest");
    assert_eq!(last.runs.last().map(|run| run.end), Some(long.len()));

    let huge = format!("# Kipu\n\n{}\n\n*end*", "a".repeat(MOST_BYTES));
    assert_eq!(layout(&huge).blocks.len(), 2);

    let deep = format!("{}Kipu", "> ".repeat(60));
    let text = serde_json::to_string(&layout(&deep)).expect("JSON");
    let read: Layout = serde_json::from_str(&text).expect("not too deep to be read");
    assert_eq!(read, layout(&deep));
    assert!(beginning(&deep, 160).contains("Kipu"));
}

/// All runs of blocks, from top to bottom, and how deep the blocks stand in each other.
fn runs(blocks: &[Block]) -> (Vec<&Run>, usize) {
    let mut all = Vec::new();
    let mut deepest = 0;
    for block in blocks {
        all.extend(&block.runs);
        let (inner, depth) = runs(&block.blocks);
        all.extend(inner);
        deepest = deepest.max(depth + 1);
    }
    (all, deepest)
}

proptest! {
    #[test]
    fn every_run_stands_in_the_text_behind_the_one_before(
        text in "(?s).{0,120}|([-#*`|:.>~_ \n]|\\[a\\]|\\(b\\)|<br>|&amp;|Kipu|ñ|1\\. |  ){0,60}",
    ) {
        let layout = layout(&text);
        let (all, deepest) = runs(&layout.blocks);
        prop_assert!(deepest <= MOST_DEPTH + 1);
        let mut behind = 0;
        for run in all {
            prop_assert!(text.get(run.start..run.end).is_some(), "{run:?}");
            prop_assert!(run.start >= behind, "{run:?} {behind}");
            prop_assert!(run.target.is_none_or(|target| target < layout.targets.len()));
            behind = run.end;
        }
    }

    #[test]
    fn plain_sentences_are_shown_whole(text in "[A-Za-zñé]{1,8}( [a-zñé]{1,8}){0,20}[.]") {
        prop_assert_eq!(beginning(&text, 500), text);
    }
}
