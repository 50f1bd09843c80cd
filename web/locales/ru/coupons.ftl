page-coupons = Купоны · Kinelog
about-coupons =
    .content = Купоны на твои планы тренировок в Kinelog.
coupons-title = Купоны
coupons-subtitle = Код, который снижает цену твоих планов. Платежи, в которых он уже использован, сохраняют цену.
coupons-back = ← Твои планы тренера
coupons-own = Твои купоны
coupons-none = Купонов пока нет. Создай первый ниже.
coupons-active = Действует
coupons-used-up = Исчерпан
coupons-expired = Истёк
coupons-ended = Завершён
coupons-off = Скидка { $reduction }
coupons-percent-off = { $percent } %
coupons-once = первый платёж
coupons-repeating = { $periods ->
        [one] первый { $periods } платёж
        [few] первые { $periods } платежа
        [many] первые { $periods } платежей
       *[other] первые { $periods } платежа
    }
coupons-forever = каждый платёж
coupons-all-plans = Все планы
coupons-a-plan = другой план
coupons-uses = Использован { $uses ->
        [one] { $uses } раз
        [few] { $uses } раза
        [many] { $uses } раз
       *[other] { $uses } раза
    }
coupons-uses-of = Использован { $uses } из { $limit } раз
coupons-until = до { $day }
coupons-end = Завершить
coupons-end-of = Завершить { $code }
coupons-end-question = После этого никто не сможет использовать { $code }. Отменить это нельзя.
coupons-end-yes = Завершить его
coupons-end-no = Оставить
coupons-has-ended = { $code } завершён.
coupons-new = Новый купон
coupons-code = Код
coupons-code-hint = От 3 до 40 букв, цифр и дефисов, например SUMMER-25
coupons-code-wrong = Нужно от 3 до 40 букв, цифр и дефисов.
coupons-kind = Скидка
coupons-percent = Процент
coupons-amount = Сумма
coupons-value-percent = Процент скидки
coupons-value-amount = Размер скидки
coupons-currency = Валюта
coupons-percent-wrong = Процент больше 0 и меньше 100, не больше двух знаков после запятой.
coupons-amount-wrong = Сумма больше 0, не больше { $digits } знаков после запятой.
coupons-duration = Действует на
coupons-choose-once = Первый платёж
coupons-choose-repeating = Первые платежи
coupons-choose-forever = Каждый платёж
coupons-periods = Число платежей
coupons-limit = Всего использований
coupons-limit-hint = Оставь пустым, если предела нет.
coupons-each = Использований на человека
coupons-expires = Последний день
coupons-expires-hint = Оставь пустым, если срока нет.
coupons-plans = Планы
coupons-plans-wrong = Выбери хотя бы один план.
coupons-plans-all = Не выбирай ничего, чтобы он действовал на все планы организации.
coupons-no-plans = Сначала опубликуй план с ценой.
coupons-create = Создать купон
coupons-created = { $code } уже можно использовать.
coupons-not-trainer = Купоны есть только у тренеров и администраторов.
