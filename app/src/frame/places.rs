//! Where on each page somebody was: how far it was scrolled, and how many of its rows were paged
//! through, by entry of the browser's history.
//!
//! Invariant: pure. What the browser is asked and told is in `return_to_place.rs`.

use std::fmt::Write as _;

/// Nobody goes further back and looks for a place.
const MOST: usize = 50;

/// Where on a page somebody was.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// How far it was scrolled, in pixels.
    pub scroll: f64,
    /// How many of its rows were paged through.
    pub rows: u32,
}

/// The places of the newest entries, the one that was changed last at the end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Places(Vec<(String, Place)>);

impl Places {
    /// Reads what [`Self::to_text`] wrote; what is no place is left out.
    pub fn read(text: &str) -> Self {
        let place = |line: &str| {
            let mut parts = line.splitn(3, ' ');
            // Read as the whole number that it was written as: to read fractions takes tables of 10 kB,
            // which nothing else in a first visit needs.
            let scroll: i32 = parts.next()?.parse().ok()?;
            let scroll = f64::from(scroll);
            let rows = parts.next()?.parse().ok()?;
            Some((parts.next()?.to_owned(), Place { scroll, rows }))
        };
        Self(text.lines().filter_map(place).take(MOST).collect())
    }

    /// All places as a text, a line each.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (entry, place) in &self.0 {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{:.0} {} {entry}", place.scroll, place.rows);
        }
        text
    }

    /// The place of an entry; the top of a page that was not looked at yet.
    pub fn of(&self, entry: &str) -> Place {
        let known = self.0.iter().find(|(known, _)| known == entry);
        known.map(|(_, place)| *place).unwrap_or_default()
    }

    /// Takes note of how far the page of an entry is scrolled.
    pub fn note_scroll(&mut self, entry: &str, scroll: f64) {
        self.put(
            entry,
            Place {
                scroll,
                ..self.of(entry)
            },
        );
    }

    /// Takes note of how many rows of the page of an entry are paged through.
    pub fn note_rows(&mut self, entry: &str, rows: u32) {
        self.put(
            entry,
            Place {
                rows,
                ..self.of(entry)
            },
        );
    }

    fn put(&mut self, entry: &str, place: Place) {
        self.0.retain(|(known, _)| known != entry);
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push((entry.to_owned(), place));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn place(scroll: f64, rows: u32) -> Place {
        Place { scroll, rows }
    }

    #[test]
    fn places_are_kept_by_entry_and_come_back_from_their_text() {
        let mut places = Places::default();
        places.note_scroll("a", 1_800.4);
        places.note_rows("a", 100);
        places.note_scroll("https://host/projects/1?text=a%20b", 20.0);
        assert_eq!(places.of("a"), place(1_800.4, 100));
        let read = Places::read(&places.to_text());
        assert_eq!(read.of("a"), place(1_800.0, 100));
        assert_eq!(
            read.of("https://host/projects/1?text=a%20b"),
            place(20.0, 0)
        );
        assert_eq!(read.of("b"), Place::default());
    }

    #[test]
    fn what_is_no_place_is_left_out() {
        assert_eq!(Places::read("x 1 a\n1 -1 b\n5\n\n"), Places::default());
    }

    #[test]
    fn only_the_newest_entries_are_kept() {
        let mut places = Places::default();
        for number in 0..MOST {
            places.note_scroll(&number.to_string(), 1.0);
        }
        // Looked at again, it is one of the newest.
        places.note_scroll("0", 2.0);
        places.note_scroll("new", 3.0);
        let scrolled = |entry| places.of(entry).scroll > 0.0;
        assert_eq!(
            (scrolled("0"), scrolled("1"), scrolled("new")),
            (true, false, true)
        );
    }
}
