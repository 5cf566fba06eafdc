//! The words for the figures of the Region's books, as the yearly reports of funds call them.

use crate::books::absorption::Measure;
use crate::books::annual::Item;
use crate::books::subsidy::Part;
use crate::report::telling::{Telling, tell};

/// A figure of the yearly report.
pub fn item_name(item: Item, telling: Telling) -> String {
    match item {
        Item::Programmed => tell!(telling, "Programmato (dotazione)", "Programmed (endowment)"),
        Item::PaidIn => tell!(telling, "Versato al fondo", "Paid in to the fund"),
        Item::Committed => tell!(telling, "Impegnato verso i destinatari", "Committed to recipients"),
        Item::Disbursed => tell!(telling, "Erogato", "Disbursed"),
        Item::LoansDisbursed => tell!(telling, "di cui prestiti", "of which loans"),
        Item::GuaranteesSetAside => {
            tell!(telling, "di cui accantonato per garanzie", "of which set aside for guarantees")
        }
        Item::GrantsPaid => tell!(telling, "di cui contributi pagati", "of which grants paid"),
        Item::Recipients => tell!(telling, "Destinatari finali", "Final recipients"),
        Item::RecipientsMicro => tell!(telling, "di cui microimprese", "of which micro enterprises"),
        Item::RecipientsSmall => tell!(telling, "di cui piccole imprese", "of which small enterprises"),
        Item::RecipientsMedium => tell!(telling, "di cui medie imprese", "of which medium enterprises"),
        Item::Defaults => tell!(telling, "Inadempimenti", "Defaults"),
        Item::DefaultedAmount => {
            tell!(telling, "Prestiti inadempienti ed escussioni", "Loans defaulted and guarantees called")
        }
        Item::TreasuryIncome => tell!(telling, "Interessi sulla liquidità", "Interest on cash"),
        Item::InterestIncome => tell!(telling, "Interessi sui prestiti", "Interest on loans"),
        Item::PremiumIncome => tell!(telling, "Commissioni di garanzia", "Guarantee fees"),
        Item::ResourcesPaidBack => tell!(
            telling,
            "Rientri di capitale (rate, recuperi)",
            "Capital paid back (instalments, recoveries)"
        ),
        Item::ResourcesReused => tell!(
            telling,
            "Risorse riutilizzate (oltre le dotazioni)",
            "Resources re-used (beyond the budgets)"
        ),
        Item::ManagementCosts => {
            tell!(telling, "Costi e commissioni di gestione", "Management costs and fees")
        }
        Item::OtherContributions => {
            tell!(
                telling,
                "Altri contributi (banche e fondi propri)",
                "Other contributions (banks and own funds)"
            )
        }
        Item::LeverageExpected => tell!(telling, "Effetto leva previsto", "Leverage expected"),
        Item::LeverageAchieved => tell!(telling, "Effetto leva conseguito", "Leverage achieved"),
        Item::InvestmentMobilised => tell!(telling, "Investimenti mobilitati", "Investment mobilised"),
        Item::FundValue => tell!(telling, "Valore del fondo", "Value of the fund"),
    }
}

/// A share of the endowment.
pub fn measure_name(measure: Measure, telling: Telling) -> String {
    match measure {
        Measure::PaidIn => tell!(telling, "Versato", "Paid in"),
        Measure::Committed => tell!(telling, "Impegnato", "Committed"),
        Measure::Disbursed => tell!(telling, "Erogato", "Disbursed"),
    }
}

/// A part of the public cost.
pub fn part_name(part: Part, telling: Telling) -> String {
    match part {
        Part::Defaults => {
            tell!(telling, "Inadempimenti, al netto dei recuperi", "Defaults, net of recoveries")
        }
        Part::Lending => {
            tell!(telling, "Tempo del denaro prestato, meno interessi", "Time value of loans, less interest")
        }
        Part::Outstanding => {
            tell!(telling, "Prestiti ancora in essere a fine periodo", "Loans outstanding at the horizon")
        }
        Part::Grants => {
            tell!(telling, "Contributi, al netto delle revoche", "Grants, net of those recovered")
        }
        Part::Fees => tell!(telling, "Costi e commissioni di gestione", "Management costs and fees"),
        Part::Income => {
            tell!(
                telling,
                "Liquidità e commissioni di garanzia (incassi)",
                "Treasury and guarantee fees (receipts)"
            )
        }
        Part::IdleCash => tell!(telling, "Liquidità in attesa", "Cash that waits"),
    }
}
