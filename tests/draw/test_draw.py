"""Still pictures: nothing overlaps, nothing depends on the machine, and what is left out is counted."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from kbgraph import KnowledgeGraph, UsageError
from kbgraph.dataset import Dataset
from kbgraph.draw.drawing import diagram_of
from kbgraph.draw.fonts import has, width_of
from kbgraph.draw.labels import clean, shortened, wrapped
from kbgraph.draw.layout import scene_of
from kbgraph.draw.pdf import missing_in, pdf_of
from kbgraph.draw.raster import png_of
from kbgraph.draw.scene import Box, Curve, Mark, Scene, Text
from kbgraph.draw.subject import Card, Diagram, Group, Tie
from kbgraph.draw.svg import svg_of
from kbgraph.draw.terms_of import ontology
from kbgraph.page.nodes import KINDS
from kbgraph.palette import LOOKS

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def dataset(seeds_graph: KnowledgeGraph) -> Dataset:
    return Dataset(seeds_graph.n_quads().splitlines(keepends=True))


def extent(text: Text) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a text: from the height of capitals to that of descenders."""
    return text.x, text.y - 0.76 * text.size, text.x + text.width, text.y + 0.24 * text.size


def overlapping(scene: Scene) -> list[tuple[str, str]]:
    """The texts that lie on one another."""
    found = []
    for one, other in combinations(scene.texts(), 2):
        a, b = extent(one), extent(other)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]:
            found.append((one.text, other.text))
    return found


def assert_well_laid_out(scene: Scene) -> None:
    assert overlapping(scene) == []
    for text in scene.texts():
        left, top, right, bottom = extent(text)
        assert left >= 0
        assert right <= scene.width + 0.01
        assert top >= 0
        assert bottom <= scene.height + 0.01
    cards = [each for each in scene.shapes if isinstance(each, Box) and each.radius == 6]
    for one, other in combinations(cards, 2):
        apart = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y
    for text in scene.texts():  # a text that begins in a card ends in it
        for card in cards:
            if card.x <= text.x < card.x + card.width and card.y <= text.y < card.y + card.height:
                assert text.x + text.width <= card.x + card.width
                assert text.y + 0.24 * text.size <= card.y + card.height


def names(kind: str, diagram: Diagram) -> set[str]:
    return {card.title for card in diagram.cards() if card.kind == kind}


# ---- what is drawn


def test_no_two_labels_overlap_in_the_picture_of_any_entity_of_the_seeds(dataset: Dataset) -> None:
    from kbgraph.draw.subject import neighbourhood
    from kbgraph.page.nodes import network_of
    from kbgraph.page.statements import statements_of

    network = network_of(statements_of(dataset.graphs.values()))
    assert len(network.nodes) > 80
    for number in range(len(network.nodes)):
        assert_well_laid_out(scene_of(neighbourhood(network, number)))


@pytest.mark.parametrize("depth", [2, 3])
def test_a_wide_neighbourhood_does_not_overlap_either(dataset: Dataset, depth: int) -> None:
    scene = scene_of(diagram_of(dataset, "ai/attention", depth=depth, most=30))
    assert len(scene.texts()) > 60
    assert_well_laid_out(scene)


def test_the_overview_and_the_ontology_do_not_overlap(dataset: Dataset) -> None:
    assert_well_laid_out(scene_of(diagram_of(dataset)))
    assert_well_laid_out(scene_of(ontology()))


def test_an_article_is_drawn_with_its_category_facts_and_their_sources(dataset: Dataset) -> None:
    diagram = diagram_of(dataset, "ai/attention")
    assert diagram.title == "Attention in Neural Networks"
    assert names("category", diagram) == {"Artificial intelligence"}
    assert len(names("fact", diagram)) == 5
    assert "Attention Is All You Need" in names("source", diagram)
    assert [card.title for card in diagram.cards() if card.is_centre] == ["Attention in Neural Networks"]
    facts = {card.key for card in diagram.cards() if card.kind == "fact"}
    assert {tie.source for tie in diagram.ties if tie.relation == "rests on"} == facts
    shown = {card.key for card in diagram.cards()}
    assert all({tie.source, tie.target} <= shown for tie in diagram.ties)


def test_a_source_has_what_rests_on_it_to_its_left(dataset: Dataset) -> None:
    article = diagram_of(dataset, "ai/attention")
    source = next(card.key for card in article.cards() if card.title == "Attention Is All You Need")
    diagram = diagram_of(dataset, source)
    columns = [{card.kind for group in column for card in group.cards} for column in diagram.columns]
    assert columns.index({"article"}) < columns.index({"fact"}) < columns.index({"source"})


def test_what_is_left_out_is_counted_in_the_heading(dataset: Dataset) -> None:
    diagram = diagram_of(dataset, "ai/attention", most=2)
    (facts,) = [group for column in diagram.columns for group in column if group.heading == "Facts"]
    assert (len(facts.cards), facts.left_out) == (2, 3)
    assert "2 of 5" in {text.text for text in scene_of(diagram).texts()}


def test_the_overview_names_the_most_cited_source_first(dataset: Dataset, seeds_graph: KnowledgeGraph) -> None:
    rows = seeds_graph.query(
        "SELECT ?source (COUNT(DISTINCT ?a) AS ?n) { ?a a kb:Article ; schema:citation ?source } GROUP BY ?source ORDER BY DESC(?n) ?source LIMIT 1"
    )
    assert not isinstance(rows, bool)
    diagram = diagram_of(dataset)
    first = next(card for card in diagram.cards() if card.kind == "source")
    assert first.key == rows[0].source
    assert first.note.startswith(str(rows[0].n))
    assert first.share == 1
    assert diagram.subtitle.startswith("10 categories, 14 articles")


def test_the_ontology_has_every_class_and_property_of_ours() -> None:
    text = Path(__file__).parents[2].joinpath("ontology", "kbgraph.ttl").read_text(encoding="utf-8")
    declared = set(
        re.findall(r"^(kb:\w+) a owl:(?:Class|ObjectProperty|DatatypeProperty|AnnotationProperty)", text, re.MULTILINE)
    )
    diagram = ontology()
    assert declared <= {card.title for card in diagram.cards()}
    assert "schema:Article" in names("category", diagram)
    note = next(card.note for card in diagram.cards() if card.title == "kb:primaryReference")
    assert "⊂ kb:reference" in note


@pytest.mark.parametrize(
    "name",
    [
        "ai/attention",
        "ai/attention.md",
        "article/ai/attention",
        "https://kb.example/article/ai/attention",
        "<https://kb.example/article/ai/attention>",
    ],
)
def test_an_article_goes_by_several_names(dataset: Dataset, name: str) -> None:
    assert diagram_of(dataset, name).title == "Attention in Neural Networks"


def test_a_fact_goes_by_its_article_and_its_id(dataset: Dataset) -> None:
    key = next(card.key for card in diagram_of(dataset, "ai/attention").cards() if card.kind == "fact")
    diagram = diagram_of(dataset, key.removeprefix("https://kb.example/article/"))
    assert [card.key for card in diagram.cards() if card.is_centre] == [key]


def test_a_name_that_nothing_has_is_refused_with_names_that_come_near(dataset: Dataset) -> None:
    with pytest.raises(UsageError, match="called 'ai/atention'; near it are 'ai/attention'"):
        diagram_of(dataset, "ai/atention")
    with pytest.raises(UsageError, match="it takes an IRI, a CURIE, or a path"):
        diagram_of(dataset, "")


def test_a_graph_without_articles_is_refused() -> None:
    with pytest.raises(UsageError, match="nothing to draw"):
        diagram_of(Dataset([]))


# ---- hostile and foreign texts


def hostile(title: str) -> Scene:
    cards = (Card("a", "article", title, title, is_centre=True), Card("b", "fact", title, title))
    return scene_of(
        Diagram(title, title, ((Group(title, cards[:1]),), (Group(title, cards[1:], 7),)), (Tie("a", "b", "states"),))
    )


@pytest.mark.parametrize(
    "title",
    [
        "</text><script>alert(1)</script>",
        "\" onload='alert(1)' &amp; ]]> \0 \ud800 \u202e \ufffe",
        "知識グラフとは何か。" * 40,
        "مخطط المعرفة " * 30,
        "a" * 900,
        "x-" * 400,
        "Z\u0351\u036b\u0343" * 60,
        "",
    ],
)
def test_texts_of_any_kind_stay_texts_and_do_not_overlap(title: str) -> None:
    scene = hostile(title)
    assert_well_laid_out(scene)
    root = ET.fromstring(svg_of(scene))
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "rect",
        "path",
        "circle",
        "polygon",
        "text",
    }
    assert not [name for each in root.iter() for name in each.attrib if name.startswith("on") or "href" in name]


def test_labels_end_between_words_and_fit_their_width() -> None:
    lines = wrapped("Scaled dot-product attention divides the products", 90, 11.5, most=9)
    assert lines == ("Scaled dot-", "product", "attention", "divides the", "products") or " ".join(lines).replace(
        "- ", "-"
    ) == ("Scaled dot-product attention divides the products")
    assert all(width_of(line, 11.5) <= 90 for line in lines)
    assert wrapped("one two three", 40, 11.5, most=1)[0].endswith("…")
    assert shortened("short", 100, 10) == "short"
    assert clean("a\u202eb\n\tc\0") == "a b c"


def test_widths_are_those_of_the_fonts() -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    pdf_of(hostile("x"))  # registers the fonts
    for text in ("Graph", "Éléments « d'Euclide »", "Ω → ≥ Щ", "1,086"):
        assert all(map(has, text))
        assert width_of(text, 12) == pytest.approx(stringWidth(text, "kbgraph-text", 12), abs=0.02)
        assert width_of(text, 12, bold=True) == pytest.approx(stringWidth(text, "kbgraph-heading", 12), abs=0.02)


# ---- colours


def test_kinds_have_the_colours_of_the_explorer_and_each_its_own_shape(root: Path) -> None:
    theme = (root / "web" / "src" / "draw" / "theme.js").read_text(encoding="utf-8").partition("DARK")[0]
    assert {kind: look.colour for kind, look in LOOKS.items()} == dict(
        re.findall(r"(\w+): '(#\w{6})'", theme.partition("kinds")[2])
    )
    assert set(LOOKS) == set(KINDS)
    assert len({look.corners for look in LOOKS.values()}) == len(LOOKS)


# ---- formats


def test_a_picture_is_the_same_in_every_process(dataset: Dataset) -> None:
    code = "from kbgraph.draw.terms_of import ontology; from kbgraph.draw.layout import scene_of; from kbgraph.draw.svg import svg_of; import sys; sys.stdout.buffer.write(svg_of(scene_of(ontology())))"
    made = {
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert made == {svg_of(scene_of(ontology()))}


def test_an_svg_says_how_wide_each_text_is_and_describes_itself(dataset: Dataset) -> None:
    scene = scene_of(diagram_of(dataset, "ai/attention"))
    root = ET.fromstring(svg_of(scene))
    texts = root.findall(f"{SVG}text")
    assert [each.text for each in texts] == [each.text for each in scene.texts()]
    assert all(float(each.attrib["textLength"]) > 0 for each in texts)
    assert root.findtext(f"{SVG}title") == "Attention in Neural Networks"
    assert root.attrib["role"] == "img"


def test_a_png_has_the_size_of_the_picture_and_its_colours(dataset: Dataset) -> None:
    import io

    from PIL import Image

    scene = scene_of(diagram_of(dataset, "ai/attention"))
    picture = Image.open(io.BytesIO(png_of(scene, zoom=1.0))).convert("RGB")
    assert abs(picture.width - scene.width) <= 1
    assert abs(picture.height - scene.height) <= 1
    assert picture.getpixel((1, 1)) == (255, 255, 255)
    mark = next(each for each in scene.shapes if isinstance(each, Mark) and each.fill == LOOKS["fact"].colour)
    assert picture.getpixel((round(mark.x), round(mark.y))) == (0x56, 0xB4, 0xE9)


def test_a_pdf_is_one_page_and_the_same_bytes_again(dataset: Dataset) -> None:
    scene = scene_of(diagram_of(dataset, "ai/attention"))
    made = pdf_of(scene)
    assert made.startswith(b"%PDF-")
    assert made.count(b"/Type /Page\n") + made.count(b"/Type /Page ") == 1
    assert b"DejaVuSansCondensed-Bold" in made
    assert pdf_of(scene) == made
    assert missing_in(scene) == ""
    assert missing_in(hostile("知 graph")) == "知"


def test_a_tie_past_a_column_runs_through_a_gap_between_its_cards(dataset: Dataset) -> None:
    scene = scene_of(diagram_of(dataset, "ai/attention"))
    cards = [each for each in scene.shapes if isinstance(each, Box) and each.radius == 6]
    passing = [each for each in scene.shapes if isinstance(each, Curve) and len(each.pieces) > 1]
    assert passing
    for curve in passing:
        start = curve.start
        for _, _, end in curve.pieces:
            if start[1] == end[1]:
                on = [card for card in cards if card.x <= (start[0] + end[0]) / 2 <= card.x + card.width]
                assert not [card for card in on if card.y < end[1] < card.y + card.height]
            start = end
