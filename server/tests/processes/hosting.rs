//! Where people host it: nothing of an address or password is told, others on the machine see
//! nothing, and a data folder may have any name.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::home::{Environment, Home, PASSWORD, with_empty_sqlite};

/// Addresses whose passwords are not percent-encoded, with the pieces that nobody may read; or
/// that are, and lead to nobody.
const ADDRESSES: [(&str, &[&str]); 8] = [
    (
        "postgres://parallax:Zs3q/r3t-Za55@db.example/parallax",
        &["Zs3q", "r3t", "Za55"],
    ),
    (
        "postgres://parallax:12345/Zr3t@db.example/parallax",
        &["12345", "Zr3t"],
    ),
    (
        "postgres://parallax:12345#Zr3t@127.0.0.1:1/parallax",
        &["12345", "Zr3t"],
    ),
    (
        "postgres://parallax:Zs3q?Zr3t=1@127.0.0.1:1/parallax",
        &["Zs3q", "Zr3t"],
    ),
    (
        "postgres://parallax:Zs3q%2FZr3t@127.0.0.1:1/parallax",
        &["Zs3q", "Zr3t", "%2F"],
    ),
    (
        "postgres://parallax:Zs%zz%FFr3t@127.0.0.1:1/parallax",
        &["Zs%", "FFr3t"],
    ),
    (
        "postgres://127.0.0.1:1/parallax?password=Zs3q&Zr3t=1",
        &["Zs3q", "Zr3t"],
    ),
    (
        "\"postgres://parallax:Zs3qZr3t@127.0.0.1:1/parallax\"",
        &["Zs3q"],
    ),
];

/// Every kind of command that opens the database.
const COMMANDS: [&[&str]; 9] = [
    &["serve"],
    &["worker"],
    &["migrate"],
    &["doctor"],
    &["backup", "rows.gz"],
    &["restore", "/dev/null"],
    &["token", "ana@parallax.example"],
    &["rebuild"],
    &["cron", "daily"],
];

fn nothing() -> Environment {
    Vec::new()
}

fn mode(path: &Path) -> u32 {
    let found = fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    found.permissions().mode() & 0o7777
}

#[tokio::test]
async fn no_command_tells_what_the_address_of_the_database_holds() {
    with_empty_sqlite(async |home| {
        for (address, pieces) in ADDRESSES {
            for command in COMMANDS {
                let environment = vec![
                    ("DATABASE_URL", address.to_owned()),
                    ("RUST_LOG", "trace".to_owned()),
                ];
                let done = home.run(command, &environment, "").await;
                assert_eq!(done.code, Some(1), "{command:?} {address}: {done:?}");
                let told = format!("{}{}", done.stdout, done.stderr);
                assert!(
                    told.contains("DATABASE_URL"),
                    "{command:?} {address}: {told}"
                );
                for piece in pieces {
                    assert!(!told.contains(piece), "{command:?} {address}: {told}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_of_other_secrets_is_told() {
    with_empty_sqlite(async |home| {
        for (name, value) in [
            ("SMTP_URL", "smtp://ana:12345/Zr3t@mail.example"),
            ("SMTP_URL", "smtps://ana:Zs3q#Zr3t@mail.example"),
            ("SMTP_URL", "smtp://ana:12345?tls=Zr3t@mail.example"),
            ("OPENAI_BASE_URL", "https://ana:Zs3q/Zr3t@proxy.example/v1"),
            ("ENCRYPTION_KEY", "Zs3qZr3t"),
            ("SECRET_KEY", "Zs3qZr3t"),
            ("OPENAI_API_KEY_FILE", "sk-Zs3qZr3t"),
        ] {
            for command in [&["doctor"][..], &["serve"], &["worker"]] {
                let environment = vec![
                    (name, value.to_owned()),
                    ("SMTP_FROM", "parallax@parallax.example".to_owned()),
                ];
                let done = home.run(command, &environment, "").await;
                let told = format!("{}{}", done.stdout, done.stderr);
                assert_eq!(done.code, Some(1), "{command:?} {name}: {told}");
                assert!(told.contains(name), "{told}");
                for piece in ["12345", "Zr3t", "Zs3q"] {
                    assert!(!told.contains(piece), "{command:?} {name}: {told}");
                }
            }
        }
    })
    .await;
}

/// Rows, keys and what SQLite keeps beside them while a host serves.
fn assert_closed(home: &Home) {
    let folder = home.data_dir();
    assert_eq!(mode(&folder), 0o700);
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).expect("the data folder") {
        let path = entry.expect("an entry").path();
        let open = mode(&path) & 0o077;
        assert_eq!(open, 0, "{}: {:o}", path.display(), mode(&path));
        names.push(
            path.file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned(),
        );
    }
    for name in [
        "parallax.sqlite3",
        "parallax.sqlite3-wal",
        "parallax.sqlite3-shm",
        "secret.key",
    ] {
        assert!(names.iter().any(|found| found == name), "{name}: {names:?}");
    }
}

/// As most shells start programs.
async fn serve_with_open_umask(home: &Home) -> crate::support::program::Program {
    let mut command = tokio::process::Command::new("sh");
    command
        .args([
            "-c",
            "umask 022; exec \"$0\" serve",
            env!("CARGO_BIN_EXE_parallax"),
        ])
        .env_clear()
        .env("PARALLAX_DATA_DIR", home.data_dir())
        .env("PARALLAX_LISTEN", "127.0.0.1:0")
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true);
    crate::support::program::Program::start(command, home.file("serve.log")).await
}

#[tokio::test]
async fn other_users_of_the_machine_see_nothing() {
    with_empty_sqlite(async |home| {
        let fresh = serve_with_open_umask(home).await;
        assert_closed(home);
        fresh.stop().await;

        // As an older version left it.
        for name in ["", "parallax.sqlite3", "secret.key"] {
            let path = home.data_dir().join(name);
            let open = if name.is_empty() { 0o755 } else { 0o644 };
            fs::set_permissions(&path, fs::Permissions::from_mode(open)).expect("a mode");
        }
        let done = home.run(&["doctor"], &nothing(), "").await;
        let folder = done
            .stdout
            .lines()
            .find(|line| line.contains("data folder"));
        let folder = folder.expect("a line");
        assert!(
            folder.starts_with("FAIL ") && folder.contains("chmod"),
            "{folder}"
        );
        assert_eq!(mode(&home.data_dir()), 0o755, "the doctor changes nothing");
        let again = serve_with_open_umask(home).await;
        assert_closed(home);
        assert!(
            again.log().contains("closed to other users"),
            "{}",
            again.log()
        );
        again.stop().await;
        let done = home.run(&["doctor"], &nothing(), "").await;
        assert!(done.stdout.contains("ok   data folder"), "{done:?}");

        let backup = home.file("rows.gz");
        let path = backup.to_str().expect("a path");
        home.run(&["backup", path], &nothing(), "").await.printed();
        assert_eq!(mode(&backup), 0o600);
    })
    .await;
}

#[tokio::test]
async fn a_data_folder_may_have_any_name() {
    with_empty_sqlite(async |home| {
        for name in [
            "100% sure?",
            "a#b?mode=memory",
            "%2e%2e",
            "día 1/é中",
            "file:x",
        ] {
            let folder = home.file(name);
            let environment = vec![("PARALLAX_DATA_DIR", folder.display().to_string())];
            let add = ["user", "add", "ana@parallax.example", "--password-stdin"];
            home.run(&add, &environment, PASSWORD).await.printed();
            assert!(folder.join("parallax.sqlite3").is_file(), "{name}");
            let twice = home.run(&add, &environment, PASSWORD).await.said();
            assert!(twice.contains("taken"), "{twice}");
            // As a relative path as well.
            let environment = vec![("PARALLAX_DATA_DIR", name.to_owned())];
            let twice = home.run(&add, &environment, PASSWORD).await.said();
            assert!(twice.contains("taken"), "{name}: {twice}");
        }
        let folder = home.file("x");
        assert!(!folder.exists(), "nothing was read as an address");
    })
    .await;
}
