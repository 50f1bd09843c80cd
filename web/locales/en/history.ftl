page-history = History · Kinelog
about-history =
    .content = Your training history: totals, days, exercises, progress and records.
history-subtitle = Your training over time.
history-zone = Time zone: { $zone }. Each session counts for the local day on which it started.
history-not-loaded = We could not load your history.
history-part-not-loaded = We could not load part of your history.
history-panel-not-loaded = This could not be loaded.
history-by-exercise = By exercise
history-days = Training days
history-progress = Progress
history-records = Personal records
history-achievements = Achievements
history-achievements-how = You earn these with reps and holds that Kinelog counts. Reps you log by hand do not count here.
history-leaderboards = Leaderboards of your organization
history-achievement-session = { $achievement }, the session of
history-next = Next
history-no-achievements = No achievements yet. Your first workout with the camera earns a badge.
history-achievements-shown = { $count } shown.
history-achievements-not-loaded = Your achievements could not be loaded: { $reason } They are not lost.
history-period-year = Year
history-other-periods = Other periods
history-repetitions = Repetitions
history-verified = Verified repetitions
history-axis-time = Time, minutes
history-axis-energy = Energy, kcal
history-axis-form = Form, percent
history-chart-day = { $measure }, by day
history-chart-week = { $measure }, by week
history-chart-month = { $measure }, by month
history-chart-year = { $measure }, by year
history-no-training = No training from { $from } to { $until }.
history-no-amount = { $measure }: 0 from { $from } to { $until }.
history-no-form = No form was measured from { $from } to { $until }.
history-so-far-day = Today so far
history-so-far-week = This week so far
history-so-far-month = This month so far
history-so-far-year = This year so far
history-week-of = Week of { $day }
history-none-before-day = none the day before
history-none-before-week = none the week before
history-none-before-month = none the month before
history-none-before-year = none the year before
history-before-day = the day before: { $value }
history-before-week = the week before: { $value }
history-before-month = the month before: { $value }
history-before-year = the year before: { $value }
history-whole-before-day = the whole day before: { $value }
history-whole-before-week = the whole week before: { $value }
history-whole-before-month = the whole month before: { $value }
history-whole-before-year = the whole year before: { $value }
history-as-before = as { $before }
history-averages-day = Averages over { $count ->
        [one] this day
       *[other] these { $count } days
    }
history-averages-week = Averages over { $count ->
        [one] this week
       *[other] these { $count } weeks
    }
history-averages-month = Averages over { $count ->
        [one] this month
       *[other] these { $count } months
    }
history-averages-year = Averages over { $count ->
        [one] this year
       *[other] these { $count } years
    }
history-averages-what-day = Days without training are included.
history-averages-what-week = Weeks without training are included.
history-averages-what-month = Months without training are included.
history-averages-what-year = Years without training are included.
history-sessions-per-day = Sessions per day
history-sessions-per-week = Sessions per week
history-sessions-per-month = Sessions per month
history-sessions-per-year = Sessions per year
history-time-per-day = Time per day
history-time-per-week = Time per week
history-time-per-month = Time per month
history-time-per-year = Time per year
history-time-per-session = Time per session
history-repetitions-per-session = Repetitions per session
history-energy-per-session = Energy per session
history-totals-table = Totals as a table
history-totals-by-day = Totals by day, newest first
history-totals-by-week = Totals by week, newest first
history-totals-by-month = Totals by month, newest first
history-totals-by-year = Totals by year, newest first
history-sum = { $repetitions } ({ $verified }) in { $sessions }
history-all-verified = verified
history-some-verified = { $count } verified
history-day-none = no training
history-last-year = The last twelve months
history-days-hint = Point at a day, or use the arrow keys, to see its training.
history-no-days = No training on any of these days.
history-days-map = Training days; use the arrow keys to move between days
history-days-table = Days as a table
history-days-newest = Days with training, newest first
history-range = { $from } to { $until }
history-current-streak = Current streak
history-start-streak = Train today to start one.
history-longest-streak = Longest streak
history-no-streak = None yet.
history-legend-none = No training
history-legend = from no training to the longest day
history-legend-most = Longest day
history-capped = For speed, this uses the latest { $used } of { $total } { $total ->
        [one] session
       *[other] sessions
    }.
history-exercises-what = From { $from } to { $until }. Volume is load times repetitions. Verified is what Kinelog counted itself, not what was logged.
history-sums-by-exercise = Sums by exercise
history-sets = Sets
history-reps-a-set = Reps a set
history-held = Held
history-volume = Volume
history-held-verified = { $held }, verified { $verified }
history-no-progress = Finish your first session to see your progress.
history-nothing-counted = This exercise has no counted repetitions or holds.
history-no-such-value = The latest sessions have no such value.
history-most-repetitions = Most repetitions in a set
history-best-set-form = Form of the best set
history-line-chart = { $name }; use the arrow keys to move between sessions
history-progress-table = Progress as a table
history-trend-needs = The trend needs at least three sessions with measured form, over two weeks or more.
history-trend-better = Form, in four weeks: ▲ { $points } { $points ->
        [one] point
       *[other] points
    } better
history-trend-weaker = Form, in four weeks: ▼ { $points } { $points ->
        [one] point
       *[other] points
    } weaker
history-trend-unchanged = Form, in four weeks: unchanged
history-trend-from = (from { $count } { $count ->
        [one] session
       *[other] sessions
    }; dashed line).
history-no-records = Finish your first session to see your records.
history-most-reps = Most reps in a set
history-heaviest-set = Heaviest set
history-longest-hold = Longest hold
history-best-form = Best form of a set
history-logged = logged, not verified
history-verified-record = verified
