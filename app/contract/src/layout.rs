//! How the text of an answer is laid out: the blocks and runs that its Markdown makes.
//!
//! Invariant: a run says where in the text it stands, so that marks of the text are those of the
//! layout. Whatever a provider wrote is text here, never markup.

use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use crate::words;

words! {
    /// What a block is.
    #[derive(Default)]
    BlockKind {
        /// Lines of text.
        #[default]
        Paragraph = "p",
        /// A heading; its number is its level, from 1 and never two below the one before.
        Heading = "h",
        /// Words of somebody else.
        Quote = "q",
        /// A list without numbers.
        Bullets = "ul",
        /// A list with numbers; its number is the first of them.
        Numbers = "ol",
        /// An item of either list.
        Item = "li",
        /// Code, each line as it came.
        Code = "pre",
        /// A table.
        Table = "table",
        /// A row of one.
        Row = "tr",
        /// A cell that heads a column.
        HeadCell = "th",
        /// Any other cell.
        Cell = "td",
        /// A line across the text.
        Rule = "hr",
    }
}

words! {
    /// How a run is written.
    Style {
        /// Of more weight.
        Strong = "b",
        /// Leaning.
        Emphasis = "i",
        /// As code.
        Code = "c",
        /// Struck through.
        Struck = "s",
    }
}

/// The layout of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Layout {
    /// Blocks, from top to bottom.
    pub blocks: Vec<Block>,
    /// Targets of links, as they came: not to be trusted.
    pub targets: Vec<String>,
}

/// A block: its own text first, then what stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// The level of a heading, or the first number of a list.
    pub number: Option<u64>,
    /// Its own text.
    pub runs: Vec<Run>,
    /// Blocks in it.
    pub blocks: Vec<Block>,
}

/// Text in one style.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Run {
    /// Byte offset in the text where it begins.
    pub start: usize,
    /// Byte offset behind its end.
    pub end: usize,
    /// What is shown; `None`: what stands there.
    pub shown: Option<String>,
    /// How it is written; each style once.
    pub styles: Vec<Style>,
    /// Which of the layout's targets it links to.
    pub target: Option<usize>,
}
