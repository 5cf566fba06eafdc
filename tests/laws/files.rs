//! Files that build on each other, and a scenario written back.
//!
//! Not repeated here: that the text of a resolved scenario is read as the same scenario (`tests/reader/resolves.rs`).

use crate::generated::{any_scenario, fixed_cases, fixed_sample};
use crate::play;
use fesr::reading::read_scenario;
use fesr::resolved::{BORROWERS_FILE, borrowers_csv, resolved_toml};
use fesr::scenario::Scenario;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

type Folder = BTreeMap<PathBuf, Vec<u8>>;

fn read(folder: &Folder, name: &str) -> Scenario {
    read_scenario(folder, Path::new(name), &[]).unwrap_or_else(|problems| panic!("{problems}")).scenario
}

/// What a mix or an economy may change in any scenario: scalars, lists, tables that merge and tables that replace, the two
/// forms of a guarantee and of a multiplier.
fn change() -> impl Strategy<Value = String> {
    let changes = prop::sample::subsequence(
        vec![
            "fund.treasury_rate = \"1%\"\n",
            "fund.revolving = true\n",
            "fund.tranches = { shares = [0.5, 0.5], triggers = [0, 0.7] }\n",
            "fund.fees.base = [\"1%\", \"0.5%\"]\n",
            "fund.fees.cap = \"9%\"\n",
            "credit.systemic_correlation = 0.2\n",
            "credit.theme_multiplier.other = 2\n",
            "credit.theme_multiplier.health_wellbeing = 0.9\n",
            "credit.size_multiplier = { micro = 1.5 }\n",
            "macro.factor_shift = [-1, 1]\n",
            "simulation.seed = 7\n",
            "simulation.paths = 44\n",
            "LINE.fallback = 0.25\n",
            "LINE.loss.cure_rate = 0.125\n",
            "LINE.loan.fund_rate = \"1.25%\"\n",
            "LINE.guarantee.premium_rate = \"0.25%\"\n",
            "LINE.legal_forms = [\"nonprofit\"]\n",
            "LINE.product = [ { name = \"p0\", own_funds = 0.5, fund_loan = 0.5 } ]\n",
        ],
        0..=18,
    );
    let multiplier = prop::sample::select(vec![
        "",
        "macro.pd_multiplier = [1, 2]\n",
        "macro.pd_multiplier = { \"2020\" = 1.5 }\n",
        "macro.pd_multiplier = { \"2021\" = 0.5 }\n",
    ]);
    let guarantee = prop::sample::select(vec![
        "",
        "LINE.guarantee.kind = \"capped\"\nLINE.guarantee.cap_rate = \"15%\"\n",
        "LINE.guarantee.kind = \"uncapped\"\nLINE.guarantee.provision_rate = \"25%\"\n",
    ]);
    (changes, multiplier, guarantee)
        .prop_map(|(changes, multiplier, guarantee)| format!("{}{multiplier}{guarantee}", changes.concat()))
}

proptest! {
    #![proptest_config(fixed_cases(150))]

    /// However the chain is built - step by step, as one list, with a bundle of the later files, each building on the base or
    /// not - the same files in the same order make the same scenario.
    #[test]
    fn extends_is_associative(generated in any_scenario(), changes in prop::collection::vec(change(), 3)) {
        let line = if generated.toml.contains("[line1]") { "line1" } else { "line2" };
        // Products of the list must stay known.
        let changes: Vec<String> = changes
            .iter()
            .map(|change| change.replace("LINE", line))
            .map(|change| match generated.borrowers {
                Some(_) => change.lines().filter(|key| !key.contains(".product")).map(|key| format!("{key}\n")).collect(),
                None => change,
            })
            .collect();
        let [mix, economy, own] = &changes[..] else { unreachable!("three changes") };
        let mut folder = generated.files();
        let mut add = |name: &str, extends: &str, keys: &str| {
            let text = if extends.is_empty() { keys.to_string() } else { format!("extends = {extends}\n{keys}") };
            folder.insert(name.into(), text.into());
        };
        add("mix.toml", "", mix);
        add("economy.toml", "", economy);
        add("mix-on-base.toml", "\"test.toml\"", mix);
        add("economy-on-base.toml", "\"test.toml\"", economy);
        add("economy-on-mix.toml", "\"mix-on-base.toml\"", economy);
        add("both.toml", "[\"mix.toml\", \"economy.toml\"]", "");
        let name = "scenario.name = \"chain\"\n";
        let own = format!("{name}{own}");
        add("one-list.toml", "[\"test.toml\", \"mix.toml\", \"economy.toml\"]", &own);
        add("step-by-step.toml", "\"economy-on-mix.toml\"", &own);
        add("bundle.toml", "[\"test.toml\", \"both.toml\"]", &own);
        add("diamond.toml", "[\"mix-on-base.toml\", \"economy-on-base.toml\"]", &own);
        let one_list = read(&folder, "one-list.toml");
        for other in ["step-by-step.toml", "bundle.toml", "diamond.toml"] {
            let other_scenario = read(&folder, other);
            prop_assert_eq!(&one_list, &other_scenario, "{}", other);
            prop_assert_eq!(resolved_toml(&one_list), resolved_toml(&other_scenario), "{}", other);
        }
    }
}

/// A resolved scenario resolves to itself, and runs to the same figures on every path.
#[test]
fn a_resolved_scenario_is_the_same_scenario() {
    for generated in fixed_sample(any_scenario(), 200) {
        let scenario = generated.scenario();
        let text = resolved_toml(&scenario);
        let mut folder = Folder::new();
        folder.insert("resolved.toml".into(), text.clone().into());
        if let Some(list) = borrowers_csv(&scenario) {
            folder.insert(BORROWERS_FILE.into(), list.into());
        }
        let again = read(&folder, "resolved.toml");
        assert_eq!(resolved_toml(&again), text, "{generated:?}");
        for ((totals, timeline), (totals_again, timeline_again)) in
            play(&scenario, 4).iter().zip(play(&again, 4))
        {
            assert_eq!(totals.lines, totals_again.lines, "{generated:?}");
            assert_eq!(totals.fund, totals_again.fund, "{generated:?}");
            assert_eq!(*timeline, timeline_again, "{generated:?}");
        }
    }
}
