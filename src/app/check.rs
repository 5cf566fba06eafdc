//! `fesr check`: read, validate, name the rules kept and waived, say what the assumptions imply. No simulation.

use super::scenarios::{read_all, show_warnings};
use super::{Failure, Outcome, print};
use crate::check_report::{check_json, check_text};
use crate::cli::CheckArguments;
use crate::explain::explain;
use crate::resolved::resolved_toml;
use serde_json::Value;

/// Checks all scenarios of the command line.
///
/// # Errors
/// [`Failure::Scenario`] with the problems of all files, if any cannot be run.
pub fn check(arguments: &CheckArguments) -> Result<Outcome, Failure> {
    let scenarios = read_all(&arguments.scenarios, &arguments.common, |_| {})?;
    let mut documents: Vec<Value> = Vec::new();
    for checked in &scenarios {
        let scenario = &checked.scenario;
        let name = checked.path.display().to_string();
        if !arguments.common.quiet {
            show_warnings(checked);
        }
        if arguments.resolved {
            print(&resolved_toml(scenario))?;
        } else if arguments.explain {
            print(&explain(scenario, scenario.identity.language))?;
        } else if arguments.common.json {
            documents.push(check_json(&name, scenario, &checked.rules));
        } else {
            print(&check_text(&name, scenario, &checked.rules))?;
        }
    }
    if arguments.common.json {
        let mut text = serde_json::to_string_pretty(&documents).expect("plain data is JSON");
        text.push('\n');
        print(&text)?;
    }
    Ok(Outcome::Done)
}
