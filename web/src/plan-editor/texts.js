/**
 * Texts of the plan editor.
 * @module
 */

export const texts = {
  newPlan: "New plan",
  /** @param {string} title */
  editing: (title) => `Edit ${title}`,
  draft: "Draft, seen by you alone",
  /** @param {number} number */
  offered: (number) => `Published, version ${number}`,
  /** @param {number} number */
  changed: (number) => `Published, version ${number}; your draft has changes`,
  edit: "Edit",
  publish: "Publish",
  withdraw: "Withdraw",
  /** @param {string} title */
  saved: (title) => `${title} saved.`,
  /** @param {string} title */
  published: (title) => `${title} is published.`,
  /** @param {string} title */
  withdrawn: (title) => `${title} is no longer offered. Everybody who began it can go on.`,
  profileSaved: "Your profile is public.",
  /** @param {number} week @param {number} session */
  place: (week, session) => `Week ${week}, session ${session}`,
  remove: "Remove",
  /** @param {string} place */
  removeAt: (place) => `Remove ${place}`,
  none: "None",
  /** @param {string} region */
  amount: (region) => `Price, ${region}`,
  /** @param {string} region */
  currency: (region) => `Currency, ${region}`,
  /** @param {string} region */
  tax: (region) => `Tax in %, ${region}`,
  /** @param {number} digits */
  wrongAmount: (digits) => (digits ? `Enter an amount such as 19.99, with at most ${digits} decimals, or leave it empty.` : "Enter a whole amount, or leave it empty."),
  wrongTax: "Enter a tax from 0 to 100, with at most 2 decimals.",
  wrongTrial: "Enter 3 to 60 days, or 0 for no trial.",
  noWorkout: "Add at least one workout.",
  languageMissing: "Choose at least one language.",
  /** @param {string} name */
  workoutSaved: (name) => `${name} saved and added to the plan.`,
  noPlans: "No plans yet. Write your first one below.",
};
