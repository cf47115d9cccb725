"""Makes portal/static/vendor/ from the npm packages that package-lock.json names. Run by `make setup`.

What is served is small and fits the content security policy: no data: addresses, no remote imports, only the
icons that portal/web/icons.txt lists, only the letters that European languages need. The same packages always
give the same bytes; anything unexpected in a package stops the set-up.
"""

import argparse
import hashlib
import io
import re
import shutil
import sys
from pathlib import Path
from urllib.parse import unquote_to_bytes

import tinycss2
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

PROJECT = Path(__file__).resolve().parent.parent
PACKAGES = PROJECT / "node_modules"
VENDOR = PROJECT / "portal" / "static" / "vendor"
STAMP = VENDOR / ".stamp"
ICON_LIST = PROJECT / "portal" / "web" / "icons.txt"

# Families of Tabler's classes (the part before the first hyphen) that the portal does without: it has its own
# frame and menus, no Bootstrap script, and no shop, chat or chart. A class that is not listed is served.
UNUSED_FAMILIES = frozenset(
    """accordion animated apexcharts auth avatar calendar callout carousel chart chat chips column
    columns collapse collapsing cursor datepicker divide dropdown dropend dropstart dropup dropzone
    emoji empty fab flag float fslightbox grid hero hover hr img jsvectormap layout legend link
    litepicker loader markdown mention modal navbar noUi object offcanvas offset order otp page
    pagination payment photogrid placeholder plyr popover progressbg prose ratio ribbon rotate
    scroll segmented signal signature skip social sortable space sparkline star status step steps
    sticky strength switch tag theme timeline toast tomselect tooltip tracking trending ts""".split()
)
# Colours of other firms and shades that the palette of css/tokens.css replaces.
UNUSED_CLASS = re.compile(
    r"(^|-)(facebook|x|twitter|linkedin|google|youtube|vimeo|dribbble|github|instagram|pinterest|vk|rss|flickr"
    r"|bitbucket|tabler|azure|indigo|lime|cyan|white|black|gray-\d+|(bg|text|link|border)-\w+-(lt|fg|emphasis)"
    r"|link-opacity-.*|bg-opacity-.*|text-opacity-.*|border-opacity-.*)$"
)
DARK = "[data-bs-theme=dark]"
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "calt", "tnum"]
LETTERS = {
    # English, German, French, Spanish, the Nordic languages; punctuation, arrows, the euro.
    "latin": [*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2010, 0x2023), 0x2026, 0x202F, 0x2030, 0x2032,
              0x2033, 0x2039, 0x203A, 0x20AC, 0x2116, 0x2122, *range(0x2190, 0x2194), 0x2212, 0x2248],
    # Czech, Slovak, Polish, Hungarian, Baltic, Romanian, Turkish.
    "latin-ext": [*range(0x100, 0x180), *range(0x218, 0x21C), 0x1E9E],
}  # fmt: skip
# Beside all letters of Europe's alphabets: spaces, dashes, quotes, the euro, arrows, minus, check mark.
PRINT_MARKS = frozenset(
    [*range(0x1E00, 0x1F00), *range(0x2000, 0x2070), 0x20AC, *range(0x2190, 0x2194), 0x2212, 0x2713]
)


class VendorError(Exception):
    """A package is missing or does not look as it did when its version was chosen."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--force", action="store_true", help="make the files anew although nothing changed"
    )
    stamp = fingerprint()
    if STAMP.is_file() and STAMP.read_text() == stamp and not arguments.parse_args().force:
        return
    if not PACKAGES.is_dir():
        raise VendorError(f"{PACKAGES} is missing: run `npm ci --ignore-scripts` first.")
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    write_tabler(fresh)
    write_htmx(fresh)
    write_fonts(fresh)
    write_print_fonts(fresh)
    write_icons(fresh)
    (fresh / STAMP.name).write_text(stamp)
    # Swapped in whole, so that a run that fails leaves what was served before.
    old = VENDOR.with_name("vendor.old")
    shutil.rmtree(old, ignore_errors=True)
    if VENDOR.exists():
        VENDOR.rename(old)
    fresh.rename(VENDOR)
    shutil.rmtree(old, ignore_errors=True)


def fingerprint() -> str:
    """What the result depends on: this script, the packages and the list of icons."""
    parts = (Path(__file__), PROJECT / "package-lock.json", ICON_LIST)
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def write_tabler(folder: Path) -> None:
    """Tabler's style sheet without what is never used; its dark rules hold also where the system is dark."""
    source = read("@tabler/core/dist/css/tabler.min.css").decode()
    kept = slimmed(tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True))
    css = with_files_for_data(kept, folder)
    if "data:" in css or "@import" in css or re.search(r"url\([\"']?(https?:)?//", css):
        raise VendorError("Tabler's style sheet still loads something that the policy forbids.")
    (folder / "tabler.css").write_text(css)


def slimmed(rules: list[tinycss2.ast.Node]) -> str:
    """The rules that are kept, each dark one repeated under prefers-color-scheme."""
    out = []
    for rule in rules:
        if rule.type == "error":
            raise VendorError(f"Tabler's style sheet cannot be read: {rule.message}")
        if rule.type == "at-rule" and rule.at_keyword in ("charset", "import"):
            continue
        if rule.type == "at-rule" and rule.at_keyword == "media":
            inner = slimmed(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))
            if inner:
                out.append(f"@media{tinycss2.serialize(rule.prelude)}{{{inner}}}")
        elif rule.type == "at-rule":
            out.append(rule.serialize())
        elif selectors := used_selectors(rule):
            body = "{" + tinycss2.serialize(rule.content) + "}"
            out.append(",".join(selectors) + body)
            if dark := [follow_system(selector) for selector in selectors if DARK in selector]:
                out.append("@media (prefers-color-scheme:dark){" + ",".join(dark) + body + "}")
    return "".join(out)


def used_selectors(rule: tinycss2.ast.QualifiedRule) -> list[str]:
    """The selectors of a rule that can match something on our pages."""
    selectors = split_selectors(tinycss2.serialize(rule.prelude).strip())
    return [selector for selector in selectors if not any(map(is_unused, classes_of(selector)))]


def split_selectors(prelude: str) -> list[str]:
    """At the commas outside parentheses: `:is(a,b)` stays whole."""
    return [part.strip() for part in re.split(r",(?![^(]*\))", prelude)]


def classes_of(selector: str) -> list[str]:
    outside_not = re.sub(r":not\([^()]*\)", "", selector)
    return [name.replace("\\", "") for name in re.findall(r"\.((?:\\.|[\w-])+)", outside_not)]


def is_unused(name: str) -> bool:
    family = name.partition("-")[0]
    return family in UNUSED_FAMILIES or bool(UNUSED_CLASS.search(name))


def follow_system(selector: str) -> str:
    """A page without a chosen look (no data-bs-theme on <html>) is dark when the system is."""
    if selector.startswith(DARK):
        return "html:not([data-bs-theme])" + selector.removeprefix(DARK)
    return selector.replace(DARK, "html:not([data-bs-theme])")


def with_files_for_data(css: str, folder: Path) -> str:
    """Each data: image becomes a file beside the style sheet: the policy allows img-src 'self' alone."""

    def as_file(match: re.Match[str]) -> str:
        header, _, payload = match["data"].partition(",")
        if header != "data:image/svg+xml":
            raise VendorError(f"Unexpected data: address in Tabler's style sheet: {match['data'][:60]}")
        image = unquote_to_bytes(payload.replace("\\", ""))
        name = f"tabler-{hashlib.sha256(image).hexdigest()[:8]}.svg"
        (folder / name).write_bytes(image)
        return f"url({name})"

    return re.sub(r"url\((?P<quote>[\"'])(?P<data>data:.*?)(?P=quote)\)", as_file, css)


def write_htmx(folder: Path) -> None:
    script = read("htmx.org/dist/htmx.min.js").decode()
    # A map that is not served would be a 404 in every developer's console.
    (folder / "htmx.js").write_text(re.sub(r"\n?//# sourceMappingURL=.*\s*$", "", script) + ";")


def write_fonts(folder: Path) -> None:
    """Inter between regular and bold, only the letters and the features that the portal sets."""
    options = Options(flavor="woff2", layout_features=FEATURES)
    options.recalc_timestamp = False
    for subset, letters in LETTERS.items():
        font = TTFont(PACKAGES / f"@fontsource-variable/inter/files/inter-{subset}-wght-normal.woff2")
        font.recalcTimestamp = False
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=letters)
        subsetter.subset(font)
        font = instantiateVariableFont(font, {"wght": (400, 700)})
        font.flavor = "woff2"
        packed = io.BytesIO()
        font.save(packed)
        (folder / f"inter-{subset}.woff2").write_bytes(packed.getvalue())


def write_print_fonts(folder: Path) -> None:
    """Inter for PDFs: one plain file per weight with every letter; the writer takes no parts and no axes."""
    options = Options(hinting=False, notdef_outline=True)
    options.recalc_timestamp = False
    for weight in ("Regular", "SemiBold"):
        font = TTFont(PACKAGES / f"inter-ui/web/Inter-{weight}.woff2")
        font.recalcTimestamp = False
        # Kerning stays (GPOS). The substitutions would pull in two thousand alternative shapes.
        del font["GSUB"]
        cmap = font.getBestCmap()
        subsetter = Subsetter(options)
        subsetter.populate(
            unicodes=[code for code in cmap if code < 0x500 or code in PRINT_MARKS],
            glyphs=[f"{cmap[digit]}.tf" for digit in range(ord("0"), ord("9") + 1)],
        )
        subsetter.subset(font)
        # The figures of one width, so that sums stand under each other.
        for table in font["cmap"].tables:
            table.cmap |= {digit: f"{cmap[digit]}.tf" for digit in range(ord("0"), ord("9") + 1)}
        font.flavor = None
        font.save(folder / f"print-{weight.lower()}.ttf")


def write_icons(folder: Path) -> None:
    """One sprite; its lines take the colour of the text around them."""
    symbols = []
    for name in ICON_LIST.read_text().split():
        drawing = read(f"@tabler/icons/icons/outline/{name}.svg").decode()
        inside = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
        if inside is None:
            raise VendorError(f"The icon {name} is not a drawing.")
        paths = re.sub(r"\s*\n\s*", "", inside[1])
        paths = paths.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none"/>', "")
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
            f' stroke-linecap="round" stroke-linejoin="round">{paths}</symbol>'
        )
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n"
    (folder / "icons.svg").write_text(sprite)


def read(path: str) -> bytes:
    file = PACKAGES / path
    if not file.is_file():
        raise VendorError(f"{path} is not among the npm packages: run `npm ci --ignore-scripts`.")
    return file.read_bytes()


if __name__ == "__main__":
    try:
        main()
    except VendorError as error:
        sys.exit(f"vendor: {error}")
