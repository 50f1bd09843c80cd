about-athletes =
    .content = Спортсмены, которые открыли тебе свои тренировки в Kinelog.
page-athletes = Спортсмены · Kinelog
athletes = Спортсмены
athletes-subtitle = Люди, которые открыли тебе свои тренировки. Они могут закрыть доступ в любой момент.
athletes-invite-title = Пригласить спортсмена
athletes-invite-advice = Отправь ссылку одному человеку. Кто откроет её первым, решит, видишь ли ты его тренировки.
athletes-invite = Создать ссылку
athletes-link = Отправь эту ссылку. Она действует до { $day }.
athletes-copy = Скопировать
athletes-copied = Скопировано.
athletes-list = Твои спортсмены
athletes-none = Пока никто не открыл тебе свои тренировки. Пригласи спортсмена или подожди, пока кто-то выберет твой план и согласится.
athletes-unnamed = Спортсмен без имени
athletes-last-session = Последняя тренировка:
athletes-no-session = Тренировок пока нет
athletes-adherence = Выполнено { $performed } из { $sessions }, пропущено { $missed }
athletes-progress = Прохождение твоих планов
athletes-films = С видео
athletes-no-films = Без видео
athletes-since = Тренировки открыты тебе с { $day }. Каждый просмотр виден в журнале доступа.
athletes-sessions = Тренировки
athletes-back = ← Все спортсмены
athletes-workout = Тренировка
athletes-repetitions = { $count } { $count ->
        [one] повторение
        [few] повторения
        [many] повторений
       *[other] повторения
    }
athletes-form = техника { $form }
athletes-replay-of = Запись: { $exercise }
trainers = Тренеры
trainers-why = Кто видит твои тренировки. Решаешь ты, и отзыв действует сразу.
trainers-none = Ни один тренер не видит твои тренировки.
trainers-unnamed = Тренер без имени
trainers-films = Также видео и снимки со мной
trainers-since = Видит твои тренировки с { $day }.
trainers-withdraw = Отозвать
trainers-withdrawn = Этот тренер больше не видит твои тренировки.
trainers-changed = Изменено.
trainers-asks = хочет видеть твои тренировки.
trainers-what = Тренер видит твои тренировки, технику, повторы и позы вживую, но ничего не меняет. Закрыть доступ можно в любой момент на странице профиля.
trainers-offer = Показать твои тренировки тренеру этого плана?
trainers-allow = Открыть тренировки тренеру
trainers-decline = Нет, спасибо
trainers-allowed = Тренер теперь видит твои тренировки.
trainers-sees = Тренер видит твои тренировки.
trainers-change = Изменить
trainers-invitation-over = Это приглашение больше не действует. Попроси у тренера новое.
comments = Комментарии тренеров
comments-new = Комментарий к этому моменту
comments-write = Оставить комментарий
comments-written = Комментарий сохранён.
comments-delete = Удалить
comments-deleted = Удалено.
comments-repetition = Подход { $set }, повторение { $repetition }
comments-moment = Момент { $time }
