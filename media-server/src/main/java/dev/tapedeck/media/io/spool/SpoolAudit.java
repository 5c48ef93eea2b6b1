package dev.tapedeck.media.io.spool;

import java.util.List;

/**
 * What reading a whole spool found.
 *
 * @param segments  read
 * @param frames    that are whole
 * @param chunks    not known to be stored
 * @param damages   in the order of the journal; empty if all is well
 * @param tornBytes at the end of the newest segment: a write that a crash cut off, which nobody was promised
 */
public record SpoolAudit(int segments, long frames, int chunks, List<Damage> damages, long tornBytes) {
  /**
   * @param segment file name
   * @param offset  of the first byte that makes no sense, or of the frame that is wrong
   */
  public record Damage(String segment, long offset, String what) {}
}
