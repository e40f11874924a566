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
const VERSION: u64 = 1;

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

/// What one model said on one day: all rollups by prompt, and of those by entity the mentions in
/// answers to prompts that do not name the brand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sheet {
    /// Best by prompt, which packs them closely.
    pub(super) rows: Vec<SheetRow>,
    /// Best by entity and prompt.
    pub(super) voices: Vec<Voice>,
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
        let voices = self.voices.iter();
        let voices = voices.filter(|voice| prompts.contains(&voice.prompt));
        Self {
            rows: rows.cloned().collect(),
            voices: voices.copied().collect(),
        }
    }

    /// A number says how far it is from the one before or what it is, in seven bits a byte; a
    /// column of sums in which all are 0 is one byte.
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
        packed.length(self.voices.len());
        let mut last = (0, 0);
        for voice in &self.voices {
            packed.number(voice.entity.0.wrapping_sub(last.0));
            packed.number(voice.prompt.0.wrapping_sub(last.1));
            packed.number(voice.mentions);
            last = (voice.entity.0, voice.prompt.0);
        }
        packed.0
    }

    /// `None`: it is not packed this way, or not whole.
    pub(super) fn unpack(bytes: &[u8]) -> Option<Self> {
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
        let mut voices = Vec::new();
        let mut last = (0_i64, 0_i64);
        for _ in 0..rest.length()? {
            last.0 = last.0.wrapping_add(rest.number()?);
            last.1 = last.1.wrapping_add(rest.number()?);
            voices.push(Voice {
                entity: EntityId(last.0),
                prompt: PromptId(last.1),
                mentions: rest.number()?,
            });
        }
        rest.0.is_empty().then_some(Self { rows, voices })
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
}

/// Bytes that are still to be read.
struct Unpacked<'a>(&'a [u8]);

impl Unpacked<'_> {
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

    fn sheet() -> impl Strategy<Value = Sheet> {
        let rows = prop::collection::vec(row(), 0..6);
        let voices = prop::collection::vec(voice(), 0..6);
        (rows, voices).prop_map(|(rows, voices)| Sheet { rows, voices })
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked_as_it_was(sheet in sheet()) {
            prop_assert_eq!(Sheet::unpack(&sheet.pack()), Some(sheet));
        }

        #[test]
        fn a_part_or_more_is_no_sheet(sheet in sheet(), at in any::<prop::sample::Index>()) {
            let mut packed = sheet.pack();
            prop_assert_eq!(Sheet::unpack(&packed[..at.index(packed.len())]), None);
            packed.push(0);
            prop_assert_eq!(Sheet::unpack(&packed), None);
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Sheet::unpack(&bytes);
        }
    }

    #[test]
    fn another_version_or_width_is_no_sheet() {
        let packed = Sheet::default().pack();
        assert!(Sheet::unpack(&packed).is_some());
        for place in [0, 1] {
            let mut other = packed.clone();
            other[place] += 1;
            assert_eq!(Sheet::unpack(&other), None);
        }
    }
}
