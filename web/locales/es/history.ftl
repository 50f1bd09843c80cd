page-history = Progreso · Kinelog
about-history =
    .content = Tu historial de entrenamiento: totales, días, ejercicios, evolución y récords.
history-subtitle = Tu entrenamiento a lo largo del tiempo.
history-zone = Zona horaria: { $zone }. Cada sesión cuenta para el día local en que empezó.
history-not-loaded = No pudimos cargar tu historial.
history-part-not-loaded = No pudimos cargar una parte de tu historial.
history-panel-not-loaded = No se pudo cargar.
history-by-exercise = Por ejercicio
history-days = Días de entrenamiento
history-progress = Evolución
history-records = Récords personales
history-achievements = Logros
history-achievements-how = Se consiguen con las repeticiones y los aguantes que cuenta Kinelog. Lo que anotas a mano no cuenta aquí.
history-leaderboards = Clasificaciones de tu organización
history-achievement-session = { $achievement }, la sesión del
history-next = Lo siguiente
history-no-achievements = Aún no hay logros. Tu primer entrenamiento con la cámara te dará una insignia.
history-achievements-shown = Se muestran { $count }.
history-achievements-not-loaded = No se pudieron cargar tus logros: { $reason } No se han perdido.
history-period-year = Año
history-other-periods = Otros periodos
history-repetitions = Repeticiones
history-verified = Repeticiones verificadas
history-axis-time = Tiempo, minutos
history-axis-energy = Energía, kcal
history-axis-form = Técnica, porcentaje
history-chart-day = { $measure }, por día
history-chart-week = { $measure }, por semana
history-chart-month = { $measure }, por mes
history-chart-year = { $measure }, por año
history-no-training = No entrenaste entre el { $from } y el { $until }.
history-no-amount = { $measure }: 0 entre el { $from } y el { $until }.
history-no-form = No se midió la técnica entre el { $from } y el { $until }.
history-so-far-day = Hoy, hasta ahora
history-so-far-week = Esta semana, hasta ahora
history-so-far-month = Este mes, hasta ahora
history-so-far-year = Este año, hasta ahora
history-week-of = Semana del { $day }
history-none-before-day = nada el día anterior
history-none-before-week = nada la semana anterior
history-none-before-month = nada el mes anterior
history-none-before-year = nada el año anterior
history-before-day = el día anterior: { $value }
history-before-week = la semana anterior: { $value }
history-before-month = el mes anterior: { $value }
history-before-year = el año anterior: { $value }
history-whole-before-day = todo el día anterior: { $value }
history-whole-before-week = toda la semana anterior: { $value }
history-whole-before-month = todo el mes anterior: { $value }
history-whole-before-year = todo el año anterior: { $value }
history-as-before = igual que { $before }
history-averages-day = Promedio de { $count ->
        [one] este día
       *[other] estos { $count } días
    }
history-averages-week = Promedio de { $count ->
        [one] esta semana
       *[other] estas { $count } semanas
    }
history-averages-month = Promedio de { $count ->
        [one] este mes
       *[other] estos { $count } meses
    }
history-averages-year = Promedio de { $count ->
        [one] este año
       *[other] estos { $count } años
    }
history-averages-what-day = También cuentan los días sin entrenar.
history-averages-what-week = También cuentan las semanas sin entrenar.
history-averages-what-month = También cuentan los meses sin entrenar.
history-averages-what-year = También cuentan los años sin entrenar.
history-sessions-per-day = Sesiones por día
history-sessions-per-week = Sesiones por semana
history-sessions-per-month = Sesiones por mes
history-sessions-per-year = Sesiones por año
history-time-per-day = Tiempo por día
history-time-per-week = Tiempo por semana
history-time-per-month = Tiempo por mes
history-time-per-year = Tiempo por año
history-time-per-session = Tiempo por sesión
history-repetitions-per-session = Repeticiones por sesión
history-energy-per-session = Energía por sesión
history-totals-table = Totales en tabla
history-totals-by-day = Totales por día, los más recientes primero
history-totals-by-week = Totales por semana, los más recientes primero
history-totals-by-month = Totales por mes, los más recientes primero
history-totals-by-year = Totales por año, los más recientes primero
history-sum = { $repetitions } ({ $verified }) en { $sessions }
history-all-verified = todo verificado
history-some-verified = { $count } con verificación
history-day-none = sin entrenamiento
history-last-year = Los últimos doce meses
history-days-hint = Señala un día, o usa las flechas, para ver lo que entrenaste.
history-no-days = No entrenaste en ninguno de estos días.
history-days-map = Días de entrenamiento; usa las flechas para cambiar de día
history-days-table = Días en tabla
history-days-newest = Días con entrenamiento, los más recientes primero
history-range = del { $from } al { $until }
history-current-streak = Racha actual
history-start-streak = Entrena hoy y empieza una.
history-longest-streak = Racha más larga
history-no-streak = Aún ninguna.
history-legend-none = Sin entrenamiento
history-legend = desde un día sin entrenar hasta el más largo
history-legend-most = Día más largo
history-capped = Para ir más rápido, se usan las últimas { $used } de { $total } { $total ->
        [one] sesión
       *[other] sesiones
    }.
history-exercises-what = Del { $from } al { $until }. El volumen es el peso por las repeticiones. Lo verificado es lo que contó Kinelog, no lo anotado a mano.
history-sums-by-exercise = Sumas por ejercicio
history-sets = Series
history-reps-a-set = Reps. por serie
history-held = Aguante
history-volume = Volumen
history-held-verified = { $held }, verificado { $verified }
history-no-progress = Termina tu primera sesión para ver tu evolución.
history-nothing-counted = Este ejercicio no tiene repeticiones ni aguantes contados.
history-no-such-value = Las últimas sesiones no tienen este dato.
history-most-repetitions = Más reps. en una serie
history-best-set-form = Técnica de la mejor serie
history-line-chart = { $name }; usa las flechas para cambiar de sesión
history-progress-table = Evolución en tabla
history-trend-needs = La tendencia necesita al menos tres sesiones con la técnica medida, a lo largo de dos semanas o más.
history-trend-better = Técnica en cuatro semanas: ▲ mejora, en puntos: { $points }
history-trend-weaker = Técnica en cuatro semanas: ▼ baja, en puntos: { $points }
history-trend-unchanged = Técnica en cuatro semanas: sin cambios
history-trend-from = (con { $count } { $count ->
        [one] sesión
       *[other] sesiones
    }; línea discontinua).
history-no-records = Termina tu primera sesión para ver tus récords.
history-most-reps = Más reps. en una serie
history-heaviest-set = Serie más pesada
history-longest-hold = Aguante más largo
history-best-form = Mejor técnica de una serie
history-logged = anotado a mano, sin verificar
history-verified-record = verificado
