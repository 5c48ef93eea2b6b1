package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.record.StreamLosses;
import dev.tapedeck.media.core.rtcp.NackGenerator;
import dev.tapedeck.media.core.rtcp.ReceiverReport;
import dev.tapedeck.media.core.sdp.HeaderExtension;
import dev.tapedeck.protocol.chunk.TrackEntry;
import dev.tapedeck.protocol.codec.Codec;
import dev.tapedeck.protocol.codec.FrameSize;
import dev.tapedeck.protocol.codec.KeyFrames;
import dev.tapedeck.protocol.rtp.RtpHeader;
import dev.tapedeck.protocol.rtp.SequenceUnwrapper;
import java.lang.foreign.MemorySegment;

/**
 * One RTP stream that a publisher sends: a whole track, or one simulcast layer of it (RFC 8853). Keeps what belongs to
 * its sequence space: cache, loss, reports, the clock its sender reports tell. Owned by the worker thread.
 */
final class UpLayer implements StreamLosses {
  /** How often a publisher may be asked for a key frame of one stream. */
  static final long KEY_FRAME_REQUEST_INTERVAL_NANOS = 500_000_000L;

  /** How often on behalf of a tape alone, where nobody waits: each one costs the publisher's encoder dearly. */
  static final long TAPE_KEY_FRAME_INTERVAL_NANOS = 5_000_000_000L;

  /** No tape runs for this stream. */
  static final int NOT_TAPED = -1;

  /** A publisher that has sent no report for a layer by then will send none. */
  private static final long REPORT_WAIT_NANOS = 3_000_000_000L;

  /** Ends of frames remembered, to see whether another layer has stopped; a power of two. */
  private static final int FRAME_MEMORY = 8;

  final UpTrack track;
  final int ssrc;
  final String rid;

  /** Position in the offer's list of layers. */
  final int order;

  final PacketCache cache;
  final ReceiverReport report;

  /** Tells duplicates from new packets; asks for lost ones only where retransmission was agreed on. */
  final NackGenerator nack;

  final PictureIds pictureIds = new PictureIds();
  final TemporalLayers temporal;
  final LayerRates rates = new LayerRates();
  private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
  private final long[] frameEndNanos = new long[FRAME_MEMORY];

  /** SSRC of its retransmissions (RFC 4588), 0 while unknown. */
  int rtxSsrc;

  int tapeTrack = NOT_TAPED;

  /** Up to here its packets belong on the tape, though another layer has taken its place. */
  long tapedUpTo = Long.MIN_VALUE;

  /** The tape cannot show what comes next without a key frame, and none was asked for yet. */
  boolean keyFrameForTape;

  /** Payload octets of all packets that were not duplicates. */
  long octets;

  long lastPacketNanos;
  private long firstPacketNanos;

  /** Last sender report: a moment of the publisher's clock, and the RTP time that belongs to it. */
  boolean hasSenderReport;

  private long reportSourceNanos;
  private int reportTimestamp;
  private int payloadType = -1;
  private Codec codec;
  private int frameSize = FrameSize.UNKNOWN;
  private long sequence;
  private int frameEnds;
  private boolean atKeyFrame;
  private boolean keyFrameWanted;
  private boolean askedForKeyFrame;
  private long askedNanos;
  private int commandSequence;
  private long duplicatePackets;
  private long tooLatePackets;
  private long unauthenticPackets;
  private boolean askedForTape;
  private long askedForTapeNanos;
  private boolean changed;

  UpLayer(UpTrack track, int ssrc, String rid, int order, RoomEnvironment environment) {
    this.track = track;
    this.ssrc = ssrc;
    this.rid = rid;
    this.order = order;
    cache = new PacketCache(environment.cachedPackets(),
        track.isVideo() ? environment.videoCachePackets() : environment.audioCachePackets());
    nack = new NackGenerator(track.roundTrip);
    report = new ReceiverReport(ssrc, track.clockRate());
    temporal = new TemporalLayers(track.media.extensionId(HeaderExtension.DEPENDENCY_DESCRIPTOR).orElse(0));
  }

  /** Counts a packet in; false if it came before, as itself or repaired. */
  boolean accept(long nowNanos, long arrivalNanos, MemorySegment memory, long offset, boolean repaired) {
    int sequenceNumber = RtpHeader.sequenceNumber(memory, offset);
    switch (nack.onPacket(nowNanos, sequenceNumber, repaired)) {
      case DUPLICATE -> {
        duplicatePackets++;
        return false;
      }
      case TOO_LATE -> {
        tooLatePackets++;
        return false;
      }
      case NEW, REPAIRED, LATE -> {}
    }
    report.onPacket(arrivalNanos, sequenceNumber, RtpHeader.rtpTimestamp(memory, offset), repaired);
    sequence = unwrapper.unwrap(sequenceNumber);
    if (lastPacketNanos == 0) {
      firstPacketNanos = nowNanos;
    }
    lastPacketNanos = nowNanos;
    if (RtpHeader.payloadType(memory, offset) != payloadType) {
      changeCodec(RtpHeader.payloadType(memory, offset));
    }
    if (RtpHeader.hasMarker(memory, offset)) {
      frameEndNanos[frameEnds++ & FRAME_MEMORY - 1] = nowNanos;
    }
    return true;
  }

  /** Learns from the accepted packet what it tells of pictures; returns whether it starts a key frame. */
  boolean inspect(long nowNanos, MemorySegment memory, long offset, int headerBytes, int payloadBytes) {
    atKeyFrame = false;
    if (codec == null || !track.isVideo()) {
      return false;
    }
    long payload = offset + headerBytes;
    pictureIds.note(codec, memory, payload, payloadBytes);
    boolean startsKeyFrame = KeyFrames.startsKeyFrame(codec, memory, payload, payloadBytes);
    temporal.note(codec, memory, offset, headerBytes, payloadBytes, startsKeyFrame);
    rates.note(nowNanos, temporal.layer(), payloadBytes);
    if (!startsKeyFrame) {
      return false;
    }
    atKeyFrame = true;
    keyFrameWanted = false;
    int size = KeyFrames.frameSize(codec, memory, payload, payloadBytes);
    if (size != FrameSize.UNKNOWN) {
      frameSize = size;
    }
    return true;
  }

  /** Whether the packet accepted last starts a key frame. */
  boolean isAtKeyFrame() {
    return atKeyFrame;
  }

  /** Unwrapped sequence number of the packet accepted last. */
  long sequence() {
    return sequence;
  }

  /** Unwrapped sequence number of the newest packet. */
  long highestSequence() {
    return unwrapper.highest();
  }

  /** Codec of the packet accepted last, null if its payload type was not agreed on. */
  Codec codec() {
    return codec;
  }

  int payloadType() {
    return payloadType;
  }

  /** Pixels of the pictures, 0 while unknown; ranks the layers. */
  long pixels() {
    return FrameSize.pixels(frameSize);
  }

  /** Frames this layer completed after the other's last packet, at most as many as it remembers. */
  int framesSince(UpLayer other) {
    int count = 0;
    for (int i = 0; i < Math.min(frameEnds, FRAME_MEMORY); i++) {
      if (frameEndNanos[i] > other.lastPacketNanos) {
        count++;
      }
    }
    return count;
  }

  /** Somebody cannot go on without a key frame; asks now if the limit allows, else as soon as it does. */
  void wantKeyFrame(long nowNanos) {
    keyFrameWanted = true;
    track.publication.keyFrameWanted(nowNanos, this);
  }

  /** Asks for the key frame that {@link #keyFrameForTape} stands for, unless the last one was asked for just now. */
  void askForTape(long nowNanos) {
    if (!askedForTape || nowNanos - askedForTapeNanos >= TAPE_KEY_FRAME_INTERVAL_NANOS) {
      keyFrameForTape = false;
      askedForTape = true;
      askedForTapeNanos = nowNanos;
      wantKeyFrame(nowNanos);
    }
  }

  boolean isKeyFrameWanted() {
    return keyFrameWanted;
  }

  /** When the publisher may be asked again. */
  long nextAskNanos() {
    return askedForKeyFrame ? askedNanos + KEY_FRAME_REQUEST_INTERVAL_NANOS : Long.MIN_VALUE;
  }

  void asked(long nowNanos) {
    askedForKeyFrame = true;
    askedNanos = nowNanos;
  }

  /** Number of the next full intra request (RFC 5104 §4.3.1.1). */
  int nextCommandSequence() {
    return commandSequence++ & 0xFF;
  }

  boolean isTaped() {
    return tapeTrack != NOT_TAPED;
  }

  /** No tape runs any more; the next one counts anew. */
  void endTape() {
    tapeTrack = NOT_TAPED;
    tapedUpTo = Long.MIN_VALUE;
    keyFrameForTape = false;
    askedForTape = false;
    nack.setPatienceNanos(0);
  }

  /** A packet that claimed to be of this stream failed its authentication. */
  void noteUnauthentic() {
    unauthenticPackets++;
  }

  @Override
  public long askedInVain() {
    return nack.askedInVain();
  }

  @Override
  public long tooLatePackets() {
    return tooLatePackets;
  }

  @Override
  public long unauthenticPackets() {
    return unauthenticPackets;
  }

  @Override
  public long duplicatePackets() {
    return duplicatePackets;
  }

  /** Whether its timestamps can be put in line with those of other layers, or never will be. */
  boolean isAligned(long nowNanos) {
    return hasSenderReport || nowNanos - firstPacketNanos >= REPORT_WAIT_NANOS;
  }

  /** A sender report told which RTP time belongs to a moment of the publisher's clock. */
  void mapTime(long sourceNanos, int timestamp) {
    hasSenderReport = true;
    reportSourceNanos = sourceNanos;
    reportTimestamp = timestamp;
  }

  /** The moment of the publisher's clock that an RTP time stands for, by the last sender report. */
  long sourceNanosAt(int timestamp) {
    return reportSourceNanos + Math.round((timestamp - reportTimestamp) * (1e9 / track.clockRate()));
  }

  /** RTP time at a moment of the publisher's clock, by the last sender report. */
  int timestampAtSource(long sourceNanos) {
    return reportTimestamp + (int) Math.round((sourceNanos - reportSourceNanos) * (track.clockRate() / 1e9));
  }

  /** RTP time at a moment of our wall clock, by the publisher's sender reports. */
  int timestampAt(long wallNanos) {
    return timestampAtSource(track.publication.sourceClock().sourceNanos(wallNanos));
  }

  /** What the tape says of this stream. */
  TrackEntry describe() {
    return track.describe(this);
  }

  /** Whether the description has changed since this was asked last. */
  boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  private void changeCodec(int newPayloadType) {
    payloadType = newPayloadType;
    codec = track.codec(newPayloadType);
    changed = true;
  }
}
