# Por qué se recomienda algo. Cada número es el de una afirmación comprobada.

movement = { $pattern ->
        [squat] sentadilla
        [hinge] bisagra de cadera
        [jump] salto
        [push] empuje
        [press] press por encima de la cabeza
        [raise] elevación
        [pull] tracción
        [curl] curl
        [arms] brazos
        [core] abdomen
        [support] plancha
        [swing] balanceo
       *[other] este tipo
    }

wanted = Has pedido más de esto.
more_like_wanted = Has pedido más ejercicios de { $movement }.
next_in_plan = Es el próximo entrenamiento de tu plan.
neglected_pattern = En 14 días hiciste { $sets_14_days ->
        [0] ninguna serie
        [one] una serie
        [many] { $sets_14_days } de series
       *[other] { $sets_14_days } series
    } de ejercicios de { $movement }; aquí hay { $item_sets ->
        [one] una
       *[other] { $item_sets }
    }.
suits_goal = { $goal_sets } de sus { $item_sets } series tienen { $goal ->
        [strength] 6 repeticiones como máximo, lo adecuado para ganar fuerza
        [muscle] de 7 a 12 repeticiones, lo adecuado para ganar músculo
       *[endurance] 13 repeticiones o más, lo adecuado para la resistencia
    }.
short_after_bad_sleep = Esta semana dormiste un { $less_sleep } % menos de lo habitual, y esto solo dura { $item_minutes ->
        [one] un minuto
       *[other] { $item_minutes } minutos
    }.
fits_time = Dura { $item_minutes ->
        [one] un minuto
       *[other] unos { $item_minutes } minutos
    } y cabe en el tiempo que tienes.
fits_level = Es de tu nivel: { $item_level ->
        [beginner] principiante
        [intermediate] intermedio
       *[advanced] avanzado
    }.
no_equipment = No necesita material.
completed_before = { $item_completed ->
        [0] Ya lo has hecho antes.
        [one] Lo has completado una vez.
       *[other] Lo has completado { $item_completed } veces.
    }
not_done_yet = Todavía no lo has hecho.
