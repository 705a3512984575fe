"""Write the tables of countries, states, areas, cities and ZIP codes from three libraries; see make-places.

These hold far more than the vendors tell: geodata of the whole world, languages, currencies.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import phonenumbers
import pycountry
import zipcodes
from phonenumbers import geocoder
from phonenumbers.geodata import GEOCODE_DATA

VENDORS = Path(__file__).parent.parent / "emulator" / "vendors"
SERVED = ("CA", "US")
NAMED_OTHERWISE = {
    "Washington State": "Washington",
    "Washington D.C.": "District of Columbia",
    "British Colombia": "British Columbia",
}
"""How the numbering data spells some states, and their names."""

Row = tuple[str, ...]


def countries() -> Iterator[Row]:
    """Give the letters of each country, its number, its name and its common name where that is another."""
    for each in pycountry.countries:
        yield each.alpha_2, each.alpha_3, each.numeric, each.name, getattr(each, "common_name", "")


def states() -> Iterator[Row]:
    """Give country, code and name of what lies directly below a country; outlying areas are countries too."""
    for each in pycountry.subdivisions:
        if not each.parent_code and each.type != "Outlying area":
            # What follows a name in brackets, as in `Wales [Cymru GB-CYM]`, is left out.
            yield each.country_code, each.code.partition("-")[2], each.name.partition(" [")[0]


def areas() -> Iterator[Row]:
    """Give country, prefix and place of the areas that the numbering data names."""
    for region in phonenumbers.SUPPORTED_REGIONS:
        for number in _numbers(region):
            north_american = number.country_code == 1
            length = 3 if north_american else phonenumbers.length_of_geographical_area_code(number) or 2
            prefix = phonenumbers.national_significant_number(number)[:length]
            if place := geocoder.description_for_number(number, "en"):
                yield region, prefix, place


def _numbers(region: str) -> Iterator[phonenumbers.PhoneNumber]:
    if phonenumbers.country_code_for_region(region) != 1:
        example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.FIXED_LINE)
        yield from filter(None, [example or phonenumbers.example_number(region)])
        return
    for code in range(200, 1000):
        number = phonenumbers.parse(f"+1{code}5550100")
        if phonenumbers.region_code_for_number(number) == region:
            yield number


def cities() -> Iterator[Row]:
    """Give country, area code, its states, and the cities that lie in these; an empty one is all of it."""
    for country in SERVED:
        known = {name: code for alpha2, code, name in states() if alpha2 == country}
        for area_code, names in _areas(country).items():
            codes = _codes(known, names)
            found: dict[frozenset[str], set[str]] = defaultdict(set)
            for city, of in _cities(names, codes):
                found[of].add(city)
            for of, inside in found.items():
                yield country, area_code, " ".join(sorted(of)), ";".join(sorted(inside))


def _areas(country: str) -> dict[str, list[str]]:
    """Give the names that the numbering data has within each geographic area code of a country."""
    found: dict[str, list[str]] = defaultdict(list)
    for prefix, names in GEOCODE_DATA.items():
        if prefix.startswith("1") and "en" in names:
            found[prefix[1:4]].append(names["en"])
    return {code: names for code, names in found.items() if _lies_in(country, code)}


def _lies_in(country: str, area_code: str) -> bool:
    return phonenumbers.is_valid_number_for_region(phonenumbers.parse(f"+1{area_code}5552345"), country)


def _codes(known: dict[str, str], names: Iterable[str]) -> frozenset[str]:
    """Tell which states an area code lies in: those it is named after, else that of most of its cities."""
    parts = (NAMED_OTHERWISE.get(part, part) for name in names for part in name.split("/"))
    if named := {known[part] for part in parts if part in known}:
        return frozenset(named)
    endings = Counter(ending for name in names if (ending := name.rpartition(", ")[2]) in known.values())
    return frozenset(code for code, _ in endings.most_common(1))


def _cities(names: Iterable[str], codes: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Give the cities of names like `Albany, NY` that lie in one of the states; a state has no city."""
    for name in names:
        city, _, ending = name.rpartition(", ")
        if not city:
            yield "", codes
        elif ending in codes:
            yield city, frozenset({ending})


OVERLAYS = tuple(
    frozenset(each.split())
    for each in """
    201 551, 202 771, 203 475, 205 659, 206 564, 208 986, 209 350, 210 726, 212 332 646 917, 213 323 738,
    214 469 945 972, 215 267 445, 217 447, 220 740, 223 717, 224 847, 227 240 301, 234 330, 235 573,
    248 947, 253 564, 256 938, 270 364, 272 570, 274 920, 279 916, 281 346 621 713 832, 283 513,
    303 720 983, 305 645 786, 309 861, 310 424, 312 872, 314 557, 315 680, 317 463, 324 904, 326 937,
    327 870, 329 845, 331 630, 336 743, 339 781, 341 510, 347 718 917 929, 351 978, 353 608, 357 559,
    360 564, 363 516, 369 707, 380 614, 385 801, 402 531, 404 470 678 943, 405 572, 407 689, 408 669,
    410 443 667, 412 878, 415 628, 419 567, 425 564, 430 903, 436 440, 442 760, 448 850, 458 541, 464 708,
    470 678 770 943, 472 910, 480 602 623, 484 610 835, 503 971, 508 774, 512 737, 518 838, 534 715,
    539 918, 540 826, 561 728, 565 912, 571 703, 582 814, 601 769, 609 640, 615 629, 617 857, 618 730,
    619 858, 624 716, 631 934, 656 813, 657 714, 682 817, 686 804, 702 725, 704 980, 706 762, 724 878,
    732 848, 747 818, 748 970, 754 954, 757 948, 773 872, 779 815, 803 839, 805 820, 812 930, 816 975,
    821 864, 840 909, 843 854, 860 959, 862 973, 919 984
    """.replace("\n", " ").split(",")
)
"""Area codes that share one region, as the numbering plan's administrator has laid them over each other."""

LEAST_SHARE = 0.2
"""Of a city's numbers, as the numbering data has them, that a region must have to serve it."""


def zips() -> Iterator[Row]:
    """Give ZIP codes, as ranges, with their city, state and the area codes of the numbers there."""
    states = {line.partition("\t")[0] for line in _lines("mfax/objects/states.tsv")}
    state_of = dict(line.split("\t")[:2] for line in _lines("mfax/objects/areas.tsv"))
    known = []
    for each in zipcodes.list_all():
        codes = [code for code in each["area_codes"] if code in state_of]
        own = [code for code in codes if state_of[code] == each["state"]]
        if each["state"] in states and codes:
            known.append({**each, "area_codes": own or codes})
    served = _serving(known)
    found: dict[Row, list[int]] = defaultdict(list)
    for each in known:
        place = each["city"].upper(), each["state"], " ".join(served[each["zip_code"]])
        found[place].append(int(each["zip_code"]))
    for place, numbers in found.items():
        yield " ".join(_ranges(sorted(numbers))), *place


def _serving(known: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Give the area codes of each ZIP code that serve its own city.

    The ZIP data names those of the city's neighbours too. Of them stay the regions in which the numbering
    data has numbers of that city; for a city that it does not name, those that serve the ZIP codes around.
    """
    numbers = _numbers_of_cities()
    served: dict[str, list[str]] = {}
    around: dict[str, Counter[frozenset[str]]] = defaultdict(Counter)
    for each in known:
        regions = _regions(each["area_codes"], numbers[each["city"].upper(), each["state"]])
        if regions:
            served[each["zip_code"]] = _of_regions(each["area_codes"], regions)
            around[each["zip_code"][:3]].update(regions)
    for each in known:
        codes, near = each["area_codes"], around[each["zip_code"][:3]]
        regions = [region for region in _regions_of(codes) if near[region]]
        served.setdefault(each["zip_code"], _of_regions(codes, regions) or codes)
    return served


def _regions_of(codes: Iterable[str]) -> list[frozenset[str]]:
    """Give the regions in which area codes lie: some lie in two, most are alone."""
    found = [[region for region in OVERLAYS if code in region] or [frozenset({code})] for code in codes]
    return list(dict.fromkeys(region for regions in found for region in regions))


def _numbers_of_cities() -> dict[tuple[str, str], Counter[str]]:
    """Count, by city and state, the exchanges of each area code that the numbering data has there."""
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for prefix, names in GEOCODE_DATA.items():
        city, _, state = names.get("en", "").rpartition(", ")
        if prefix.startswith("1") and city:
            found[city.upper(), state][prefix[1:4]] += 10 ** (7 - len(prefix)) if len(prefix) < 7 else 1
    return found


def _regions(codes: list[str], numbers: Counter[str]) -> list[frozenset[str]]:
    """Give the regions of these area codes that have a share of a city's numbers."""
    shares = {region: sum(numbers[code] for code in region) for region in _regions_of(codes)}
    most = max(shares.values(), default=0)
    return [region for region, share in shares.items() if share and share >= LEAST_SHARE * most]


def _of_regions(codes: list[str], regions: Iterable[frozenset[str]]) -> list[str]:
    return [code for code in codes if any(code in region for region in regions)]


def _lines(path: str) -> list[str]:
    return (VENDORS / path).read_text(encoding="utf-8").splitlines()


def _ranges(numbers: list[int]) -> Iterator[str]:
    """Give rising numbers as `from-to`, one that stands alone as it is."""
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        first, *more = [f"{number:05}" for _, number in group]
        yield f"{first}-{more[-1]}" if more else first


def write(path: str, rows: Iterable[Row]) -> None:
    lines = sorted("\t".join(row) for row in rows)
    (VENDORS / path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"emulator/vendors/{path}: {len(lines)} rows")


if __name__ == "__main__":
    write("countries.tsv", countries())
    write("ifax/areas.tsv", areas())
    write("faxto/states.tsv", states())
    write("faxto/cities.tsv", cities())
    write("mfax/objects/zips.tsv", zips())
