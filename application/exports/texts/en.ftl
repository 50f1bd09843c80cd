# Texts of printed training reports.

day = { $date }
held = { $time } min
several = { $exercise } and { $count } { $count ->
        [one] other exercise
       *[other] other exercises
    }
labels =
    .title = Training report
    .weeks = Repetitions a week
    .form_weeks = Form a week, 0 to 100
    .exercises = Exercises
    .exercise = Exercise
    .sets = Sets
    .repetitions = Repetitions
    .day = Day
    .session = Session
    .minutes = Minutes
    .form = Form
    .nothing = No session has been completed.
    .page = Page
figures =
    .as_of = As of { $date }
    .total_sessions = { $sessions ->
        [one] { $sessions } session
       *[other] { $sessions } sessions
    }
    .total_sets = { $sets ->
        [one] { $sets } set
       *[other] { $sets } sets
    }
    .total_repetitions = { $repetitions ->
        [one] { $repetitions } repetition
       *[other] { $repetitions } repetitions
    }
    .total_hours = { $hours } h of training
    .newest = The latest sessions, at most { $listed }
    .last_weeks = { $weeks ->
        [one] The last week
       *[other] The last { $weeks } weeks
    }
    .days = { $range ->
        [both] Sessions from { $since } to { $until }
        [since] Sessions since { $since }
        [until] Sessions until { $until }
       *[all] All sessions
    }
