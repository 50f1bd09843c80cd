"""Run the reference client: `python -m examples.pose_coach http://127.0.0.1:8000`."""

import os
import sys
import time
from datetime import UTC, datetime

import httpx2

from examples.pose_coach.api_service import ApiService, Workout
from examples.pose_coach.authentication_provider import AuthenticationProvider
from examples.pose_coach.pose_coach_screen import stop_workout


def main(url: str) -> None:
    """Save a workout of now, and print its summary and the user's figures."""
    with httpx2.Client(base_url=url, timeout=30.0, trust_env=False) as http:
        auth = AuthenticationProvider(http, tenant=os.environ.get("KINELOG_TENANT", "default"))
        if "KINELOG_EMAIL" in os.environ:
            auth.sign_in(os.environ["KINELOG_EMAIL"], os.environ["KINELOG_PASSWORD"])
        api = ApiService(http, auth, pause=time.sleep)
        workout = Workout("squat", 12, 0.87, datetime.now(UTC), 120, ("Knees over toes.",))
        dialog = stop_workout(api, workout, time.sleep)
        if dialog is None:
            sys.exit("The history does not show the session yet.")
        state = "saved in both stores" if dialog.is_saved_everywhere else "saved"
        stats = api.get_user_workout_stats()
    sys.stdout.write(f"{dialog.feedback}\n{state}; sessions: {stats.total_sessions}\n")


if __name__ == "__main__":
    main(sys.argv[1])
