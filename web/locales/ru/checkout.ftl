page-checkout = Оплата · Kinelog
about-checkout =
    .content = Оплата плана тренировок в Kinelog.
checkout = Оплата
back-plan = ← К плану
checkout-order =
    .aria-label = Твой заказ
checkout-happened =
    .aria-label = Результат
checkout-begin = Перейти к оплате
checkout-cancel = Отменить платёж
checkout-private = Платёжные данные получает только платёжный сервис. Kinelog их не видит.
checkout-today = Сегодня к оплате { $amount }.
checkout-pay = Оплатить { $amount }
checkout-continue-at = Перейти в { $gateway }
checkout-route-region = Платёж идёт через { $gateway }: этот сервис работает в твоём регионе.
checkout-route-preference = Платёж идёт через { $gateway }, как выбрано.
checkout-route-circuit-open = Платёж идёт через { $gateway }: другой сервис сейчас недоступен.
checkout-route-timeout = Платёж идёт через { $gateway }: другой сервис не ответил.
checkout-route-unsupported = Платёж идёт через { $gateway }: другой сервис не принимает эту валюту.
checkout-route-expired = Платёж идёт через { $gateway }: прежняя страница оплаты больше не действует.
checkout-preparing = Готовим платёж …
checkout-checking = Банк проверяет платёж …
checkout-processing = Банк обрабатывает платёж, это может занять до 14 дней. Страницу можно закрыть: план начнётся, как только платёж подтвердится.
checkout-processing-renewal = Банк обрабатывает платёж, это может занять до 14 дней. Страницу можно закрыть: подписка обновится, как только платёж подтвердится.
checkout-slow = Это длится дольше обычного. Страницу можно закрыть: план начнётся, как только платёж подтвердится.
checkout-slow-renewal = Это длится дольше обычного. Страницу можно закрыть: подписка обновится, как только платёж подтвердится.
checkout-declined = Банк отклонил платёж. Попробуй другой способ оплаты или узнай в банке, в чём дело.
checkout-insufficient-funds = На счёте не хватает денег. Попробуй другой способ оплаты.
checkout-authentication-failed = Банк не смог подтвердить, что это ты. Попробуй снова или выбери другой способ оплаты.
checkout-completed = План открыт
checkout-completed-text = Платёж подтверждён. Первая тренировка готова.
checkout-refunded = Платёж возвращён
checkout-refunded-text = Деньги уже идут обратно к тебе.
checkout-cancelled = Платёж отменён
checkout-cancelled-text = Деньги не списаны. Начать снова можно в любой момент.
checkout-debit-returned = Если банк всё же спишет деньги, мы их вернём.
checkout-expired = Срок платежа истёк
checkout-expired-text = Он был открыт слишком долго. Деньги не списаны. Можно начать снова в любой момент.
checkout-no-gateway = Нет доступного платёжного сервиса
checkout-no-gateway-text = Деньги не списаны. Попробуй через несколько минут.
checkout-wrong-amount = Сумма не совпала
checkout-wrong-amount-text = Платёж не совпал с ценой. Списанные деньги возвращаются.
checkout-failed = Платёж не прошёл
checkout-to-home = К сегодняшней тренировке
checkout-again = Начать снова
checkout-free = Этот план бесплатный. Платить не нужно.
checkout-not-sold = Этот план не продаётся в твоём регионе. Если живёшь в другом, выбери его.
checkout-script-failed = Не удалось загрузить форму оплаты.
checkout-script-failed-advice = Проверь подключение и не блокирует ли браузер платёжный сервис, потом попробуй снова.
checkout-price-changed = Цена только что изменилась. Посмотри новую, прежде чем платить.
checkout-coupon = Промокод
checkout-coupon-apply = Применить
checkout-coupon-remove = Убрать промокод
checkout-coupon-used = С промокодом { $coupon } сегодня к оплате { $amount } вместо { $price }. Дальше { $later }.
checkout-coupon-repeating =
    { $count ->
        [1] С промокодом { $coupon } первый платёж — { $amount } вместо { $price }. Дальше { $later }.
        [one] С промокодом { $coupon } первые { $count } платёж — по { $amount } вместо { $price }. Дальше { $later }.
        [few] С промокодом { $coupon } первые { $count } платежа — по { $amount } вместо { $price }. Дальше { $later }.
        [many] С промокодом { $coupon } первые { $count } платежей — по { $amount } вместо { $price }. Дальше { $later }.
       *[other] С промокодом { $coupon } первые { $count } платежа — по { $amount } вместо { $price }. Дальше { $later }.
    }
checkout-coupon-forever = С промокодом { $coupon } к оплате { $amount } вместо { $price }: сегодня и при каждом продлении.
checkout-coupon-trial = С промокодом { $coupon } первый платёж после пробного периода — { $amount } вместо { $price }. Дальше { $later }.
checkout-coupon-trial-repeating =
    { $count ->
        [1] С промокодом { $coupon } первый платёж после пробного периода — { $amount } вместо { $price }. Дальше { $later }.
        [one] С промокодом { $coupon } первые { $count } платёж после пробного периода — по { $amount } вместо { $price }. Дальше { $later }.
        [few] С промокодом { $coupon } первые { $count } платежа после пробного периода — по { $amount } вместо { $price }. Дальше { $later }.
        [many] С промокодом { $coupon } первые { $count } платежей после пробного периода — по { $amount } вместо { $price }. Дальше { $later }.
       *[other] С промокодом { $coupon } первые { $count } платежа после пробного периода — по { $amount } вместо { $price }. Дальше { $later }.
    }
checkout-coupon-trial-forever = С промокодом { $coupon } каждый платёж после пробного периода — { $amount } вместо { $price }.
checkout-coupon-malformed = В промокоде от 3 до 40 латинских букв, цифр и дефисов.
checkout-to-plan = К плану
checkout-renewed = Продление оплачено
checkout-not-renewed = Продление не оплачено
checkout-plan-changed = План изменён
checkout-plan-not-changed = Смена плана не оплачена
checkout-withdrawn = Этот платёж отозван
checkout-nothing-charged = Деньги не списаны.
checkout-plan-withdrawn = Деньги не списаны. Этот план больше не предлагается.
checkout-renewal-expired = Он был открыт слишком долго. Деньги не списаны.
checkout-paid-until = Подписка оплачена до { $day }.
checkout-subscription-ended = Подписка закончилась.
checkout-open-renewal = Следующий срок ещё можно оплатить.
checkout-retry = Попробуем снова { $day }. До этого доступ останется.
checkout-retry-by-hand = Оплатить снова можно будет { $day }. До этого доступ останется.
checkout-access-until = Доступ останется до { $day }. После этого можно оформить новую подписку.
back-billing = ← Подписки и платежи
checkout-method = Смена способа оплаты
checkout-method-new = Новый способ оплаты
checkout-method-free = Теперь продления будут списываться с него. Сегодня ничего не спишется, если нет просроченного продления.
checkout-method-save = Сохранить способ оплаты
checkout-method-checking = Проверяем способ оплаты …
checkout-method-stored = Способ оплаты изменён
checkout-method-stored-text = Теперь продления списываются с нового.
checkout-method-failed = Способ оплаты не изменён
checkout-method-failed-text = Новый способ до платёжного сервиса не дошёл. Остаётся прежний.
checkout-covered = План входит в твою подписку. Его можно начать снова без новой оплаты.
checkout-covered-until = План входит в твою подписку до { $day }. Его можно начать снова без новой оплаты.
checkout-plan-paused = Твоя подписка на этот план на паузе, тренировки закрыты. Подробности – на странице подписок.
