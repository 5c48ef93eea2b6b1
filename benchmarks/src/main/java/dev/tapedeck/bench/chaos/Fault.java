package dev.tapedeck.bench.chaos;

import java.util.Locale;

/** What befalls the deployment in one run. */
enum Fault {
  /** SIGKILL of the media server in the middle of a call; it is started again on the data it left. */
  MEDIA_SERVER_KILLED,
  CONNECTOR_KILLED,
  /** SIGKILL of the composer while it converts what was recorded. */
  COMPOSER_KILLED,
  /** SIGSTOP, and SIGCONT later. */
  MEDIA_SERVER_FROZEN,
  CONNECTOR_FROZEN,
  /** The store answers 403 or 500, or resets connections. */
  STORE_REFUSES,
  /** The store takes requests and never answers. */
  STORE_HANGS,
  /** The spool's file system has no byte left. */
  DISK_FULL,
  /** The wall clock of the media server jumps, and back. */
  CLOCK_STEPS,
  /** The network loses 5 to 30 % of what clients send. */
  NETWORK_LOSES;

  /** As it stands in the JSON. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean isKill() {
    return this == MEDIA_SERVER_KILLED || this == CONNECTOR_KILLED || this == COMPOSER_KILLED;
  }
}
