//! The rules of the measure, from WECARE and the regulations it stands under.
//!
//! Each rule is one function from a scenario to what breaks it. An error stops a run unless the scenario waives it,
//! a warning never does; both, and every waiver, stand on the report with their source.

mod conditions;
mod state_aid;
mod table;

pub use state_aid::misfits;
pub use table::RULES;

use crate::diagnostic::{Place, Problem};
use crate::locale::{Pair, Told, told};
use crate::scenario::Scenario;

/// Whether a broken rule stops the run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// It does, unless waived.
    Error,
    /// It never does.
    Warning,
}

impl Kind {
    /// The word in messages and files.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Error => "error",
            Kind::Warning => "warning",
        }
    }
}

/// One rule of the measure.
#[derive(Debug)]
pub struct Rule {
    /// Its code, such as `R103`.
    pub code: &'static str,
    /// Whether breaking it stops the run.
    pub kind: Kind,
    /// Whether a scenario may break it knowingly.
    pub waivable: bool,
    /// What it demands, in a line.
    pub demand: Pair,
    /// Why, in a line.
    pub reason: Pair,
    /// Where it comes from.
    pub source: Pair,
    /// What to change when it is broken.
    pub change: Pair,
    /// What in a scenario breaks it, if anything does.
    pub broken_by: fn(&Scenario) -> Option<Finding>,
}

/// What breaks a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Dotted key to look at.
    pub key: String,
    /// What was found, with its figures.
    pub message: Told,
}

/// A rule and what breaks it.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The rule.
    pub rule: &'static Rule,
    /// What breaks it.
    pub finding: Finding,
}

impl Broken {
    /// The finding as a problem at a place, with reason, source and what to change.
    pub fn problem(&self, place: &Place) -> Problem {
        let rule = self.rule;
        let problem = match rule.kind {
            Kind::Error => Problem::error(rule.code, place, self.finding.message.clone()),
            Kind::Warning => Problem::warning(rule.code, place, self.finding.message.clone()),
        };
        let problem = problem.label(rule.demand).hint(rule.change).hint(told!(
            "{reason} (fonte: {source})",
            "{reason} (source: {source})";
            reason = rule.reason,
            source = rule.source,
        ));
        match (rule.kind, rule.waivable) {
            (Kind::Error, true) => problem.hint(told!(
                "oppure derogare consapevolmente: [rules] waive = [\"{code}\"]",
                "or break it knowingly: [rules] waive = [\"{code}\"]";
                code = rule.code,
            )),
            (Kind::Error, false) | (Kind::Warning, _) => problem,
        }
    }
}

/// A scenario held against all rules, each list in the order of the codes.
#[derive(Clone, Debug, Default)]
pub struct RuleReport {
    /// Rules that the scenario keeps.
    pub kept: Vec<&'static Rule>,
    /// Errors that stop the run.
    pub broken_errors: Vec<Broken>,
    /// Warnings.
    pub warned: Vec<Broken>,
    /// Rules that are broken and waived, whatever their kind.
    pub waived: Vec<Broken>,
    /// Rules that are waived without need: the scenario keeps them.
    pub waived_without_need: Vec<&'static Rule>,
}

impl RuleReport {
    /// Whether the scenario may be run.
    pub fn may_run(&self) -> bool {
        self.broken_errors.is_empty()
    }
}

/// Holds a scenario against all rules.
pub fn check(scenario: &Scenario) -> RuleReport {
    let mut report = RuleReport::default();
    for rule in RULES {
        let waived = rule.waivable && scenario.waived_rules.iter().any(|code| code == rule.code);
        match ((rule.broken_by)(scenario), waived) {
            (None, true) => {
                report.kept.push(rule);
                report.waived_without_need.push(rule);
            }
            (None, false) => report.kept.push(rule),
            (Some(finding), true) => report.waived.push(Broken { rule, finding }),
            (Some(finding), false) => match rule.kind {
                Kind::Error => report.broken_errors.push(Broken { rule, finding }),
                Kind::Warning => report.warned.push(Broken { rule, finding }),
            },
        }
    }
    report
}

/// The rule with a code.
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code)
}

/// All codes, in order.
pub fn codes() -> Vec<&'static str> {
    RULES.iter().map(|rule| rule.code).collect()
}
