//! A scenario resolved to flat numbers: what the engine reads in its loop.
//!
//! [`Plan::resolve`] cannot fail: the scenario was checked before. Names are looked up once (products, ratings,
//! themes become positions), shares become the nearest `f64`, amounts whole cents, years quarters, loan terms
//! schedules of outstanding fractions, weights cumulative probabilities.
//!
//! Decisions where MODEL.md is silent:
//! - A trigger of a tranche is compared in whole cents: spending >= trigger x paid-in, rounded half-even.
//! - `sigma = 0` gives every applicant the median exactly as typed (it may have cents); otherwise investments are
//!   whole euros. If the admitted range has no probability at all, applicants ask for its nearest bound.
//! - `union_share` divides the ratios called leverage: `leverage_effect`, `finance_leverage` and
//!   `private_leverage`; the other ratios (`absorption`, `fund_loss_rate`, `investment_multiplier`) divide by the
//!   whole contribution.

mod calibration;
mod credit;
mod history;
mod pipeline;
mod schedule;
mod state_aid;

pub use calibration::{FactorGrid, lifetime_scale};
pub use credit::{CreditPlan, DependencePlan};
pub use history::{BookedPlan, Fate, OnTheBooks};
pub use pipeline::{ApplicantSource, Categorical, InvestmentLaw, ListedApplicant, StatisticalSource};
pub use schedule::outstanding_fractions;
pub use state_aid::{Bracket, Misfit, guarantee_misfit, loan_misfit};

use crate::numeric;
use crate::scenario::{
    AidRoute, Amortisation, Backing, FundOpening, GuaranteeKind, Line, LineNumber, LineOpening, Pipeline,
    QueueOrder, Regime, Scenario,
};
use crate::units::{Cents, Quarter};

/// A scenario as flat numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Seed of all random numbers.
    pub seed: u64,
    /// Quarters simulated.
    pub quarters: u32,
    /// Quarters in which applications arrive and are decided.
    pub open_quarters: u32,
    /// The first quarter that is not history; 0: a fund that starts.
    pub today: u32,
    /// Balances of the fund's own envelopes today, where they are given.
    pub opening: FundOpening,
    /// Calendar label of quarter 0.
    pub start: Quarter,
    /// All the money.
    pub endowment: Cents,
    /// Part of a contribution that is the Union's.
    pub union_share: f64,
    /// Tranches in order: amount, and the part of earlier tranches that must be spent.
    pub tranches: Vec<TranchePlan>,
    /// Whether principal and recoveries are lent again.
    pub revolving: bool,
    /// Treasury rate of a quarter.
    pub treasury_quarter: f64,
    /// Discount factor of each quarter.
    pub discount: Vec<f64>,
    /// Management fees.
    pub fees: FeePlan,
    /// The lines that the fund has, in order.
    pub lines: Vec<LinePlan>,
    /// Ratings, multipliers, dependence.
    pub credit: CreditPlan,
    /// The largest project of a path defaults so many quarters after its disbursement at the latest.
    pub largest_fails_after: Option<u32>,
    /// Whether gross grant equivalents are reported: aid is limited, or the simplified route, a base rate, a margin or a premium
    /// was given.
    pub reports_aid: bool,
}

/// One tranche of the endowment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TranchePlan {
    /// Its amount.
    pub amount: Cents,
    /// Part of what was paid in before that must have been spent.
    pub trigger: f64,
}

/// Management fees of a quarter.
#[derive(Clone, Debug, PartialEq)]
pub struct FeePlan {
    /// Envelope for fees.
    pub budget: Cents,
    /// Base fee of each quarter per cent paid in.
    pub base_quarter: Vec<f64>,
    /// Quarterly, on outstanding fund loans.
    pub loans_quarter: f64,
    /// Quarterly, on original reserves.
    pub guarantees_quarter: f64,
    /// Once, on grants.
    pub grants_once: f64,
    /// Ceiling over the life.
    pub cap: Cents,
}

/// One line of the fund.
#[derive(Clone, Debug, PartialEq)]
pub struct LinePlan {
    /// Which line.
    pub number: LineNumber,
    /// Envelopes at the start.
    pub loans_budget: Cents,
    /// Envelope for guarantee calls at the start.
    pub guarantees_budget: Cents,
    /// Envelope for grants at the start.
    pub grants_budget: Cents,
    /// Smallest investment admitted.
    pub min_investment: Cents,
    /// Largest investment admitted.
    pub max_investment: Cents,
    /// Admitted legal forms, by position.
    pub admits_legal_form: [bool; 2],
    /// Admitted sizes, by position.
    pub admits_size: [bool; 3],
    /// Probability that an applicant accepts another product.
    pub fallback: f64,
    /// Whether the queue is strict.
    pub strict_queue: bool,
    /// Quarters an application may wait.
    pub max_wait: u32,
    /// Quarters from approval to disbursement.
    pub disbursement_lag: u32,
    /// Probability of withdrawal before disbursement.
    pub withdrawal_rate: f64,
    /// Quarters from disbursement to the grant.
    pub grant_lag: u32,
    /// Quarters after the grant's payment within which a default claws it back.
    pub clawback_quarters: f64,
    /// Part of the grant that comes back.
    pub clawback_recovery: f64,
    /// Standard deviation of the log PD level.
    pub pd_log_sd: f64,
    /// Standard deviation of the log demand level.
    pub demand_log_sd: f64,
    /// Where applicants come from.
    pub applicants: ApplicantSource,
    /// Projects disbursed before today.
    pub booked: Vec<BookedPlan>,
    /// Balances of its envelopes today, where they are given.
    pub opening: LineOpening,
    /// Cumulative probabilities of the preferred product.
    pub demand: Categorical,
    /// Financing packages, in file order.
    pub products: Vec<ProductPlan>,
    /// Quarters to the last payment.
    pub tenor: u32,
    /// Outstanding fraction of a fund loan after each payment, 0 to tenor.
    pub fund_fractions: Vec<f64>,
    /// Outstanding fraction of a bank loan after each payment.
    pub bank_fractions: Vec<f64>,
    /// Quarterly rate on fund loans.
    pub fund_rate_quarter: f64,
    /// Guarantee terms; without guaranteed products they are never used.
    pub guarantee: GuaranteePlan,
    /// Loss given default and recoveries.
    pub loss: LossPlan,
    /// Position of the line's first product among all products of the fund.
    pub first_product: usize,
    /// Aid that each enterprise of an applicant may still get (ceiling less earlier aid, perhaps below 0), if it is
    /// limited.
    pub aid_room: Option<Cents>,
}

/// A financing package.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductPlan {
    /// Its name.
    pub name: String,
    /// Share lent by the fund.
    pub fund_loan: f64,
    /// Share lent by the bank.
    pub bank_loan: f64,
    /// Share granted.
    pub grant: f64,
    /// Share paid by the applicant.
    pub own_funds: f64,
    /// Whether the bank loan, rather than own funds, takes the rounding remainder.
    pub has_bank_loan: bool,
    /// Part of the bank loan guaranteed.
    pub guarantee_rate: f64,
    /// Gross grant equivalent per cent of fund loan, by rating, where no bracket fits.
    pub aid_per_fund_loan: Vec<f64>,
    /// Gross grant equivalent per cent of guaranteed amount, by rating, where no bracket fits.
    pub aid_per_guarantee: Vec<f64>,
    /// The simplified bracket of fund loans.
    pub loan_bracket: Bracket,
    /// The simplified bracket of guaranteed amounts.
    pub guarantee_bracket: Bracket,
}

/// Guarantee terms of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GuaranteePlan {
    /// Whether net calls are limited by the cap amount.
    pub capped: bool,
    /// Cap rate or provision rate.
    pub reserve_rate: f64,
    /// Quarters from default to the due date of the call.
    pub call_lag: u32,
    /// What pays calls.
    pub backing: Backing,
    /// Quarterly premium rate.
    pub premium_quarter: f64,
}

/// Loss given default and recoveries of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct LossPlan {
    /// Law of the loss given default.
    pub law: LossLaw,
    /// Probability that a default cures.
    pub cure_rate: f64,
    /// Quarters after default and cumulative share of each recovery instalment; the last share is 1.
    pub recovery: Vec<(u32, f64)>,
}

/// Law of the loss given default.
#[derive(Clone, Debug, PartialEq)]
pub enum LossLaw {
    /// Always the mean.
    Fixed(f64),
    /// Beta with the line's mean and standard deviation.
    Beta(numeric::BetaLaw),
}

/// The amounts of one package for one investment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Lent by the fund.
    pub fund_loan: Cents,
    /// Lent by the bank.
    pub bank_loan: Cents,
    /// Granted.
    pub grant: Cents,
    /// Paid by the applicant.
    pub own_funds: Cents,
    /// Guarantee rate x bank loan.
    pub guaranteed: Cents,
    /// Reserve of the guarantee.
    pub reserve: Cents,
}

impl LinePlan {
    /// Amounts of a product for an investment: shares rounded to the cent, the bank loan (own funds where the
    /// product has none) takes the remainder (MODEL.md section 3).
    pub fn package(&self, product: usize, investment: Cents) -> Package {
        let product = &self.products[product];
        let fund_loan = investment.times(product.fund_loan);
        let grant = investment.times(product.grant);
        let (bank_loan, own_funds) = if product.has_bank_loan {
            let own_funds = investment.times(product.own_funds);
            (investment - fund_loan - grant - own_funds, own_funds)
        } else {
            (Cents::ZERO, investment - fund_loan - grant)
        };
        let guaranteed = bank_loan.times(product.guarantee_rate);
        let reserve =
            Cents::rounded(product.guarantee_rate * bank_loan.to_f64() * self.guarantee.reserve_rate);
        Package { fund_loan, bank_loan, grant, own_funds, guaranteed, reserve }
    }

    /// Gross grant equivalent of a package (RULES.md): loan and guarantee parts never below 0, plus the grant; rounded once.
    pub fn gross_grant_equivalent(&self, product: usize, rating: usize, package: &Package) -> Cents {
        let terms = &self.products[product];
        let fund_loan = package.fund_loan.to_f64();
        let loan = fund_loan * terms.loan_bracket.or(terms.aid_per_fund_loan[rating], fund_loan);
        let per_guarantee =
            terms.guarantee_bracket.or(terms.aid_per_guarantee[rating], package.guaranteed.to_f64());
        let guarantee = terms.guarantee_rate * package.bank_loan.to_f64() * per_guarantee;
        Cents::rounded(loan.max(0.0) + guarantee.max(0.0) + package.grant.to_f64())
    }

    /// Whether the aid of a package leaves each of an applicant's enterprises within the ceiling:
    /// `gge / members + prior_aid <= ceiling`, to the cent.
    pub fn aid_fits(&self, gross_grant_equivalent: Cents, members: u32) -> bool {
        self.aid_room.is_none_or(|room| gross_grant_equivalent.0 <= room.0 * i64::from(members))
    }

    /// Whether the gross grant equivalent of a product leaves it open to an applicant.
    pub fn is_open(&self, product: usize, rating: usize, investment: Cents, members: u32) -> bool {
        self.aid_room.is_none() || {
            let package = self.package(product, investment);
            self.aid_fits(self.gross_grant_equivalent(product, rating, &package), members)
        }
    }

    /// Investments in euros at which a loan or guarantee of some product reaches the end of its simplified bracket, ascending.
    pub fn bracket_ends(&self) -> Vec<i64> {
        let ends = self.products.iter().flat_map(|product| {
            let guaranteed = product.bank_loan * product.guarantee_rate;
            [(product.loan_bracket, product.fund_loan), (product.guarantee_bracket, guaranteed)]
        });
        let mut ends: Vec<i64> = ends
            .filter(|(bracket, share)| bracket.largest >= 0.0 && *share > 0.0)
            .map(|(bracket, share)| (bracket.largest / share / 100.0) as i64)
            .collect();
        ends.sort_unstable();
        ends.dedup();
        ends
    }

    /// The three budgets together.
    pub fn contribution(&self) -> Cents {
        self.loans_budget + self.guarantees_budget + self.grants_budget
    }

    /// Rows of the list who apply; those on the books come after them.
    pub fn listed_applicants(&self) -> &[ListedApplicant] {
        match &self.applicants {
            ApplicantSource::List(rows) => rows,
            ApplicantSource::Statistical(_) => &[],
        }
    }

    /// Ids of the list by position ([`crate::engine::applicants::Applicant::listed`]): who applies, then who is on the books.
    pub fn listed_ids(&self) -> impl Iterator<Item = &str> {
        let applicants = self.listed_applicants().iter().map(|row| row.id.as_str());
        applicants.chain(self.booked.iter().map(|project| project.id.as_str()))
    }

    /// Whether some product of the line carries a guarantee.
    pub fn has_guarantees(&self) -> bool {
        self.products.iter().any(|product| product.guarantee_rate > 0.0 && product.has_bank_loan)
    }
}

/// Makes a beta law of mean and standard deviation.
type MakeBeta = fn(f64, f64) -> Option<numeric::BetaLaw>;

impl Plan {
    /// Resolves a checked scenario.
    pub fn resolve(scenario: &Scenario) -> Plan {
        Plan::resolve_with(scenario, numeric::BetaLaw::from_mean_sd)
    }

    /// The same for few paths or none: quantiles of losses given default are searched, not tabulated. They agree to 1e-12,
    /// so that once in a great while a cent may differ.
    pub fn resolve_for_few_paths(scenario: &Scenario) -> Plan {
        Plan::resolve_with(scenario, numeric::BetaLaw::searching)
    }

    fn resolve_with(scenario: &Scenario, beta: MakeBeta) -> Plan {
        let fund = &scenario.fund;
        let quarters = fund.horizon_quarters;
        let endowment = fund.endowment;
        let discount_rate = fund.discount_rate.to_f64();
        let base = |quarter: u32| {
            let rates = &fund.fees.base;
            rates[((quarter / 4) as usize).min(rates.len() - 1)].to_f64() / 4.0
        };
        let credit = CreditPlan::resolve(scenario);
        let mut first_product = 0;
        let lines = scenario
            .lines()
            .map(|line| {
                let plan = resolve_line(scenario, line, first_product, beta);
                first_product += plan.products.len();
                plan
            })
            .collect();
        let mut plan =
            Plan {
                seed: scenario.simulation.seed,
                quarters,
                open_quarters: fund.availability_quarters,
                today: fund.today_quarter,
                opening: fund.opening,
                start: fund.start,
                endowment,
                union_share: fund.union_share.to_f64(),
                tranches: resolve_tranches(scenario),
                revolving: fund.revolving,
                treasury_quarter: fund.treasury_rate.to_f64() / 4.0,
                discount: (0..quarters)
                    .map(|quarter| 1.0 / numeric::pow(1.0 + discount_rate, quarter as f64 / 4.0))
                    .collect(),
                fees: FeePlan {
                    budget: fund.fees.budget,
                    base_quarter: (0..quarters).map(base).collect(),
                    loans_quarter: fund.fees.loans.to_f64() / 4.0,
                    guarantees_quarter: fund.fees.guarantees.to_f64() / 4.0,
                    grants_once: fund.fees.grants.to_f64(),
                    cap: endowment.times(fund.fees.cap.to_f64()),
                },
                lines,
                credit,
                largest_fails_after: scenario.economy.largest_fails_after_quarters,
                reports_aid: scenario.state_aid.regime == Regime::DeMinimis
                    || scenario.state_aid.route == AidRoute::Simplified
                    || !scenario.state_aid.base_rate.is_zero()
                    || scenario.credit.ratings.iter().any(|rating| {
                        !rating.reference_margin.is_zero() || !rating.guarantee_premium.is_zero()
                    }),
            };
        plan.credit.scale_to_lifetime(scenario, &plan.lines);
        plan
    }

    /// Whether part of the life is history: only the reference engine replays it.
    pub fn has_history(&self) -> bool {
        self.today > 0
    }

    /// Whether somebody defaults whatever the luck: default probabilities are no longer those of the ratings.
    pub fn forces_defaults(&self) -> bool {
        self.largest_fails_after.is_some()
            || self.lines.iter().any(|line| match &line.applicants {
                ApplicantSource::List(rows) => rows.iter().any(|row| row.forced_default_quarter.is_some()),
                ApplicantSource::Statistical(_) => false,
            })
    }

    /// The plan of a scenario that differs from this one's in nothing but how the money of its lines is divided: what
    /// [`Plan::resolve`] gives, without computing all else again.
    pub fn with_budgets_of(&self, scenario: &Scenario) -> Plan {
        let mut plan = self.clone();
        for (plan, line) in plan.lines.iter_mut().zip(scenario.lines()) {
            (plan.loans_budget, plan.guarantees_budget) = (line.budget.loans, line.budget.guarantees);
            plan.grants_budget = line.budget.grants;
        }
        plan
    }

    /// Whether the other plan is the same but for how the money of its lines is divided: then the same enterprises apply
    /// with the same luck, and every rate and term is the same.
    pub fn differs_in_budgets_only(&self, other: &Plan) -> bool {
        let without_budgets = |plan: &Plan| {
            let mut plan = plan.clone();
            for line in &mut plan.lines {
                (line.loans_budget, line.guarantees_budget, line.grants_budget) = Default::default();
            }
            plan
        };
        without_budgets(self) == without_budgets(other)
    }

    /// Products of all lines together.
    pub fn product_count(&self) -> usize {
        self.lines.iter().map(|line| line.products.len()).sum()
    }
}

/// Tranche amounts: cumulative shares of the endowment rounded half-even, so that they add up to it.
fn resolve_tranches(scenario: &Scenario) -> Vec<TranchePlan> {
    let endowment = scenario.fund.endowment;
    let mut cumulative = rust_decimal::Decimal::ZERO;
    let mut before = Cents::ZERO;
    scenario
        .fund
        .tranches
        .iter()
        .map(|tranche| {
            cumulative += tranche.share.decimal();
            let after = endowment.times(crate::units::nearest_f64(cumulative));
            let amount = after - before;
            before = after;
            TranchePlan { amount, trigger: tranche.trigger.to_f64() }
        })
        .collect()
}

fn resolve_line(scenario: &Scenario, line: &Line, first_product: usize, beta: MakeBeta) -> LinePlan {
    let tenor = line.loan.tenor_quarters;
    let grace = line.loan.grace_quarters;
    let fund_rate = line.loan.fund_rate.to_f64();
    let bank_rate = line.loan.bank_rate.to_f64();
    let amortisation: Amortisation = line.loan.amortisation;
    let fund_fractions = outstanding_fractions(amortisation, tenor, grace, fund_rate / 4.0);
    let bank_fractions = outstanding_fractions(amortisation, tenor, grace, bank_rate / 4.0);
    let guarantee = match &line.guarantee {
        Some(terms) => GuaranteePlan {
            capped: matches!(terms.kind, GuaranteeKind::Capped { .. }),
            reserve_rate: terms.kind.reserve_rate().to_f64(),
            call_lag: terms.call_lag_quarters,
            backing: terms.backing,
            premium_quarter: terms.premium_rate.to_f64() / 4.0,
        },
        None => GuaranteePlan {
            capped: true,
            reserve_rate: 0.0,
            call_lag: 0,
            backing: Backing::Envelope,
            premium_quarter: 0.0,
        },
    };
    let aid = state_aid::AidFactors {
        scenario,
        fund_fractions: &fund_fractions,
        bank_fractions: &bank_fractions,
        fund_rate,
        premium_rate: guarantee.premium_quarter * 4.0,
    };
    let products = line
        .products
        .iter()
        .map(|product| ProductPlan {
            name: product.name.clone(),
            fund_loan: product.fund_loan.to_f64(),
            bank_loan: product.bank_loan.to_f64(),
            grant: product.grant.to_f64(),
            own_funds: product.own_funds.to_f64(),
            has_bank_loan: !product.bank_loan.is_zero(),
            guarantee_rate: product.guarantee_rate.to_f64(),
            aid_per_fund_loan: aid.per_fund_loan(),
            aid_per_guarantee: aid.per_guarantee(),
            loan_bracket: aid.loan_bracket(tenor),
            guarantee_bracket: aid.guarantee_bracket(tenor, product.guarantee_rate),
        })
        .collect();
    let mut cumulative = rust_decimal::Decimal::ZERO;
    let recovery = line
        .loss
        .recovery
        .iter()
        .map(|step| {
            cumulative += step.share.decimal();
            (step.after_quarters, crate::units::nearest_f64(cumulative))
        })
        .collect();
    let (mean, sd) = (line.loss.lgd_mean.to_f64(), line.loss.lgd_sd.to_f64());
    let law = match beta(mean, sd) {
        Some(beta) => LossLaw::Beta(beta),
        None => LossLaw::Fixed(mean),
    };
    let mut plan = LinePlan {
        number: line.number,
        loans_budget: line.budget.loans,
        guarantees_budget: line.budget.guarantees,
        grants_budget: line.budget.grants,
        min_investment: line.min_investment,
        max_investment: line.max_investment,
        admits_legal_form: crate::scenario::LegalForm::ALL
            .iter()
            .map(|form| line.legal_forms.contains(form))
            .collect::<Vec<_>>()
            .try_into()
            .expect("two legal forms"),
        admits_size: crate::scenario::Size::ALL
            .iter()
            .map(|size| line.sizes.contains(size))
            .collect::<Vec<_>>()
            .try_into()
            .expect("three sizes"),
        fallback: line.fallback.to_f64(),
        strict_queue: line.queue == QueueOrder::Strict,
        max_wait: line.max_wait_quarters,
        disbursement_lag: line.disbursement_lag_quarters,
        withdrawal_rate: line.withdrawal_rate.to_f64(),
        grant_lag: line.grant_lag_quarters,
        clawback_quarters: 4.0 * line.grant_clawback_years.to_f64(),
        clawback_recovery: line.grant_clawback_recovery.to_f64(),
        pd_log_sd: line.pd_log_sd.to_f64(),
        demand_log_sd: match &line.pipeline {
            Pipeline::Statistical(pipeline) => pipeline.applications_log_sd.to_f64(),
            Pipeline::List(_) => 0.0,
        },
        applicants: ApplicantSource::resolve(scenario, line),
        booked: Vec::new(),
        opening: line.opening,
        demand: Categorical::new(line.products.iter().map(|product| product.demand.to_f64())),
        products,
        tenor,
        fund_fractions,
        bank_fractions,
        fund_rate_quarter: fund_rate / 4.0,
        guarantee,
        loss: LossPlan { law, cure_rate: line.loss.cure_rate.to_f64(), recovery },
        first_product,
        aid_room: match scenario.state_aid.regime {
            Regime::None => None,
            Regime::DeMinimis => Some(scenario.aid_ceiling(line) - line.state_aid.prior_aid),
        },
    };
    plan.booked = history::resolve(line, &plan, scenario.fund.today_quarter);
    plan
}
