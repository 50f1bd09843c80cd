time-in-video = Время в видео
curve-range = От { $low }° до { $high }°,
repetitions-in-length = { $count } { $count ->
        [one] повторение
        [few] повторения
        [many] повторений
       *[other] повторения
    } за { $length }.
rep-of-at = повтор { $rep } из { $total }, { $time }
not-seen = не видно
angle-table = Угол сустава таблицей
every-half-second = Каждые полсекунды
angle = Угол
depth = Глубина
phase = Фаза
best-rep-number = Лучший: повтор { $rep }
worst-rep-number = Можно лучше: повтор { $rep }
best-and-worst = Лучший и худший
best-rep = Лучший повтор
sessions-not-deleted = Не удалось удалить: { $count } { $count ->
        [one] занятие
        [few] занятия
        [many] занятий
       *[other] занятия
    }.
still-in-list = Они остались в списке.
undo-action = Вернуть
sessions-deleted = Удалено: { $count } { $count ->
        [one] занятие
        [few] занятия
        [many] занятий
       *[other] занятия
    }. Вернуть можно в течение семи дней.
sessions-restored = Возвращено: { $count } { $count ->
        [one] занятие
        [few] занятия
        [many] занятий
       *[other] занятия
    }.
sessions-not-restored = Не удалось вернуть: { $count } { $count ->
        [one] занятие
        [few] занятия
        [many] занятий
       *[other] занятия
    }.
kept-seven-days = Удалённые занятия хранятся семь дней.
export-done = Файл { $format } скачан.
export-preparing = Готовим файл …
export-failed = Не удалось создать файл.
sessions-unchanged = Твои занятия не изменились.
export-as = Выгрузить в { $format }
export = Выгрузка
this-was-wrong = Это неверно
this-was-missed = Это пропущено
feedback-about = { $action }: { $fault }, повтор { $rep }
you-said-wrong = Отмечено: это неверно.
you-said-missed = Отмечено: это пропущено.
not-finished = Не удалось закончить занятие.
completion = Выполнение плана
form = Техника
tempo = Темп
range-of-motion = Амплитуда
source-device = устройство спортсмена
source-server = этот сервер, вживую
source-person = человек
source-file = этот сервер, по видео
seen-share = { $share } из разобранных кадров ({ $frames })
check-light = свет
check-body = всё тело
check-view = ракурс
check-people = один человек
set-checks = подход { $set }: { $checks }
verified-of = { $verified } из { $count } { $count ->
        [one] повторения
        [few] повторений
        [many] повторений
       *[other] повторений
    }
body-visible = Тело видно
started-anyway = Начато без проверок
verified = Проверено
counted-by = Кто считал
pose-model = Модель поз
definition = Правила
definition-version = { $exercise }, версия { $version }
performance-title = Выполнение
of-100 = из 100
no-score = Для оценки мало данных.
session-in-progress = Занятие ещё идёт.
name-of-session = Название занятия
save = Сохранить
renamed-to = Новое название: { $name }.
name-removed = Название убрано.
name-unchanged = Название не изменилось.
change-and-save = Измени его и сохрани снова или отмени.
session-not-deleted = Занятие не удалено.
session-deleted = Занятие удалено. Вернуть можно в течение семи дней.
session-restored = Занятие возвращено.
counted-reps-kept = Засчитанные повторы сохранены.
replay-and-train = Пересмотреть и тренироваться с «призраком»
continue-workout = Продолжить тренировку
share = Поделиться
delete = Удалить
replay = Пересмотреть
recorded = есть запись
recording-deleted = запись удалена
select-which = Выбрать: { $session }
tags-of-which = Метки: { $session }
rename-which = Переименовать: { $session }
replay-which = Пересмотреть: { $session }
name-of-recording = Название записи
loading-session = Загружаем занятие …
no-video-kept = Видео не сохранено. Движение можно пересмотреть как скелет.
recording-not-kept = Запись удалена { $date }: Kinelog хранит записи ограниченное время. Результаты остались.
no-video-by-hand = Записано вручную, видео нет.
no-movement-kept = Это занятие посчитала камера. Движение не сохранено. Чтобы пересмотреть следующее, оставь «Сохранять мои движения».
loading-skeleton = Загружаем скелет …
loading-skeleton-share = Загружаем скелет: { $share } %
skeleton-not-loaded = Не удалось загрузить скелет: { $reason } Открой занятие ещё раз.
looks-like = Движение похоже на: { $exercises }
looks-like-computed = Сравниваем движение со всеми упражнениями …
looks-like-none = Движение не похоже ни на одно упражнение библиотеки.
counting-again = Считаем заново …
count-again = Посчитать заново
wrong-exercise = Не то упражнение?
wrong-exercise-what = Выбери нужное упражнение. Движение посчитается заново, и новый результат заменит этот. Комментарии сохранятся, а ссылки на запись, которые получили другие, перестанут работать.
joint-angle = Угол сустава
movement = Движение
drag-to-seek = Тяни, чтобы перемотать; нажми номер, чтобы зациклить этот повтор.
tags = Метки
sessions-tagged = Занятия с меткой { $tag }
tags-by-commas = Метки через запятую
tags-example = ноги, до завтрака
tagged = Метки: { $tags }.
tags-removed = Метки убраны.
tags-unchanged = Метки не изменились.
tags-limit = Не больше { $most } меток, каждая до { $longest } символов. Потом сохрани снова.
rep-number = Повтор { $rep }
reps-two = Повторы { $first } и { $second }
reps-many = { $count } { $count ->
        [one] повтор
        [few] повтора
        [many] повторов
       *[other] повтора
    }
slow-down = Двигайся медленнее.
steady = Ровно от первого до последнего. Так держать!
more-not-counted = Ещё { $count } { $count ->
        [one] не засчитан
        [few] не засчитаны
        [many] не засчитаны
       *[other] не засчитаны
    }
still-in-progress = Ещё не закончено
still-in-progress-what = Результат будет готов, когда ты закончишь занятие.
verdict-held = Удержание { $length }.
no-reps-counted = Повторы не засчитаны.
no-reps-advice = Встань в кадр целиком, с головы до ног, и проверь, то ли это упражнение.
verdict-rep = Повторы
verdict-reps = Повторы
verdict-several = { $exercises }: { $count } { $count ->
        [one] повтор
        [few] повтора
        [many] повторов
       *[other] повтора
    } за { $sets } { $sets ->
        [one] подход
        [few] подхода
        [many] подходов
       *[other] подхода
    }.
verdict-plain = { $what }: { $count }.
verdict-by-hand = Посчитано вручную за { $length }.
verdict-all-clean = { $what }: { $count }, всё чисто.
verdict-some-clean = { $what }: { $count }, из них чисто { $clean }.
rep = Повтор
rep-start = Начало
rep-end = Конец
faults-and-cues = Ошибки и подсказки
reason-too-shallow = Слишком мелко, чтобы засчитать.
reason-too-fast = Слишком быстро для повтора.
reason-too-slow = Слишком медленно для одного повтора.
reason-pose-lost = Часть движения осталась за кадром.
reason-incomplete = Подход закончился раньше, чем повтор.
reason-after-session = Пришло после конца занятия.
reason-not-periodic = Не попало в ритм подхода.
reason-athlete = Убран тобой.
reason-later-look = Вторая, внимательная проверка его не подтвердила.
not-assessed = { $set }: камера не смогла оценить: { $faults }.
set-held-for = { $set }: удержание
set-exercise = Подход { $set }, { $exercise }
loop-rep = Зациклить повтор { $rep }
faults-seen = Замечено: { $faults }.
faults-slight = Незначительно, не отмечено: { $faults }.
faults-not-seen = Проверено, не замечено: { $faults }.
faults-not-judged = Не оценено, потому что камера этого не показала: { $faults }.
judged-unknown = Не записано, какие ошибки можно было оценить.
form-not-judged = Видно слишком мало, чтобы оценить технику.
degree-severe = сильно
tempo-took = Вниз { $lower } с, вверх { $lift } с.
range-degrees = Амплитуда: { $degrees }°.
symmetry = Левая и правая стороны совпадают на { $share }.
why = Почему?
form-of-rep = Техника повтора { $rep }
was-one-there = Что-то из этого всё же было?
no-faults = нет
other-cues = { $set }, другие подсказки: { $cues }.
cue-times = { $cue } ({ $count } { $count ->
        [one] раз
        [few] раза
        [many] раз
       *[other] раза
    })
show-at = Показать { $time }
movements-not-counted = Не засчитано как повторы: { $count } { $count ->
        [one] движение
        [few] движения
        [many] движений
       *[other] движения
    }.
from = С
length = Длина
reason = Причина
seconds-exact = { $seconds } с
video = Видео
skeleton = Скелет
sound = Звук
speed = Скорость
full-screen = Во весь экран
play = Пуск
measured-at-least = { $measured }, нужно не меньше { $bound }
measured-at-most = { $measured }, нужно не больше { $bound }
rep-at-worst = Худший момент повтора { $rep }. { $verdict }.
at-time = Время: { $time }.
dashed-line = Пунктир: как должно быть.
rep-by-rep = Повтор за повтором
set-ratings = Насколько тяжело было? (RPE)
set-rating-saved = Оценка сохранена.
duration = Длительность
about-session-list =
    .content = Твои занятия и записи: найти, переименовать, пересмотреть, удалить.
page-session-list = Занятия · Kinelog
recordings = Записи
filter-sort-export = Фильтр, порядок и выгрузка
filter-period = Период
this-week = Эта неделя
last-week = Прошлая неделя
this-month = Этот месяц
last-month = Прошлый месяц
other-days = Другие дни
from-day = С
to-day = По
all = Все
any-form = Любая
form-good-from = Хорошая, от 85 %
form-fair-from = Неплохая, 65–85 %
recording = Запись
recorded-yes = Есть запись
recorded-no = Без записи
status = Состояние
completed = Закончено
in-progress-title = Идёт сейчас
tag = Метка
newest-first = Сначала новые
oldest-first = Сначала старые
longest-first = Сначала длинные
shortest-first = Сначала короткие
most-repetitions = Больше повторений
fewest-repetitions = Меньше повторений
best-form = Лучшая техника
weakest-form = Худшая техника
best-performance = Лучшее выполнение
weakest-performance = Худшее выполнение
selected-sessions =
    .aria-label = Выбранные занятия
select-all-shown = Выбрать все на странице
session-list =
    .aria-label = Занятия
pages-of-list =
    .aria-label = Страницы списка
previous-page = Предыдущая страница
next-page = Следующая страница
times-in-own-days = Время — { $zone }; дни — по поясу каждого занятия.
times-in = Время — { $zone }.
no-matching-sessions = Таких занятий нет
clear-to-see-all = Сбрось фильтры, чтобы увидеть все занятия.
no-more-sessions = Занятий больше нет
to-first-page = На первую страницу
analyze-a-video = разбери видео
delete-sessions = Удалить { $count } { $count ->
        [one] занятие
        [few] занятия
        [many] занятий
       *[other] занятия
    }
storage-used = { $count } { $count ->
        [one] запись
        [few] записи
        [many] записей
       *[other] записи
    }, занято { $size }
no-recordings = Записей нет
storage-unknown = Не удалось узнать, сколько места занято. Попробуй позже.
select-first = Сначала выбери занятия, которые удалить.
about-not-found =
    .content = Этой страницы нет.
page-not-found = Страница не найдена · Kinelog
not-found = Страница не найдена
not-found-what = По этому адресу страницы нет. Возможно, ссылка старая или с опечаткой.
go-home = На главную
share-image = Поделиться картинкой
card-downloaded = Картинка сохранена в загрузках.
