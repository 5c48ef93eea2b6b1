package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.media.core.session.EgressWriter;
import dev.tapedeck.media.core.session.PeerSession;
import dev.tapedeck.media.core.srtp.SrtpSender;
import dev.tapedeck.media.core.stats.WorkerCounters;
import dev.tapedeck.protocol.codec.Codec;
import dev.tapedeck.protocol.codec.Vp8Payload;
import dev.tapedeck.protocol.rtp.Bytes;
import dev.tapedeck.protocol.rtp.RtpHeader;
import dev.tapedeck.protocol.rtp.Rtx;
import java.lang.foreign.MemorySegment;

/**
 * A track that we send to a client: one m-line of a watcher, showing one up-track at a time. Chooses the packets, gives
 * them the receiver's numbers, and answers the receiver's requests for retransmission from the publisher's cache.
 * Owned by the worker thread.
 */
final class DownTrack implements EgressWriter {
  /** Set in a queued packet's epoch number when it is a retransmission, by RTX or of the very same packet. */
  private static final int RETRANSMISSION = 1 << 30;
  private static final int REPEAT = 1 << 29;

  private static final int MAX_HEADER_BYTES = 256;

  /** Sender reports that put the next packet further away than this are not believed. */
  private static final int MAX_STEP_SECONDS = 10;
  private static final int UNKNOWN_STEP = Integer.MIN_VALUE;

  /** A layer that sent something within this time has not stopped. */
  private static final long FLOWING_NANOS = 150_000_000L;

  final NegotiatedMedia media;
  final int ssrc;

  /** 0 where retransmission was not agreed on. */
  final int rtxSsrc;

  private final PeerSession session;
  private final RtpMunger munger;
  private final RetransmissionLimit retransmissions = new RetransmissionLimit();

  /** Null where retransmissions go by RTX. */
  private final SentHeaders sentHeaders;
  private WorkerCounters counters;
  private int rtxSequence;
  private UpTrack source;
  private HeaderMapping mapping;
  private UpLayer current;
  private UpLayer target;
  private LayerLimits wanted = LayerLimits.NONE;
  private LayerLimits allotted = LayerLimits.NONE;
  private LayerLimits limits = LayerLimits.NONE;
  private long priority = 1;
  private boolean isPaused;
  private final TemporalSwitch temporal = new TemporalSwitch();
  private final PictureRow pictures = new PictureRow();

  /** Packets and payload octets sent, for our sender reports. */
  long packets;

  long octets;

  /** Packets that the receiver says it misses for good, by its last report. */
  long lostPackets;

  DownTrack(
      NegotiatedMedia media, PeerSession session, WorkerCounters counters, RtpMunger munger, int firstRtxSequence) {
    this.media = media;
    NegotiatedMedia.LocalSource local = media.local().orElseThrow();
    ssrc = (int) local.ssrc();
    rtxSsrc = (int) local.rtxSsrc().orElse(0);
    this.session = session;
    this.counters = counters;
    this.munger = munger;
    rtxSequence = firstRtxSequence;
    int remembered = media.isVideo() ? SentHeaders.OF_VIDEO : SentHeaders.OF_AUDIO;
    sentHeaders = rtxSsrc == 0 ? new SentHeaders(remembered) : null;
  }

  /** Goes on under another worker; it shows nothing now, and what it showed before stays behind. */
  void moveIn(WorkerCounters counters) {
    this.counters = counters;
    munger.forgetSources();
  }

  UpTrack source() {
    return source;
  }

  /** Shows another track, or nothing when {@code next} is null. */
  void show(long nowNanos, UpTrack next) {
    if (source == next) {
      return;
    }
    session.flush(nowNanos);
    if (source != null) {
      source.removeDownTrack(this);
    }
    source = next;
    current = null;
    target = null;
    mapping = null;
    if (next == null) {
      return;
    }
    mapping = new HeaderMapping(next.media, media);
    next.addDownTrack(this);
    UpLayer best = next.bestLayer(nowNanos, limits);
    if (best != null) {
      aimAt(nowNanos, best);
    }
  }

  /** The session can receive from now on: begin with a key frame. */
  void start(long nowNanos) {
    if (source != null) {
      UpLayer best = source.bestLayer(nowNanos, limits);
      if (best != null) {
        aimAt(nowNanos, best);
      }
    }
  }

  /** Nothing comes of the source for a while; what comes then begins anew. */
  void interrupt(long nowNanos) {
    session.flush(nowNanos);
    current = null;
    target = null;
  }

  /** Which layers may be shown; followed from the next comparison of layers on. */
  LayerLimits limits() {
    return limits;
  }

  /** What the receiver wants, and how much it does compared to others of its m-lines. */
  void limit(LayerLimits wanted, long priority) {
    this.wanted = wanted;
    this.priority = priority;
    limits = wanted.within(allotted);
  }

  LayerLimits wanted() {
    return wanted;
  }

  long priority() {
    return priority;
  }

  /** What the path to the receiver leaves for this one. */
  void allot(long nowNanos, LayerLimits allotted, long retransmittedBytesPerSecond) {
    this.allotted = allotted;
    retransmissions.limit(retransmittedBytesPerSecond);
    limits = wanted.within(allotted);
    if (isPaused) {
      isPaused = false;
      start(nowNanos);
    }
  }

  LayerLimits allotted() {
    return allotted;
  }

  /** Sends nothing until something is allotted again; it goes on with a key frame then. */
  void pause(long nowNanos) {
    if (!isPaused) {
      session.flush(nowNanos);
      isPaused = true;
      current = null;
      target = null;
    }
  }

  boolean isPaused() {
    return isPaused;
  }

  /** What is sent now, or null before the first packet. */
  UpLayer current() {
    return current;
  }

  /** Whether a sender report can be made: something was sent, and its publisher told how its clock runs. */
  boolean canReport() {
    return packets > 0 && current != null && current.hasSenderReport;
  }

  /** RTP time at a moment of our wall clock, for sender reports; only if {@link #canReport}. */
  int timestampAt(long wallNanos) {
    return current.timestampAt(wallNanos) + munger.epoch(munger.currentEpoch()).timestampOffset;
  }

  /** Whether the receiver can decode what the source sends now. */
  boolean canDecode() {
    return current == null || mapping == null || mapping.payloadType(current.payloadType()) != HeaderMapping.NONE;
  }

  /** Switches to this layer at its next key frame. */
  void aimAt(long nowNanos, UpLayer layer) {
    if (isPaused) {
      return;
    }
    target = layer;
    if (layer != current && source.isVideo() && !source.isSilenced() && !layer.isAtKeyFrame()) {
      layer.wantKeyFrame(nowNanos);
    }
  }

  /** One packet of the source, of any of its layers. */
  void offer(long nowNanos, UpLayer layer, int cacheIndex, long sequence, int timestamp, boolean startsKeyFrame) {
    if (isPaused || !session.isConnected()) {
      return;
    }
    if (layer != current) {
      boolean isUnwanted = current != null && layer != target;
      boolean isNoStart = source.isVideo() && !startsKeyFrame;
      if (isUnwanted || isNoStart || isPast(nowNanos, layer, timestamp)) {
        return;
      }
      switchTo(nowNanos, layer, sequence, timestamp);
    }
    boolean isTaken = takes(layer, sequence, timestamp, startsKeyFrame);
    if (!isTaken && munger.wouldBeNewest(sequence)) {
      munger.leaveOut(sequence);
      return;
    }
    int sequenceNumber = munger.map(nowNanos, sequence, timestamp);
    if (sequenceNumber < 0) {
      return;
    }
    if (!isTaken) {
      munger.empty(sequence); // its number is given out, so the receiver would ask for it
    }
    PacketCache cache = layer.cache;
    session.queue(nowNanos, this, cache.slot(cacheIndex), cache.offset(cacheIndex), cache.headerBytes(cacheIndex),
        isTaken ? cache.payloadBytes(cacheIndex) : 0, sequenceNumber, munger.currentEpoch());
  }

  /** Whether the packet is of a temporal layer that the receiver gets. */
  private boolean takes(UpLayer layer, long sequence, int timestamp, boolean startsKeyFrame) {
    if (!munger.wouldBeNewest(sequence)) {
      return temporal.tookAt(sequence, layer.temporal);
    }
    boolean isTaken = temporal.takes(sequence, timestamp, layer.temporal, startsKeyFrame, limits.maxTemporal());
    SwitchEpoch epoch = munger.epoch(munger.currentEpoch());
    epoch.lastPictureId = layer.pictureIds.pictureId() + epoch.pictureIdOffset;
    epoch.lastTl0PicIdx = layer.pictureIds.tl0PicIdx() + epoch.tl0PicIdxOffset;
    if (epoch.codec == Codec.VP8) {
      pictures.note(epoch.lastPictureId, layer.pictureIds.mask(), !isTaken);
    }
    return isTaken;
  }

  /** The greatest temporal layer sent now. */
  int temporalLayer() {
    return current == null ? 0 : Math.min(temporal.shown(), current.temporal.highest());
  }

  /** The receiver misses this packet of its stream. */
  void resend(long nowNanos, int sequenceNumber) {
    int number = munger.epochOf(sequenceNumber);
    UpLayer layer = number < 0 ? null : munger.epoch(number).layer;
    if (layer == null) {
      counters.retransmissionMisses++;
      return;
    }
    PacketCache cache = layer.cache;
    int index = cache.find(munger.sourceSequenceNumber(number, sequenceNumber));
    if (index == PacketCache.MISSING) {
      counters.retransmissionMisses++;
      return;
    }
    if (!retransmissions.allows(nowNanos, sequenceNumber, cache.payloadBytes(index))) {
      return;
    }
    int payloadBytes = munger.isEmptied(sequenceNumber) ? 0 : cache.payloadBytes(index);
    session.queue(nowNanos, this, cache.slot(index), cache.offset(index), cache.headerBytes(index),
        payloadBytes, sequenceNumber, number | (sentHeaders == null ? RETRANSMISSION : REPEAT));
  }

  @Override
  public boolean isRepeat(int epochNumber) {
    return (epochNumber & REPEAT) != 0;
  }

  /** The receiver cannot go on without a key frame. */
  void keyFrameRequested(long nowNanos) {
    UpLayer layer = target != null ? target : current;
    if (layer != null && source != null && source.isVideo()) {
      layer.wantKeyFrame(nowNanos);
    }
  }

  @Override
  public int write(
      int absSendTime,
      MemorySegment memory,
      long offset,
      int headerBytes,
      int payloadBytes,
      int sequenceNumber,
      int epochNumber,
      int transportSequence,
      long dst,
      SrtpSender srtp) {
    boolean retransmission = (epochNumber & RETRANSMISSION) != 0;
    boolean repeat = (epochNumber & REPEAT) != 0;
    if (repeat && !sentHeaders.has(sequenceNumber)) {
      return 0; // it never left, or too long ago
    }
    SwitchEpoch epoch = munger.epoch(epochNumber & ~(RETRANSMISSION | REPEAT));
    int sourcePayloadType = RtpHeader.payloadType(memory, offset);
    HeaderMapping headers = epoch.headers;
    int payloadType = retransmission
        ? headers.rtxPayloadType(sourcePayloadType)
        : headers.payloadType(sourcePayloadType);
    if (payloadType == HeaderMapping.NONE) {
      return 0;
    }
    int transport = repeat ? sentHeaders.transportSequence(sequenceNumber) : transportSequence;
    int sendTime = repeat ? sentHeaders.absSendTime(sequenceNumber) : absSendTime;
    int written = headers.rewriter().write(memory, offset, headerBytes, RtpHeader.hasMarker(memory, offset), payloadType,
        retransmission ? rtxSequence & 0xFFFF : sequenceNumber,
        RtpHeader.rtpTimestamp(memory, offset) + epoch.timestampOffset,
        retransmission ? rtxSsrc : ssrc,
        transport, sendTime, memory, dst, MAX_HEADER_BYTES);
    if (written < 0) {
      return 0;
    }
    long payload = offset + headerBytes;
    int pictureShift = pictureShift(epoch, memory, payload, payloadBytes);
    boolean shifts = pictureShift != 0 || epoch.tl0PicIdxOffset != 0;
    if (shifts) {
      PictureIds.shift(epoch.codec, memory, payload, payloadBytes, pictureShift, epoch.tl0PicIdxOffset);
    }
    int bytes = retransmission ? protectRtx(memory, payload, payloadBytes, sequenceNumber, dst, written, srtp)
        : repeat ? srtp.repeatRtp(memory, dst, written, payload, payloadBytes, dst)
        : srtp.protectRtp(memory, dst, written, payload, payloadBytes, dst);
    if (shifts) {
      PictureIds.shift(epoch.codec, memory, payload, payloadBytes, -pictureShift, -epoch.tl0PicIdxOffset);
    }
    if (bytes > 0) {
      count(repeat, retransmission, payloadBytes);
      if (sentHeaders != null && !repeat) {
        sentHeaders.note(sequenceNumber, transport, sendTime);
      }
    }
    return Math.max(bytes, 0);
  }

  /** What is added to a payload's picture id. */
  private int pictureShift(SwitchEpoch epoch, MemorySegment memory, long payload, int payloadBytes) {
    if (epoch.codec != Codec.VP8 || !pictures.leavesOut()) {
      return epoch.pictureIdOffset; // of most receivers the payload need not be read
    }
    int mask = PictureIds.vp8Mask(memory, payload, payloadBytes);
    return mask == 0
        ? epoch.pictureIdOffset
        : epoch.pictureIdOffset
            - pictures.leftOutBefore(Vp8Payload.pictureId(memory, payload) + epoch.pictureIdOffset, mask);
  }

  private void count(boolean repeat, boolean retransmission, int payloadBytes) {
    if (repeat || retransmission) {
      counters.packetsRetransmitted++;
    } else {
      counters.packetsForwarded++;
      packets++;
      octets += payloadBytes;
    }
  }

  /** The original sequence number stands before the payload for the length of this call (RFC 4588 §4). */
  private int protectRtx(
      MemorySegment memory, long payload, int payloadBytes, int sequenceNumber, long dst, int headerBytes,
      SrtpSender srtp) {
    long rtxPayload = payload - Rtx.OSN_BYTES;
    int covered = Bytes.u16(memory, rtxPayload);
    Bytes.put16(memory, rtxPayload, sequenceNumber);
    int bytes = srtp.protectRtp(memory, dst, headerBytes, rtxPayload, payloadBytes + Rtx.OSN_BYTES, dst);
    Bytes.put16(memory, rtxPayload, covered);
    rtxSequence++;
    return bytes;
  }

  private void switchTo(long nowNanos, UpLayer layer, long sequence, int timestamp) {
    int mapped = nextTimestamp(nowNanos, layer, timestamp);
    SwitchEpoch before = munger.currentEpoch() < 0 ? null : munger.epoch(munger.currentEpoch());
    int pictureIdOffset = before == null ? 0
        : before.lastPictureId + 1 - layer.pictureIds.pictureId();
    int tl0PicIdxOffset = before == null ? 0
        : before.lastTl0PicIdx + 1 - layer.pictureIds.tl0PicIdx();
    SwitchEpoch epoch = munger.begin(layer, sequence, timestamp, mapped);
    epoch.codec = layer.codec();
    epoch.headers = mapping;
    epoch.pictureIdOffset = pictureIdOffset;
    temporal.begin();
    epoch.tl0PicIdxOffset = tl0PicIdxOffset;
    current = layer;
  }

  /**
   * The receiver's RTP time of the first packet of a new run. Layers of one track share a clock, so their sender reports
   * tell how far apart two of their packets are; another source begins as much later as time has passed. A picture that
   * the layer before has shown already, or a newer one, comes again one tick later: time never goes back.
   */
  private int nextTimestamp(long nowNanos, UpLayer layer, int timestamp) {
    if (munger.lastPacketNanos() == 0) {
      return munger.lastTimestamp();
    }
    int step = reportedStep(layer, timestamp);
    if (step != UNKNOWN_STEP) {
      return munger.lastTimestamp() + Math.max(step, 1);
    }
    long elapsedNanos = Math.max(nowNanos - munger.lastPacketNanos(), 1_000_000L);
    return munger.lastTimestamp() + (int) (elapsedNanos * layer.track.clockRate() / 1_000_000_000L);
  }

  /** Whether a key frame came so late, repaired, that the layer shown now is already further and still goes on. */
  private boolean isPast(long nowNanos, UpLayer layer, int timestamp) {
    int step = reportedStep(layer, timestamp);
    return step < 0 && step != UNKNOWN_STEP && nowNanos - current.lastPacketNanos < FLOWING_NANOS;
  }

  /** Ticks from the newest packet sent to this one of another layer, by the sender reports of both. */
  private int reportedStep(UpLayer layer, int timestamp) {
    if (current == null || !current.hasSenderReport || !layer.hasSenderReport) {
      return UNKNOWN_STEP;
    }
    int sameInstant = current.timestampAtSource(layer.sourceNanosAt(timestamp));
    int step = sameInstant + munger.epoch(munger.currentEpoch()).timestampOffset - munger.lastTimestamp();
    return Math.abs(step) < MAX_STEP_SECONDS * layer.track.clockRate() ? step : UNKNOWN_STEP;
  }
}
