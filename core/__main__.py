"""The command line: ``python -m core segment FILE --out DIR``."""

import sys

from core.cli import main

if __name__ == "__main__":
    sys.exit(main())
