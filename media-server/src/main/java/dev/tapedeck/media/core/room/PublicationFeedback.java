package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.rtcp.NackGenerator;
import dev.tapedeck.media.core.rtcp.RtcpReader;
import dev.tapedeck.media.core.rtcp.RtcpVisitor;
import dev.tapedeck.media.core.rtcp.RtcpWriter;
import dev.tapedeck.media.core.rtcp.TwccRecorder;
import dev.tapedeck.media.core.session.PeerSession;
import dev.tapedeck.media.core.stats.DropReason;
import dev.tapedeck.media.core.stats.WorkerCounters;
import dev.tapedeck.media.core.timer.TimerHeap;
import dev.tapedeck.protocol.rtp.NtpTime;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What a publisher hears from us and we from it over RTCP: requests for lost packets and key frames, receiver reports,
 * transport-wide arrival times; its sender reports. Feedback is made by timers, not in reaction to each packet; only a
 * key frame is asked for at once. Owned by the worker thread.
 */
final class PublicationFeedback {
  private static final long REPORT_INTERVAL_NANOS = 1_000_000_000L;

  /** How often the layers that flow are compared, where there are several. */
  private static final long LAYER_INTERVAL_NANOS = 50_000_000L;

  /** Longer than any pause of an encoder that saves what does not change, or of speech (RFC 7587 §3.1.3). */
  private static final long MUTED_NANOS = 3_000_000_000L;

  private final RoomEnvironment environment;
  private final PeerSession session;
  private final List<UpTrack> tracks;
  private final StreamTable streams;
  private final SourceClock sourceClock;
  private final MemorySegment memory;
  private final WorkerCounters counters;
  private final TwccRecorder transport = new TwccRecorder();
  private final Reports reports = new Reports();
  private final TimerHeap.Timer timer = new TimerHeap.Timer(this::handleTimeout);
  private int transportSsrc;
  private long nextReportNanos = TimerHeap.NEVER;
  private long nextLayerNanos = TimerHeap.NEVER;

  PublicationFeedback(
      RoomEnvironment environment,
      PeerSession session,
      List<UpTrack> tracks,
      StreamTable streams,
      SourceClock sourceClock) {
    this.environment = environment;
    this.session = session;
    this.tracks = tracks;
    this.streams = streams;
    this.sourceClock = sourceClock;
    memory = environment.arena().memory();
    counters = environment.counters();
  }

  void start(long nowNanos) {
    nextReportNanos = nowNanos + REPORT_INTERVAL_NANOS;
    compareLayers(nowNanos);
    reschedule();
  }

  /** Begins to, unless it does so already or there is nothing to compare; tracks may come later. */
  private void compareLayers(long nowNanos) {
    if (nextLayerNanos == TimerHeap.NEVER && tracks.stream().anyMatch(track -> track.media.isSimulcast())) {
      nextLayerNanos = nowNanos + LAYER_INTERVAL_NANOS;
    }
  }

  void stop() {
    environment.timers().cancel(timer);
  }

  /** A packet came that carries a transport-wide sequence number. */
  void transportPacket(long arrivalNanos, int transportSequence, int ssrc) {
    transport.onPacket(arrivalNanos, transportSequence);
    transportSsrc = ssrc;
    environment.timers().scheduleAtMost(timer, transport.nextTimeoutNanos());
  }

  /** A packet was accepted; something before it may be missing now. */
  void packetAccepted(UpLayer layer) {
    if (layer.track.wantsRetransmissions()) {
      environment.timers().scheduleAtMost(timer, layer.nack.nextTimeoutNanos());
    }
  }

  /** Asks at once if the limit allows, else as soon as it does. */
  void keyFrameWanted(long nowNanos, UpLayer layer) {
    if (layer.nextAskNanos() > nowNanos) {
      environment.timers().scheduleAtMost(timer, layer.nextAskNanos());
      return;
    }
    long start = session.beginFeedback();
    if (start < 0) {
      return;
    }
    int bytes = layer.track.wantsFullIntraRequests()
        ? RtcpWriter.fullIntraRequest(
            memory, start, PeerSession.RTCP_ROOM, PeerSession.RTCP_SSRC, layer.ssrc, layer.nextCommandSequence())
        : RtcpWriter.pictureLoss(memory, start, PeerSession.RTCP_ROOM, PeerSession.RTCP_SSRC, layer.ssrc);
    session.endRtcp(start + bytes);
    layer.asked(nowNanos);
    counters.keyFrameRequests++;
    environment.timers().scheduleAtMost(timer, layer.nextAskNanos());
  }

  /** Reads what the publisher sent. */
  void read(long arrivalNanos, long offset, int length, Tape tape) {
    reports.arrivalNanos = arrivalNanos;
    reports.tape = tape;
    if (!RtcpReader.read(memory, offset, length, reports)) {
      counters.drop(DropReason.MALFORMED);
    }
    reports.tape = null;
  }

  private void handleTimeout(long nowNanos) {
    for (int i = 0, n = tracks.size(); i < n; i++) {
      List<UpLayer> layers = tracks.get(i).layers();
      for (int j = 0, m = layers.size(); j < m; j++) {
        handleTimeout(nowNanos, layers.get(j));
      }
    }
    if (transport.nextTimeoutNanos() <= nowNanos) {
      sendTransportFeedback();
    }
    if (nextReportNanos <= nowNanos) {
      sendReceiverReports(nowNanos);
      noteMuted(nowNanos);
      compareLayers(nowNanos);
      nextReportNanos = nowNanos + REPORT_INTERVAL_NANOS;
    }
    if (nextLayerNanos <= nowNanos) {
      for (int i = 0, n = tracks.size(); i < n; i++) {
        tracks.get(i).selectLayers(nowNanos);
      }
      nextLayerNanos = nowNanos + LAYER_INTERVAL_NANOS;
    }
    reschedule();
  }

  private void handleTimeout(long nowNanos, UpLayer layer) {
    if (layer.track.wantsRetransmissions()) {
      if (layer.nack.nextTimeoutNanos() <= nowNanos) {
        sendNack(nowNanos, layer);
      }
      if (layer.nack.takeKeyFrameNeeded() && layer.track.isVideo()) {
        mendWithKeyFrame(nowNanos, layer);
      }
    }
    if (layer.isKeyFrameWanted() && layer.nextAskNanos() <= nowNanos) {
      keyFrameWanted(nowNanos, layer);
    }
  }

  private static void mendWithKeyFrame(long nowNanos, UpLayer layer) {
    if (layer.track.isShown(layer)) {
      layer.wantKeyFrame(nowNanos);
    } else if (layer.isTaped()) {
      layer.keyFrameForTape = true; // the tape asks for it, in its own time
    }
  }

  private void sendNack(long nowNanos, UpLayer layer) {
    NackGenerator nack = layer.nack;
    int missing = nack.handleTimeout(nowNanos);
    if (missing == 0) {
      return;
    }
    long start = session.beginFeedback();
    if (start < 0) {
      return;
    }
    int bytes = RtcpWriter.nack(
        memory, start, PeerSession.RTCP_ROOM, PeerSession.RTCP_SSRC, layer.ssrc, nack.requests(), missing);
    session.endRtcp(start + bytes);
    counters.nacksSent++;
  }

  private void sendTransportFeedback() {
    while (transport.hasFeedback()) {
      long start = session.beginFeedback();
      if (start < 0) {
        return;
      }
      int bytes = transport.write(memory, start, PeerSession.RTCP_ROOM, PeerSession.RTCP_SSRC, transportSsrc);
      session.endRtcp(start + bytes);
      counters.transportFeedbacksSent++;
    }
  }

  private void sendReceiverReports(long nowNanos) {
    int blocks = 0;
    for (int i = 0, n = tracks.size(); i < n; i++) {
      blocks += startedLayers(tracks.get(i));
    }
    long start = blocks == 0 ? -1 : session.beginRtcp();
    if (start < 0) {
      return;
    }
    blocks = Math.min(blocks, RtcpWriter.MAX_REPORT_BLOCKS);
    int bytes = RtcpWriter.receiverReport(memory, start, PeerSession.RTCP_ROOM, PeerSession.RTCP_SSRC, blocks);
    int index = 0;
    for (int i = 0, n = tracks.size(); i < n; i++) {
      List<UpLayer> layers = tracks.get(i).layers();
      for (int j = 0, m = layers.size(); j < m && index < blocks; j++) {
        if (layers.get(j).report.isStarted()) {
          layers.get(j).report.writeBlock(nowNanos, memory, RtcpWriter.receiverReportBlockAt(start, index++));
        }
      }
    }
    session.endRtcp(start + bytes);
  }

  private void noteMuted(long nowNanos) {
    for (int i = 0, n = tracks.size(); i < n; i++) {
      UpTrack track = tracks.get(i);
      if (track.isStarted() && !track.isMuted() && nowNanos - track.lastPacketNanos() >= MUTED_NANOS) {
        track.publication.muted(nowNanos, track);
      }
    }
  }

  private static int startedLayers(UpTrack track) {
    int started = 0;
    List<UpLayer> layers = track.layers();
    for (int i = 0, n = layers.size(); i < n; i++) {
      started += layers.get(i).report.isStarted() ? 1 : 0;
    }
    return started;
  }

  private void reschedule() {
    long next = Math.min(Math.min(nextReportNanos, nextLayerNanos), transport.nextTimeoutNanos());
    for (int i = 0, n = tracks.size(); i < n; i++) {
      List<UpLayer> layers = tracks.get(i).layers();
      for (int j = 0, m = layers.size(); j < m; j++) {
        UpLayer layer = layers.get(j);
        if (layer.track.wantsRetransmissions()) {
          next = Math.min(next, layer.nack.nextTimeoutNanos());
        }
        if (layer.isKeyFrameWanted()) {
          next = Math.min(next, layer.nextAskNanos());
        }
      }
    }
    environment.timers().schedule(timer, next);
  }

  /** Takes the publisher's sender reports. */
  private final class Reports implements RtcpVisitor {
    private long arrivalNanos;
    private Tape tape;

    @Override
    public void senderReport(
        int ssrc, long ntp, int rtpTimestamp, long packets, long octets, long offset, int length) {
      UpLayer layer = streams.find(ssrc);
      if (layer == null || layer.ssrc != ssrc) {
        return;
      }
      layer.report.onSenderReport(arrivalNanos, ntp);
      long sourceNanos = NtpTime.toUnixNanos(ntp);
      sourceClock.note(sourceNanos, environment.wallClock().epochNanos(arrivalNanos));
      layer.mapTime(sourceNanos, rtpTimestamp);
      if (tape != null) {
        tape.senderReport(arrivalNanos, layer, memory, offset, length);
      }
    }
  }
}
