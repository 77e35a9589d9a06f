#!/usr/bin/env bash
# Asterisk for the tests, in a folder of its own: Debian stable has none, unstable does.
# Needs root, debootstrap and a Debian mirror; takes two minutes and 600 MB.
set -euo pipefail
folder=${1:?usage: install_asterisk.sh FOLDER}
[ -x "$folder/usr/sbin/asterisk" ] && exit 0
export DEBIAN_FRONTEND=noninteractive

clear_away() { # an installation that was cut short may have left this mounted
  umount "$folder.part/proc" 2>/dev/null || true
  rm -rf --one-file-system "$folder.part"
}
clear_away
debootstrap --variant=minbase --include=ca-certificates sid "$folder.part"
printf '#!/bin/sh\nexit 101\n' > "$folder.part/usr/sbin/policy-rc.d" # nothing starts by itself
chmod +x "$folder.part/usr/sbin/policy-rc.d"
chroot "$folder.part" apt-get install -y -qq --no-install-recommends \
  asterisk asterisk-core-sounds-en-gsm
mv "$folder.part" "$folder"
