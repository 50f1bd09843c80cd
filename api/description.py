"""Version, introduction and groups of operations in the OpenAPI document."""

from typing import Final

VERSION: Final = "1.0.0"
"""Version of the API contract, not of the server."""

DESCRIPTION: Final = """Count, measure and coach workouts on video.

Every response carries `Request-ID`: the trace id of the incoming `traceparent`, else the incoming
`Request-ID` or `X-Correlation-ID` if it is a UUID, else a new one. Errors are Problem Details
(RFC 9457). Lists are paginated by cursor."""

TAGS: Final = [
    {"name": "auth", "description": "Accounts and signing in."},
    {"name": "privacy", "description": "Copies of your data, erasure and consents."},
    {"name": "administration", "description": "User administration of a tenant."},
    {"name": "sessions", "description": "Sessions: one athlete performs one workout once."},
    {"name": "workouts", "description": "Workout executions, set by set."},
    {"name": "plans", "description": "Trainers, their plans, and enrollments in them."},
    {"name": "payments", "description": "Subscriptions to plans, and their payments."},
    {"name": "content", "description": "Videos of trainers: uploads, checks and publishing."},
    {"name": "health data", "description": "Records of health sources, daily figures and goals."},
    {"name": "achievements", "description": "Badges and trophies."},
    {"name": "pose coach", "description": "Summaries of workouts that the pose coach watched."},
    {"name": "programs", "description": "Training programs that progress by rules."},
    {"name": "recommendations", "description": "What to train next, with reasons."},
    {"name": "live", "description": "Live training with a camera and feedback."},
    {"name": "jobs", "description": "Video analysis jobs."},
    {"name": "recordings", "description": "Recordings of sessions: landmarks, pictures and video."},
    {"name": "leaderboards", "description": "Rankings of athletes who joined, by pseudonym."},
    {"name": "population", "description": "Figures of many people, for analysts."},
    {"name": "exercises", "description": "The exercise library."},
    {"name": "knowledge", "description": "Search in the knowledge base."},
    {"name": "graphql", "description": "Read models as a graph, and all commands."},
    {"name": "health", "description": "Health checks for operators."},
]
