"""What sort of place a report is about; stored by key, optional."""

from service.web.language import later as _

PLACE_TYPES = {
    "stairwell": _("Trapphus"),
    "basement_storage": _("Källare, förråd"),
    "garage": _("Garage, p-hus"),
    "shopping_centre": _("Köpcentrum"),
    "shop": _("Butik"),
    "square": _("Torg, centrum"),
    "park": _("Park"),
    "schoolyard": _("Skolgård"),
    "school_indoors": _("Skola, inne"),
    "playground": _("Lekplats"),
    "path": _("Gång- och cykelväg"),
    "tunnel": _("Tunnel, viadukt"),
    "stop_station": _("Hållplats, station"),
    "residential_yard": _("Bostadsgård"),
    "parking": _("Parkering"),
    "sports_ground": _("Idrottsplats"),
    "youth_centre": _("Fritidsgård, ungdomsmiljö"),
    "library_public_building": _("Bibliotek, kommunlokal"),
    "restaurant_nightlife": _("Restaurang, krogmiljö"),
    "nature_bathing": _("Natur, badplats"),
    "cemetery": _("Kyrkogård"),
    "digital": _("Digital miljö (sociala medier)"),
    "other": _("Annat"),
}
