about-athletes =
    .content = Deportistas que te dejan ver sus entrenamientos en Kinelog.
page-athletes = Deportistas · Kinelog
athletes = Deportistas
athletes-subtitle = Personas que te dejan ver sus entrenamientos. Pueden retirarlo en cualquier momento.
athletes-invite-title = Invitar a un deportista
athletes-invite-advice = Envía el enlace a una sola persona. La primera que lo abra decide si ves sus entrenamientos.
athletes-invite = Crear un enlace
athletes-link = Envía este enlace. Es válido hasta el { $day }.
athletes-copy = Copiar
athletes-copied = Copiado.
athletes-list = Tus deportistas
athletes-none = Todavía nadie te deja ver sus entrenamientos. Invita a un deportista o espera a que alguien se apunte a un plan tuyo y acepte.
athletes-unnamed = Deportista sin nombre
athletes-last-session = Última sesión:
athletes-no-session = Todavía sin sesiones
athletes-adherence = { $performed } de { $sessions } { $sessions ->
        [one] entrenamiento hecho
       *[other] entrenamientos hechos
    }, { $missed } sin hacer
athletes-progress = Avance en tus planes
athletes-films = Con vídeos
athletes-no-films = Sin vídeos
athletes-since = Te deja ver sus entrenamientos desde el { $day }. Cada consulta queda en su registro de accesos.
athletes-sessions = Sesiones
athletes-back = ← Todos los deportistas
athletes-workout = Entrenamiento
athletes-repetitions = { $count } { $count ->
        [one] repetición
       *[other] repeticiones
    }
athletes-form = técnica { $form }
athletes-replay-of = Reproducción: { $exercise }
trainers = Entrenadores
trainers-why = Quién ve tus entrenamientos. Tú decides, y la retirada vale al instante.
trainers-none = Ningún entrenador ve tus entrenamientos.
trainers-unnamed = Entrenador sin nombre
trainers-films = También vídeos e imágenes mías
trainers-since = Ve tus entrenamientos desde el { $day }.
trainers-withdraw = Retirar
trainers-withdrawn = Este entrenador ya no ve tus entrenamientos.
trainers-changed = Cambiado.
trainers-asks = pide ver tus entrenamientos.
trainers-what = Ve tus sesiones, tu técnica, las repeticiones y las poses en directo, pero no cambia nada. Puedes retirarlo en cualquier momento en la página de tu cuenta.
trainers-offer = ¿Quieres que el entrenador de este plan vea tus entrenamientos?
trainers-allow = Dejar que el entrenador vea mis entrenamientos
trainers-decline = No, gracias
trainers-allowed = El entrenador ya ve tus entrenamientos.
trainers-sees = El entrenador ve tus entrenamientos.
trainers-change = Cambiar
trainers-invitation-over = Esta invitación ya no vale. Pide una nueva al entrenador.
comments = Comentarios de entrenadores
comments-new = Comentar este momento
comments-write = Comentar
comments-written = Tu comentario está guardado.
comments-delete = Eliminar
comments-deleted = Eliminado.
comments-repetition = Serie { $set }, repetición { $repetition }
comments-moment = En { $time }
