"""Write events until killed: `python -m bootstrap.wiring.health_check_writer SESSION`."""

import sys
from itertools import count

from adapters.clock import new_id, utc_now
from application.operations.principles.kernel import Patient
from application.operations.principles.writing import fact_id, nth_fact
from bootstrap.settings import Settings
from bootstrap.wiring.composition import platform as opened


def main() -> None:
    """Write to the session of this name, and say the number of each fact that is acknowledged."""
    session = sys.argv[1]
    with opened(Settings()) as platform:
        patient = Patient(platform.log, platform.commands, utc_now, new_id)
        for number in count(1):
            wanted = nth_fact(session, number, utc_now())
            patient.write(wanted, command_id=fact_id(session, number))
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
