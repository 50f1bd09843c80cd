page-analytics = Показатели · Kinelog
about-analytics =
    .content = Показатели твоей организации в Kinelog по неделям, для аналитиков.
analytics-title = Показатели организации
analytics-subtitle = По неделям и только для двадцати человек или больше. Они округлены, и показанная неделя больше не меняется.
analytics-show = Показать
analytics-range = Период
analytics-download = Скачать CSV
analytics-downloaded = Файл скачан. Запись об этом есть в твоём журнале доступа.
analytics-not-allowed = Эти показатели видят только аналитики и администраторы.
analytics-not-loaded = Не удалось загрузить показатели.
analytics-panel-not-loaded = Это не удалось загрузить.
analytics-safe = Ничего не потеряно.
analytics-group-training = Тренировки
analytics-group-enrollments = Записи на планы
analytics-group-payments = Платежи
analytics-group-recommendations = Рекомендации
analytics-group-retention = Удержание
analytics-range-quarter = 3 месяца
analytics-range-half = 6 месяцев
analytics-range-year = 12 месяцев
analytics-range-years = 2 года
analytics-counted-consent = По людям, согласившимся на участие в статистике двадцати и более человек.
analytics-counted-all = По всем покупателям, по неделе покупки.
analytics-counted-retention = По людям, согласившимся на участие в статистике двадцати и более человек: сколько впервые тренировались в месяце и сколько из них — в следующих.
analytics-athletes = Тренировались, человек
analytics-sessions = Тренировки
analytics-repetitions = Повторы
analytics-viewed = Рекомендации просмотрены
analytics-opened = Рекомендации открыты
analytics-enrolled = { $plan }: записались
analytics-paid = { $plan }: оплатили
analytics-payments = Платежи в { $currency }
analytics-amount = Сумма в { $currency }
analytics-week = Неделя с
analytics-not-shown = не показано
analytics-point = Неделя с { $day }: { $figure }
analytics-point-month = { $month }: { $figure }
analytics-chart = { $figure }, по времени
analytics-table = { $group }, в таблице
analytics-hidden = Не показано: { $figures }. Ни в одной неделе в них нет двадцати человек, из которых ни на кого не приходится больше пятой части.
analytics-none = Пока нечего показать.
analytics-none-why = Показатель появляется через два дня после конца недели или месяца, в котором в нём не меньше двадцати человек.
analytics-cohort = Первый месяц
analytics-cohort-size = Людей
analytics-months-later =
    { $count ->
        [one] через { $count } месяц
        [few] через { $count } месяца
        [many] через { $count } месяцев
       *[other] через { $count } месяца
    }
analytics-came-back = Снова тренировались через месяц после первого
