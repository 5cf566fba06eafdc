//! Timeline figures: the state of fund and lines at the end of each quarter, means over all paths.

use super::columns::About;
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
pub const RATIO_LIMIT: i64 = 1 << 58;

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

    /// Contribution of the Union to the fund or to a line, as one f64 product.
    pub fn union_contribution(&self, about: About) -> f64 {
        match about {
            About::All => self.union_contributions[0],
            About::Line(_, slot) => self.union_contributions[slot + 1],
        }
    }
}
