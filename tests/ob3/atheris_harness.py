"""Coverage-guided fuzzing of the same parsers as `test_byte_fuzz`, for those who have hours and atheris.

``python -m tests.ob3.atheris_harness PARSER [libFuzzer options]``, with a name of `parsers.PARSERS`; for example
``python -m tests.ob3.atheris_harness credential -max_total_time=600 -max_len=20000``. Needs ``pip install atheris``,
which is not among the test requirements: it brings a compiler's runtime and has no wheels for some platforms.

What fails here is an input: add it to the seeds in `parsers` so that it stays fixed.
"""

import contextlib
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["microcred_app.ob3"]):
    from microcred_app.ob3.errors import Ob3Error
    from tests.ob3.parsers import PARSERS

__all__ = ["main"]


def main() -> None:
    """Fuzz the parser named first on the command line until a bound or an unexpected exception ends it."""
    name, *options = sys.argv[1:] or [""]
    if name not in PARSERS:
        sys.exit(f"Name one of: {', '.join(PARSERS)}")
    parser, seeds = PARSERS[name]

    def feed(data: bytes) -> None:
        with contextlib.suppress(Ob3Error):
            parser(data)

    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds):
            (Path(folder) / str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], *options, "-timeout=5", "-rss_limit_mb=600", folder], feed)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
