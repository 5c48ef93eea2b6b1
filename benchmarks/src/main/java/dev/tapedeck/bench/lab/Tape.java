package dev.tapedeck.bench.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.bench.client.rtp.RtpPacket;
import dev.tapedeck.bench.client.rtp.SentPacket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * What lies in the store of one recording, as the independent reader tells it, which was written from the page that
 * describes the format and shares no code with ours.
 */
public final class Tape {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path READER = Checkout.resolve("protocol/src/test/python/read_chunk.py");

  private final List<Packet> packets = new ArrayList<>();
  private final Map<String, String> states = new HashMap<>();

  private Tape() {}

  /** Names one packet of a sender; a sequence number alone comes again after 65536 packets. */
  public record Id(long ssrc, int sequenceNumber, long rtpTimestamp) {
    static Id of(SentPacket sent) {
      return new Id(Integer.toUnsignedLong(sent.ssrc()), sent.sequenceNumber(), sent.rtpTimestamp());
    }
  }

  /**
   * A packet in a chunk.
   *
   * @param payloadCrc32    as {@link SentPacket#payloadCrc32}
   * @param arrivalWallNanos since 1970, by the chunk's clock
   */
  public record Packet(Id id, int payloadCrc32, long arrivalWallNanos, String chunk) {}

  /** Reads all chunks under a prefix, {@code app/room/recording}. */
  public static Tape read(Store store, String prefix) {
    Tape tape = new Tape();
    List<String> chunks = store.keys(prefix).stream().filter(key -> key.endsWith(".tdc")).toList();
    if (!chunks.isEmpty()) {
      List<String> command = new ArrayList<>(List.of("python3", READER.toString(), "--payload"));
      chunks.forEach(key -> command.add(store.file(key).toString()));
      ToolRun.of(command).out().lines().forEach(tape.new Reader()::line);
    }
    return tape;
  }

  /** In the order of keys, then as they stand in the chunks. */
  public List<Packet> packets() {
    return packets;
  }

  /** Chunk file to {@code complete}, {@code unsealed}, {@code torn} or {@code corrupt}. */
  public Map<String, String> states() {
    return states;
  }

  public long firstArrivalWallNanos() {
    return packets.stream().mapToLong(Packet::arrivalWallNanos).min().orElseThrow();
  }

  /** What was sent and is not here, or with another payload; in the order of sending. */
  public List<SentPacket> missing(List<SentPacket> sent) {
    Map<Id, Integer> checksums = new HashMap<>();
    packets.forEach(packet -> checksums.put(packet.id(), packet.payloadCrc32()));
    return sent.stream()
        .filter(packet -> !Integer.valueOf(packet.payloadCrc32()).equals(checksums.get(Id.of(packet))))
        .sorted(Comparator.comparingLong(SentPacket::sentWallNanos))
        .toList();
  }

  /** Packets that are here more than once. */
  public List<Packet> doubles() {
    Set<Id> seen = new HashSet<>();
    return packets.stream().filter(packet -> !seen.add(packet.id())).toList();
  }

  /** Packets that nobody sent. */
  public List<Packet> strangers(List<SentPacket> sent) {
    Set<Id> known = new HashSet<>();
    sent.forEach(packet -> known.add(Id.of(packet)));
    return packets.stream().filter(packet -> !known.contains(packet.id())).toList();
  }

  /** Follows the lines of the reader; a clock entry holds for what comes after it in its chunk. */
  private final class Reader {
    private final RtpPacket view = new RtpPacket();
    private final CRC32 crc = new CRC32();
    private long wallMinusMonotonicNanos;

    void line(String text) {
      JsonNode line;
      try {
        line = JSON.readTree(text);
      } catch (IOException e) {
        throw new UncheckedIOException("the reader printed " + text, e);
      }
      if (line.get("type").textValue().equals("end")) {
        states.put(line.get("file").textValue(), line.get("state").textValue());
      } else if (line.path("kind").asText().equals("clock")) {
        wallMinusMonotonicNanos = line.get("wallNanos").longValue() - line.get("monotonicNanos").longValue();
      } else if (line.path("kind").asText().equals("rtp")) {
        packets.add(packet(line));
      }
    }

    private Packet packet(JsonNode line) {
      byte[] bytes = HexFormat.of().parseHex(line.get("payload").textValue());
      if (!view.parse(bytes, bytes.length)) {
        throw new AssertionError("no RTP packet: " + line);
      }
      crc.reset();
      crc.update(bytes, view.payloadOffset(), view.payloadBytes());
      return new Packet(
          new Id(line.get("ssrc").longValue(), line.get("sequence").intValue(), line.get("timestamp").longValue()),
          (int) crc.getValue(), line.get("arrivalNanos").longValue() + wallMinusMonotonicNanos,
          line.get("file").textValue());
    }
  }
}
