"""Configuration of Sphinx for the entry page, the guides and the Python reference."""

import enum
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bindings" / "python" / "src"))
sys.dont_write_bytecode = True

project = "libnetsession"
author = "the authors of libnetsession"
copyright = "the authors of libnetsession, MIT"
extensions = ["sphinx.ext.autodoc", "myst_parser"]
html_theme = "furo"
html_title = "libnetsession"
html_copy_source = False
html_show_sphinx = False
html_static_path = []

myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_default_options = {"members": True}
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80


def shortened(app, what, name, thing, options, signature, returned):
    """Hides the signatures of enumerations, and the time argument of events."""
    if isinstance(thing, type) and issubclass(thing, enum.Enum):
        return "", None
    return signature and signature.replace(", *, time: float = <factory>", ""), returned


def setup(app):
    app.connect("autodoc-process-signature", shortened)
