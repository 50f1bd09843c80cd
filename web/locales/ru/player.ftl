about-workouts =
    .content = Тренировки по плану: счёт повторов, отдых и следующий подход.
page-workouts = Комплексы · Kinelog
back-workouts = ← Все комплексы
completed-sets =
    .aria-label = Выполненные подходы
select-workout = Выбери комплекс
no-workouts = Комплексов пока нет. Составь первый прямо здесь.
create-workout = Составить комплекс
exercises = Упражнения
by-camera = Камерой
by-camera-what = Устройство находит 33 точки тела. Отправляются только они, если ты не сохраняешь и видео.
by-hand = Вручную
by-hand-what = Нажимай на каждый повтор или введи число после подхода.
voice-and-notifications = Голос и уведомления
voice-guidance = Голосовые подсказки
voice-commands-workout = Команды голосом: старт, стоп, пауза, дальше, отмена, замена
time-of-set =
    .aria-label = Время подхода
progress-of-set =
    .aria-label = Ход подхода
all-sets-done = Все подходы сделаны. Закончи, чтобы увидеть результат.
enter-result = Введи результат
workout-controls =
    .aria-label = Тренировка
skip-set = Пропустить подход
more-actions = Ещё
skip-exercise = Пропустить упражнение
do-another = Другое упражнение вместо этого
plus-one-missed = +1 повтор, который камера пропустила
end-workout = Закончить тренировку
all-workouts = Все комплексы
press-to-end = Нажми ещё раз, чтобы закончить
press-to-skip = Нажми ещё раз, чтобы пропустить
minus-one = −1 повтор
minus-one-second = −1 секунда
plus-one-second = +1 секунда
whole-number = Введи целое число от { $least } до { $most }.
data-still-sent = Прежние данные ещё отправляются на сервер.
data-still-sent-detail = Тренировка продолжится здесь, как только они дойдут.
nothing-lost = Ничего не потеряно.
continue-from-here = Продолжай отсюда.
continue-here = Продолжить здесь
choose-from-list = Выбери комплекс из списка.
workout-moved = Тренировка продолжена на другом устройстве.
workout-moved-detail = Теперь здесь её текущее состояние.
last-time = В прошлый раз
your-record = Твой рекорд
your-heaviest = Твой самый большой вес
first-time = Это упражнение у тебя впервые.
weight-limits = Введи вес от 0 до { $most } { $unit }, не больше 2 знаков после запятой, или оставь пустым.
weight-in = Вес ({ $unit })
exercise-note = Заметка
rpe = RPE { $rating }
rpe-target = Усилие (RPE)
rpe-none = Без цели
rpe-choice = { $rating }: { $effort }
rpe-left = в запасе около { $count } { $count ->
    [one] повторения
    [few] повторений
    [many] повторений
   *[other] повторения
}
rpe-left-between = в запасе { $least }–{ $most } { $most ->
    [one] повторение
    [few] повторения
    [many] повторений
   *[other] повторения
}
rpe-left-one-at-most = в запасе не больше одного повторения
rpe-left-none = в запасе ни одного повторения
rpe-maximal = на пределе сил
rpe-very-hard = очень тяжело
rpe-hard = тяжело
rpe-somewhat-hard = довольно тяжело
rpe-moderate = умеренно
rpe-light = легко
rpe-very-light = очень легко
brief-next = Дальше
brief-now = Сейчас
how-to-do-it = Как делать
get-ready-in = Приготовься: { $left }
camera-again-or-count = Включи камеру снова или считай вручную.
without-camera = Можно тренироваться и без камеры.
completing-workout = Завершаем тренировку …
saved-here = Тренировка сохранена на этом устройстве
saved-here-offline = Нет связи. Страницу можно закрыть: тренировка отправится, как только связь появится.
saved-here-no-answer = Сервер сейчас не отвечает. Страницу можно закрыть: тренировка отправится позже.
waiting-changes = { $count ->
    [one] { $count } изменение ждёт отправки.
    [few] { $count } изменения ждут отправки.
    [many] { $count } изменений ждут отправки.
   *[other] { $count } изменения ждут отправки.
}
you-count-now = Теперь считаешь ты.
exercise-skipped = Упражнение пропущено.
set-skipped = Подход пропущен.
by-source-manual = посчитано вручную
by-source-server = посчитано камерой
by-source-device = посчитано на устройстве
by-source-file = посчитано по видео
by-source = источник счёта: { $source }
mass-profile = по весу тела из профиля
mass-given = по весу тела для этой тренировки
mass-default = по весу { $mass }, потому что в профиле его нет
mass-unknown = по неизвестному весу тела
energy-formula = Килокалории в минуту = MET × 3,5 × вес тела ({ $unit }) ÷ { $divisor }; считаются подходы без отдыха и пауз.
met-gone = { $exercise }: больше недоступно, не учтено.
met-for = { $exercise }: { $met } MET за { $length }. { $source }.
health-unavailable = на устройстве нет «Здоровья»
health-denied = запись в «Здоровье» запрещена
health-not-determined = запись в «Здоровье» ещё не разрешена
health-locked = устройство было заблокировано
health-cancelled = отменено
health-invalid = «Здоровье» не приняло тренировку
health-not-requested = Не отправлено. Apple Health выключен в профиле.
health-pending = Ждём твой iPhone. Открой на нём Kinelog, чтобы записать тренировку в Apple Health.
health-synced = Твоё устройство записало её в Apple Health.
health-failed = Устройство не смогло записать: { $reason }. Оно может попробовать снова.
unknown-reason = причина неизвестна
health-status = Неизвестное состояние: { $status }.
workout-completed = Тренировка закончена.
finished = Готово
finish-workout = Закончить тренировку
begin-next-set = Следующий подход
resume-set = Продолжить подход
you-count = Считаешь ты
camera-counts = Считает камера
use-camera = Считать камерой
resume = Продолжить
sets-done = { $done } из { $total } { $total ->
        [one] подхода
        [few] подходов
        [many] подходов
       *[other] подхода
    }
next-is = Дальше:
all-sets-are-done = Все подходы сделаны.
last-set = Последний подход
amount-last-time = В прошлый раз: { $amount }.
amount-goal = Твоя цель — { $target }.
amount-record = Твой рекорд: { $amount }.
amount-change = Исправь, если вышло больше или меньше.
amount-of-seconds = { $exercise }, подход { $set }: секунды
amount-of-repetitions = { $exercise }, подход { $set }: повторения
not-right = Неверно? Исправь здесь.
sets = Подходы
skipped = Пропущено
count-sets = { $count } { $count ->
        [one] подход
        [few] подхода
        [many] подходов
       *[other] подхода
    }
score = Оценка
label-points = { $label } ({ $points } { $points ->
        [one] балл
        [few] балла
        [many] баллов
       *[other] балла
    })
not-measured-not-included = не измерено, не учтено
score-what = Оценка складывается из всего, что удалось измерить.
table-of-sets = Таблица подходов
what-counted = Что засчитано, а что нет
accepted = Засчитано
rejected = Отклонено
new-records = Новые рекорды
how-calculated = Как это посчитано
count-seconds = { $count } { $count ->
        [one] секунда
        [few] секунды
        [many] секунд
       *[other] секунды
    }
set-of = Подход { $set } из { $sets }
select = Выбрать
workout-changed = Комплекс тем временем изменили.
workout-changed-advice = В списке он такой, какой сейчас. Сохрани ещё раз, чтобы заменить его тем, что здесь написано.
workout-saved = { $workout }: сохранено.
assigned-title = От твоего тренера
assigned-workout = Тренировка от тренера
assigned-decline = Отклонить
assigned-decline-sure = Отклонить эту тренировку? Тренер это увидит.
assigned-keep = Оставить
assigned-declined = Отклонено.
unfinished-workout = Тренировка от { $moment } не закончена.
line-last-time = в прошлый раз { $amount }
line-record = рекорд { $amount }
line-first-time = впервые
line-rest = отдых { $seconds } с
save-workout = Сохранить комплекс
add-exercise = Добавить упражнение
rest-s = Отдых (с)
exercise-removed = Упражнение убрано.
remove-exercise = Убрать упражнение { $number }
exercise-number = Упражнение { $number }
workout-name = Название
enter-workout-name = Назови комплекс.
label-whole-number = { $label }: введи целое число от { $min } до { $max }.
ended-title = Прошлые тренировки от тренера
start-from-template = Начни с шаблона:
stop-editing = Отмена
edit-workout = Изменить
duplicate-workout = Дублировать
delete-workout = Удалить
workout-deleted = Комплекс «{ $workout }» удалён. В планах и занятиях он остаётся.
workout-restored = Комплекс «{ $workout }» снова в списке.
change-workout = Изменить комплекс
copy-of = { $workout } (копия)
exercise-moved = Теперь упражнение { $number }.
move-exercise-up = Переместить упражнение { $number } выше
move-exercise-down = Переместить упражнение { $number } ниже
template-full-body = Всё тело
template-ten-minutes = Десять минут
template-legs = Ноги и пресс
template-upper-body = Верх тела
