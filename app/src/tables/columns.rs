//! Which columns a table shows, and in which order. As a text, `name,visibility,-cost`: a minus
//! before a column that is hidden.

/// A column and whether it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnPlace {
    /// Which of the table's own columns, counted from 0.
    pub index: usize,
    /// Whether it is shown.
    pub is_shown: bool,
}

/// A column of a table, as far as its place is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnColumn<'a> {
    /// Its name in code.
    pub key: &'a str,
    /// Whether it is shown where nobody has chosen.
    pub is_shown: bool,
}

/// Where each column of a table is, by what somebody has chosen. The first column stays first and
/// is always shown; columns that the choice does not know stand last, as the table has them.
pub fn arrange(own: &[OwnColumn<'_>], chosen: &str) -> Vec<ColumnPlace> {
    let mut places: Vec<ColumnPlace> = Vec::with_capacity(own.len());
    if !own.is_empty() {
        places.push(ColumnPlace {
            index: 0,
            is_shown: true,
        });
    }
    let wishes = chosen
        .split(',')
        .map(|word| match word.strip_prefix('-') {
            Some(key) => (key, false),
            None => (word, true),
        })
        .filter_map(|(key, is_shown)| {
            let index = own.iter().position(|column| column.key == key)?;
            Some(ColumnPlace { index, is_shown })
        });
    let rest = own.iter().enumerate().map(|(index, column)| ColumnPlace {
        index,
        is_shown: column.is_shown,
    });
    for place in wishes.chain(rest) {
        if places.iter().all(|known| known.index != place.index) {
            places.push(place);
        }
    }
    places
}

/// The text of a choice.
pub fn text(own: &[OwnColumn<'_>], places: &[ColumnPlace]) -> String {
    let words: Vec<String> = places
        .iter()
        .filter_map(|place| {
            let column = own.get(place.index)?;
            let sign = if place.is_shown { "" } else { "-" };
            Some(format!("{sign}{}", column.key))
        })
        .collect();
    words.join(",")
}

/// Shows the column at a place, or hides it. The first stays.
pub fn toggle(places: &mut [ColumnPlace], at: usize) {
    if at > 0
        && let Some(place) = places.get_mut(at)
    {
        place.is_shown = !place.is_shown;
    }
}

/// Moves the column at a place one place to the front or to the back; gives where it is now. None
/// comes before the first.
pub fn shift(places: &mut [ColumnPlace], at: usize, to_the_front: bool) -> usize {
    let to = if to_the_front {
        at.saturating_sub(1)
    } else {
        at + 1
    };
    if at == 0 || to == 0 || at >= places.len() || to >= places.len() {
        return at;
    }
    places.swap(at, to);
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: [OwnColumn<'_>; 4] = [
        OwnColumn {
            key: "name",
            is_shown: true,
        },
        OwnColumn {
            key: "visibility",
            is_shown: true,
        },
        OwnColumn {
            key: "answers",
            is_shown: true,
        },
        OwnColumn {
            key: "cost",
            is_shown: false,
        },
    ];

    fn arranged(chosen: &str) -> String {
        text(&OWN, &arrange(&OWN, chosen))
    }

    #[test]
    fn without_a_choice_the_table_is_as_it_is() {
        assert_eq!(arranged(""), "name,visibility,answers,-cost");
    }

    #[test]
    fn a_choice_orders_and_hides() {
        assert_eq!(
            arranged("name,cost,-answers,visibility"),
            "name,cost,-answers,visibility"
        );
    }

    #[test]
    fn the_first_column_stays_first_and_shown() {
        assert_eq!(arranged("cost,-name"), "name,cost,visibility,answers");
        let mut places = arrange(&OWN, "");
        toggle(&mut places, 0);
        assert_eq!(shift(&mut places, 1, true), 1);
        assert_eq!(shift(&mut places, 0, false), 0);
        assert_eq!(text(&OWN, &places), arranged(""));
    }

    #[test]
    fn what_a_choice_does_not_know_stands_last_and_what_is_gone_is_left_out() {
        assert_eq!(
            arranged("name,gone,answers,answers"),
            "name,answers,visibility,-cost"
        );
    }

    #[test]
    fn a_column_moves_one_place() {
        let mut places = arrange(&OWN, "");
        assert_eq!(shift(&mut places, 1, false), 2);
        assert_eq!(text(&OWN, &places), "name,answers,visibility,-cost");
        assert_eq!(shift(&mut places, 3, false), 3);
        toggle(&mut places, 3);
        assert_eq!(text(&OWN, &places), "name,answers,visibility,cost");
    }

    #[test]
    fn whatever_is_done_every_column_is_there_once() {
        let mut places = arrange(&OWN, "");
        let mut number: usize = 1;
        for _ in 0..500 {
            number = number * 31 % 997;
            let at = number % 5;
            if number.is_multiple_of(3) {
                toggle(&mut places, at);
            } else {
                shift(&mut places, at, number.is_multiple_of(2));
            }
            let mut seen: Vec<usize> = places.iter().map(|place| place.index).collect();
            seen.sort_unstable();
            assert_eq!(seen, [0, 1, 2, 3]);
            assert_eq!(arrange(&OWN, &text(&OWN, &places)), places);
        }
    }
}
