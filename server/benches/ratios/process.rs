//! Other processes, and what this one has used.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Clock ticks a second of `/proc`, on every Linux of the last decades.
const TICKS_A_SECOND: u64 = 100;

/// `parallax simulate`, ended when it is dropped.
pub(crate) struct Simulator {
    child: Child,
    pub(crate) address: String,
}

impl Simulator {
    pub(crate) fn start(latency: Duration) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_parallax"))
            .args([
                "simulate",
                "--listen",
                "127.0.0.1:0",
                "--names",
                "Kipu,Acme,Globex",
            ])
            .args(["--latency", &latency.as_millis().to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().rsplit(' ').next().unwrap().to_owned();
        Self { child, address }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The time that all threads of this process have computed so far, rounded to 10 ms.
pub(crate) fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // The name may hold spaces; the fields behind it do not.
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let ticks: u64 = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|field| field.parse::<u64>().unwrap())
        .sum();
    Duration::from_millis(ticks * 1_000 / TICKS_A_SECOND)
}

/// The most memory that was resident since [`forget_peak`], in megabytes.
pub(crate) fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    let kilobytes: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes / 1_024.0
}

/// Lets the peak begin anew.
pub(crate) fn forget_peak() {
    // Not permitted everywhere; then the peak is that of all figures before.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
