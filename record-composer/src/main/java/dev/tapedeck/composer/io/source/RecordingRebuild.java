package dev.tapedeck.composer.io.source;

import dev.tapedeck.composer.core.verify.ChunkVerifier;
import dev.tapedeck.composer.core.verify.Finding;
import dev.tapedeck.composer.io.source.ChunkSource.SessionChunks;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.rebuild.ManifestRebuild;
import dev.tapedeck.protocol.rebuild.SessionRebuild;
import dev.tapedeck.protocol.rebuild.SessionTally;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes a manifest from the chunks of one recording alone; manifests that may be there are not looked at. */
public final class RecordingRebuild {
  private RecordingRebuild() {}

  /**
   * What came of it.
   *
   * @param findings chunks that are damaged, not there, or of no session
   */
  public record Result(Manifest manifest, List<Finding> findings) {}

  /**
   * Reads every chunk.
   *
   * @param store rooted at the recording
   * @throws RecordingNotFoundException if there is no chunk that can be read
   * @throws IOException                if the store cannot be reached, or holds chunks of several recordings
   */
  public static Result of(ObjectStore store) throws IOException {
    List<Finding> findings = new ArrayList<>();
    List<SessionChunks> found = new ChunkSource(store, findings).byListing();
    if (found.isEmpty()) {
      throw new RecordingNotFoundException("no chunk at " + store.describe(""));
    }
    if (found.stream().map(SessionChunks::recording).distinct().count() > 1) {
      throw new IOException("chunks of several recordings are at " + store.describe("") + ": name one of them");
    }
    List<SessionRebuild> sessions = new ArrayList<>();
    for (SessionChunks session : found) {
      sessions.add(read(store, session, findings));
    }
    return new Result(ManifestRebuild.of(sessions), List.copyOf(findings));
  }

  private static SessionRebuild read(ObjectStore store, SessionChunks session, List<Finding> findings)
      throws IOException {
    SessionTally tally = new SessionTally();
    SessionRebuild rebuild = null;
    for (ChunkPlace chunk : session.chunks()) {
      ChunkScan scan = ChunkScan.read(store, chunk.key(), tally);
      if (rebuild == null) {
        rebuild = new SessionRebuild(scan.reader().header().orElseThrow(), tally);
      }
      rebuild.chunk(chunk.key(), chunk.index(), scan.reader().state(), scan.bytes(), scan.reader().packets(),
          scan.sha256());
      findings.addAll(ChunkVerifier.verify(chunk.key(), scan.reader(), scan.sha256(), Optional.empty()));
    }
    return rebuild;
  }
}
