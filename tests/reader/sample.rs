//! A scenario that says every key of the format, and helpers to read texts.

use fesr::diagnostic::{Problems, Severity};
use fesr::reading::{Reading, SetOption, read_scenario};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Every key of SCENARIO.md.
pub const EVERY_KEY: &str = r#"
[scenario]
name = "wecare-mixed"
title = "Mixed instrument, 2018 call"
description = ""
lang = "en"
[simulation]
paths = 100_000
precision = "0,5 %"
seed = 20181122
[fund]
endowment = 5_000_000
start = "2018-Q4"
horizon_years = 16
availability_years = 5
period = "2014-2020"
revolving = false
union_share = 1
deadweight = 0
expected_leverage = 2.5
treasury_rate = 0
discount_rate = 0
tranches = { shares = [1.0], triggers = [0] }
[fund.fees]
budget = 0
base = [0]
loans = 0
guarantees = 0
grants = 0
cap = 1.0
[line1]
min_investment = 1_000_000
max_investment = 4_000_000
legal_forms = ["nonprofit"]
sizes = ["micro", "small", "medium"]
fallback = true
queue = "skip"
max_wait_quarters = 4
grant_clawback_years = 0
grant_clawback_recovery = 0
disbursement_lag_quarters = 0
withdrawal_rate = 0
grant_lag_quarters = 0
pd_log_sd = 0
[line1.budget]
loans = 3_000_000
guarantees = 1_000_000
grants = 0
[line1.pipeline]
applications_per_year = 3.0
applications_log_sd = 0
investment = { median = 1_400_000, sigma = 0.35 }
themes = { health_wellbeing = 0.5, demographic_change = 0.3, poverty_exclusion = 0.2 }
legal_form = { nonprofit = 1 }
size = { small = 0.5, medium = 0.5 }
ratings = { "2" = 0.4, "3" = 0.4, "4" = 0.2 }
accompanied = 0
[[line1.product]]
name = "co-loan"
demand = 1.0
own_funds = 0.2
fund_loan = 0.5
bank_loan = 0.3
grant = 0
guarantee_rate = 0
[line1.loan]
tenor_quarters = 32
grace_quarters = 4
amortisation = "french"
fund_rate = 0
bank_rate = "4%"
[line1.guarantee]
kind = "capped"
cap_rate = "20%"
call_lag_quarters = 0
backing = "income"
premium_rate = 0
[line1.loss]
lgd_mean = "45%"
lgd_sd = "20%"
cure_rate = 0
recovery = [ { after_quarters = 4, share = "50%" }, { after_quarters = 8, share = "30%" }, { after_quarters = 12, share = "20%" } ]
[line1.outcomes]
care_places = { per_million = 12, unit = "places" }
[line2]
[line2.budget]
total = 1_000_000
loans = "50%"
guarantees = 0
grants = 0.5
[line2.pipeline]
applications_per_year = [10, 20]
investment = { median = "60000.50", sigma = 0.4 }
[[line2.product]]
name = "small"
fund_loan = "50%"
grant = "50 %"
[line2.loan]
tenor_quarters = 20
amortisation = "italian"
bank_rate = "3,5 %"
[line2.loss]
lgd_mean = 0.5
[credit]
dependence = "static"
copula = "gaussian"
nu = 5
systemic_correlation = 0.10
theme_correlation = 0.05
persistence = 0.85
pd_target = "quarter"
lgd_loading = 0
legal_form_multiplier = { nonprofit = 1, forprofit = 1 }
theme_multiplier = { health_wellbeing = 1, demographic_change = 1, poverty_exclusion = 1 }
size_multiplier = { micro = 1, small = 1, medium = 1 }
accompanied_multiplier = 1
[[credit.rating]]
name = "2"
pd = "1.0%"
reference_margin = 0
guarantee_premium = 0
[[credit.rating]]
name = "3"
pd = ["2%", "1.5%"]
[[credit.rating]]
name = "4"
pd = 0.05
[macro]
pd_multiplier = { "2020" = 1.8, "2021" = 1.2 }
factor_shift = [0]
[programme]
measures = [ { name = "FSE 1", amount = 6_400_000 } ]
[[limit]]
metric = "cap_hit"
line = "all"
statistic = "mean"
max = "10%"
[[limit]]
metric = "fund_loss"
line = 1
statistic = "es 99%"
max = 1_000_000
[[milestone]]
quarter = "2021-Q4"
min_disbursed = "40%"
max_probability = "10%"
[rules]
waive = ["R114"]
[sources]
"credit.systemic_correlation" = "assumption; Basel retail 0.03-0.16"
line1.product.co-loan.demand = "survey"
[uncertainty]
"credit.systemic_correlation" = { low = 0.03, base = 0.10, high = "15%" }
"credit.rating.*.pd" = { operation = "scale", lognormal = { median = 1, sigma = 0.46 } }
line1.loss.lgd_mean = { uniform = ["30%", 0.6] }
line1.withdrawal_rate = { triangular = [0, "5%", "15%"] }
line2.loss.lgd_mean = { operation = "shift", low = -0.1, high = 0.1 }
[state_aid]
regime = "de_minimis"
ceiling = 200_000
base_rate = "1.2%"
"#;

/// A small scenario to change one thing in.
pub const SMALL: &str = r#"[fund]
endowment = 1_000_000
start = "2019-Q1"
horizon_years = 12
availability_years = 4
period = "2014-2020"
[line2]
[line2.budget]
loans = 1_000_000
guarantees = 0
[line2.pipeline]
applications_per_year = 12
investment = { median = 60_000, sigma = 0.4 }
[[line2.product]]
name = "loan"
own_funds = 0.2
fund_loan = 0.8
[line2.loan]
tenor_quarters = 20
amortisation = "italian"
bank_rate = 0.04
[line2.loss]
lgd_mean = 0.5
[[credit.rating]]
name = "2"
pd = 0.01
"#;

/// Reads `main.toml` among files in memory.
pub fn read_files(files: &[(&str, &str)], options: &[&str]) -> Result<Reading, Problems> {
    let files: BTreeMap<PathBuf, Vec<u8>> =
        files.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect();
    let options: Vec<SetOption> =
        options.iter().map(|text| SetOption::parse(text).expect("an option")).collect();
    read_scenario(
        &files,
        Path::new(files.keys().find(|path| path.ends_with("main.toml")).expect("main.toml")),
        &options,
    )
}

/// Reads one text.
pub fn read(text: &str) -> Result<Reading, Problems> {
    read_files(&[("main.toml", text)], &[])
}

/// The reading, or the problems as a failed test.
pub fn sound(result: Result<Reading, Problems>) -> Reading {
    result.unwrap_or_else(|problems| panic!("{problems}"))
}

/// `code line:column` of every error, and all of their text.
pub fn errors(result: Result<Reading, Problems>) -> (Vec<String>, String) {
    let problems = result.expect_err("problems");
    let places = problems
        .list
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| match &problem.place {
            Some(place) => {
                let (line, column) = problems.sources.line_and_column(place);
                format!("{} {}:{line}:{column}", problem.code, problems.sources.get(place.source).name)
            }
            None => problem.code.to_string(),
        })
        .collect();
    (places, problems.to_plain())
}
