//! The files that other machines read: each command in them is started as it stands there, the
//! health path answers, and the crons fall on the hours that the documentation gives.

use std::net::TcpListener;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use parallax::calendar::Schedule;
use serde_json::Value;

use crate::side_by_side::every_day;
use crate::support::client::questions;
use crate::support::home::{Environment, Home, with_empty_sqlite};
use crate::support::on_both_databases;
use crate::support::repository::{file, text};
use crate::support::simulator::Simulator;

/// What Railway reads: the host, and a service for each of the two crons.
const HOST: &str = "railway.json";
const CRONS: [&str; 2] = [
    "deploy/railway.cron-daily.json",
    "deploy/railway.cron-models.json",
];

fn railway(name: &str) -> Value {
    let settings: Value = serde_json::from_str(&text(name)).expect(name);
    let dockerfile = settings["build"]["dockerfilePath"].as_str().expect(name);
    assert!(file(dockerfile).is_file(), "{name}: {dockerfile}");
    settings["deploy"].clone()
}

/// The words after the program's name.
fn arguments(command: &str) -> Vec<&str> {
    let mut words = command.split_whitespace();
    assert_eq!(words.next(), Some("parallax"), "{command}");
    words.collect()
}

fn start_command(deploy: &Value) -> Vec<&str> {
    arguments(deploy["startCommand"].as_str().expect("a start command"))
}

/// A port that was free a moment ago, given as platforms give it.
fn platform() -> (u16, Environment) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let environment = vec![
        ("PORT", port.to_string()),
        ("PARALLAX_LISTEN", String::new()),
        ("ENVIRONMENT", "production".to_owned()),
        ("ENCRYPTION_KEY", "ab".repeat(32)),
        (
            "SECRET_KEY",
            "a secret of this test, long enough".to_owned(),
        ),
    ];
    (port, environment)
}

on_both_databases! {
    empty;

    async fn railway_starts_the_host_and_both_crons(home: &Home) {
        let simulator = Simulator::start(home, &[]).await;
        let (port, mut environment) = platform();
        environment.extend(simulator.environment());
        let deploy = railway(HOST);
        let host = home.serve_with(&start_command(&deploy), &environment).await;
        let health = deploy["healthcheckPath"].as_str().expect("a health path");
        let allowed = deploy["healthcheckTimeout"].as_u64().expect("seconds");
        assert!(host.program.ready_after < Duration::from_secs(allowed));
        let address = format!("http://127.0.0.1:{port}{health}");
        let answer = reqwest::get(&address).await.expect("the host answers");
        assert_eq!(answer.status(), 200, "{address}");
        if TcpListener::bind("[::1]:0").is_ok() {
            let address = format!("http://[::1]:{port}{health}");
            let answer = reqwest::get(&address).await.expect("the host answers on IPv6 too");
            assert_eq!(answer.status(), 200, "{address}");
        }

        let project = host.client.project("Soap", questions(2)).await;
        every_day(&host.client, project).await;
        for name in CRONS {
            let deploy = railway(name);
            assert_eq!(deploy["restartPolicyType"], "NEVER", "{name}: a cron ends");
            let words = start_command(&deploy);
            let printed = home.run(&words, &environment, "").await.printed();
            assert!(!printed.is_empty(), "{name} says what it did");
        }
        let runs = home.database().await.number("SELECT COUNT(*) FROM llm_monitoring_analysis_runs").await;
        assert_eq!(runs, 1, "the daily cron started the day's run");
    }
}

/// Each time of two weeks at which a cron of Railway falls due; it counts in UTC.
fn due(name: &str) -> Vec<DateTime<Utc>> {
    let deploy = railway(name);
    let expression = deploy["cronSchedule"].as_str().expect("a schedule");
    // A Monday.
    let from: DateTime<Utc> = "2026-11-02T00:00:00Z".parse().expect("a time");
    let schedule = Schedule::parse(expression, chrono_tz::UTC, from).expect(expression);
    let slots = std::iter::successors(Some(from), |slot| schedule.next(chrono_tz::UTC, *slot));
    slots
        .skip(1)
        .take_while(|slot| *slot < from + TimeDelta::days(14))
        .collect()
}

#[test]
fn the_crons_fall_on_their_hours() {
    let daily: Vec<String> = due(CRONS[0])
        .iter()
        .map(|slot| slot.format("%H:%M").to_string())
        .collect();
    assert_eq!(daily, ["04:00"; 14]);
    let weekly: Vec<String> = due(CRONS[1])
        .iter()
        .map(|slot| slot.format("%a %H:%M").to_string())
        .collect();
    assert_eq!(weekly, ["Sun 00:00"; 2]);
}

#[tokio::test]
async fn image_and_unit_call_commands_that_exist() {
    let dockerfile = text("Dockerfile");
    assert!(dockerfile.contains("ENTRYPOINT [\"parallax\"]"));
    let image = dockerfile.lines().find_map(|line| {
        let words = line.strip_prefix("CMD [\"")?.strip_suffix("\"]")?;
        Some(format!("parallax {words}"))
    });
    let unit = text("deploy/parallax.service");
    let called = unit.lines().filter_map(|line| {
        let (name, command) = line.split_once("=/usr/local/bin/")?;
        name.starts_with("Exec").then(|| command.to_owned())
    });
    let commands: Vec<String> = image.into_iter().chain(called).collect();
    assert_eq!(commands.len(), 3, "{commands:?}");
    with_empty_sqlite(async |home| {
        for command in &commands {
            let mut words = arguments(command);
            words.push("--help");
            home.run(&words, &Vec::new(), "").await.printed();
        }
    })
    .await;
}

/// The settings of the unit's service, in their order.
pub(crate) fn unit_settings(unit: &str) -> Vec<(&str, &str)> {
    let service = unit.split_once("[Service]").expect("a service").1;
    let service = service.split("[Install]").next().expect("its settings");
    let lines = service.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('=')).collect()
}

/// What the unit takes from the process, and leaves it.
const HARDENED: [(&str, &str); 32] = [
    ("DynamicUser", "yes"),
    ("StateDirectory", "parallax"),
    ("StateDirectoryMode", "0700"),
    ("UMask", "0077"),
    ("ProtectSystem", "strict"),
    ("ProtectHome", "yes"),
    ("PrivateTmp", "yes"),
    ("PrivateDevices", "yes"),
    ("PrivateUsers", "yes"),
    ("NoNewPrivileges", "yes"),
    ("CapabilityBoundingSet", ""),
    ("AmbientCapabilities", ""),
    ("RestrictSUIDSGID", "yes"),
    ("RestrictNamespaces", "yes"),
    ("RestrictRealtime", "yes"),
    ("LockPersonality", "yes"),
    ("MemoryDenyWriteExecute", "yes"),
    ("RemoveIPC", "yes"),
    ("KeyringMode", "private"),
    ("ProtectKernelTunables", "yes"),
    ("ProtectKernelModules", "yes"),
    ("ProtectKernelLogs", "yes"),
    ("ProtectControlGroups", "yes"),
    ("ProtectClock", "yes"),
    ("ProtectHostname", "yes"),
    ("ProtectProc", "invisible"),
    ("SystemCallArchitectures", "native"),
    ("SystemCallFilter", "@system-service"),
    ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
    ("LimitNOFILE", "65536"),
    ("LimitCORE", "0"),
    ("MemoryMax", "2G"),
];

#[test]
fn the_unit_gives_no_more_than_is_needed() {
    let unit = text("deploy/parallax.service");
    let settings = unit_settings(&unit);
    for wanted in HARDENED {
        let found: Vec<_> = settings
            .iter()
            .filter(|(name, _)| *name == wanted.0)
            .collect();
        assert_eq!(found, [&wanted], "{}", wanted.0);
    }
}

/// systemd's own opinion, where it is at hand: it knows every setting, and finds the service
/// hardly exposed.
#[test]
fn systemd_knows_every_setting_of_the_unit() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("parallax.service");
    let binary = env!("CARGO_BIN_EXE_parallax");
    let unit = text("deploy/parallax.service").replace("/usr/local/bin/parallax", binary);
    std::fs::write(&path, unit).expect("written");
    for arguments in [
        &["verify", "--man=no"][..],
        &["security", "--offline=true", "--threshold=20", "--no-pager"],
    ] {
        let mut command = std::process::Command::new("systemd-analyze");
        let Ok(done) = command.args(arguments).arg(&path).output() else {
            eprintln!("NOT CHECKED: there is no systemd-analyze");
            return;
        };
        let complaints = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{arguments:?}: {complaints}");
        assert!(!complaints.contains("Unknown key"), "{complaints}");
    }
}

/// The lines of a service in the compose file.
fn compose_service<'a>(compose: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("\n  {name}:\n");
    let rest = compose.split_once(&start).expect(name).1;
    rest.lines()
        .take_while(|line| line.starts_with("    "))
        .map(str::trim)
        .collect()
}

#[test]
fn containers_get_no_more_than_is_needed() {
    let compose = text("deploy/compose.yaml");
    for name in ["parallax", "database"] {
        let lines = compose_service(&compose, name);
        for wanted in [
            "read_only: true",
            "cap_drop: [ALL]",
            "security_opt: [\"no-new-privileges:true\"]",
            "mem_limit: 2g",
            "healthcheck:",
        ] {
            assert!(lines.contains(&wanted), "{name}: {wanted}");
        }
        let limits = |line: &&str| line.starts_with("tmpfs:") || line.starts_with("pids_limit:");
        assert_eq!(
            lines.iter().filter(|line| limits(line)).count(),
            2,
            "{name}"
        );
    }
    let ours = compose_service(&compose, "parallax");
    assert!(
        !ours.iter().any(|line| line.starts_with("cap_add")),
        "{ours:?}"
    );
    assert!(
        !ours.iter().any(|line| line.starts_with("privileged")),
        "{ours:?}"
    );
    assert!(
        ours.contains(&"ulimits: { nofile: 65536, core: 0 }"),
        "{ours:?}"
    );
    // What the guide has people write down reaches the host, whatever setting it is.
    assert!(ours.contains(&"env_file: [.env]"), "{ours:?}");
    assert!(text("docs/DEPLOY.md").contains("> deploy/.env)"));
    // Nobody but this machine reaches the port; a proxy does.
    assert!(
        ours.contains(&"ports: [\"127.0.0.1:3000:3000\"]"),
        "{ours:?}"
    );
}

#[test]
fn images_are_pinned_and_run_as_a_user() {
    let dockerfile = text("Dockerfile");
    let named = dockerfile.lines().filter_map(|line| {
        let image = line.strip_prefix("ARG ")?.split_once("_IMAGE=")?.1;
        Some(image.to_owned())
    });
    let compose = text("deploy/compose.yaml");
    let used = compose
        .lines()
        .filter_map(|line| line.trim().strip_prefix("image: "));
    let images: Vec<String> = named.chain(used.map(str::to_owned)).collect();
    assert_eq!(images.len(), 4, "{images:?}");
    for image in images {
        let (_, tag) = image.split_once(':').expect("a tag");
        // Major and minor: a tag that moves with each release is none.
        let numbers = tag.split('-').next().expect("a version").split('.');
        assert!(numbers.count() >= 2, "{image}");
    }
    assert!(dockerfile.lines().any(|line| line == "USER parallax"));
    let direct = |line: &str| line.starts_with("FROM ") && !line.starts_with("FROM ${");
    assert!(
        !dockerfile.lines().any(direct),
        "every image is an argument"
    );
}
