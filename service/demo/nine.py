"""The nine municipalities that work by the method, and how much is reported in each."""

from typing import NamedTuple


class DemonstrationMunicipality(NamedTuple):
    """`weekly` is the mean number of reports a week; housing the invented municipal company."""

    code: str
    name: str
    weekly: float
    organisations: int
    housing: str


NINE = (
    DemonstrationMunicipality("2182", "Söderhamn", 35, 14, "Bostads AB Tallbiten"),
    DemonstrationMunicipality("2081", "Borlänge", 60, 16, "Bostads AB Lövsångaren"),
    DemonstrationMunicipality("0163", "Sollentuna", 70, 17, "Bostads AB Gulsparven"),
    DemonstrationMunicipality("0780", "Växjö", 80, 19, "Bostads AB Kungsfiskaren"),
    DemonstrationMunicipality("1490", "Borås", 90, 20, "Bostads AB Stenskvättan"),
    DemonstrationMunicipality("0127", "Botkyrka", 95, 22, "Bostads AB Bokfinken"),
    DemonstrationMunicipality("0581", "Norrköping", 130, 26, "Bostads AB Kronsparven"),
    DemonstrationMunicipality("1880", "Örebro", 160, 28, "Bostads AB Strandskatan"),
    DemonstrationMunicipality("1280", "Malmö", 400, 38, "Bostads AB Silverlinden"),
)
BY_CODE = {one.code: one for one in NINE}
