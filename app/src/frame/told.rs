//! What the host tells of the period that a project's pages show: its numbers, and on the overview
//! all that is on its first screen. Either is one call; that of a page that opens with the overview
//! brings what stands around it too.

use std::sync::Arc;

use crate::api;
use crate::api::error::ApiError;
use crate::model::dashboard::{Dashboard, DashboardQuery};
use crate::model::overview::Overview;
use crate::model::project::ProjectFrame;

/// What to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Over which answers.
    pub numbers: DashboardQuery,
    /// Whether the whole first screen is wanted.
    pub is_screen: bool,
}

impl Asked {
    /// What a page asks for after `before`. A page that needs the numbers alone makes do with the
    /// screen that is there.
    pub fn after(before: Option<&Self>, numbers: DashboardQuery, is_overview: bool) -> Self {
        let is_there = before.is_some_and(|before| before.is_screen && before.numbers == numbers);
        Self {
            numbers,
            is_screen: is_overview || is_there,
        }
    }

    /// Asks the host; for what stands around the first screen too, where that is wanted with it.
    pub async fn ask(self, with_frame: bool) -> Result<(Told, Option<ProjectFrame>), ApiError> {
        if self.is_screen {
            let mut screen = api::overview::overview(self.numbers, with_frame).await?;
            let frame = screen.frame.take();
            return Ok((Told::Screen(Arc::new(screen)), frame));
        }
        let numbers = api::dashboard::dashboard(self.numbers).await?;
        Ok((Told::Numbers(Arc::new(numbers)), None))
    }
}

/// What the host told.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// The numbers alone.
    Numbers(Arc<Dashboard>),
    /// The first screen, with the numbers in it.
    Screen(Arc<Overview>),
}

impl Told {
    /// The numbers.
    pub fn numbers(&self) -> &Dashboard {
        match self {
            Self::Numbers(numbers) => numbers,
            Self::Screen(screen) => &screen.dashboard,
        }
    }

    /// The first screen, where it was asked for.
    pub fn screen(&self) -> Option<Arc<Overview>> {
        match self {
            Self::Numbers(_) => None,
            Self::Screen(screen) => Some(Arc::clone(screen)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dashboard::ComparedWith;

    #[test]
    fn a_screen_that_is_there_is_not_fetched_again_as_numbers() {
        let query = |to: &str| DashboardQuery {
            project_id: 1.into(),
            from: "2026-11-01".parse().expect("a day"),
            to: to.parse().expect("a day"),
            model_ids: Vec::new(),
            compare: ComparedWith::DaysBefore,
            tags: Vec::new(),
        };
        let november = query("2026-11-30");
        let answers = Asked::after(None, november.clone(), false);
        assert!(!answers.is_screen);
        let overview = Asked::after(Some(&answers), november.clone(), true);
        assert!(overview.is_screen);
        assert_eq!(Asked::after(Some(&overview), november, false), overview);
        let other = Asked::after(Some(&overview), query("2026-11-29"), false);
        assert!(!other.is_screen);
    }
}
