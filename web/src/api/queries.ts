/**
 * GraphQL queries of the pages.
 * @module
 */

/** The name of a value in an enum of the schema. */
export function enumValue<Word extends string>(word: Word): Uppercase<Word> {
  return word.toUpperCase() as Uppercase<Word>;
}

/** Fields of a page of sessions in short form. */
export const SESSION_PAGE = `
    edges {
      node {
        sessionId exerciseId exercises status startedAt durationMs repetitionCount accuracy caloriesKcal
        performance { score } countedBy { source } sets { holdMs }
        recording { id mediaRemovedAt }
      }
    }
    pageInfo { hasNextPage endCursor }
`;

export const SESSIONS = `
query Sessions($first: Int!, $after: String, $exercise: ID) {
  sessions(first: $first, after: $after, exerciseId: $exercise) { ${SESSION_PAGE} }
}` as const;

export const ATHLETE_SESSIONS = `
query AthleteSessions($athlete: ID!, $first: Int!, $after: String) {
  sessions(first: $first, after: $after, athleteId: $athlete) { ${SESSION_PAGE} }
}` as const;

export const SESSION_LIST = `
query SessionList(
  $first: Int, $after: String, $last: Int, $before: String,
  $athlete: ID, $exercise: ID, $filter: SessionFilter, $sort: SessionSort!, $ascending: Boolean!
) {
  sessions(
    first: $first, after: $after, last: $last, before: $before,
    athleteId: $athlete, exerciseId: $exercise, filter: $filter, sort: $sort, ascending: $ascending
  ) {
    edges {
      node {
        sessionId exerciseId exercises status startedAt durationMs repetitionCount accuracy caloriesKcal
        tags performance { score } sets { holdMs }
        recording { id name mediaRemovedAt }
      }
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

export const SESSION = `
query Session($id: ID!) {
  session(id: $id) {
    sessionId athleteId workoutId exerciseId status startedAt completedAt durationMs frames framesWithPose
    repetitionCount verifiedRepetitionCount rejectedCount accuracy caloriesKcal
    performance { score completion form tempo rangeOfMotion }
    countedBy { source model definitionVersion learned }
    sets { number exerciseId holdMs rpe unjudged overridden }
    repetitions {
      set number startMs endMs rangeOfMotionDeg symmetry form confidence faults unjudged judgements { fault degree probability measured bound }
      tempo { eccentricS bottomPauseS concentricS topPauseS }
    }
    rejectedRepetitions { set startMs endMs reason }
    cues { cue atMs set repetition fault }
    faultFeedback { set repetition fault feedback }
    recording { id name duration frameCount videoUrl videoStatus videoProblem aspectRatio mediaRemovedAt }
  }
}`;

export const TOTALS = `
query Totals($athlete: ID!, $period: Period!, $from: Date!, $to: Date!) {
  totals(athleteId: $athlete, period: $period, from: $from, to: $to) {
    start sessions repetitions verifiedRepetitions durationMs caloriesKcal accuracy measured
  }
}`;

export const TRAINING_DAYS = `
query TrainingDays($athlete: ID!, $from: Date!, $to: Date!, $today: Date!) {
  days: totals(athleteId: $athlete, period: DAY, from: $from, to: $to) {
    start sessions repetitions durationMs caloriesKcal
  }
  years: totals(athleteId: $athlete, period: YEAR) { start }
  streaks(athleteId: $athlete, today: $today) { current { start end days } longest { start end days } }
}`;

export const EXERCISE_SUMS = `
query ExerciseSums($athlete: ID!, $from: Date!, $to: Date!) {
  exerciseSums(athleteId: $athlete, from: $from, to: $to) {
    sessionsUsed sessionsTotal items { exerciseId sessions sets repetitions verifiedRepetitions heldMs verifiedHeldMs volumeKg }
  }
}`;

export const RECORDS = `
query Records($athlete: ID!, $exercises: [ID!]!) {
  exerciseProgress(athleteId: $athlete, exerciseIds: $exercises) {
    exerciseId sessions
    mostRepetitions { best sessionId at } heaviestKg { best sessionId at }
    longestHoldMs { best sessionId at } bestForm { best sessionId at }
    mostVerifiedRepetitions { best sessionId at } heaviestVerifiedKg { best sessionId at }
    longestVerifiedHoldMs { best sessionId at }
  }
}`;

export const EXERCISE_HISTORY = `
query ExerciseHistory($athlete: ID!, $exercise: ID!, $first: Int!) {
  exerciseHistory(athleteId: $athlete, exerciseId: $exercise, first: $first) {
    edges { node { sessionId at mostRepetitions heaviestKg longestHoldMs bestForm } }
  }
  formTrend(athleteId: $athlete, exerciseId: $exercise) { change sessionsUsed sessionsTotal }
}`;
export const LEADERBOARD = `
query Leaderboard(
  $measure: LeaderboardMeasure!, $period: LeaderboardPeriod!, $exercise: ID, $on: Date,
  $first: Int!, $after: String, $around: Boolean!
) {
  leaderboard(
    measure: $measure, period: $period, exercise: $exercise, on: $on,
    first: $first, after: $after, aroundMe: $around
  ) {
    start end entries me { rank figure }
    edges { node { rank pseudonym figure mine } }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}`;

/** Save what the pose coach saw of a workout. */
export const STOP_WORKOUT = `
mutation StopWorkout($input: StopWorkoutInput!) {
  stopWorkout(input: $input) {
    ... on WorkoutStoppedPayload { sessionId motivationalFeedback }
    ... on Problem { code message correlationId }
  }
}`;

/** Sessions of the pose coach, with their states in its two stores. */
export const COACH_SESSIONS = `
query CoachSessions($first: Int!) {
  workoutSessions(first: $first) {
    edges { node { sessionId exercise reps accuracy timestamp duration sinks { document analytics } } }
  }
}`;

/** Own figures of the pose coach beside those of many people. */
export const POSE_REPORT = `
query PoseReport {
  poseCoachReport {
    month isAvailable
    own { totalSessions totalReps totalDuration }
    ownMonth { totalSessions totalReps averageAccuracy totalDuration }
    overall {
      athletes
      sessions { lower median upper }
      reps { lower median upper }
      accuracy { lower median upper }
      duration { lower median upper }
    }
    exercises { exercise athletes reps { median } accuracy { median } }
  }
}`;

export const MONTH_COMPARED = `
query MonthCompared {
  monthComparison {
    month mine { repetitions form }
    repetitions { lower median upper }
    form { lower median upper }
  }
}`;
