page-programs = Программы · Kinelog
about-programs =
    .content = Твои программы тренировок: недели, дни и нагрузки по тому, что ты действительно делаешь.
programs-title = Программы
programs-subtitle = Недели, которые ты планируешь сам. Нагрузки и повторения следуют за тем, что ты действительно делаешь, и у каждого изменения есть причина.
programs-own = Твои программы
programs-none = У тебя ещё нет программы. Создай её ниже.
programs-new = Новая программа
programs-name = Название
programs-goal = Цель
programs-weeks = Недели
programs-days = Дней в неделю
programs-template = Начать с
programs-template-none = План под цель
programs-template-strength-basics = Сила: основы
programs-template-strength-by-percentage = Сила: от твоего максимума
programs-template-muscle-upper-lower = Мышцы: верх и низ
programs-template-endurance-circuit = Выносливость: по кругу
programs-template-weight-at-home = Вес: дома
programs-template-pull-up-skill = Навык: больше подтягиваний
programs-template-return-gently = Мягко после травмы
programs-create = Создать программу
programs-created = Программа создана.
programs-strength = Сила
programs-muscle = Мышцы
programs-endurance = Выносливость
programs-weight = Вес
programs-skill = Навык
programs-return = Возвращение после травмы
programs-progress = Сделано дней: { $done } из { $days }
programs-ended = Завершена
programs-week = Неделя { $number }
programs-deload-week = Неделя { $number }, облегчённая
programs-day = День { $number }
programs-day-done = День { $number }, сделан
programs-sets = Подходы
programs-repetitions = Повторы
programs-hold = Секунды
programs-load = Нагрузка, { $unit }
programs-seconds = { $count } с
programs-up = Поднять: { $exercise }
programs-down = Опустить: { $exercise }
programs-remove = Убрать
programs-remove-it = Убрать: { $exercise }
programs-add = Добавить упражнение
programs-add-to = Добавить упражнение в день { $number }
programs-add-it = Добавить
programs-add-it-to = Добавить в день { $number }
programs-added = { $exercise }: добавлено в день { $day }.
programs-removed = { $exercise }: убрано из дня { $day }.
programs-moved = { $exercise }: теперь день { $day }, место { $place }.
programs-stays = Дальше передвинуть нельзя.
programs-save = Сохранить изменения
programs-saved = Программа сохранена.
programs-start = Начать день { $number }
programs-extend = { $count ->
    [one] Добавить { $count } неделю
    [few] Добавить { $count } недели
    [many] Добавить { $count } недель
   *[other] Добавить { $count } недели
}
programs-extended = { $count ->
    [one] Добавлена { $count } неделя с достигнутыми показателями.
    [few] Добавлены { $count } недели с достигнутыми показателями.
    [many] Добавлено { $count } недель с достигнутыми показателями.
   *[other] Добавлено { $count } недели с достигнутыми показателями.
}
programs-end = Завершить программу
programs-end-question = Завершить эту программу? Оставшиеся дни нельзя будет выполнить, а программу нельзя будет возобновить.
programs-end-yes = Да, завершить
programs-end-no = Нет, оставить
programs-rule = Прогрессия
programs-rule-why = Правило меняет следующие дни после каждого сделанного дня. Сначала посмотри, что оно сделало бы в твоих тренировках.
programs-rule-none = Само ничего не меняется
programs-rule-linear = Каждый раз больше нагрузки или на повторение больше
programs-rule-double = Больше повторений, потом больше нагрузки
programs-rule-percentage = Доля твоего расчётного максимума
programs-rule-effort = По усилию: повторения в запасе
programs-effort = Насколько тяжёлым был день { $number }?
programs-effort-what = Сколько ещё повторений можно было сделать в самом тяжёлом подходе? По ответам изменятся следующие дни.
programs-effort-most = { $count } и больше
programs-effort-saved = Спасибо. Ответ сохранён.
programs-felt = ощущалось как RPE { $rating }
programs-felt-at-most = ощущалось как RPE { $rating } или меньше
programs-effort-choose = Выбери
programs-effort-save = Сохранить
programs-effort-save-it = Сохранить ответ: { $exercise }
programs-rule-on = Включено: { $rule }.
programs-tested = Упражнение
programs-test = Показать, что оно сделало бы
programs-switch-on = Включить
programs-no-history = Ты ещё не делал это упражнение.
programs-unchanged = Ничего бы не изменилось.
programs-notes = Заметки к упражнениям
programs-notes-what = Заметка видна перед каждым подходом упражнения.
programs-changes = Изменения
programs-no-changes = Пока ничего не изменилось.
programs-not-loaded = Не удалось загрузить твои программы.
