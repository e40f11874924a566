//! Folds text for comparison and keeps the way back to the original bytes.
//!
//! Folded text is lower case, in compatibility form, without accents, zero-width characters
//! and soft hyphens, with plain quotes and hyphens, our digits and single spaces.
//!
//! Invariant: knows nothing of Markdown or of names. Every character is looked at once.

use std::ops::Range;

use unicode_normalization::char::{compose, decompose_compatible};

/// Stands in folded text where a block ends. No name matches across it.
pub(crate) const BREAK: char = '\u{1}';

/// The keycap of emoji digits, kept because it makes a list marker of the digit before it.
pub(crate) const KEYCAP: char = '\u{20E3}';

/// Folded text and where it came from.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    text: String,
    runs: Vec<Run>,
}

/// A stretch of folded text that ends where the next run begins.
#[derive(Clone, Copy, Debug)]
struct Run {
    folded: usize,
    raw: usize,
    raw_end: usize,
    /// Byte for byte; otherwise all of it came from all of `raw..raw_end`.
    linear: bool,
}

impl Folded {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            runs: Vec::with_capacity(bytes / 32),
        }
    }

    /// The folded text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Its length in bytes.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// Adds `text`, which stands in the original at `raw`, byte for byte.
    pub(crate) fn push(&mut self, text: &str, raw: usize) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii_graphic() {
                let rest = bytes.get(at..).unwrap_or_default();
                let stretch = rest.iter().take_while(|b| b.is_ascii_graphic()).count();
                self.push_graphic(text.get(at..at + stretch).unwrap_or_default(), raw + at);
                at += stretch;
            } else if byte.is_ascii() {
                self.push_space(raw + at..raw + at + 1);
                at += 1;
            } else {
                let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                    return;
                };
                let end = at + character.len_utf8();
                self.push_char(character, raw + at..raw + end);
                at = end;
            }
        }
    }

    /// Adds `text`, which the whole of `raw` stands for (a decoded entity, for instance).
    pub(crate) fn push_atom(&mut self, text: &str, raw: &Range<usize>) {
        for character in text.chars() {
            self.push_char(character, raw.clone());
        }
    }

    /// Ends a block.
    pub(crate) fn push_break(&mut self, raw: usize) {
        if !self.text.is_empty() && !self.text.ends_with(BREAK) {
            self.push_run(BREAK, raw..raw);
        }
    }

    /// Takes back everything from `length` on.
    pub(crate) fn truncate(&mut self, length: usize) {
        while self.runs.last().is_some_and(|run| run.folded >= length) {
            self.runs.pop();
        }
        if let Some(run) = self.runs.last_mut()
            && run.linear
        {
            run.raw_end = run.raw_end.min(run.raw + (length - run.folded));
        }
        self.text.truncate(length);
    }

    /// Where a stretch of folded text stands in the original.
    pub(crate) fn raw_range(&self, folded: Range<usize>) -> Range<usize> {
        let start = self.run_at(folded.start).map_or(0, |run| {
            if run.linear {
                run.raw + (folded.start - run.folded)
            } else {
                run.raw
            }
        });
        let end = self
            .run_at(folded.end.saturating_sub(1))
            .map_or(start, |run| {
                if run.linear {
                    run.raw + (folded.end - run.folded)
                } else {
                    run.raw_end
                }
            });
        start..end.max(start)
    }

    fn run_at(&self, folded: usize) -> Option<&Run> {
        let after = self.runs.partition_point(|run| run.folded <= folded);
        self.runs.get(after.checked_sub(1)?)
    }

    fn push_graphic(&mut self, text: &str, raw: usize) {
        let folded = self.text.len();
        match self.runs.last_mut() {
            Some(run) if run.linear && run.raw_end == raw => run.raw_end += text.len(),
            _ => self.runs.push(Run {
                folded,
                raw,
                raw_end: raw + text.len(),
                linear: true,
            }),
        }
        self.text.push_str(text);
        if let Some(added) = self.text.get_mut(folded..) {
            added.make_ascii_lowercase();
        }
    }

    fn push_space(&mut self, raw: Range<usize>) {
        if self.text.ends_with(' ') {
            return;
        }
        if raw.len() == 1 {
            self.push_graphic(" ", raw.start);
        } else {
            self.push_run(' ', raw);
        }
    }

    fn push_char(&mut self, character: char, raw: Range<usize>) {
        fold_char(character, &mut |folded| match folded {
            ' ' => self.push_space(raw.clone()),
            _ if joins_previous(folded) => self.push_joined(folded, raw.clone()),
            _ => self.push_run(folded, raw.clone()),
        });
    }

    /// A mark that makes one letter with the one before it (Japanese voicing, Korean vowels).
    fn push_joined(&mut self, mark: char, raw: Range<usize>) {
        let joined = self
            .text
            .chars()
            .next_back()
            .and_then(|last| Some((last, compose(last, mark)?)));
        match joined {
            Some((last, whole)) => {
                let start = self.text.len() - last.len_utf8();
                let raw_start = self.raw_range(start..self.text.len()).start;
                self.truncate(start);
                self.push_run(whole, raw_start..raw.end);
            }
            None => self.push_run(mark, raw),
        }
    }

    fn push_run(&mut self, folded: char, raw: Range<usize>) {
        self.runs.push(Run {
            folded: self.text.len(),
            raw: raw.start,
            raw_end: raw.end,
            linear: false,
        });
        self.text.push(folded);
    }
}

/// The folded form of `text`: two texts that differ only in case, accents, compatibility
/// forms, zero-width characters, kinds of quotes, hyphens and white space fold to the same.
pub fn fold(text: &str) -> String {
    let mut folded = Folded::with_capacity(text.len());
    folded.push(text, 0);
    folded.text
}

fn fold_char(character: char, emit: &mut impl FnMut(char)) {
    match character {
        // Marks that stick to a name without being part of it.
        '™' | '®' | '©' | '℠' => {}
        // Footnote marks in superscript end the word before them.
        '²' | '³' | '¹' | '⁰' | '⁴'..='⁹' => emit(' '),
        '´' => emit('\''),
        // Circled digits are list markers; Korean and Japanese letters must stay whole.
        '\u{2460}'..='\u{2473}'
        | '\u{3251}'..='\u{325F}'
        | '\u{32B1}'..='\u{32BF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{3041}'..='\u{30FE}' => emit(character),
        // Emoji made of letters are pictures, not words.
        'ℹ' | 'Ⓜ' | '㊗' | '㊙' | '\u{1F170}'..='\u{1F1AD}' | '\u{1F200}'..='\u{1F265}' => {
            emit(' ');
        }
        _ => decompose_compatible(character, |part| fold_part(part, emit)),
    }
}

fn fold_part(part: char, emit: &mut impl FnMut(char)) {
    if is_dropped(part) {
        return;
    }
    if part.is_whitespace() || part.is_control() {
        emit(' ');
        return;
    }
    if let Some(digit) = digit_of(part) {
        emit(digit);
        return;
    }
    for lower in part.to_lowercase() {
        match lower {
            _ if is_dropped(lower) => {}
            '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' | 'ʻ' | 'ʹ' => emit('\''),
            '“' | '”' | '„' | '‟' | '″' | '«' | '»' => emit('"'),
            '‐' | '‑' | '‒' | '–' | '−' => emit('-'),
            'ß' => "ss".chars().for_each(&mut *emit),
            'æ' => "ae".chars().for_each(&mut *emit),
            'œ' => "oe".chars().for_each(&mut *emit),
            'ø' => emit('o'),
            'ł' => emit('l'),
            'đ' | 'ð' => emit('d'),
            'ħ' => emit('h'),
            'ı' => emit('i'),
            'ς' => emit('σ'),
            _ => emit(lower),
        }
    }
}

/// The zeros of scripts that count in tens: Unicode's category Nd beyond ASCII and what
/// compatibility makes ASCII.
const ZEROS: [u32; 69] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0,
    0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0,
    0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0, 0x11C50, 0x11D50,
    0x11DA0, 0x11DE0, 0x11F50, 0x16130, 0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1E140,
    0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950,
];

/// The digit of another script as the one that we write.
fn digit_of(character: char) -> Option<char> {
    let code = u32::from(character);
    if code < ZEROS[0] {
        return None;
    }
    let after = ZEROS.partition_point(|zero| *zero <= code);
    let zero = ZEROS.get(after.checked_sub(1)?)?;
    char::from_digit(code - zero, 10)
}

/// Accents, vowel points, invisible characters.
fn is_dropped(character: char) -> bool {
    matches!(character,
        '\u{0300}'..='\u{036F}' // combining diacritical marks
        | '\u{0483}'..='\u{0489}' // Cyrillic
        | '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}' | '\u{05C2}' | '\u{05C4}' | '\u{05C5}' | '\u{05C7}' // Hebrew points
        | '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}' // Arabic vowels, lengthening
        | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20E2}' | '\u{20E4}'..='\u{20F0}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}' // variation selectors, half marks
        | '\u{00AD}' | '\u{061C}' | '\u{180E}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}'
    )
}

fn joins_previous(character: char) -> bool {
    matches!(character, '\u{3099}' | '\u{309A}' | '\u{1161}'..='\u{1175}' | '\u{11A8}'..='\u{11C2}')
}

/// Whether a folded character is part of a word.
pub(crate) fn is_word(character: char) -> bool {
    (character.is_alphanumeric() || character == '_')
        && !matches!(character,
            '\u{2460}'..='\u{24FF}' | '\u{2776}'..='\u{2793}' | '\u{3251}'..='\u{32BF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_fold_to_the_same() {
        for (text, folded) in [
            ("L’Oréal", "l'oreal"),
            ("ＫＩＰＵ", "kipu"),
            ("Ki\u{200B}pu\u{AD}", "kipu"),
            ("Mærsk Ørsted Straße", "maersk orsted strasse"),
            ("İstanbul ISTANBUL", "istanbul istanbul"),
            ("Kipu™ and Kipu®", "kipu and kipu"),
            ("Kipu¹", "kipu "),
            ("Coca‑Cola – x", "coca-cola - x"),
            ("a \u{A0}\n\t b", "a b"),
            ("ｶﾞ", "ガ"),
            ("\u{1112}\u{1161}\u{11AB}", "한"),
            ("Ёлка", "елка"),
            ("١٢٣ ۴۵۶ ७८९ ০১ ๒๓ ４", "123 456 789 01 23 4"),
            ("ℹ️ 1 🆕 ㊙️ 2", " 1 2"),
            ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn digits_of_every_script_fold_to_ours() {
        assert!(ZEROS.is_sorted());
        for zero in ZEROS {
            for digit in 0..10 {
                let character = char::from_u32(zero + digit).expect("a character");
                assert!(character.is_numeric() || zero > 0x1_0D30, "{zero:#x}");
                assert_eq!(fold(&character.to_string()), digit.to_string(), "{zero:#x}");
            }
        }
    }

    #[test]
    fn offsets_lead_back_to_whole_characters() {
        let source = "x L’Ore\u{301}al™ ﬁn";
        let mut folded = Folded::default();
        folded.push(source, 0);
        let at = folded.text().find("l'oreal").expect("folded");
        let raw = folded.raw_range(at..at + "l'oreal".len());
        assert_eq!(&source[raw], "L’Ore\u{301}al");
        let fin = folded.text().find("fin").expect("ligature");
        assert_eq!(&source[folded.raw_range(fin..fin + 1)], "ﬁ");
    }

    #[test]
    fn truncation_takes_the_map_back_too() {
        let mut folded = Folded::default();
        folded.push("abcdef", 0);
        folded.truncate(3);
        folded.push("xyz", 10);
        assert_eq!(folded.text(), "abcxyz");
        assert_eq!(folded.raw_range(2..4), 2..11);
    }
}
