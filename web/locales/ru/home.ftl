about-home =
    .content = Kinelog: разбор видео тренировок — повторы, техника и темп.
home-ready = Начнём, когда скажешь.
home-start-training = Начать тренировку
home-start-workout = Начать по плану
home-upload-set = Загрузить видео
home-for-trainers =
    .aria-label = Для тренеров
home-athletes = Твои спортсмены
home-write-plan = Составить план
home-videos = Твои видео
home-week = Эта неделя
home-upload-why = Повторы, техника и темп — прямо из видео.
home-choose-video = Выбери видео
home-drop-hint = или перетащи сюда. Один человек, в кадре во весь рост.
exercise = Упражнение
home-detect = Определить автоматически
home-analyze = Разобрать видео
home-uploading = Отправка
home-cancel-upload = Отменить отправку
home-latest = Последние занятия
home-show = Показать
home-all-exercises = Все упражнения
load-more = Показать ещё
home-see-all = Все занятия
home-totals = Итоги
home-history = Вся история
home-which-exercise = Что это за упражнение?
home-not-sure = Мы не уверены. Пока ничего не засчитано.
home-other-exercise = Другое упражнение
home-analyzed = Видео разобрано.
home-open-session = Открыть занятие
session = Занятие
loading = Загрузка …
home-session-not-loaded = Не удалось загрузить это занятие.
nothing-changed = Ничего не изменилось.
home-check-link = Проверь ссылку или открой занятие из списка.
try-again = Попробовать снова
performance = за выполнение
no-exercise = Без упражнения
exercise-and-more = { $exercise } и ещё { $count } { $count ->
        [one] упражнение
        [few] упражнения
        [many] упражнений
       *[other] упражнения
    }
in-progress = идёт сейчас
logged-by-hand = записано вручную
home-none-with-exercise = С этим упражнением занятий нет
home-try-another = Выбери другое упражнение или покажи все занятия.
home-show-all = Показать все упражнения
home-step-phone = Поставь телефон
home-step-phone-how = На пол или скамью, в 2–4 метрах, чтобы тело было в кадре целиком.
home-step-train = Выбери упражнение. Kinelog считает повторы и следит за техникой, пока ты двигаешься.
home-step-result = Посмотри результат
home-step-result-what = Повторы, техника и темп, лучший и худший повтор рядом.
home-no-sessions = Занятий пока нет
home-first-one = На первое хватит двух минут:
home-filmed-already = Подход уже снят?
home-upload-the-video = Загрузи видео
sessions-shown = Показано: { $count } { $count ->
        [one] занятие
        [few] занятия
        [many] занятий
       *[other] занятия
    }.
sessions-shown-more = Показано: { $count } { $count ->
        [one] занятие
        [few] занятия
        [many] занятий
       *[other] занятия
    }, можно показать ещё.
sessions-not-loaded = Не удалось загрузить занятия.
sessions-safe = Твои занятия в безопасности.
home-ready-name = Начнём, когда скажешь, { $name }.
home-last-time = В прошлый раз: { $exercise }, { $count } { $count ->
        [one] повтор
        [few] повтора
        [many] повторов
       *[other] повтора
    }. Сегодня больше!
home-stand = Встань перед камерой. Kinelog считает повторы и подсказывает технику.
home-days = { $count ->
        [one] день
        [few] дня
        [many] дней
       *[other] дня
    }
home-reps = { $count ->
        [one] повтор
        [few] повтора
        [many] повторов
       *[other] повтора
    }
home-sessions = { $count ->
        [one] занятие
        [few] занятия
        [many] занятий
       *[other] занятия
    }
home-energy = энергия
home-streak-none = Потренируйся сегодня и начни серию.
home-streak-first = Сегодня тренировка была. Приходи завтра — начнётся серия.
home-streak-done = { $count } { $count ->
        [one] день
        [few] дня
        [many] дней
       *[other] дня
    } подряд. Отлично!
home-streak-go-on = { $count } { $count ->
        [one] день
        [few] дня
        [many] дней
       *[other] дня
    } подряд. Потренируйся сегодня, чтобы не прервать серию.
period-day = День
period-week = Неделя
period-month = Месяц
reps-today = Повторы сегодня
reps-this-week = Повторы за неделю
reps-this-month = Повторы за месяц
totals-by-day = Итоги по дням, сначала новые
totals-by-week = Итоги по неделям, сначала новые
totals-by-month = Итоги по месяцам, сначала новые
chart-by-day = Повторения по дням
chart-by-week = Повторения по неделям
chart-by-month = Повторения по месяцам
reps = Повторы
time = Время
energy = Энергия
period = Период
totals-not-loaded = Не удалось загрузить итоги: { $reason } Твои занятия в безопасности.
repetitions-in-sessions = { $day }: { $repetitions } { $repetitions ->
        [one] повторение
        [few] повторения
        [many] повторений
       *[other] повторения
    } за { $sessions } { $sessions ->
        [one] занятие
        [few] занятия
        [many] занятий
       *[other] занятия
    }
no-repetitions-since = Нет повторений с { $day }.
home-file-empty = Это видео пустое.
home-file-empty-detail = В файле { $file } ничего нет. Выбери другое видео.
home-file-large-detail = Размер { $file } — { $size }. Можно до { $limit }. Обрежь видео или сохрани его в меньшем разрешении.
home-file-large = Это видео слишком большое.
home-up-to = До { $size }.
home-file-ready = { $size }, готово. Чтобы заменить, выбери снова.
home-file-selected = Выбран файл { $file }.
home-no-video = Видео не выбрано.
home-no-video-detail = Выбери видеофайл или перетащи его сюда.
home-size-of = { $loaded } из { $total }
home-upload-canceled = Отправка отменена. Ничего не разобрано.
home-analyzing = Разбираем
home-leave = Страницу можно закрыть. Разбор продолжится на сервере.
home-queued = В очереди
home-lost-track = Мы потеряли связь с разбором.
home-analysis-goes-on = Видео в безопасности, разбор продолжается.
home-analysis-done = Разбор готов.
home-not-analyzed = Не удалось разобрать это видео.
home-others-unchanged = Остальные занятия не изменились.
home-analysis-advice = Проверь, что в кадре один человек, с головы до ног. Если упражнение не определилось, выбери его из списка.
home-agree-first = Перед отправкой видео нужно твоё согласие.
home-video-kept = Видео всё ещё выбрано.
home-read-and-agree = Прочитать и согласиться
home-choose-another = Выбери другое видео или другое упражнение.
home-retry-safe = Попробуй снова. Одно видео не засчитается дважды.
count-held = удержание
count-of-reps = { $count ->
        [one] повтор
        [few] повтора
        [many] повторов
       *[other] повтора
    }
figure-pause = { $exercise }, показ: пауза
video-of = Видео тренера: { $exercise }
figure-play = { $exercise }, показ: запустить
home-assigned =
    { $count ->
        [one] { $count } тренировка от твоего тренера: { $day }
        [few] { $count } тренировки от твоего тренера, первая: { $day }
        [many] { $count } тренировок от твоего тренера, первая: { $day }
       *[other] { $count } тренировки от твоего тренера, первая: { $day }
    }

home-recommendations = Для тебя
home-recommended-plan = План
home-recommended-workout = Тренировка
home-recommended-exercise = Упражнение
home-recommended-video = Видео
home-dismiss = Не для меня
home-want-more = Больше такого
home-more-wanted = Похожего на «{ $title }» станет больше.
home-more-no-longer = Похожего на «{ $title }» больше не станет.
home-dismissed = «{ $title }» больше не будет в рекомендациях.

home-insights = О чём говорят твои тренировки
home-question = Спроси о своих тренировках, например: «Как моя техника, приседания?»
home-ask = Спросить
home-from-sessions =
    { $count ->
        [one] По { $count } тренировке
        [few] По { $count } тренировкам
        [many] По { $count } тренировкам
       *[other] По { $count } тренировки
    }
home-condition = Техника и восстановление
home-form-chart = Средняя техника по неделям
home-form-week = Неделя с { $day }: { $form }
home-form-first = средняя техника на этой неделе
home-form-earlier = средняя техника за неделю с { $day }
home-form-up = средняя техника, больше на { $points } п. п., чем неделей раньше
home-form-down = средняя техника, меньше на { $points } п. п., чем неделей раньше
home-form-same = средняя техника, как и неделей раньше
home-resting-heart-rate = Пульс в покое
home-heart-rate-variability = Вариабельность пульса
home-sleep = Сон
home-better = лучше
home-usual = обычно
home-worse = хуже
home-as-usual = как обычно
home-more-than-usual = на { $percent } % больше обычного
home-less-than-usual = на { $percent } % меньше обычного
home-why-this = Почему это?
home-not-here-if = Этого бы здесь не было, если бы:
home-without-time = времени было только { $value } мин
home-without-equipment = не было этого: { $value }
home-without-injury = нужно было беречь: { $value }
home-part-ankle = голеностоп
home-part-lower_back = поясница
home-part-elbow = локти
home-part-knee = колени
home-part-neck = шея
home-part-shoulder = плечи
home-part-wrist = запястья
