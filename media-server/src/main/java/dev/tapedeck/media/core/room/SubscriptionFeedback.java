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

  /** What a receiver tells beyond 10 s is a clock that jumped; in units of 1/65536 s. */
  private static final int MAX_ROUND_TRIP = 10 << 16;

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

  /** By the receiver's last report that told; 0 before. */
  private long roundTripNanos;

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

  ReceivedStats stats() {
    long packets = 0;
    long octets = 0;
    long lostPackets = 0;
    for (DownTrack downTrack : downTracks) {
      packets += downTrack.packets;
      octets += downTrack.octets;
      lostPackets += downTrack.lostPackets;
    }
    return new ReceivedStats(packets, octets, lostPackets, roundTripNanos);
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
    public void reportBlock(int reporterSsrc, int ssrc, int fractionLost, int lostPackets, long highestSequence,
        long jitter, int lastSenderReport, int delay) {
      DownTrack downTrack = find(ssrc);
      if (downTrack == null) {
        return;
      }
      downTrack.lostPackets = Math.max(0, lostPackets);
      int now = NtpTime.middle32(NtpTime.fromUnixNanos(environment.wallClock().epochNanos(nowNanos)));
      int roundTrip = now - lastSenderReport - delay; // in units of 1/65536 s (RFC 3550 §6.4.1)
      if (lastSenderReport != 0 && roundTrip >= 0 && roundTrip < MAX_ROUND_TRIP) {
        roundTripNanos = roundTrip * 1_000_000_000L >>> 16;
      }
    }

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
      session.bandwidth().toldByReceiver(nowNanos, bitsPerSecond);
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
