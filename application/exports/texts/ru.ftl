# Тексты печатных отчётов о тренировках.

day = { $date }
held = { $time } мин
several = { $exercise } и ещё { $count } { $count ->
        [one] упражнение
        [few] упражнения
        [many] упражнений
       *[other] упражнения
    }
labels =
    .title = Отчёт о тренировках
    .weeks = Повторения за неделю
    .form_weeks = Техника за неделю, от 0 до 100
    .exercises = Упражнения
    .exercise = Упражнение
    .sets = Подходы
    .repetitions = Повторения
    .day = День
    .session = Тренировка
    .minutes = Минуты
    .form = Техника
    .nothing = Завершённых тренировок нет.
    .page = Страница
figures =
    .as_of = На { $date }
    .total_sessions = { $sessions ->
        [one] { $sessions } тренировка
        [few] { $sessions } тренировки
        [many] { $sessions } тренировок
       *[other] { $sessions } тренировки
    }
    .total_sets = { $sets ->
        [one] { $sets } подход
        [few] { $sets } подхода
        [many] { $sets } подходов
       *[other] { $sets } подхода
    }
    .total_repetitions = { $repetitions ->
        [one] { $repetitions } повторение
        [few] { $repetitions } повторения
        [many] { $repetitions } повторений
       *[other] { $repetitions } повторения
    }
    .total_hours = { $hours } ч тренировок
    .newest = Последние тренировки, не больше { $listed }
    .last_weeks = { $weeks ->
        [one] Последняя { $weeks } неделя
        [few] Последние { $weeks } недели
        [many] Последние { $weeks } недель
       *[other] Последние { $weeks } недели
    }
    .days = { $range ->
        [both] Тренировки: { $since } — { $until }
        [since] Тренировки с { $since }
        [until] Тренировки по { $until }
       *[all] Все тренировки
    }
