"""Simulator of Withings: answers are 200 with a status inside, values have powers of ten."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from tools.health.cloud_simulator import CloudSimulator, Tokens
from tools.payments.simulator import Call, Reply

STATUSES: Final = {400: 503, 401: 401, 403: 277, 429: 601}
"""Status inside an answer, by the status that others answer."""


@dataclass
class WithingsSimulator(CloudSimulator):
    """`groups` and `days` are those of one person."""

    person: int = 12345678
    groups: dict[int, dict[str, Any]] = field(default_factory=dict[int, dict[str, Any]])
    days: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    nonces: set[str] = field(default_factory=set[str])

    name = "Withings"
    authorize_path = "/oauth2_user/authorize2"
    token_path = "/v2/oauth2"  # noqa: S105  a path
    separator = ","

    def weigh(self, key: int, at: datetime, grams: int, fat_permille: int) -> None:
        """Add a group of measurements, or correct it."""
        self.groups[key] = {
            "grpid": key,
            "date": int(at.timestamp()),
            "model": "Body Comp",
            "measures": [
                {"value": grams, "type": 1, "unit": -3},
                {"value": fat_permille, "type": 6, "unit": -1},
                {"value": 5, "type": 999, "unit": 0},
            ],
        }

    def walk(self, day: str, zone: str, steps: int, meters: float) -> None:
        """Add the sums of a day, or correct them."""
        self.days[day] = {"date": day, "timezone": zone, "steps": steps, "distance": meters}

    def answer(self, call: Call) -> Reply:
        reply = super().answer(call)
        content = json.loads(reply.body)
        if reply.status == 200 and "error" not in content:
            return Reply.of(200, {"status": 0, "body": content})
        return Reply.of(200, {"status": STATUSES.get(reply.status, 2555), "body": {}})

    def token_form(self, call: Call) -> Mapping[str, str]:
        form = call.form()
        return form if form.get("action") == "requesttoken" else {}

    def answers_code(self) -> Mapping[str, Any]:
        return {"userid": str(self.person)}

    def call_api(self, call: Call, tokens: Tokens) -> Reply:
        action, first = call.query.get("action"), int(call.query.get("offset", "0"))
        if (call.path, action) == ("/measure", "getmeas"):
            scope, name = "user.metrics", "measuregrps"
            start, end = (int(call.query[each]) for each in ("startdate", "enddate"))
            found = [each for each in self.groups.values() if start <= each["date"] <= end]
        elif (call.path, action) == ("/v2/measure", "getactivity"):
            scope, name = "user.activity", "activities"
            begin, until = call.query["startdateymd"], call.query["enddateymd"]
            found = [each for key, each in self.days.items() if begin <= key <= until]
        else:
            return Reply.of(400, {"error": "action"})
        if scope not in tokens.scopes:
            return Reply.of(403, {"error": "scope"})
        last = first + self.page_size
        more = {"more": last < len(found), "offset": last}
        return Reply.of(200, {name: found[first:last], **more})

    def end_tokens(self, call: Call) -> Reply | None:
        form = call.form() if call.method == "POST" else {}
        if form.get("action") == "getnonce":
            if form.get("signature") != self._proof(form, "timestamp"):
                return Reply.of(400, {"error": "signature"})
            self.nonces.add(nonce := secrets.token_hex(8))
            return Reply.of(200, {"nonce": nonce})
        if form.get("action") != "revoke":
            return None
        if form.get("signature") != self._proof(form, "nonce"):
            return Reply.of(400, {"error": "signature"})
        if form.get("nonce") not in self.nonces or form.get("userid") != str(self.person):
            return Reply.of(400, {"error": "nonce"})
        self.nonces.discard(form["nonce"])
        self.consents.clear()
        return Reply.of(200, {})

    def _proof(self, form: Mapping[str, str], name: str) -> str:
        text = ",".join((form["action"], form["client_id"], form[name]))
        return hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
