# Texts of the e-mails about assigned workouts: subject, and the parts of the message.

assigned = New workout: { $workout }
    .body = { $trainer } has assigned { $workout } to you. It is planned for { $date }.
    .action = See the workout
    .footer = You can also decline it on that page. Your trainer sees that.

your-trainer = Your trainer
your-workout = a workout
