//! Figures by theme, product and rating.

use super::figures::coverage;
use super::moments::Moments;
use crate::engine::chunk::{CHUNK_PATHS, Lanes};
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

/// A figure of a group: the metrics of MODEL.md section 9 that exist by theme, product and rating.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GroupFigure {
    /// Applications received (of a product: that prefer it).
    Applications,
    /// Projects disbursed (of a product: with it).
    Projects,
    /// Investment applied for.
    InvestmentApplied,
    /// Investment of disbursed projects.
    InvestmentSupported,
    /// Investment supported / investment applied for.
    DemandCoverage,
    /// Projects defaulted.
    Defaults,
    /// Fund loss.
    FundLoss,
    /// Enterprises receiving support (CO01).
    EnterprisesSupported,
    /// Enterprises receiving grants (CO02).
    EnterprisesWithGrant,
    /// Enterprises receiving a fund loan or a guarantee (CO03).
    EnterprisesWithInstrument,
    /// Private investment beside grants (CO06).
    PrivateWithGrant,
    /// Private investment beside fund loans and guarantees without a grant (CO07).
    PrivateWithInstrument,
}

impl GroupFigure {
    /// All, in the order of files.
    pub const ALL: [GroupFigure; 12] = [
        GroupFigure::Applications,
        GroupFigure::Projects,
        GroupFigure::InvestmentApplied,
        GroupFigure::InvestmentSupported,
        GroupFigure::DemandCoverage,
        GroupFigure::Defaults,
        GroupFigure::FundLoss,
        GroupFigure::EnterprisesSupported,
        GroupFigure::EnterprisesWithGrant,
        GroupFigure::EnterprisesWithInstrument,
        GroupFigure::PrivateWithGrant,
        GroupFigure::PrivateWithInstrument,
    ];

    /// The metric of the whole fund that it is a part of.
    pub fn metric(self) -> MetricId {
        match self {
            GroupFigure::Applications => MetricId::Applications,
            GroupFigure::Projects => MetricId::Projects,
            GroupFigure::InvestmentApplied => MetricId::InvestmentApplied,
            GroupFigure::InvestmentSupported => MetricId::InvestmentSupported,
            GroupFigure::DemandCoverage => MetricId::DemandCoverage,
            GroupFigure::Defaults => MetricId::Defaults,
            GroupFigure::FundLoss => MetricId::FundLoss,
            GroupFigure::EnterprisesSupported => MetricId::EnterprisesSupported,
            GroupFigure::EnterprisesWithGrant => MetricId::EnterprisesWithGrant,
            GroupFigure::EnterprisesWithInstrument => MetricId::EnterprisesWithInstrument,
            GroupFigure::PrivateWithGrant => MetricId::PrivateWithGrant,
            GroupFigure::PrivateWithInstrument => MetricId::PrivateWithInstrument,
        }
    }

    /// Its value on a path.
    pub(super) fn of(self, group: &GroupTotals) -> i64 {
        match self {
            GroupFigure::Applications => group.applications,
            GroupFigure::Projects => group.projects,
            GroupFigure::InvestmentApplied => group.investment_applied.0,
            GroupFigure::InvestmentSupported => group.investment_supported.0,
            GroupFigure::DemandCoverage => coverage(group.investment_supported, group.investment_applied),
            GroupFigure::Defaults => group.defaults,
            GroupFigure::FundLoss => group.fund_loss.0,
            GroupFigure::EnterprisesSupported => group.indicators.enterprises,
            GroupFigure::EnterprisesWithGrant => group.indicators.with_grant,
            GroupFigure::EnterprisesWithInstrument => group.indicators.with_instrument,
            GroupFigure::PrivateWithGrant => group.indicators.private_with_grant.0,
            GroupFigure::PrivateWithInstrument => group.indicators.private_with_instrument.0,
        }
    }
}

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
    pub moments: Vec<[Moments; GroupFigure::ALL.len()]>,
}

impl GroupMoments {
    /// Without paths.
    pub fn new(plan: &Plan) -> GroupMoments {
        GroupMoments { moments: vec![Default::default(); groups(plan).len()] }
    }

    /// Room for the figures of the paths of a chunk.
    pub fn lanes(&self) -> GroupLanes {
        GroupLanes { figures: vec![[[0; CHUNK_PATHS]; GroupFigure::ALL.len()]; self.moments.len()] }
    }

    /// Adds the first `paths` paths of a chunk.
    pub fn add(&mut self, chunk: &GroupLanes, paths: usize) {
        for (moments, figures) in self.moments.iter_mut().zip(&chunk.figures) {
            for (moment, values) in moments.iter_mut().zip(figures) {
                moment.add_all(&values[..paths]);
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

/// Figures of every group on the paths of a chunk.
#[derive(Clone, Debug)]
pub struct GroupLanes {
    /// By group, then by figure, then by path.
    figures: Vec<[Lanes; GroupFigure::ALL.len()]>,
}

impl GroupLanes {
    /// Sets the figures of one path.
    pub fn set(&mut self, lane: usize, path: &PathTotals) {
        let all = path.themes.iter().chain(&path.products).chain(&path.ratings);
        for (figures, group) in self.figures.iter_mut().zip(all) {
            for (values, figure) in figures.iter_mut().zip(GroupFigure::ALL) {
                values[lane] = figure.of(group);
            }
        }
    }
}
