# Texts of the e-mails about assigned workouts: subject, and the parts of the message.

assigned = Nuevo entrenamiento: { $workout }
    .body = { $trainer } te ha asignado { $workout }. Está previsto para el { $date }.
    .action = Ver el entrenamiento
    .footer = También puedes rechazarlo en esa página. Tu entrenador lo verá.

your-trainer = Tu entrenador
your-workout = un entrenamiento
