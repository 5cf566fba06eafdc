//! What the tables of the Region's books are: their columns with kind, unit and meaning.

use crate::report::table_shape::{STD_ERROR, TableColumn, TableShape, number, text, whole};

const STATISTIC: TableColumn = text("statistic", "mean, min, max, or a quantile such as q0.95");
const BAND_STATISTIC: TableColumn = text(
    "statistic",
    "mean over all paths, or a quantile such as q0.95 over the first 16,384 of them (or all, if there are fewer)",
);

/// `annual-report.csv`
pub const ANNUAL_REPORT: TableShape = TableShape {
    file: "annual-report.csv",
    title: "Yearly report on the financial instrument",
    meaning: "One statistic of one figure of one calendar year a row (Reg. 1303/2013 art. 46)",
    columns: &[
        whole("year", "", "calendar year; the first and the last may be short"),
        text(
            "item",
            "what is reported: programmed, paid_in, committed, disbursed (field 25) of which loans_disbursed, \
             guarantees_set_aside, grants_paid; recipients by size; defaults; income; resources paid back and re-used; \
             management_costs; other_contributions; leverage expected and achieved; investment_mobilised; fund_value",
        ),
        text("annex_field", "field of annex I of Reg. 821/2014 that it answers; empty where none is known"),
        text(
            "basis",
            "year: in the year alone; to_date: from the beginning to the end of the year, or the state then",
        ),
        text("unit", "unit of the value: EUR, count or ratio"),
        BAND_STATISTIC,
        number("value", "that of the row's column unit", "the statistic over the paths"),
        STD_ERROR,
    ],
    key: &["year", "item", "basis", "statistic"],
};

/// `absorption.csv`
pub const ABSORPTION: TableShape = TableShape {
    file: "absorption.csv",
    title: "Absorption over time",
    meaning: "One statistic of one share of the endowment at the end of one quarter a row",
    columns: &[
        whole("quarter", "quarters", "quarter of the fund, counted from 0"),
        text("label", "calendar quarter, such as 2018-Q4"),
        text("metric", "paid_in_share, committed_share or disbursed_share, to date"),
        BAND_STATISTIC,
        number("value", "share of the endowment", "the statistic over the paths; above 1 by re-lending"),
        STD_ERROR,
    ],
    key: &["quarter", "metric", "statistic"],
};

/// `milestones.csv`
pub const MILESTONES: TableShape = TableShape {
    file: "milestones.csv",
    title: "Milestones of spending",
    meaning: "One milestone of the scenario a row, with the probability of missing it",
    columns: &[
        whole("milestone", "", "position in the scenario, from 1"),
        whole("quarter", "quarters", "quarter of the fund at whose end it is looked at, counted from 0"),
        text("label", "that calendar quarter"),
        number("min_disbursed", "EUR", "least that must be disbursed by then"),
        number("min_share", "share of the endowment", "the same as a share"),
        number("disbursed_share", "share of the endowment", "mean of what is disbursed by then"),
        number("missed", "probability", "share of all paths that miss it"),
        number("missed_low", "probability", "lower bound of its 95 % interval (Clopper-Pearson)"),
        number("missed_high", "probability", "upper bound of that interval"),
        number("max_probability", "probability", "largest probability accepted; empty where none is given"),
        text("verdict", "kept, broken or not settled; empty where no probability is given"),
    ],
    key: &["milestone"],
};

/// `subsidy-cost.csv`
pub const SUBSIDY_COST: TableShape = TableShape {
    file: "subsidy-cost.csv",
    title: "Sources of the public cost",
    meaning: "One statistic of one part of subsidy_cost a row, in present value; on every path the parts add up to it",
    columns: &[
        text(
            "part",
            "defaults (net of recoveries), lending (time value of money lent less interest), outstanding (loans at the \
             horizon), grants, fees, income (treasury and premiums, with a minus), idle_cash, or all of them: subsidy_cost",
        ),
        text("unit", "EUR"),
        STATISTIC,
        number("value", "EUR", "the statistic over all paths"),
        STD_ERROR,
    ],
    key: &["part", "statistic"],
};

/// `outcomes.csv`
pub const OUTCOMES: TableShape = TableShape {
    file: "outcomes.csv",
    title: "Social results",
    meaning: "One statistic of one social result a row",
    columns: &[
        text("metric", "outcome_NAME, with the name that the scenario gives"),
        text(
            "measure",
            "completed: of investments that did not fail; supported: if none failed; per_million_lost and \
             per_million_spent: mean completed per million euros of mean fund loss, or of what does not come back (fund \
             loss, grants net of those recovered, management costs)",
        ),
        text("line", "the whole fund (all) or a line of the measure (1, 2)"),
        text("theme", "all themes, or one"),
        text("unit", "what is counted, as the scenario says"),
        STATISTIC,
        number(
            "value",
            "that of the row's column unit",
            "the statistic over all paths; empty where it is a ratio to nothing",
        ),
        STD_ERROR,
    ],
    key: &["metric", "measure", "line", "theme", "statistic"],
};

/// All tables that a run with these books may leave.
pub const REGION_TABLES: [&TableShape; 5] =
    [&ANNUAL_REPORT, &ABSORPTION, &MILESTONES, &SUBSIDY_COST, &OUTCOMES];
