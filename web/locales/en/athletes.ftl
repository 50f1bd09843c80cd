about-athletes =
    .content = Athletes who let you see their training on Kinelog.
page-athletes = Athletes · Kinelog
athletes = Athletes
athletes-subtitle = People who let you see their training. They can end it at any time.
athletes-invite-title = Invite an athlete
athletes-invite-advice = Send the link to one person. The first who opens it decides whether you see their training.
athletes-invite = Make a link
athletes-see-no-name = Athletes see you as a trainer without a name.
athletes-enter-name = Enter your name
athletes-link = Send this link. It is valid until { $day }.
athletes-copied = Copied.
athletes-list = Your athletes
athletes-none = Nobody lets you see their training yet. Invite an athlete, or wait for the first who enrolls in a plan of yours and agrees.
athletes-unnamed = Athlete without a name
athletes-last-session = Last session:
athletes-no-session = No session yet
athletes-adherence = { $performed } of { $sessions } { $sessions ->
        [one] workout
       *[other] workouts
    } done, { $missed } missed
athletes-progress = Progress through your plans
athletes-videos = With videos
athletes-no-videos = Without videos
athletes-since = Lets you see their training since { $day }. Each of your visits is recorded in their access log.
athletes-sessions = Sessions
athletes-back = ← All athletes
athletes-report = Report
athletes-report-what = Totals, charts by week, exercises and the latest sessions, to print. The athlete sees in their account that you made it.
athletes-report-make = Download the report (PDF)
athletes-report-ready = The report is downloaded.
athletes-workout = Workout
athletes-repetitions = { $count } { $count ->
        [one] repetition
       *[other] repetitions
    }
athletes-replay-of = Replay: { $exercise }
athletes-assign = You may assign workouts
athletes-assign-not-allowed = This athlete does not let you assign workouts yet. They can allow it in their account, under “Trainers”.
assign-none = Nothing assigned yet.
assign = Assign a workout
assign-change-title = Change the workout
assign-day = Day
assign-note = Note to the athlete
assign-change = Change
assign-take-back = Take back
assign-taken-back = Taken back.
assign-changed = The workout was changed.
assign-done = { $workout } was assigned.
live-skeleton = Live skeleton of the athlete
live-connecting = Connecting…
live-waiting = Waiting for the next set.
live-lost = Connection lost. Reconnecting…
live-over = The session is over.
live-withdrawn = You cannot see this training. It was deleted, or its athlete does not share it with you any more.
live-set = Set { $set }: { $exercise }
live-set-load = Set { $set }: { $exercise }, { $load }
live-set-done = Set { $set } is done.
