# Por qué una regla cambió un programa. Cada número es uno de los datos del cambio.

all_sets_reached = { $sets ->
        [one] La serie alcanzó
       *[other] Las { $sets } series alcanzaron
    } el objetivo de { $target }{ $sessions ->
        [one] {""}
       *[other] , { $sessions } veces seguidas
    }.
repetition_added = { $sets ->
        [one] La serie alcanzó
       *[other] Las { $sets } series alcanzaron
    } { $target } repeticiones: una más a partir de ahora.
range_completed = { $sets ->
        [one] La serie alcanzó
       *[other] Las { $sets } series alcanzaron
    } { $max_repetitions } repeticiones, el final del intervalo.
percentage_of_max = { $percentage } % de tu máximo estimado para una repetición, { $maximum } { $unit ->
        [lb] lb
       *[kg] kg
    }.
deload_after_misses = No se alcanzó el objetivo { $misses } veces seguidas; la carga es el { $percentage } % de la anterior.
more_in_reserve = Te quedaban { $reserve ->
        [one] una repetición
       *[other] { $reserve } repeticiones
    } en reserva, más que las { $target_reserve } de la regla.
less_in_reserve = Te quedaban { $reserve ->
        [0] cero repeticiones
        [one] una repetición
       *[other] { $reserve } repeticiones
    } en reserva, menos que las { $target_reserve } de la regla.
form = La técnica media fue del { $form } %; se requiere al menos el { $min_form } %.
