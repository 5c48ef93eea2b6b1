package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.rtcp.RtcpReader;
import dev.tapedeck.media.core.rtcp.RtcpVisitor;
import dev.tapedeck.media.core.rtcp.RtcpWriter;
import dev.tapedeck.media.core.session.PeerSession;
import dev.tapedeck.media.core.stats.DropReason;
import dev.tapedeck.media.core.timer.TimerHeap;
import dev.tapedeck.protocol.rtp.NtpTime;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a receiver hears from us and we from it over RTCP: our sender reports, with renumbered timestamps; its requests
 * for packets and key frames; how its path fares. Owned by the worker thread.
 */
final class SubscriptionFeedback {
  private static final long REPORT_INTERVAL_NANOS = 1_000_000_000L;

  /** Room one report takes together with its source description. */
  private static final int REPORT_BYTES = 28 + 12 + 64;

  private final RoomEnvironment environment;
  private final PeerSession session;
  private final List<DownTrack> downTracks;
  private final MemorySegment memory;
  private final byte[] cname;
  private final Requests requests = new Requests();
  private final ReceiverBudget budget;
  private final TimerHeap.Timer timer = new TimerHeap.Timer(this::handleTimeout);

  SubscriptionFeedback(RoomEnvironment environment, PeerSession session, List<DownTrack> downTracks) {
    this.environment = environment;
    this.session = session;
    this.downTracks = downTracks;
    memory = environment.arena().memory();
    budget = new ReceiverBudget(environment.timers(), session, downTracks);
    cname = session.spec().cname().getBytes(StandardCharsets.UTF_8);
  }

  void start(long nowNanos) {
    environment.timers().schedule(timer, nowNanos + REPORT_INTERVAL_NANOS);
    budget.start(nowNanos);
  }

  void stop() {
    environment.timers().cancel(timer);
    budget.stop();
  }

  /** Reads what the receiver sent. */
  void read(long nowNanos, long offset, int length) {
    requests.nowNanos = nowNanos;
    if (!RtcpReader.read(memory, offset, length, requests)) {
      environment.counters().drop(DropReason.MALFORMED);
    }
  }

  private void handleTimeout(long nowNanos) {
    long wallNanos = environment.wallClock().epochNanos(nowNanos);
    long start = -1;
    long at = -1;
    for (int i = 0, n = downTracks.size(); i < n; i++) {
      DownTrack downTrack = downTracks.get(i);
      if (!downTrack.canReport()) {
        continue;
      }
      if (start >= 0 && at + REPORT_BYTES > start + PeerSession.RTCP_ROOM) {
        session.endRtcp(at);
        start = -1;
      }
      if (start < 0) {
        start = session.beginRtcp();
        at = start;
      }
      if (start < 0) {
        break; // no way to send now
      }
      at += RtcpWriter.senderReport(memory, at, REPORT_BYTES, downTrack.ssrc, NtpTime.fromUnixNanos(wallNanos),
          downTrack.timestampAt(wallNanos), downTrack.packets, downTrack.octets, 0);
      at += RtcpWriter.sourceDescription(memory, at, REPORT_BYTES, downTrack.ssrc, cname);
    }
    if (start >= 0) {
      session.endRtcp(at);
    }
    environment.timers().schedule(timer, nowNanos + REPORT_INTERVAL_NANOS);
  }

  /** Takes the receiver's requests. */
  private final class Requests implements RtcpVisitor {
    private long nowNanos;

    @Override
    public void nack(int senderSsrc, int mediaSsrc, int sequenceNumber) {
      DownTrack downTrack = find(mediaSsrc);
      if (downTrack != null) {
        downTrack.resend(nowNanos, sequenceNumber);
      }
    }

    @Override
    public void pictureLoss(int senderSsrc, int mediaSsrc) {
      keyFrame(mediaSsrc);
    }

    @Override
    public void fullIntraRequest(int senderSsrc, int mediaSsrc, int commandSequence) {
      keyFrame(mediaSsrc);
    }

    @Override
    public void transportArrival(int transportSequence, long arrivalNanos) {
      session.bandwidth().arrived(transportSequence, arrivalNanos);
    }

    @Override
    public void transportLoss(int transportSequence) {
      session.bandwidth().missing(transportSequence);
    }

    @Override
    public void maximumBitrate(int senderSsrc, long bitsPerSecond, int streams) {
      session.bandwidth().toldByReceiver(bitsPerSecond);
    }

    private void keyFrame(int mediaSsrc) {
      DownTrack downTrack = find(mediaSsrc);
      if (downTrack != null) {
        downTrack.keyFrameRequested(nowNanos);
      }
    }

    private DownTrack find(int ssrc) {
      for (int i = 0, n = downTracks.size(); i < n; i++) {
        if (downTracks.get(i).ssrc == ssrc) {
          return downTracks.get(i);
        }
      }
      return null;
    }
  }
}
