//! Section 9: what a path adds up to, from its projects and its ledger.

use super::cash::Event;
use super::defaults::Claim;
use super::money::{rounded, times};
use super::timeline::cents;
use super::{Outcome, PathState, Project};
use fesr::engine::totals::{FundTotals, GroupTotals, Indicators, LifetimeCount, LineTotals, PathTotals};
use fesr::numeric::pow;
use fesr::scenario::Theme;
use fesr::units::Cents;
use rust_decimal::Decimal;

impl PathState<'_> {
    pub fn totals(&self) -> PathTotals {
        let slots = 0..self.twin.lines.len();
        PathTotals {
            lines: slots.clone().map(|slot| self.line_totals(slot)).collect(),
            fund: self.fund_totals(),
            themes: (0..Theme::ALL.len()).map(|theme| self.group(|a, _| a.theme == theme)).collect(),
            products: slots
                .clone()
                .flat_map(|slot| {
                    (0..self.twin.lines[slot].line.products.len()).map(move |product| (slot, product))
                })
                .map(|(slot, product)| {
                    self.group(|a, chosen| a.slot == slot && chosen.unwrap_or(a.preferred) == product)
                })
                .collect(),
            ratings: self.each_rating().map(|rating| self.group(|a, _| a.rating == rating)).collect(),
            lifetime: self.each_rating().map(|rating| self.lifetime(rating)).collect(),
            census: slots.map(|slot| self.census(slot)).collect(),
            borrowers: self.losing_borrowers(),
        }
    }

    pub(super) fn each_rating(&self) -> std::ops::Range<usize> {
        0..self.twin.scenario.credit.ratings.len()
    }

    fn line_totals(&self, slot: usize) -> LineTotals {
        let applications: Vec<_> = self.applications.iter().filter(|a| a.applicant.slot == slot).collect();
        let approved: Vec<&Project> = self.projects_of(slot).collect();
        let disbursed: Vec<&Project> =
            approved.iter().copied().filter(|project| project.disbursed_in.is_some()).collect();
        let count = |outcomes: &[Outcome]| {
            applications.iter().filter(|application| outcomes.contains(&application.outcome)).count() as i64
        };
        let sum = |amount: &dyn Fn(&Project) -> Decimal| -> Cents {
            cents(disbursed.iter().map(|p| amount(p)).sum())
        };
        let booked = |event: Event| self.cash.total(event, Some(slot));
        let recovered = |claim: Claim| -> Cents {
            let received =
                self.recoveries.iter().filter(|recovery| recovery.received && recovery.claim == claim);
            let of_line = received.filter(|recovery| self.projects[recovery.project].applicant.slot == slot);
            cents(of_line.map(|recovery| recovery.amount).sum())
        };
        let open: Decimal = self.calls_of(slot).map(|call| call.open()).sum();
        let within = self.within_room(slot, open);
        let capped = self.twin.lines[slot].capped();
        let if_capped = |amount: Cents| if capped { amount } else { Cents::ZERO };
        let reserves = sum(&|p| p.package.reserve);
        LineTotals {
            applications: applications.len() as i64,
            approvals: approved.len() as i64,
            withdrawals: approved.iter().filter(|project| project.withdrawn).count() as i64,
            projects: disbursed.len() as i64,
            // Who still waits when the last open quarter is over is lost.
            rejected_budget: count(&[Outcome::Lost, Outcome::Waiting]),
            rejected_ineligible: count(&[Outcome::Ineligible]),
            investment_applied: cents(applications.iter().map(|a| a.applicant.investment).sum()),
            investment_supported: sum(&|p| p.applicant.investment),
            fund_loans: sum(&|p| p.package.fund_loan),
            bank_loans: sum(&|p| p.package.bank_loan),
            guaranteed_loans: sum(&|p| {
                if p.package.is_guaranteed { p.package.bank_loan } else { Decimal::ZERO }
            }),
            guarantees: sum(&|p| p.package.guaranteed),
            reserves,
            cap_amount: if_capped(reserves),
            grants: sum(&|p| p.package.grant),
            own_funds: sum(&|p| p.package.own_funds),
            grants_paid: cents(-booked(Event::Grant)),
            grants_recovered: cents(booked(Event::GrantRecovered)),
            defaults: disbursed.iter().filter(|p| p.defaulted_in.is_some()).count() as i64,
            payments: disbursed.iter().map(|p| i64::from(p.payments)).sum(),
            fund_exposure: sum(&|p| p.fund_exposure),
            bank_exposure: sum(&|p| p.bank_exposure),
            fund_recoveries: recovered(Claim::FundLoan),
            bank_recoveries: recovered(Claim::BankLoan),
            calls_demanded: cents(self.calls_of(slot).map(|call| call.demanded).sum()),
            calls_paid: cents(-booked(Event::Call)),
            guarantee_recoveries: cents(booked(Event::GuaranteeRecovery)),
            capped_loss: if_capped(cents(-booked(Event::Call) - booked(Event::GuaranteeRecovery))),
            calls_over_cap: cents(open - within),
            shortfall: cents(within),
            shortfall_events: i64::from(self.shortfall_event[slot]),
            cap_hits: i64::from(open > within),
            interest: cents(booked(Event::Interest)),
            premiums: cents(booked(Event::Premium)),
            outstanding_at_horizon: sum(&|p| self.performing_fund_balance(p, self.twin.last_quarter())),
            gross_grant_equivalent: if self.twin.reports_aid() {
                sum(&|p| p.package.aid)
            } else {
                Cents::ZERO
            },
            indicators: indicators(&disbursed),
        }
    }

    fn fund_totals(&self) -> FundTotals {
        FundTotals {
            treasury: cents(self.cash.total(Event::Treasury, None)),
            fees_paid: cents(-self.cash.total(Event::Fee, None)),
            fees_unpaid: cents(self.fees_unpaid),
            closing_resources: cents(self.cash.resources()),
            never_paid_in: cents(self.cash.not_paid_in()),
            tranches_advanced: self.cash.tranches.iter().filter(|tranche| tranche.advanced).count() as i64,
            overdrafts: i64::from(self.overdraft),
            subsidy_cost: cents(self.subsidy_cost()),
        }
    }

    /// Each tranche at its quarter, discounted, minus the closing cash at quarter Q-1, discounted.
    fn subsidy_cost(&self) -> Decimal {
        let rate = self.twin.scenario.fund.discount_rate.to_f64();
        let present_value =
            |amount: Decimal, quarter: u32| times(amount, 1.0 / pow(1.0 + rate, f64::from(quarter) / 4.0));
        let paid: Decimal =
            self.cash.tranches.iter().map(|tranche| present_value(tranche.amount, tranche.quarter)).sum();
        paid - present_value(self.cash.in_the_bank(), self.twin.last_quarter())
    }

    /// Fund loss of a project: exposure - recoveries + calls paid - recoveries on them.
    fn loss_of(&self, position: usize) -> Decimal {
        let received: Decimal = self
            .recoveries
            .iter()
            .filter(|recovery| {
                recovery.project == position && recovery.claim == Claim::FundLoan && recovery.received
            })
            .map(|recovery| recovery.amount)
            .sum();
        let calls: Decimal = self
            .calls
            .iter()
            .filter(|call| call.project == position)
            .map(|call| call.paid - call.recovered)
            .sum();
        self.projects[position].fund_exposure - received + calls
    }

    /// A group of applicants; `belongs` sees the product approved, or none while it was only preferred.
    fn group(&self, belongs: impl Fn(&super::applicants::Applicant, Option<usize>) -> bool) -> GroupTotals {
        let applied: Vec<_> = self.applications.iter().filter(|a| belongs(&a.applicant, None)).collect();
        let disbursed: Vec<usize> = self
            .disbursed
            .iter()
            .copied()
            .filter(|&position| {
                let project = &self.projects[position];
                belongs(&project.applicant, Some(project.product))
            })
            .collect();
        GroupTotals {
            applications: applied.len() as i64,
            projects: disbursed.len() as i64,
            investment_applied: cents(applied.iter().map(|a| a.applicant.investment).sum()),
            investment_supported: cents(
                disbursed.iter().map(|&p| self.projects[p].applicant.investment).sum(),
            ),
            defaults: disbursed.iter().filter(|&&p| self.projects[p].defaulted_in.is_some()).count() as i64,
            fund_loss: cents(disbursed.iter().map(|&p| self.loss_of(p)).sum()),
            indicators: indicators(&disbursed.iter().map(|&p| &self.projects[p]).collect::<Vec<_>>()),
        }
    }

    /// Promised lifetime default probabilities, in units of 1e-9, beside the defaults.
    fn lifetime(&self, rating: usize) -> LifetimeCount {
        // The PDs promise nothing about what is settled by history.
        let forecast = self.disbursed.iter().filter(|&&position| !self.is_settled_history(position));
        let disbursed = forecast.map(|&position| &self.projects[position]);
        let of_rating: Vec<&Project> =
            disbursed.filter(|project| project.applicant.rating == rating).collect();
        LifetimeCount {
            projects: of_rating.len() as i64,
            promised: of_rating
                .iter()
                .map(|project| {
                    let d = project.disbursed_in.expect("disbursed");
                    let f =
                        self.promised_default(&project.applicant, d, self.last_age(&project.applicant, d));
                    super::money::to_cents(rounded(f * 1e9))
                })
                .sum(),
            defaults: of_rating.iter().filter(|project| project.defaulted_in.is_some()).count() as i64,
        }
    }

    /// Listed borrowers that lost the fund anything: slot, position in the list in order of decision, loss.
    fn losing_borrowers(&self) -> Vec<(usize, u32, Cents)> {
        let mut losing: Vec<_> = self
            .disbursed
            .iter()
            .filter_map(|&position| {
                let applicant = &self.projects[position].applicant;
                Some((applicant.slot, applicant.listed?, cents(self.loss_of(position))))
            })
            .filter(|(_, _, loss)| *loss != Cents::ZERO)
            .collect();
        losing.sort_unstable();
        losing
    }
}

/// Common indicators (RULES.md): enterprises supported, with a grant, with a loan or guarantee; private investment beside
/// grants, and beside loans and guarantees without a grant.
fn indicators(disbursed: &[&Project]) -> Indicators {
    let granted = |p: &&&Project| p.package.grant > Decimal::ZERO;
    let financed = |p: &&&Project| p.package.fund_loan + p.package.guaranteed > Decimal::ZERO;
    let enterprises = |meant: &dyn Fn(&&&Project) -> bool| -> i64 {
        disbursed.iter().filter(|p| meant(p)).map(|p| i64::from(p.applicant.members)).sum()
    };
    let private = |meant: &dyn Fn(&&&Project) -> bool| -> Cents {
        let amounts =
            disbursed.iter().filter(|p| meant(p)).map(|p| p.package.own_funds + p.package.bank_loan);
        cents(amounts.sum())
    };
    Indicators {
        enterprises: enterprises(&|p| granted(p) || financed(p)),
        with_grant: enterprises(&granted),
        with_instrument: enterprises(&financed),
        private_with_grant: private(&granted),
        private_with_instrument: private(&|p| financed(p) && !granted(p)),
    }
}
