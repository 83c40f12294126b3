# Stands for an application: says what it was started with, and that it was told of a change.
digest() { printf %s "$1" | sha256sum | cut -c1-16; }
said() { echo "$1"; }
trap 'said "told, the file has $(digest "$(cat "$SECRETS/DATABASE_URL")")"' USR1
trap 'said ended; exit 7' TERM
said "begun with $(digest "$DATABASE_URL")"
while :; do sleep 0.1; done
