package dev.tapedeck.media.core.room;

/**
 * Picture ids of one receiver's VP8 stream, counted without the pictures it does not get: a receiver waits for an id that
 * it misses (RFC 7741 §4.2). VP9 and AV1 name what they refer to by its number, so theirs stay as they are. Owned by the
 * worker thread.
 */
final class PictureRow {
  private final Omissions omissions = new Omissions(0);
  private boolean hasBegun;
  private long newest;

  /** A picture as long as nothing newer was noted; the id is in as many bits as the mask. */
  void note(int id, int mask, boolean isLeftOut) {
    long place = hasBegun ? place(id, mask) : 1 << 15 | id & mask;
    hasBegun = true;
    if (place >= newest) {
      newest = place;
      omissions.advance(place);
      if (isLeftOut) {
        omissions.leaveOut(place);
      }
    }
  }

  /** Whether any picture was ever left out. */
  boolean leavesOut() {
    return omissions.total() > 0;
  }

  /** How many pictures were left out before this one; 0 if it is too old to tell. */
  int leftOutBefore(int id, int mask) {
    long place = place(id, mask);
    long counted = omissions.count(place);
    return counted == Omissions.FORGOTTEN ? 0 : (int) (place - counted);
  }

  /** The unwrapped id nearest to the newest one. */
  private long place(int id, int mask) {
    int ahead = id - (int) newest & mask;
    return newest + (ahead > mask >> 1 ? ahead - mask - 1 : ahead);
  }
}
