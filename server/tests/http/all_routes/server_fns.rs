//! The browser's calls, listed: a changed or forgotten address shows here.

use leptos::server_fn::axum::server_fn_paths;

/// Every server function; `tenants` finds by itself which of them take ids.
const ENDPOINTS: [&str; 84] = [
    "accounts/change-password",
    "accounts/choose-workspace",
    "accounts/confirm-again",
    "accounts/create-token",
    "accounts/revoke-token",
    "accounts/save-settings",
    "accounts/session",
    "accounts/settings",
    "accounts/sign-in",
    "accounts/sign-out",
    "accounts/sign-up",
    "accounts/tokens",
    "answers/get",
    "answers/list",
    "budget/ask-costs",
    "budget/get",
    "budget/save",
    "budget/spend",
    "dashboard/compare",
    "dashboard/days",
    "dashboard/get",
    "dashboard/prompt-map",
    "discovery/adopt",
    "discovery/dismiss",
    "discovery/get",
    "home/get",
    "home/make-demo",
    "home/pin",
    "home/remove-demo",
    "invitations/list",
    "invitations/make",
    "invitations/revoke",
    "judge/get",
    "judge/save",
    "keys/delete",
    "keys/list",
    "keys/save",
    "keys/test",
    "models/add",
    "models/change",
    "models/changes",
    "models/check",
    "models/import-accept",
    "models/import-preview",
    "models/list",
    "models/prices",
    "models/recompute",
    "models/recompute-book",
    "models/retiring",
    "models/review",
    "notes/add",
    "notes/remove",
    "notes/restore",
    "notices/list",
    "notices/mute",
    "notices/mutes",
    "overview/get",
    "overview/series",
    "projects/create",
    "projects/delete",
    "projects/deleted",
    "projects/get",
    "projects/list",
    "projects/restore",
    "projects/update",
    "prompts/suggest",
    "runs/cancel",
    "runs/forecast",
    "runs/get",
    "runs/judge",
    "runs/late",
    "runs/list",
    "runs/retry",
    "runs/start",
    "schedule/get",
    "schedule/job",
    "schedule/preview",
    "schedule/save-time-zone",
    "sources/list",
    "sources/uses",
    "views/list",
    "views/remove",
    "views/save",
    "views/update",
];

#[test]
fn the_addresses_are_these_and_all_are_posts() {
    // The functions are registered by the linker; this names the crate that has them.
    let _ = std::any::type_name::<app::api::projects::ProjectCall>();
    let mut paths: Vec<String> = server_fn_paths()
        .map(|(path, method)| format!("{method} {}", path.trim_start_matches("/api/fn/")))
        .collect();
    paths.sort_unstable();
    let expected: Vec<String> = ENDPOINTS
        .iter()
        .map(|endpoint| format!("POST {endpoint}"))
        .collect();
    assert_eq!(paths, expected);
}
