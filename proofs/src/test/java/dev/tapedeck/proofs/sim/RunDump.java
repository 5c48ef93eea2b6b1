package dev.tapedeck.proofs.sim;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.protocol.id.ChunkKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a run down for somebody who shares no code with us: what the senders handed in, what was done to them, and the
 * bucket.
 */
final class RunDump {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RunDump() {}

  /** @return the file, {@code run-<seed>.zip} */
  static Path write(World world, long seed, Path folder) throws IOException {
    Path file = folder.resolve("run-" + seed + ".zip");
    try (OutputStream out = Files.newOutputStream(file); ZipOutputStream zip = new ZipOutputStream(out)) {
      put(zip, "facts.json", JSON.writeValueAsBytes(facts(world, seed)));
      put(zip, "log.jsonl", log(world).getBytes(StandardCharsets.UTF_8));
      for (Map.Entry<String, byte[]> object : world.store.objects.entrySet()) {
        put(zip, "bucket/" + object.getKey(), object.getValue());
      }
    }
    return file;
  }

  private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(bytes);
    zip.closeEntry();
  }

  private static String log(World world) {
    StringBuilder lines = new StringBuilder();
    for (Recording recording : world.recordings) {
      for (TapedSession session : recording.sessions) {
        for (TapedSession.Packet packet : session.log) {
          lines.append(JSON.createObjectNode()
              .put("session", session.session).put("track", packet.track()).put("ssrc", packet.ssrc())
              .put("seq", packet.sequenceNumber()).put("ms", SimClock.wallMillis(packet.arrivalNanos()))
              .put("taped", packet.isTaped())
              .put("sha256", SimStore.hex(SimStore.sha256(packet.bytes())))).append('\n');
        }
      }
    }
    return lines.toString();
  }

  private static ObjectNode facts(World world, long seed) {
    ObjectNode facts = JSON.createObjectNode().put("seed", seed);
    ArrayNode lost = facts.putArray("lostLater");
    world.store.lostLater.keySet().forEach(lost::add);
    ArrayNode recordings = facts.putArray("recordings");
    world.recordings.stream().filter(recording -> !recording.isEmpty())
        .forEach(recording -> recordings.add(facts(world, recording)));
    return facts;
  }

  private static ObjectNode facts(World world, Recording recording) {
    boolean isTold =
        world.database.read(handle -> RecordingRows.find(handle, recording.app, recording.id)).isPresent();
    ObjectNode facts = JSON.createObjectNode().put("id", recording.id)
        .put("prefix", ChunkKey.recordingPrefix(recording.app, recording.room, recording.id)).put("isTold", isTold)
        .put("mayEndByCrash", recording.mayEndByCrash).put("mustEndByCrash", recording.mustEndByCrash)
        .put("isBuried", recording.home.isBuried);
    ArrayNode sessions = facts.putArray("sessions");
    recording.sessions.stream().filter(session -> !session.isEmpty())
        .forEach(session -> sessions.add(facts(session)));
    return facts;
  }

  private static ObjectNode facts(TapedSession session) {
    ObjectNode facts = JSON.createObjectNode().put("session", session.session)
        .put("safeUntilMs", SimClock.wallMillis(session.safeUntilNanos));
    session.certainCauses.forEach(facts.putArray("certain")::add);
    session.possibleCauses.forEach(facts.putArray("possible")::add);
    return facts;
  }
}
