about-workouts =
    .content = Guided workouts: counts repetitions, times rests and announces the next set.
page-workouts = Workouts · Kinelog
back-workouts = ← All workouts
completed-sets =
    .aria-label = Completed sets of the workout
select-workout = Select a workout
no-workouts = No workouts yet. Create your first one here.
create-workout = Create a workout
exercises = Exercises
by-camera = By camera
by-camera-what = This device finds 33 points of your body. Only these points are sent, unless you keep a video, too.
by-hand = Manually
by-hand-what = Tap for each repetition, or enter the number after the set.
voice-and-notifications = Voice and notifications
voice-guidance = Voice guidance
voice-commands-workout = Voice commands: start, finished, pause, next, undo, swap
time-of-set =
    .aria-label = Time of this set
progress-of-set =
    .aria-label = Progress of the set
all-sets-done = All sets done. Finish to see your results.
enter-result = Enter the result
workout-controls =
    .aria-label = Workout
skip-set = Skip set
more-actions = More
skip-exercise = Skip exercise
do-another = Do another exercise instead
plus-one-missed = +1 repetition that the camera missed
end-workout = End workout
all-workouts = All workouts
press-to-end = Press again to end
press-to-skip = Press again to skip
minus-one = −1 repetition
minus-one-second = −1 second
plus-one-second = +1 second
whole-number = Enter a whole number from { $least } to { $most }.
data-still-sent = Earlier data is still being sent to the server.
data-still-sent-detail = The workout continues here as soon as the data has arrived.
nothing-lost = Nothing is lost.
continue-from-here = Continue from here.
continue-here = Continue here
choose-from-list = Choose a workout from the list.
workout-moved = The workout was continued on another device.
workout-moved-detail = This page now shows its current state.
last-time = Last time
your-record = Your record
your-heaviest = Your heaviest
first-time = This is your first time with this exercise.
weight-limits = Enter a weight from 0 to { $most } { $unit }, with at most 2 decimals, or leave it empty.
weight-in = Weight ({ $unit })
exercise-note = Note
rpe = RPE { $rating }
rpe-target = Effort (RPE)
rpe-none = No target
rpe-choice = { $rating }: { $effort }
rpe-left = about { $count } { $count ->
    [one] repetition
   *[other] repetitions
} left
rpe-left-between = { $least } to { $most } { $most ->
    [one] repetition
   *[other] repetitions
} left
rpe-left-one-at-most = one repetition left at most
rpe-left-none = no repetition left
rpe-maximal = maximal
rpe-very-hard = very hard
rpe-hard = hard
rpe-somewhat-hard = somewhat hard
rpe-moderate = moderate
rpe-light = light
rpe-very-light = very light
brief-next = Next
brief-now = Now
how-to-do-it = How to do it
get-ready-in = Get ready: { $left }
camera-again-or-count = Turn on the camera again, or count manually.
without-camera = You can train without a camera.
completing-workout = Completing your workout …
saved-here = Your workout is saved on this device
saved-here-offline = You are offline. You can close this page: the workout is sent as soon as you are online again.
saved-here-no-answer = The server does not answer at the moment. You can close this page: the workout is sent later.
waiting-changes = { $count ->
    [one] { $count } change waits to be sent.
   *[other] { $count } changes wait to be sent.
}
you-count-now = You count manually from now on.
exercise-skipped = Exercise skipped.
set-skipped = Set skipped.
by-source-manual = counted manually
by-source-server = counted by the camera
by-source-device = counted on the device
by-source-file = counted from a video
by-source = counted by { $source }
mass-profile = based on the body mass in your account
mass-given = based on the body mass entered for this workout
mass-default = based on { $mass }, because your account has no body mass
mass-unknown = based on an unrecorded body mass
energy-formula = Kilocalories per minute = MET × 3.5 × body mass ({ $unit }) ÷ { $divisor }, for the sets without rests and breaks.
met-gone = { $exercise }: no longer available, not included.
met-for = { $exercise }: { $met } MET for { $length }. { $source }.
health-unavailable = Health is not available on the device
health-denied = writing to Health was not allowed
health-not-determined = nobody has allowed writing to Health yet
health-locked = the device was locked
health-cancelled = it was canceled
health-invalid = Health rejected the workout
health-not-requested = Not sent. Apple Health is turned off in your account.
health-pending = Waiting for your iPhone. Open the Kinelog app there to write the workout to Apple Health.
health-synced = Written to Apple Health by your device.
health-failed = Your device could not write it: { $reason }. It may try again.
unknown-reason = unknown reason
health-status = Unknown status: { $status }.
workout-completed = Workout completed.
finished = Finished
finish-workout = Finish workout
begin-next-set = Start next set
resume-set = Resume set
you-count = You count
camera-counts = The camera counts
use-camera = Use the camera
resume = Resume
sets-done = { $done } of { $total } { $total ->
        [one] set
       *[other] sets
    }
next-is = Next:
all-sets-are-done = All sets are done.
last-set = Last set
amount-last-time = Last time: { $amount }.
amount-goal = Your goal is { $target }.
amount-record = Your record: { $amount }.
amount-change = Change it if you did more or fewer.
amount-of-seconds = { $exercise }, set { $set }: seconds
amount-of-repetitions = { $exercise }, set { $set }: repetitions
not-right = Not right? Change it here.
sets = Sets
skipped = Skipped
count-sets = { $count } { $count ->
        [one] set
       *[other] sets
    }
score = Score
label-points = { $label } ({ $points } { $points ->
        [one] point
       *[other] points
    })
not-measured-not-included = not measured, not included
score-what = Your score adds up everything that could be measured.
table-of-sets = Table of sets
what-counted = What counted and what did not
accepted = Accepted
rejected = Rejected
new-records = New records
how-calculated = How this is calculated
count-seconds = { $count } { $count ->
        [one] second
       *[other] seconds
    }
set-of = Set { $set } of { $sets }
select = Select
workout-changed = The workout was changed in the meantime.
workout-changed-advice = The list has it as it is now. Save again to replace it with what you wrote.
workout-saved = { $workout } saved.
assigned-title = From your trainer
assigned-workout = Workout from your trainer
assigned-decline = Decline
assigned-decline-sure = Decline this workout? Your trainer will see it.
assigned-keep = Keep it
assigned-declined = Declined.
unfinished-workout = Your workout of { $moment } was not finished.
line-last-time = last time { $amount }
line-record = record { $amount }
line-first-time = first time
line-rest = rest { $seconds } s
save-workout = Save workout
add-exercise = Add an exercise
rest-s = Rest (s)
exercise-removed = Exercise removed.
remove-exercise = Remove exercise { $number }
exercise-number = Exercise { $number }
workout-name = Name
enter-workout-name = Enter a name for the workout.
label-whole-number = { $label }: enter a whole number from { $min } to { $max }.
ended-title = Earlier workouts from your trainer
start-from-template = Start from a template:
stop-editing = Cancel
edit-workout = Edit
duplicate-workout = Duplicate
delete-workout = Delete
workout-deleted = { $workout } deleted. Plans and sessions that have it keep it.
workout-restored = { $workout } is back.
change-workout = Change the workout
copy-of = { $workout } (copy)
exercise-moved = Now exercise { $number }.
move-exercise-up = Move exercise { $number } up
move-exercise-down = Move exercise { $number } down
template-full-body = Full body
template-ten-minutes = Ten minutes
template-legs = Legs and core
template-upper-body = Upper body
