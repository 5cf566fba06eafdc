//! What is drawn before the first quarter: products, withdrawals, and with them who is approved.

use super::approval::{LOST, Outcome, Wish, approve};
use super::channel::{LANES, Lane};
use super::terms::{count_project, first_project};
use super::{Settled, into_lane};
use crate::engine::totals::PathTotals;
use crate::random::Purpose;

impl Settled<'_> {
    /// Starts a batch: everything that is drawn before the first quarter but the common luck, and who is approved.
    pub(super) fn begin(&mut self, first_path: u64, totals: &mut [PathTotals]) {
        self.paths = std::array::from_fn(|lane| first_path.wrapping_add(lane as u64));
        totals.iter_mut().for_each(|totals| totals.become_copy_of(&self.terms.totals));
        self.changes.fill([0.0; LANES]);
        // Lanes without a path: what they hold is of nobody.
        self.left = u32::MAX << totals.len();
        self.wish(totals);
        self.draw_withdrawals();
        for slot in 0..self.plan.lines.len() {
            if self.terms.sure[slot] {
                self.grant_wishes(slot);
            } else {
                self.queue(slot, totals.len());
            }
        }
        self.replace(totals);
    }

    /// Whether most paths are run here: of the first 128, whose draws decide nothing else.
    pub(super) fn leaves_few_paths(mut self) -> bool {
        const BATCHES: usize = 8;
        let mut totals = vec![PathTotals::default(); LANES];
        let mut left = 0;
        for batch in 0..BATCHES {
            self.begin((batch * LANES) as u64, &mut totals);
            left += (0..LANES).filter(|lane| self.left >> lane & 1 == 1).count();
        }
        2 * left <= BATCHES * LANES
    }

    /// Products that are drawn, and who would accept another.
    fn wish(&mut self, totals: &mut [PathTotals]) {
        let (plan, terms) = (self.plan, self.terms);
        for (at, listed) in terms.listed.iter().enumerate() {
            let line = &plan.lines[listed.slot];
            let acceptance_is_drawn = line.fallback > 0.0 && line.fallback < 1.0;
            if !listed.drawn && !acceptance_is_drawn {
                continue;
            }
            let number_of_line = line.number.index() as u8 + 1;
            let [demand, acceptance] =
                self.uniforms(Purpose::Preference, number_of_line, listed.applicant.number);
            if acceptance_is_drawn {
                self.accepts[at] = bits(&acceptance, line.fallback);
                for (lane, totals) in totals.iter_mut().enumerate() {
                    totals.census[listed.slot].accept_other += i64::from(self.accepts[at] >> lane & 1);
                }
            }
            if !listed.drawn {
                continue;
            }
            for (lane, totals) in totals.iter_mut().enumerate() {
                let product = line.demand.pick(demand[lane]);
                self.preferred[at][lane] = product as u8;
                let likeliest = listed.applicant.preferred;
                if product != likeliest {
                    let (from, to) = (line.first_product + likeliest, line.first_product + product);
                    totals.products[from].applications -= 1;
                    totals.products[from].investment_applied -= listed.applicant.investment;
                    totals.products[to].applications += 1;
                    totals.products[to].investment_applied += listed.applicant.investment;
                }
            }
        }
    }

    /// Who withdraws at the moment of disbursement if approved.
    fn draw_withdrawals(&mut self) {
        let (plan, terms) = (self.plan, self.terms);
        for &at in &terms.order {
            let listed = &terms.listed[at as usize];
            let line = &plan.lines[listed.slot];
            if line.withdrawal_rate > 0.0 {
                let number_of_line = line.number.index() as u8 + 1;
                let [uniforms, _] =
                    self.uniforms(Purpose::Withdrawal, number_of_line, listed.applicant.number);
                self.withdraws[at as usize] = bits(&uniforms, line.withdrawal_rate);
            }
        }
    }

    /// Everybody in a line gets the preferred product.
    fn grant_wishes(&mut self, slot: usize) {
        for at in self.terms.of_line[slot].clone() {
            let listed = &self.terms.listed[at];
            if listed.drawn && listed.admitted {
                for lane in 0..LANES {
                    let product = self.preferred[at][lane] as usize;
                    self.chosen[at][lane] = listed.contracts[product].unwrap_or(LOST);
                }
            }
        }
    }

    /// Goes through the queue of a line on each path.
    fn queue(&mut self, slot: usize, paths: usize) {
        let (plan, terms) = (self.plan, self.terms);
        let range = terms.of_line[slot].clone();
        let listed = &terms.listed[range.clone()];
        self.of_path.resize(listed.len(), LOST);
        for lane in 0..paths {
            let wish = |at: usize| {
                let at = range.start + at;
                Wish {
                    preferred: self.preferred[at][lane] as usize,
                    accepts_other: self.accepts[at] >> lane & 1 == 1,
                    withdraws: self.withdraws[at] >> lane & 1 == 1,
                }
            };
            let outcome = approve(plan, terms, slot, listed, wish, &mut self.of_path, &mut self.waiting);
            if outcome == Outcome::Left {
                self.left |= 1 << lane;
            }
            let places = self.chosen[range.clone()].iter_mut().zip(&self.of_path).zip(listed);
            for ((chosen, &of_path), listed) in places {
                chosen[lane] = match outcome {
                    Outcome::Known => of_path,
                    Outcome::Left => listed.likeliest().unwrap_or(LOST),
                };
            }
        }
    }

    /// Enters contracts that are not the likeliest.
    fn replace(&mut self, totals: &mut [PathTotals]) {
        let (plan, terms) = (self.plan, self.terms);
        for (at, listed) in terms.listed.iter().enumerate() {
            let Some(likeliest) = listed.likeliest() else { continue };
            if terms.sure[listed.slot] && !listed.drawn {
                continue;
            }
            for (lane, totals) in totals.iter_mut().enumerate() {
                let chosen = self.chosen[at][lane];
                if chosen == likeliest {
                    continue;
                }
                for (contract, times) in [(likeliest, -1), (chosen, 1)] {
                    if contract == LOST {
                        totals.lines[listed.slot].approvals -= 1;
                        totals.lines[listed.slot].rejected_budget += 1;
                        continue;
                    }
                    let contract = &terms.contracts[contract as usize];
                    let mut add = into_lane(&mut self.changes, plan, listed.slot, lane);
                    contract.approval(times as f64, &mut add);
                    contract.life(times as f64, &mut add);
                    if contract.disbursed.is_some() {
                        count_project(plan, totals, contract, times);
                    }
                }
            }
        }
    }

    /// Withdrawals, and who is then the first project of each line.
    pub(super) fn withdraw(&mut self, totals: &mut [PathTotals]) {
        let (plan, terms) = (self.plan, self.terms);
        self.first.clear();
        self.first.resize(plan.lines.len(), [u32::MAX; LANES]);
        for &at in &terms.order {
            let listed = &terms.listed[at as usize];
            let (slot, chosen) = (listed.slot, &self.chosen[at as usize]);
            let withdraws = self.withdraws[at as usize];
            let mut absent = withdraws;
            if withdraws != 0 || !terms.sure[slot] {
                for (lane, totals) in totals.iter_mut().enumerate() {
                    if chosen[lane] == LOST {
                        absent |= 1 << lane;
                    } else if withdraws >> lane & 1 == 1 {
                        let contract = &terms.contracts[chosen[lane] as usize];
                        let mut add = into_lane(&mut self.changes, plan, slot, lane);
                        contract.life(-1.0, &mut add);
                        contract.withdrawal(&mut add);
                        count_project(plan, totals, contract, -1);
                        totals.lines[slot].withdrawals += 1;
                    }
                }
            }
            self.absent[at as usize] = absent;
            // Only a lane without a first project asks.
            if self.first[slot].contains(&u32::MAX) {
                for (lane, totals) in totals.iter_mut().enumerate() {
                    if self.first[slot][lane] != u32::MAX {
                        continue;
                    }
                    let first = &mut totals.census[slot].first_project;
                    if absent >> lane & 1 == 1 {
                        *first = None;
                    } else {
                        self.first[slot][lane] = at;
                        *first = Some(first_project(&terms.contracts[chosen[lane] as usize]));
                    }
                }
            }
        }
    }
}

/// Lanes whose uniform is below a rate: a bit each.
fn bits(uniforms: &Lane, rate: f64) -> u32 {
    (0..LANES).filter(|&lane| uniforms[lane] < rate).map(|lane| 1 << lane).sum()
}
