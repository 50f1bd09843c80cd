about-home =
    .content = Kinelog: analiza vídeos de entrenamiento: repeticiones, técnica y tempo.
home-ready = Cuando quieras, empezamos.
home-start-training = Empezar a entrenar
home-start-workout = Empezar esta rutina
home-upload-set = Subir una serie
home-for-trainers =
    .aria-label = Para entrenadores
home-athletes = Tus atletas
home-write-plan = Escribir un plan
home-videos = Tus vídeos
home-week = Esta semana
home-upload-why = Obtén repeticiones, técnica y tempo de un vídeo.
home-choose-video = Elige un vídeo
home-drop-hint = o suéltalo aquí. Una persona, de cuerpo entero.
exercise = Ejercicio
home-detect = Detectar automáticamente
home-analyze = Analizar el vídeo
home-uploading = Subiendo
home-cancel-upload = Cancelar la subida
home-latest = Últimas sesiones
home-show = Mostrar
home-all-exercises = Todos los ejercicios
load-more = Cargar más
home-see-all = Ver todas las sesiones
home-totals = Totales
home-history = Historial de entrenamiento
home-which-exercise = ¿Qué ejercicio es?
home-not-sure = No estamos seguros. Aún no se ha contado nada.
home-other-exercise = Otro ejercicio
home-analyzed = Tu vídeo está analizado.
home-open-session = Abrir la sesión
session = Sesión
loading = Cargando…
home-session-not-loaded = No pudimos cargar esta sesión.
nothing-changed = No se ha cambiado nada.
home-check-link = Revisa el enlace o abre la sesión desde la lista.
try-again = Reintentar
performance = de rendimiento
no-exercise = Sin ejercicio
exercise-and-more = { $exercise } y { $count } { $count ->
        [one] ejercicio más
       *[other] ejercicios más
    }
in-progress = en curso
logged-by-hand = anotada a mano
home-none-with-exercise = No hay sesiones con este ejercicio
home-try-another = Prueba otro ejercicio o muestra todas las sesiones.
home-show-all = Mostrar todos los ejercicios
home-step-phone = Coloca el móvil
home-step-phone-how = En el suelo o en un banco, a 2-4 metros, con todo el cuerpo en la imagen.
home-step-train = Elige un ejercicio. Kinelog cuenta tus repeticiones y corrige tu técnica mientras te mueves.
home-step-result = Mira tu resultado
home-step-result-what = Repeticiones, técnica y tempo, con tu mejor y tu peor repetición lado a lado.
home-no-sessions = Aún no hay sesiones
home-first-one = La primera te lleva dos minutos:
home-filmed-already = ¿Ya has grabado una serie?
home-upload-the-video = Sube el vídeo
sessions-shown = { $count } { $count ->
        [one] sesión mostrada
       *[other] sesiones mostradas
    }.
sessions-shown-more = { $count } { $count ->
        [one] sesión mostrada
       *[other] sesiones mostradas
    }; puedes cargar más.
sessions-not-loaded = No pudimos cargar tus sesiones.
sessions-safe = Tus sesiones están a salvo.
home-ready-name = Cuando quieras, { $name }.
home-last-time = La última vez: { $exercise }, { $count } { $count ->
        [one] repetición
       *[other] repeticiones
    }. Supéralo hoy.
home-stand = Ponte frente a la cámara. Kinelog cuenta tus repeticiones y corrige tu técnica.
home-days = { $count ->
        [one] día
       *[other] días
    }
home-reps = { $count ->
        [one] rep.
       *[other] reps.
    }
home-sessions = { $count ->
        [one] sesión
       *[other] sesiones
    }
home-energy = energía
home-streak-none = Entrena hoy y empieza una racha.
home-streak-first = Hoy has entrenado. Vuelve mañana y empieza una racha.
home-streak-done = { $count } { $count ->
        [one] día seguido
       *[other] días seguidos
    }. ¡Bien hecho!
home-streak-go-on = { $count } { $count ->
        [one] día seguido
       *[other] días seguidos
    }. Entrena hoy para no perder la racha.
period-day = Día
period-week = Semana
period-month = Mes
reps-today = Reps. hoy
reps-this-week = Reps. esta semana
reps-this-month = Reps. este mes
totals-by-day = Totales por día, los más recientes primero
totals-by-week = Totales por semana, los más recientes primero
totals-by-month = Totales por mes, los más recientes primero
chart-by-day = Repeticiones por día
chart-by-week = Repeticiones por semana
chart-by-month = Repeticiones por mes
reps = Reps.
time = Tiempo
energy = Energía
period = Periodo
totals-not-loaded = No se pudieron cargar los totales: { $reason } Tus sesiones están a salvo.
repetitions-in-sessions = { $day }: { $repetitions } { $repetitions ->
        [one] repetición
       *[other] repeticiones
    } en { $sessions } { $sessions ->
        [one] sesión
       *[other] sesiones
    }
no-repetitions-since = Sin repeticiones desde el { $day }.
home-file-empty = Este vídeo está vacío.
home-file-empty-detail = { $file } no tiene contenido. Elige otro vídeo.
home-file-large-detail = { $file } ocupa { $size }. El límite es { $limit }. Recorta el vídeo o expórtalo con menor resolución.
home-file-large = Este vídeo es demasiado grande.
home-up-to = Hasta { $size }.
home-file-ready = { $size }, listo. Elige otro para cambiarlo.
home-file-selected = { $file } seleccionado.
home-no-video = No has elegido ningún vídeo.
home-no-video-detail = Elige un vídeo o suéltalo sobre el formulario.
home-size-of = { $loaded } de { $total }
home-upload-canceled = Subida cancelada. No se analizó nada.
home-analyzing = Analizando
home-leave = Puedes salir de esta página. El análisis sigue en el servidor.
home-queued = En cola
home-lost-track = Hemos perdido el hilo del análisis.
home-analysis-goes-on = Tu vídeo está a salvo y el análisis continúa.
home-analysis-done = El análisis ha terminado.
home-not-analyzed = No pudimos analizar este vídeo.
home-others-unchanged = Tus otras sesiones no han cambiado.
home-analysis-advice = Comprueba que haya una sola persona en la imagen, de la cabeza a los pies. Si no se detectó el ejercicio, elígelo tú.
home-agree-first = Acepta antes de subir un vídeo.
home-video-kept = Tu vídeo sigue seleccionado.
home-read-and-agree = Leer y aceptar
home-choose-another = Elige otro vídeo u otro ejercicio.
home-retry-safe = Inténtalo de nuevo. El mismo vídeo nunca se cuenta dos veces.
count-held = aguante
count-of-reps = { $count ->
        [one] rep.
       *[other] reps.
    }
figure-pause = Demostración de { $exercise }: pausar
video-of = Vídeo de un entrenador: { $exercise }
figure-play = Demostración de { $exercise }: reproducir
home-assigned =
    { $count ->
        [one] { $count } entrenamiento de tu entrenador: { $day }
       *[other] { $count } entrenamientos de tu entrenador; el primero, { $day }
    }

home-recommendations = Para ti
home-recommended-plan = Plan
home-recommended-workout = Entrenamiento
home-recommended-exercise = Ejercicio
home-recommended-video = Vídeo
home-dismiss = No es para mí
home-want-more = Más como esto
home-more-wanted = Verás más como «{ $title }».
home-more-no-longer = «{ $title }» ya no cuenta como deseado.
home-dismissed = No volveremos a recomendarte «{ $title }».

home-insights = Lo que dice tu entrenamiento
home-question = Pregunta por tu entrenamiento, por ejemplo: «¿Cómo va mi forma en sentadilla?»
home-ask = Preguntar
home-from-sessions =
    { $count ->
        [one] De una sesión
       *[other] De { $count } sesiones
    }
home-condition = Técnica y recuperación
home-form-chart = Técnica media por semana
home-form-week = Semana del { $day }: { $form }
home-form-first = técnica media de esta semana
home-form-earlier = técnica media de la semana del { $day }
home-form-up = técnica media, { $points } { $points ->
        [one] punto
       *[other] puntos
    } más que la semana anterior
home-form-down = técnica media, { $points } { $points ->
        [one] punto
       *[other] puntos
    } menos que la semana anterior
home-form-same = técnica media, como la semana anterior
home-resting-heart-rate = Frecuencia en reposo
home-heart-rate-variability = Variabilidad cardíaca
home-sleep = Sueño
home-better = mejor
home-usual = normal
home-worse = peor
home-as-usual = como siempre
home-more-than-usual = { $percent } % más de lo habitual
home-less-than-usual = { $percent } % menos de lo habitual
home-why-this = ¿Por qué esto?
home-not-here-if = No estaría aquí si:
home-without-time = solo tuvieras { $value } minutos
home-without-equipment = te faltara: { $value }
home-without-injury = tuvieras que cuidar { $value }
home-part-ankle = los tobillos
home-part-lower_back = la zona lumbar
home-part-elbow = los codos
home-part-knee = las rodillas
home-part-neck = el cuello
home-part-shoulder = los hombros
home-part-wrist = las muñecas
