//! How files begin.

use super::Exported;
use crate::support::{TestApp, on_both_databases};

on_both_databases!(files_for_spreadsheets_begin_with_a_mark_and_others_do_not);

async fn files_for_spreadsheets_begin_with_a_mark_and_others_do_not(app: &TestApp) {
    let Exported { api, base, .. } = Exported::of(app).await;
    // Spreadsheets know UTF-8 by its mark; programs would stumble over it.
    for name in ["answers", "findings", "snapshots", "queries"] {
        let csv = api.get(&format!("{base}/{name}")).await;
        assert!(csv.body.starts_with(b"\xef\xbb\xbf"), "{name}");
        assert_eq!(
            csv.body
                .windows(3)
                .filter(|part| part == b"\xef\xbb\xbf")
                .count(),
            1
        );
        let json = api.get(&format!("{base}/{name}?format=jsonl")).await;
        assert!(json.body.starts_with(b"{"), "{name}");
    }
}
