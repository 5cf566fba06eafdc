//! The tables of studies: `fesr compare`, `frontier`, `stress`, `sensitivity`.

use super::{LINE, METRIC, STATISTIC, TableColumn, TableShape, UNIT, number, text, whole};

const OF_UNIT: &str = "that of the row's column unit";

const fn amount(name: &'static str, meaning: &'static str) -> TableColumn {
    number(name, OF_UNIT, meaning)
}

const fn euros(name: &'static str, meaning: &'static str) -> TableColumn {
    number(name, "EUR", meaning)
}

const fn share(name: &'static str, meaning: &'static str) -> TableColumn {
    number(name, "ratio", meaning)
}

const COMPARED: [TableColumn; 18] = [
    text("economy", "economy of --economies; empty: each scenario in its own"),
    METRIC,
    LINE,
    UNIT,
    STATISTIC,
    text("scenario", "name of the scenario (of a stress test: of the economy or shock)"),
    amount("value", "the statistic"),
    amount("std_error", "its standard error"),
    amount("low", "lower end of its 95 % interval"),
    amount("high", "upper end"),
    amount("difference", "less the first scenario's, on the same paths; empty for the first"),
    amount("difference_std_error", "standard error of the paired difference"),
    amount("difference_low", "lower end of its 95 % interval (of chances: Tango 1998)"),
    amount("difference_high", "upper end"),
    amount("unpaired_std_error", "standard error that the difference would have on independent paths"),
    whole("better", "paths", "paths on which this scenario is better than the first"),
    whole("equal", "paths", "paths on which both are the same"),
    whole("worse", "paths", "paths on which this scenario is worse"),
];

/// `comparison.csv`
pub const COMPARISON: TableShape = TableShape {
    file: "comparison.csv",
    title: "Scenarios compared",
    meaning: "One statistic of one figure of one scenario a row, with its difference to the first scenario's",
    columns: &COMPARED,
    key: &["economy", "metric", "line", "statistic", "scenario"],
};

/// `stress.csv`
pub const STRESS: TableShape = TableShape {
    file: "stress.csv",
    title: "The scenario under stress",
    meaning: "One statistic of one figure under one economy or shock a row, with its difference to the scenario as it is",
    columns: &COMPARED,
    key: &["metric", "line", "statistic", "scenario"],
};

/// `grid.csv`
pub const GRID: TableShape = TableShape {
    file: "grid.csv",
    title: "Mixes under economies",
    meaning: "One mix in one economy a row, with how much worse it is than the best mix of that economy",
    columns: &[
        METRIC,
        LINE,
        UNIT,
        STATISTIC,
        text("economy", "name of the economy"),
        text("scenario", "name of the scenario"),
        amount("value", "the statistic"),
        amount("std_error", "its standard error"),
        amount(
            "regret",
            "how much worse than the economy's best mix; empty where neither direction is better",
        ),
        amount("regret_std_error", "standard error of the regret, paired"),
        whole("is_best", "", "1 for the best mix of the economy, else 0"),
        whole("beaten_beyond_noise", "", "1 if the best mix is better beyond noise (95 %), else 0"),
    ],
    key: &["metric", "line", "statistic", "economy", "scenario"],
};

const MIX: TableColumn = whole("mix", "", "number of the mix; 0 is the scenario's own");
const GUARANTEES: TableColumn = share("guarantees", "share of the money for guarantees");
const LOANS: TableColumn = share("loans", "share of the money for loans");
const GRANTS: TableColumn = share("grants", "share of the money for grants");

/// `frontier.csv`
pub const FRONTIER: TableShape = TableShape {
    file: "frontier.csv",
    title: "Objectives of all mixes",
    meaning: "One objective of one mix a row",
    columns: &[
        MIX,
        GUARANTEES,
        LOANS,
        GRANTS,
        METRIC,
        LINE,
        UNIT,
        STATISTIC,
        amount("value", "the statistic"),
        amount("std_error", "its standard error"),
        amount("low", "lower end of its 95 % interval"),
        amount("high", "upper end"),
        whole("paths", "paths", "paths simulated"),
    ],
    key: &["mix", "metric", "line", "statistic"],
};

/// `mixes.csv`
pub const MIXES: TableShape = TableShape {
    file: "mixes.csv",
    title: "All mixes",
    meaning: "One mix a row: its budgets, what is used of them, and what stands against it",
    columns: &[
        MIX,
        GUARANTEES,
        LOANS,
        GRANTS,
        euros("guarantees_budget", "envelope for guarantees"),
        euros("loans_budget", "envelope for loans"),
        euros("grants_budget", "envelope for grants"),
        euros("guarantees_used", "reserves of guarantees given, mean"),
        euros("loans_used", "fund loans, mean; lent again counts again"),
        euros("grants_used", "grants, mean"),
        euros("unused", "money that no project took, mean"),
        text("binding_envelope", "envelope of which the largest share is used"),
        share("binding_use", "that share"),
        text(
            "missing_envelopes",
            "envelopes without money that a product in demand needs, with spaces between",
        ),
        text("forbidden_by", "rules that forbid the mix, with spaces between"),
        whole("limits_broken", "", "promises broken"),
        whole("limits_not_settled", "", "promises whose interval lies across the limit"),
        whole("dominated_by", "", "number of a mix that beats it; empty: none"),
        text("recommended_for", "preferences that it is recommended for, with spaces between"),
    ],
    key: &["mix"],
};

/// `breaking.csv`
pub const BREAKING: TableShape = TableShape {
    file: "breaking.csv",
    title: "Where promises break",
    meaning: "One promise and one lever a row: the value of the lever at which the promise breaks",
    columns: &[
        METRIC,
        LINE,
        STATISTIC,
        UNIT,
        text("breaks", "above or below the bound"),
        amount("bound", "the promise's bound"),
        text("lever", "what is turned: pd, lgd or correlation"),
        text("state", "already (broken as it is), at (a value), never (within reach), unknown"),
        number("value", "that of the lever", "value at which the promise breaks"),
        number("from", "that of the lever", "lower end of its 95 % interval; empty: the start of the lever"),
        number("to", "that of the lever", "upper end; empty: beyond its reach"),
        number("reach", "that of the lever", "how far the lever reaches"),
        number(
            "kept_again_at",
            "that of the lever",
            "a larger value at which the promise is kept again, if any",
        ),
        amount("statistic_at_start", "the statistic before the lever is turned"),
        amount("statistic_there", "the statistic at the value, or at the end of the reach"),
        whole("path", "", "the path nearest to the breaking point"),
    ],
    key: &["metric", "line", "statistic", "breaks", "bound", "lever"],
};

/// `tornado.csv`
pub const TORNADO: TableShape = TableShape {
    file: "tornado.csv",
    title: "One assumption at a time",
    meaning: "One figure and one assumption a row: the figure at its low and its high end",
    columns: &[
        METRIC,
        LINE,
        UNIT,
        STATISTIC,
        whole("rank", "", "place by width, 1 being the widest"),
        text("input", "the assumption"),
        text("keys", "keys that it changes, with spaces between"),
        text("operation", "set, scale or shift"),
        number("input_low", "that of the assumption", "its low end"),
        number("input_base", "that of the assumption", "its base"),
        number("input_high", "that of the assumption", "its high end"),
        amount("base", "the figure with all assumptions at their base"),
        amount("base_std_error", "its standard error"),
        amount("low", "the figure with this assumption at its low end"),
        amount("low_difference", "less the base, on the same paths"),
        amount("low_difference_std_error", "standard error of that difference"),
        amount("high", "the figure with this assumption at its high end"),
        amount("high_difference", "less the base, on the same paths"),
        amount("high_difference_std_error", "standard error of that difference"),
        amount("width", "from the smallest to the largest of low, base and high"),
        amount("width_std_error", "its standard error"),
        whole("is_beyond_noise", "", "1 if either end differs from the base beyond noise (95 %), else 0"),
        whole(
            "is_wider_than_next",
            "",
            "1 if wider than the next one beyond noise, else 0; empty for the last",
        ),
    ],
    key: &["metric", "line", "statistic", "input"],
};

/// `sobol.csv`
pub const SOBOL: TableShape = TableShape {
    file: "sobol.csv",
    title: "All assumptions at once",
    meaning: "One figure and one assumption a row: its Sobol indices with bootstrap intervals",
    columns: &[
        METRIC,
        LINE,
        UNIT,
        STATISTIC,
        whole("rank", "", "place by total index, 1 being the largest"),
        text("input", "the assumption"),
        share("first_order", "share of the variance that would go if the assumption were known"),
        share("first_order_low", "lower end of its 95 % interval"),
        share("first_order_high", "upper end"),
        share("total", "share that would be left if all others were known"),
        share("total_low", "lower end of its 95 % interval"),
        share("total_high", "upper end"),
        whole(
            "is_larger_than_next",
            "",
            "1 if larger than the next one beyond noise, else 0; empty for the last",
        ),
        whole("design_rows", "", "rows of the design"),
        whole("runs", "", "runs of the model"),
        whole("paths", "paths", "paths of each run"),
    ],
    key: &["metric", "line", "statistic", "input"],
};

/// All of them.
pub const STUDY_TABLES: [&TableShape; 8] =
    [&COMPARISON, &GRID, &FRONTIER, &MIXES, &STRESS, &BREAKING, &TORNADO, &SOBOL];
