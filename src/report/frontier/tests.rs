//! Mixes that no other beats and that are still none to choose.

use super::{Frontier, MixPoint, MixValue, SetApart, frontier_page};
use crate::metrics::MetricId;
use crate::paired::difference::Estimate;
use crate::paired::measure::Measure;
use crate::paired::mix::{MixedLines, ProductDemand};
use crate::report::limits::{LimitResult, Verdict};
use crate::scenario::{Language, Limit, LimitStatistic};
use crate::units::Cents;

/// A mix of 100,000 EUR of which a share is used.
fn mix(shares: [f64; 3], leverage: f64, used: f64, verdict: Verdict) -> MixPoint {
    let limit = Limit {
        metric: MetricId::LeverageEffect,
        line: None,
        statistic: LimitStatistic::Mean,
        min: None,
        max: None,
    };
    let result = LimitResult { limit, value: Some(leverage), low: None, high: None, verdict };
    let estimate = Estimate { value: leverage, std_error: 0.01 };
    MixPoint {
        shares,
        budget: shares.map(|share| Cents((share * 10_000_000.0) as i64)),
        forbidden: Vec::new(),
        paths: 1_000,
        values: vec![Some(MixValue { estimate, interval: estimate.interval() })],
        used: Some(shares.map(|share| share * 100_000.0 * used)),
        missing: Vec::new(),
        limits: vec![result],
        dominated_by: None,
    }
}

fn frontier(language: Language, points: Vec<MixPoint>) -> Frontier {
    Frontier {
        language,
        version: "0".to_string(),
        name: "small".to_string(),
        title: "Small".to_string(),
        seed: 1,
        paths: 1_000,
        parts: 4,
        lines: MixedLines::All,
        demand: ProductDemand::AsInScenario,
        objectives: vec![Measure::of_fund(MetricId::LeverageEffect, LimitStatistic::Mean)],
        points,
        recommendations: Vec::new(),
        interrupted: false,
    }
}

fn points() -> Vec<MixPoint> {
    vec![
        mix([0.5, 0.5, 0.0], 2.0, 0.9, Verdict::Kept),
        mix([0.0, 0.0, 1.0], 9.0, 0.0, Verdict::Kept),
        mix([1.0, 0.0, 0.0], 8.0, 0.9, Verdict::Broken),
        mix([0.0, 1.0, 0.0], 1.0, 0.5, Verdict::Kept),
        mix([0.25, 0.75, 0.0], 7.0, 0.1, Verdict::Broken),
    ]
}

#[test]
fn idle_money_and_broken_limits_set_a_mix_apart() {
    let apart: Vec<Option<SetApart>> = points().iter().map(MixPoint::set_apart).collect();
    let (idle, broken) = (Some(SetApart::LeavesMoneyIdle), Some(SetApart::BreaksLimit));
    // Half of the money is still used by the fourth.
    assert_eq!(apart, [None, idle, broken, None, broken]);
    let frontier = frontier(Language::English, points());
    let kept: Vec<usize> = (0..5).filter(|&position| frontier.is_kept(position)).collect();
    assert_eq!(kept, [0, 3]);
}

#[test]
fn the_answer_counts_them() {
    let told = frontier(Language::English, points()).unbeaten_told();
    for part in ["5 mixes", "(✘): 2", "(○), which is why they lose little: 1", "That leaves 2."] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let only_good = vec![points().remove(0)];
    let told = frontier(Language::Italian, only_good).unbeaten_told();
    assert!(told.contains("Tutti rispettano i limiti"), "{told}");
}

#[test]
fn they_stand_last_and_marked_on_the_page() {
    let page = frontier_page(&frontier(Language::English, points()), Vec::new(), "fesr frontier small.toml");
    let table = &page[page.find("The mixes that no other beats").expect("the list")..];
    let place = |name: &str| table.find(name).unwrap_or_else(|| panic!("{name} in {table}"));
    let order = [
        "0% guarantees, 100% loans, 0% grants",
        "0% guarantees, 0% loans, 100% grants (○ money idle)",
        "100% guarantees, 0% loans, 0% grants (✘ breaks a limit)",
        "25% guarantees, 75% loans, 0% grants (✘ breaks a limit)",
    ];
    assert!(order.map(place).is_sorted(), "{table}");
}
