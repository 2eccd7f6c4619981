import sys

from guanxi.cli.program import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["serve"]))
