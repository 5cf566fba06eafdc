//! What a scenario names, in the reader's language.
//!
//! A scenario file is written in one language; its readers may have another. `[scenario] title_it` and `description_it`
//! (`_en`) are shown to readers of that language instead of `title` and `description`; like these they are not
//! inherited. `[italian]` and `[english]` are tables of names: products, measures of the programme, ratings, listed
//! applicants as the file has them, and how they read in that language; they are inherited and merge key by key. Keys
//! and machine files keep the names of the file: they are addresses.

use super::{Language, Scenario};

/// One language's words for what a scenario names.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Translation {
    /// The title.
    pub title: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// Names as the file has them, and as readers see them, in the order of the former.
    pub names: Vec<(String, String)>,
}

/// What the scenario says in each language.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Translations {
    /// `title_it`, `description_it`, `[italian]`.
    pub italian: Translation,
    /// `title_en`, `description_en`, `[english]`.
    pub english: Translation,
}

impl Translations {
    /// That of a language.
    pub fn of(&self, language: Language) -> &Translation {
        match language {
            Language::Italian => &self.italian,
            Language::English => &self.english,
        }
    }

    fn of_mut(&mut self, language: Language) -> &mut Translation {
        match language {
            Language::Italian => &mut self.italian,
            Language::English => &mut self.english,
        }
    }
}

impl Scenario {
    /// A name of the file as a reader of the scenario's language sees it.
    pub fn named<'s>(&'s self, name: &'s str) -> &'s str {
        let names = &self.translations.of(self.identity.language).names;
        names.iter().find(|(known, _)| known == name).map_or(name, |(_, shown)| shown)
    }

    /// Turns to readers of a language: title and description become those of that language, if it has them. What they
    /// replace stays known as that of the language before.
    pub fn speak(&mut self, language: Language) {
        let before = std::mem::replace(&mut self.identity.language, language);
        let Translation { title, description, .. } = self.translations.of(language).clone();
        let replaced = [(&mut self.identity.title, title), (&mut self.identity.description, description)]
            .map(|(shown, translated)| translated.map(|translated| std::mem::replace(shown, translated)));
        if before != language {
            let known = self.translations.of_mut(before);
            let [title, description] = replaced;
            known.title = known.title.take().or(title);
            known.description = known.description.take().or(description);
        }
    }
}
