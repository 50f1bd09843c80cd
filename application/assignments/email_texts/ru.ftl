# Texts of the e-mails about assigned workouts: subject, and the parts of the message.

assigned = Новая тренировка: { $workout }
    .body = Тренировку «{ $workout }» назначает { $trainer }. День: { $date }.
    .action = Открыть тренировку
    .footer = На этой же странице от неё можно отказаться. Тренер это увидит.

your-trainer = тренер
your-workout = без названия
