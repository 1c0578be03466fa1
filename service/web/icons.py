"""The icons in the sprite: own name → file in lucide-static. An icon not named here does not exist.

The sprite is built by ``python -m service.web.assets``; a page shows one with ``icon("check")``.
"""

# Signs of the interface carry lucide's own names.
SIGNS = (
    "arrow-down-right", "arrow-left", "arrow-right", "arrow-up-right", "bell", "building-2",
    "calendar", "check", "chevron-down", "chevron-right", "circle-alert", "circle-dashed",
    "circle-help", "clock", "copy", "download", "external-link", "eye", "file-text", "history",
    "house", "info", "key-round", "list", "loader", "log-in", "log-out", "mail", "map", "map-pin",
    "menu", "message-circle", "minus", "phone", "plus", "printer", "refresh-cw", "search", "send",
    "settings", "shield-user", "siren", "square-pen", "triangle-alert", "upload", "user", "users",
    "wifi-off", "x",
)  # fmt: skip

# One sign for each default category of report; a municipality's own category takes the last.
CATEGORIES = {
    "graffiti": "spray-can",
    "glass_breakage": "app-window",
    "vandalism_other": "hammer",
    "arson": "flame",
    "pyrotechnics": "party-popper",
    "unsettling_gathering": "users",
    "youth_gathering": "backpack",
    "unlawful_stay": "tent",
    "suspected_drug_dealing": "pill",
    "drug_traces": "syringe",
    "public_intoxication": "beer",
    "alcohol_to_minors": "wine",
    "fight": "swords",
    "violence": "hand-fist",
    "threat_harassment": "message-circle-warning",
    "sexual_harassment": "hand",
    "robbery": "hand-coins",
    "staff_incident": "briefcase",
    "attack_emergency_services": "ambulance",
    "cached_objects": "package-search",
    "hate_expression": "megaphone",
    "burglary": "door-open",
    "theft": "bike",
    "shop_disorder": "shopping-bag",
    "fraud_approach": "credit-card",
    "reckless_driving": "motorbike",
    "speeding": "gauge",
    "abandoned_vehicle": "car",
    "poor_lighting": "lightbulb-off",
    "poor_visibility": "trees",
    "deserted_place": "footprints",
    "littering": "trash-2",
    "neglected_maintenance": "wrench",
    "rumour": "message-circle",
    "planned_event": "calendar",
    "general_unease": "cloud-fog",
    "noise": "volume-2",
    "other": "circle-ellipsis",
}

ICONS: dict[str, str] = {name: name for name in SIGNS} | {
    f"category-{key}": name for key, name in CATEGORIES.items()
}


def category_sign(key: str) -> str:
    """The icon of a category; one that the municipality added itself has the sign of ``other``."""
    return f"category-{key}" if key in CATEGORIES else "category-other"
