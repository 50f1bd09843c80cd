/**
 * Constraints of request bodies, as attributes of form fields by "Schema.field". `make schema`
 * generates this file from the OpenAPI document.
 * @module
 */

/**
 * @typedef {object} Constraints
 * @property {true} [required]
 * @property {number} [minlength]
 * @property {number} [maxlength]
 * @property {number} [min]
 * @property {number} [max]
 * @property {string[]} [options] of a choice
 * @property {number} [most] items of a list; the other constraints are those of an item
 */

/** @type {Record<string, Constraints>} */
export const CONSTRAINTS = {
  "BeginNextSet.source": {"options": ["device", "server", "manual", "file"]},
  "BeginNextSet.loadKg": {"min": 0, "max": 1000},
  "Body_analyzeVideo.name": {"maxlength": 200},
  "ClientError.kind": {"required": true, "options": ["camera", "model", "storage", "unhandled"]},
  "ClientError.name": {"maxlength": 64},
  "ClientError.page": {"maxlength": 64},
  "ClientError.script": {"maxlength": 128},
  "ClientError.line": {"min": 0, "max": 10000000},
  "CodeInput.code": {"required": true, "maxlength": 64},
  "ConfirmHealthKit.status": {"required": true, "options": ["synced", "failed"]},
  "ConfirmHealthKit.reason": {"options": ["unavailable", "denied", "not_determined", "locked", "cancelled", "invalid", "other"]},
  "ConsentInput.purpose": {"required": true, "options": ["camera_processing", "images_leave_device", "research", "health_data", "leaderboards", "population_insights", "marketing"]},
  "CuePreferencesBody.frequency": {"options": ["seldom", "usual", "often"]},
  "CuePreferencesBody.verbosity": {"options": ["captions", "short", "full"]},
  "CuePreferencesBody.language": {"maxlength": 35},
  "CuePreferencesBody.muted": {"most": 100},
  "DisplayInput.firstDay": {"options": ["monday", "saturday", "sunday"]},
  "DisplayInput.dates": {"options": ["locale", "day_first", "month_first"]},
  "DisplayInput.theme": {"options": ["system", "light", "dark"]},
  "DisplayInput.contrast": {"options": ["system", "normal", "high"]},
  "EmailOnly.email": {"required": true, "minlength": 3, "maxlength": 254},
  "EmailVerification.password": {"maxlength": 128},
  "ErasureRequest.password": {"maxlength": 128},
  "Exchange.nonce": {"maxlength": 256},
  "Invitation.email": {"required": true, "minlength": 3, "maxlength": 254},
  "Invitation.roles": {"most": 3, "options": ["trainer", "analyst", "administrator"]},
  "JoinLeaderboards.pseudonym": {"required": true, "minlength": 3, "maxlength": 30},
  "JoinLeaderboards.consentVersion": {"maxlength": 40},
  "JoinPolicyInput.kind": {"required": true, "options": ["closed", "invitation", "domain", "open"]},
  "JoinPolicyInput.domains": {"most": 100, "maxlength": 253},
  "LinkedIdentity.password": {"maxlength": 128},
  "LinkedIdentity.nonce": {"maxlength": 256},
  "LogDuration.durationMs": {"required": true, "min": 0, "max": 86400000},
  "LogRepetitions.repetitions": {"min": 1, "max": 1000},
  "Login.email": {"required": true, "minlength": 3, "maxlength": 254},
  "Login.password": {"required": true, "maxlength": 128},
  "NewPasskey.name": {"required": true, "maxlength": 100},
  "NewPassword.password": {"required": true, "maxlength": 128},
  "NewRecording.name": {"maxlength": 200},
  "NewRecording.description": {"maxlength": 2000},
  "NewRecording.aspectRatio": {"required": true, "min": 0.1, "max": 10},
  "NewShareLink.expiresInS": {"min": 300, "max": 2592000},
  "PasswordCandidate.password": {"required": true, "maxlength": 128},
  "PasswordCandidate.email": {"maxlength": 254},
  "PasswordCandidate.username": {"maxlength": 100},
  "PasswordChange.oldPassword": {"required": true, "maxlength": 128},
  "PasswordChange.newPassword": {"required": true, "maxlength": 128},
  "PrescribeWorkout.name": {"required": true, "maxlength": 200},
  "PrescribedExercise.sets": {"required": true, "min": 1, "max": 100},
  "PrescribedExercise.targetRepetitions": {"min": 1, "max": 10000},
  "PrescribedExercise.targetHoldS": {"min": 1, "max": 10000},
  "PrescribedExercise.restS": {"min": 0, "max": 3600},
  "ProfileBody.username": {"maxlength": 100},
  "ProfileBody.units": {"required": true, "options": ["metric", "imperial"]},
  "ProfileBody.timeZone": {"maxlength": 64},
  "ProfileBody.locale": {"maxlength": 64},
  "Reauthentication.password": {"maxlength": 128},
  "RecordingWords.name": {"maxlength": 200},
  "RecordingWords.description": {"maxlength": 2000},
  "Registration.email": {"required": true, "minlength": 3, "maxlength": 254},
  "Registration.password": {"required": true, "maxlength": 128},
  "Registration.username": {"maxlength": 100},
  "Registration.timeZone": {"maxlength": 64},
  "Registration.locale": {"maxlength": 64},
  "Registration.units": {"options": ["metric", "imperial"]},
  "ReviseWorkout.name": {"required": true, "maxlength": 200},
  "SessionDescription.type": {"required": true, "options": ["offer", "answer"]},
  "SkipSets.what": {"required": true, "options": ["set", "exercise"]},
  "StartSet.source": {"options": ["device", "server", "manual", "file"]},
  "StartSet.targetRepetitions": {"min": 1, "max": 10000},
  "StartSet.loadKg": {"min": 0, "max": 1000},
  "Tags.tags": {"most": 10, "maxlength": 30},
  "TrainingSettings.bodyMassKg": {"min": 20, "max": 400},
  "UtteranceInput.text": {"maxlength": 300},
  "UtteranceInput.language": {"maxlength": 35},
  "UtteranceInput.exercise": {"maxlength": 64},
};
