# Why something is recommended. Every number is that of a claim which was checked.

movement = { $pattern ->
        [squat] squatting
        [hinge] hip-hinge
        [jump] jumping
        [push] pushing
        [press] overhead pressing
        [raise] raising
        [pull] pulling
        [curl] curling
        [arms] arm
        [core] core
        [support] plank
        [swing] swinging
       *[other] such
    }

wanted = You asked for more of this.
more_like_wanted = You asked for more { $movement } exercises.
next_in_plan = It is the next workout of your plan.
neglected_pattern = You did { $sets_14_days ->
        [0] no sets
        [one] one set
       *[other] { $sets_14_days } sets
    } of { $movement } exercises in 14 days; this has { $item_sets ->
        [one] one
       *[other] { $item_sets }
    }.
suits_goal = { $goal_sets } of its { $item_sets } sets have { $goal ->
        [strength] at most 6 repetitions, which suits strength
        [muscle] 7 to 12 repetitions, which suits muscle growth
       *[endurance] 13 or more repetitions, which suits endurance
    }.
short_after_bad_sleep = You slept { $less_sleep } % less than usual this week, and this takes only { $item_minutes ->
        [one] one minute
       *[other] { $item_minutes } minutes
    }.
fits_time = It takes about { $item_minutes ->
        [one] one minute
       *[other] { $item_minutes } minutes
    }, which fits the time you have.
fits_level = It is made for your level: { $item_level ->
        [beginner] beginner
        [intermediate] intermediate
       *[advanced] advanced
    }.
no_equipment = It needs no equipment.
completed_before = { $item_completed ->
        [0] You have done it before.
        [one] You have completed it once.
       *[other] You have completed it { $item_completed } times.
    }
not_done_yet = You have not done it yet.
