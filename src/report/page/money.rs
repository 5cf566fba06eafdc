//! Money in and out: mean amounts of the fund and its lines, and leverage beside what of it is additional.

use super::Page;
use super::all_figures::all_figures;
use super::table::{Kind, Table, text};
use crate::locale::metric_name;
use crate::metrics::MetricId as M;
use crate::report::telling::{Preposition, tell};
use maud::{Markup, html};

/// The tables of the chapter.
pub(super) fn tables(page: &Page) -> Markup {
    if !page.has_paths() {
        return html! {};
    }
    html! { (additional(page)) (amounts(page).render()) (ratios(page).render()) (all_figures(page)) }
}

/// Leverage counts every loan; how much of it is additional depends on what would have happened without the fund.
fn additional(page: &Page) -> Markup {
    let telling = page.telling;
    let deadweight = page.contents.facts.scenario.fund.deadweight;
    let share = telling.the_chosen_percent(Preposition::None, deadweight.to_f64());
    html! {
        p { @if deadweight.is_zero() { (tell!(
            telling,
            "L’effetto leva conta ogni prestito come dovuto al fondo: suppone che senza di esso nessuno sarebbe stato concesso. Con la chiave fund.deadweight lo scenario può dire quale parte ci sarebbe stata comunque; qui è 0, e l’effetto leva aggiuntivo è uguale all’effetto leva.",
            "Leverage counts every loan as due to the fund: it assumes that without it none would have been made. With the key fund.deadweight a scenario can say which part would have been made anyway; here it is 0, and additional leverage equals leverage."
        )) } @else { (tell!(
            telling,
            "Lo scenario suppone che {share} dei prestiti sarebbe stato concesso anche senza il fondo (fund.deadweight): l’effetto leva aggiuntivo non lo conta.",
            "The scenario assumes that {share} of the loans would have been made without the fund too (fund.deadweight): additional leverage leaves them out."
        )) } }
    }
}

fn heads(page: &Page, first: String) -> Vec<(String, Kind)> {
    let mut heads = vec![(first, Kind::Words)];
    heads.extend(
        page.abouts().into_iter().map(|about| (page.telling.line_name(about).to_string(), Kind::Number)),
    );
    heads
}

fn amounts(page: &Page) -> Table {
    let telling = page.telling;
    let on_average = telling.on_average(page.contents.summary.paths);
    let mut table = Table::new(
        tell!(
            telling,
            "Importi sull’intera vita del fondo, {on_average}",
            "Amounts over the life of the fund, {on_average}"
        ),
        heads(page, tell!(telling, "Importo", "Amount")),
    );
    let metrics = [
        M::InvestmentApplied,
        M::InvestmentSupported,
        M::FundLoans,
        M::BankLoans,
        M::GuaranteedLoans,
        M::Guarantees,
        M::Reserves,
        M::Grants,
        M::OwnFunds,
        M::InterestIncome,
        M::PremiumIncome,
        M::TreasuryIncome,
        M::CallsPaid,
        M::GuaranteeRecoveries,
        M::GrantsPaid,
        M::GrantsRecovered,
        M::FeesPaid,
        M::FeesUnpaid,
        M::FundLoss,
        M::ClosingResources,
        M::NeverPaidIn,
        M::OutstandingAtHorizon,
        M::SubsidyCost,
        M::GrossGrantEquivalent,
    ];
    fill(page, &mut table, &metrics);
    table
}

fn ratios(page: &Page) -> Table {
    let telling = page.telling;
    let on_average = telling.on_average(page.contents.summary.paths);
    let mut table = Table::new(
        tell!(telling, "Rapporti e numeri, {on_average}", "Ratios and counts, {on_average}"),
        heads(page, tell!(telling, "Grandezza", "Figure")),
    );
    fill(page, &mut table, &[M::LeverageEffect]);
    let mut cells = vec![text(tell!(telling, "Effetto leva aggiuntivo", "Additional leverage"))];
    cells.extend(page.abouts().into_iter().map(|about| {
        text(page.amount(M::LeverageEffect, page.additional_leverage(page.mean(M::LeverageEffect, about))))
    }));
    table.row(cells);
    let metrics = [
        M::FinanceLeverage,
        M::PrivateLeverage,
        M::LeverageOnUsed,
        M::InvestmentMultiplier,
        M::GuaranteeMultiplier,
        M::DemandCoverage,
        M::Absorption,
        M::Applications,
        M::Projects,
        M::RejectedBudget,
        M::RejectedIneligible,
        M::Withdrawals,
        M::Defaults,
        M::DefaultRate,
        M::AnnualDefaultRate,
        M::ReserveUsage,
        M::ClosingRatio,
        M::ValueRatio,
        M::GrossGrantIntensity,
    ];
    fill(page, &mut table, &metrics);
    table
}

/// A row for each metric that the run reports.
fn fill(page: &Page, table: &mut Table, metrics: &[M]) {
    for &metric in metrics {
        if page.contents.summary.metric(metric, None).is_none() {
            continue;
        }
        let mut cells = vec![text(metric_name(metric, page.telling.language))];
        cells.extend(page.abouts().into_iter().map(|about| text(page.mean_text(metric, about))));
        table.row(cells);
    }
}
