use proptest::prelude::*;

use super::*;

fn key(url: &str) -> String {
    page(url, None).map_or_else(|| format!("none: {url}"), |page| page.key)
}

#[test]
fn one_page_however_it_is_linked_to() {
    let same: &[(&str, &[&str])] = &[
        (
            "kipu.io/guide",
            &[
                "https://kipu.io/guide",
                "HTTP://WWW.Kipu.IO:80/guide/",
                "https://user:word@kipu.io:443//guide#top",
                "https://kipu.io/guide?utm_source=openai&utm_campaign=x",
                "https://kipu.io/guide?gclid=1&fbclid=2&mc_cid=3&msclkid=4&ref=5",
                "https://kipu.io/guide/index.html",
                "https://kipu.io./guide/?&",
                "https://kipu.io/%67uide#:~:text=soap",
                "https://amp.kipu.io/guide",
                "https://kipu.io/guide/amp/",
                "https://kipu.io/guide.amp.html",
                "https://kipu.io/guide?amp=1&outputType=amp",
                "https://www.google.com/amp/s/kipu.io/guide/amp",
                "https://kipu-io.cdn.ampproject.org/c/s/kipu.io/guide?usqp=mq331AQ",
                "https://cdn.ampproject.org/v/s/www.kipu.io/guide?amp_js_v=0.1",
                "https://www.google.com/url?sa=t&url=https%3A%2F%2Fkipu.io%2Fguide&ved=2",
                "https://www.google.co.uk/url?q=https://kipu.io/guide&sa=D",
                "https://l.facebook.com/l.php?u=https%3A%2F%2Fkipu.io%2Fguide%3Ffbclid%3D1&h=AT",
                "https://www.bing.com/ck/a?!&&p=9&u=a1aHR0cHM6Ly9raXB1LmlvL2d1aWRl&ntb=1",
                "https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RO=10/RU=https%3a%2f%2fkipu.io%2fguide/RK=2/RS=x",
                "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fkipu.io%2Fguide&rut=1",
                "https://www.linkedin.com/redir/redirect?url=https%3A%2F%2Fkipu%2Eio%2Fguide",
                "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fkipu.io%2Fguide&data=0",
                // A redirect in a redirect, to a copy.
                "https://www.google.com/url?q=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Famp.kipu.io%252Fguide",
            ],
        ),
        (
            "kipu.io",
            &[
                "https://kipu.io",
                "http://www.kipu.io/",
                "https://kipu.io/index.php",
                "https://kipu.io/?ref=producthunt",
            ],
        ),
        (
            "shop.kipu.io/soap?colour=red&size=2",
            &[
                "https://shop.kipu.io/soap?size=2&colour=red",
                "https://shop.kipu.io/soap/?colour=red&utm_id=1&size=2&size=2",
            ],
        ),
        (
            "amazon.com.mx/Soap/dp/B01",
            &[
                "https://www.amazon.com.mx/Soap/dp/B01/ref=sr_1_2?qid=1&tag=x-20",
                "https://amazon.com.mx/Soap/dp/B01?psc=1",
            ],
        ),
    ];
    for (expected, urls) in same {
        for url in *urls {
            assert_eq!(key(url), *expected, "{url}");
        }
    }
}

#[test]
fn what_may_be_another_page_stays_one() {
    for (url, expected) in [
        ("https://kipu.io/Guide", "kipu.io/Guide"),
        ("https://kipu.io:8443/a", "kipu.io:8443/a"),
        ("https://kipu.io/?p=12", "kipu.io/?p=12"),
        ("https://kipu.io/index.php?id=3", "kipu.io/index.php?id=3"),
        ("https://kipu.io/a%2Fb", "kipu.io/a%2Fb"),
        ("https://kipu.io/amp", "kipu.io/amp"),
        ("https://amp.dev/guide", "amp.dev/guide"),
        (
            "https://github.com/a/b/blob/main/x?ref=v2",
            "github.com/a/b/blob/main/x?ref=v2",
        ),
        (
            "https://web.archive.org/web/2020/https://kipu.io/a",
            "web.archive.org/web/2020/https://kipu.io/a",
        ),
        ("https://youtu.be/x?si=abc&t=40", "youtu.be/x?t=40"),
        ("https://bit.ly/3x", "bit.ly/3x"),
        ("https://google.com/url?sa=t", "google.com/url?sa=t"),
        ("https://kipu.io/50%-off", "kipu.io/50%-off"),
    ] {
        assert_eq!(key(url), expected, "{url}");
    }
}

#[test]
fn domains_by_the_public_suffix_list() {
    for (url, host, domain) in [
        ("https://docs.kipu.co.uk/a", "docs.kipu.co.uk", "kipu.co.uk"),
        ("https://kipu.github.io", "kipu.github.io", "kipu.github.io"),
        (
            "https://www.example.com.mx",
            "example.com.mx",
            "example.com.mx",
        ),
        (
            "https://b\u{fc}cher.example.de/",
            "xn--bcher-kva.example.de",
            "example.de",
        ),
        (
            "https://www.\u{98df}\u{72ee}.\u{516c}\u{53f8}.cn",
            "xn--85x722f.xn--55qx5d.cn",
            "xn--85x722f.xn--55qx5d.cn",
        ),
        ("http://127.0.0.1:8080/a", "127.0.0.1", "127.0.0.1"),
        ("http://[::1]/a", "[::1]", "[::1]"),
        ("http://localhost/a", "localhost", "localhost"),
        ("https://co.uk/", "co.uk", "co.uk"),
    ] {
        let page = page(url, None).expect("a page");
        assert_eq!(
            (page.host.as_str(), page.domain.as_str()),
            (host, domain),
            "{url}"
        );
    }
}

#[test]
fn a_page_that_google_hides_is_known_by_its_site() {
    let hidden = "https://vertexaisearch.cloud.google.com/grounding-api-redirect/AbC";
    let site = page(hidden, Some(" WWW.Kipu.io ")).expect("a site");
    assert_eq!(
        (
            site.key.as_str(),
            site.url.as_str(),
            site.domain.as_str(),
            site.site_only
        ),
        ("~kipu.io", "https://www.kipu.io/", "kipu.io", true)
    );
    for title in [None, Some("The best soap"), Some(""), Some("a/b.c")] {
        assert_eq!(page(hidden, title), None);
    }
}

#[test]
fn what_is_no_web_address_is_no_page() {
    let long = format!("https://kipu.io/{}", "a".repeat(5_000));
    for url in [
        "",
        "kipu.io",
        "ftp://kipu.io",
        "javascript:alert(1)",
        "https://",
        "https://.",
        "mailto:a@b.c",
        &long,
    ] {
        assert_eq!(page(url, None), None, "{url}");
    }
    // 253 bytes and 127 labels at most, however they are written.
    let labels = "a.".repeat(126);
    let user = "u".repeat(2_000);
    for (host, is_one) in [
        (format!("{labels}a"), true),
        (format!("{labels}a."), true),
        (format!("{user}@kipu.io"), true),
        (format!("{labels}aa"), false),
        (format!("kipu.{labels}io"), false),
        (format!("{}io", "a.".repeat(1_500)), false),
        (format!("{}.io", "\u{fc}".repeat(500)), false),
        (format!("{}io", "\u{fc}.".repeat(120)), false),
    ] {
        for url in [format!("https://{host}/a"), format!("http://{host}?a")] {
            assert_eq!(page(&url, None).is_some(), is_one, "{url}");
        }
    }
    let key = key(&format!("https://kipu.io/{}", "é".repeat(400)));
    assert!(key.len() < 720, "{}", key.len());
}

#[test]
fn a_host_belongs_to_its_domain_and_those_above_it() {
    for (host, domain, is) in [
        ("kipu.io", "kipu.io", true),
        ("docs.kipu.io", "kipu.io", true),
        ("notkipu.io", "kipu.io", false),
        ("kipu.io", "docs.kipu.io", false),
        ("kipu.io", "", false),
    ] {
        assert_eq!(belongs_to(host, domain), is, "{host} {domain}");
    }
}

fn source(url: &str, range: Option<(usize, usize)>) -> Marked<'_> {
    Marked {
        url,
        title: None,
        range,
    }
}

fn found(text: &str, sources: &[Marked<'_>]) -> Vec<(String, usize)> {
    marks(text, sources)
        .into_iter()
        .map(|mark| (text[mark.start..mark.end].to_owned(), mark.source))
        .collect()
}

#[test]
fn every_repetition_of_a_marker_is_tied_to_its_source() {
    let text = "Kipu[2][1] foams. Andes[2] less. In [2025] nobody[9].";
    let sources = [
        source("https://a.io", Some((7, 10))),
        source("https://b.io", Some((4, 7))),
    ];
    let expected = [("[2]", 1), ("[1]", 0), ("[2]", 1)].map(|(sign, at)| (sign.to_owned(), at));
    assert_eq!(found(text, &sources), expected);
}

#[test]
fn other_signs_are_tied_too() {
    let sources = [
        source("https://a.io/x", None),
        source("https://b.io/y?utm_source=z", None),
    ];
    let lenticular = "Uno【2†b.io】 dos【1:0†a】 tres【7†c】";
    let expected = [("【2†b.io】", 1), ("【1:0†a】", 0)].map(|(sign, at)| (sign.to_owned(), at));
    assert_eq!(found(lenticular, &sources), expected);
    let links = "See [b](https://www.b.io/y/ \"B\") and [c](https://c.io).";
    assert_eq!(
        found(links, &sources),
        [("[b](https://www.b.io/y/ \"B\")".to_owned(), 1)]
    );
    let notes = "Kipu [1].\n\n[1]: https://b.io/y\n";
    let expected = [("[1]", 1), ("[1]", 1)].map(|(sign, at)| (sign.to_owned(), at));
    assert_eq!(found(notes, &sources), expected);
    assert_eq!(found("Nothing [1] says which.", &sources), []);
}

proptest! {
    #[test]
    fn no_address_panics_and_a_clean_one_stays(url in "(https?://)?\\PC{0,60}", title in "\\PC{0,12}") {
        if let Some(found) = page(&url, Some(&title)) {
            prop_assert!(!found.host.is_empty() && !found.domain.is_empty());
            prop_assert!(found.key.len() <= 720);
            if !found.site_only {
                let again = page(&found.url, Some(&title)).expect("a page");
                prop_assert_eq!(again.host, found.host);
            }
        }
    }

    #[test]
    fn addresses_of_many_shapes_are_stable(
        host in "(www\\.|amp\\.)?[a-z]{1,6}\\.(com|co\\.uk|io)",
        path in "(/[a-zA-Z0-9%._~-]{0,6}){0,4}(/amp|/index\\.html|/)?",
        query in "(\\?([a-z_]{1,5}=[a-z0-9%]{0,4}&?){0,3})?",
    ) {
        let url = format!("https://{host}{path}{query}");
        let once = page(&url, None).expect("a page");
        let twice = page(&once.url, None).expect("a page");
        prop_assert_eq!(&once.host, &twice.host, "{}", url);
    }

    #[test]
    fn marks_lie_in_the_text(text in "[a\\[\\]0-9【】†() \\nñ:/.]{0,60}", at in 0_usize..40, end in 0_usize..40) {
        let sources = [source("http://a.io", Some((at, end))), source("http://b.io", None)];
        let mut cut = 0;
        for mark in marks(&text, &sources) {
            prop_assert!(mark.start >= cut && text.get(mark.start..mark.end).is_some());
            prop_assert!(mark.source < sources.len());
            cut = mark.end;
        }
    }
}
