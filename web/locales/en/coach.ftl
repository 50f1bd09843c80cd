coach-title = Train with your camera
coach-what = Kinelog counts your reps and coaches your form while you move. Your camera picture stays on this device.
repetitions = Repetitions
seconds = Seconds
per-set = per set (optional goal)
choose-exercise = Choose an exercise
change-privacy = Change
kept-movement = Your movement is kept for the replay, but no pictures.
kept-video = Your movement and a video of you are kept for the replay.
kept-count = Only your counts are kept.
kept-manual = The camera stays off. Only your counts are kept.
camera-placement = Camera placement
coach-replay = Privacy
keep-movement = Keep my movement
keep-movement-why = Lets you replay your session and train with your own ghost. No pictures are stored.
keep-video = Keep a video, too
keep-video-why = The replay then shows you, and not only your skeleton.
settings = Settings
coach-counting = Counting
landmarks-only = Landmarks only
landmarks-only-what = Your body’s movement is sent as 33 points. No pictures are sent.
landmarks-and-images = Landmarks and images
landmarks-and-images-what = A small picture is also sent up to twice a second, to check the count. It is not stored.
manual = Manual
manual-what = The camera stays off. You count.
rest-between-sets = Rest between sets
rest-30 = 30 s
rest-60 = 60 s
rest-90 = 90 s
rest-120 = 2 min
rest-180 = 3 min
announce-count = Announce the count
every-repetition = every repetition
every-fifth = every fifth repetition
speak-cues = Speak cues aloud
voice-commands = Voice commands: start, stop, pause, next, undo, swap
voice-commands-hint = Your browser may send your speech to its vendor for recognition.
notify-rest = Notify me when a rest ends
connection = Connection
send-data-by = Send data by
http-requests = HTTP requests
websocket = WebSocket
webrtc-channel = WebRTC data channel
transport-hint = HTTP requests work everywhere, and take over from the others without losing anything.
turn-on-camera = Turn on the camera
count-manually = Count manually
guided-workouts = Guided workouts
upload-instead = Upload a video instead
rest = Rest
next-exercise = Next exercise
next-goal = Goal of the next set
goal-wrong = Enter a whole number from { $min } to { $max }, or leave it empty.
before-you-start = Before you start
start-anyway = Start anyway
start-anyway-hint = You can start now, but the count may be wrong.
count-manually-instead = Count manually instead
set = Set
coach-recording = Recording
set-controls =
    .aria-label = Set
plus-one = +1 repetition
start-set = Start set
pause = Pause
undo = Undo
undo-wide = {" "}repetition
finish = Finish
finish-wide = {" "}session
session-completed = Session completed
train-again = Train again
view-front = from the front
view-side = from the side
view-oblique = at an angle
view-rear = from behind
light-camera = Camera
light-camera-advice = Allow this page to use the camera.
light-light = Light
light-too-bright = Too bright. Turn away from the window.
light-too-dark = Too dark. Switch on a light.
light-body = Whole body
light-come-closer = Come closer to the camera.
light-step-back = Step back until you are in the picture from head to feet.
or = or
light-angle = Angle
light-angle-advice = The camera must see you { $views }.
light-people = One person
light-several = More than one person is in the picture.
light-nobody = Nobody is in the picture yet. Step in front of the camera.
consent-before-camera = Before the camera is used
i-agree = I agree
consent-hint = You can change this at any time on your account page. Repetitions that are already counted stay.
consent-before-upload = Before your video is uploaded
not-now = Not now
camera-denied = Camera access was denied.
camera-allow = Allow camera access for this page in the address bar, then turn on the camera again.
camera-none = No camera was found.
camera-connect = Connect a camera, or train without one.
camera-busy = The camera is in use by another program.
camera-busy-advice = Close that program, then turn on the camera again.
camera-unavailable = The camera is not available.
camera-https = Open this page over https, or train without a camera.
camera-revoked = Camera permission was revoked.
camera-revoked-detail = This page can no longer use the camera.
camera-disconnected = The camera was disconnected.
camera-disconnected-detail = It is no longer connected.
camera-reconnect = Reconnect it or select another one, then turn on the camera.
camera-off = The camera was switched off.
camera-off-detail = Its permission was revoked, or it was disconnected.
camera-muted = The camera sends no picture.
camera-muted-detail = Another program may be using it, or a switch has turned it off.
camera-muted-advice = Close that program or turn the switch back, then turn on the camera again.
camera-unattended = Nobody was in view, so the camera was switched off.
camera-unattended-detail = Ten minutes passed without anybody in the picture.
camera-on-again = Turn on the camera again.
camera-prompt = Your browser is asking for camera access. Look for the prompt near the address bar.
reps-kept = Your counted repetitions are kept.
camera-loss-advice = { $advice } Or stop the set and count manually.
camera-without = You can train without a camera: count manually, or upload a video.
sign-in-other-tab = Sign in again in another tab, then continue here.
confirm-other-tab = Confirm your sign-in in another tab, then continue here.
confirm-sign-in = Confirm your sign-in
frames-need-consent = Frames are processed only with your consent.
review-consent = Review consent
continue-elsewhere = Continue there, or close the other tab and try again.
key-start-stop = start or stop the set
key-pause = pause or resume
key-next = next: end the set, or end the rest
key-undo = undo the latest repetition
keyboard-shortcuts = Keyboard shortcuts
use-shortcuts = Use keyboard shortcuts
keys-space = Space, K
key-play = play or pause
key-1s = 1 s back or forward
key-ends = start, end
key-share = jump to 0 – 90 %
starts-in = Starts in { $left }
is-next = { $exercise } is next.
finish-session = Finish session
unfinished-session = Your session of { $moment } was not finished.
start-manually = Start manually
my-session = My session
start-recording = Start recording
pause-recording = Pause recording
stop-recording = Stop recording
nothing-recorded = Nothing is recorded.
description = Description
recording-now = Recording
recording-paused = Recording paused
recording-saved = Recording saved
movement-not-recorded = Your movement is no longer recorded.
recording-too-old = A recording that could not be sent for 90 days was deleted from this browser.
recording-not-sent = The recording of an earlier session is not sent yet: { $reason }
recording-last-saved = The recording of your last session is saved.
removed-by-you = Removed by you
not-counted = Not counted
review-repetitions = Review the repetitions
counting-the-set = Counting the set …
check-your-reps = Check the reps in doubt. Turn off any that shouldn’t count, and turn on any that were missed.
reps-all-clear =
    { $count ->
        [one] { $count } rep, and no doubt about it.
       *[other] { $count } reps, and no doubt about any.
    }
show-all-reps =
    { $count ->
        [one] Show { $count } rep
       *[other] Show all { $count } reps
    }
movement-uncounted = Movement { $place } does not count.
movement-counted = Movement { $place } counts.
counts = Counts
counts-movement = : movement { $place }
device-counted = Your device counted { $count }{ $faults }
server-counted = the server, from your pictures, counted { $count }{ $faults }
device-count-applies = { $counts }. The count of your device applies, because the server received too few pictures.
server-count-applies = { $counts }. The count of the server applies, because the server received enough pictures.
results-of-each-set = Results of each set
counted = Counted
most-frequent-cues = Most frequent cues
session-sum = { $sets } { $sets ->
        [one] set
       *[other] sets
    }, { $amount } in { $length }.
pictures-not-sent = Pictures are no longer sent.
seconds-goal = { $count } { $count ->
        [one] second
       *[other] seconds
    }, your goal.
five-checks-or-anyway = Your set starts when all five checks are green. Or start anyway.
set-completed = Set { $set } completed.
resumed = Resumed.
paused = Paused.
repetitions-now = { $count } { $count ->
        [one] repetition
       *[other] repetitions
    }.
completing-session = Completing your session …
counted-both = Counted on this device and by the server
counted-here = Counted on this device
lost-kept = Connection lost. Your reps are kept here and sent later.
lost-continue = Connection lost: { $kept }you can continue.
analysis-slow = Analysis is slow, so this device counts.
device-counts = This device counts. You can continue.
buffered = { $length } buffered,
stop-set = Stop set
set-number = Set { $set }
set-number-paused = Set { $set }, paused
counted-manually = Counted manually
mode-pictures = , pictures are sent
mode-filmed = , filmed
device-too-slow = This device is too slow to judge your form. Your reps still count.
microphone-gone = The microphone is no longer available. Use the keyboard or the buttons instead.
microphone-denied = Microphone access was denied. Use the keyboard or the buttons instead.
camera-not-connected = Your camera is not connected
camera-default = Browser default
camera-connected = { $cameras } connected.
your-camera = Your camera, mirrored
previous-cues = Previous cues
cue-of-repetition = { $cue } (repetition { $repetition })
form-of-latest = Form of the latest repetition
phase-of-repetition = Phase of the repetition
check-not-yet = Not yet
check-checking = Checking
five-checks-green = All five checks are green. You can start.
counter-repetitions = { $count ->
        [one] repetition
       *[other] repetitions
    }
counter-of = of { $target }
count-repetitions-goal = { $count } { $count ->
        [one] repetition
       *[other] repetitions
    }, your goal
counter-of-seconds = of { $count } { $count ->
        [one] second
       *[other] seconds
    }
counter-held = seconds held
rest-left = Rest left
rest-less = −15 s
rest-more = +15 s
rest-seconds = Rest: { $count } { $count ->
        [one] second
       *[other] seconds
    }.
rest-longest = A rest can last at most one hour.
rest-over = The rest is over.
start-next-set = Start your next set.
view-any = from any side
camera-must-see = Let the camera see you { $views }, alone and from head to feet.
camera-stand = Place it at hip height, 2.5 to 3 meters away. For exercises lying down, place it low and 2 meters away.
tempo-least = Lower for at least { $lower } { $lower ->
        [one] second
       *[other] seconds
    }, lift for at least { $lift } { $lift ->
        [one] second
       *[other] seconds
    }.
about-coach =
    .content = Train with your camera: live repetition counting and form feedback.
page-coach = Train · Kinelog
saving-workout = Saving your workout…
saved-workout = Saved workout
workout-not-saved = The result of your workout could not be saved.
workout-kept = It is kept in this browser, and sent again when you open this page. Your session is complete.
documents-delayed = Your workout is recorded, but its copy in your history store could not be saved yet. Kinelog keeps trying.
store-document = History
store-analytics = Analytics
store-pending = being saved…
store-saved = saved
store-retrying = delayed, retrying
store-waiting = waiting for your profile
store-failed = not saved; the operator has to help
store-deleted = deleted
leave-full-screen = Leave full screen
