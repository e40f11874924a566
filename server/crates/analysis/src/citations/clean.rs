//! What does not change the page goes: tracking, fragments, spellings of one and the same path.

use url::Url;

/// Parameters that say where a visitor comes from, never what is shown.
#[rustfmt::skip]
const TRACKING: &[&str] = &[
    "_branch_match_id", "_ga", "_gl", "_hsenc", "_hsmi", "_ke", "_kx", "_openstat", "_pos", "_psq",
    "_sid", "_ss", "_trkparms", "_trksid", "campaignid", "cmpid", "cvid", "dclid", "ef_id", "epik",
    "fbadid", "fbclid", "gad_campaignid", "gad_source", "gbraid", "gclid", "gclsrc", "gs_lcrp",
    "gs_lp", "hsctatracking", "icid", "ig_rid", "igsh", "igshid", "irclickid", "irgwc", "li_fat_id",
    "mc_cid", "mc_eid", "mibextid", "mkt_tok", "mkwid", "ml_subscriber", "ml_subscriber_hash",
    "msclkid", "msockid", "ncid", "oly_anon_id", "oly_enc_id", "pk_campaign", "pk_kwd",
    "pk_medium", "pk_source", "piwik_campaign", "piwik_kwd", "rb_clickid", "ref_", "ref_src",
    "ref_url", "s_cid", "s_kwcid", "sc_campaign", "sc_channel", "sc_cid", "sca_esv", "sck",
    "share_id", "smid", "spm", "sr_share", "srsltid", "sxsrf", "tblci", "trk", "trkcampaign",
    "trkinfo", "trackingid", "ttclid", "twclid", "vero_conv", "vero_id", "wbraid", "wickedid",
    "wprov", "wt_mc", "xtor", "yclid", "ysclid", "zanpid",
];

/// The same, but files of code are looked at by such a name.
#[rustfmt::skip]
const TRACKING_BUT_IN_CODE: &[&str] = &["ref", "referer", "referrer"];
#[rustfmt::skip]
const CODE_HOSTS: &[&str] = &[
    "bitbucket.org", "codeberg.org", "dev.azure.com", "gitea.com", "github.com", "gitlab.com",
];

/// Parameters of one site only.
#[rustfmt::skip]
const TRACKING_AT: &[(&str, &[&str])] = &[
    ("youtube.com", &["ab_channel", "feature", "pp", "si"]),
    ("youtu.be", &["feature", "si"]),
    ("open.spotify.com", &["si"]),
    ("x.com", &["s", "t"]),
    ("twitter.com", &["s", "t"]),
    ("linkedin.com", &["lipi", "originalsubdomain", "rcm", "refid"]),
    ("medium.com", &["source", "sk"]),
    ("reddit.com", &["rdt", "share_id", "tl"]),
];

/// Amazon's own, in all its countries.
#[rustfmt::skip]
const TRACKING_AT_AMAZON: &[&str] = &[
    "ascsubtag", "content-id", "crid", "dib", "dib_tag", "linkcode", "linkid", "pd_rd_i",
    "pd_rd_r", "pd_rd_w", "pd_rd_wg", "pf_rd_p", "pf_rd_r", "psc", "qid", "sprefix", "sr", "tag",
];

/// Parameters by which a page asks for its AMP form: the name, and the value where it counts.
const AMP: &[(&str, Option<&str>)] = &[
    ("amp", None),
    ("amp_js_v", None),
    ("amp_gsa", None),
    ("amp_cct", None),
    ("usqp", None),
    ("output", Some("amp")),
    ("outputtype", Some("amp")),
];

/// Files that a folder shows by itself.
#[rustfmt::skip]
const INDEX_PAGES: &[&str] = &[
    "default.asp", "default.aspx", "default.htm", "default.html", "index.asp", "index.aspx",
    "index.htm", "index.html", "index.jsp", "index.php", "index.shtml",
];

/// The same page in the one spelling: https, no port of its own, no user, no fragment, no
/// tracking, parameters in order, one slash where there were several and none at the end.
pub(super) fn clean(mut url: Url) -> Url {
    if url.scheme() == "http" && url.port().is_none() {
        // Both schemes have ports that go without saying.
        let _ = url.set_scheme("https");
    }
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    let host = url.host_str().unwrap_or_default();
    if host.ends_with('.') {
        let host = host.trim_end_matches('.').to_owned();
        let _ = url.set_host(Some(&host));
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    let query = url.query().and_then(|query| clean_query(query, &host));
    let path = clean_path(url.path(), &host, query.is_some());
    url.set_query(query.as_deref());
    url.set_path(&path);
    url
}

fn clean_query(query: &str, host: &str) -> Option<String> {
    let mut kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_tracking(pair, host))
        .collect();
    kept.sort_unstable();
    kept.dedup();
    (!kept.is_empty()).then(|| kept.join("&"))
}

fn is_tracking(pair: &str, host: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let name = name.to_ascii_lowercase();
    let name = name.as_str();
    let is_at = |site: &str| super::belongs_to(host, site);
    name.starts_with("utm_")
        || name.starts_with("hsa_")
        || name.starts_with("mtm_")
        || name.starts_with("matomo_")
        || TRACKING.contains(&name)
        || TRACKING_BUT_IN_CODE.contains(&name) && !CODE_HOSTS.iter().any(|site| is_at(site))
        || TRACKING_AT
            .iter()
            .any(|(site, names)| names.contains(&name) && is_at(site))
        || TRACKING_AT_AMAZON.contains(&name) && is_amazon(host)
        || AMP.iter().any(|(parameter, wanted)| {
            *parameter == name && wanted.is_none_or(|wanted| value.eq_ignore_ascii_case(wanted))
        })
}

fn is_amazon(host: &str) -> bool {
    let host = host.strip_prefix("www.").unwrap_or(host);
    host.starts_with("amazon.") || host.contains(".amazon.")
}

fn clean_path(path: &str, host: &str, has_query: bool) -> String {
    let mut path = unreserved(path);
    // An address within the path, as archives have it, keeps its slashes.
    if !path.contains("http:") && !path.contains("https:") {
        while path.contains("//") {
            path = path.replace("//", "/");
        }
    }
    if is_amazon(host)
        && let Some((page, _)) = path.split_once("/ref=")
    {
        path = page.to_owned();
    }
    if let Some((folder, file)) = path.rsplit_once('/')
        && !has_query
        && INDEX_PAGES.contains(&file.to_ascii_lowercase().as_str())
    {
        path = folder.to_owned();
    }
    let path = super::amp::without_suffix(&path);
    let path = path.trim_end_matches('/');
    if path.is_empty() { "/" } else { path }.to_owned()
}

/// Escapes that need not be any (`%7E` for `~`) as letters, and all others in capitals: the
/// normalisations of RFC 3986, section 6.2.2, that never change what is meant.
fn unreserved(path: &str) -> String {
    let mut clean = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        clean.push_str(&rest[..at]);
        let escape = rest.get(at + 1..at + 3).filter(|hex| hex.is_ascii());
        let byte = escape.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match byte {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                clean.push(char::from(byte));
            }
            Some(byte) => {
                clean.push('%');
                clean.push_str(&hex::encode_upper([byte]));
            }
            None => {
                clean.push('%');
                rest = &rest[at + 1..];
                continue;
            }
        }
        rest = &rest[at + 3..];
    }
    clean.push_str(rest);
    clean
}
