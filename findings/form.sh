# Sourced by the scripts of this folder: a temporary folder, and pinned packages in it.
set -euo pipefail
findings=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python_with() { # python_with PACKAGE==VERSION…: then `python` has them
    python3 -m venv venv
    venv/bin/pip install --quiet --quiet --disable-pip-version-check "$@"
    PATH="$folder/venv/bin:$PATH"
}

node_with() { # node_with PACKAGE@VERSION…: then `node` finds them
    printf '{"private": true, "type": "module"}\n' >package.json
    npm install --silent --no-audit --no-fund --ignore-scripts --save-exact "$@"
}

expect() { # expect WORDS ACTUAL EXPECTED
    printf '%s: %s\n' "$1" "$2"
    if [ "$2" != "$3" ]; then
        printf 'This has changed. It was: %s\n' "$3"
        exit 1
    fi
}
