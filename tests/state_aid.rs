//! State aid: the check values of RULES.md and DOMAIN.md section 4, the ceiling of each enterprise, and the common indicators.

mod common;

use common::{scenario_file, scenario_set};
use fesr::engine::PathSimulator;
use fesr::engine::totals::{Indicators, PathTotals};
use fesr::plan::{LinePlan, Misfit, Plan, guarantee_misfit, loan_misfit, outstanding_fractions};
use fesr::scenario::{Amortisation, Regulation, Scenario};
use fesr::units::{Cents, Share};

/// Line 1 of the base scenario with a loan of six years, one of them grace, at rate 0 for the whole investment.
fn loans_of_six_years(more: &[&str]) -> LinePlan {
    let mut options = vec![
        "line1.product.co-loan.own_funds=0",
        "line1.product.co-loan.fund_loan=1",
        "line1.product.co-loan.bank_loan=0",
        "line1.loan.tenor_quarters=24",
        "line1.loan.grace_quarters=4",
        "line1.loan.amortisation=\"italian\"",
        "line1.loan.fund_rate=0",
    ];
    options.extend(more);
    Plan::resolve(&scenario_set("base.toml", &options)).lines.remove(0)
}

/// Gross grant equivalent of a loan in euros, rounded, by the margin of the base scenario's ratings.
fn aid_of_loan(euros: i64, base_rate: &str, margin: &str) -> i64 {
    let base_rate = format!("state_aid.base_rate=\"{base_rate}\"");
    let margin = format!("credit.rating.*.reference_margin=\"{margin}\"");
    let line = loans_of_six_years(&[&base_rate, &margin]);
    let package = line.package(0, Cents(euros * 100));
    assert_eq!(package.fund_loan, Cents(euros * 100));
    (line.gross_grant_equivalent(0, 0, &package).0 + 50) / 100
}

#[test]
fn loans_against_the_reference_rate_have_the_published_check_values() {
    assert_eq!(aid_of_loan(700_000, "-0.13%", "2.20%"), 51_528);
    assert_eq!(aid_of_loan(700_000, "-0.13%", "4.00%"), 96_335);
    assert_eq!(aid_of_loan(700_000, "2.90%", "2.20%"), 119_032);
    assert_eq!(aid_of_loan(70_000, "-0.13%", "4.00%"), 9_633);
}

/// The published guarantee has an annual grid: its formula by itself, over the program's own outstanding fractions.
#[test]
fn guarantees_against_the_safe_harbour_have_the_published_check_values() {
    let fractions = outstanding_fractions(Amortisation::Italian, 5, 0, 0.0);
    let aid = |premium: f64, fee: f64| -> i64 {
        let mut discount = 1.0;
        let mut sum = 0.0;
        for fraction in &fractions[..5] {
            sum += 80_000.0 * fraction * (premium - fee) / discount;
            discount *= 1.02;
        }
        sum.round() as i64
    };
    assert_eq!(aid(0.038, 0.0), 8_885);
    assert_eq!(aid(0.038, 0.01), 6_547);
    // The same on the program's quarterly grid: less, because the balance falls four times a year.
    let options = [
        "line1.product.co-loan.own_funds=0",
        "line1.product.co-loan.fund_loan=0",
        "line1.product.co-loan.bank_loan=1",
        "line1.product.co-loan.guarantee_rate=0.8",
        "line1.loan.tenor_quarters=20",
        "line1.loan.grace_quarters=0",
        "line1.loan.amortisation=\"italian\"",
        "line1.guarantee.premium_rate=\"1%\"",
        "state_aid.base_rate=\"1%\"",
        "credit.rating.*.guarantee_premium=\"3.8%\"",
    ];
    let line = Plan::resolve(&scenario_set("base.toml", &options)).lines.remove(0);
    let aid = line.gross_grant_equivalent(0, 0, &line.package(0, Cents(10_000_000)));
    let mut expected = 0.0;
    for k in 1..=20 {
        let years = f64::from(k - 1) / 4.0;
        expected +=
            80_000.0 * (1.0 - f64::from(k - 1) / 20.0) * 0.028 / 4.0 / fesr::numeric::pow(1.02, years);
    }
    assert_eq!(aid.0, (expected * 100.0).round() as i64);
    assert!((500_000..654_700).contains(&aid.0), "{aid}");
}

#[test]
fn simplified_loans_are_a_part_of_the_ceiling() {
    // DOMAIN.md 4.1: 70 k over 6 years is 70/500 x 6/10 x 200,000.
    let line = loans_of_six_years(&["state_aid.route=\"simplified\""]);
    let aid = |line: &LinePlan, euros: i64| {
        line.gross_grant_equivalent(0, 0, &line.package(0, Cents(euros * 100))).0
    };
    assert_eq!(aid(&line, 70_000), 1_680_000);
    // At the end of the bracket still so; a euro above it goes by the reference rate (the trap of 700 k over 6 years).
    assert_eq!(aid(&line, 500_000), 12_000_000);
    let by_reference_rate = loans_of_six_years(&[]);
    for euros in [500_001, 700_000] {
        assert_eq!(aid(&line, euros), aid(&by_reference_rate, euros));
    }
    // 2023/2831: 70/750 x 6/10 x 300,000, the same; but the bracket reaches 750,000.
    let newer = ["state_aid.route=\"simplified\"", "state_aid.regulation=\"2023/2831\""];
    let newer = loans_of_six_years(&newer);
    assert_eq!(aid(&newer, 70_000), 1_680_000);
    assert_eq!(aid(&newer, 700_000), 16_800_000);
}

#[test]
fn brackets_end_at_ten_years_at_their_amounts_and_at_eighty_per_cent() {
    let euros = |amount: i64| Cents(amount * 100);
    let share = |text: &str| Share::new(text.parse().expect("a number")).expect("a share");
    let old = Regulation::Of2013;
    assert_eq!(loan_misfit(old, 20, euros(1_000_000)), None);
    assert_eq!(loan_misfit(old, 20, euros(1_000_001)), Some(Misfit::TooLarge { largest: euros(1_000_000) }));
    assert_eq!(loan_misfit(old, 21, euros(500_000)), None);
    assert_eq!(loan_misfit(old, 21, euros(500_001)), Some(Misfit::TooLarge { largest: euros(500_000) }));
    assert_eq!(loan_misfit(old, 41, euros(1)), Some(Misfit::TooLong));
    let new = Regulation::Of2023;
    assert_eq!(loan_misfit(new, 20, euros(1_500_000)), None);
    assert_eq!(loan_misfit(new, 40, euros(750_001)), Some(Misfit::TooLarge { largest: euros(750_000) }));
    assert_eq!(guarantee_misfit(old, 20, share("0.8"), euros(1_500_000)), None);
    assert_eq!(guarantee_misfit(old, 20, share("0.81"), euros(1)), Some(Misfit::CoversTooMuch));
    let largest = euros(1_125_000);
    assert_eq!(guarantee_misfit(new, 40, share("0.8"), largest), None);
    assert_eq!(
        guarantee_misfit(new, 40, share("0.8"), largest + Cents(1)),
        Some(Misfit::TooLarge { largest })
    );
}

#[test]
fn the_ceiling_holds_for_each_enterprise_with_what_it_got_before() {
    let base = ["state_aid.ceiling=200_000", "line1.state_aid.prior_aid=150_000"];
    let line = &Plan::resolve(&scenario_set("base.toml", &base)).lines[0];
    // gge / members + prior_aid <= ceiling, to the cent.
    for (aid, members, fits) in
        [(5_000_000, 1, true), (5_000_001, 1, false), (15_000_000, 3, true), (15_000_001, 3, false)]
    {
        assert_eq!(line.aid_fits(Cents(aid), members), fits, "{aid} {members}");
    }
    let own = ["line1.state_aid.ceiling=500_000", "line1.state_aid.prior_aid=500_000.01"];
    let line = &Plan::resolve(&scenario_set("base.toml", &own)).lines[0];
    assert!(!line.aid_fits(Cents::ZERO, 20));
}

fn play(scenario: &Scenario, paths: u64) -> Vec<PathTotals> {
    let plan = Plan::resolve(scenario);
    let mut simulator = PathSimulator::new(&plan);
    let run = |path| {
        simulator.run(path).unwrap_or_else(|broken| panic!("{broken}"));
        simulator.totals().clone()
    };
    (0..paths).map(run).collect()
}

/// Who applies together shifts no other draw: but for who is counted, nothing changes where aid is not limited.
#[test]
fn members_shift_no_other_draw() {
    let members = ["state_aid.regime=\"none\"", "line2.pipeline.members={ 1 = 1, 2 = 1, 7 = 2 }"];
    let alone = play(&scenario_set("wecare-mixed.toml", &members[..1]), 40);
    let together = play(&scenario_set("wecare-mixed.toml", &members), 40);
    let (mut enterprises, mut projects) = (0, 0);
    for (alone, mut together) in alone.into_iter().zip(together) {
        let of_line2 = together.lines[1].indicators;
        enterprises += of_line2.enterprises;
        projects += together.lines[1].projects;
        assert_eq!(alone.lines[1].indicators.enterprises, alone.lines[1].projects);
        assert_eq!(of_line2.private_with_grant, alone.lines[1].indicators.private_with_grant);
        for (ours, theirs) in together.lines.iter_mut().zip(&alone.lines) {
            ours.indicators = theirs.indicators;
        }
        let groups = [
            (&mut together.themes, &alone.themes),
            (&mut together.products, &alone.products),
            (&mut together.ratings, &alone.ratings),
        ];
        for (ours, theirs) in groups {
            ours.iter_mut().zip(theirs).for_each(|(ours, theirs)| ours.indicators = theirs.indicators);
        }
        assert_eq!(together, alone);
    }
    // Mean 4.25; with 40 paths of some 50 projects five standard errors are below 0.4.
    let mean = enterprises as f64 / projects as f64;
    assert!((3.8..4.7).contains(&mean), "{mean}");
}

/// Larger associations are refused less, never more.
#[test]
fn more_members_open_products() {
    let ineligible = |members: &str| -> i64 {
        let options = ["line2.state_aid.ceiling=2_000", members];
        play(&scenario_set("wecare-mixed.toml", &options), 20)
            .iter()
            .map(|path| path.lines[1].rejected_ineligible)
            .sum()
    };
    let [one, three, twenty] =
        ["1", "3", "20"].map(|count| ineligible(&format!("line2.pipeline.members={{ {count} = 1 }}")));
    assert!(one > three && three > twenty, "{one} {three} {twenty}");
}

#[test]
fn indicators_of_a_project_are_those_of_its_package() {
    let scenario = scenario_file("wecare-mixed.toml");
    let plan = Plan::resolve(&scenario);
    for line in &plan.lines {
        for product in 0..line.products.len() {
            let package = line.package(product, Cents(9_000_000));
            let found = Indicators::of(&package, 3);
            let private = package.own_funds + package.bank_loan;
            let granted = package.grant > Cents::ZERO;
            let financed = package.fund_loan > Cents::ZERO || package.guaranteed > Cents::ZERO;
            assert_eq!(found.enterprises, 3);
            assert_eq!(found.with_grant, if granted { 3 } else { 0 });
            assert_eq!(found.with_instrument, if financed { 3 } else { 0 });
            assert_eq!(found.private_with_grant, if granted { private } else { Cents::ZERO });
            assert_eq!(found.private_with_instrument, if granted { Cents::ZERO } else { private });
        }
    }
}

/// Themes, products and ratings each split the lines' indicators without rest.
#[test]
fn groups_add_up_to_the_indicators_of_the_lines() {
    let options = ["line2.pipeline.members={ 1 = 1, 3 = 1 }"];
    for path in play(&scenario_set("wecare-mixed.toml", &options), 30) {
        let mut lines = Indicators::default();
        path.lines.iter().for_each(|line| lines.add(&line.indicators));
        for groups in [&path.themes, &path.products, &path.ratings] {
            let mut sum = Indicators::default();
            groups.iter().for_each(|group| sum.add(&group.indicators));
            assert_eq!(sum, lines);
        }
        assert!(lines.enterprises > 0);
    }
}
