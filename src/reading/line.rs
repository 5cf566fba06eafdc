//! `[line1]` and `[line2]`: budget, products, loans, guarantee and loss.

use super::booked_terms::{self, Terms};
use super::field::{Field, Sign};
use super::fund::off_by;
use super::merge::{BudgetForm, ENVELOPES, form};
use super::opening::line_opening;
use super::pipeline::{self, Applicants};
use super::region;
use super::section::Section;
use super::tree::Value;
use crate::diagnostic::Problem;
use crate::locale::{pair, percent, told};
use crate::scenario::{
    Budget, Choice, Guarantee, GuaranteeKind, Line, LineAid, LineNumber, LoanTerms, Loss, Product,
    RecoveryStep,
};
use crate::units::{Cents, Quantity, Share};
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use rust_decimal::{Decimal, RoundingStrategy};
use std::cmp::Reverse;

/// Longest tenor, lag or wait in quarters.
pub const LONGEST: u32 = 160;
/// Most products of a line.
const MOST_PRODUCTS: usize = 100;

/// One line, with its applicants.
pub fn line(root: &Section<'_>, number: LineNumber, applicants: Applicants<'_>) -> Option<Line> {
    let name = match number {
        LineNumber::One => "line1",
        LineNumber::Two => "line2",
    };
    let section = root.section(name)?;
    let quarters = |field: &Field<'_>| field.count(0..=LONGEST);
    let min_investment = section.read("min_investment", |field| field.amount(Cents::ZERO));
    let max_investment = section.read("max_investment", |field| field.amount(Cents(1)));
    let range_fits = match (min_investment, max_investment) {
        (Some(min), Some(max)) if min > max => {
            let message = told!(
                "`{name}.min_investment` ({min} EUR) supera `max_investment` ({max} EUR)",
                "`{name}.min_investment` ({min} EUR) is above `max_investment` ({max} EUR)";
                name,
                min,
                max,
            );
            let key = if section.has("max_investment") { "max_investment" } else { "min_investment" };
            let hint = pair(
                "nessun progetto potrebbe candidarsi; scambiarli o cambiarli",
                "no project could apply; swap or change them",
            );
            section.refuse(key, "E122", message, hint)
        }
        _ => Some(()),
    };
    let legal_forms = section.read("legal_forms", words);
    let sizes = section.read("sizes", words);
    let fallback = section.read("fallback", |field| match field.node.value {
        Value::Flag(true) => Some(Share::ONE),
        Value::Flag(false) => Some(Share::ZERO),
        _ => field.share(),
    });
    let queue = section.read("queue", |field| field.word());
    let max_wait_quarters = section.read("max_wait_quarters", quarters);
    let grant_clawback_years = section.read("grant_clawback_years", |field| field.quantity(0..=40));
    let grant_clawback_recovery = section.read("grant_clawback_recovery", |field| field.share());
    let disbursement_lag_quarters = section.read("disbursement_lag_quarters", quarters);
    let withdrawal_rate = section.read("withdrawal_rate", |field| field.share());
    let grant_lag_quarters = section.read("grant_lag_quarters", quarters);
    let pd_log_sd = section.read("pd_log_sd", |field| field.quantity(0..=2));
    let budget = section.section("budget").and_then(|section| budget(&section));
    let products = products(&section);
    let loan = section.section("loan").and_then(|section| loan(&section));
    if let (Some(lag), Some(loan)) = (grant_lag_quarters, &loan)
        && lag > loan.tenor_quarters
    {
        let message = told!(
            "`{name}.grant_lag_quarters` può essere al massimo la durata, cioè {tenor} trimestri",
            "`{name}.grant_lag_quarters` must be at most the tenor of {tenor} quarters";
            name,
            tenor = loan.tenor_quarters,
        );
        let hint = pair("pagare prima il contributo", "pay the grant earlier");
        section.refuse::<()>("grant_lag_quarters", "E124", message, hint);
    }
    let guarantee = guarantee(&section, products.as_deref());
    let state_aid = state_aid(&section);
    let loss = section.section("loss").and_then(|section| loss(&section));
    let admitted = legal_forms.as_deref().zip(sizes.as_deref());
    let booked = match (&products, &loan, &loss) {
        (Some(products), Some(loan), Some(loss)) => {
            let terms = Terms { products, loan, loss, today: applicants.today };
            booked_terms::projects(section.context, &applicants.booked, &terms)
        }
        _ => None,
    };
    let pipeline = pipeline::pipeline(&section, admitted, min_investment.zip(max_investment), applicants);
    let outcomes = region::outcomes(&section);
    let opening = line_opening(&section);
    range_fits?;
    Some(Line {
        number,
        min_investment: min_investment?,
        max_investment: max_investment?,
        legal_forms: legal_forms?,
        sizes: sizes?,
        fallback: fallback?,
        queue: queue?,
        max_wait_quarters: max_wait_quarters?,
        grant_clawback_years: grant_clawback_years?,
        grant_clawback_recovery: grant_clawback_recovery?,
        disbursement_lag_quarters: disbursement_lag_quarters?,
        withdrawal_rate: withdrawal_rate?,
        grant_lag_quarters: grant_lag_quarters?,
        pd_log_sd: pd_log_sd?,
        budget: budget?,
        pipeline: pipeline?,
        booked: booked?,
        opening: opening?,
        products: products?,
        loan: loan?,
        guarantee: guarantee?,
        loss: loss?,
        state_aid: state_aid?,
        outcomes: outcomes?,
    })
}

/// `[lineN.state_aid]`.
fn state_aid(line: &Section<'_>) -> Option<LineAid> {
    let section = line.section_or_empty("state_aid")?;
    let ceiling = section.optional("ceiling", |field| field.amount(Cents::ZERO));
    let prior_aid = section.read("prior_aid", |field| field.amount(Cents::ZERO));
    Some(LineAid { ceiling: ceiling?, prior_aid: prior_aid? })
}

/// A list of words, each once, in the order of the format.
fn words<T: Choice>(field: &Field<'_>) -> Option<Vec<T>> {
    let written = field.list(T::VALUES.len() * 2, |entry| entry.word::<T>())?;
    Some(T::VALUES.iter().copied().filter(|value| written.contains(value)).collect())
}

/// `[lineN.budget]`, in euros or as shares of `total`.
fn budget(section: &Section<'_>) -> Option<Budget> {
    let key = section.path.join(".");
    let forms: Vec<(&str, BudgetForm)> =
        ENVELOPES.iter().filter_map(|name| section.node(name).map(|node| (*name, form(node)))).collect();
    let written_as = |wanted| forms.iter().find(|(_, form)| *form == wanted).map(|(name, _)| *name);
    let (share, euros) = (written_as(BudgetForm::Share), written_as(BudgetForm::Euros));
    if section.has("total")
        && let (Some(share), Some(euros)) = (share, euros)
    {
        let message = told!(
            "`{key}` mescola quote del totale (`{share}`) ed euro (`{euros}`)",
            "`{key}` mixes shares of the total (`{share}`) and euros (`{euros}`)";
            key,
            share,
            euros,
        );
        return section.refuse(
            euros,
            "E123",
            message,
            pair(
                "scriverle tutte e tre come quote di `total`, oppure tutte e tre in euro",
                "write all three as shares of `total`, or all three in euros",
            ),
        );
    }
    if !section.has("total")
        && let Some(share) = share
        && section.node(share).is_some_and(|node| node.as_text().is_some_and(|text| text.contains('%')))
    {
        let message = told!(
            "`{key}.{share}` è una quota, ma non c’è un `total` di cui prenderla",
            "`{key}.{share}` is a share, but there is no `total` to take it of";
            key,
            share,
        );
        let hint = pair(
            "aggiungere total = 4_000_000 (EUR), oppure scrivere euro",
            "add total = 4_000_000 (EUR), or write euros",
        );
        return section.refuse(share, "E107", message, hint);
    }
    let by_share = section.has("total") && euros.is_none();
    let total = section.optional("total", |field| field.amount(Cents::ZERO));
    if by_share {
        let shares = ENVELOPES.map(|name| section.read(name, |field| field.share()));
        let [Some(loans), Some(guarantees), Some(grants)] = shares else { return None };
        let total = total??;
        return split(section, total, [loans, guarantees, grants]);
    }
    let amounts = ENVELOPES.map(|name| section.read(name, |field| field.amount(Cents::ZERO)));
    let [Some(loans), Some(guarantees), Some(grants)] = amounts else { return None };
    let budget = Budget { loans, guarantees, grants };
    match total? {
        Some(total) if total != budget.total() => {
            let message = told!(
                "le dotazioni di `{key}` sommano a {sum} EUR, non al totale di {total} EUR",
                "the envelopes of `{key}` add up to {sum} EUR, not to the total of {total} EUR";
                key,
                sum = budget.total(),
                total,
            );
            let hint =
                pair("cambiarne una, oppure togliere `total`", "change one of them, or take `total` out");
            section.refuse("total", "E120", message, hint)
        }
        _ => Some(budget),
    }
}

/// The envelopes as shares of a total: rounded cumulatively, so that they add up to the cent.
fn split(section: &Section<'_>, total: Cents, shares: [Share; 3]) -> Option<Budget> {
    let whole: Decimal = shares.iter().map(|share| share.decimal()).sum();
    if whole != Decimal::ONE {
        let key = section.path.join(".");
        let message = told!(
            "le quote di `{key}` sommano a {sum}, non a {all}",
            "the shares of `{key}` add up to {sum}, not {all}";
            key,
            sum = percent(whole),
            all = percent(Decimal::ONE),
        );
        return section.refuse("total", "E120", message, off_by(whole));
    }
    let up_to = |share: Decimal| -> Option<Cents> {
        let cents = share.checked_mul(Decimal::from(total.0))?;
        cents.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven).to_i64().map(Cents)
    };
    let first = up_to(shares[0].decimal())?;
    let second = up_to(shares[0].decimal() + shares[1].decimal())?;
    Some(Budget { loans: first, guarantees: second - first, grants: total - second })
}

/// `[[lineN.product]]`.
fn products(line: &Section<'_>) -> Option<Vec<Product>> {
    let entries = line.entries("product")?;
    if entries.len() > MOST_PRODUCTS {
        let message = told!(
            "una linea ha al massimo {most} prodotti, non {count}",
            "a line has at most {most} products, not {count}";
            most = MOST_PRODUCTS,
            count = entries.len(),
        );
        return line.refuse("product", "E106", message, pair("unire quelli simili", "join similar ones"));
    }
    let read: Vec<Option<Product>> = entries.iter().map(product).collect();
    let products: Vec<Product> = read.into_iter().collect::<Option<_>>()?;
    let mut sound = true;
    for (index, product) in products.iter().enumerate() {
        if products[..index].iter().any(|other| other.name == product.name) {
            let message = told!(
                "due prodotti si chiamano \"{name}\"",
                "two products are named \"{name}\"";
                name = product.name,
            );
            sound = false;
            let hint = pair("dare a ciascuno il suo nome", "give each its own name");
            entries[index].refuse::<()>("name", "E109", message, hint);
        }
    }
    if products.iter().all(|product| product.demand.is_zero()) {
        let message = told!(
            "nessun prodotto ha `demand` maggiore di 0: nessuno potrebbe candidarsi",
            "no product has a `demand` above 0: nobody could apply"
        );
        let hint = pair("scrivere demand = 1 per almeno uno", "write demand = 1 for at least one");
        return entries[0].refuse("demand", "E125", message, hint);
    }
    sound.then_some(products)
}

fn product(section: &Section<'_>) -> Option<Product> {
    let name = section.read("name", |field| field.label());
    let demand = section.read("demand", |field| field.multiplier(1_000_000));
    let parts = ["own_funds", "fund_loan", "bank_loan", "grant"];
    let shares = parts.map(|part| section.read(part, |field| field.share()));
    let guarantee_rate = section.read("guarantee_rate", |field| field.share());
    let [Some(own_funds), Some(fund_loan), Some(bank_loan), Some(grant)] = shares else { return None };
    let total = own_funds.decimal() + fund_loan.decimal() + bank_loan.decimal() + grant.decimal();
    if total != Decimal::ONE {
        let label = name.as_deref().unwrap_or("?");
        let message = told!(
            "le quote del prodotto \"{label}\" (own_funds + fund_loan + bank_loan + grant) sommano a {sum}, non a {all}",
            "the shares of product \"{label}\" (own_funds + fund_loan + bank_loan + grant) add up to {sum}, not {all}";
            label,
            sum = percent(total),
            all = percent(Decimal::ONE),
        );
        // The likeliest to be wrong: a share set on the command line, else in the latest file, the last of them.
        let written =
            parts.iter().zip(shares).filter(|(_, share)| share.is_some_and(|share| !share.is_zero()));
        let last = written.map(|(part, _)| *part).max_by_key(|part| {
            let place = section.place_of(part);
            (section.context.is_option(place), Reverse(place.source), place.span.start)
        });
        return section.refuse(last.unwrap_or("name"), "E120", message, off_by(total));
    }
    let guarantee_rate = guarantee_rate?;
    if !guarantee_rate.is_zero() && bank_loan.is_zero() {
        section.context.report(
            Problem::warning(
                "W103",
                section.place_of("guarantee_rate"),
                pair(
                    "non garantisce nulla: il prodotto non ha un prestito bancario",
                    "this guarantees nothing: the product has no bank loan",
                ),
            )
            .hint(pair(
                "scrivere un bank_loan, oppure togliere guarantee_rate",
                "write a bank_loan, or take guarantee_rate out",
            )),
        );
    }
    Some(Product { name: name?, demand: demand?, own_funds, fund_loan, bank_loan, grant, guarantee_rate })
}

/// `[lineN.loan]`.
fn loan(section: &Section<'_>) -> Option<LoanTerms> {
    let tenor = section.read("tenor_quarters", |field| field.count(1..=LONGEST));
    let grace = section.read("grace_quarters", |field| field.count(0..=LONGEST));
    let amortisation = section.read("amortisation", |field| field.word());
    let fund_rate = section.read("fund_rate", |field| field.rate(Sign::NotNegative));
    let bank_rate = section.read("bank_rate", |field| field.rate(Sign::NotNegative));
    let (tenor, grace) = (tenor?, grace?);
    if grace >= tenor {
        let message = told!(
            "`{key}.grace_quarters` ({grace}) deve essere minore della durata ({tenor})",
            "`{key}.grace_quarters` ({grace}) must be below the tenor ({tenor})";
            key = section.path.join("."),
            grace,
            tenor,
        );
        return section.refuse(
            "grace_quarters",
            "E124",
            message,
            pair(
                "accorciare il preammortamento o allungare la durata",
                "shorten the grace period or lengthen the tenor",
            ),
        );
    }
    Some(LoanTerms {
        tenor_quarters: tenor,
        grace_quarters: grace,
        amortisation: amortisation?,
        fund_rate: fund_rate?,
        bank_rate: bank_rate?,
    })
}

/// `[lineN.guarantee]`: required if a product has a guarantee.
fn guarantee(line: &Section<'_>, products: Option<&[Product]>) -> Option<Option<Guarantee>> {
    let needed = products.into_iter().flatten().any(|product| !product.guarantee_rate.is_zero());
    if !line.has("guarantee") && !needed {
        return Some(None);
    }
    let section = line.section("guarantee")?;
    let kind = section.read("kind", |field| match field.text()? {
        "capped" => Some("cap_rate"),
        "uncapped" => Some("provision_rate"),
        other => field.unknown_word(other, &["capped", "uncapped"]),
    });
    let kind = kind.and_then(|own| {
        let foreign = if own == "cap_rate" { "provision_rate" } else { "cap_rate" };
        if section.has(foreign) {
            let message = told!(
                "`{foreign}` appartiene all’altro tipo di garanzia",
                "`{foreign}` belongs to the other kind of guarantee";
                foreign,
            );
            section.refuse::<()>(
                foreign,
                "E123",
                message,
                told!(
                    "toglierlo, oppure cambiare `kind`; questo tipo richiede `{own}`",
                    "take it out, or change `kind`; this kind takes `{own}`";
                    own,
                ),
            );
        }
        let rate = section.read(own, |field| field.share())?;
        match own {
            _ if section.has(foreign) => None,
            "cap_rate" => Some(GuaranteeKind::Capped { cap_rate: rate }),
            _ => Some(GuaranteeKind::Uncapped { provision_rate: rate }),
        }
    });
    let call_lag_quarters = section.read("call_lag_quarters", |field| field.count(0..=LONGEST));
    let backing = section.read("backing", |field| field.word());
    let premium_rate = section.read("premium_rate", |field| field.rate(Sign::NotNegative));
    Some(Some(Guarantee {
        kind: kind?,
        call_lag_quarters: call_lag_quarters?,
        backing: backing?,
        premium_rate: premium_rate?,
    }))
}

/// `[lineN.loss]`.
fn loss(section: &Section<'_>) -> Option<Loss> {
    let lgd_mean = section.read("lgd_mean", |field| field.share());
    let lgd_sd = section.read("lgd_sd", |field| field.share());
    let cure_rate = section.read("cure_rate", |field| field.share());
    let recovery = section.entries_or_default("recovery", |entry| {
        let after_quarters = entry.read("after_quarters", |field| field.count(0..=LONGEST));
        let share = entry.read("share", |field| field.share());
        Some(RecoveryStep { after_quarters: after_quarters?, share: share? })
    });
    let recovery = recovery.and_then(|steps| in_order(section, steps));
    let (lgd_mean, lgd_sd) = (lgd_mean?, lgd_sd?);
    let (mean, sd) = (lgd_mean.decimal(), lgd_sd.decimal());
    let bound = mean.checked_mul(Decimal::ONE - mean).unwrap_or_default();
    if !sd.is_zero() && sd.checked_mul(sd).is_none_or(|square| square >= bound) {
        if bound.is_zero() {
            let message = told!(
                "`{key}.lgd_sd` deve essere 0: con media {mean} ogni perdita è {mean}",
                "`{key}.lgd_sd` must be 0: with a mean of {mean} every loss is {mean}";
                key = section.path.join("."),
                mean = percent(mean),
            );
            let hint = pair("togliere lgd_sd, o cambiare lgd_mean", "take lgd_sd out, or change lgd_mean");
            return section.refuse("lgd_sd", "E124", message, hint);
        }
        let largest = Quantity::new(bound).map_or(0.0, |bound| bound.to_f64().sqrt());
        let largest = Decimal::from_f64(largest).unwrap_or_default().round_dp(3);
        let message = told!(
            "`{key}.lgd_sd` è troppo grande per la sua media: tra 0 e 1, con media {mean}, deve essere minore di {largest}",
            "`{key}.lgd_sd` is too large for its mean: between 0 and 1 with a mean of {mean} it must be below {largest}";
            key = section.path.join("."),
            mean = percent(mean),
            largest = percent(largest),
        );
        return section.refuse("lgd_sd", "E124", message, pair("diminuire lgd_sd", "lower lgd_sd"));
    }
    Some(Loss { lgd_mean, lgd_sd, cure_rate: cure_rate?, recovery: recovery? })
}

/// The recovery schedule in order of time, each quarter once, adding up to a whole.
fn in_order(section: &Section<'_>, mut steps: Vec<RecoveryStep>) -> Option<Vec<RecoveryStep>> {
    let total: Decimal = steps.iter().map(|step| step.share.decimal()).sum();
    if total != Decimal::ONE {
        let key = section.path.join(".");
        let message = told!(
            "le quote di `{key}.recovery` sommano a {sum}, non a {all}",
            "the shares of `{key}.recovery` add up to {sum}, not {all}";
            key,
            sum = percent(total),
            all = percent(Decimal::ONE),
        );
        return section.refuse("recovery", "E120", message, off_by(total));
    }
    steps.sort_by_key(|step| step.after_quarters);
    if let Some(twins) = steps.windows(2).find(|two| two[0].after_quarters == two[1].after_quarters) {
        let message = told!(
            "due recuperi arrivano dopo {quarters} trimestri",
            "two recoveries arrive after {quarters} quarters";
            quarters = twins[0].after_quarters,
        );
        return section.refuse("recovery", "E109", message, pair("unirli", "join them"));
    }
    Some(steps)
}
