#!/bin/sh
# Java takes the container's place, so that it gets the signals. JAVA_OPTS may hold several words.
# shellcheck disable=SC2086
exec java ${JAVA_OPTS:-} -jar /app/app.jar "$@"
