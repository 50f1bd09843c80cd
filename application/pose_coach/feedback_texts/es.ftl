# What the pose coach says about a session. Accuracies are in percent, durations in seconds.

generic = ¡Buen trabajo! ¡Tu técnica mejora con cada entrenamiento!
result = Hiciste { $reps ->
        [one] una repetición
        [many] { $reps } de repeticiones
       *[other] { $reps } repeticiones
    } en { $duration ->
        [one] un segundo
        [many] { $duration } de segundos
       *[other] { $duration } segundos
    }, con una precisión del { $accuracy } %.
first_session = Es tu primera sesión de este ejercicio.
best_accuracy = Es tu mejor precisión hasta ahora: antes era del { $best_accuracy } %.
above_usual = Es { $accuracy_change ->
        [one] un punto porcentual
        [many] { $accuracy_change } de puntos porcentuales
       *[other] { $accuracy_change } puntos porcentuales
    } más que tu media reciente del { $usual_accuracy } %.
below_usual = Tu media reciente es del { $usual_accuracy } %. Tómate tu tiempo en cada repetición.
as_usual = Está cerca de tu media reciente del { $usual_accuracy } %.
most_reps = Nunca habías hecho tantas repeticiones: el máximo era { $best_reps }.
noted_again = «{ $feedback_point }» también se anotó en { $times_noted ->
        [one] una sesión anterior
        [many] { $times_noted } de sesiones anteriores
       *[other] { $times_noted } sesiones anteriores
    }.
noted = La próxima vez, presta atención a esto: «{ $feedback_point }»
tip = Consejo: { $tip }
sessions_this_week = Esta semana has entrenado { $sessions_this_week ->
        [one] una vez
        [many] { $sessions_this_week } de veces
       *[other] { $sessions_this_week } veces
    }.
