#!/usr/bin/env bash
# litestar 2.25.0 beside advanced-alchemy 1.12.0
#
# Guess: importing litestar loads no ORM, whatever else is installed; advanced-alchemy is an extra.
# Saw:   litestar.pagination, which litestar itself imports, takes its classes from advanced_alchemy where that is
#        installed, and so loads all of SQLAlchemy: half of the time that a service's imports take.
# So:    Collab keeps the ORM out of a start until a query wants it.
source "$(dirname "${BASH_SOURCE[0]}")/form.sh"
python_with litestar==2.25.0
loaded() { python -W ignore -c 'import sys, litestar.pagination; print("sqlalchemy" in sys.modules)'; }
expect "SQLAlchemy is loaded, without advanced-alchemy" "$(loaded)" "False"
python_with litestar==2.25.0 advanced-alchemy==1.12.0
expect "SQLAlchemy is loaded, with it" "$(loaded)" "True"
