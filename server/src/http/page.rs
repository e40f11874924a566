//! The page that loads the client, and what the host puts into it: for the sign-in page its card, for
//! who is signed in what the client would ask for first.
//!
//! Invariant: knows no caller and nothing of what it is given: whoever puts something in says how
//! long it may be kept.

use std::collections::BTreeMap;

use app::model::language::Language;

use super::assets;
use crate::markup::escaped;

/// What stands in the page until the client replaces it, and how what follows it begins.
const SKELETON: &str = "<div id=\"skeleton\"";
const BEHIND_SKELETON: &str = "<div id=\"not-loaded\"";
/// The list of the files that the client will ask for, which are fetched ahead of that.
const AHEAD: &str = "<meta name=\"ahead\" content=\"";
/// The code of the client, fetched at once: what the page shows has the line for itself.
const PRELOAD: &str = "<link rel=\"preload\" as=\"fetch\" type=\"application/wasm\"";
/// Where there is a part of an address that is different each time.
const ANYTHING: char = ':';

/// The page, as the build made it or with something in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page(String);

impl Page {
    /// As it is below a prefix; `None` where the client is not built.
    pub(super) fn below(prefix: &str) -> Option<Self> {
        assets::page_below(prefix).map(Self)
    }

    /// A text as a page.
    #[cfg(test)]
    pub(super) fn of(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// What is sent.
    pub(super) fn into_text(self) -> String {
        self.0
    }

    /// In the language that the client will have, with the texts of that fetched ahead.
    pub(super) fn spoken(self, language: Language) -> Self {
        let code = language.code();
        let texts = self.file_named(&format!("texts-{code}"));
        let spoken = self.with_first("<html lang=\"en\">", &format!("<html lang=\"{code}\">"));
        match texts {
            Some(texts) => spoken.with_first(AHEAD, &format!("{AHEAD}{texts} ")),
            None => spoken,
        }
    }

    /// With a name of the window of its own.
    pub(super) fn titled(self, title: &str) -> Self {
        self.with_first("<title>", &format!("<title>{} · ", escaped(title)))
    }

    /// With other files fetched ahead than those of the first page: those of the page at `path`,
    /// where there is one.
    pub(super) fn fetching_for(self, path: &str) -> Self {
        match files_of_page(path) {
            Some(files) => self.between(AHEAD, "\"", &files.join(" ")).unwrap_or(self),
            None => self,
        }
    }

    /// With elements in the place of the skeleton, which are painted before anything of the client is
    /// fetched; `None` where it has none.
    pub(super) fn showing(self, elements: &str) -> Option<Self> {
        let (head, rest) = self.0.split_once(SKELETON)?;
        let (_, tail) = rest.split_once(BEHIND_SKELETON)?;
        let shown = format!("{head}{elements}{BEHIND_SKELETON}{tail}");
        let Some((before, link)) = shown.split_once(PRELOAD) else {
            return Some(Self(shown));
        };
        let (_, after) = link.split_once('>')?;
        Some(Self(format!("{before}{after}")))
    }

    /// With replies to calls that the client makes first: it takes them from here.
    pub(super) fn bringing(self, replies: &[Reply]) -> Self {
        let elements: Vec<String> = replies.iter().map(Reply::element).collect();
        self.with_first("</body>", &format!("{}</body>", elements.concat()))
    }

    fn with_first(self, from: &str, to: &str) -> Self {
        Self(self.0.replacen(from, to, 1))
    }

    /// With other words between two marks; `None` where there are none.
    fn between(&self, begin: &str, end: &str, words: &str) -> Option<Self> {
        let (head, rest) = self.0.split_once(begin)?;
        let (_, tail) = rest.split_once(end)?;
        Some(Self(format!("{head}{begin}{words}{end}{tail}")))
    }

    /// The address that a `<meta>` element of that name has.
    fn file_named(&self, name: &str) -> Option<String> {
        let (_, rest) = self
            .0
            .split_once(&format!("<meta name=\"{name}\" content=\""))?;
        let (file, _) = rest.split_once('"')?;
        Some(file.to_owned())
    }
}

/// A reply to a call, which stands in the page.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    /// Where the client sends the call.
    path: &'static str,
    /// What it sends.
    body: String,
    /// What it is told.
    told: String,
}

impl Reply {
    /// The reply to a call that is sent as `call`; `None` for what cannot be written.
    pub(super) fn to<C: serde::Serialize, R: serde::Serialize>(
        path: &'static str,
        call: &C,
        reply: &R,
    ) -> Option<Self> {
        Some(Self {
            path,
            body: serde_json::to_string(call).ok()?,
            told: serde_json::to_string(reply).ok()?,
        })
    }

    /// An element that nothing runs. In JSON the sign stands in texts alone, where it may be written
    /// so: no text ends the element, or begins a comment.
    fn element(&self) -> String {
        format!(
            "<script type=\"application/json\" data-call=\"{}\" data-body=\"{}\">{}</script>",
            self.path,
            escaped(&self.body),
            self.told.replace('<', "\\u003c"),
        )
    }
}

/// The files of the page at a path, by the list that the build made of the table of pages.
fn files_of_page(path: &str) -> Option<Vec<String>> {
    let pages: BTreeMap<String, Vec<String>> = serde_json::from_slice(&assets::pages()?).ok()?;
    let found = pages.into_iter().find(|(page, _)| is_at(page, path));
    found.map(|(_, files)| files)
}

/// Whether a path is that of a page, whose address says `:id` where there is any. No project has a
/// word for its number.
fn is_at(page: &str, path: &str) -> bool {
    let parts = |of: &str| -> Vec<String> {
        let parts = of.trim_matches('/').split('/');
        parts.map(str::to_owned).collect()
    };
    let (page, path) = (parts(page), parts(path));
    let fits = |(page, path): (&String, &String)| {
        page == path
            || (page.starts_with(ANYTHING)
                && !path.is_empty()
                && path.bytes().all(|byte| byte.is_ascii_digit()))
    };
    page.len() == path.len() && page.iter().zip(&path).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = include_str!("../../../frontend/index.html");
    const BUILT: &str = "<html lang=\"en\"><head><title>Parallax</title>\
        <meta name=\"texts-en\" content=\"texts-en-1.json\" />\
        <meta name=\"texts-es\" content=\"texts-es-2.json\" />\
        <meta name=\"ahead\" content=\"bundle-0.wasm home.wasm\" />\
        <link rel=\"modulepreload\" href=\"client.js\" />\
        <link rel=\"preload\" as=\"fetch\" type=\"application/wasm\" crossorigin href=\"client.wasm\" />\
        </head><body><div id=\"skeleton\"><i></i></div><div id=\"not-loaded\" hidden></div></body></html>";

    fn page() -> Page {
        Page::of(BUILT)
    }

    #[test]
    fn the_marks_are_in_the_source_once() {
        for mark in [
            SKELETON,
            BEHIND_SKELETON,
            "<html lang=\"en\">",
            "<title>",
            "</body>",
            "<meta name=\"texts-en\" content=\"",
            "<meta name=\"texts-es\" content=\"",
        ] {
            assert_eq!(SOURCE.matches(mark).count(), 1, "{mark}");
        }
        let build = include_str!("../../../frontend/split.mjs");
        for mark in [AHEAD, PRELOAD] {
            assert_eq!(build.matches(mark).count(), 1, "{mark}");
        }
    }

    #[test]
    fn what_is_shown_takes_the_place_of_the_skeleton_and_has_the_line_for_itself() {
        let shown = page().showing("<div id=\"early\"></div>");
        let shown = shown.expect("a page").into_text();
        assert!(
            !shown.contains(SKELETON) && !shown.contains("client.wasm"),
            "{shown}"
        );
        assert!(
            shown.contains("<div id=\"early\"></div><div id=\"not-loaded\""),
            "{shown}"
        );
        assert!(shown.contains("client.js\" /></head>"), "{shown}");
        let other = Page::of("<p>another page</p>");
        assert_eq!(other.showing("<b></b>"), None);
    }

    #[test]
    fn a_language_brings_its_texts() {
        let spoken = page().spoken(Language::Spanish).titled("A & B").into_text();
        assert!(spoken.starts_with("<html lang=\"es\">"), "{spoken}");
        assert!(
            spoken.contains("content=\"texts-es-2.json bundle-0.wasm home.wasm\""),
            "{spoken}"
        );
        assert!(
            spoken.contains("<title>A &#38; B · Parallax</title>"),
            "{spoken}"
        );
    }

    #[test]
    fn nothing_of_a_reply_is_markup() {
        let call = serde_json::json!({"text": "a\"b<c>"});
        let reply = serde_json::json!({"name": "</script><script>alert(1)</script><!--"});
        let written = Reply::to("/api/fn/x", &call, &reply).expect("JSON");
        let text = page().bringing(&[written]).into_text();
        assert_eq!(text.matches("<script").count(), 1, "{text}");
        assert_eq!(text.matches("</script>").count(), 1, "{text}");
        assert!(!text.contains("<!--") && !text.contains("b<c"), "{text}");
        let (_, told) = text.split_once("&#34;}\">").expect("behind the call");
        let (told, _) = told.split_once("</script>").expect("an end");
        let read: serde_json::Value = serde_json::from_str(told).expect("JSON");
        assert_eq!(read, reply);
    }

    #[test]
    fn pages_are_told_by_their_addresses() {
        for (page, path, is_it) in [
            ("/", "/", true),
            ("/", "/keys", false),
            ("/keys", "/keys/", true),
            ("/projects/new", "/projects/new", true),
            ("/projects/:id", "/projects/new", false),
            ("/projects/:id", "/projects/7", true),
            ("/projects/:id", "/projects/7/", true),
            ("/projects/:id", "/projects/7/answers", false),
            ("/projects/:id/answers", "/projects/7/answers", true),
            ("/projects/:id", "/projects/", false),
        ] {
            assert_eq!(is_at(page, path), is_it, "{page} {path}");
        }
    }
}
