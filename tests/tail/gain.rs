//! What the tilt is worth: variances against those of a plain run, from the weighted paths themselves.
//!
//! A plain run's variance of ES is `E[psi^2] / n` with the influence `psi`; weighted paths estimate that expectation far
//! better than plain ones. Bounds stand at about half of what larger runs measure (`benches/tail_gain.rs`).

use super::{collect_tail, one_period, strategy};
use fesr::aggregate::tail::TailCollector;
use fesr::aggregate::tail::pilot::{Reach, pilot};
use fesr::metrics::MetricId;

/// Factors by which the variance of VaR 99.9 % and ES 99.9 % of the fund loss falls short of a plain run's.
fn gains(collector: &TailCollector) -> (f64, f64) {
    let columns = collector.context.figures.columns();
    let position = columns.iter().position(|column| column.metric == MetricId::FundLoss).expect("reported");
    let ranked = collector.columns[position].1.ranked(&collector.weights, &collector.sets);
    (ranked.gain(999), ranked.shortfall_gain(999))
}

#[test]
fn the_tail_of_the_strategy_is_known_far_better_and_no_mean_much_worse() {
    let (plan, tilt) = strategy();
    let mut collector = collect_tail(plan, tilt, 12_288);
    let (value_at_risk, shortfall) = gains(&collector);
    println!("VaR {value_at_risk} ES {shortfall}");
    assert!(value_at_risk > 6.0, "{value_at_risk}");
    assert!(shortfall > 15.0, "{shortfall}");
    // Never more than twice the variance, in theory; 12,288 paths measure it to some 10 %.
    for metric in &collector.summary().metrics {
        let (variance, error) = (metric.moments.variance(), metric.moments.standard_error());
        let plain = variance / 12_288.0;
        assert!(
            error * error <= 2.0 * 1.3 * plain,
            "{}: {}",
            metric.column.metric.id(),
            error * error / plain
        );
    }
}

#[test]
fn the_tail_of_a_granular_portfolio_is_known_better_still() {
    let plan = one_period(400);
    let tilt = pilot(&plan, Reach::AllLuck).expect("the books balance");
    let (value_at_risk, shortfall) = gains(&collect_tail(&plan, &tilt, 8_192));
    println!("VaR {value_at_risk} ES {shortfall}");
    assert!(value_at_risk > 20.0, "{value_at_risk}");
    assert!(shortfall > 50.0, "{shortfall}");
}
