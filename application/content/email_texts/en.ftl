# Texts of the e-mails about content: subject, and the parts of the message.

content-live = Content Live: { $title }
    .body = Your film “{ $title }” has been checked and encoded, and is live. It lasts { $minutes } min.
    .action = Open Kinelog
    .footer = You can unpublish it at any time.

version-live = Content Live: new version of { $title }
    .body = The new version of your film “{ $title }” is live. It lasts { $minutes } min. Viewers get it at the same address.
    .action = Open Kinelog
    .footer = You can unpublish it at any time.

taken-down = Taken down: { $title }
    .body = An administrator has taken down your film “{ $title }”. { $reason ->
        [copyright] It may violate a copyright.
        [privacy] It may violate somebody’s privacy.
        [safety] It may put people at risk.
        [illegal] It may violate the law.
       *[terms] It violates the terms of use.
    } Nobody can watch it any more.
    .action = Open Kinelog
    .footer = If you disagree, contact the administrators of your organization.
