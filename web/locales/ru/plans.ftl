plans-yours = Твои планы
plans-browse = Все планы
plans-beginner = Начальный
plans-intermediate = Средний
plans-advanced = Продвинутый
plans-missed-shift = Пропущен день? Всё сдвинется на день. Ничего не выпадет.
plans-missed-skip = Пропущен день? Эта тренировка выпадает, дальше следующая.
plans-missed-repeat = Пропущен день? Тренировка переносится на следующий тренировочный день, остальные — за ней.
plans-a-month = в месяц
plans-a-year = в год
plans-every-month = каждый месяц
plans-every-year = каждый год
plans-every-months = каждые { $count } { $count ->
        [one] месяц
        [few] месяца
        [many] месяцев
       *[other] месяца
    }
plans-free = Бесплатно
plans-not-sold = Не продаётся в твоём регионе
plans-schedule = { $weeks } { $weeks ->
        [one] неделя
        [few] недели
        [many] недель
       *[other] недели
    }, { $sessions } { $sessions ->
        [one] занятие
        [few] занятия
        [many] занятий
       *[other] занятия
    } в неделю
plans-by = тренер: { $name }
plans-no-equipment = Без снарядов
plans-not-loaded = Не удалось загрузить планы.
plans-found = { $count } { $count ->
        [one] план
        [few] плана
        [many] планов
       *[other] плана
    }
plans-found-so-far = Пока { $count } { $count ->
        [one] план
        [few] плана
        [many] планов
       *[other] плана
    }
plans-no-match = Ничего не подошло
plans-no-match-advice = Убери фильтр или поищи другое слово.
clear-filters = Сбросить фильтры
plans-none = Планов пока нет
plans-none-advice = Когда тренер опубликует план, он появится здесь. А пока можно составить свой комплекс.
plans-write-workout = Составить комплекс
plans-trainer-gone = Тренер не найден.
plans-trainer-gone-advice = Этот профиль больше не открыт. Все планы по-прежнему доступны.
plans-all = Все планы
plans-speaks = Языки
plans-good-at = Сильные стороны
plans-gone = План не найден.
plans-gone-advice = Возможно, его больше нет. Посмотри другие.
plans-start = Начать этот план
plans-subscribe = Подписаться за { $price }
plans-tax = Включая налог { $percent } ({ $amount }).
plans-renews = Продлевается { $period }. Отменить можно одним нажатием; доступ останется до конца оплаченного срока.
plans-free-terms = Карта не нужна. Уйти можно в любой момент.
plans-not-sold-advice = Выбери другой регион, если живёшь там, или бесплатный план.
plans-workouts = Что тебя ждёт
plans-rounds = Всего { $total } { $total ->
        [one] тренировка
        [few] тренировки
        [many] тренировок
       *[other] тренировки
    }.
plans-rounds-one = Всего { $total } { $total ->
        [one] тренировка
        [few] тренировки
        [many] тренировок
       *[other] тренировки
    }: эта повторяется.
plans-rounds-many = Всего { $total } { $total ->
        [one] тренировка
        [few] тренировки
        [many] тренировок
       *[other] тренировки
    }: эти { $different } по порядку, потом снова с первой.
plans-preview = Предпросмотр
plans-size = { $sets }, около { $minutes } мин
plans-locked = Упражнения откроются после подписки.
plans-workout-gone = Не удалось загрузить эту тренировку.
plans-enrolled = Ты занимаешься по этому плану
plans-other-version = Ты занимаешься по версии { $number }. Ниже версия { $offered }, которую предлагают сейчас.
plans-position = Тренировка { $number } из { $of }
plans-week = Неделя { $week } из { $of }
start-workout = Начать тренировку
plans-due-today = Сегодня
plans-due-tomorrow = Завтра
plans-due-on = По плану { $day }
plans-due-since = Ждёт с { $day }
plans-leave = Выйти из плана
plans-leave-question = Выйти из плана? Твои занятия останутся. Платная подписка действует, пока ты её не отменишь.
plans-stay = Остаться
plans-left = Ты больше не занимаешься по этому плану.
plans-started = Готово! Первая тренировка ждёт.
plans-pending = Оплата не завершена
plans-pending-advice = План начнётся с первой оплатой.
plans-continue-payment = Перейти к оплате
plans-completed = План пройден. Можно начать его снова в любой момент.
plans-start-again = Начать снова
plans-home-empty = Занимайся с тренером, неделя за неделей.
plans-withdrawn = План, которого больше нет
plans-missed = пропущено: { $count }
plans-up-next = Дальше: { $workout }
show-more = Показать ещё
region-us = США
region-eu = Евросоюз
region-russia = Россия
region-elsewhere = Другой регион
back-plans = ← Все планы
plans-subtitle = Выбери план и иди по нему неделя за неделей. Kinelog считает и подсказывает на каждом занятии.
plans-trainer =
    .aria-label = О тренере
filter-and-sort =
    .aria-label = Фильтр и порядок
plans-filter = Фильтр и порядок
plans-search = Поиск
plans-level = Уровень
any = Не важно
plans-equipment = Снаряды
plans-trainer-speaks = Язык тренера
plans-any-language = Любой язык
plans-price = Цена
plans-paid = Платно
sort-by = Порядок
plans-newest = Сначала новые
plans-by-title = По названию
plans-shortest = Сначала короткие
plans-prices-for = Цены для
plans-list =
    .aria-label = Планы
plan = План
plan-offer =
    .aria-label = Начать
page-plans = Планы · Kinelog
about-plans =
    .content = Планы тренировок в Kinelog: найди и начни свой.
page-plan = План · Kinelog
about-plan =
    .content = План тренировок в Kinelog: тренировки, недели и цена.
plans-billing = Твои подписки и платежи
plans-programs = Твои программы
plans-editor = Составить план
plans-studio = Твои видео
equipment-barbell = Штанга
equipment-bench = Скамья
equipment-box = Тумба
equipment-cable = Трос
equipment-pommel_horse = Конь
equipment-dumbbells = Гантели
equipment-kettlebell = Гиря
equipment-mat = Коврик
equipment-pull_up_bar = Турник
equipment-resistance_band = Эластичная лента
speciality-beginners = Начинающие
speciality-calisthenics = Калистеника
speciality-conditioning = Выносливость
speciality-mobility = Подвижность
speciality-powerlifting = Пауэрлифтинг
speciality-rehabilitation = Реабилитация
speciality-strength = Сила
speciality-weight_loss = Снижение веса
plans-try = Попробовать { $days } { $days ->
        [one] день
        [few] дня
        [many] дней
       *[other] дня
    } бесплатно
plans-trial-terms = Чтобы начать, карта не нужна. Если добавить способ оплаты, после пробного периода план стоит { $price }; иначе всё закончится само.
plans-trial-withheld = У этого плана есть бесплатный пробный период, но сейчас он тебе недоступен: одна из твоих подписок не оплачена.
plans-trial-withheld-until = У этого плана есть бесплатный пробный период, но он будет доступен тебе не раньше чем { $day }: одна из твоих подписок закончилась неоплаченной.
plans-trial-coupon = У меня есть промокод на оплату после пробного периода
plans-trial-started = Пробный период начался. Первая тренировка ждёт.

billing-ends = Отменена. Доступ останется до { $day }.
billing-pay-now = Оплатить
billing-no-payments = Платежей пока нет.
billing-payment-pending = В обработке
billing-payment-requires-action = Ждёт подтверждения банка
billing-payment-succeeded = Оплачен
billing-payment-refunded = Возвращён
billing-payment-failed = Не прошёл
billing-payment-declined = Не прошёл: отклонён банком
billing-payment-insufficient-funds = Не прошёл: не хватило денег
billing-payment-authentication-failed = Не прошёл: банк не подтвердил
billing-payment-cancelled = Не прошёл: отменён
billing-payment-expired = Не прошёл: срок истёк
billing-payment-no-gateway = Не прошёл: нет платёжного сервиса
billing-payment-wrong-amount = Не прошёл: неверная сумма
