coach-title = Entrena con tu cámara
coach-what = Kinelog cuenta tus repeticiones y corrige tu técnica mientras te mueves. La imagen de la cámara no sale de este dispositivo.
repetitions = Repeticiones
seconds = Segundos
per-set = por serie (objetivo opcional)
choose-exercise = Elige un ejercicio
change-privacy = Cambiar
kept-movement = Se guarda tu movimiento para verlo después, pero ninguna imagen.
kept-video = Se guardan tu movimiento y un vídeo tuyo para verlos después.
kept-count = Solo se guarda el recuento.
kept-manual = La cámara sigue apagada. Solo se guarda el recuento.
camera-placement = Dónde poner la cámara
coach-replay = Privacidad
keep-movement = Guardar mis movimientos
keep-movement-why = Así puedes volver a ver tu sesión y entrenar con tu propio fantasma. No se guardan imágenes.
keep-video = Guardar también un vídeo
keep-video-why = Así la reproducción te muestra a ti y no solo tu esqueleto.
settings = Ajustes
coach-counting = Recuento
landmarks-only = Solo puntos del cuerpo
landmarks-only-what = Tu movimiento se envía como 33 puntos. No se envían imágenes.
landmarks-and-images = Puntos del cuerpo e imágenes
landmarks-and-images-what = También se envía una imagen pequeña hasta dos veces por segundo para comprobar el recuento. No se guarda.
manual = Manual
manual-what = La cámara queda apagada. Cuentas tú.
rest-between-sets = Descanso entre series
rest-30 = 30 s
rest-60 = 60 s
rest-90 = 90 s
rest-120 = 2 min
rest-180 = 3 min
announce-count = Anunciar el recuento
every-repetition = cada repetición
every-fifth = cada cinco repeticiones
speak-cues = Decir los avisos en voz alta
voice-commands = Órdenes de voz: empezar, parar, pausa, siguiente, deshacer, cambiar
voice-commands-hint = Tu navegador puede enviar tu voz a su fabricante para reconocerla.
notify-rest = Avisarme cuando acabe el descanso
connection = Conexión
send-data-by = Enviar los datos por
http-requests = Peticiones HTTP
websocket = WebSocket
webrtc-channel = Canal de datos WebRTC
transport-hint = Las peticiones HTTP funcionan en todas partes y sustituyen a los demás sin perder nada.
turn-on-camera = Encender la cámara
count-manually = Contar a mano
guided-workouts = Rutinas guiadas
upload-instead = Mejor subir un vídeo
rest = Descanso
next-exercise = Siguiente ejercicio
next-goal = Objetivo de la próxima serie
goal-wrong = Escribe un número entero de { $min } a { $max } o déjalo vacío.
before-you-start = Antes de empezar
start-anyway = Empezar igualmente
start-anyway-hint = Puedes empezar ya, pero el recuento puede fallar.
count-manually-instead = Mejor contar a mano
set = Serie
coach-recording = Grabación
set-controls =
    .aria-label = Serie
plus-one = +1 repetición
start-set = Empezar la serie
pause = Pausa
undo = Deshacer
undo-wide = {" "}repetición
finish = Terminar
finish-wide = {" "}sesión
session-completed = Sesión terminada
train-again = Entrenar otra vez
view-front = de frente
view-side = de lado
view-oblique = en diagonal
view-rear = por detrás
light-camera = Cámara
light-camera-advice = Permite que esta página use la cámara.
light-light = Luz
light-too-bright = Demasiada luz. Aléjate de la ventana.
light-too-dark = Demasiado oscuro. Enciende una luz.
light-body = Cuerpo entero
light-come-closer = Acércate a la cámara.
light-step-back = Aléjate hasta que se te vea de la cabeza a los pies.
or = o
light-angle = Ángulo
light-angle-advice = La cámara debe verte { $views }.
light-people = Una persona
light-several = Hay más de una persona en la imagen.
light-nobody = Aún no hay nadie en la imagen. Ponte frente a la cámara.
consent-before-camera = Antes de usar la cámara
i-agree = Acepto
consent-hint = Puedes cambiarlo cuando quieras en tu cuenta. Las repeticiones ya contadas se conservan.
consent-before-upload = Antes de subir tu vídeo
not-now = Ahora no
camera-denied = Se denegó el acceso a la cámara.
camera-allow = Permite la cámara para esta página en la barra de direcciones y vuelve a encenderla.
camera-none = No se encontró ninguna cámara.
camera-connect = Conecta una cámara o entrena sin ella.
camera-busy = Otro programa está usando la cámara.
camera-busy-advice = Ciérralo y vuelve a encender la cámara.
camera-unavailable = La cámara no está disponible.
camera-https = Abre esta página por https o entrena sin cámara.
camera-revoked = Se retiró el permiso de la cámara.
camera-revoked-detail = Esta página ya no puede usar la cámara.
camera-disconnected = Se desconectó la cámara.
camera-disconnected-detail = Ya no está conectada.
camera-reconnect = Conéctala de nuevo o elige otra, y enciende la cámara.
camera-off = La cámara se apagó.
camera-off-detail = Se retiró el permiso o se desconectó.
camera-muted = La cámara no envía imagen.
camera-muted-detail = Puede que la use otro programa o que se haya apagado con un interruptor.
camera-muted-advice = Cierra ese programa o cambia el interruptor, y vuelve a encender la cámara.
camera-unattended = No se veía a nadie, así que la cámara se apagó.
camera-unattended-detail = Pasaron diez minutos sin nadie en la imagen.
camera-on-again = Vuelve a encender la cámara.
camera-prompt = Tu navegador pide permiso para la cámara. Busca el aviso junto a la barra de direcciones.
reps-kept = Las repeticiones contadas se conservan.
camera-loss-advice = { $advice } O para la serie y cuenta a mano.
camera-without = Puedes entrenar sin cámara: cuenta a mano o sube un vídeo.
sign-in-other-tab = Entra de nuevo en otra pestaña y sigue aquí.
confirm-other-tab = Confirma tu acceso en otra pestaña y sigue aquí.
confirm-sign-in = Confirma tu acceso
frames-need-consent = Las imágenes se procesan solo con tu consentimiento.
review-consent = Ver el consentimiento
continue-elsewhere = Sigue allí o cierra la otra pestaña e inténtalo de nuevo.
key-start-stop = empezar o parar la serie
key-pause = pausar o seguir
key-next = siguiente: acabar la serie o el descanso
key-undo = deshacer la última repetición
keyboard-shortcuts = Atajos de teclado
use-shortcuts = Usar atajos de teclado
keys-space = Espacio, K
key-play = reproducir o pausar
key-1s = 1 s atrás o adelante
key-ends = principio, final
key-share = saltar al 0-90 %
starts-in = Empieza en { $left }
is-next = Sigue: { $exercise }.
finish-session = Terminar la sesión
unfinished-session = Tu sesión del { $moment } no se terminó.
start-manually = Empezar a mano
my-session = Mi sesión
start-recording = Empezar a grabar
pause-recording = Pausar la grabación
stop-recording = Parar la grabación
nothing-recorded = No se está grabando nada.
description = Descripción
recording-now = Grabando
recording-paused = Grabación en pausa
recording-saved = Grabación guardada
movement-not-recorded = Tu movimiento ya no se graba.
recording-too-old = Se borró de este navegador una grabación que no se pudo enviar en 90 días.
recording-not-sent = La grabación de una sesión anterior aún no se ha enviado: { $reason }
recording-last-saved = La grabación de tu última sesión está guardada.
removed-by-you = Quitada por ti
not-counted = No cuenta
review-repetitions = Revisa las repeticiones
counting-the-set = Contando la serie…
check-your-reps = Revisa las repeticiones dudosas. Desactiva las que no cuenten y activa las que falten.
reps-all-clear =
    { $count ->
        [one] { $count } repetición, sin dudas.
       *[other] { $count } repeticiones, sin dudas.
    }
show-all-reps =
    { $count ->
        [one] Mostrar { $count } repetición
       *[other] Mostrar las { $count } repeticiones
    }
movement-uncounted = El movimiento { $place } no cuenta.
movement-counted = El movimiento { $place } cuenta.
counts = Cuenta
counts-movement = : movimiento { $place }
device-counted = Tu dispositivo contó { $count }{ $faults }
server-counted = el servidor, con tus imágenes, contó { $count }{ $faults }
device-count-applies = { $counts }. Vale el recuento de tu dispositivo, porque el servidor recibió muy pocas imágenes.
server-count-applies = { $counts }. Vale el recuento del servidor, porque recibió suficientes imágenes.
results-of-each-set = Resultados de cada serie
counted = Contadas
most-frequent-cues = Avisos más frecuentes
session-sum = { $sets } { $sets ->
        [one] serie
       *[other] series
    }, { $amount } en { $length }.
pictures-not-sent = Ya no se envían imágenes.
seconds-goal = { $count } { $count ->
        [one] segundo
       *[other] segundos
    }, tu objetivo.
five-checks-or-anyway = Tu serie empieza cuando las cinco comprobaciones estén en verde. O empieza igualmente.
set-completed = Serie { $set } terminada.
resumed = Seguimos.
paused = En pausa.
repetitions-now = { $count } { $count ->
        [one] repetición
       *[other] repeticiones
    }.
completing-session = Terminando tu sesión…
counted-both = Cuentan este dispositivo y el servidor
counted-here = Cuenta este dispositivo
lost-kept = Sin conexión. Tus repeticiones se guardan aquí y se envían después.
lost-continue = Sin conexión: { $kept }puedes seguir.
analysis-slow = El análisis va lento, así que cuenta este dispositivo.
device-counts = Cuenta este dispositivo. Puedes seguir.
buffered = { $length } en espera,
stop-set = Parar la serie
set-number = Serie { $set }
set-number-paused = Serie { $set }, en pausa
counted-manually = Cuentas tú
mode-pictures = , se envían imágenes
mode-filmed = , se graba vídeo
device-too-slow = Este dispositivo es muy lento para juzgar tu técnica. Tus repeticiones cuentan igual.
microphone-gone = El micrófono ya no está disponible. Usa el teclado o los botones.
microphone-denied = Se denegó el acceso al micrófono. Usa el teclado o los botones.
camera-not-connected = Tu cámara no está conectada
camera-default = La del navegador
camera-connected = Conectada: { $cameras }.
your-camera = Tu cámara, en espejo
previous-cues = Avisos anteriores
cue-of-repetition = { $cue } (repetición { $repetition })
form-of-latest = Técnica de la última repetición
phase-of-repetition = Fase de la repetición
check-not-yet = Aún no
check-checking = Comprobando
five-checks-green = Las cinco comprobaciones están en verde. Puedes empezar.
counter-repetitions = { $count ->
        [one] repetición
       *[other] repeticiones
    }
counter-of = de { $target }
count-repetitions-goal = { $count } { $count ->
        [one] repetición
       *[other] repeticiones
    }, tu objetivo
counter-of-seconds = de { $count } { $count ->
        [one] segundo
       *[other] segundos
    }
counter-held = seg. de aguante
rest-left = Descanso restante
rest-less = −15 s
rest-more = +15 s
rest-seconds = Descanso: { $count } { $count ->
        [one] segundo
       *[other] segundos
    }.
rest-longest = El descanso puede durar como máximo una hora.
rest-over = Se acabó el descanso.
start-next-set = Empieza tu próxima serie.
view-any = desde cualquier lado
camera-must-see = Que la cámara te vea { $views }, a solas y de la cabeza a los pies.
camera-stand = Ponla a la altura de la cadera, a 2,5-3 metros. Para ejercicios en el suelo, baja y a 2 metros.
tempo-least = Baja en al menos { $lower } { $lower ->
        [one] segundo
       *[other] segundos
    } y sube en al menos { $lift } { $lift ->
        [one] segundo
       *[other] segundos
    }.
about-coach =
    .content = Entrena con tu cámara: recuento de repeticiones y corrección de la técnica en directo.
page-coach = Entrenar · Kinelog
saving-workout = Guardando tu entrenamiento…
saved-workout = Entrenamiento guardado
workout-not-saved = No se ha podido guardar el resultado de tu entrenamiento.
workout-kept = Está en este navegador y se enviará de nuevo cuando abras esta página. Tu sesión está completa.
documents-delayed = Tu entrenamiento está registrado, pero su copia en el almacén del historial aún no se ha podido guardar. Kinelog lo sigue intentando.
store-document = Historial
store-analytics = Análisis
store-pending = guardando…
store-saved = guardado
store-retrying = con retraso, se reintenta
store-waiting = a la espera de tu perfil
store-failed = no guardado; debe ayudar el operador
store-deleted = eliminado
leave-full-screen = Salir de pantalla completa
