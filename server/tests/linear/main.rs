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

/// A test of its own for each reader, so that they share the processors.
macro_rules! each_unit_alone {
    ($($test:ident: $reader:literal,)+) => {
        $(
            #[test]
            fn $test() {
                each_unit_alone($reader);
            }
        )+

        #[test]
        fn no_reader_is_left_out() {
            let names: Vec<&str> = READERS.iter().map(|reader| reader.name).collect();
            assert_eq!(names, [$($reader),+]);
        }
    };
}

each_unit_alone! {
    each_unit_alone_for_the_detector_in_english: "detector, in English",
    each_unit_alone_for_the_detector_in_spanish: "detector, in Spanish",
    each_unit_alone_for_names_beside: "names beside",
    each_unit_alone_for_sources: "sources",
    each_unit_alone_for_addresses: "address",
    each_unit_alone_for_folding: "folding",
}

fn each_unit_alone(name: &str) {
    let reader = READERS.iter().find(|reader| reader.name == name);
    let reader = reader.expect("a reader");
    for unit in units() {
        let piece = [Piece::of(&unit)];
        assert_linear(reader, &format!("{unit:?}"), |bytes| text_of(&piece, bytes));
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
