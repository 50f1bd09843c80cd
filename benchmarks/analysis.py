"""Cost of `kinelog analyze` compared with bare MediaPipe on the same frames.

The reference decodes the same video with the same decoder and runs MediaPipe on each frame, as the
shortest script would. The analysis adds the count of people, the motion fold, the storage of
landmarks and video, and the storage and projection of the session. Budget: 1.15.

Run `python -m benchmarks.analysis [--video FILE --exercise NAME] [--rounds N] [--json]`.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from adapters.pose.model_choice import find_model
from adapters.sample_athlete.performance import Performance
from adapters.video.decoder import PyAvDecoder
from application.analysis.video_analyzer import AnalysisRequest
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from tools.film_studio.video import render_video

SAMPLE = Performance(exercise="squat", repetitions=5, azimuth_deg=60.0)


def bare(video: Path, model: Path) -> int:
    """Run MediaPipe alone; return the number of frames with a pose."""
    import mediapipe  # noqa: PLC0415  as slow to import as it is for the analysis
    from mediapipe.tasks.python import BaseOptions, vision  # noqa: PLC0415

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model)),
        running_mode=vision.RunningMode.VIDEO,
    )
    poses = 0
    with (
        vision.PoseLandmarker.create_from_options(options) as landmarker,
        PyAvDecoder().open(video) as opened,
    ):
        for frame in opened.frames():
            pixels = np.ascontiguousarray(frame.rgb)
            image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=pixels)
            poses += bool(
                landmarker.detect_for_video(image, round(frame.time_s * 1000)).pose_landmarks
            )
    return poses


def whole(video: Path, exercise: str, settings: Settings, key: str) -> int:
    """Run the complete analysis; return the same number."""
    with embedded(settings) as platform:
        analysis = AnalysisRequest(
            video=video, athlete_id=UserId("ada"), exercise=exercise, key=key
        )
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=platform.new_id())
        analyzed = platform.analyzer.analyze(analysis, origin=origin, progress=lambda _: None)
    return analyzed.report.frames_with_pose


def seconds(work: Callable[[], int]) -> tuple[float, float, int]:
    """Return CPU time, wall time and result of one call."""
    cpu, wall = time.process_time(), time.perf_counter()
    answer = work()
    return time.process_time() - cpu, time.perf_counter() - wall, answer


def main() -> None:
    """Alternate both sides and print medians."""
    parser = argparse.ArgumentParser(description="The analysis beside bare MediaPipe.")
    parser.add_argument("--video", type=Path)
    parser.add_argument("--exercise", default="squat")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        model = find_model(settings.cache, settings.pose_model).resolve().path
        video = arguments.video or Path(folder) / "sample.mp4"
        if arguments.video is None:
            render_video(SAMPLE, video)
        bare(video, model)  # imports and caches are warm for both sides
        pairs = [
            (
                seconds(lambda: whole(video, arguments.exercise, settings, key)),
                seconds(lambda: bare(video, model)),
            )
            for key in map(str, range(arguments.rounds))
        ]
    print_ratios(pairs, as_json=arguments.json)


def print_ratios(
    pairs: list[tuple[tuple[float, float, int], tuple[float, float, int]]], *, as_json: bool
) -> None:
    """Print the ratios, pair by pair and their median."""
    row = {
        "frames_with_pose": [side[2] for side in pairs[0]],
        "analyze_s": round(statistics.median(ours[1] for ours, _ in pairs), 2),
        "mediapipe_s": round(statistics.median(theirs[1] for _, theirs in pairs), 2),
        "cpu_ratio": round(statistics.median(ours[0] / theirs[0] for ours, theirs in pairs), 3),
        "wall_ratio": round(statistics.median(ours[1] / theirs[1] for ours, theirs in pairs), 3),
    }
    print(json.dumps(row) if as_json else "\n".join(f"{k}: {v}" for k, v in row.items()))


if __name__ == "__main__":
    main()
