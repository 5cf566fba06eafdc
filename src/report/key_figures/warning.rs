//! What a reader of the results should know before believing them: values, worded in [`Warning::text`].

use crate::aggregate::summary::{Summary, natural};
use crate::metrics::MetricId;
use crate::numeric::normal::HALF_WIDTH_95;
use crate::report::RunFacts;
use crate::report::telling::{Telling, tell};

/// How many warnings are shown.
pub(super) const MOST_SHOWN: usize = 2;

/// Half-width of the interval of a headline figure, relative to it, above which more paths are advised.
const WIDE_INTERVAL: f64 = 0.1;

/// Effective paths in the worst 0.1 % below which its figures are to be taken with care.
const THIN_TAIL: f64 = 200.0;

/// Share of the endowment, or of the paths, above which something is worth a warning.
const NOTICEABLE: f64 = 0.01;

/// Something about a run that its figures do not say by themselves. In order of importance.
#[derive(Clone, Debug, PartialEq)]
pub enum Warning {
    /// The run was stopped early.
    Interrupted,
    /// Rules were knowingly broken.
    RulesWaived {
        /// Their codes.
        codes: Vec<String>,
    },
    /// On this share of the paths a call within the cap could not be paid in full when it was due.
    GuaranteeNotHonoured {
        /// The share.
        share: f64,
    },
    /// On this share of the paths cash fell below 0.
    Overdraft {
        /// The share.
        share: f64,
    },
    /// ES 99 % was not estimated: fewer than 100 paths make the tail.
    TailTooShort {
        /// Paths that are enough.
        needed: u64,
    },
    /// `--tail`: the worst 0.1 % of the fund loss is made by few effective paths.
    ThinTail {
        /// So many paths that weigh the same.
        effective: f64,
    },
    /// The interval of the expected loss is wide.
    WideInterval {
        /// Its half-width, relative to the expected loss.
        half_width: f64,
    },
    /// Fund loans outlive the horizon.
    OutstandingAtHorizon {
        /// Mean balance after the last quarter, in euros.
        amount: f64,
    },
    /// Fees were earned that nothing was left to pay.
    FeesUnpaid {
        /// Mean amount, in euros.
        amount: f64,
    },
    /// On this share of the paths the Region had to pay a tranche ahead of the rule.
    TranchesAdvanced {
        /// The share.
        share: f64,
    },
    /// Much of what comes back was never used.
    NeverPaidIn {
        /// Mean amount, in euros.
        amount: f64,
    },
}

/// The warnings of a run, the most important first.
pub(super) fn by_importance(facts: &RunFacts, summary: &Summary) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if facts.interrupted() {
        warnings.push(Warning::Interrupted);
    }
    if !facts.scenario.waived_rules.is_empty() {
        warnings.push(Warning::RulesWaived { codes: facts.scenario.waived_rules.clone() });
    }
    if summary.paths > 0 {
        about_results(facts, summary, &mut warnings);
    }
    warnings
}

fn about_results(facts: &RunFacts, summary: &Summary, warnings: &mut Vec<Warning>) {
    let of = |metric| summary.metric(metric, None).expect("reported for the whole fund");
    let mean = |metric: MetricId| natural(metric.unit(), of(metric).moments.mean());
    let noticeable = NOTICEABLE * facts.scenario.fund.endowment.to_f64() / 100.0;

    let mut add_if = |condition: bool, warning: Warning| {
        if condition {
            warnings.push(warning);
        }
    };
    let share = mean(MetricId::ShortfallEvent);
    add_if(share > 0.0, Warning::GuaranteeNotHonoured { share });
    let share = mean(MetricId::OverdraftEvent);
    add_if(share > 0.0, Warning::Overdraft { share });
    let loss = of(MetricId::FundLoss);
    let tail_is_known = loss.shortfall(990).is_some_and(|shortfall| shortfall.estimate.is_some());
    // With `--tail` far fewer are enough; what it lacks is said by the thin tail.
    let too_short = !tail_is_known && loss.moments.max > 0 && summary.tail.is_none();
    add_if(too_short, Warning::TailTooShort { needed: 10_000 });
    let thin = summary.tail.map(|tail| tail.effective_worst[1]).filter(|&effective| effective < THIN_TAIL);
    if let Some(effective) = thin.filter(|_| loss.moments.max > 0) {
        add_if(true, Warning::ThinTail { effective });
    }
    let half_width = HALF_WIDTH_95 * loss.moments.standard_error() / loss.moments.mean();
    add_if(half_width > WIDE_INTERVAL, Warning::WideInterval { half_width });
    let amount = mean(MetricId::OutstandingAtHorizon);
    add_if(amount > noticeable, Warning::OutstandingAtHorizon { amount });
    let amount = mean(MetricId::FeesUnpaid);
    add_if(amount > noticeable, Warning::FeesUnpaid { amount });
    // Bins of a count start at whole numbers; the first one may hold exactly 0.
    let none: u64 = of(MetricId::TranchesAdvanced)
        .histogram
        .iter()
        .filter(|bin| bin.from == 0 && bin.to <= 1)
        .map(|bin| bin.count)
        .sum();
    let share = 1.0 - none as f64 / summary.paths as f64;
    add_if(share > NOTICEABLE, Warning::TranchesAdvanced { share });
    let amount = mean(MetricId::NeverPaidIn);
    add_if(amount > 10.0 * noticeable, Warning::NeverPaidIn { amount });
}

impl Warning {
    /// The word in machine output.
    pub fn word(&self) -> &'static str {
        match self {
            Warning::Interrupted => "interrupted",
            Warning::RulesWaived { .. } => "rules_waived",
            Warning::GuaranteeNotHonoured { .. } => "guarantee_not_honoured",
            Warning::Overdraft { .. } => "overdraft",
            Warning::TailTooShort { .. } => "tail_too_short",
            Warning::ThinTail { .. } => "thin_tail",
            Warning::WideInterval { .. } => "wide_interval",
            Warning::OutstandingAtHorizon { .. } => "outstanding_at_horizon",
            Warning::FeesUnpaid { .. } => "fees_unpaid",
            Warning::TranchesAdvanced { .. } => "tranches_advanced",
            Warning::NeverPaidIn { .. } => "never_paid_in",
        }
    }

    /// The warning as a sentence or two.
    pub fn text(&self, telling: Telling, (paths, planned): (u64, u64)) -> String {
        let euros = |amount: f64| telling.numbers.euros_short(amount);
        match self {
            Warning::Interrupted => {
                let (paths, planned) = (telling.numbers.count(paths), telling.numbers.count(planned));
                tell!(
                    telling,
                    "Simulazione interrotta: {paths} percorsi dei {planned} previsti.",
                    "The run was interrupted: {paths} paths of {planned}."
                )
            }
            Warning::RulesWaived { codes } => {
                let codes = codes.join(", ");
                tell!(
                    telling,
                    "Lo scenario deroga consapevolmente a regole della misura: {codes}.",
                    "The scenario knowingly breaks rules of the measure: {codes}."
                )
            }
            Warning::GuaranteeNotHonoured { share } => {
                let futures = telling.futures(*share, paths);
                tell!(
                    telling,
                    "In {futures} una garanzia dovuta non viene pagata per intero alla scadenza.",
                    "In {futures} a guarantee that is owed is not paid in full when due."
                )
            }
            Warning::Overdraft { share } => {
                let futures = telling.futures(*share, paths);
                tell!(telling, "In {futures} la cassa va sotto zero.", "In {futures} cash falls below zero.")
            }
            Warning::TailTooShort { needed } => {
                let needed = telling.numbers.count(*needed);
                tell!(
                    telling,
                    "Troppo pochi percorsi per l’ES 99 %: ne servono almeno {needed} (--paths).",
                    "Too few paths for ES 99%: at least {needed} are needed (--paths)."
                )
            }
            Warning::ThinTail { effective } => {
                let effective = telling.numbers.decimal(effective.floor(), 0);
                tell!(
                    telling,
                    "Le perdite peggiori (0,1 %) poggiano su soli {effective} percorsi equivalenti: servono più percorsi (--paths).",
                    "The worst losses (0.1%) rest on only {effective} equivalent paths: use more paths (--paths)."
                )
            }
            Warning::WideInterval { half_width } => {
                let half_width = telling.percent(*half_width);
                tell!(
                    telling,
                    "La perdita attesa è nota solo a ±{half_width}: servono più percorsi (--paths).",
                    "The expected loss is known to ±{half_width} only: use more paths (--paths)."
                )
            }
            Warning::OutstandingAtHorizon { amount } => {
                let amount = euros(*amount);
                tell!(
                    telling,
                    "A fine periodo restano in media {amount} di prestiti da rimborsare: il loro rischio dopo l’orizzonte non è contato.",
                    "On average {amount} of loans are outstanding at the horizon: their risk after it is not counted."
                )
            }
            Warning::FeesUnpaid { amount } => {
                let amount = euros(*amount);
                tell!(
                    telling,
                    "In media {amount} di commissioni di gestione non trovano copertura.",
                    "On average {amount} of management fees find nothing left to pay them."
                )
            }
            Warning::TranchesAdvanced { share } => {
                let futures = telling.futures(*share, paths);
                tell!(
                    telling,
                    "In {futures} la Regione deve versare una quota prima di quanto la regola prevede.",
                    "In {futures} the Region has to pay a tranche ahead of the rule."
                )
            }
            Warning::NeverPaidIn { amount } => {
                let amount = euros(*amount);
                tell!(
                    telling,
                    "Di ciò che torna alla Regione, {amount} non sono mai stati versati al fondo.",
                    "Of what comes back to the Region, {amount} were never paid into the fund."
                )
            }
        }
    }
}
