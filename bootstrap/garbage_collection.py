"""Garbage collection of long-lived processes."""

import gc


def reduce_garbage_collection() -> None:
    """Collect garbage less often, in processes that hold many objects outside reference cycles.

    These are messages, or the states of live sessions. With the default thresholds, a quarter of
    the relay's CPU time goes into scanning them, and answers to live chunks wait for it.
    """
    gc.set_threshold(100_000, 50, 100)
