//! Why a path is as it is, in a few sentences: what was lost and by whom, which promises broke, what comes back.

use super::Trace;
use super::describe::Teller;
use crate::engine::events::Event;
use crate::ledger::losses::{ProjectLoss, by_project};
use crate::metrics::MetricId;
use crate::report::telling::{Preposition, tell};
use crate::scenario::LineNumber;
use crate::units::Cents;

/// The largest losses that are named.
const NAMED: usize = 3;

/// A finding.
pub(super) struct Finding {
    pub text: String,
    pub tone: Tone,
}

/// What a finding means for the fund.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tone {
    Good,
    Bad,
    Neutral,
}

/// The findings, the most important first.
pub(super) fn findings(trace: &Trace, teller: &Teller) -> Vec<Finding> {
    let story = Story { trace, teller };
    let mut findings = vec![story.loss()];
    findings.extend(story.largest_losses());
    for line in &trace.plan.lines {
        findings.extend(story.cap(line.number));
        findings.extend(story.held_back(line.number));
        findings.extend(story.shortfall(line.number));
    }
    findings.extend(story.cash());
    findings.extend(story.fees());
    findings.extend(story.demand());
    findings.push(story.what_comes_back());
    findings
}

struct Story<'a> {
    trace: &'a Trace<'a>,
    teller: &'a Teller<'a>,
}

impl Story<'_> {
    fn count(&self, metric: MetricId, line: Option<LineNumber>) -> i64 {
        self.trace.ledger.figure(metric, line).unwrap_or(0)
    }

    fn amount(&self, metric: MetricId, line: Option<LineNumber>) -> Cents {
        Cents(self.count(metric, line))
    }

    /// Whole euros: the cents are in the ledger.
    fn euros(&self, amount: Cents) -> String {
        self.teller.telling.numbers.euros(amount.to_f64() / 100.0, 0)
    }

    fn whole(&self, number: i64) -> String {
        self.teller.telling.numbers.decimal(number as f64, 0)
    }

    fn loss(&self) -> Finding {
        let telling = self.teller.telling;
        let (defaults, projects) =
            (self.count(MetricId::Defaults, None), self.count(MetricId::Projects, None));
        let loss = self.amount(MetricId::FundLoss, None);
        if projects == 0 {
            let text = tell!(telling, "Nessun progetto è finanziato.", "No project is funded.");
            return Finding { text, tone: Tone::Bad };
        }
        let projects = self.whole(projects);
        if defaults == 0 {
            let text = tell!(
                telling,
                "Nessuno dei {projects} progetti è inadempiente: il fondo non perde nulla.",
                "None of the {projects} projects defaults: the fund loses nothing."
            );
            return Finding { text, tone: Tone::Good };
        }
        let fail = match defaults {
            1 => {
                tell!(telling, "1 progetto su {projects} è inadempiente", "1 of {projects} projects defaults")
            }
            _ => {
                let defaults = self.whole(defaults);
                tell!(
                    telling,
                    "{defaults} progetti su {projects} sono inadempienti",
                    "{defaults} of {projects} projects default"
                )
            }
        };
        if loss.0 <= 0 {
            let text = tell!(
                telling,
                "{fail}, ma il fondo non perde nulla: i recuperi coprono tutto.",
                "{fail}, but the fund loses nothing: recoveries cover all of it."
            );
            return Finding { text, tone: Tone::Good };
        }
        let share = loss.to_f64() / self.trace.plan.endowment.to_f64();
        let share = telling.the_percent(Preposition::None, share);
        let (loss, loans, guarantees) = (
            self.euros(loss),
            self.euros(self.amount(MetricId::LoanLoss, None)),
            self.euros(self.amount(MetricId::GuaranteeLoss, None)),
        );
        let text = tell!(
            telling,
            "{fail}; il fondo perde {loss} ({share} della dotazione): {loans} sui prestiti, {guarantees} \
             sulle garanzie.",
            "{fail}; the fund loses {loss} ({share} of the endowment): {loans} on loans, {guarantees} on \
             guarantees."
        );
        Finding { text, tone: Tone::Bad }
    }

    fn largest_losses(&self) -> Option<Finding> {
        let telling = self.teller.telling;
        let losses = by_project(self.trace.ledger);
        let total: Cents = losses.iter().map(|project| project.loss).sum();
        let named: Vec<&ProjectLoss> =
            losses.iter().filter(|project| project.loss.0 > 0).take(NAMED).collect();
        let (first, others) = named.split_first()?;
        let mut texts = vec![self.first_loss(first)];
        texts.extend(others.iter().map(|project| self.other_loss(project)));
        let list = texts.join("; ");
        let of_them: Cents = named.iter().map(|project| project.loss).sum();
        let share = telling.the_percent(Preposition::None, of_them.to_f64() / total.to_f64());
        let text = match named.len() {
            1 => tell!(telling, "La perdita maggiore: {list}.", "The largest loss: {list}."),
            count => tell!(
                telling,
                "Le perdite maggiori: {list}. Queste {count} fanno {share} del totale.",
                "The largest losses: {list}. These {count} make {share} of the total."
            ),
        };
        Some(Finding { text, tone: Tone::Bad })
    }

    fn first_loss(&self, project: &ProjectLoss) -> String {
        let (who, quarter) = (self.teller.name(project.who), self.teller.quarter(project.quarter));
        let facts = &project.facts;
        let (owed, loss) = (self.euros(facts.fund_exposure + facts.bank_exposure), self.euros(project.loss));
        tell!(
            self.teller.telling,
            "{who}, inadempiente nel {quarter} con {owed} di debiti, costa al fondo {loss}",
            "{who} defaulted in {quarter} owing {owed} and costs the fund {loss}"
        )
    }

    fn other_loss(&self, project: &ProjectLoss) -> String {
        let (who, quarter) = (self.teller.name(project.who), self.teller.quarter(project.quarter));
        let facts = &project.facts;
        let (owed, loss) = (self.euros(facts.fund_exposure + facts.bank_exposure), self.euros(project.loss));
        tell!(
            self.teller.telling,
            "{who} ({quarter}, {owed} di debiti) {loss}",
            "{who} ({quarter}, owing {owed}) {loss}"
        )
    }

    fn cap(&self, number: LineNumber) -> Option<Finding> {
        let telling = self.teller.telling;
        let over = self.amount(MetricId::CallsOverCap, Some(number));
        if over.0 == 0 {
            return None;
        }
        let (line, over) = (telling.line(number), self.euros(over));
        let (demanded, paid) = (
            self.euros(self.amount(MetricId::CallsDemanded, Some(number))),
            self.euros(self.amount(MetricId::CallsPaid, Some(number))),
        );
        let text = tell!(
            telling,
            "Le escussioni della {line} raggiungono il cap: richiesti {demanded}, pagati {paid}; {over} restano \
             alle banche.",
            "The calls of {line} reach the cap: {demanded} demanded, {paid} paid; {over} are left to the banks."
        );
        Some(Finding { text, tone: Tone::Bad })
    }

    /// Calls that the cap held back for a time: all is paid by the horizon, so that no figure tells of it.
    fn held_back(&self, number: LineNumber) -> Option<Finding> {
        let telling = self.teller.telling;
        if self.count(MetricId::CallsOverCap, Some(number)) > 0 {
            return None;
        }
        let slot = self.trace.plan.lines.iter().position(|line| line.number == number)?;
        let mut above = self.trace.ledger.records.iter().filter_map(|record| match record.event {
            Event::CallSettled { who, open, short, .. } if who.slot == slot && open > short => {
                Some(record.quarter)
            }
            _ => None,
        });
        let first = above.next()?;
        let (line, quarter) = (telling.line(number), self.teller.quarter(first));
        let text = tell!(
            telling,
            "Il cap della {line} fa attendere le banche: dal {quarter} parte delle escussioni resta aperta; è pagata più \
             tardi, quando i recuperi o nuove garanzie liberano spazio.",
            "The cap of {line} makes the banks wait: from {quarter} on a part of the calls stays open; it is paid \
             later, when recoveries or new guarantees make room."
        );
        Some(Finding { text, tone: Tone::Bad })
    }

    fn shortfall(&self, number: LineNumber) -> Option<Finding> {
        let telling = self.teller.telling;
        if self.count(MetricId::ShortfallEvent, Some(number)) == 0 {
            return None;
        }
        let slot = self.trace.plan.lines.iter().position(|line| line.number == number)?;
        let first = self.trace.ledger.records.iter().find_map(|record| match record.event {
            Event::CallSettled { who, short, .. } if who.slot == slot && short.0 > 0 => Some(record.quarter),
            _ => None,
        })?;
        let (line, quarter) = (telling.line(number), self.teller.quarter(first));
        let left = self.amount(MetricId::Shortfall, Some(number));
        let within = match self.trace.plan.lines[slot].guarantee.capped {
            true => tell!(telling, " entro il cap", " within the cap"),
            false => String::new(),
        };
        let text = if left.0 == 0 {
            tell!(
                telling,
                "Promessa non mantenuta in tempo, {line}: nel {quarter} mancano i fondi per \
                 un’escussione{within}; è pagata più tardi.",
                "A promise kept late, {line}: in {quarter} the money for a call{within} is lacking; it is \
                 paid later."
            )
        } else {
            let left = self.euros(left);
            tell!(
                telling,
                "Promessa non mantenuta, {line}: dal {quarter} mancano i fondi per escussioni{within}; \
                 {left} restano non pagati.",
                "A broken promise, {line}: from {quarter} on the money for calls{within} is lacking; {left} \
                 are never paid."
            )
        };
        Some(Finding { text, tone: Tone::Bad })
    }

    fn cash(&self) -> Vec<Finding> {
        let telling = self.teller.telling;
        let mut findings = Vec::new();
        let overdrawn = self.trace.ledger.cash.iter().position(|cash| cash.0 < 0);
        if let Some(quarter) = overdrawn {
            let quarter = self.teller.quarter(quarter as u32);
            let text = tell!(
                telling,
                "La cassa scende sotto zero, la prima volta nel {quarter}.",
                "Cash falls below zero, the first time in {quarter}."
            );
            findings.push(Finding { text, tone: Tone::Bad });
        }
        let advanced = self.count(MetricId::TranchesAdvanced, None);
        if advanced > 0 {
            let advanced = self.whole(advanced);
            let text = tell!(
                telling,
                "La Regione versa in anticipo sulla regola: quote anticipate {advanced}.",
                "The Region pays ahead of the rule: tranches advanced {advanced}."
            );
            findings.push(Finding { text, tone: Tone::Bad });
        }
        findings
    }

    fn fees(&self) -> Option<Finding> {
        let unpaid = self.amount(MetricId::FeesUnpaid, None);
        if unpaid.0 == 0 {
            return None;
        }
        let unpaid = self.euros(unpaid);
        let text = tell!(
            self.teller.telling,
            "Costi di gestione per {unpaid} restano non pagati.",
            "Management fees of {unpaid} are left unpaid."
        );
        Some(Finding { text, tone: Tone::Bad })
    }

    fn demand(&self) -> Option<Finding> {
        let telling = self.teller.telling;
        let lost = self.count(MetricId::RejectedBudget, None);
        if lost == 0 {
            return None;
        }
        let eligible =
            self.count(MetricId::Applications, None) - self.count(MetricId::RejectedIneligible, None);
        let (lost, eligible) = (self.whole(lost), self.whole(eligible));
        let text = tell!(
            telling,
            "I fondi non bastano a tutti: domande ammissibili respinte {lost} su {eligible}.",
            "The money does not reach everybody: {lost} of {eligible} eligible applications are turned down."
        );
        Some(Finding { text, tone: Tone::Bad })
    }

    fn what_comes_back(&self) -> Finding {
        let telling = self.teller.telling;
        let (closing, endowment) = (self.amount(MetricId::ClosingResources, None), self.trace.plan.endowment);
        let share = telling.the_percent(Preposition::None, closing.to_f64() / endowment.to_f64());
        let (back, endowment) = (self.euros(closing), self.euros(endowment));
        let mut text = tell!(
            telling,
            "Alla fine tornano alla Regione {back}, {share} dei {endowment} della dotazione",
            "In the end {back} come back to the Region, {share} of the endowment of {endowment}"
        );
        let running = self.amount(MetricId::OutstandingAtHorizon, None);
        if running.0 > 0 {
            let running = self.euros(running);
            text += &tell!(
                telling,
                "; prestiti per {running} sono ancora in essere",
                "; loans of {running} are still running"
            );
        }
        let never = self.amount(MetricId::NeverPaidIn, None);
        if never.0 > 0 {
            let never = self.euros(never);
            text += &tell!(telling, "; {never} non sono mai stati versati", "; {never} were never paid in");
        }
        text.push('.');
        Finding { text, tone: Tone::Neutral }
    }
}
