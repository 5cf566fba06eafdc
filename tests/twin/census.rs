//! Who applied, and who was funded first: what the run's own check against exact figures counts.

use super::PathState;
use super::applicants::Applicant;
use fesr::engine::totals::{FirstProject, LineCensus};
use fesr::scenario::{LegalForm, Size, Theme};

impl PathState<'_> {
    pub fn census(&self, slot: usize) -> LineCensus {
        let count = |is_meant: &dyn Fn(&Applicant) -> bool| {
            let of_line =
                self.applications.iter().filter(|a| a.applicant.slot == slot && a.applicant.booked.is_none());
            of_line.filter(|a| is_meant(&a.applicant)).count() as i64
        };
        LineCensus {
            themes: std::array::from_fn::<_, { Theme::ALL.len() }, _>(|theme| count(&|a| a.theme == theme)),
            legal_forms: std::array::from_fn::<_, { LegalForm::ALL.len() }, _>(|form| {
                count(&|a| a.legal_form == form)
            }),
            sizes: std::array::from_fn::<_, { Size::ALL.len() }, _>(|size| count(&|a| a.size == size)),
            ratings: self.each_rating().map(|rating| count(&|a| a.rating == rating)).collect(),
            accompanied: count(&|a| a.accompanied),
            accept_other: count(&|a| a.accepts_other),
            first_project: self.first_project(slot),
        }
    }

    fn first_project(&self, slot: usize) -> Option<FirstProject> {
        let in_order = self.disbursed.iter().map(|&position| &self.projects[position]);
        let project = in_order
            .into_iter()
            .find(|project| project.applicant.slot == slot && project.applicant.booked.is_none())?;
        let applicant = &project.applicant;
        let disbursed = project.disbursed_in.expect("disbursed");
        Some(FirstProject {
            rating: applicant.rating,
            theme: applicant.theme,
            legal_form: applicant.legal_form,
            size: applicant.size,
            accompanied: applicant.accompanied,
            disbursed,
            default_age: project.defaulted_in.map(|quarter| quarter - disbursed),
        })
    }
}
