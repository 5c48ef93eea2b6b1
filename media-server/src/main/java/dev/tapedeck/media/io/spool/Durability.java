package dev.tapedeck.media.io.spool;

/** When taped bytes reach the disk, and so what a crash may cost. */
public enum Durability {
  /** Packets stay in memory until it is short: a crash of the process costs what was not uploaded yet. */
  PRESSURE,
  /** Packets are written as they come and forced once an interval: a crash costs at most that interval. */
  INTERVAL,
  /** Packets are forced as they come, as many at a time as have gathered meanwhile. */
  ALWAYS
}
