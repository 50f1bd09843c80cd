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
