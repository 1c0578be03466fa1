"""How often each category is reported, when and by whom. All of it is invented."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class Rhythm(NamedTuple):
    """Share of all reports; yearly wave (size, week of its top); profile of the week."""

    share: float
    wave: float
    top: int
    profile: str


RHYTHMS = {
    "graffiti": Rhythm(6.0, 0.25, 20, "night"),
    "glass_breakage": Rhythm(3.5, 0.25, 1, "night"),
    "vandalism_other": Rhythm(5.0, 0.2, 22, "night"),
    "arson": Rhythm(0.8, 0.4, 18, "night"),
    "pyrotechnics": Rhythm(1.2, 0.9, 1, "evening"),
    "unsettling_gathering": Rhythm(7.0, 0.35, 28, "evening"),
    "youth_gathering": Rhythm(6.0, 0.25, 38, "after_school"),
    "unlawful_stay": Rhythm(2.5, 0.4, 4, "night"),
    "suspected_drug_dealing": Rhythm(4.5, 0.2, 26, "evening"),
    "drug_traces": Rhythm(2.5, 0.2, 24, "day"),
    "public_intoxication": Rhythm(3.5, 0.4, 27, "weekend_night"),
    "alcohol_to_minors": Rhythm(0.8, 0.4, 23, "weekend_night"),
    "fight": Rhythm(3.0, 0.25, 26, "weekend_night"),
    "violence": Rhythm(1.5, 0.2, 26, "weekend_night"),
    "threat_harassment": Rhythm(2.0, 0.1, 20, "evening"),
    "sexual_harassment": Rhythm(0.7, 0.3, 28, "evening"),
    "robbery": Rhythm(0.5, 0.2, 45, "evening"),
    "staff_incident": Rhythm(1.6, 0.15, 10, "day"),
    "attack_emergency_services": Rhythm(0.2, 0.3, 1, "weekend_night"),
    "cached_objects": Rhythm(0.2, 0.2, 18, "day"),
    "hate_expression": Rhythm(0.5, 0.1, 36, "day"),
    "burglary": Rhythm(2.5, 0.3, 47, "night"),
    "theft": Rhythm(4.0, 0.4, 30, "day"),
    "shop_disorder": Rhythm(4.0, 0.15, 48, "shop"),
    "fraud_approach": Rhythm(0.9, 0.1, 40, "day"),
    "reckless_driving": Rhythm(5.5, 0.6, 24, "evening"),
    "speeding": Rhythm(2.5, 0.2, 22, "after_school"),
    "abandoned_vehicle": Rhythm(1.2, 0.1, 12, "day"),
    "poor_lighting": Rhythm(4.0, 0.7, 48, "evening"),
    "poor_visibility": Rhythm(1.2, 0.5, 26, "day"),
    "deserted_place": Rhythm(1.2, 0.3, 46, "evening"),
    "littering": Rhythm(6.0, 0.35, 23, "day"),
    "neglected_maintenance": Rhythm(2.5, 0.15, 14, "day"),
    "rumour": Rhythm(0.6, 0.1, 40, "day"),
    "planned_event": Rhythm(0.8, 0.4, 24, "day"),
    "general_unease": Rhythm(3.0, 0.25, 46, "evening"),
    "noise": Rhythm(3.5, 0.4, 27, "weekend_night"),
    "other": Rhythm(0.8, 0.0, 1, "day"),
}

# Monday to Sunday, and 24 hours, as relative weights.
_DAYS = {
    "day": (1.2, 1.1, 1.1, 1.1, 1.1, 0.7, 0.6),
    "shop": (0.9, 0.9, 0.9, 1.0, 1.3, 1.4, 0.8),
    "after_school": (1.1, 1.1, 1.1, 1.1, 1.4, 0.8, 0.6),
    "evening": (0.8, 0.8, 0.9, 1.0, 1.4, 1.4, 0.9),
    "night": (0.8, 0.8, 0.8, 0.9, 1.3, 1.5, 1.1),
    "weekend_night": (0.4, 0.4, 0.5, 0.7, 2.0, 2.4, 0.9),
}
_HOURS = {
    "day": "000000136677776654321110",
    "shop": "000000001246677889985210",
    "after_school": "000000023222345899976310",
    "evening": "210000011122233456789985",
    "night": "776543211111111122345678",
    "weekend_night": "987531000011111122345789",
}

SEES = {
    "police": ("violence", "substances", "theft", "traffic", "gathering"),
    "municipal_school": ("gathering", "damage", "substances", "signals"),
    "independent_school": ("gathering", "damage", "signals"),
    "municipal_social": ("substances", "gathering", "signals"),
    "municipal_leisure_culture": ("gathering", "substances", "signals"),
    "municipal_technical": ("place", "damage", "traffic"),
    "municipal_environment": ("place",),
    "municipal_other": ("signals", "place"),
    "municipal_housing": ("damage", "place", "gathering", "theft"),
    "private_housing": ("damage", "place", "theft"),
    "security_company": ("gathering", "violence", "damage", "substances"),
    "rescue_service": ("damage", "violence"),
    "public_transport": ("damage", "violence", "gathering"),
    "region_health": ("violence", "signals"),
    "business": ("theft", "gathering"),
    "business_association": ("theft", "gathering", "place"),
    "civil_society": ("signals", "gathering"),
    "sports_association": ("damage", "place", "traffic"),
    "faith_community": ("signals", "damage"),
    "neighbourhood_watch": ("theft", "traffic", "signals", "place"),
}


def week_profile(profile: str) -> Array:
    """Weight of each of the 168 hours of the week, Monday 00 first; sums to 1."""
    hours = np.array([float(digit) for digit in _HOURS[profile]]) + 0.15
    days = np.array(_DAYS[profile])
    week = np.outer(days, hours).ravel()
    if profile == "weekend_night":
        # The small hours after a weekend evening belong to the next day's beginning.
        week = np.outer(days, np.where(np.arange(24) >= 12, hours, 0.0)).ravel()
        week += np.outer(np.roll(days, 1), np.where(np.arange(24) < 12, hours, 0.0)).ravel()
    return np.asarray(week / week.sum())


def yearly(wave: Array, top: Array, day_of_year: Array) -> Array:
    """Factor per week and category, shape (W, C), mean about 1."""
    angle = 2 * np.pi * (day_of_year[:, None] / 7 - top[None, :]) / 52.18
    return np.exp(wave[None, :] * np.cos(angle))
