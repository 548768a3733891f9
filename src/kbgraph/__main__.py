"""`python -m kbgraph`."""

from kbgraph.cli import main

if __name__ == "__main__":
    main()
