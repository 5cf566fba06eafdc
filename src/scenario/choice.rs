//! The closed sets of words that a scenario chooses from.

/// A closed set of words, for code that works on any of them.
pub trait Choice: Copy + PartialEq + Sized + 'static {
    /// All values, in the order of the scenario format.
    const VALUES: &'static [Self];
    /// The words of all values, in the same order.
    const VALUE_WORDS: &'static [&'static str];

    /// The value a word stands for.
    fn parse_word(word: &str) -> Option<Self> {
        let position = Self::VALUE_WORDS.iter().position(|known| *known == word)?;
        Some(Self::VALUES[position])
    }
}

/// Declares a closed set of words: an enum, the list of its values, the word of each, and the way back.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl Choice for $name {
            const VALUES: &'static [$name] = $name::ALL;
            const VALUE_WORDS: &'static [&'static str] = $name::WORDS;
        }

        impl $name {
            /// All values, in the order of the scenario format.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];
            /// The words of all values, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word,)+];

            /// The word that scenario files and results use.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }

            /// The value a word stands for.
            pub fn from_word(word: &str) -> Option<$name> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }

            /// Position in [`Self::ALL`].
            pub fn index(self) -> usize {
                self as usize
            }
        }
    };
}

choice!(
    /// What an uncertain value does to its key.
    Change {
        /// It takes the place of what the scenario says.
        Set = "set",
        /// It multiplies it.
        Scale = "scale",
        /// It is added to it.
        Shift = "shift",
    }
);

choice!(
    /// The two lines of the measure.
    LineNumber {
        /// Significant investment programmes, at least 1 M EUR, by non-profit SMEs in social and health care.
        One = "1",
        /// Small projects, at most 100 k EUR, by micro and small enterprises.
        Two = "2",
    }
);
choice!(
    /// Themes of the measure, and the rest.
    Theme {
        /// Health and wellbeing.
        HealthWellbeing = "health_wellbeing",
        /// Demographic change.
        DemographicChange = "demographic_change",
        /// Poverty and social exclusion.
        PovertyExclusion = "poverty_exclusion",
        /// None of the three priority themes.
        Other = "other",
    }
);
choice!(
    /// Legal form of an applicant.
    LegalForm {
        /// Non-profit.
        Nonprofit = "nonprofit",
        /// For profit.
        Forprofit = "forprofit",
    }
);
choice!(
    /// Size class of an applicant (Recommendation 2003/361/EC).
    Size {
        /// Fewer than 10 people and at most 2 M EUR.
        Micro = "micro",
        /// Fewer than 50 people and at most 10 M EUR.
        Small = "small",
        /// Fewer than 250 people and at most 50 M EUR turnover or 43 M EUR assets.
        Medium = "medium",
    }
);
choice!(
    /// Programming period: which rules apply.
    Period {
        /// Regulation (EU) 1303/2013.
        From2014 = "2014-2020",
        /// Regulation (EU) 2021/1060.
        From2021 = "2021-2027",
    }
);
choice!(
    /// Whether a later, smaller application may pass a waiting larger one.
    QueueOrder {
        /// It may.
        Skip = "skip",
        /// It may not: after the first that cannot be approved nobody else of the line is tried in the quarter.
        Strict = "strict",
    }
);
choice!(
    /// How a loan is paid back after the grace period.
    Amortisation {
        /// Equal principal.
        Italian = "italian",
        /// Equal instalments.
        French = "french",
        /// All at the end.
        Bullet = "bullet",
    }
);
choice!(
    /// What pays guarantee calls.
    Backing {
        /// The line's guarantee envelope only.
        Envelope = "envelope",
        /// Then also the positive part of the income envelope.
        Income = "income",
        /// Then also what is due back to the Region.
        Fund = "fund",
    }
);
choice!(
    /// How defaults depend on each other over time.
    Dependence {
        /// One draw of the factors for the whole life (factor copula).
        Static = "static",
        /// Factors that follow an autoregression from quarter to quarter.
        Autoregressive = "ar1",
    }
);
choice!(
    /// Shape of the static dependence.
    Copula {
        /// Gaussian.
        Gaussian = "gaussian",
        /// Student-t: extreme quarters hit everybody together.
        StudentT = "student_t",
    }
);
choice!(
    /// What the PD of a rating promises under autoregressive factors.
    PdTarget {
        /// The hazard of each quarter, as typed.
        Quarter = "quarter",
        /// The lifetime probability: hazards are scaled before the run until it is met.
        Lifetime = "lifetime",
    }
);
choice!(
    /// State aid regime.
    Regime {
        /// Aid is not limited.
        None = "none",
        /// Gross grant equivalents are held under a ceiling.
        DeMinimis = "de_minimis",
    }
);
choice!(
    /// How the gross grant equivalent of a loan or a guarantee is found.
    AidRoute {
        /// Loans against the reference rate (2008/C 14/02), guarantees against the safe-harbour premium (2008/C 155/02).
        ReferenceRate = "reference_rate",
        /// In proportion to the brackets of the de minimis regulation, where they fit; else as by the reference rate.
        Simplified = "simplified",
    }
);
choice!(
    /// The de minimis regulation whose simplified brackets apply.
    Regulation {
        /// Reg. (EU) 1407/2013: to 31 December 2023.
        Of2013 = "1407/2013",
        /// Reg. (EU) 2023/2831: from 1 January 2024.
        Of2023 = "2023/2831",
    }
);
choice!(
    /// Language of what readers see.
    Language {
        /// Italian.
        Italian = "it",
        /// English.
        English = "en",
    }
);
