//! Figures by theme, product and rating.

use super::figures::coverage;
use super::moments::Moments;
use crate::engine::totals::{GroupTotals, PathTotals};
use crate::metrics::MetricId;
use crate::plan::Plan;
use crate::scenario::Theme;

/// How projects are grouped.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Dimension {
    /// By theme.
    Theme,
    /// By product of a line.
    Product,
    /// By rating.
    Rating,
}

impl Dimension {
    /// All, in the order of files.
    pub const ALL: [Dimension; 3] = [Dimension::Theme, Dimension::Product, Dimension::Rating];

    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Dimension::Theme => "theme",
            Dimension::Product => "product",
            Dimension::Rating => "rating",
        }
    }
}

/// The figures of a group, in the order of files.
pub const GROUP_METRICS: [MetricId; 7] = [
    MetricId::Applications,
    MetricId::Projects,
    MetricId::InvestmentApplied,
    MetricId::InvestmentSupported,
    MetricId::DemandCoverage,
    MetricId::Defaults,
    MetricId::FundLoss,
];

/// One theme, product or rating.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Which kind.
    pub dimension: Dimension,
    /// Its name in files.
    pub name: String,
    /// The line: of a product its own, else `all`.
    pub line: &'static str,
}

/// All groups of a plan: themes, then products line after line, then ratings.
pub fn groups(plan: &Plan) -> Vec<Group> {
    let themes = Theme::ALL.iter().map(|theme| Group {
        dimension: Dimension::Theme,
        name: theme.word().to_string(),
        line: "all",
    });
    let products = plan.lines.iter().flat_map(|line| {
        line.products.iter().map(|product| Group {
            dimension: Dimension::Product,
            name: product.name.clone(),
            line: line.number.word(),
        })
    });
    let ratings = plan.credit.rating_names.iter().map(|name| Group {
        dimension: Dimension::Rating,
        name: name.clone(),
        line: "all",
    });
    themes.chain(products).chain(ratings).collect()
}

/// Moments of the figures of every group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupMoments {
    /// By group, then by figure.
    pub moments: Vec<[Moments; GROUP_METRICS.len()]>,
}

impl GroupMoments {
    /// Without paths.
    pub fn new(plan: &Plan) -> GroupMoments {
        GroupMoments { moments: vec![Default::default(); groups(plan).len()] }
    }

    /// Adds a path.
    pub fn add(&mut self, path: &PathTotals) {
        let all = path.themes.iter().chain(&path.products).chain(&path.ratings);
        for (moments, group) in self.moments.iter_mut().zip(all) {
            for (moment, &metric) in moments.iter_mut().zip(&GROUP_METRICS) {
                moment.add(group_figure(metric, group));
            }
        }
    }

    /// Adds the paths of another set.
    pub fn merge(&mut self, other: &GroupMoments) {
        for (mine, theirs) in self.moments.iter_mut().zip(&other.moments) {
            mine.iter_mut().zip(theirs).for_each(|(a, b)| a.merge(b));
        }
    }
}

fn group_figure(metric: MetricId, group: &GroupTotals) -> i64 {
    match metric {
        MetricId::Applications => group.applications,
        MetricId::Projects => group.projects,
        MetricId::InvestmentApplied => group.investment_applied.0,
        MetricId::InvestmentSupported => group.investment_supported.0,
        MetricId::DemandCoverage => coverage(group.investment_supported, group.investment_applied),
        MetricId::Defaults => group.defaults,
        MetricId::FundLoss => group.fund_loss.0,
        other => unreachable!("{} is not a figure of groups", other.id()),
    }
}
