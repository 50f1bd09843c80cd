# What the pose coach says about a session. Accuracies are in percent, durations in seconds.

generic = Great work! Your form is improving with each workout!
result = { $reps ->
        [one] You did one repetition
       *[other] You did { $reps } repetitions
    } in { $duration ->
        [one] one second
       *[other] { $duration } seconds
    }, with an accuracy of { $accuracy } %.
first_session = This is your first session of this exercise.
best_accuracy = That is your best accuracy so far: before, it was { $best_accuracy } %.
above_usual = That is { $accuracy_change ->
        [one] one percentage point
       *[other] { $accuracy_change } percentage points
    } above your recent average of { $usual_accuracy } %.
below_usual = Your recent average is { $usual_accuracy } %. Take your time with each repetition.
as_usual = That is close to your recent average of { $usual_accuracy } %.
most_reps = You have not done so many repetitions of it before: the most were { $best_reps }.
noted_again = “{ $feedback_point }” was noted in { $times_noted ->
        [one] one earlier session
       *[other] { $times_noted } earlier sessions
    }, too.
noted = Next time, watch this: “{ $feedback_point }”
tip = Tip: { $tip }
sessions_this_week = You have trained { $sessions_this_week ->
        [one] once
       *[other] { $sessions_this_week } times
    } this week.
