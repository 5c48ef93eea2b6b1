package dev.tapedeck.composer.io.source;

import dev.tapedeck.composer.core.verify.ChainCheck;
import dev.tapedeck.composer.core.verify.ChunkVerifier;
import dev.tapedeck.composer.core.verify.CountCheck;
import dev.tapedeck.composer.core.verify.Finding;
import dev.tapedeck.composer.core.verify.Finding.Kind;
import dev.tapedeck.composer.core.verify.SignatureCheck;
import dev.tapedeck.composer.core.verify.TrustedKeys;
import dev.tapedeck.composer.io.source.ChunkSource.SessionChunks;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.Verdict;
import dev.tapedeck.protocol.rebuild.SessionTally;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a recording again, every byte of it, and compares it with what its manifests say: the signature, the history of
 * versions, checksums of entries and objects, end marks, the chain of chunks, packet counts, sequence numbers against
 * reception and gaps, the verdict. Used once.
 */
public final class RecordingAudit {
  private static final String CHUNK_SUFFIX = ".tdc";

  private final ObjectStore store;
  private final Optional<TrustedKeys> keys;
  private final List<Finding> findings = new ArrayList<>();
  private final Set<String> namedKeys = new HashSet<>();
  private int chunks;
  private long packets;
  private long bytes;

  private RecordingAudit(ObjectStore store, Optional<TrustedKeys> keys) {
    this.store = store;
    this.keys = keys;
  }

  /**
   * What came of it.
   *
   * @param manifest  the newest one, empty if the recording is not finalized
   * @param signature of the newest manifest
   * @param verdict   as it has to be judged now
   * @param findings  every difference, none if all is as the manifest says; those of chunks in the order of the tape
   */
  public record Result(Optional<Manifest> manifest, SignatureCheck signature, Verdict verdict, int chunks, long packets,
      long bytes, List<Finding> findings) {
    /** The first chunk whose bytes are not those that were taped. */
    public Optional<Finding> firstBadChunk() {
      return findings.stream().filter(finding -> finding.chunk().endsWith(CHUNK_SUFFIX)).findFirst();
    }
  }

  /**
   * Reads everything.
   *
   * @param store rooted at the recording
   * @param keys  what the signature is held against; without, it is only reported
   * @throws RecordingNotFoundException if nothing is there
   * @throws IOException                if the store cannot be reached
   */
  public static Result of(ObjectStore store, Optional<TrustedKeys> keys) throws IOException {
    return new RecordingAudit(store, keys).run();
  }

  private Result run() throws IOException {
    ManifestHistory history = new ManifestHistory(store, findings);
    Optional<byte[]> newest = store.read(ChunkSource.MANIFEST);
    Optional<Manifest> manifest = newest.flatMap(json -> history.parse(ChunkSource.MANIFEST, json));
    SignatureCheck signature = manifest.map(found -> SignatureCheck.of(newest.get(), found, keys))
        .orElse(SignatureCheck.NO_MANIFEST);
    if (signature.isBad(keys)) {
      findings.add(new Finding(Kind.SIGNATURE, ChunkSource.MANIFEST, signature.detail()));
    }
    if (manifest.isPresent()) {
      history.check(manifest.get(), newest.get());
      checkByManifest(manifest.get());
    } else {
      checkByListing(newest.isPresent());
    }
    Verdict verdict = judge(manifest);
    if (manifest.isPresent() && manifest.get().verdict() != verdict) {
      findings.add(new Finding(Kind.MANIFEST, ChunkSource.MANIFEST, "says " + manifest.get().verdict().text()
          + ", the recording is " + verdict.text()));
    }
    return new Result(manifest, signature, verdict, chunks, packets, bytes, List.copyOf(findings));
  }

  private void checkByManifest(Manifest manifest) throws IOException {
    List<SessionChunks> sessions = new ChunkSource(store, new ArrayList<>()).byManifest(manifest);
    for (int i = 0; i < sessions.size(); i++) {
      Manifest.Session promised = manifest.sessions().get(i);
      List<Manifest.Gap> gaps = manifest.gaps().stream()
          .filter(gap -> gap.peer().equals(promised.peer()) && gap.session() == promised.session()).toList();
      checkRow(sessions.get(i), gaps);
      findings.addAll(ChainCheck.check(promised));
      SessionTally tally = new SessionTally();
      boolean isWhole = scan(sessions.get(i), tally);
      if (isWhole) {
        findings.addAll(CountCheck.check(promised, gaps, tally)); // else the damage has been told
      }
      checkSum(promised);
    }
    checkNothingElse();
  }

  private void checkByListing(boolean hasUnreadableManifest) throws IOException {
    List<SessionChunks> sessions = new ChunkSource(store, findings).byListing();
    if (!hasUnreadableManifest) {
      if (sessions.isEmpty()) {
        throw new RecordingNotFoundException("no recording at " + store.describe("")
            + ": neither a manifest nor a chunk is there");
      }
      findings.add(new Finding(Kind.MANIFEST, ChunkSource.MANIFEST, "is not there; the recording is not finalized"));
    }
    for (SessionChunks session : sessions) {
      scan(session, new SessionTally());
    }
  }

  /** Chunk numbers go up one by one, except where a gap of the session says that something is missing. */
  private void checkRow(SessionChunks session, List<Manifest.Gap> gaps) {
    int expected = 0;
    long coveredToMs = Long.MIN_VALUE;
    for (ChunkPlace chunk : session.chunks()) {
      Manifest.Chunk promised = chunk.promised().orElseThrow();
      if (chunk.index() < expected || chunk.index() > expected && !isNamed(gaps, coveredToMs, promised.fromMs())) {
        findings.add(new Finding(Kind.INDEX_GAP, session.peer() + "/" + session.session(),
            "chunk " + expected + " should be next, not " + chunk.index()));
      }
      expected = chunk.index() + 1;
      coveredToMs = promised.toMs();
    }
  }

  private static boolean isNamed(List<Manifest.Gap> gaps, long fromMs, long toMs) {
    return gaps.stream().anyMatch(gap -> gap.from().toEpochMilli() <= toMs && gap.to().toEpochMilli() >= fromMs);
  }

  /** @return whether every chunk was there and whole */
  private boolean scan(SessionChunks session, SessionTally tally) throws IOException {
    boolean isWhole = true;
    for (ChunkPlace chunk : session.chunks()) {
      namedKeys.add(chunk.key());
      int before = findings.size();
      scan(session, chunk, tally);
      isWhole &= findings.size() == before;
    }
    return isWhole;
  }

  private void scan(SessionChunks session, ChunkPlace chunk, SessionTally tally) throws IOException {
    try {
      ChunkScan scan = ChunkScan.read(store, chunk.key(), tally);
      scan.reader().header().flatMap(header -> ChunkVerifier.verifyPlace(chunk.key(), header, session.recording(),
          session.peer(), session.session(), chunk.index())).ifPresent(findings::add);
      findings.addAll(ChunkVerifier.verify(chunk.key(), scan.reader(), scan.sha256(), chunk.promised()));
      checkNumbers(chunk, scan.reader().packets(), scan.bytes());
      chunks++;
      packets += scan.reader().packets();
      bytes += scan.bytes();
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

  private void checkSum(Manifest.Session session) {
    long sum = session.chunks().stream().mapToLong(Manifest.Chunk::packets).sum();
    if (sum != session.packets()) {
      findings.add(new Finding(Kind.WRONG_COUNT, session.peer() + "/" + session.session(), "has " + session.packets()
          + " packets, its chunks have " + sum));
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
    boolean isPartial = manifest.isEmpty() || manifest.get().gaps().stream().anyMatch(gap -> !gap.requested());
    if (isPartial || findings.stream().anyMatch(finding -> finding.kind().isLoss())) {
      return Verdict.PARTIAL;
    }
    return packets == 0 ? Verdict.EMPTY : Verdict.COMPLETE;
  }
}
