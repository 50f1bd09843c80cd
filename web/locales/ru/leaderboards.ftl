page-leaderboards = Рейтинги · Kinelog
about-leaderboards =
    .content = Рейтинги твоей организации, под псевдонимами.
boards-subtitle = Кто больше всех тренировался в твоей организации среди участников рейтингов. Учитываются только повторения и удержания, которые Kinelog посчитал с камеры или по видео.
boards-panel =
    .aria-label = Рейтинг
boards-membership = Твоё участие
boards-shown-as = Другие видят тебя под псевдонимом
boards-not-joined = Ты пока не участвуешь. Участие означает согласие с этим:
boards-terms-seen = Другие видят твой псевдоним, место и результаты: повторения, занятия, лучшую технику и дни подряд, включая дни до вступления.
boards-terms-unseen = Они не видят твоё имя, почту, занятия и видео. Другие организации не видят ничего.
boards-terms-leave = Выйти можно в любой момент. Тогда ты сразу исчезнешь из всех рейтингов.
pseudonym = Псевдоним
pseudonym-hint = От 3 до 30 букв и цифр, без частей твоего имени.
boards-join = Согласиться и вступить
boards-change = Сменить псевдоним
boards-leave = Выйти из рейтингов
boards-compared = Твой месяц в сравнении
boards-seen-as = Другие видят тебя под псевдонимом { $pseudonym }.
boards-left = Ты больше не участвуешь в рейтингах.
boards-current = Показан твой текущий псевдоним.
boards-repetitions = Повторения
boards-sessions = Занятия
boards-form = Лучшая техника
boards-streak = Дни подряд
boards-all = Все
boards-around = Рядом со мной
boards-rank = Место
boards-which = Какой рейтинг
boards-ranked-by = Показатель
boards-you = Ты
boards-few = Участников так мало, что места мало о чём говорят.
boards-alone = Пока здесь только ты.
boards-place = Твоё место: { $place } из { $entries }. Результат: { $figure }.
boards-no-own-result = Здесь у тебя пока нет результата.
boards-not-listed = Тебя нет в этом рейтинге.
boards-not-listed-title = Тебя нет в этом рейтинге
boards-see-all = Выключи «Рядом со мной», чтобы увидеть его целиком.
boards-empty = Результатов пока нет
boards-be-first = Открой счёт:
boards-train = тренируйся с камерой
boards-empty-why = Показаны только участники, у которых были тренировки в этот период.
boards-not-loaded = Не удалось загрузить рейтинг.
boards-for-members = Рейтинги видны после входа
boards-sign-in-why = чтобы увидеть рейтинги своей организации.
boards-quartile-top = не меньше, чем у трёх четвертей участников
boards-quartile-half = не меньше, чем у половины участников
boards-quartile-quarter = не меньше, чем у четверти участников
boards-quartile-low = меньше, чем у трёх четвертей участников
boards-not-available = нет данных
boards-consent = Управлять согласием
boards-too-few = Сравнения нет: в твоей организации меньше 20 человек тренировались и согласились участвовать.
boards-others-in = Ты и остальные: { $month }
boards-verified = Проверенные повторения
boards-quarter-most = Четверть — не больше
boards-half-most = Половина — не больше
boards-three-quarters-most = Три четверти — не больше
boards-rounded = Округлено. Показываем только для 20 человек и больше.
boards-report = Тренер техники: ты и другие
boards-report-total = Всего сессий с тренером техники: { $sessions }, повторений: { $reps }, время: { $time }.
boards-report-accuracy = Точность
boards-report-time = Время
boards-report-people = Люди
boards-report-exercises = Половина сделала не больше, по упражнениям
boards-report-rounded = Каждая цифра — среднее пяти человек, округлённое. Показывается, только если согласились 20 человек или больше.
boards-own = Твой результат за месяц ({ $month }): { $count } { $count ->
        [one] проверенное повторение
        [few] проверенных повторения
        [many] проверенных повторений
       *[other] проверенного повторения
    }.
boards-own-compared = Твой результат за месяц ({ $month }): { $count } { $count ->
        [one] проверенное повторение
        [few] проверенных повторения
        [many] проверенных повторений
       *[other] проверенного повторения
    }: { $quartile }.
boards-report-unavailable = Цифры остальных сейчас недоступны. Твои полны.
