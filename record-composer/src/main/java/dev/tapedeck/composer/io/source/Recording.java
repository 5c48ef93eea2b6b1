package dev.tapedeck.composer.io.source;

import dev.tapedeck.composer.core.timeline.SessionTape;
import dev.tapedeck.composer.core.timeline.SessionTapeBuilder;
import dev.tapedeck.composer.core.verify.ChunkVerifier;
import dev.tapedeck.composer.core.verify.Finding;
import dev.tapedeck.composer.core.verify.Finding.Kind;
import dev.tapedeck.composer.io.source.ChunkSource.SessionChunks;
import dev.tapedeck.protocol.chunk.ChunkEntry;
import dev.tapedeck.protocol.chunk.ChunkFormat;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.manifest.Manifest;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;

/**
 * A recording fetched from its store: all sessions, every chunk verified. The tapes lie in temporary files until
 * {@link #close}.
 */
public final class Recording implements AutoCloseable {
  private static final int READ_BYTES = 1 << 16;

  private final Optional<Manifest> manifest;
  private final List<Finding> findings;
  private final List<SessionTape> sessions = new ArrayList<>();
  private final List<TapeFile> files = new ArrayList<>();

  private Recording(Optional<Manifest> manifest, List<Finding> findings) {
    this.manifest = manifest;
    this.findings = findings;
  }

  /**
   * Fetches a recording. Chunks that are missing or damaged become findings; what is intact is used.
   *
   * @param store      rooted at the recording: {@code manifest.json} and the peers' folders lie in it
   * @param workFolder where temporary files may grow to the size of the recording
   * @param progress   called with 0..1
   * @throws RecordingNotFoundException if the store holds nothing there
   * @throws IOException                if the store cannot be reached
   */
  public static Recording fetch(ObjectStore store, Path workFolder, DoubleConsumer progress) throws IOException {
    List<Finding> findings = new ArrayList<>();
    ChunkSource source = new ChunkSource(store, findings);
    Optional<Manifest> manifest = source.manifest();
    List<SessionChunks> sessions = manifest.isPresent() ? source.byManifest(manifest.get()) : source.byListing();
    if (manifest.isEmpty() && sessions.isEmpty()) {
      throw new RecordingNotFoundException("no recording at " + store.describe("")
          + ": neither a manifest nor a chunk is there");
    }
    Recording recording = new Recording(manifest, findings);
    try {
      long total = sessions.stream().mapToLong(session -> session.chunks().size()).sum();
      long done = 0;
      for (SessionChunks session : sessions) {
        recording.fetchSession(store, session, workFolder);
        done += session.chunks().size();
        progress.accept(total == 0 ? 1 : (double) done / total);
      }
      return recording;
    } catch (IOException | RuntimeException e) {
      recording.close();
      throw e;
    }
  }

  /** Empty if the recording is not finalized, or its manifest cannot be read. */
  public Optional<Manifest> manifest() {
    return manifest;
  }

  public List<SessionTape> sessions() {
    return List.copyOf(sessions);
  }

  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  @Override
  public void close() throws IOException {
    for (TapeFile file : files) {
      file.close();
    }
    files.clear();
  }

  private void fetchSession(ObjectStore store, SessionChunks session, Path workFolder) throws IOException {
    TapeFile file = new TapeFile(workFolder);
    files.add(file);
    SessionTapeBuilder builder = new SessionTapeBuilder(session.peer(), session.session(), session.node());
    for (ChunkPlace chunk : session.chunks()) {
      fetchChunk(store, session, chunk, file, builder);
    }
    builder.unsupportedCodecs().forEach(codec -> findings.add(new Finding(Kind.UNSUPPORTED_CODEC,
        session.peer() + "/" + session.session(), codec)));
    sessions.add(builder.build(file.map()));
  }

  private void fetchChunk(ObjectStore store, SessionChunks session, ChunkPlace chunk, TapeFile file,
      SessionTapeBuilder builder) throws IOException {
    MessageDigest sha256 = sha256();
    long start = file.position();
    try (InputStream in = new BufferedInputStream(file.recording(store.open(chunk.key()), sha256), READ_BYTES);
        ChunkReader reader = ChunkReader.open(in)) {
      Optional<Finding> misplaced = reader.header().flatMap(header -> ChunkVerifier.verifyPlace(chunk.key(), header,
          session.recording(), session.peer(), session.session(), chunk.index()));
      if (misplaced.isPresent()) {
        findings.add(misplaced.get());
        return;
      }
      while (reader.next()) {
        ChunkEntry entry = reader.entry();
        builder.entry(entry, start + entry.offset() + ChunkFormat.ENTRY_OVERHEAD_BYTES);
      }
      in.transferTo(OutputStream.nullOutputStream()); // the hash is over the whole object
      findings.addAll(ChunkVerifier.verify(chunk.key(), reader, HexFormat.of().formatHex(sha256.digest()),
          chunk.promised()));
    } catch (FileNotFoundException e) {
      findings.add(new Finding(Kind.MISSING, chunk.key(), "not in the store"));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
