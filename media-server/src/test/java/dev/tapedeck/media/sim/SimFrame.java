package dev.tapedeck.media.sim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * What a payload shows, written at its end so that the watcher can tell from which picture it is.
 *
 * @param source       session that made it
 * @param layer        0 for the smallest
 * @param frame        counts pictures of the source, the same in all layers; audio packets likewise
 * @param index        of this packet in the frame's packets
 * @param packets      of the frame
 * @param captureNanos when the picture was taken, on the clock of the simulation
 */
record SimFrame(long source, int layer, int frame, int index, int packets, long captureNanos) {
  static final int BYTES = 8 + 4 + 4 + 4 + 4 + 8;

  void put(ByteBuffer out) {
    out.putLong(source).putInt(layer).putInt(frame).putInt(index).putInt(packets).putLong(captureNanos);
  }

  /** Reads the end of a payload. */
  static SimFrame read(MemorySegment memory, long payload, int payloadBytes) {
    byte[] end = memory.asSlice(payload + payloadBytes - BYTES, BYTES).toArray(ValueLayout.JAVA_BYTE);
    ByteBuffer in = ByteBuffer.wrap(end);
    return new SimFrame(in.getLong(), in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getLong());
  }

  boolean isLast() {
    return index == packets - 1;
  }

  /** The payload of one packet of a VP8 frame (RFC 7741 §4.2, RFC 6386 §9.1) with a 15-bit picture id. */
  byte[] vp8(boolean isKeyFrame, int pictureId, int tl0PicIdx, int width, int height, int fillBytes) {
    return vp8(isKeyFrame, pictureId, tl0PicIdx, -1, false, width, height, fillBytes);
  }

  /** The same, of a temporal layer; -1 if none is told. */
  byte[] vp8(
      boolean isKeyFrame, int pictureId, int tl0PicIdx, int tid, boolean isSync, int width, int height, int fillBytes) {
    ByteBuffer out = ByteBuffer.allocate(1400);
    out.put((byte) (index == 0 ? 0x90 : 0x80)).put((byte) (tid < 0 ? 0xC0 : 0xE0));
    out.putShort((short) (0x8000 | pictureId)).put((byte) tl0PicIdx);
    if (tid >= 0) {
      out.put((byte) (tid << 6 | (isSync ? 0x20 : 0)));
    }
    if (index == 0) {
      out.put((byte) (isKeyFrame ? 0x10 : 0x11)).put((byte) 2).put((byte) 0);
      if (isKeyFrame) {
        out.put(new byte[] {(byte) 0x9D, 0x01, 0x2A});
        out.put((byte) width).put((byte) (width >> 8)).put((byte) height).put((byte) (height >> 8));
      }
    }
    for (int i = 0; i < fillBytes; i++) {
      out.put((byte) (frame * 31 + index * 7 + i));
    }
    return finish(out);
  }

  byte[] opus() {
    return finish(ByteBuffer.allocate(200).put((byte) 0x78).put(new byte[60]));
  }

  private byte[] finish(ByteBuffer out) {
    put(out);
    byte[] payload = new byte[out.flip().remaining()];
    out.get(payload);
    return payload;
  }
}
