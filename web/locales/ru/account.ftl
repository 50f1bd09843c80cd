about-account =
    .content = Твой аккаунт Kinelog: профиль, подсказки, устройства и данные.
page-account = Профиль · Kinelog
account-subtitle = Профиль, подсказки, устройства и данные.
account-profile = О тебе
account-name = Имя
account-name-hint = Как к тебе обращаться. Необязательно.
account-units = Единицы
units-metric = Метрические: килограммы и метры
units-imperial = Имперские: фунты и футы
time-zone = Часовой пояс
time-zone-hint = По этому поясу начинаются и заканчиваются твои дни.
language-and-region = Язык и регион
save-profile = Сохранить
account-training = Тренировки
body-weight-in = Вес тела,
body-weight-hint = По нему считаем энергию тренировок. Без него берём среднее значение.
apple-health = Записывать мои тренировки в Apple Health на iPhone
save-training = Сохранить
nav-leaderboards = Рейтинги
leaderboards-why = Посмотри, кто в твоей организации тренируется больше всех. Тебя увидят, только если ты вступишь, — под псевдонимом.
open-leaderboards = Открыть рейтинги
health-link = Твои данные о здоровье
health-heading = Данные о здоровье
health-why = Что записали телефон и часы, рядом с твоими тренировками. Это видишь только ты.
devices = Устройства
devices-hint = Выйди из аккаунта на устройствах, которыми больше не пользуешься.
sign-out-here = Выйти на этом устройстве
sign-out-all = Выйти на всех устройствах
coaching = Подсказки
feedback-frequency = Как часто подсказывать
frequency-seldom = Редко
frequency-usual = Обычно
frequency-often = Часто
feedback-style = Вид подсказок
style-captions = Только текст, без голоса
style-short = Коротко, голосом
style-full = Полными фразами, голосом
praise = Хвалить за хорошие повторы
coaching-hint = Действует со следующего подхода. О безопасности предупредим всегда.
save-coaching = Сохранить
display = Вид
theme = Тема
same-as-device = Как на устройстве
theme-light = Светлая
theme-dark = Тёмная
contrast = Контраст
contrast-normal = Обычный
contrast-high = Высокий
first-day = Первый день недели
monday = Понедельник
sunday = Воскресенье
saturday = Суббота
dates = Даты
dates-locale = По языку и региону
dates-day-first = 16 нояб. 2026, 18:30
dates-month-first = Nov 16, 2026, 6:30 PM (только по-английски)
save-display = Сохранить
sign-in-methods = Способы входа
current-password = Текущий пароль
signs-you-out-here-too = Ты выйдешь из аккаунта на всех устройствах, и на этом тоже.
change-password = Сменить пароль
second-factors = Вторые факторы
second-factors-why = Со вторым фактором одного пароля для входа мало.
replace-codes = Заменить резервные коды
your-data = Твои данные
your-data-why = Скачай всё, что мы о тебе храним.
request-archive = Запросить архив
consents = Согласия
consents-why = Решаешь ты. Передумать можно в любой момент.
access-to-data = Кто смотрел твои данные
delete-account = Удалить аккаунт
delete-account-what = Удалятся твоё имя, занятия, видео и все остальные данные о тебе. До начала удаления его можно отменить здесь, потом вернуть ничего нельзя.
delete-password-hint = Можно не вводить, если вход был меньше десяти минут назад.
delete-my-account = Удалить мой аккаунт
keep-my-account = Оставить аккаунт
access-viewed = Просмотр
access-exported = Выгрузка
access-when = Когда
access-who = Кто
access-what = Что
access-you = Ты
access-nobody = Никто другой не смотрел твои данные.
access-latest = Последние 50 просмотров и выгрузок.
unsent-hint-consent = Без твоего согласия они не отправляются. Если оставить их, они отправятся, когда ты снова согласишься.
unsent-keep-here = Оставить в этом браузере
unsent-delete = Удалить
consent-agreed-on = Согласие дано { $day }.
consent-agreed-earlier = { $day } дано согласие с прежней версией. Прочитай эту и согласись снова.
consent-agreed = Согласие дано.
consent-withdrawn = Согласие отозвано.
consents-unchanged = Твои согласия не изменились.
archive-preparing = Готовим архив …
archive-failed = Не удалось подготовить архив.
try-later = Попробуй позже.
archive-ready = Архив готов: { $count } { $count ->
        [one] файл
        [few] файла
        [many] файлов
       *[other] файла
    }, { $size }. Скачай его до { $day }.
archive-download = Скачать архив
data-unchanged = Твои данные не изменились.
erasure-waiting = Твой аккаунт будет удалён: { $moment }. До этого его можно оставить.
erasure-underway = Твой аккаунт удаляется.
erasure-done = Твой аккаунт удалён.
erasure-question = Удалить аккаунт?
erasure-question-what = Твоё имя, занятия, видео и все остальные данные о тебе будут удалены. Мы пришлём письмо, и до начала удаления аккаунт можно оставить.
erasure-unsent = В этом браузере есть данные { $count } { $count ->
        [one] занятия
        [few] занятий
        [many] занятий
       *[other] занятий
    }, которых Kinelog ещё не получил. Они удалятся сразу.
cancel = Отмена
erasure-canceled = Твой аккаунт не будет удалён.
nothing-deleted = Ничего не удалено.
email = Почта
organization = Организация
roles = Роли
role-athlete = спортсмен
role-coach = тренер
role-trainer = автор планов
role-admin = администратор
none = нет
unsent-hint-sign-out = Чтобы отправить их, открой страницу тренировки до выхода. Если оставить их, она отправит их, когда ты снова войдёшь.
sign-out-keep = Выйти и оставить
sign-out-delete = Выйти и удалить
no-method-added = Способ входа не добавлен.
device-zone = На этом устройстве — { $zone }.
profile-saved = Профиль сохранён.
profile-now = Это твой текущий профиль.
display-saved = Сохранено. Действует на всех твоих устройствах.
display-now = Это твои текущие настройки вида.
cues-saved = Сохранено. Действует со следующего подхода.
cues-now = Это твои текущие настройки подсказок.
training-saved = Сохранено. Действует для тренировок, законченных с этого момента.
training-now = Это твои текущие настройки тренировок.
change-not-saved = Изменение не сохранено.
show-current-values = Показать текущие значения
factor-app = Приложение-аутентификатор
factor-passkey = Ключ доступа
save-name = Сохранить
passkey-rename = Переименовать ключ «{ $name }»
rename = Переименовать
factor-named = { $factor } «{ $name }»
passkey-remove = Удалить ключ «{ $name }»
factor-remove = Удалить: { $factor }
factor-added = { $factor }, добавлен { $moment }
remove = Удалить
codes-left = Осталось: { $count } { $count ->
        [one] резервный код
        [few] резервных кода
        [many] резервных кодов
       *[other] резервных кода
    }
codes-save-now = Сохрани эти коды сейчас: больше мы их не покажем. Старые не действуют.
provider-linked = { $provider }: подключён
provider-unlinked = { $provider }: не подключён
provider-unlink = Отключить { $provider }
provider-link = Подключить { $provider }
password-set = Пароль задан
password-not-set = Пароль не задан
signed-in-seen = Вход { $began }, последняя активность { $seen }
this-device = { $device }: это устройство
sign-out-device = Выйти на устройстве, вход { $began }
sign-out = Выйти
unsent-deleted = Неотправленные данные удалены.
unsent-title = Часть тренировки ещё не отправлена
unsent-what = В этом браузере есть данные { $count } { $count ->
        [one] занятия
        [few] занятий
        [many] занятий
       *[other] занятий
    }, которых Kinelog ещё не получил: движения и кадры, если велась съёмка. { $hint }
unsent-risk = Пока они не отправлены, их могут увидеть другие люди в этом браузере. Удалённое вернуть нельзя.
account-billing = Оплата
account-billing-advice = Твои подписки, платежи и счета.
account-open-billing = Открыть раздел оплаты
consent-camera_processing = Изображение с моей камеры анализируется, чтобы найти точки тела и посчитать движения.
consent-movement_recording = Точки моего тела хранятся с занятиями, чтобы их можно было пересмотреть.
consent-images_leave_device = Видео со мной покидают моё устройство, анализируются и хранятся с моими занятиями.
consent-research = Мои данные тренировок, без имени, используются для обучения и проверки анализа движений.
consent-health_data = Мои данные о здоровье запрашиваются, хранятся и связываются с тренировками.
consent-leaderboards = Другие в моей организации видят мои результаты под псевдонимом.
consent-population_insights = Мои результаты входят в статистику двадцати и более человек.
consent-marketing = Я получаю сообщения о предложениях.
emails = Письма
emails-assigned = Тренер назначает мне тренировку
save-emails = Сохранить выбор писем
emails-saved = Сохранено.
emails-now = Это текущий выбор писем.
