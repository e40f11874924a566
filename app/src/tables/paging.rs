//! Which page of a table is shown.

/// How many rows a page has where nothing else is said.
pub const PAGE_SIZE: u64 = 50;

/// A page of rows among all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// How many rows come before the page.
    pub offset: u64,
    /// How many rows a page has at most.
    pub size: u64,
    /// How many rows there are in all.
    pub total: u64,
}

impl Paging {
    /// The numbers of the first and the last row on the page, counted from 1; `None` where there
    /// are none.
    pub fn span(self) -> Option<(u64, u64)> {
        let last = self.offset.saturating_add(self.size).min(self.total);
        (self.offset < last).then_some((self.offset + 1, last))
    }

    /// Where the page before begins; `None` on the first.
    pub fn previous(self) -> Option<u64> {
        (self.offset > 0).then_some(self.offset.saturating_sub(self.size))
    }

    /// Where the next page begins; `None` on the last.
    pub fn next(self) -> Option<u64> {
        let next = self.offset.saturating_add(self.size);
        (self.size > 0 && next < self.total).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn page(offset: u64, total: u64) -> Paging {
        Paging {
            offset,
            size: PAGE_SIZE,
            total,
        }
    }

    #[test]
    fn pages_say_which_rows_they_show() {
        assert_eq!(page(0, 7828).span(), Some((1, 50)));
        assert_eq!(page(7800, 7828).span(), Some((7801, 7828)));
        assert_eq!(page(0, 3).span(), Some((1, 3)));
        assert_eq!(page(0, 0).span(), None);
        assert_eq!(page(100, 60).span(), None);
    }

    #[test]
    fn pages_follow_each_other_to_both_ends() {
        let total = 7828;
        let mut place = page(0, total);
        let mut shown = 0;
        assert_eq!(place.previous(), None);
        loop {
            let (first, last) = place.span().expect("rows on each page");
            assert_eq!(first, shown + 1);
            shown = last;
            let Some(next) = place.next() else { break };
            assert_eq!(page(next, total).previous(), Some(place.offset));
            place = page(next, total);
        }
        assert_eq!(shown, total);
    }

    #[test]
    fn a_page_behind_the_end_leads_back() {
        assert_eq!(page(100, 60).previous(), Some(50));
        assert_eq!(page(100, 60).next(), None);
        assert_eq!(page(20, 60).previous(), Some(0));
    }
}
