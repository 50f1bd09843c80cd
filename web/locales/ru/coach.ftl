coach-title = Тренируйся с камерой
coach-what = Kinelog считает повторы и подсказывает технику, пока ты двигаешься. Картинка с камеры остаётся на этом устройстве.
repetitions = Повторения
seconds = Секунды
per-set = за подход (цель, если хочешь)
choose-exercise = Выбери упражнение
change-privacy = Изменить
kept-movement = Движения сохраняются для повтора, а изображения — нет.
kept-video = Движения и видео сохраняются для повтора.
kept-count = Сохраняется только счёт.
kept-manual = Камера выключена. Сохраняется только счёт.
camera-placement = Где поставить камеру
coach-replay = Конфиденциальность
keep-movement = Сохранять мои движения
keep-movement-why = Можно пересмотреть занятие и тренироваться со своим «призраком». Картинки не сохраняются.
keep-video = Сохранять и видео
keep-video-why = Тогда в записи видно тебя, а не только скелет.
settings = Настройки
coach-counting = Подсчёт
landmarks-only = Только точки тела
landmarks-only-what = Движение отправляется как 33 точки. Картинки не отправляются.
landmarks-and-images = Точки тела и картинки
landmarks-and-images-what = До двух раз в секунду отправляется и маленькая картинка, чтобы проверить счёт. Она не сохраняется.
manual = Вручную
manual-what = Камера выключена. Считаешь ты.
rest-between-sets = Отдых между подходами
rest-30 = 30 с
rest-60 = 60 с
rest-90 = 90 с
rest-120 = 2 мин
rest-180 = 3 мин
announce-count = Называть счёт
every-repetition = каждый повтор
every-fifth = каждый пятый повтор
speak-cues = Подсказывать голосом
voice-commands = Команды голосом: старт, стоп, пауза, дальше, отмена, замена
voice-commands-hint = Браузер может отправлять твою речь своему разработчику для распознавания.
notify-rest = Сообщать о конце отдыха
connection = Соединение
send-data-by = Как отправлять данные
http-requests = Запросы HTTP
websocket = WebSocket
webrtc-channel = Канал данных WebRTC
transport-hint = HTTP-запросы работают везде и заменяют остальные способы без потерь.
turn-on-camera = Включить камеру
count-manually = Считать вручную
guided-workouts = Тренировки по плану
upload-instead = Лучше загрузить видео
rest = Отдых
next-exercise = Следующее упражнение
next-goal = Цель на следующий подход
goal-wrong = Введи целое число от { $min } до { $max } или оставь пустым.
before-you-start = Перед началом
start-anyway = Всё равно начать
start-anyway-hint = Можно начать и так, но счёт может сбиться.
count-manually-instead = Лучше считать вручную
set = Подход
coach-recording = Запись
set-controls =
    .aria-label = Подход
plus-one = +1 повтор
start-set = Начать подход
pause = Пауза
undo = Отменить
undo-wide = {" "}повтор
finish = Закончить
finish-wide = {" "}занятие
session-completed = Занятие закончено
train-again = Ещё раз
view-front = спереди
view-side = сбоку
view-oblique = под углом
view-rear = сзади
light-camera = Камера
light-camera-advice = Разреши этой странице камеру.
light-light = Свет
light-too-bright = Слишком светло. Отвернись от окна.
light-too-dark = Слишком темно. Включи свет.
light-body = Всё тело
light-come-closer = Подойди ближе к камере.
light-step-back = Отойди, чтобы попасть в кадр с головы до ног.
or = или
light-angle = Ракурс
light-angle-advice = Камера должна видеть тебя { $views }.
light-people = Один человек
light-several = В кадре больше одного человека.
light-nobody = В кадре пока никого. Встань перед камерой.
consent-before-camera = Прежде чем включить камеру
i-agree = Даю согласие
consent-hint = Это можно изменить в любой момент на странице профиля. Засчитанные повторы останутся.
consent-before-upload = Прежде чем отправить видео
not-now = Не сейчас
camera-denied = Доступ к камере запрещён.
camera-allow = Разреши доступ к камере в адресной строке и включи камеру снова.
camera-none = Камера не найдена.
camera-connect = Подключи камеру или тренируйся без неё.
camera-busy = Камеру использует другая программа.
camera-busy-advice = Закрой её и включи камеру снова.
camera-unavailable = Камера недоступна.
camera-https = Открой страницу по https или тренируйся без камеры.
camera-revoked = Разрешение на камеру отозвано.
camera-revoked-detail = Страница больше не может использовать камеру.
camera-disconnected = Камера отключена.
camera-disconnected-detail = Она больше не подключена.
camera-reconnect = Подключи её или выбери другую, потом включи камеру.
camera-off = Камера выключилась.
camera-off-detail = Разрешение отозвано, или её отключили.
camera-muted = От камеры нет изображения.
camera-muted-detail = Возможно, её использует другая программа или она выключена переключателем.
camera-muted-advice = Закрой эту программу или верни переключатель, потом включи камеру снова.
camera-unattended = В кадре никого не было, и камера выключилась.
camera-unattended-detail = Десять минут в кадре никого не было.
camera-on-again = Включи камеру снова.
camera-prompt = Браузер спрашивает про камеру. Посмотри у адресной строки.
reps-kept = Засчитанные повторы сохранены.
camera-loss-advice = { $advice } Или закончи подход и считай вручную.
camera-without = Можно и без камеры: считай вручную или загрузи видео.
sign-in-other-tab = Войди снова в другой вкладке и продолжай здесь.
confirm-other-tab = Подтверди вход в другой вкладке и продолжай здесь.
confirm-sign-in = Подтвердить вход
frames-need-consent = Кадры обрабатываются только с твоего согласия.
review-consent = Открыть согласие
continue-elsewhere = Продолжай там или закрой другую вкладку и попробуй снова.
key-start-stop = начать или закончить подход
key-pause = пауза или дальше
key-next = дальше: закончить подход или отдых
key-undo = отменить последний повтор
keyboard-shortcuts = Горячие клавиши
use-shortcuts = Включить горячие клавиши
keys-space = Пробел, K
key-play = воспроизвести или пауза
key-1s = 1 с назад или вперёд
key-ends = начало, конец
key-share = к 0 – 90 %
starts-in = Старт через { $left }
is-next = Дальше: { $exercise }.
finish-session = Закончить занятие
unfinished-session = Занятие от { $moment } не закончено.
start-manually = Начать вручную
my-session = Моё занятие
start-recording = Начать запись
pause-recording = Приостановить запись
stop-recording = Остановить запись
nothing-recorded = Ничего не записывается.
description = Описание
recording-now = Идёт запись
recording-paused = Запись приостановлена
recording-saved = Запись сохранена
movement-not-recorded = Твои движения больше не записываются.
recording-too-old = Запись, которую не удалось отправить за 90 дней, удалена из этого браузера.
recording-not-sent = Запись прошлого занятия ещё не отправлена: { $reason }
recording-last-saved = Запись прошлого занятия сохранена.
removed-by-you = Убран тобой
not-counted = Не засчитано
review-repetitions = Проверь повторы
counting-the-set = Считаем подход …
check-your-reps = Проверь сомнительные повторы. Выключи лишние и включи пропущенные.
reps-all-clear =
    { $count ->
        [one] { $count } повтор, сомнений нет.
        [few] { $count } повтора, сомнений нет.
        [many] { $count } повторов, сомнений нет.
       *[other] { $count } повтора, сомнений нет.
    }
show-all-reps =
    { $count ->
        [one] Показать { $count } повтор
        [few] Показать все { $count } повтора
        [many] Показать все { $count } повторов
       *[other] Показать все { $count } повтора
    }
movement-uncounted = Движение { $place } не засчитано.
movement-counted = Движение { $place } засчитано.
counts = Засчитан
counts-movement = : движение { $place }
device-counted = Твоё устройство насчитало { $count }{ $faults }
server-counted = сервер по картинкам — { $count }{ $faults }
device-count-applies = { $counts }. Засчитано по устройству: сервер получил слишком мало картинок.
server-count-applies = { $counts }. Засчитано по серверу: он получил достаточно картинок.
results-of-each-set = Результаты по подходам
counted = Засчитано
most-frequent-cues = Чаще всего
session-sum = { $sets } { $sets ->
        [one] подход
        [few] подхода
        [many] подходов
       *[other] подхода
    }, { $amount } за { $length }.
pictures-not-sent = Картинки больше не отправляются.
seconds-goal = { $count } { $count ->
        [one] секунда
        [few] секунды
        [many] секунд
       *[other] секунды
    } — твоя цель.
five-checks-or-anyway = Подход начнётся, когда все пять проверок станут зелёными. Или начни так.
set-completed = Подход { $set } закончен.
resumed = Продолжаем.
paused = Пауза.
repetitions-now = { $count } { $count ->
        [one] повторение
        [few] повторения
        [many] повторений
       *[other] повторения
    }.
completing-session = Завершаем занятие …
counted-both = Считают это устройство и сервер
counted-here = Считает это устройство
lost-kept = Связь потеряна. Повторы сохраняются здесь и отправятся позже.
lost-continue = Связь потеряна: { $kept }можно продолжать.
analysis-slow = Анализ запаздывает, считает это устройство.
device-counts = Считает это устройство. Можно продолжать.
buffered = в запасе { $length },
stop-set = Закончить подход
set-number = Подход { $set }
set-number-paused = Подход { $set }, пауза
counted-manually = Считаешь ты
mode-pictures = , картинки отправляются
mode-filmed = , идёт съёмка
device-too-slow = Устройство слишком медленное, чтобы оценить технику. Повторы считаются.
microphone-gone = Микрофон больше недоступен. Используй клавиши или кнопки.
microphone-denied = Доступ к микрофону запрещён. Используй клавиши или кнопки.
camera-not-connected = Камера не подключена
camera-default = По умолчанию
camera-connected = Подключено: { $cameras }.
your-camera = Твоя камера, зеркально
previous-cues = Прошлые подсказки
cue-of-repetition = { $cue } (повтор { $repetition })
form-of-latest = Техника последнего повтора
phase-of-repetition = Фаза повтора
check-not-yet = Ещё нет
check-checking = Проверяем
five-checks-green = Все пять проверок зелёные. Можно начинать.
counter-repetitions = { $count ->
        [one] повторение
        [few] повторения
        [many] повторений
       *[other] повторения
    }
counter-of = из { $target }
count-repetitions-goal = { $count } { $count ->
        [one] повторение
        [few] повторения
        [many] повторений
       *[other] повторения
    } — твоя цель
counter-of-seconds = из { $count } { $count ->
        [one] секунды
        [few] секунд
        [many] секунд
       *[other] секунд
    }
counter-held = сек. удержания
rest-left = Осталось отдыхать
rest-less = −15 с
rest-more = +15 с
rest-seconds = Отдых: { $count } { $count ->
        [one] секунда
        [few] секунды
        [many] секунд
       *[other] секунды
    }.
rest-longest = Отдых длится не больше часа.
rest-over = Отдых закончен.
start-next-set = Начинай следующий подход.
view-any = с любой стороны
camera-must-see = Камера должна видеть тебя { $views }, без других людей и с головы до ног.
camera-stand = Поставь её на высоте бёдер, в 2,5–3 метрах. Для упражнений лёжа — низко и в 2 метрах.
tempo-least = Опускайся не быстрее чем за { $lower } { $lower ->
        [one] секунду
        [few] секунды
        [many] секунд
       *[other] секунды
    }, поднимайся не быстрее чем за { $lift } { $lift ->
        [one] секунду
        [few] секунды
        [many] секунд
       *[other] секунды
    }.
about-coach =
    .content = Тренировка с камерой: счёт повторов и подсказки по технике в реальном времени.
page-coach = Тренировка · Kinelog
saving-workout = Сохраняем тренировку…
saved-workout = Сохранённая тренировка
workout-not-saved = Результат тренировки не удалось сохранить.
workout-kept = Он остался в этом браузере и будет отправлен, когда ты снова откроешь эту страницу. Занятие записано полностью.
documents-delayed = Тренировка записана, но её копию в хранилище истории пока не удалось сохранить. Kinelog пробует снова.
store-document = История
store-analytics = Аналитика
store-pending = сохраняется…
store-saved = сохранено
store-retrying = задержка, пробуем снова
store-waiting = ждёт твоего профиля
store-failed = не сохранено; нужна помощь оператора
store-deleted = удалено
leave-full-screen = Выйти из полного экрана
