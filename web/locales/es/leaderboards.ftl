page-leaderboards = Clasificaciones · Kinelog
about-leaderboards =
    .content = Clasificaciones de tu organización, con seudónimos.
boards-subtitle = Quién ha entrenado más en tu organización entre quienes se han apuntado. Solo cuentan las repeticiones y los aguantes que Kinelog contó con la cámara o en un vídeo.
boards-panel =
    .aria-label = Clasificación
boards-membership = Tu participación
boards-shown-as = Los demás te ven como
boards-not-joined = Aún no participas. Al apuntarte, aceptas esto:
boards-terms-seen = Los demás ven tu seudónimo, tu puesto y tus resultados: repeticiones, sesiones, mejor técnica y días seguidos, también los de antes de apuntarte.
boards-terms-unseen = No ven tu nombre, tu correo, tus sesiones ni tus vídeos. Otras organizaciones no ven nada.
boards-terms-leave = Puedes salir cuando quieras. Desapareces al instante de todas las clasificaciones.
pseudonym = Seudónimo
pseudonym-hint = De 3 a 30 letras y cifras, sin ninguna parte de tu nombre.
boards-join = Aceptar y apuntarse
boards-change = Cambiar el seudónimo
boards-leave = Salir
boards-compared = Tu mes comparado
boards-seen-as = Los demás te ven como { $pseudonym }.
boards-left = Has salido de las clasificaciones.
boards-current = Se muestra tu seudónimo actual.
boards-repetitions = Repeticiones
boards-sessions = Sesiones
boards-form = Mejor técnica
boards-streak = Días seguidos
boards-all = Todos
boards-around = Cerca de mí
boards-rank = Puesto
boards-which = Qué clasificación
boards-ranked-by = Según
boards-you = Tú
boards-few = Con tan pocos participantes, el puesto dice poco.
boards-alone = De momento solo estás tú.
boards-place = Tu puesto es el { $place } de { $entries }, con { $figure }.
boards-no-own-result = Aún no tienes resultado aquí.
boards-not-listed = No estás en esta clasificación.
boards-not-listed-title = No estás en esta clasificación
boards-see-all = Desactiva «Cerca de mí» para verla entera.
boards-empty = Aún no hay resultados
boards-be-first = Da el primer paso:
boards-train = entrena con tu cámara
boards-empty-why = Solo aparecen quienes entrenaron en este periodo.
boards-not-loaded = No pudimos cargar la clasificación.
boards-for-members = Las clasificaciones son para quienes tienen cuenta
boards-sign-in-why = para ver las clasificaciones de tu organización.
boards-quartile-top = al menos tanto como tres cuartos del grupo
boards-quartile-half = al menos tanto como la mitad del grupo
boards-quartile-quarter = al menos tanto como un cuarto del grupo
boards-quartile-low = menos que tres cuartos del grupo
boards-not-available = sin datos
boards-consent = Gestionar tu consentimiento
boards-too-few = No hay comparación: menos de 20 personas de tu organización entrenaron y aceptaron participar.
boards-others-in = Tú y los demás en { $month }
boards-verified = Repeticiones verificadas
boards-quarter-most = Un cuarto, como mucho
boards-half-most = La mitad, como mucho
boards-three-quarters-most = Tres cuartos, como mucho
boards-rounded = Redondeado. Solo se muestra con 20 personas o más.
boards-report = Entrenador de postura: tú y los demás
boards-report-total = En total tienes { $sessions } { $sessions ->
        [one] sesión
       *[other] sesiones
    } con el entrenador de postura: { $reps } { $reps ->
        [one] repetición
       *[other] repeticiones
    } en { $time }.
boards-report-accuracy = Precisión
boards-report-time = Tiempo
boards-report-people = Personas
boards-report-exercises = La mitad hizo como mucho, por ejercicio
boards-report-rounded = Cada cifra es la media de cinco personas, redondeada. Solo se muestra con 20 o más personas que dieron su consentimiento.
boards-own = En { $month } hiciste { $count } { $count ->
        [one] repetición verificada
       *[other] repeticiones verificadas
    }.
boards-own-compared = En { $month } hiciste { $count } { $count ->
        [one] repetición verificada
       *[other] repeticiones verificadas
    }: { $quartile }.
boards-report-unavailable = Las cifras de los demás no están disponibles ahora. Las tuyas están completas.
