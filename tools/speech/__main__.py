"""Run a simulator of speech recognition: `python -m tools.speech [COMMAND ...]`.

A command, such as `kinelog demo`, is run with the settings of the simulator. Without one, it
prints the settings and serves until it is stopped. Drafts of captions then have phrases of a
script. There is no simulator where a service is set up, or where others may reach the API.
"""

import subprocess
import sys

from bootstrap.deprecated_settings import PREFIX
from bootstrap.settings import Settings
from tools.simulated_settings import print_settings, reachable_by_others, serve
from tools.speech.recognizer_simulator import RecognizerSimulator


def main(command: list[str]) -> int:
    """Run until the command ends, or without one until a signal; return the exit status."""
    reason = _reason_for_none(Settings())
    if reason is not None:
        sys.stderr.write(f"kinelog: no simulator of speech recognition is started: {reason}\n")
        if command:
            return subprocess.call(command)
        print_settings({})
        return 0
    with RecognizerSimulator() as simulator:
        return serve(command, settings_of(simulator))


def _reason_for_none(settings: Settings) -> str | None:
    """Return why there is no simulator, or None: its captions say nothing about a video."""
    if settings.speech_recognition_url is not None:
        return "a service is set up."
    return reachable_by_others(settings)


def settings_of(simulator: RecognizerSimulator) -> dict[str, str]:
    """Return the settings that lead to a simulator."""
    name = f"{PREFIX}SPEECH_RECOGNITION"
    return {
        f"{name}_URL": simulator.url,
        f"{name}_KEY": simulator.key,
        f"{name}_MODEL": simulator.model,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
