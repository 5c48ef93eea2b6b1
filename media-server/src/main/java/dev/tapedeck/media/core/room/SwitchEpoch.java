package dev.tapedeck.media.core.room;

import dev.tapedeck.protocol.codec.Codec;

/**
 * How one unbroken run of a source's packets maps to the receiver's numbers. A new epoch begins when a slot shows
 * another source or layer; sequence numbers go on where the last epoch ended. Epochs are contiguous in the receiver's
 * sequence space, so a number alone tells the epoch and with it the packet to send again: nothing is kept per packet but
 * a bit for those left out.
 */
final class SwitchEpoch {
  UpLayer layer;

  /** What the source sends, null if unknown. */
  Codec codec;

  /** How payload types and header extensions of that source become the receiver's. */
  HeaderMapping headers;

  /** Place of the first packet, see {@link RtpMunger}. */
  long firstPlace;

  /** The source's unwrapped sequence number of the first packet; what lies before it is not shown. */
  long firstSourceSequence;

  /** Place minus the source's unwrapped sequence number. */
  long placeOffset;

  /** Receiver's minus source's, modulo 2^32. */
  int timestampOffset;

  /** Receiver's minus source's picture id and TL0PICIDX; 0 where nothing is to be moved. */
  int pictureIdOffset;

  int tl0PicIdxOffset;

  /** Picture id, those left out counted, and TL0PICIDX of the newest packet; the next epoch goes on from them. */
  int lastPictureId;

  int lastTl0PicIdx;
}
