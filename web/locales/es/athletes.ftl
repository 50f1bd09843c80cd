about-athletes =
    .content = Deportistas que te dejan ver sus entrenamientos en Kinelog.
page-athletes = Deportistas · Kinelog
athletes = Deportistas
athletes-subtitle = Personas que te dejan ver sus entrenamientos. Pueden retirarlo en cualquier momento.
athletes-invite-title = Invitar a un deportista
athletes-invite-advice = Envía el enlace a una sola persona. La primera que lo abra decide si ves sus entrenamientos.
athletes-invite = Crear un enlace
athletes-see-no-name = Los atletas te ven como un entrenador sin nombre.
athletes-enter-name = Escribe tu nombre
athletes-link = Envía este enlace. Es válido hasta el { $day }.
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
athletes-videos = Con vídeos
athletes-no-videos = Sin vídeos
athletes-since = Te deja ver sus entrenamientos desde el { $day }. Cada consulta queda en su registro de accesos.
athletes-sessions = Sesiones
athletes-back = ← Todos los deportistas
athletes-report = Informe
athletes-report-what = Totales, gráficos por semana, ejercicios y las últimas sesiones, para imprimir. El deportista ve en su cuenta que lo has hecho.
athletes-report-make = Descargar el informe (PDF)
athletes-report-ready = El informe está descargado.
athletes-workout = Entrenamiento
athletes-repetitions = { $count } { $count ->
        [one] repetición
       *[other] repeticiones
    }
athletes-replay-of = Reproducción: { $exercise }
athletes-assign = Puedes asignar entrenamientos
athletes-assign-not-allowed = Este deportista aún no te permite asignarle entrenamientos. Puede permitirlo en su cuenta, en «Entrenadores».
assign-none = Aún no hay nada asignado.
assign = Asignar un entrenamiento
assign-change-title = Cambiar el entrenamiento
assign-day = Día
assign-note = Nota para el deportista
assign-change = Cambiar
assign-take-back = Retirar
assign-taken-back = Retirado.
assign-changed = El entrenamiento ha cambiado.
assign-done = { $workout }: asignado.
live-skeleton = Esqueleto del deportista en directo
live-connecting = Conectando…
live-waiting = A la espera de la próxima serie.
live-lost = Se ha perdido la conexión. Conectando de nuevo…
live-over = La sesión ha terminado.
live-withdrawn = No puedes ver este entrenamiento. Se ha eliminado, o su deportista ya no lo comparte contigo.
live-set = Serie { $set }: { $exercise }
live-set-load = Serie { $set }: { $exercise }, { $load }
live-set-done = Serie { $set } terminada.
