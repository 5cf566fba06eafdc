//! A run shared by a Slurm array as scenarios/cluster shows it, with one share killed and put in again, gives the bytes of
//! an unshared run. Needs Slurm and munge (Debian: slurm-wlm, munge) and root; else it says so and does nothing.

#![allow(clippy::disallowed_methods, reason = "a test that waits for a scheduler looks at the clock")]
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

const SHARES: usize = 4;
const PATHS: &str = "32768";

/// A cluster of two nodes on this machine, ended when dropped.
struct Cluster {
    folder: PathBuf,
}

impl Cluster {
    fn script(verb: &str, folder: &Path) -> Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cluster/one-machine.sh");
        Command::new("bash").arg(script).arg(verb).arg(folder).output().expect("bash")
    }

    fn start(folder: PathBuf) -> Cluster {
        let output = Cluster::script("start", &folder);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Cluster { folder }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("SLURM_CONF", self.folder.join("slurm.conf")).env("FESR", env!("CARGO_BIN_EXE_fesr"));
        command
    }

    fn text(&self, program: &str, words: &[&str]) -> String {
        let output = self.command(program).args(words).output().expect("the program starts");
        assert!(output.status.success(), "{program} {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        Cluster::script("stop", &self.folder);
    }
}

/// What keeps this machine from being a cluster, if anything does.
fn missing() -> Option<String> {
    for program in ["slurmctld", "slurmd", "sbatch", "munged", "bash"] {
        let found = Command::new("which").arg(program).output().is_ok_and(|output| output.status.success());
        if !found {
            return Some(format!("{program} is not installed"));
        }
    }
    let user = Command::new("id").arg("-u").output().ok()?;
    (user.stdout.trim_ascii() != b"0").then(|| "slurmd needs root".to_string())
}

fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(
                files(&path)
                    .into_iter()
                    .map(|(name, bytes)| (PathBuf::from(path.file_name().unwrap()).join(name), bytes)),
            );
        } else {
            found.push((PathBuf::from(path.file_name().unwrap()), fs::read(&path).expect("a file")));
        }
    }
    found.sort();
    found
}

#[test]
fn a_slurm_array_with_a_killed_share_gives_the_bytes_of_an_unshared_run() {
    if let Some(why) = missing() {
        eprintln!("skipped: {why}; the test needs a machine with slurm-wlm and munge, as root");
        return;
    }
    let root = tempfile::tempdir().expect("a folder");
    let work = root.path().join("work");
    fs::create_dir(&work).expect("a folder");
    let cluster = Cluster::start(root.path().join("c"));
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let scenario = scenarios.join("wecare-mixed.toml");
    let scenario = scenario.to_str().expect("UTF-8");
    let submitted = cluster
        .command(scenarios.join("cluster/slurm-submit.sh").to_str().expect("UTF-8"))
        .args([scenario, &SHARES.to_string(), "--paths", PATHS])
        .current_dir(&work)
        .output()
        .expect("bash");
    assert!(submitted.status.success(), "{}", String::from_utf8_lossy(&submitted.stderr));
    let jobs = String::from_utf8(submitted.stdout).expect("UTF-8");
    let (array, merge) = jobs.trim().split_once(' ').expect("two jobs");
    // The second share is killed by a signal that nobody can catch as soon as it runs; its script puts it in again.
    let started = Instant::now();
    let mut killed = false;
    loop {
        if !killed && let Some(process) = process_of(array, "2") {
            killed =
                Command::new("kill").args(["-KILL", &process]).status().is_ok_and(|status| status.success());
        }
        let state = cluster.text("squeue", &["--noheader", "--format=%T", "--states=all", "--jobs", merge]);
        match state.trim() {
            "COMPLETED" => break,
            "PENDING" | "RUNNING" | "COMPLETING" => {}
            other => panic!("the merge is {other}: {}", logs(&work)),
        }
        assert!(started.elapsed() < Duration::from_secs(180), "the jobs do not end: {}", logs(&work));
        std::thread::sleep(Duration::from_millis(if killed { 200 } else { 10 }));
    }
    assert!(killed, "a share was killed while it ran");
    let log = fs::read_to_string(work.join("fesr-share-2.log")).expect("a log");
    assert!(log.contains("Killed") && log.contains("REQUEUE"), "{log}");
    let unshared = Command::new(env!("CARGO_BIN_EXE_fesr"))
        .args(["run", scenario, "--paths", PATHS, "--quiet", "-o", "unshared"])
        .current_dir(&work)
        .output()
        .expect("the program starts");
    assert!(unshared.status.success());
    let (merged, unshared) = (files(&work.join("output")), files(&work.join("unshared")));
    assert!(merged.len() > 20 && merged == unshared, "the merged run is not the unshared one");
}

/// The process of the program that simulates a share of an array.
fn process_of(array: &str, task: &str) -> Option<String> {
    let marks = [format!("SLURM_ARRAY_JOB_ID={array}"), format!("SLURM_ARRAY_TASK_ID={task}")];
    let entries = fs::read_dir("/proc").ok()?.flatten();
    let is_it = |process: &Path| {
        let is_program = fs::read_link(process.join("exe"))
            .is_ok_and(|program| program == Path::new(env!("CARGO_BIN_EXE_fesr")));
        let environment =
            if is_program { fs::read(process.join("environ")).unwrap_or_default() } else { Vec::new() };
        let has = |mark: &String| environment.split(|&byte| byte == 0).any(|entry| entry == mark.as_bytes());
        marks.iter().all(has)
    };
    let process = entries.map(|entry| entry.path()).find(|process| is_it(process))?;
    Some(process.file_name()?.to_string_lossy().into_owned())
}

/// What the jobs said.
fn logs(work: &Path) -> String {
    let entries = fs::read_dir(work).into_iter().flatten().flatten().map(|entry| entry.path());
    let logs = entries.filter(|path| path.extension().is_some_and(|ending| ending == "log"));
    logs.map(|path| fs::read_to_string(path).unwrap_or_default()).collect()
}
