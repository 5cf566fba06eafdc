//! `fesr stress`: one scenario under economies and shocks with the same luck, and how bad it must get before a promise
//! breaks.

use super::cells::{Cell, Cells, Given, Keeps};
use super::compare::{OneRun, kept_columns};
use super::library::Library;
use super::output_folder::OutputFolder;
use super::reverse_stress::reverse;
use super::scenarios::{CheckedScenario, name_warnings, read_all_of, read_under_economy};
use super::simulation::use_threads;
use super::study::StudyFolder;
use super::{Failure, Outcome, VERSION, interrupt, print, say};
use crate::aggregate::summary::Summary;
use crate::cli::StressArguments;
use crate::locale::{Told, pair, told};
use crate::metrics::MetricId;
use crate::paired::comparison::{compare, measures};
use crate::paired::shock::ShockKind;
use crate::paired::{FigureTable, Measure};
use crate::plan::Plan;
use crate::report::charts::Album;
use crate::report::charts::compared::{ComparedRun, stress_album};
use crate::report::comparison::{Comparison, Named, Scene};
use crate::report::limits::{LimitResult, Verdict, judge};
use crate::report::stress::{
    LeftOut, Origin, StressTest, breaking_csv, stress_csv, stress_json, stress_page, stress_text,
};
use crate::report::study_record::StudyFacts;
use crate::report::{OutputFile, RunFacts};
use crate::resolved::RESOLVED_FILE;
use crate::scenario::{Language, LimitStatistic, Scenario};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Most loss curves of a chart.
const MOST_CURVES: usize = 6;
/// Longest name of a scenario.
const LONGEST_NAME: usize = 80;
/// The name of the scenario as it is.
const AS_IT_IS: &str = "as-it-is";

/// The stresses as cells, for shares of the study. Its reverse is left to the merge: where it looks next depends on what it
/// found, and it meets so few paths that it does not grow with the study.
///
/// # Errors
/// As [`stress`].
pub fn cells<'c>(arguments: &StressArguments, library: &Library) -> Result<Cells<'c>, Failure> {
    let variants = read_variants(arguments, library)?;
    let first = &variants.all[0].checked.scenario;
    let measures = measures();
    Ok(Cells {
        study: study_name(arguments, first),
        language: first.identity.language,
        seed: first.simulation.seed,
        paths: first.simulation.paths,
        count: variants.all.len() as u64,
        keeps: Keeps::FiguresAndSums,
        make: Box::new(move |cell| {
            let scenario = &variants.all[cell as usize].checked.scenario;
            Ok(Cell::new(scenario, |plan| kept_columns(plan, &measures, &scenario.limits)))
        }),
    })
}

/// Stresses the scenario of the command line; `given` has the stresses if they were simulated in shares.
///
/// # Errors
/// [`Failure`] if a scenario cannot be read, run or written; nothing is simulated before all are read.
pub fn stress(
    arguments: &StressArguments,
    library: &Library,
    given: Option<&Given>,
) -> Result<Outcome, Failure> {
    let variants = read_variants(arguments, library)?;
    use_threads(arguments.study.threads)?;
    let first = &variants.all[0].checked.scenario;
    let folder = OutputFolder::prepare(&arguments.study.output, &study_name(arguments, first))?;
    let stop = interrupt::stop_flag(
        pair("si scrivono gli stress completi", "writing the stresses that are whole"),
        first.identity.language,
    );
    let Some(simulated) = simulate(arguments, &variants, given, &stop)? else {
        return Ok(Outcome::Interrupted);
    };
    let reverse = match simulated.limits.len() < variants.all.len() {
        true => None,
        false => Some(reverse(arguments, library, first, &stop)?),
    };
    let told = |language| StressTest {
        title: first.identity.title.clone(),
        comparison: simulated.comparison(&variants, language),
        origins: variants
            .all
            .iter()
            .map(|variant| variant.origin.clone())
            .take(simulated.limits.len())
            .collect(),
        left_out: variants.left_out.clone(),
        reverse: reverse.clone(),
    };
    let (stress, machine) = (told(first.identity.language), told(Language::English));
    let broken = breaks_promise(&simulated.limits[0], arguments.strict);
    let interrupted = stress.interrupted();
    let target = write(&stress, &machine, &simulated, &variants, arguments, folder)?;
    if arguments.study.common.json {
        print(&stress_json(&machine))?;
    } else {
        let styled = std::io::stdout().is_terminal();
        print(&stress_text(&stress, &target.display().to_string(), styled))?;
    }
    Ok(match (interrupted, broken) {
        (true, _) => Outcome::Interrupted,
        (false, true) => Outcome::No,
        (false, false) => Outcome::Done,
    })
}

/// The name of the study's folder.
fn study_name(arguments: &StressArguments, scenario: &Scenario) -> String {
    arguments.study.name.clone().unwrap_or_else(|| folder_name(&scenario.identity.name))
}

fn folder_name(scenario: &str) -> String {
    format!("stress-{scenario}").chars().take(LONGEST_NAME).collect()
}

/// The scenario as it is, under economies, under shocks.
struct Variants {
    all: Vec<Variant>,
    left_out: Vec<LeftOut>,
}

struct Variant {
    name: String,
    title: Told,
    origin: Origin,
    checked: CheckedScenario,
}

/// What all variants share.
struct Shared {
    paths: u64,
    seed: u64,
    language: Language,
}

impl Shared {
    /// Gives a variant what all share, and its own name.
    fn apply(&self, scenario: &mut Scenario, base: Option<(&Scenario, &str, &Told)>) {
        scenario.simulation.paths = self.paths;
        scenario.simulation.seed = self.seed;
        scenario.simulation.precision = None;
        // What is to come does not change what has been lost.
        if let Some((base, ..)) = base {
            scenario.keep_history_of(base);
        }
        let identity = &mut scenario.identity;
        identity.language = self.language;
        if let Some((base, name, title)) = base {
            let whole = format!("{}-{name}", base.identity.name);
            identity.name = if whole.len() <= LONGEST_NAME { whole } else { name.to_string() };
            identity.title = format!("{}, {}", base.identity.title, title.text(self.language));
            identity.description.clone_from(&base.identity.description);
        }
    }
}

fn read_variants(arguments: &StressArguments, library: &Library) -> Result<Variants, Failure> {
    let path = std::slice::from_ref(&arguments.scenario);
    let mut read = read_all_of(library, path, &arguments.study.common, |_| {})?;
    let mut checked = read.pop().expect("one file, one scenario");
    let shared = Shared {
        paths: arguments.paths.unwrap_or(checked.scenario.simulation.paths),
        seed: arguments.study.seed.unwrap_or(checked.scenario.simulation.seed),
        language: arguments.study.common.lang.unwrap_or(checked.scenario.identity.language),
    };
    shared.apply(&mut checked.scenario, None);
    let base = checked.scenario.clone();
    let mut variants = Variants {
        all: vec![Variant {
            name: AS_IT_IS.to_string(),
            title: pair("Com’è", "As it is").into(),
            origin: Origin::AsItIs,
            checked,
        }],
        left_out: Vec::new(),
    };
    read_economies(arguments, library, &shared, &base, &mut variants)?;
    for kind in ShockKind::ALL {
        let title = Told::from(kind.title());
        let shock = match kind.of(&base) {
            Ok(shock) => shock,
            Err(why) => {
                variants.left_out.push(LeftOut { what: title, why });
                continue;
            }
        };
        let mut common = arguments.study.common.clone();
        common.set.extend(shock.sets.iter().cloned());
        let name = kind.name();
        let apply = |scenario: &mut Scenario| shared.apply(scenario, Some((&base, name, &title)));
        let mut read = read_all_of(library, path, &common, apply)?;
        variants.all.push(Variant {
            name: name.to_string(),
            title,
            origin: Origin::Shock { sets: shock.sets, cut: shock.cut },
            checked: read.pop().expect("one file, one scenario"),
        });
    }
    Ok(variants)
}

fn read_economies(
    arguments: &StressArguments,
    library: &Library,
    shared: &Shared,
    base: &Scenario,
    variants: &mut Variants,
) -> Result<(), Failure> {
    let named = !arguments.economies.is_empty();
    let files = match named {
        true => arguments.economies.clone(),
        false => library.economies(|| economies_beside(&arguments.scenario)),
    };
    if files.is_empty() {
        variants.left_out.push(LeftOut {
            what: pair("economie", "economies").into(),
            why: pair(
                "nessun file in una cartella economies/ accanto allo scenario o un livello sopra; --economies li indica",
                "no files in a folder economies/ beside the scenario or one above; --economies names some",
            )
            .into(),
        });
    }
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let title = read_all_of(
            library,
            std::slice::from_ref(&file),
            &crate::cli::CommonArguments { set: Vec::new(), ..arguments.study.common.clone() },
            |_| {},
        )
        .map_or_else(|_| name.clone(), |alone| alone[0].scenario.identity.title.clone());
        let title = Told::same(title);
        let path = std::slice::from_ref(&arguments.scenario);
        let apply = |scenario: &mut Scenario| shared.apply(scenario, Some((base, &name, &title)));
        let mut read = read_under_economy(library, path, &file, &arguments.study.common, apply)?;
        let checked = read.pop().expect("one file, one scenario");
        if !is_same_fund(base, &checked.scenario) {
            let file = file.display().to_string();
            if named {
                return Err(Failure::Usage(told!(
                    "{file} non è un’economia di questo scenario: ne cambierebbe il fondo (dotazione, linee, prodotti o prestiti)",
                    "{file} is no economy of this scenario: it would change its fund (endowment, lines, products or loans)";
                    file,
                )));
            }
            variants.left_out.push(LeftOut {
                what: title,
                why: told!("{file} cambierebbe il fondo", "{file} would change the fund"; file),
            });
            continue;
        }
        if variants.all.iter().any(|variant| variant.name == name) {
            return Err(Failure::Usage(told!(
                "due economie si chiamano \"{name}\"",
                "two economies are called \"{name}\"";
                name
            )));
        }
        let origin = Origin::Economy(file.display().to_string());
        variants.all.push(Variant { name, title, origin, checked });
    }
    Ok(())
}

/// The economies in a folder `economies/` beside a scenario, else one above; in order of their names.
fn economies_beside(scenario: &Path) -> Vec<PathBuf> {
    let absolute = std::path::absolute(scenario).unwrap_or_else(|_| scenario.to_path_buf());
    let beside = scenario.parent().map(|folder| folder.join("economies"));
    let above = absolute.parent().and_then(Path::parent).map(|folder| folder.join("economies"));
    for folder in beside.into_iter().chain(above) {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        let mut files: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
            .collect();
        files.sort();
        if !files.is_empty() {
            return files;
        }
    }
    Vec::new()
}

/// Whether an economy left the fund alone: money, lines, packages, terms.
fn is_same_fund(base: &Scenario, other: &Scenario) -> bool {
    let of_lines = |scenario: &Scenario| -> Vec<String> {
        let terms = scenario.lines().map(|line| {
            let limits = (line.number, line.min_investment, line.max_investment, line.budget);
            let packages: Vec<String> = line
                .products
                .iter()
                .map(|product| {
                    format!(
                        "{:?}",
                        (
                            &product.name,
                            product.fund_loan,
                            product.bank_loan,
                            product.grant,
                            product.guarantee_rate
                        )
                    )
                })
                .collect();
            format!("{limits:?} {packages:?} {:?} {:?}", line.loan.tenor_quarters, line.guarantee)
        });
        terms.collect()
    };
    let of_fund = |scenario: &Scenario| {
        let fund = &scenario.fund;
        format!("{:?}", (fund.endowment, fund.start, fund.horizon_quarters, fund.availability_quarters))
    };
    of_fund(base) == of_fund(other) && of_lines(base) == of_lines(other)
}

/// What was simulated, variant by variant.
struct Simulated {
    plans: Vec<Plan>,
    tables: Vec<FigureTable>,
    summaries: Vec<Summary>,
    limits: Vec<Vec<LimitResult>>,
}

/// Simulates variant by variant; after a stop only what is whole counts. `None` if that is less than one comparison.
fn simulate(
    arguments: &StressArguments,
    variants: &Variants,
    given: Option<&Given>,
    stop: &Arc<AtomicBool>,
) -> Result<Option<Simulated>, Failure> {
    let measures = measures();
    let mut simulated =
        Simulated { plans: Vec::new(), tables: Vec::new(), summaries: Vec::new(), limits: Vec::new() };
    for (position, variant) in variants.all.iter().enumerate() {
        let scenario = &variant.checked.scenario;
        let quiet = arguments.study.common.quiet;
        if !quiet {
            if position == 0 {
                name_warnings([&variant.checked]);
            }
            let (number, all) = (position + 1, variants.all.len());
            say(&format!("  {number}/{all}  {}", variant.title.text(scenario.identity.language)));
        }
        let plan = Plan::resolve(scenario);
        let columns = kept_columns(&plan, &measures, &scenario.limits);
        let run = OneRun { scenario, plan: &plan, columns, study: &arguments.study, stop };
        let done = match given {
            None => run.simulate()?,
            Some(given) => run.take(given, position as u64, false)?,
        };
        let Some((summary, table)) = done else { break };
        simulated.limits.push(judge(scenario, &summary));
        simulated.summaries.push(summary);
        simulated.tables.push(table);
        simulated.plans.push(plan);
    }
    Ok((simulated.tables.len() > 1).then_some(simulated))
}

impl Simulated {
    fn comparison(&self, variants: &Variants, language: Language) -> Comparison {
        let scenario = &variants.all[0].checked.scenario;
        let plans: Vec<&Plan> = self.plans.iter().collect();
        let scenarios = variants.all.iter().take(self.tables.len());
        let scenarios = scenarios.map(|variant| Named {
            name: variant.name.clone(),
            title: variant.title.text(language).to_string(),
        });
        Comparison {
            language,
            version: VERSION.to_string(),
            paths: scenario.simulation.paths,
            interrupted: self.tables.len() < variants.all.len(),
            seed: scenario.simulation.seed,
            scenarios: scenarios.collect(),
            economies: Vec::new(),
            scenes: vec![Scene {
                rows: compare(&plans, &self.tables, &measures()),
                limits: self.limits.clone(),
            }],
            grids: Vec::new(),
            other_applicants: Vec::new(),
            other_limits: Vec::new(),
            other_yardsticks: Vec::new(),
        }
    }

    /// The scenario as it is and the variants that lose most on average, in their order.
    fn curves(&self, comparison: &Comparison) -> Vec<usize> {
        let loss = Measure::of_fund(MetricId::FundLoss, LimitStatistic::Mean);
        let row = comparison.scenes[0].rows.iter().find(|row| row.measure == loss);
        let value = |position: usize| {
            let cell = row.and_then(|row| row.cells[position]);
            cell.map_or(f64::NEG_INFINITY, |cell| cell.estimate.value)
        };
        let mut others: Vec<usize> = (1..self.tables.len()).collect();
        others.sort_by(|&one, &other| value(other).total_cmp(&value(one)));
        others.truncate(MOST_CURVES - 1);
        others.sort_unstable();
        std::iter::once(0).chain(others).collect()
    }

    fn album(&self, stress: &StressTest, variants: &Variants) -> Album {
        let comparison = &stress.comparison;
        let paths = comparison.paths;
        let all = variants.all.iter().zip(&self.plans).zip(&self.summaries);
        let runs: Vec<ComparedRun> = all
            .map(|((variant, plan), summary)| {
                let scenario = &variant.checked.scenario;
                let facts = RunFacts { scenario, version: VERSION, paths, planned: paths };
                ComparedRun { facts, plan, summary }
            })
            .collect();
        stress_album(comparison, &runs, &self.curves(comparison), &stress.title)
    }
}

fn breaks_promise(limits: &[LimitResult], strict: bool) -> bool {
    limits.iter().any(|limit| match limit.verdict {
        Verdict::Broken => true,
        Verdict::NotSettled => strict,
        Verdict::Kept => false,
    })
}

fn write(
    stress: &StressTest,
    machine: &StressTest,
    simulated: &Simulated,
    variants: &Variants,
    arguments: &StressArguments,
    folder: OutputFolder,
) -> Result<PathBuf, Failure> {
    let first = &variants.all[0].checked.scenario;
    let as_run = variants.all.iter().take(simulated.tables.len());
    let study = StudyFolder {
        tables: vec![
            OutputFile::text("stress.json", stress_json(machine)),
            OutputFile::text("stress.csv", stress_csv(machine)),
            OutputFile::text("breaking.csv", breaking_csv(machine)),
        ],
        album: simulated.album(stress, variants),
        machine_album: simulated.album(machine, variants),
        scenarios: as_run
            .map(|variant| (format!("scenarios/{}", variant.name), &variant.checked.scenario))
            .collect(),
        facts: StudyFacts {
            command: "stress",
            version: VERSION,
            name: first.identity.name.clone(),
            title: stress.title.clone(),
            paths: stress.comparison.paths,
            seed: stress.comparison.seed,
            language: first.identity.language,
            interrupted: stress.interrupted(),
            // The economies lie elsewhere.
            again: None,
        },
    };
    let name = variants.all.first().map_or("", |variant| variant.name.as_str());
    let (paths, seed) = (stress.comparison.paths, stress.comparison.seed);
    let command = format!("fesr stress scenarios/{name}/{RESOLVED_FILE} --paths {paths} --seed {seed}");
    study.write(&arguments.study, folder, |pictures| stress_page(stress, pictures, &command))
}
