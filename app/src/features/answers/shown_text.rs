//! An answer's text as the host laid it out, with the mentions and the marks of its sources.
//!
//! Invariant: what a provider wrote becomes text and never markup. Elements are those of
//! [`BlockKind`] and [`Style`]; an address is opened only where it is one of the web.

use leptos::html;
use leptos::prelude::*;

use super::segments::{CutText, Segment};
use super::state::spans;
use crate::model::answer::AnswerView;
use crate::model::layout::{Block, BlockKind, Run, Style};
use crate::texts::{answers as texts, sources as source_texts};
use crate::ui::t;
use crate::words::addresses::safe_address;

/// The text, and what its marks mean; nothing where there is none.
pub fn text(answer: &AnswerView) -> Option<AnyView> {
    let written = &answer.record.text;
    if written.is_empty() {
        return None;
    }
    let text = ShownText {
        cut: CutText::new(written, &spans(&answer.findings, &answer.sources)),
        targets: &answer.layout.targets,
    };
    let has_sources = answer.sources.iter().any(|source| !source.marks.is_empty());
    let key = text.cut.has_marks().then(|| {
        view! {
            <p class="mark-key">
                <mark class="mention is-brand">{t(texts::KEY_BRAND)}</mark>
                <mark class="mention is-competitor">{t(texts::KEY_COMPETITOR)}</mark>
                {has_sources
                    .then(|| view! { <mark class="mention is-source">{t(source_texts::KEY_SOURCE)}</mark> })}
            </p>
        }
    });
    let blocks = text.blocks(&answer.layout.blocks);
    let section = view! {
        <section class="answer-part">
            <h3>{t(texts::TEXT)}</h3>
            {key}
            <div class="answer-text">{blocks}</div>
        </section>
    };
    Some(section.into_any())
}

struct ShownText<'a> {
    cut: CutText,
    targets: &'a [String],
}

impl ShownText<'_> {
    fn blocks(&self, blocks: &[Block]) -> Vec<AnyView> {
        blocks.iter().map(|block| self.block(block)).collect()
    }

    fn block(&self, block: &Block) -> AnyView {
        let mut inner: Vec<AnyView> = block.runs.iter().map(|run| self.run(run)).collect();
        inner.extend(self.blocks(&block.blocks));
        let first = block.number.filter(|_| block.kind == BlockKind::Numbers);
        element(tag(block), first, inner)
    }

    fn run(&self, run: &Run) -> AnyView {
        let parts = self.cut.between(run.start, run.end, run.shown.as_deref());
        let mut inner: Vec<AnyView> = parts.into_iter().map(segment).collect();
        for style in run.styles.iter().rev() {
            let tag = match style {
                Style::Strong => "strong",
                Style::Emphasis => "em",
                Style::Code => "code",
                Style::Struck => "s",
            };
            inner = vec![element(tag, None, inner)];
        }
        let target = run.target.and_then(|target| self.targets.get(target));
        match target.and_then(|target| safe_address(target)) {
            Some(address) => view! {
                <a class="link" href=address.to_owned() target="_blank" rel="noopener noreferrer nofollow">
                    {inner}
                    <span class="visually-hidden">" " {t(texts::NEW_WINDOW)}</span>
                </a>
            }
            .into_any(),
            None => inner.into_any(),
        }
    }
}

/// An element with what is in it; a list may begin with another number than 1.
fn element(tag: &'static str, start: Option<u64>, inner: Vec<AnyView>) -> AnyView {
    html::custom(tag)
        .attr("start", start.map(|start| start.to_string()))
        .child(inner)
        .into_any()
}

/// Headings stand below those of the panel.
fn tag(block: &Block) -> &'static str {
    match (block.kind, block.number) {
        (BlockKind::Heading, Some(1)) => "h4",
        (BlockKind::Heading, Some(2)) => "h5",
        (BlockKind::Heading, _) => "h6",
        (BlockKind::Paragraph, _) => "p",
        (BlockKind::Quote, _) => "blockquote",
        (kind, _) => kind.word(),
    }
}

fn segment(part: Segment) -> AnyView {
    let Some(mention) = part.mention else {
        return part.text.into_any();
    };
    let class = if mention.is_source {
        "mention is-source"
    } else if mention.is_brand {
        "mention is-brand"
    } else {
        "mention is-competitor"
    };
    view! {
        <mark class=class title=mention.entity>
            {part.text}
        </mark>
    }
    .into_any()
}
