//! Writing a scenario back and reading it again changes nothing.

use crate::sample::{EVERY_KEY, SMALL, read_files, sound};
use fesr::metrics::MetricId;
use fesr::reading::{Files, read_scenario};
use fesr::resolved::{BORROWERS_FILE, borrowers_csv, resolved_toml};
use fesr::rules::check;
use fesr::scenario::*;
use fesr::units::{Cents, Multiplier, Precision, Probability, Quantity, Quarter, Rate, Share};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::path::Path;

/// Names that need care where they are keys, cells or steps of a path.
const LABELS: [&str; 5] = ["co-loan", "A.1 \"best\"", "piccolo, 'sì'; *", "100%", "x\\y = [z]"];

/// The scenario written and read again.
fn again(scenario: &Scenario) -> Scenario {
    let text = resolved_toml(scenario);
    let list = borrowers_csv(scenario);
    let mut files = vec![("main.toml", text.as_str())];
    files.extend(list.as_deref().map(|list| (BORROWERS_FILE, list)));
    sound(read_files(&files, &[])).scenario
}

#[test]
fn samples_are_written_and_read_again() {
    for text in [EVERY_KEY, SMALL] {
        let scenario = sound(read_files(&[("main.toml", text)], &[])).scenario;
        assert_eq!(again(&scenario), scenario, "{}", resolved_toml(&scenario));
        assert_eq!(resolved_toml(&again(&scenario)), resolved_toml(&scenario));
    }
}

/// Reads from the tree that the tests are built from.
struct Tree;

impl Files for Tree {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
    }
}

#[test]
fn the_scenarios_of_the_library_are_read_resolved_and_may_run() {
    let mut count = 0;
    for folder in ["scenarios", "scenarios/mixes", "scenarios/economies"] {
        let entries = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
        for path in entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        {
            let reading =
                sound(read_scenario(&Tree, &Path::new(folder).join(path.file_name().unwrap()), &[]));
            let report = check(&reading.scenario);
            assert!(report.may_run(), "{}", reading.rule_problems(&report));
            assert_eq!(again(&reading.scenario), reading.scenario, "{}", path.display());
            count += 1;
        }
    }
    assert!(count >= 11, "{count}");
}

fn decimal(least: i64, most: i64, scale: u32) -> impl Strategy<Value = Decimal> {
    prop_oneof![4 => (least..=most).prop_map(move |n| Decimal::new(n, scale)), 1 => Just(Decimal::new(least, scale))]
}

fn share() -> impl Strategy<Value = Share> {
    prop_oneof![
        decimal(0, 1_000_000, 6).prop_map(|value| Share::new(value).unwrap()),
        Just(Share::ZERO),
        Just(Share::ONE)
    ]
}

fn rate() -> impl Strategy<Value = Rate> {
    decimal(0, 200_000, 6).prop_map(|value| Rate::new(value).unwrap())
}

fn any_rate() -> impl Strategy<Value = Rate> {
    decimal(-200_000, 200_000, 6).prop_map(|value| Rate::new(value).unwrap())
}

fn multiplier() -> impl Strategy<Value = Multiplier> {
    decimal(0, 1_000_000, 3).prop_map(|value| Multiplier::new(value).unwrap())
}

fn weight() -> impl Strategy<Value = Multiplier> {
    decimal(1, 1_000_000, 4).prop_map(|value| Multiplier::new(value).unwrap())
}

fn quantity(least: i64, most: i64) -> impl Strategy<Value = Quantity> {
    decimal(least * 1000, most * 1000, 3).prop_map(|value| Quantity::new(value).unwrap())
}

fn amount() -> impl Strategy<Value = Cents> {
    prop_oneof![
        (0i64..=100_000_000_000).prop_map(Cents),
        (0i64..1_000_000).prop_map(|euros| Cents(euros * 100))
    ]
}

/// Parts that add up to a whole, some of them nothing.
fn parts(count: usize) -> impl Strategy<Value = Vec<Share>> {
    proptest::collection::vec(0i64..=10_000, count - 1).prop_map(|mut cuts| {
        cuts.sort_unstable();
        cuts.insert(0, 0);
        cuts.push(10_000);
        cuts.windows(2).map(|pair| Share::new(Decimal::new(pair[1] - pair[0], 4)).unwrap()).collect()
    })
}

/// Some of a closed set, at least one, in its order.
fn some<T: Choice + std::fmt::Debug>() -> impl Strategy<Value = Vec<T>> {
    proptest::sample::subsequence(T::VALUES.to_vec(), 1..=T::VALUES.len())
}

fn one<T: Choice + std::fmt::Debug>() -> impl Strategy<Value = T> {
    proptest::sample::select(T::VALUES)
}

fn weights<T: Copy + std::fmt::Debug + 'static>(all: Vec<T>) -> impl Strategy<Value = Vec<Weight<T>>> {
    let count = all.len();
    proptest::sample::subsequence(all, 1..=count).prop_flat_map(|chosen| {
        let count = chosen.len();
        proptest::collection::vec(weight(), count).prop_map(move |weights| {
            chosen
                .iter()
                .zip(weights)
                .map(|(category, weight)| Weight { category: *category, weight })
                .collect()
        })
    })
}

fn fund() -> impl Strategy<Value = Fund> {
    let times = (4u32..=160).prop_flat_map(|horizon| (Just(horizon), 1..=horizon));
    let tranches = (1usize..=4).prop_flat_map(|count| {
        (parts(count), proptest::collection::vec(share(), count)).prop_map(|(shares, triggers)| {
            let triggers =
                triggers.into_iter().enumerate().map(|(i, t)| if i == 0 { Share::ZERO } else { t });
            shares
                .into_iter()
                .zip(triggers)
                .map(|(share, trigger)| Tranche { share, trigger })
                .collect::<Vec<_>>()
        })
    });
    let fees = (amount(), proptest::collection::vec(rate(), 1..4), rate(), rate(), rate(), share()).prop_map(
        |(budget, base, loans, guarantees, grants, cap)| Fees {
            budget,
            base,
            loans,
            guarantees,
            grants,
            cap,
        },
    );
    let union_share = decimal(1, 10_000, 4).prop_map(|value| Share::new(value).unwrap());
    (
        1i64..=100_000_000_000,
        (1990i32..2100, 1u8..=4),
        times,
        one(),
        any::<bool>(),
        (union_share, share()),
        any_rate(),
        any_rate(),
        tranches,
        fees,
    )
        .prop_map(
            |(
                endowment,
                (year, number),
                (horizon, open),
                period,
                revolving,
                (union_share, deadweight),
                treasury,
                discount,
                tranches,
                fees,
            )| Fund {
                endowment: Cents(endowment),
                start: Quarter::new(year, number).unwrap(),
                today_quarter: 0,
                horizon_quarters: horizon,
                availability_quarters: open,
                period,
                revolving,
                union_share,
                deadweight,
                treasury_rate: treasury,
                discount_rate: discount,
                tranches,
                fees,
            },
        )
}

fn products() -> impl Strategy<Value = Vec<Product>> {
    proptest::collection::vec((weight(), parts(4), share()), 1..4).prop_map(|products| {
        let product =
            |(index, (demand, parts, guarantee_rate)): (usize, (Multiplier, Vec<Share>, Share))| Product {
                name: format!("{} {index}", LABELS[index % LABELS.len()]),
                demand,
                own_funds: parts[0],
                fund_loan: parts[1],
                bank_loan: parts[2],
                grant: parts[3],
                guarantee_rate,
            };
        products.into_iter().enumerate().map(product).collect()
    })
}

fn guarantee() -> impl Strategy<Value = Guarantee> {
    (any::<bool>(), share(), 0u32..=160, one(), rate()).prop_map(
        |(capped, rate, call_lag_quarters, backing, premium_rate)| {
            let kind = match capped {
                true => GuaranteeKind::Capped { cap_rate: rate },
                false => GuaranteeKind::Uncapped { provision_rate: rate },
            };
            Guarantee { kind, call_lag_quarters, backing, premium_rate }
        },
    )
}

fn loss() -> impl Strategy<Value = Loss> {
    let steps = (1usize..4).prop_flat_map(|count| {
        (parts(count), proptest::sample::subsequence((0u32..=160).collect::<Vec<_>>(), count)).prop_map(
            |(shares, after)| {
                after
                    .into_iter()
                    .zip(shares)
                    .map(|(after_quarters, share)| RecoveryStep { after_quarters, share })
                    .collect::<Vec<_>>()
            },
        )
    });
    // With a mean between 10 % and 90 % a standard deviation below 30 % is always possible.
    let moments = (decimal(1_000, 9_000, 4), decimal(0, 2_999, 4));
    (moments, share(), steps).prop_map(|((mean, sd), cure_rate, recovery)| Loss {
        lgd_mean: Share::new(mean).unwrap(),
        lgd_sd: Share::new(sd).unwrap(),
        cure_rate,
        recovery,
    })
}

fn pipeline(line: LineNumber, open: u32, ratings: usize) -> impl Strategy<Value = Pipeline> {
    let statistical = (
        (
            proptest::collection::vec(
                decimal(0, 10_000_000, 3).prop_map(|v| Multiplier::new(v).unwrap()),
                1..4,
            ),
            quantity(0, 2),
        ),
        (1i64..=100_000_000_000, quantity(0, 5)),
        weights(Theme::ALL.to_vec()),
        weights(LegalForm::ALL.to_vec()),
        weights(Size::ALL.to_vec()),
        weights((0..ratings).collect()),
        share(),
    )
        .prop_map(
            |((per_year, log_sd), (median, sigma), themes, legal_forms, sizes, ratings, accompanied)| {
                Pipeline::Statistical(Box::new(StatisticalPipeline {
                    applications_per_year: per_year,
                    applications_log_sd: log_sd,
                    investment_median: Cents(median),
                    investment_sigma: sigma,
                    themes,
                    legal_forms,
                    sizes,
                    ratings,
                    accompanied,
                }))
            },
        );
    let who = ("[a-zA-Zàè,;\"' ]{0,8}", one::<Theme>(), one::<LegalForm>(), one::<Size>(), any::<bool>());
    let what = (0..open, 1i64..=100_000_000_000, 0..ratings, proptest::option::of(Just(0usize)));
    let forced = proptest::option::of(1u32..2);
    let row = (who, what, forced).prop_map(
        move |(
            (id, theme, legal_form, size, accompanied),
            (quarter, investment, rating, product),
            forced,
        )| {
            Borrower {
                id,
                line,
                quarter,
                investment: Cents(investment),
                theme,
                legal_form,
                size,
                rating,
                product,
                accompanied,
                forced_default_quarter: forced.map(|after| quarter + after).filter(|&forced| forced < open),
            }
        },
    );
    let list = proptest::collection::vec(row, 1..5).prop_map(|mut borrowers: Vec<Borrower>| {
        for (index, borrower) in borrowers.iter_mut().enumerate() {
            borrower.id = format!("{}{}.{index}", borrower.line.word(), borrower.id);
        }
        Pipeline::List(borrowers)
    });
    prop_oneof![2 => statistical, 1 => list]
}

fn line(number: LineNumber, open: u32, ratings: usize) -> impl Strategy<Value = Line> {
    let terms = (1u32..=160)
        .prop_flat_map(|tenor| (Just(tenor), 0..tenor, 0..=tenor, one::<Amortisation>(), rate(), rate()));
    let admission = ((0i64..=50_000_000_000, 0i64..=50_000_000_000), some::<LegalForm>(), some::<Size>());
    let conduct = (
        share(),
        one::<QueueOrder>(),
        0u32..=160,
        quantity(0, 40),
        share(),
        0u32..=160,
        share(),
        quantity(0, 2),
    );
    (
        terms,
        admission,
        conduct,
        (amount(), amount(), amount()),
        pipeline(number, open, ratings),
        products(),
        guarantee(),
        loss(),
    )
        .prop_map(
            move |(
                (tenor, grace, grant_lag, amortisation, fund_rate, bank_rate),
                ((least, more), legal_forms, sizes),
                conduct,
                budget,
                pipeline,
                products,
                guarantee,
                loss,
            )| {
                let (
                    fallback,
                    queue,
                    max_wait_quarters,
                    grant_clawback_years,
                    grant_clawback_recovery,
                    lag,
                    withdrawal_rate,
                    pd_log_sd,
                ) = conduct;
                let needed = products.iter().any(|product| !product.guarantee_rate.is_zero());
                Line {
                    booked: Vec::new(),
                    number,
                    min_investment: Cents(least),
                    max_investment: Cents(least + more.max(1)),
                    legal_forms,
                    sizes,
                    fallback,
                    queue,
                    max_wait_quarters,
                    grant_clawback_years,
                    grant_clawback_recovery,
                    disbursement_lag_quarters: lag,
                    withdrawal_rate,
                    grant_lag_quarters: grant_lag,
                    pd_log_sd,
                    budget: Budget { loans: budget.0, guarantees: budget.1, grants: budget.2 },
                    pipeline,
                    products,
                    loan: LoanTerms {
                        tenor_quarters: tenor,
                        grace_quarters: grace,
                        amortisation,
                        fund_rate,
                        bank_rate,
                    },
                    guarantee: needed.then_some(guarantee),
                    loss,
                }
            },
        )
}

fn credit(ratings: usize) -> impl Strategy<Value = Credit> {
    let correlations = (decimal(0, 4_999, 4), decimal(0, 4_999, 4))
        .prop_map(|(a, b)| (Share::new(a).unwrap(), Share::new(b).unwrap()));
    let below_one = || decimal(0, 9_999, 4).prop_map(|value| Share::new(value).unwrap());
    let pd = decimal(0, 200_000, 6).prop_map(|value| Probability::new(value).unwrap());
    let rating = (proptest::collection::vec(pd, 1..4), rate(), rate());
    let nu = decimal(2_001, 100_000, 3).prop_map(|value| Quantity::new(value).unwrap());
    (
        (one::<Dependence>(), one::<Copula>(), nu, correlations, below_one(), one::<PdTarget>(), below_one()),
        (
            proptest::array::uniform2(multiplier()),
            proptest::array::uniform4(multiplier()),
            proptest::array::uniform3(multiplier()),
            multiplier(),
        ),
        proptest::collection::vec(rating, ratings),
    )
        .prop_map(
            |(
                (dependence, copula, nu, (systemic, theme), persistence, pd_target, lgd_loading),
                factors,
                ratings,
            )| Credit {
                migration: None,
                dependence,
                copula: if dependence == Dependence::Static { copula } else { Copula::Gaussian },
                nu,
                systemic_correlation: systemic,
                theme_correlation: theme,
                persistence,
                pd_target,
                lgd_loading,
                legal_form_multiplier: factors.0,
                theme_multiplier: factors.1,
                size_multiplier: factors.2,
                accompanied_multiplier: factors.3,
                ratings: ratings
                    .into_iter()
                    .enumerate()
                    .map(|(index, (pd, reference_margin, guarantee_premium))| Rating {
                        name: format!("{}{index}", LABELS[(index + 1) % LABELS.len()]),
                        pd,
                        reference_margin,
                        guarantee_premium,
                    })
                    .collect(),
            },
        )
}

fn economy() -> impl Strategy<Value = Economy> {
    let by_calendar = proptest::collection::btree_map(1990i32..2100, multiplier(), 0..4)
        .prop_map(|years| PdMultiplier::ByCalendarYear(years.into_iter().collect()));
    let by_fund = proptest::collection::vec(multiplier(), 1..4).prop_map(PdMultiplier::ByFundYear);
    let shifts = proptest::collection::vec(quantity(-10, 10), 1..4);
    (prop_oneof![by_calendar, by_fund], shifts, proptest::option::of(1u32..=160)).prop_map(
        |(pd_multiplier, factor_shift, largest_fails_after_quarters)| Economy {
            pd_multiplier,
            factor_shift,
            largest_fails_after_quarters,
        },
    )
}

fn limit() -> impl Strategy<Value = Limit> {
    let level = proptest::sample::select(vec![1i64, 10, 25, 500, 950, 975, 990, 999]);
    let bound = || decimal(-10_000_000, 10_000_000, 3);
    (proptest::sample::select(MetricId::ALL), 0..4, level, proptest::option::of(bound()), bound()).prop_map(
        |(metric, kind, level, min, max)| {
            let share = Share::new(Decimal::new(level, 3)).unwrap();
            let statistic = match kind {
                0 => LimitStatistic::Mean,
                1 => LimitStatistic::StandardDeviation,
                2 if metric.has_shortfall() && [950, 990, 999].contains(&level) => {
                    LimitStatistic::ExpectedShortfall(share)
                }
                _ => LimitStatistic::Quantile(share),
            };
            Limit { metric, line: None, statistic, min: min.filter(|min| *min <= max), max: Some(max) }
        },
    )
}

/// Rows in the order of their keys, each by chance there or not.
fn uncertainties() -> impl Strategy<Value = Vec<Uncertainty>> {
    let keys = vec!["credit.nu", "credit.rating.*.pd", "credit.systemic_correlation", "fund.endowment"];
    let law = (0..4, decimal(-1_000, 0, 3), decimal(1, 2_000, 3)).prop_map(|(kind, low, high)| match kind {
        0 => Law::Range { low, base: (low + high) / Decimal::TWO, high },
        1 => Law::Uniform { low, high },
        2 => Law::Triangular { low, mode: low, high },
        _ => Law::Lognormal { median: high, sigma: high.min(Decimal::ONE) },
    });
    let row = (one::<Change>(), law);
    (proptest::sample::subsequence(keys, 0..=4), proptest::collection::vec(row, 4)).prop_map(
        |(keys, rows)| {
            let rows = keys.into_iter().zip(rows);
            rows.map(|(key, (change, law))| Uncertainty { key: key.to_string(), change, law }).collect()
        },
    )
}

fn scenario() -> impl Strategy<Value = Scenario> {
    (fund(), 1usize..4).prop_flat_map(|(fund, ratings)| {
        let open = fund.availability_quarters;
        let identity = ("[a-z0-9-]{1,12}", "\\PC{0,20}", any::<String>(), one::<Language>());
        let aid = (one::<Regime>(), amount(), any_rate());
        let around = (
            proptest::collection::vec(("\\PC{1,12}", amount()), 0..3),
            proptest::collection::vec(limit(), 0..3),
            proptest::sample::subsequence(vec!["R102", "R109", "R114"], 0..=3),
            any::<String>(),
            uncertainties(),
        );
        (
            Just(fund),
            identity,
            (1u64..=1_000_000_000, proptest::option::of(1i64..=5_000), 1u64..),
            (line(LineNumber::One, open, ratings), line(LineNumber::Two, open, ratings), 0..3),
            credit(ratings),
            economy(),
            around,
            aid,
        )
            .prop_map(
                |(
                    fund,
                    (name, title, description, language),
                    (paths, precision, seed),
                    (line1, line2, which),
                    credit,
                    economy,
                    around,
                    aid,
                )| Scenario {
                    identity: Identity { name, title, description, language },
                    simulation: Simulation {
                        paths,
                        precision: precision.map(|basis_points| {
                            Precision::new(Decimal::new(basis_points, 4)).expect("in range")
                        }),
                        seed,
                    },
                    fund,
                    line1: (which != 1).then_some(line1),
                    line2: (which != 2).then_some(line2),
                    credit,
                    economy,
                    programme: around.0.into_iter().map(|(name, amount)| Measure { name, amount }).collect(),
                    limits: around.1,
                    waived_rules: around.2.into_iter().map(str::to_string).collect(),
                    sources: vec![("fund.endowment".to_string(), around.3)],
                    uncertainties: around.4,
                    state_aid: StateAid { regime: aid.0, ceiling: aid.1, base_rate: aid.2 },
                },
            )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_scenario_is_written_and_read_again(scenario in scenario()) {
        let text = resolved_toml(&scenario);
        let read = again(&scenario);
        prop_assert_eq!(&read, &scenario, "{}", text);
        for language in [Language::English, Language::Italian] {
            prop_assert!(!fesr::explain::explain(&scenario, language).contains("NaN"));
        }
        prop_assert!(fesr::rules::check(&scenario).kept.len() <= fesr::rules::RULES.len());
    }
}
