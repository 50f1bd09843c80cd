# Frases sobre el propio entrenamiento. Cada número es el de un hecho que la frase cita.

topic-week = entrenar entrené entreno semana semanal frecuencia veces sesiones volumen mes días cuántas cuánto
topic-form = forma técnica calidad error errores fallo fallos mal mejorar corregir mejor consejo
topic-load = carga cargas peso pesos pesado fuerte fuerza récord máximo máxima kilos libras levantar
topic-repetitions = repetición repeticiones máximo máxima récord resistencia
topic-last = última último reciente recientemente cuándo anterior
topic-balance = descuido descuidado equilibrio falta siguiente entrenar hoy olvidado debería
topic-sleep = sueño dormir dormí recuperación recuperar cansado cansada fatiga descanso

week = En la última semana { $sessions_7_days ->
        [0] no entrenaste
        [one] entrenaste una vez
       *[other] entrenaste { $sessions_7_days } veces
    }; en la semana anterior, { $sessions_before ->
        [0] ninguna
        [one] una vez
       *[other] { $sessions_before } veces
    }.
last = { $exercise }: lo último fueron { $sets ->
        [one] una serie
       *[other] { $sets } series
    }, { $days_ago ->
        [0] en el último día
        [one] hace un día
       *[other] hace { $days_ago } días
    }.
form = { $exercise }: la forma media de tus últimas sesiones es del { $form } %.
form_rose = { $exercise }: la forma media de tus últimas sesiones subió del { $form_before } % al { $form } %.
form_fell = { $exercise }: la forma media de tus últimas sesiones bajó del { $form_before } % al { $form } %. Baja la carga o la velocidad hasta recuperarla.
form_same = { $exercise }: la forma media de tus últimas sesiones es del { $form } %, como en las anteriores.
fault = { $exercise }: «{ $fault }» se señaló en { $fault_sessions ->
        [one] una
       *[other] { $fault_sessions }
    } de tus últimas sesiones. { $tip }
most_repetitions = { $exercise }: tu serie con más repeticiones tiene { $most_repetitions }.
heaviest_kg = { $exercise }: la carga más pesada que moviste es de { $heaviest_kg } kg.
heaviest_lb = { $exercise }: la carga más pesada que moviste es de { $heaviest_lb } lb.
neglected = Ejercicios de { $movement } en { $days } días: { $sets_14_days ->
        [0] ninguna serie
        [one] una serie
       *[other] { $sets_14_days } series
    }. Prueba ahora: { $exercise }.
less_sleep = Esta semana dormiste un { $less_sleep_percent } % menos de lo habitual. Hoy te conviene un entrenamiento más corto o más ligero.

nothing_found = Ni tu entrenamiento ni la base de conocimientos lo responden. Pregunta por un ejercicio, tu forma, tus cargas, tu sueño o tu semana.
no_training = Todavía no hay entrenamientos con los que responder. Completa primero una sesión.
