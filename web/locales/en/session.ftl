time-in-video = Time in the video
curve-range = Between { $low }° and { $high }°,
repetitions-in-length = { $count } { $count ->
        [one] repetition
       *[other] repetitions
    } in { $length }.
rep-of-at = rep { $rep } of { $total }, { $time }
not-seen = not seen
angle-table = Joint angle as a table
every-half-second = Every half second
angle = Angle
depth = Depth
phase = Phase
best-rep-number = Best: rep { $rep }
worst-rep-number = To improve: rep { $rep }
best-and-worst = Best and worst
best-rep = Best rep
sessions-not-deleted = { $count } { $count ->
        [one] session
       *[other] sessions
    } could not be deleted.
still-in-list = They are still in the list.
undo-action = Undo
sessions-deleted = { $count } { $count ->
        [one] session
       *[other] sessions
    } deleted. You can restore { $count ->
        [one] it
       *[other] them
    } for seven days.
sessions-restored = { $count } { $count ->
        [one] session
       *[other] sessions
    } restored.
sessions-not-restored = { $count } { $count ->
        [one] session
       *[other] sessions
    } could not be restored.
kept-seven-days = Deleted sessions are kept for seven days.
export-done = The { $format } file is downloaded.
export-preparing = Preparing the file …
export-failed = The file could not be created.
sessions-unchanged = Your sessions are unchanged.
export-as = Export as { $format }
export = Export
this-was-wrong = This was wrong
this-was-missed = This was missed
feedback-about = { $action }: { $fault }, rep { $rep }
you-said-wrong = You said that this was wrong.
you-said-missed = You said that this was missed.
not-finished = We could not finish the session.
completion = Completion
form = Form
tempo = Tempo
range-of-motion = Range of motion
source-device = the athlete's device
source-server = this server, live
source-person = a person
source-file = this server, from the video
seen-share = { $share } of the { $frames } frames that were analyzed
check-light = light
check-body = whole body
check-view = angle
check-people = one person
set-checks = set { $set }: { $checks }
verified-of = { $verified } of { $count } { $count ->
        [one] repetition
       *[other] repetitions
    }
body-visible = Body visible
started-anyway = Started anyway
verified = Verified
counted-by = Counted by
pose-model = Pose model
definition = Definition
definition-version = { $exercise }, version { $version }
performance-title = Performance
of-100 = of 100
no-score = Not enough data for a score.
session-in-progress = The session is still in progress.
name-of-session = Name of the session
save = Save
renamed-to = Renamed to { $name }.
name-removed = The name was removed.
name-unchanged = The name is unchanged.
change-and-save = Change it and save again, or cancel.
session-not-deleted = The session was not deleted.
session-deleted = Session deleted. You can restore it for seven days.
session-restored = Session restored.
counted-reps-kept = The reps that were counted are kept.
replay-and-train = Replay and train with the ghost
continue-workout = Continue the workout
share = Share
delete = Delete
replay = Replay
recorded = recorded
recording-deleted = recording deleted
select-which = Select { $session }
tags-of-which = Tags of { $session }
rename-which = Rename { $session }
replay-which = Replay { $session }
name-of-recording = Name of the recording
loading-session = Loading the session …
no-video-kept = No video was kept. You can replay the movement as a skeleton.
recording-not-kept = The recording was deleted on { $date }: Kinelog keeps recordings for a limited time. The results stay.
no-video-by-hand = Logged by hand, so there is no video.
no-movement-kept = The camera counted this session. Its movement was not kept. To replay the next one, leave “Keep my movement” on.
loading-skeleton = Loading the skeleton …
loading-skeleton-share = Loading the skeleton: { $share } %
skeleton-not-loaded = The skeleton could not be loaded: { $reason } Open the session again to try again.
looks-like = Your movement looks like: { $exercises }
looks-like-computed = Comparing your movement with all exercises …
looks-like-none = Your movement looks like no exercise of the library.
counting-again = Counting again …
count-again = Count again
wrong-exercise = Wrong exercise?
wrong-exercise-what = Choose what you did. Your movement is counted again, and the new result replaces this one. Comments are kept; links to the recording that you have shared end.
joint-angle = Joint angle
movement = Movement
drag-to-seek = Drag to seek; select a number to loop that repetition.
tags = Tags
sessions-tagged = Sessions tagged { $tag }
tags-by-commas = Tags, separated by commas
tags-example = legs, before breakfast
tagged = Tagged { $tags }.
tags-removed = Tags removed.
tags-unchanged = The tags are unchanged.
tags-limit = Use at most { $most } tags of at most { $longest } characters each, then save again.
rep-number = Rep { $rep }
reps-two = Reps { $first } and { $second }
reps-many = { $count } { $count ->
        [one] rep
       *[other] reps
    }
slow-down = Slow down on the way.
steady = Steady from first to last. Keep it up.
more-not-counted = { $count ->
        [one] One more
       *[other] { $count } more
    } did not count
still-in-progress = Still in progress
still-in-progress-what = The result is complete when you finish the session.
verdict-held = Held for { $length }.
no-reps-counted = No reps counted.
no-reps-advice = Show your whole body from head to feet, and check that the exercise is right.
verdict-rep = rep
verdict-reps = reps
verdict-several = { $exercises }: { $count } { $count ->
        [one] rep
       *[other] reps
    } in { $sets } { $sets ->
        [one] set
       *[other] sets
    }.
verdict-plain = { $count } { $what }.
verdict-by-hand = Counted by hand in { $length }.
verdict-all-clean = { $count } clean { $what }.
verdict-some-clean = { $count } { $what }, { $clean } of them clean.
rep = Rep
rep-start = Start
rep-end = End
faults-and-cues = Faults and cues
reason-too-shallow = Too shallow to count.
reason-too-fast = Too fast to be a repetition.
reason-too-slow = Too slow to be one repetition.
reason-pose-lost = You were out of the picture for part of it.
reason-incomplete = You ended the set before it was complete.
reason-after-session = It came in after the session was finished.
reason-not-periodic = It did not match the rhythm of your set.
reason-athlete = You removed it.
reason-later-look = A second, closer look did not confirm it.
not-assessed = { $set }: the camera could not assess { $faults }.
set-held-for = { $set }: held for
set-exercise = Set { $set }, { $exercise }
loop-rep = Loop rep { $rep }
faults-seen = Faults seen: { $faults }.
faults-slight = Slight, and not reported: { $faults }.
faults-not-seen = Judged, and not seen: { $faults }.
faults-not-judged = Not judged, because the camera could not show it: { $faults }.
judged-unknown = It is not recorded which faults could be judged.
form-not-judged = Too little could be seen to judge the form.
degree-severe = severe
tempo-took = Lowering took { $lower } s, lifting { $lift } s.
range-degrees = Range of motion: { $degrees }°.
symmetry = Left and right match by { $share }.
why = Why?
form-of-rep = Form of rep { $rep }
was-one-there = Was one of these there all the same?
no-faults = none
other-cues = { $set }, other cues: { $cues }.
cue-times = { $cue } ({ $count } times)
show-at = Show { $time }
movements-not-counted = { $count } { $count ->
        [one] movement
       *[other] movements
    } not counted as repetitions.
from = From
length = Length
reason = Reason
seconds-exact = { $seconds } s
video = Video
skeleton = Skeleton
sound = Sound
speed = Speed
full-screen = Full screen
play = Play
measured-at-least = { $measured }, at least { $bound }
measured-at-most = { $measured }, at most { $bound }
rep-at-worst = Rep { $rep } at its worst. { $verdict }.
at-time = At { $time }.
dashed-line = Dashed: where it should have been.
rep-by-rep = Rep by rep
set-ratings = How hard was it? (RPE)
set-rating-saved = Your rating is saved.
duration = Duration
about-session-list =
    .content = Your sessions and recordings: find, rename, replay and delete them.
page-session-list = Sessions · Kinelog
recordings = Recordings
filter-sort-export = Filter, sort and export
filter-period = Period
this-week = This week
last-week = Last week
this-month = This month
last-month = Last month
other-days = Other days
from-day = From
to-day = To
all = All
any-form = Any
form-good-from = Good, from 85 %
form-fair-from = Fair, 65 to 85 %
recording = Recording
recorded-yes = Recorded
recorded-no = Not recorded
status = Status
completed = Completed
in-progress-title = In progress
tag = Tag
newest-first = Newest first
oldest-first = Oldest first
longest-first = Longest first
shortest-first = Shortest first
most-repetitions = Most repetitions
fewest-repetitions = Fewest repetitions
best-form = Best form
weakest-form = Weakest form
best-performance = Best performance
weakest-performance = Weakest performance
selected-sessions =
    .aria-label = Selected sessions
select-all-shown = Select all shown
session-list =
    .aria-label = Sessions
pages-of-list =
    .aria-label = Pages of the list
previous-page = Previous page
next-page = Next page
times-in-own-days = Times shown in { $zone }; days in the time zone of each session.
times-in = Times shown in { $zone }.
no-matching-sessions = No matching sessions
clear-to-see-all = Clear the filters to see all sessions.
no-more-sessions = No more sessions
to-first-page = Go to the first page
analyze-a-video = analyze a video
delete-sessions = Delete { $count } { $count ->
        [one] session
       *[other] sessions
    }
storage-used = { $count } { $count ->
        [one] recording
       *[other] recordings
    }, { $size } used
no-recordings = No recordings
storage-unknown = We could not read how much storage you use. Try again later.
select-first = Select the sessions to delete first.
about-not-found =
    .content = This page does not exist.
page-not-found = Page not found · Kinelog
not-found = Page not found
not-found-what = There is no page at this address. The link may be old or mistyped.
go-home = Go to Home
share-image = Share as an image
card-downloaded = The image was saved in your downloads.
