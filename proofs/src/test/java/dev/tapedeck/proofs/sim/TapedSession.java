package dev.tapedeck.proofs.sim;

import dev.tapedeck.media.core.record.RecordTap;
import dev.tapedeck.media.core.record.TapeEnd;
import dev.tapedeck.protocol.chunk.TrackEntry;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * One session as its sender remembers it: an audio track and the layers of a video, each packet once, although the
 * network repeats and reorders them. Beside it stands what was done to it, which the verdict has to find out.
 */
final class TapedSession {
  private static final int MAX_PAYLOAD_BYTES = 300;

  private static final long NEVER = Long.MAX_VALUE;

  /** Packets that may still come again or late. */
  private static final int HISTORY = 20;

  final Recording recording;
  final String peer;
  final long session;
  final List<Packet> log = new ArrayList<>();

  /** Causes the manifest must name for this session. */
  final Set<String> certainCauses = new TreeSet<>();

  /** Causes it may name besides. */
  final Set<String> possibleCauses = new TreeSet<>();

  /** Everything that arrived until then must outlive what happened to its process; monotonic nanoseconds. */
  long safeUntilNanos = NEVER;

  boolean isClosed;
  private boolean isOrphan;

  private long closedNanos;

  private final RecordTap tap;
  private final List<Stream> streams = new ArrayList<>();
  private final List<Packet> held = new ArrayList<>();

  /**
   * One packet handed to the tap.
   *
   * @param track   number on the tape
   * @param isTaped the tap had room for it
   */
  record Packet(int track, long ssrc, int sequenceNumber, long arrivalNanos, byte[] bytes, boolean isTaped) {}

  private static final class Stream {
    final int track;
    final TrackEntry entry;
    int sequenceNumber;

    Stream(int track, TrackEntry entry, int sequenceNumber) {
      this.track = track;
      this.entry = entry;
      this.sequenceNumber = sequenceNumber;
    }
  }

  TapedSession(Recording recording, RecordTap tap, RandomGenerator random, long nowNanos) {
    this.recording = recording;
    this.tap = tap;
    peer = tap.identity().peer();
    session = tap.identity().session();
    open(nowNanos, random, audio(session));
    int layers = random.nextInt(4);
    for (int layer = 0; layer < layers; layer++) {
      open(nowNanos, random, video(session, layer));
    }
  }

  private void open(long nowNanos, RandomGenerator random, TrackEntry entry) {
    streams.add(new Stream(tap.addTrack(nowNanos, entry), entry, 65_536 - random.nextInt(200)));
  }

  boolean isEmpty() {
    return log.isEmpty();
  }

  /** Packets the tape itself had no room for. */
  long missedPackets() {
    return tap.missedPackets();
  }

  /** Sends a few packets, as a network delivers them. */
  void talk(RandomGenerator random, long nowNanos, Faults faults) {
    for (int i = random.nextInt(5); i > 0; i--) {
      send(random, streams.get(random.nextInt(streams.size())), nowNanos, faults);
    }
    if (random.nextInt(12) == 0) {
      int track = 1 + random.nextInt(streams.size());
      byte[] report = senderReport(streams.get(track - 1).entry.ssrc());
      tap.senderReport(track, nowNanos, MemorySegment.ofArray(report), 0, report.length);
    }
    if (random.nextInt(60) == 0) {
      String event = "{\"event\":\"muted\",\"peer\":\"" + peer + "\"}";
      tap.roomEvent(nowNanos, event.getBytes(StandardCharsets.UTF_8));
    }
  }

  void handleTimeout(long nowNanos) {
    tap.handleTimeout(nowNanos);
  }

  void close(long nowNanos, TapeEnd end) {
    tap.close(nowNanos, end);
    isClosed = true;
    closedNanos = nowNanos;
    if (tap.missedPackets() > 0) {
      certainCauses.add("queue");
    }
  }

  /**
   * Its process is gone.
   *
   * @param safeNanos what it did until then was on the disk
   */
  void orphaned(long safeNanos) {
    if (safeUntilNanos == NEVER) {
      safeUntilNanos = safeNanos;
    }
    if (!isClosed) {
      isClosed = true;
      certainCauses.add("crash");
      if (tap.missedPackets() > 0) {
        possibleCauses.add("queue");
      }
    } else if (closedNanos > safeNanos && !isOrphan) {
      possibleCauses.add("crash");
      possibleCauses.add("upload"); // promised while the disk refused, and nobody is left who could say that it is lost
      possibleCauses.addAll(certainCauses);
      certainCauses.clear();
    }
    isOrphan = true;
  }

  /** Its disk is gone as well, before everything on it was stored. */
  void buried() {
    safeUntilNanos = 0;
    possibleCauses.addAll(certainCauses);
    possibleCauses.add("crash");
    possibleCauses.add("upload");
    certainCauses.clear();
  }

  /** What arrives behind the end must not be on the tape, and so is not in the log. */
  void sendBehindTheEnd(long nowNanos) {
    Stream stream = streams.getFirst();
    byte[] packet = packet(stream, 40);
    tap.rtp(stream.track, nowNanos, MemorySegment.ofArray(packet), 0, packet.length, false, false);
  }

  private void send(RandomGenerator random, Stream stream, long nowNanos, Faults faults) {
    byte[] bytes = packet(stream, random.nextInt(MAX_PAYLOAD_BYTES));
    Packet packet = new Packet(stream.track, stream.entry.ssrc(), stream.sequenceNumber & 0xFFFF, nowNanos, bytes,
        true);
    stream.sequenceNumber++;
    switch (random.nextInt(40)) {
      case 0 -> faults.hit("network: packet lost");
      case 1 -> {
        faults.hit("network: packet out of order");
        held.add(packet);
      }
      case 2 -> {
        deliver(packet, nowNanos, false);
        Packet again = log.get(log.size() - 1 - random.nextInt(Math.min(log.size(), HISTORY)));
        faults.hit("network: packet repeated");
        hand(again, nowNanos, true);
      }
      default -> deliver(packet, nowNanos, false);
    }
    if (!held.isEmpty() && random.nextInt(6) == 0) {
      deliver(held.removeFirst(), nowNanos, true);
    }
  }

  private void deliver(Packet packet, long nowNanos, boolean repaired) {
    long missedBefore = tap.missedPackets();
    hand(packet, nowNanos, repaired);
    log.add(new Packet(packet.track(), packet.ssrc(), packet.sequenceNumber(), nowNanos, packet.bytes(),
        tap.missedPackets() == missedBefore));
  }

  private void hand(Packet packet, long nowNanos, boolean repaired) {
    tap.rtp(packet.track(), nowNanos, MemorySegment.ofArray(packet.bytes()), 0, packet.bytes().length, repaired,
        packet.sequenceNumber() % 50 == 0);
  }

  /** An RTP packet (RFC 3550 section 5.1) whose payload no other packet has. */
  private byte[] packet(Stream stream, int payloadBytes) {
    ByteBuffer out = ByteBuffer.allocate(12 + 8 + payloadBytes);
    out.put((byte) 0x80).put((byte) stream.entry.payloadType()).putShort((short) stream.sequenceNumber);
    out.putInt(stream.sequenceNumber * 960).putInt((int) stream.entry.ssrc());
    out.putLong(session << 20 ^ stream.sequenceNumber);
    for (int i = 0; i < payloadBytes; i++) {
      out.put((byte) (stream.sequenceNumber * 31 + i));
    }
    return out.array();
  }

  private static byte[] senderReport(long ssrc) {
    return ByteBuffer.allocate(28).putInt(0x80C8_0006).putInt((int) ssrc).array();
  }

  private static TrackEntry audio(long session) {
    return new TrackEntry("audio", "0", "", ssrc(session, 0), 0, "audio", "opus", 111, 0, 48_000, 2, "", Map.of(), "");
  }

  private static TrackEntry video(long session, int layer) {
    return new TrackEntry("video", "1", "l" + layer, ssrc(session, 1 + layer), ssrc(session, 5 + layer), "video", "VP8",
        96, 97, 90_000, 0, "", Map.of(), "camera");
  }

  private static long ssrc(long session, int stream) {
    return (session * 16 + stream) & 0xFFFF_FFFFL;
  }
}
