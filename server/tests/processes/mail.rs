//! What happens is told by mail: through a real SMTP server, to each reader in their language,
//! once.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use app::model::provider::Provider;
use mail_parser::MessageParser;
use reqwest::Method;
use serde_json::json;
use tokio::process::{Child, Command};

use crate::support::client::{Client, questions};
use crate::support::home::{ADMIN, Home, PASSWORD, with_sqlite};
use crate::support::simulator::{Simulator, good_key};
use crate::support::{eventually, on_both_databases, tool};

const PATIENCE: Duration = Duration::from_mins(1);
const ORIGIN: &str = "https://parallax.example";
const ORIGIN_ABOVE: &str = "https://example.com";
const BELOW_A_PATH: &str = "https://example.com/parallax";
const READER: &str = "lectora@parallax.example";
const STRANGER: &str = "stranger@parallax.example";

/// A mail server that keeps what it gets in a folder.
struct MailServer {
    _process: Child,
    folder: PathBuf,
    url: String,
}

/// A mail as it arrived.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mail {
    to: String,
    subject: String,
    text: String,
    html: String,
    id: String,
}

impl MailServer {
    async fn start(home: &Home) -> Self {
        let python = tool("aiosmtpd/bin/python");
        let port = {
            let free = TcpListener::bind("127.0.0.1:0").expect("a port");
            free.local_addr().expect("its address").port()
        };
        let folder = home.file("mails");
        let process = Command::new(python)
            .args(["-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Mailbox"])
            .arg(&folder)
            .args(["-l", &format!("127.0.0.1:{port}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the mail server starts");
        let knock = || async move {
            tokio::net::TcpStream::connect(("127.0.0.1", port))
                .await
                .ok()
        };
        eventually("the mail server", PATIENCE, knock).await;
        Self {
            _process: process,
            folder,
            url: format!("smtp://127.0.0.1:{port}"),
        }
    }

    /// What has arrived so far.
    fn mails(&self) -> Vec<Mail> {
        let entries = fs::read_dir(self.folder.join("new")).into_iter().flatten();
        let files = entries.map(|entry| entry.expect("an entry").path());
        let mut mails: Vec<Mail> = files.map(|file| read(&file)).collect();
        mails.sort();
        mails
    }

    /// Waits for so many mails, and a little for any that should not come.
    async fn exactly(&self, count: usize) -> Vec<Mail> {
        let arrived = || async { (self.mails().len() >= count).then_some(()) };
        eventually(&format!("{count} mails"), PATIENCE, arrived).await;
        // More than one look of the host.
        tokio::time::sleep(Duration::from_secs(7)).await;
        let mails = self.mails();
        assert_eq!(mails.len(), count, "{mails:#?}");
        mails
    }
}

fn read(file: &Path) -> Mail {
    let bytes = fs::read(file).expect("a mail");
    let message = MessageParser::default().parse(&bytes).expect("a message");
    let to = message
        .to()
        .and_then(|to| to.first())
        .and_then(|to| to.address());
    Mail {
        to: to.expect("a recipient").to_owned(),
        subject: message.subject().expect("a subject").to_owned(),
        text: message.body_text(0).expect("text").into_owned(),
        html: message.body_html(0).expect("HTML").into_owned(),
        id: message.message_id().expect("an id").to_owned(),
    }
}

async fn put(api: &Client, path: &str, body: serde_json::Value) {
    let (status, reply) = api.rest(Method::PUT, path, Some(&body)).await;
    assert_eq!(status, 200, "{reply}");
}

/// Keys for all four, of which `OpenAI`'s is wrong.
async fn store_keys(api: &Client, simulator: &Simulator) {
    let mut keys = json!({});
    for provider in Provider::BIG_FOUR {
        let key = match provider {
            Provider::OpenAi => "bad-key-of-openai".to_owned(),
            _ => good_key(provider),
        };
        keys[format!("{}_api_key", provider.slug())] = json!(key);
        keys[format!("{}_base_url", provider.slug())] = json!(simulator.base_url(provider));
    }
    put(api, "/api-keys", keys).await;
}

async fn spent(api: &Client) -> f64 {
    let (_, reply) = api.rest(Method::GET, "/budget", None).await;
    reply["budget"]["current_month_spend"]
        .as_f64()
        .expect("an amount")
}

fn subjects(mails: &[Mail], to: &str) -> BTreeSet<String> {
    let own = mails.iter().filter(|mail| mail.to == to);
    own.map(|mail| mail.subject.clone()).collect()
}

on_both_databases! {
    async fn what_happens_is_told_once_to_each_in_their_language(home: &Home) {
        let server = MailServer::start(home).await;
        let simulator = Simulator::start(home, &["--latency", "10"]).await;
        let environment = vec![
            ("SMTP_URL", server.url.clone()),
            ("SMTP_FROM", "Parallax <parallax@parallax.example>".to_owned()),
            ("PARALLAX_URL", ORIGIN.to_owned()),
        ];
        let host = home.serve(&environment).await;
        let api = &host.client;
        let database = home.database().await;
        // A second owner of the workspace, who reads Spanish.
        home.run(&["user", "add", READER, "--password-stdin"], &environment, "long enough password").await.printed();
        let spanish = format!("UPDATE users SET language = 'es' WHERE email = '{READER}'");
        database.execute(&spanish).await;
        database.execute(
            "UPDATE workspace_members SET workspace_id = 1, role = 'owner' WHERE user_id = 2"
        ).await;

        // A wrong key: a rejected key, and a run that is not complete.
        store_keys(api, &simulator).await;
        let project = api.project("Soap", questions(3)).await;
        let run = api.start(project).await;
        api.over(run, PATIENCE).await;
        let mails = server.exactly(4).await;
        assert_eq!(subjects(&mails, ADMIN), BTreeSet::from([
            "Parallax: A run is not complete".to_owned(),
            "Parallax: ChatGPT does not accept the key".to_owned(),
        ]));
        assert_eq!(subjects(&mails, READER), BTreeSet::from([
            "Parallax: Una ejecución no está completa".to_owned(),
            "Parallax: ChatGPT no acepta la clave".to_owned(),
        ]));
        for mail in &mails {
            for part in [&mail.text, &mail.html] {
                assert!(part.contains(ORIGIN), "{part}");
            }
        }
        let incomplete = mails.iter().find(|mail| mail.text.contains("9 of 12")).expect("the run's mail");
        assert!(incomplete.text.contains(&format!("{ORIGIN}/projects/{project}/runs")));
        keep_as_example(&mails);

        // Near the budget's end, at its end, and a day that is dearer than those before it.
        let so_far = spent(api).await;
        assert!(so_far > 0.0);
        put(api, "/budget", json!({"monthly_budget_usd": format!("{:.6}", so_far * 1.1), "spending_alert_threshold": 80})).await;
        server.exactly(6).await;
        put(api, "/budget", json!({"monthly_budget_usd": format!("{:.6}", so_far * 0.9)})).await;
        server.exactly(8).await;
        for days in 1..=4 {
            let day = (chrono::Utc::now() - chrono::Duration::days(days)).date_naive();
            database.execute(&format!(
                "INSERT INTO llm_spend_days (workspace_id, day, project_id, model_id, amount_nano_usd, entries) \
                 SELECT 1, '{day}', {project}, MIN(id), 1000, 1 FROM llm_model_registry"
            )).await;
        }
        let mails = server.exactly(10).await;
        let told = subjects(&mails, ADMIN);
        for part in ["nearly spent", "used up", "much more than usual"] {
            assert!(told.iter().any(|subject| subject.contains(part)), "{part}: {told:?}");
        }
        let ids: BTreeSet<&str> = mails.iter().map(|mail| mail.id.as_str()).collect();
        assert_eq!(ids.len(), mails.len());

        // A model that retires is told to the admin and to the owners whose projects ask it.
        let day = (chrono::Utc::now() + chrono::Duration::days(7)).format("%Y-%m-%d 23:00:00+00:00");
        database.execute(&format!(
            "UPDATE llm_model_registry SET retires_at = '{day}' WHERE provider = 'anthropic' AND is_current"
        )).await;
        let mails = server.exactly(13).await;
        assert!(subjects(&mails, READER).iter().any(|subject| subject.contains("dejará de funcionar")));
        // New models are the admin's, with links that decide at once.
        database.execute(
            "INSERT INTO llm_model_registry (provider, model_id, model_display_name, web_search, is_current, \
             is_available, max_tokens, created_at, updated_at, review) \
             SELECT provider, 'brand-new', 'Brand New', web_search, FALSE, FALSE, max_tokens, created_at, \
             updated_at, 'new' FROM llm_model_registry WHERE provider = 'google' AND is_current"
        ).await;
        let mails = server.exactly(14).await;
        let new = mails.iter().find(|mail| mail.subject.contains("new model")).expect("a mail");
        assert_eq!(new.to, ADMIN);
        let approve = new.text.lines().find_map(|line| line.trim().strip_prefix("Approve: ")).expect("a link");
        let path = approve.strip_prefix(ORIGIN).expect("the origin");
        let page = reqwest::get(format!("{}{path}", host.program.origin)).await.expect("a page");
        assert_eq!(page.status(), 200);
        assert!(page.text().await.expect("text").contains("Brand New"));

        // The same stands on the screen, what was told twice once, and another host has nothing to add.
        let listed: serde_json::Value = api.call("notices/list", &json!({})).await;
        assert_eq!(listed.as_array().expect("notices").len(), 5 + 1 + 1);
        let second = home.serve(&environment).await;
        server.exactly(14).await;
        drop(second);
    }

    async fn mails_go_to_confirmed_addresses_only(home: &Home) {
        let server = MailServer::start(home).await;
        let simulator = Simulator::start(home, &["--latency", "10"]).await;
        let environment = vec![
            ("SMTP_URL", server.url.clone()),
            ("SMTP_FROM", "parallax@parallax.example".to_owned()),
            ("PARALLAX_URL", ORIGIN.to_owned()),
        ];
        let host = home.serve(&environment).await;
        let api = &host.client;
        let database = home.database().await;
        let _: serde_json::Value = api
            .call("accounts/save-settings", &json!({"settings": {"open_sign_up": true}}))
            .await;
        let web = reqwest::Client::new();
        let draft = json!({"draft": {"email": STRANGER, "password": PASSWORD}});
        let url = format!("{}/api/fn/accounts/sign-up", host.program.origin);
        let made = web.post(url).header("content-type", "application/json").body(draft.to_string()).send().await.expect("an answer");
        assert_eq!(made.status(), 200);
        let letter = server.exactly(1).await.remove(0);
        assert_eq!((letter.to.as_str(), letter.subject.as_str()), (STRANGER, "Parallax: Confirm your address"));

        // They own a workspace whose run is not complete: nobody writes to them yet.
        database.execute("UPDATE workspace_members SET workspace_id = 1 WHERE user_id = 2").await;
        store_keys(api, &simulator).await;
        let project = api.project("Your mailbox is full", questions(1)).await;
        let run = api.start(project).await;
        api.over(run, PATIENCE).await;
        let mails = server.exactly(3).await;
        assert_eq!(mails.iter().filter(|mail| mail.to == STRANGER).count(), 1);
        assert!(mails.iter().all(|mail| !mail.subject.contains("mailbox")), "{mails:#?}");

        let link = letter.text.lines().find(|line| line.starts_with(ORIGIN)).expect("a link");
        let path = link.strip_prefix(ORIGIN).expect("the origin");
        let page = format!("{}{path}", host.program.origin);
        assert_eq!(web.get(&page).send().await.expect("a page").status(), 200);
        let (page, token) = page.split_once("?token=").expect("a token");
        let form = web
            .post(page)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("token={token}"));
        assert_eq!(form.send().await.expect("a page").status(), 200);
        let so_far = spent(api).await;
        put(api, "/budget", json!({"monthly_budget_usd": format!("{:.6}", so_far * 1.1), "spending_alert_threshold": 80})).await;
        let mails = server.exactly(5).await;
        assert_eq!(mails.iter().filter(|mail| mail.to == STRANGER).count(), 2, "{mails:#?}");
    }

    async fn a_mail_server_that_is_down_gets_them_later(home: &Home) {
        let server = MailServer::start(home).await;
        let (url, folder) = (server.url.clone(), server.folder.clone());
        drop(server);
        let environment = vec![
            ("SMTP_URL", url.clone()),
            ("SMTP_FROM", "parallax@parallax.example".to_owned()),
        ];
        let simulator = Simulator::start(home, &["--latency", "10"]).await;
        let host = home.serve(&environment).await;
        store_keys(&host.client, &simulator).await;
        let project = host.client.project("Soap", questions(1)).await;
        let run = host.client.start(project).await;
        host.client.over(run, PATIENCE).await;
        let database = home.database().await;
        let failed = || async {
            let sql = "SELECT COUNT(*) FROM llm_mails WHERE last_error IS NOT NULL AND state = 'waiting'";
            (database.number(sql).await == 2).then_some(())
        };
        eventually("two failures", PATIENCE, failed).await;
        drop(folder);
        // It is back, and the time to try again has come.
        let server = MailServer::start(home).await;
        host.program.stop().await;
        let later = "UPDATE llm_mails SET next_try_at = '2026-01-01 00:00:00+00:00'";
        database.execute(later).await;
        let mut environment = environment;
        environment[0].1.clone_from(&server.url);
        let _host = home.serve(&environment).await;
        server.exactly(2).await;
    }
}

/// Where the links of a mail lead: those of its text, and those of its HTML.
fn links(mail: &Mail) -> [Vec<&str>; 2] {
    let words = mail.text.split_whitespace();
    let in_html = mail.html.split("href=\"").skip(1);
    [
        words.filter(|word| word.contains("://")).collect(),
        in_html.filter_map(|rest| rest.split('"').next()).collect(),
    ]
}

/// The beginning of the one link in a letter or notice to this address, up to its token.
fn leads_to(mail: &Mail) -> &str {
    let link = links(mail)[0].first().copied().expect("a link");
    link.split_once('=').map_or(link, |(before, _)| before)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_of_mails_lie_below_the_path_of_the_address() {
    with_sqlite(async |home| {
        let server = MailServer::start(home).await;
        let simulator = Simulator::start(home, &["--latency", "10"]).await;
        let environment = vec![
            ("SMTP_URL", server.url.clone()),
            ("SMTP_FROM", "parallax@parallax.example".to_owned()),
            ("PARALLAX_URL", BELOW_A_PATH.to_owned()),
        ];
        let host = home.serve(&environment).await;
        let api = &host.client;
        let _: serde_json::Value = api
            .call(
                "accounts/save-settings",
                &json!({"settings": {"open_sign_up": true}}),
            )
            .await;

        // A letter to whom an admin invites, one to who comes from the street, and two notices.
        let invited = json!({"draft": {"email": READER, "role": "editor"}});
        let _: serde_json::Value = api.call("invitations/make", &invited).await;
        let draft = json!({"draft": {"email": STRANGER, "password": PASSWORD}});
        let made = reqwest::Client::new()
            .post(format!("{}/api/fn/accounts/sign-up", host.program.origin))
            .header("content-type", "application/json")
            .body(draft.to_string())
            .send()
            .await
            .expect("an answer");
        assert_eq!(made.status(), 200);
        store_keys(api, &simulator).await;
        let project = api.project("Soap", questions(1)).await;
        let run = api.start(project).await;
        api.over(run, PATIENCE).await;
        let mails = server.exactly(4).await;

        let below = format!("{BELOW_A_PATH}/");
        for mail in &mails {
            for of_part in links(mail) {
                assert!(!of_part.is_empty(), "{mail:#?}");
                for link in of_part {
                    assert!(link.starts_with(&below), "{link} in {mail:#?}");
                }
            }
            assert!(mail.text.contains("example.com/parallax"), "{}", mail.text);
        }
        let one_to = |address: &str| {
            let mut own = mails.iter().filter(|mail| mail.to == address);
            own.next().expect("a mail")
        };
        let invitation = format!("{BELOW_A_PATH}/sign-up?invitation");
        assert_eq!(leads_to(one_to(READER)), invitation);
        let confirmation = format!("{BELOW_A_PATH}/confirm-address?token");
        assert_eq!(leads_to(one_to(STRANGER)), confirmation);
        let runs = format!("{BELOW_A_PATH}/projects/{project}/runs/{run}");
        assert!(
            mails
                .iter()
                .any(|mail| links(mail)[0].contains(&runs.as_str())),
            "{runs}: {mails:#?}"
        );

        // The proxy passes the path on, and behind the link is the page with its button.
        let link = links(one_to(STRANGER))[1][0];
        let path = link.strip_prefix(ORIGIN_ABOVE).expect("the origin");
        let page = reqwest::get(format!("{}{path}", host.program.origin)).await;
        let page = page.expect("a page");
        assert_eq!(page.status(), 200, "{path}");
        let page = page.text().await.expect("text");
        assert!(page.contains("<form method=\"post\">"), "{page}");
        host.program.stop().await;
    })
    .await;
}

/// For the pictures in the documentation: the mails that a run brought, where somebody wants them.
fn keep_as_example(mails: &[Mail]) {
    let Ok(folder) = std::env::var("PARALLAX_KEEP_MAILS") else {
        return;
    };
    for mail in mails
        .iter()
        .filter(|mail| mail.text.contains("9 de 12") || mail.text.contains("9 of 12"))
    {
        let name = if mail.to == READER { "es" } else { "en" };
        fs::write(
            Path::new(&folder).join(format!("mail-{name}.html")),
            &mail.html,
        )
        .expect("written");
    }
}
