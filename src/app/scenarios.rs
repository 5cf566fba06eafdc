//! Scenarios from the command line: read, overridden, checked; all problems of all files at once.

use super::library::{Library, Shelf};
use super::{Failure, say, unusable};
use crate::cli::{CommonArguments, DiagnosticsMode};
use crate::diagnostic::{Look, Problems, Severity};
use crate::locale::{Told, told};
use crate::reading::{Files, SetOption, read_scenario};
use crate::rules::{self, RuleReport};
use crate::scenario::Scenario;
use crate::sensitivity::ends_problems;
use crate::today;
use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// A scenario that can be run.
pub struct CheckedScenario {
    /// The file it was read from.
    pub path: PathBuf,
    /// What it says, with the overrides of the command line.
    pub scenario: Scenario,
    /// Rules kept, warned of, waived.
    pub rules: RuleReport,
    /// Its warnings, rendered.
    pub warnings: Option<String>,
    /// Their codes.
    pub warning_codes: BTreeSet<&'static str>,
}

/// Reads and checks scenarios. Warnings are shown unless `quiet`; `override_scenario` applies what the command line
/// says beside `--set`.
///
/// # Errors
/// [`Failure::Scenario`] with the problems of all files, if any has an error.
pub fn read_all(
    paths: &[PathBuf],
    common: &CommonArguments,
    override_scenario: impl Fn(&mut Scenario),
) -> Result<Vec<CheckedScenario>, Failure> {
    read_all_of(&Library::Disk, paths, common, override_scenario)
}

/// [`read_all`] from a library.
///
/// # Errors
/// As [`read_all`].
pub fn read_all_of(
    library: &Library,
    paths: &[PathBuf],
    common: &CommonArguments,
    override_scenario: impl Fn(&mut Scenario),
) -> Result<Vec<CheckedScenario>, Failure> {
    let sets = set_options(common)?;
    whole_or_problems(
        paths.iter().map(|path| {
            let shelf = library.around(&[path], common.allow_outside);
            read_one(&shelf, path, &sets, common, &override_scenario)
        }),
        common,
    )
}

/// Reads each scenario under an economy: the scenario's file, then the economy's over it.
///
/// # Errors
/// As [`read_all`].
pub fn read_under_economy(
    library: &Library,
    paths: &[PathBuf],
    economy: &Path,
    common: &CommonArguments,
    override_scenario: impl Fn(&mut Scenario),
) -> Result<Vec<CheckedScenario>, Failure> {
    let sets = set_options(common)?;
    let readings = paths.iter().map(|path| {
        let both = Both::new(library, path, economy, common.allow_outside);
        read_one(&both, &both.path, &sets, common, &override_scenario)
    });
    whole_or_problems(readings, common)
}

/// A scenario that exists in memory only: it extends two files.
struct Both<'l> {
    path: PathBuf,
    text: String,
    shelf: Shelf<'l>,
    /// The two files, which were typed.
    typed: [PathBuf; 2],
}

impl<'l> Both<'l> {
    fn new(library: &'l Library, scenario: &Path, economy: &Path, allow_outside: bool) -> Both<'l> {
        let quoted = |path: &Path| toml::Value::from(path.to_string_lossy().into_owned()).to_string();
        let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let name = format!("{}-{}", stem(scenario), stem(economy));
        Both {
            // In no folder: the files it extends keep the names that were typed.
            path: PathBuf::from(format!("{name} (in memory).toml")),
            text: format!(
                "extends = [{}, {}]\n[scenario]\nname = \"combined\"\n",
                quoted(scenario),
                quoted(economy)
            ),
            shelf: library.around(&[scenario, economy], allow_outside),
            typed: [scenario.to_path_buf(), economy.to_path_buf()],
        }
    }
}

impl Files for Both<'_> {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        if path == self.path { Ok(self.text.clone().into_bytes()) } else { self.shelf.read(path) }
    }

    fn read_named(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        if self.typed.iter().any(|typed| typed == path) {
            self.read(path)
        } else {
            self.shelf.read_named(path)
        }
    }
}

fn set_options(common: &CommonArguments) -> Result<Vec<SetOption>, Failure> {
    common.set.iter().map(|text| SetOption::parse(text)).collect::<Result<_, Told>>().map_err(Failure::Usage)
}

/// All scenarios, or the problems of all that have some.
fn whole_or_problems(
    readings: impl Iterator<Item = Result<CheckedScenario, Problems>>,
    common: &CommonArguments,
) -> Result<Vec<CheckedScenario>, Failure> {
    let mut checked = Vec::new();
    let mut broken: Vec<Problems> = Vec::new();
    for reading in readings {
        match reading {
            Ok(scenario) => checked.push(scenario),
            Err(problems) => {
                let language = common.lang.unwrap_or(problems.language);
                broken.push(problems.in_language(language));
            }
        }
    }
    if !broken.is_empty() {
        let rendered: Vec<String> =
            broken.iter().map(|problems| render(problems, common.diagnostics)).collect();
        let text = rendered.join("\n");
        let worst = broken.iter().find(|problems| !problems.is_unreadable()).unwrap_or(&broken[0]);
        return Err(unusable(worst, text));
    }
    Ok(checked)
}

fn read_one(
    files: &dyn Files,
    path: &Path,
    sets: &[SetOption],
    common: &CommonArguments,
    override_scenario: &impl Fn(&mut Scenario),
) -> Result<CheckedScenario, Problems> {
    let reading = read_scenario(files, path, sets)?;
    let mut scenario = reading.scenario.clone();
    let titled = common.set.iter().any(|set| set.starts_with("scenario.title"));
    if titled {
        // What the command line says of the title goes for every reader.
        scenario.translations.italian.title = None;
        scenario.translations.english.title = None;
    }
    scenario.speak(common.lang.unwrap_or(scenario.identity.language));
    // A what-if says so wherever the scenario is named: on charts, in tables, in the scenario as run.
    if !common.set.is_empty() && !titled {
        scenario.identity.title = format!("{} [{}]", scenario.identity.title, common.set.join("; "));
    }
    override_scenario(&mut scenario);
    let rules = rules::check(&scenario);
    let mut problems = reading.rule_problems(&rules);
    problems.list.extend(reading.warnings.iter().cloned());
    problems.list.extend(today::problems(&scenario, |key| reading.place_of(key)));
    problems.list.extend(ends_problems(&scenario, |key| reading.place_of(key)));
    let problems = Problems::new(problems.list, problems.sources, scenario.identity.language);
    if problems.has_errors() {
        return Err(problems);
    }
    let warnings = (!problems.list.is_empty()).then(|| render(&problems, common.diagnostics));
    let warning_codes = problems.list.iter().map(|problem| problem.code).collect();
    Ok(CheckedScenario { path: path.to_path_buf(), scenario, rules, warnings, warning_codes })
}

/// Shows the warnings of a scenario.
pub fn show_warnings(scenario: &CheckedScenario) {
    if let Some(warnings) = &scenario.warnings {
        say(warnings);
    }
}

/// Names the warnings of some scenarios in one line, for commands whose answer they are not: `fesr check` explains them.
pub fn name_warnings<'c>(scenarios: impl IntoIterator<Item = &'c CheckedScenario>) {
    let mut codes: BTreeSet<&str> = BTreeSet::new();
    let mut language = None;
    for checked in scenarios {
        codes.extend(checked.warning_codes.iter().copied());
        language.get_or_insert(checked.scenario.identity.language);
    }
    let Some(language) = language.filter(|_| !codes.is_empty()) else { return };
    let codes = codes.into_iter().collect::<Vec<_>>().join(", ");
    let told = told!("Avvisi: {codes} (li spiega fesr check)", "Warnings: {codes} (fesr check explains them)"; codes);
    say(told.text(language));
}

/// Problems in the form that was asked for.
pub fn render(problems: &Problems, mode: DiagnosticsMode) -> String {
    let errors = problems.list.iter().filter(|problem| problem.severity == Severity::Error).count();
    match mode {
        DiagnosticsMode::Text => {
            let colour = std::io::stderr().is_terminal();
            let text = problems.to_text(if colour { Look::Colour } else { Look::Ascii });
            let count = told!("{errors} errori", "{errors} errors"; errors);
            match errors {
                0 | 1 => text,
                _ => format!("{}\n\n{}", text.trim_end(), count.text(problems.language)),
            }
        }
        DiagnosticsMode::Plain => problems.to_plain(),
        DiagnosticsMode::Json => {
            serde_json::to_string_pretty(&problems.to_json()).expect("plain data is JSON")
        }
    }
}
