//! The systemd chapter of the manual, followed line by line in a folder that stands for the
//! machine, and deploy/parallax-run beside the unit whose commands it calls.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tempfile::TempDir;
use tokio::process::Command;

use crate::deployment::unit_settings;
use crate::documents::section;
use crate::support::home::PASSWORD;
use crate::support::program::{Done, Program, run};
use crate::support::repository::{file, text};

const WRAPPER: &str = "deploy/parallax-run";
const UNIT: &str = "deploy/parallax.service";
/// Whom the manual adds.
const ANA: &str = "ana@example.com";

/// Root already.
const SUDO: &str = r#"#!/bin/sh
exec "$@"
"#;

/// What the manual builds is this test's binary already.
const MAKE: &str = r#"#!/bin/sh
[ "$*" = build ]
"#;

const SYSTEMCTL: &str = r#"#!/bin/sh
echo "$*" >> "$ROOT/systemctl"
"#;

/// What systemd does of that which parallax-run asks of it, below `$ROOT`: the folder, its mode,
/// the settings, values of variables in the place of their names (systemd.service, "Command
/// lines"). It keeps what it was asked, a word a line. Which version it is stands in a file.
const SYSTEMD_RUN: &str = r#"#!/bin/sh
set -eu
printf '%s\n' "$@" > "$ROOT/asked"
version="$(cat "$ROOT/systemd-version")"
expands=yes
file=
while [ $# -gt 0 ]; do
  value="${1##*=}"
  case "$1" in
    --expand-environment=*)
      if [ "$version" -lt 254 ]; then
        echo "systemd-run: unrecognized option '$1'" >&2
        exit 1
      fi
      expands="$value" ;;
    --version) echo "systemd $version"; exit 0 ;;
    --property=StateDirectory=*) folder="$ROOT/var/lib/$value"; mkdir -p "$folder" ;;
    --property=StateDirectoryMode=*) chmod "$value" "$folder" ;;
    --property=UMask=*) umask "$value" ;;
    --property=EnvironmentFile=*) file="$ROOT$value" ;;
    --setenv=PARALLAX_DATA_DIR=*) export PARALLAX_DATA_DIR="$ROOT$value" ;;
    --setenv=*) export "${1#--setenv=}" ;;
    --*) ;;
    *) break ;;
  esac
  shift
done
set -a
. "$file"
set +a
program="$ROOT$1"
shift
# All of an argument is a name, or parts of it are names in brackets; two dollars are one.
expand() {
  rest="$1"
  case "$rest" in
    \$[A-Za-z_]*) expanded="$(printenv "${rest#?}" || :)"; return ;;
  esac
  expanded=
  while case "$rest" in *\$*) true ;; *) false ;; esac do
    expanded="$expanded${rest%%\$*}"
    rest="${rest#*\$}"
    case "$rest" in
      \$*) expanded="$expanded\$"; rest="${rest#?}" ;;
      "{"*"}"*)
        name="${rest%%"}"*}"
        expanded="$expanded$(printenv "${name#?}" || :)"
        rest="${rest#*"}"}" ;;
      *) expanded="$expanded\$" ;;
    esac
  done
  expanded="$expanded$rest"
}
if [ "$expands" = yes ]; then
  for argument do
    shift
    expand "$argument"
    set -- "$@" "$expanded"
  done
fi
exec "$program" "$@"
"#;
/// The last version that cannot be told to leave names of variables alone, and the first that can.
const VERSIONS: [u32; 2] = [253, 254];

/// The blocks of shell commands in the chapter.
fn blocks(chapter: &str) -> Vec<&str> {
    let begun = chapter.split("```sh\n").skip(1);
    begun.filter_map(|rest| rest.split("```").next()).collect()
}

/// A machine with a checkout of the repository.
struct Machine {
    folder: TempDir,
}

impl Machine {
    fn make() -> Self {
        let machine = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        for folder in [
            "programs",
            "checkout/build",
            "usr/local/bin",
            "usr/local/sbin",
            "etc/systemd/system",
        ] {
            fs::create_dir_all(machine.at(folder)).expect("a folder");
        }
        for (name, script) in [
            ("sudo", SUDO),
            ("make", MAKE),
            ("systemctl", SYSTEMCTL),
            ("systemd-run", SYSTEMD_RUN),
        ] {
            machine.write_program(&format!("programs/{name}"), script);
        }
        machine.run_systemd(VERSIONS[1]);
        // Instead of a copy of all of the binary.
        let binary = env!("CARGO_BIN_EXE_parallax");
        let binary = format!("#!/bin/sh\nexec '{binary}' \"$@\"\n");
        machine.write_program("checkout/build/parallax", &binary);
        symlink(file("deploy"), machine.at("checkout/deploy")).expect("a link");
        machine
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write_program(&self, path: &str, script: &str) {
        let path = self.at(path);
        fs::write(&path, script).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
    }

    fn run_systemd(&self, version: u32) {
        fs::write(self.at("systemd-version"), version.to_string()).expect("written");
    }

    /// A program in the checkout, with nothing of the caller's environment.
    fn command(&self, program: &str) -> Command {
        let own = [self.at("programs"), self.at("usr/local/sbin")];
        let system = std::env::var_os("PATH").unwrap_or_default();
        let path = own.into_iter().chain(std::env::split_paths(&system));
        let path = std::env::join_paths(path).expect("paths");
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", path)
            .env("ROOT", self.folder.path())
            .env("PASSWORD", PASSWORD)
            .current_dir(self.at("checkout"))
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Types lines of the manual; what it calls by its whole path is below the root.
    async fn type_lines(&self, lines: &str) -> Done {
        let root = self.folder.path().display();
        let lines = ["/usr/local/", "/etc/"]
            .iter()
            .fold(lines.to_owned(), |lines, folder| {
                lines.replace(folder, &format!("{root}{folder}"))
            });
        let mut shell = self.command("sh");
        shell.args(["-ec", &lines]);
        run(shell, "").await
    }

    /// Calls parallax-run, as it is installed.
    fn parallax_run(&self, arguments: &[&str]) -> Command {
        let installed = self.at("usr/local/sbin/parallax-run");
        let mut command = self.command(installed.to_str().expect("a path"));
        command.args(arguments);
        command
    }

    /// Does what the first block of the chapter says, and looks at what is there afterwards.
    async fn install(&self, chapter: &str) {
        let block = blocks(chapter)[0];
        assert!(
            text("Makefile")
                .lines()
                .any(|line| line.starts_with("build:")),
            "make build"
        );
        self.type_lines(block).await.printed();
        let modes = [
            ("usr/local/bin/parallax", 0o755),
            ("usr/local/sbin/parallax-run", 0o755),
            ("etc/parallax", 0o700),
            ("etc/parallax/environment", 0o600),
            ("etc/systemd/system/parallax.service", 0o644),
        ];
        for (path, wanted) in modes {
            assert_eq!(mode(&self.at(path)), wanted, "{path}");
        }
        for (path, source) in [
            ("usr/local/sbin/parallax-run", WRAPPER),
            ("etc/systemd/system/parallax.service", UNIT),
        ] {
            let installed = fs::read_to_string(self.at(path)).expect(path);
            assert_eq!(installed, text(source), "{path}");
        }
        let settings = fs::read_to_string(self.at("etc/parallax/environment")).expect("settings");
        for name in ["ENCRYPTION_KEY", "SECRET_KEY"] {
            let start = format!("{name}=");
            let value = settings.lines().find_map(|line| line.strip_prefix(&start));
            let is_key = |value: &str| {
                value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit())
            };
            assert!(value.is_some_and(is_key), "{name} in {settings}");
        }
        let called = fs::read_to_string(self.at("systemctl")).expect("systemctl is called");
        assert_eq!(called, "enable --now parallax\n");
    }

    /// What the unit starts, by parallax-run: another port than one that may be taken.
    async fn start(&self) -> Program {
        let path = self.at("etc/parallax/environment");
        let settings = fs::read_to_string(&path).expect("settings");
        fs::write(&path, format!("{settings}PARALLAX_LISTEN=127.0.0.1:0\n")).expect("written");
        run(self.parallax_run(&["migrate"]), "").await.printed();
        Program::start(self.parallax_run(&["serve"]), self.at("serve.log")).await
    }
}

fn mode(path: &Path) -> u32 {
    let metadata = fs::metadata(path).expect("it is there");
    metadata.permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_systemd_chapter_can_be_followed() {
    let manual = text("docs/DEPLOY.md");
    let chapter = section(&manual, "systemd");
    let machine = Machine::make();
    machine.install(chapter).await;
    let host = machine.start().await;
    let health = format!("{}/api/llm-monitoring/health", host.origin);
    let health = reqwest::get(health).await.expect("the host answers");
    assert_eq!(health.status(), 200);

    let lines: Vec<&str> = blocks(chapter)[1].lines().collect();
    let [doctor, list, add, back_up, restore] = lines[..] else {
        panic!("the manual gives other commands: {lines:?}");
    };
    let looked = machine.type_lines(doctor).await.printed();
    let both_secrets = "ok   secrets: ENCRYPTION_KEY and SECRET_KEY are set";
    assert!(looked.contains(both_secrets), "{looked}");
    assert!(looked.contains("ok   database: SQLite"), "{looked}");
    let data = machine.at("var/lib/parallax");
    assert!(data.join("parallax.sqlite3").is_file());
    assert_eq!(mode(&data), 0o700);
    let users = machine.type_lines(list).await.printed();
    assert!(!users.contains(ANA), "{users}");
    let added = machine.type_lines(add).await.printed();
    assert!(added.contains(ANA), "{added}");
    machine.type_lines(back_up).await.printed();
    assert_eq!(mode(&machine.at("checkout/parallax.gz")), 0o600);

    // A full database is not written over; an empty one gets everything.
    let refused = machine.type_lines(restore).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    host.stop().await;
    fs::rename(&data, machine.at("var/lib/before")).expect("moved");
    machine.type_lines(restore).await.printed();
    let users = machine.type_lines(list).await.printed();
    assert!(users.contains(ANA), "{users}");

    // The crontab calls what is installed there.
    let crons = chapter.lines().filter_map(|line| {
        let (_, called) = line.split_once(" /usr/local/sbin/parallax-run ")?;
        line.starts_with("0 ").then_some(called)
    });
    let crons: Vec<&str> = crons.collect();
    assert_eq!(crons, ["cron daily", "cron models"]);
    for cron in crons {
        let words: Vec<&str> = cron.split(' ').chain(["--help"]).collect();
        run(machine.parallax_run(&words), "").await.printed();
    }
}

#[tokio::test]
async fn arguments_input_output_and_exit_code_are_the_commands_own() {
    let machine = Machine::make();
    let manual = text("docs/DEPLOY.md");
    machine.install(section(&manual, "systemd")).await;
    machine.write_program(
        "usr/local/bin/parallax",
        "#!/bin/sh\nprintf '<%s>' \"$@\"\ncat\necho \"to $PARALLAX_DATA_DIR\" >&2\nexit 7\n",
    );
    let arguments = [
        "user",
        "two words",
        "*",
        "",
        "$PARALLAX_DATA_DIR",
        "in ${PARALLAX_DATA_DIR} and $PARALLAX_DATA_DIR",
        "$",
        "$$",
        "5 $",
        "$$$NOBODY",
        "\\$%h\\",
        "--end",
    ];
    let passed = arguments.map(|argument| format!("<{argument}>")).concat();
    for version in VERSIONS {
        machine.run_systemd(version);
        let done = run(machine.parallax_run(&arguments), "typed\n").await;
        assert_eq!(done.code, Some(7), "{done:?}");
        assert_eq!(done.stdout, format!("{passed}typed\n"), "{version}");
        let data = machine.at("var/lib/parallax");
        assert_eq!(done.stderr, format!("to {}\n", data.display()));
        // Only so does systemd pass them on, wait for the end, and leave nothing behind.
        let asked = fs::read_to_string(machine.at("asked")).expect("what systemd was asked");
        let asked: Vec<&str> = asked.lines().collect();
        for option in ["--wait", "--pipe", "--collect", "--quiet"] {
            assert!(asked.contains(&option), "{option} in {asked:?}");
        }
        let leaves_names = asked.contains(&"--expand-environment=no");
        assert_eq!(leaves_names, version == VERSIONS[1], "{asked:?}");
    }
}

/// What parallax-run asks of systemd, as the unit's settings have it.
fn settings_of_wrapper(script: &str) -> Vec<(&str, &str)> {
    let words = script
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace);
    words
        .filter_map(|word| {
            if let Some(property) = word.strip_prefix("--property=") {
                return property.split_once('=');
            }
            let variable = word.strip_prefix("--setenv=")?;
            Some(("Environment", variable))
        })
        .collect()
}

#[test]
fn the_wrapper_has_user_folder_and_settings_of_the_unit() {
    let (script, unit) = (text(WRAPPER), text(UNIT));
    let of_unit = unit_settings(&unit);
    let value = |name: &str| {
        let found = of_unit.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    };
    let variables: Vec<&str> = value("Environment")
        .expect("variables")
        .split_whitespace()
        .collect();
    let mut passed = Vec::new();
    let mut names = Vec::new();
    for (name, wanted) in settings_of_wrapper(&script) {
        match name {
            "Environment" => passed.push(wanted),
            // A unit with a dynamic user has the one of its own name.
            "User" => assert_eq!(UNIT, format!("deploy/{wanted}.service")),
            _ => assert_eq!(value(name), Some(wanted), "{name}"),
        }
        names.push(name);
    }
    assert_eq!(passed, variables);
    for name in [
        "DynamicUser",
        "User",
        "StateDirectory",
        "StateDirectoryMode",
        "UMask",
        "EnvironmentFile",
    ] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    let program = value("ExecStart").expect("a command");
    let program = program.split(' ').next().expect("a program");
    assert!(script.trim_end().ends_with(&format!("{program} \"$@\"")));
    assert_eq!(mode(&file(WRAPPER)) & 0o111, 0o111, "it can be called");
}
