//! `fesr frontier`: every mix on a grid, on the same luck; which ones no other beats, which one to choose.

use super::cells::{Cell, Cells, Given, Keeps};
use super::frontier_folder::write;
use super::library::Library;
use super::output_folder::OutputFolder;
use super::progress::PathCounter;
use super::scenarios::{CheckedScenario, name_warnings, read_all_of};
use super::simulation::use_threads;
use super::{Failure, Outcome, VERSION, interrupt, print};
use crate::aggregate::columns::Column;
use crate::cli::{FrontierArguments, LineChoice, ProductsChoice};
use crate::engine::InvariantBroken;
use crate::locale::{Numbers, pair, told};
use crate::metrics::MetricId;
use crate::paired::comparison::columns_of;
use crate::paired::dominance::{Contenders, Objective, contenders, dominated_by, ratio_of};
use crate::paired::influence::Influence;
use crate::paired::mix::{Mix, MixedLines, ProductDemand, needs, with_mix};
use crate::paired::{Direction, Estimate, FigureTable, Measure, measured};
use crate::plan::Plan;
use crate::report::frontier::{
    Envelope, Frontier, MixPoint, MixValue, Preference, Recommendation, frontier_json, frontier_text,
};
use crate::report::limits::{FEWEST_EQUAL_PATHS, LimitResult, Verdict, judge_interval};
use crate::rules;
use crate::scenario::{Limit, LimitStatistic, LineNumber, Scenario};
use crate::units::{Cents, Share};
use rayon::prelude::*;
use rust_decimal::Decimal;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};

/// Promising mixes get at most so many times the paths of the grid.
const MOST_REFINEMENT: u64 = 8;

/// Most mixes that are looked at again with more paths; beyond, the order stays within noise.
const MOST_CONTENDERS: usize = 24;

fn read(arguments: &FrontierArguments, library: &Library) -> Result<(CheckedScenario, MixedLines), Failure> {
    let mut scenarios = read_all_of(
        library,
        std::slice::from_ref(&arguments.scenario),
        &arguments.study.common,
        |scenario: &mut Scenario| {
            scenario.simulation.paths = arguments.paths;
            scenario.simulation.precision = None;
            scenario.simulation.seed = arguments.study.seed.unwrap_or(scenario.simulation.seed);
        },
    )?;
    let checked = scenarios.remove(0);
    if checked.scenario.fund.today_quarter > 0 {
        return Err(Failure::Usage(told!(
            "{name}: la frontiera cerca la composizione delle dotazioni, ma questo fondo è in corso: la sua storia le ha già spese.\nTogliere today da [fund] e le righe con uno `status`, oppure confrontare le alternative con `fesr compare`.",
            "{name}: the frontier looks for the mix of the budgets, but this fund is running: its history has already spent them.\nTake today out of [fund], and the rows with a `status`, or compare alternatives with `fesr compare`.";
            name = checked.scenario.identity.name.as_str(),
        )));
    }
    let lines = mixed_lines(arguments, &checked.scenario)?;
    Ok((checked, lines))
}

/// The name of the study's folder.
fn study_name(arguments: &FrontierArguments, scenario: &Scenario) -> String {
    let name = arguments.study.name.clone();
    name.unwrap_or_else(|| format!("frontier-{}", scenario.identity.name))
}

/// The mixes that are simulated as cells, for shares of the study. Looking closer at promising mixes is left to the merge:
/// which ones they are depends on all of them.
///
/// # Errors
/// As [`frontier`].
pub fn cells<'c>(arguments: &FrontierArguments, library: &Library) -> Result<Cells<'c>, Failure> {
    let (checked, lines) = read(arguments, library)?;
    let simulation = checked.scenario.simulation;
    let study = study_name(arguments, &checked.scenario);
    let language = checked.scenario.identity.language;
    let never = AtomicBool::new(false);
    let search = Search::new(arguments, &checked, lines, &never);
    let simulated: Vec<(Scenario, Vec<Column>)> = search
        .candidates()
        .into_iter()
        .filter(Candidate::is_simulated)
        .map(|candidate| (candidate.scenario, candidate.table.columns().to_vec()))
        .collect();
    Ok(Cells {
        study,
        language,
        seed: simulation.seed,
        paths: simulation.paths,
        count: simulated.len() as u64,
        keeps: Keeps::Figures,
        make: Box::new(move |cell| {
            let (scenario, columns) = &simulated[cell as usize];
            Ok(Cell::new(scenario, |_| columns.clone()))
        }),
    })
}

/// Finds the frontier of the scenario of the command line; `given` has the mixes if they were simulated in shares.
///
/// # Errors
/// [`Failure`] if the scenario cannot be read or used, a path's books do not balance, or a file cannot be written.
pub fn frontier(
    arguments: &FrontierArguments,
    library: &Library,
    given: Option<&Given>,
) -> Result<Outcome, Failure> {
    let (checked, lines) = read(arguments, library)?;
    use_threads(arguments.study.threads)?;
    let name = study_name(arguments, &checked.scenario);
    let folder = OutputFolder::prepare(&arguments.study.output, &name)?;
    let language = checked.scenario.identity.language;
    let stop = interrupt::stop_flag(
        pair("si scrivono i mix completi", "writing the mixes that are whole"),
        language,
    );
    if !arguments.study.common.quiet {
        name_warnings([&checked]);
    }
    let search = Search::new(arguments, &checked, lines, &stop);
    let Some(frontier) = search.run(given)? else { return Ok(Outcome::Interrupted) };
    let target = write(&frontier, &checked.scenario, arguments, folder)?;
    if arguments.study.common.json {
        print(&frontier_json(&frontier))?;
    } else {
        let styled = std::io::stdout().is_terminal();
        print(&frontier_text(&frontier, &target.display().to_string(), styled))?;
    }
    Ok(match (frontier.interrupted, frontier.points[0].breaks_limit()) {
        (true, _) => Outcome::Interrupted,
        (false, true) => Outcome::No,
        (false, false) => Outcome::Done,
    })
}

fn mixed_lines(arguments: &FrontierArguments, scenario: &Scenario) -> Result<MixedLines, Failure> {
    let only = |number: LineNumber| match scenario.line(number) {
        Some(_) => Ok(MixedLines::Only(number)),
        None => {
            let number = number.word();
            Err(Failure::Usage(told!(
                "lo scenario non ha la linea {number}; si scriva --line con l'altra",
                "the scenario has no line {number}; write --line with the other one";
                number
            )))
        }
    };
    match arguments.line {
        LineChoice::One => only(LineNumber::One),
        LineChoice::Two => only(LineNumber::Two),
        LineChoice::All => Ok(match (&scenario.line1, &scenario.line2) {
            (Some(_), None) => MixedLines::Only(LineNumber::One),
            (None, Some(_)) => MixedLines::Only(LineNumber::Two),
            _ => MixedLines::All,
        }),
    }
}

/// One mix being looked at.
struct Candidate {
    shares: [f64; 3],
    scenario: Scenario,
    plan: Plan,
    forbidden: Vec<&'static str>,
    table: FigureTable,
}

impl Candidate {
    /// Whether it keeps the rules; others are not simulated.
    fn is_simulated(&self) -> bool {
        self.forbidden.is_empty()
    }
}

/// The search, with what it needs throughout.
struct Search<'s> {
    arguments: &'s FrontierArguments,
    checked: &'s CheckedScenario,
    lines: MixedLines,
    demand: ProductDemand,
    stop: &'s AtomicBool,
    objectives: Vec<Measure>,
}

fn level(per_mille: i64) -> Share {
    Share::new(Decimal::new(per_mille, 3)).expect("a share")
}

/// Mean of a figure of the whole fund.
fn mean(metric: MetricId) -> Measure {
    Measure::of_fund(metric, LimitStatistic::Mean)
}

fn worst_losses() -> Measure {
    Measure::of_fund(MetricId::FundLoss, LimitStatistic::ExpectedShortfall(level(990)))
}

impl<'s> Search<'s> {
    fn new(
        arguments: &'s FrontierArguments,
        checked: &'s CheckedScenario,
        lines: MixedLines,
        stop: &'s AtomicBool,
    ) -> Search<'s> {
        let demand = match arguments.products {
            ProductsChoice::Scenario => ProductDemand::AsInScenario,
            ProductsChoice::Follow => ProductDemand::Follow,
        };
        let objectives = vec![
            mean(MetricId::LeverageEffect),
            mean(MetricId::InvestmentSupported),
            mean(MetricId::FundLoss),
            worst_losses(),
            mean(MetricId::ClosingResources),
            mean(MetricId::DemandCoverage),
        ];
        Search { arguments, checked, lines, demand, stop, objectives }
    }

    /// Simulates all mixes, judges them, and looks closer at the promising ones; `None` if it was stopped before the
    /// scenario's own mix was whole.
    fn run(&self, given: Option<&Given>) -> Result<Option<Frontier>, Failure> {
        let scenario = &self.checked.scenario;
        let mut candidates = self.candidates();
        let paths = self.arguments.paths;
        self.simulate(&mut candidates, given)?;
        let all = candidates.len();
        // After a stop only mixes that are whole count.
        let is_whole =
            |candidate: &Candidate| !candidate.forbidden.is_empty() || candidate.table.paths() == paths;
        if !is_whole(&candidates[0]) {
            return Ok(None);
        }
        candidates.retain(is_whole);
        let cut = candidates.len() < all;
        let mut points: Vec<MixPoint> =
            candidates.par_iter().map(|candidate| self.point(candidate)).collect();
        self.judge_dominance(&candidates, &mut points);
        let recommendations = Preference::ALL
            .into_iter()
            .map(|preference| self.recommend(preference, &mut candidates, &points))
            .collect::<Result<_, Failure>>()?;
        // A stop while promising mixes are looked at again leaves their order less sure than it would be.
        let interrupted = cut || self.stop.load(Ordering::Relaxed);
        Ok(Some(Frontier {
            language: scenario.identity.language,
            version: VERSION.to_string(),
            name: scenario.identity.name.clone(),
            title: scenario.identity.title.clone(),
            seed: scenario.simulation.seed,
            paths,
            parts: self.arguments.step,
            lines: self.lines,
            demand: self.demand,
            objectives: self.objectives.clone(),
            points,
            recommendations,
            interrupted,
        }))
    }

    /// Simulates the paths of the grid, unless they were simulated in shares.
    fn simulate(&self, candidates: &mut [Candidate], given: Option<&Given>) -> Result<(), Failure> {
        let paths = self.arguments.paths;
        let simulated: Vec<&mut Candidate> =
            candidates.iter_mut().filter(|candidate| candidate.is_simulated()).collect();
        if let Some(given) = given {
            return simulated.into_par_iter().enumerate().try_for_each(|(cell, candidate)| {
                let columns = candidate.table.columns().to_vec();
                candidate.table = given.table(cell as u64, &columns, paths)?;
                Ok(())
            });
        }
        let counter = PathCounter::new(
            self.arguments.study.progress,
            self.arguments.study.common.quiet,
            simulated.len() as u64 * paths,
            Numbers::new(self.checked.scenario.identity.language),
        );
        self.extend(simulated.into_iter(), paths, &|more| counter.simulated(more))?;
        counter.finish();
        Ok(())
    }

    /// The scenario's own mix, then the grid.
    fn candidates(&self) -> Vec<Candidate> {
        let scenario = &self.checked.scenario;
        let with_grants = self.lines != MixedLines::Only(LineNumber::One);
        let grid = Mix::grid(self.arguments.step, with_grants);
        let own_plan = Plan::resolve(scenario);
        let mixed = grid.into_par_iter().map(|mix| {
            let changed = with_mix(scenario, self.lines, mix, self.demand);
            let plan = match self.demand {
                ProductDemand::AsInScenario => own_plan.with_budgets_of(&changed),
                ProductDemand::Follow => Plan::resolve(&changed),
            };
            self.candidate(mix.shares(), changed, plan)
        });
        let own = self.candidate(self.own_shares(), scenario.clone(), own_plan.clone());
        let mut candidates = vec![own];
        candidates.extend(mixed.collect::<Vec<_>>());
        candidates
    }

    /// How the scenario itself divides the money.
    fn own_shares(&self) -> [f64; 3] {
        let budget = self.budget(&self.checked.scenario).map(|part| part.to_f64());
        let total: f64 = budget.iter().sum();
        budget.map(|part| if total > 0.0 { part / total } else { 0.0 })
    }

    /// What the lines that take part hold for guarantees, loans and grants.
    fn budget(&self, scenario: &Scenario) -> [Cents; 3] {
        let lines = || scenario.lines().filter(|line| self.lines.contains(line.number));
        [
            lines().map(|line| line.budget.guarantees).sum(),
            lines().map(|line| line.budget.loans).sum(),
            lines().map(|line| line.budget.grants).sum(),
        ]
    }

    fn candidate(&self, shares: [f64; 3], scenario: Scenario, plan: Plan) -> Candidate {
        let report = rules::check(&scenario);
        let forbidden = report.broken_errors.iter().map(|broken| broken.rule.code).collect();
        let table = FigureTable::new(&self.columns(&plan));
        Candidate { shares, scenario, plan, forbidden, table }
    }

    /// The columns of objectives, of what is used, and of the promises.
    fn columns(&self, plan: &Plan) -> Vec<Column> {
        let mut measures = self.objectives.clone();
        for line in plan.lines.iter().filter(|line| self.lines.contains(line.number)) {
            let of_line =
                |metric| Measure { metric, line: Some(line.number), statistic: LimitStatistic::Mean };
            measures.extend([MetricId::Reserves, MetricId::FundLoans, MetricId::Grants].map(of_line));
        }
        measures.extend(self.checked.scenario.limits.iter().map(measure_of));
        columns_of(plan, &measures)
    }

    fn extend<'c>(
        &self,
        candidates: impl Iterator<Item = &'c mut Candidate>,
        paths: u64,
        simulated: &(impl Fn(u64) + Sync),
    ) -> Result<(), Failure> {
        let tables = candidates.map(|Candidate { plan, table, .. }| (&*plan, table));
        FigureTable::extend_all(tables, paths, self.stop, simulated).map_err(|broken: InvariantBroken| {
            Failure::Invariant {
                scenario: self.checked.scenario.identity.name.clone(),
                seed: self.checked.scenario.simulation.seed,
                broken,
            }
        })
    }

    fn point(&self, candidate: &Candidate) -> MixPoint {
        let Candidate { shares, scenario, plan, forbidden, table } = candidate;
        let simulated = forbidden.is_empty();
        let value = |measure: Measure| -> Option<MixValue> {
            let found = measured(plan, table, measure)?;
            Some(MixValue { estimate: found.estimate, interval: found.interval })
        };
        let used = |metric: MetricId| -> Option<f64> {
            plan.lines
                .iter()
                .filter(|line| self.lines.contains(line.number))
                .map(|line| {
                    let measure =
                        Measure { metric, line: Some(line.number), statistic: LimitStatistic::Mean };
                    Some(value(measure)?.estimate.value)
                })
                .sum()
        };
        let used = [MetricId::Reserves, MetricId::FundLoans, MetricId::Grants].map(used);
        MixPoint {
            shares: *shares,
            budget: self.budget(scenario),
            forbidden: forbidden.clone(),
            paths: table.paths(),
            values: self.objectives.iter().map(|&measure| value(measure).filter(|_| simulated)).collect(),
            used: match used {
                [Some(guarantees), Some(loans), Some(grants)] if simulated => {
                    Some([guarantees, loans, grants])
                }
                _ => None,
            },
            missing: self.missing(scenario),
            limits: match simulated {
                true => scenario.limits.iter().map(|limit| self.judge(limit, candidate)).collect(),
                false => Vec::new(),
            },
            dominated_by: None,
        }
    }

    /// Envelopes without money that a product in demand needs.
    fn missing(&self, scenario: &Scenario) -> Vec<Envelope> {
        let lacks = |envelope: Envelope| {
            scenario.lines().filter(|line| self.lines.contains(line.number)).any(|line| {
                let budget = [line.budget.guarantees, line.budget.loans, line.budget.grants];
                let index = envelope as usize;
                let wanted = |product| !needs(line, product)[index].is_zero();
                budget[index].0 == 0
                    && line.products.iter().any(|product| !product.demand.is_zero() && wanted(product))
            })
        };
        Envelope::ALL.into_iter().filter(|&envelope| lacks(envelope)).collect()
    }

    fn judge(&self, limit: &Limit, candidate: &Candidate) -> LimitResult {
        let found = measured(&candidate.plan, &candidate.table, measure_of(limit));
        let interval = found.as_ref().map(|found| found.interval);
        let value = found.map(|found| found.estimate.value);
        // Few paths that all agree may have missed what happens rarely.
        let settled =
            interval.filter(|(low, high)| candidate.table.paths() >= FEWEST_EQUAL_PATHS || low != high);
        let verdict = settled.map_or(Verdict::NotSettled, |(low, high)| judge_interval(limit, low, high));
        LimitResult {
            limit: limit.clone(),
            value,
            low: interval.map(|interval| interval.0),
            high: interval.map(|interval| interval.1),
            verdict,
        }
    }

    /// Marks the mixes that another one beats.
    fn judge_dominance(&self, candidates: &[Candidate], points: &mut [MixPoint]) {
        let influences = |measure: Measure| -> Vec<Option<Influence>> {
            candidates
                .par_iter()
                .map(|candidate| {
                    let Candidate { plan, table, forbidden, .. } = candidate;
                    let found = measured(plan, table, measure).filter(|_| forbidden.is_empty())?;
                    Some(found.influence)
                })
                .collect()
        };
        // Too few paths for a tail: the other objectives decide.
        let objectives: Vec<Objective> = self
            .objectives
            .iter()
            .map(|&measure| Objective { direction: measure.direction(), influences: influences(measure) })
            .filter(|objective| objective.influences.iter().any(Option::is_some))
            .collect();
        for (point, other) in points.iter_mut().zip(dominated_by(&objectives)) {
            point.dominated_by = other;
        }
    }

    /// The best mix of a preference within the limits, simulated further until it is beyond noise or has 8 times the paths.
    fn recommend(
        &self,
        preference: Preference,
        candidates: &mut [Candidate],
        points: &[MixPoint],
    ) -> Result<Recommendation, Failure> {
        let floor = points[0].values[0].map_or(f64::NEG_INFINITY, |value| value.estimate.value);
        let mut open: Vec<usize> = (0..points.len())
            .filter(|&position| {
                let point = &points[position];
                let leverage = point.values[0].map(|value| value.estimate.value);
                let reaches =
                    preference != Preference::Safest || leverage.is_some_and(|leverage| leverage >= floor);
                point.is_simulated() && !point.breaks_limit() && reaches
            })
            .collect();
        let mut paths = self.arguments.paths;
        loop {
            let influences: Vec<Option<Influence>> = (0..candidates.len())
                .into_par_iter()
                .map(|position| {
                    open.contains(&position)
                        .then(|| influence_of(preference, &candidates[position], paths))
                        .flatten()
                })
                .collect();
            let found =
                contenders(direction_of(preference), &influences, |position| open.contains(&position));
            let Some(Contenders { best, rivals }) = found else {
                return Ok(Recommendation { preference, best: None, rivals: Vec::new(), paths });
            };
            let more = 2 * paths;
            let settled = rivals.is_empty() || rivals.len() > MOST_CONTENDERS;
            let stopped = self.stop.load(Ordering::Relaxed);
            if settled || stopped || more > MOST_REFINEMENT * self.arguments.paths {
                // Told from the paths of the grid, as all tables are: one figure, one source.
                let of_grid = influence_of(preference, &candidates[best], self.arguments.paths);
                let estimate = of_grid.map_or(Estimate { value: 0.0, std_error: 0.0 }, |own| {
                    let in_units = match preference {
                        Preference::MostLeverage => 1e9,
                        Preference::Safest => 100.0,
                        Preference::MostInvestmentPerLoss => 1.0,
                    };
                    Estimate { value: own.value / in_units, std_error: own.std_error() / in_units }
                });
                return Ok(Recommendation { preference, best: Some((best, estimate)), rivals, paths });
            }
            open = std::iter::once(best).chain(rivals).collect();
            let of_open = candidates.iter_mut().enumerate();
            let of_open =
                of_open.filter(|(position, _)| open.contains(position)).map(|(_, candidate)| candidate);
            self.extend(of_open, more, &|_| {})?;
            if self.stop.load(Ordering::Relaxed) {
                continue;
            }
            paths = more;
        }
    }
}

fn direction_of(preference: Preference) -> Direction {
    match preference {
        Preference::MostLeverage | Preference::MostInvestmentPerLoss => Direction::Up,
        Preference::Safest => Direction::Down,
    }
}

/// What a preference looks at, on the first `paths` paths.
fn influence_of(preference: Preference, candidate: &Candidate, paths: u64) -> Option<Influence> {
    let mut table = candidate.table.clone();
    table.truncate(paths);
    let of = |measure: Measure| Some(measured(&candidate.plan, &table, measure)?.influence);
    match preference {
        Preference::MostLeverage => of(mean(MetricId::LeverageEffect)),
        Preference::Safest => of(worst_losses()),
        Preference::MostInvestmentPerLoss => {
            ratio_of(&of(mean(MetricId::InvestmentSupported))?, &of(mean(MetricId::FundLoss))?)
        }
    }
}

fn measure_of(limit: &Limit) -> Measure {
    Measure { metric: limit.metric, line: limit.line, statistic: limit.statistic }
}
