package dev.tapedeck.protocol.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both readers must say the same of the same bytes: golden, random, torn and damaged ones. */
class PythonChunkReaderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SEED = 4711;

  @TempDir private Path folder;

  @Test
  void agreesWithChunkReader() throws Exception {
    Map<Path, byte[]> chunks = new LinkedHashMap<>();
    SplittableRandom random = new SplittableRandom(SEED);
    store(chunks, "golden", ChunkSamples.golden());
    store(chunks, "empty", new byte[0]);
    store(chunks, "longer", Arrays.copyOf(ChunkSamples.golden(), ChunkSamples.golden().length + 3));
    for (int i = 0; i < 150; i++) {
      byte[] whole = ChunkSamples.random(random);
      store(chunks, "whole" + i, whole);
      store(chunks, "torn" + i, Arrays.copyOf(whole, random.nextInt(whole.length)));
      store(chunks, "damaged" + i, damage(random, whole));
    }
    Map<Path, List<JsonNode>> told = PythonChunkReader.read(folder, List.copyOf(chunks.keySet()));
    for (Map.Entry<Path, byte[]> chunk : chunks.entrySet()) {
      String name = chunk.getKey().toString();
      assertThat(told.get(chunk.getKey())).as("seed %d, %s", SEED, name).isEqualTo(tell(name, chunk.getValue()));
    }
    assertThat(told.values()).extracting(lines -> lines.getLast().get("state").asText())
        .contains("complete", "torn", "corrupt");
  }

  private void store(Map<Path, byte[]> chunks, String name, byte[] bytes) throws IOException {
    chunks.put(Files.write(folder.resolve(name + ".tdc"), bytes), bytes);
  }

  private static byte[] damage(SplittableRandom random, byte[] chunk) {
    byte[] damaged = chunk.clone();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return damaged;
  }

  /** What the Python reader should print, by the Java reader. */
  private static List<JsonNode> tell(String file, byte[] chunk) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    ChunkReader reader = ChunkReader.of(chunk);
    reader.header().ifPresent(header -> lines.add(header(line(file, "header"), header)));
    while (reader.next()) {
      lines.add(entry(line(file, "entry"), reader.entry()));
    }
    lines.add(line(file, "end").put("state", reader.state().name().toLowerCase(Locale.ROOT))
        .put("damagedAt", reader.damagedAt()).put("damagedEntries", reader.damagedEntries())
        .put("entries", reader.entries()).put("packets", reader.packets()));
    return reparse(lines);
  }

  private static ObjectNode line(String file, String type) {
    return JSON.createObjectNode().put("file", file).put("type", type);
  }

  private static ObjectNode header(ObjectNode line, ChunkHeader header) {
    return line.put("recording", header.recording()).put("session", header.session()).put("index", header.index())
        .put("node", header.node()).put("roomInstance", header.roomInstance())
        .put("createdWallNanos", header.createdWallNanos()).put("app", header.app()).put("room", header.room())
        .put("peer", header.peer()).put("cipher", header.encryption().cipher())
        .put("keyId", header.encryption().keyId())
        .put("wrappedKey", HexFormat.of().formatHex(header.encryption().wrappedKey().toByteArray()))
        .put("nonceBase", HexFormat.of().formatHex(header.encryption().nonceBase().toByteArray()));
  }

  private static ObjectNode entry(ObjectNode line, ChunkEntry entry) {
    byte[] payload = entry.payload();
    line.put("offset", entry.offset()).put("kind", nameOf(entry.kind())).put("code", entry.kindCode())
        .put("flags", entry.flags()).put("track", entry.track()).put("arrivalNanos", entry.arrivalNanos())
        .put("bytes", payload.length).put("payload", HexFormat.of().formatHex(payload));
    switch (entry.kind()) {
      case TRACK, ROOM_EVENT, GAP -> line.set("json", json(payload));
      case RTP -> rtp(line, ByteBuffer.wrap(payload));
      case CLOCK -> entry.asClock().ifPresent(
          clock -> line.put("monotonicNanos", clock.monotonicNanos()).put("wallNanos", clock.wallNanos()));
      case INDEX -> entry.asIndex().ifPresent(points -> {
        ArrayNode array = line.putArray("points");
        points.forEach(point -> array.addArray().add(point.offset()).add(point.arrivalNanos()));
      });
      case END -> entry.asEnd().ifPresent(end -> line.put("packets", end.packets()).put("entries", end.entries())
          .put("bytesBefore", end.bytesBefore())
          .put("sha256", HexFormat.of().formatHex(end.sha256().toByteArray())));
      case SENDER_REPORT, UNKNOWN -> {}
    }
    return line;
  }

  private static void rtp(ObjectNode line, ByteBuffer packet) {
    int markerAndType = packet.get(1) & 0xFF;
    line.put("payloadType", markerAndType & 0x7F).put("marker", markerAndType >> 7)
        .put("sequence", packet.getShort(2) & 0xFFFF).put("timestamp", packet.getInt(4) & 0xFFFF_FFFFL)
        .put("ssrc", packet.getInt(8) & 0xFFFF_FFFFL);
  }

  private static JsonNode json(byte[] payload) {
    try {
      return JSON.readTree(payload);
    } catch (IOException e) {
      return JSON.nullNode();
    }
  }

  private static String nameOf(EntryKind kind) {
    return kind == EntryKind.SENDER_REPORT ? "rtcp-sr" : kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Through text, so that numbers get the node types that parsing gives. */
  private static List<JsonNode> reparse(List<JsonNode> lines) throws IOException {
    List<JsonNode> parsed = new ArrayList<>();
    for (JsonNode line : lines) {
      parsed.add(JSON.readTree(JSON.writeValueAsBytes(line)));
    }
    return parsed;
  }
}
