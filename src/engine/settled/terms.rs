//! Which plans are settled lists, and what is computed of them once a run: [`SettledTerms`].

use super::Settled;
use super::chance::{Candidate, Class, Thresholds};
use super::channel::{CHANNELS, place};
use super::contract::Contract;
use super::proof::surely_approved;
use crate::engine::applicants::Applicant;
use crate::engine::approval::ineligibility;
use crate::engine::factors::THEMES;
use crate::engine::totals::{
    FirstProject, GroupTotals, Indicators, LifetimeCount, LineCensus, LineTotals, PathTotals,
};
use crate::isa::Isa;
use crate::numeric::pow;
use crate::plan::{ApplicantSource, DependencePlan, LinePlan, ListedApplicant, Plan};
use crate::units::Cents;
use std::ops::Range;

/// Largest amount of a path: twice it is rounded and converted exactly in floating point.
const LARGEST_AMOUNT: f64 = 1e15;

/// Why a plan is not a settled list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotSettled {
    /// Factors move over time: whether a project defaults takes a walk through its quarters.
    MovingFactors,
    /// Hardly any own luck: the thresholds of [`Thresholds`] would not hold.
    HardlyAnyOwnLuck,
    /// Applicants of some line are drawn.
    DrawnApplicants,
    /// On many paths it depends on what happens whether some applicant is approved.
    UnsureApproval,
    /// Receipts may be negative (a negative rate), so that their order matters to cash.
    NegativeReceipts,
    /// Amounts too large for exact sums in floating point.
    HugeAmounts,
    /// Some default happens whatever the luck.
    ForcedDefaults,
    /// Part of the life is history.
    History,
}

/// A listed applicant.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The line's slot.
    pub slot: usize,
    /// Traits; the preferred product is the likeliest.
    pub applicant: Applicant,
    /// Whether its product is drawn.
    pub drawn: bool,
    /// Whether the line admits it.
    pub admitted: bool,
    /// Contract on arrival with each product of the line that it may take, by product; empty if it is not admitted.
    pub contracts: Vec<Option<u32>>,
}

impl Listed {
    /// The contract with the likeliest product.
    pub fn likeliest(&self) -> Option<u32> {
        self.contracts.get(self.applicant.preferred).copied().flatten()
    }
}

/// What is the same on all paths of a plan.
#[derive(Clone, Debug)]
pub struct SettledTerms {
    /// Applicants of all lines, line after line in order of decision.
    pub listed: Vec<Listed>,
    /// Where the applicants of each line stand among these, by slot.
    pub of_line: Vec<Range<usize>>,
    /// Whether everybody in a line is surely approved, by slot.
    pub sure: Vec<bool>,
    /// Contracts.
    pub contracts: Vec<Contract>,
    /// Listed applicants with a disbursement, in order of disbursement.
    pub order: Vec<u32>,
    /// The same as they are drawn.
    pub candidates: Vec<Candidate>,
    /// Classes.
    pub classes: Vec<Class>,
    /// Classes by rating, each with its number of projects disbursed.
    pub promises: Vec<Vec<(u16, f64)>>,
    /// Tables of thresholds.
    pub thresholds: Thresholds,
    /// Streams if nobody withdraws or defaults and everybody takes the likeliest product.
    pub base: Vec<f64>,
    /// Totals of the same path, but for what the walk through the quarters finds out and for lifetime probabilities.
    pub totals: PathTotals,
    /// Whether somebody approved waits for its disbursement when a quarter begins.
    pub pending: Vec<bool>,
    /// Whether a line has guarantees.
    pub guarantees: bool,
}

impl SettledTerms {
    /// Prepares a plan.
    ///
    /// # Errors
    /// [`NotSettled`] with the first reason why not.
    pub fn new(plan: &Plan) -> Result<SettledTerms, NotSettled> {
        if plan.forces_defaults() {
            return Err(NotSettled::ForcedDefaults);
        }
        if plan.has_history() {
            return Err(NotSettled::History);
        }
        let rows = settled_rows(plan)?;
        let mut terms = SettledTerms {
            listed: Vec::new(),
            of_line: Vec::new(),
            sure: Vec::new(),
            contracts: Vec::new(),
            order: Vec::new(),
            candidates: Vec::new(),
            classes: Vec::new(),
            promises: vec![Vec::new(); plan.credit.hazards.len()],
            thresholds: Thresholds::new(&plan.credit.dependence, plan.credit.own_loading),
            base: vec![0.0; plan.quarters as usize * plan.lines.len() * CHANNELS],
            totals: empty_totals(plan),
            pending: vec![false; plan.quarters as usize],
            guarantees: plan.lines.iter().any(LinePlan::has_guarantees),
        };
        for (slot, rows) in rows.into_iter().enumerate() {
            let first = terms.listed.len();
            terms.sure.push(surely_approved(plan, slot, rows));
            for (position, row) in rows.iter().enumerate() {
                terms.list(plan, slot, position, row);
            }
            terms.of_line.push(first..terms.listed.len());
        }
        // The aid ceiling may close a likeliest product: then the likeliest is that nobody knows.
        if terms.listed.iter().any(|listed| listed.admitted && listed.likeliest().is_none()) {
            return Err(NotSettled::UnsureApproval);
        }
        terms.sort(plan);
        terms.begin(plan);
        let all_sure = terms.sure.iter().all(|&sure| sure);
        if all_sure || Settled::new(plan, &terms, Isa::Base).leaves_few_paths() {
            Ok(terms)
        } else {
            Err(NotSettled::UnsureApproval)
        }
    }

    /// Enters an applicant with all contracts that it may have.
    fn list(&mut self, plan: &Plan, slot: usize, position: usize, row: &ListedApplicant) {
        let line = &plan.lines[slot];
        let applicant = applicant_of(line, position, row);
        let admitted = ineligibility(line, &applicant).is_none();
        let sure = self.sure[slot];
        let may_take = |product: usize| {
            let prefers = match row.product {
                Some(named) => named == product,
                None => line.demand.probability(product) > 0.0,
            };
            // Where its wish may not be met it may take another, if the aid ceiling leaves that open.
            let package = line.package(product, row.investment);
            let aid = line.gross_grant_equivalent(product, row.rating, &package);
            sure && prefers || !sure && (prefers || line.fallback > 0.0) && line.aid_fits(aid, row.members)
        };
        let contracts = (0..if admitted { line.products.len() } else { 0 })
            .map(|product| {
                may_take(product).then(|| {
                    self.contracts.push(Contract::new(plan, slot, applicant, product));
                    self.contracts.len() as u32 - 1
                })
            })
            .collect();
        self.listed.push(Listed { slot, applicant, drawn: row.product.is_none(), admitted, contracts });
    }

    /// Order of disbursement: quarter, step 7 before step 9, then order of approval: quarter, line, place in the queue.
    fn sort(&mut self, plan: &Plan) {
        let disbursed = |listed: &Listed| self.contracts[listed.likeliest()? as usize].disbursed;
        let mut order: Vec<(u32, bool, u32, u32)> = (0..)
            .zip(&self.listed)
            .filter_map(|(at, listed)| {
                let same_quarter = plan.lines[listed.slot].disbursement_lag == 0;
                Some((disbursed(listed)?, same_quarter, listed.applicant.arrival, at))
            })
            .collect();
        order.sort_unstable();
        self.order = order.into_iter().map(|(.., at)| at).collect();
        for &at in &self.order {
            let listed = &self.listed[at as usize];
            let contract = &self.contracts[listed.likeliest().expect("a contract") as usize];
            let class = Class::new(plan, contract, contract.disbursed.expect("a disbursement"));
            let known = self.classes.iter().position(|known| *known == class);
            let class = known.unwrap_or_else(|| {
                self.classes.push(class);
                self.classes.len() - 1
            });
            let promises = &mut self.promises[listed.applicant.rating];
            match promises.iter_mut().find(|(known, _)| *known == class as u16) {
                Some((_, projects)) => *projects += 1.0,
                None => promises.push((class as u16, 1.0)),
            }
            self.candidates.push(Candidate {
                slot: listed.slot as u8,
                class: class as u16,
                number: listed.applicant.number,
            });
        }
    }

    /// The path on which nothing unlikely happens.
    fn begin(&mut self, plan: &Plan) {
        let lines = plan.lines.len();
        for listed in &self.listed {
            let Listed { slot, applicant, .. } = listed;
            let line = &plan.lines[*slot];
            let of_line = &mut self.totals.lines[*slot];
            of_line.applications += 1;
            of_line.investment_applied += applicant.investment;
            self.totals.census[*slot].count(applicant);
            let product = line.first_product + applicant.preferred;
            for group in groups(&mut self.totals, applicant, product) {
                group.applications += 1;
                group.investment_applied += applicant.investment;
            }
            let Some(contract) = listed.likeliest() else {
                self.totals.lines[*slot].rejected_ineligible += 1;
                continue;
            };
            self.totals.lines[*slot].approvals += 1;
            let contract = &self.contracts[contract as usize];
            let base = &mut self.base;
            let mut add = |quarter, channel, amount| base[place(lines, quarter, *slot, channel)] += amount;
            contract.approval(1.0, &mut add);
            contract.life(1.0, &mut add);
            let waits =
                applicant.arrival as usize + 1..=contract.disbursed.unwrap_or(plan.quarters - 1) as usize;
            self.pending
                .iter_mut()
                .take(waits.end() + 1)
                .skip(*waits.start())
                .for_each(|waits| *waits = true);
        }
        for &at in &self.order {
            let listed = &self.listed[at as usize];
            let contract = &self.contracts[listed.likeliest().expect("a contract") as usize];
            count_project(plan, &mut self.totals, contract, 1);
            let first = &mut self.totals.census[listed.slot].first_project;
            first.get_or_insert_with(|| first_project(contract));
        }
    }
}

/// The lists of a settled plan, by slot.
fn settled_rows(plan: &Plan) -> Result<Vec<&[ListedApplicant]>, NotSettled> {
    let credit = &plan.credit;
    if matches!(credit.dependence, DependencePlan::Autoregressive { .. }) {
        return Err(NotSettled::MovingFactors);
    }
    if credit.own_loading < Thresholds::LEAST_OWN_LOADING {
        return Err(NotSettled::HardlyAnyOwnLuck);
    }
    let mut most = plan.endowment.to_f64();
    let mut lists = Vec::new();
    for line in &plan.lines {
        let ApplicantSource::List(rows) = &line.applicants else { return Err(NotSettled::DrawnApplicants) };
        if line.fund_rate_quarter < 0.0 || line.guarantee.premium_quarter < 0.0 {
            return Err(NotSettled::NegativeReceipts);
        }
        if rows.iter().any(|row| row.quarter >= plan.open_quarters) {
            return Err(NotSettled::UnsureApproval);
        }
        // What a project may bring in all: its investment, interest and premiums on it.
        let quarterly = 1.0 + line.fund_rate_quarter + line.guarantee.premium_quarter;
        let investments: f64 = rows.iter().map(|row| row.investment.to_f64()).sum();
        most += investments * quarterly * f64::from(plan.quarters);
        lists.push(rows.as_slice());
    }
    most *= pow(1.0 + plan.treasury_quarter.abs(), f64::from(plan.quarters));
    if most < LARGEST_AMOUNT { Ok(lists) } else { Err(NotSettled::HugeAmounts) }
}

/// The applicant of a row; without a named product it prefers the likeliest.
fn applicant_of(line: &LinePlan, position: usize, row: &ListedApplicant) -> Applicant {
    let likeliest = || {
        let probability = |product: &usize| line.demand.probability(*product);
        (0..line.products.len()).max_by(|a, b| probability(a).total_cmp(&probability(b))).unwrap_or(0)
    };
    Applicant {
        number: row.number,
        listed: Some(position as u32),
        arrival: row.quarter,
        investment: row.investment,
        theme: row.theme,
        legal_form: row.legal_form,
        size: row.size,
        rating: row.rating,
        accompanied: row.accompanied,
        members: row.members,
        preferred: row.product.unwrap_or_else(likeliest),
        accepts_other: line.fallback >= 1.0,
    }
}

fn empty_totals(plan: &Plan) -> PathTotals {
    let ratings = plan.credit.hazards.len();
    let mut census = vec![LineCensus::default(); plan.lines.len()];
    census.iter_mut().for_each(|census| census.clear(ratings));
    PathTotals {
        lines: vec![LineTotals::default(); plan.lines.len()],
        themes: vec![GroupTotals::default(); THEMES],
        products: vec![GroupTotals::default(); plan.product_count()],
        ratings: vec![GroupTotals::default(); ratings],
        lifetime: vec![LifetimeCount::default(); ratings],
        census,
        ..PathTotals::default()
    }
}

/// The theme, product and rating group of an applicant.
pub fn groups<'t>(
    totals: &'t mut PathTotals,
    applicant: &Applicant,
    product: usize,
) -> [&'t mut GroupTotals; 3] {
    [
        &mut totals.themes[applicant.theme],
        &mut totals.products[product],
        &mut totals.ratings[applicant.rating],
    ]
}

/// Counts a disbursed project, `times` 1, or -1 to take it back.
pub fn count_project(plan: &Plan, totals: &mut PathTotals, contract: &Contract, times: i64) {
    let capped = plan.lines[contract.slot].guarantee.capped;
    let package = &contract.package;
    let some = |amount: Cents| Cents(times * amount.0);
    let investment = some(contract.applicant.investment);
    let line = &mut totals.lines[contract.slot];
    line.projects += times;
    line.investment_supported += investment;
    line.fund_loans += some(package.fund_loan);
    line.bank_loans += some(package.bank_loan);
    line.guaranteed_loans += if package.guaranteed.0 > 0 { some(package.bank_loan) } else { Cents::ZERO };
    line.guarantees += some(package.guaranteed);
    line.reserves += some(package.reserve);
    line.cap_amount += if capped { some(package.reserve) } else { Cents::ZERO };
    line.grants += some(package.grant);
    line.own_funds += some(package.own_funds);
    line.gross_grant_equivalent += some(contract.gross_grant_equivalent);
    let indicators = Indicators::of(package, contract.applicant.members);
    let indicators = if times > 0 { indicators } else { indicators.negated() };
    line.indicators += indicators;
    totals.lifetime[contract.applicant.rating].projects += times;
    for group in groups(totals, &contract.applicant, contract.group) {
        group.projects += times;
        group.investment_supported += investment;
        group.indicators += indicators;
    }
}

/// The project of a contract as the first of its line, without a default.
pub fn first_project(contract: &Contract) -> FirstProject {
    let applicant = &contract.applicant;
    FirstProject {
        rating: applicant.rating,
        theme: applicant.theme,
        legal_form: applicant.legal_form,
        size: applicant.size,
        accompanied: applicant.accompanied,
        disbursed: contract.disbursed.unwrap_or_default(),
        default_age: None,
    }
}
