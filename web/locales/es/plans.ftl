plans-yours = Tus planes
plans-browse = Ver los planes
plans-beginner = Principiante
plans-intermediate = Intermedio
plans-advanced = Avanzado
plans-missed-shift = ¿Te saltaste un día? Todo se mueve un día. No pierdes nada.
plans-missed-skip = ¿Te saltaste un día? Ese entrenamiento se omite y sigues con el siguiente.
plans-missed-repeat = ¿Te saltaste un día? El entrenamiento pasa al siguiente día de entrenamiento y los demás le siguen.
plans-a-month = al mes
plans-a-year = al año
plans-every-month = cada mes
plans-every-year = cada año
plans-every-months = cada { $count } meses
plans-free = Gratis
plans-not-sold = No se vende en tu región
plans-schedule = { $weeks } { $weeks ->
        [one] semana
       *[other] semanas
    }, { $sessions } { $sessions ->
        [one] sesión
       *[other] sesiones
    } por semana
plans-by = de { $name }
plans-no-equipment = Sin material
plans-not-loaded = No pudimos cargar los planes.
plans-found = { $count } { $count ->
        [one] plan
       *[other] planes
    }
plans-found-so-far = { $count } { $count ->
        [one] plan
       *[other] planes
    } por ahora
plans-no-match = Ningún plan coincide
plans-no-match-advice = Quita un filtro o busca otra palabra.
clear-filters = Quitar los filtros
plans-none = Aún no hay planes
plans-none-advice = Cuando un entrenador publique un plan, aparecerá aquí. Hasta entonces puedes crear tus propias rutinas.
plans-write-workout = Crear una rutina
plans-trainer-gone = No se encontró al entrenador.
plans-trainer-gone-advice = Este perfil ya no es público. Puedes ver todos los planes.
plans-all = Todos los planes
plans-speaks = Habla
plans-good-at = Especialidades
plans-gone = No se encontró el plan.
plans-gone-advice = Quizá ya no se ofrece. Mira qué más hay.
plans-start = Empezar este plan
plans-subscribe = Suscribirse por { $price }
plans-tax = Incluye { $percent } de impuestos ({ $amount }).
plans-renews = Se renueva { $period }. Cancela con un clic; conservas el acceso hasta el final del periodo pagado.
plans-free-terms = Sin tarjeta. Déjalo cuando quieras.
plans-not-sold-advice = Elige otra región si vives allí, o un plan gratis.
plans-workouts = Lo que harás
plans-rounds = { $total } { $total ->
        [one] entrenamiento
       *[other] entrenamientos
    } en total.
plans-rounds-one = { $total } { $total ->
        [one] entrenamiento
       *[other] entrenamientos
    } en total: este se repite.
plans-rounds-many = { $total } { $total ->
        [one] entrenamiento
       *[other] entrenamientos
    } en total: estos { $different } en orden, y otra vez desde el primero.
plans-preview = Vista previa
plans-size = { $sets }, unos { $minutes } min
plans-locked = Los ejercicios se abren al suscribirte.
plans-workout-gone = No se pudo cargar este entrenamiento.
plans-enrolled = Sigues este plan
plans-other-version = Sigues la versión { $number }. Abajo está la versión { $offered }, que se ofrece ahora.
plans-position = Entrenamiento { $number } de { $of }
plans-week = Semana { $week } de { $of }
start-workout = Empezar el entrenamiento
plans-due-today = Toca hoy
plans-due-tomorrow = Toca mañana
plans-due-on = Toca el { $day }
plans-due-since = Pendiente desde el { $day }
plans-leave = Dejar este plan
plans-leave-question = ¿Dejar este plan? Tus sesiones se conservan. La suscripción de pago sigue hasta que la canceles.
plans-stay = Seguir
plans-left = Has dejado el plan.
plans-started = Ya estás dentro. Tu primer entrenamiento está listo.
plans-pending = Tu pago no ha terminado
plans-pending-advice = El plan empieza con tu primer pago.
plans-continue-payment = Ir al pago
plans-completed = Has completado este plan. Empiézalo de nuevo cuando quieras.
plans-start-again = Empezar de nuevo
plans-home-empty = Sigue a un entrenador, semana a semana.
plans-withdrawn = Un plan que ya no se ofrece
plans-missed = { $count } { $count ->
        [one] perdido
       *[other] perdidos
    }
plans-up-next = Sigue: { $workout }
show-more = Ver más
region-us = Estados Unidos
region-eu = Unión Europea
region-russia = Rusia
region-elsewhere = Otra región
back-plans = ← Todos los planes
plans-subtitle = Elige un plan y síguelo semana a semana. Kinelog cuenta y corrige cada sesión.
plans-trainer =
    .aria-label = Sobre el entrenador
filter-and-sort =
    .aria-label = Filtrar y ordenar
plans-filter = Filtrar y ordenar
plans-search = Buscar
plans-level = Nivel
any = Cualquiera
plans-equipment = Material
plans-trainer-speaks = Idioma del entrenador
plans-any-language = Cualquier idioma
plans-price = Precio
plans-paid = De pago
sort-by = Ordenar por
plans-newest = Más recientes
plans-by-title = Título
plans-shortest = Más cortos
plans-prices-for = Precios para
plans-list =
    .aria-label = Planes
plan = Plan
plan-offer =
    .aria-label = Empezar
page-plans = Planes · Kinelog
about-plans =
    .content = Planes de entrenamiento en Kinelog: busca, filtra y empieza uno.
page-plan = Plan · Kinelog
about-plan =
    .content = Un plan de entrenamiento en Kinelog: sesiones, semanas y precio.
plans-billing = Tus suscripciones y pagos
plans-programs = Tus propios programas
plans-editor = Escribir un plan
plans-studio = Tus vídeos
equipment-barbell = Barra
equipment-bench = Banco
equipment-box = Cajón
equipment-cable = Polea
equipment-pommel_horse = Caballo con arcos
equipment-dumbbells = Mancuernas
equipment-kettlebell = Pesa rusa
equipment-mat = Esterilla
equipment-pull_up_bar = Barra de dominadas
equipment-resistance_band = Banda elástica
speciality-beginners = Principiantes
speciality-calisthenics = Calistenia
speciality-conditioning = Acondicionamiento
speciality-mobility = Movilidad
speciality-powerlifting = Powerlifting
speciality-rehabilitation = Rehabilitación
speciality-strength = Fuerza
speciality-weight_loss = Pérdida de peso
plans-try = Pruébalo gratis { $days } { $days ->
        [one] día
       *[other] días
    }
plans-trial-terms = Para empezar no necesitas tarjeta. Si añades una forma de pago, cuesta { $price } después de la prueba; si no, termina por sí sola.
plans-trial-withheld = Este plan tiene una prueba gratuita, pero ahora no puedes usarla: una de tus suscripciones está sin pagar.
plans-trial-withheld-until = Este plan tiene una prueba gratuita, pero no podrás usar otra hasta el { $day }: una de tus suscripciones terminó sin pagarse.
plans-trial-coupon = Tengo un código para después de la prueba
plans-trial-started = Tu prueba gratuita ha empezado. Tu primer entrenamiento está listo.

billing-ends = Cancelada. Conservas el acceso hasta el { $day }.
billing-pay-now = Pagar ahora
billing-no-payments = Aún no hay pagos.
billing-payment-pending = En curso
billing-payment-requires-action = Espera al banco
billing-payment-succeeded = Pagado
billing-payment-refunded = Devuelto
billing-payment-failed = Falló
billing-payment-declined = Falló: rechazado
billing-payment-insufficient-funds = Falló: saldo insuficiente
billing-payment-authentication-failed = Falló: el banco no lo confirmó
billing-payment-cancelled = Falló: cancelado
billing-payment-expired = Falló: caducado
billing-payment-no-gateway = Falló: ningún proveedor disponible
billing-payment-wrong-amount = Falló: importe incorrecto
