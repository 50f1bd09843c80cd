"""Shapes of body parts and clothes: balls around the bones, as on an artist's mannequin.

Thickness of limbs, trunk and head is that of an average adult; all offsets and radii are
fractions of stature.
"""

from dataclasses import dataclass
from typing import Final

Point = tuple[float, float, float]
Ball = tuple[float, float, float, float]
"""Left, up and forward in the axes of a body segment, and the radius."""


@dataclass(frozen=True)
class Shape:
    """A part of one color, fixed to a segment of the body.

    `hulls` lists which balls are joined; all of them if empty. `nearer` moves the part
    towards the camera in the order of drawing. A part that `faces` a direction of its segment is
    visible only from there. `flat` parts have no shading.
    """

    color: str
    balls: tuple[Ball, ...]
    hulls: tuple[tuple[int, ...], ...] = ()
    nearer: float = 0.0
    faces: Point | None = None
    flat: bool = False


TRUNK: Final = (
    Shape(
        "shorts",
        (
            (0.046, 0.035, 0.0, 0.049),
            (-0.046, 0.035, 0.0, 0.049),
            (0.044, -0.012, -0.010, 0.054),
            (-0.044, -0.012, -0.010, 0.054),
        ),
        nearer=-0.006,
    ),
    Shape(
        "shirt",
        (
            (0.100, 0.283, 0.0, 0.032),
            (-0.100, 0.283, 0.0, 0.032),
            (0.056, 0.215, 0.012, 0.056),
            (-0.056, 0.215, 0.012, 0.056),
            (0.046, 0.100, 0.006, 0.047),
            (-0.046, 0.100, 0.006, 0.047),
            (0.052, 0.030, 0.0, 0.043),
            (-0.052, 0.030, 0.0, 0.043),
            (0.020, 0.306, -0.008, 0.026),
            (-0.020, 0.306, -0.008, 0.026),
        ),
        hulls=((0, 1, 2, 3, 8, 9), (2, 3, 4, 5), (4, 5, 6, 7)),
    ),
    Shape("skin", ((0, 0.300, 0.010, 0.028), (0, 0.320, 0.004, 0.032)), nearer=0.002),
)

HEAD: Final = (
    Shape("skin", ((0, -0.005, 0.0, 0.033), (0, 0.075, 0.008, 0.032)), nearer=0.010),
    Shape("hair", ((0, 0.122, -0.004, 0.050), (0, 0.100, -0.016, 0.047)), nearer=0.022),
    Shape(
        "skin",
        (
            (0, 0.114, 0.006, 0.044),
            (0.004, 0.102, 0.022, 0.040),
            (-0.004, 0.102, 0.022, 0.040),
            (0.012, 0.066, 0.034, 0.023),
            (-0.012, 0.066, 0.034, 0.023),
        ),
        nearer=0.024,
    ),
    Shape("skin", ((0, 0.104, 0.060, 0.007), (0, 0.088, 0.070, 0.009)), nearer=0.023),
    Shape(
        "skin",
        ((0, 0.104, 0.060, 0.006), (0, 0.088, 0.070, 0.009)),
        nearer=0.025,
        faces=(0, 0, 1),
    ),
    Shape(
        "hair",
        ((0, 0.122, -0.006, 0.050), (0, 0.100, -0.018, 0.046), (0, 0.135, 0.004, 0.040)),
        nearer=0.040,
        faces=(0, 0.75, -1),
    ),
    Shape(
        "hair",
        (
            (0.026, 0.141, 0.026, 0.015),
            (0, 0.146, 0.032, 0.019),
            (-0.026, 0.141, 0.026, 0.015),
            (0, 0.148, 0.008, 0.023),
        ),
        nearer=0.042,
        faces=(0, 0.2, 1),
    ),
    *(
        Shape(
            "hair",
            (
                (x * 0.034, 0.136, 0.012, 0.018),
                (x * 0.034, 0.120, -0.020, 0.024),
                (x * 0.034, 0.100, -0.024, 0.018),
            ),
            nearer=0.043,
            faces=(x, 0.1, -0.1),
        )
        for x in (1, -1)
    ),
    *(
        Shape(
            "ear",
            ((x * 0.044, 0.106, 0.004, 0.011), (x * 0.043, 0.092, 0.007, 0.008)),
            nearer=0.045,
            faces=(x, 0, -0.1),
        )
        for x in (1, -1)
    ),
    *(
        shape
        for x in (1, -1)
        for shape in (
            Shape(
                "eye_white",
                ((x * 0.014, 0.106, 0.060, 0.0045), (x * 0.022, 0.106, 0.058, 0.0040)),
                nearer=0.046,
                faces=(x * 0.35, 0, 1),
                flat=True,
            ),
            Shape(
                "iris",
                ((x * 0.018, 0.106, 0.062, 0.0042),),
                nearer=0.047,
                faces=(x * 0.35, 0, 1),
                flat=True,
            ),
            Shape(
                "hair",
                ((x * 0.010, 0.118, 0.062, 0.0022), (x * 0.026, 0.119, 0.055, 0.0020)),
                nearer=0.048,
                faces=(x * 0.35, 0, 1),
                flat=True,
            ),
        )
    ),
    Shape(
        "shade",
        ((0.006, 0.083, 0.068, 0.003), (-0.006, 0.083, 0.068, 0.003)),
        nearer=0.049,
        faces=(0, -0.1, 1),
        flat=True,
    ),
    Shape(
        "lips",
        ((0.014, 0.066, 0.058, 0.0030), (0, 0.065, 0.061, 0.0042), (-0.014, 0.066, 0.058, 0.0030)),
        nearer=0.049,
        faces=(0, 0, 1),
        flat=True,
    ),
)

FOOT: Final = (
    Shape(
        "sock",
        ((0, 0.030, 0.0, 0.022), (0, -0.005, 0.002, 0.022)),
        nearer=0.002,
    ),
    Shape(
        "sole",
        (
            (0, -0.030, -0.030, 0.0095),
            (0.012, -0.030, 0.060, 0.0095),
            (-0.012, -0.030, 0.060, 0.0095),
            (0, -0.030, 0.104, 0.0095),
        ),
        nearer=0.004,
    ),
    Shape(
        "shoe",
        (
            (0, -0.014, -0.024, 0.021),
            (0, -0.002, 0.006, 0.024),
            (0.010, -0.016, 0.060, 0.017),
            (-0.010, -0.016, 0.060, 0.017),
            (0, -0.020, 0.098, 0.013),
        ),
        hulls=((0, 1), (0, 1, 2, 3), (2, 3, 4)),
        nearer=0.006,
    ),
)

THIGH: Final = ((0.0, 0.050), (0.25, 0.049), (0.95, 0.034))
SHANK: Final = ((0.0, 0.033), (0.28, 0.034), (0.95, 0.020))
UPPER_ARM: Final = ((0.0, 0.030), (0.35, 0.029), (1.0, 0.023))
FOREARM: Final = ((0.0, 0.023), (0.25, 0.0245), (1.0, 0.0155))
"""Limbs from one joint to the next: share of the way, radius."""

SHORT_LEG: Final = ((0.0, 0.055), (0.30, 0.055), (0.62, 0.050))
SLEEVE: Final = ((0.0, 0.0325), (0.25, 0.033), (0.52, 0.031))
