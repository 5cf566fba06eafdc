//! Whether the milestones that state a largest probability keep it, and what the terminal says of them.

use crate::books::RegionBooks;
use crate::books::summary::MilestoneFigure;
use crate::layout::{COLUMNS, wrap};
use crate::report::limits::Verdict;
use crate::report::telling::{Telling, tell};
use crate::scenario::Scenario;

/// How a milestone fares by the 95 % interval of the probability of missing it; `None` if no probability is stated.
pub fn verdict(figure: &MilestoneFigure) -> Option<Verdict> {
    let most = figure.milestone.max_probability?.to_f64();
    Some(if figure.high <= most {
        Verdict::Kept
    } else if figure.low > most {
        Verdict::Broken
    } else {
        Verdict::NotSettled
    })
}

/// A line for each milestone, in the scenario's language; nothing without milestones.
pub fn milestones_text(scenario: &Scenario, books: &RegionBooks) -> String {
    let telling = Telling::new(scenario.identity.language);
    let mut text = String::new();
    for figure in &books.milestones {
        let quarter = telling.quarter(scenario.fund.start.plus(figure.milestone.quarter));
        let least = telling.numbers.cents(figure.milestone.min_disbursed);
        let missed = telling.numbers.percent(figure.probability, 2);
        let (low, high) = (telling.numbers.percent(figure.low, 2), telling.numbers.percent(figure.high, 2));
        let mut line = tell!(
            telling,
            "Traguardo del {quarter}, {least} erogati: mancato con probabilità {missed} (intervallo al 95\u{a0}%: {low} - {high})",
            "Milestone of {quarter}, {least} disbursed: missed with probability {missed} (95% interval: {low} to {high})"
        );
        if let (Some(verdict), Some(most)) = (verdict(figure), figure.milestone.max_probability) {
            let most = telling.phrases.plain_percent(most.to_f64());
            line += &match verdict {
                Verdict::Kept => {
                    tell!(telling, "; accettata fino a {most}: rispettato", "; accepted up to {most}: kept")
                }
                Verdict::Broken => {
                    tell!(telling, "; accettata fino a {most}: SUPERATA", "; accepted up to {most}: BROKEN")
                }
                Verdict::NotSettled => {
                    tell!(
                        telling,
                        "; accettata fino a {most}: non deciso",
                        "; accepted up to {most}: not settled"
                    )
                }
            };
        }
        wrap(&line, COLUMNS).into_iter().for_each(|line| text += &format!("{line}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Milestone;
    use crate::units::{Cents, Share};
    use rust_decimal::Decimal;

    #[test]
    fn the_interval_decides() {
        let milestone = |most: Option<i64>| Milestone {
            quarter: 3,
            min_disbursed: Cents(1_000),
            max_probability: most.map(|most| Share::new(Decimal::new(most, 2)).expect("a share")),
        };
        let figure =
            |most| MilestoneFigure { milestone: milestone(most), probability: 0.1, low: 0.08, high: 0.12 };
        assert_eq!(verdict(&figure(None)), None);
        assert_eq!(verdict(&figure(Some(12))), Some(Verdict::Kept));
        assert_eq!(verdict(&figure(Some(10))), Some(Verdict::NotSettled));
        assert_eq!(verdict(&figure(Some(7))), Some(Verdict::Broken));
    }
}
