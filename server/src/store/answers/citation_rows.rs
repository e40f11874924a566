//! An answer's sources as rows: each page once, and which of them stands for its domain.
//!
//! Invariant: pure. The same citations give the same rows.

use std::collections::HashMap;

use analysis::citations::Page;
use chrono::NaiveDate;

use crate::store::sql::encode::{count, without_nul};
use crate::store::sql::rows::{NewRow, new_row};

/// The sources of one stored answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AnswerSources {
    /// The answer.
    pub(super) result: i64,
    /// Its prompt.
    pub(super) prompt: i64,
    /// Its model.
    pub(super) model: i64,
    /// Its day in the workspace's time zone.
    pub(super) day: NaiveDate,
    /// Each page once, in the order of the citations.
    pub(super) sources: Vec<Source>,
}

/// A page in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) page: Page,
    pub(super) title: Option<String>,
    /// Whether the answer refers to it; once is enough.
    pub(super) is_cited: bool,
    /// Whether it stands for its domain: the first cited page of it, else the first.
    pub(super) leads: bool,
}

/// The pages behind citations, given as what they mean, title and whether the answer refers to it.
/// What is no page is left out.
pub(super) fn sources<'a>(
    citations: impl IntoIterator<Item = (Option<Page>, Option<&'a str>, bool)>,
) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (page, title, is_cited) in citations {
        let Some(page) = page else {
            continue;
        };
        // Where the page is hidden, the title is the site's name and none of a page.
        let title = title.filter(|_| !page.site_only).map(without_nul);
        if let Some(place) = places.get(&page.key) {
            let known = &mut sources[*place];
            known.is_cited |= is_cited;
            known.title = known.title.take().or(title);
            continue;
        }
        places.insert(page.key.clone(), sources.len());
        sources.push(Source {
            page,
            title,
            is_cited,
            leads: false,
        });
    }
    let mut leaders: HashMap<String, usize> = HashMap::new();
    for (index, source) in sources.iter().enumerate() {
        let leader = leaders.entry(source.page.domain.clone()).or_insert(index);
        if source.is_cited && !sources[*leader].is_cited {
            *leader = index;
        }
    }
    for leader in leaders.into_values() {
        sources[leader].leads = true;
    }
    sources
}

pub(super) fn page_row(workspace_id: i64, project: i64, source: &Source) -> NewRow<8> {
    new_row! {
        workspace_id = workspace_id,
        project_id = project,
        page_key = source.page.key.clone(),
        url = source.page.url.clone(),
        host = source.page.host.clone(),
        domain = source.page.domain.clone(),
        title = source.title.clone(),
        site_only = source.page.site_only,
    }
}

/// The rows of an answer, as far as the ids of its pages are known.
pub(super) fn citation_rows(
    workspace_id: i64,
    project: i64,
    answer: &AnswerSources,
    pages: &HashMap<String, i64>,
) -> Vec<NewRow<10>> {
    let row = |(position, source): (usize, &Source)| {
        let page = *pages.get(&source.page.key)?;
        Some(new_row! {
            workspace_id = workspace_id,
            project_id = project,
            result_id = answer.result,
            page_id = page,
            query_id = answer.prompt,
            model_id = answer.model,
            analysis_day = answer.day,
            position = count(position),
            is_cited = source.is_cited,
            leads = source.leads,
        })
    };
    answer.sources.iter().enumerate().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use analysis::citations::page;

    use super::*;

    #[test]
    fn each_page_counts_once_and_one_stands_for_its_domain() {
        let cited = [
            ("https://a.io/x?utm_source=openai", None, false),
            ("https://b.io/1", Some("One"), false),
            ("ftp://c.io", None, true),
            ("https://b.io/2", None, true),
            ("https://www.a.io/x/", Some("X"), true),
        ];
        let found =
            sources(cited.map(|(url, title, is_cited)| (page(url, title), title, is_cited)));
        let seen: Vec<_> = found
            .iter()
            .map(|source| {
                let title = source.title.as_deref();
                (
                    source.page.key.as_str(),
                    title,
                    source.is_cited,
                    source.leads,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("a.io/x", Some("X"), true, true),
                ("b.io/1", Some("One"), false, false),
                ("b.io/2", None, true, true),
            ]
        );
    }
}
