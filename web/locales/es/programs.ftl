page-programs = Programas · Kinelog
about-programs =
    .content = Tus programas de entrenamiento: semanas, días y cargas que siguen lo que haces de verdad.
programs-title = Programas
programs-subtitle = Semanas que planificas tú. Las cargas y las repeticiones siguen lo que haces de verdad, y cada cambio dice por qué.
programs-own = Tus programas
programs-none = Todavía no tienes ningún programa. Crea uno abajo.
programs-new = Programa nuevo
programs-name = Nombre
programs-goal = Objetivo
programs-weeks = Semanas
programs-days = Días por semana
programs-template = Empezar con
programs-template-none = Según el objetivo
programs-template-strength-basics = Fuerza: lo básico
programs-template-strength-by-percentage = Fuerza: según tu máximo
programs-template-muscle-upper-lower = Músculo: tren superior e inferior
programs-template-endurance-circuit = Resistencia: circuitos
programs-template-weight-at-home = Peso: en casa
programs-template-pull-up-skill = Destreza: más dominadas
programs-template-return-gently = Volver con calma tras una lesión
programs-create = Crear el programa
programs-created = El programa está creado.
programs-strength = Fuerza
programs-muscle = Músculo
programs-endurance = Resistencia
programs-weight = Peso
programs-skill = Habilidad
programs-return = Vuelta de una lesión
programs-progress = { $done } de { $days } { $days ->
        [one] día hecho
       *[other] días hechos
    }
programs-ended = Terminado
programs-week = Semana { $number }
programs-deload-week = Semana { $number }, más ligera
programs-day = Día { $number }
programs-day-done = Día { $number }, hecho
programs-sets = Series
programs-repetitions = Reps.
programs-hold = Segundos
programs-load = Carga, { $unit }
programs-seconds = { $count } s
programs-up = Subir { $exercise }
programs-down = Bajar { $exercise }
programs-remove = Quitar
programs-remove-it = Quitar { $exercise }
programs-add = Añadir un ejercicio
programs-add-to = Añadir un ejercicio al día { $number }
programs-add-it = Añadir
programs-add-it-to = Añadir al día { $number }
programs-added = { $exercise }: añadido al día { $day }.
programs-removed = { $exercise }: quitado del día { $day }.
programs-moved = { $exercise } está ahora en el día { $day }, en el lugar { $place }.
programs-stays = No se puede mover más.
programs-save = Guardar los cambios
programs-saved = El programa está guardado.
programs-start = Empezar el día { $number }
programs-extend = { $count ->
    [one] Añadir { $count } semana
   *[other] Añadir { $count } semanas
}
programs-extended = { $count ->
    [one] Se ha añadido { $count } semana, con los objetivos que has alcanzado.
   *[other] Se han añadido { $count } semanas, con los objetivos que has alcanzado.
}
programs-end = Terminar el programa
programs-end-question = ¿Terminar este programa? Los días que quedan no se podrán hacer y el programa no se podrá reanudar.
programs-end-yes = Sí, terminarlo
programs-end-no = No, conservarlo
programs-rule = Progresión
programs-rule-why = La regla cambia los días siguientes después de cada día que haces. Mira antes lo que habría hecho en tu propio entrenamiento.
programs-rule-none = Nada cambia por sí solo
programs-rule-linear = Más carga, o una repetición más, cada vez
programs-rule-double = Más repeticiones, después más carga
programs-rule-percentage = Una parte de tu máximo estimado
programs-rule-effort = Según el esfuerzo: repeticiones en reserva
programs-effort = ¿Cómo de duro fue el día { $number }?
programs-effort-what = ¿Cuántas repeticiones más podrías haber hecho en la serie más dura? Los días siguientes siguen tus respuestas.
programs-effort-most = { $count } o más
programs-effort-saved = Gracias. Tu respuesta está guardada.
programs-felt = se sintió como RPE { $rating }
programs-felt-at-most = se sintió como RPE { $rating } o menos
programs-effort-choose = Elegir
programs-effort-save = Guardar
programs-effort-save-it = Guardar la respuesta para { $exercise }
programs-rule-on = Está activada: { $rule }.
programs-tested = Ejercicio
programs-test = Mostrar lo que habría hecho
programs-switch-on = Activarla
programs-no-history = Todavía no has hecho este ejercicio.
programs-unchanged = No habría cambiado nada.
programs-notes = Notas sobre los ejercicios
programs-notes-what = Verás la nota antes de cada serie del ejercicio.
programs-changes = Cambios
programs-no-changes = Todavía no ha cambiado nada.
programs-not-loaded = No hemos podido cargar tus programas.
