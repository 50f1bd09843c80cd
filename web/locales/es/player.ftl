about-workouts =
    .content = Rutinas guiadas: cuenta repeticiones, mide descansos y anuncia la próxima serie.
page-workouts = Rutinas · Kinelog
back-workouts = ← Todas las rutinas
completed-sets =
    .aria-label = Series completadas
select-workout = Elige una rutina
no-workouts = Aún no hay rutinas. Crea la primera aquí.
create-workout = Crear una rutina
exercises = Ejercicios
by-camera = Con la cámara
by-camera-what = Este dispositivo encuentra 33 puntos de tu cuerpo. Solo se envían esos puntos, salvo que guardes también un vídeo.
by-hand = A mano
by-hand-what = Pulsa en cada repetición o escribe el número tras la serie.
voice-and-notifications = Voz y notificaciones
voice-guidance = Guía por voz
voice-commands-workout = Órdenes de voz: empezar, terminado, pausa, siguiente, deshacer, cambiar
time-of-set =
    .aria-label = Tiempo de esta serie
progress-of-set =
    .aria-label = Avance de la serie
all-sets-done = Todas las series hechas. Termina para ver tus resultados.
enter-result = Escribe el resultado
workout-controls =
    .aria-label = Entrenamiento
skip-set = Saltar la serie
more-actions = Más
skip-exercise = Saltar el ejercicio
do-another = Hacer otro ejercicio
plus-one-missed = +1 repetición que la cámara no ha visto
end-workout = Terminar el entrenamiento
all-workouts = Todas las rutinas
press-to-end = Pulsa otra vez para terminar
press-to-skip = Pulsa otra vez para saltar
minus-one = −1 repetición
minus-one-second = −1 segundo
plus-one-second = +1 segundo
whole-number = Escribe un número entero de { $least } a { $most }.
data-still-sent = Los datos anteriores aún se están enviando al servidor.
data-still-sent-detail = El entrenamiento sigue aquí en cuanto lleguen.
nothing-lost = No se ha perdido nada.
continue-from-here = Sigue desde aquí.
continue-here = Seguir aquí
choose-from-list = Elige una rutina de la lista.
workout-moved = El entrenamiento siguió en otro dispositivo.
workout-moved-detail = Esta página muestra ahora su estado actual.
last-time = La última vez
your-record = Tu récord
your-heaviest = Tu mayor peso
first-time = Es la primera vez que haces este ejercicio.
weight-limits = Escribe un peso de 0 a { $most } { $unit }, con 2 decimales como máximo, o déjalo vacío.
weight-in = Peso ({ $unit })
exercise-note = Nota
rpe = RPE { $rating }
rpe-target = Esfuerzo (RPE)
rpe-none = Sin objetivo
rpe-choice = { $rating }: { $effort }
rpe-left = { $count ->
    [one] queda una repetición más o menos
   *[other] quedan unas { $count } repeticiones
}
rpe-left-between = { $most ->
    [one] queda de { $least } a { $most } repetición
   *[other] quedan de { $least } a { $most } repeticiones
}
rpe-left-one-at-most = queda una repetición como mucho
rpe-left-none = no queda ninguna repetición
rpe-maximal = tan duro como puedas
rpe-very-hard = muy duro
rpe-hard = duro
rpe-somewhat-hard = algo duro
rpe-moderate = moderado
rpe-light = suave
rpe-very-light = muy suave
brief-next = Siguiente
brief-now = Ahora
how-to-do-it = Cómo se hace
get-ready-in = Prepárate: { $left }
camera-again-or-count = Vuelve a encender la cámara o cuenta a mano.
without-camera = Puedes entrenar sin cámara.
completing-workout = Terminando tu entrenamiento…
saved-here = Tu entrenamiento está guardado en este dispositivo
saved-here-offline = No tienes conexión. Puedes cerrar esta página: el entrenamiento se enviará en cuanto vuelvas a tenerla.
saved-here-no-answer = El servidor no responde en este momento. Puedes cerrar esta página: el entrenamiento se enviará más tarde.
waiting-changes = { $count ->
    [one] { $count } cambio espera a ser enviado.
   *[other] { $count } cambios esperan a ser enviados.
}
you-count-now = Desde ahora cuentas tú.
exercise-skipped = Ejercicio saltado.
set-skipped = Serie saltada.
by-source-manual = contado a mano
by-source-server = contado por la cámara
by-source-device = contado en el dispositivo
by-source-file = contado de un vídeo
by-source = contado por { $source }
mass-profile = según el peso de tu cuenta
mass-given = según el peso indicado para este entrenamiento
mass-default = según { $mass }, porque tu cuenta no tiene peso corporal
mass-unknown = según un peso no registrado
energy-formula = Kilocalorías por minuto = MET × 3,5 × peso corporal ({ $unit }) ÷ { $divisor }, de las series, sin descansos ni pausas.
met-gone = { $exercise }: ya no está disponible, no se incluye.
met-for = { $exercise }: { $met } MET durante { $length }. { $source }.
health-unavailable = Salud no está disponible en el dispositivo
health-denied = no se permitió escribir en Salud
health-not-determined = aún no se ha permitido escribir en Salud
health-locked = el dispositivo estaba bloqueado
health-cancelled = se canceló
health-invalid = Salud rechazó el entrenamiento
health-not-requested = Sin enviar. Apple Health está desactivado en tu cuenta.
health-pending = Esperando a tu iPhone. Abre Kinelog en él para guardar el entrenamiento en Apple Health.
health-synced = Tu dispositivo lo guardó en Apple Health.
health-failed = Tu dispositivo no pudo guardarlo: { $reason }. Puede volver a intentarlo.
unknown-reason = motivo desconocido
health-status = Estado desconocido: { $status }.
workout-completed = Entrenamiento terminado.
finished = Terminado
finish-workout = Terminar el entrenamiento
begin-next-set = Empezar la próxima serie
resume-set = Seguir con la serie
you-count = Cuentas tú
camera-counts = Cuenta la cámara
use-camera = Usar la cámara
resume = Seguir
sets-done = { $done } de { $total } { $total ->
        [one] serie
       *[other] series
    }
next-is = Sigue:
all-sets-are-done = Todas las series están hechas.
last-set = Última serie
amount-last-time = La última vez: { $amount }.
amount-goal = Tu objetivo es { $target }.
amount-record = Tu récord: { $amount }.
amount-change = Cámbialo si hiciste más o menos.
amount-of-seconds = { $exercise }, serie { $set }: segundos
amount-of-repetitions = { $exercise }, serie { $set }: repeticiones
not-right = ¿No es correcto? Cámbialo aquí.
sets = Series
skipped = Saltadas
count-sets = { $count } { $count ->
        [one] serie
       *[other] series
    }
score = Puntuación
label-points = { $label } ({ $points } { $points ->
        [one] punto
       *[other] puntos
    })
not-measured-not-included = sin medir, no se incluye
score-what = Tu puntuación suma todo lo que se pudo medir.
table-of-sets = Tabla de series
what-counted = Qué contó y qué no
accepted = Aceptadas
rejected = Rechazadas
new-records = Récords nuevos
how-calculated = Cómo se calcula
count-seconds = { $count } { $count ->
        [one] segundo
       *[other] segundos
    }
set-of = Serie { $set } de { $sets }
select = Elegir
workout-changed = La rutina ha cambiado entretanto.
workout-changed-advice = La lista la muestra como está ahora. Guarda otra vez para sustituirla por lo que has escrito.
workout-saved = { $workout }: guardada.
assigned-title = De tu entrenador
assigned-workout = Entrenamiento de tu entrenador
assigned-decline = Rechazar
assigned-decline-sure = ¿Rechazar este entrenamiento? Tu entrenador lo verá.
assigned-keep = Conservarlo
assigned-declined = Rechazado.
unfinished-workout = Tu entrenamiento del { $moment } no se terminó.
line-last-time = la última vez { $amount }
line-record = récord { $amount }
line-first-time = primera vez
line-rest = descanso { $seconds } s
save-workout = Guardar la rutina
add-exercise = Añadir un ejercicio
rest-s = Descanso (s)
exercise-removed = Ejercicio quitado.
remove-exercise = Quitar el ejercicio { $number }
exercise-number = Ejercicio { $number }
workout-name = Nombre
enter-workout-name = Ponle un nombre a la rutina.
label-whole-number = { $label }: escribe un número entero de { $min } a { $max }.
ended-title = Entrenamientos anteriores de tu entrenador
start-from-template = Empieza con una plantilla:
stop-editing = Cancelar
edit-workout = Editar
duplicate-workout = Duplicar
delete-workout = Eliminar
workout-deleted = { $workout }: eliminado. Los planes y las sesiones que lo tienen lo conservan.
workout-restored = { $workout } está de vuelta.
change-workout = Cambiar la rutina
copy-of = { $workout } (copia)
exercise-moved = Ahora es el ejercicio { $number }.
move-exercise-up = Subir el ejercicio { $number }
move-exercise-down = Bajar el ejercicio { $number }
template-full-body = Cuerpo entero
template-ten-minutes = Diez minutos
template-legs = Piernas y abdomen
template-upper-body = Tren superior
