# Textos de los informes de entrenamiento impresos.

day = { $date }
held = { $time } min
several = { $exercise } y { $count } { $count ->
        [one] ejercicio más
       *[other] ejercicios más
    }
labels =
    .title = Informe de entrenamiento
    .weeks = Repeticiones por semana
    .form_weeks = Técnica por semana, de 0 a 100
    .exercises = Ejercicios
    .exercise = Ejercicio
    .sets = Series
    .repetitions = Repeticiones
    .day = Día
    .session = Sesión
    .minutes = Minutos
    .form = Técnica
    .nothing = No hay sesiones completadas.
    .page = Página
figures =
    .as_of = A { $date }
    .total_sessions = { $sessions ->
        [one] { $sessions } sesión
       *[other] { $sessions } sesiones
    }
    .total_sets = { $sets ->
        [one] { $sets } serie
       *[other] { $sets } series
    }
    .total_repetitions = { $repetitions ->
        [one] { $repetitions } repetición
       *[other] { $repetitions } repeticiones
    }
    .total_hours = { $hours } h de entrenamiento
    .newest = Las últimas sesiones, { $listed } como máximo
    .last_weeks = { $weeks ->
        [one] La última semana
       *[other] Las últimas { $weeks } semanas
    }
    .days = { $range ->
        [both] Sesiones del { $since } al { $until }
        [since] Sesiones desde el { $since }
        [until] Sesiones hasta el { $until }
       *[all] Todas las sesiones
    }
