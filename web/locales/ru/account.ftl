access-viewed = Просмотр
access-exported = Выгрузка
access-link = Кто-то по ссылке
access-kind-session = занятие
access-kind-recording = запись
access-kind-film = видео
access-kind-job = анализ видео
access-kind-profile = профиль
access-kind-workout = комплекс
access-kind-enrollment = план
access-kind-assignment = назначенная тренировка
access-kind-program = программа
access-kind-custom-exercise = своё упражнение
access-kind-comment = комментарий
access-kind-supervision = разрешение тренеру
access-kind-athlete-invitation = приглашение тренера
access-kind-pose-coach-session = занятие pose coach
access-kind-subscription = подписка
access-kind-payment = платёж
access-kind-refund = возврат
access-when = Когда
access-who = Кто
access-what = Что
access-you = Ты
access-nobody = Никто другой не смотрел твои данные.
access-order = Просмотры и выгрузки, сначала новые.
access-erased = Пользователь, чей аккаунт удалён
consent-agreed-on = Согласие дано { $day }.
consent-agreed-earlier = { $day } дано согласие с прежней версией. Прочитай эту и согласись снова.
consent-withdrawn = Согласие отозвано.
consents-unchanged = Твои согласия не изменились.
change-shown = Возможно, изменение сохранилось. Страница показывает, что сохранено сейчас.
change-unknown = Неизвестно, сохранилось ли изменение. Обнови страницу, чтобы увидеть это.
password-maybe-changed = Возможно, пароль изменён. Если войти с новым паролем не удаётся, используй старый.
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
erasure-canceled = Твой аккаунт не будет удалён.
nothing-deleted = Ничего не удалено.
others-unsaved = Профиль сохранён, но в других формах этой страницы есть несохранённые изменения.
others-unsaved-advice = Сохрани их и обнови страницу, чтобы увидеть её на новом языке.
own-file-ready = Файл готов: { $size }. Мы храним его до { $day }.
own-file-download = Скачать файл
own-file-download-of = Скачать: { $name }
own-file-kept = { $size }, хранится до { $day }
unsent-hint-sign-out = Чтобы отправить их, открой страницу тренировки до выхода. Если оставить их, она отправит их, когда ты снова войдёшь.
sign-out-keep = Выйти и оставить
sign-out-delete = Выйти и удалить
codes-save-now = Сохрани эти коды сейчас: больше мы их не покажем. Старые не действуют.
signed-in-seen = Вход { $began }, последняя активность { $seen }
this-device = { $device }: это устройство
sign-out-device = Выйти на устройстве, вход { $began }
unsent-deleted = Неотправленные данные удалены.
unsent-what = В этом браузере есть данные { $count } { $count ->
        [one] занятия
        [few] занятий
        [many] занятий
       *[other] занятий
    }, которых Kinelog ещё не получил: движения или результаты, а также кадры, если велась съёмка. { $hint }
unsent-risk = Пока они не отправлены, их могут увидеть другие люди в этом браузере. Удалённое вернуть нельзя.
no-method-added = Способ входа не добавлен.
passkey-rename = Переименовать ключ «{ $name }»
factor-named = { $factor } «{ $name }»
passkey-remove = Удалить ключ «{ $name }»
factor-remove = Удалить: { $factor }
factor-added = { $factor }, добавлен { $moment }
provider-linked = { $provider }: подключён
provider-unlinked = { $provider }: не подключён
provider-unlink = Отключить { $provider }
provider-link = Подключить { $provider }
password-set = Пароль задан
password-not-set = Пароль не задан
trainers = Тренеры
trainers-none = Ни один тренер не видит твои тренировки.
trainers-since = Видит твои тренировки с { $day }.
trainers-withdraw = Отозвать
trainers-withdrawn = Этот тренер больше не видит твои тренировки.
trainers-changed = Изменено.
trainers-asks = хочет видеть твои тренировки.
trainers-decline = Нет, спасибо
trainers-invitation-over = Это приглашение больше не действует. Попроси у тренера новое.
