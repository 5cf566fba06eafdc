//! Timeline figures: the state of fund and lines at the end of each quarter, means over all paths.

use super::columns::About;
use super::figures::{RATIO_ONE, ratio, ratio_to};
use super::moments::Moments;
use crate::engine::totals::{LineRow, TimelineRow};
use crate::metrics::Unit;
use crate::plan::Plan;

macro_rules! series {
    ($($variant:ident, $id:literal, $unit:ident, $fund_only:literal, $meaning:literal;)+) => {
        /// A timeline figure, by the id of MODEL.md section 9.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum SeriesId { $(#[doc = $meaning] $variant,)+ }

        impl SeriesId {
            /// All series, in the order of the files.
            pub const ALL: &'static [SeriesId] = &[$(SeriesId::$variant,)+];

            /// The id in files.
            pub fn id(self) -> &'static str {
                match self { $(SeriesId::$variant => $id,)+ }
            }

            /// Its unit.
            pub fn unit(self) -> Unit {
                match self { $(SeriesId::$variant => Unit::$unit,)+ }
            }

            /// Whether it exists for the whole fund only.
            pub fn fund_only(self) -> bool {
                match self { $(SeriesId::$variant => $fund_only,)+ }
            }

            /// Its definition in a line.
            pub fn meaning(self) -> &'static str {
                match self { $(SeriesId::$variant => $meaning,)+ }
            }
        }
    };
}

series! {
    Cash, "cash", Euro, true, "cash in the fund's account";
    IdleCash, "idle_cash", Euro, true, "cash less what is promised to approved projects and what guarantees may still cost";
    OutstandingFundLoans, "outstanding_fund_loans", Euro, false, "performing fund loans";
    OutstandingGuaranteed, "outstanding_guaranteed", Euro, false, "guarantee rate x performing bank balance";
    GuaranteeReserve, "guarantee_reserve", Euro, false, "the guarantee envelope";
    ReserveRatio, "reserve_ratio", Ratio, false, "guarantee reserve / outstanding guaranteed (empty where nothing is outstanding)";
    RunningProjects, "running_projects", Count, false, "projects disbursed, not matured, not defaulted";
    Defaults, "defaults", Count, false, "defaults to date";
    DefaultRate, "default_rate", Ratio, false, "defaults / projects disbursed, to date (0 if none)";
    FundLoss, "fund_loss", Euro, false, "loan exposure at default less recoveries received, plus calls paid less recoveries on them, to date";
    CallsPaid, "calls_paid", Euro, false, "guarantee calls paid to date";
    LeverageEffect, "leverage_effect", Ratio, false, "(fund loans + bank loans) to date / contribution of the Union";
    InvestmentSupported, "investment_supported", Euro, false, "investment of projects disbursed to date";
}

/// Largest ratio that a timeline carries (288 million): its squares still add up in 128 bits over a block.
const RATIO_LIMIT: i64 = 1 << 58;

/// One series of the fund or of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Series {
    /// Which figure.
    pub id: SeriesId,
    /// Of what.
    pub about: About,
}

/// The series of a plan and how they are read off the rows of a path.
pub struct TimelineLayout<'p> {
    plan: &'p Plan,
    series: Vec<Series>,
    /// Contribution of the Union to the fund and to each line, by slot + 1.
    union_contributions: Vec<f64>,
}

impl<'p> TimelineLayout<'p> {
    /// The series of a plan, in the order of files.
    pub fn new(plan: &'p Plan) -> Self {
        let abouts = About::each(plan);
        let series = SeriesId::ALL
            .iter()
            .flat_map(|&id| {
                let count = if id.fund_only() { 1 } else { abouts.len() };
                abouts[..count].iter().map(move |&about| Series { id, about })
            })
            .collect();
        let lines = plan.lines.iter().map(|line| line.contribution());
        let union_contributions = std::iter::once(plan.endowment)
            .chain(lines)
            .map(|contribution| contribution.to_f64() * plan.union_share)
            .collect();
        TimelineLayout { plan, series, union_contributions }
    }

    /// The series, in order.
    pub fn series(&self) -> &[Series] {
        &self.series
    }

    /// Number of quarters.
    pub fn quarters(&self) -> usize {
        self.plan.quarters as usize
    }

    /// Hands the value of each series in a row to `take`; `None` where a ratio has nothing to refer to.
    #[inline]
    pub fn values(&self, row: &TimelineRow, mut take: impl FnMut(usize, Option<i64>)) {
        let mut all = row.lines[0];
        all.add(&row.lines[1]);
        for (position, series) in self.series.iter().enumerate() {
            let (line, union_contribution) = match series.about {
                About::All => (&all, self.union_contributions[0]),
                About::Line(_, slot) => (&row.lines[slot], self.union_contributions[slot + 1]),
            };
            let value = match series.id {
                SeriesId::Cash => row.cash.0,
                SeriesId::IdleCash => row.idle_cash.0,
                SeriesId::OutstandingFundLoans => line.outstanding_fund_loans.0,
                SeriesId::OutstandingGuaranteed => line.outstanding_guaranteed.0,
                SeriesId::GuaranteeReserve => line.guarantee_reserve.0,
                SeriesId::ReserveRatio => {
                    if line.outstanding_guaranteed.0 == 0 {
                        take(position, None);
                        continue;
                    }
                    ratio(line.guarantee_reserve.0, line.outstanding_guaranteed.0).min(RATIO_LIMIT)
                }
                SeriesId::RunningProjects => line.running_projects,
                SeriesId::Defaults => line.defaults,
                SeriesId::DefaultRate => match line.defaults {
                    0 => 0,
                    defaults if defaults == line.projects => RATIO_ONE,
                    defaults => ratio(defaults, line.projects),
                },
                SeriesId::FundLoss => line.fund_loss.0,
                SeriesId::CallsPaid => line.calls_paid.0,
                SeriesId::LeverageEffect => ratio_to(line.finance, union_contribution).min(RATIO_LIMIT),
                SeriesId::InvestmentSupported => line.investment_supported.0,
            };
            take(position, Some(value));
        }
    }
}

impl LineRow {
    /// Adds the row of another line.
    #[inline]
    pub fn add(&mut self, other: &LineRow) {
        self.outstanding_fund_loans += other.outstanding_fund_loans;
        self.outstanding_guaranteed += other.outstanding_guaranteed;
        self.guarantee_reserve += other.guarantee_reserve;
        self.running_projects += other.running_projects;
        self.defaults += other.defaults;
        self.projects += other.projects;
        self.fund_loss += other.fund_loss;
        self.calls_paid += other.calls_paid;
        self.finance += other.finance;
        self.investment_supported += other.investment_supported;
    }
}

/// Sums of one block, light enough for the inner loop: at most 1,024 values below 2^58 cannot overflow.
#[derive(Clone, Copy, Debug, Default)]
pub struct BlockSums {
    count: u64,
    sum: i128,
    squares: u128,
}

impl BlockSums {
    /// Adds one value.
    #[inline]
    pub fn add(&mut self, value: i64) {
        self.count += 1;
        self.sum += value as i128;
        let magnitude = value.unsigned_abs() as u128;
        self.squares += magnitude * magnitude;
    }

    /// Adds the sums to moments of all paths.
    pub fn merge_into(&self, moments: &mut Moments) {
        moments.add_sums(self.count, self.sum, self.squares);
    }
}
