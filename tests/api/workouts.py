"""Driver of workout executions over REST."""

from typing import Any

from tests.api.driver import AT, ApiDriver

START = AT.isoformat()
LINES = """[
  {exerciseId: "squat", sets: 2, targetRepetitions: 8, restS: 90, targetRpe: 8.5},
  {exerciseId: "plank", sets: 1, targetHoldS: 30, restS: 45}
]"""


def prescribe(
    driver: ApiDriver, name: str = "Legs", workout_id: str = "legs", author: str = "coach"
) -> str:
    document = f"""mutation {{ prescribeWorkout(input: {{
      workoutId: "{workout_id}", authorId: "{author}", name: "{name}", exercises: {LINES}
    }}) {{ ... on WorkoutPayload {{ workout {{ workoutId }} }} ... on Problem {{ code }} }} }}"""
    view = driver.ask(document)
    return str(view["prescribeWorkout"]["workout"]["workoutId"])


class WorkoutDriver:
    """One execution, which starts at a time of ISO 8601."""

    def __init__(self, driver: ApiDriver, execution: str = "e1", *, starts_at: str = START) -> None:
        self.driver = driver
        self.id = execution
        self.starts_at = starts_at

    def ask(self, server: str, status: int = 200, /, **query: Any) -> Any:
        answer = self.answer(server, **query)
        assert answer.status_code == status, answer.text
        return answer.json()

    def answer(self, server: str, /, **query: Any) -> Any:
        key = query.pop("key", None)
        headers = {} if key is None else {"Idempotency-Key": key}
        path = f"/v1/workouts/{self.id}{server}"
        return self.driver.client.post(path, json=query, headers=headers)

    def refused(self, server: str, /, **query: Any) -> tuple[int, str]:
        answer = self.answer(server, **query)
        return answer.status_code, answer.json()["code"]

    def start(self, workout: str = "legs", athlete: str = "ada") -> Any:
        answer = self.driver.client.post(
            "/v1/workouts",
            json={
                "workoutId": workout, "sessionId": self.id, "athleteId": athlete,
                "at": self.starts_at, "timeZone": "Europe/Berlin",
            },
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
        return answer.json()

    def read(self) -> Any:
        answer = self.driver.client.get(f"/v1/workouts/{self.id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def perform(self) -> None:
        """Perform the whole prescription: 8 and 7 squats, and a plank of half a minute."""
        self.start()
        self.ask("/next", 201, atMs=1000, loadKg=20.0)
        self.ask("/repetitions", set=1, repetitions=8, atMs=40_000)
        self.ask("/finish", set=1, endMs=41_000)
        self.ask("/rest", atMs=41_500)
        self.ask("/next", 201, atMs=120_000, loadKg=22.5)
        self.ask("/repetitions", set=2, repetitions=8, atMs=160_000)
        self.ask("/undo", set=2)
        self.ask("/finish", set=2, endMs=161_000)
        self.ask("/next", 201, atMs=200_000)
        self.ask("/duration", set=3, durationMs=30_000, atMs=231_000)
        self.ask("/finish", set=3, endMs=231_000)

    def complete(self, **more: Any) -> Any:
        return self.ask("/complete", at="2030-01-31T07:34:00Z", **more)
