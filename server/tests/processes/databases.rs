//! PostgreSQL as hosters give it: over TLS, behind a pooler, with few connections.

use std::fs;
use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::client::questions;
use crate::support::cluster::{Cluster, Pooler};
use crate::support::home::{Environment, Home, with_database};
use crate::support::program::{Done, PATIENCE};
use crate::support::simulator::Simulator;

/// What a client sends before it begins to speak TLS: length and code of an `SSLRequest`.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
/// Handshake, TLS 1.x.
const CLIENT_HELLO: [u8; 2] = [22, 3];

fn nothing() -> Environment {
    Vec::new()
}

fn database_line(done: &Done) -> &str {
    let line = done
        .stdout
        .lines()
        .find(|line| line[5..].starts_with("database"));
    line.unwrap_or_else(|| panic!("{done:?}"))
}

#[tokio::test]
async fn a_server_that_wants_tls_is_spoken_to_in_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("a client");
        let mut request = [0; 8];
        socket.read_exact(&mut request).await.expect("a request");
        socket.write_all(b"S").await.expect("an answer");
        let mut hello = [0; 2];
        socket
            .read_exact(&mut hello)
            .await
            .expect("what comes next");
        (request, hello)
    });
    let address = format!("postgresql://u@127.0.0.1:{port}/db?sslmode=require");
    with_database(&address, async |home| {
        let done = home.run(&["doctor"], &nothing(), "").await;
        assert_eq!(done.code, Some(1), "{done:?}");
        assert!(database_line(&done).starts_with("FAIL "), "{done:?}");
        assert!(
            !format!("{done:?}").contains("without TLS support"),
            "{done:?}"
        );
    })
    .await;
    assert_eq!(
        server.await.expect("a client came"),
        (SSL_REQUEST, CLIENT_HELLO)
    );
}

/// A root and a certificate for `localhost` that it signed, in files; and a root that signed
/// nothing.
fn make_certificates(folder: &Path) {
    let root = |name: &str| {
        let mut parameters = CertificateParams::new(Vec::new()).expect("parameters");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters
            .distinguished_name
            .push(rcgen::DnType::CommonName, name);
        CertifiedIssuer::self_signed(parameters, KeyPair::generate().expect("a key"))
            .expect("a root")
    };
    let (own, other) = (root("Own root"), root("Other root"));
    let key = KeyPair::generate().expect("a key");
    let names = CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
    let certificate = names.signed_by(&key, &own).expect("a certificate");
    for (name, text) in [
        ("root.pem", own.pem()),
        ("other.pem", other.pem()),
        ("server.crt", certificate.pem()),
        ("server.key", key.serialize_pem()),
    ] {
        fs::write(folder.join(name), text).expect(name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_is_reached_over_tls() {
    let folder = tempfile::tempdir().expect("a folder");
    make_certificates(folder.path());
    let (root, other) = (
        folder.path().join("root.pem"),
        folder.path().join("other.pem"),
    );
    let (root, other) = (root.display(), other.display());
    let cluster = Cluster::start("", Some(folder.path())).await;
    let address = |host: &str, parameters: &str| cluster.address("postgres", host, parameters);
    let run = async |address: String, command: &[&str]| {
        let mut done = None;
        with_database(&address, async |home| {
            done = Some(home.run(command, &nothing(), "").await);
        })
        .await;
        done.expect("it ran")
    };

    // From the first table to a copy, whatever the address asks for.
    let full = address(
        "localhost",
        &format!("sslmode=verify-full&sslrootcert={root}"),
    );
    with_database(&full, async |home| {
        home.run(&["migrate"], &nothing(), "").await.printed();
        let host = home.serve(&nothing()).await;
        let database = home.database().await;
        let plain = "SELECT COUNT(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
            WHERE datname = 'postgres' AND backend_type = 'client backend' AND NOT ssl";
        assert_eq!(
            database.number(plain).await,
            0,
            "nobody speaks in the clear"
        );
        host.program.stop().await;
        let backup = home.file("rows.gz");
        let backup = backup.to_str().expect("a path");
        home.run(&["backup", backup], &nothing(), "")
            .await
            .printed();
        let again = home.run(&["restore", backup], &nothing(), "").await.said();
        assert!(again.contains("has accounts already"), "{again}");
    })
    .await;
    for parameters in [
        "sslmode=require".to_owned(),
        "sslmode=prefer".to_owned(),
        String::new(),
    ] {
        let done = run(address("127.0.0.1", &parameters), &["doctor"]).await;
        assert!(
            database_line(&done).starts_with("ok "),
            "{parameters}: {done:?}"
        );
    }

    // Another host than the certificate's, other roots than its own, and none; and what would
    // trust any server that has a public certificate, whoever signed this one.
    for (host, parameters, advice) in [
        (
            "127.0.0.1",
            format!("sslmode=verify-full&sslrootcert={root}"),
            "as the certificate has it",
        ),
        (
            "localhost",
            format!("sslmode=verify-full&sslrootcert={other}"),
            "sslrootcert=",
        ),
        (
            "localhost",
            "sslmode=verify-full".to_owned(),
            "sslrootcert=",
        ),
        (
            "localhost",
            format!("sslmode=verify-ca&sslrootcert={root}"),
            "write sslmode=verify-full",
        ),
        (
            "localhost",
            format!("sslmode=require&sslrootcert={root}"),
            "write sslmode=verify-full",
        ),
        (
            "localhost",
            "sslmode=require&sslrootcert=system".to_owned(),
            "write sslmode=verify-full",
        ),
    ] {
        for command in [&["doctor"][..], &["migrate"], &["serve"]] {
            let done = run(address(host, &parameters), command).await;
            let told = format!("{}{}", done.stdout, done.stderr);
            assert_eq!(done.code, Some(1), "{host} {parameters}: {told}");
            assert!(
                told.contains(advice) && told.contains("DATABASE_URL"),
                "{parameters}: {told}"
            );
        }
    }
    cluster.end().await;
}

#[tokio::test]
async fn a_server_without_tls_is_not_spoken_to_in_the_clear() {
    let cluster = Cluster::start("", None).await;
    let address = cluster.address("postgres", "127.0.0.1", "sslmode=require");
    with_database(&address, async |home| {
        let said = home.run(&["migrate"], &nothing(), "").await.said();
        assert!(
            said.contains("TLS") && said.contains("sslmode=prefer"),
            "{said}"
        );
    })
    .await;
    cluster.end().await;
}

/// A project, and a run of it to its end.
async fn run_ends(home: &Home, environment: &Environment) {
    let host = home.serve(environment).await;
    let project = host.client.project("Soap", questions(5)).await;
    let run = host.client.start(project).await;
    let view = host.client.over(run, PATIENCE).await;
    assert_eq!(view.answered(), 20);
    host.program.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_is_used_or_named() {
    let cluster = Cluster::start("", None).await;
    let session = Pooler::start(&cluster, "session").await;
    with_database(&session.url, async |home| {
        let simulator = Simulator::start(home, &[]).await;
        let mut environment = simulator.environment();
        environment.push(("PARALLAX_DATABASE_CONNECTIONS", "4".to_owned()));
        run_ends(home, &environment).await;
    })
    .await;
    for mode in ["transaction", "statement"] {
        let pooler = Pooler::start(&cluster, mode).await;
        with_database(&pooler.url, async |home| {
            for _ in 0..3 {
                let said = home.run(&["serve"], &nothing(), "").await.said();
                assert!(said.contains("transaction mode"), "{mode}: {said}");
                assert!(said.contains("pool_mode = session"), "{mode}: {said}");
                assert!(said.contains("DATABASE_URL"), "{mode}: {said}");
            }
            let done = home.run(&["doctor"], &nothing(), "").await;
            assert!(
                database_line(&done).contains("pool_mode"),
                "{mode}: {done:?}"
            );
        })
        .await;
    }
    cluster.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_small_server_holds_host_worker_and_a_command() {
    let cluster = Cluster::start("-c max_connections=20", None).await;
    // The superuser's reserve is for nobody else.
    let admin = parallax::store::sql::DatabasePlace::parse(&cluster.url).expect("an address");
    let admin = crate::support::database::Database::open(&admin).await;
    admin.execute("CREATE ROLE small LOGIN").await;
    admin
        .execute("ALTER DATABASE postgres OWNER TO small")
        .await;
    admin.execute("ALTER SCHEMA public OWNER TO small").await;
    drop(admin);
    with_database(&cluster.address("small", "127.0.0.1", ""), async |home| {
        let simulator = Simulator::start(home, &["--latency", "300"]).await;
        let environment = simulator.environment();
        let host = home.serve(&environment).await;
        let worker = home.start(&["worker"], &environment).await;
        let project = host.client.project("Soap", questions(30)).await;
        let run = host.client.start(project).await;
        for _ in 0..3 {
            home.run(&["doctor"], &environment, "").await.printed();
            let used = "SELECT COUNT(*) FROM pg_stat_activity WHERE usename = 'small'";
            let used = home.database().await.number(used).await;
            assert!(used <= 17, "{used}");
        }
        let backup = home.file("rows.gz");
        let backup = backup.to_str().expect("a path");
        home.run(&["backup", backup], &environment, "")
            .await
            .printed();
        let view = host.client.over(run, PATIENCE).await;
        assert_eq!(view.answered(), 120);
        worker.stop().await;
        host.program.stop().await;
    })
    .await;
    cluster.end().await;
}
