//! Generated scenarios: whole, valid scenario files with a list of borrowers where one is named.
//!
//! [`any_scenario`] covers the format as widely as it can in small funds: one line or both, drawn applicants and lists,
//! capped and uncapped guarantees of every backing, re-lending, lags, withdrawals, tranches, fees, grants, queues, every
//! dependence of defaults, state aid, and budgets that bind. [`ample_portfolio`] is the narrower family for which the
//! monotone laws hold: lists whose budgets never bind, nothing lent again, static dependence.
//!
//! Horizons are short (1 to 6 years) and portfolios small, so that a path takes microseconds. Rules that only the measure
//! asks for are waived; `budgets + fees = endowment` (R101) and the shares of products (R107) are kept by construction.
#![allow(dead_code, reason = "each test program uses a part")]

mod applicants;
mod credit;
mod fund;
mod line;

use fesr::reading::read_scenario;
use fesr::scenario::Scenario;
use line::LineDraft;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// A scenario file, and the list of borrowers if it names one.
#[derive(Clone)]
pub struct GeneratedScenario {
    /// The scenario file.
    pub toml: String,
    /// `borrowers.csv`.
    pub borrowers: Option<String>,
}

impl GeneratedScenario {
    /// The scenario as the reader understands it.
    ///
    /// # Panics
    /// If the reader refuses it: the generator is wrong then.
    pub fn scenario(&self) -> Scenario {
        read_scenario(&self.files(), Path::new("test.toml"), &[])
            .unwrap_or_else(|problems| panic!("{problems}\n{self:?}"))
            .scenario
    }

    /// The texts by path.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
        files.insert("test.toml".into(), self.toml.clone().into());
        if let Some(csv) = &self.borrowers {
            files.insert("borrowers.csv".into(), csv.clone().into());
        }
        files
    }
}

/// The texts as they would stand in files, for messages that a reader can run again.
impl fmt::Debug for GeneratedScenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n# test.toml\n{}", self.toml)?;
        match &self.borrowers {
            Some(csv) => write!(f, "\n# borrowers.csv\n{csv}"),
            None => Ok(()),
        }
    }
}

/// How wide a family of scenarios is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    /// Everything that the format can say.
    Any,
    /// Lists of borrowers, budgets that never bind, nothing lent again, static dependence, no ceiling on aid.
    Ample,
}

/// Any scenario of a small fund.
pub fn any_scenario() -> impl Strategy<Value = GeneratedScenario> {
    family(Family::Any)
}

/// A list portfolio that is surely approved: budgets that never bind, not revolving, static dependence.
pub fn ample_portfolio() -> impl Strategy<Value = GeneratedScenario> {
    family(Family::Ample)
}

/// `count` scenarios of a strategy, always the same ones.
pub fn fixed_sample(
    strategy: impl Strategy<Value = GeneratedScenario>,
    count: usize,
) -> Vec<GeneratedScenario> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..count)
        .map(|_| strategy.new_tree(&mut runner).expect("no filter rejects for ever").current())
        .collect()
}

/// Configuration of proptest with fixed seeds: a law either always passes or always fails.
pub fn fixed_cases(cases: u32) -> Config {
    Config {
        cases,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_181_122),
        failure_persistence: None,
        ..Config::default()
    }
}

fn family(family: Family) -> impl Strategy<Value = GeneratedScenario> {
    let lines = prop_oneof![
        1 => line::draft(1, family).prop_map(|line| vec![line]),
        2 => line::draft(2, family).prop_map(|line| vec![line]),
        3 => (line::draft(1, family), line::draft(2, family)).prop_map(|(one, two)| vec![one, two]),
    ];
    (fund::draft(family), lines, credit::text(family))
        .prop_map(|(fund, lines, credit)| assemble(&fund, &lines, &credit))
}

fn assemble(fund: &fund::FundDraft, lines: &[LineDraft], credit: &str) -> GeneratedScenario {
    let budgets: u64 = lines.iter().map(LineDraft::budget_cents).sum();
    let mut toml = fund.text(budgets);
    let mut rows = Vec::new();
    for line in lines {
        toml.push_str(&line.text());
        rows.extend(line.rows(fund.open_quarters()));
    }
    toml.push_str(credit);
    let borrowers = (!rows.is_empty()).then(|| {
        toml.push_str("[pipeline]\nborrowers = \"borrowers.csv\"\n");
        format!("{}\n{}\n", applicants::HEADER, rows.join("\n"))
    });
    GeneratedScenario { toml, borrowers }
}

/// Cents as the euros of a scenario file.
fn euros(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// One of these texts.
fn one_of(texts: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(texts)
}
