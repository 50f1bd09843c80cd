# Why a rule changed a program. Every number is one of the facts of the change.

all_sets_reached = { $sets ->
        [one] The set
       *[other] All { $sets } sets
    } reached the target of { $target }{ $sessions ->
        [one] {""}
       *[other] , { $sessions } times in a row
    }.
repetition_added = { $sets ->
        [one] The set
       *[other] All { $sets } sets
    } reached { $target } repetitions: one more from now on.
range_completed = { $sets ->
        [one] The set
       *[other] All { $sets } sets
    } reached { $max_repetitions } repetitions, the end of the range.
percentage_of_max = { $percentage } % of your estimated one-repetition maximum of { $maximum } { $unit ->
        [lb] lb
       *[kg] kg
    }.
deload_after_misses = The target was missed { $misses } times in a row, so the load is { $percentage } % of what it was.
more_in_reserve = You had { $reserve ->
        [one] one repetition
       *[other] { $reserve } repetitions
    } in reserve, more than the { $target_reserve } of the rule.
less_in_reserve = You had { $reserve ->
        [0] no repetition
        [one] one repetition
       *[other] { $reserve } repetitions
    } in reserve, fewer than the { $target_reserve } of the rule.
form = The mean form was { $form } %; at least { $min_form } % is required.
