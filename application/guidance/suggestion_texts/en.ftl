# Statements about one's own training. Every number is that of a fact which the sentence cites.

# Words by which a question names a topic, with their synonyms.
topic-week = train trained training week weekly often frequency times sessions volume month days many
topic-form = form technique quality mistake mistakes fault faults wrong improve correct better advice tip
topic-load = load loads weight weights heavy heaviest heavier strong strength record max maximum kilos pounds lift
topic-repetitions = repetition repetitions reps most record max maximum endurance
topic-last = last latest recent recently when ago previous
topic-balance = neglect neglected balance missing next train today lack forgotten should
topic-sleep = sleep slept recovery recover tired fatigue rest rested

week = You trained { $sessions_7_days ->
        [0] not at all
        [one] once
       *[other] { $sessions_7_days } times
    } in the last week, and { $sessions_before ->
        [0] not at all
        [one] once
       *[other] { $sessions_before } times
    } in the week before.
last = { $exercise }: you last did { $sets ->
        [one] one set
       *[other] { $sets } sets
    } { $days_ago ->
        [0] within the last day
        [one] one day ago
       *[other] { $days_ago } days ago
    }.
form = { $exercise }: the mean form of your latest sessions is { $form } %.
form_rose = { $exercise }: the mean form of your latest sessions rose from { $form_before } % to { $form } %.
form_fell = { $exercise }: the mean form of your latest sessions fell from { $form_before } % to { $form } %. Lower the load or the speed until it is back.
form_same = { $exercise }: the mean form of your latest sessions is { $form } %, as in those before.
fault = { $exercise }: “{ $fault }” was noted in { $fault_sessions ->
        [one] one
       *[other] { $fault_sessions }
    } of your latest sessions. { $tip }
most_repetitions = { $exercise }: the most repetitions of one of your sets are { $most_repetitions }.
heaviest_kg = { $exercise }: the heaviest load you moved is { $heaviest_kg } kg.
heaviest_lb = { $exercise }: the heaviest load you moved is { $heaviest_lb } lb.
neglected = You did { $sets_14_days ->
        [0] no sets
        [one] one set
       *[other] { $sets_14_days } sets
    } of { $movement } exercises in { $days } days. Try this next: { $exercise }.
less_sleep = You slept { $less_sleep_percent } % less than usual this week. A shorter or lighter workout suits today.

nothing_found = Neither your training nor the knowledge base answers this. Ask about an exercise, your form, your loads, your sleep or your week.
no_training = There is no training to answer from yet. Complete a session first.
