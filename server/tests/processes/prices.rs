//! Prices from a file, by the command line.

use std::fs;

use serde_json::json;

use crate::support::home::Home;
use crate::support::on_both_databases;

on_both_databases! {
    async fn prices_are_shown_first_and_written_on_demand(home: &Home) {
        home.run(&["migrate"], &Vec::new(), "").await.printed();
        let file = home.file("prices.json");
        let path = file.to_str().expect("a path");
        fs::write(&file, json!({
            "gpt-5": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1.5e-6},
            "claude-sonnet-4-5": {"litellm_provider": "anthropic", "input_cost_per_token": -1e-6},
            "groq/openai/gpt-oss-120b": {"litellm_provider": "groq", "output_cost_per_token": 6e-5},
            "gpt-99": {"litellm_provider": "openai", "input_cost_per_token": 1e-6},
        }).to_string()).expect("written");
        let import = async |more: &[&str]| {
            let arguments: Vec<&str> = ["prices", "import", path].iter().chain(more).copied().collect();
            home.run(&arguments, &Vec::new(), "").await
        };
        let shown = import(&[]).await.printed();
        assert!(shown.contains("litellm file"), "{shown}");
        assert!(shown.contains("+ openai/gpt-5: 1.25 / 10 / 0.125 / 0.01 -> 1.5 / 10 / 0.125 / 0.01"), "{shown}");
        assert!(shown.contains("refused: negative (claude-sonnet-4-5)"), "{shown}");
        assert!(shown.contains("changes more than tenfold"), "{shown}");
        assert!(shown.contains("3 changed, 1 of them refused, 0 unchanged, 1 for models"), "{shown}");
        assert!(shown.ends_with("1 prices would be written; nothing is, without --apply"), "{shown}");
        assert_eq!(import(&[]).await.printed(), shown, "a look changes nothing");

        assert!(import(&["--apply"]).await.printed().ends_with("1 prices written"));
        let again = import(&["--apply"]).await.printed();
        assert!(again.ends_with("0 prices written") && again.contains("1 unchanged"), "{again}");
        // What is flagged is written where it is named; what is refused never.
        let unknown = import(&["--apply", "--accept", "gpt-6"]).await.said();
        assert!(unknown.contains("gpt-6"), "{unknown}");
        let named = import(&["--apply", "--accept", "groq/openai/gpt-oss-120b"]).await.printed();
        assert!(named.ends_with("1 prices written"), "{named}");
        assert!(import(&["--apply", "--accept", "all"]).await.printed().ends_with("0 prices written"));

        for (text, words) in [("nothing", "line 1"), ("{}", "no list of prices"), ("{\"models\": []}", "no prices")] {
            fs::write(&file, text).expect("written");
            let said = import(&["--apply"]).await.said();
            assert!(said.contains(words), "{said}");
        }
        fs::write(&file, [0xff, 0xfe, 0x00]).expect("written");
        assert!(import(&["--apply"]).await.said().contains("cannot read the file"));
        fs::remove_file(&file).expect("removed");
        import(&[]).await.said();
    }
}
