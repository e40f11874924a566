//! Which presses of keys are shortcuts, and of what.
//!
//! Invariant: pure. Listening and doing is the business of `shortcuts`.

use super::query::Tab;

/// So long after G the next key says where to go, in milliseconds.
const GO_WITHIN: f64 = 1_500.0;

/// A press of a key.
#[derive(Clone, Copy, Debug, Default)]
pub struct Press<'a> {
    /// What it types, as browsers name it.
    pub key: &'a str,
    /// What is held with it.
    pub held: Held,
    /// Whether it belongs to something else: a field, a window above the page, a key that is held
    /// down.
    pub is_taken: bool,
}

/// What is held while a key is pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Held {
    /// Nothing.
    #[default]
    Nothing,
    /// Shift alone.
    Shift,
    /// Ctrl alone, or the key that is it on a Mac.
    Control,
    /// Alt, or several.
    More,
}

impl Held {
    /// What is held, by what the browser says of each key.
    pub const fn of(control: bool, alt: bool, shift: bool) -> Self {
        match (control, alt, shift) {
            (false, false, false) => Self::Nothing,
            (false, false, true) => Self::Shift,
            (true, false, false) => Self::Control,
            _ => Self::More,
        }
    }
}

/// What a shortcut does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Opens the palette.
    Palette,
    /// Opens the list of shortcuts.
    List,
    /// Leads to the search of the page.
    Search,
    /// Leads to a page of the project.
    Page(Tab),
    /// Leads home.
    Home,
    /// Leads to the notices.
    Notices,
    /// Opens the choice of the period.
    Period,
    /// Folds the side bar, or unfolds it.
    Fold,
    /// Opens the window that starts a run.
    Run,
}

/// The keys that were pressed, as far as they matter to the next one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keys {
    /// When G was pressed, if that was the last key.
    went: Option<f64>,
}

impl Keys {
    /// What a press does at a time in milliseconds. Those of one key can be switched off.
    pub fn press(&mut self, press: Press, now: f64, is_on: bool) -> Option<Shortcut> {
        let key = press.key.to_ascii_lowercase();
        // What is held comes by itself before what it is held for.
        if matches!(key.as_str(), "shift" | "control" | "meta" | "alt") {
            return None;
        }
        let went = self.went.take().is_some_and(|at| now - at <= GO_WITHIN);
        let is_letter = key.chars().all(|letter| letter.is_ascii_alphabetic());
        match press.held {
            Held::Control => return (key == "k").then_some(Shortcut::Palette),
            Held::More => return None,
            Held::Shift if is_letter => return None,
            Held::Shift | Held::Nothing => {}
        }
        if !is_on || press.is_taken {
            return None;
        }
        if went {
            return goal(&key);
        }
        match key.as_str() {
            "g" => {
                self.went = Some(now);
                None
            }
            "?" => Some(Shortcut::List),
            "/" => Some(Shortcut::Search),
            "[" => Some(Shortcut::Fold),
            "p" => Some(Shortcut::Period),
            "r" => Some(Shortcut::Run),
            "e" => Some(Shortcut::Page(Tab::Settings)),
            _ => None,
        }
    }
}

/// Where a key after G leads.
fn goal(key: &str) -> Option<Shortcut> {
    Some(match key {
        "o" => Shortcut::Page(Tab::Overview),
        "m" => Shortcut::Page(Tab::Models),
        "a" => Shortcut::Page(Tab::Answers),
        "s" => Shortcut::Page(Tab::Sources),
        "r" => Shortcut::Page(Tab::Runs),
        "h" => Shortcut::Home,
        "n" => Shortcut::Notices,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(key: &str) -> Press<'_> {
        Press {
            key,
            ..Press::default()
        }
    }

    fn pressed(presses: &[Press]) -> Vec<Option<Shortcut>> {
        let mut keys = Keys::default();
        let mut now = 0.0;
        presses
            .iter()
            .map(|press| {
                now += 100.0;
                keys.press(*press, now, true)
            })
            .collect()
    }

    #[test]
    fn one_key_does_one_thing() {
        for (key, expected) in [
            ("?", Some(Shortcut::List)),
            ("/", Some(Shortcut::Search)),
            ("[", Some(Shortcut::Fold)),
            ("p", Some(Shortcut::Period)),
            ("P", Some(Shortcut::Period)),
            ("r", Some(Shortcut::Run)),
            ("e", Some(Shortcut::Page(Tab::Settings))),
            ("k", None),
            ("o", None),
            ("Enter", None),
            ("Process", None),
        ] {
            assert_eq!(pressed(&[of(key)]), [expected], "{key}");
        }
    }

    #[test]
    fn g_leads_on_with_the_next_key_if_that_comes_soon() {
        for (key, expected) in [
            ("o", Some(Shortcut::Page(Tab::Overview))),
            ("m", Some(Shortcut::Page(Tab::Models))),
            ("a", Some(Shortcut::Page(Tab::Answers))),
            ("s", Some(Shortcut::Page(Tab::Sources))),
            ("r", Some(Shortcut::Page(Tab::Runs))),
            ("h", Some(Shortcut::Home)),
            ("n", Some(Shortcut::Notices)),
            ("p", None),
        ] {
            assert_eq!(pressed(&[of("g"), of(key)]), [None, expected], "{key}");
        }
        // Only the next one.
        let run = Some(Shortcut::Run);
        assert_eq!(pressed(&[of("g"), of("x"), of("r")]), [None, None, run]);
        let mut keys = Keys::default();
        assert_eq!(keys.press(of("g"), 0.0, true), None);
        assert_eq!(keys.press(of("r"), GO_WITHIN + 1.0, true), run);
    }

    #[test]
    fn none_with_alt_or_while_something_else_takes_the_keys() {
        for key in ["?", "/", "[", "p", "r", "e", "g"] {
            let with_alt = Press {
                held: Held::More,
                ..of(key)
            };
            let taken = Press {
                is_taken: true,
                ..of(key)
            };
            let after = of("a");
            assert_eq!(pressed(&[with_alt, after]), [None, None], "{key}");
            assert_eq!(pressed(&[taken, after]), [None, None], "{key}");
            assert_eq!(Keys::default().press(of(key), 0.0, false), None, "{key}");
        }
        let shifted = |key| Press {
            held: Held::Shift,
            ..of(key)
        };
        assert_eq!(pressed(&[shifted("R")]), [None]);
        // Where it takes Shift to type them.
        assert_eq!(
            pressed(&[of("Shift"), shifted("?"), of("Shift"), shifted("/")]),
            [None, Some(Shortcut::List), None, Some(Shortcut::Search)]
        );
    }

    #[test]
    fn the_palette_opens_from_everywhere() {
        let press = Press {
            held: Held::Control,
            is_taken: true,
            ..of("k")
        };
        assert_eq!(pressed(&[press]), [Some(Shortcut::Palette)]);
        assert_eq!(
            Keys::default().press(press, 0.0, false),
            Some(Shortcut::Palette)
        );
        for other in [
            Press {
                held: Held::of(true, true, false),
                ..press
            },
            Press {
                held: Held::of(true, false, true),
                ..press
            },
            Press { key: "r", ..press },
        ] {
            assert_eq!(pressed(&[other]), [None], "{other:?}");
        }
    }
}
