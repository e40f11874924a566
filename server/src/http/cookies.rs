//! The cookie of a session: its name, and where browsers send it.
//!
//! Invariant: both follow from the address of the instance (docs/adr/0025).

use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::config::InstanceAddress;

/// Its name over plain HTTP.
const PLAIN: &str = "parallax_session";
/// Only a page of this very name, by HTTPS, can set it; it has no path.
const OF_HOST: &str = "__Host-parallax_session";
/// Only a page by HTTPS can set it. Below a prefix: other applications of the same name do not
/// get to see it, and two instances below one name do not take it from each other.
const SECURE: &str = "__Secure-parallax_session";

/// What the cookie of a session is called.
pub(super) fn session_cookie_name(address: &InstanceAddress) -> &'static str {
    match (address.is_https(), address.prefix()) {
        (false, _) => PLAIN,
        (true, "") => OF_HOST,
        (true, _) => SECURE,
    }
}

/// The token in the cookie of a session. Of several the first: browsers send that with the
/// longest path first.
pub(super) fn session_token(headers: &HeaderMap, address: &InstanceAddress) -> Option<String> {
    let name = session_cookie_name(address);
    let lines = headers.get_all(COOKIE).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| Cookie::split_parse(line.to_owned()))
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// A cookie that holds a session for so long, or ends it. `came_by_https`: a trusted proxy says
/// so, where the address of the instance does not.
pub(super) fn session_cookie(
    address: &InstanceAddress,
    came_by_https: bool,
    token: String,
    max_age_seconds: i64,
) -> Cookie<'static> {
    let mut cookie = Cookie::new(session_cookie_name(address), token);
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(address.is_https() || came_by_https);
    cookie.set_path(match address.prefix() {
        "" => "/".to_owned(),
        prefix => prefix.to_owned(),
    });
    set_max_age(&mut cookie, max_age_seconds);
    cookie
}

fn set_max_age(cookie: &mut Cookie<'_>, seconds: i64) {
    let age = Duration::from_secs(seconds.unsigned_abs());
    cookie.set_max_age(Some(age.try_into().unwrap_or_default()));
}

/// Takes away the cookie that this host set before its address was known to be HTTPS. It is not
/// read any more: whoever controls a neighbouring name could have set it.
pub(super) fn removal_of_former(
    headers: &HeaderMap,
    address: &InstanceAddress,
) -> Option<Cookie<'static>> {
    let lines = headers.get_all(COOKIE).iter();
    let is_there = session_cookie_name(address) != PLAIN
        && lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .any(|pair| {
                pair.split('=')
                    .next()
                    .is_some_and(|name| name.trim() == PLAIN)
            });
    is_there.then(|| {
        let mut cookie = Cookie::new(PLAIN, "");
        cookie.set_path("/");
        set_max_age(&mut cookie, 0);
        cookie
    })
}
