//! Whatever is written in an answer: to read it takes a time that follows its length.
//!
//! Time is that of the processor for this thread, and what is compared is a long text with the
//! same letters in many short ones, so that a busy machine makes no difference.

mod bodies;
mod growth;
mod readers;
mod texts;

use proptest::prelude::*;

use growth::assert_linear;
use readers::READERS;
use texts::{Piece, pieces, text_of, units, written_by_hand};

#[test]
fn each_unit_alone() {
    for unit in units() {
        let piece = [Piece::of(&unit)];
        for reader in READERS {
            assert_linear(reader, &format!("{unit:?}"), |bytes| text_of(&piece, bytes));
        }
    }
}

#[test]
fn what_was_slow_once() {
    for (name, pieces) in written_by_hand() {
        for reader in READERS {
            // Such texts are slow only where they are long.
            let reader = reader.with_longer_texts();
            assert_linear(&reader, name, |bytes| text_of(&pieces, bytes));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_mixture(pieces in pieces(units())) {
        for reader in READERS {
            assert_linear(reader, &format!("{pieces:?}"), |bytes| text_of(&pieces, bytes));
        }
    }
}
