//! The vault: where its master key is kept, how it is changed, and what a wrong one leads to.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use app::model::keys::KeyTest;
use app::model::outcome::ErrorClass;
use app::model::provider::Provider;
use serde_json::{Value, json};

use crate::support::client::{Client, questions};
use crate::support::home::{Environment, Home};
use crate::support::on_both_databases;
use crate::support::program::PATIENCE;
use crate::support::simulator::{Simulator, good_key};

const FIRST: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const SECOND: &str = "2222222222222222222222222222222222222222222222222222222222222222";

async fn store_key(client: &Client, simulator: &Simulator, provider: Provider) {
    let draft = json!({ "draft": {
        "provider": provider,
        "api_key": good_key(provider),
        "base_url": simulator.base_url(provider),
    } });
    let _: Value = client.call("keys/save", &draft).await;
}

/// Asserts that the stored key of a provider is one that the simulator takes.
async fn assert_usable(client: &Client, provider: Provider) {
    let test: KeyTest = client
        .call("keys/test", &json!({ "provider": provider }))
        .await;
    assert!(test.accepted, "{test:?}");
}

fn master_key(home: &Home) -> String {
    fs::read_to_string(home.data_dir().join("master.key")).expect("a key file")
}

fn with_key(key: &str) -> Environment {
    vec![("ENCRYPTION_KEY", key.to_owned())]
}

fn assert_only_for_its_owner(file: &Path) {
    let mode = fs::metadata(file).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{}", file.display());
}

on_both_databases! {
    async fn a_key_file_is_rotated(home: &Home) {
        let simulator = Simulator::start(home, &[]).await;
        let host = home.serve(&Vec::new()).await;
        store_key(&host.client, &simulator, Provider::OpenAi).await;
        store_key(&host.client, &simulator, Provider::Anthropic).await;
        assert_only_for_its_owner(&home.data_dir().join("master.key"));
        assert_only_for_its_owner(&home.data_dir().join("secret.key"));
        let old = master_key(home);

        let wanted = home.run(&["key", "rotate", "--new-key-stdin"], &Vec::new(), SECOND).await;
        assert!(wanted.said().contains("without --new-key-stdin"));
        assert_eq!(master_key(home), old, "a refused rotation changes nothing");

        // Beside a host that runs: it finds the new key by itself.
        let rotated = home.run(&["key", "rotate"], &Vec::new(), "").await.printed();
        assert!(rotated.starts_with("2 keys"), "{rotated}");
        assert_ne!(master_key(home), old);
        assert_only_for_its_owner(&home.data_dir().join("master.key"));
        assert!(!home.data_dir().join("master.key.next").exists());
        assert_usable(&host.client, Provider::OpenAi).await;

        // And after a restart, also by a run.
        host.program.stop().await;
        let host = home.serve(&simulator.environment()).await;
        assert_usable(&host.client, Provider::OpenAi).await;
        assert_usable(&host.client, Provider::Anthropic).await;
        let project = host.client.project("Soap", questions(1)).await;
        let run = host.client.start(project).await;
        assert_eq!(host.client.over(run, PATIENCE).await.answered(), 4);
    }

    async fn a_key_stored_after_a_rotation_beside_the_host_is_not_lost(home: &Home) {
        let simulator = Simulator::start(home, &[]).await;
        let host = home.serve(&Vec::new()).await;
        store_key(&host.client, &simulator, Provider::OpenAi).await;
        home.run(&["key", "rotate"], &Vec::new(), "").await.printed();
        store_key(&host.client, &simulator, Provider::Google).await;
        host.program.stop().await;
        let host = home.serve(&Vec::new()).await;
        assert_usable(&host.client, Provider::Google).await;
        home.run(&["key", "rotate"], &Vec::new(), "").await.printed();
    }

    async fn a_rotation_that_died_is_finished_or_forgotten(home: &Home) {
        let simulator = Simulator::start(home, &[]).await;
        let host = home.serve(&Vec::new()).await;
        store_key(&host.client, &simulator, Provider::OpenAi).await;
        host.program.stop().await;
        let (present, next) = (home.data_dir().join("master.key"), home.data_dir().join("master.key.next"));

        // Died after its transaction, before the new key took the old one's place.
        let old = master_key(home);
        home.run(&["key", "rotate"], &Vec::new(), "").await.printed();
        let new = master_key(home);
        fs::rename(&present, &next).expect("moved");
        fs::write(&present, &old).expect("written");
        let host = home.serve(&Vec::new()).await;
        assert_usable(&host.client, Provider::OpenAi).await;
        assert!(master_key(home) == new && !next.exists(), "the rotation was not finished");
        host.program.stop().await;

        // Died before its transaction: the present key stays, and the next rotation works.
        fs::write(&next, SECOND).expect("written");
        let host = home.serve(&Vec::new()).await;
        assert_usable(&host.client, Provider::OpenAi).await;
        assert_eq!(master_key(home), new);
        host.program.stop().await;
        home.run(&["key", "rotate"], &Vec::new(), "").await.printed();
        assert!(master_key(home) != new && master_key(home) != SECOND);

        // Died while it wrote the next key.
        fs::write(&next, "22222222").expect("written");
        let host = home.serve(&Vec::new()).await;
        assert_usable(&host.client, Provider::OpenAi).await;
        host.program.stop().await;
        home.run(&["key", "rotate"], &Vec::new(), "").await.printed();
    }

    async fn a_key_of_the_operator_is_rotated(home: &Home) {
        let simulator = Simulator::start(home, &[]).await;
        let host = home.serve(&with_key(FIRST)).await;
        store_key(&host.client, &simulator, Provider::OpenAi).await;
        host.program.stop().await;
        assert!(!home.data_dir().join("master.key").exists());

        let rotate = ["key", "rotate", "--new-key-stdin"];
        let missing = home.run(&["key", "rotate"], &with_key(FIRST), "").await.said();
        assert!(missing.contains("--new-key-stdin"), "{missing}");
        let malformed = home.run(&rotate, &with_key(FIRST), "abc").await.said();
        assert!(malformed.contains("64 hex digits"), "{malformed}");
        let wrong = home.run(&rotate, &with_key(SECOND), FIRST).await.said();
        assert!(wrong.contains("ENCRYPTION_KEY"), "{wrong}");
        let typed = format!("{SECOND}\n");
        let rotated = home.run(&rotate, &with_key(FIRST), &typed).await.printed();
        assert!(rotated.contains("set ENCRYPTION_KEY"), "{rotated}");

        let host = home.serve(&with_key(SECOND)).await;
        assert_usable(&host.client, Provider::OpenAi).await;
        host.program.stop().await;
        let old = home.run(&["serve"], &with_key(FIRST), "").await.said();
        assert!(old.contains("set ENCRYPTION_KEY to the one"), "{old}");
        assert!(!old.contains(FIRST) && !old.contains(SECOND));
    }

    async fn a_changed_address_makes_a_dead_key_and_hears_nothing(home: &Home) {
        let simulator = Simulator::start(home, &[]).await;
        let thief = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        thief.set_nonblocking(true).expect("it waits for nobody");
        let host = home.serve(&Vec::new()).await;
        store_key(&host.client, &simulator, Provider::OpenAi).await;
        assert_usable(&host.client, Provider::OpenAi).await;
        let project = host.client.project("Soap", questions(2)).await;
        let address = format!("http://{}/v1", thief.local_addr().expect("an address"));
        let database = home.database().await;
        database.execute(&format!("UPDATE user_llm_api_keys SET base_url = '{address}'")).await;

        let test: KeyTest = host.client.call("keys/test", &json!({ "provider": Provider::OpenAi })).await;
        assert!(!test.accepted && test.message.is_some_and(|said| said.contains("Enter it again")));
        let run = host.client.start(project).await;
        let view = host.client.over(run, PATIENCE).await;
        assert_eq!((view.answered(), view.failed()), (0, 8));
        let lane = view.lanes.iter().find(|lane| lane.provider == Provider::OpenAi).expect("a lane");
        assert_eq!(lane.end_reason, Some(ErrorClass::BadKey));
        assert!(thief.accept().is_err(), "somebody knocked at the other address");
        let said = home.run(&["doctor"], &Vec::new(), "").await.stdout;
        assert!(said.contains("1 of 1 cannot be opened"), "{said}");
    }

    async fn a_wrong_master_key_is_no_start(home: &Home) {
        // Without ENCRYPTION_KEY a file is made; with another key in its place nothing opens.
        let host = home.serve(&Vec::new()).await;
        host.program.stop().await;
        let said = home.run(&["serve"], &with_key(FIRST), "").await.said();
        assert!(said.contains("cannot be opened") && said.contains("ENCRYPTION_KEY"), "{said}");
        fs::write(home.data_dir().join("master.key"), FIRST).expect("written");
        let said = home.run(&["serve"], &Vec::new(), "").await.said();
        assert!(said.contains("cannot be opened"), "{said}");
        fs::write(home.data_dir().join("master.key"), "no key").expect("written");
        let said = home.run(&["serve"], &Vec::new(), "").await.said();
        assert!(said.contains("master.key") && said.contains("64 hex digits"), "{said}");
    }
}
