access-viewed = Viewed
access-exported = Exported
access-when = When
access-who = Who
access-what = What
access-you = You
access-nobody = Nobody else has accessed your data.
access-latest = The latest 50 accesses and exports.
consent-agreed-on = Agreed on { $day }.
consent-agreed-earlier = Agreed on { $day } to an earlier version. Read this one and agree again.
consent-withdrawn = Withdrawn.
consents-unchanged = Your consents are unchanged.
change-shown = Your change may have been saved. The page shows what is stored now.
change-unknown = It is not known whether your change was saved. Reload the page to see it.
erasure-waiting = Your account will be deleted on { $moment }. Until then you can keep it.
erasure-underway = Your account is being deleted.
erasure-done = Your account is deleted.
erasure-question = Delete your account?
erasure-question-what = Your name, sessions, videos and all other data about you will be deleted. We will send you an e-mail, and you can keep your account until the deletion starts.
erasure-unsent = This browser has data of { $count } { $count ->
        [one] session
       *[other] sessions
    } that Kinelog has not received. It is deleted at once.
erasure-canceled = Your account will not be deleted.
nothing-deleted = Nothing was deleted.
others-unsaved = Your profile is saved, but other forms of this page have changes that are not.
others-unsaved-advice = Save them, then reload the page to see it in the new language.
