//! Where the rows are: a SQLite file, or a PostgreSQL server.
//!
//! Invariant: nothing that an address holds stands in an error or a log. What is wrong with it is
//! said in words of our own, because its password may have been taken for a host, port or path.

use std::fmt;
use std::io;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sea_orm::sqlx::ConnectOptions;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use url::Url;

/// How addresses of PostgreSQL begin.
const POSTGRES: [&str; 2] = ["postgres:", "postgresql:"];
/// What may be asked for behind the `?` of an address, besides TLS.
const PARAMETERS: [&str; 8] = [
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];
/// What `pg_stat_activity` shows of us, unless the address says another name.
const APPLICATION: &str = "parallax";
/// Instead of a file: the root certificates that everybody knows.
const KNOWN_ROOTS: &str = "system";

/// Why an address cannot be used. Reads on from the name of its variable.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// Another database.
    #[error("begins with postgres:// or sqlite:, without quotes")]
    Unknown,
    /// It does not come apart as it was meant.
    #[error("cannot be read as an address: {PERCENT_ENCODE}")]
    Unreadable,
    /// A word that nobody knows.
    #[error("has an sslmode that is none of disable, prefer, require, verify-ca and verify-full")]
    SslMode,
    /// The file of root certificates.
    #[error("names root certificates (sslrootcert) that cannot be read: {0}")]
    RootCertificate(io::Error),
    /// A look at who signed, and none at the host.
    #[error("asks for {MODES_THAT_SKIP_THE_HOST}, {WHOM_IT_LETS_IN}: {VERIFY_FULL}")]
    AnyCertificate,
    /// The roots that everybody knows, and no look at the host.
    #[error(
        "asks for sslrootcert=system and an sslmode that is weaker than verify-full, {WHOM_IT_LETS_IN}: {VERIFY_FULL}"
    )]
    AnyHost,
    /// It is gone when its connection is.
    #[error("names no file: a database in memory ends with its connection")]
    InMemory,
}

/// What to do about an address that cannot be read.
pub(crate) const PERCENT_ENCODE: &str = "percent-encode what user and password hold besides \
    letters and digits, such as %40 for @, %2F for /, %3A for :, %3F for ?, %23 for # and %25 for %";

/// What is refused because of [`WHOM_IT_LETS_IN`].
const MODES_THAT_SKIP_THE_HOST: &str = "sslmode=verify-ca, or sslmode=require with sslrootcert";
/// What is wrong with a look at who signed alone: the public roots count beside those of the file.
const WHOM_IT_LETS_IN: &str = "which lets anybody in between who has a certificate of a public \
    authority for a host of their own";
const VERIFY_FULL: &str = "write sslmode=verify-full, which compares the host too, and the host \
    as the certificate has it";

/// A database, and how many connections to it are kept.
#[derive(Clone)]
pub struct DatabasePlace {
    kind: Kind,
    connections: Option<NonZeroU32>,
}

#[derive(Clone)]
pub(super) enum Kind {
    Sqlite(Box<SqliteConnectOptions>),
    Postgres(Box<PgConnectOptions>),
}

impl DatabasePlace {
    /// A SQLite file, made where it is missing. Any path will do, whatever its characters.
    pub fn file(path: &Path) -> Self {
        // SQLite reads a name that begins with `file:` as an address; none that begins with `/`.
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let options = SqliteConnectOptions::new().filename(absolute);
        Self {
            kind: Kind::Sqlite(Box::new(options.create_if_missing(true))),
            connections: None,
        }
    }

    /// The database that `postgres://…` or `sqlite:…` names.
    pub fn parse(address: &str) -> Result<Self, PlaceError> {
        let kind = if address.starts_with("sqlite:") {
            Kind::Sqlite(Box::new(sqlite(address)?))
        } else if POSTGRES.iter().any(|begin| address.starts_with(begin)) {
            Kind::Postgres(Box::new(postgres(address)?))
        } else {
            return Err(PlaceError::Unknown);
        };
        Ok(Self {
            kind,
            connections: None,
        })
    }

    /// The same with at most so many connections to PostgreSQL; `None`: by what the server allows.
    #[must_use]
    pub const fn with_connections(mut self, connections: Option<NonZeroU32>) -> Self {
        self.connections = connections;
        self
    }

    /// The SQLite file; `None`: it is PostgreSQL.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        match &self.kind {
            Kind::Sqlite(options) => Some(options.get_filename().to_owned()),
            Kind::Postgres(_) => None,
        }
    }

    /// Whether it is a SQLite file.
    pub const fn is_sqlite(&self) -> bool {
        matches!(self.kind, Kind::Sqlite(_))
    }

    pub(super) const fn kind(&self) -> &Kind {
        &self.kind
    }

    pub(super) const fn connections(&self) -> Option<NonZeroU32> {
        self.connections
    }
}

impl fmt::Debug for DatabasePlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.kind {
            Kind::Sqlite(_) => "SQLite",
            Kind::Postgres(_) => "PostgreSQL",
        })
    }
}

/// Whether an address with user and password comes apart as it was meant: an `@` behind the host,
/// or a `#`, stood in a password that begins before it and would be read as something else.
pub(crate) fn splits_as_meant(address: &str) -> bool {
    let Some((_, rest)) = address.split_once(':') else {
        return false;
    };
    let Some(rest) = rest.strip_prefix("//") else {
        return false;
    };
    let behind_host = rest.find(['/', '?', '#']).map_or("", |at| &rest[at..]);
    // Parsers of addresses leave out tabs and ends of lines without a word.
    !behind_host.contains(['@', '#']) && !address.contains(char::is_control)
}

fn sqlite(address: &str) -> Result<SqliteConnectOptions, PlaceError> {
    let (path, parameters) = address.split_once('?').unwrap_or((address, ""));
    if path.ends_with(":memory:") || parameters.contains("mode=memory") {
        return Err(PlaceError::InMemory);
    }
    let options = SqliteConnectOptions::from_str(address).map_err(|_| PlaceError::Unreadable)?;
    let file = std::path::absolute(options.get_filename()).map_err(|_| PlaceError::InMemory)?;
    Ok(options.filename(file))
}

fn postgres(address: &str) -> Result<PgConnectOptions, PlaceError> {
    if !splits_as_meant(address) {
        return Err(PlaceError::Unreadable);
    }
    let mut url = Url::parse(address).map_err(|_| PlaceError::Unreadable)?;
    let asked: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let known = |name: &str| PARAMETERS.contains(&name) || name.starts_with("options[");
    let kept = asked.iter().filter(|(name, _)| known(name));
    let kept: Vec<_> = kept.collect();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    let mut options = PgConnectOptions::from_url(&url)
        .map_err(|_| PlaceError::Unreadable)?
        // Poolers refuse what they do not know, and nothing here is read as a float.
        .extra_float_digits(None);
    if options.get_application_name().is_none() {
        options = options.application_name(APPLICATION);
    }
    Ok(tls(options, &asked)?.disable_statement_logging())
}

/// What the address says about TLS. Public roots count beside those that it names, so it is the
/// comparison of the host that tells the server from anybody else: where a certificate is looked
/// at, so is the host.
fn tls(
    mut options: PgConnectOptions,
    asked: &[(String, String)],
) -> Result<PgConnectOptions, PlaceError> {
    let value = |names: [&str; 2]| {
        let found = asked
            .iter()
            .rfind(|(name, _)| names.contains(&name.as_str()));
        found.map(|(_, value)| value.as_str())
    };
    let mode = value(["sslmode", "ssl-mode"]);
    let roots = value(["sslrootcert", "ssl-root-cert"]);
    if let Some(mode) = mode {
        options = options.ssl_mode(mode.parse().map_err(|_| PlaceError::SslMode)?);
    } else if roots == Some(KNOWN_ROOTS) {
        options = options.ssl_mode(PgSslMode::VerifyFull);
    }
    // Not what the address says: `PGSSLMODE` may say it too.
    let mode = options.get_ssl_mode();
    if roots == Some(KNOWN_ROOTS) && !matches!(mode, PgSslMode::VerifyFull) {
        return Err(PlaceError::AnyHost);
    }
    let looks_at_roots = roots.is_some() && matches!(mode, PgSslMode::Require);
    if looks_at_roots || matches!(mode, PgSslMode::VerifyCa) {
        return Err(PlaceError::AnyCertificate);
    }
    if let Some(file) = roots.filter(|file| *file != KNOWN_ROOTS) {
        let roots = std::fs::read(file).map_err(PlaceError::RootCertificate)?;
        options = options.ssl_root_cert_from_pem(roots);
    }
    if let Some(file) = value(["sslcert", "ssl-cert"]) {
        options = options.ssl_client_cert(file);
    }
    if let Some(file) = value(["sslkey", "ssl-key"]) {
        options = options.ssl_client_key(file);
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn postgres_options(address: &str) -> PgConnectOptions {
        match DatabasePlace::parse(address).expect(address).kind {
            Kind::Postgres(options) => *options,
            Kind::Sqlite(_) => panic!("{address}"),
        }
    }

    #[test]
    fn addresses_are_read_as_libpq_reads_them() {
        let options = postgres_options(
            "postgresql://ana%40kipu:p%2Fw@db.example:6432/rows?sslmode=require&connect_timeout=5",
        );
        assert_eq!(options.get_host(), "db.example");
        assert_eq!(options.get_port(), 6432);
        assert_eq!(options.get_username(), "ana@kipu");
        assert_eq!(options.get_database(), Some("rows"));
        assert_eq!(options.get_application_name(), Some("parallax"));
        assert!(matches!(options.get_ssl_mode(), PgSslMode::Require));
        let plain = postgres_options("postgres://u:p@ss@db.example/rows");
        assert_eq!(
            plain.get_host(),
            "db.example",
            "the last @ ends the password"
        );
        assert!(matches!(plain.get_ssl_mode(), PgSslMode::Prefer));
    }

    #[test]
    fn root_certificates_are_asked_for_and_then_looked_at() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let path = file.path().display();
        let with = |mode: &str| {
            let address = format!("postgres://u@h/d?sslmode={mode}&sslrootcert={path}");
            postgres_options(&address).get_ssl_mode()
        };
        assert!(matches!(with("prefer"), PgSslMode::Prefer));
        assert!(matches!(with("verify-full"), PgSslMode::VerifyFull));
        let none = "postgres://u@h/d?sslmode=verify-full&sslrootcert=/nonexistent/root.pem";
        let error = DatabasePlace::parse(none).expect_err("no file");
        assert!(error.to_string().contains("sslrootcert"), "{error}");
        for address in [
            "postgres://u@h/d?sslmode=verify-full&sslrootcert=system",
            "postgres://u@h/d?sslrootcert=system",
            "postgres://u@h/d?sslmode=verify-full",
        ] {
            let mode = postgres_options(address).get_ssl_mode();
            assert!(matches!(mode, PgSslMode::VerifyFull), "{address}");
        }
    }

    #[test]
    fn nobody_is_trusted_for_a_public_certificate_of_any_host() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let root = format!("sslrootcert={}", file.path().display());
        for parameters in [
            "sslmode=verify-ca".to_owned(),
            "ssl-mode=VERIFY-CA".to_owned(),
            format!("sslmode=verify-ca&{root}"),
            format!("sslmode=require&{root}"),
            format!("{root}&sslmode=require"),
            "sslmode=verify-ca&sslrootcert=system".to_owned(),
            "sslmode=require&sslrootcert=system".to_owned(),
            "sslmode=prefer&ssl-root-cert=system".to_owned(),
            "sslmode=disable&sslrootcert=system".to_owned(),
        ] {
            let address = format!("postgres://u@h/d?{parameters}");
            let error = DatabasePlace::parse(&address).expect_err(&parameters);
            let is_refused = matches!(error, PlaceError::AnyCertificate | PlaceError::AnyHost);
            assert!(is_refused, "{parameters}: {error}");
            assert!(
                error.to_string().contains("sslmode=verify-full"),
                "{parameters}: {error}"
            );
        }
    }

    #[test]
    fn a_file_may_have_any_name() {
        for name in ["100% sure?.db", "a#b.db", "file:x?mode=ro", "día 1.db"] {
            let file = Path::new("/srv").join(name);
            assert_eq!(DatabasePlace::file(&file).sqlite_file(), Some(file));
        }
        let encoded = DatabasePlace::parse("sqlite:///srv/100%25%3F.db?mode=rwc").expect("a file");
        assert_eq!(encoded.sqlite_file(), Some("/srv/100%?.db".into()));
        for address in ["sqlite::memory:", "sqlite:x?mode=memory"] {
            assert!(matches!(
                DatabasePlace::parse(address),
                Err(PlaceError::InMemory)
            ));
        }
    }

    /// Passwords of pieces that no message holds by chance, with what addresses are made of
    /// between them; also percent-encoded in part.
    fn passwords() -> impl Strategy<Value = String> {
        let piece = prop_oneof!["[0-9]{5}", "Zq[a-z0-9]{4}Zx"];
        let between = "[ -/:-@\\[-`{-~\u{e9}\u{4e2d}\t]{1,3}|%2F|%zz|%40|%";
        (piece.clone(), prop::collection::vec((between, piece), 1..4)).prop_map(|(first, rest)| {
            rest.into_iter()
                .fold(first, |text, (between, piece)| text + &between + &piece)
        })
    }

    fn pieces(password: &str) -> Vec<&str> {
        let between = |character: char| !character.is_ascii_alphanumeric();
        let pieces = password.split(between).filter(|piece| piece.len() >= 5);
        pieces.collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn no_piece_of_a_password_is_told(password in passwords()) {
            for address in [
                format!("postgres://parallax:{password}@db.example/parallax"),
                format!("postgresql://parallax:{password}@db.example:5432/parallax?sslmode=require"),
                format!("postgres://db.example/parallax?user=u&password={password}"),
                format!("postgres://db.example/parallax?sslmode={password}"),
            ] {
                let told = match DatabasePlace::parse(&address) {
                    Ok(place) => {
                        // Wherever it leads, that is no place that the password names.
                        if let Kind::Postgres(options) = &place.kind {
                            prop_assert_eq!(options.get_host(), "db.example");
                            prop_assert_eq!(options.get_database(), Some("parallax"));
                        }
                        format!("{place:?}")
                    }
                    Err(error) => format!("{error} {error:?}"),
                };
                for piece in pieces(&password) {
                    prop_assert!(!told.contains(piece), "{}: {}", address, told);
                }
            }
        }
    }
}
