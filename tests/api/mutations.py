"""Mutations of sessions, and their refusals."""

from typing import Any

from tests.api.driver import ApiDriver

PROBLEM = "... on Problem { code kind message correlationId clientMutationId }"


def session_mutation(name: str, kind: str) -> str:
    return f"""
    mutation($input: {kind}!) {{ {name}(input: $input) {{
      __typename {PROBLEM}
      ... on SessionPayload {{
        position repeated session {{
          id sessionId status startedAt repetitionCount
          repetitions {{ number tempo {{ eccentricS }} }}
          sets {{ number status repetitions countedBy {{ source }} }}
        }}
      }}
    }} }}"""


COMPLETE = session_mutation("completeSession", "CompleteSessionInput")


def change(driver: ApiDriver, document: str, **sent: Any) -> Any:
    (result,) = driver.ask(document, input=sent).values()
    return result


def refusal(driver: ApiDriver, document: str, **sent: Any) -> tuple[str, str]:
    result = change(driver, document, **sent)
    assert result["__typename"] == "Problem", result
    assert result["message"]
    return result["code"], result["kind"]
