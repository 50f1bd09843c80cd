time-in-video = Momento del vídeo
curve-range = Entre { $low }° y { $high }°,
repetitions-in-length = { $count } { $count ->
        [one] repetición
       *[other] repeticiones
    } en { $length }.
rep-of-at = repetición { $rep } de { $total }, { $time }
not-seen = no se ve
angle-table = Ángulo de la articulación en tabla
every-half-second = Cada medio segundo
angle = Ángulo
depth = Profundidad
phase = Fase
best-rep-number = La mejor: repetición { $rep }
worst-rep-number = Por mejorar: repetición { $rep }
best-and-worst = La mejor y la peor
best-rep = La mejor repetición
sessions-not-deleted = No se { $count ->
        [one] pudo
       *[other] pudieron
    } eliminar { $count } { $count ->
        [one] sesión
       *[other] sesiones
    }.
still-in-list = Siguen en la lista.
undo-action = Deshacer
sessions-deleted = { $count } { $count ->
        [one] sesión eliminada
       *[other] sesiones eliminadas
    }. Puedes { $count ->
        [one] recuperarla
       *[other] recuperarlas
    } durante siete días.
sessions-restored = { $count } { $count ->
        [one] sesión recuperada
       *[other] sesiones recuperadas
    }.
sessions-not-restored = No se { $count ->
        [one] pudo
       *[other] pudieron
    } recuperar { $count } { $count ->
        [one] sesión
       *[other] sesiones
    }.
kept-seven-days = Las sesiones eliminadas se guardan siete días.
export-done = El fichero { $format } se ha descargado.
export-preparing = Preparando el fichero…
export-failed = No se pudo crear el fichero.
sessions-unchanged = Tus sesiones no han cambiado.
export-as = Exportar como { $format }
export = Exportar
this-was-wrong = Esto no es así
this-was-missed = Esto faltó
feedback-about = { $action }: { $fault }, repetición { $rep }
you-said-wrong = Dijiste que no es así.
you-said-missed = Dijiste que faltó.
not-finished = No pudimos terminar la sesión.
completion = Cumplimiento
form = Técnica
tempo = Tempo
range-of-motion = Recorrido
source-device = el dispositivo del deportista
source-server = este servidor, en directo
source-person = una persona
source-file = este servidor, del vídeo
seen-share = { $share } de los { $frames } fotogramas analizados
check-light = luz
check-body = cuerpo entero
check-view = ángulo
check-people = una persona
set-checks = serie { $set }: { $checks }
verified-of = { $verified } de { $count } { $count ->
        [one] repetición
       *[other] repeticiones
    }
body-visible = Cuerpo visible
started-anyway = Empezada igualmente
verified = Verificadas
counted-by = Contó
pose-model = Modelo de pose
definition = Definición
definition-version = { $exercise }, versión { $version }
performance-title = Rendimiento
of-100 = de 100
no-score = No hay datos suficientes para una puntuación.
session-in-progress = La sesión sigue en curso.
name-of-session = Nombre de la sesión
save = Guardar
renamed-to = Ahora se llama { $name }.
name-removed = Se quitó el nombre.
name-unchanged = El nombre no ha cambiado.
change-and-save = Cámbialo y guarda otra vez, o cancela.
session-not-deleted = La sesión no se eliminó.
session-deleted = Sesión eliminada. Puedes recuperarla durante siete días.
session-restored = Sesión recuperada.
counted-reps-kept = Las repeticiones contadas se conservan.
replay-and-train = Volver a ver y entrenar con el fantasma
continue-workout = Seguir con la rutina
share = Compartir
delete = Eliminar
replay = Volver a ver
recorded = grabada
recording-deleted = grabación eliminada
select-which = Elegir { $session }
tags-of-which = Etiquetas de { $session }
rename-which = Renombrar { $session }
replay-which = Volver a ver { $session }
name-of-recording = Nombre de la grabación
loading-session = Cargando la sesión…
no-video-kept = No se guardó vídeo. Puedes volver a ver el movimiento como esqueleto.
recording-not-kept = La grabación se eliminó el { $date }: Kinelog conserva las grabaciones durante un tiempo limitado. Los resultados se mantienen.
no-video-by-hand = Anotada a mano, así que no hay vídeo.
no-movement-kept = La cámara contó esta sesión, pero no se guardó el movimiento. Para volver a ver la próxima, deja activado «Guardar mis movimientos».
loading-skeleton = Cargando el esqueleto…
loading-skeleton-share = Cargando el esqueleto: { $share } %
skeleton-not-loaded = No se pudo cargar el esqueleto: { $reason } Vuelve a abrir la sesión.
looks-like = Tu movimiento parece: { $exercises }
looks-like-computed = Comparando tu movimiento con todos los ejercicios…
looks-like-none = Tu movimiento no se parece a ningún ejercicio de la biblioteca.
counting-again = Contando de nuevo…
count-again = Contar de nuevo
wrong-exercise = ¿No es este ejercicio?
wrong-exercise-what = Elige lo que hiciste. Tu movimiento se cuenta de nuevo y el nuevo resultado sustituye a este. Los comentarios se conservan; los enlaces a la grabación que compartiste dejan de funcionar.
joint-angle = Ángulo de la articulación
movement = Movimiento
drag-to-seek = Arrastra para moverte; pulsa un número para repetir esa repetición.
tags = Etiquetas
sessions-tagged = Sesiones con la etiqueta { $tag }
tags-by-commas = Etiquetas, separadas por comas
tags-example = piernas, antes del desayuno
tagged = Etiquetas: { $tags }.
tags-removed = Etiquetas quitadas.
tags-unchanged = Las etiquetas no han cambiado.
tags-limit = Usa como mucho { $most } etiquetas de hasta { $longest } caracteres y guarda otra vez.
rep-number = Repetición { $rep }
reps-two = Repeticiones { $first } y { $second }
reps-many = { $count } { $count ->
        [one] repetición
       *[other] repeticiones
    }
slow-down = Baja más despacio.
steady = Constante de principio a fin. ¡Sigue así!
more-not-counted = { $count ->
        [one] Una más no contó
       *[other] { $count } más no contaron
    }
still-in-progress = Sigue en curso
still-in-progress-what = El resultado estará completo cuando termines la sesión.
verdict-held = { $length } de aguante.
no-reps-counted = No se contó ninguna repetición.
no-reps-advice = Muestra todo el cuerpo, de la cabeza a los pies, y comprueba que el ejercicio sea el correcto.
verdict-rep = Repeticiones
verdict-reps = Repeticiones
verdict-several = { $exercises }: { $count } { $count ->
        [one] repetición
       *[other] repeticiones
    } en { $sets } { $sets ->
        [one] serie
       *[other] series
    }.
verdict-plain = { $what }: { $count }.
verdict-by-hand = Contado a mano en { $length }.
verdict-all-clean = { $what }: { $count }, todas limpias.
verdict-some-clean = { $what }: { $count }, { $clean } de ellas limpias.
rep = Rep.
rep-start = Inicio
rep-end = Fin
faults-and-cues = Fallos y avisos
reason-too-shallow = Demasiado corta para contar.
reason-too-fast = Demasiado rápida para ser una repetición.
reason-too-slow = Demasiado lenta para ser una repetición.
reason-pose-lost = Estuviste fuera de la imagen en parte.
reason-incomplete = Acabaste la serie antes de completarla.
reason-after-session = Llegó cuando la sesión ya había terminado.
reason-not-periodic = No seguía el ritmo de tu serie.
reason-athlete = La quitaste tú.
reason-later-look = Una segunda revisión más atenta no la confirmó.
not-assessed = { $set }: la cámara no pudo evaluar { $faults }.
set-held-for = { $set }: aguante de
set-exercise = Serie { $set }, { $exercise }
loop-rep = Repetir en bucle la { $rep }
faults-seen = Fallos vistos: { $faults }.
faults-slight = Leves y no señalados: { $faults }.
faults-not-seen = Comprobado y no visto: { $faults }.
faults-not-judged = Sin juzgar, porque la cámara no lo mostraba: { $faults }.
judged-unknown = No consta qué fallos se podían juzgar.
form-not-judged = Se vio demasiado poco para juzgar la técnica.
degree-severe = grave
tempo-took = Bajada { $lower } s, subida { $lift } s.
range-degrees = Recorrido: { $degrees }°.
symmetry = Izquierda y derecha coinciden al { $share }.
why = ¿Por qué?
form-of-rep = Técnica de la repetición { $rep }
was-one-there = ¿Hubo alguno de estos de todos modos?
no-faults = ninguno
other-cues = { $set }, otros avisos: { $cues }.
cue-times = { $cue } ({ $count } { $count ->
        [one] vez
       *[other] veces
    })
show-at = Mostrar { $time }
movements-not-counted = { $count } { $count ->
        [one] movimiento no contado
       *[other] movimientos no contados
    } como repeticiones.
from = Desde
length = Duración
reason = Motivo
seconds-exact = { $seconds } s
video = Vídeo
skeleton = Esqueleto
sound = Sonido
speed = Velocidad
full-screen = Pantalla completa
play = Reproducir
measured-at-least = { $measured }, mínimo { $bound }
measured-at-most = { $measured }, máximo { $bound }
rep-at-worst = El peor momento de la repetición { $rep }. { $verdict }.
at-time = En { $time }.
dashed-line = Discontinua: donde debería estar.
rep-by-rep = Repetición a repetición
set-ratings = ¿Qué tan duro fue? (RPE)
set-rating-saved = Tu valoración está guardada.
duration = Duración
about-session-list =
    .content = Tus sesiones y grabaciones: encuéntralas, renómbralas, vuelve a verlas y elimínalas.
page-session-list = Sesiones · Kinelog
recordings = Grabaciones
filter-sort-export = Filtrar, ordenar y exportar
filter-period = Período
this-week = Esta semana
last-week = La semana pasada
this-month = Este mes
last-month = El mes pasado
other-days = Otros días
from-day = Desde
to-day = Hasta
all = Todas
any-form = Cualquiera
form-good-from = Buena, desde el 85 %
form-fair-from = Aceptable, del 65 al 85 %
recording = Grabación
recorded-yes = Grabadas
recorded-no = Sin grabar
status = Estado
completed = Terminadas
in-progress-title = En curso
tag = Etiqueta
newest-first = Más recientes primero
oldest-first = Más antiguas primero
longest-first = Más largas primero
shortest-first = Más cortas primero
most-repetitions = Más repeticiones
fewest-repetitions = Menos repeticiones
best-form = Mejor técnica
weakest-form = Peor técnica
best-performance = Mejor rendimiento
weakest-performance = Peor rendimiento
selected-sessions =
    .aria-label = Sesiones elegidas
select-all-shown = Elegir todas las mostradas
session-list =
    .aria-label = Sesiones
pages-of-list =
    .aria-label = Páginas de la lista
previous-page = Página anterior
next-page = Página siguiente
times-in-own-days = Horas en { $zone }; días en la zona horaria de cada sesión.
times-in = Horas en { $zone }.
no-matching-sessions = Ninguna sesión coincide
clear-to-see-all = Quita los filtros para ver todas las sesiones.
no-more-sessions = No hay más sesiones
to-first-page = Ir a la primera página
analyze-a-video = analiza un vídeo
delete-sessions = Eliminar { $count } { $count ->
        [one] sesión
       *[other] sesiones
    }
storage-used = { $count } { $count ->
        [one] grabación
       *[other] grabaciones
    }, { $size } ocupados
no-recordings = Sin grabaciones
storage-unknown = No pudimos ver cuánto espacio ocupas. Inténtalo más tarde.
select-first = Primero elige las sesiones que quieres eliminar.
about-not-found =
    .content = Esta página no existe.
page-not-found = Página no encontrada · Kinelog
not-found = Página no encontrada
not-found-what = No hay ninguna página en esta dirección. Quizá el enlace sea antiguo o tenga un error.
go-home = Ir al inicio
share-image = Compartir como imagen
card-downloaded = La imagen está en tus descargas.
