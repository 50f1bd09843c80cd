# Texts of the e-mails about accounts: subject, and the parts of the message.

verification = Confirma tu correo
    .body = Te damos la bienvenida a Kinelog. Confirma que esta es tu dirección:
    .action = Confirmar
    .footer = Si no te registraste, ignora este mensaje. El enlace caduca en un día.

already-registered = Ya tienes una cuenta
    .body = Alguien, quizá tú, intentó registrarse con esta dirección. Ya tienes una cuenta:
    .action = Entrar o elegir otra contraseña
    .footer = Si no fuiste tú, ignora este mensaje. Tu cuenta no ha cambiado.

reset = Elige una contraseña nueva
    .body = Alguien, quizá tú, pidió una contraseña nueva para tu cuenta:
    .action = Elegir contraseña
    .footer = Si no fuiste tú, ignora este mensaje. El enlace caduca en una hora.

invitation = Te invitan a Kinelog
    .body = Un administrador ha creado una cuenta para ti. Elige una contraseña para entrar:
    .action = Elegir contraseña
    .footer = Si no la quieres, ignora este mensaje. El enlace caduca en una semana.

identity-linked = { $provider } ya puede entrar en tu cuenta
    .body = Tu cuenta ahora acepta entrar con { $provider }.
    .action = ¿No fuiste tú? Elige otra contraseña y desvincúlalo
    .footer = Si fuiste tú, no tienes que hacer nada.

identity-unlinked = { $provider } ya no puede entrar en tu cuenta
    .body = Se quitó de tu cuenta la entrada con { $provider }.
    .action = ¿No fuiste tú? Elige otra contraseña
    .footer = Si fuiste tú, no tienes que hacer nada.

linking-refused = Alguien intentó entrar con { $provider }
    .body = Alguien, quizá tú, intentó entrar con { $provider } y esta dirección. No está vinculado a tu cuenta, así que no entró. Si fuiste tú, entra como siempre y vincúlalo en la página de tu cuenta.
    .action = Abrir mi cuenta
    .footer = Si no fuiste tú, ignora este mensaje. Tu cuenta no ha cambiado.

password-changed = Tu contraseña ha cambiado
    .body = Se cambió la contraseña de tu cuenta y se cerró la sesión en todos los dispositivos.
    .action = ¿No fuiste tú? Elige otra contraseña
    .footer = Si fuiste tú, no tienes que hacer nada.

second-factor-added = Se añadió un segundo factor a tu cuenta
    .body = Desde ahora, para entrar también hace falta tu aplicación de autenticación o una llave de acceso.
    .action = ¿No fuiste tú? Elige otra contraseña
    .footer = Si fuiste tú, o ya lo sabes, no tienes que hacer nada.

second-factor-removed = Se quitó un segundo factor
    .body = Se quitó un segundo factor de tu cuenta.
    .action = ¿No fuiste tú? Elige otra contraseña
    .footer = Si fuiste tú, o ya lo sabes, no tienes que hacer nada.

recovery-code-used = Se usó un código de recuperación
    .body = Alguien, quizá tú, usó un código de recuperación de tu cuenta. No se puede volver a usar.
    .action = ¿No fuiste tú? Elige otra contraseña
    .footer = Si fuiste tú, o ya lo sabes, no tienes que hacer nada.

recovery-codes-replaced = Se cambiaron tus códigos de recuperación
    .body = Alguien, quizá tú, pidió nuevos códigos de recuperación de tu cuenta. Los anteriores ya no sirven.
    .action = ¿No fuiste tú? Elige otra contraseña
    .footer = Si fuiste tú, no tienes que hacer nada.

second-factors-reset = Se quitaron tus segundos factores
    .body = Un administrador quitó todos los segundos factores de tu cuenta y cerró tus sesiones.
    .action = ¿No fuiste tú? Elige otra contraseña
    .footer = Si fuiste tú, o ya lo sabes, no tienes que hacer nada.

erasure-requested = Tu cuenta se eliminará
    .body = Alguien, quizá tú, pidió eliminar tu cuenta. Para conservarla, abre la página de tu cuenta.
    .action = ¿No fuiste tú? Elige otra contraseña
    .footer = Si fuiste tú, o ya lo sabes, no tienes que hacer nada.

account-inactive = Tu cuenta se eliminará
    .body = Hace mucho que no inicias sesión, por eso tu cuenta se eliminará. Para conservarla, inicia sesión, abre la página de tu cuenta y pulsa «Conservar mi cuenta».
    .action = Abrir la página de mi cuenta
    .footer = Si ya no necesitas tu cuenta, no tienes que hacer nada.

unsubscribe = No recibir más correos sobre entrenamientos nuevos
