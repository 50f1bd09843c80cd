count-workouts = { $count } { $count ->
        [one] тренировка
        [few] тренировки
        [many] тренировок
       *[other] тренировки
    }
count-repetitions = { $count } { $count ->
        [one] повторение
        [few] повторения
        [many] повторений
       *[other] повторения
    }
count-reps = { $count } { $count ->
        [one] повтор
        [few] повтора
        [many] повторов
       *[other] повтора
    }
count-records = { $count } { $count ->
        [one] рекорд
        [few] рекорда
        [many] рекордов
       *[other] рекорда
    }
count-exercises = { $count } { $count ->
        [one] упражнение
        [few] упражнения
        [many] упражнений
       *[other] упражнения
    }
count-sessions = { $count } { $count ->
        [one] занятие
        [few] занятия
        [many] занятий
       *[other] занятия
    }
nav-home = Главная
nav-train = Тренировка
nav-workouts = Комплексы
nav-sessions = Занятия
nav-history = Прогресс
nav-pages = Страницы
nav-account = Профиль
nav-sign-in = Войти
high-contrast = Высокий контраст
dismiss = Закрыть
reload-page = Обновить страницу
reference = Номер ошибки:
show-as-table = Показать таблицей
hide-table = Скрыть таблицу
offline-last-seen = Нет сети. Показаны данные прошлой загрузки.
missing-email = Укажи адрес почты, например ada@example.org.
missing-password = Введи пароль.
typed-is-kept = Всё введённое осталось на месте.
unsaved-work = В форме есть несохранённые изменения.
unsaved-advice = Сначала сохрани их или отмени.
discard-changes = Отменить изменения
save-after-sign-in = Войди снова в другой вкладке, затем сохрани ещё раз здесь.
try-when-connected = Попробуй снова, когда появится сеть.
try-in-a-minute = Подожди минуту и попробуй снова.
try-in-a-moment = Попробуй ещё раз чуть позже.
field-too-short = Не меньше { $least } символов.
field-number = Введи число от { $min } до { $max }.
field-decimal = Введи число от { $min } до { $max }, не больше { $digits } знаков после запятой.
field-day = Укажи день не раньше { $day }.
field-missing = Заполни это поле.
password-strong = Надёжный.
password-weak = Слишком простой. Возьми несколько редких слов.
password-weak-because = Слишком простой. { $reason }
continue-with = Войти через { $provider }
unit-kg = кг
unit-lb = фунт.
length-s = { $seconds } с
length-min-s = { $minutes } мин { $seconds } с
length-min = { $minutes } мин
length-h = { $hours } ч { $minutes } мин
size-kb = { $size } КБ
size-mb = { $size } МБ
size-gb = { $size } ГБ
not-measured = не измерено
energy-kcal = { $energy } ккал
form-good = Хорошая техника
form-fair = Неплохая техника
form-poor = Над техникой надо поработать
form-none = Техника не измерена
tempo-phases = вниз { $down } с, пауза { $hold } с, вверх { $up } с, отдых { $rest } с
phase-hold = Удержание
phase-lost = Не видно
phase-ready = Готово
phase-down = Вниз
phase-bottom = Внизу
phase-up = Вверх
phase-top = Вверху
phase-out = В стороны
phase-wide = Широко
phase-in = Вместе
phase-push = От себя
phase-back-up = Снова вверх
phase-first-half = Первая половина
phase-halfway = Середина
phase-second-half = Вторая половина
badge-first-workout = Первая тренировка
badge-first-record = Первый рекорд
badge-clean-form = Чистая техника
badge-all-round = Разносторонняя тренировка
badge-workouts = Тренировки
badge-repetitions = Повторения
badge-days-in-a-row = Дни подряд
badge-weeks-in-a-row = Недели подряд
badge-records = Рекордсмен
badge-variety = Разнообразие
badge-hold = Долгое удержание
tier-bronze = бронза
tier-silver = серебро
tier-gold = золото
days-in-a-row = { $count } { $count ->
        [one] день
        [few] дня
        [many] дней
       *[other] дня
    } подряд
weeks-in-a-row = { $count } { $count ->
        [one] неделя
        [few] недели
        [many] недель
       *[other] недели
    } подряд
exercises-in-a-workout = { $count } { $count ->
        [one] упражнение
        [few] упражнения
        [many] упражнений
       *[other] упражнения
    } за тренировку
held-for = удержание { $length }
form-in-a-workout = техника { $form } за тренировку
form-progress = техника { $figure } из { $goal } за тренировку
held-progress = удержание { $figure } из { $goal }
some-of = { $figure } из: { $goal }
achievements-not-loaded = Не удалось загрузить достижения: { $reason } Они не пропали. Загляни позже в «Прогресс».
achievements-not-ready = Достижения ещё не готовы. Загляни позже в «Прогресс».
achievements-earned = У тебя { $count } { $count ->
        [one] новое достижение
        [few] новых достижения
        [many] новых достижений
       *[other] новых достижения
    }.
page-home = Главная · Kinelog
skip = К содержанию
back-home = ← Главная
language = Язык
language-change = Сменить язык
language-not-stored = Браузер не смог сохранить язык.
language-not-stored-detail = В настройках браузера разреши этому сайту хранить данные или удали данные других сайтов.
nav-plans = Планы
earlier = Раньше
later = Позже
count-days = { $count } { $count ->
        [one] день
        [few] дня
        [many] дней
       *[other] дня
    }
unsent-sessions = { $count ->
    [one] { $count } занятие на этом устройстве ждёт отправки. Оно отправится, как только появится связь.
    [few] { $count } занятия на этом устройстве ждут отправки. Они отправятся, как только появится связь.
    [many] { $count } занятий на этом устройстве ждут отправки. Они отправятся, как только появится связь.
   *[other] { $count } занятия на этом устройстве ждут отправки. Они отправятся, как только появится связь.
}
unsent-all-sent = Занятия с этого устройства отправлены.
unsent-left = Часть занятий с этого устройства не удалось отправить.
unsent-open = Открыть тренировки
