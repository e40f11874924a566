//! Names at the ends of lines: short, none over another.

use super::counted;
use crate::letters;
use crate::order;

/// From name to name, at least.
pub const DISTANCE: f64 = 14.0;
/// A first word with fewer letters than this tells too little.
const FEWEST_LETTERS: usize = 4;

/// Heights near the wanted ones, in their order, each at least `distance` from the next and all
/// between `top` and `bottom` as far as there is room. No other such heights are nearer to the
/// wanted ones: those that would overlap share the middle of where they want to be.
pub fn pushed_apart(wanted: &[f64], distance: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut by_height: Vec<usize> = (0..wanted.len()).collect();
    order::sort(&mut by_height, |one, other| {
        wanted[*one].total_cmp(&wanted[*other])
    });
    let room = (bottom - top).max(0.0);
    let steps = counted(wanted.len().saturating_sub(1).max(1));
    let distance = distance.min(room / steps);

    // Less the distances between them, heights only have to rise: neighbours that do not, share
    // their mean.
    let mut shared: Vec<(f64, usize)> = Vec::new();
    for (rank, which) in by_height.iter().enumerate() {
        let mut next = (wanted[*which] - counted(rank) * distance, 1);
        while let Some((mean, size)) = shared.last().copied().filter(|(mean, _)| *mean > next.0) {
            let all = size + next.1;
            next = (
                (mean * counted(size) + next.0 * counted(next.1)) / counted(all),
                all,
            );
            shared.pop();
        }
        shared.push(next);
    }
    let lowest = (bottom - counted(wanted.len().saturating_sub(1)) * distance).max(top);
    let means = shared
        .into_iter()
        .flat_map(|(mean, size)| std::iter::repeat_n(mean, size));
    let mut heights = vec![0.0; wanted.len()];
    for (rank, (which, mean)) in by_height.into_iter().zip(means).enumerate() {
        heights[which] = mean.clamp(top, lowest) + counted(rank) * distance;
    }
    heights
}

/// Names with at most so many letters: of longer ones the first words, or what fits of them; no two
/// become the same.
pub fn short_names(names: &[&str], most: usize) -> Vec<String> {
    let words: Vec<String> = names.iter().map(|name| first_words(name, most)).collect();
    let is_told_apart = |word: &str| words.iter().filter(|other| *other == word).count() == 1;
    let shown = words.iter().zip(names).map(|(word, name)| {
        if is_told_apart(word) {
            word.clone()
        } else {
            cut_inside(name, most)
        }
    });
    shown.collect()
}

fn first_words(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let mut end = 0;
    for (place, _) in name.match_indices(' ') {
        if name[..place].chars().count() <= most {
            end = place;
        }
    }
    // "Mora & Finch Coffee" is not "Mora &".
    let words = name[..end].trim_end_matches(|letter: char| !letters::is_alphanumeric(letter));
    if words.chars().count() >= FEWEST_LETTERS {
        words.to_owned()
    } else {
        cut(name, most)
    }
}

fn cut(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let kept: String = name.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Names that begin alike differ at their ends.
fn cut_inside(name: &str, most: usize) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= most {
        return name.to_owned();
    }
    let kept = most.saturating_sub(1);
    let (head, tail) = (kept - kept / 2, kept / 2);
    let begin = letters[..head].iter();
    let end = letters[letters.len() - tail..].iter();
    begin.chain(&['…']).chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_have_room_stay_where_they_are() {
        let wanted = [200.0, 20.0, 100.0];
        assert_eq!(pushed_apart(&wanted, DISTANCE, 0.0, 300.0), wanted);
        assert_eq!(pushed_apart(&[], DISTANCE, 0.0, 300.0), Vec::<f64>::new());
    }

    #[test]
    fn names_that_overlap_share_the_middle() {
        assert_eq!(
            pushed_apart(&[100.0, 104.0], DISTANCE, 0.0, 300.0),
            [95.0, 109.0]
        );
        assert_eq!(
            pushed_apart(&[0.0, 0.0, 299.0], DISTANCE, 0.0, 300.0),
            [0.0, 14.0, 299.0]
        );
    }

    #[test]
    fn no_name_lies_over_another() {
        let mut seed = 7_u32;
        for count in 1_u32..=20 {
            let wanted: Vec<f64> = (0..count)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    f64::from(seed % 300)
                })
                .collect();
            let heights = pushed_apart(&wanted, DISTANCE, 0.0, 300.0);
            let mut both: Vec<(f64, f64)> = wanted.into_iter().zip(heights).collect();
            both.sort_by(|one, other| one.1.total_cmp(&other.1));
            assert!(both.is_sorted_by(|one, other| one.0 <= other.0), "{both:?}");
            for pair in both.windows(2) {
                assert!(pair[1].1 - pair[0].1 >= DISTANCE - 1e-9, "{both:?}");
            }
            assert!(
                both.iter()
                    .all(|(_, height)| (0.0..=300.0 + 1e-9).contains(height))
            );
        }
    }

    #[test]
    fn names_keep_their_first_words_and_stay_apart() {
        assert_eq!(
            short_names(&["Kornfeld Coffee", "Mora & Finch", "Halden Roasters"], 13),
            ["Kornfeld", "Mora & Finch", "Halden"]
        );
        assert_eq!(
            short_names(&["Mora & Finch Coffee", "Claude Sonnet 5.5"], 13),
            ["Mora & Finch", "Claude Sonnet"]
        );
        assert_eq!(
            short_names(&["Brightcup Berlin Mitte", "Brightcup Bonn am Rhein"], 12),
            ["Bright…Mitte", "Bright…Rhein"]
        );
        assert_eq!(short_names(&["A Coffeehouse"], 8), ["A Coffe…"]);
    }
}
