"""Writes a synthetic corpus of articles that has the statistics of a real one.

    python benchmarks/corpus.py FOLDER -n 1000 [--seed 1]

Shares and lengths are those of a public knowledge base of 1,086 articles: three facts and three
sources to an article, one source in ten cited by others too, a few by one article in thirty, one or
two gaps, four or five sections, 1.4 kB of body. The text means nothing. Article number `i` is made
from the seed and `i` alone and links to earlier ones only, so the first 1,000 articles of a corpus
of 16,000 are the corpus of 1,000. The same bytes on every run and every machine.

The articles have no violations; they draw the same warnings as real ones do, at about the same rate.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

__all__ = ["article", "write_corpus"]

# ---- words

_KINDS = """
    Adaptive Ancient Annual Applied Arctic Atomic Binary Brittle Central Chemical Circular Coastal Coherent
    Colonial Common Compact Conical Cooperative Crystalline Damped Deep Dense Digital Discrete Distributed
    Domestic Dynamic Elastic Electric Empirical Federal Fluid Formal Gradual Granular Hidden Hollow Humid
    Implicit Industrial Integral Inverse Latent Lateral Linear Local Lunar Magnetic Marine Medieval Minimal
    Modular Molecular Mutual Native Neural Northern Nuclear Optical Orbital Organic Parallel Passive
    Periodic Polar Portable Primary Quiet Radial Random Reactive Recursive Regional Remote Rural Saline
    Secular Serial Shallow Social Solar Sparse Spectral Stable Static Steady Stochastic Symbolic Tacit
    Thermal Tidal Urban Vertical Viscous Volcanic
""".split()
_SUBJECTS = """
    Archive Arithmetic Armour Bacteria Balance Bridge Cable Calendar Canal Catalogue Census Channel Circuit
    Climate Cluster Column Compiler Compass Contract Coral Cotton Court Crater Currency Current Delta
    Density Dialect Diet Engine Epidemic Estuary Ferment Festival Fibre Filter Forest Fossil Furnace Garden
    Geometry Glacier Glass Grammar Grain Granite Guild Harbour Harvest Image Insect Inventory Iron Junction
    Kernel Language Lattice Ledger Lens Lighthouse Loom Magnet Manuscript Market Memory Metal Meteor
    Migration Mineral Mirror Monsoon Mortar Museum Network Notation Orchard Parliament Pendulum Pigment
    Plasma Pollen Protocol Pulley Queue Railway Recipe Reservoir River Rotor Salt Satellite Schedule Seed
    Sensor Settlement Signal Silk Spectrum Storage Tariff Textile Theorem Timber Tunnel Turbine Vaccine
    Valley Vessel Village Voltage Vowel Weather
""".split()
_FIELDS = """
    Accounting Agriculture Analysis Assembly Calibration Classification Conservation Construction Control
    Cultivation Decay Design Detection Diagnosis Education Encoding Ethics Evaluation Exchange Forecasting
    Formation Governance History Identification Inference Inspection Insurance Interpretation Irrigation
    Law Learning Logistics Maintenance Management Mapping Measurement Mechanics Modelling Monitoring
    Navigation Observation Optimisation Planning Preservation Processing Production Purification Recovery
    Recycling Reform Regulation Repair Representation Restoration Retrieval Routing Sampling Scheduling
    Security Segmentation Selection Simulation Standards Statistics Surveying Synthesis Taxation Testing
    Theory Trade Transfer Transport Validation Verification
""".split()
_THINGS = """
    account agreement amount average barrier border boundary branch budget capacity centre chain change
    charge class collection comparison component condition copy correction cost country coverage cycle
    decision degree delay depth difference direction distance distribution district duration effect effort
    element error estimate event evidence example experiment factor failure feature figure flow form
    fraction frame function gap generation gradient group growth guideline height history index input
    interval layer length level limit link list load loss margin mass material maximum measure method
    minimum mixture model movement number object operation order origin output pair part pattern period
    phase place plan point population position practice pressure price process product profile project
    property proportion province quality quantity question range rate ratio reading reason record region
    report result review road role rule sample scale section sequence series shape share signal size source
    speed stage standard state step structure study surface survey system table technique temperature test
    tool transition treatment trend unit use value variation version volume water wave weight width year zone
""".split()
_QUALITIES = """
    additional average broad careful clear complete constant early equal exact fair final fixed frequent
    full general high independent known large late likely long low lower main measured mixed modern narrow
    natural new observed old open partial plain possible precise previous public rapid rare recent regular
    related reliable separate several short similar simple single slow small special standard steady strong
    sufficient typical uneven uniform upper usual varied weak wide
""".split()
_VERBS = """
    affects carries changes combines connects contains controls covers defines describes determines divides
    exceeds explains extends favours follows forms governs guides holds improves includes influences joins
    keeps limits links marks measures moves needs orders precedes predicts preserves produces protects
    raises reaches records reduces replaces represents requires reveals separates shapes shifts shows
    stabilises stores supports sustains traces transforms yields
""".split()
_UNITS = "days degrees grams hours items kilometres litres metres minutes percent points seconds tonnes volts".split()
_GIVEN = """
    Ada Aiko Amara Anders Aylin Bruno Carmen Chidi Daria Edgar Elif Emeka Farah Gustav Hana Ines Ivo Jasmin
    Kofi Laila Leif Mara Mateo Nadia Nils Odile Oskar Priya Rafael Rosa Samir Silke Tariq Uma Vera Wanda
    Yusuf Zora
""".split()
_FAMILY = """
    Abara Ahlgren Almeida Bakker Banerjee Bergmann Castellan Chaudhary Dahlstrom Delacroix Eriksen Farkas
    Fontaine Gallego Haddad Halvorsen Iwasaki Jankowski Kaplanov Karimi Lindqvist Lombardi Marchetti Mbeki
    Moreau Nakagawa Novotny Okafor Oliveira Petrov Quispe Rasmussen Rosetti Sandoval Sjoberg Takahara
    Ulrich Vandermeer Vasquez Wierzba Yamashiro Zelenko
""".split()
_PLACES = """
    Aldermoor Brenwick Calloway Dunholm Eastmere Fairhaven Glenross Hartwell Inverlea Jarrowby Kingsmere
    Lindale Marlowe Northgate Oakhurst Pemberly Quarrington Ravensby Southmere Thornbury Ullswick Westerby
""".split()

#: Folders, by the number of articles in 1,086.
_CATEGORIES = {
    "ai": 444,
    "computer-science": 361,
    "science": 62,
    "game-development": 36,
    "history": 34,
    "business": 32,
    "geography": 27,
    "self-improvement": 25,
    "sports": 25,
    "health": 22,
    "arts": 18,
}
#: Types of sources, by the number of references in 3,137.
_SOURCE_TYPES = {
    "documentation": 1182,
    "academic_paper": 493,
    "standard": 184,
    "blog_post": 126,
    "textbook": 120,
    "book": 118,
    "survey_paper": 108,
    "repository": 86,
    "reference": 67,
    "journal_article": 61,
    "government_report": 59,
    "conference_paper": 54,
    "technical_documentation": 46,
    "rfc": 35,
    "report": 29,
    "specification": 25,
    "encyclopedia": 24,
    "course_material": 23,
    "official_report": 19,
}
_PAPERS = {"academic_paper", "survey_paper", "journal_article", "conference_paper"}
#: How many of a thing an article has, by the number of articles.
_FACTS = {0: 119, 2: 55, 3: 767, 4: 74, 5: 65, 6: 6}
_PRIMARY = {1: 174, 2: 165, 3: 701, 4: 34, 5: 12}
_SECONDARY = {0: 956, 1: 36, 2: 20, 3: 42, 4: 28, 5: 4}
_GAPS = {0: 10, 1: 735, 2: 336, 3: 5}
_LINKS = {0: 611, 1: 21, 2: 37, 3: 417}
_AUTHORS = {1: 189, 2: 63, 3: 57, 4: 77, 5: 23, 6: 14, 8: 12, 10: 20}

#: Share of references to a source that another article was the first to cite, and to a famous one.
_CITED_BEFORE, _FAMOUS = 0.07, 0.03
_FAMOUS_SOURCES = 4
#: Sources that one article may bring in.
_OWN_SOURCES = 10


def _drawn(random: Random, shares: dict[_T, int]) -> _T:
    """One of some things, as often as its share says."""
    return random.choices(list(shares), list(shares.values()))[0]
