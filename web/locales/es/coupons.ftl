page-coupons = Cupones · Kinelog
about-coupons =
    .content = Cupones para tus planes de entrenamiento en Kinelog.
coupons-title = Cupones
coupons-subtitle = Un código que rebaja el precio de tus planes. Los pagos que ya lo usaron conservan su precio.
coupons-back = ← Tus planes como entrenador
coupons-own = Tus cupones
coupons-none = Aún no tienes cupones. Crea uno abajo.
coupons-active = Activo
coupons-used-up = Agotado
coupons-expired = Caducado
coupons-ended = Terminado
coupons-off = { $reduction } de descuento
coupons-percent-off = { $percent } %
coupons-once = el primer pago
coupons-repeating = { $periods ->
        [one] el primer pago
       *[other] los { $periods } primeros pagos
    }
coupons-forever = todos los pagos
coupons-all-plans = Todos los planes
coupons-a-plan = otro plan
coupons-uses = Usado { $uses ->
        [one] una vez
       *[other] { $uses } veces
    }
coupons-uses-of = Usado { $uses } de { $limit } { $limit ->
        [one] vez
       *[other] veces
    }
coupons-until = hasta el { $day }
coupons-end = Terminar
coupons-end-of = Terminar { $code }
coupons-end-question = Desde ese momento nadie podrá usar { $code }. No se puede deshacer.
coupons-end-yes = Terminarlo
coupons-end-no = Conservarlo
coupons-has-ended = { $code } ha terminado.
coupons-new = Cupón nuevo
coupons-code = Código
coupons-code-hint = De 3 a 40 letras, cifras y guiones, como VERANO-25
coupons-code-wrong = Usa de 3 a 40 letras, cifras y guiones.
coupons-kind = Descuento
coupons-percent = Porcentaje
coupons-amount = Importe fijo
coupons-value-percent = Porcentaje
coupons-value-amount = Importe
coupons-currency = Moneda
coupons-percent-wrong = Un porcentaje mayor que 0 y menor que 100, con dos decimales como máximo.
coupons-amount-wrong = Un importe mayor que 0, con { $digits } decimales como máximo.
coupons-duration = Se aplica a
coupons-choose-once = Primer pago
coupons-choose-repeating = Primeros pagos
coupons-choose-forever = Todos los pagos
coupons-periods = Número de pagos
coupons-limit = Usos en total
coupons-limit-hint = Déjalo vacío si no hay límite.
coupons-each = Usos por persona
coupons-expires = Último día
coupons-expires-hint = Déjalo vacío si no caduca.
coupons-plans = Planes
coupons-plans-wrong = Elige al menos un plan.
coupons-plans-all = No elijas ninguno para rebajar todos los planes de la organización.
coupons-no-plans = Publica primero un plan con precio.
coupons-create = Crear el cupón
coupons-created = { $code } ya se puede usar.
coupons-not-trainer = Solo los entrenadores y administradores tienen cupones.
