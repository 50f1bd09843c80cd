page-replay = Запись занятия · Kinelog
about-replay =
    .content = Пересмотри записанное занятие и тренируйся вместе с ним.
replay-title = Запись занятия
replay-back-sessions = ← Занятия
replay-back-session = ← Занятие
replay-loading = Загружаем запись …
replay-playback = Воспроизведение
replay-skip-breaks = Без перерывов
replay-layers = Слои
replay-live = Живая камера
replay-ghost = Призрак
replay-mirror = Отразить
replay-share = Поделиться …
replay-coach = Тренер-призрак
replay-coach-what = Повторяй движение вместе с записью: поверх изображения с камеры появится призрак с твоими пропорциями. Он держит твой темп и показывает отклонение каждого сустава.
replay-coach-private = Изображение с камеры остаётся на этом устройстве и не сохраняется.
replay-camera-on = Включить живую камеру
replay-turn-camera-on = Включить камеру
replay-lesson = Повтор
replay-follow-tempo = В моём темпе
replay-measure = Измерить меня заново
replay-caveat = Углы измеряются в пространстве, насколько одна камера может оценить глубину. Если глубины в записи нет, углы измеряются на плоскости, и сравнивать их можно, только если встать как в записи: той же стороной к камере и на той же высоте. Разница до 10° — в пределах точности измерения.
replay-sharing = Поделиться записью
replay-sharing-what = Любой, у кого есть ссылка, сможет смотреть эту запись без регистрации — и больше ничего, — пока ссылка не истечёт или ты её не отзовёшь.
replay-expires = Ссылка действует
replay-hour = 1 час
replay-day = 1 день
replay-week = 7 дней
replay-month = 30 дней
replay-create-link = Создать ссылку
replay-links = Созданные ссылки
replay-no-links = Ссылок пока нет.
replay-close = Закрыть
replay-link-active = Действует до:
replay-link-expired = Истекла:
replay-link-revoked = Отозвана:
replay-link-created = создана:
replay-link-of = Ссылка, создана: { $created }
replay-copy-of = Скопировать ссылку, создана: { $created }
replay-revoke-of = Отозвать ссылку, создана: { $created }
replay-revoke = Отозвать
replay-revoked = Ссылка отозвана и больше не работает.
replay-link-copied = Ссылка скопирована. По ней эту запись может смотреть любой.
replay-copy-from-field = Скопируй ссылку из поля.
replay-no-breaks = В этой записи нет перерывов.
replay-breaks-skipped = Перерывы пропускаются.
replay-breaks-shown = Перерывы показываются.
replay-break-skipped = Пропущен перерыв: { $length }.
replay-close-match = Близко
replay-off = Отклонение
replay-far-off = Далеко
replay-not-seen = Не видно
replay-joints = Твои суставы в сравнении с записью
replay-joints-flat = Твои суставы в сравнении с записью, на плоской картинке камеры
replay-joint = Сустав
replay-you-are = У тебя
replay-match = Совпадение
replay-as-recorded = как в записи
replay-different-lean = наклон отличается на { $size }
replay-more-open = разогнуто на { $size } больше
replay-more-bent = согнуто на { $size } больше
joint-left_shoulder = Левое плечо
joint-right_shoulder = Правое плечо
joint-left_elbow = Левый локоть
joint-right_elbow = Правый локоть
joint-left_hip = Левое бедро
joint-right_hip = Правое бедро
joint-left_knee = Левое колено
joint-right_knee = Правое колено
joint-left_ankle = Левая лодыжка
joint-right_ankle = Правая лодыжка
joint-trunk = Корпус
replay-ghost-off = Включаем камеру и определение позы …
replay-ghost-idle = Загружаем повтор …
replay-ghost-measuring = Встань в кадр целиком и замри
replay-ghost-measured = Встань в кадр целиком и замри, { $share }
replay-ghost-following = Призрак следует за тобой
replay-ghost-together = Призрак следует за тобой: { $count } { $count ->
        [one] повтор
        [few] повтора
        [many] повторов
       *[other] повтора
    } вместе
replay-ghost-unseen = Отойди, чтобы всё тело было в кадре. Призрак тебя подождёт.
replay-ghost-unlike = В этой части записи тело видно слишком мало. Выбери другой повтор.
replay-turn-towards = Повернись к камере.
replay-turn-away = Отвернись от камеры.
replay-angles-flat = Ты стоишь не так, как в записи, поэтому углы почти нельзя сравнить.
replay-angles-unsure = Ты стоишь не так, как в записи, поэтому углы менее надёжны.
replay-ghost-needs-camera = Включи живую камеру, чтобы увидеть призрака.
replay-ghost-on = Призрак показан.
replay-ghost-hidden = Призрак скрыт.
replay-mirrored = Запись отражена.
replay-not-mirrored = Запись не отражена.
replay-mirrored-why = Запись отражена: ты стоишь другой стороной.
replay-without-camera = Запись можно смотреть и без камеры.
replay-current-loop = Текущий фрагмент
replay-key-enter = на шкале времени: зациклить этот повтор или перестать
replay-key-mirror = отразить запись
replay-key-ghost = показать или скрыть призрака
replay-key-breaks = пропускать перерывы или нет
replay-repetition-number = Повтор { $number }
replay-repetition-best = Повтор { $number } (лучшая техника)
replay-range = { $from }–{ $until }
replay-form-good = хорошая техника
replay-form-fair = неплохая техника
replay-form-poor = над техникой надо поработать
replay-form-none = техника не измерена
replay-place = повтор { $number } из { $total }
replay-place-before = до первого повтора (всего { $total } { $total ->
        [one] повтор
        [few] повтора
        [many] повторов
       *[other] повтора
    })
replay-shared-until = открыто для тебя до:
replay-video-ready = Видео готово.
replay-waiting = загружаем …
replay-lost = Часть этой записи утрачена.
replay-lost-parts = Скелета нет в этих местах: { $parts }. Сохранённые данные пропали или повреждены.
replay-lost-latest = Скелета нет в последней части. Сохранённые данные пропали или повреждены.
replay-lost-more = ещё { $count } { $count ->
        [one] место
        [few] места
        [many] мест
       *[other] места
    }
replay-rest-plays = Остальное можно смотреть.
replay-reload = Обновить
replay-still-running = Запись ещё идёт. Обнови страницу, чтобы увидеть новое.
replay-no-frame = Запись закончилась раньше первого кадра.
replay-ask-for-link = Попроси новую ссылку у того, кто её прислал.
replay-check-link = Проверь ссылку или найди занятие в списке занятий.
replay-unchanged = Запись не изменилась.
replay-seek-or-retry = Перейди к другому времени или попробуй ещё раз чуть позже.
replay-not-loaded = Не удалось загрузить эту запись.
replay-end = Конец записи.
replay-all-so-far = Пока это всё. Запись ещё идёт.
replay-connection-lost = Связь потеряна. Загруженное можно смотреть дальше. Подключаемся снова …
replay-cannot-play = Этот браузер не может показать видео.
replay-sign-in = Войди, чтобы увидеть эту запись.
replay-link-ended = Эта ссылка больше не работает.
replay-link-ended-why = Её отозвали, или она истекла.
replay-not-found = Запись не найдена.
replay-not-found-why = Она удалена или не твоя.
replay-link-over = Срок действия ссылки истёк.
replay-link-withdrawn = Владелец отозвал ссылку.
replay-link-invalid = Ссылка неполная или изменена.
replay-timeline = Время в записи
replay-repetitions = Повторы
replay-cues-and-pauses = Подсказки и паузы
replay-paused-at = Пауза с { $time }
replay-paused-until = Пауза до { $time }
replay-select-to-loop = { $repetition }: нажми, чтобы зациклить
replay-loop = { $repetition }: зациклить
