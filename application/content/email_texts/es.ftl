# Texts of the e-mails about content: subject, and the parts of the message.

content-live = Ya está publicado: { $title }
    .body = Tu vídeo «{ $title }» ha pasado la revisión, está codificado y ya está publicado. Dura { $minutes } min.
    .action = Abrir Kinelog
    .footer = Puedes retirarlo en cualquier momento.

version-live = Nueva versión publicada: { $title }
    .body = La nueva versión de tu vídeo «{ $title }» ya está publicada. Dura { $minutes } min. Se ve en la misma dirección.
    .action = Abrir Kinelog
    .footer = Puedes retirarlo en cualquier momento.

taken-down = Retirado: { $title }
    .body = Un administrador ha retirado tu vídeo «{ $title }». { $reason ->
        [copyright] Es posible que infrinja derechos de autor.
        [privacy] Es posible que vulnere la privacidad de alguien.
        [safety] Es posible que ponga en peligro a personas.
        [illegal] Es posible que infrinja la ley.
       *[terms] Infringe las condiciones de uso.
    } Ya nadie puede verlo.
    .action = Abrir Kinelog
    .footer = Si no estás de acuerdo, ponte en contacto con los administradores de tu organización.
