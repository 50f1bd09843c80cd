page-programs = Programs · Kinelog
about-programs =
    .content = Your training programs: weeks, days and loads that follow what you really perform.
programs-title = Programs
programs-subtitle = Weeks that you plan yourself. Loads and repetitions follow what you really perform, and each change says why.
programs-own = Your programs
programs-none = You have no program yet. Create one below.
programs-new = New program
programs-name = Name
programs-goal = Goal
programs-weeks = Weeks
programs-days = Days a week
programs-template = Start from
programs-template-none = Planned for the goal
programs-template-strength-basics = Strength: the basics
programs-template-strength-by-percentage = Strength: by your maximum
programs-template-muscle-upper-lower = Muscle: upper and lower body
programs-template-endurance-circuit = Endurance: circuits
programs-template-weight-at-home = Weight: at home
programs-template-pull-up-skill = Skill: more pull-ups
programs-template-return-gently = Gently back from an injury
programs-create = Create the program
programs-created = The program is created.
programs-strength = Strength
programs-muscle = Muscle
programs-endurance = Endurance
programs-weight = Weight
programs-skill = Skill
programs-return = Return from an injury
programs-progress = { $done } of { $days } { $days ->
        [one] day
       *[other] days
    } done
programs-ended = Ended
programs-week = Week { $number }
programs-deload-week = Week { $number }, lighter
programs-day = Day { $number }
programs-day-done = Day { $number }, done
programs-sets = Sets
programs-repetitions = Reps
programs-hold = Seconds
programs-load = Load, { $unit }
programs-seconds = { $count } s
programs-up = Move { $exercise } up
programs-down = Move { $exercise } down
programs-remove = Remove
programs-remove-it = Remove { $exercise }
programs-add = Add an exercise
programs-add-to = Add an exercise to day { $number }
programs-add-it = Add
programs-add-it-to = Add to day { $number }
programs-added = { $exercise } is added to day { $day }.
programs-removed = { $exercise } is removed from day { $day }.
programs-moved = { $exercise } is now on day { $day }, at place { $place }.
programs-stays = It cannot be moved further.
programs-save = Save the changes
programs-saved = The program is saved.
programs-start = Start day { $number }
programs-extend = { $count ->
    [one] Add { $count } week
   *[other] Add { $count } weeks
}
programs-extended = { $count ->
    [one] { $count } week is added, with the targets that you have reached.
   *[other] { $count } weeks are added, with the targets that you have reached.
}
programs-end = End the program
programs-end-question = End this program? Its remaining days cannot be performed, and it cannot be resumed.
programs-end-yes = Yes, end it
programs-end-no = No, keep it
programs-rule = Progression
programs-rule-why = The rule changes later days after each day that you perform. See first what it would have done in your own training.
programs-rule-none = Nothing changes by itself
programs-rule-linear = More load, or one repetition more, each time
programs-rule-double = More repetitions, then more load
programs-rule-percentage = A share of your estimated maximum
programs-rule-effort = By how hard it was: repetitions in reserve
programs-effort = How hard was day { $number }?
programs-effort-what = How many more repetitions could you have done in the hardest set? Later days follow your answers.
programs-effort-most = { $count } or more
programs-effort-saved = Thank you. Your answer is saved.
programs-felt = felt like RPE { $rating }
programs-felt-at-most = felt like RPE { $rating } or less
programs-effort-choose = Choose
programs-effort-save = Save
programs-effort-save-it = Save the answer for { $exercise }
programs-rule-on = It is switched on: { $rule }.
programs-tested = Exercise
programs-test = Show what it would have done
programs-switch-on = Switch it on
programs-no-history = You have not performed this exercise yet.
programs-unchanged = Nothing would have changed.
programs-notes = Notes to exercises
programs-notes-what = You see the note before each set of its exercise.
programs-changes = Changes
programs-no-changes = Nothing has changed yet.
programs-not-loaded = We could not load your programs.
