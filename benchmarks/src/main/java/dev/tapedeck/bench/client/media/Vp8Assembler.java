package dev.tapedeck.bench.client.media;

import dev.tapedeck.bench.client.rtp.RtpPacket;
import java.io.ByteArrayOutputStream;

/** VP8 frames from their packets (RFC 7741 §4): S begins a frame, the marker ends it. */
public final class Vp8Assembler extends FrameAssembler {
  private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
  private boolean inFrame;
  private long frameTimestamp;

  public Vp8Assembler(FrameSink sink) {
    super(sink);
  }

  @Override
  public void onPacket(RtpPacket packet) {
    int bytes = packet.payloadBytes();
    if (bytes == 0) {
      return;
    }
    int descriptor = descriptorBytes(packet.data(), packet.payloadOffset(), bytes);
    if (descriptor < 0) {
      breakFrame();
      return;
    }
    boolean startsFrame = (packet.data()[packet.payloadOffset()] & 0x17) == 0x10;
    if (startsFrame) {
      if (inFrame) {
        breakFrame();
      }
      inFrame = true;
      frameTimestamp = packet.timestamp();
    }
    if (!inFrame) {
      return;
    }
    if (packet.timestamp() != frameTimestamp) {
      breakFrame();
      return;
    }
    frame.write(packet.data(), packet.payloadOffset() + descriptor, bytes - descriptor);
    if (packet.hasMarker()) {
      endFrame();
    }
  }

  private void endFrame() {
    byte[] data = frame.toByteArray();
    frame.reset();
    inFrame = false;
    // The lowest bit of the frame tag is 0 in a key frame (RFC 6386 §9.1).
    complete(data, frameTimestamp, data.length > 0 && (data[0] & 1) == 0);
  }

  private void breakFrame() {
    if (inFrame) {
      broken();
    }
    frame.reset();
    inFrame = false;
  }

  @Override
  public void onLoss(long packets) {
    if (inFrame) {
      breakFrame();
    } else {
      broken();
    }
  }

  /** Length of the payload descriptor, or -1 if it is longer than the payload. */
  static int descriptorBytes(byte[] data, int offset, int length) {
    int bytes = 1;
    if ((data[offset] & 0x80) != 0) {
      if (length < 2) {
        return -1;
      }
      int extensions = data[offset + 1] & 0xff;
      bytes = 2;
      if ((extensions & 0x80) != 0) {
        boolean isLong = length > bytes && (data[offset + bytes] & 0x80) != 0;
        bytes += isLong ? 2 : 1;
      }
      bytes += (extensions & 0x40) != 0 ? 1 : 0;
      bytes += (extensions & 0x30) != 0 ? 1 : 0;
    }
    return bytes < length ? bytes : -1;
  }
}
