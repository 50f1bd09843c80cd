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

rejected = No se ha publicado: { $title }
    .body = Tu vídeo «{ $title }» no ha pasado la revisión, así que no se ha publicado. { $reason ->
        [size_differs] El archivo que ha llegado tiene otro tamaño que el que elegiste. Súbelo de nuevo.
        [checksum_differs] El archivo ha cambiado por el camino. Súbelo de nuevo.
        [format_not_supported] El archivo no es un vídeo en MP4, MOV, WebM o MKV. Expórtalo en uno de estos formatos.
        [format_differs] El archivo tiene otro formato que el que dice su nombre. Expórtalo de nuevo.
        [contains_other_data] El archivo contiene otros datos además del vídeo. Expórtalo de nuevo.
        [malware_found] El antivirus ha encontrado software malicioso en el archivo. Revisa tu ordenador y exporta el vídeo de nuevo.
        [damaged_at] El vídeo está dañado en { $at }. Expórtalo de nuevo o recorta esa parte.
        [damaged] El vídeo está dañado. Expórtalo de nuevo.
        [no_video] El archivo no tiene imágenes, solo sonido o texto.
        [too_short] El vídeo dura menos de un segundo.
        [too_long] El vídeo dura más que el límite. Divídelo en partes.
        [too_many_pixels] Las imágenes del vídeo son demasiado grandes. Expórtalo en 4K o menos.
       *[not_encodable] El vídeo no se ha podido convertir. Expórtalo como MP4 con H.264.
    }{ $live ->
        [yes] {" "}La versión anterior se sigue viendo.
       *[no] {""}
    }
    .action = Abrir Kinelog
    .footer = El archivo se guarda aparte, donde nadie puede verlo.
