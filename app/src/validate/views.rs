//! Limits of views that are saved. What an address asks for is the page's to read: here it is a
//! line.

use super::Check;
use crate::api::error::FieldError;
use crate::model::ids::ProjectId;
use crate::model::language::Language;
use crate::model::views::{SavedViewChange, SavedViewDraft, ViewPlace, ViewSetting};
use crate::texts::errors;

/// Characters of a view's name.
const VIEW_NAME: (usize, usize) = (1, 60);
/// Characters of an address; words in it are escaped.
const ADDRESS: (usize, usize) = (0, 8_000);
/// Columns of a table.
const COLUMNS: usize = 60;
/// Characters of a column's name in code, with its minus.
const COLUMN: (usize, usize) = (1, 40);

/// A page that views are of: with a project where it is one of a project, else without.
pub fn viewed_page(
    language: Language,
    place: ViewPlace,
    project: Option<ProjectId>,
) -> Result<(), Vec<FieldError>> {
    let mut check = Check::new(language);
    page(&mut check, place, project);
    check.done(())
}

/// A view to be saved; gives it clean.
pub fn saved_view(
    language: Language,
    draft: &SavedViewDraft,
) -> Result<SavedViewDraft, Vec<FieldError>> {
    let mut check = Check::new(language);
    page(&mut check, draft.place, draft.project_id);
    let checked = SavedViewDraft {
        name: check.line("name", &draft.name, VIEW_NAME),
        setting: setting(&mut check, &draft.setting),
        ..draft.clone()
    };
    check.done(checked)
}

/// A change of a view; gives it clean.
pub fn saved_view_change(
    language: Language,
    change: &SavedViewChange,
) -> Result<SavedViewChange, Vec<FieldError>> {
    let mut check = Check::new(language);
    let name = change.name.as_ref();
    let checked = SavedViewChange {
        name: name.map(|name| check.line("name", name, VIEW_NAME)),
        setting: change.setting.as_ref().map(|of| setting(&mut check, of)),
        ..change.clone()
    };
    check.done(checked)
}

fn page(check: &mut Check, place: ViewPlace, project: Option<ProjectId>) {
    match (place.is_of_project(), project) {
        (true, None) => check.wrong("project_id", errors::VIEW_NEEDS_PROJECT, &[]),
        (false, Some(_)) => check.wrong("project_id", errors::VIEW_OF_NO_PROJECT, &[]),
        (true, Some(_)) | (false, None) => {}
    }
}

fn setting(check: &mut Check, of: &ViewSetting) -> ViewSetting {
    let columns = check.list("setting.columns", &of.columns, COLUMNS);
    ViewSetting {
        address: check.line("setting.address", &of.address, ADDRESS),
        columns: columns
            .iter()
            .map(|column| check.line("setting.columns", column, COLUMN))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::views::ViewPlace;

    fn draft(name: &str, address: &str, columns: &[&str]) -> SavedViewDraft {
        SavedViewDraft {
            place: ViewPlace::Answers,
            project_id: Some(1.into()),
            name: name.to_owned(),
            setting: ViewSetting {
                address: address.to_owned(),
                columns: columns.iter().map(|&column| column.to_owned()).collect(),
            },
            is_shared: true,
            is_default: false,
        }
    }

    fn wrong(draft: &SavedViewDraft) -> Vec<String> {
        let errors = saved_view(Language::English, draft).expect_err("refused");
        errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_good_view_comes_out_clean() {
        let clean = saved_view(
            Language::English,
            &draft(" Lost ", "mentioned=no", &["time", "-cost"]),
        );
        assert_eq!(clean, Ok(draft("Lost", "mentioned=no", &["time", "-cost"])));
        assert!(saved_view(Language::English, &draft("é", "", &[])).is_ok());
    }

    #[test]
    fn each_wrong_field_is_named() {
        let long = "a".repeat(8_001);
        assert_eq!(wrong(&draft(" ", "", &[])), ["name"]);
        assert_eq!(wrong(&draft(&long[..61], "", &[])), ["name"]);
        assert_eq!(wrong(&draft("a", &long, &[])), ["setting.address"]);
        assert_eq!(wrong(&draft("a", "b\nc", &[])), ["setting.address"]);
        assert_eq!(wrong(&draft("a", "", &[""])), ["setting.columns"]);
        assert_eq!(wrong(&draft("a", "", &[&long[..41]])), ["setting.columns"]);
        assert_eq!(wrong(&draft("a", "", &["b"; 61])), ["setting.columns"]);
    }

    #[test]
    fn a_page_has_a_project_or_none() {
        for (place, project, is_fine) in [
            (ViewPlace::Answers, Some(1.into()), true),
            (ViewPlace::Answers, None, false),
            (ViewPlace::Home, None, true),
            (ViewPlace::Home, Some(1.into()), false),
        ] {
            let page = viewed_page(Language::English, place, project);
            assert_eq!(page.is_ok(), is_fine, "{place} {project:?}");
            let moved = SavedViewDraft {
                place,
                project_id: project,
                ..draft("Lost", "", &[])
            };
            let saved = saved_view(Language::English, &moved);
            assert_eq!(saved.is_ok(), is_fine, "{place} {project:?}");
            if !is_fine {
                assert_eq!(wrong(&moved), ["project_id"]);
            }
        }
    }

    #[test]
    fn what_a_change_leaves_out_stays_out() {
        let nothing = SavedViewChange::default();
        let clean = saved_view_change(Language::English, &nothing);
        assert_eq!(clean, Ok(nothing));
        let unnamed = SavedViewChange {
            name: Some(String::new()),
            ..SavedViewChange::default()
        };
        let errors = saved_view_change(Language::English, &unnamed).expect_err("refused");
        assert_eq!(errors[0].field, "name");
    }
}
