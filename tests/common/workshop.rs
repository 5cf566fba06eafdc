//! The program as a process, in a folder of its own that goes away again.
#![allow(dead_code, reason = "each test program uses a part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs the program in the repository.
pub fn fesr(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fesr"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts")
}

/// Its exit code.
pub fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

/// What it wrote to standard error.
pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// A scenario that runs in a moment.
pub const SCENARIO: &str = r#"
[simulation]
paths = 2000
seed = 1
[fund]
endowment = 500_000
start = "2019-Q1"
horizon_years = 6
availability_years = 1
period = "2021-2027"
[line2]
[line2.budget]
loans = 400_000
guarantees = 100_000
[line2.pipeline]
applications_per_year = 20
investment = { median = 50_000, sigma = 0.4 }
[[line2.product]]
name = "loan"
own_funds = 0.5
fund_loan = 0.5
[line2.loan]
tenor_quarters = 12
amortisation = "italian"
bank_rate = 0
[line2.loss]
lgd_mean = "50%"
[[credit.rating]]
name = "B"
pd = "4%"
"#;

/// A temporary folder with scenarios, and results in `out`.
pub struct Workshop {
    folder: tempfile::TempDir,
}

impl Workshop {
    /// An empty one.
    pub fn new() -> Workshop {
        Workshop { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and returns its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, content).expect("a file");
        text(&path).to_string()
    }

    /// Runs a scenario file into `out`.
    pub fn run(&self, scenario: &str, more: &[&str]) -> Output {
        let out = self.path("out");
        let mut arguments = vec!["run", scenario, "-o", text(&out), "--progress", "none"];
        arguments.extend(more);
        fesr(&arguments)
    }

    /// Names in the output folder, hidden ones included.
    pub fn left(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path("out")) else { return Vec::new() };
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name in UTF-8"))
            .collect();
        names.sort();
        names
    }
}
