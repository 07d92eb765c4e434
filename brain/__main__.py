"""`python -m brain` is `persona`."""

from brain.cli import main

raise SystemExit(main())
