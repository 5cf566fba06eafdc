//! What each table of a result is: its columns with kind, unit and meaning, in one place.
//!
//! [`super::tables`] takes the headers of its files from here, `datapackage.json` ([`super::data_package`]) describes
//! them with it, and the files for spreadsheets ([`super::spreadsheet_csv`]) know from it what is a number.

use crate::aggregate::columns::Column;
use crate::chart::TABLE_COLUMNS as CHART_COLUMNS;
use crate::metrics::Unit;
use crate::reading::BORROWER_COLUMNS;
use crate::resolved::BORROWERS_FILE;

pub mod studies;

/// What the cells of a column are. A cell may be empty where there is no value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CellKind {
    /// Words, ids and names.
    Text,
    /// A whole number.
    Whole,
    /// A number with a decimal point.
    Number,
    /// A number in some rows, a word in others.
    NumberOrText,
}

/// A column of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TableColumn {
    /// Its name in the header.
    pub name: &'static str,
    /// What its cells are.
    pub kind: CellKind,
    /// The unit of its cells; empty if they have none.
    pub unit: &'static str,
    /// What its cells mean.
    pub meaning: &'static str,
}

pub(super) const fn text(name: &'static str, meaning: &'static str) -> TableColumn {
    TableColumn { name, kind: CellKind::Text, unit: "", meaning }
}

pub(super) const fn whole(name: &'static str, unit: &'static str, meaning: &'static str) -> TableColumn {
    TableColumn { name, kind: CellKind::Whole, unit, meaning }
}

pub(super) const fn number(name: &'static str, unit: &'static str, meaning: &'static str) -> TableColumn {
    TableColumn { name, kind: CellKind::Number, unit, meaning }
}

const fn either(name: &'static str, unit: &'static str, meaning: &'static str) -> TableColumn {
    TableColumn { name, kind: CellKind::NumberOrText, unit, meaning }
}

/// A table of a result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TableShape {
    /// The file.
    pub file: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What a row is.
    pub meaning: &'static str,
    /// Its columns, in order.
    pub columns: &'static [TableColumn],
    /// Columns that together tell its rows apart.
    pub key: &'static [&'static str],
}

impl TableShape {
    /// The header.
    pub fn header(&self) -> Vec<&'static str> {
        self.columns.iter().map(|column| column.name).collect()
    }
}

const METRIC: TableColumn = text(
    "metric",
    "id of the figure; see `metrics` of this package; outcome_NAME: a social result of outcomes.csv",
);
const LINE: TableColumn = text("line", "the whole fund (all) or a line of the measure (1, 2)");
const UNIT: TableColumn = text("unit", "unit of the value: EUR, count, ratio or probability");
const STATISTIC: TableColumn = text(
    "statistic",
    "mean, sd, min, max, a quantile such as q0.99 with its 95 % interval q0.99_low and q0.99_high, or an expected \
     shortfall such as es0.99 (mean of the worst 1 %)",
);
const VALUE: TableColumn = number("value", "that of the row's column unit", "the statistic over all paths");
pub(super) const STD_ERROR: TableColumn = number(
    "std_error",
    "that of the value",
    "standard error of the value, from the number of simulated paths; empty where none is known",
);

/// `summary.csv`
pub const SUMMARY: TableShape = TableShape {
    file: "summary.csv",
    title: "Figures of the whole run",
    meaning: "One statistic of one figure a row, over all simulated paths and the whole horizon",
    columns: &[METRIC, LINE, UNIT, STATISTIC, VALUE, STD_ERROR],
    key: &["metric", "line", "statistic"],
};

/// `timeline.csv`
pub const TIMELINE: TableShape = TableShape {
    file: "timeline.csv",
    title: "Figures over time",
    meaning: "One statistic of one figure at the end of one quarter a row",
    columns: &[
        whole("quarter", "quarters", "quarter of the fund, counted from 0"),
        text("label", "calendar quarter, such as 2018-Q4"),
        text("metric", "id of the figure; see `timeline_metrics` of this package"),
        LINE,
        STATISTIC,
        number(
            "value",
            "that of the metric, see `timeline_metrics` of this package",
            "the statistic over the paths; empty where the figure exists on no path",
        ),
        STD_ERROR,
    ],
    key: &["quarter", "metric", "line", "statistic"],
};

/// `histogram.csv`
pub const HISTOGRAM: TableShape = TableShape {
    file: "histogram.csv",
    title: "Histograms",
    meaning: "One interval of values of one figure a row, with the number of paths in it",
    columns: &[
        METRIC,
        LINE,
        UNIT,
        number("from", "that of the row's column unit", "lower end of the interval"),
        number(
            "to",
            "that of the row's column unit",
            "upper end of the interval; equal to `from` where exactly that value is counted",
        ),
        number("count", "paths", "paths in the interval; with --tail their weight"),
    ],
    key: &["metric", "line", "from", "to"],
};

/// `groups.csv`
pub const GROUPS: TableShape = TableShape {
    file: "groups.csv",
    title: "Figures by theme, product and rating",
    meaning: "One statistic of one figure of one group a row",
    columns: &[
        text("dimension", "what the groups are: theme, product or rating"),
        text("group", "name of the group"),
        LINE,
        text(
            "metric",
            "id of the figure, as in summary.csv, or lifetime_pd_promised / lifetime_pd_simulated",
        ),
        UNIT,
        STATISTIC,
        VALUE,
        STD_ERROR,
    ],
    key: &["dimension", "group", "line", "metric", "statistic"],
};

/// `contributions.csv`
pub const CONTRIBUTIONS: TableShape = TableShape {
    file: "contributions.csv",
    title: "Who makes the loss",
    meaning: "The part of one borrower, product, theme, rating or line in the mean and the ES 99 % of the fund's loss; \
              the parts of one split add up to the total",
    columns: &[
        text("split", "how the loss is split: line, theme, product, rating or borrower"),
        text("part", "name of the part"),
        LINE,
        METRIC,
        UNIT,
        text("statistic", "mean, or es0.99: the mean over the worst 1 % of the paths"),
        VALUE,
        STD_ERROR,
    ],
    key: &["split", "part", "line", "statistic"],
};

/// `exact-check.csv`
pub const EXACT_CHECK: TableShape = TableShape {
    file: "exact-check.csv",
    title: "Simulated against exact",
    meaning: "One figure whose expectation is known exactly a row, beside what was simulated",
    columns: &[
        text("figure", "what is compared: the id of a metric, or a share among applicants or first projects"),
        LINE,
        text("group", "group that the figure is about; empty for all"),
        UNIT,
        text("draw", "what one draw is: paths, applicants or first_projects"),
        whole("draws", "draws", "how many draws were simulated"),
        number("exact", "that of the row's column unit", "exact expectation of a draw"),
        number("simulated", "that of the row's column unit", "mean of the simulated draws"),
        number("std_error", "that of the row's column unit", "exact standard error of that mean"),
        number("z", "standard errors", "(simulated - exact) / std_error; beyond 6 the run stops"),
    ],
    key: &["figure", "line", "group"],
};

/// `uncertainty.csv`, left by `--uncertain` only.
pub const UNCERTAINTY: TableShape = TableShape {
    file: "uncertainty.csv",
    title: "Luck and ignorance",
    meaning: "One part of the variance of one figure a row: luck, or what is not known of the assumptions",
    columns: &[
        METRIC,
        LINE,
        UNIT,
        text(
            "statistic",
            "luck_sd (standard deviation within groups of 16 paths that share their assumptions), ignorance_sd (between \
             them, 0 where the estimate of the variance is below 0), ignorance_share (ignorance as a share of the variance)",
        ),
        number("value", "that of the row's column unit; of ignorance_share a ratio", "the statistic"),
        number("low", "as the value", "lower end of its 95 % interval; empty where none is known"),
        number("high", "as the value", "upper end"),
    ],
    key: &["metric", "line", "statistic"],
};

/// The tables that every run leaves.
pub const TABLES: [&TableShape; 7] =
    [&SUMMARY, &TIMELINE, &HISTOGRAM, &GROUPS, &CONTRIBUTIONS, &EXACT_CHECK, &UNCERTAINTY];

/// `borrowers.csv`, the list that the scenario was run with; the same columns as a list that users write.
pub const BORROWERS: TableShape = TableShape {
    file: BORROWERS_FILE,
    title: "Borrowers of the list",
    meaning: "One applicant a row, as the scenario's list names them",
    columns: &[
        text(BORROWER_COLUMNS[0], "name or number of the applicant"),
        text(BORROWER_COLUMNS[1], "line of the measure: 1 or 2"),
        whole(BORROWER_COLUMNS[2], "quarters", "quarter of the fund in which it applies, counted from 0"),
        number(BORROWER_COLUMNS[3], "EUR", "investment of its project"),
        text(BORROWER_COLUMNS[4], "theme of the measure"),
        text(BORROWER_COLUMNS[5], "legal form"),
        text(BORROWER_COLUMNS[6], "size class (Recommendation 2003/361/EC)"),
        text(BORROWER_COLUMNS[7], "rating class"),
        text(BORROWER_COLUMNS[8], "product it asks for; empty: drawn by demand"),
        text(BORROWER_COLUMNS[9], "whether it was accompanied: yes or no"),
        whole(
            BORROWER_COLUMNS[10],
            "quarters",
            "quarter of the fund in which its project is made to default; the column is absent if nobody is",
        ),
        whole(
            BORROWER_COLUMNS[11],
            "enterprises",
            "enterprises that apply together; the column is absent if all apply alone",
        ),
    ],
    key: &["id"],
};

/// The columns of every `charts/NAME.csv`.
pub const CHART: [TableColumn; CHART_COLUMNS.len()] = [
    text(CHART_COLUMNS[0], "panel of the chart, with the measure and its unit"),
    text(CHART_COLUMNS[1], "label of the series, the marker or the threshold"),
    text(
        CHART_COLUMNS[2],
        "what is drawn: bin, marker, exceedance, band, median, mean, sample, threshold, bar, part",
    ),
    number(CHART_COLUMNS[3], "share of paths", "of a band: the share of paths inside"),
    either(
        CHART_COLUMNS[4],
        "that of the panel's x axis",
        "place on the x axis: a value, a quarter or the name of a bar",
    ),
    either(CHART_COLUMNS[5], "that of the panel's x axis", "of a bin: its upper end"),
    number(
        CHART_COLUMNS[6],
        "that of the panel",
        "the value drawn: count of a bin, chance of a point, height of a line or bar",
    ),
    number(CHART_COLUMNS[7], "that of the panel", "lower end of the interval or band"),
    number(CHART_COLUMNS[8], "that of the panel", "upper end of the interval or band"),
];

/// A column of a table whose columns depend on the scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedColumn {
    /// Its name in the header.
    pub name: String,
    /// What its cells are.
    pub kind: CellKind,
    /// The unit of its cells; empty if they have none.
    pub unit: &'static str,
    /// What its cells mean.
    pub meaning: String,
}

impl From<&TableColumn> for NamedColumn {
    fn from(column: &TableColumn) -> NamedColumn {
        let TableColumn { name, kind, unit, meaning } = *column;
        NamedColumn { name: name.to_string(), kind, unit, meaning: meaning.to_string() }
    }
}

/// The columns of `paths.csv`: `path`, with `--tail` its `weight`, then one column a metric, `metric.line`.
pub fn path_columns(columns: &[Column], weighted: bool) -> Vec<NamedColumn> {
    let path =
        NamedColumn::from(&whole("path", "", "number of the path, from 0, as `fesr trace --path` takes it"));
    let weight =
        number("weight", "", "what the path counts; a mean over paths is sum(weight x value) / sum(weight)");
    let figures = columns.iter().map(|column| {
        let unit = column.metric.unit();
        let about = match column.about.word() {
            "all" => "the whole fund".to_string(),
            line => format!("line {line}"),
        };
        NamedColumn {
            name: format!("{}.{}", column.metric.id(), column.about.word()),
            kind: match unit {
                Unit::Count | Unit::Probability => CellKind::Whole,
                Unit::Euro | Unit::Ratio => CellKind::Number,
            },
            unit: unit.word(),
            meaning: format!("{about}: {}", column.metric.meaning()),
        }
    });
    let weight = weighted.then(|| NamedColumn::from(&weight));
    std::iter::once(path).chain(weight).chain(figures).collect()
}
