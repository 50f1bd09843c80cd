count-workouts = { $count } { $count ->
        [one] workout
       *[other] workouts
    }
count-repetitions = { $count } { $count ->
        [one] repetition
       *[other] repetitions
    }
count-reps = { $count } { $count ->
        [one] rep
       *[other] reps
    }
count-records = { $count } { $count ->
        [one] record
       *[other] records
    }
count-exercises = { $count } { $count ->
        [one] exercise
       *[other] exercises
    }
count-sessions = { $count } { $count ->
        [one] session
       *[other] sessions
    }
nav-home = Home
nav-train = Train
nav-workouts = Workouts
nav-sessions = Sessions
nav-history = History
nav-pages = Pages
nav-account = Account
nav-sign-in = Sign in
high-contrast = High contrast
dismiss = Dismiss
reload-page = Reload
reference = Reference:
show-as-table = Show as table
hide-table = Hide table
offline-last-seen = You are offline. This is what you saw last.
missing-email = Enter an e-mail address, such as ada@example.org.
missing-password = Enter your password.
typed-is-kept = What you typed is still here.
unsaved-work = The form has changes that are not saved.
unsaved-advice = Save them first, or discard them.
discard-changes = Discard changes
save-after-sign-in = Sign in again in another tab, then save again here.
try-when-connected = Try again when you are connected.
try-in-a-minute = Wait a minute, then try again.
try-in-a-moment = Try again in a moment.
field-too-short = Enter at least { $least } characters.
field-number = Enter a number from { $min } to { $max }.
field-decimal = Enter a number from { $min } to { $max }, with at most { $digits } decimals.
field-day = Enter a day from { $day } on.
field-missing = Fill in this field.
password-strong = Strong.
password-weak = Too weak. Use several uncommon words.
password-weak-because = Too weak. { $reason }
continue-with = Continue with { $provider }
unit-kg = kg
unit-lb = lb
length-s = { $seconds } s
length-min-s = { $minutes } min { $seconds } s
length-min = { $minutes } min
length-h = { $hours } h { $minutes } min
size-kb = { $size } kB
size-mb = { $size } MB
size-gb = { $size } GB
not-measured = not measured
energy-kcal = { $energy } kcal
form-good = Good form
form-fair = Fair form
form-poor = Needs work
form-none = Form not measured
tempo-phases = down { $down } s, hold { $hold } s, up { $up } s, rest { $rest } s
phase-hold = Hold
phase-lost = Not visible
phase-ready = Ready
phase-down = Down
phase-bottom = Bottom
phase-up = Up
phase-top = Top
phase-out = Out
phase-wide = Wide
phase-in = In
phase-push = Push
phase-back-up = Back up
phase-first-half = First half
phase-halfway = Halfway
phase-second-half = Second half
badge-first-workout = First workout
badge-first-record = First record
badge-clean-form = Clean form
badge-all-round = All-round workout
badge-workouts = Workouts
badge-repetitions = Repetitions
badge-days-in-a-row = Days in a row
badge-weeks-in-a-row = Weeks in a row
badge-records = Record breaker
badge-variety = Variety
badge-hold = Long hold
tier-bronze = bronze
tier-silver = silver
tier-gold = gold
days-in-a-row = { $count } { $count ->
        [one] day
       *[other] days
    } in a row
weeks-in-a-row = { $count } { $count ->
        [one] week
       *[other] weeks
    } in a row
exercises-in-a-workout = { $count } { $count ->
        [one] exercise
       *[other] exercises
    } in one workout
held-for = held for { $length }
form-in-a-workout = form of { $form } in a workout
form-progress = { $figure } of { $goal } form in a workout
held-progress = { $figure } of { $goal } held
some-of = { $figure } of { $goal }
achievements-not-loaded = Your achievements could not be loaded: { $reason } They are not lost. Look under History later.
achievements-not-ready = Your achievements are not ready yet. Look under History later.
achievements-earned = You earned { $count } { $count ->
        [one] achievement
       *[other] achievements
    }.
page-home = Home · Kinelog
skip = Skip to content
back-home = ← Home
language = Language
language-change = Change the language
language-not-stored = Your browser could not store the language.
language-not-stored-detail = Allow this site to store data, or delete data of other sites, in the settings of the browser.
nav-plans = Plans
earlier = Earlier
later = Later
count-days = { $count } { $count ->
        [one] day
       *[other] days
    }
unsent-sessions = { $count ->
    [one] One session on this device waits to be sent. It is sent as soon as you are online.
   *[other] { $count } sessions on this device wait to be sent. They are sent as soon as you are online.
}
unsent-all-sent = Your training on this device has been sent.
unsent-left = Some training on this device could not be sent.
unsent-open = Open workouts
