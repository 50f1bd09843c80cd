/**
 * The questions the page asks in GraphQL, word for word.
 * @module
 */

export const SESSIONS = `
query Sessions($first: Int!, $after: String, $exercise: ID) {
  sessions(first: $first, after: $after, exerciseId: $exercise) {
    edges {
      node {
        sessionId exerciseId status startedAt durationMs repetitionCount accuracy caloriesKcal
        performance { score }
        recording { id }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const SESSION_LIST = `
query SessionList(
  $first: Int, $after: String, $last: Int, $before: String,
  $athlete: ID, $exercise: ID, $only: SessionFilter, $sort: SessionSort!, $ascending: Boolean!
) {
  sessions(
    first: $first, after: $after, last: $last, before: $before,
    athleteId: $athlete, exerciseId: $exercise, only: $only, sort: $sort, ascending: $ascending
  ) {
    edges {
      node {
        sessionId exerciseId status startedAt durationMs repetitionCount accuracy caloriesKcal
        performance { score }
        recording { id name }
      }
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

export const SESSION = `
query Session($id: ID!) {
  session(id: $id) {
    sessionId exerciseId status startedAt completedAt durationMs frames framesWithPose
    repetitionCount rejectedCount accuracy caloriesKcal
    performance { score completion form tempo rangeOfMotion }
    countedBy { source model definitionVersion learned }
    sets { number exerciseId holdMs unjudged overridden }
    repetitions {
      set number startMs endMs rangeOfMotionDeg symmetry form confidence faults unjudged
      tempo { eccentricS bottomPauseS concentricS topPauseS }
    }
    rejectedRepetitions { set startMs endMs reason }
    cues { cue atMs }
    recording { id name duration frameCount videoUrl aspectRatio }
  }
}`;

export const TOTALS = `
query Totals($athlete: ID!, $period: Period!, $from: Date!, $to: Date!) {
  totals(athleteId: $athlete, period: $period, from: $from, to: $to) {
    start sessions repetitions durationMs caloriesKcal
  }
}`;
