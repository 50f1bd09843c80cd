# What the pose coach says about a session. Accuracies are in percent, durations in seconds.

generic = Отличная работа! Твоя техника становится лучше с каждой тренировкой!
result = { $reps ->
        [one] { $reps } повторение
        [few] { $reps } повторения
        [many] { $reps } повторений
       *[other] { $reps } повторения
    } за { $duration ->
        [one] { $duration } секунду
        [few] { $duration } секунды
        [many] { $duration } секунд
       *[other] { $duration } секунды
    }, точность { $accuracy } %.
first_session = Это твоя первая тренировка с этим упражнением.
best_accuracy = Это твоя лучшая точность: раньше было { $best_accuracy } %.
above_usual = Это на { $accuracy_change ->
        [one] { $accuracy_change } процентный пункт
        [few] { $accuracy_change } процентных пункта
        [many] { $accuracy_change } процентных пунктов
       *[other] { $accuracy_change } процентного пункта
    } выше твоего недавнего среднего в { $usual_accuracy } %.
below_usual = Твоё недавнее среднее — { $usual_accuracy } %. Делай каждое повторение не спеша.
as_usual = Это близко к твоему недавнему среднему в { $usual_accuracy } %.
most_reps = Это твой новый рекорд повторений: раньше было не больше { $best_reps }.
noted_again = Замечание «{ $feedback_point }» было ещё в { $times_noted ->
        [one] { $times_noted } тренировке
        [few] { $times_noted } тренировках
        [many] { $times_noted } тренировках
       *[other] { $times_noted } тренировки
    }.
noted = В следующий раз обрати внимание: «{ $feedback_point }»
tip = Совет: { $tip }
sessions_this_week = На этой неделе у тебя { $sessions_this_week ->
        [one] { $sessions_this_week } тренировка
        [few] { $sessions_this_week } тренировки
        [many] { $sessions_this_week } тренировок
       *[other] { $sessions_this_week } тренировки
    }.
