//! `parallax doctor`: whether this machine, database and configuration are fit to serve, and
//! what to do where they are not. It changes nothing.

use std::fmt::{self, Display, Formatter};
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use app::model::provider::Provider;
use app::model::schedule::JobState;
use chrono::{DateTime, TimeDelta, Utc};

use crate::bootstrap;
use crate::config::{Config, ConfigError, DatabaseConfig, Environment, HttpConfig};
use crate::data_folder::open_to_others;
use crate::mail::Mailer;
use crate::services::keys::look_for_vault;
use crate::store::Store;
use crate::store::accounts::OPEN_SIGN_UP;
use crate::store::jobs::JobHealth;
use crate::vault::{MasterKeySource, has_master_key};

/// Bytes that must be free: a day of answers of a large instance, and room to vacuum.
const FREE_BYTES: u64 = 1 << 30;
/// How far this machine's clock may be from the database's.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::seconds(30);
/// No clock that is right says an earlier time.
const BUILT_AFTER: &str = "2026-11-01T00:00:00Z";
/// Characters of a token that nobody guesses.
const CRON_TOKEN_MIN: usize = 16;
/// How long the database may take to answer.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Something is not as it should be; it was printed.
#[derive(Debug, thiserror::Error)]
#[error("{0} of {1} checks failed")]
pub struct DoctorError(usize, usize);

/// How a check ended.
enum Verdict {
    Fine(String),
    /// It works, but not for long or not for all.
    Note(String),
    /// What is wrong, and what to do.
    Wrong(String),
}

struct Checked {
    name: &'static str,
    verdict: Verdict,
}

impl Display for Checked {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let (mark, words) = match &self.verdict {
            Verdict::Fine(words) => ("ok   ", words),
            Verdict::Note(words) => ("note ", words),
            Verdict::Wrong(words) => ("FAIL ", words),
        };
        write!(formatter, "{mark}{}: {words}", self.name)
    }
}

/// Looks at everything, and prints a line each.
///
/// Errors: a check failed.
pub async fn run(config: Result<Config, ConfigError>) -> Result<(), DoctorError> {
    let mut checks = Checks(Vec::new());
    match config {
        Ok(config) => examine(&mut checks, config).await,
        Err(error) => checks.add("configuration", Verdict::Wrong(error.to_string())),
    }
    checks.end()
}

struct Checks(Vec<Checked>);

impl Checks {
    fn add(&mut self, name: &'static str, verdict: Verdict) {
        let checked = Checked { name, verdict };
        // Whoever called may have read enough.
        let _ = writeln!(io::stdout(), "{checked}");
        self.0.push(checked);
    }

    fn end(self) -> Result<(), DoctorError> {
        let wrong = self
            .0
            .iter()
            .filter(|checked| matches!(checked.verdict, Verdict::Wrong(_)))
            .count();
        if wrong > 0 {
            return Err(DoctorError(wrong, self.0.len()));
        }
        Ok(())
    }
}

async fn examine(checks: &mut Checks, config: Config) {
    checks.add(
        "configuration",
        Verdict::Fine("every variable can be read".to_owned()),
    );
    for line in &config.tidied {
        checks.add("configuration", Verdict::Note(line.clone()));
    }
    checks.add("address", address(&config.http));
    checks.add("secrets", secrets(&config));
    checks.add("keys of the environment", keys_of_environment(&config));
    checks.add("jobs over HTTP", cron_token(&config));
    checks.add("data folder", data_folder(&config));
    checks.add("disk", disk(&config.database.data_dir));
    let opened = tokio::time::timeout(TIMEOUT, bootstrap::open_store(&config.database)).await;
    match opened {
        Ok(Ok(store)) => {
            examine_store(checks, &config, &store).await;
            if let Err(error) = store.close().await {
                checks.add("database", Verdict::Wrong(error.to_string()));
            }
        }
        Ok(Err(error)) => checks.add("database", Verdict::Wrong(error.to_string())),
        Err(_) => checks.add(
            "database",
            Verdict::Wrong("no answer; check DATABASE_URL and the network".to_owned()),
        ),
    }
    checks.add("mail", mail(&config).await);
}

/// Where people reach it, and whom a proxy passes on.
fn address(http: &HttpConfig) -> Verdict {
    let base = http.address.base();
    if !http.address.is_given() {
        return if http.listen.ip().is_loopback() {
            Verdict::Fine(format!("{base}, for this machine alone"))
        } else {
            Verdict::Note(format!(
                "PARALLAX_URL is not set: names other than localhost are refused, and links in \
                 mails begin with {base}. Set it to the address that people type"
            ))
        };
    }
    if http.address.is_https() && http.trusted_proxies.is_empty() {
        return Verdict::Note(format!(
            "{base}; PARALLAX_TRUSTED_PROXIES is not set, so all people behind a proxy count as \
             one, and a stranger's wrong passwords lock everybody out. Set it to the address or \
             network from which the proxy connects"
        ));
    }
    Verdict::Fine(base)
}

fn secrets(config: &Config) -> Verdict {
    let mut missing = Vec::new();
    if matches!(config.secrets.master_key, MasterKeySource::File) {
        missing.push("ENCRYPTION_KEY");
    }
    if config.secrets.secret_key.is_none() {
        missing.push("SECRET_KEY");
    }
    if missing.is_empty() && is_secret_key_quoted(config) {
        return Verdict::Note(
            "SECRET_KEY stands in quotes, which count as a part of it. Leave it so: another value \
             ends all sessions and tokens"
                .to_owned(),
        );
    }
    if missing.is_empty() {
        return Verdict::Fine("ENCRYPTION_KEY and SECRET_KEY are set and well-formed".to_owned());
    }
    let missing = missing.join(" and ");
    let folder = config.database.data_dir.display();
    let words = format!(
        "{missing} not set: files in {folder} are used instead. On a platform whose disk does not \
         last, set them (openssl rand -hex 32), or stored API keys and sessions are lost"
    );
    match (config.http.environment, config.database.place.is_sqlite()) {
        // The rows outlive this machine, the files do not.
        (Environment::Production, false) => Verdict::Wrong(words),
        _ => Verdict::Note(words),
    }
}

fn is_secret_key_quoted(config: &Config) -> bool {
    use secrecy::ExposeSecret;

    let key = config.secrets.secret_key.as_ref();
    key.is_some_and(|key| key.expose_secret().starts_with(['"', '\'']))
}

/// How many API keys the operator gives, and to whom.
fn keys_of_environment(config: &Config) -> Verdict {
    let variables = config.providers.key_variables();
    let count = variables.len();
    if count == 0 {
        return Verdict::Fine("none is set: workspaces enter their own".to_owned());
    }
    let whom = if config.providers.shared {
        "every workspace (PARALLAX_SHARED_KEYS)"
    } else {
        "the workspaces of admins"
    };
    Verdict::Fine(format!("{count} for {whom}: {}", variables.join(", ")))
}

fn cron_token(config: &Config) -> Verdict {
    use secrecy::ExposeSecret;

    match &config.secrets.cron_token {
        None => Verdict::Fine("CRON_TOKEN is not set: no program can start jobs".to_owned()),
        Some(token) if token.expose_secret().len() < CRON_TOKEN_MIN => Verdict::Wrong(format!(
            "CRON_TOKEN has fewer than {CRON_TOKEN_MIN} characters and can be guessed; make \
             another (openssl rand -hex 32)"
        )),
        Some(_) => Verdict::Fine("CRON_TOKEN is set".to_owned()),
    }
}

/// Whether anybody else on this machine may read rows and keys.
fn data_folder(config: &Config) -> Verdict {
    let DatabaseConfig { place, data_dir } = &config.database;
    let open = open_to_others(data_dir, place.sqlite_file().as_deref());
    if open.is_empty() {
        return Verdict::Fine("nobody else on this machine may look into it".to_owned());
    }
    let paths: Vec<String> = open.iter().map(|path| path.display().to_string()).collect();
    Verdict::Wrong(format!(
        "others on this machine may look into {}; the next start of parallax serve closes what is \
         its own, or: chmod -R go= PATH",
        paths.join(", ")
    ))
}

fn disk(folder: &Path) -> Verdict {
    // The folder is made at first start; until then its parent tells.
    let existing = folder.ancestors().find(|path| path.exists());
    let existing = existing.unwrap_or_else(|| Path::new("."));
    match rustix::fs::statvfs(existing) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let words = format!("{} MB free at {}", free >> 20, folder.display());
            if free < FREE_BYTES {
                Verdict::Wrong(format!("{words}; leave at least {} MB", FREE_BYTES >> 20))
            } else {
                Verdict::Fine(words)
            }
        }
        Err(error) => Verdict::Wrong(format!("{}: {error}", folder.display())),
    }
}

async fn examine_store(checks: &mut Checks, config: &Config, store: &Store) {
    let kind = if config.database.place.is_sqlite() {
        "SQLite"
    } else {
        "PostgreSQL"
    };
    match store.pending_migrations().await {
        Ok(0) => checks.add(
            "database",
            Verdict::Fine(format!("{kind} is reachable, its tables are up to date")),
        ),
        Ok(pending) => {
            checks.add(
                "database",
                Verdict::Wrong(format!(
                    "{kind} is reachable, {pending} changes to its tables are missing; call \
                     parallax migrate (parallax serve does so by itself)"
                )),
            );
            return;
        }
        Err(error) => {
            checks.add("database", Verdict::Wrong(error.to_string()));
            return;
        }
    }
    checks.add("API keys", keys(config, store).await);
    if let Some(verdict) = open_sign_up(config, store).await {
        checks.add("shared keys", verdict);
    }
    checks.add("models", models(store).await);
    checks.add("answers", answers(store).await);
    checks.add("background jobs", jobs(store).await);
    checks.add("clock", clock(store).await);
}

/// Whether strangers may make accounts beside keys that all share; `None`: no keys are shared.
async fn open_sign_up(config: &Config, store: &Store) -> Option<Verdict> {
    if !config.providers.shared || config.providers.key_variables().is_empty() {
        return None;
    }
    Some(match store.setting(OPEN_SIGN_UP).await {
        Ok(Some(open)) if open == "true" => Verdict::Note(
            "PARALLAX_SHARED_KEYS is true and anybody may make an account: each new workspace may \
             spend nothing on your keys until you set its ceiling (parallax workspace ceiling)"
                .to_owned(),
        ),
        Ok(_) => Verdict::Fine(
            "accounts are made by invitation; ceilings are set by parallax workspace ceiling"
                .to_owned(),
        ),
        Err(error) => Verdict::Wrong(error.to_string()),
    })
}

/// What is wrong with the stored API keys, and what to do; `None`: they can be opened.
pub(super) async fn wrong_keys(config: &Config, store: &Store) -> Option<String> {
    match keys(config, store).await {
        Verdict::Wrong(words) => Some(words),
        Verdict::Fine(_) | Verdict::Note(_) => None,
    }
}

/// Whether every stored key can be opened with the master key at hand.
async fn keys(config: &Config, store: &Store) -> Verdict {
    let sealed = match store.sealed_keys().await {
        Ok(sealed) if sealed.is_empty() => {
            let words = match config.providers.key_variables().len() {
                0 => "none is stored yet; enter them under Keys and budget".to_owned(),
                count => format!("none is stored; {count} of the environment are used"),
            };
            return Verdict::Note(words);
        }
        Ok(sealed) => sealed,
        Err(error) => return Verdict::Wrong(error.to_string()),
    };
    let source = &config.secrets.master_key;
    // Looking for it would make one.
    if matches!(source, MasterKeySource::File) && !has_master_key(&config.database.data_dir) {
        return Verdict::Wrong(format!(
            "the master key of {} stored keys is missing in {}; put the file back, or set \
             ENCRYPTION_KEY",
            sealed.len(),
            config.database.data_dir.display()
        ));
    }
    let (vault, is_bound) = match look_for_vault(store, source, &config.database.data_dir).await {
        Ok(found) => found,
        Err(error) => {
            return Verdict::Wrong(format!(
                "{error}; give the master key that they were stored with"
            ));
        }
    };
    let broken = sealed
        .iter()
        .filter(|key| {
            let opened = if is_bound {
                vault.open(&key.place(), &key.sealed)
            } else {
                vault.open_without_address(&key.place(), &key.sealed)
            };
            opened.is_err()
        })
        .count();
    if broken > 0 {
        return Verdict::Wrong(format!(
            "{broken} of {} cannot be opened; enter them again under Keys and budget",
            sealed.len()
        ));
    }
    Verdict::Fine(format!("all {} can be opened", sealed.len()))
}

/// Whether each of the four providers has a current model with a price.
async fn models(store: &Store) -> Verdict {
    let models = match store.models().await {
        Ok(models) => models,
        Err(error) => return Verdict::Wrong(error.to_string()),
    };
    let lacking: Vec<&str> = Provider::BIG_FOUR
        .into_iter()
        .filter(|provider| {
            !models.iter().any(|model| {
                model.provider == *provider
                    && model.is_current
                    && model.is_offered()
                    && model.price.is_some()
            })
        })
        .map(Provider::label)
        .collect();
    if lacking.is_empty() {
        return Verdict::Fine(
            "each of the four providers has a current model with a price".to_owned(),
        );
    }
    Verdict::Wrong(format!(
        "no current model with a price for {}; choose one under Models and prices",
        lacking.join(", ")
    ))
}

/// Whether there are answers that could not be read.
async fn answers(store: &Store) -> Verdict {
    match store.count_of_unread_answers().await {
        Ok(0) => Verdict::Fine("none that could not be read".to_owned()),
        Ok(unread) => Verdict::Note(format!(
            "{unread} could not be read, which is a fault of Parallax; the log names them. Their \
             texts are kept, they count as failed, and the table of answers marks them. After an \
             update that mends it, call parallax rebuild --read-again"
        )),
        Err(error) => Verdict::Wrong(error.to_string()),
    }
}

/// Whether what the instance does by itself is done, by any of its processes.
async fn jobs(store: &Store) -> Verdict {
    let jobs = match store.job_health().await {
        Ok(jobs) => jobs,
        Err(error) => return Verdict::Wrong(error.to_string()),
    };
    let in_state = |state: JobState| jobs.iter().filter(move |(_, job)| job.state == state);
    let describe = |(name, job): (&String, &JobHealth)| {
        let last = match job.last_success_at {
            Some(at) => format!("last success {}", at.format("%Y-%m-%d %H:%M UTC")),
            None => "no success yet".to_owned(),
        };
        let why = job.last_failure.as_ref().map(|words| format!(": {words}"));
        format!("{name} ({last}{})", why.unwrap_or_default())
    };
    let late: Vec<String> = in_state(JobState::Late).map(describe).collect();
    if !late.is_empty() {
        return Verdict::Wrong(format!(
            "{}; look into the log and start the process again",
            late.join(", ")
        ));
    }
    let running = in_state(JobState::Well).count();
    if running == 0 {
        return Verdict::Note(
            "no process runs any; they run with parallax serve or parallax worker".to_owned(),
        );
    }
    let panics: i64 = jobs.values().map(|job| job.panics).sum();
    if panics > 0 {
        let last = jobs.iter().filter(|(_, job)| job.panics > 0).map(describe);
        let last: Vec<String> = last.collect();
        return Verdict::Note(format!(
            "all {running} go on, after {panics} panics: {}",
            last.join(", ")
        ));
    }
    Verdict::Fine(format!("all {running} do what they are for"))
}

async fn clock(store: &Store) -> Verdict {
    let now = Utc::now();
    let built: DateTime<Utc> = BUILT_AFTER.parse().unwrap_or_default();
    if now < built {
        return Verdict::Wrong(format!("it says {now}, which is past; set it (NTP)"));
    }
    match store.database_time().await {
        Ok(Some(database)) if (database - now).abs() > CLOCK_TOLERANCE => Verdict::Wrong(format!(
            "it differs from the database's by {} seconds; set both (NTP)",
            (database - now).num_seconds()
        )),
        Ok(_) => Verdict::Fine(format!("{}", now.format("%Y-%m-%d %H:%M:%S UTC"))),
        Err(error) => Verdict::Wrong(error.to_string()),
    }
}

async fn mail(config: &Config) -> Verdict {
    let Some(settings) = &config.mail else {
        return Verdict::Note(
            "SMTP_URL is not set: notices show in the application only".to_owned(),
        );
    };
    let tried = match Mailer::new(settings) {
        Ok(mailer) => mailer.check_server().await,
        Err(error) => Err(error),
    };
    match tried {
        Ok(()) => Verdict::Fine("the server answers".to_owned()),
        Err(error) => Verdict::Wrong(format!("{error}; check SMTP_URL")),
    }
}
