package dev.tapedeck.connector.io.library;

import dev.tapedeck.connector.core.ledger.ChunkLedger;
import dev.tapedeck.connector.core.ledger.ManifestReader;
import dev.tapedeck.connector.core.ledger.Promise;
import dev.tapedeck.connector.core.ledger.Tape;
import dev.tapedeck.connector.io.library.SignedManifest.Trust;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.InterruptionRows;
import dev.tapedeck.connector.io.store.RecordingRows;
import dev.tapedeck.connector.io.store.RestoreRows;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestException;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.manifest.ManifestKeySet;
import dev.tapedeck.protocol.rebuild.UntapedStays;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;

/**
 * Restores the database from what lies in the store: manifests tell of recordings, chunks of what no manifest tells yet.
 * One transaction per recording; a row that knows more than its newest manifest stays as it is, so it can run again, and
 * beside a connector.
 */
public final class LibraryRebuild {
  private final LibrarySource source;
  private final Database database;
  private final ManifestKeySet keys;
  private final LongSupplier wallMillis;
  private final RebuildReport report = new RebuildReport();
  private final RestoredFiles files;

  /** @param keys public keys that manifests may be signed with */
  public LibraryRebuild(LibrarySource source, Database database, ManifestKeySet keys, LongSupplier wallMillis) {
    this.source = source;
    this.database = database;
    this.keys = keys;
    this.wallMillis = wallMillis;
    this.files = new RestoredFiles(source, database, report, wallMillis);
  }

  /**
   * Goes through everything once.
   *
   * @throws IOException when the source cannot be listed or read; what was restored until then stays, so run it again
   */
  public RebuildReport run() throws IOException {
    FoundRecording[] open = {null};
    source.forEach((key, bytes) -> {
      Optional<FoundRecording.Id> id = FoundRecording.Id.ofKey(key);
      if (id.isEmpty()) {
        files.see(key, bytes);
        return;
      }
      if (open[0] == null || !open[0].id().equals(id.get())) {
        restore(open[0]);
        open[0] = new FoundRecording(id.get());
      }
      open[0].add(key, bytes);
    });
    restore(open[0]);
    files.restore();
    return report;
  }

  private void restore(FoundRecording found) throws IOException {
    if (found == null) {
      return;
    }
    Optional<SignedManifest> newest = newestManifest(found);
    if (newest.isEmpty() && !found.manifests().isEmpty()) {
      return;
    }
    List<FoundChunk> unlisted = unlisted(found, newest.map(SignedManifest::manifest));
    boolean isChanged = database.write(handle -> newest.isPresent()
        ? restore(handle, found, newest.get(), unlisted) : restoreWithout(handle, found, unlisted));
    report.count(isChanged ? "restored" : "kept");
  }

  /** The newest version that is no forgery; older ones are only looked at to prove that it follows them. */
  private Optional<SignedManifest> newestManifest(FoundRecording found) throws IOException {
    if (found.manifests().isEmpty()) {
      return Optional.empty();
    }
    String key = found.manifests().lastEntry().getValue();
    try {
      SignedManifest newest = SignedManifest.read(read(key), keys);
      report.count(newest.trust().name().toLowerCase(Locale.ROOT));
      if (newest.trust() == Trust.FORGED || !isOf(newest.manifest(), found.id())) {
        report.problem(key, newest.trust() == Trust.FORGED ? "the signature does not fit" : "it is of another recording");
        return Optional.empty();
      }
      checkPredecessor(found, newest.manifest(), key);
      return Optional.of(newest);
    } catch (ManifestException e) {
      report.problem(key, e.getMessage());
      return Optional.empty();
    }
  }

  private void checkPredecessor(FoundRecording found, Manifest manifest, String key) throws IOException {
    String before = found.manifests().get(manifest.version() - 1);
    if (before != null && manifest.previousSha256()
        .filter(ManifestJson.sha256(read(before))::equals).isEmpty()) {
      report.problem(key, "it does not name the hash of " + before);
    }
  }

  private List<FoundChunk> unlisted(FoundRecording found, Optional<Manifest> manifest) throws IOException {
    Set<String> listed = new HashSet<>();
    manifest.ifPresent(told -> told.sessions().forEach(session -> session.chunks()
        .forEach(chunk -> listed.add(chunk.key()))));
    List<FoundChunk> unlisted = new ArrayList<>();
    for (Map.Entry<String, Long> chunk : found.chunkBytes().entrySet()) {
      if (!listed.contains(chunk.getKey())) {
        FoundChunk.read(source, chunk.getKey(), chunk.getValue()).ifPresentOrElse(unlisted::add,
            () -> report.problem(chunk.getKey(), "no manifest names it and it is no whole chunk"));
      }
    }
    unlisted.sort(Comparator.comparing((FoundChunk chunk) -> chunk.key().toString()));
    return unlisted;
  }

  /** @return whether anything was written */
  private boolean restore(Handle handle, FoundRecording found, SignedManifest newest, List<FoundChunk> unlisted) {
    long now = wallMillis.getAsLong();
    boolean isWritten = RestoreRows.recording(handle, newest.manifest(), newest.sha256(), now);
    if (!isWritten && !isUnspoken(handle, found.id())) {
      return false;
    }
    RestoreRows.untaped(handle, found.id().app(), found.id().room(), newest.manifest().roomInstance(),
        ManifestReader.untaped(newest.manifest()));
    ChunkLedger.interruptions(newest.manifest()).forEach(interruption ->
        InterruptionRows.add(handle, found.id().app(), found.id().recording(), interruption));
    boolean isNews = false;
    boolean differs = false;
    for (Tape tape : ManifestReader.tapes(newest.manifest())) {
      RestoreRows.tape(handle, found.id().app(), found.id().recording(), tape);
      for (Promise promise : tape.promises()) {
        boolean isThere = promise.state() != Promise.State.VERIFIED
            || Long.valueOf(promise.bytes()).equals(found.chunkBytes().get(promise.key()));
        if (!isThere) {
          report.problem(promise.key(), "the manifest names it, and it is not in the store as it should be");
          differs = true;
        }
        isNews |= RestoreRows.chunk(handle, found.id().app(), found.id().recording(), tape.session(),
            isThere ? promise : open(promise), now);
      }
    }
    for (FoundChunk chunk : unlisted) {
      differs |= restoreUnlisted(handle, chunk, now);
    }
    if (differs || !isWritten && isNews) {
      RestoreRows.touch(handle, found.id().app(), found.id().recording(), now);
    }
    return isWritten || isNews || differs;
  }

  /** The connector speaks this one itself, with all that its ledger holds; so the ledger is what we complete. */
  private static boolean isUnspoken(Handle handle, FoundRecording.Id id) {
    return RecordingRows.find(handle, id.app(), id.recording()).filter(row -> row.manifest() == 0).isPresent();
  }

  /** A recording that was never finalized: its chunks are what there is. Its verdict comes when nothing more does. */
  private boolean restoreWithout(Handle handle, FoundRecording found, List<FoundChunk> chunks) {
    FoundRecording.Id id = found.id();
    boolean isKnown = RecordingRows.find(handle, id.app(), id.recording()).isPresent();
    if (isKnown || chunks.isEmpty()) {
      return false;
    }
    long now = wallMillis.getAsLong();
    long openedMs = chunks.stream().mapToLong(chunk -> chunk.promise().fromMs()).min().orElse(now);
    RecordingRows.open(handle, id.app(), id.recording(), id.room(), chunks.getFirst().roomInstance(),
        chunks.getFirst().node(), 0, openedMs);
    RecordingRows.close(handle, id.app(), id.recording(), "crash", now);
    chunks.forEach(chunk -> restoreUnlisted(handle, chunk, now));
    long endedMs = chunks.stream().mapToLong(chunk -> chunk.promise().toMs()).max().orElse(now);
    RestoreRows.untaped(handle, id.app(), id.room(), chunks.getFirst().roomInstance(),
        UntapedStays.of(chunks.stream().flatMap(chunk -> chunk.roomEvents().stream()).toList()).stream()
            .map(stay -> stay.until(endedMs)).toList());
    RestoreRows.touch(handle, id.app(), id.recording(), now);
    return true;
  }

  private static boolean restoreUnlisted(Handle handle, FoundChunk chunk, long now) {
    RestoreRows.tape(handle, chunk.key().app(), chunk.key().recording(), new Tape(chunk.key().peer(),
        chunk.key().session(), chunk.node(), chunk.promise().fromMs(), List.of(), Optional.empty()));
    return RestoreRows.chunk(handle, chunk.key().app(), chunk.key().recording(), chunk.key().session(),
        chunk.promise(), now);
  }

  private static Promise open(Promise promise) {
    return new Promise(promise.index(), promise.key(), promise.fromMs(), promise.toMs(), promise.bytes(),
        promise.packets(), promise.sha256(), Promise.State.OPEN, promise.gaps());
  }

  private static boolean isOf(Manifest manifest, FoundRecording.Id id) {
    return manifest.app().equals(id.app()) && manifest.room().equals(id.room()) && manifest.recording() == id.recording();
  }

  private byte[] read(String key) throws IOException {
    try (InputStream in = source.open(key)) {
      return in.readAllBytes();
    }
  }
}
