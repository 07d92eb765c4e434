"""The classic way to start the chat: run this file."""

import sys

from brain.cli import main

if __name__ == "__main__":
    sys.argv[1:1] = ["chat"]
    raise SystemExit(main())
