//! The sums by prompt of one model and day as one packed value.
//!
//! Invariant: pure. What is packed is unpacked as it was; what cannot be unpacked is no sheet, never
//! another one.

use std::collections::HashSet;

use app::model::ids::{EntityId, ModelId, PromptId};
use app::model::metrics::SnapshotSums;
use statistics::{CellSums, Voice};

use crate::store::StoreResult;
use crate::store::sql::record::{Cells, Record};

/// Of another way to pack: then sheets are made anew.
const VERSION: u64 = 2;

/// How many numbers [`SnapshotSums`] are, in the order of their columns. Where there are more, old
/// sheets are none.
pub(super) const WIDTH: usize = 36;

/// Which of them are the answers, and the answers that mention the brand.
pub(super) const ANSWERS: usize = 0;
pub(super) const MENTIONS: usize = 7;

/// The sums as numbers.
pub(super) type Numbers = [i64; WIDTH];

/// Numbers as the sums that they are.
pub(super) fn sums(numbers: &Numbers) -> StoreResult<SnapshotSums> {
    SnapshotSums::read(&mut Cells::of_numbers(numbers))
}

/// The sums of one prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SheetRow {
    pub(super) prompt: PromptId,
    /// Whether the prompt names the brand itself.
    pub(super) is_branded: bool,
    pub(super) numbers: Numbers,
}

/// The answers that cite a domain, by prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CitedDomain {
    pub(super) domain: String,
    /// Best in the order of the prompts.
    pub(super) answers: Vec<(PromptId, i64)>,
}

/// What one model said on one day: all rollups by prompt, of those by entity the mentions, and what
/// the answers cite.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sheet {
    /// Best by prompt, which packs them closely.
    pub(super) rows: Vec<SheetRow>,
    /// Mentions in answers to prompts that do not name the brand. Best by entity and prompt.
    pub(super) voices: Vec<Voice>,
    /// The same of prompts that do.
    pub(super) branded: Vec<Voice>,
    /// Each domain once.
    pub(super) sources: Vec<CitedDomain>,
}

/// What is read of sheets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Part {
    /// All but the sources, which most pages show nothing of.
    #[default]
    Sums,
    All,
    /// All, and who is mentioned on which day.
    ByDay,
}

impl Part {
    /// The same of a period whose days are not shown.
    pub(super) const fn without_days(self) -> Self {
        match self {
            Self::Sums => Self::Sums,
            Self::All | Self::ByDay => Self::All,
        }
    }
}

impl Sheet {
    /// The sums by prompt, as those of `model`.
    pub(super) fn cells(&self, model: ModelId) -> StoreResult<Vec<CellSums>> {
        let cell = |row: &SheetRow| {
            sums(&row.numbers).map(|sums| CellSums {
                prompt: row.prompt,
                model,
                is_branded: row.is_branded,
                sums,
            })
        };
        self.rows.iter().map(cell).collect()
    }

    /// What it says of these prompts.
    pub(super) fn cut_to(&self, prompts: &HashSet<PromptId>) -> Self {
        let rows = self.rows.iter();
        let rows = rows.filter(|row| prompts.contains(&row.prompt));
        let cut = |voices: &[Voice]| {
            let voices = voices.iter();
            let voices = voices.filter(|voice| prompts.contains(&voice.prompt));
            voices.copied().collect()
        };
        let source = |source: &CitedDomain| {
            let answers = source.answers.iter();
            let answers = answers.filter(|(prompt, _)| prompts.contains(prompt));
            let answers: Vec<(PromptId, i64)> = answers.copied().collect();
            (!answers.is_empty()).then(|| CitedDomain {
                domain: source.domain.clone(),
                answers,
            })
        };
        Self {
            rows: rows.cloned().collect(),
            voices: cut(&self.voices),
            branded: cut(&self.branded),
            sources: self.sources.iter().filter_map(source).collect(),
        }
    }

    /// A number says how far it is from the one before or what it is, in seven bits a byte; a
    /// column of sums in which all are 0 is one byte. The sources are the last, behind their length
    /// in bytes.
    pub(super) fn pack(&self) -> Vec<u8> {
        let mut packed = Packed(Vec::with_capacity(64 * self.rows.len()));
        packed.count(VERSION);
        packed.length(WIDTH);
        packed.length(self.rows.len());
        let mut last = 0;
        for row in &self.rows {
            packed.number(row.prompt.0.wrapping_sub(last));
            last = row.prompt.0;
        }
        let flags = self.rows.iter().map(|row| i64::from(row.is_branded));
        packed.column(flags);
        for column in 0..WIDTH {
            packed.column(self.rows.iter().map(|row| row.numbers[column]));
        }
        packed.voices(&self.voices);
        packed.voices(&self.branded);
        let mut sources = Packed(Vec::new());
        sources.sources(&self.sources);
        packed.bytes(&sources.0);
        packed.0
    }

    /// What is wanted of it. `None`: it is not packed this way, or not whole.
    pub(super) fn unpack(bytes: &[u8], part: Part) -> Option<Self> {
        let mut rest = Unpacked(bytes);
        if rest.count()? != VERSION || rest.length()? != WIDTH {
            return None;
        }
        let mut rows = Vec::new();
        let mut last = 0_i64;
        for _ in 0..rest.length()? {
            last = last.wrapping_add(rest.number()?);
            rows.push(SheetRow {
                prompt: PromptId(last),
                is_branded: false,
                numbers: [0; WIDTH],
            });
        }
        rest.column(&mut rows, |row, flag| row.is_branded = flag != 0)?;
        for column in 0..WIDTH {
            rest.column(&mut rows, |row, number| row.numbers[column] = number)?;
        }
        let (voices, branded) = (rest.voices()?, rest.voices()?);
        let mut packed = Unpacked(rest.bytes()?);
        let sources = match part {
            Part::Sums => Vec::new(),
            Part::All | Part::ByDay => packed.sources()?,
        };
        rest.0.is_empty().then_some(Self {
            rows,
            voices,
            branded,
            sources,
        })
    }
}

/// Bytes that are written.
struct Packed(Vec<u8>);

impl Packed {
    /// Seven bits a byte, the lowest first; all but the last have the eighth.
    fn count(&mut self, mut count: u64) {
        loop {
            let [low, ..] = count.to_le_bytes();
            count >>= 7;
            if count == 0 {
                self.0.push(low & 0x7f);
                return;
            }
            self.0.push(low | 0x80);
        }
    }

    fn length(&mut self, length: usize) {
        // No list is longer than numbers reach.
        self.count(u64::try_from(length).unwrap_or(u64::MAX));
    }

    /// Small numbers are short, negative ones too: 0, -1, 1, -2, … are 0, 1, 2, 3, ….
    fn number(&mut self, number: i64) {
        self.count(((number << 1) ^ (number >> 63)).cast_unsigned());
    }

    /// One number a row; nothing behind a 0 where all are 0.
    fn column(&mut self, numbers: impl Iterator<Item = i64> + Clone) {
        let has_some = numbers.clone().any(|number| number != 0);
        self.count(u64::from(has_some));
        if has_some {
            for number in numbers {
                self.number(number);
            }
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    fn voices(&mut self, voices: &[Voice]) {
        self.length(voices.len());
        let mut last = (0, 0);
        for voice in voices {
            self.number(voice.entity.0.wrapping_sub(last.0));
            self.number(voice.prompt.0.wrapping_sub(last.1));
            self.number(voice.mentions);
            last = (voice.entity.0, voice.prompt.0);
        }
    }

    fn sources(&mut self, sources: &[CitedDomain]) {
        self.length(sources.len());
        let mut last = 0;
        for source in sources {
            self.bytes(source.domain.as_bytes());
            self.length(source.answers.len());
            for (prompt, answers) in &source.answers {
                self.number(prompt.0.wrapping_sub(last));
                self.number(*answers);
                last = prompt.0;
            }
        }
    }
}

/// Bytes that are still to be read.
struct Unpacked<'a>(&'a [u8]);

impl<'a> Unpacked<'a> {
    #[inline]
    fn count(&mut self) -> Option<u64> {
        let mut count = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            count |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(count);
            }
        }
        None
    }

    /// Of a list, of which each entry is at least a byte that is still to come.
    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.count()?).ok()
    }

    #[inline]
    fn number(&mut self) -> Option<i64> {
        let count = self.count()?;
        Some((count >> 1).cast_signed() ^ -(count & 1).cast_signed())
    }

    fn column(&mut self, rows: &mut [SheetRow], set: impl Fn(&mut SheetRow, i64)) -> Option<()> {
        match self.count()? {
            0 => {}
            1 => {
                for row in rows {
                    set(row, self.number()?);
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.length()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    fn voices(&mut self) -> Option<Vec<Voice>> {
        let mut voices = Vec::new();
        let mut last = (0_i64, 0_i64);
        for _ in 0..self.length()? {
            last.0 = last.0.wrapping_add(self.number()?);
            last.1 = last.1.wrapping_add(self.number()?);
            voices.push(Voice {
                entity: EntityId(last.0),
                prompt: PromptId(last.1),
                mentions: self.number()?,
            });
        }
        Some(voices)
    }

    /// Nothing may stand behind them.
    fn sources(&mut self) -> Option<Vec<CitedDomain>> {
        let mut sources = Vec::new();
        let mut last = 0_i64;
        for _ in 0..self.length()? {
            let domain = str::from_utf8(self.bytes()?).ok()?.to_owned();
            let mut answers = Vec::new();
            for _ in 0..self.length()? {
                last = last.wrapping_add(self.number()?);
                answers.push((PromptId(last), self.number()?));
            }
            sources.push(CitedDomain { domain, answers });
        }
        self.0.is_empty().then_some(sources)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_numbers_are_the_columns() {
        let names = SnapshotSums::columns_by(&str::to_owned);
        assert_eq!(names.len(), WIDTH);
        assert_eq!(
            (names[ANSWERS].as_str(), names[MENTIONS].as_str()),
            ("answers", "mentions")
        );
        let mut numbers = [0; WIDTH];
        for (number, value) in numbers.iter_mut().zip(1..) {
            *number = value;
        }
        let sums = sums(&numbers).expect("sums");
        assert_eq!((sums.answers, sums.failed, sums.mentions), (1, 2, 8));
        assert_eq!((sums.cost.nanos(), sums.judged.advised_against), (5, 36));
    }

    fn number() -> impl Strategy<Value = i64> {
        prop_oneof![4 => Just(0), 3 => -200..200_i64, 1 => any::<i64>()]
    }

    fn row() -> impl Strategy<Value = SheetRow> {
        let numbers = prop::collection::vec(number(), WIDTH);
        (any::<i64>(), any::<bool>(), numbers).prop_map(|(prompt, is_branded, numbers)| SheetRow {
            prompt: PromptId(prompt),
            is_branded,
            numbers: numbers.try_into().expect("as many"),
        })
    }

    fn voice() -> impl Strategy<Value = Voice> {
        (any::<i64>(), 0..90_i64, number()).prop_map(|(entity, prompt, mentions)| Voice {
            entity: EntityId(entity),
            prompt: PromptId(prompt),
            mentions,
        })
    }

    fn source() -> impl Strategy<Value = CitedDomain> {
        let answers = prop::collection::vec((any::<i64>().prop_map(PromptId), number()), 0..4);
        ("[a-z.\u{e9}-]{0,12}", answers)
            .prop_map(|(domain, answers)| CitedDomain { domain, answers })
    }

    fn sheet() -> impl Strategy<Value = Sheet> {
        let rows = prop::collection::vec(row(), 0..6);
        let voices = || prop::collection::vec(voice(), 0..6);
        let sources = prop::collection::vec(source(), 0..6);
        (rows, voices(), voices(), sources).prop_map(|(rows, voices, branded, sources)| Sheet {
            rows,
            voices,
            branded,
            sources,
        })
    }

    fn both(bytes: &[u8]) -> [Option<Sheet>; 2] {
        [Part::Sums, Part::All].map(|part| Sheet::unpack(bytes, part))
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked_as_it_was(sheet in sheet()) {
            let without_sources = Sheet { sources: Vec::new(), ..sheet.clone() };
            prop_assert_eq!(both(&sheet.pack()), [Some(without_sources), Some(sheet)]);
        }

        #[test]
        fn a_part_or_more_is_no_sheet(sheet in sheet(), at in any::<prop::sample::Index>()) {
            let mut packed = sheet.pack();
            prop_assert_eq!(both(&packed[..at.index(packed.len())]), [None, None]);
            packed.push(0);
            prop_assert_eq!(both(&packed), [None, None]);
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = both(&bytes);
        }

        #[test]
        fn what_is_cut_says_the_same_of_what_is_left(sheet in sheet(), left in any::<i64>()) {
            let mut prompts: HashSet<PromptId> = sheet.rows.iter().map(|row| row.prompt).collect();
            let voices = sheet.voices.iter().chain(&sheet.branded);
            prompts.extend(voices.map(|voice| voice.prompt));
            let cited = sheet.sources.iter().flat_map(|source| &source.answers);
            prompts.extend(cited.map(|(prompt, _)| *prompt));
            let mut whole = sheet.clone();
            whole.sources.retain(|source| !source.answers.is_empty());
            prop_assert_eq!(sheet.cut_to(&prompts), whole);
            prompts.retain(|prompt| prompt.0 > left);
            let cut = sheet.cut_to(&prompts);
            prop_assert_eq!(cut.cut_to(&prompts), cut);
        }
    }

    #[test]
    fn another_version_or_width_is_no_sheet() {
        let packed = Sheet::default().pack();
        assert!(both(&packed).iter().all(Option::is_some));
        for place in [0, 1] {
            let mut other = packed.clone();
            other[place] += 1;
            assert_eq!(both(&other), [None, None]);
        }
    }
}
