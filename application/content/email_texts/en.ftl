# Texts of the e-mails about content: subject, and the parts of the message.

content-live = Content Live: { $title }
    .body = Your video “{ $title }” has been checked and encoded, and is live. It lasts { $minutes } min.
    .action = Open Kinelog
    .footer = You can unpublish it at any time.

version-live = Content Live: new version of { $title }
    .body = The new version of your video “{ $title }” is live. It lasts { $minutes } min. Viewers get it at the same address.
    .action = Open Kinelog
    .footer = You can unpublish it at any time.

taken-down = Taken down: { $title }
    .body = An administrator has taken down your video “{ $title }”. { $reason ->
        [copyright] It may violate a copyright.
        [privacy] It may violate somebody’s privacy.
        [safety] It may put people at risk.
        [illegal] It may violate the law.
       *[terms] It violates the terms of use.
    } Nobody can watch it any more.
    .action = Open Kinelog
    .footer = If you disagree, contact the administrators of your organization.

rejected = Not published: { $title }
    .body = Your video “{ $title }” did not pass its checks, so it is not published. { $reason ->
        [size_differs] The file that arrived has another size than the one you chose. Upload it again.
        [checksum_differs] The file changed on its way. Upload it again.
        [format_not_supported] The file is not a video in MP4, MOV, WebM or MKV. Export it in one of these formats.
        [format_differs] The file has another format than its name says. Export it again.
        [contains_other_data] The file contains other data besides the video. Export it again.
        [malware_found] The virus scanner found malware in the file. Check your computer, then export the video again.
        [damaged_at] The video is damaged at { $at }. Export it again, or cut that part out.
        [damaged] The video is damaged. Export it again.
        [no_video] The file has no pictures, only sound or text.
        [too_short] The video is shorter than one second.
        [too_long] The video is longer than the limit. Divide it into parts.
        [too_many_pixels] The pictures of the video are too large. Export it in 4K or smaller.
       *[not_encodable] The video could not be converted. Export it as MP4 with H.264.
    }{ $live ->
        [yes] {" "}Viewers still get the version before.
       *[no] {""}
    }
    .action = Open Kinelog
    .footer = The file is kept apart, where nobody can watch it.
