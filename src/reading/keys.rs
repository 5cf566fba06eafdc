//! Every key of a scenario file: whether it is required, its default, an example and its meaning.
//!
//! One table, so that the default that is filled in, the one that `--set KEY*=...` scales, the spelling that is
//! suggested and the example that a message shows are the same. Paths are dotted; `line` stands for `line1` and
//! `line2`, `*` for the name of a list entry.

/// Whether a key must be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// It must.
    Required,
    /// Absent, it has this value (as TOML).
    Default(&'static str),
    /// Absent means something of its own, said in the meaning.
    Optional,
}

/// One key of the format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key {
    /// Dotted path.
    pub path: &'static str,
    /// Whether it must be written.
    pub need: Need,
    /// What may be written, as TOML.
    pub example: &'static str,
    /// What it means, with its unit and range.
    pub meaning: &'static str,
}

const fn required(path: &'static str, example: &'static str, meaning: &'static str) -> Key {
    Key { path, need: Need::Required, example, meaning }
}

const fn default(path: &'static str, value: &'static str, meaning: &'static str) -> Key {
    Key { path, need: Need::Default(value), example: value, meaning }
}

const fn optional(path: &'static str, example: &'static str, meaning: &'static str) -> Key {
    Key { path, need: Need::Optional, example, meaning }
}

/// All keys, in the order of the format's documentation.
pub const KEYS: &[Key] = &[
    optional("extends", "\"base.toml\"", "file or list of files to start from, relative to this file"),
    optional(
        "scenario.name",
        "\"wecare-mixed\"",
        "letters a-z, digits and hyphens; names the output folder; default: the file's stem",
    ),
    optional("scenario.title", "\"Mixed instrument, 2018 call\"", "what readers see; default: the name"),
    optional("scenario.title_it", "\"Il fondo misto\"", "the title for Italian readers; default: the title"),
    optional("scenario.title_en", "\"The mixed fund\"", "the title for English readers; default: the title"),
    default("scenario.description", "\"\"", "a sentence or two"),
    optional("scenario.description_it", "\"Una frase o due.\"", "the description for Italian readers"),
    optional("scenario.description_en", "\"A sentence or two.\"", "the description for English readers"),
    default("scenario.lang", "\"en\"", "language of the results: \"it\" or \"en\""),
    default("simulation.paths", "100_000", "number of simulated paths, 1 to 1,000,000,000"),
    Key {
        path: "simulation.precision",
        need: Need::Default("0"),
        example: "\"1%\"",
        meaning: "simulate until the headline figures are that precise, 0.01% to 50%; 0: simulate `paths`",
    },
    default("simulation.seed", "20181122", "seed of all random numbers, at least 1"),
    required("fund.endowment", "5_000_000", "all the money of the funding agreement, EUR"),
    required("fund.start", "\"2018-Q4\"", "calendar quarter in which the fund starts"),
    optional(
        "fund.today",
        "\"2021-Q2\"",
        "monitoring a running fund: the first calendar quarter that is not known; what lies before it is history, told by the rows of `pipeline.borrowers` that have a `status`",
    ),
    required("fund.horizon_years", "16", "years simulated, 1 to 40 in steps of 0.25"),
    required("fund.availability_years", "5", "years in which projects are approved, at most the horizon"),
    required("fund.period", "\"2014-2020\"", "programming period: \"2014-2020\" or \"2021-2027\""),
    default("fund.revolving", "false", "whether repaid principal is lent again"),
    default("fund.union_share", "1", "the Union's part of the endowment, above 0: denominator of leverage"),
    default(
        "fund.deadweight",
        "0",
        "share of the loans that would have been made without the fund too; additional leverage leaves it out",
    ),
    optional(
        "fund.expected_leverage",
        "2.5",
        "leverage that the funding agreement expects, finance to final recipients per euro of the Union, 0 to 1,000; default: what the budgets imply",
    ),
    default("fund.treasury_rate", "0", "yearly interest on idle cash; may be negative"),
    default(
        "fund.discount_rate",
        "0",
        "yearly rate at which the subsidy cost is discounted; may be negative",
    ),
    optional(
        "fund.tranches",
        "{ shares = [0.25, 0.25, 0.25, 0.25], triggers = [0, 0.6, 0.85, 0.85] }",
        "how the endowment is paid in; default: all at once",
    ),
    required("fund.tranches.shares", "[0.25, 0.25, 0.25, 0.25]", "parts of the endowment, adding up to 1"),
    required(
        "fund.tranches.triggers",
        "[0, 0.6, 0.85, 0.85]",
        "part of what was paid in that must be spent first; the first is 0",
    ),
    optional(
        "fund.opening.fees",
        "120_000",
        "monitoring a running fund: EUR left for management fees today; default: as history derives it",
    ),
    optional(
        "fund.opening.income",
        "35_000",
        "monitoring a running fund: EUR of treasury income and interest held today, may be negative; default: as history derives it",
    ),
    optional(
        "fund.opening.returned",
        "410_000",
        "monitoring a running fund: EUR due back to the Region and held today; default: as history derives it",
    ),
    default("fund.fees.budget", "0", "EUR set aside for management fees"),
    default(
        "fund.fees.base",
        "[0]",
        "share of the paid-in endowment per year, by fund year, the last repeats",
    ),
    default("fund.fees.loans", "0", "yearly share of outstanding fund loans"),
    default("fund.fees.guarantees", "0", "yearly share of reserves in use"),
    default("fund.fees.grants", "0", "share of grants paid, once"),
    default("fund.fees.cap", "1", "most that fees may take of the endowment over the life"),
    default("line1.min_investment", "1_000_000", "smallest project investment admitted, EUR"),
    default("line2.min_investment", "0", "smallest project investment admitted, EUR"),
    required("line1.max_investment", "4_000_000", "largest project investment admitted, EUR"),
    default("line2.max_investment", "100_000", "largest project investment admitted, EUR"),
    default("line1.legal_forms", "[\"nonprofit\"]", "legal forms admitted"),
    default("line2.legal_forms", "[\"nonprofit\", \"forprofit\"]", "legal forms admitted"),
    default("line1.sizes", "[\"micro\", \"small\", \"medium\"]", "sizes admitted"),
    default("line2.sizes", "[\"micro\", \"small\"]", "sizes admitted"),
    default(
        "line.fallback",
        "true",
        "whether (or which share of) applicants accept another product than the preferred one",
    ),
    default(
        "line.queue",
        "\"skip\"",
        "\"skip\": a smaller application may pass a waiting larger one; \"strict\": it may not",
    ),
    default("line.max_wait_quarters", "4", "quarters an application may wait, 0 to 160"),
    default(
        "line.grant_clawback_years",
        "0",
        "years after its payment in which a default claws the grant back, 0 to 40",
    ),
    default("line.grant_clawback_recovery", "0", "share of a clawed-back grant that is recovered"),
    default("line.disbursement_lag_quarters", "0", "quarters from approval to disbursement, 0 to 160"),
    default("line.withdrawal_rate", "0", "share of approved projects that withdraw before disbursement"),
    default(
        "line.grant_lag_quarters",
        "0",
        "quarters from disbursement to the grant's payment, at most the tenor",
    ),
    default(
        "line.pd_log_sd",
        "0",
        "uncertainty of the PD level: standard deviation of its logarithm, 0 to 2",
    ),
    optional("line.budget.total", "4_000_000", "EUR of the line; with it the three envelopes may be shares"),
    required("line.budget.loans", "3_000_000", "EUR for fund loans, or a share of `total`"),
    required("line.budget.guarantees", "1_000_000", "EUR for guarantees, or a share of `total`"),
    default("line.budget.grants", "0", "EUR for grants, or a share of `total`"),
    optional(
        "line.opening.loans",
        "1_250_000",
        "monitoring a running fund: EUR for fund loans held today; default: as history derives it",
    ),
    optional(
        "line.opening.guarantees",
        "180_000",
        "monitoring a running fund: EUR for guarantee calls held today; default: as history derives it",
    ),
    optional(
        "line.opening.grants",
        "60_000",
        "monitoring a running fund: EUR for grants held today, those promised included; default: as history derives it",
    ),
    required(
        "line.pipeline.applications_per_year",
        "3.0",
        "expected applications per year, or a list by fund year, the last repeats; 0 to 10,000",
    ),
    default(
        "line.pipeline.applications_log_sd",
        "0",
        "uncertainty of demand: standard deviation of its logarithm, 0 to 2",
    ),
    required(
        "line.pipeline.investment.median",
        "1_400_000",
        "median project investment before truncation, EUR",
    ),
    required(
        "line.pipeline.investment.sigma",
        "0.35",
        "standard deviation of the investment's logarithm, 0 to 5",
    ),
    optional(
        "line.pipeline.themes",
        "{ health_wellbeing = 0.5, demographic_change = 0.3, poverty_exclusion = 0.2 }",
        "weights of the themes; default: all alike",
    ),
    optional(
        "line.pipeline.legal_form",
        "{ nonprofit = 1 }",
        "weights of the legal forms; default: those admitted alike",
    ),
    optional(
        "line.pipeline.size",
        "{ small = 0.5, medium = 0.5 }",
        "weights of the sizes; default: those admitted alike",
    ),
    optional(
        "line.pipeline.ratings",
        "{ \"2\" = 0.4, \"3\" = 0.6 }",
        "weights of the ratings; default: all alike",
    ),
    default("line.pipeline.accompanied", "0", "share of applicants who are accompanied"),
    default(
        "line.pipeline.members",
        "{ \"1\" = 1 }",
        "weights of how many enterprises apply together as one applicant, 1 to 20",
    ),
    required("line.product", "[[line1.product]] with a name and shares", "financing packages, at least one"),
    required("line.product.*.name", "\"co-loan\"", "name of the package, 1 to 80 characters"),
    default("line.product.*.demand", "1", "weight among preferred packages"),
    default("line.product.*.own_funds", "0", "share of the investment paid by the applicant"),
    default("line.product.*.fund_loan", "0", "share of the investment lent by the fund"),
    default("line.product.*.bank_loan", "0", "share of the investment lent by the bank"),
    default("line.product.*.grant", "0", "share of the investment granted"),
    default("line.product.*.guarantee_rate", "0", "part of the bank loan that is guaranteed"),
    required("line.loan.tenor_quarters", "32", "quarters to the last payment, 1 to 160"),
    default("line.loan.grace_quarters", "0", "quarters of interest only, below the tenor"),
    required(
        "line.loan.amortisation",
        "\"french\"",
        "\"italian\" (equal principal), \"french\" (equal instalments) or \"bullet\" (all at the end)",
    ),
    default("line.loan.fund_rate", "0", "yearly rate on the fund's loan, not negative"),
    required("line.loan.bank_rate", "\"4%\"", "yearly rate on the bank's loan, not negative"),
    required("line.guarantee.kind", "\"capped\"", "\"capped\" or \"uncapped\""),
    required(
        "line.guarantee.cap_rate",
        "\"20%\"",
        "capped: most that net calls may take of the guaranteed amounts",
    ),
    required("line.guarantee.provision_rate", "\"12.5%\"", "uncapped: reserve per euro guaranteed"),
    default("line.guarantee.call_lag_quarters", "0", "quarters from default to payment, 0 to 160"),
    default(
        "line.guarantee.backing",
        "\"income\"",
        "what pays calls: \"envelope\", then also \"income\", then also \"fund\"",
    ),
    default(
        "line.guarantee.premium_rate",
        "0",
        "yearly premium on the guaranteed performing balance, not negative",
    ),
    required("line.loss.lgd_mean", "\"45%\"", "mean loss given default"),
    default("line.loss.lgd_sd", "0", "its standard deviation; sd^2 below mean x (1 - mean)"),
    default("line.loss.cure_rate", "0", "probability that a default costs nothing"),
    default(
        "line.loss.recovery",
        "[{ after_quarters = 0, share = 1 }]",
        "when recoveries arrive; shares adding up to 1",
    ),
    required("line.loss.recovery.*.after_quarters", "4", "quarters after the default, 0 to 160"),
    required("line.loss.recovery.*.share", "\"50%\"", "part of the recovery"),
    optional(
        "line.state_aid.ceiling",
        "500_000",
        "largest aid of one enterprise in this line, EUR; default: that of [state_aid]",
    ),
    default(
        "line.state_aid.prior_aid",
        "0",
        "aid that each enterprise has already received and that counts towards the ceiling, EUR",
    ),
    optional(
        "line.outcomes",
        "{ care_places = { per_million = 12, unit = \"places\" } }",
        "social results of completed investments, by names of a-z, 0-9 and _, at most 40 signs",
    ),
    required(
        "line.outcomes.*.per_million",
        "12",
        "how many of it a million euros of completed investment bring, 0 to 1,000,000",
    ),
    required("line.outcomes.*.unit", "\"places\"", "what is counted, 1 to 80 characters"),
    required(
        "pipeline.borrowers",
        "\"borrowers.csv\"",
        "list of borrowers, relative to the file that names it",
    ),
    default("credit.dependence", "\"static\"", "\"static\" or \"ar1\""),
    default("credit.copula", "\"gaussian\"", "\"gaussian\" or \"student_t\" (static only)"),
    default("credit.nu", "5", "degrees of freedom of student_t, above 2"),
    default(
        "credit.systemic_correlation",
        "0.10",
        "share of the variance common to all; with the theme's below 1",
    ),
    default("credit.theme_correlation", "0.05", "share of the variance common to a theme"),
    default("credit.persistence", "0.85", "autoregression of the economy per quarter, ar1; 0 to below 1"),
    default("credit.pd_target", "\"quarter\"", "what PDs promise under ar1: \"quarter\" or \"lifetime\""),
    default("credit.lgd_loading", "0", "loading of the loss given default on the economy, 0 to below 1"),
    default("credit.legal_form_multiplier.nonprofit", "1", "factor on the default hazard, 0 to 1,000"),
    default("credit.legal_form_multiplier.forprofit", "1", "factor on the default hazard, 0 to 1,000"),
    default("credit.theme_multiplier.health_wellbeing", "1", "factor on the default hazard, 0 to 1,000"),
    default("credit.theme_multiplier.demographic_change", "1", "factor on the default hazard, 0 to 1,000"),
    default("credit.theme_multiplier.poverty_exclusion", "1", "factor on the default hazard, 0 to 1,000"),
    default("credit.theme_multiplier.other", "1", "factor on the default hazard, 0 to 1,000"),
    default("credit.size_multiplier.micro", "1", "factor on the default hazard, 0 to 1,000"),
    default("credit.size_multiplier.small", "1", "factor on the default hazard, 0 to 1,000"),
    default("credit.size_multiplier.medium", "1", "factor on the default hazard, 0 to 1,000"),
    default(
        "credit.accompanied_multiplier",
        "1",
        "factor on the default hazard of accompanied applicants, 0 to 1,000",
    ),
    required("credit.rating", "[[credit.rating]] with a name and a pd", "rating classes, at least one"),
    required("credit.rating.*.name", "\"2\"", "name of the class, 1 to 80 characters"),
    optional(
        "credit.rating.*.pd",
        "\"1.0%\"",
        "yearly probability of default, or a list by year of age, the last repeats; required unless [credit.migration] says it",
    ),
    default("credit.rating.*.reference_margin", "0", "yearly margin over the reference rate (state aid)"),
    default("credit.rating.*.guarantee_premium", "0", "yearly safe-harbour premium (state aid)"),
    default(
        "credit.migration.pd_multiplier",
        "1",
        "factor on every yearly probability of default that follows from the matrix, 0 to 1,000",
    ),
    required(
        "credit.migration.matrix",
        "{ \"2\" = { \"2\" = \"90%\", \"3\" = \"9%\", default = \"1%\" }, \"3\" = { \"2\" = \"5%\", \"3\" = \"91%\", default = \"4%\" } }",
        "in place of the ratings' `pd`: from each rating the yearly chance of each rating and of `default`; what is not named is 0, each row adds up to 1",
    ),
    default(
        "macro.pd_multiplier",
        "[1]",
        "factor on default hazards by fund year, the last repeats, or by calendar year; 0 to 1,000",
    ),
    default(
        "macro.factor_shift",
        "[0]",
        "shift of the economy in standard deviations by fund year, the last repeats; -10 to 10",
    ),
    default(
        "macro.largest_fails_after_quarters",
        "0",
        "a stress: the largest project of each future defaults so many quarters after its disbursement at the latest; 0: as luck has it",
    ),
    required(
        "programme.measures",
        "[{ name = \"FSE 1\", amount = 6_400_000 }]",
        "the measures of the strategy",
    ),
    required("programme.measures.*.name", "\"FSE 1\"", "name of the measure"),
    required("programme.measures.*.amount", "6_400_000", "its budget, EUR"),
    optional(
        "limit",
        "[[limit]] with metric, statistic and max or min",
        "promises that the results must keep",
    ),
    required("limit.*.metric", "\"cap_hit\"", "id of a metric, or outcome_NAME of [lineN.outcomes]"),
    default("limit.*.line", "\"all\"", "\"all\", \"1\" or \"2\""),
    required(
        "limit.*.statistic",
        "\"mean\"",
        "\"mean\", \"sd\", a quantile \"99%\" or a shortfall \"es 99%\"",
    ),
    optional("limit.*.max", "\"10%\"", "largest value allowed"),
    optional("limit.*.min", "0.5", "smallest value allowed"),
    optional(
        "milestone",
        "[[milestone]] with quarter and min_disbursed",
        "how much must be disbursed by when (n+3)",
    ),
    required(
        "milestone.*.quarter",
        "\"2021-Q4\"",
        "calendar quarter, or quarter of the fund counted from 0, at whose end it is looked at",
    ),
    required(
        "milestone.*.min_disbursed",
        "\"40%\"",
        "least that must be disbursed by then: EUR above 1, or a share of the endowment",
    ),
    optional(
        "milestone.*.max_probability",
        "\"10%\"",
        "largest probability of missing it that is accepted; default: the probability is information",
    ),
    default("rules.waive", "[]", "codes of rules knowingly broken"),
    optional(
        "sources",
        "\"credit.systemic_correlation\" = \"assumption\"",
        "where a figure comes from, by dotted key",
    ),
    optional(
        "italian",
        "\"co-loan\" = \"cofinanziamento\"",
        "how names of products, measures, ratings and listed applicants read in Italian; machine files keep the names",
    ),
    optional(
        "english",
        "\"cofinanziamento\" = \"co-loan\"",
        "how names of products, measures, ratings and listed applicants read in English; machine files keep the names",
    ),
    optional(
        "uncertainty",
        "\"credit.systemic_correlation\" = { low = 0.03, base = 0.10, high = 0.15 }",
        "how far assumptions may be off, by dotted key, for `fesr sensitivity`: a range, or uniform = [a, b], triangular = [a, mode, b], lognormal = { median, sigma }; operation = \"set\", \"scale\" or \"shift\"",
    ),
    default("state_aid.regime", "\"none\"", "\"none\" or \"de_minimis\""),
    required("state_aid.ceiling", "200_000", "largest aid of one enterprise, EUR"),
    required("state_aid.base_rate", "\"1.2%\"", "Commission reference rate; may be negative"),
    default(
        "state_aid.route",
        "\"reference_rate\"",
        "how the aid of loans and guarantees is found: \"reference_rate\" (guarantees: safe-harbour premium) or \"simplified\" (in proportion to the de minimis brackets, where they fit)",
    ),
    optional(
        "state_aid.regulation",
        "\"1407/2013\"",
        "de minimis regulation of the simplified brackets, \"1407/2013\" or \"2023/2831\"; default: that of 2013 if the ceiling is at most 200,000 EUR or 500,000 EUR (services of general economic interest), else that of 2023",
    ),
];

impl Key {
    /// The segments of the path.
    pub fn segments(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('.')
    }

    /// The last segment.
    pub fn name(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }
}

/// Whether a path as it stands in the table covers (the beginning of) a scenario's path; the rest of the former.
fn below<S: AsRef<str>>(key: &Key, path: &[S]) -> Option<Vec<&'static str>> {
    let mut segments = key.segments();
    for (depth, step) in path.iter().enumerate() {
        let (pattern, step) = (segments.next()?, step.as_ref());
        let is_line = depth == 0 && pattern == "line" && matches!(step, "line1" | "line2");
        if !(pattern == "*" || pattern == step || is_line) {
            return None;
        }
    }
    Some(segments.collect())
}

/// The key at a path, such as `["line1", "product", "co-loan", "demand"]`.
pub fn find<S: AsRef<str>>(path: &[S]) -> Option<&'static Key> {
    KEYS.iter().find(|key| below(key, path).is_some_and(|rest| rest.is_empty()))
}

/// The names known below a path, in order; `*` where any name may stand.
pub fn children<S: AsRef<str>>(path: &[S]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for key in KEYS {
        let rest = below(key, path).unwrap_or_default();
        let found: &[&str] = match rest.first() {
            Some(&"line") if path.is_empty() => &["line1", "line2"],
            Some(name) => &[*name],
            None => &[],
        };
        for name in found {
            if !names.contains(name) {
                names.push(*name);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_by_the_path_of_a_scenario() {
        assert_eq!(
            find(&["line2", "product", "micro", "demand"]).map(|key| key.need),
            Some(Need::Default("1"))
        );
        assert_eq!(find(&["line1", "min_investment"]).map(|key| key.example), Some("1_000_000"));
        assert_eq!(find(&["fund", "endowmnet"]), None);
        assert_eq!(find::<&str>(&[]), None);
    }

    #[test]
    fn children_are_listed_in_order() {
        assert_eq!(children(&["line1", "guarantee"])[..2], ["kind", "cap_rate"]);
        assert!(children::<&str>(&[]).starts_with(&[
            "extends",
            "scenario",
            "simulation",
            "fund",
            "line1",
            "line2"
        ]));
        assert_eq!(children(&["credit", "rating"]), ["*"]);
        assert_eq!(children(&["fund", "endowment"]), [""; 0]);
    }

    #[test]
    fn no_path_stands_twice_and_all_defaults_are_toml() {
        for (i, key) in KEYS.iter().enumerate() {
            assert!(KEYS[..i].iter().all(|other| other.path != key.path), "{}", key.path);
            if let Need::Default(value) = key.need {
                assert!(toml::de::DeValue::parse(value).is_ok(), "{}", key.path);
            }
        }
    }
}
