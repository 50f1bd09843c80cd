about-home =
    .content = Kinelog: analyze workout videos for repetitions, form and tempo.
home-ready = Ready when you are.
home-start-training = Start training
home-start-workout = Start this workout
home-upload-set = Upload a set
home-for-trainers =
    .aria-label = For trainers
home-athletes = Your athletes
home-write-plan = Write a plan
home-videos = Your videos
home-week = This week
home-upload-why = Get reps, form and tempo from a video.
home-choose-video = Choose a video
home-drop-hint = or drop it here. One person, whole body in the picture.
exercise = Exercise
home-detect = Detect automatically
home-analyze = Analyze video
home-uploading = Uploading
home-cancel-upload = Cancel upload
home-latest = Latest sessions
home-show = Show
home-all-exercises = All exercises
load-more = Load more
home-see-all = See all sessions
home-totals = Totals
home-history = Training history
home-which-exercise = Which exercise is this?
home-not-sure = We are not sure. Nothing was counted yet.
home-other-exercise = Another exercise
home-analyzed = Your video is analyzed.
home-open-session = Open the session
session = Session
loading = Loading …
home-session-not-loaded = We could not load this session.
nothing-changed = Nothing was changed.
home-check-link = Check the link, or open the session from the list.
try-again = Try again
performance = performance
no-exercise = No exercise
exercise-and-more = { $exercise } and { $count } { $count ->
        [one] other exercise
       *[other] other exercises
    }
in-progress = in progress
logged-by-hand = logged by hand
home-none-with-exercise = No sessions with this exercise
home-try-another = Try another exercise, or show all sessions.
home-show-all = Show all exercises
home-step-phone = Place your phone
home-step-phone-how = Put it on the floor or a bench, 2 to 4 meters away, with your whole body in the picture.
home-step-train = Choose an exercise. Kinelog counts your reps and coaches your form while you move.
home-step-result = See your result
home-step-result-what = Reps, form and tempo, with your best and your worst rep side by side.
home-no-sessions = No sessions yet
home-first-one = Your first one takes two minutes:
home-filmed-already = Did you film a set already?
home-upload-the-video = Upload the video
sessions-shown = { $count } { $count ->
        [one] session
       *[other] sessions
    } shown.
sessions-shown-more = { $count } { $count ->
        [one] session
       *[other] sessions
    } shown, more can be loaded.
sessions-not-loaded = We could not load your sessions.
sessions-safe = Your sessions are safe.
home-ready-name = Ready when you are, { $name }.
home-last-time = Last time: { $exercise }, { $count } { $count ->
        [one] rep
       *[other] reps
    }. Beat it today.
home-stand = Stand in front of your camera. Kinelog counts your reps and coaches your form.
home-days = { $count ->
        [one] day
       *[other] days
    }
home-reps = { $count ->
        [one] rep
       *[other] reps
    }
home-sessions = { $count ->
        [one] session
       *[other] sessions
    }
home-energy = energy
home-streak-none = Train today to start a streak.
home-streak-first = You trained today. Come back tomorrow to start a streak.
home-streak-done = { $count } { $count ->
        [one] day
       *[other] days
    } in a row. Well done.
home-streak-go-on = { $count } { $count ->
        [one] day
       *[other] days
    } in a row. Train today to keep it going.
period-day = Day
period-week = Week
period-month = Month
reps-today = Reps today
reps-this-week = Reps this week
reps-this-month = Reps this month
totals-by-day = Totals by day, newest first
totals-by-week = Totals by week, newest first
totals-by-month = Totals by month, newest first
chart-by-day = Repetitions by day
chart-by-week = Repetitions by week
chart-by-month = Repetitions by month
reps = Reps
time = Time
energy = Energy
period = Period
totals-not-loaded = The totals could not be loaded: { $reason } Your sessions are safe.
repetitions-in-sessions = { $day }: { $repetitions } { $repetitions ->
        [one] repetition
       *[other] repetitions
    } in { $sessions } { $sessions ->
        [one] session
       *[other] sessions
    }
no-repetitions-since = No repetitions since { $day }.
home-file-empty = This video is empty.
home-file-empty-detail = { $file } has no content. Choose another video.
home-file-large-detail = { $file } has { $size }. The limit is { $limit }. Trim the video or export it in a lower resolution.
home-file-large = This video is too large.
home-up-to = Up to { $size }.
home-file-ready = { $size }, ready. Choose again to replace it.
home-file-selected = { $file } selected.
home-no-video = No video is selected.
home-no-video-detail = Choose a video file, or drop one onto the form.
home-size-of = { $loaded } of { $total }
home-upload-canceled = Upload canceled. Nothing was analyzed.
home-analyzing = Analyzing
home-leave = You can leave this page. The analysis continues on the server.
home-queued = Waiting in the queue
home-lost-track = We lost track of the analysis.
home-analysis-goes-on = Your video is safe, and the analysis goes on.
home-analysis-done = The analysis is done.
home-not-analyzed = We could not analyze this video.
home-others-unchanged = Your other sessions are unchanged.
home-analysis-advice = Check that one person is in the picture from head to feet. If the exercise was not detected, select it yourself.
home-agree-first = Please agree before you upload a video.
home-video-kept = Your video is still selected.
home-read-and-agree = Read and agree
home-choose-another = Choose another video or another exercise.
home-retry-safe = Try again. The same video is never counted twice.
count-held = held
count-of-reps = { $count ->
        [one] rep
       *[other] reps
    }
figure-pause = { $exercise } demonstration: pause
video-of = A trainer's video of { $exercise }
figure-play = { $exercise } demonstration: play
home-assigned =
    { $count ->
        [one] { $count } workout from your trainer: { $day }
       *[other] { $count } workouts from your trainer, first: { $day }
    }

home-recommendations = For you
home-recommended-plan = Plan
home-recommended-workout = Workout
home-recommended-exercise = Exercise
home-recommended-video = Video
home-dismiss = Not for me
home-want-more = More of this
home-more-wanted = You will see more like “{ $title }”.
home-more-no-longer = “{ $title }” no longer counts as wanted.
home-dismissed = “{ $title }” will not be recommended to you again.

home-insights = What your training says
home-question = Ask about your training, such as “How is my squat form?”
home-ask = Ask
home-from-sessions =
    { $count ->
        [one] From one session
       *[other] From { $count } sessions
    }
home-condition = Form and recovery
home-form-chart = Mean form by week
home-form-week = Week of { $day }: { $form }
home-form-first = mean form this week
home-form-earlier = mean form in the week of { $day }
home-form-up = mean form, { $points } { $points ->
        [one] point
       *[other] points
    } more than the week before
home-form-down = mean form, { $points } { $points ->
        [one] point
       *[other] points
    } less than the week before
home-form-same = mean form, as in the week before
home-resting-heart-rate = Resting heart rate
home-heart-rate-variability = Heart-rate variability
home-sleep = Sleep
home-better = better
home-usual = normal
home-worse = worse
home-as-usual = as usual
home-more-than-usual = { $percent } % more than usual
home-less-than-usual = { $percent } % less than usual
home-why-this = Why this?
home-not-here-if = It would not be here if:
home-without-time = you had only { $value } minutes
home-without-equipment = you had no { $value }
home-without-injury = you had to spare your { $value }
home-part-ankle = ankles
home-part-lower_back = lower back
home-part-elbow = elbows
home-part-knee = knees
home-part-neck = neck
home-part-shoulder = shoulders
home-part-wrist = wrists
