package dev.tapedeck.composer.core.timeline;

import dev.tapedeck.composer.core.frame.Depacketizer;
import dev.tapedeck.composer.core.frame.Frame;
import dev.tapedeck.composer.core.frame.FrameCounts;
import dev.tapedeck.protocol.rtp.Bytes;
import dev.tapedeck.protocol.rtp.RtpExtensions;
import dev.tapedeck.protocol.rtp.RtpHeader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Optional;

/** Walks the packets of one SSRC in sending order and yields its whole frames, once, first to last. */
final class FrameReader {
  private static final int NO_EXTENSION = 0;
  private static final int QUARTER_TURN_DEGREES = 90;

  private final LayerTape tape;
  private final Depacketizer depacketizer;
  private final int orientationId;
  private final ArrayDeque<Frame> ready = new ArrayDeque<>();
  private int packet;

  FrameReader(LayerTape tape, Depacketizer depacketizer) {
    this.tape = tape;
    this.depacketizer = depacketizer;
    this.orientationId = tape.description().orientationId().orElse(NO_EXTENSION);
  }

  Optional<Frame> next() {
    RtpSequence packets = tape.packets();
    while (ready.isEmpty() && packet < packets.size()) {
      feed(packets, packet++);
      if (packet == packets.size()) {
        depacketizer.end(ready::add);
      }
    }
    return Optional.ofNullable(ready.poll());
  }

  /** Goes on at the first packet of a key frame, backwards too; what was begun there is dropped. */
  void moveTo(int firstPacketOfKeyFrame) {
    depacketizer.end(dropped -> {});
    ready.clear();
    packet = firstPacketOfKeyFrame;
  }

  FrameCounts counts() {
    return depacketizer.counts();
  }

  /** The turn that the frame's packets ask for, if any of them says; else the last one told stays. */
  int rotationDegrees(Frame frame, int lastRotationDegrees) {
    int rotation = lastRotationDegrees;
    if (orientationId == NO_EXTENSION) {
      return rotation;
    }
    for (int i = frame.firstPacket(); i <= frame.lastPacket(); i++) {
      long offset = tape.packets().offset(i);
      int headerBytes = RtpHeader.headerBytes(tape.tape(), offset, tape.packets().length(i));
      long element = RtpExtensions.find(tape.tape(), offset, headerBytes, orientationId);
      if (element != RtpExtensions.NONE && RtpExtensions.length(element) > 0) {
        // TS 26.114 7.4.5: |0 0 0 0 C F R1 R0|: the clockwise turn the viewer must make.
        rotation = (Bytes.u8(tape.tape(), RtpExtensions.offset(element)) & 3) * QUARTER_TURN_DEGREES;
      }
    }
    return rotation;
  }

  private void feed(RtpSequence packets, int index) {
    MemorySegment memory = tape.tape();
    long offset = packets.offset(index);
    int length = packets.length(index);
    int headerBytes = RtpHeader.headerBytes(memory, offset, length);
    int payloadBytes = Math.max(0, RtpHeader.payloadBytes(memory, offset, length, headerBytes));
    depacketizer.packet(index, packets.missingBefore(index), packets.rtpTime(index),
        RtpHeader.hasMarker(memory, offset), memory, offset + headerBytes, payloadBytes, ready::add);
  }
}
