"""What browsers run: bundles that are kept with the package, each the same as its sources make."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from kbgraph.resources import resource_folder

#: Each bundle with its files, and libraries that are certainly in it.
BUNDLES = {
    "page/assets": ({"explorer.js", "style.css"}, {"sigma", "graphology"}),
    "serve/bundle": ({"editor.js", "editor-style.css", "explore.js"}, {"@zazuko/yasqe", "codemirror", "d3-force"}),
}
#: What the licences of libraries say, of which each has one.
LICENCES = {
    "MIT": "Permission is hereby granted, free of charge",
    "ISC": "Permission to use, copy, modify, and/or distribute this software",
    "(MPL-2.0 OR Apache-2.0)": "Apache License",
}


@pytest.fixture
def web(root: Path) -> Path:
    """The folder of the sources, where it is ready to be bundled."""
    if shutil.which("node") is None or not (root / "web" / "node_modules" / "esbuild").is_dir():
        pytest.skip("needs Node, and `npm ci` in web/")
    return root / "web"


@pytest.mark.parametrize("bundle", BUNDLES)
def test_the_listing_says_what_is_in_a_bundle(bundle: str) -> None:
    folder = resource_folder(bundle)
    files, libraries = BUNDLES[bundle]
    listing = json.loads((folder / "bundle.json").read_bytes())
    assert {path.name for path in folder.iterdir()} == {*files, "bundle.json"}
    assert {each["name"] for each in listing["files"]} == files
    for each in listing["files"]:
        digest = base64.b64encode(hashlib.sha512((folder / each["name"]).read_bytes()).digest()).decode()
        assert each["integrity"] == f"sha512-{digest}"
    packages = {each["name"]: each for each in listing["packages"]}
    assert libraries <= set(packages)
    for each in packages.values():
        assert each["integrity"].startswith("sha512-")
        assert LICENCES[each["license"]] in " ".join(each["text"].split()), each["name"]
        assert "opyright" in each["text"]


def test_the_bundles_are_what_their_sources_make(web: Path, tmp_path: Path) -> None:
    subprocess.run(["node", "build.js", str(tmp_path)], cwd=web, check=True, capture_output=True)
    for bundle in BUNDLES:
        made = {path.name: path.read_bytes() for path in (tmp_path / bundle).iterdir()}
        assert made == {path.name: path.read_bytes() for path in resource_folder(bundle).iterdir()}


def test_the_sources_keep_to_their_types(web: Path) -> None:
    tsc = web / "node_modules" / "typescript" / "bin" / "tsc"
    ran = subprocess.run(["node", tsc, "-p", "jsconfig.json"], cwd=web, check=False, capture_output=True, text=True)
    assert ran.stdout == ""
    assert ran.returncode == 0


def test_the_lock_file_pins_every_package_by_its_hash_and_names_no_host(root: Path) -> None:
    lock = json.loads((root / "web" / "package-lock.json").read_bytes())
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert not [name for name, each in packages.items() if "resolved" in each]
