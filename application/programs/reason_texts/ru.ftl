# Почему правило изменило программу. Каждое число — один из фактов изменения.

all_sets_reached = Во всех подходах ({ $sets }) достигнута цель: { $target }{ $sessions ->
        [one] {""}
       *[other] {" "}({ $sessions } подряд)
    }.
repetition_added = Во всех подходах ({ $sets }) сделано повторений: { $target }. Теперь в каждом на одно больше.
range_completed = Во всех подходах ({ $sets }) достигнут конец диапазона повторений: { $max_repetitions }.
percentage_of_max = { $percentage } % от твоего расчётного максимума на одно повторение: { $maximum } { $unit ->
        [lb] фнт
       *[kg] кг
    }.
deload_after_misses = Цель не достигнута несколько раз подряд ({ $misses }), поэтому нагрузка — { $percentage } % от прежней.
more_in_reserve = Повторений в запасе было { $reserve } — больше, чем { $target_reserve } по правилу.
less_in_reserve = Повторений в запасе было { $reserve } — меньше, чем { $target_reserve } по правилу.
form = Средняя оценка техники — { $form } %, нужно не меньше { $min_form } %.
