package dev.tapedeck.composer.core.frame;

import java.lang.foreign.MemorySegment;

/**
 * How one codec cuts its frames into RTP payloads: the half of depacketizing that differs between codecs.
 *
 * <p>{@link FrameAssembler} decides which packets belong to a frame and whether any is missing; the format strips its
 * headers and says what the frame is. Content may be anything and never throws.
 */
interface PayloadFormat {

  /** Forgets the frame under construction; what later frames need (parameter sets) stays. */
  void beginFrame();

  /** Whether this payload can be the first of a frame, with nothing missing before it. */
  boolean startsFrame(MemorySegment memory, long offset, int length);

  /**
   * Whether, in spite of packets lost before it, this first payload of a frame belongs to the picture right after the
   * last one: then only padding was lost.
   */
  default boolean followsLastPicture(MemorySegment memory, long offset, int length) {
    return false;
  }

  /**
   * Adds a payload's share to the frame.
   *
   * @param length bytes of payload, 1 or more
   * @return false if the payload is malformed or does not fit what came before
   */
  boolean append(MemorySegment memory, long offset, int length, FrameBuffer frame);

  /** Ends the frame, which holds every payload; may still rewrite it. */
  Finish finish(FrameBuffer frame);

  /**
   * What a finished frame turned out to be.
   *
   * @param isDecodable false if the frame cannot be used by itself, such as a key frame whose size is unknown
   */
  record Finish(boolean isDecodable, boolean isKeyFrame, int width, int height, byte[] codecHeader) {
    private static final byte[] NONE = {};
    static final Finish UNDECODABLE = new Finish(false, false, 0, 0, NONE);
    static final Finish DELTA = delta(0, 0);

    /** @param width pixels, 0 if the frame does not tell its size */
    static Finish delta(int width, int height) {
      return new Finish(true, false, width, height, NONE);
    }

    static Finish key(int width, int height) {
      return key(width, height, NONE);
    }

    static Finish key(int width, int height, byte[] codecHeader) {
      return width > 0 && height > 0 ? new Finish(true, true, width, height, codecHeader) : UNDECODABLE;
    }
  }
}
