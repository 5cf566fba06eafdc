//! The plans that are measured.

use fesr::plan::Plan;
use fesr::reading::{Files, SetOption, read_scenario};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file system, for scenarios of the library.
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }
}

/// The file of a scenario of the library.
pub fn scenario_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)
}

/// The strategy's fund, with `--set` options.
pub fn mixed(options: &[String]) -> Plan {
    library("wecare-mixed.toml", options)
}

/// A scenario of the library, with `--set` options.
pub fn library(name: &str, options: &[String]) -> Plan {
    let options: Vec<SetOption> =
        options.iter().map(|text| SetOption::parse(text).expect("a sound option")).collect();
    let reading = read_scenario(&Disk, &scenario_file(name), &options);
    Plan::resolve(&reading.unwrap_or_else(|problems| panic!("{problems}")).scenario)
}

/// Applications expected on a path of [`mixed`].
const APPLICATIONS: f64 = 101.6;

/// [`mixed`] with so many times its applications, and what that is called.
pub fn with_applications(factor: f64) -> (String, Plan) {
    let options = ["line1", "line2"].map(|line| format!("{line}.pipeline.applications_per_year*={factor}"));
    (format!("{:.0} applications", factor * APPLICATIONS), mixed(&options))
}

/// [`mixed`] over so many years, and what that is called.
pub fn with_years(years: u32) -> (String, Plan) {
    (format!("{} quarters", 4 * years), mixed(&[format!("fund.horizon_years={years}")]))
}

/// 100 borrowers, one year, one factor, PD 2 %, LGD 45 %, correlation 0.2, money for all.
pub fn textbook() -> Plan {
    let scenario = r#"
[fund]
endowment = 20_000_000
start = "2020-Q1"
horizon_years = 2
availability_years = 0.25
period = "2021-2027"
[line2]
disbursement_lag_quarters = 0
[line2.budget]
loans = 20_000_000
guarantees = 0
[pipeline]
borrowers = "borrowers.csv"
[[line2.product]]
name = "loan"
own_funds = 0.5
fund_loan = 0.5
[line2.loan]
tenor_quarters = 4
amortisation = "bullet"
bank_rate = 0
[line2.loss]
lgd_mean = 0.45
[credit]
systemic_correlation = 0.2
theme_correlation = 0
[[credit.rating]]
name = "B"
pd = 0.02
"#;
    let mut borrowers =
        String::from("id,line,quarter,investment,theme,legal_form,size,rating,product,accompanied\n");
    for number in 0..100 {
        borrowers.push_str(&format!("b{number},2,0,50000,other,nonprofit,small,B,loan,0\n"));
    }
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    files.insert("textbook.toml".into(), scenario.into());
    files.insert("borrowers.csv".into(), borrowers.into());
    let reading = read_scenario(&files, Path::new("textbook.toml"), &[]);
    Plan::resolve(&reading.unwrap_or_else(|problems| panic!("{problems}")).scenario)
}
