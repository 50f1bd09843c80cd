"""Writes that the scenario of retries does not send."""

from typing import Final

from tests.api.paying import WEBHOOKS

NOT_IN_SCENARIO: Final = {
    name: reason
    for reason, names in {
        "It changes nothing.": (
            "reportClientError", "passwordStrength", "recognizeIntent", "readVerificationLink",
            "scoreRecommendations",
        ),
        "It carries mutations, which the walk of GraphQL sends.": ("graphql",),
        "The same handler as another path.": ("streamFramesLegacy", "recommendations"),
        "A new connection each time; the frames in it are numbered.": ("openDataChannel",),
        "Sends a new letter on purpose.": ("sendVerification", "forgotPassword"),
        "Signs in or out; another sign-in is another one on purpose.": (
            "login", "token", "exchangeIdToken", "logout", "logoutEverywhere", "endSignIn",
        ),
        "Needs a provider; the flow's state is redeemed once.": (
            "linkIdentity", "unlinkIdentity", "oauthLink", "oauthPostedCallback",
            "beginHealthLink", "unlinkHealthCloud",
        ),
        "Needs a movement that the camera counted or rejected.": ("overruleRepetition",),
        "Second factors: codes work once, and new secrets are shown once.": (
            "addApp", "confirmApp", "confirmSignIn", "removeSecondFactor",
            "replaceRecoveryCodes", "resetSecondFactors",
        ),
        "Each challenge is used once. Retries with a passkey are in test_passkeys.": (
            "beginPasskey", "addPasskey", "renamePasskey", "beginPasskeyConfirmation",
            "confirmSignInWithPasskey", "beginPasskeySignIn", "signInWithPasskey",
        ),
        "A new token each time, which is shown once.": ("issueUploadToken",),
        "In test_health_clouds, test_object_created, test_uploads and test_assignment_emails.": (
            "receiveHealthWebhook", "receiveBucketNotification", "analyzeVideo", "unsubscribe",
        ),
        "In test_content_uploads.": ("uploadContentPart", "completeContentUpload"),
        "Need a published video. In test_content_changes and test_lessons.": (
            "describeContent", "addContentCaptions", "removeContentCaptions", "addLessonSegment",
            *("unpublishContent", "republishContent", "takeDownContent", "deleteContent"),
            *("changeLessonSegment", "removeLessonSegment", "confirmLesson"),
            "makeLessonWorkout",
        ),
        "Needs a published video. Retries are in test_content_views.": ("noteContentPosition",),
        "Needs a speech recognition service. Retries are in test_caption_drafts.": (
            "requestCaptionDraft", "discardCaptionDraft",
        ),
        "Needs an example. Retries are in test_custom_exercises.": (
            "recordCustomExercise", "renameCustomExercise", "deleteCustomExercise",
        ),
        "Another import finds the records unchanged.": ("importHealthFile",),
        "In test_pose_coach.": ("saveWorkoutSession", "stopWorkout", "deleteWorkoutSession"),
        "Needs a payment at a gateway. Retries are in test_checkout.": (
            *WEBHOOKS, "cancelSubscription", "resumeSubscription", "refundPayment",
            "noteManualRefund", "pauseSubscription", "redeliverWebhook",
            "startReconciliation",
        ),
        "Needs a trainer and an athlete. Retries are in test_supervision.": (
            "allowTrainer", "disallowTrainer", "createAthleteInvitation",
            "withdrawAthleteInvitation", "commentOnSession", "deleteComment",
        ),
        "Needs a trainer and an athlete. Retries are in test_assignments.": (
            "assignWorkout", "adjustAssignment", "withdrawAssignment", "startAssignment",
            "declineAssignment",
        ),
        "Needs a gateway. Retries are in test_changing_methods and test_plan_changes.": (
            "storeMethod", "changeSubscriptionPlan", "withdrawPlanChange",
        ),
        "In test_programs.": (
            "createProgram", "reviseProgram", "extendProgram", "changeProgramRule",
            "reportProgramEffort",
            "endProgram", "startProgramDay",
        ),
        "In test_recommendations and test_exercise_correction.": (
            "noteRecommendationsViewed", "noteRecommendationClicked", "correctExercise",
        ),
    }.items()
    for name in names
}  # fmt: skip
"""Writes that the scenario does not send, each with the reason."""
