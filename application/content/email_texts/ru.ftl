# Texts of the e-mails about content: subject, and the parts of the message.

content-live = Видео опубликовано: «{ $title }»
    .body = Твоё видео «{ $title }» проверено, обработано и опубликовано. Длительность: { $minutes } мин.
    .action = Открыть Kinelog
    .footer = Его можно снять с публикации в любое время.

version-live = Новая версия опубликована: «{ $title }»
    .body = Новая версия видео «{ $title }» опубликована. Длительность: { $minutes } мин. Зрители видят её по тому же адресу.
    .action = Открыть Kinelog
    .footer = Его можно снять с публикации в любое время.
