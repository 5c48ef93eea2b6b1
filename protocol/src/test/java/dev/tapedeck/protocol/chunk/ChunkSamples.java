package dev.tapedeck.protocol.chunk;

import com.google.protobuf.ByteString;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/** Chunks made by hand or by seed, for the tests of whoever reads them. */
public final class ChunkSamples {
  private static final int CAPACITY = 1 << 18;

  private final byte[] bytes = new byte[CAPACITY];
  private final ChunkWriter writer = new ChunkWriter();
  private final List<IndexPoint> points = new ArrayList<>();
  private long entries;
  private long packets;

  public ChunkSamples(ChunkHeader header) {
    writer.attach(MemorySegment.ofArray(bytes), ByteBuffer.wrap(bytes));
    writer.header(header);
  }

  /** What the golden file of v1 holds; never changed. */
  public static byte[] golden() {
    ChunkHeader header = new ChunkHeader(4_294_967_297L, 9_007_199_254_740_991L, 3, 7, 5_000_000_000L,
        1_795_253_400_123_456_789L, "demo", "room/1", "Zoë", ChunkEncryption.NONE);
    ChunkSamples chunk = new ChunkSamples(header);
    chunk.clock(1_000_000_000L, 1_795_253_400_000_000_000L);
    chunk.track(1, 1_000_000_000L, video());
    chunk.track(2, 1_000_000_000L, audio());
    chunk.rtp(1, ChunkFormat.FLAG_KEY_FRAME, 1_000_100_000L, packet(96, 65_535, 90_000, 0xDEADBEEFL, 40));
    chunk.rtp(2, 0, 1_000_200_000L, packet(111, 1, 48_000, 0x01020304L, 11));
    chunk.add(EntryKind.SENDER_REPORT, 1, 1_000_300_000L, senderReport(0xDEADBEEFL));
    chunk.rtp(1, ChunkFormat.FLAG_REPAIRED, 1_000_400_000L, packet(96, 65_534, 87_000, 0xDEADBEEFL, 25));
    chunk.roomEvent(1_000_500_000L, "{\"event\":\"joined\",\"peer\":\"Zoë\"}");
    chunk.gap(1_000_600_000L, new GapEntry(1, 1_795_253_400_100L, 1_795_253_400_200L, GapEntry.QUEUE, 17));
    return chunk.seal(1_000_700_000L);
  }

  /** A sealed chunk of some dozen entries of all kinds, the same for the same random numbers. */
  public static byte[] random(RandomGenerator random) {
    ChunkSamples chunk = new ChunkSamples(randomHeader(random));
    long arrival = random.nextLong(1L << 60);
    chunk.clock(arrival, random.nextLong(1L << 60));
    chunk.track(1, arrival, video());
    chunk.track(2, arrival, audio());
    for (int i = random.nextInt(30); i > 0; i--) {
      arrival += random.nextInt(20_000_000);
      chunk.addRandom(random, arrival);
    }
    return chunk.seal(arrival);
  }

  public static ChunkHeader randomHeader(RandomGenerator random) {
    ChunkEncryption encryption = random.nextInt(4) > 0 ? ChunkEncryption.NONE
        : new ChunkEncryption(1, "key-" + random.nextInt(9), randomBytes(random, 48), randomBytes(random, 12));
    return new ChunkHeader(random.nextLong(1L << 53), random.nextLong(1L << 53), random.nextInt(100),
        random.nextInt(50), random.nextLong(1L << 53), random.nextLong(1L << 60), "app", "room " + random.nextInt(10),
        "péer/" + random.nextInt(), encryption);
  }

  public static TrackEntry video() {
    return new TrackEntry("video", "0", "h", 0xDEADBEEFL, 0xDEADBEF0L, "video", "VP8", 96, 97, 90_000, 0, "",
        Map.of("3", "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"), "camera");
  }

  public static TrackEntry audio() {
    return new TrackEntry("audio", "1", "", 0x01020304L, 0, "audio", "opus", 111, 0, 48_000, 2,
        "minptime=10;useinbandfec=1", Map.of("1", "urn:ietf:params:rtp-hdrext:ssrc-audio-level"), "");
  }

  /** An RTP packet (RFC 3550 §5.1) whose payload counts up from its sequence number. */
  public static byte[] packet(int payloadType, int sequenceNumber, long timestamp, long ssrc, int payloadBytes) {
    ByteBuffer out = ByteBuffer.allocate(12 + payloadBytes);
    out.put((byte) 0x80).put((byte) payloadType).putShort((short) sequenceNumber);
    out.putInt((int) timestamp).putInt((int) ssrc);
    for (int i = 0; i < payloadBytes; i++) {
      out.put((byte) (sequenceNumber + i));
    }
    return out.array();
  }

  static byte[] senderReport(long ssrc) {
    ByteBuffer out = ByteBuffer.allocate(28);
    out.putInt(0x80C8_0006).putInt((int) ssrc).putLong(0xE9_00_00_00_80_00_00_00L);
    out.putInt(90_000).putInt(10).putInt(9999);
    return out.array();
  }

  public void clock(long monotonicNanos, long wallNanos) {
    mark(monotonicNanos);
    require(writer.clock(new ClockEntry(monotonicNanos, wallNanos)));
  }

  public void track(int track, long arrivalNanos, TrackEntry entry) {
    add(EntryKind.TRACK, track, arrivalNanos, entry.toJson());
  }

  public void rtp(int track, int flags, long arrivalNanos, byte[] packet) {
    mark(arrivalNanos);
    packets++;
    require(writer.rtp(track, flags, arrivalNanos, MemorySegment.ofArray(packet), 0, packet.length));
  }

  public void roomEvent(long arrivalNanos, String json) {
    add(EntryKind.ROOM_EVENT, 0, arrivalNanos, json.getBytes(StandardCharsets.UTF_8));
  }

  public void gap(long arrivalNanos, GapEntry gap) {
    add(EntryKind.GAP, gap.track(), arrivalNanos, gap.toJson());
  }

  public void add(EntryKind kind, int track, long arrivalNanos, byte[] payload) {
    mark(arrivalNanos);
    require(writer.bytes(kind, track, arrivalNanos, payload));
  }

  /** The chunk without index and end mark. */
  public byte[] unsealed() {
    return Arrays.copyOf(bytes, writer.position());
  }

  /** The chunk with index and end mark. */
  public byte[] seal(long arrivalNanos) {
    require(writer.index(arrivalNanos, points));
    entries++;
    byte[] before = unsealed();
    require(writer.end(arrivalNanos, new EndEntry(packets, entries, before.length, sha256(before))));
    return unsealed();
  }

  /** Header of a chunk with this body and a right checksum. */
  public static byte[] headerWithBody(byte[] body) {
    ByteBuffer out = ByteBuffer.allocate(16 + body.length + 4);
    out.putLong(ChunkFormat.MAGIC).putShort((short) 1).putShort((short) 0).putInt(body.length).put(body);
    return out.putInt(crc32c(out.array(), 0, out.position())).array();
  }

  /** An entry whose bytes from kind on are these, with a right checksum. */
  public static byte[] entryOf(byte[] covered) {
    return ByteBuffer.allocate(8 + covered.length).putInt(covered.length).putInt(crc32c(covered, 0, covered.length))
        .put(covered).array();
  }

  private void addRandom(RandomGenerator random, long arrival) {
    switch (random.nextInt(10)) {
      case 0 -> add(EntryKind.SENDER_REPORT, 1, arrival, senderReport(random.nextInt() & 0xFFFF_FFFFL));
      case 1 -> roomEvent(arrival, "{\"n\":" + random.nextInt() + ",\"text\":\"\\u00e9 \\ud83d\\ude00\"}");
      case 2 -> roomEvent(arrival, "not json {" + random.nextInt());
      case 3 -> gap(arrival, new GapEntry(1, 1000, 1000 + random.nextInt(500), GapEntry.SHED, random.nextInt(100)));
      case 4 -> clock(arrival, random.nextLong());
      default -> rtp(1 + random.nextInt(2), random.nextInt(4), arrival,
          packet(random.nextInt(128), random.nextInt(65_536), random.nextInt(), random.nextInt(), random.nextInt(300)));
    }
  }

  private void mark(long arrivalNanos) {
    if (entries++ % 8 == 0) {
      points.add(new IndexPoint(writer.position(), arrivalNanos));
    }
  }

  private static void require(boolean written) {
    if (!written) {
      throw new IllegalStateException("sample outgrew its " + CAPACITY + " bytes");
    }
  }

  private static ByteString randomBytes(RandomGenerator random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  private static int crc32c(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, to);
    return (int) crc.getValue();
  }

  private static ByteString sha256(byte[] bytes) {
    try {
      return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
