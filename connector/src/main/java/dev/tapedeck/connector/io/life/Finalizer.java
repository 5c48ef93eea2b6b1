package dev.tapedeck.connector.io.life;

import dev.tapedeck.connector.core.ledger.ChunkLedger;
import dev.tapedeck.connector.core.ledger.Interruption;
import dev.tapedeck.connector.core.ledger.ManifestWriter;
import dev.tapedeck.connector.core.ledger.Tape;
import dev.tapedeck.connector.io.objects.RecordedObjects;
import dev.tapedeck.connector.io.secrets.SigningKeys;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.InterruptionRows;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.connector.io.store.RecordingRows.Recording;
import dev.tapedeck.connector.io.store.RoomRows;
import dev.tapedeck.connector.io.store.TapeRows;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.manifest.Exclusions;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.manifest.ManifestSignature;
import dev.tapedeck.protocol.wire.RecordEvent;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Speaks the verdict: writes the manifest to the store, then, in one transaction, the row and the event. If the process
 * dies between the two, the next attempt finds the object and writes the next version instead of overwriting it.
 */
final class Finalizer {
  private static final String JSON = "application/json";
  private static final String LATE_CHUNKS = "late chunks";
  /** Versions that a crash may have left unspoken; more than this means something else is wrong. */
  private static final int MAX_UNSPOKEN = 16;

  private final Database database;
  private final RecordedObjects objects;
  private final Feed feed;
  private final SigningKeys keys;
  private final LongSupplier wallMillis;

  Finalizer(Database database, RecordedObjects objects, Feed feed, SigningKeys keys, LongSupplier wallMillis) {
    this.database = database;
    this.objects = objects;
    this.feed = feed;
    this.keys = keys;
    this.wallMillis = wallMillis;
  }

  /** A manifest and its bytes with the signature, as they stand in the store. */
  private record Written(Manifest manifest, byte[] json) {}

  /** A recording and its tapes at one moment. */
  private record Ledger(
      Recording recording, List<Tape> tapes, List<Interruption> interruptions, List<Exclusions.Stay> untaped) {}

  /**
   * Speaks the verdict as of now, for the first time or anew.
   *
   * @throws IOException when the store does not take the manifest; nothing was said, so try again
   */
  void speak(Recording due) throws IOException {
    Ledger ledger = ledger(due.app(), due.recording());
    Recording recording = ledger.recording();
    Written written = write(ledger);
    String newest = ChunkKey.newestManifest(recording.app(), recording.room(), recording.recording());
    objects.put(newest, written.json(), JSON);
    database.run(handle -> {
      if (RecordingRows.speak(handle, recording, written.manifest(), ManifestJson.sha256(written.json()))) {
        long now = wallMillis.getAsLong();
        feed.record(handle, recording.node(), event(recording, written.manifest(), newest), now, now);
      }
    });
  }

  /** Read where nobody writes between: a chunk seen between row and tapes would be spoken and yet be news. */
  private Ledger ledger(String app, long recording) {
    return database.write(handle -> {
      Recording row = RecordingRows.find(handle, app, recording).orElseThrow();
      List<Interruption> interruptions = InterruptionRows.of(handle, app, recording);
      long instance = interruptions.isEmpty() ? row.instance() : RoomRows.ANY_INSTANCE; // each process has its own
      return new Ledger(row, TapeRows.of(handle, app, recording), interruptions,
          RoomRows.untaped(handle, app, row.room(), instance));
    });
  }

  private Written write(Ledger ledger) throws IOException {
    Recording recording = ledger.recording();
    ChunkLedger.Judgement judgement = new ChunkLedger(ledger.tapes()).judge(crash(recording), ledger.interruptions());
    Optional<String> previous = recording.manifestSha256();
    SigningKeys.Signer signer = keys.signer();
    for (int version = recording.manifest() + 1; version <= recording.manifest() + MAX_UNSPOKEN; version++) {
      Manifest manifest = ManifestWriter.write(
          new ManifestWriter.Header(recording.app(), recording.room(), recording.instance(), recording.recording(),
              recording.openedMs(), recording.closeReason(), version, previous, recording.clock().stream().toList(),
              Optional.of(signer.keyId()), ledger.untaped()), ledger.tapes(), judgement);
      byte[] json = ManifestSignature.sign(ManifestJson.write(manifest), signer.key());
      String key = ChunkKey.manifest(recording.app(), recording.room(), recording.recording(), version);
      if (objects.head(key).isEmpty()) {
        objects.put(key, json, JSON);
        return new Written(manifest, json);
      }
      byte[] left = objects.read(key);
      if (Arrays.equals(left, json)) {
        return new Written(manifest, json);
      }
      previous = Optional.of(ManifestJson.sha256(left));
    }
    throw new IOException("too many manifests of recording " + recording.recording() + " are in the store already");
  }

  private static Optional<ChunkLedger.Crash> crash(Recording recording) {
    return recording.closeReason().equals(Intake.CRASH)
        ? Optional.of(new ChunkLedger.Crash(recording.openedMs(), recording.closedMs().orElse(recording.openedMs())))
        : Optional.empty();
  }

  private static RecordEvent.Builder event(Recording before, Manifest manifest, String key) {
    RecordEvent.Builder event = RecordEvent.newBuilder().setApp(before.app()).setRoom(before.room());
    String path = Intake.path(before.app(), before.room(), before.recording());
    if (before.manifest() > 0) {
      return event.setAmended(RecordEvent.Amended.newBuilder()
          .setPath(path)
          .setVerdict(manifest.verdict().text())
          .setManifestVersion(manifest.version())
          .setReason(before.changeReason().orElse(LATE_CHUNKS)));
    }
    RecordEvent.Finalized.Builder finalized = RecordEvent.Finalized.newBuilder()
        .setPath(path)
        .setVerdict(manifest.verdict().text())
        .setDurationMs(manifest.durationMs())
        .setPackets(manifest.packets())
        .setManifest(key);
    manifest.gaps().forEach(gap -> finalized.addGaps(line(gap)));
    return event.setFinalized(finalized);
  }

  /** {@code peer/session/track from-to cause}. */
  private static String line(Manifest.Gap gap) {
    return gap.peer() + "/" + gap.session() + "/" + gap.track() + " " + ManifestJson.iso(gap.from()) + "-"
        + ManifestJson.iso(gap.to()) + " " + gap.cause();
  }
}
