//! The table of rules, with their texts in both languages.

use super::{Kind, Rule, conditions, state_aid};
use crate::locale::pair;

/// All rules, in the order of their codes.
pub const RULES: &[Rule] = &[
    Rule {
        code: "R101",
        kind: Kind::Error,
        waivable: false,
        demand: pair(
            "dotazioni delle linee + dotazione per costi di gestione = dotazione del fondo, al centesimo",
            "budgets + fees budget = endowment, to the cent",
        ),
        reason: pair("ogni euro della dotazione ha uno scopo", "every euro of the endowment has a purpose"),
        source: pair("contabilità", "accounting"),
        change: pair(
            "cambiare una dotazione di linea o quella del fondo in modo che concordino",
            "change a budget or the endowment so that they agree",
        ),
        broken_by: conditions::budgets_are_the_endowment,
    },
    Rule {
        code: "R102",
        kind: Kind::Error,
        waivable: true,
        demand: pair("linea 1: min_investment >= 1.000.000 EUR", "line 1 min_investment >= 1,000,000 EUR"),
        reason: pair(
            "la linea 1 è per programmi di investimento significativi",
            "line 1 is for significant investment programmes",
        ),
        source: pair("WECARE, misura FESR, linea 1", "WECARE, FESR measure, line 1"),
        change: pair(
            "scrivere min_investment = 1_000_000 o più in [line1]",
            "write min_investment = 1_000_000 or more in [line1]",
        ),
        broken_by: conditions::line1_is_for_large_projects,
    },
    Rule {
        code: "R103",
        kind: Kind::Error,
        waivable: true,
        demand: pair("linea 2: max_investment <= 100.000 EUR", "line 2 max_investment <= 100,000 EUR"),
        reason: pair("la linea 2 è per piccoli progetti", "line 2 is for small projects"),
        source: pair("WECARE, misura FESR, linea 2", "WECARE, FESR measure, line 2"),
        change: pair(
            "scrivere max_investment = 100_000 o meno in [line2]",
            "write max_investment = 100_000 or less in [line2]",
        ),
        broken_by: conditions::line2_is_for_small_projects,
    },
    Rule {
        code: "R104",
        kind: Kind::Error,
        waivable: true,
        demand: pair("nessun contributo nella linea 1", "no grants in line 1"),
        reason: pair(
            "i contributi in conto capitale sono limitati ai piccoli progetti",
            "capital grants are limited to small projects",
        ),
        source: pair(
            "WECARE, misura FESR: «contributi in conto capitale limitato ai progetti di piccolo taglio»",
            "WECARE, FESR measure: \"contributi in conto capitale limitato ai progetti di piccolo taglio\"",
        ),
        change: pair(
            "porre a 0 la dotazione per contributi e ogni quota di contributo della linea 1",
            "set the grants budget and every grant share of line 1 to 0",
        ),
        broken_by: conditions::line1_gives_no_grants,
    },
    Rule {
        code: "R105",
        kind: Kind::Error,
        waivable: true,
        demand: pair("la linea 1 ammette solo PMI non profit", "line 1 admits non-profit SMEs only"),
        reason: pair(
            "la linea 1 è per imprese non profit, singole o associate",
            "line 1 is for non-profit enterprises, alone or associated",
        ),
        source: pair("WECARE, misura FESR, linea 1", "WECARE, FESR measure, line 1"),
        change: pair(
            "scrivere legal_forms = [\"nonprofit\"] in [line1]",
            "write legal_forms = [\"nonprofit\"] in [line1]",
        ),
        broken_by: conditions::line1_admits_nonprofits,
    },
    Rule {
        code: "R106",
        kind: Kind::Error,
        waivable: true,
        demand: pair(
            "la linea 2 ammette solo micro e piccole imprese",
            "line 2 admits micro and small enterprises only",
        ),
        reason: pair("la linea 2 è per micro e piccole imprese", "line 2 is for micro and small enterprises"),
        source: pair("WECARE, misura FESR, linea 2", "WECARE, FESR measure, line 2"),
        change: pair(
            "scrivere sizes = [\"micro\", \"small\"] in [line2]",
            "write sizes = [\"micro\", \"small\"] in [line2]",
        ),
        broken_by: conditions::line2_admits_micro_and_small,
    },
    Rule {
        code: "R107",
        kind: Kind::Error,
        waivable: false,
        demand: pair(
            "le quote sommano a 1; prestito del fondo + prestito garantito + contributo <= investimento",
            "shares add up to 1; fund loan + guaranteed loan + grant <= the investment",
        ),
        reason: pair(
            "il sostegno non può superare ciò che sostiene",
            "support must not exceed what it supports",
        ),
        source: pair("Reg. (UE) 1303/2013, art. 37, par. 8-9", "Reg. (EU) 1303/2013 art. 37(8)-(9)"),
        change: pair("cambiare le quote del prodotto", "change the shares of the product"),
        broken_by: conditions::support_is_within_the_investment,
    },
    Rule {
        code: "R108",
        kind: Kind::Error,
        waivable: true,
        demand: pair("tasso di copertura <= 80 %", "guarantee rate <= 80%"),
        reason: pair(
            "la banca deve conservare una parte del rischio",
            "the bank must keep a part of the risk",
        ),
        source: pair(
            "Reg. (UE) 964/2014, allegato III; comunicazione sulle garanzie 2008/C 155/02",
            "Reg. (EU) 964/2014 annex III; guarantee notice 2008/C 155/02",
        ),
        change: pair("scrivere guarantee_rate = \"80%\" o meno", "write guarantee_rate = \"80%\" or less"),
        broken_by: conditions::bank_keeps_a_risk,
    },
    Rule {
        code: "R109",
        kind: Kind::Warning,
        waivable: true,
        demand: pair("tasso di cap <= 25 %", "cap rate <= 25%"),
        reason: pair(
            "la garanzia di portafoglio standard limita le escussioni nette a un quarto del portafoglio",
            "the standard capped guarantee limits net calls to a quarter of the portfolio",
        ),
        source: pair("Reg. (UE) 964/2014, allegato III", "Reg. (EU) 964/2014 annex III"),
        change: pair("scrivere cap_rate = \"25%\" o meno", "write cap_rate = \"25%\" or less"),
        broken_by: conditions::cap_is_within_the_standard,
    },
    Rule {
        code: "R110",
        kind: Kind::Warning,
        waivable: true,
        demand: pair("parte del fondo in un prestito con la banca <= 75 %", "fund share of a co-loan <= 75%"),
        reason: pair(
            "nel prestito standard con condivisione del rischio la banca presta almeno un quarto",
            "in the standard risk-sharing loan the bank lends at least a quarter",
        ),
        source: pair("Reg. (UE) 964/2014, allegato II", "Reg. (EU) 964/2014 annex II"),
        change: pair("diminuire fund_loan o aumentare bank_loan", "lower fund_loan or raise bank_loan"),
        broken_by: conditions::bank_lends_a_quarter,
    },
    Rule {
        code: "R111",
        kind: Kind::Warning,
        waivable: true,
        demand: pair(
            "durata da 12 a 120 mesi, preammortamento compreso",
            "tenor 12 to 120 months, grace included",
        ),
        reason: pair(
            "gli strumenti standard hanno prestiti da uno a dieci anni",
            "the standard instruments have loans of one to ten years",
        ),
        source: pair("Reg. (UE) 964/2014, allegati II e III", "Reg. (EU) 964/2014 annexes II, III"),
        change: pair("scrivere tenor_quarters tra 4 e 40", "write tenor_quarters between 4 and 40"),
        broken_by: conditions::tenor_is_within_the_standard,
    },
    Rule {
        code: "R112",
        kind: Kind::Warning,
        waivable: true,
        demand: pair(
            "costi di gestione: base <= 0,5 %, a risultato <= 1 % / 1,5 % / 0,5 %, massimo <= 8 / 10 / 6 % (prestiti / garanzie / contributi); dal 2021 massimo <= 7 %",
            "fees: base <= 0.5%, performance <= 1% / 1.5% / 0.5%, cap <= 8 / 10 / 6% (loans / guarantees / grants); from 2021 cap <= 7%",
        ),
        reason: pair(
            "i costi di gestione sono ammissibili fino a queste soglie",
            "management costs are eligible up to these thresholds",
        ),
        source: pair(
            "Reg. (UE) 480/2014, art. 13; dal 2021 Reg. (UE) 2021/1060, art. 68, par. 4",
            "Reg. (EU) 480/2014 art. 13; from 2021 Reg. (EU) 2021/1060 art. 68(4)",
        ),
        change: pair(
            "diminuire i costi o il loro massimo in [fund.fees]",
            "lower the fees or their cap in [fund.fees]",
        ),
        broken_by: conditions::fees_are_within_the_thresholds,
    },
    Rule {
        code: "R113",
        kind: Kind::Warning,
        waivable: true,
        demand: pair(
            "quote di versamento <= 25 % ciascuna, soglie 60 % e poi 85 %; dal 2021 anticipo <= 30 %, poi quanto speso",
            "tranches <= 25% each, triggers 60% then 85%; from 2021 an advance <= 30%, then what is spent",
        ),
        reason: pair(
            "la dotazione si chiede con domande di pagamento successive",
            "the endowment is claimed in phased applications for payment",
        ),
        source: pair(
            "Reg. (UE) 1303/2013, art. 41; dal 2021 Reg. (UE) 2021/1060, art. 92",
            "Reg. (EU) 1303/2013 art. 41; from 2021 Reg. (EU) 2021/1060 art. 92",
        ),
        change: pair(
            "scrivere tranches = { shares = [0.25, 0.25, 0.25, 0.25], triggers = [0, 0.6, 0.85, 0.85] } in [fund]; dal 2021 { shares = [0.3, 0.3, 0.3, 0.1], triggers = [0, 1, 1, 0.8] }",
            "write tranches = { shares = [0.25, 0.25, 0.25, 0.25], triggers = [0, 0.6, 0.85, 0.85] } in [fund]; from 2021 { shares = [0.3, 0.3, 0.3, 0.1], triggers = [0, 1, 1, 0.8] }",
        ),
        broken_by: conditions::endowment_comes_in_tranches,
    },
    Rule {
        code: "R114",
        kind: Kind::Warning,
        waivable: true,
        demand: pair(
            "dotazione 5.000.000 EUR, disponibilità fino al 31 dicembre 2023 (2014-2020) o 2029 (2021-2027), riutilizzo nei successivi 8 anni",
            "endowment 5,000,000 EUR, availability to 31 Dec 2023 (2014-2020) or 2029 (2021-2027), re-use 8 years after",
        ),
        reason: pair(
            "la misura e il suo periodo di ammissibilità",
            "the measure and its period of eligibility",
        ),
        source: pair(
            "WECARE; Reg. (UE) 1303/2013, artt. 45 e 65; dal 2021 Reg. (UE) 2021/1060, artt. 62 e 63",
            "WECARE; Reg. (EU) 1303/2013 arts 45, 65; from 2021 Reg. (EU) 2021/1060 arts 62, 63",
        ),
        change: pair(
            "cambiare endowment, start, availability_years o horizon_years in [fund]",
            "change endowment, start, availability_years or horizon_years in [fund]",
        ),
        broken_by: conditions::measure_is_as_decided,
    },
    Rule {
        code: "R115",
        kind: Kind::Warning,
        waivable: true,
        demand: pair(
            "contributi insieme allo strumento solo dal 2021",
            "grants together with the instrument only from 2021",
        ),
        reason: pair(
            "nel 2014-2020 i contributi sono un’operazione separata con una propria contabilità",
            "in 2014-2020 grants are a separate operation with its own ledger",
        ),
        source: pair("Reg. (UE) 2021/1060, art. 58, par. 5", "Reg. (EU) 2021/1060 art. 58(5)"),
        change: pair(
            "dare i contributi in un prodotto a sé, oppure scrivere period = \"2021-2027\"",
            "give grants in a product of their own, or write period = \"2021-2027\"",
        ),
        broken_by: conditions::grants_stand_alone_before_2021,
    },
    Rule {
        code: "R116",
        kind: Kind::Warning,
        waivable: true,
        demand: pair(
            "un progetto prende al massimo il 25 % della dotazione della sua linea",
            "one project takes at most 25% of its line's budget",
        ),
        reason: pair(
            "una linea non dovrebbe dipendere da un solo progetto",
            "a line should not depend on one project",
        ),
        source: pair("prudenza", "prudence"),
        change: pair(
            "diminuire max_investment o le quote del fondo, oppure ampliare la linea",
            "lower max_investment or the fund's shares, or enlarge the line",
        ),
        broken_by: conditions::no_project_takes_a_quarter,
    },
    Rule {
        code: "R117",
        kind: Kind::Warning,
        waivable: true,
        demand: pair(
            "orizzonte >= disponibilità + attesa dell’erogazione + durata più lunga + ultimo recupero",
            "horizon >= availability + disbursement lag + longest tenor + last recovery",
        ),
        reason: pair(
            "all’orizzonte ci sarebbe ancora denaro da rientrare",
            "money would be outstanding at the horizon",
        ),
        source: pair("modello", "model"),
        change: pair("allungare horizon_years", "lengthen horizon_years"),
        broken_by: conditions::horizon_sees_the_end,
    },
    Rule {
        code: "R118",
        kind: Kind::Error,
        waivable: true,
        demand: pair(
            "in ogni linea qualche prodotto rispetta il massimale di aiuto per impresa per qualche classe di merito",
            "some product of each line is within the aid ceiling of each enterprise for some rating it admits",
        ),
        reason: pair(
            "una linea in cui ogni prodotto dà troppo aiuto non può finanziare nessuno",
            "a line whose every product gives too much aid can fund nobody",
        ),
        source: pair(
            "aiuti di Stato: Reg. (UE) 1407/2013 o 2023/2831, art. 3",
            "state aid: Reg. (EU) 1407/2013 or 2023/2831, art. 3",
        ),
        change: pair(
            "diminuire fund_loan, guarantee_rate o grant, aumentare fund_rate o premium_rate, oppure alzare il massimale (anche della sola linea)",
            "lower fund_loan, guarantee_rate or grant, raise fund_rate or premium_rate, or raise the ceiling (of the line alone if need be)",
        ),
        broken_by: state_aid::some_product_is_within_the_ceiling,
    },
    Rule {
        code: "R119",
        kind: Kind::Warning,
        waivable: true,
        demand: pair(
            "con route = \"simplified\" prestiti e garanzie rientrano nelle soglie semplificate",
            "under route = \"simplified\" loans and guarantees fit the simplified brackets",
        ),
        reason: pair(
            "oltre la soglia l’aiuto si calcola con il tasso di riferimento o il premio esente, come qui si fa",
            "beyond the bracket aid is found by the reference rate or the safe-harbour premium, as is done here",
        ),
        source: pair(
            "Reg. (UE) 1407/2013 e 2023/2831, art. 4, par. 3 e 6",
            "Reg. (EU) 1407/2013 and 2023/2831 art. 4(3), 4(6)",
        ),
        change: pair(
            "accorciare tenor_quarters (20 o 40 al massimo), diminuire fund_loan o max_investment, oppure scrivere route = \"reference_rate\"",
            "shorten tenor_quarters (to 20 or 40 at most), lower fund_loan or max_investment, or write route = \"reference_rate\"",
        ),
        broken_by: state_aid::brackets_fit,
    },
    Rule {
        code: "R120",
        kind: Kind::Warning,
        waivable: true,
        demand: pair(
            "massimale <= quello del regolamento de minimis, in vigore quando si approva",
            "ceiling <= that of the de minimis regulation, in force when projects are approved",
        ),
        reason: pair(
            "un aiuto oltre il massimale o fuori dal periodo del regolamento non è de minimis",
            "aid above the ceiling or outside the regulation's time is not de minimis",
        ),
        source: pair(
            "Reg. (UE) 1407/2013 e 2023/2831, artt. 3 e 8; per i SIEG 360/2012 e 2023/2832",
            "Reg. (EU) 1407/2013 and 2023/2831 arts 3, 8; for SGEI 360/2012 and 2023/2832",
        ),
        change: pair(
            "cambiare ceiling o regulation in [state_aid], oppure start o availability_years in [fund]",
            "change ceiling or regulation in [state_aid], or start or availability_years in [fund]",
        ),
        broken_by: state_aid::ceiling_is_that_of_the_regulation,
    },
];
