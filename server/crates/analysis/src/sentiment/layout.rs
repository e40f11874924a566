//! Tells headings, list items and table rows apart, and whom the lines under them are about.
//!
//! Invariant: reads the raw answer line by line and knows no word. Good enough for whose line
//! it is; ranks and visible text come from the real Markdown parser.

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Blank,
    /// A heading, or a line in bold.
    Heading,
    Item,
    /// Of a table.
    Row,
    /// A line of prose that ends in a colon.
    Lead,
    Prose,
}

/// A line without its marker.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) kind: Kind,
    /// How deep it stands under others: what is deeper belongs to it.
    pub(super) depth: u32,
    pub(super) from: usize,
    pub(super) to: usize,
}

const BOLD_DEPTH: u32 = 16;
const LEAD_DEPTH: u32 = 18;
const ITEM_DEPTH: u32 = 22;
const DEEPEST_INDENT: u32 = 200;

/// Reads the line `text[from..to]`.
pub(super) fn read(text: &str, from: usize, to: usize) -> Line {
    let whole = text.get(from..to).unwrap_or_default();
    let inner = whole.trim_start_matches([' ', '\t', '>', '\r']);
    let indent = u32::try_from(whole.len() - inner.len()).unwrap_or(DEEPEST_INDENT);
    let indent = indent.min(DEEPEST_INDENT);
    let start = to - inner.len();
    let trimmed = inner.trim_end();
    let line = |kind, depth, marker: usize| Line {
        kind,
        depth,
        from: start + marker,
        to,
    };
    if trimmed.is_empty() {
        return line(Kind::Blank, 0, 0);
    }
    let hashes = trimmed.bytes().take_while(|&b| b == b'#').count();
    if (1..=6).contains(&hashes) && trimmed.as_bytes().get(hashes) == Some(&b' ') {
        let level = u32::try_from(hashes).unwrap_or(6);
        let title = trimmed.get(hashes..).unwrap_or_default();
        return line(Kind::Heading, level * 2, hashes + numbering(title));
    }
    if trimmed.starts_with('|') {
        return line(Kind::Row, ITEM_DEPTH, 0);
    }
    if let Some(marker) = item_marker(trimmed) {
        return line(Kind::Item, ITEM_DEPTH + 2 * indent, marker);
    }
    if is_bold(trimmed) {
        let title = trimmed.get(2..).unwrap_or_default();
        return line(Kind::Heading, BOLD_DEPTH, 2 + numbering(title));
    }
    if trimmed.trim_end_matches('*').ends_with(':') {
        return line(Kind::Lead, LEAD_DEPTH, 0);
    }
    let depth = if indent >= 2 {
        ITEM_DEPTH + 2 * indent
    } else {
        LEAD_DEPTH
    };
    line(Kind::Prose, depth, 0)
}

/// The length of the list marker that `line` begins with.
fn item_marker(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line.get(digits..)?;
    let mark = rest.chars().next()?;
    let is_marker = match digits {
        0 => matches!(mark, '-' | '*' | '+' | '•' | '–'),
        1..=3 => matches!(mark, '.' | ')'),
        _ => false,
    };
    let length = digits + mark.len_utf8();
    (is_marker && line.get(length..)?.starts_with([' ', '\t'])).then_some(length)
}

/// The length of the number that a heading begins with, and the bold of what follows it.
fn numbering(title: &str) -> usize {
    let rest = title.trim_start_matches([' ', '*', '#']);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let is_number = (1..=3).contains(&digits)
        && rest
            .get(digits..)
            .is_some_and(|after| after.starts_with(['.', ')', ':']));
    if is_number {
        title.len() - rest.len() + digits + 1
    } else {
        0
    }
}

/// Whether all of `line` is in bold.
fn is_bold(line: &str) -> bool {
    let line = line.trim_end_matches(':');
    let inner = line.strip_prefix("**").and_then(|l| l.strip_suffix("**"));
    inner.is_some_and(|inner| !inner.is_empty() && !inner.contains("**"))
}

/// Whom lines are about, by the lines they stand under.
#[derive(Debug, Default)]
pub(super) struct Outline {
    frames: Vec<Frame>,
}

/// A line that others stand under.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frame {
    pub(super) depth: u32,
    /// The entity it names, or that the line above it does.
    pub(super) owner: Option<usize>,
    /// 1 under "Pros", -1 under "Cons".
    pub(super) label: i8,
    /// Whether it advises those that head the lines under it, or advises against them.
    pub(super) advice: Option<bool>,
    /// Praise or blame of those that head the items under it.
    pub(super) tone: f32,
}

impl Outline {
    /// Leaves what a line of this depth does not stand under.
    pub(super) fn leave(&mut self, depth: u32) {
        while self.frames.last().is_some_and(|frame| frame.depth >= depth) {
            self.frames.pop();
        }
    }

    /// What the next line stands under.
    pub(super) fn top(&self) -> Frame {
        self.frames.last().copied().unwrap_or_default()
    }

    /// Goes under a line.
    pub(super) fn enter(&mut self, depth: u32, frame: Frame) {
        self.frames.push(Frame { depth, ..frame });
    }
}
