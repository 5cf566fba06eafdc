//! `[line1]` and `[line2]`: budget, products, loan, guarantee, loss and applicants.

use super::applicants::{self, ApplicantsDraft};
use super::{Family, euros, one_of};
use proptest::prelude::*;

/// A line before the calendar of its fund is known.
#[derive(Clone, Debug)]
pub struct LineDraft {
    number: u8,
    /// Typical investment; the line admits 0.4 to 2 of it.
    typical_cents: u64,
    /// Loans, guarantees, grants, each in hundredths of the typical investment, and cents more.
    budget: Vec<(u64, u64)>,
    ample: bool,
    terms: String,
    products: Vec<String>,
    loan: LoanDraft,
    tables: String,
    applicants: ApplicantsDraft,
}

#[derive(Clone, Debug)]
struct LoanDraft {
    tenor: u32,
    grace_choice: u32,
    grant_lag_choice: u32,
    text: String,
}

pub fn draft(number: u8, family: Family) -> impl Strategy<Value = LineDraft> {
    let applicants = match family {
        Family::Any => prop_oneof![applicants::statistical(), applicants::listed(14)].boxed(),
        Family::Ample => applicants::listed(25).boxed(),
    };
    let typical = prop_oneof![3 => Just(5_000_000_u64), 1 => Just(140_000_000), 1 => Just(123_457)];
    let tables = (guarantee(), loss(), line_aid()).prop_map(|(guarantee, loss, aid)| (guarantee, loss + aid));
    (typical, budget(), terms(), products(), loan(), tables, applicants).prop_map(
        move |(typical_cents, budget, terms, products, loan, (guarantee, loss), applicants)| LineDraft {
            number,
            typical_cents,
            budget,
            ample: family == Family::Ample,
            terms,
            products,
            loan,
            tables: format!("[line{number}.guarantee]\n{guarantee}[line{number}.loss]\n{loss}")
                .replace("[line.", &format!("[line{number}.")),
            applicants,
        },
    )
}

impl LineDraft {
    /// Loans, guarantees and grants in cents.
    fn budgets(&self) -> Vec<u64> {
        match (&self.applicants, self.ample) {
            // Each envelope can pay every project of the list in full, fees and calls of a lifetime beside.
            (ApplicantsDraft::Listed(rows), true) => {
                let all: u64 = rows.iter().map(|row| row.investment_cents(self.typical_cents)).sum();
                vec![2 * all; 3]
            }
            _ => self
                .budget
                .iter()
                .map(|(percent, cents)| self.typical_cents * percent / 100 + cents)
                .collect(),
        }
    }

    /// The three envelopes together.
    pub fn budget_cents(&self) -> u64 {
        self.budgets().iter().sum()
    }

    /// The rows of the list that name this line.
    pub fn rows(&self, open_quarters: u32) -> Vec<String> {
        match &self.applicants {
            ApplicantsDraft::Statistical(_) => Vec::new(),
            ApplicantsDraft::Listed(rows) => rows
                .iter()
                .enumerate()
                .map(|(position, row)| {
                    row.text(position, self.number, self.typical_cents, open_quarters, self.products.len())
                })
                .collect(),
        }
    }

    /// The tables.
    pub fn text(&self) -> String {
        let number = self.number;
        let budgets = self.budgets();
        let loan = &self.loan;
        let mut text = format!(
            "[line{number}]\nmin_investment = {}\nmax_investment = {}\n{}grant_lag_quarters = {}\n\
             [line{number}.budget]\nloans = {}\nguarantees = {}\ngrants = {}\n",
            euros(self.typical_cents * 2 / 5),
            euros(self.typical_cents * 2),
            self.terms,
            loan.grant_lag_choice % (loan.tenor + 1),
            euros(budgets[0]),
            euros(budgets[1]),
            euros(budgets[2]),
        );
        for (position, product) in self.products.iter().enumerate() {
            text.push_str(&format!("[[line{number}.product]]\nname = \"p{position}\"\n{product}"));
        }
        text.push_str(&format!(
            "[line{number}.loan]\ntenor_quarters = {}\ngrace_quarters = {}\n{}",
            loan.tenor,
            loan.grace_choice % loan.tenor,
            loan.text
        ));
        text.push_str(&self.tables);
        if let ApplicantsDraft::Statistical(pipeline) = &self.applicants {
            text.push_str(&pipeline.text(number, self.typical_cents));
        }
        text
    }
}

/// From nothing to several projects: small budgets bind.
fn budget() -> impl Strategy<Value = Vec<(u64, u64)>> {
    let percent = prop_oneof![1 => Just(0_u64), 4 => 5_u64..150, 3 => 150_u64..600];
    let cents = prop_oneof![Just(0_u64), 1_u64..100];
    prop::collection::vec((percent, cents), 3)
}

fn terms() -> impl Strategy<Value = String> {
    (
        one_of(&["legal_forms = [\"nonprofit\"]\n", "legal_forms = [\"nonprofit\", \"forprofit\"]\n"]),
        one_of(&["sizes = [\"micro\", \"small\"]\n", "sizes = [\"micro\", \"small\", \"medium\"]\n"]),
        one_of(&["true", "false", "0.5"]),
        one_of(&["skip", "strict"]),
        0_u32..5,
        one_of(&["0", "0.5", "2", "10"]),
        one_of(&["0", "0.25", "1"]),
        prop_oneof![2 => Just(0_u32), 2 => 1_u32..5],
        one_of(&["0", "0.1", "0.4"]),
        one_of(&["0", "0.4"]),
    )
        .prop_map(
            |(forms, sizes, fallback, queue, wait, clawback, recovery, lag, withdrawal, pd_log_sd)| {
                format!(
                    "{forms}{sizes}fallback = {fallback}\nqueue = \"{queue}\"\nmax_wait_quarters = {wait}\n\
                 grant_clawback_years = {clawback}\ngrant_clawback_recovery = {recovery}\n\
                 disbursement_lag_quarters = {lag}\nwithdrawal_rate = {withdrawal}\npd_log_sd = {pd_log_sd}\n"
                )
            },
        )
}

fn products() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(product(), 1..=4).prop_map(|mut products| {
        // At least one product is asked for.
        products[0].push_str("demand = 1\n");
        products[1..].iter_mut().zip([2.5, 0.0, 1.0]).for_each(|(product, demand)| {
            product.push_str(&format!("demand = {demand}\n"));
        });
        products
    })
}

fn product() -> impl Strategy<Value = String> {
    let part = || prop_oneof![Just(0_u32), 1_u32..=10];
    let rate = one_of(&["0", "\"30%\"", "\"77.7%\"", "\"80%\"", "1"]);
    (part(), part(), part(), prop_oneof![3 => Just(0_u32), 1 => 1_u32..5], rate).prop_map(
        |(own, fund, bank, grant, rate)| {
            let whole = (own + fund + bank + grant).max(1);
            let [fund, bank, grant] = [fund, bank, grant].map(|part| part * 1_000 / whole);
            let own = 1_000 - fund - bank - grant;
            let share = |per_mille: u32| format!("{}.{:03}", per_mille / 1_000, per_mille % 1_000);
            let (own, fund) = (share(own), share(fund));
            let rate = if bank == 0 { "0" } else { rate };
            format!(
                "own_funds = {own}\nfund_loan = {fund}\nbank_loan = {}\ngrant = {}\nguarantee_rate = {rate}\n",
                share(bank),
                share(grant)
            )
        },
    )
}

fn loan() -> impl Strategy<Value = LoanDraft> {
    let text = (
        one_of(&["italian", "french", "bullet"]),
        one_of(&["0", "\"0.5%\"", "\"7.3%\""]),
        one_of(&["0", "\"4%\"", "\"2.77%\""]),
    )
        .prop_map(|(amortisation, fund_rate, bank_rate)| {
            format!("amortisation = \"{amortisation}\"\nfund_rate = {fund_rate}\nbank_rate = {bank_rate}\n")
        });
    let grace = prop_oneof![Just(0_u32), 0_u32..16];
    let grant_lag = prop_oneof![2 => Just(0_u32), 3 => 0_u32..6];
    (prop_oneof![1 => Just(1_u32), 6 => 2_u32..=12, 1 => Just(30)], grace, grant_lag, text).prop_map(
        |(tenor, grace_choice, grant_lag_choice, text)| LoanDraft {
            tenor,
            grace_choice,
            grant_lag_choice,
            text,
        },
    )
}

fn guarantee() -> impl Strategy<Value = String> {
    let kind = prop_oneof![
        3 => one_of(&["0", "\"8%\"", "\"20%\"", "1"]).prop_map(|rate| format!("kind = \"capped\"\ncap_rate = {rate}\n")),
        2 => one_of(&["0", "\"12.5%\"", "\"60%\""])
            .prop_map(|rate| format!("kind = \"uncapped\"\nprovision_rate = {rate}\n")),
    ];
    let lag = prop_oneof![Just(0_u32), 1_u32..5];
    (kind, lag, one_of(&["envelope", "income", "fund"]), one_of(&["0", "\"0.8%\"", "\"5%\""])).prop_map(
        |(kind, lag, backing, premium)| {
            format!("{kind}call_lag_quarters = {lag}\nbacking = \"{backing}\"\npremium_rate = {premium}\n")
        },
    )
}

fn loss() -> impl Strategy<Value = String> {
    let lgd = prop_oneof![
        1 => one_of(&["lgd_mean = 0\n", "lgd_mean = 1\n", "lgd_mean = \"45%\"\n"]),
        2 => one_of(&[
            "lgd_mean = \"50%\"\nlgd_sd = \"20%\"\n",
            "lgd_mean = \"65%\"\nlgd_sd = \"40%\"\n",
            "lgd_mean = \"12%\"\nlgd_sd = \"10%\"\n",
        ]),
    ];
    let recovery = one_of(&[
        "",
        "recovery = [ { after_quarters = 2, share = 0.5 }, { after_quarters = 5, share = 0.5 } ]\n",
        "recovery = [ { after_quarters = 0, share = \"33.3%\" }, { after_quarters = 1, share = \"33.3%\" }, \
         { after_quarters = 9, share = \"33.4%\" } ]\n",
        "recovery = [ { after_quarters = 3, share = 0 }, { after_quarters = 4, share = 1 } ]\n",
    ]);
    (lgd, one_of(&["0", "0.25", "1"]), recovery)
        .prop_map(|(lgd, cure, recovery)| format!("{lgd}cure_rate = {cure}\n{recovery}"))
}

/// A ceiling of the line's own, aid received before.
fn line_aid() -> impl Strategy<Value = &'static str> {
    one_of(&[
        "",
        "",
        "[line.state_aid]\nprior_aid = 400\n",
        "[line.state_aid]\nceiling = 9_000.57\nprior_aid = 123.45\n",
        "[line.state_aid]\nceiling = 250_000\n",
    ])
}
