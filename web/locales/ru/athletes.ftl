about-athletes =
    .content = Спортсмены, которые открыли тебе свои тренировки в Kinelog.
page-athletes = Спортсмены · Kinelog
athletes = Спортсмены
athletes-subtitle = Люди, которые открыли тебе свои тренировки. Они могут закрыть доступ в любой момент.
athletes-invite-title = Пригласить спортсмена
athletes-invite-advice = Отправь ссылку одному человеку. Кто откроет её первым, решит, видишь ли ты его тренировки.
athletes-invite = Создать ссылку
athletes-see-no-name = Спортсмены видят тебя как тренера без имени.
athletes-enter-name = Указать имя
athletes-link = Отправь эту ссылку. Она действует до { $day }.
athletes-copied = Скопировано.
athletes-list = Твои спортсмены
athletes-none = Пока никто не открыл тебе свои тренировки. Пригласи спортсмена или подожди, пока кто-то выберет твой план и согласится.
athletes-unnamed = Спортсмен без имени
athletes-last-session = Последняя тренировка:
athletes-no-session = Тренировок пока нет
athletes-adherence = Выполнено { $performed } из { $sessions }, пропущено { $missed }
athletes-progress = Прохождение твоих планов
athletes-videos = С видео
athletes-no-videos = Без видео
athletes-since = Тренировки открыты тебе с { $day }. Каждый просмотр виден в журнале доступа.
athletes-sessions = Тренировки
athletes-back = ← Все спортсмены
athletes-report = Отчёт
athletes-report-what = Итоги, графики по неделям, упражнения и последние тренировки, для печати. Спортсмен увидит в своём аккаунте, что ты сделал отчёт.
athletes-report-make = Скачать отчёт (PDF)
athletes-report-ready = Отчёт скачан.
athletes-workout = Тренировка
athletes-repetitions = { $count } { $count ->
        [one] повторение
        [few] повторения
        [many] повторений
       *[other] повторения
    }
athletes-replay-of = Запись: { $exercise }
athletes-assign = Можно назначать тренировки
athletes-assign-not-allowed = Этот спортсмен пока не разрешил назначать ему тренировки. Разрешить можно в аккаунте, в разделе «Тренеры».
assign-none = Пока ничего не назначено.
assign = Назначить тренировку
assign-change-title = Изменить тренировку
assign-day = День
assign-note = Заметка для спортсмена
assign-change = Изменить
assign-take-back = Отменить
assign-taken-back = Отменено.
assign-changed = Тренировка изменена.
assign-done = { $workout }: назначено.
live-skeleton = Скелет спортсмена вживую
live-connecting = Подключение…
live-waiting = Ждём следующий подход.
live-lost = Связь потеряна. Подключаемся снова…
live-over = Тренировка окончена.
live-withdrawn = Эта тренировка тебе не видна. Её удалили, или спортсмен больше не делится ею с тобой.
live-set = Подход { $set }: { $exercise }
live-set-load = Подход { $set }: { $exercise }, { $load }
live-set-done = Подход { $set } выполнен.
