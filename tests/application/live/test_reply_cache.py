"""The replies that one process has received, in any order."""

from itertools import permutations

from application.live.replies import LiveReply, after
from application.live.reply_cache import ReplyCache
from tests.live.chunks import take
from tests.live.session_fixture import KEY


def test_workers_know_better_than_api_processes_whether_a_set_is_over() -> None:
    """Otherwise no chunk could end a set whose acknowledged last chunk the workers refuse."""
    last = take("s")[-1].message
    stored = LiveReply(KEY, last.sequence, after(None, last))
    refused = LiveReply.rejected(KEY, last, ZeroDivisionError())
    assert stored.standing.over
    for replies in permutations([stored, refused]):
        cache = ReplyCache()
        for reply in replies:
            cache.put(reply)
        received = cache.get(KEY)
        assert received is not None
        assert received.progress == refused.standing
