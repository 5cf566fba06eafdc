//! Which assumption matters: a response that is linear in its inputs, `[uncertainty]` and its slips, and the command.

#[path = "common/mod.rs"]
mod common;
#[path = "common/workshop.rs"]
mod workshop;

use common::one_period::OnePeriod;
use common::tolerance::{ROUNDING, standard_errors};
use fesr::locale::Told;
use fesr::metrics::MetricId;
use fesr::numeric::normal::HALF_WIDTH_95;
use fesr::paired::Measure;
use fesr::rules;
use fesr::scenario::{Change, Law, LimitStatistic, Scenario};
use fesr::sensitivity::indices::{Index, global_study};
use fesr::sensitivity::runs::simulating;
use fesr::sensitivity::tornado::tornado;
use fesr::sensitivity::{Input, Variation};
use rust_decimal::Decimal;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use workshop::{SCENARIO, Workshop, code, fesr, stderr, text};

const LOSS: Measure = Measure { metric: MetricId::FundLoss, line: None, statistic: LimitStatistic::Mean };

/// Loans that default independently within a year: the expected loss is exposure x PD x LGD.
fn independent_loans() -> Scenario {
    let mut scenario = OnePeriod {
        loans: vec![(100_000, 0); 20],
        default_probabilities: vec![0.2],
        loss_given_default: 0.5,
        systemic_correlation: 0.0,
        theme_correlation: 0.0,
        degrees: None,
        seed: 3,
    }
    .scenario();
    // A list of loans alone breaks what a fund must be; that is not the matter here.
    scenario.waived_rules = rules::codes()
        .into_iter()
        .filter(|code| rules::find(code).is_some_and(|rule| rule.waivable))
        .map(str::to_string)
        .collect();
    scenario
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a number")
}

fn input(key: &str, change: Change, law: Law) -> Input {
    Input {
        id: key.to_string(),
        name: Told::same(key),
        keys: vec![key.to_string()],
        change,
        law,
        source: None,
    }
}

fn uniform(key: &str, low: &str, high: &str) -> Input {
    input(key, Change::Set, Law::Uniform { low: decimal(low), high: decimal(high) })
}

#[test]
fn the_tornado_of_a_linear_response_is_exact() {
    let scenario = independent_loans();
    let law = Law::Range { low: decimal("0.4"), base: decimal("0.5"), high: decimal("0.75") };
    let inputs = [
        input(
            "line2.loan.bank_rate",
            Change::Shift,
            Law::Uniform { low: decimal("0"), high: decimal("0.02") },
        ),
        input("line2.loss.lgd_mean", Change::Set, law),
    ];
    let stop = AtomicBool::new(false);
    let figures = simulating(2_048, &stop, &|_| {});
    let study = tornado(&Variation::new(&scenario), &inputs, &[LOSS], 2_048, &stop, &figures)
        .expect("balanced books")
        .expect("whole");
    assert_eq!((study.runs, study.ends.len()), (5, 2));
    let of_loss = &study.measures[0];
    let (base, _) = of_loss.base.expect("a base");
    // Twenty loans of 100,000 EUR, one in five defaults, half is lost: 200,000 EUR.
    assert!((base.value - 200_000.0).abs() < standard_errors(1) * base.std_error, "{base:?}");
    let [lgd, rate] = of_loss.bars[..] else { panic!("two bars") };
    // Every default loses a whole number of cents, so that the loss of every path is in proportion to the LGD.
    let close =
        |value: f64, exact: f64| assert!((value - exact).abs() <= ROUNDING * exact.abs(), "{value}, {exact}");
    assert_eq!((lgd.input, rate.input), (1, 0), "the widest bar comes first");
    close(lgd.low.estimate.value, 0.8 * base.value);
    close(lgd.low.difference.difference.value, -0.2 * base.value);
    close(lgd.high.difference.difference.value, 0.5 * base.value);
    close(lgd.high.difference.difference.std_error, 0.5 * base.std_error);
    close(lgd.width.value, 0.7 * base.value);
    close(lgd.width.std_error, 0.7 * base.std_error);
    assert_eq!(lgd.wider_than_next, Some(true));
    assert_eq!((of_loss.settled(), of_loss.with_effect()), (1, 1));
    // The fund lends all there is: the bank's rate changes nothing.
    assert_eq!((rate.width.value, rate.width.std_error, rate.is_beyond_noise()), (0.0, 0.0, false));
}

#[test]
fn sobol_indices_of_an_expected_loss_are_those_of_a_product() {
    let scenario = independent_loans();
    let inputs =
        [uniform("credit.rating.r0.pd", "0.05", "0.35"), uniform("line2.loss.lgd_mean", "0.4", "0.6")];
    let stop = AtomicBool::new(false);
    let figures = simulating(512, &stop, &|_| {});
    let study = global_study(&Variation::new(&scenario), &inputs, &[LOSS], 128, 512, 9, &stop, &figures)
        .expect("balanced books")
        .expect("whole");
    assert_eq!((study.rows, study.runs, study.paths), (128, 512, 512));
    let indices = study.measures[0].1.as_ref().expect("it changes");
    // Y = c P L with independent uniform P and L: shares of Var(Y) = E(P^2) E(L^2) - (EP EL)^2.
    let (mean_pd, mean_lgd) = (0.2_f64, 0.5_f64);
    let (variance_pd, variance_lgd) = (0.3 * 0.3 / 12.0, 0.2 * 0.2 / 12.0);
    let (alone_pd, alone_lgd) = (variance_pd * mean_lgd * mean_lgd, variance_lgd * mean_pd * mean_pd);
    let variance = alone_pd + alone_lgd + variance_pd * variance_lgd;
    let exact = [(alone_pd, variance - alone_lgd), (alone_lgd, variance - alone_pd)];
    let most = standard_errors(4);
    for of_input in &indices.inputs {
        let (first, total) = exact[of_input.input];
        for (index, exact) in [(of_input.first, first / variance), (of_input.total, total / variance)] {
            let Index { value, interval: (low, high) } = index;
            let error = (high - low) / (2.0 * HALF_WIDTH_95);
            assert!((value - exact).abs() <= most * error, "{of_input:?}: {exact}");
        }
    }
    assert_eq!(indices.inputs[0].input, 0, "the PD makes most of the variance");
    assert_eq!(indices.settled(), 1, "beyond noise");
    let sd = 2_000_000.0 * variance.sqrt();
    assert!((indices.sd / sd - 1.0).abs() < 0.05, "{} {sd}", indices.sd);
}

#[test]
fn a_range_is_drawn_within_its_ends_and_whole_where_the_key_is() {
    let delay = input(
        "line2.loss.recovery.*.after_quarters",
        Change::Shift,
        Law::Range { low: decimal("0"), base: decimal("2"), high: decimal("8") },
    );
    for step in 0..100 {
        let value = delay.at((f64::from(step) + 0.5) / 100.0);
        assert!(value.fract().is_zero() && value >= Decimal::ZERO && value <= decimal("8"), "{value}");
    }
    assert_eq!(delay.base(), decimal("2"));
}

/// What `fesr check` says of a scenario with some lines of `[uncertainty]`.
fn check(workshop: &Workshop, rows: &str) -> (i32, String) {
    let path = workshop.write("scenario.toml", format!("{SCENARIO}\n[uncertainty]\n{rows}\n"));
    let output = fesr(&["check", &path, "--diagnostics", "plain"]);
    (code(&output), stderr(&output))
}

#[test]
fn slips_in_uncertainty_are_found_at_their_place() {
    let workshop = Workshop::new();
    for (rows, problem, part) in [
        ("\"credit.systemic_corelation\" = { uniform = [0, 0.1] }", "E128", "credit.systemic_correlation"),
        ("\"credit.rating.X.pd\" = { uniform = [0, 0.1] }", "E128", "the entries are B"),
        ("\"fund.period\" = { uniform = [0, 1] }", "E128", "does not name a number"),
        ("\"fund\" = { uniform = [0, 1] }", "E128", "does not name a number"),
        ("\"simulation.paths\" = { uniform = [1, 2] }", "E128", "no assumption"),
        ("\"credit.nu\" = 4", "E103", "takes a table"),
        ("\"credit.nu\" = { low = 3, high = 9 }", "E102", "`base` is missing"),
        ("\"credit.nu\" = { low = 3, base = 2, high = 9 }", "E122", "lowest to the highest"),
        ("\"credit.nu\" = { uniform = [9, 3] }", "E122", "lowest to the highest"),
        ("\"credit.nu\" = { uniform = [9] }", "E103", "2 numbers"),
        ("\"credit.nu\" = { uniform = [3, 9], low = 3 }", "E102", "one law"),
        ("\"credit.nu\" = { operation = \"scale\" }", "E102", "one law"),
        ("\"credit.nu\" = { unifrom = [3, 9], base = 3 }", "E101", "`uniform`"),
        ("\"credit.nu\" = { operation = \"times\", uniform = [3, 9] }", "E104", "scale"),
        ("\"credit.nu\" = { lognormal = { median = 0, sigma = 1 } }", "E106", "above 0"),
        ("\"line2.loss.lgd_mean\" = { uniform = [\"50%\", \"150%\"] }", "E129", "cannot be 1.5"),
        ("\"credit.rating.*.pd\" = { operation = \"scale\", uniform = [1, 30] }", "E129", "cannot be 30"),
    ] {
        let (code, said) = check(&workshop, rows);
        assert_eq!(code, 2, "{rows}: {said}");
        assert!(said.contains(problem) && said.contains(part), "{rows}: {said}");
    }
    let nested = "credit.systemic_correlation = { low = 0.03, base = 0.1, high = 0.15 }";
    assert_eq!(check(&workshop, nested).0, 0, "nested tables mean the same as a quoted key");
}

/// All files below a folder with their bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut entries: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((
                path.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read(&path).expect("a file"),
            ));
        }
    }
    found
}

#[test]
fn the_command_leaves_the_same_bytes_on_any_number_of_threads() {
    let workshop = Workshop::new();
    let rows = "[uncertainty]\n\"credit.rating.*.pd\" = { operation = \"scale\", low = 0.5, high = 2 }\n\
                \"line2.loss.lgd_mean\" = { uniform = [\"40%\", \"60%\"] }\n";
    let scenario = workshop.write("scenario.toml", format!("{SCENARIO}\n{rows}"));
    let run = |threads: &str, name: &str| {
        let out = workshop.path(name);
        let output = fesr(&[
            "sensitivity",
            &scenario,
            "--global",
            "--design",
            "16",
            "--paths",
            "600",
            "--threads",
            threads,
            "-o",
            text(&out),
            "--quiet",
            "--metric",
            "fund_loss",
            "--metric",
            "fund_loss.90%",
            "--lang",
            "it",
        ]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        (files(&out.join("sensitivity-scenario")), String::from_utf8(output.stdout).expect("text"))
    };
    let (one, page) = run("1", "one");
    let (three, _) = run("3", "three");
    let names: Vec<&str> = one.iter().map(|(name, _)| name.as_str()).collect();
    for name in
        ["tornado.csv", "sobol.csv", "sensitivity.json", "tornado-fund-loss.svg", "sobol-fund-loss-q09.svg"]
    {
        assert!(names.contains(&name), "{names:?}");
    }
    assert!(one == three, "the same bytes");
    assert!(
        page.lines()
            .filter(|line| !line.contains("sensitivity-scenario"))
            .all(|line| line.chars().count() <= 80)
    );
    // The PD is 4 %, the only one: said as what comes of the factor.
    assert!(page.contains("Livello delle PD da 2,0\u{a0}% a 8,0\u{a0}% (base 4,0\u{a0}%)"), "{page}");
    assert!(page.contains("LGD media, linea 2 da 40\u{a0}% a 60\u{a0}% (base 50\u{a0}%)"), "{page}");
    assert!(page.contains("64 simulazioni di 600 percorsi"), "{page}");
}

#[test]
fn defaults_are_said_and_slips_of_the_command_line_refused() {
    let workshop = Workshop::new();
    let scenario = workshop.write("scenario.toml", SCENARIO);
    let out = workshop.path("out");
    let output = fesr(&["sensitivity", &scenario, "--paths", "300", "-o", text(&out), "--quiet"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let page = String::from_utf8(output.stdout).expect("text");
    assert!(page.contains("default ranges"), "{page}");
    assert!(
        page.lines().all(|line| line.chars().count() <= 80 || line.contains("sensitivity-scenario")),
        "{page}"
    );
    assert!(page.contains("PD level from 1.9% to 8.5% (base 4.0%)"), "{page}");
    assert!(page.contains("cannot be estimated with so few paths"), "ES 99 % takes 10,000 paths: {page}");
    let table = fs::read_to_string(out.join("sensitivity-scenario/tornado.csv")).expect("a file");
    assert!(table.lines().any(|line| line.starts_with("fund_loss,all,EUR,mean,1,pd-level,")), "{table}");
    for slip in [
        ["--metric", "fund_los.mean"],
        ["--metric", "fund_loss.98%"],
        ["--design", "64"],
        ["--name", "Study"],
    ] {
        let output = fesr(&["sensitivity", &scenario, slip[0], slip[1], "-o", text(&out)]);
        assert_eq!(code(&output), 2, "{slip:?}: {}", stderr(&output));
    }
}
