page-leaderboards = Leaderboards · Kinelog
about-leaderboards =
    .content = Leaderboards of your organization, by pseudonym.
boards-subtitle = Who trained most in your organization, among members who joined. Only repetitions and holds that Kinelog counted from the camera or a video are ranked.
boards-panel =
    .aria-label = Leaderboard
boards-membership = Your membership
boards-shown-as = Others see you as
boards-not-joined = You have not joined. By joining, you agree to this:
boards-terms-seen = Others see your pseudonym, your rank and your results: repetitions, sessions, best form and days in a row, including days before you joined.
boards-terms-unseen = They do not see your name, e-mail address, sessions or videos. Nothing is visible to other organizations.
boards-terms-leave = You can leave at any time. You then disappear from all leaderboards immediately.
pseudonym = Pseudonym
pseudonym-hint = 3 to 30 letters and digits, without any part of your name.
boards-join = Agree and join
boards-change = Change pseudonym
boards-leave = Leave
boards-compared = Your month compared
boards-seen-as = Others see you as { $pseudonym }.
boards-left = You have left the leaderboards.
boards-current = Your current pseudonym is shown.
boards-repetitions = Repetitions
boards-sessions = Sessions
boards-form = Best form
boards-streak = Days in a row
boards-all = All
boards-around = Around me
boards-rank = Rank
boards-which = Which leaderboard
boards-ranked-by = Ranked by
boards-you = You
boards-few = With so few members, ranks mean little.
boards-alone = You are the only one so far.
boards-place = You are { $place } of { $entries }, with { $figure }.
boards-no-own-result = You have no result here yet.
boards-not-listed = You are not on this leaderboard.
boards-not-listed-title = You are not on this leaderboard
boards-see-all = Turn off “Around me” to see all of it.
boards-empty = No results yet
boards-be-first = Be the first:
boards-train = train with your camera
boards-empty-why = Only members who trained in this period are shown.
boards-not-loaded = We could not load the leaderboard.
boards-for-members = Leaderboards are for members
boards-sign-in-why = to see the leaderboards of your organization.
boards-quartile-top = at least as much as three quarters of them
boards-quartile-half = at least as much as half of them
boards-quartile-quarter = at least as much as a quarter of them
boards-quartile-low = less than three quarters of them
boards-not-available = not available
boards-consent = Manage your consent
boards-too-few = No comparison is available: fewer than 20 people in your organization trained and agreed to be included.
boards-others-in = You and the others in { $month }
boards-verified = Verified repetitions
boards-quarter-most = A quarter did at most
boards-half-most = Half did at most
boards-three-quarters-most = Three quarters did at most
boards-rounded = Rounded. Shown only for 20 or more people.
boards-report = Pose coach: you and others
boards-report-total = You have { $sessions } { $sessions ->
        [one] session
       *[other] sessions
    } with the pose coach in all: { $reps } { $reps ->
        [one] repetition
       *[other] repetitions
    } in { $time }.
boards-report-accuracy = Accuracy
boards-report-time = Time
boards-report-people = People
boards-report-exercises = Half did at most, by exercise
boards-report-rounded = Each figure is the mean of five people, rounded. Shown only for 20 or more people who agreed.
boards-own = In { $month } you did { $count } { $count ->
        [one] verified repetition
       *[other] verified repetitions
    }.
boards-own-compared = In { $month } you did { $count } { $count ->
        [one] verified repetition
       *[other] verified repetitions
    }: { $quartile }.
boards-report-unavailable = The figures of others are not available right now. Yours are complete.
