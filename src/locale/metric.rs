//! The name of every metric in both languages, with the terms that the offices use (DOMAIN.md section 6.3).

use crate::metrics::MetricId;
use crate::scenario::Language;

/// The name of a metric, as tables, axes and sentences show it.
pub fn metric_name(metric: MetricId, language: Language) -> &'static str {
    let (italian, english) = names(metric);
    match language {
        Language::Italian => italian,
        Language::English => english,
    }
}

/// Italian, then English.
fn names(metric: MetricId) -> (&'static str, &'static str) {
    use MetricId as M;
    match metric {
        M::Applications => ("Domande ricevute", "Applications received"),
        M::Approvals => ("Domande approvate", "Applications approved"),
        M::Withdrawals => ("Rinunce", "Withdrawals"),
        M::Projects => ("Progetti finanziati", "Projects funded"),
        M::RejectedBudget => ("Domande respinte per fondi esauriti", "Rejected for lack of budget"),
        M::RejectedIneligible => ("Domande non ammissibili", "Rejected as ineligible"),
        M::InvestmentApplied => ("Investimenti richiesti", "Investment applied for"),
        M::InvestmentSupported => ("Investimenti sostenuti", "Investment supported"),
        M::FundLoans => ("Prestiti del fondo", "Fund loans"),
        M::BankLoans => ("Prestiti bancari", "Bank loans"),
        M::GuaranteedLoans => ("Prestiti bancari garantiti", "Guaranteed bank loans"),
        M::Guarantees => ("Importi garantiti", "Guaranteed amounts"),
        M::Reserves => ("Accantonamenti per garanzie", "Guarantee reserves"),
        M::Grants => ("Contributi concessi", "Grants awarded"),
        M::OwnFunds => ("Mezzi propri dei destinatari", "Own funds of recipients"),
        M::GrantsPaid => ("Contributi erogati", "Grants paid"),
        M::DemandCoverage => ("Domanda soddisfatta", "Demand met"),
        M::Absorption => ("Assorbimento", "Absorption"),
        M::LeverageEffect => ("Effetto leva", "Leverage effect"),
        M::FinanceLeverage => ("Effetto leva con i contributi", "Leverage effect with grants"),
        M::LeverageOnUsed => ("Effetto leva sulle risorse impiegate", "Leverage on resources used"),
        M::InvestmentMultiplier => ("Moltiplicatore degli investimenti", "Investment multiplier"),
        M::PrivateLeverage => ("Leva sui capitali privati", "Private leverage"),
        M::GuaranteeMultiplier => ("Moltiplicatore delle garanzie", "Guarantee multiplier"),
        M::Defaults => ("Inadempimenti", "Defaults"),
        M::DefaultRate => ("Tasso di inadempimento", "Default rate"),
        M::AnnualDefaultRate => ("Tasso di inadempimento annuo", "Annual default rate"),
        M::DefaultedExposure => ("Esposizione al momento dell’inadempimento", "Exposure at default"),
        M::LoanLoss => ("Perdita sui prestiti", "Loss on loans"),
        M::CallsDemanded => ("Escussioni richieste", "Calls demanded"),
        M::CallsPaid => ("Escussioni pagate", "Calls paid"),
        M::CallsOverCap => ("Escussioni oltre il cap", "Calls above the cap"),
        M::Shortfall => ("Escussioni non pagate entro il cap", "Unpaid calls within the cap"),
        M::GuaranteeRecoveries => ("Recuperi sulle garanzie", "Recoveries on guarantees"),
        M::GuaranteeLoss => ("Perdita sulle garanzie", "Loss on guarantees"),
        M::FundLoss => ("Perdita del fondo", "Loss of the fund"),
        M::FundLossRate => ("Tasso di perdita del fondo", "Loss rate of the fund"),
        M::BankLoss => ("Perdita delle banche", "Loss of the banks"),
        M::CapUtilisation => ("Utilizzo del cap", "Use of the cap"),
        M::CapHit => ("Cap superato", "Cap exceeded"),
        M::ShortfallEvent => ("Garanzia non onorata in tempo", "Guarantee not honoured in time"),
        M::OverdraftEvent => ("Cassa sotto zero", "Cash below zero"),
        M::ReserveCovers => ("Dotazione per garanzie sufficiente", "Guarantee budget is sufficient"),
        M::ReserveUsage => ("Uso della dotazione per garanzie", "Use of the guarantee budget"),
        M::CapitalKept => ("Capitale conservato", "Capital kept"),
        M::InterestIncome => ("Interessi sui prestiti", "Interest on loans"),
        M::PremiumIncome => ("Commissioni di garanzia incassate", "Guarantee fees received"),
        M::TreasuryIncome => ("Interessi sulla liquidità", "Interest on cash"),
        M::FeesPaid => ("Costi e commissioni di gestione", "Management costs and fees"),
        M::FeesUnpaid => ("Commissioni di gestione non pagate", "Management fees left unpaid"),
        M::ClosingResources => ("Risorse restituite alla Regione", "Resources back to the Region"),
        M::ClosingRatio => ("Quota restituita della dotazione", "Share of the endowment returned"),
        M::OutstandingAtHorizon => ("Prestiti in essere a fine periodo", "Loans outstanding at the horizon"),
        M::ValueRatio => ("Valore finale sulla dotazione", "Final value to endowment"),
        M::TranchesAdvanced => ("Quote versate in anticipo", "Tranches paid in advance"),
        M::NeverPaidIn => ("Dotazione mai versata", "Endowment never paid in"),
        M::GrantsRecovered => ("Contributi revocati e recuperati", "Grants clawed back"),
        M::SubsidyCost => ("Costo pubblico attualizzato", "Public cost in present value"),
        M::GrossGrantEquivalent => ("Equivalente sovvenzione lordo (ESL)", "Gross grant equivalent"),
        M::GrossGrantIntensity => {
            ("Intensità di aiuto (ESL / investimento)", "Aid intensity (gross grant equivalent)")
        }
        M::EnterprisesSupported => ("Imprese sostenute (CO01)", "Enterprises supported (CO01)"),
        M::EnterprisesWithGrant => ("Imprese con contributo (CO02)", "Enterprises with a grant (CO02)"),
        M::EnterprisesWithInstrument => {
            ("Imprese con prestito o garanzia (CO03)", "Enterprises with loan or guarantee (CO03)")
        }
        M::PrivateWithGrant => {
            ("Investimenti privati con contributo (CO06)", "Private investment with a grant (CO06)")
        }
        M::PrivateWithInstrument => {
            ("Investim. privati senza contributo (CO07)", "Private investment without a grant (CO07)")
        }
    }
}

/// Whether a ratio is read as a percentage (a part of a whole) rather than as a multiple.
pub fn shown_as_percent(metric: MetricId) -> bool {
    use MetricId as M;
    matches!(
        metric,
        M::DemandCoverage
            | M::Absorption
            | M::DefaultRate
            | M::AnnualDefaultRate
            | M::FundLossRate
            | M::CapUtilisation
            | M::ReserveUsage
            | M::ClosingRatio
            | M::ValueRatio
            | M::GrossGrantIntensity
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_metrics_apart() {
        for language in Language::ALL {
            let mut names: Vec<&str> =
                MetricId::ALL.iter().map(|metric| metric_name(*metric, *language)).collect();
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count, "two metrics have the same name");
            assert!(names.iter().all(|name| name.chars().count() <= 42));
        }
    }
}
