"""The import order is part of the design, so it is a test (README: "Who may import whom")."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Each app may import the apps before it, never the ones after it.
APPS = ["pcp", "clusters", "mentors", "surveys", "reports"]

# Inside an app a module may import the rows above it, never the rows below it. A new module name is given its place here:
# that is the moment to ask whether it deserves to exist.
LAYERS = [
    {"choices"},
    {"wording", "trend_wording", "noise_wording", "numbers", "coverage", "calendar"},
    {"access", "analysis", "registers", "coding"},
    {"charts", "reading"},
    {"presentation"},
    {"documents"},
    {"querysets"},
    {"models"},
    {"selection", "opening_checks"},
    {"coded"},
    {
        "audit",
        "due",
        "demonstration",
        "adult_extracts",
        "extracts",
        "summaries",
        "grants",
        "exports",
        "importing",
        "counting",
        "feedback",
        "asking",
        "files",
        "letters",
        "links",
        "loading",
        "questionnaires",
        "closing",
    },
    {"runs"},
    {"building"},
    {"deidentifying", "sheets", "trends"},
    {"jobs"},
    {"tasks"},
    {"adapters", "actions"},
    {"forms", "quote_forms", "filters"},
    {"views"},
    {"urls", "account_urls"},
]
ENTRY_POINTS = {"__init__", "apps", "admin", "management", "middleware", "nav", "context_processors"}
PURE = [
    "reports/analysis",
    "reports/charts",
    "reports/documents",
    "reports/presentation",
    "reports/noise_wording.py",
    "reports/trend_wording.py",
    "reports/wording.py",
    "clusters/registers",
]
PANDAS_HOMES = (
    "reports/analysis",
    "reports/charts",
    "reports/documents",
    "reports/adult_extracts.py",
    "reports/coded.py",
    "reports/extracts.py",
    "reports/exports.py",
    "reports/files.py",
)


def source_files(*places):
    found = []
    for place in places:
        path = ROOT / place
        found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return [path for path in found if "migrations" not in path.parts]


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def app_and_module(path):
    app, module, *_ = name_of(path).removesuffix(".py").split("/")
    return app, module


def layer_of(module):
    return next((depth for depth, layer in enumerate(LAYERS) if module in layer), None)


@cache
def tree_of(path):
    return ast.parse(path.read_text())


@cache
def imports_of(path):
    """Every module that the file imports, as an absolute dotted name."""
    package = path.relative_to(ROOT).parts[:-1]
    names = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            prefix = ".".join(filter(None, [*base, node.module]))
            names |= {prefix, *(f"{prefix}.{alias.name}" for alias in node.names)}
    return names


def roots_of(names):
    return {name.split(".")[0] for name in names}


def offenders(paths, forbidden):
    """{file: what `forbidden` finds in it} of the files in which it finds anything."""
    assert paths
    return {name_of(path): found for path in paths if (found := forbidden(path))}


def test_an_app_imports_only_earlier_apps():
    def later(path):
        app, _ = app_and_module(path)
        return roots_of(imports_of(path)) & set(APPS[APPS.index(app) + 1 :])

    assert offenders(source_files(*APPS), later) == {}


def test_a_module_imports_only_earlier_layers_of_its_app():
    def later(path):
        app, module = app_and_module(path)
        if module in ENTRY_POINTS:
            return set()
        depth = layer_of(module)
        assert depth is not None, f"give {module} a place in LAYERS"
        below = {f"{app}.{name}" for layer in LAYERS[depth + 1 :] for name in layer}
        return {".".join(name.split(".")[:2]) for name in imports_of(path)} & below

    assert offenders(source_files(*APPS[1:]), later) == {}


def test_pure_modules_know_nothing_of_django_or_our_models():
    pure = tuple(place.removesuffix(".py").replace("/", ".") for place in PURE) + ("reports.numbers", "reports.reading")

    def impure(path):
        outside = {name for name in imports_of(path) if not name.startswith(pure) and name != "reports"}
        return roots_of(outside) & {"django", *APPS}

    assert offenders(source_files(*PURE), impure) == {}


def test_pandas_stays_in_reports():
    elsewhere = [path for path in source_files(*APPS) if not name_of(path).startswith(PANDAS_HOMES)]
    heavy = {"pandas", "numpy", "matplotlib", "statsmodels", "scipy", "typst"}

    assert offenders(elsewhere, lambda path: roots_of(imports_of(path)) & heavy) == {}


def inline_imports(path):
    """Imports inside a function, as (line, function)."""
    return [
        (node.lineno, function.name)
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


# A worker that draws or computes is imported by the function that needs it, so that the web process never loads it.
INLINE_IMPORTS_ALLOWED = {"tasks", "apps", "management"}


def test_no_inline_imports_outside_tasks():
    elsewhere = [path for path in source_files(*APPS) if app_and_module(path)[1] not in INLINE_IMPORTS_ALLOWED]

    assert offenders(elsewhere, inline_imports) == {}


def test_web_process_starts_without_the_heavy_libraries():
    heavy = ["pandas", "numpy", "scipy", "matplotlib", "typst", "pyreadstat"]
    code = (
        "import os, sys, django; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'pcp.settings'); django.setup(); "
        f"import pcp.urls; from django.urls import get_resolver; get_resolver().url_patterns; "
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )

    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert printed.stdout.strip() == "[]"


def test_no_file_is_longer_than_400_lines():
    assert offenders(source_files(*APPS, "tests"), lambda path: path.read_text().count("\n") > 400) == {}


VAGUE = {"utils", "helpers", "common", "services", "misc"}


def test_no_module_has_a_vague_name():
    assert [name_of(path) for path in source_files(*APPS) if path.stem in VAGUE] == []


def test_no_signals_and_no_get_model():
    words = ("apps.get_model(", "django.db.models.signals", "django.dispatch")

    assert offenders(source_files(*APPS), lambda path: [word for word in words if word in path.read_text()]) == {}
