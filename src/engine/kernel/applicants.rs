//! All applicants of one line on the paths of a batch: traits, eligibility and luck, one array each.
//!
//! Everything about an applicant that does not depend on what happens in the fund is computed here, before the first
//! quarter: the same numbers, by the same operations, as [`crate::engine::applicants`], [`crate::engine::approval`] and
//! [`crate::engine::defaults`] give one applicant at a time. Simple loops over arrays let the compiler work on
//! several applicants with one instruction; the few numbers for which a loop has no formula (the tails of the
//! normal quantile, extreme exponents) are listed and done singly afterwards.

use super::draws::LANES;
use super::terms::{KernelTerms, LARGEST_AMOUNT};
use crate::engine::applicants::Applicant;
use crate::engine::factors::PathFactors;
use crate::isa::Stage;
use crate::numeric::lanes::{self, round_half_even};
use crate::numeric::normal::{central_quantile, is_central, normal_quantile};
use crate::numeric::{exp, exp_m1};
use crate::plan::{ApplicantSource, Categorical, InvestmentLaw, LinePlan, Package, Plan, ProductPlan};
use crate::units::Cents;

/// Random numbers of the applicants of a line: one array a draw.
#[derive(Clone, Debug, Default)]
pub struct Uniforms {
    /// Investment, theme, legal form, size, rating, accompaniment.
    pub enterprise: [Vec<f64>; 6],
    /// Preferred product, acceptance of another.
    pub preference: [Vec<f64>; 2],
    /// Number of members, and a second number that is not used.
    pub members: [Vec<f64>; 2],
    /// Withdrawal, and a second number that is not used.
    pub withdrawal: [Vec<f64>; 2],
    /// The project's own luck of default, and a second number that is not used.
    pub own: [Vec<f64>; 2],
}

/// Amounts of one product for one investment, in whole cents: [`Package`] in floating point.
///
/// Computed where they are asked for: six roundings cost less than fetching six numbers from an array of all
/// applicants and products.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    /// Lent by the fund.
    pub fund_loan: f64,
    /// Lent by the bank.
    pub bank_loan: f64,
    /// Granted.
    pub grant: f64,
    /// Paid by the applicant.
    pub own_funds: f64,
    /// Guarantee rate x bank loan.
    pub guaranteed: f64,
    /// Reserve of the guarantee.
    pub reserve: f64,
}

impl Needs {
    /// [`LinePlan::package`].
    #[inline(always)]
    pub fn of(line: &LinePlan, product: &ProductPlan, investment: f64) -> Needs {
        let fund_loan = round_half_even(investment * product.fund_loan);
        let grant = round_half_even(investment * product.grant);
        let rest = investment - fund_loan - grant;
        let own_funds =
            if product.has_bank_loan { round_half_even(investment * product.own_funds) } else { rest };
        let bank_loan = rest - own_funds;
        Needs {
            fund_loan,
            bank_loan,
            grant,
            own_funds,
            guaranteed: round_half_even(bank_loan * product.guarantee_rate),
            reserve: round_half_even(product.guarantee_rate * bank_loan * line.guarantee.reserve_rate),
        }
    }

    /// As whole cents.
    pub fn package(&self) -> Package {
        let cents = |amount: f64| Cents(amount as i64);
        Package {
            fund_loan: cents(self.fund_loan),
            bank_loan: cents(self.bank_loan),
            grant: cents(self.grant),
            own_funds: cents(self.own_funds),
            guaranteed: cents(self.guaranteed),
            reserve: cents(self.reserve),
        }
    }
}

/// The applicants of one line on the paths of a batch, path after path, in order of arrival.
#[derive(Clone, Debug, Default)]
pub struct LineApplicants {
    /// Applicants, without padding.
    pub count: usize,
    /// Path of each, padded.
    pub path: Vec<u64>,
    /// Place of the path in the batch.
    pub lane: Vec<u8>,
    /// Number in the line: addresses the luck.
    pub number: Vec<u32>,
    /// Place in the line's list, if it has one.
    pub listed: Vec<u32>,
    /// Quarter of arrival.
    pub arrival: Vec<u32>,
    /// Investment in whole cents.
    pub investment: Vec<f64>,
    /// Theme by position.
    pub theme: Vec<u8>,
    /// Legal form by position.
    pub legal_form: Vec<u8>,
    /// Size by position.
    pub size: Vec<u8>,
    /// Rating by position.
    pub rating: Vec<u8>,
    /// Whether accompanied.
    pub accompanied: Vec<bool>,
    /// Enterprises that apply together; 1 where the line draws none.
    pub members: Vec<u8>,
    /// Preferred product by position.
    pub preferred: Vec<u8>,
    /// Whether another product is accepted.
    pub accepts_other: Vec<bool>,
    /// Whether the line admits the applicant and some product is open to it.
    pub eligible: Vec<bool>,
    /// Products that the aid ceiling leaves open, bit by bit.
    pub open: Vec<u32>,
    /// Draws.
    pub uniforms: Uniforms,
    /// Factor on the rating's hazards.
    pub multiplier: Vec<f64>,
    /// Latent variable of the copula (static dependence).
    pub latent: Vec<f64>,
    /// Default probability over the whole tenor (static dependence, constant economy).
    pub promised: Vec<f64>,
    /// Whether the project may default over the whole tenor; `false` is certain.
    pub may_default: Vec<bool>,
    scratch: [Vec<f64>; 2],
    singles: Vec<u32>,
}

impl LineApplicants {
    /// Nobody.
    pub fn clear(&mut self) {
        self.count = 0;
        self.path.clear();
        self.lane.clear();
        self.number.clear();
        self.listed.clear();
        self.arrival.clear();
    }

    /// Adds an applicant whose traits come later.
    pub fn push(&mut self, path: u64, lane: usize, number: u32, listed: u32, arrival: u32) {
        self.path.push(path);
        self.lane.push(lane as u8);
        self.number.push(number);
        self.listed.push(listed);
        self.arrival.push(arrival);
        self.count += 1;
    }

    /// Pads the arrays to whole lanes and makes room for everything else.
    pub fn allot(&mut self) {
        let padded = self.count.next_multiple_of(LANES);
        self.path.resize(padded, 0);
        self.lane.resize(padded, 0);
        self.number.resize(padded, 0);
        self.listed.resize(padded, 0);
        self.arrival.resize(padded, 0);
        let Uniforms { enterprise, preference, members, withdrawal, own } = &mut self.uniforms;
        let draws = enterprise.iter_mut().chain(preference).chain(members).chain(withdrawal).chain(own);
        let [first, second] = &mut self.scratch;
        let numbers =
            [&mut self.investment, &mut self.multiplier, &mut self.latent, &mut self.promised, first, second];
        draws.chain(numbers).for_each(|array| array.resize(padded, 0.0));
        let categories =
            [&mut self.theme, &mut self.legal_form, &mut self.size, &mut self.rating, &mut self.preferred];
        categories.into_iter().for_each(|array| array.resize(padded, 0));
        let flags =
            [&mut self.accompanied, &mut self.accepts_other, &mut self.eligible, &mut self.may_default];
        flags.into_iter().for_each(|array| array.resize(padded, false));
        self.members.resize(padded, 1);
        self.singles.resize(padded, 0);
        self.open.resize(padded, u32::MAX);
    }

    /// An applicant as the rest of the engine knows it.
    pub fn applicant(&self, at: usize, is_listed: bool) -> Applicant {
        Applicant {
            number: self.number[at],
            listed: is_listed.then(|| self.listed[at]),
            arrival: self.arrival[at],
            investment: Cents(self.investment[at] as i64),
            theme: self.theme[at] as usize,
            legal_form: self.legal_form[at] as usize,
            size: self.size[at] as usize,
            rating: self.rating[at] as usize,
            accompanied: self.accompanied[at],
            members: u32::from(self.members[at]),
            preferred: self.preferred[at] as usize,
            accepts_other: self.accepts_other[at],
        }
    }
}

/// Computes traits, eligibility and luck from the draws.
pub struct Traits<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Tables of the plan.
    pub terms: &'a KernelTerms,
    /// Slot of the line.
    pub slot: usize,
    /// Common luck of the paths of the batch.
    pub factors: &'a [PathFactors],
    /// Whose they are.
    pub applicants: &'a mut LineApplicants,
}

impl Stage for Traits<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Traits { plan, terms, slot, factors, applicants } = self;
        let line = &plan.lines[slot];
        enterprises(line, applicants);
        categories(&line.demand, &applicants.uniforms.preference[0], &mut applicants.preferred);
        if let ApplicantSource::List(rows) = &line.applicants {
            for at in 0..applicants.count {
                if let Some(product) = rows[applicants.listed[at] as usize].product {
                    applicants.preferred[at] = product as u8;
                }
            }
        }
        flags(&applicants.uniforms.preference[1], line.fallback, &mut applicants.accepts_other);
        eligibility(line, applicants);
        luck(plan, terms, slot, factors, applicants);
    }
}

/// Investment, theme, legal form, size, rating and accompaniment.
#[inline(always)]
fn enterprises(line: &LinePlan, applicants: &mut LineApplicants) {
    match &line.applicants {
        ApplicantSource::Statistical(source) => {
            let draws = &applicants.uniforms.enterprise;
            categories(&source.themes, &draws[1], &mut applicants.theme);
            categories(&source.legal_forms, &draws[2], &mut applicants.legal_form);
            categories(&source.sizes, &draws[3], &mut applicants.size);
            categories(&source.ratings, &draws[4], &mut applicants.rating);
            flags(&draws[5], source.accompanied, &mut applicants.accompanied);
            if let Some(law) = &source.members {
                categories(law, &applicants.uniforms.members[0], &mut applicants.members);
                applicants.members.iter_mut().for_each(|members| *members = members.wrapping_add(1));
            }
            investments(&source.investment, applicants);
        }
        ApplicantSource::List(rows) => {
            for at in 0..applicants.count {
                let row = &rows[applicants.listed[at] as usize];
                applicants.investment[at] = row.investment.to_f64();
                applicants.theme[at] = row.theme as u8;
                applicants.legal_form[at] = row.legal_form as u8;
                applicants.size[at] = row.size as u8;
                applicants.rating[at] = row.rating as u8;
                applicants.accompanied[at] = row.accompanied;
                applicants.members[at] = row.members as u8;
            }
        }
    }
}

/// [`Categorical::pick`]: how many cumulative probabilities a draw has reached.
#[inline(always)]
fn categories(law: &Categorical, draws: &[f64], picked: &mut [u8]) {
    picked.fill(0);
    for &cumulative in law.cumulative() {
        for (category, &draw) in picked.iter_mut().zip(draws) {
            *category = category.wrapping_add(u8::from(draw >= cumulative));
        }
    }
}

#[inline(always)]
fn flags(draws: &[f64], probability: f64, flags: &mut [bool]) {
    for (flag, &draw) in flags.iter_mut().zip(draws) {
        *flag = draw < probability;
    }
}

/// [`InvestmentLaw::draw`].
#[inline(always)]
fn investments(law: &InvestmentLaw, applicants: &mut LineApplicants) {
    let investment = &mut applicants.investment;
    match *law {
        InvestmentLaw::Fixed(amount) => investment.fill(amount.to_f64()),
        InvestmentLaw::LogNormal { log_median, sigma, below, mass, upper, bounds: (min, max) } => {
            let [probability, score] = &mut applicants.scratch;
            for (p, &draw) in probability.iter_mut().zip(&applicants.uniforms.enterprise[0]) {
                *p = below + draw * mass;
            }
            quantiles(probability, score, &mut applicants.singles);
            // The exponent, then the amount; the scalar road for what the lanes do not cover.
            let mut covered = true;
            for (value, &score) in probability.iter_mut().zip(score.iter()) {
                *value = log_median + sigma * if upper { -score } else { score };
                covered &= lanes::exp_covers(*value);
            }
            let (min, max) = (min.to_f64(), max.to_f64());
            let (min_euros, max_euros) = (min / 100.0, max / 100.0);
            if covered {
                for (amount, &exponent) in investment.iter_mut().zip(probability.iter()) {
                    let euros = clamp(lanes::exp(exponent), min_euros, max_euros);
                    *amount = clamp(round_half_even(euros) * 100.0, min, max);
                }
            } else {
                for (amount, &exponent) in investment.iter_mut().zip(probability.iter()) {
                    let euros = clamp(exp(exponent), min_euros, max_euros);
                    *amount = clamp(round_half_even(euros) * 100.0, min, max);
                }
            }
        }
    }
}

/// `f64::clamp` for bounds in order.
#[inline(always)]
fn clamp(x: f64, low: f64, high: f64) -> f64 {
    let x = if x < low { low } else { x };
    if x > high { high } else { x }
}

/// [`normal_quantile`] of many probabilities: the centre in lanes, then the tails, one in seven, singly.
#[inline(always)]
fn quantiles(probabilities: &[f64], scores: &mut [f64], singles: &mut [u32]) {
    let mut tails = 0;
    for (at, (score, &p)) in scores.iter_mut().zip(probabilities).enumerate() {
        *score = central_quantile(p);
        // Listed without a branch: the place is written and kept only if it counts.
        singles[tails] = at as u32;
        tails += usize::from(!is_central(p));
    }
    for &at in &singles[..tails] {
        scores[at as usize] = normal_quantile(probabilities[at as usize]);
    }
}

/// A table that a category looks up: so small and round that no bound needs a check.
pub type Table = [f64; TABLE];

/// Entries of a table; the kernel supports plans of at most so many ratings.
pub const TABLE: usize = 32;

/// A table of the first entries of `values`.
#[inline(always)]
fn table(values: impl IntoIterator<Item = f64>) -> Table {
    let mut table = [0.0; TABLE];
    table.iter_mut().zip(values).for_each(|(entry, value)| *entry = value);
    table
}

#[inline(always)]
fn entry(table: &Table, position: u8) -> f64 {
    table[position as usize % TABLE]
}

/// [`crate::engine::approval::is_eligible`], and which products the aid ceiling leaves open.
#[inline(always)]
fn eligibility(line: &LinePlan, applicants: &mut LineApplicants) {
    let LineApplicants { investment, legal_form, size, rating, members, eligible, open, .. } = applicants;
    let (min, max) = (line.min_investment.to_f64(), line.max_investment.to_f64());
    let forms = line.admits_legal_form;
    let sizes: [bool; 4] = std::array::from_fn(|size| line.admits_size.get(size) == Some(&true));
    let traits = investment.iter().zip(legal_form.iter()).zip(size.iter());
    for (eligible, ((&investment, &form), &size)) in eligible.iter_mut().zip(traits) {
        *eligible = (investment >= min)
            & (investment <= max)
            & forms[form as usize % forms.len()]
            & sizes[size as usize % sizes.len()];
    }
    let Some(room) = line.aid_room else { return };
    let room = room.to_f64();
    open.fill(0);
    for (position, product) in line.products.iter().enumerate() {
        let per_loan = table(product.aid_per_fund_loan.iter().copied());
        let per_guarantee = table(product.aid_per_guarantee.iter().copied());
        let traits = investment.iter().zip(rating.iter()).zip(members.iter());
        for (open, ((&investment, &rating), &members)) in open.iter_mut().zip(traits) {
            let needs = Needs::of(line, product, investment);
            let per_loan = product.loan_bracket.or(entry(&per_loan, rating), needs.fund_loan);
            let per_guarantee = product.guarantee_bracket.or(entry(&per_guarantee, rating), needs.guaranteed);
            let loan = needs.fund_loan * per_loan;
            let guarantee = product.guarantee_rate * needs.bank_loan * per_guarantee;
            let aid = round_half_even(loan.max(0.0) + guarantee.max(0.0) + needs.grant);
            *open |= u32::from(aid <= room * f64::from(members)) << position;
        }
    }
    for (eligible, &open) in eligible.iter_mut().zip(open.iter()) {
        *eligible &= open != 0;
    }
}

/// Hazard multiplier; under static dependence the latent variable and, in a constant economy, the default probability
/// over the whole tenor and whether the project may default at all: [`crate::engine::defaults::decide_default`].
#[inline(always)]
fn luck(
    plan: &Plan,
    terms: &KernelTerms,
    slot: usize,
    factors: &[PathFactors],
    applicants: &mut LineApplicants,
) {
    let Some(survival) = &terms.survival else { return };
    let credit = &plan.credit;
    let LineApplicants { lane, theme, legal_form, size, rating, accompanied, uniforms, .. } = applicants;
    let LineApplicants { multiplier: multipliers, latent: latents, promised: promises, .. } = applicants;
    let LineApplicants { may_default, scratch: [cumulative, score], singles, .. } = applicants;
    // Legal form (2) x theme (4) x size (4, of which 3 exist), multiplied in this order.
    let class = table((0..TABLE).map(|class| {
        let [form, theme, size] = [class / 16, class / 4 % 4, class % 4];
        credit.legal_form_multiplier[form]
            * credit.theme_multiplier[theme]
            * credit.size_multiplier.get(size).unwrap_or(&1.0)
    }));
    let level = table(factors.iter().map(|path| path.pd_level[slot]));
    let traits =
        legal_form.iter().zip(theme.iter()).zip(size.iter()).zip(accompanied.iter()).zip(lane.iter());
    for (multiplier, ((((&form, &theme), &size), &accompanied), &lane)) in multipliers.iter_mut().zip(traits)
    {
        let accompanied = if accompanied { credit.accompanied_multiplier } else { 1.0 };
        // Under static dependence no hazard is scaled to a lifetime target.
        *multiplier = entry(&class, form << 4 | theme << 2 | size) * accompanied * entry(&level, lane);
    }
    quantiles(&uniforms.own[0], score, singles);
    let global = table(factors.iter().map(|path| credit.global_loading * path.global[0]));
    let themes = table(factors.iter().flat_map(|path| path.themes[0].map(|s| credit.theme_loading * s)));
    let mixing = table(factors.iter().map(|path| path.mixing));
    for (latent, ((&lane, &theme), &score)) in
        latents.iter_mut().zip(lane.iter().zip(theme.iter()).zip(score.iter()))
    {
        let common = entry(&global, lane) + entry(&themes, lane << 2 | theme);
        *latent = (common + credit.own_loading * score) * entry(&mixing, lane);
    }
    let Some(economy) = terms.constant_economy else { return };
    cumulative.fill(0.0);
    let tenor = plan.lines[slot].tenor;
    let hazard = score;
    for (year, hazards) in (0..tenor.div_ceil(4)).zip(&terms.hazards) {
        for (hazard, (&rating, &multiplier)) in hazard.iter_mut().zip(rating.iter().zip(multipliers.iter())) {
            *hazard = entry(hazards, rating) * multiplier * economy;
        }
        // One after the other: a sum's rounding depends on its order.
        let quarters = (tenor - 4 * year).min(4);
        for (sum, &hazard) in cumulative.iter_mut().zip(hazard.iter()) {
            let mut now = *sum + hazard;
            for _ in 1..quarters {
                now += hazard;
            }
            *sum = now;
        }
    }
    let mut covered = true;
    for (promised, &sum) in promises.iter_mut().zip(cumulative.iter()) {
        covered &= lanes::exp_m1_covers(sum);
        *promised = -lanes::exp_m1(-sum);
    }
    if !covered {
        for (promised, &sum) in promises.iter_mut().zip(cumulative.iter()) {
            if !lanes::exp_m1_covers(sum) {
                *promised = -exp_m1(-sum);
            }
        }
    }
    let chances = promises.iter().zip(latents.iter());
    for (may_default, (&promised, &latent)) in may_default.iter_mut().zip(chances) {
        *may_default = survival.may_default(promised, latent);
    }
}

/// Whether the investments of one path are small enough for exact sums in floating point.
pub fn amounts_are_exact(investments: &[f64]) -> bool {
    investments.iter().sum::<f64>() < LARGEST_AMOUNT
}
