//! The tags that stand around thoughts and around answers, and where they stand in a text.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::super::code_spans::CodeSpans;
use super::super::effort;

/// What opens a passage of thought, and what closes it; lower case.
pub(super) const THOUGHTS: &[(&str, &str)] = &[
    // DeepSeek, Qwen, GLM, MiniMax, Sonar and most others.
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<thoughts>", "</thoughts>"),
    ("<reasoning>", "</reasoning>"),
    ("<reflection>", "</reflection>"),
    ("<scratchpad>", "</scratchpad>"),
    ("<analysis>", "</analysis>"),
    ("<seed:think>", "</seed:think>"),
    ("<mm:think>", "</mm:think>"),
    ("<longcat_think>", "</longcat_think>"),
    // K2-Think, by effort.
    ("<think_fast>", "</think_fast>"),
    ("<think_faster>", "</think_faster>"),
    // Claude without thinking of its own, and what was trained on its answers.
    ("<antthinking>", "</antthinking>"),
    ("<ant_thinking>", "</ant_thinking>"),
    ("<thought_process>", "</thought_process>"),
    ("<thinking_process>", "</thinking_process>"),
    ("<chain_of_thought>", "</chain_of_thought>"),
    ("<inner_monologue>", "</inner_monologue>"),
    ("<internal_monologue>", "</internal_monologue>"),
    // Magistral.
    ("[think]", "[/think]"),
    // openPangu.
    ("[unused16]", "[unused17]"),
    // Kimi.
    ("◁think▷", "◁/think▷"),
    // Command A, OpenThinker, DeepSeek, and what chat templates make of others.
    ("<|start_thinking|>", "<|end_thinking|>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|begin_of_thinking|>", "<|end_of_thinking|>"),
    ("<｜begin▁of▁thinking｜>", "<｜end▁of▁thinking｜>"),
    ("<|thinking|>", "<|/thinking|>"),
    ("<|think|>", "<|/think|>"),
    ("<|inner_prefix|>", "<|inner_suffix|>"),
    // gpt-oss, Gemma, MedGemma.
    (
        "<|channel|>analysis<|message|>",
        "<|channel|>final<|message|>",
    ),
    (
        "<|start|>assistant<|channel|>analysis<|message|>",
        "<|channel|>final<|message|>",
    ),
    ("<|channel>thought", "<channel|>"),
    ("<unused94>thought", "<unused95>"),
];

/// What stands before and behind the answer of models that set it apart; lower case.
pub(super) const WRAPPERS: &[(&str, &str)] = &[
    // Hunyuan, GLM-V, K2-Think, Granite, Ernie, Marco, and what was trained on their answers.
    ("<answer>", "</answer>"),
    ("<response>", "</response>"),
    ("<output>", "</output>"),
    ("<solution>", "</solution>"),
    ("<conclusion>", "</conclusion>"),
    ("<final_answer>", "</final_answer>"),
    ("<final>", "</final>"),
    // Command A, GLM-V, OpenThinker.
    ("<|start_response|>", "<|end_response|>"),
    ("<|start_text|>", "<|end_text|>"),
    ("<|begin_of_box|>", "<|end_of_box|>"),
    ("<|begin_of_solution|>", "<|end_of_solution|>"),
    ("<|begin_of_answer|>", "<|end_of_answer|>"),
];

/// Every tag of thoughts, each opening one before what closes it.
static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true)
        .build(THOUGHTS.iter().flat_map(|(open, close)| [open, close]))
        .ok()
});

/// A tag of thoughts in a text.
pub(super) struct Tag {
    /// Its bytes.
    pub(super) place: Range<usize>,
    /// What closes the passage: this tag, or the one that belongs to it.
    pub(super) close: &'static str,
    /// Whether it opens a passage.
    pub(super) opens: bool,
    /// The number of its line.
    pub(super) line: usize,
}

/// The tags of thoughts within a part of a text, in order; none lies in another.
pub(super) fn tags(text: &str, within: Range<usize>) -> Vec<Tag> {
    let Some(finder) = &*FINDER else {
        return Vec::new();
    };
    effort::spend(within.len());
    let mut line = 0;
    let mut counted = within.start;
    let mut found = Vec::new();
    for one in finder.find_iter(&text[within.clone()]) {
        let pattern = one.pattern().as_usize();
        let Some((_, close)) = THOUGHTS.get(pattern / 2) else {
            continue;
        };
        let place = within.start + one.start()..within.start + one.end();
        let between = &text.as_bytes()[counted..place.start];
        line += between.split(|byte| *byte == b'\n').skip(1).count();
        counted = place.start;
        found.push(Tag {
            place,
            close,
            opens: pattern.is_multiple_of(2),
            line,
        });
    }
    found
}

/// The tags of a wrapper that a part of a text begins and ends with: the opening one, and the
/// closing one. None if one stands in code, or if such a tag stands in between: then there are
/// several, or the text is about them.
pub(super) fn wrapper(text: &str, part: Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let is = |place: Range<usize>, tag: &str| {
        text.get(place)
            .is_some_and(|found| found.eq_ignore_ascii_case(tag))
    };
    let found = WRAPPERS.iter().find_map(|(open, close)| {
        let inside = part.start + open.len()..part.end.checked_sub(close.len())?;
        let fits = inside.start <= inside.end
            && is(part.start..inside.start, open)
            && is(inside.end..part.end, close);
        fits.then_some((inside, [open, close]))
    });
    let (inside, both) = found?;
    effort::spend(part.len());
    let code = CodeSpans::within(text, part.clone());
    let lower = text[inside.clone()].to_ascii_lowercase();
    let is_plain = |at: usize| !code.hold(inside.start + at);
    let stands_inside = both
        .iter()
        .any(|tag| lower.match_indices(**tag).any(|(at, _)| is_plain(at)));
    let is_one = !stands_inside && !code.hold(part.start) && !code.hold(inside.end);
    is_one.then_some((part.start..inside.start, inside.end..part.end))
}
