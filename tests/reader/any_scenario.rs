//! Any scenario: strategies for every key of the format.

use super::region::{milestones, outcomes};
use fesr::metrics::MetricId;
use fesr::reading::excess;
use fesr::scenario::*;
use fesr::units::{Cents, Multiplier, Precision, Probability, Quantity, Quarter, Rate, Share};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Names that need care where they are keys, cells or steps of a path.
const LABELS: [&str; 5] = ["co-loan", "A.1 \"best\"", "piccolo, 'sì'; *", "100%", "x\\y = [z]"];

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
        (union_share, share(), proptest::option::of(quantity(0, 1_000))),
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
                (union_share, deadweight, expected_leverage),
                treasury,
                discount,
                tranches,
                fees,
            )| Fund {
                endowment: Cents(endowment),
                start: Quarter::new(year, number).unwrap(),
                today_quarter: 0,
                opening: Default::default(),
                horizon_quarters: horizon,
                availability_quarters: open,
                period,
                revolving,
                union_share,
                deadweight,
                expected_leverage,
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
            proptest::collection::vec(decimal(0, 50_000, 3).prop_map(|v| Multiplier::new(v).unwrap()), 1..4),
            quantity(0, 1),
        ),
        (1i64..=100_000_000_000, quantity(0, 5)),
        weights(Theme::ALL.to_vec()),
        weights(LegalForm::ALL.to_vec()),
        weights(Size::ALL.to_vec()),
        weights((0..ratings).collect()),
        (share(), weights((1..=20).collect())),
    )
        .prop_map(
            |(
                (per_year, log_sd),
                (median, sigma),
                themes,
                legal_forms,
                sizes,
                ratings,
                (accompanied, members),
            )| {
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
                    members,
                }))
            },
        );
    let who = ("[a-zA-Zàè,;\"' ]{0,8}", one::<Theme>(), one::<LegalForm>(), one::<Size>(), any::<bool>());
    let what = (0..open, 1i64..=100_000_000_000, 0..ratings, proptest::option::of(Just(0usize)));
    let forced = (proptest::option::of(1u32..2), 1u32..=20);
    let row = (who, what, forced).prop_map(
        move |(
            (id, theme, legal_form, size, accompanied),
            (quarter, investment, rating, product),
            (forced, members),
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
                members,
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
    prop_oneof![2 => statistical.boxed(), 1 => list.boxed()].boxed()
}

/// Boxed, like the pipeline: a value tree of a whole scenario by value would overflow the stack of a test.
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
        ((amount(), amount(), amount()), (proptest::option::of(amount()), amount())),
        pipeline(number, open, ratings),
        products(),
        guarantee(),
        (loss(), outcomes()),
    )
        .prop_map(
            move |(
                (tenor, grace, grant_lag, amortisation, fund_rate, bank_rate),
                ((least, more), legal_forms, sizes),
                conduct,
                (budget, aid),
                pipeline,
                products,
                guarantee,
                (loss, outcomes),
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
                    opening: Default::default(),
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
                    state_aid: LineAid { ceiling: aid.0, prior_aid: aid.1 },
                    outcomes,
                }
            },
        )
        .boxed()
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

/// The scenario, tamed where its amounts could not be counted.
fn countable(mut scenario: Scenario) -> Scenario {
    if excess(&scenario).is_some() {
        scenario.fund.treasury_rate = Rate::new(Decimal::ZERO).unwrap();
        scenario.fund.discount_rate = Rate::new(Decimal::ZERO).unwrap();
        for line in [&mut scenario.line1, &mut scenario.line2].into_iter().flatten() {
            if let Pipeline::Statistical(pipeline) = &mut line.pipeline {
                pipeline.applications_per_year = vec![Multiplier::new(Decimal::new(5, 1)).unwrap()];
                pipeline.applications_log_sd = Quantity::new(Decimal::ZERO).unwrap();
            }
        }
    }
    scenario
}

/// The scenario with promises about the outcomes that its lines have.
fn promising(mut scenario: Scenario) -> Scenario {
    let named: Vec<(LineNumber, String)> = scenario
        .lines()
        .flat_map(|line| line.outcomes.iter().map(|outcome| (line.number, outcome.name.clone())))
        .collect();
    scenario.outcome_limits = named
        .into_iter()
        .zip(&scenario.limits)
        .filter(|(_, limit)| matches!(limit.statistic, LimitStatistic::Mean | LimitStatistic::Quantile(_)))
        .map(|((line, outcome), limit)| OutcomeLimit {
            outcome,
            line: limit.min.is_some().then_some(line),
            statistic: limit.statistic,
            min: limit.min,
            max: limit.max,
        })
        .collect();
    scenario
}

/// Any scenario that can be written.
pub fn scenario() -> impl Strategy<Value = Scenario> {
    (fund(), 1usize..4).prop_flat_map(|(fund, ratings)| {
        let open = fund.availability_quarters;
        let identity = ("[a-z0-9][a-z0-9-]{0,11}", "\\PC{0,20}", "(\\PC|\n|\t){0,40}", one::<Language>());
        let aid = (one::<Regime>(), amount(), any_rate(), one::<AidRoute>(), one::<Regulation>());
        let around = (
            proptest::collection::vec(("\\PC{1,12}", amount()), 0..3),
            proptest::collection::vec(limit(), 0..3),
            proptest::sample::subsequence(vec!["R102", "R109", "R114"], 0..=3),
            "(\\PC|\n|\t){0,40}",
            uncertainties(),
            milestones(fund.horizon_quarters),
        );
        (
            Just(fund),
            identity,
            (1u64..=1_000_000_000, proptest::option::of(1i64..=5_000), 1..=i64::MAX as u64),
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
                )| {
                    promising(countable(Scenario {
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
                        programme: around
                            .0
                            .into_iter()
                            .map(|(name, amount)| Measure { name, amount })
                            .collect(),
                        limits: around.1,
                        outcome_limits: Vec::new(),
                        milestones: around.5,
                        waived_rules: around.2.into_iter().map(str::to_string).collect(),
                        sources: vec![("fund.endowment".to_string(), around.3)],
                        uncertainties: around.4,
                        state_aid: StateAid {
                            regime: aid.0,
                            ceiling: aid.1,
                            base_rate: aid.2,
                            route: aid.3,
                            regulation: aid.4,
                        },
                        translations: Translations {
                            italian: Translation {
                                title: Some("Un \"titolo\"".to_string()),
                                description: None,
                                names: vec![("a b.c".to_string(), "è così".to_string())],
                            },
                            english: Translation {
                                description: Some(String::new()),
                                ..Translation::default()
                            },
                        },
                    }))
                },
            )
    })
}
