#!/bin/sh
# The agent of the fault tests: a shell, because ten thousand runs of Node would take an hour. Every line of its input
# is `<MsgId> [wait=<seconds>] [until=<file>] [lines=<count>] [kill-worker] [fail-first] [words=<any>]`; the answer is <count> numbered lines for each.
# $JOURNAL_FILE gets one line when a run starts and one when it ends. They are appended whole, so their order is true.

note() {
  now=$(date +%s%3N)
  case $now in *N) now="${now%3N}000" ;; esac # a date without milliseconds
  run=${run:-$PPID-$$-$now}                    # with the time, because process ids come back
  printf '{"at":"%s","run":"%s","worker":%s,"atMs":%s,"context":%s}\n' \
    "$1" "$run" "$PPID" "$now" "$2" >>"$JOURNAL_FILE"
}

trap 'note stopped null; exit 143' TERM
note start "$GATEWAY_MESSAGE"
padding="....................................................."

while IFS= read -r line || [ -n "$line" ]; do
  lines=1
  for word in $line; do
    case $word in
    wait=*) sleep "${word#wait=}" ;;
    until=*) until [ -e "${word#until=}" ]; do sleep 0.2; done ;;
    lines=*) lines=${word#lines=} ;;
    kill-worker) kill -9 "$PPID" && exit 1 ;;
    fail-first) case $GATEWAY_MESSAGE in *'"attempt":1,'*) exit 1 ;; esac ;;
    words=*) ;;
    *) message=$word ;;
    esac
  done
  if [ "$lines" -eq 1 ]; then
    printf '%s 1/1\n' "$message"
    continue
  fi
  count=1
  while [ "$count" -le "$lines" ]; do
    printf '%s %s/%s %s\n' "$message" "$count" "$lines" "$padding"
    count=$((count + 1))
  done
done
note answered null
