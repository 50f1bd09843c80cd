access-viewed = Visto
access-exported = Exportado
access-when = Cuándo
access-who = Quién
access-what = Qué
access-you = Tú
access-nobody = Nadie más ha accedido a tus datos.
access-latest = Los últimos 50 accesos y exportaciones.
consent-agreed-on = Aceptado el { $day }.
consent-agreed-earlier = El { $day } aceptaste una versión anterior. Lee esta y acepta de nuevo.
consent-withdrawn = Retirado.
consents-unchanged = Tus consentimientos no han cambiado.
change-shown = Puede que tu cambio se haya guardado. La página muestra lo que hay guardado ahora.
change-unknown = No se sabe si tu cambio se guardó. Recarga la página para verlo.
erasure-waiting = Tu cuenta se eliminará el { $moment }. Hasta entonces puedes conservarla.
erasure-underway = Tu cuenta se está eliminando.
erasure-done = Tu cuenta se ha eliminado.
erasure-question = ¿Eliminar tu cuenta?
erasure-question-what = Se borrarán tu nombre, tus sesiones, tus vídeos y todos tus demás datos. Te enviaremos un correo y podrás conservar la cuenta hasta que empiece la eliminación.
erasure-unsent = Este navegador tiene datos de { $count } { $count ->
        [one] sesión
       *[other] sesiones
    } que Kinelog no ha recibido. Se borran enseguida.
erasure-canceled = Tu cuenta no se eliminará.
nothing-deleted = No se ha borrado nada.
others-unsaved = Tu perfil está guardado, pero otros formularios de esta página tienen cambios sin guardar.
others-unsaved-advice = Guárdalos y recarga la página para verla en el nuevo idioma.
