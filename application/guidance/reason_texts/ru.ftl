# Почему это рекомендуется. Каждое число взято из проверенного утверждения.

movement = { $pattern ->
        [squat] приседания
        [hinge] наклоны в тазу
        [jump] прыжки
        [push] отжимания и жимы
        [press] жим над головой
        [raise] подъёмы
        [pull] тягу
        [curl] сгибания рук
        [arms] руки
        [core] мышцы живота
        [support] планку
        [swing] махи
       *[other] это движение
    }

wanted = Ты хочешь больше такого.
more_like_wanted = Ты хочешь больше упражнений на { $movement }.
next_in_plan = Это следующая тренировка твоего плана.
neglected_pattern = За 14 дней у тебя { $sets_14_days ->
        [0] нет подходов
        [one] { $sets_14_days } подход
        [few] { $sets_14_days } подхода
        [many] { $sets_14_days } подходов
       *[other] { $sets_14_days } подхода
    } на { $movement }, а здесь { $item_sets ->
        [one] { $item_sets } подход
        [few] { $item_sets } подхода
        [many] { $item_sets } подходов
       *[other] { $item_sets } подхода
    }.
suits_goal = Повторений в подходах: { $goal ->
        [strength] не больше 6, это подходит для силы
        [muscle] от 7 до 12, это подходит для роста мышц
       *[endurance] 13 и больше, это подходит для выносливости
    } ({ $goal_sets } из { $item_sets }).
short_after_bad_sleep = На этой неделе твой сон был на { $less_sleep } % короче обычного, а это займёт всего { $item_minutes ->
        [one] { $item_minutes } минуту
        [few] { $item_minutes } минуты
        [many] { $item_minutes } минут
       *[other] { $item_minutes } минуты
    }.
fits_time = Это займёт около { $item_minutes ->
        [one] { $item_minutes } минуты
        [few] { $item_minutes } минут
        [many] { $item_minutes } минут
       *[other] { $item_minutes } минуты
    } и уложится в твоё время.
fits_level = Это для твоего уровня: { $item_level ->
        [beginner] начальный
        [intermediate] средний
       *[advanced] высокий
    }.
no_equipment = Снаряды не нужны.
completed_before = { $item_completed ->
        [0] Это упражнение тебе знакомо.
        [one] Выполнено { $item_completed } раз.
        [few] Выполнено { $item_completed } раза.
        [many] Выполнено { $item_completed } раз.
       *[other] Выполнено { $item_completed } раза.
    }
not_done_yet = Этого у тебя ещё не было.
