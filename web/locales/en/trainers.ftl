about-athletes =
    .content = Athletes who let you see their training on Kinelog.
page-athletes = Athletes · Kinelog
athletes = Athletes
athletes-subtitle = People who let you see their training. They can end it at any time.
athletes-invite-title = Invite an athlete
athletes-invite-advice = Send the link to one person. The first who opens it decides whether you see their training.
athletes-invite = Make a link
athletes-link = Send this link. It is valid until { $day }.
athletes-copy = Copy
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
athletes-films = With films
athletes-no-films = Without films
athletes-since = Lets you see their training since { $day }. Each look is in their access log.
athletes-sessions = Sessions
athletes-back = ← All athletes
athletes-workout = Workout
athletes-repetitions = { $count } { $count ->
        [one] repetition
       *[other] repetitions
    }
athletes-form = form { $form }
athletes-replay-of = Replay: { $exercise }
trainers = Trainers
trainers-why = Who sees your training. You decide, and a withdrawal counts at once.
trainers-none = No trainer sees your training.
trainers-unnamed = Trainer without a name
trainers-films = Also films and pictures of me
trainers-since = Sees your training since { $day }.
trainers-withdraw = Withdraw
trainers-withdrawn = This trainer no longer sees your training.
trainers-changed = Changed.
trainers-asks = asks to see your training.
trainers-what = They see your sessions, form, replays and live poses, but change nothing. You can end it at any time on your account page.
trainers-offer = Would you like the trainer of this plan to see your training?
trainers-allow = Let the trainer see my training
trainers-decline = No, thanks
trainers-allowed = The trainer sees your training now.
trainers-sees = The trainer sees your training.
trainers-change = Change
trainers-invitation-over = This invitation is over. Ask the trainer for a new one.
comments = Comments of trainers
comments-new = Comment on this moment
comments-write = Comment
comments-written = Your comment is saved.
comments-delete = Delete
comments-deleted = Deleted.
comments-repetition = Set { $set }, repetition { $repetition }
comments-moment = At { $time }
