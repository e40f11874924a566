//! Where words begin and end, also in scripts without spaces.
//!
//! Invariant: looks at folded text only, at the letters around one place.

use super::fold::is_word;

/// Whether words of this character's script stand without spaces between them.
pub(crate) fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{0E00}'..='\u{0EFF}' // Thai, Lao
        | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' // Burmese, Khmer
        | '\u{1100}'..='\u{11FF}' | '\u{3040}'..='\u{30FF}' | '\u{3130}'..='\u{318F}'
        | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}'
    )
}

/// Whether a word may end between two neighbours.
fn is_boundary(before: Option<char>, after: Option<char>) -> bool {
    match (before, after) {
        (Some(left), Some(right)) => {
            !(is_word(left) && is_word(right)) || is_unspaced(left) || is_unspaced(right)
        }
        _ => true,
    }
}

/// Whether a name that begins with `first` begins a word after `before`.
pub(crate) fn starts_word(before: Option<char>, first: Option<char>) -> bool {
    let is_of_both = |test: fn(char) -> bool| before.is_some_and(test) && first.is_some_and(test);
    // "ライン" in "オンライン", "라인" in "온라인".
    is_boundary(before, first) && !is_of_both(is_katakana) && !is_of_both(is_hangul)
}

/// Whether a name that ends with `last` ends a word before `after`.
pub(crate) fn ends_word(last: Option<char>, after: &str) -> bool {
    let next = after.chars().next();
    let is_of_both = |test: fn(char) -> bool| last.is_some_and(test) && next.is_some_and(test);
    if is_of_both(is_hangul) {
        return is_particles(after);
    }
    is_boundary(last, next) && !is_of_both(is_katakana)
}

fn is_katakana(character: char) -> bool {
    matches!(character, '\u{30A1}'..='\u{30FA}' | '\u{30FC}' | '\u{31F0}'..='\u{31FF}')
}

fn is_hangul(character: char) -> bool {
    matches!(character, '\u{AC00}'..='\u{D7A3}')
}

/// Whether the Korean letters that `after`, which stands behind a name, begins with are only
/// particles, as in "카카오에서는".
fn is_particles(after: &str) -> bool {
    const PARTICLES: &[&str] = &[
        "이라고는",
        "이라는",
        "이라고",
        "이에요",
        "입니다",
        "라는",
        "라고",
        "에서",
        "에게",
        "으로",
        "부터",
        "까지",
        "보다",
        "처럼",
        "같은",
        "이나",
        "이랑",
        "이란",
        "하고",
        "이다",
        "예요",
        "이며",
        "조차",
        "마저",
        "밖에",
        "대로",
        "만큼",
        "은",
        "는",
        "이",
        "가",
        "을",
        "를",
        "의",
        "에",
        "와",
        "과",
        "로",
        "도",
        "만",
        "나",
        "랑",
        "며",
        "란",
        "들",
        "님",
        "측",
        "씨",
        "엔",
        "뿐",
        "인",
        "및",
        "께",
        "고",
    ];
    /// More than stand behind one name.
    const MOST: usize = 3;
    let mut rest = after;
    for _ in 0..MOST {
        if !rest.starts_with(is_hangul) {
            return true;
        }
        let Some(after) = PARTICLES
            .iter()
            .find_map(|particle| rest.strip_prefix(particle))
        else {
            return false;
        };
        rest = after;
    }
    !rest.starts_with(is_hangul)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particles_end_a_word_and_other_letters_do_not() {
        for (after, ends) in [
            ("는 좋다", true),
            ("에서는", true),
            ("전자", false),
            ("업", false),
            ("", true),
            (" 좋다", true),
            ("에서는도 좋다", true),
            ("에서는도만", false),
        ] {
            assert_eq!(ends_word(Some('오'), after), ends, "{after}");
        }
        assert!(!starts_word(Some('온'), Some('라')));
        assert!(starts_word(Some('我'), Some('小')));
        assert!(!starts_word(Some('ン'), Some('ラ')));
        assert!(starts_word(Some('の'), Some('ラ')));
        assert!(!starts_word(Some('a'), Some('k')));
    }
}
