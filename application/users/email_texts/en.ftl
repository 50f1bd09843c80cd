# Texts of the e-mails about accounts: subject, and the parts of the message.

verification = Confirm your e-mail address
    .body = Welcome to Kinelog. Please confirm that this is your address:
    .action = Confirm
    .footer = If you did not sign up, you can ignore this message. The link expires in a day.

already-registered = You already have an account
    .body = Someone, perhaps you, tried to sign up with this address. You already have an account:
    .action = Sign in, or choose a new password
    .footer = If it was not you, you can ignore this message. Your account has not changed.

reset = Choose a new password
    .body = Someone, perhaps you, requested a new password for your account:
    .action = Choose a password
    .footer = If it was not you, you can ignore this message. The link expires in an hour.

invitation = You are invited to Kinelog
    .body = An administrator has created an account for you. Choose a password to sign in:
    .action = Choose a password
    .footer = If you do not want it, you can ignore this message. The link expires in a week.

identity-linked = { $provider } can now sign in to your account
    .body = Your account now accepts sign-in with { $provider }.
    .action = Not you? Choose a new password and unlink it
    .footer = If it was you, you do not need to do anything.

identity-unlinked = { $provider } can no longer sign in to your account
    .body = Sign-in with { $provider } was removed from your account.
    .action = Not you? Choose a new password
    .footer = If it was you, you do not need to do anything.

linking-refused = Someone tried to sign in with { $provider }
    .body = Someone, perhaps you, signed in with { $provider } under this address. It is not linked to your account, so they did not get in. If it was you, sign in as usual, and link it on the page of your account.
    .action = Open my account
    .footer = If it was not you, you can ignore this message. Your account has not changed.

password-changed = Your password has been changed
    .body = The password of your account was changed, and all devices were signed out.
    .action = Not you? Choose a new password
    .footer = If it was you, you do not need to do anything.

second-factor-added = A second factor was added to your account
    .body = From now on, signing in also takes your authenticator app or a passkey.
    .action = Not you? Choose a new password
    .footer = If it was you, or you know about it, you do not need to do anything.

second-factor-removed = A second factor was removed
    .body = A second factor of your account was removed.
    .action = Not you? Choose a new password
    .footer = If it was you, or you know about it, you do not need to do anything.

recovery-code-used = A recovery code was used
    .body = Someone, perhaps you, used a recovery code of your account. It cannot be used again.
    .action = Not you? Choose a new password
    .footer = If it was you, or you know about it, you do not need to do anything.

recovery-codes-replaced = Your recovery codes were replaced
    .body = Someone, perhaps you, asked for new recovery codes of your account. The earlier ones no longer work.
    .action = Not you? Choose a new password
    .footer = If it was you, you do not need to do anything.

second-factors-reset = Your second factors were removed
    .body = An administrator removed all second factors of your account, and signed you out.
    .action = Not you? Choose a new password
    .footer = If it was you, or you know about it, you do not need to do anything.

erasure-requested = Your account will be deleted
    .body = Someone, perhaps you, asked to delete your account. To keep it, open your account page.
    .action = Not you? Choose a new password
    .footer = If it was you, or you know about it, you do not need to do anything.

account-inactive = Your account will be deleted
    .body = You have not signed in for a long time, so your account will be deleted. To keep it, sign in, open your account page and press “Keep my account”.
    .action = Open my account page
    .footer = If you no longer need your account, you do not need to do anything.

unsubscribe = Unsubscribe from e-mails about new workouts
