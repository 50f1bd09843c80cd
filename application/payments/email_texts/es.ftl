# Texts of the e-mails about enrollments, payments and subscriptions: subject, and the parts of the message.

enrolled = Te has apuntado a { $plan }
    .body = Te has apuntado a { $plan }. Tu primer entrenamiento es el { $date }.
    .action = Abrir el plan
    .footer = Puedes dejar el plan en su página en cualquier momento.

paid = Hemos recibido el pago de { $plan }
    .body = Hemos recibido { $amount } por { $plan }. Ya puedes abrir sus entrenamientos.
    .action = Abrir el plan y sus entrenamientos
    .footer = Tus suscripciones, pagos y facturas están en la página de suscripciones.

payment-failed = El pago de { $plan } ha fallado
    .body = Tu pago de { $amount } por { $plan } no se ha completado y no se ha cobrado nada. Puedes elegir el plan otra vez y pagar con otro método.
    .action = Intentarlo de nuevo
    .footer = Si ya no quieres el plan, no tienes que hacer nada.

wrong-amount = El pago de { $plan } no coincide con su precio
    .body = Lo que se cobró por { $plan } no es su precio de { $amount }, así que lo devolvemos a tu método de pago. Puedes elegir el plan otra vez.
    .action = Intentarlo de nuevo
    .footer = Si ya no quieres el plan, no tienes que hacer nada.

bank-wants-user = Confirma el pago de { $plan }
    .body = Tu banco te pide que confirmes el pago de { $amount } por { $plan }.
    .action = Confirmar el pago
    .footer = Mientras tanto conservas el acceso.

bank-wants-user-in-time = Confirma el pago de { $plan }
    .body = Tu banco te pide que confirmes el pago de { $amount } por { $plan }.
    .action = Confirmar el pago
    .footer = Confírmalo en el plazo de un día: si no se paga, tu acceso termina con el periodo pagado.

bank-wants-user-after-trial = Confirma el pago de { $plan }
    .body = Tu banco te pide que confirmes el pago de { $amount } por { $plan }.
    .action = Confirmar el pago
    .footer = Confírmalo en el plazo de un día: si no se paga, tu suscripción termina.

bank-wants-user-to-resume = Confirma el pago de { $plan }
    .body = Tu banco te pide que confirmes el pago de { $amount } por { $plan }.
    .action = Confirmar el pago
    .footer = Tu suscripción está en pausa. Sus entrenamientos se abren cuando se confirme el pago.

renewal-announced = { $plan } se renovará pronto
    .body = Tu suscripción a { $plan } se renueva el { $date }. El día anterior cobraremos { $amount } con tu método de pago guardado.
    .action = Ver o cancelar la suscripción
    .footer = Si quieres seguir, no tienes que hacer nada.

renewal-by-hand = Paga para renovar { $plan }
    .body = Toca renovar tu suscripción a { $plan }. Para seguir, paga { $amount }; no cobramos nada automáticamente.
    .action = Pagar ahora
    .footer = Si no quieres seguir, cancela la suscripción en la página de suscripciones.

past-due = No se ha podido renovar { $plan }
    .body = No hemos podido renovar tu suscripción a { $plan }: { $amount } sigue sin pagarse. Volveremos a intentarlo el { $date }. Comprueba antes que tu método de pago funcione.
    .action = Ver la suscripción
    .footer = Mientras tanto conservas el acceso. Si cancelas, no lo intentaremos más.

past-due-by-hand = No se ha podido renovar { $plan }
    .body = Tu suscripción a { $plan } no se ha renovado: { $amount } sigue sin pagarse. Podrás pagar de nuevo desde el { $date }; no cobramos nada automáticamente.
    .action = Ver la suscripción
    .footer = Mientras tanto conservas el acceso. Si no quieres seguir, cancela la suscripción en la página de suscripciones.

past-due-until-date = No se ha podido renovar { $plan }
    .body = Tu suscripción a { $plan } no se ha renovado: { $amount } sigue sin pagarse. Conservas el acceso hasta el { $date }. Después podrás empezar una suscripción nueva.
    .action = Ver la suscripción
    .footer = Si ya no quieres el plan, no tienes que hacer nada.

resume-by-hand = Paga para seguir con { $plan }
    .body = Tu pausa de { $plan } ha terminado. Para seguir, paga { $amount }; no cobramos nada automáticamente.
    .action = Pagar ahora
    .footer = Sus entrenamientos siguen cerrados hasta que se pague. Si no quieres seguir, cancela la suscripción en la página de suscripciones.

resume-trial-by-hand = Paga para seguir con { $plan }
    .body = Tu pausa de { $plan } ha terminado. Para seguir, paga { $amount }; no cobramos nada automáticamente.
    .action = Pagar ahora
    .footer = Paga en el plazo de un día: si no se paga, tu suscripción termina. Sus entrenamientos siguen cerrados hasta que se pague.

resume-past-due = El pago después de la pausa de { $plan } ha fallado
    .body = Tu pausa de { $plan } ha terminado, pero { $amount } sigue sin pagarse. Volveremos a intentarlo el { $date }. Si no quieres esperar, paga en la página de suscripciones.
    .action = Ver la suscripción
    .footer = Sus entrenamientos siguen cerrados hasta que se pague. Si cancelas, no lo intentaremos más.

resume-past-due-by-hand = El pago después de la pausa de { $plan } ha fallado
    .body = Tu pausa de { $plan } ha terminado, pero { $amount } sigue sin pagarse. Ya puedes pagarlo en la página de suscripciones; no cobramos nada automáticamente.
    .action = Ver la suscripción
    .footer = Sus entrenamientos siguen cerrados hasta que se pague. Si no quieres seguir, cancela la suscripción en la página de suscripciones.

trial-unpaid = El pago de { $plan } ha fallado
    .body = Tu pago de { $amount } por { $plan } no se ha completado y no se ha cobrado nada. Tu prueba sigue hasta el { $date }. Para seguir después, paga antes en la página de suscripciones, o elige el plan otra vez cuando termine la prueba.
    .action = Ver la suscripción
    .footer = Si ya no quieres el plan, no tienes que hacer nada.

plan-change-scheduled = Tu plan cambia a { $plan }
    .body = Tu suscripción cambia a { $plan } el { $date }. Hasta entonces conservas el plan que has pagado. A partir de entonces cuesta { $amount } { period }. El cambio en sí no cuesta nada.
    .action = Ver o deshacer el cambio
    .footer = Si estás de acuerdo, no tienes que hacer nada.

plan-change-failed = El pago del cambio a { $plan } ha fallado
    .body = Tu pago de { $amount } por el cambio a { $plan } no se ha completado y no se ha cobrado nada. Conservas tu plan actual.
    .action = Ver la suscripción
    .footer = Puedes cambiar de plan otra vez en la página de suscripciones, también con otro método de pago.

plan-change-wrong-amount = El pago del cambio a { $plan } no coincide con su precio
    .body = Lo que se cobró por el cambio a { $plan } no es la cantidad prevista de { $amount }, así que lo devolvemos a tu método de pago. Conservas tu plan actual.
    .action = Ver la suscripción
    .footer = Puedes cambiar de plan otra vez en la página de suscripciones.

plan-paid-ahead = Hemos recibido el pago de { $plan }
    .body = Hemos recibido { $amount } por { $plan }. Empieza después de tu plan actual, el { $date }.
    .action = Ver la suscripción
    .footer = Tus suscripciones, pagos y facturas están en la página de suscripciones.

pause-scheduled = Tu suscripción a { $plan } se pondrá en pausa
    .body = Tu suscripción a { $plan } se pone en pausa al final del periodo actual, hasta el { $date }. Antes de ese día no se cobra nada, y sus entrenamientos están cerrados durante la pausa.
    .action = Ver o cambiar la pausa
    .footer = Si querías la pausa, no tienes que hacer nada.

resume-announced = Tu pausa de { $plan } termina pronto
    .body = Tu suscripción a { $plan } continúa el { $date }. Ese día cobraremos { $amount } con tu método de pago guardado.
    .action = Ver o cancelar la suscripción
    .footer = Si quieres seguir, no tienes que hacer nada.

trial-ending = Tu prueba de { $plan } termina pronto
    .body = Tu prueba de { $plan } termina el { $date }. Ese día cobraremos { $amount } con tu método de pago guardado. Si cancelas antes, no cuesta nada.
    .action = Ver o cancelar la suscripción
    .footer = Si quieres seguir, no tienes que hacer nada.

trial-ending-by-hand = Tu prueba de { $plan } termina pronto
    .body = Tu prueba de { $plan } termina el { $date }. Para seguir después, paga antes { $amount }; no cobramos nada automáticamente.
    .action = Pagar ahora
    .footer = Si no quieres seguir, no tienes que hacer nada.

cancelled = Tu suscripción a { $plan } está cancelada
    .body = Tu suscripción a { $plan } no se renovará. Tienes acceso hasta el { $date }.
    .action = Reanudar la suscripción
    .footer = Si querías cancelarla, no tienes que hacer nada.

ends-after-refund = Tu suscripción a { $plan } termina el { $date }
    .body = Se devolvió el pago de tu próximo periodo de { $plan }, por lo que tu suscripción termina el { $date }. Hasta entonces conservas el acceso. Después podrás empezar una suscripción nueva.
    .action = Ver la suscripción
    .footer = No tienes que hacer nada.

ends-without-trainer = Tu suscripción a { $plan } termina el { $date }
    .body = El entrenador de { $plan } se ha ido, así que el plan ya no se ofrece y tu suscripción termina el { $date }.
    .action = Ver la suscripción
    .footer = No tienes que hacer nada. No se cobrará nada más por ella.

ends-while-suspended = Tu suscripción a { $plan } termina el { $date }
    .body = Tu cuenta está suspendida, así que tu suscripción a { $plan } no se renovará. Termina el { $date }. Si un administrador reactiva tu cuenta antes, puedes reanudar la suscripción.
    .action = Ver la suscripción
    .footer = No se cobrará nada más por ella.

ended = Tu suscripción a { $plan } ha terminado
    .body = Tu suscripción a { $plan } ha terminado y sus entrenamientos están cerrados. Lo que has entrenado sigue siendo tuyo.
    .action = Elegir el plan otra vez
    .footer = No se cobrará nada más por ella.

ended-unpaid = Tu suscripción a { $plan } ha terminado
    .body = Tu suscripción a { $plan } ha terminado porque el último pago no se ha completado. Sus entrenamientos están cerrados. Lo que has entrenado sigue siendo tuyo.
    .action = Elegir el plan otra vez
    .footer = No se cobrará nada más por ella.

ended-not-offered = Tu suscripción a { $plan } ha terminado
    .body = Tu suscripción a { $plan } ha terminado y sus entrenamientos están cerrados. El plan ya no se ofrece. Lo que has entrenado sigue siendo tuyo.
    .action = Buscar otro plan
    .footer = No se cobrará nada más por ella.

refunded = Hemos devuelto tu pago
    .body = Hemos devuelto { $amount } por { $plan } a tu método de pago. Tu banco puede tardar unos días en mostrarlo.
    .action = Ver mis pagos
    .footer = Si tienes preguntas, responde a este mensaje.

refunded-and-ended = Hemos devuelto tu pago
    .body = Hemos devuelto { $amount } por { $plan } a tu método de pago. Tu banco puede tardar unos días en mostrarlo. Tu suscripción ha terminado y sus entrenamientos están cerrados. Lo que has entrenado sigue siendo tuyo.
    .action = Ver mis pagos
    .footer = Si tienes preguntas, responde a este mensaje.

partly-refunded = Hemos devuelto una parte de tu pago
    .body = Hemos devuelto { $amount } de tu pago por { $plan }. Tu acceso no cambia.
    .action = Ver mis pagos
    .footer = Si tienes preguntas, responde a este mensaje.

your-plan = tu plan

period =
    { $months ->
        [1] al mes
        [12] al año
       *[other] cada { $months } meses
    }
