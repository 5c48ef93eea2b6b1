package dev.tapedeck.composer.io.source;

import dev.tapedeck.composer.core.verify.ChunkVerifier;
import dev.tapedeck.composer.core.verify.Finding;
import dev.tapedeck.composer.core.verify.Finding.Kind;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestException;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.manifest.Verdict;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a recording again, every byte of it, and compares it with what its manifests say: checksums of entries and
 * objects, end marks, packet counts, chunk numbers without a hole, the chain of manifests, the verdict. Used once.
 */
public final class RecordingAudit {
  private static final String CHUNK_SUFFIX = ".tdc";

  private final ObjectStore store;
  private final List<Finding> findings = new ArrayList<>();
  private final Set<String> namedKeys = new HashSet<>();
  private int chunks;
  private long packets;
  private long bytes;

  private RecordingAudit(ObjectStore store) {
    this.store = store;
  }

  /**
   * What came of it.
   *
   * @param manifest the newest one, empty if the recording is not finalized
   * @param verdict  as it has to be judged now
   * @param findings every difference, none if all is as the manifest says
   */
  public record Result(Optional<Manifest> manifest, Verdict verdict, int chunks, long packets, long bytes,
      List<Finding> findings) {}

  /**
   * Reads everything.
   *
   * @param store rooted at the recording
   * @throws RecordingNotFoundException if nothing is there
   * @throws IOException                if the store cannot be reached
   */
  public static Result of(ObjectStore store) throws IOException {
    return new RecordingAudit(store).run();
  }

  private Result run() throws IOException {
    ChunkSource source = new ChunkSource(store, new ArrayList<>());
    Optional<byte[]> newest = store.read(ChunkSource.MANIFEST);
    Optional<Manifest> manifest = newest.isEmpty() ? Optional.empty() : parse(ChunkSource.MANIFEST, newest.get());
    List<ChunkSource.SessionChunks> sessions =
        manifest.isPresent() ? source.byManifest(manifest.get()) : source.byListing();
    if (newest.isEmpty()) {
      if (sessions.isEmpty()) {
        throw new RecordingNotFoundException("no recording at " + store.describe("")
            + ": neither a manifest nor a chunk is there");
      }
      findings.add(new Finding(Kind.MANIFEST, ChunkSource.MANIFEST, "is not there; the recording is not finalized"));
    }
    for (ChunkSource.SessionChunks session : sessions) {
      check(session);
    }
    if (manifest.isPresent()) {
      checkPackets(manifest.get());
      checkChain(manifest.get(), newest.get());
      checkNothingElse();
    }
    Verdict verdict = judge(manifest);
    if (manifest.isPresent() && manifest.get().verdict() != verdict) {
      findings.add(new Finding(Kind.MANIFEST, ChunkSource.MANIFEST, "says " + manifest.get().verdict().text()
          + ", the recording is " + verdict.text()));
    }
    return new Result(manifest, verdict, chunks, packets, bytes, List.copyOf(findings));
  }

  private Optional<Manifest> parse(String key, byte[] json) {
    try {
      return Optional.of(ManifestJson.read(json));
    } catch (ManifestException e) {
      findings.add(new Finding(Kind.MANIFEST, key, e.getMessage()));
      return Optional.empty();
    }
  }

  private void check(ChunkSource.SessionChunks session) throws IOException {
    int expected = 0;
    for (ChunkPlace chunk : session.chunks()) {
      if (chunk.index() != expected) {
        findings.add(new Finding(Kind.INDEX_GAP, session.peer() + "/" + session.session(),
            "chunk " + expected + " should be next, not " + chunk.index()));
      }
      expected = chunk.index() + 1;
      namedKeys.add(chunk.key());
      check(session, chunk);
    }
  }

  private void check(ChunkSource.SessionChunks session, ChunkPlace chunk) throws IOException {
    MessageDigest sha256 = sha256();
    CountingStream counted;
    try (InputStream in = counted = new CountingStream(new DigestInputStream(store.open(chunk.key()), sha256));
        ChunkReader reader = ChunkReader.open(in)) {
      reader.header().flatMap(header -> ChunkVerifier.verifyPlace(chunk.key(), header, session.recording(),
          session.peer(), session.session(), chunk.index())).ifPresent(findings::add);
      while (reader.next()) {
        // The reader checks each entry.
      }
      in.transferTo(OutputStream.nullOutputStream()); // the hash is over the whole object
      findings.addAll(ChunkVerifier.verify(chunk.key(), reader, HexFormat.of().formatHex(sha256.digest()),
          chunk.promised()));
      checkNumbers(chunk, reader.packets(), counted.bytes());
      chunks++;
      packets += reader.packets();
      bytes += counted.bytes();
    } catch (FileNotFoundException e) {
      findings.add(new Finding(Kind.MISSING, chunk.key(), "not in the store"));
    }
  }

  private void checkNumbers(ChunkPlace chunk, long foundPackets, long foundBytes) {
    chunk.promised().filter(promised -> promised.packets() != foundPackets || promised.bytes() != foundBytes)
        .ifPresent(promised -> findings.add(new Finding(Kind.WRONG_COUNT, chunk.key(), "holds " + foundPackets
            + " packets in " + foundBytes + " bytes, promised were " + promised.packets() + " in "
            + promised.bytes())));
  }

  private void checkPackets(Manifest manifest) {
    for (Manifest.Session session : manifest.sessions()) {
      long sum = session.chunks().stream().mapToLong(Manifest.Chunk::packets).sum();
      if (sum != session.packets()) {
        findings.add(new Finding(Kind.WRONG_COUNT, session.peer() + "/" + session.session(), "has " + session.packets()
            + " packets, its chunks have " + sum));
      }
    }
  }

  /** Each version names the hash of the one before, and {@code manifest.json} is a copy of the newest. */
  private void checkChain(Manifest newest, byte[] newestJson) throws IOException {
    byte[] json = newestJson;
    Manifest manifest = newest;
    String key = "manifest." + newest.version() + ".json";
    Optional<byte[]> copy = store.read(key);
    if (copy.isEmpty() || !Arrays.equals(copy.get(), json)) {
      findings.add(new Finding(Kind.MANIFEST, ChunkSource.MANIFEST, "is not a copy of " + key));
    }
    while (manifest.version() > 1) {
      String before = "manifest." + (manifest.version() - 1) + ".json";
      Optional<byte[]> found = store.read(before);
      if (found.isEmpty() || !manifest.previousSha256().equals(Optional.of(ManifestJson.sha256(found.get())))) {
        findings.add(new Finding(Kind.MANIFEST, before,
            found.isEmpty() ? "is not in the store" : "is not what version " + manifest.version() + " was made from"));
        return;
      }
      Optional<Manifest> earlier = parse(before, found.get());
      if (earlier.isEmpty() || earlier.get().version() != manifest.version() - 1) {
        findings.add(new Finding(Kind.MANIFEST, before, "is another version"));
        return;
      }
      manifest = earlier.get();
    }
  }

  private void checkNothingElse() throws IOException {
    for (String key : store.list("")) {
      if (key.endsWith(CHUNK_SUFFIX) && !namedKeys.contains(key)) {
        findings.add(new Finding(Kind.FOREIGN, key, "the manifest does not name it"));
      }
    }
  }

  private Verdict judge(Optional<Manifest> manifest) {
    boolean hasGaps = manifest.isEmpty() || !manifest.get().gaps().isEmpty();
    if (hasGaps || findings.stream().anyMatch(finding -> finding.kind().isLoss())) {
      return Verdict.PARTIAL;
    }
    return packets == 0 ? Verdict.EMPTY : Verdict.COMPLETE;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
