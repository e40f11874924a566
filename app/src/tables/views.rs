//! Which saved view a page shows, and what opening one makes of its address.
//!
//! An address is what stands behind the question mark: pairs, as the page itself writes them. Some
//! names are loose: a view that does not say them leaves them as they are.

use crate::model::ids::SavedViewId;
use crate::model::views::SavedView;

fn pairs(address: &str) -> impl Iterator<Item = &str> {
    address.split('&').filter(|pair| !pair.is_empty())
}

fn name_of(pair: &str) -> &str {
    pair.split_once('=').map_or(pair, |(name, _)| name)
}

/// Whether a pair of the page's address is one that the view leaves as it is.
fn is_left(pair: &str, saved: &str, loose: &[&str]) -> bool {
    let name = name_of(pair);
    loose.contains(&name) && pairs(saved).all(|known| name_of(known) != name)
}

/// Whether a page at the address `now` shows what was saved.
pub fn is_same(saved: &str, now: &str, loose: &[&str]) -> bool {
    pairs(saved).eq(pairs(now).filter(|pair| !is_left(pair, saved, loose)))
}

/// Whether nobody has set anything in an address but what is loose.
pub fn is_plain(now: &str, loose: &[&str]) -> bool {
    is_same("", now, loose)
}

/// The address after a view is opened at the address `now`.
pub fn opened(saved: &str, now: &str, loose: &[&str]) -> String {
    let left = pairs(now).filter(|pair| is_left(pair, saved, loose));
    let all: Vec<&str> = left.chain(pairs(saved)).collect();
    all.join("&")
}

/// The view that a page shows, and whether the page differs from it by now: the one that was
/// opened last where nothing is changed, else any that is shown as it was saved, else the one that
/// was opened last.
pub fn current(
    views: &[SavedView],
    last: Option<SavedViewId>,
    is_shown: &dyn Fn(&SavedView) -> bool,
) -> Option<(SavedView, bool)> {
    let last = views.iter().find(|view| Some(view.id) == last);
    let same = last.filter(|view| is_shown(view));
    let same = same.or_else(|| views.iter().find(|view| is_shown(view)));
    match same {
        Some(view) => Some((view.clone(), false)),
        None => last.map(|view| (view.clone(), true)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::views::ViewSetting;

    const LOOSE: &[&str] = &["period", "compare"];

    fn view(id: i64, address: &str) -> SavedView {
        SavedView {
            id: SavedViewId(id),
            name: format!("View {id}"),
            setting: ViewSetting {
                address: address.to_owned(),
                columns: Vec::new(),
            },
            is_own: true,
            may_change: true,
            is_shared: false,
            is_default: false,
        }
    }

    #[test]
    fn what_a_view_does_not_say_may_differ_where_it_is_loose() {
        for (saved, now, expected) in [
            ("failed=yes", "failed=yes", true),
            ("failed=yes", "period=7&failed=yes", true),
            ("period=30&failed=yes", "period=7&failed=yes", false),
            ("period=7&failed=yes", "failed=yes", false),
            ("failed=yes", "failed=yes&tag=a", false),
            ("failed=yes", "", false),
            ("", "", true),
            ("", "period=7", true),
            ("", "tag=a", false),
        ] {
            assert_eq!(is_same(saved, now, LOOSE), expected, "{saved} at {now}");
        }
        assert!(is_plain("period=7&compare=year", LOOSE));
        assert!(!is_plain("period=7&models=3", LOOSE));
    }

    #[test]
    fn opening_keeps_only_what_is_left_open() {
        let now = "period=7&compare=year&tag=a";
        let after = opened("period=30&failed=yes", now, LOOSE);
        assert_eq!(after, "compare=year&period=30&failed=yes");
        assert_eq!(opened("failed=yes", "tag=a", LOOSE), "failed=yes");
        assert_eq!(opened("", now, LOOSE), "period=7&compare=year");
        for saved in ["", "failed=yes", "period=30", "tag=b&text=%26"] {
            let after = opened(saved, now, LOOSE);
            let saved_again: Vec<&str> = pairs(saved).collect();
            assert!(
                pairs(&after)
                    .filter(|pair| !is_left(pair, saved, LOOSE))
                    .eq(saved_again)
            );
        }
    }

    #[test]
    fn the_view_that_was_opened_last_goes_before_others() {
        let views = [view(1, "a=1"), view(2, "a=1"), view(3, "b=1")];
        let at = |now: &str, last: Option<i64>| {
            let is_shown = |view: &SavedView| is_same(&view.setting.address, now, LOOSE);
            let found = current(&views, last.map(SavedViewId), &is_shown);
            found.map(|(view, is_changed)| (view.id.0, is_changed))
        };
        assert_eq!(at("a=1", None), Some((1, false)));
        assert_eq!(at("a=1", Some(2)), Some((2, false)));
        assert_eq!(at("b=1", Some(2)), Some((3, false)));
        assert_eq!(at("c=1", Some(2)), Some((2, true)));
        assert_eq!(at("c=1", None), None);
        assert_eq!(at("c=1", Some(9)), None);
    }
}
