count-workouts = { $count } { $count ->
        [one] entrenamiento
       *[other] entrenamientos
    }
count-repetitions = { $count } { $count ->
        [one] repetición
       *[other] repeticiones
    }
count-reps = { $count } { $count ->
        [one] rep.
       *[other] reps.
    }
count-records = { $count } { $count ->
        [one] récord
       *[other] récords
    }
count-exercises = { $count } { $count ->
        [one] ejercicio
       *[other] ejercicios
    }
count-sessions = { $count } { $count ->
        [one] sesión
       *[other] sesiones
    }
nav-home = Inicio
nav-train = Entrenar
nav-workouts = Rutinas
nav-sessions = Sesiones
nav-history = Progreso
nav-pages = Páginas
nav-account = Cuenta
nav-sign-in = Entrar
high-contrast = Alto contraste
dismiss = Cerrar
reload-page = Volver a cargar
reference = Referencia:
show-as-table = Ver como tabla
hide-table = Ocultar la tabla
offline-last-seen = Sin conexión. Esto es lo último que viste.
missing-email = Escribe un correo, por ejemplo ada@example.org.
missing-password = Escribe tu contraseña.
typed-is-kept = Lo que escribiste sigue aquí.
unsaved-work = El formulario tiene cambios sin guardar.
unsaved-advice = Guárdalos primero o descártalos.
discard-changes = Descartar cambios
save-after-sign-in = Vuelve a iniciar sesión en otra pestaña y guarda otra vez aquí.
try-when-connected = Inténtalo de nuevo cuando tengas conexión.
try-in-a-minute = Espera un minuto e inténtalo de nuevo.
try-in-a-moment = Inténtalo de nuevo en un momento.
field-too-short = Escribe al menos { $least } caracteres.
field-number = Escribe un número de { $min } a { $max }.
field-decimal = Escribe un número de { $min } a { $max }, con { $digits } decimales como máximo.
field-day = Indica un día a partir del { $day }.
field-missing = Rellena este campo.
password-strong = Segura.
password-weak = Demasiado débil. Usa varias palabras poco comunes.
password-weak-because = Demasiado débil. { $reason }
continue-with = Continuar con { $provider }
unit-kg = kg
unit-lb = lb
length-s = { $seconds } s
length-min-s = { $minutes } min { $seconds } s
length-min = { $minutes } min
length-h = { $hours } h { $minutes } min
size-kb = { $size } kB
size-mb = { $size } MB
size-gb = { $size } GB
not-measured = sin medir
energy-kcal = { $energy } kcal
form-good = Buena técnica
form-fair = Técnica aceptable
form-poor = Técnica por mejorar
form-none = Técnica sin medir
tempo-phases = bajada { $down } s, pausa { $hold } s, subida { $up } s, descanso { $rest } s
phase-hold = Aguante
phase-lost = No se ve
phase-ready = Listo
phase-down = Bajada
phase-bottom = Abajo
phase-up = Subida
phase-top = Arriba
phase-out = Apertura
phase-wide = Apertura total
phase-in = Cierre
phase-push = Empuje
phase-back-up = Regreso arriba
phase-first-half = Primera mitad
phase-halfway = Mitad
phase-second-half = Segunda mitad
badge-first-workout = Primer entrenamiento
badge-first-record = Primer récord
badge-clean-form = Técnica limpia
badge-all-round = Entrenamiento completo
badge-workouts = Entrenamientos
badge-repetitions = Repeticiones
badge-days-in-a-row = Días seguidos
badge-weeks-in-a-row = Semanas seguidas
badge-records = Rompe récords
badge-variety = Variedad
badge-hold = Gran aguante
tier-bronze = bronce
tier-silver = plata
tier-gold = oro
days-in-a-row = { $count } { $count ->
        [one] día seguido
       *[other] días seguidos
    }
weeks-in-a-row = { $count } { $count ->
        [one] semana seguida
       *[other] semanas seguidas
    }
exercises-in-a-workout = { $count } { $count ->
        [one] ejercicio
       *[other] ejercicios
    } en un entrenamiento
held-for = { $length } aguantados
form-in-a-workout = técnica del { $form } en un entrenamiento
form-progress = { $figure } de { $goal } de técnica en un entrenamiento
held-progress = { $figure } de { $goal } aguantados
some-of = { $figure } de { $goal }
achievements-not-loaded = No se pudieron cargar tus logros: { $reason } No se han perdido. Míralos después en Progreso.
achievements-not-ready = Tus logros aún no están listos. Míralos después en Progreso.
achievements-earned = Has conseguido { $count } { $count ->
        [one] logro
       *[other] logros
    }.
page-home = Inicio · Kinelog
skip = Ir al contenido
back-home = ← Inicio
language = Idioma
language-change = Cambiar el idioma
language-not-stored = Tu navegador no ha podido guardar el idioma.
language-not-stored-detail = En los ajustes del navegador, permite que este sitio guarde datos o borra datos de otros sitios.
nav-plans = Planes
earlier = Antes
later = Después
count-days = { $count } { $count ->
        [one] día
       *[other] días
    }
unsent-sessions = { $count ->
    [one] Una sesión de este dispositivo espera a ser enviada. Se enviará en cuanto tengas conexión.
   *[other] { $count } sesiones de este dispositivo esperan a ser enviadas. Se enviarán en cuanto tengas conexión.
}
unsent-all-sent = Tu entrenamiento de este dispositivo se ha enviado.
unsent-left = Parte del entrenamiento de este dispositivo no se pudo enviar.
unsent-open = Abrir entrenamientos
