//! Why a database cannot be opened, and what to do about it.
//!
//! Invariant: says what the system or the server said, and never an address.

use rustls::CertificateError;
use sea_orm::sqlx;

/// Why a database cannot be opened, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{kind}: {said}; {advice}")]
pub struct Unreachable {
    kind: &'static str,
    said: String,
    advice: &'static str,
}

const POSTGRES: &str = "PostgreSQL";
const CHECK_SERVER: &str = "check host and port in DATABASE_URL, and that the server is up";
const NAME_ROOT_CERTIFICATES: &str = "name the file of the root certificates that signed it in DATABASE_URL: \
    sslrootcert=/path/root.pem";
const WHOSE_IT_IS: &str = "write the host in DATABASE_URL as the certificate has it, or give the \
    server a certificate for the host that DATABASE_URL names";
const CHECK_CREDENTIALS: &str = "check user and password in DATABASE_URL; percent-encode what they hold \
    besides letters and digits";
const NO_TLS: &str = "switch it on at the server, or, where the way to it is trusted, set \
    sslmode=prefer in DATABASE_URL";
const POOLER: &str = "give the database's own address in DATABASE_URL, or set pool_mode = session \
    at the pooler, or max_prepared_statements = 200 (PgBouncer 1.21 or newer)";

impl Unreachable {
    /// A SQLite file that cannot be opened.
    pub(super) fn sqlite(error: sqlx::Error) -> Self {
        Self {
            kind: "SQLite",
            said: error.to_string(),
            advice: "check that the data folder can be written, and that the file is a database",
        }
    }

    /// Nobody answered.
    pub(super) fn silent() -> Self {
        Self::postgres("no answer within 10 seconds", CHECK_SERVER)
    }

    /// A pooler that gives each transaction another connection, and forgets what was prepared.
    pub(super) fn pooler() -> Self {
        Self::postgres(
            "a pooler in transaction mode stands before it, which does not carry prepared statements",
            POOLER,
        )
    }

    /// What PostgreSQL, the network or TLS said.
    pub(super) fn from_postgres(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Io(io) => match io.get_ref().and_then(|inner| inner.downcast_ref()) {
                Some(tls) => Self::from_tls(tls),
                None => Self::postgres(io.to_string(), CHECK_SERVER),
            },
            sqlx::Error::Tls(inner) => match inner.downcast_ref() {
                Some(tls) => Self::from_tls(tls),
                None => Self::postgres(inner.to_string(), NO_TLS),
            },
            sqlx::Error::Database(database) => match database.code().as_deref() {
                Some("28P01" | "28000") => Self::postgres(database.message(), CHECK_CREDENTIALS),
                Some("53300") => Self::postgres(
                    database.message(),
                    "give each process fewer connections (PARALLAX_DATABASE_CONNECTIONS), or the \
                     server more",
                ),
                _ => Self::postgres(database.message(), "check DATABASE_URL"),
            },
            other => Self::postgres(other.to_string(), "check DATABASE_URL"),
        }
    }

    fn from_tls(error: &rustls::Error) -> Self {
        let advice = match error {
            rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            ) => WHOSE_IT_IS,
            rustls::Error::InvalidCertificate(_) => NAME_ROOT_CERTIFICATES,
            _ => "check that the server speaks TLS 1.2 or 1.3, and its certificate",
        };
        Self::postgres(error.to_string(), advice)
    }

    fn postgres(said: impl Into<String>, advice: &'static str) -> Self {
        Self {
            kind: POSTGRES,
            said: said.into(),
            advice,
        }
    }
}
