//! `fesr check`: read, validate, name the rules kept and waived. No simulation.

use super::scenarios::{CheckedScenario, read_all, show_warnings};
use super::{Failure, Outcome, print};
use crate::cli::CheckArguments;
use crate::resolved::resolved_toml;

/// Checks all scenarios of the command line.
///
/// # Errors
/// [`Failure::Scenario`] with the problems of all files, if any cannot be run.
pub fn check(arguments: &CheckArguments) -> Result<Outcome, Failure> {
    let scenarios = read_all(&arguments.scenarios, &arguments.common, |_| {})?;
    for checked in &scenarios {
        if !arguments.common.quiet {
            show_warnings(checked);
        }
        if arguments.resolved {
            print(&resolved_toml(&checked.scenario))?;
        } else if arguments.explain {
            print(&crate::explain::explain(&checked.scenario, checked.scenario.identity.language))?;
        } else if !arguments.common.json {
            print(&summary(checked))?;
        }
    }
    Ok(Outcome::Done)
}

fn summary(checked: &CheckedScenario) -> String {
    format!("{}: ok\n", checked.path.display())
}
