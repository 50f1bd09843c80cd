# Texts of the e-mails about content: subject, and the parts of the message.

content-live = Ya está publicado: { $title }
    .body = Tu vídeo «{ $title }» ha pasado la revisión, está codificado y ya está publicado. Dura { $minutes } min.
    .action = Abrir Kinelog
    .footer = Puedes retirarlo en cualquier momento.

version-live = Nueva versión publicada: { $title }
    .body = La nueva versión de tu vídeo «{ $title }» ya está publicada. Dura { $minutes } min. Se ve en la misma dirección.
    .action = Abrir Kinelog
    .footer = Puedes retirarlo en cualquier momento.
