page-history = Прогресс · Kinelog
about-history =
    .content = История твоих тренировок: итоги, дни, упражнения, динамика и рекорды.
history-subtitle = Как идут твои тренировки.
history-zone = Часовой пояс: { $zone }. Занятие относится к тому местному дню, в который оно началось.
history-not-loaded = Не удалось загрузить историю.
history-part-not-loaded = Не удалось загрузить часть истории.
history-panel-not-loaded = Не удалось загрузить.
history-by-exercise = По упражнениям
history-days = Дни тренировок
history-progress = Динамика
history-records = Личные рекорды
history-achievements = Достижения
history-achievements-how = Их приносят повторы и удержания, которые посчитал Kinelog. Записанное вручную здесь не учитывается.
history-leaderboards = Рейтинги твоей организации
history-achievement-session = { $achievement }, занятие:
history-next = Что дальше
history-no-achievements = Достижений пока нет. Первая же тренировка с камерой принесёт значок.
history-achievements-shown = Показано: { $count }.
history-achievements-not-loaded = Не удалось загрузить достижения: { $reason } Они не пропали.
history-period-year = Год
history-other-periods = Другие периоды
history-repetitions = Повторения
history-verified = Проверенные повторения
history-axis-time = Время, минуты
history-axis-energy = Энергия, ккал
history-axis-form = Техника, проценты
history-chart-day = { $measure }, по дням
history-chart-week = { $measure }, по неделям
history-chart-month = { $measure }, по месяцам
history-chart-year = { $measure }, по годам
history-no-training = С { $from } по { $until } тренировок не было.
history-no-amount = { $measure }: 0 с { $from } по { $until }.
history-no-form = С { $from } по { $until } техника не измерялась.
history-so-far-day = Сегодня на данный момент
history-so-far-week = Эта неделя на данный момент
history-so-far-month = Этот месяц на данный момент
history-so-far-year = Этот год на данный момент
history-week-of = Неделя с { $day }
history-none-before-day = днём раньше — ничего
history-none-before-week = неделей раньше — ничего
history-none-before-month = месяцем раньше — ничего
history-none-before-year = годом раньше — ничего
history-before-day = днём раньше: { $value }
history-before-week = неделей раньше: { $value }
history-before-month = месяцем раньше: { $value }
history-before-year = годом раньше: { $value }
history-whole-before-day = за весь предыдущий день: { $value }
history-whole-before-week = за всю предыдущую неделю: { $value }
history-whole-before-month = за весь предыдущий месяц: { $value }
history-whole-before-year = за весь предыдущий год: { $value }
history-as-before = как и { $before }
history-averages-day = В среднем за { $count } { $count ->
        [one] день
        [few] дня
        [many] дней
       *[other] дня
    }
history-averages-week = В среднем за { $count } { $count ->
        [one] неделю
        [few] недели
        [many] недель
       *[other] недели
    }
history-averages-month = В среднем за { $count } { $count ->
        [one] месяц
        [few] месяца
        [many] месяцев
       *[other] месяца
    }
history-averages-year = В среднем за { $count } { $count ->
        [one] год
        [few] года
        [many] лет
       *[other] года
    }
history-averages-what-day = Дни без тренировок тоже учтены.
history-averages-what-week = Недели без тренировок тоже учтены.
history-averages-what-month = Месяцы без тренировок тоже учтены.
history-averages-what-year = Годы без тренировок тоже учтены.
history-sessions-per-day = Занятий в день
history-sessions-per-week = Занятий в неделю
history-sessions-per-month = Занятий в месяц
history-sessions-per-year = Занятий в год
history-time-per-day = Время в день
history-time-per-week = Время в неделю
history-time-per-month = Время в месяц
history-time-per-year = Время в год
history-time-per-session = Время за занятие
history-repetitions-per-session = Повторений за занятие
history-energy-per-session = Энергия за занятие
history-totals-table = Итоги таблицей
history-totals-by-day = Итоги по дням, сначала новые
history-totals-by-week = Итоги по неделям, сначала новые
history-totals-by-month = Итоги по месяцам, сначала новые
history-totals-by-year = Итоги по годам, сначала новые
history-sum = { $repetitions } ({ $verified }) за { $sessions }
history-all-verified = всё проверено
history-some-verified = проверено: { $count }
history-day-none = тренировки не было
history-last-year = Последние 12 месяцев
history-days-hint = Наведи на день или выбери его стрелками, чтобы увидеть тренировку.
history-no-days = В эти дни тренировок не было.
history-days-map = Дни тренировок; переходи между днями стрелками
history-days-table = Дни таблицей
history-days-newest = Дни с тренировками, сначала новые
history-range = { $from } — { $until }
history-current-streak = Дней подряд сейчас
history-start-streak = Потренируйся сегодня, и счёт пойдёт.
history-longest-streak = Дней подряд, рекорд
history-no-streak = Пока нет.
history-legend-none = Без тренировки
history-legend = от дня без тренировки до самого длинного
history-legend-most = Самый длинный день
history-capped = Чтобы было быстрее, учтены последние { $used } из { $total } { $total ->
        [one] занятия
        [few] занятий
        [many] занятий
       *[other] занятия
    }.
history-exercises-what = С { $from } по { $until }. Объём — это вес, умноженный на повторения. «Проверено» — то, что посчитал сам Kinelog, а не записано вручную.
history-sums-by-exercise = Суммы по упражнениям
history-sets = Подходы
history-reps-a-set = Повторов в подходе
history-held = Удержание
history-volume = Объём
history-held-verified = { $held }, проверено { $verified }
history-no-progress = Закончи первое занятие, и здесь появится динамика.
history-nothing-counted = В этом упражнении нет посчитанных повторений или удержаний.
history-no-such-value = В последних занятиях такого значения нет.
history-most-repetitions = Максимум повторений
history-best-set-form = Техника лучшего подхода
history-line-chart = { $name }; переходи между занятиями стрелками
history-progress-table = Динамика таблицей
history-trend-needs = Для тренда нужны хотя бы три занятия с измеренной техникой за две недели или дольше.
history-trend-better = Техника за четыре недели: ▲ лучше, в пунктах: { $points }
history-trend-weaker = Техника за четыре недели: ▼ хуже, в пунктах: { $points }
history-trend-unchanged = Техника за четыре недели: без изменений
history-trend-from = (по { $count } { $count ->
        [one] занятию
        [few] занятиям
        [many] занятиям
       *[other] занятия
    }; пунктирная линия).
history-no-records = Закончи первое занятие, и здесь появятся рекорды.
history-most-reps = Больше всего повторов в подходе
history-heaviest-set = Самый тяжёлый подход
history-longest-hold = Самое долгое удержание
history-best-form = Лучшая техника подхода
history-logged = записано вручную, не проверено
history-verified-record = проверено
