#!/bin/sh
exec sh /app/main.sh "$@"
